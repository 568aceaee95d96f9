package locate

import (
	"math/rand/v2"
	"slices"

	"github.com/hubplan/hubplan/hub/locate/internal/branch"
	"github.com/hubplan/hubplan/hub/locate/internal/maxcover"
)

// shakes is the number of random restarts of a local search before the tree
// search.
const shakes = 8

// maximalCover searches for the candidates that add most to the cover of the
// sites that are open anyway. What those cover is out of the question, and the
// rest of P or of the budget is spent on what is left.
func (w *work) maximalCover() (*Solution, error) {
	candidates, required, existing := w.candidates()
	open := append(required, existing...)
	s, seen := w.signatures(candidates)
	if !seen {
		return w.finish(w.tidy(w.fromStart(open)), w.most(), Interrupted, 0), nil
	}
	r := maxcover.Reduce(w.choice(s, candidates, required), w.stop)

	var m *maxcover.Model
	result := branch.Result{Complete: true}
	if len(r.Rows) > 0 && r.Sites > 0 && (r.Cost != nil || r.Open > 0) {
		m = maxcover.NewModel(&r.Instance, w.stop)
		result = branch.Run(m, branch.Options{
			Stop: w.stop, Nodes: w.Nodes, Workers: w.Workers, Gap: w.Gap, Offset: -s.covered,
			Grain: exact(r.Weight), Start: w.started(m, r, candidates), Bound: -r.Total() * (1 + 1e-12),
			Report: w.report(func(v float64) float64 { return s.covered - v }),
		})
		for _, k := range result.Open {
			open = append(open, candidates[r.Site[k]])
		}
	}
	bound := s.covered - result.Bound
	switch {
	case result.Bound >= result.Value:
		bound = 0 // proven without a margin: finish takes the objective
	case !result.Complete:
		bound += leeway(s.total, r.Weight)
	}
	solution := w.finish(w.tidy(open), bound, outcome(result), result.Nodes)
	return w.reduce(solution, func() branch.Model { return m.Fork() }, result, func(k int) int { return candidates[r.Site[k]] }), nil
}

// improver is a local search.
type improver interface {
	Greedy() ([]int, float64)
	From(open []int) ([]int, float64)
	Shake(start []int, rounds int, rng *rand.Rand) ([]int, float64)
}

// started is the best solution that a local search finds from scratch or from
// Options.Start, and improves by random restarts.
func (w *work) started(in improver, r *maxcover.Reduced, candidates []int) []int {
	open, value := in.Greedy()
	if len(w.Start) > 0 {
		var known []int
		for k, at := range r.Site {
			if slices.Contains(w.Start, candidates[at]) {
				known = append(known, k)
			}
		}
		if o, v := in.From(known); v <= value {
			open = o
		}
	}
	open, _ = in.Shake(open, shakes, rand.New(rand.NewPCG(w.Seed, uint64(len(r.Rows)))))
	return open
}

// fromStart adds to the sites that are open anyway those of Options.Start, as
// far as they fit.
func (w *work) fromStart(open []int) []int {
	left, paid := w.P, 0.0
	for _, j := range open {
		if w.status(j) == Required {
			left--
			paid += w.opening(j)
		}
	}
	for _, j := range w.Start {
		if w.status(j) != Candidate || slices.Contains(open, j) ||
			w.P > 0 && left == 0 || !w.fitsBudget(paid+w.opening(j)) {
			continue
		}
		open = append(open, j)
		left--
		paid += w.opening(j)
	}
	return open
}

// choice is what is left to choose beside the required sites.
func (w *work) choice(s *scan, candidates, required []int) *maxcover.Instance {
	in := &maxcover.Instance{Sites: len(candidates), Rows: s.Rows, Weight: s.Weight, Open: w.P - len(required)}
	if w.Budget == 0 {
		return in
	}
	in.Budget = w.Budget * (1 + 1e-12)
	for _, j := range required {
		in.Budget -= w.opening(j)
	}
	in.Cost = make([]float64, len(candidates))
	var all float64
	for k, j := range candidates {
		in.Cost[k] = w.opening(j)
		all += in.Cost[k]
	}
	in.Budget = min(max(in.Budget, 0), all) // finite, whatever the problem's is
	if w.P > 0 && in.Open == 0 {            // the required sites are all that there may be
		in.Sites, in.Rows, in.Weight, in.Cost = 0, nil, nil, in.Cost[:0]
	}
	return in
}

// most is a bound that needs no search: the weight of all demands.
func (w *work) most() float64 {
	var sum float64
	for i := range w.demands {
		sum += w.weight(i)
	}
	return sum * (1 + 1e-12) * (1 + 0x1p-53*float64(w.demands))
}

// fitsBudget reports whether sites of this cost are within the budget, with
// leeway for the order of sums.
func (p *Problem) fitsBudget(cost float64) bool {
	return p.Budget == 0 || cost <= p.Budget*(1+1e-12)
}
