package center

import (
	"slices"

	"github.com/hubplan/hubplan/hub/locate/internal/cover"
)

// whole is the set cover of all demands within r by the sites not given, as
// they are numbered, and the demand of each row. Demands that given sites cover
// have no row. It reports false if some demand has no site, if the lists would
// be too long, or if the search was stopped.
func (s *search) whole(r float64) (in *cover.Instance, demands []int32, ok bool) {
	const most = 2 << 20 // so that a step of a walk is short
	_, m := s.in.Source.Size()
	in = &cover.Instance{Sites: m, Opening: make([]float64, m)}
	for j := range in.Opening {
		in.Opening[j] = 1
	}
	total := 0
	for i := range s.n {
		if i%64 == 0 && s.o.Stop() {
			return nil, nil, false
		}
		weight := s.in.weight(i)
		if weight == 0 {
			continue
		}
		// The division rounds; the product decides.
		s.pairs = s.in.Source.Within(i, r/weight*(1+1e-12), s.pairs[:0])
		row, served := make([]int32, 0, len(s.pairs)), false
		for _, p := range s.pairs {
			if weight*p.Cost <= r {
				row = append(row, p.Site)
				served = served || s.cells.given[p.Site]
			}
		}
		if served {
			continue
		}
		if total += len(row); len(row) == 0 || total > most {
			return nil, nil, false
		}
		slices.Sort(row)
		in.Rows = append(in.Rows, row)
		demands = append(demands, int32(i))
	}
	return in, demands, true
}

// polish walks over all demands from the best solution, or from where the last
// walk ended in vain, always for a radius below the best, for as long as it
// succeeds within the given work. The weights
// of the demands outlast the walks: what was hard to cover will be hard again
// (Zhang et al. 2020, see cover.Walk.Swap). It reports whether the radius fell.
func (s *search) polish(work int) bool {
	better := false
	for !s.ended() {
		in, demands, ok := s.whole(s.below(s.best.Radius))
		if !ok || len(demands) == 0 {
			return better
		}
		if s.hard == nil {
			s.hard = make([]int64, s.n)
		}
		weights := make([]int64, len(demands))
		for k, i := range demands {
			weights[k] = s.hard[i]
		}
		open := s.resume
		if open == nil {
			open = slices.DeleteFunc(slices.Clone(s.best.Open), func(j int) bool { return s.cells.given[j] })
		}
		s.walks++
		walk := cover.NewWalk(in, open, s.o.Seed+s.walks)
		walk.Weigh(weights)
		open = walk.Swap(s.in.Open, work/walk.Cost(), s.o.Stop)
		for k, v := range walk.Weights() {
			s.hard[demands[k]] = v
		}
		if s.resume = nil; open == nil {
			s.resume = walk.Open()
			return better
		}
		open = unique(append(open, s.in.Given...))
		radius, whole := s.measure(open, s.best.Radius)
		if !whole {
			return better
		}
		s.offer(open, radius)
		better = true
	}
	return better
}
