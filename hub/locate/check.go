package locate

import (
	"errors"
	"fmt"
	"math"
)

// ErrProblem is wrapped by the errors of a problem that is not well formed:
// lengths that do not match, a number out of its range. The message names the
// index.
var ErrProblem = errors.New("locate: bad problem")

// ErrInfeasible is wrapped by the errors of a well-formed problem that is
// proven to have no solution. The message names the reason.
var ErrInfeasible = errors.New("locate: infeasible")

// ErrNodeLimit is returned if Options.Nodes ends the search before it has
// found any solution or proven that there is none, which can happen only in
// PMedian with impossible pairs.
var ErrNodeLimit = errors.New("locate: node limit reached before a solution was found")

// problemf is an error that wraps ErrProblem.
func problemf(format string, args ...any) error {
	return fmt.Errorf("%w: %s", ErrProblem, fmt.Sprintf(format, args...))
}

// infeasiblef is an error that wraps ErrInfeasible.
func infeasiblef(format string, args ...any) error {
	return fmt.Errorf("%w: %s", ErrInfeasible, fmt.Sprintf(format, args...))
}

// check reports the first thing wrong with a problem.
func (p *Problem) check() error {
	c := p.Costs
	switch {
	case p.Model > SetCover: // lengths first: all else indexes by them
		return problemf("unknown model %d", uint8(p.Model))
	case c.Demands <= 0:
		return problemf("%d demands", c.Demands)
	case c.Sites <= 0:
		return problemf("%d sites", c.Sites)
	case len(c.Values)/c.Sites != c.Demands || len(c.Values)%c.Sites != 0:
		return problemf("%d costs for %d demands and %d sites", len(c.Values), c.Demands, c.Sites)
	case p.Weight != nil && len(p.Weight) != c.Demands:
		return problemf("%d weights for %d demands", len(p.Weight), c.Demands)
	case p.Site != nil && len(p.Site) != c.Sites:
		return problemf("%d site statuses for %d sites", len(p.Site), c.Sites)
	}
	for i, w := range p.Weight {
		if !(w >= 0) || math.IsInf(w, 1) {
			return problemf("weight %v of demand %d is not finite and at least 0", w, i)
		}
	}
	for k, v := range c.Values {
		if !(v >= 0) {
			return problemf("cost %v of demand %d from site %d is not at least 0", v, k/c.Sites, k%c.Sites)
		}
	}
	if err := p.checkMagnitude(); err != nil {
		return err
	}
	if p.Model != PMedian && !(p.Radius >= 0) {
		return problemf("radius %v is not at least 0", p.Radius)
	}
	if p.Model == SetCover {
		if err := p.checkOpening(); err != nil {
			return err
		}
	}
	return p.checkSites()
}

// checkMagnitude keeps sums of weights, and of weight times cost, finite with
// room to spare.
func (p *Problem) checkMagnitude() error {
	const most = math.MaxFloat64 / 1e6
	var sum float64
	for i := range p.Costs.Demands {
		w := p.weight(i)
		top := w
		if p.Model == PMedian && w > 0 {
			for j := range p.Costs.Sites {
				if c := p.Costs.At(i, j); !math.IsInf(c, 1) {
					top = max(top, w*c)
				}
			}
		}
		if sum += top; sum > most {
			return problemf("weight times cost of the demands up to %d exceeds %g", i, most)
		}
	}
	return nil
}

// checkOpening looks at the opening costs, whose sum must be finite too.
func (p *Problem) checkOpening() error {
	if p.Opening != nil && len(p.Opening) != p.Costs.Sites {
		return problemf("%d opening costs for %d sites", len(p.Opening), p.Costs.Sites)
	}
	var sum float64
	for j, f := range p.Opening {
		if sum += f; !(f >= 0) || sum > math.MaxFloat64/1e6 {
			return problemf("opening cost %v of site %d is negative, not a number or too large", f, j)
		}
	}
	return nil
}

// checkSites looks at the statuses and at whether P sites can be opened. More
// required sites than P make a well-formed problem that has no solution.
func (p *Problem) checkSites() error {
	allowed, required := p.Costs.Sites, 0
	for j, s := range p.Site {
		switch s {
		case Candidate:
		case Required:
			required++
		case Excluded:
			allowed--
		default:
			return problemf("unknown status %d of site %d", uint8(s), j)
		}
	}
	if p.Model == SetCover {
		return nil
	}
	switch {
	case p.P <= 0:
		return problemf("P is %d", p.P)
	case p.P > allowed:
		return problemf("P is %d, but only %d of %d sites may be opened", p.P, allowed, p.Costs.Sites)
	case required > p.P:
		return infeasiblef("%d sites are required, P is %d", required, p.P)
	}
	return nil
}
