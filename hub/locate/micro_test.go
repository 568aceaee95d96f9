package locate

import (
	"context"
	"math"
	"slices"
	"testing"
)

// solved solves a problem that has a proven solution.
func solved(t *testing.T, p Problem) *Solution {
	t.Helper()
	s, err := Solve(context.Background(), p, Options{})
	if err != nil || !s.Optimal {
		t.Fatalf("%+v, %v", s, err)
	}
	return s
}

// The worked example goes on, with the models beyond the classic ones.
func TestMicroGeneral(t *testing.T) {
	const a, b, c = 0, 1, 2
	all := []Status{Existing, Existing, Existing}
	only := func(open ...int) []Status {
		s := []Status{Excluded, Excluded, Excluded}
		for _, j := range open {
			s[j] = Existing
		}
		return s
	}
	room := func(limit ...float64) *Capacity { return &Capacity{Limit: limit} }
	for _, test := range []struct {
		name      string
		change    func(p *Problem)
		model     Model
		objective float64
		open      []int // nil: not looked at
		lost      []int
		protected []int
	}{
		{"cover once", func(p *Problem) { p.P = 2 }, MaximalCover, 80, []int{a, c}, nil, nil},
		{"covered by two", func(p *Problem) { p.Site, p.Budget, p.Fold = all, 1, []int{2, 2, 2, 2, 2} }, MaximalCover, 50, nil, nil, nil},
		{"covered by three", func(p *Problem) { p.Site, p.Budget, p.Fold = all, 1, []int{3, 3, 3, 3, 3} }, MaximalCover, 0, nil, nil, nil},
		{"served within capacity", func(p *Problem) { p.Site, p.Budget, p.Capacity = all, 1, room(20, 30, 30) }, MaximalCover, 80, nil, nil, nil},
		{"without A", func(p *Problem) { p.Site, p.Budget, p.Capacity = only(b, c), 1, room(20, 30, 30) }, MaximalCover, 60, nil, nil, nil},
		{"without B", func(p *Problem) { p.Site, p.Budget, p.Capacity = only(a, c), 1, room(20, 30, 30) }, MaximalCover, 50, nil, nil, nil},
		{"without C", func(p *Problem) { p.Site, p.Budget, p.Capacity = only(a, b), 1, room(20, 30, 30) }, MaximalCover, 50, nil, nil, nil},
		{"transport with 20 unmet", func(p *Problem) { p.Site, p.Penalty, p.Capacity = all, 20, room(20, 30, 30) }, FixedCharge, 520, nil, nil, nil},
		{"transport", func(p *Problem) { p.Site, p.Capacity = all, room(30, 40, 40) }, FixedCharge, 180, nil, nil, nil},
		{"MEXCLP q=1/2", func(p *Problem) { p.P, p.Failure = 2, []float64{.5, .5, .5} }, MaximalCover, 42.5, []int{b, c}, nil, nil},
		{"MEXCLP q=0.1", func(p *Problem) { p.P, p.Failure = 2, []float64{.1, .1, .1} }, MaximalCover, 72, []int{a, c}, nil, nil},
		{"MEXCLP q=1/3", func(p *Problem) { p.P, p.Failure = 2, []float64{1. / 3, 1. / 3, 1. / 3} }, MaximalCover, 160. / 3, nil, nil, nil},
		{"gradual", func(p *Problem) { p.Radius, p.Fade, p.P, p.Site = 2, 6, 0, all; p.Budget = 1 }, MaximalCover, 90, nil, nil, nil},
		{"gradual A and B", func(p *Problem) { p.Radius, p.Fade, p.P, p.Site = 2, 6, 0, only(a, b); p.Budget = 1 }, MaximalCover, 70, nil, nil, nil},
		{"cooperative 7/6", func(p *Problem) { p.Radius, p.Fade, p.Threshold, p.Site, p.Budget = 0, 6, 7./6, all, 1 }, CooperativeCover, 80, nil, nil, nil},
		{"cooperative 3/2", func(p *Problem) { p.Radius, p.Fade, p.Threshold, p.Site, p.Budget = 0, 6, 1.5, all, 1 }, CooperativeCover, 50, nil, nil, nil},
		{"loss-proof cover of one", func(p *Problem) { p.Loss, p.Site, p.Budget = 1, all, 1 }, MaximalCover, 60, nil, []int{c}, nil},
		{"loss-proof cover of two", func(p *Problem) { p.Loss, p.Site, p.Budget = 2, all, 1 }, MaximalCover, 30, nil, []int{b, c}, nil},
		{"lose one", func(p *Problem) { p.P = 1 }, Interdiction, 280, []int{a, b}, []int{c}, nil},
		{"lose two", func(p *Problem) { p.P = 2 }, Interdiction, 470, []int{a}, []int{b, c}, nil},
		{"protect one of one", func(p *Problem) { p.P, p.Loss = 1, 1 }, Fortification, 240, nil, []int{b}, []int{c}},
		{"protect one of two", func(p *Problem) { p.P, p.Loss = 1, 2 }, Fortification, 310, nil, []int{a, c}, []int{b}},
	} {
		t.Run(test.name, func(t *testing.T) {
			p := micro(test.model, 0, 3)
			test.change(&p)
			s := solved(t, p)
			if math.Abs(s.Objective-test.objective) > 1e-12*(1+test.objective) || test.open != nil && !slices.Equal(s.Open, test.open) ||
				test.lost != nil && !slices.Equal(s.Lost, test.lost) || test.protected != nil && !slices.Equal(s.Protected, test.protected) {
				t.Fatalf("%+v, want %+v", s, test)
			}
		})
	}
	// The two plans that are not dominated, with what they cover twice.
	for _, plan := range []struct {
		open          []int
		first, second float64
	}{{[]int{a, c}, 80, 0}, {[]int{b, c}, 70, 30}, {[]int{a, b}, 60, 20}} {
		p := micro(BackupCover, 0, 3)
		p.Budget, p.Site = 1, only(plan.open...)
		for _, theta := range []float64{1, 0.5} {
			p.Primary = theta
			if got, want := solved(t, p).Objective, theta*plan.first+(1-theta)*plan.second; got != want {
				t.Fatalf("%v with primary %v: %v, want %v", plan.open, theta, got, want)
			}
		}
	}
}
