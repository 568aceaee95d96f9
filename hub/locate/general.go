package locate

import (
	"context"
	"math"
	"slices"

	"github.com/hubplan/hubplan/hub/locate/internal/branch"
	"github.com/hubplan/hubplan/hub/locate/internal/mip"
	"github.com/hubplan/hubplan/hub/locate/internal/near"
)

// general reports whether a problem is solved as a mixed-integer linear program
// rather than by an engine of its own.
func (p *Problem) general() bool {
	switch p.Model {
	case PMedian, PCenter, MaximalCover, SetCover, FixedCharge:
	default:
		return true
	}
	if c := p.Capacity; c != nil && (p.Model != PMedian && p.Model != FixedCharge || c.Sizes != nil || c.Commodities != nil || c.Closest) {
		return true
	}
	return p.Loss > 0 || p.Rules != nil || p.Fold != nil || p.Failure != nil || p.Units != nil || p.Penalty > 0 ||
		len(p.Scenarios) > 0 || len(p.Periods) > 0 || p.Budget > 0 && p.Model != MaximalCover && p.Model != SetCover
}

// Classic reports whether a problem is one of the textbook forms of PMedian,
// PCenter, MaximalCover (with Fade and Budget), SetCover (with Share) and
// FixedCharge, without Capacity, for which there are engines of their own. All
// others, but for Capacity alone in PMedian and FixedCharge, are solved as the
// mixed-integer linear program that Linear states.
func (p *Problem) Classic() bool { return !p.general() && p.Capacity == nil }

// mostColumns is the number of pairs of demand and site, over all scenarios, up
// to which a problem is stated as a linear program.
const mostColumns = 2_000_000

// linear states the problem as a mixed-integer linear program.
func (w *work) linear() (*linear, error) {
	if n := w.pairs() * max(1, len(w.Scenarios)); n > mostColumns && !w.merges() {
		return nil, problemf("%d pairs of demand and site are more than the %d that a problem of this kind may have", n, mostColumns)
	}
	switch {
	case len(w.Periods) > 0:
		l, _, err := w.linearPeriods()
		return l, err
	case w.disperses():
		return w.linearDispersion()
	case w.Model == HubMedian:
		return w.linearHub()
	case w.Model == HubCover:
		l, _, err := w.linearHubCover()
		return l, err
	case w.Model == Huff:
		return nil, problemf("%v is no linear program", w.Model)
	case w.Model == Interdiction || w.Model == CoverInterdiction:
		return w.linearLoss(w.losable, w.P)
	case w.Model == Fortification || w.Model == CoverFortification || w.Loss > 0:
		return nil, problemf("%v is the worst of many linear programs, and no single one", w.Model)
	case w.Failure != nil && w.Model != MaximalCover:
		return w.linearExpected()
	case len(w.Scenarios) > 0:
		return w.linearRisk()
	case w.Model == PMedian || w.Model == FixedCharge || w.Model == PCenter:
		return w.linearService()
	}
	return w.linearCover()
}

// Linear states a problem as a mixed-integer linear program: one column x_j for
// each site that may be open (k_j is 1 where an existing one closes), and the
// rest as WriteMPS of package format describes it. The error is that of Check,
// or wraps ErrInfeasible, or ErrProblem for a problem that is no linear one.
func Linear(p Problem) (*Program, error) {
	if err := p.Check(); err != nil {
		return nil, err
	}
	w := newWork(context.Background(), &p, Options{})
	l, err := w.linear()
	if err != nil {
		return nil, err
	}
	if l.tangent != nil {
		return nil, problemf("%v with unequal probabilities of failure is no linear program", p.Model)
	}
	return l.program(p.Maximises()), nil
}

// solveGeneral solves a problem that has no engine of its own.
func (w *work) solveGeneral() (*Solution, error) {
	switch {
	case len(w.Periods) > 0:
		return w.planned()
	case w.Model == Dispersion:
		return w.dispersion()
	case w.Model == DispersionSum:
		return w.dispersionSum()
	case w.Model == Huff:
		return w.huff()
	case w.Model == HubMedian:
		return w.hubMedian()
	case w.Model == HubCover && w.Hub.Single:
		return w.hubCover()
	case w.Model == Interdiction || w.Model == CoverInterdiction:
		return w.interdiction()
	case w.Model == Fortification || w.Model == CoverFortification:
		return w.fortification()
	case w.Loss > 0:
		return w.robust()
	case w.Failure != nil && w.Rules == nil && w.Budget == 0 && w.Units == nil && len(w.Scenarios) == 0:
		return w.reliable()
	case w.Model == PCenter && w.Capacity != nil:
		return w.narrowest()
	}
	return w.solveLinear()
}

