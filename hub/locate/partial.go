package locate

import (
	"math"

	"github.com/hubplan/hubplan/hub/locate/internal/branch"
	"github.com/hubplan/hubplan/hub/locate/internal/maxcover"
)

// partialCover searches for the cheapest candidates that, with the sites open
// anyway, cover a share of the weight. Which demands stay out is part of the
// question (Daskin and Owen 1999, Geographical Analysis 31).
func (w *work) partialCover() (*Solution, error) {
	candidates, required, existing := w.candidates()
	open := append(required, existing...)
	s, seen := w.signatures(candidates)
	if !seen {
		return nil, w.ctx.Err()
	}
	var paid float64
	for _, j := range required {
		paid += w.opening(j)
	}
	in := &maxcover.Instance{
		Sites: len(candidates), Rows: s.Rows, Weight: s.Weight, Cost: make([]float64, len(candidates)),
		Need: w.needed(s.total) - s.covered,
	}
	for k, j := range candidates {
		in.Cost[k] = w.opening(j)
	}
	if most := in.Total(); most < in.Need {
		return nil, infeasiblef("sites within radius %v cover at most %v of the weight %v, the share %v asks for %v",
			w.Radius, s.covered+most, s.total, w.Share, w.Share*s.total)
	}

	var m *maxcover.Partial
	r := maxcover.Reduce(in, w.stop)
	result := branch.Result{Complete: true}
	if in.Need > 0 {
		m = maxcover.NewPartial(&r.Instance, w.stop)
		result = branch.Run(m, branch.Options{
			Stop: w.stop, Nodes: w.Nodes, Workers: w.Workers, Gap: w.Gap, Offset: paid,
			Grain: exact(r.Cost), Start: w.started(m, r, candidates),
			Report: w.report(func(v float64) float64 { return paid + v }),
		})
		for _, k := range result.Open {
			open = append(open, candidates[r.Site[k]])
		}
		if result.Open == nil {
			if result.Limited {
				return nil, ErrNodeLimit
			}
			return nil, w.ctx.Err()
		}
	}
	bound := paid + result.Bound
	if result.Bound >= result.Value || in.Need <= 0 {
		bound = math.Inf(1) // proven without a margin: finish takes the objective
	}
	solution := w.finish(w.tidy(open), bound, outcome(result), result.Nodes)
	return w.reduce(solution, func() branch.Model { return m.Fork() }, result, func(k int) int { return candidates[r.Site[k]] }), nil
}
