package locate

import (
	"math"
	"slices"

	"github.com/hubplan/hubplan/hub/locate/internal/branch"
	"github.com/hubplan/hubplan/hub/locate/internal/cover"
	"github.com/hubplan/hubplan/hub/locate/internal/near"
)

// mustCover collects for every demand with weight which of the candidates cover
// it, by position, unless a site that is open anyway does; demands with the same
// candidates are merged. The first demand that nothing covers is lost, else -1.
// Pairs out of reach are never looked at, so that points need no matrix.
func (w *work) mustCover(candidates []int) (c *cover.Collector, lost int) {
	const given, never = -1, -2
	position := make([]int32, w.sites)
	for j := range position {
		position[j] = never
		if s := w.status(j); s == Required || s == Existing {
			position[j] = given
		}
	}
	for k, j := range candidates {
		position[j] = int32(k)
	}
	c = new(cover.Collector)
	var pairs []near.Pair
	var row []int32
demands:
	for i := range w.demands {
		if w.weight(i) == 0 {
			continue
		}
		pairs, row = w.source.Within(i, w.Radius, pairs[:0]), row[:0]
		for _, p := range pairs {
			switch k := position[p.Site]; k {
			case never:
			case given:
				continue demands
			default:
				row = append(row, k)
			}
		}
		if len(row) == 0 {
			return c, i
		}
		slices.Sort(row)
		c.Add(row, w.weight(i))
	}
	return c, -1
}

// setCover searches for the cheapest candidates that cover what the
// required sites do not.
func (w *work) setCover() (*Solution, error) {
	if w.Share > 0 && w.Share < 1 {
		return w.partialCover()
	}
	candidates, required, existing := w.candidates()
	c, lost := w.mustCover(candidates)
	if lost >= 0 {
		return nil, infeasiblef("demand %d has no site within radius %v that may be opened", lost, w.Radius)
	}
	in := &cover.Instance{Sites: len(candidates), Rows: c.Rows, Opening: make([]float64, len(candidates))}
	for k, j := range candidates {
		in.Opening[k] = w.opening(j)
	}
	r := cover.Reduce(in, w.stop)

	// Required and forced sites are paid for whatever the search finds.
	var paid float64
	open := append(required, existing...)
	for _, k := range r.Forced {
		open = append(open, candidates[k])
	}
	for _, j := range open {
		paid += w.opening(j)
	}
	result := branch.Result{Complete: true}
	if len(r.Rows) > 0 {
		m := cover.NewModel(&r.Instance, w.stop)
		m.Seed = w.Seed
		start, _ := m.Greedy()
		result = branch.Run(m, branch.Options{
			Stop: w.stop, Nodes: w.Nodes, Grain: exact(r.Opening),
			Start:  m.Improve(start),
			Report: w.report(func(v float64) float64 { return paid + v }),
		})
		for _, k := range result.Open {
			open = append(open, candidates[r.Site[k]])
		}
	}
	bound := paid + result.Bound
	if result.Bound >= result.Value {
		bound = math.Inf(1) // proven without a margin: finish takes the objective
	}
	return w.finish(w.tidy(open), bound, outcome(result), result.Nodes), nil
}
