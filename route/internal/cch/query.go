package cch

// Query answers questions between two stops and from one stop on a metric. It is
// the memory of a search: it serves any number of them, one at a time. Queries
// on one metric may run side by side.
type Query[W Weight] struct {
	m        *Metric[W]
	from, to []W // labels
	// For paths, nil before the first: the arcs that gave the entries of the
	// labels, and two rounds of unpacking.
	fromArc, toArc []uint32
	steps, halved  []uint32
	// For sweeps, nil before the first: the ancestors of the stop, and costs
	// by rank where ranks are not nodes.
	ranks []uint32
	costs []W
}

// NewQuery returns a query on m.
func (m *Metric[W]) NewQuery() *Query[W] {
	return &Query[W]{m: m, from: make([]W, m.h.height), to: make([]W, m.h.height)}
}

// Distance returns the least cost from one stop to another, Inf if there is no
// way. It takes the climbs of both stops, less what lies farther than the best
// way found.
func (q *Query[W]) Distance(from, to Stop[W]) W {
	h := q.m.h
	f, b := start(h, from, q.from), start(h, to, q.to)
	x, y := from.low(), to.low()
	for !h.above(x, y) {
		relax(h, q.m.up, x, f)
		if x = h.parent[x]; x == none {
			return Inf[W]()
		}
	}
	for ; y != x; y = h.parent[y] {
		relax(h, q.m.down, y, b)
	}
	// The rest of the way is common to both. A node is no nearer to a better
	// meeting than a known way is long.
	best := meetLabels(f[:h.depth[x]+1], b)
	for k := int(h.depth[x]); k >= 0; k-- {
		forth, back := f[k], b[k]
		best = min(best, forth+back)
		switch {
		case forth < best && back < best:
			q.relaxBoth(x, k)
		case forth < best:
			relax(h, q.m.up, x, f)
		case back < best:
			relax(h, q.m.down, x, b)
		}
		x = h.parent[x]
	}
	return best
}

// meetLabels returns the least sum of two labels at the depths of the first.
func meetLabels[W Weight](f, b []W) W {
	best := Inf[W]()
	b = b[:len(f)]
	for k, forth := range f {
		best = min(best, forth+b[k])
	}
	return best
}

// relaxBoth relaxes rank x, at depth k, in both labels.
func (q *Query[W]) relaxBoth(x uint32, k int) {
	h := q.m.h
	lo, hi := h.upFirst[x], h.upFirst[x+1]
	depths, ups, downs := h.upDepth[lo:hi], q.m.up[lo:hi], q.m.down[lo:hi]
	ups, downs = ups[:len(depths)], downs[:len(depths)]
	f := q.from[:k+1]
	b := q.to[:len(f)]
	forth, back := f[k], b[k]
	for i, d := range depths {
		f[d] = min(f[d], forth+ups[i])
		b[d] = min(b[d], back+downs[i])
	}
}
