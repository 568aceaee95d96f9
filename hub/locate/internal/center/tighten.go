package center

import (
	"math"
	"slices"

	"github.com/hubplan/hubplan/hub/locate/internal/cover"
	"github.com/hubplan/hubplan/hub/locate/internal/near"
)

// tightening asks for a radius of the sites near to some that are open. They are
// few, so that the sample may grow many times in the time that one answer for
// all sites takes; and in the end it either has a solution or has ruled out all
// of the neighbourhood at once.
type tightening struct {
	s     *search
	r     float64
	sites []int       // those nearby, ascending
	rows  [][]float64 // per demand of the sample that given sites leave, its cost from each
	seen  int         // demands of the sample that have been looked at
}

// tighten looks for a solution of radius at most r near to the open sites, given
// ones included. It returns its sites, nil if it finds none, and its radius; what
// it meets on the way it offers.
func (s *search) tighten(open []int, r float64) ([]int, float64) {
	const (
		rounds = 200 // in which the sample grows
		nodes  = 20  // of a decision
	)
	t := &tightening{s: s, r: r}
	if !t.surround(open) {
		return nil, 0
	}
	for range rounds {
		if s.ended() || !t.refresh() {
			return nil, 0
		}
		reduced := cover.Reduce(t.instance(), s.o.Stop)
		chosen := slices.Clone(reduced.Forced)
		if left := s.in.Open - len(chosen); left < 0 {
			return nil, 0
		} else if len(reduced.Rows) > 0 {
			more, a := s.decide(&reduced.Instance, left, nodes)
			if a != reached {
				return nil, 0
			}
			for _, k := range more {
				chosen = append(chosen, reduced.Site[k])
			}
		}
		t.centre(chosen)
		now := slices.Clone(s.in.Given)
		for _, c := range chosen {
			now = append(now, t.sites[c])
		}
		now = unique(now)
		radius, whole := s.measure(now, r)
		if !whole {
			return nil, 0
		}
		s.offer(now, radius)
		if radius <= r {
			return now, radius
		}
		s.enlarge(len(now))
	}
	return nil, 0
}

// surround lists the sites nearby: for each open site those that serve its part
// of the sample best.
func (t *tightening) surround(open []int) bool {
	served, radius := t.s.serve(open)
	if math.IsInf(radius, 1) {
		return false
	}
	for k, j := range open {
		if t.s.cells.given[j] {
			continue
		}
		t.sites = append(t.sites, j)
		if len(served[k]) > 0 {
			t.nearby(j, served[k])
		}
	}
	t.sites = unique(t.sites)
	return len(t.sites) > 0
}

// nearby adds the sites that serve the demands of site j best.
func (t *tightening) nearby(j int, demands []int32) {
	const (
		most = 150 // sites
		wide = 1.1 // of the radius, what they cost at most
	)
	s := t.s
	limit := wide * max(t.r, s.cost(j, demands, math.Inf(1)))
	worst := demands[0]
	weight := s.in.weight(int(worst))
	s.pairs = s.in.Source.Within(int(worst), limit/weight, s.pairs[:0])
	best := s.pairs[:0]
	for _, p := range s.pairs {
		if c := s.cost(int(p.Site), demands, limit); c <= limit {
			best = append(best, near.Pair{Cost: c, Site: p.Site})
		}
	}
	slices.SortFunc(best, near.Compare)
	for _, p := range best[:min(len(best), most)] {
		if !s.cells.given[p.Site] {
			t.sites = append(t.sites, int(p.Site))
		}
	}
}

// refresh takes the demands that have come to the sample into account. It
// reports false if no site nearby serves one of them.
func (t *tightening) refresh() bool {
	s := t.s
demands:
	for _, i := range s.sample[t.seen:] {
		t.seen++
		weight := s.in.weight(int(i))
		for _, j := range s.in.Given {
			if weight*s.in.Source.Cost(int(i), j) <= t.r {
				continue demands
			}
		}
		row := make([]float64, len(t.sites))
		least := math.Inf(1)
		for c, j := range t.sites {
			row[c] = weight * s.in.Source.Cost(int(i), j)
			least = min(least, row[c])
		}
		if least > t.r {
			return false
		}
		t.rows = append(t.rows, row)
	}
	return true
}

// instance is the set cover of the sample by the sites nearby.
func (t *tightening) instance() *cover.Instance {
	in := &cover.Instance{Sites: len(t.sites), Opening: make([]float64, len(t.sites))}
	for c := range in.Opening {
		in.Opening[c] = 1
	}
	for _, costs := range t.rows {
		var row []int32
		for c, cost := range costs {
			if cost <= t.r {
				row = append(row, int32(c))
			}
		}
		in.Rows = append(in.Rows, row)
	}
	return in
}

// centre moves the chosen sites, by position, to the middle of the rows that
// they serve, as recentre does among all sites.
func (t *tightening) centre(chosen []int) {
	const passes = 3
	served := make([][]int, len(chosen))
	for range passes {
		for k := range served {
			served[k] = served[k][:0]
		}
		for i, row := range t.rows {
			best := 0
			for k, c := range chosen {
				if row[c] < row[chosen[best]] {
					best = k
				}
			}
			if len(chosen) > 0 {
				served[best] = append(served[best], i)
			}
		}
		for k, rows := range served {
			least := t.most(chosen[k], rows, math.Inf(1))
			for c := range t.sites {
				if v := t.most(c, rows, least); v < least {
					chosen[k], least = c, v
				}
			}
		}
	}
}

// most is the largest cost of some rows from a site, not finished once it
// reaches the limit; the row that did it comes first from then on.
func (t *tightening) most(c int, rows []int, limit float64) float64 {
	most := 0.0
	for k, i := range rows {
		if v := t.rows[i][c]; v > most {
			if most = v; v >= limit {
				rows[0], rows[k] = i, rows[0]
				break
			}
		}
	}
	return most
}

// press moves open sites of some radius to solutions nearby of ever smaller radius
// until it reaches the goal, first by large steps and then by small ones. It
// reports whether it did. Demands that come to the sample on the way are
// forgotten: those of a larger radius than the goal say little about it.
func (s *search) press(open []int, radius, goal float64) bool {
	const largest, smallest, smaller = 1e-2, 1e-5, 4
	from := len(s.sample)
	defer func() { s.shrink(from) }()
	for step := largest; radius > goal && step > smallest && !s.ended(); {
		r := max(goal, s.grained(min(radius-step*radius, s.below(radius))))
		if now, least := s.tighten(open, r); now != nil {
			open, radius = now, least
		} else {
			step /= smaller
		}
	}
	return radius <= goal
}
