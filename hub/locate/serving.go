package locate

import (
	"math"
	"slices"

	"github.com/hubplan/hubplan/hub/locate/internal/near"
)

// scene is one state of affairs in which demands are to be served: that of the
// problem, or a scenario.
type scene struct {
	*Problem // whose weights count
	source   near.Source
	at       []int                            // comes first in names
	worst    float64                          // the largest weighted cost of a part, in PCenter
	charge   func(column int, amount float64) // says what a column adds to the loss
}

// scene is the one that the problem itself describes.
func (l *linear) scene() scene {
	return scene{Problem: l.work.Problem, source: l.source, worst: noMore, charge: func(column int, amount float64) { l.Cost[column] += amount }}
}

// index prefixes the scene to the indices of a name.
func (s *scene) index(more ...int) []int { return append(slices.Clip(s.at), more...) }

// linearService states the models in which every demand is served by a site:
// PMedian, FixedCharge and PCenter.
func (w *work) linearService() (*linear, error) {
	l := w.newLinear(w.paid)
	switch {
	case w.Capacity != nil && !w.Capacity.Single: // parts are no integers
	case w.Model == PMedian:
		l.exact = w.steps()
	case w.Model == FixedCharge:
		if c, f := w.steps(), w.exactCosts(); c > 0 && f > 0 {
			l.exact = gcd(c, f)
		}
	}
	if w.Model != PCenter {
		return l, l.serve(l.scene())
	}
	var most float64
	of := w.Costs.most()
	for i := range w.demands {
		most = max(most, w.weight(i)*of(i))
	}
	return l, l.center(l.column(1, 0, most, "z"))
}

// steps is step with the penalty.
func (w *work) steps() float64 {
	g := w.step()
	if w.Penalty == 0 || g == 0 {
		return g
	}
	weights := make([]float64, w.demands)
	for i := range weights {
		weights[i] = w.weight(i) * w.Penalty
	}
	if p := exact(weights); p > 0 {
		return gcd(g, p)
	}
	return 0
}

// serve adds the columns and rows by which open sites serve all demands of a
// scene, or with Penalty leave them out.
func (l *linear) serve(s scene) error {
	var pairs []near.Pair
	room := l.newRoom(&s)
	reach := math.Inf(1)
	if room != nil {
		reach = s.serviceReach()
	}
	for i := range l.demands {
		weight := s.weight(i)
		if weight == 0 {
			continue
		}
		var once row
		pairs = sorted(s.source.Within(i, reach, pairs[:0]))
		reached, largest := false, 0.0
		for _, pair := range pairs {
			j := int(pair.Site)
			if l.open[j] < 0 || s.Model == PCenter && weight*pair.Cost > s.worst {
				continue
			}
			reached = true
			var y int
			switch {
			case room == nil:
				y = l.column(0, 0, 1, "y", s.index(i, j)...)
			case room.holds(i, j):
				y = room.column(i, pair)
			default:
				largest = max(largest, s.Capacity.largest(j))
				continue
			}
			switch {
			case room == nil || !s.covers():
				s.charge(y, weight*pair.Cost)
			case s.Model == MaximalCover:
				s.charge(y, -weight)
			}
			once.add(y, 1)
			l.behind(y, l.open[j], "l", s.index(i, j)...)
		}
		if room != nil {
			room.closest(i, pairs, once)
		}
		if l.work.Penalty > 0 {
			u := l.column(0, 0, 1, "u", s.index(i)...)
			s.charge(u, weight*l.work.Penalty)
			once.add(u, 1)
		}
		switch {
		case room != nil && (s.Model == MaximalCover || s.Model == SetCover && s.asked() < 1):
			if len(once.columns) > 0 {
				l.limit(0, 1, once, "d", s.index(i)...)
			}
			continue
		case len(once.columns) > 0:
		case reached && len(s.Capacity.Commodities) > 0:
			return infeasiblef("demand %d takes up more than any site that can serve it holds", i)
		case reached:
			return infeasiblef("demand %d takes up %v, the largest site that can serve it holds %v", i, s.size(i), largest)
		case s.Model == SetCover:
			return infeasiblef("demand %d has no site within radius %v that may be opened", i, s.Radius)
		case s.at != nil:
			return infeasiblef("demand %d has no site that can serve it in scenario %d", i, s.at[0])
		default:
			return infeasiblef("demand %d has no site that can serve it", i)
		}
		l.limit(1, 1, once, "d", s.index(i)...)
	}
	if room != nil {
		room.close()
	}
	return nil
}

// sorted orders pairs by their site.
func sorted(pairs []near.Pair) []near.Pair {
	slices.SortFunc(pairs, func(a, b near.Pair) int { return int(a.Site - b.Site) })
	return pairs
}

// center has the column worst be at least the weighted cost of every demand.
func (l *linear) center(worst int) error {
	s := l.scene()
	costs := map[int]float64{}
	s.charge = func(y int, cost float64) { costs[y] = cost }
	first := len(l.Cost)
	if err := l.serve(s); err != nil {
		return err
	}
	// The rows of demands hold their columns.
	rows := len(l.rowNames)
	for r := range rows {
		var largest row
		for k := l.First[r]; k < l.First[r+1] && int(l.Column[k]) >= first; k++ {
			largest.add(int(l.Column[k]), -costs[int(l.Column[k])])
		}
		if l.rowNames[r][0] == 'd' && len(largest.columns) > 0 {
			largest.add(worst, 1)
			l.limit(0, noMore, largest, "r"+l.rowNames[r][1:])
		}
	}
	return nil
}
