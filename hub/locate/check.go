package locate

import (
	"errors"
	"fmt"
	"math"
	"slices"
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
	if err := p.checkMore(n, m); err != nil {
		return err
	}
	if err := p.checkCapacity(n, m); err != nil {
		return err
	}
	return p.checkSites(m)
}

// opens reports whether opening costs matter.
func (p *Problem) opens() bool {
	return p.Model == SetCover || p.Model == FixedCharge || p.Model == HubCover || p.Budget > 0
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

// covers lists the models that have a Radius.
var covers = []Model{
	MaximalCover, SetCover, BackupCover, DoubleStandard, CooperativeCover, CoverInterdiction, CoverFortification,
	HubCover,
}

// checkCover looks at what only the cover models read.
func (p *Problem) checkCover() error {
	switch {
	case !(p.Budget >= 0):
		return problemf("budget %v is not at least 0", p.Budget)
	case !slices.Contains(covers, p.Model):
		return nil
	case !(p.Radius >= 0):
		return problemf("radius %v is not at least 0", p.Radius)
	case (p.Model == SetCover || p.Model == DoubleStandard) && !(p.Share >= 0 && p.Share <= 1):
		return problemf("share %v is not between 0 and 1", p.Share)
	case (p.Model == MaximalCover && p.Fade != 0 || p.Model == CooperativeCover) && !(p.Fade > p.Radius && p.Fade < math.Inf(1)):
		return problemf("fade %v is not a finite cost above the radius %v", p.Fade, p.Radius)
	case p.Model == CooperativeCover && !(p.Threshold > 0 && p.Threshold < math.Inf(1)):
		return problemf("threshold %v is not finite and above 0", p.Threshold)
	case p.Model == DoubleStandard && !(p.Outer >= p.Radius):
		return problemf("outer radius %v is not at least the radius %v", p.Outer, p.Radius)
	case p.Model == BackupCover && !(p.Primary >= 0 && p.Primary <= 1):
		return problemf("primary %v is not between 0 and 1", p.Primary)
	}
	return nil
}

// takes says which models know a field, for fields that change what a solution
// is: to pass over them in silence would answer another question.
func (p *Problem) takes(set bool, field string, models ...Model) error {
	if set && !slices.Contains(models, p.Model) {
		return problemf("%v takes no %s", p.Model, field)
	}
	return nil
}

// checkMore looks at what goes beyond costs, weights and sites.
func (p *Problem) checkMore(n, m int) error {
	building := []Model{PMedian, PCenter, FixedCharge, SetCover, MaximalCover, BackupCover, DoubleStandard, CooperativeCover}
	counting := []Model{SetCover, MaximalCover, BackupCover, DoubleStandard}
	for _, err := range []error{
		p.takes(p.Fold != nil, "fold", SetCover, MaximalCover),
		p.takes(p.Units != nil, "units", counting...),
		p.takes(p.Failure != nil, "failure", MaximalCover, PMedian, FixedCharge),
		p.takes(p.Penalty != 0, "penalty", PMedian, FixedCharge, Interdiction, Fortification),
		p.takes(p.Loss != 0, "loss", MaximalCover, Fortification, CoverFortification),
		p.takes(p.Rules != nil, "rules", building...),
		p.takes(p.Budget != 0, "budget", building...),
		p.takes(len(p.Periods) > 0, "periods", PMedian, FixedCharge, MaximalCover),
		p.takes(p.Attraction != nil, "attraction", Huff),
		p.takes(p.Hub != nil, "hub", HubMedian, HubCover),
	} {
		if err != nil {
			return err
		}
	}
	if !(p.Penalty >= 0) || math.IsInf(p.Penalty, 1) {
		return problemf("penalty %v is not finite and at least 0", p.Penalty)
	}
	if p.Fold != nil && len(p.Fold) != n {
		return problemf("%d folds for %d demands", len(p.Fold), n)
	}
	for i, f := range p.Fold {
		if f < 0 {
			return problemf("fold %d of demand %d is below 0", f, i)
		}
	}
	if p.Units != nil && len(p.Units) != m {
		return problemf("%d units for %d sites", len(p.Units), m)
	}
	for j, u := range p.Units {
		if u < 1 {
			return problemf("%d units at site %d", u, j)
		}
	}
	if p.Nominal != 0 && (p.Failure == nil || p.Model == MaximalCover || !(p.Nominal > 0 && p.Nominal <= 1)) {
		return problemf("nominal %v is not between 0 and 1, or without failures of what serves", p.Nominal)
	}
	if p.Failure != nil && p.Model != MaximalCover && p.Penalty == 0 {
		return problemf("all sites may fail: a penalty must say what that costs")
	}
	if p.Failure != nil && len(p.Failure) != m {
		return problemf("%d probabilities of failure for %d sites", len(p.Failure), m)
	}
	for j, q := range p.Failure {
		if !(q >= 0 && q <= 1) {
			return problemf("probability of failure %v of site %d is not between 0 and 1", q, j)
		}
	}
	if p.Loss < 0 || p.Loss == 0 && (p.Model == Fortification || p.Model == CoverFortification) {
		return problemf("%d sites are lost", p.Loss)
	}
	if err := p.checkPairs(); err != nil {
		return err
	}
	if p.Model == Huff {
		if err := p.Attraction.check(n, m); err != nil {
			return err
		}
	}
	if len(p.Periods) > 0 {
		if err := p.checkPeriods(n, m); err != nil {
			return err
		}
	}
	if p.hubby() {
		if err := p.checkHub(n, m); err != nil {
			return err
		}
	}
	if p.disperses() {
		if err := p.checkDispersion(n, m); err != nil {
			return err
		}
	}
	if p.Rules != nil {
		if err := p.Rules.check(p, m); err != nil {
			return err
		}
	}
	return p.checkScenarios(n, m)
}

// checkPairs refuses fields that do not go together.
func (p *Problem) checkPairs() error {
	for _, c := range []struct {
		a, b   bool
		fields string
	}{
		{p.Fade > 0 && p.Model == MaximalCover, p.Fold != nil, "fade and fold"},
		{p.Fade > 0 && p.Model == MaximalCover, p.Failure != nil, "fade and failure"},
		{p.Fold != nil, p.Failure != nil, "fold and failure"},
		{p.Units != nil, p.Fade > 0, "units and fade"},
		{p.Loss > 0, p.Fade > 0 || p.Fold != nil || p.Failure != nil || p.Units != nil || len(p.Scenarios) > 0, "loss and fade, fold, failure, units or scenarios"},
		{p.Units != nil, p.Rules != nil, "units and rules"},
		{p.Capacity != nil, p.Failure != nil || p.Loss > 0 || p.Fold != nil || p.Units != nil, "capacities and failure, loss, fold or units"},
		{p.Capacity != nil, p.Fade > 0 && p.Model == MaximalCover, "capacities and fade"},
		{p.Units != nil, p.Site != nil && slices.Contains(p.Site, Existing), "units and existing sites"},
		{len(p.Scenarios) > 0, p.Fade > 0 || p.Fold != nil || p.Failure != nil || p.Units != nil, "scenarios and fade, fold, failure or units"},
		{len(p.Periods) > 0, p.Fade > 0 || p.Fold != nil || p.Failure != nil || p.Units != nil || p.Loss > 0 || len(p.Scenarios) > 0 || p.Rules != nil || p.Budget > 0,
			"periods and fade, fold, failure, units, loss, scenarios, rules or a budget"},
		{p.Median && p.Model == PCenter, p.general(), "the median of a p-center and rules or a budget"},
	} {
		if c.a && c.b {
			return problemf("%s do not go together", c.fields)
		}
	}
	return nil
}

// checkSites looks at the statuses and at whether P sites can be opened. More
// required sites than P make a well-formed problem that has no solution.
func (p *Problem) checkSites(m int) error {
	allowed, required := m, 0
	for _, u := range p.Units {
		allowed += u - 1
	}
	var paid float64
	for j, s := range p.Site {
		switch s {
		case Candidate:
		case Required:
			required++
			paid += p.opening(j)
		case Existing, Excluded:
			allowed -= int(p.units(j))
		default:
			return problemf("unknown status %d of site %d", uint8(s), j)
		}
	}
	if p.Model != SetCover && p.Budget > 0 && paid > p.Budget*(1+1e-12) {
		return infeasiblef("the required sites cost %v, the budget is %v", paid, p.Budget)
	}
	if p.Model >= Interdiction && p.Model <= CoverFortification {
		required = 0
		for j := range p.Site {
			if p.Site[j] == Required {
				allowed--
			}
		}
		if p.P > allowed && p.P > 0 {
			return problemf("P is %d, but only %d sites can be lost or protected", p.P, allowed)
		}
	}
	free := len(p.Periods) > 0 || p.Model == SetCover || p.P == 0 && (p.Model == FixedCharge || p.Model == HubCover || p.Budget > 0)
	switch {
	case free:
		return nil
	case p.P <= 0:
		return problemf("P is %d", p.P)
	case p.P > allowed:
		if p.Units != nil {
			return problemf("P is %d, but the sites take only %d units", p.P, allowed)
		}
		return problemf("P is %d, but only %d of %d sites may be opened", p.P, allowed, m)
	case required > p.P:
		return infeasiblef("%d sites are required, P is %d", required, p.P)
	}
	return nil
}
