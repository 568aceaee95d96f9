package locate

import (
	"context"
	"math"

	"github.com/hubplan/hubplan/hub/locate/internal/branch"
)

// Solve finds a solution of p and proves how good it is.
//
// It returns an error that wraps ErrProblem if p is not well formed, and one
// that wraps ErrInfeasible if p is proven to have no solution. If ctx ends,
// Solve returns within about 100 ms the best solution found with the bound
// proven by then, Status Interrupted and no error; only if it has no solution
// yet does it return the error of the context (or ErrNodeLimit, if that is
// what ended the search).
//
// The result depends on p and on o.Nodes and o.Seed alone, except for where a
// context cuts the search off.
func Solve(ctx context.Context, p Problem, o Options) (*Solution, error) {
	if err := p.check(); err != nil {
		return nil, err
	}
	switch p.Model {
	case MaximalCover:
		return p.solveMaximalCover(ctx, o)
	case SetCover:
		return p.solveSetCover(ctx, o)
	default:
		return p.solveMedian(ctx, o)
	}
}

// outcome translates how a search ended.
func outcome(r branch.Result) Outcome {
	switch {
	case r.Complete:
		return Optimal
	case r.Limited:
		return NodeLimit
	default:
		return Interrupted
	}
}

// report adapts the progress callback to the values of a search, which
// objective translates.
func (o *Options) report(objective func(v float64) float64) func(value, bound float64, nodes int) {
	if o.Progress == nil {
		return nil
	}
	return func(value, bound float64, nodes int) {
		v, b := objective(value), objective(bound)
		o.Progress(Progress{Objective: v, Bound: b, Gap: gap(v, b), Nodes: nodes})
	}
}

// grain returns a step of which every sum of up to n of the values is an
// exact multiple: their greatest common divisor if they are integers whose
// sums are exact, else 0. Infinite values do not count.
func grain(values []float64, n int) float64 {
	most := 0x1p52 / float64(n)
	var g uint64
	for _, v := range values {
		if math.IsInf(v, 1) {
			continue
		}
		if v != math.Trunc(v) || v > most {
			return 0
		}
		a := uint64(v)
		for a != 0 {
			g, a = a, g%a
		}
	}
	return float64(g)
}
