package cch

import "slices"

// Path is a least-cost way between two stops.
type Path[W Weight] struct {
	Cost W
	// From and To are the nodes where the way enters and leaves the graph.
	From, To uint32
	// Arcs are the arcs of the graph in order; none if From is To.
	Arcs []uint32
}

// Path returns a way of least cost from one stop to another and whether there is
// one. Of several it is always the same one for the same metric: the meeting
// nearest to the stops, and under each arc of the hierarchy the lowest arc of the
// graph or else the lowest node. The arcs are appended to buffer[:0].
func (q *Query[W]) Path(from, to Stop[W], buffer []uint32) (Path[W], bool) {
	if q.fromArc == nil {
		q.fromArc = make([]uint32, q.m.h.height)
		q.toArc = make([]uint32, q.m.h.height)
	}
	cost, depth := q.meetPath(from, to)
	if cost == Inf[W]() {
		return Path[W]{Cost: cost}, false
	}
	h := q.m.h
	// The arcs of the hierarchy, last first, as steps to unpack: up to the
	// meeting and down from it.
	steps := q.steps[:0]
	for k := depth; q.toArc[k] != none; {
		a := q.toArc[k]
		steps = append(steps, a<<1|1)
		k = int(h.depth[h.upTail[a]])
	}
	slices.Reverse(steps)
	for k := depth; q.fromArc[k] != none; {
		a := q.fromArc[k]
		steps = append(steps, a<<1)
		k = int(h.depth[h.upTail[a]])
	}
	p := Path[W]{Cost: cost}
	p.From = h.node[q.end(from, steps, true, depth)]
	p.To = h.node[q.end(to, steps, false, depth)]
	p.Arcs, q.steps = q.m.unpack(steps, buffer[:0])
	return p, true
}

// end returns the rank where a path given by its arcs, last first, begins or
// ends: at the lower end of its outermost arc, or at the meeting if it has none
// on that side.
func (q *Query[W]) end(s Stop[W], steps []uint32, begin bool, depth int) uint32 {
	h := q.m.h
	if len(steps) > 0 {
		if last := steps[len(steps)-1]; begin && last&1 == 0 {
			return h.upTail[last>>1]
		}
		if first := steps[0]; !begin && first&1 == 1 {
			return h.upTail[first>>1]
		}
	}
	x := s.low()
	for int(h.depth[x]) > depth {
		x = h.parent[x]
	}
	return x
}

// meetPath is Distance, and keeps by depth the arcs over which the costs came,
// none at seeds. It returns the depth of the meeting too.
func (q *Query[W]) meetPath(from, to Stop[W]) (cost W, depth int) {
	h := q.m.h
	f, b := start(h, from, q.from), start(h, to, q.to)
	fill(q.fromArc[:len(f)], none)
	fill(q.toArc[:len(b)], none)
	best := Inf[W]()
	x, y := from.low(), to.low()
	for !h.above(x, y) {
		relaxPath(h, q.m.up, x, f, q.fromArc)
		if x = h.parent[x]; x == none {
			return best, 0
		}
	}
	for ; y != x; y = h.parent[y] {
		relaxPath(h, q.m.down, y, b, q.toArc)
	}
	for k := int(h.depth[x]); k >= 0; k-- {
		if sum := f[k] + b[k]; sum < best {
			best, depth = sum, k
		}
		if f[k] < best {
			relaxPath(h, q.m.up, x, f, q.fromArc)
		}
		if b[k] < best {
			relaxPath(h, q.m.down, x, b, q.toArc)
		}
		x = h.parent[x]
	}
	return best, depth
}

// relaxPath is relax and keeps the arcs over which costs fell.
func relaxPath[W Weight](h *Hierarchy, weight []W, x uint32, label []W, arcs []uint32) {
	lo, hi := h.upFirst[x], h.upFirst[x+1]
	depths, weights := h.upDepth[lo:hi], weight[lo:hi]
	weights = weights[:len(depths)]
	arcs = arcs[:len(label)]
	cost := label[h.depth[x]]
	for i, d := range depths {
		least, arc := label[d], arcs[d]
		if sum := cost + weights[i]; sum < least {
			least, arc = sum, lo+uint32(i)
		}
		label[d], arcs[d] = least, arc
	}
}
