package locate

import (
	"context"
	"math"
	"slices"
	"testing"
)

// micro is a worked example of the literature on resilience, with hubs A, B, C:
//
//	     w  A B C
//	D1  10  1 4 6
//	D2  20  2 2 5
//	D3  30  4 1 3
//	D4  20  6 4 1
//	D5  20  9 6 4
func micro(model Model, p int, radius float64, site ...Status) Problem {
	return Problem{
		Model: model, P: p, Radius: radius, Site: site,
		Weight: []float64{10, 20, 30, 20, 20},
		Costs: &Dense{5, 3, []float64{
			1, 4, 6,
			2, 2, 5,
			4, 1, 3,
			6, 4, 1,
			9, 6, 4,
		}},
	}
}

func TestMicro(t *testing.T) {
	const o, x, r = Candidate, Excluded, Required
	inf := math.Inf(1)
	for _, c := range []struct {
		name  string
		p     Problem
		open  []int
		value float64
		worth []float64
	}{
		// Served from all, then with A, B or C lost, then with two lost.
		{"all open", micro(PMedian, 3, 0), []int{0, 1, 2}, 180, []float64{30, 60, 100}},
		{"A lost", micro(PMedian, 2, 0, x, o, o), []int{1, 2}, 210, []float64{140, 100}},
		{"B lost", micro(PMedian, 2, 0, o, x, o), []int{0, 2}, 240, nil},
		{"C lost", micro(PMedian, 2, 0, o, o, x), []int{0, 1}, 280, nil},
		{"A and B lost", micro(PMedian, 1, 0, x, x, o), []int{2}, 350, []float64{inf}},
		{"A and C lost", micro(PMedian, 1, 0, x, o, x), []int{1}, 310, []float64{inf}},
		{"B and C lost", micro(PMedian, 1, 0, o, x, x), []int{0}, 470, []float64{inf}},
		{"best pair", micro(PMedian, 2, 0), []int{1, 2}, 210, nil},
		{"best pair with A", micro(PMedian, 2, 0, r, o, o), []int{0, 2}, 240, nil},
		{"best single", micro(PMedian, 1, 0), []int{1}, 310, nil},

		{"cover by two", micro(MaximalCover, 2, 3), []int{0, 2}, 80, []float64{30, 50}},
		{"cover by B and C", micro(MaximalCover, 2, 3, x, o, o), []int{1, 2}, 70, []float64{20, 20}},
		{"cover by A and B", micro(MaximalCover, 2, 3, o, o, x), []int{0, 1}, 60, []float64{10, 30}},
		{"cover by all", micro(MaximalCover, 3, 3), []int{0, 1, 2}, 80, []float64{10, 0, 20}},

		{"set cover", micro(SetCover, 0, 4), []int{1, 2}, 2, []float64{inf, inf}},
		{"set cover with B", micro(SetCover, 0, 4, o, r, o), []int{1, 2}, 2, []float64{inf, inf}},
		{"set cover with B and A", micro(SetCover, 0, 4, r, r, o), []int{0, 1, 2}, 3, []float64{-1, -1, inf}},
	} {
		t.Run(c.name, func(t *testing.T) {
			c.p.Weight = slices.Clone(c.p.Weight)
			s, err := Solve(context.Background(), c.p, Options{})
			if err != nil {
				t.Fatal(err)
			}
			if !slices.Equal(s.Open, c.open) || s.Objective != c.value || s.Bound != c.value || !s.Optimal {
				t.Errorf("open %v, objective %v, bound %v, %v; want %v, %v", s.Open, s.Objective, s.Bound, s.Status, c.open, c.value)
			}
			if c.worth != nil && !slices.Equal(s.Worth, c.worth) {
				t.Errorf("worth %v, want %v", s.Worth, c.worth)
			}
		})
	}
}

// TestTidy: a site that others make useless gives way to the lowest index. The
// middle site is the best single one, so that a search meets it first.
func TestTidy(t *testing.T) {
	p := Problem{Model: PMedian, P: 3, Costs: &Dense{2, 4, []float64{
		99, 0, 10, 4,
		99, 10, 0, 4,
	}}}
	s, err := Solve(context.Background(), p, Options{})
	if err != nil || !slices.Equal(s.Open, []int{0, 1, 2}) {
		t.Errorf("%+v, %v", s, err)
	}
	for _, c := range []struct {
		name string
		p    Problem
		open []int
		want []int
	}{
		{"two of three do", Problem{Model: SetCover, Radius: 4, Costs: p.Costs}, []int{3, 2, 1}, []int{1, 2}},
		{"the dearest goes", Problem{Model: SetCover, Radius: 4, Costs: p.Costs, Opening: []float64{1, 3, 1, 1}}, []int{3, 2, 1}, []int{3}},
		{"required stays", Problem{Model: SetCover, Radius: 4, Costs: p.Costs, Site: []Status{0, 0, 0, Required}}, []int{1, 2, 3}, []int{3}},
		{"same cover", Problem{Model: MaximalCover, P: 2, Radius: 4, Costs: p.Costs}, []int{2, 3}, []int{0, 3}},
	} {
		if got := newWork(context.Background(), &c.p, Options{}).tidy(c.open).open; !slices.Equal(got, c.want) {
			t.Errorf("%s: %v becomes %v, want %v", c.name, c.open, got, c.want)
		}
	}
}

// TestTies: of equal sites the lowest are open, whatever their order of merit
// in the search, and a demand takes the lowest of equal costs.
func TestTies(t *testing.T) {
	same := &Dense{3, 5, []float64{
		2, 2, 2, 2, 2,
		2, 2, 2, 2, 2,
		2, 2, 2, 2, 2,
	}}
	for _, c := range []struct {
		name string
		p    Problem
		open []int
	}{
		{"p-median", Problem{Model: PMedian, Costs: same, P: 2}, []int{0, 1}},
		{"p-median, required", Problem{Model: PMedian, Costs: same, P: 2, Site: []Status{0, 0, 0, Required, 0}}, []int{0, 3}},
		{"p-median, excluded", Problem{Model: PMedian, Costs: same, P: 2, Site: []Status{Excluded, 0, 0, 0, 0}}, []int{1, 2}},
		{"maximal cover", Problem{Model: MaximalCover, Costs: same, P: 3, Radius: 2}, []int{0, 1, 2}},
		{"nothing covered", Problem{Model: MaximalCover, Costs: same, P: 2, Radius: 1}, []int{0, 1}},
		{"set cover", Problem{Model: SetCover, Costs: same, Radius: 2}, []int{0}},
		{"set cover, cheaper", Problem{Model: SetCover, Costs: same, Radius: 2, Opening: []float64{3, 2, 1, 1, 2}}, []int{2}},
		{"no weight", Problem{Model: PMedian, Costs: same, P: 2, Weight: make([]float64, 3)}, []int{0, 1}},
		{"no weight covered", Problem{Model: MaximalCover, Costs: same, P: 2, Radius: 2, Weight: make([]float64, 3)}, []int{0, 1}},
		{"no weight to cover", Problem{Model: SetCover, Costs: same, Radius: 2, Weight: make([]float64, 3)}, []int{}},
	} {
		t.Run(c.name, func(t *testing.T) {
			s, err := Solve(context.Background(), c.p, Options{})
			if err != nil {
				t.Fatal(err)
			}
			if !slices.Equal(s.Open, c.open) || !s.Optimal || s.Gap != 0 {
				t.Errorf("open %v, %v, gap %v; want %v", s.Open, s.Status, s.Gap, c.open)
			}
			checkSolution(t, c.p, s)
		})
	}
}
