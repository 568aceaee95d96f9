package center

import (
	"slices"
	"sync"

	"github.com/hubplan/hubplan/hub/locate/internal/cover"
)

// rows is the set cover of some demands within r by the sites not given, as they
// are numbered, and the demand of each row. Demands that given sites cover have
// no row. It reports false if some demand has no site, if the lists would be too
// long, or if the search was stopped.
func (s *search) rows(of []int32, r float64) (in *cover.Instance, demands []int32, ok bool) {
	const most = 2 << 20 // so that a step of a walk is short
	_, m := s.in.Source.Size()
	in = &cover.Instance{Sites: m, Opening: make([]float64, m)}
	for j := range in.Opening {
		in.Opening[j] = 1
	}
	total := 0
	for k, i := range of {
		if k%64 == 0 && s.o.Stop() {
			return nil, nil, false
		}
		weight := s.in.weight(int(i))
		if weight == 0 {
			continue
		}
		// The division rounds; the product decides.
		s.pairs = s.in.Source.Within(int(i), r/weight*(1+1e-12), s.pairs[:0])
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
		demands = append(demands, i)
	}
	return in, demands, true
}

// strolls is how many walks polish takes side by side.
const strolls = 4

// stroll is one of the walks of polish. The weights of the demands outlast the
// walks: what was hard to cover will be hard again (Zhang et al. 2020, see
// cover.Walk.Swap).
type stroll struct {
	open []int // where it is
	hard []int64
	next []int // the cover that it has found, nil if none
	done int   // work that it took
}

// polish walks over demands, always for a radius below the best, for as long as
// it succeeds within the given work. One walk in two begins at the best
// solution, and all go on where they ended before. The demands are those of the
// sample and what covers of them left out, the worst of every site, which join
// them: far fewer than there are, so that a step is short. It reports whether
// the radius fell.
func (s *search) polish(work int) bool {
	const part = 1e7 // of the work, after which walks that found a cover go on
	better := false
	if s.few() && s.n >= many {
		return false // rows are too long
	}
	if s.strolls == nil {
		for k := range strolls {
			w := &stroll{hard: make([]int64, s.n)}
			if k%2 == 0 {
				w.open = slices.DeleteFunc(slices.Clone(s.best.Open), func(j int) bool { return s.cells.given[j] })
			}
			s.strolls = append(s.strolls, w)
		}
		s.walks = make([]bool, s.n)
	}
	for _, i := range s.sample {
		s.walkOver(i)
	}
	for left := work; left > 0 && !s.ended(); {
		in, demands, ok := s.rows(s.walked, s.below(s.best.Radius))
		if !ok {
			return better
		}
		left -= s.stroll(in, demands, min(part, left))
		found, whole := s.collect()
		if found {
			better, left = true, work
		}
		if !whole {
			break
		}
	}
	return better
}

// stroll takes all walks on by some work. It returns the most that one needed.
func (s *search) stroll(in *cover.Instance, demands []int32, work int) int {
	var wg sync.WaitGroup
	workers := max(1, min(s.o.Workers, strolls))
	for first := range workers {
		wg.Add(1)
		go func() {
			defer wg.Done()
			for k := first; k < strolls; k += workers {
				s.strolls[k].walk(in, demands, s.in.Open, work, s.o.Seed+s.seeds+uint64(k), s.o.Stop)
			}
		}()
	}
	wg.Wait()
	s.seeds += strolls
	most := 1
	for _, w := range s.strolls {
		most = max(most, w.done)
	}
	return most
}

// walk goes on with one.
func (w *stroll) walk(in *cover.Instance, demands []int32, sites, work int, seed uint64, stop func() bool) {
	weights := make([]int64, len(demands))
	for k, i := range demands {
		weights[k] = w.hard[i]
	}
	walk := cover.NewWalk(in, w.open, seed)
	walk.Weigh(weights)
	w.next = walk.Swap(sites, work/walk.Cost(), stop)
	w.open, w.done = walk.Open(), walk.Cost()*(1+walk.Steps())
	for k, v := range walk.Weights() {
		w.hard[demands[k]] = v
	}
}

// collect measures the covers that the walks have found and has them all walk
// over what these leave out. It reports whether the radius fell, and false for
// whole if the search was stopped on the way.
func (s *search) collect() (better, whole bool) {
	for _, w := range s.strolls {
		if w.next == nil {
			continue
		}
		open := unique(append(slices.Clone(w.next), s.in.Given...))
		radius, whole := s.measure(open, s.below(s.best.Radius))
		if !whole {
			return better, false
		}
		better = better || radius < s.best.Radius
		s.offer(open, radius)
		for _, f := range s.worst {
			if f.Demand >= 0 {
				s.walkOver(f.Demand)
			}
		}
	}
	return better, true
}

// walkOver has polish look at a demand from now on.
func (s *search) walkOver(i int32) {
	if !s.walks[i] {
		s.walks[i] = true
		s.walked = append(s.walked, i)
	}
}
