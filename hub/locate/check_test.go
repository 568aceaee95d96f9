package locate

import (
	"context"
	"errors"
	"math"
	"strings"
	"testing"
)

func TestBadProblem(t *testing.T) {
	inf, nan := math.Inf(1), math.NaN()
	ok := func(m Model) Problem { return micro(m, 2, 3) }
	with := func(m Model, change func(*Problem)) Problem {
		p := ok(m)
		change(&p)
		return p
	}
	cost := func(v float64) Problem {
		return with(PMedian, func(p *Problem) { dense(*p).Values[7] = v })
	}
	weight := func(v float64) Problem {
		return with(PMedian, func(p *Problem) { p.Weight[3] = v })
	}
	for _, c := range []struct {
		name string
		p    Problem
		want error
		says string
	}{
		{"zero problem", Problem{}, ErrProblem, "no costs"},
		{"no demands", Problem{Costs: Dense{}}, ErrProblem, "0 demands"},
		{"no sites", Problem{Costs: &Dense{Demands: 2}}, ErrProblem, "0 sites"},
		{"negative demands", Problem{Costs: &Dense{-2, -3, make([]float64, 6)}}, ErrProblem, "-2 demands"},
		{"unknown model", with(99, func(*Problem) {}), ErrProblem, "model 99"},
		{"few costs", with(PMedian, func(p *Problem) { dense(*p).Values = dense(*p).Values[1:] }), ErrProblem, "14 costs"},
		{"a row too many", with(PMedian, func(p *Problem) { dense(*p).Demands = 4 }), ErrProblem, "15 costs"},
		{"few weights", with(PMedian, func(p *Problem) { p.Weight = p.Weight[1:] }), ErrProblem, "4 weights"},
		{"few statuses", with(PMedian, func(p *Problem) { p.Site = make([]Status, 2) }), ErrProblem, "2 site statuses"},
		{"unknown status", with(PMedian, func(p *Problem) { p.Site = []Status{0, 7, 0} }), ErrProblem, "status 7 of site 1"},
		{"cost NaN", cost(nan), ErrProblem, "demand 2 from site 1"},
		{"cost negative", cost(-1), ErrProblem, "demand 2 from site 1"},
		{"cost -Inf", cost(-inf), ErrProblem, "demand 2 from site 1"},
		{"cost overflows", cost(1e308), ErrProblem, "exceeds"},
		{"weight NaN", weight(nan), ErrProblem, "demand 3"},
		{"weight negative", weight(-1), ErrProblem, "demand 3"},
		{"weight infinite", weight(inf), ErrProblem, "demand 3"},
		{"weight overflows", with(MaximalCover, func(p *Problem) { p.Weight[0] = 1e308 }), ErrProblem, "exceeds"},
		{"P zero", with(PMedian, func(p *Problem) { p.P = 0 }), ErrProblem, "P is 0"},
		{"P negative", with(MaximalCover, func(p *Problem) { p.P = -1 }), ErrProblem, "P is -1"},
		{"P too large", with(PMedian, func(p *Problem) { p.P = 4 }), ErrProblem, "only 3 of 3"},
		{"P above allowed", with(PMedian, func(p *Problem) { p.Site = []Status{Excluded, Excluded, 0} }), ErrProblem, "only 1 of 3"},
		{"radius NaN", with(SetCover, func(p *Problem) { p.Radius = nan }), ErrProblem, "radius"},
		{"radius negative", with(MaximalCover, func(p *Problem) { p.Radius = -1 }), ErrProblem, "radius"},
		{"few openings", with(SetCover, func(p *Problem) { p.Opening = []float64{1} }), ErrProblem, "1 opening costs"},
		{"opening NaN", with(SetCover, func(p *Problem) { p.Opening = []float64{1, nan, 1} }), ErrProblem, "site 1"},
		{"opening negative", with(SetCover, func(p *Problem) { p.Opening = []float64{1, 1, -1} }), ErrProblem, "site 2"},
		{"opening infinite", with(SetCover, func(p *Problem) { p.Opening = []float64{inf, 1, 1} }), ErrProblem, "site 0"},

		{"too many required", with(PMedian, func(p *Problem) { p.Site = []Status{Required, Required, Required} }), ErrInfeasible, "3 sites are required, P is 2"},
		{"cover, too many required", with(MaximalCover, func(p *Problem) { p.P, p.Site = 1, []Status{Required, 0, Required} }), ErrInfeasible, "2 sites are required, P is 1"},
		{"unreachable", with(PMedian, func(p *Problem) { copy(dense(*p).Values[6:], []float64{inf, inf, inf}) }), ErrInfeasible, "demand 2"},
		{"reachable from an excluded site only", with(PMedian, func(p *Problem) {
			p.Site = []Status{0, Excluded, 0}
			copy(dense(*p).Values[9:], []float64{inf, 1, inf})
		}), ErrInfeasible, "demand 3"},
		{"P too small to reach all", with(PMedian, func(p *Problem) {
			copy(dense(*p).Values, []float64{1, inf, inf, inf, 1, inf, inf, inf, 1})
		}), ErrInfeasible, "no 2 sites"},
		{"no cover", ok(SetCover), ErrInfeasible, "demand 4 has no site within radius 3"},
		{"no cover at any radius", with(SetCover, func(p *Problem) {
			p.Radius = inf
			copy(dense(*p).Values[3:], []float64{inf, inf, inf})
		}), ErrInfeasible, "demand 1"},
	} {
		t.Run(c.name, func(t *testing.T) {
			s, err := Solve(context.Background(), c.p, Options{})
			if s != nil || !errors.Is(err, c.want) || !strings.Contains(err.Error(), c.says) {
				t.Errorf("got %v, %v; want %v saying %q", s, err, c.want, c.says)
			}
		})
	}
}

// TestNoWeightIsNeverInfeasible: a demand without weight needs nothing, and
// is assigned only where it can be.
func TestNoWeightIsNeverInfeasible(t *testing.T) {
	for _, m := range []Model{PMedian, MaximalCover, SetCover} {
		p := micro(m, 2, 4)
		p.Weight[0] = 0
		for j := range 3 {
			dense(p).Values[j] = math.Inf(1)
		}
		s, err := Solve(context.Background(), p, Options{})
		if err != nil {
			t.Fatalf("%v: %v", m, err)
		}
		if s.Assign[0] != -1 {
			t.Errorf("%v: demand 0 is assigned to %d, which cannot serve it", m, s.Assign[0])
		}
		checkSolution(t, p, s)
	}
}

func TestModelText(t *testing.T) {
	for m := range Model(len(modelNames)) {
		text, err := m.MarshalText()
		var back Model
		if err != nil || string(text) != m.String() || back.UnmarshalText(text) != nil || back != m {
			t.Errorf("%v: text %q, %v, back %v", m, text, err, back)
		}
	}
	if _, err := Model(99).MarshalText(); err == nil {
		t.Error("model 99 has a text")
	}
	var m Model
	if m.UnmarshalText([]byte("median")) == nil {
		t.Error("median is read as a model")
	}
	for _, s := range []struct{ got, want string }{
		{Model(99).String(), "Model(99)"}, {Required.String(), "required"}, {Status(9).String(), "Status(9)"},
		{NodeLimit.String(), "node limit"}, {Outcome(0).String(), "Outcome(0)"},
	} {
		if s.got != s.want {
			t.Errorf("got %q, want %q", s.got, s.want)
		}
	}
}
