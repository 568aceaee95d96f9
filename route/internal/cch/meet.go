package cch

import (
	"cmp"
	"context"
	"slices"
)

// meet fills the cells from the labels of both sides, block by block.
func (t *matrix[W]) meet(ctx context.Context) {
	m, workers := t.m, t.options.Workers
	from := newLabels(ctx, m.h, m.up, t.from, workers)
	to := newLabels(ctx, m.h, m.down, t.to, workers)
	if ctx.Err() != nil {
		return
	}
	inTurn(ctx, workers, len(from.blocks), func(next func() (int, bool)) {
		g := &meeting[W]{
			matrix: t, from: from, to: to,
			shared: make([]int, len(to.blocks)),
			depths: make([]uint32, m.h.height),
			ways:   make([]way[W], m.h.height),
		}
		for i, ok := next(); ok; i, ok = next() {
			a := from.blocks[i]
			g.common(a)
			for j, b := range to.blocks {
				g.blocks(a, b, g.shared[j])
			}
			t.rowsDone(a.hi - a.lo)
		}
	})
}

// meeting is the memory of one goroutine that meets blocks.
type meeting[W Weight] struct {
	*matrix[W]
	from, to *labels[W]

	shared []int    // what a block has in common with the others
	depths []uint32 // at which two blocks can meet best
	ways   []way[W] // at which two of its stops can
	cost   [blockStops]lanes[W]
	// Entries of labels that only some pairs share.
	forth, back []W
}

// way is a depth and the costs between two stops and their ancestor there.
type way[W Weight] struct {
	depth        uint32
	cost0, cost1 W
}

// common finds how many ancestors the first stop of a has in common with that of
// each other block: no more than the blocks between them.
func (g *meeting[W]) common(a block) {
	h, to := g.m.h, g.to
	low := g.from.low[a.lo]
	at, _ := slices.BinarySearchFunc(to.blocks, low, func(b block, low uint32) int {
		return cmp.Compare(to.low[b.lo], low)
	})
	for j, both := at, 0; j < len(to.blocks); j++ {
		if j == at {
			both = h.common(low, to.low[to.blocks[j].lo])
		} else {
			both = min(both, to.blocks[j].before)
		}
		g.shared[j] = both
	}
	for j, both := at-1, 0; j >= 0; j-- {
		if j == at-1 {
			both = h.common(to.low[to.blocks[j].lo], low)
		} else {
			both = min(both, to.blocks[j+1].before)
		}
		g.shared[j] = both
	}
}

// blocks fills the cells of block a against block b, whose first stops have both
// ancestors in common.
//
// All their stops share the ancestors above the lower of the two, if they share
// any. Meeting at depth k costs no cell less than the least costs there and none
// more than the most, so that every depth whose least is above the lowest most is
// out for all cells: of blocks that lie apart a few depths remain. Ancestors
// farther down, which only some pairs share, are left to each pair.
func (g *meeting[W]) blocks(a, b block, both int) {
	from, to := g.from, g.to
	shared := min(both, a.shared, b.shared)
	g.choose(a, b, shared)
	g.multiply(a, b)
	if !(both < a.shared || a.hi-a.lo == 1) || !(both < b.shared || b.hi-b.lo == 1) {
		// The stops of a block that share no more with each other than with
		// the other block may share more with some of its stops.
		g.pairs(a, b, shared)
	}
	limit := g.options.Limit
	columns := len(g.matrix.to)
	stops := to.stop[b.lo:b.hi]
	for i, s := range from.stop[a.lo:a.hi] {
		row := g.cells[s*columns:][:columns]
		for j, cost := range g.cost[i][:len(stops)] {
			if cost > limit {
				cost = Inf[W]()
			}
			row[stops[j]] = cost
		}
	}
}

// choose finds the depths below shared that matter to blocks a and b.
func (g *meeting[W]) choose(a, b block, shared int) {
	_, leastA, mostA := g.from.of(a)
	_, leastB, mostB := g.to.of(b)
	bound := g.options.Limit
	mostA = mostA[:shared]
	mostB = mostB[:len(mostA)]
	for k, cost := range mostA {
		bound = min(bound, cost+mostB[k])
	}
	depths := g.depths[:shared]
	leastA = leastA[:len(depths)]
	leastB = leastB[:len(depths)]
	n := 0
	for k, cost := range leastA {
		depths[n] = uint32(k)
		if cost+leastB[k] <= bound {
			n++
		}
	}
	g.depths = depths[:n]
}

// multiply sets the costs of rows and columns to the least sums over the chosen
// depths. Two rows at a time choose among these once more by their own costs.
// Lanes beyond the stops of a block are computed too and not used.
func (g *meeting[W]) multiply(a, b block) {
	inf := Inf[W]()
	forth, _, _ := g.from.of(a)
	back, least, most := g.to.of(b)
	rows, columns := a.hi-a.lo, b.hi-b.lo
	for i := 0; i < rows; i += 2 {
		i0, i1 := i&(blockStops-1), (i+1)&(blockStops-1)
		if i+1 == rows {
			i1 = i0
		}
		bound0, bound1 := g.options.Limit, g.options.Limit
		for _, k := range g.depths {
			bound0 = min(bound0, forth[k][i0]+most[k])
			bound1 = min(bound1, forth[k][i1]+most[k])
		}
		ways := g.ways[:cap(g.ways)]
		n := 0
		for _, k := range g.depths {
			f, l := &forth[k], least[k]
			ways[n] = way[W]{k, f[i0], f[i1]}
			if f[i0]+l <= bound0 || f[i1]+l <= bound1 {
				n++
			}
		}
		ways = ways[:n]
		for j := 0; j < columns; j += 4 {
			j0, j1, j2, j3 := j&(blockStops-1), (j+1)&(blockStops-1), (j+2)&(blockStops-1), (j+3)&(blockStops-1)
			p0, p1, p2, p3 := inf, inf, inf, inf
			q0, q1, q2, q3 := inf, inf, inf, inf
			for _, w := range ways {
				c := &back[w.depth]
				c0, c1, c2, c3 := c[j0], c[j1], c[j2], c[j3]
				p0, p1, p2, p3 = min(p0, w.cost0+c0), min(p1, w.cost0+c1), min(p2, w.cost0+c2), min(p3, w.cost0+c3)
				q0, q1, q2, q3 = min(q0, w.cost1+c0), min(q1, w.cost1+c1), min(q2, w.cost1+c2), min(q3, w.cost1+c3)
			}
			// The second of two equal rows is the same row again.
			row := &g.cost[i0]
			row[j0], row[j1], row[j2], row[j3] = p0, p1, p2, p3
			row = &g.cost[i1]
			row[j0], row[j1], row[j2], row[j3] = q0, q1, q2, q3
		}
	}
}

// pairs meets each pair of a and b at the ancestors from depth shared on that it
// has in common.
func (g *meeting[W]) pairs(a, b block, shared int) {
	h := g.m.h
	for i := a.lo; i < a.hi; i++ {
		for j := b.lo; j < b.hi; j++ {
			both := h.common(g.from.low[i], g.to.low[j])
			if both <= shared {
				continue
			}
			g.forth = g.from.entries(a, i, shared, both, g.forth)
			g.back = g.to.entries(b, j, shared, both, g.back)
			cost := &g.cost[i-a.lo][j-b.lo]
			for k, forth := range g.forth {
				*cost = min(*cost, forth+g.back[k])
			}
		}
	}
}
