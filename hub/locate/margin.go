package locate

import (
	"context"
)

// Steps says of what Margins asks what a little more of it would buy; what is 0
// is not asked.
type Steps struct {
	Sites  int     // more sites to open: P
	Radius float64 // a larger radius, such as by an hour: with it Fade and Outer
	Budget float64 // a larger budget
}

// Margin is what a step buys.
type Margin struct {
	Step     string // "sites", "radius" or "budget"
	Solution *Solution

	// Gain is by how much better the objective becomes; Least is what is proven
	// of it: the gain is between Least and Most.
	Gain, Least, Most float64
}

// Margins solves a problem and, for each step, the problem with a little more of
// one thing, in the order of the fields of Steps. All are solved to the same
// options. A step that leaves no well-formed problem, such as more sites than
// there are, is an error that wraps ErrProblem.
func Margins(ctx context.Context, p Problem, steps Steps, o Options) (*Solution, []Margin, error) {
	base, err := Solve(ctx, p, o)
	if err != nil {
		return nil, nil, err
	}
	sign := 1.0
	if p.Maximises() {
		sign = -1
	}
	var margins []Margin
	try := func(step string, change func(q *Problem)) error {
		q := p
		change(&q)
		more := o
		more.Start = base.Open
		s, err := Solve(ctx, q, more)
		if err != nil {
			return err
		}
		margins = append(margins, Margin{
			Step: step, Solution: s, Gain: sign * (base.Objective - s.Objective),
			Least: sign * (base.Bound - s.Objective), Most: sign * (base.Objective - s.Bound),
		})
		return nil
	}
	if steps.Sites != 0 {
		if p.P == 0 || p.Model == SetCover {
			return nil, nil, problemf("more sites of a problem that opens any number")
		}
		err = try("sites", func(q *Problem) { q.P += steps.Sites })
	}
	if steps.Radius != 0 && err == nil {
		err = try("radius", func(q *Problem) {
			q.Radius += steps.Radius
			if q.Fade > 0 {
				q.Fade += steps.Radius
			}
			if q.Outer > 0 {
				q.Outer += steps.Radius
			}
		})
	}
	if steps.Budget != 0 && err == nil {
		if p.Budget == 0 {
			return nil, nil, problemf("a larger budget of a problem without one")
		}
		err = try("budget", func(q *Problem) { q.Budget += steps.Budget })
	}
	if err != nil {
		return nil, nil, err
	}
	return base, margins, nil
}
