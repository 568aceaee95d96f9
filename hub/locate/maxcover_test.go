package locate

import (
	"context"
	"errors"
	"math"
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"

	"github.com/hubplan/hubplan/hub/locate/internal/maxcover"
)

// drawCover draws a maximal cover with or without fading and a budget.
func drawCover(rng *rand.Rand) drawn {
	d := draw(rng, MaximalCover)
	if rng.IntN(2) == 0 && !math.IsInf(d.Radius, 1) {
		d.Fade = d.Radius + float64(1+rng.IntN(4))
	}
	if rng.IntN(2) == 0 {
		d.Budget = float64(1 + rng.IntN(10))
		if rng.IntN(8) == 0 {
			d.Budget = math.Inf(1)
		}
		if rng.IntN(2) == 0 {
			d.P = 0
		}
	}
	return d
}

// drawPartial draws a set cover of a share of the weight.
func drawPartial(rng *rand.Rand) drawn {
	d := draw(rng, SetCover)
	d.Share = float64(1+rng.IntN(9)) / 10
	return d
}

// testDrawn compares Solve with enumeration, runs to the end, runs with few
// nodes and runs cut off.
func testDrawn(t *testing.T, rounds int, draw func(*rand.Rand) drawn) {
	rng := rand.New(rand.NewPCG(21, 1))
	infeasible, interrupted := 0, 0
	for k := range rounds {
		d := draw(rng)
		best, ok := d.best()
		s, err := Solve(context.Background(), d.Problem, Options{Seed: uint64(k)})
		if !ok {
			infeasible++
			if !errors.Is(err, ErrInfeasible) {
				t.Fatalf("round %d: %v, want ErrInfeasible\n%+v", k, err, d)
			}
			continue
		}
		if err != nil || !s.Optimal {
			t.Fatalf("round %d: %+v, %v\n%+v", k, s, err, d)
		}
		checkDrawn(t, d, s, best)
		for polls := range 12 {
			ctx, o := context.Context(endsAfter(2*polls)), Options{Workers: 1}
			if polls >= 10 {
				ctx, o = context.Background(), Options{Nodes: polls - 9}
			}
			s, err := Solve(ctx, d.Problem, o)
			if err != nil {
				if !errors.Is(err, context.Canceled) && err != ErrNodeLimit {
					t.Fatalf("round %d, %d polls: %v\n%+v", k, polls, err, d)
				}
				continue
			}
			if !s.Optimal {
				interrupted++
			}
			checkDrawn(t, d, s, best)
		}
	}
	if infeasible == 0 || interrupted == 0 {
		t.Errorf("%d infeasible, %d interrupted: a case was not met", infeasible, interrupted)
	}
}

func TestDrawnMaximalCover(t *testing.T) { testDrawn(t, 2000, drawCover) }

func TestDrawnPartialCover(t *testing.T) { testDrawn(t, 2000, drawPartial) }

// TestCoverTree checks whole trees, and cuts of them by a node limit and by
// the context, against enumeration: costs without geometry behind them leave
// the relaxation a wide gap.
func TestCoverTree(t *testing.T) {
	if testing.Short() {
		t.Skip("much of the same")
	}
	const n, m = 45, 11
	rng := rand.New(rand.NewPCG(22, 1))
	var deep, limited, interrupted [4]int
	for k := range 40 {
		kind := k % 4
		d := drawn{Problem: Problem{Model: MaximalCover, P: 3 + rng.IntN(3), Radius: 25}}
		dense := &Dense{Demands: n, Sites: m}
		for range n {
			row := make([]float64, m)
			for j := range row {
				row[j] = 100 * rng.Float64()
			}
			d.cost = append(d.cost, row)
			dense.Values = append(dense.Values, row...)
			d.Weight = append(d.Weight, 1+rng.Float64())
		}
		d.Costs = dense
		for range m {
			d.Opening = append(d.Opening, 1+rng.Float64())
		}
		switch kind {
		case 1:
			d.Fade = 60
		case 2:
			d.Budget, d.P = 5, 4*rng.IntN(2)
		case 3:
			d.Model, d.Share = SetCover, 0.7+0.2*rng.Float64()
		}
		best, _ := d.best()
		full, err := Solve(context.Background(), d.Problem, Options{})
		if err != nil || !full.Optimal {
			t.Fatal(full, err)
		}
		checkDrawn(t, d, full, best)
		if full.Nodes > 2 {
			deep[kind]++
		}
		for nodes := 1; nodes < full.Nodes; nodes += 1 + nodes/2 {
			s, err := Solve(context.Background(), d.Problem, Options{Nodes: nodes})
			if err != nil || s.Nodes > nodes {
				t.Fatalf("%d nodes, limit %d, %v", s.Nodes, nodes, err)
			}
			checkDrawn(t, d, s, best)
			if s.Status == NodeLimit {
				limited[kind]++
			}
		}
		for polls := 2; polls < 2000; polls += 1 + polls/2 {
			s, err := Solve(endsAfter(polls), d.Problem, Options{Workers: 1})
			if err != nil {
				if d.Model != SetCover {
					t.Fatal(err)
				}
				continue
			}
			checkDrawn(t, d, s, best)
			if s.Status == Interrupted {
				interrupted[kind]++
			}
		}
	}
	for kind := range deep {
		if deep[kind] == 0 || limited[kind] == 0 || interrupted[kind] == 0 {
			t.Errorf("kind %d: %d trees, %d limited, %d interrupted: a case was not met",
				kind, deep[kind], limited[kind], interrupted[kind])
		}
	}
}

