package locate

import (
	"context"
	"errors"
	"math"
	"math/rand/v2"
	"strings"
	"testing"
)

func TestBadGeneralProblem(t *testing.T) {
	between := Dense{Demands: 3, Sites: 3, Values: []float64{0, 5, 9, 5, 0, 4, 9, 4, 0}}
	with := func(model Model, change func(p *Problem)) Problem {
		p := micro(model, 2, 3)
		change(&p)
		return p
	}
	nan, inf := math.NaN(), math.Inf(1)
	for _, c := range []struct {
		name string
		p    Problem
		want error
		says string
	}{
		{"fold of a median", with(PMedian, func(p *Problem) { p.Fold = []int{1, 1, 1, 1, 1} }), ErrProblem, "takes no fold"},
		{"fold below 0", with(SetCover, func(p *Problem) { p.Fold = []int{1, 1, -1, 1, 1} }), ErrProblem, "fold -1 of demand 2"},
		{"folds for others", with(SetCover, func(p *Problem) { p.Fold = []int{1} }), ErrProblem, "1 folds for 5 demands"},
		{"fold out of reach", with(SetCover, func(p *Problem) { p.Radius = 4; p.Fold = []int{3, 1, 1, 1, 1} }), ErrInfeasible, "demand 0 needs 3 open sites within radius 4, of which only 2"},
		{"probability above 1", with(MaximalCover, func(p *Problem) { p.Failure = []float64{0, 1.5, 0} }), ErrProblem, "1.5 of site 1"},
		{"probability NaN", with(PMedian, func(p *Problem) { p.Penalty = 1; p.Failure = []float64{0, 0, nan} }), ErrProblem, "NaN of site 2"},
		{"failure without penalty", with(PMedian, func(p *Problem) { p.Failure = []float64{0, 0, 0} }), ErrProblem, "penalty"},
		{"penalty below 0", with(PMedian, func(p *Problem) { p.Penalty = -1 }), ErrProblem, "penalty -1"},
		{"no units", with(DoubleStandard, func(p *Problem) { p.Outer = 9; p.Units = []int{1, 0, 1} }), ErrProblem, "0 units at site 1"},
		{"more than the units", with(DoubleStandard, func(p *Problem) { p.Outer, p.P = 9, 9; p.Units = []int{1, 2, 1} }), ErrProblem, "only 4 units"},
		{"outer within", with(DoubleStandard, func(p *Problem) { p.Outer = 1 }), ErrProblem, "outer radius 1"},
		{"outer leaves one out", with(DoubleStandard, func(p *Problem) { p.Outer = 3 }), ErrInfeasible, "demand 4 has no site within the outer radius 3"},
		{"primary", with(BackupCover, func(p *Problem) { p.Primary = 2 }), ErrProblem, "primary 2"},
		{"backup of what cannot be covered", with(BackupCover, func(*Problem) {}), ErrInfeasible, "demand 4 has no site within radius 3"},
		{"backup of too few", with(BackupCover, func(p *Problem) { p.Radius, p.P = 4, 1 }), ErrInfeasible, "P is 1, but to cover every demand within 4 takes 2"},
		{"no threshold", with(CooperativeCover, func(p *Problem) { p.Fade = 6 }), ErrProblem, "threshold 0"},
		{"nothing lost", with(Fortification, func(*Problem) {}), ErrProblem, "0 sites are lost"},
		{"more lost than there are", with(Interdiction, func(p *Problem) { p.P = 4 }), ErrProblem, "only 3 sites can be lost"},
		{"all lost", with(Interdiction, func(p *Problem) { p.P = 3 }), ErrProblem, "a penalty must say"},
		{"group of another", with(PMedian, func(p *Problem) { p.Rules = &Rules{Groups: []Group{{Sites: []int{0, 3}, Most: 1}}} }), ErrProblem, "group 0 has site 3 of 3"},
		{"group twice", with(PMedian, func(p *Problem) { p.Rules = &Rules{Groups: []Group{{Sites: []int{1, 1}, Most: 1}}} }), ErrProblem, "group 0 has site 1 twice"},
		{"group and required", with(PMedian, func(p *Problem) {
			p.Site = []Status{Required, Candidate, Required}
			p.Rules = &Rules{Groups: []Group{{Sites: []int{0, 1, 2}, Most: 1}}}
		}), ErrInfeasible, "group 0 may have 1 open sites, but sites [0 2] must be open"},
		{"group and excluded", with(PMedian, func(p *Problem) {
			p.Site = []Status{Excluded, Candidate, Candidate}
			p.Rules = &Rules{Groups: []Group{{Sites: []int{0, 1}, Least: 2, Most: 2}}}
		}), ErrInfeasible, "only 1 of it may be opened"},
		{"separation without distances", with(PMedian, func(p *Problem) { p.Rules = &Rules{Separation: 1} }), ErrProblem, "without distances"},
		{"separation NaN", with(PMedian, func(p *Problem) { p.Rules = &Rules{Separation: nan, Between: between} }), ErrProblem, "separation NaN"},
		{"separation of required sites", with(PMedian, func(p *Problem) {
			p.Site = []Status{Candidate, Required, Required}
			p.Rules = &Rules{Separation: 5, Between: between}
		}), ErrInfeasible, "sites 1 and 2 must both be open, and are less than 5 apart"},
		{"separation and P", with(PMedian, func(p *Problem) { p.P = 3; p.Rules = &Rules{Separation: 5, Between: between} }), ErrInfeasible, "P is 3, but only 2 sites can be open together"},
		{"closing NaN", with(PMedian, func(p *Problem) { p.Rules = &Rules{Closing: []float64{0, nan, 0}} }), ErrProblem, "closing cost NaN of site 1"},
		{"budget below the required", with(PMedian, func(p *Problem) { p.Budget = 1; p.Site = []Status{Required, Required, Candidate} }), ErrInfeasible, "required sites cost 2"},
		{"budget too small", with(PMedian, func(p *Problem) { p.Budget, p.Opening = 1, []float64{2, 2, 2} }), ErrInfeasible, "budget of 1"},
		{"probabilities of scenarios", with(PMedian, func(p *Problem) { p.Scenarios = []Scenario{{Probability: 0.5}, {Probability: 0.6}} }), ErrProblem, "sum to 1.1"},
		{"weights of a scenario", with(PMedian, func(p *Problem) { p.Scenarios = []Scenario{{Weight: []float64{1, 2, inf, 0, 0}}} }), ErrProblem, "weight +Inf of demand 2 in scenario 0"},
		{"scenario loses all", with(PMedian, func(p *Problem) { p.Scenarios = []Scenario{{}, {Lost: []int{0, 1, 2}}} }), ErrInfeasible, "demand 0 has no site that can serve it in scenario 1"},
		{"risk of nothing", with(PMedian, func(p *Problem) { p.Risk = TailRisk }), ErrProblem, "risk without scenarios"},
		{"tail", with(PMedian, func(p *Problem) { p.Scenarios, p.Risk, p.Tail = []Scenario{{}}, TailRisk, 1 }), ErrProblem, "tail 1"},
	} {
		t.Run(c.name, func(t *testing.T) {
			s, err := Solve(context.Background(), c.p, Options{})
			if s != nil || !errors.Is(err, c.want) || !strings.Contains(err.Error(), c.says) {
				t.Errorf("got %+v, %v; want %v saying %q", s, err, c.want, c.says)
			}
		})
	}
	for _, bad := range []float64{-0.1, 1, nan} {
		if _, err := Reliable(bad, nil); !errors.Is(err, ErrProblem) {
			t.Errorf("availability %v is taken", bad)
		}
	}
	if _, err := Reliable(0.9, []float64{0.5, 1}); !errors.Is(err, ErrProblem) {
		t.Error("a busy fraction of 1 is taken")
	}
	if fold, err := Reliable(0.9, []float64{0, 0.1, 0.3, 0.5}); err != nil || fold[0] != 1 || fold[1] != 1 || fold[2] != 2 || fold[3] != 4 {
		t.Error(fold, err)
	}
}

