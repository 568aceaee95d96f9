package cch

import (
	"cmp"
	"context"
	"slices"
)

// blockStops is the greatest number of stops in a block of a matrix.
const blockStops = 16

// lanes holds one cost for each stop of a block.
type lanes[W Weight] [blockStops]W

// labels are the climbs of all stops of one side of a matrix, sorted by rank and
// cut into blocks of stops that share most of their ancestors. The entries of
// shared ancestors lie side by side for the stops of a block, the others apart.
type labels[W Weight] struct {
	stop []int    // the stop at each place
	low  []uint32 // its lowest rank

	blocks []block
	column []lanes[W] // per block and shared depth, by place within the block
	least  []W        // over the stops of a block, per shared depth
	most   []W
	first  []int // places+1 offsets of the rest of its label
	rest   []W
}

// block is a range of places whose stops have the first shared ancestors, from
// their root down, in common.
type block struct {
	lo, hi int
	shared int
	column int // where its entries of column, least and most begin
	before int // ancestors its first stop has in common with that of the block before
}

// newLabels climbs from all stops with the given weights.
func newLabels[W Weight](ctx context.Context, h *Hierarchy, weight []W, stops []Stop[W], workers int) *labels[W] {
	n := len(stops)
	l := &labels[W]{stop: make([]int, n), low: make([]uint32, n), first: make([]int, n+1)}
	for i := range stops {
		l.stop[i] = i
	}
	slices.SortFunc(l.stop, func(i, j int) int {
		return cmp.Or(cmp.Compare(stops[i].low(), stops[j].low()), cmp.Compare(i, j))
	})
	for place, i := range l.stop {
		l.low[place] = stops[i].low()
	}
	l.cut(h)
	columns := 0
	for i := range l.blocks {
		b := &l.blocks[i]
		b.column = columns
		if i > 0 {
			b.before = h.common(l.low[l.blocks[i-1].lo], l.low[b.lo])
		}
		columns += b.shared
		for place := b.lo; place < b.hi; place++ {
			l.first[place+1] = l.first[place] + int(h.depth[l.low[place]]) + 1 - b.shared
		}
	}
	l.column, l.least, l.most = make([]lanes[W], columns), make([]W, columns), make([]W, columns)
	l.rest = make([]W, l.first[n])
	inTurn(ctx, workers, len(l.blocks), func(next func() (int, bool)) {
		label := make([]W, h.height)
		for i, ok := next(); ok; i, ok = next() {
			b := l.blocks[i]
			column, least, most := l.of(b)
			fill(least, Inf[W]())
			for place := b.lo; place < b.hi; place++ {
				label := start(h, stops[l.stop[place]], label)
				climb(h, weight, l.low[place], label)
				for k, cost := range label[:b.shared] {
					column[k][place-b.lo] = cost
					least[k] = min(least[k], cost)
					most[k] = max(most[k], cost)
				}
				copy(l.restOf(place), label[b.shared:])
			}
		}
	})
	return l
}

// of returns the entries of a block, one a shared depth.
func (l *labels[W]) of(b block) (column []lanes[W], least, most []W) {
	lo, hi := b.column, b.column+b.shared
	return l.column[lo:hi], l.least[lo:hi], l.most[lo:hi]
}

// restOf returns the label of a place below the depths its block shares.
func (l *labels[W]) restOf(place int) []W { return l.rest[l.first[place]:l.first[place+1]] }

// entries returns the label of a place, which is in block b, from depth lo to hi
// in buffer.
func (l *labels[W]) entries(b block, place, lo, hi int, buffer []W) []W {
	buffer = buffer[:0]
	column, _, _ := l.of(b)
	for k := lo; k < min(hi, b.shared); k++ {
		buffer = append(buffer, column[k][place-b.lo])
	}
	if lo = max(lo, b.shared); lo < hi {
		buffer = append(buffer, l.restOf(place)[lo-b.shared:hi-b.shared]...)
	}
	return buffer
}

// cut cuts the places into blocks, between neighbours with the fewest common
// ancestors first.
func (l *labels[W]) cut(h *Hierarchy) {
	n := len(l.low)
	common := make([]int, n) // with the place before
	for i := 1; i < n; i++ {
		common[i] = h.common(l.low[i-1], l.low[i])
	}
	var split func(lo, hi int)
	split = func(lo, hi int) {
		for hi-lo > blockStops {
			at := lo + 1
			for i := at; i < hi; i++ {
				if common[i] < common[at] {
					at = i
				}
			}
			split(lo, at)
			lo = at
		}
		b := block{lo: lo, hi: hi, shared: int(h.depth[l.low[lo]]) + 1}
		for i := lo + 1; i < hi; i++ {
			b.shared = min(b.shared, common[i])
		}
		l.blocks = append(l.blocks, b)
	}
	if n > 0 {
		split(0, n)
	}
}

// common returns the number of ancestors that two ranks have in common, each
// being one of its own.
func (h *Hierarchy) common(x, y uint32) int {
	for !h.above(x, y) {
		if x = h.parent[x]; x == none {
			return 0
		}
	}
	return int(h.depth[x]) + 1
}