// TestCoverCosts: a solution does not depend on whether costs come as points,
// as a matrix or as lists, over several blocks of demands.
func TestCoverCosts(t *testing.T) {
	points := uniform(8, 20_000, 30)
	c := points.Costs.(*Points)
	n, m := c.Size()
	dense, sparse := Dense{Demands: n, Sites: m}, Sparse{Sites: m, First: []int{0}}
	for i := range n {
		for j := range m {
			v := c.At(i, j)
			dense.Values = append(dense.Values, v)
			if v < 400 {
				sparse.Site = append(sparse.Site, int32(j))
				sparse.Cost = append(sparse.Cost, v)
			}
		}
		sparse.First = append(sparse.First, len(sparse.Site))
	}
	points.P, points.Radius, points.Budget = 6, 140, 5
	points.Site = make([]Status, m)
	points.Site[7] = Existing
	for _, fade := range []float64{0, 230} {
		points.Fade = fade
		var first *Solution
		for _, costs := range []Costs{c, &dense, &sparse} {
			p := points
			p.Costs = costs
			s, err := Solve(context.Background(), p, Options{})
			if err != nil || !s.Optimal {
				t.Fatal(s, err)
			}
			s.Assign = nil // beyond 400 lists say nothing
			if first == nil {
				first = s
			}
			if !reflect.DeepEqual(s, first) {
				t.Errorf("fade %v: %+v from %T, %+v from points", fade, s, costs, first)
			}
		}
	}
}

// TestCoverStart: a search begins from the solution that it is given, and is
// not led astray by sites that it must not open or by too many of them.
func TestCoverStart(t *testing.T) {
	p := uniform(7, 5000, 60)
	p.P, p.Radius = 8, 120
	p.Site = make([]Status, 60)
	p.Site[4], p.Site[9], p.Site[11] = Excluded, Existing, Required
	budget := p
	budget.Budget = 9
	partial := p
	partial.Model, partial.Share = SetCover, 0.6
	for _, p := range []Problem{p, budget, partial} {
		proven, err := Solve(context.Background(), p, Options{})
		if err != nil || !proven.Optimal {
			t.Fatal(proven, err)
		}
		for _, start := range [][]int{proven.Open, {4}, {4, 9, 11, 12}, sequence(60)} {
			s, err := Solve(context.Background(), p, Options{Start: start, Nodes: -1})
			if err != nil {
				t.Fatal(err)
			}
			if crosses(p.Model, s.Bound, proven.Objective) || slices.Contains(s.Open, 4) || !slices.Contains(s.Open, 9) {
				t.Errorf("%v from %v: objective %v, bound %v", p.Model, start, s.Objective, s.Bound)
			}
			if len(start) == len(proven.Open) && s.Objective != proven.Objective {
				t.Errorf("%v: objective %v, begun from one of %v", p.Model, s.Objective, proven.Objective)
			}
		}
	}
}

// stub is a local search that knows nothing and keeps what it is given.
type stub struct{ known []int }

func (s *stub) Greedy() ([]int, float64) { return []int{0}, -1 }

func (s *stub) From(open []int) ([]int, float64) {
	s.known = open
	return open, -2
}

func (s *stub) Shake(start []int, rounds int, rng *rand.Rand) ([]int, float64) {
	return start, 0
}