// The weight covered is monotone and submodular in the open sites: what a site
// adds is never less beside fewer others.
func TestCoverIsSubmodular(t *testing.T) {
	rng := rand.New(rand.NewPCG(41, 1))
	for range 500 {
		p := randomProblem(rng, MaximalCover)
		p.Budget, p.Site = 0, nil
		w := newWork(context.Background(), &p, Options{})
		n, m := p.Costs.Size()
		if p.Fade == 0 && rng.IntN(2) == 0 {
			for range m {
				p.Failure = append(p.Failure, rng.Float64())
			}
		}
		order := rng.Perm(m)
		k := rng.IntN(m)
		small, large := order[:rng.IntN(k+1)], order[:k]
		add := order[k]
		value := func(open ...int) float64 { v, _ := w.judge(open, nil); return v }
		few := value(append(append([]int{}, small...), add)...) - value(small...)
		many := value(append(append([]int{}, large...), add)...) - value(large...)
		if few < many-1e-9*float64(n) || many < -1e-9*float64(n) {
			t.Fatalf("%+v: site %d adds %v to %v and %v to %v", p, add, few, small, many, large)
		}
	}
}

// A problem too large to be stated is refused, not attempted.
func TestTooManyPairs(t *testing.T) {
	p := Problem{Model: PMedian, Costs: Points{Demands: make([][2]float64, 30_000), Sites: make([][2]float64, 1000)}, P: 2, Rules: &Rules{}}
	if s, err := Solve(context.Background(), p, Options{}); s != nil || !errors.Is(err, ErrProblem) || !strings.Contains(err.Error(), "30000000 pairs") {
		t.Fatal(s, err)
	}
}
