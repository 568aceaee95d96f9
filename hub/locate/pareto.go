package locate

import (
	"context"
	"fmt"
	"math"
	"slices"
)

// Goal is something that a choice of sites is measured by.
type Goal uint8

const (
	// BuildCost is what opening and closing costs, to be low.
	BuildCost Goal = iota

	// ServiceCost is the weighted cost of serving every demand from its nearest
	// open site, to be low.
	ServiceCost

	// WorstCost is the largest cost of a demand with weight from its nearest open
	// site, to be low.
	WorstCost

	// Covered is the weight with an open site within Radius, to be high.
	Covered

	// CoveredTwice is the weight with two open sites within Radius, to be high.
	CoveredTwice

	// TotalCost is the sum of BuildCost and ServiceCost, to be low.
	TotalCost

	// ExpectedCost is the expected cost of service by sites that fail, see
	// Problem.Failure and Problem.Penalty, to be low.
	ExpectedCost
)

var goalNames = [...]string{"build-cost", "service-cost", "worst-cost", "covered", "covered-twice", "total-cost", "expected-cost"}

// String returns the name of the goal, such as "service-cost".
func (g Goal) String() string {
	if int(g) < len(goalNames) {
		return goalNames[g]
	}
	return fmt.Sprintf("Goal(%d)", uint8(g))
}

// UnmarshalText reads the name of a goal.
func (g *Goal) UnmarshalText(text []byte) error {
	for i, name := range goalNames {
		if name == string(text) {
			*g = Goal(i)
			return nil
		}
	}
	return fmt.Errorf("locate: there is no goal %q", text)
}

// High reports whether a goal is to be high rather than low.
func (g Goal) High() bool { return g == Covered || g == CoveredTwice }

// Point is a choice of sites on a front.
type Point struct {
	Open   []int
	Values []float64 // of each goal

	// Certified reports whether it is proven that no choice of sites is as good
	// in all goals and better in one.
	Certified bool
}

// Front is the choices of sites of which none is worse than another in all
// goals, ordered by the values of the first goal, then of the second.
type Front struct {
	Goals  []Goal
	Points []Point

	// Complete reports whether there is proven to be no other point, but for
	// points that differ from those listed by less than 1e-6 of the range of
	// values in every goal that tells them apart. Of choices with the same
	// values one is listed.
	Complete bool

	// Knee is the index of the point that is furthest from the line, or plane,
	// through the best points of the goals, by the range of each: where giving
	// up a little in one goal still buys much in another. It is -1 if no point
	// is on that side.
	Knee int
}

// Dominated returns the first point that is at least as good as the given values
// in all goals and better in one by more than rounding, -1 if there is none.
func (f *Front) Dominated(values []float64) int {
	for k, p := range f.Points {
		better, worse := false, false
		for g, goal := range f.Goals {
			gain := values[g] - p.Values[g]
			if goal.High() {
				gain = -gain
			}
			slack := 1e-9 * (math.Abs(values[g]) + math.Abs(p.Values[g]))
			better = better || gain > slack
			worse = worse || gain < -slack
		}
		if better && !worse {
			return k
		}
	}
	return -1
}

// Pareto finds the front of two or three goals over the sites that p allows: its
// costs, weights, statuses and rules, P sites, or with a Budget as many as that
// buys, or any number if both are 0. Model is of no account.
//
// It is the ε-constraint method on boxes of Kirlik and Sayın 2014 (European
// Journal of Operational Research 232): each point is the best of one goal within
// limits on the others, and among the points that are best in that the best of
// their sum, both proven. If ctx ends the front has the points found by then.
// Options.Progress is called with the number of points as Objective and of boxes
// left as Bound.
func Pareto(ctx context.Context, p Problem, goals []Goal, o Options) (*Front, error) {
	if len(goals) < 2 || len(goals) > 3 {
		return nil, problemf("%d goals, two or three are possible", len(goals))
	}
	for k, g := range goals {
		if int(g) >= len(goalNames) || slices.Contains(goals[:k], g) {
			return nil, problemf("goal %v is unknown or given twice", g)
		}
	}
	if err := p.checkGoals(goals); err != nil {
		return nil, err
	}
	w := newWork(ctx, &p, o)
	f := &fronts{work: w, goals: slices.Clone(goals), order: make([]int, len(goals)), worst: -1}
	// WorstCost comes first: a limit on it is a matter of which pairs count.
	slices.SortStableFunc(f.goals, func(a, b Goal) int {
		switch {
		case a == WorstCost:
			return -1
		case b == WorstCost:
			return 1
		}
		return 0
	})
	for k, g := range goals {
		f.order[k] = slices.Index(f.goals, g)
	}
	if f.goals[0] == WorstCost {
		f.worst = 0
	}
	if err := f.state(); err != nil {
		return nil, err
	}
	return f.search()
}

