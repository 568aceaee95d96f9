package locate

import (
	"math/rand/v2"

	"github.com/hubplan/hubplan/hub/locate/internal/branch"
	"github.com/hubplan/hubplan/hub/locate/internal/cover"
)

// maximalCover searches for the candidates that add most to the cover of
// the required sites.
func (w *work) maximalCover() (*Solution, error) {
	// Required sites are taken as given: what they cover is out of the
	// question, and the rest of P is chosen for what is left.
	candidates, required, existing := w.candidates()
	c, covered, _ := w.rows(candidates, w.Radius)
	r := cover.Reduce(&cover.Instance{
		Sites: len(candidates), Rows: c.Rows, Weight: c.Weight, Open: w.P - len(required),
	}, w.stop)

	open := append(required, existing...)
	result := branch.Result{Complete: true}
	if len(r.Rows) > 0 && r.Open > 0 {
		m := cover.NewModel(&r.Instance, w.stop)
		start, _ := m.Greedy()
		start = m.Shake(start, 8, rand.New(rand.NewPCG(w.Seed, uint64(len(r.Rows)))))
		var total float64
		for _, v := range r.Weight {
			total += v
		}
		result = branch.Run(m, branch.Options{
			Stop: w.stop, Nodes: w.Nodes, Grain: exact(r.Weight),
			Start: start, Bound: -total * (1 + 1e-12),
			Report: w.report(func(v float64) float64 { return covered - v }),
		})
		for _, k := range result.Open {
			open = append(open, candidates[r.Site[k]])
		}
	}
	bound := covered - result.Bound
	if result.Bound >= result.Value {
		bound = 0 // proven without a margin: finish takes the objective
	}
	return w.finish(w.tidy(open), bound, outcome(result), result.Nodes), nil
}
