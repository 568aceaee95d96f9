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
// PMedian and PCenter with impossible pairs.
var ErrNodeLimit = errors.New("locate: node limit reached before a solution was found")

// problemf is an error that wraps ErrProblem.
func problemf(format string, args ...any) error {
	return fmt.Errorf("%w: %s", ErrProblem, fmt.Sprintf(format, args...))
}

// infeasiblef is an error that wraps ErrInfeasible.
func infeasiblef(format string, args ...any) error {
	return fmt.Errorf("%w: %s", ErrInfeasible, fmt.Sprintf(format, args...))
}

// Check reports the first thing wrong with a problem: an error that wraps
// ErrProblem if it is not well formed, and one that wraps ErrInfeasible if the
// required sites alone are too many or too dear. Solve begins with it.
func (p *Problem) Check() error {
	if int(p.Model) >= len(modelNames) {
		return problemf("unknown model %d", uint8(p.Model))
	}
	if p.Costs == nil {
		return problemf("no costs")
	}
	if err := p.Costs.check(); err != nil { // lengths first: all else indexes by them
		return err
	}
	n, m := p.Costs.Size()
	if p.Weight != nil && len(p.Weight) != n {
		return problemf("%d weights for %d demands", len(p.Weight), n)
	}
	if p.Site != nil && len(p.Site) != m {
		return problemf("%d site statuses for %d sites", len(p.Site), m)
	}
	for i, w := range p.Weight {
		if !(w >= 0) || math.IsInf(w, 1) {
			return problemf("weight %v of demand %d is not finite and at least 0", w, i)
		}
	}
	if err := p.checkMagnitude(n); err != nil {
		return err
	}
	if p.opens() {
		if err := p.checkOpening(m); err != nil {
			return err
		}
	}
	if err := p.checkCover(); err != nil {
		return err
	}
	if err := p.checkCapacity(n, m); err != nil {
		return err
	}
	return p.checkSites(m)
}

// opens reports whether opening costs matter.
func (p *Problem) opens() bool {
	return p.Model == SetCover || p.Model == FixedCharge || p.Model == MaximalCover && p.Budget > 0
}

// checkMagnitude keeps sums of weights, and of weight times cost, finite with
// room to spare.
func (p *Problem) checkMagnitude(n int) error {
	const most = math.MaxFloat64 / 1e6
	var sum float64
	of := p.Costs.most()
	for i := range n {
		w := p.weight(i)
		top := w
		if w > 0 && (p.Model == PMedian || p.Model == PCenter || p.Model == FixedCharge) {
			top = max(top, w*of(i))
		}
		if sum += top; sum > most {
			return problemf("weight times cost of the demands up to %d exceeds %g", i, most)
		}
	}
	return nil
}

// checkOpening looks at the opening costs, whose sum must be finite too.
func (p *Problem) checkOpening(m int) error {
	if p.Opening != nil && len(p.Opening) != m {
		return problemf("%d opening costs for %d sites", len(p.Opening), m)
	}
	var sum float64
	for j, f := range p.Opening {
		if sum += f; !(f >= 0) || sum > math.MaxFloat64/1e6 {
			return problemf("opening cost %v of site %d is negative, not a number or too large", f, j)
		}
	}
	return nil
}

// checkCover looks at what only the cover models read.
func (p *Problem) checkCover() error {
	if p.Model != SetCover && p.Model != MaximalCover {
		return nil
	}
	switch {
	case !(p.Radius >= 0):
		return problemf("radius %v is not at least 0", p.Radius)
	case p.Model == SetCover && !(p.Share >= 0 && p.Share <= 1):
		return problemf("share %v is not between 0 and 1", p.Share)
	case p.Model == SetCover:
		return nil
	case p.Fade != 0 && !(p.Fade > p.Radius && p.Fade < math.Inf(1)):
		return problemf("fade %v is not a finite cost above the radius %v", p.Fade, p.Radius)
	case !(p.Budget >= 0):
		return problemf("budget %v is not at least 0", p.Budget)
	}
	return nil
}

// checkSites looks at the statuses and at whether P sites can be opened. More
// required sites than P make a well-formed problem that has no solution.
func (p *Problem) checkSites(m int) error {
	allowed, required := m, 0
	var paid float64
	for j, s := range p.Site {
		switch s {
		case Candidate:
		case Required:
			required++
			paid += p.opening(j)
		case Existing, Excluded:
			allowed--
		default:
			return problemf("unknown status %d of site %d", uint8(s), j)
		}
	}
	if p.Model == MaximalCover && p.Budget > 0 && paid > p.Budget {
		return infeasiblef("the required sites cost %v, the budget is %v", paid, p.Budget)
	}
	free := p.Model == SetCover || p.P == 0 && (p.Model == FixedCharge || p.Model == MaximalCover && p.Budget > 0)
	switch {
	case free:
		return nil
	case p.P <= 0:
		return problemf("P is %d", p.P)
	case p.P > allowed:
		return problemf("P is %d, but only %d of %d sites may be opened", p.P, allowed, m)
	case required > p.P:
		return infeasiblef("%d sites are required, P is %d", required, p.P)
	}
	return nil
}
