package locate

import (
	"cmp"
	"math"
	"slices"
	"sync"

	"github.com/hubplan/hubplan/hub/locate/internal/maxcover"
	"github.com/hubplan/hubplan/hub/locate/internal/near"
)

// block is the number of demands that are looked at one after the other, fewer
// where there are many sites. What is found in blocks is merged in their
// order, so that sums do not depend on how many are looked at at once.
func (w *work) block() int { return min(1<<13, max(1<<4, 1<<22/w.sites)) }

// rows collects which of the given sites cover the demands with weight within
// radius, by position in sites, demands with the same sites merged. Demands
// covered by a required or existing site are left out. The first demand without any site is returned as lost, -1 if there is
// none. The error is that of the context if it ended the search, which the
// first blocks do not wait for: small problems always get rows.
func (w *work) rows(sites []int, radius float64) (rows [][]int32, lost int, err error) {
	begun := false
	stop := func() bool {
		was := begun
		begun = true
		return was && w.stop()
	}
	s, seen := w.scan(sites, stop, func(i int, pairs []near.Pair, s *scan) {
		s.within(pairs, w.weight(i), i)
	}, radius)
	if !seen {
		return nil, -1, w.ctx.Err()
	}
	return s.Rows, s.lost, nil
}

// scan is what has been seen of the demands of a block, or of all.
type scan struct {
	maxcover.Collector
	covered float64 // weight that sites open in every solution cover
	total   float64 // weight of all
	lost    int     // first demand that no site covers, -1 if there is none

	position []int32 // of each site in the list asked for; given or never
	pairs    []near.Pair
	row      []int32
	drops    []float64
}

// What position says of a site that is not in the list.
const (
	never = -1 // may not be opened
	given = -2 // is open in every solution
)

// scan looks at all demands with weight and the sites within reach of them,
// block by block. It reports false if stop ended it.
func (w *work) scan(sites []int, stop func() bool, look func(i int, pairs []near.Pair, s *scan), reach float64) (*scan, bool) {
	position := make([]int32, w.sites)
	for j := range position {
		position[j] = never
		if st := w.status(j); st == Required || st == Existing {
			position[j] = given
		}
	}
	for k, j := range sites {
		position[j] = int32(k)
	}
	all := &scan{lost: -1}
	found := make([]*scan, w.Workers)
	block := w.block()
	blocks := (w.demands + block - 1) / block
	for first := 0; first < blocks; first += len(found) {
		if stop() {
			return all, false
		}
		var wg sync.WaitGroup
		for k := range min(len(found), blocks-first) {
			wg.Go(func() {
				found[k] = w.scanBlock(position, first+k, look, reach)
			})
		}
		wg.Wait()
		for _, s := range found[:min(len(found), blocks-first)] {
			all.Merge(&s.Collector)
			all.covered += s.covered
			all.total += s.total
			if all.lost < 0 {
				all.lost = s.lost
			}
		}
	}
	return all, true
}

// scanBlock looks at the demands of one block.
func (w *work) scanBlock(position []int32, b int, look func(i int, pairs []near.Pair, s *scan), reach float64) *scan {
	s := &scan{lost: -1, position: position}
	block := w.block()
	for i := b * block; i < min(w.demands, (b+1)*block); i++ {
		if weight := w.weight(i); weight > 0 {
			s.total += weight
			s.pairs = w.source.Within(i, reach, s.pairs[:0])
			look(i, s.pairs, s)
		}
	}
	return s
}

// within adds demand i as the row of the sites in pairs.
func (s *scan) within(pairs []near.Pair, weight float64, i int) {
	s.row = s.row[:0]
	for _, p := range pairs {
		switch at := s.position[p.Site]; at {
		case given:
			s.covered += weight
			return
		case never:
		default:
			s.row = append(s.row, at)
		}
	}
	if len(s.row) == 0 {
		if s.lost < 0 {
			s.lost = i
		}
		return
	}
	slices.Sort(s.row)
	s.Add(s.row, weight)
}

// fading adds demand i as nested rows: if its sites in pairs are worth
// v_1 >= v_2 >= ... to it, the best open one is worth
//
//	sum_k (v_k - v_k+1) [one of the first k is open]
//
// which is plain cover of rows of weight v_k - v_k+1. What a site that is open
// in every solution is worth is taken off all.
func (w *work) fading(pairs []near.Pair, weight float64, s *scan) {
	slices.SortFunc(pairs, func(a, b near.Pair) int {
		return cmp.Or(cmp.Compare(a.Cost, b.Cost), cmp.Compare(s.position[a.Site], s.position[b.Site]))
	})
	s.row, s.drops = s.row[:0], s.drops[:0]
	rest := 0.0 // worth of the first site that is open in every solution
	for _, p := range pairs {
		v := weight * w.served(p.Cost)
		at := s.position[p.Site]
		if at == given {
			rest = v
		}
		if at == given || v == 0 {
			break
		}
		if at == never {
			continue
		}
		if k := len(s.drops); k > 0 {
			s.drops[k-1] -= v
		}
		s.row, s.drops = append(s.row, at), append(s.drops, v)
	}
	s.covered += rest
	if k := len(s.drops); k > 0 {
		s.drops[k-1] -= rest
		s.AddNested(s.row, s.drops)
	}
}

// signatures collects what the sites add to a maximal cover, with Fade or
// without, and what those open in every solution cover already. It reports
// false if the search was stopped before all demands were seen.
func (w *work) signatures(sites []int) (*scan, bool) {
	if w.Model == MaximalCover && w.Fade > w.Radius {
		return w.scan(sites, w.stop, func(i int, pairs []near.Pair, s *scan) {
			w.fading(pairs, w.weight(i), s)
		}, w.Fade)
	}
	return w.scan(sites, w.stop, func(i int, pairs []near.Pair, s *scan) {
		s.within(pairs, w.weight(i), i)
	}, w.Radius)
}

// leeway is what the weights of rows, which are sums in another order than
// that of the demands, may differ by: nothing if all are integers.
func leeway(total float64, weight []float64) float64 {
	if exact(weight) > 0 && total <= 0x1p52 && total == math.Trunc(total) {
		return 0
	}
	return 1e-12 * total
}