// TestStarted: of the sites to start from, those that are left to choose from
// go to the local search by their new numbers.
func TestStarted(t *testing.T) {
	p := Problem{Costs: &Dense{Demands: 1, Sites: 9, Values: make([]float64, 9)}}
	w := newWork(context.Background(), &p, Options{Start: []int{8, 2, 4, 5}})
	r := &maxcover.Reduced{Site: []int{0, 1, 3, 4}} // positions of the sites 2, 3, 5 and 8
	s := &stub{}
	if got := w.started(s, r, []int{2, 3, 4, 5, 8}); !slices.Equal(got, []int{0, 2, 3}) || !slices.Equal(s.known, got) {
		t.Errorf("started from %v of %v, want 0, 2 and 3", got, s.known)
	}
	w.Start = nil
	if got := w.started(s, r, []int{2, 3, 4, 5, 8}); !slices.Equal(got, []int{0}) {
		t.Errorf("started from %v, want the greedy 0", got)
	}
}

// TestCoverStartCancelled: a search that has no time at all returns what it
// began from, as far as it may.
func TestCoverStartCancelled(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	p := uniform(9, 2000, 20)
	p.Radius, p.P = 150, 4
	p.Site = make([]Status, 20)
	p.Site[4], p.Site[9], p.Site[11] = Excluded, Existing, Required
	p.Opening = make([]float64, 20)
	for j := range p.Opening {
		p.Opening[j] = float64(j)
	}
	for _, test := range []struct {
		budget float64
		start  []int
		want   []int
	}{
		{0, []int{4, 9, 17, 17, 13, 18, 19}, []int{9, 11, 13, 17, 18}},
		{0, []int{13}, []int{0, 1, 9, 11, 13}}, // made up with the lowest
		{11 + 17 + 3, []int{17, 13, 2, 5, 1}, []int{1, 2, 9, 11, 17}},
	} {
		p.Budget = test.budget
		s, err := Solve(ctx, p, Options{Start: test.start})
		if err != nil || s.Status != Interrupted || !slices.Equal(s.Open, test.want) {
			t.Errorf("budget %v from %v: %+v, %v; want %v", test.budget, test.start, s, err, test.want)
		}
	}
}

// TestCoverBudgetAmple: a budget that buys everything leaves the number alone,
// and one without a number opens whatever covers anything.
func TestCoverBudgetAmple(t *testing.T) {
	p := uniform(10, 3000, 60)
	p.P, p.Radius = 12, 90
	want, err := Solve(context.Background(), p, Options{})
	if err != nil || !want.Optimal {
		t.Fatal(want, err)
	}
	for _, budget := range []float64{60, 1e9, math.MaxFloat64, math.Inf(1)} {
		p.Budget = budget
		s, err := Solve(context.Background(), p, Options{Nodes: 300})
		if err != nil || !s.Optimal || s.Objective != want.Objective || len(s.Open) > p.P {
			t.Errorf("budget %v: %+v, %v; want %v", budget, s, err, want.Objective)
		}
		q := p
		q.P = 0
		all := p
		all.P, all.Budget = 60, 0
		most, err := Solve(context.Background(), all, Options{})
		if err != nil {
			t.Fatal(err)
		}
		if s, err := Solve(context.Background(), q, Options{}); err != nil || !s.Optimal || s.Objective != most.Objective {
			t.Errorf("budget %v without a number: %+v, %v; want %v", budget, s, err, most.Objective)
		}
	}
}

// TestCoverGap: a search ends within the gap asked for and says so.
func TestCoverGap(t *testing.T) {
	met := 0
	for seed := range uint64(8) {
		p := uniform(seed, 4000, 80)
		p.P, p.Radius = 20, 80
		q := p
		q.Model, q.Share = SetCover, 0.7
		for _, p := range []Problem{p, q} {
			proven, err := Solve(context.Background(), p, Options{})
			if err != nil || !proven.Optimal {
				t.Fatal(proven, err)
			}
			s, err := Solve(context.Background(), p, Options{Gap: 0.02})
			if err != nil || s.Gap > 0.02 || crosses(p.Model, s.Bound, proven.Objective) || s.Optimal != (s.Gap <= 1e-9) {
				t.Errorf("seed %d: %+v, %v", seed, s, err)
			}
			if s.Status == WithinGap {
				met++
			}
		}
	}
	if met == 0 {
		t.Error("no search ended within the gap")
	}
}

// uniform draws demands and sites in a square of side 1000, with integer
// weights up to 100.
func uniform(seed uint64, demands, sites int) Problem {
	rng := rand.New(rand.NewPCG(seed, 99))
	at := func(n int) [][2]float64 {
		x := make([][2]float64, n)
		for k := range x {
			x[k] = [2]float64{1000 * rng.Float64(), 1000 * rng.Float64()}
		}
		return x
	}
	p := Problem{Model: MaximalCover, Costs: &Points{Demands: at(demands), Sites: at(sites)}}
	p.Weight = make([]float64, demands)
	for i := range p.Weight {
		p.Weight[i] = float64(1 + rng.IntN(100))
	}
	return p
}