// solveLinear solves a problem as a mixed-integer linear program.
func (w *work) solveLinear() (*Solution, error) {
	l, err := w.linear()
	if err != nil {
		return nil, err
	}
	sign := 1.0
	if w.Maximises() {
		sign = -1
	}
	var best []int // the best sites so far, with their units
	var units []int
	var served *plan // with Capacity
	found := false
	value, bound := math.Inf(1), math.Inf(-1)
	nodes, proven := 0, false
	for {
		o := mip.Options{Stop: w.stop, Gap: w.Gap, Workers: w.Workers, Step: l.exact}
		if w.Nodes > 0 {
			if o.Nodes = w.Nodes - nodes; o.Nodes <= 0 {
				break
			}
		}
		if w.Progress != nil {
			o.Report = func(v, b float64, n int) {
				if l.tangent != nil { // whose value is a bound
					v = value
				}
				w.Progress(Progress{Objective: sign * v, Bound: sign * max(b, bound), Gap: gap(v, max(b, bound)), Nodes: nodes + n})
			}
		}
		if len(w.Start) > 0 {
			o.Start = l.from(w.Start)
		}
		r := mip.Solve(&l.Problem, o)
		nodes += r.Nodes
		bound = max(bound, r.Bound)
		if r.X == nil {
			if !found && math.IsInf(r.Bound, 1) {
				return nil, w.breaks()
			}
			break
		}
		if w.Capacity != nil {
			served, found = l.plan(r.X), true
			value = sign * w.judgePlan(served)
			// Only what the point itself came to is proven.
			proven = r.Complete && value-r.Value <= mip.Tolerance*math.Abs(value)+1e-12
			break
		}
		open, count := l.opened(r.X)
		v, ok := w.judge(open, count)
		if ok && sign*v < value {
			value, best, units, found = sign*v, open, count, true
		}
		if !r.Complete {
			break
		}
		if l.tangent == nil || w.enough(value, bound) || !l.tangent(r.X) {
			proven = true
			break
		}
	}
	bound = min(bound, value)
	if sign > 0 { // nothing costs less than nothing
		bound = max(bound, 0)
	}
	if !found {
		if w.ctx.Err() != nil {
			return nil, w.ctx.Err()
		}
		return nil, ErrNodeLimit
	}
	if served != nil {
		return w.completePlan(served, sign*value, sign*bound, nodes, proven), nil
	}
	return w.complete(best, units, sign*value, sign*bound, nodes, proven), nil
}

// enough reports whether a value, to be minimised, is as good as proven.
func (w *work) enough(value, bound float64) bool {
	return value-bound <= max(w.Gap, mip.Tolerance)*max(1e-12, math.Abs(value))
}

// from is the best point with the given sites open, where they keep the rules,
// nil if there is none.
func (l *linear) from(open []int) []float64 {
	part := l.Problem
	part.Lower, part.Upper = slices.Clone(part.Lower), slices.Clone(part.Upper)
	for j, x := range l.open {
		if x < 0 {
			continue
		}
		if slices.Contains(open, j) {
			part.Lower[x] = max(part.Lower[x], min(1, part.Upper[x]))
		} else {
			part.Upper[x] = part.Lower[x]
		}
	}
	return mip.Solve(&part, mip.Options{Stop: l.stop, Nodes: 100, Workers: l.Workers}).X
}

// opened lists the sites that a point opens, with their units if sites may have
// more than one.
func (l *linear) opened(x []float64) (open, units []int) {
	open = []int{}
	for j, column := range l.open {
		if column >= 0 && x[column] > 0.5 {
			open = append(open, j)
			if l.Units != nil {
				units = append(units, int(math.Round(x[column])))
			}
		}
	}
	return open, units
}

