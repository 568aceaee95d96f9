package cch

import "slices"

// FromStop fills dist, one entry a node, with the least costs from a stop to all
// nodes, and ToStop with those from all nodes to a stop. Costs above limit
// become Inf; with a limit of Inf nothing is left out. Both take one climb and
// one pass over the arcs; a limit skips the subtrees that it keeps out.
func (q *Query[W]) FromStop(from Stop[W], limit W, dist []W) {
	q.sweep(from, q.m.up, q.m.down, limit, dist)
}

// ToStop is described at [Query.FromStop].
func (q *Query[W]) ToStop(to Stop[W], limit W, dist []W) {
	q.sweep(to, q.m.down, q.m.up, limit, dist)
}

// sweep climbs with one set of weights and goes down with the other: every rank
// after its higher neighbours, the core before the fringe.
func (q *Query[W]) sweep(s Stop[W], climbing, sinking []W, limit W, dist []W) {
	h := q.m.h
	label := start(h, s, q.from)
	climb(h, climbing, s.low(), label)
	path := q.path(s.low(), len(label))
	// The higher neighbours of ancestors are ancestors: theirs are the first
	// costs to be known.
	for k, x := range path {
		for a := h.upFirst[x]; a < h.upFirst[x+1]; a++ {
			label[k] = min(label[k], label[h.upDepth[a]]+sinking[a])
		}
	}
	costs := dist
	if !h.plain {
		if q.costs == nil {
			q.costs = make([]W, h.Nodes())
		}
		costs = q.costs
	}
	if limit < Inf[W]() {
		descendWithin(h, sinking, limit, path, label, costs)
	} else {
		around(h.layers.core, path, label, costs, func(core []uint32) { descendCore(h, core, sinking, costs) })
		around(h.layers.fringe, path, label, costs, func(fringe []uint32) { descendFringe(h, fringe, sinking, costs) })
	}
	if !h.plain {
		for v, x := range h.rank {
			dist[v] = costs[x]
		}
	}
}

// path returns the ranks from the root down to x, length of them.
func (q *Query[W]) path(x uint32, length int) []uint32 {
	if q.ranks == nil {
		q.ranks = make([]uint32, q.m.h.height)
	}
	path := q.ranks[:length]
	for k := range path {
		path[length-1-k] = x
		x = q.m.h.parent[x]
	}
	return path
}

// around calls descend for the runs of list, highest ranks first, between ranks
// of path, which take their costs from label.
func around[W Weight](list, path []uint32, label, costs []W, descend func(run []uint32)) {
	for k, x := range path {
		i, found := slices.BinarySearch(list, x)
		if found {
			descend(list[i+1:])
			costs[x] = label[k]
			list = list[:i]
		}
	}
	descend(list)
}

// descendCore computes the costs of a run of core nodes from those of higher
// ones.
func descendCore[W Weight](h *Hierarchy, core []uint32, sinking, costs []W) {
	inf := Inf[W]()
	heads := h.upHead[:len(sinking)]
	// Slices of one length need one check between them.
	begins, ends := h.upFirst[:len(costs)], h.upFirst[1:]
	ends = ends[:len(costs)]
	for i := len(core) - 1; i >= 0; i-- {
		x := core[i]
		cost := inf
		for a, end := begins[x], ends[x]; a < end; a++ {
			w := sinking[a]
			cost = min(cost, costs[heads[a]]+w)
		}
		costs[x] = cost
	}
}

// descendFringe computes the costs of a run of fringe nodes from those of higher
// nodes. A single arc up counts twice.
func descendFringe[W Weight](h *Hierarchy, fringe []uint32, sinking, costs []W) {
	inf := Inf[W]()
	heads := h.upHead[:len(sinking)]
	begins, ends := h.upFirst[:len(costs)], h.upFirst[1:]
	ends = ends[:len(costs)]
	for i := len(fringe) - 1; i >= 0; i-- {
		x := fringe[i]
		a, b := begins[x], ends[x]-1
		toY, toZ := sinking[a], sinking[b]
		y, z := heads[a], heads[b]
		costs[x] = min(costs[y]+toY, costs[z]+toZ, inf)
	}
}

// descendWithin computes the costs of all nodes but those above limit. The higher
// neighbours of a subtree are those of its root: a subtree without the stop is
// out of reach if its root and they are.
func descendWithin[W Weight](h *Hierarchy, sinking []W, limit W, path []uint32, label, costs []W) {
	inf := Inf[W]()
	fill(costs, inf)
	for k, x := range path {
		costs[x] = label[k]
	}
	low := path[len(path)-1]
	for x := len(costs) - 1; x >= 0; x-- {
		lo, hi := h.upFirst[x], h.upFirst[x+1]
		heads, weights := h.upHead[lo:hi], sinking[lo:hi]
		weights = weights[:len(heads)]
		cost, least := costs[x], costs[x]
		for j, y := range heads {
			least = min(least, costs[y])
			cost = min(cost, costs[y]+weights[j])
		}
		if cost > limit {
			cost = inf
		}
		costs[x] = cost
		if least > limit && !h.above(uint32(x), low) {
			x = int(h.least[x])
		}
	}
}
