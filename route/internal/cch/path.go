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
	// The ends are at the meeting if no arc leads there.
	x := from.low()
	for int(h.depth[x]) > depth {
		x = h.parent[x]
	}
	p := Path[W]{Cost: cost, From: x, To: x}
	steps := q.steps[:0]
	for a := q.fromArc[depth]; a != none; a = q.fromArc[h.depth[p.From]] {
		steps = append(steps, a<<1)
		p.From = h.upTail[a]
	}
	slices.Reverse(steps)
	for a := q.toArc[depth]; a != none; a = q.toArc[h.depth[p.To]] {
		steps = append(steps, a<<1|1)
		p.To = h.upTail[a]
	}
	p.From, p.To = h.node[p.From], h.node[p.To]
	q.steps, q.halved = q.m.unpack(steps, q.halved)
	p.Arcs = append(buffer[:0], q.steps...)
	return p, true
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
	bound := meetLabels(f[:h.depth[x]+1], b)
	for k := int(h.depth[x]); k >= 0; k-- {
		if sum := f[k] + b[k]; sum < best {
			best, depth = sum, k
			bound = min(bound, best)
		}
		if f[k] < bound {
			relaxPath(h, q.m.up, x, f, q.fromArc)
		}
		if b[k] < bound {
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