// checkGoals checks the problem as each goal needs it.
func (p *Problem) checkGoals(goals []Goal) error {
	if p.Capacity != nil {
		return problemf("a front takes no capacities")
	}
	if p.Fade != 0 || p.Fold != nil || p.Units != nil || p.Loss != 0 || len(p.Scenarios) > 0 || p.Share != 0 || p.Nominal != 0 {
		return problemf("a front takes no fade, fold, units, loss, scenarios, share or nominal part")
	}
	for _, g := range goals {
		q := *p
		q.Failure, q.Penalty = nil, 0
		q.Model = MaximalCover
		switch g {
		case BuildCost, ServiceCost, TotalCost:
			q.Model = FixedCharge
		case WorstCost:
			q.Model = PCenter
		case ExpectedCost:
			q.Model, q.Failure, q.Penalty = PMedian, p.Failure, p.Penalty
			q.Rules, q.Budget = nil, 0
			if q.Failure == nil {
				return problemf("an expected cost without probabilities of failure")
			}
		}
		if q.P == 0 && q.Budget == 0 { // any number, which only FixedCharge knows
			q.P = 1
			for _, s := range q.Site {
				if s == Required {
					q.P++
				}
			}
			q.P = max(1, q.P-1)
		}
		if err := q.Check(); err != nil {
			return err
		}
	}
	return nil
}

// fronts is the search for a front.
type fronts struct {
	*work
	goals []Goal    // in the order of the search
	order []int     // where each goal asked for is in goals
	worst int       // 0 if the first goal is WorstCost, else -1
	steps []float64 // the values that it may have, ascending
	l     *linear
	sums  []row     // of each goal, to be low
	limit []int     // the row that bounds each goal
	scale []float64 // range of each goal
	least []float64 // of each goal
	apart []float64 // difference of values that counts
}

// state writes the program with a sum for each goal.
func (f *fronts) state() error {
	p := *f.Problem
	p.Model = MaximalCover // whose sites cost nothing and are bound by P and Budget
	if p.P == 0 && p.Budget == 0 {
		p.Model = SetCover // in any number
	}
	inner := *f.work
	inner.Problem = &p
	f.l = inner.newLinear(func(int) float64 { return 0 })
	f.sums = make([]row, len(f.goals))
	for k, g := range f.goals {
		sum := &f.sums[k]
		switch g {
		case BuildCost:
			f.build(sum)
		case WorstCost:
			f.collect()
		case ServiceCost, TotalCost:
			if g == TotalCost {
				f.build(sum)
			}
			if err := f.serve(sum); err != nil {
				return err
			}
		case Covered, CoveredTwice:
			f.cover(sum, g)
		case ExpectedCost:
			if err := f.expect(sum); err != nil {
				return err
			}
		}
	}
	return nil
}

func (f *fronts) build(sum *row) {
	for j, x := range f.l.open {
		if x < 0 {
			continue
		}
		if c := f.opening(j); c != 0 {
			sum.add(x, c)
		}
		if k := f.l.closed[j]; k >= 0 {
			sum.add(k, f.Rules.Closing[j])
		}
	}
}

func (f *fronts) cover(sum *row, g Goal) {
	for n, s := range f.l.spots(f.Radius) {
		var r row
		f.l.covering(s, &r)
		if g == Covered {
			z := f.l.column(0, 0, 1, "z", n)
			sum.add(z, -s.weight)
			r.add(z, -1)
			f.l.limit(0, noMore, r, "d", n)
			continue
		}
		u := f.l.whole(0, 0, 1, "u", n)
		sum.add(u, -s.weight)
		r.add(u, -2)
		f.l.limit(0, noMore, r, "b", n)
	}
}

// serve adds the service of all demands, with its cost.
func (f *fronts) serve(sum *row) error {
	s := f.l.scene()
	s.Problem, s.charge = f.Problem, sum.add
	if slices.Contains(f.goals, ServiceCost) && slices.Contains(f.goals, TotalCost) {
		s.at = []int{len(f.l.rowNames)} // both have columns of their own
	}
	penalty := f.l.work.Penalty
	f.l.work.Penalty = 0 // that of ExpectedCost
	defer func() { f.l.work.Penalty = penalty }()
	return f.l.serve(s)
}

// expect adds the expected cost.
func (f *fronts) expect(sum *row) error {
	p := *f.Problem
	p.Model = PMedian
	inner := *f.work
	inner.Problem = &p
	return f.l.expect(&inner, sum.add)
}

// values measures open sites by every goal, all to be low.
func (f *fronts) values(open []int) []float64 {
	values := make([]float64, len(f.goals))
	for k, g := range f.goals {
		p := *f.Problem
		p.Failure, p.Penalty, p.Primary, p.Fade = nil, 0, 0, 0
		inner := *f.work
		inner.Problem = &p
		switch g {
		case BuildCost:
			values[k] = f.paidFor(open, nil)
			continue
		case ServiceCost:
			p.Model = PMedian
		case TotalCost:
			p.Model = FixedCharge
		case WorstCost:
			p.Model = PCenter
			p.Weight = make([]float64, f.demands)
			for i := range p.Weight {
				if f.weight(i) > 0 {
					p.Weight[i] = 1
				}
			}
		case Covered:
			p.Model = MaximalCover
		case CoveredTwice:
			p.Model, p.Primary = BackupCover, 0
		case ExpectedCost:
			p.Model, p.Failure, p.Penalty = PMedian, f.Failure, f.Problem.Penalty
		}
		values[k], _ = inner.judge(open, nil)
		if g.High() {
			values[k] = -values[k]
		}
	}
	return values
}
