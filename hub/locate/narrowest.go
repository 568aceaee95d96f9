package locate

import (
	"math"
	"slices"

	"github.com/hubplan/hubplan/hub/locate/internal/mip"
)

// narrowest solves a PCenter with capacities: it halves the list of weighted
// costs, asking each time whether open sites can serve all demands at no more.
// That needs no column for the largest cost, whose relaxation says little. A
// cost is ruled out by proof alone, so that the least one that is not is a bound.
func (w *work) narrowest() (*Solution, error) {
	costs, least := w.weighted()
	low, high := slices.Index(costs, least), len(costs)
	if len(costs) == 0 { // nothing asks for service
		low, high, costs = 0, 1, []float64{0}
	}
	var best *plan
	value, nodes, cut := math.Inf(1), 0, false
	take := func(l *linear, x []float64) {
		if p := l.plan(x); best == nil || w.judgePlan(p) < value {
			best, value = p, w.judgePlan(p)
		}
		if at, _ := slices.BinarySearch(costs, value); at < high {
			high = at
		}
	}
	if len(w.Start) > 0 {
		l, err := w.withinCost(costs[len(costs)-1])
		if err != nil {
			return nil, err
		}
		if x := l.from(w.Start); x != nil {
			take(l, x)
		}
	}
	for low < high && !cut && (best == nil || gap(value, costs[low]) > w.Gap) {
		at := (low + high) / 2
		l, err := w.withinCost(costs[at])
		if err != nil {
			if at == len(costs)-1 {
				return nil, err
			}
			low = at + 1
			continue
		}
		o := mip.Options{Stop: w.stop, Workers: w.Workers, Gap: anyGap}
		if w.Nodes > 0 {
			if o.Nodes = w.Nodes - nodes; o.Nodes <= 0 {
				break
			}
		}
		r := mip.Solve(&l.Problem, o)
		nodes += r.Nodes
		switch {
		case r.X != nil:
			take(l, r.X)
			high = min(high, at) // whatever rounding makes of the value
		case !math.IsInf(r.Bound, 1):
			cut = true
		case at == len(costs)-1:
			return nil, w.breaks()
		default:
			low = at + 1
		}
		if w.Progress != nil && best != nil {
			bound := min(value, costs[min(low, len(costs)-1)])
			w.Progress(Progress{Objective: value, Bound: bound, Gap: gap(value, bound), Nodes: nodes})
		}
	}
	switch {
	case best != nil:
		bound := min(value, costs[min(low, len(costs)-1)])
		return w.completePlan(best, value, bound, nodes, low >= high), nil
	case w.ctx.Err() != nil:
		return nil, w.ctx.Err()
	}
	return nil, ErrNodeLimit
}

// weighted lists the weighted costs of all pairs that may serve, ascending, and
// the largest of the least ones of each demand.
func (w *work) weighted() (costs []float64, least float64) {
	for i := range w.demands {
		weight := w.weight(i)
		if weight == 0 {
			continue
		}
		nearest := math.Inf(1)
		for _, pair := range w.source.Within(i, math.Inf(1), nil) {
			if w.status(int(pair.Site)) != Excluded {
				costs = append(costs, weight*pair.Cost)
				nearest = min(nearest, weight*pair.Cost)
			}
		}
		if nearest < math.Inf(1) {
			least = max(least, nearest)
		}
	}
	slices.Sort(costs)
	return slices.Compact(costs), least
}

// anyGap ends a search with the first solution.
const anyGap = 1e9

// withinCost states that all demands are served at a weighted cost of at most
// worst. Any solution will do; the sum of the costs is there to guide the search.
func (w *work) withinCost(worst float64) (*linear, error) {
	l := w.newLinear(w.paid)
	s := l.scene()
	s.worst = worst
	return l, l.serve(s)
}
