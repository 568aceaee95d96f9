package center

import (
	"math"
	"sync"
	"sync/atomic"

	"github.com/hubplan/hubplan/hub/locate/internal/near"
)

// block is the number of demands that a goroutine takes at a time.
const block = 4096

// blocks calls do for the blocks of the demands on all workers. It reports false
// if the search was stopped on the way.
func (s *search) blocks(do func(from, to int)) bool {
	var wg sync.WaitGroup
	var stopped atomic.Bool
	workers := max(1, min(s.o.Workers, (s.n+block-1)/block))
	for w := range workers {
		wg.Add(1)
		go func() {
			defer wg.Done()
			for from := w * block; from < s.n; from += workers * block {
				if s.o.Stop() {
					stopped.Store(true)
					return
				}
				do(from, min(from+block, s.n))
			}
		}()
	}
	wg.Wait()
	return !stopped.Load()
}

// floor raises the bound to what the demands cost if each is served from the
// site nearest to it. It reports false if one has no site.
func (s *search) floor() bool {
	whole := s.blocks(func(from, to int) {
		var pairs []near.Pair
		for i := from; i < to; i++ {
			s.nearest[i] = near.Pair{Site: -1}
			w := s.in.weight(i)
			if w == 0 {
				continue
			}
			if pairs = s.in.Source.Nearest(i, 1, pairs[:0]); len(pairs) > 0 {
				s.nearest[i] = near.Pair{Cost: w * pairs[0].Cost, Site: pairs[0].Site}
			}
		}
	})
	if !whole {
		return false
	}
	bound := 0.0
	for i, p := range s.nearest {
		if p.Site < 0 && s.in.weight(i) > 0 {
			s.best.Lost = i
			s.best.Bound = math.Inf(1)
			return false
		}
		bound = max(bound, p.Cost)
	}
	s.raise(bound)
	return true
}

// measure returns the largest weighted cost of a demand if some sites are open,
// +Inf if some demand has none, and notes in s.worst what they serve worst above
// r. It reports false if the search was stopped on the way.
func (s *search) measure(open []int, r float64) (radius float64, whole bool) {
	if s.served == nil || len(open) == 0 {
		if radius, whole = s.serveAll(open); !whole {
			return radius, false
		}
		s.worst = s.worst[:0]
		for range len(open) + 1 {
			s.worst = append(s.worst, near.Far{Cost: r, Demand: -1})
		}
		for i, p := range s.nearest {
			k := p.Site
			if k < 0 {
				k = int32(len(open)) // demands that no site serves
			}
			if p.Cost > s.worst[k].Cost {
				s.worst[k] = near.Far{Cost: p.Cost, Demand: int32(i)}
			}
		}
		return radius, whole
	}
	s.worst = s.served.Worst(open, r, s.worst)
	for _, above := range []float64{r, 0} {
		worst := s.worst
		if above < r {
			worst = s.served.Worst(open, above, nil)
		}
		for _, f := range worst {
			if f.Demand >= 0 {
				radius = max(radius, f.Cost)
			}
		}
		if radius > 0 {
			break
		}
	}
	return radius, !s.o.Stop()
}

// serveAll writes which of the open sites, by position, serves each demand and
// at what weighted cost, and returns the largest: +Inf, from no site, if none
// can. It reports false if the search was stopped on the way.
func (s *search) serveAll(open []int) (radius float64, whole bool) {
	if len(open) == 0 {
		return s.serveNone(), true
	}
	source := s.in.Among(open)
	whole = s.blocks(func(from, to int) {
		var pairs []near.Pair
		for i := from; i < to; i++ {
			s.nearest[i] = near.Pair{Site: -1, Cost: math.Inf(1)}
			w := s.in.weight(i)
			if w == 0 {
				s.nearest[i] = near.Pair{Site: 0}
				continue
			}
			if pairs = source.Nearest(i, 1, pairs[:0]); len(pairs) > 0 {
				s.nearest[i] = near.Pair{Cost: w * pairs[0].Cost, Site: pairs[0].Site}
			}
		}
	})
	return s.radius(), whole
}

// serveNone is serveAll without an open site.
func (s *search) serveNone() float64 {
	for i := range s.nearest {
		s.nearest[i] = near.Pair{Site: -1}
		if s.in.weight(i) > 0 {
			s.nearest[i].Cost = math.Inf(1)
		}
	}
	return s.radius()
}

// radius is the largest cost measured.
func (s *search) radius() float64 {
	most := 0.0
	for _, p := range s.nearest {
		most = max(most, p.Cost)
	}
	return most
}

// start finds a first solution and the first demands of the sample: time and
// again the demand that is served worst joins and has its nearest site opened
// (Gonzalez 1985, Theoretical Computer Science 38). It reports false if the
// search is over.
func (s *search) start() bool {
	if s.o.Start != nil {
		radius, whole := s.serveAll(s.o.Start)
		if !whole {
			return false
		}
		s.offer(s.o.Start, radius)
	}
	open := append([]int(nil), s.in.Given...)
	radius, whole := s.serveAll(open)
	var pairs []near.Pair
	for range s.in.Open {
		if !whole {
			return false
		}
		if radius == 0 {
			break
		}
		worst := int32(0)
		for i, p := range s.nearest {
			if p.Cost > s.nearest[worst].Cost {
				worst = int32(i)
			}
		}
		s.add(worst)
		pairs = s.in.Source.Nearest(int(worst), 1, pairs[:0])
		j := pairs[0].Site
		open = append(open, int(j))
		at := int32(len(open) - 1)
		whole = s.blocks(func(from, to int) {
			for i := from; i < to; i++ {
				if c := s.in.weight(i) * s.in.Source.Cost(i, int(j)); c < s.nearest[i].Cost {
					s.nearest[i] = near.Pair{Cost: c, Site: at}
				}
			}
		})
		radius = s.radius()
	}
	if !whole {
		return false
	}
	open = unique(open)
	s.offer(open, radius)
	return !s.ended()
}
