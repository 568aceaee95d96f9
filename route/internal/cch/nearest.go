package cch

import "context"

// Near is one of a set of stops, by its place in the set, and the cost to it or
// from it. A place without a stop has cost Inf.
type Near[W Weight] struct {
	Stop uint32
	Cost W
}

// before reports whether a is nearer than b: the lower place goes first among
// equals.
func (a Near[W]) before(b Near[W]) bool {
	return a.Cost < b.Cost || a.Cost == b.Cost && a.Stop < b.Stop
}

// NearestFrom returns for each node the k stops from which it costs least to the
// node, nearest first: those of node v are entries v*k to (v+1)*k. Stops of
// equal cost are in the order of the set. Stops farther than limit are left out;
// a limit of Inf leaves out what cannot be reached alone. It takes time in
// proportion to k times the arcs of the hierarchy at the least, k² times at the
// most. Cancelling ctx stops it with the context's error.
//
// It is a sweep with lists in the place of costs. The k nearest stops of a node
// are among the k nearest of the first node on the way up to each: whatever is
// nearer there is nearer here.
func (m *Metric[W]) NearestFrom(ctx context.Context, stops []Stop[W], k int, limit W) ([]Near[W], error) {
	h, inf := m.h, Inf[W]()
	if k <= 0 {
		return nil, ctx.Err()
	}
	lists := make([]Near[W], h.Nodes()*k)
	fill(lists, Near[W]{none, inf})
	label := make([]W, h.height)
	for i, s := range stops {
		label := start(h, s, label)
		climb(h, m.up, s.low(), label)
		x := s.low()
		for d := len(label) - 1; d >= 0; d-- {
			insert(listOf(h, lists, x, k), Near[W]{uint32(i), label[d]}, limit)
			x = h.parent[x]
		}
	}
	for x := h.Nodes() - 1; x >= 0; x-- {
		if x%(1<<12) == 0 && ctx.Err() != nil {
			return nil, ctx.Err()
		}
		list := listOf(h, lists, uint32(x), k)
		for a := h.upFirst[x]; a < h.upFirst[x+1]; a++ {
			for _, near := range listOf(h, lists, h.upHead[a], k) {
				near.Cost += m.down[a]
				if !insert(list, near, limit) {
					break
				}
			}
		}
	}
	return lists, ctx.Err()
}

// listOf returns the list of the node of rank x.
func listOf[W Weight](h *Hierarchy, lists []Near[W], x uint32, k int) []Near[W] {
	v := int(h.node[x])
	return lists[v*k:][:k]
}

// insert puts a stop into a list, once, and reports whether a stop after it might
// find a place too.
func insert[W Weight](list []Near[W], near Near[W], limit W) bool {
	if near.Cost > limit || near.Cost >= Inf[W]() || !near.before(list[len(list)-1]) {
		return false
	}
	at := len(list) - 1
	for i, other := range list {
		if other.Stop == near.Stop {
			if other.Cost <= near.Cost {
				return true
			}
			at = i
			break
		}
	}
	for at > 0 && near.before(list[at-1]) {
		list[at] = list[at-1]
		at--
	}
	list[at] = near
	return true
}
