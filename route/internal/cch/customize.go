package cch

import (
	"context"
	"slices"
)

// customizeBlock is the number of core nodes between two looks at the context.
const customizeBlock = 1 << 13

// customize fills up and down. An arc depends on those of the subtree of its
// tail alone, so that subtrees are independent tasks; what is above them follows
// in order.
func (m *Metric[W]) customize(ctx context.Context, workers int) error {
	n := uint32(m.h.Nodes())
	most := n
	if workers > 1 {
		most = max(n/uint32(8*workers), 1024)
	}
	return m.customizeTasks(ctx, workers, most)
}

// customizeTasks is customize with tasks of at most so many nodes.
func (m *Metric[W]) customizeTasks(ctx context.Context, workers int, most uint32) error {
	h := m.h
	tasks, rest, late := h.subtrees(most)
	inTurn(ctx, workers, len(tasks), func(next func() (int, bool)) {
		c := newCustomizer(m)
		for i, ok := next(); ok; i, ok = next() {
			c.span(ctx, tasks[i])
		}
	})
	c := newCustomizer(m)
	for _, r := range rest {
		m.respect(h.upFirst[r.lo], h.upFirst[r.hi])
	}
	for _, x := range late {
		if i, ok := slices.BinarySearch(h.layers.fringe, x); ok {
			c.fringe(i, i+1, none)
		}
	}
	for _, r := range rest {
		c.core(ctx, r)
	}
	return ctx.Err()
}

// span is a range of ranks.
type span struct{ lo, hi uint32 }

// within returns the range of an ascending list of ranks that lies in s.
func (s span) within(list []uint32) (lo, hi int) {
	lo, _ = slices.BinarySearch(list, s.lo)
	hi, _ = slices.BinarySearch(list, s.hi)
	return lo, hi
}

// subtrees cuts the forest into its largest subtrees of at most so many nodes. It
// returns ranges of such subtrees, of about as many nodes, the ranges of the
// nodes between them, and the ranks whose parents are in no task, all ascending.
func (h *Hierarchy) subtrees(most uint32) (tasks, rest []span, late []uint32) {
	for r := uint32(0); r < uint32(h.Nodes()); r++ {
		p := h.parent[r]
		if p != none && p+1-h.least[p] > most {
			late = append(late, r)
		}
		if r+1-h.least[r] > most {
			if k := len(rest) - 1; k >= 0 && rest[k].hi == r {
				rest[k].hi = r + 1
			} else {
				rest = append(rest, span{r, r + 1})
			}
			continue
		}
		if p != none && p+1-h.least[p] <= most {
			continue
		}
		if k := len(tasks) - 1; k >= 0 && tasks[k].hi == h.least[r] && r+1-tasks[k].lo <= most {
			tasks[k].hi = r + 1
		} else {
			tasks = append(tasks, span{h.least[r], r + 1})
		}
	}
	return tasks, rest, late
}

// respect sets the arcs from lo to hi to the least weights among the arcs of the
// graph under them.
func (m *Metric[W]) respect(lo, hi uint32) {
	h, inf := m.h, Inf[W]()
	fill(m.up[lo:hi], inf)
	fill(m.down[lo:hi], inf)
	first, last := h.inFirst[lo], h.inFirst[hi]
	ins, arcs := h.in[first:last], h.inArc[first:last]
	arcs = arcs[:len(ins)]
	columns := [2][]W{m.up, m.down}
	for i, in := range ins {
		column := columns[in&1]
		a := arcs[i]
		column[a] = min(column[a], m.weight[in>>1])
	}
}

// own returns the least weights among the arcs of the graph under arc a.
func (m *Metric[W]) own(a uint32) (up, down W) {
	up, down = Inf[W](), Inf[W]()
	for _, in := range m.h.in[m.h.inFirst[a]:m.h.inFirst[a+1]] {
		if w := m.weight[in>>1]; in&1 == 0 {
			up = min(up, w)
		} else {
			down = min(down, w)
		}
	}
	return up, down
}

// customizer is the memory of one goroutine that customizes m.
type customizer[W Weight] struct {
	m *Metric[W]
	// Weights between the node at work and its higher neighbours, by their
	// depth.
	up, down []W
}

func newCustomizer[W Weight](m *Metric[W]) *customizer[W] {
	return &customizer[W]{m: m, up: make([]W, m.h.height), down: make([]W, m.h.height)}
}

// span computes the arcs up from the ranks of s, which are whole subtrees.
func (c *customizer[W]) span(ctx context.Context, s span) {
	h := c.m.h
	end := h.upFirst[s.hi]
	c.m.respect(h.upFirst[s.lo], end)
	lo, hi := s.within(h.layers.fringe)
	c.fringe(lo, hi, end)
	c.core(ctx, s)
}

// fringe passes the ways through nodes of the fringe, entries lo to hi, on to
// their third arcs, but for those from end on, whose turn is later.
func (c *customizer[W]) fringe(lo, hi int, end uint32) {
	h, up, down := c.m.h, c.m.up, c.m.down
	ranks, thirds := h.layers.fringe[lo:hi], h.third[lo:hi]
	thirds = thirds[:len(ranks)]
	for i, x := range ranks {
		t := thirds[i]
		if t >= end {
			continue
		}
		a, b := h.upFirst[x], h.upFirst[x+1]-1
		up[t] = min(up[t], down[a]+up[b])
		down[t] = min(down[t], down[b]+up[a])
	}
}

// core computes the arcs up from the core nodes of s, given all those of lower
// nodes under them and what the fringe passed on.
func (c *customizer[W]) core(ctx context.Context, s span) {
	h, up, down := c.m.h, c.m.up, c.m.down
	toZ, fromZ := c.up, c.down
	lo, hi := s.within(h.layers.core)
	for i := lo; i < hi; i++ {
		if (i-lo)%customizeBlock == 0 && ctx.Err() != nil {
			return
		}
		below, beyond := h.below[h.belowFirst[i]:h.belowFirst[i+1]], h.beyond[h.belowFirst[i]:h.belowFirst[i+1]]
		beyond = beyond[:len(below)]
		if len(below) == 0 {
			continue
		}
		y := h.layers.core[i]
		first, end := h.upFirst[y], h.upFirst[y+1]
		depths := h.upDepth[first:end]
		ups, downs := up[first:end], down[first:end]
		ups, downs = ups[:len(depths)], downs[:len(depths)]
		for j, d := range depths {
			toZ[d], fromZ[d] = ups[j], downs[j]
		}
		// All triangles of a lower node x, y and a higher z: the arcs of x
		// beyond that to y.
		for i, a := range below {
			end := beyond[i]
			toY, fromY := up[a], down[a]
			zs := h.upDepth[a+1 : end]
			xz, zx := up[a+1:end], down[a+1:end]
			xz, zx = xz[:len(zs)], zx[:len(zs)]
			for j, z := range zs {
				toZ[z] = min(toZ[z], fromY+xz[j])
				fromZ[z] = min(fromZ[z], zx[j]+toY)
			}
		}
		for j, d := range depths {
			ups[j], downs[j] = toZ[d], fromZ[d]
		}
	}
}
