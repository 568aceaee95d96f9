package maxcover

import (
	"math"
	"math/rand/v2"
	"slices"
)

// search is the local search for the most weight, with so many sites or a
// budget.
type search struct {
	cover
	stop func() bool
	eps  float64 // less than this is no improvement
	at   []int   // scratch: the open sites
}

func newSearch(in *Instance, columns [][]int32, stop func() bool) search {
	return search{cover: newCover(in, columns), stop: stop, eps: 1e-12 * in.Total()}
}

// fits reports whether a closed site may be opened beside the open ones.
func (s *search) fits(j int) bool {
	in := s.in
	if in.exact() {
		return s.count < in.Open
	}
	return s.paid+in.Cost[j] <= in.Budget && (in.Open <= 0 || s.count < in.Open)
}

// fill opens sites while they fit, the one that adds most first, or with
// dear the one that adds most for its cost; ties to the lowest index. Where
// the number is given, sites that add nothing make it up.
func (s *search) fill(dear bool) {
	for {
		stopped := s.stop() // then any site will do
		best, most := -1, 0.0
		for j, g := range s.gain {
			if s.isOpen[j] || !s.fits(j) || g <= s.eps && !s.in.exact() {
				continue
			}
			if dear {
				g = s.rate(j)
			}
			if best < 0 || g > most {
				best, most = j, g
			}
			if stopped {
				break
			}
		}
		if best < 0 {
			return
		}
		s.open(best)
	}
}

// rate is the gain of a site for each unit of its cost.
func (s *search) rate(j int) float64 {
	if c := s.in.cost(j); c > 0 {
		return s.gain[j] / c
	}
	return math.Inf(1)
}

// swaps exchanges open for closed sites while that covers more: each open site
// in turn for the closed one that adds most without it.
func (s *search) swaps() {
	for better := true; better; {
		better = false
		s.at = s.sites(s.at[:0])
		for _, k := range s.at {
			if s.stop() {
				return
			}
			s.close(k)
			best := k
			for j, g := range s.gain {
				if !s.isOpen[j] && j != k && g > s.gain[best]+s.eps && s.fits(j) {
					best = j
				}
			}
			s.open(best)
			if best != k {
				better = true
				s.fill(false)
			}
		}
	}
}

// result is the open sites, ascending, and their value.
func (s *search) result() ([]int, float64) {
	open := s.sites(nil)
	return open, s.in.Value(open)
}

// Greedy is a solution from scratch, followed by swaps.
func (s *search) Greedy() ([]int, float64) {
	var best []int
	var value float64
	for _, dear := range []bool{false, true} {
		s.reset(nil)
		s.fill(dear)
		s.fill(false)
		s.swaps()
		if open, v := s.result(); best == nil || v < value {
			best, value = open, v
		}
		if s.in.exact() {
			break
		}
	}
	return best, value
}

// From is the solution that swaps lead to from a set of sites, of which those
// that do the least for their cost close until the rest is feasible.
func (s *search) From(open []int) ([]int, float64) {
	s.reset(open)
	for s.in.exact() && s.count > s.in.Open ||
		!s.in.exact() && (s.paid > s.in.Budget || s.in.Open > 0 && s.count > s.in.Open) {
		worst, least := -1, 0.0
		for j, o := range s.isOpen {
			if !o {
				continue
			}
			g := s.gain[j]
			if !s.in.exact() {
				g = s.rate(j)
			}
			if worst < 0 || g <= least {
				worst, least = j, g
			}
		}
		s.close(worst)
	}
	s.fill(false)
	s.swaps()
	return s.result()
}

// Shake improves a solution by rounds of random exchanges, each followed by
// swaps, always from the best solution so far.
func (s *search) Shake(start []int, rounds int, rng *rand.Rand) ([]int, float64) {
	best, value := start, s.in.Value(start)
	for range rounds {
		if s.stop() || len(best) == 0 {
			break
		}
		s.reset(best)
		for range 1 + len(best)/4 {
			out, in := best[rng.IntN(len(best))], rng.IntN(s.in.Sites)
			if s.isOpen[out] && !s.isOpen[in] {
				s.close(out)
				if s.fits(in) {
					s.open(in)
				}
			}
		}
		s.fill(false)
		s.swaps()
		if open, v := s.result(); v < value {
			best, value = slices.Clone(open), v
		}
	}
	return best, value
}
