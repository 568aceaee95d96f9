package locate

import (
	"math"

	"github.com/hubplan/hubplan/hub/locate/internal/branch"
	"github.com/hubplan/hubplan/hub/locate/internal/cover"
)

// setCover searches for the cheapest candidates that cover what the
// required sites do not.
func (w *work) setCover() (*Solution, error) {
	if w.Share > 0 && w.Share < 1 {
		return w.partialCover()
	}
	candidates, required, existing := w.candidates()
	rows, lost, err := w.rows(candidates, w.Radius)
	if err != nil {
		return nil, err
	}
	if lost >= 0 {
		return nil, infeasiblef("demand %d has no site within radius %v that may be opened", lost, w.Radius)
	}
	in := &cover.Instance{Sites: len(candidates), Rows: rows, Opening: make([]float64, len(candidates))}
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
	var m *cover.Model
	result := branch.Result{Complete: true}
	if len(r.Rows) > 0 {
		m = cover.NewModel(&r.Instance, w.stop)
		m.Seed = w.Seed
		start, _ := m.Greedy()
		result = branch.Run(m, branch.Options{
			Stop: w.stop, Nodes: w.Nodes, Workers: w.Workers, Gap: w.Gap, Offset: paid, Grain: exact(r.Opening),
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
	solution := w.finish(w.tidy(open), bound, outcome(result), result.Nodes)
	return w.reduce(solution, func() branch.Model { return m.Fork() }, result, func(k int) int { return candidates[r.Site[k]] }), nil
}