// outcomeOf is a solution without its sites.
func (w *work) outcomeOf(objective, bound float64, nodes int, proven bool) *Solution {
	s := &Solution{Objective: objective, Bound: bound, Nodes: nodes, Gap: gap(objective, bound)}
	switch {
	case proven || s.Gap <= branch.Tolerance:
		s.Status, s.Optimal = Optimal, true
	case w.ctx.Err() != nil:
		s.Status = Interrupted
	case w.Gap > 0 && s.Gap <= w.Gap:
		s.Status = WithinGap
	default:
		s.Status = NodeLimit
	}
	return s
}

// complete makes a solution of open sites. The search says whether it is proven,
// which for an objective of 0 the gap need not show.
func (w *work) complete(open, units []int, objective, bound float64, nodes int, proven bool) *Solution {
	s := w.outcomeOf(objective, bound, nodes, proven)
	s.Open, s.Units = open, units
	s.Assign = w.nearest(open)
	s.Worth = make([]float64, len(open))
	for k := range open {
		less := slices.Delete(slices.Clone(open), k, k+1)
		var count []int
		if units != nil {
			count = slices.Delete(slices.Clone(units), k, k+1)
		}
		s.Worth[k] = w.worse(objective, less, count)
	}
	s.Swap = w.swapped(open, units, objective)
	return s
}

// worse is by how much an objective is better than that of other sites.
func (w *work) worse(objective float64, open, units []int) float64 {
	v, ok := w.judge(open, units)
	switch {
	case !ok:
		return math.Inf(1)
	case w.Maximises():
		return objective - v
	}
	return v - objective
}

// nearest assigns every demand to its nearest open site, in the cover models to
// one within reach.
func (w *work) nearest(open []int) []int {
	assign := make([]int, w.demands)
	source := near.Among(w.source, open)
	reach := noMore
	switch w.Model {
	case PMedian, FixedCharge, PCenter, Interdiction, Fortification, Dispersion, DispersionSum, HubMedian, HubCover:
	default:
		reach = max(w.Radius, w.Outer)
	}
	var pairs []near.Pair
	for i := range assign {
		assign[i] = -1
		pairs = source.Nearest(i, 1, pairs[:0])
		if len(pairs) == 0 || w.Penalty > 0 && pairs[0].Cost > w.Penalty {
			continue
		}
		if c := pairs[0].Cost; c <= reach || w.Fade > 0 && c < w.Fade {
			assign[i] = open[pairs[0].Site]
		}
	}
	return assign
}

// swapped is the best exchange of an open for a closed candidate that keeps the
// rules, by judging all of them; nil if that is too much.
func (w *work) swapped(open, units []int, objective float64) *Swap {
	if float64(len(open))*float64(len(open))*float64(w.sites)*float64(w.demands)*float64(max(1, len(w.Scenarios))) > mostPairs {
		return nil
	}
	is := make([]bool, w.sites)
	for _, j := range open {
		is[j] = true
	}
	var best *Swap
	for k, out := range open {
		if w.status(out) != Candidate {
			continue
		}
		for in := range w.sites {
			if is[in] || w.status(in) != Candidate || w.stop() {
				continue
			}
			other := slices.Clone(open)
			other[k] = in
			if units != nil && units[k] > w.Units[in] || !w.keeps(other) || w.Budget > 0 && !w.fitsBudget(w.paidFor(other, units)) {
				continue
			}
			if c := w.worse(objective, other, units); !math.IsInf(c, 1) && (best == nil || c < best.Change) {
				best = &Swap{Out: out, In: in, Change: c}
			}
		}
	}
	return best
}

// pairs is the number of pairs of demand and site.
func (w *work) pairs() int {
	switch c := w.Costs.(type) {
	case Sparse:
		return len(c.Site)
	case *Sparse:
		return len(c.Site)
	}
	return w.demands * w.sites
}

// merges reports whether demands with the same sites are one row, so that their
// number is of no account.
func (w *work) merges() bool {
	switch w.Model {
	case MaximalCover, SetCover, BackupCover, DoubleStandard:
		return w.Fade == 0 && len(w.Scenarios) == 0 && w.Capacity == nil && len(w.Periods) == 0
	}
	return false
}
