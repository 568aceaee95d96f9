package center

import (
	"math"
	"slices"
)

// recentre moves open sites that serve a demand of the sample at more than r to
// the middle of the demands that they serve, and turns these to the nearest
// site, by turns until r is reached or nothing gets better. It returns the
// sites, ascending, and the radius of the sample. The given sites stay.
func (s *search) recentre(open []int, r float64) ([]int, float64) {
	open = slices.Clone(open)
	radius := math.Inf(1)
	for {
		served, now := s.serve(open)
		if now <= r || now >= radius || s.o.Stop() {
			return unique(open), min(now, radius)
		}
		radius = now
		for k, demands := range served {
			if !s.cells.given[open[k]] && s.cost(open[k], demands, r) > r {
				open[k] = s.middle(open[k], demands)
			}
		}
	}
}

// serve lists the demands of the sample by the open site nearest to them, and
// returns the largest cost.
func (s *search) serve(open []int) (served [][]int32, radius float64) {
	source := s.in.Among(open)
	served = make([][]int32, len(open))
	for _, i := range s.sample {
		s.pairs = source.Nearest(int(i), 1, s.pairs[:0])
		if len(s.pairs) == 0 {
			return served, math.Inf(1)
		}
		p := s.pairs[0]
		served[p.Site] = append(served[p.Site], i)
		radius = max(radius, s.in.weight(int(i))*p.Cost)
	}
	return served, radius
}

// cost is the largest cost of serving the demands from site j. It is not
// finished once it exceeds the limit; the demand that did it comes first, and is
// asked first about the next site.
func (s *search) cost(j int, demands []int32, limit float64) float64 {
	most := 0.0
	for k, i := range demands {
		if c := s.in.weight(int(i)) * s.in.Source.Cost(int(i), j); c > most {
			if most = c; c > limit {
				demands[0], demands[k] = i, demands[0]
				break
			}
		}
	}
	return most
}

// middle is the site whose largest cost to the demands is least, ties to site j
// and then to the lowest index.
func (s *search) middle(j int, demands []int32) int {
	least := s.cost(j, demands, math.Inf(1))
	worst, most := int32(-1), 0.0
	for _, i := range demands {
		if c := s.in.weight(int(i)) * s.in.Source.Cost(int(i), j); c > most {
			worst, most = i, c
		}
	}
	if worst < 0 {
		return j
	}
	best := -1
	s.pairs = s.in.Source.Within(int(worst), most/s.in.weight(int(worst)), s.pairs[:0])
	for _, p := range s.pairs {
		if c := s.cost(int(p.Site), demands, least); c < least || c == least && best >= 0 && int(p.Site) < best {
			best, least = int(p.Site), c
		}
	}
	if best < 0 {
		return j
	}
	return best
}
