package locate

import (
	"context"
	"errors"
	"fmt"
	"math"
	"math/bits"
	"math/rand/v2"
	"slices"
	"testing"
)

// centerBrute is the least radius by enumeration and by its definition: +Inf if
// there is no solution.
func centerBrute(p Problem) float64 {
	n, m := p.Costs.Size()
	best := math.Inf(1)
	for set := range 1 << m {
		counted, fits := bits.OnesCount(uint(set)), true
		for j := range m {
			open := set>>j&1 == 1
			switch p.Site[j] {
			case Required:
				fits = fits && open
			case Existing:
				fits = fits && open
				counted--
			case Excluded:
				fits = fits && !open
			}
		}
		if fits && counted == p.P {
			best = min(best, radiusOf(p, n, func(j int) bool { return set>>j&1 == 1 }, m))
		}
	}
	return best
}

func radiusOf(p Problem, n int, open func(j int) bool, m int) float64 {
	radius := 0.0
	for i := range n {
		w := 1.0
		if p.Weight != nil {
			w = p.Weight[i]
		}
		if w == 0 {
			continue
		}
		least := math.Inf(1)
		for j := range m {
			if open(j) {
				least = min(least, w*p.Costs.At(i, j))
			}
		}
		radius = max(radius, least)
	}
	return radius
}

// centerProblem draws a problem with every special case: the costs of
// randomProblem as a matrix, as lists, or points of some metric.
func centerProblem(rng *rand.Rand) Problem {
	p := randomProblem(rng, PCenter)
	n, m := p.Costs.Size()
	switch rng.IntN(3) {
	case 0:
		d := p.Costs
		s := Sparse{Sites: m, First: []int{0}}
		for i := range n {
			for j := range m {
				if c := d.At(i, j); !math.IsInf(c, 1) || rng.IntN(5) == 0 {
					s.Site, s.Cost = append(s.Site, int32(j)), append(s.Cost, c)
				}
			}
			s.First = append(s.First, len(s.Site))
		}
		p.Costs = s
	case 1:
		at := func(k int) [][2]float64 {
			list := make([][2]float64, k)
			for i := range list {
				list[i] = [2]float64{float64(rng.IntN(6)), float64(rng.IntN(6))}
				if rng.IntN(2) == 0 {
					list[i][0] += rng.Float64()
				}
			}
			return list
		}
		p.Costs = Points{Demands: at(n), Sites: at(m), Metric: Metric(rng.IntN(int(GreatCircle) + 1))}
	}
	if p.Site == nil {
		p.Site = make([]Status, m)
	}
	allowed := 0
	for j := range p.Site {
		if p.Site[j] == Candidate && rng.IntN(8) == 0 {
			p.Site[j] = Existing
		}
		if p.Site[j] == Candidate || p.Site[j] == Required {
			allowed++
		}
	}
	if allowed == 0 {
		p.Site[0] = Candidate
		allowed = 1
	}
	p.P = 1 + rng.IntN(allowed)
	if rng.IntN(8) == 0 {
		p.P = allowed
	}
	return p
}

// checkCenter verifies what a solution says about itself.
func checkCenter(t *testing.T, p Problem, s *Solution) {
	t.Helper()
	n, m := p.Costs.Size()
	counted := len(s.Open)
	for j, st := range p.Site {
		open := slices.Contains(s.Open, j)
		if (st == Required || st == Existing) && !open || st == Excluded && open {
			t.Fatalf("site %d is %v, Open is %v", j, st, s.Open)
		}
		if st == Existing {
			counted--
		}
	}
	if counted != p.P || !slices.IsSorted(s.Open) {
		t.Fatalf("Open is %v, P is %d", s.Open, p.P)
	}
	if r := radiusOf(p, n, func(j int) bool { return slices.Contains(s.Open, j) }, m); r != s.Objective {
		t.Fatalf("objective %v, recomputed %v", s.Objective, r)
	}
	if s.Optimal != (s.Status == Optimal) || s.Optimal && s.Bound != s.Objective {
		t.Fatalf("objective %v, bound %v, %v", s.Objective, s.Bound, s.Status)
	}
}

// TestPCenterEnumerated: the radius is exactly the least one of enumeration,
// and whatever ends a search early, its bound is not above that.
func TestPCenterEnumerated(t *testing.T) {
	rng := rand.New(rand.NewPCG(11, 1))
	infeasible := 0
	rounds := 800
	if testing.Short() {
		rounds /= 10
	}
	for k := range rounds {
		p := centerProblem(rng)
		want := centerBrute(p)
		s, err := Solve(context.Background(), p, Options{Seed: uint64(k)})
		if math.IsInf(want, 1) {
			infeasible++
			if !errors.Is(err, ErrInfeasible) {
				t.Fatalf("round %d: %v, want ErrInfeasible\n%+v", k, err, p)
			}
			continue
		}
		if err != nil {
			t.Fatalf("round %d: %v\n%+v", k, err, p)
		}
		if !s.Optimal || s.Objective != want {
			t.Fatalf("round %d: objective %v, bound %v, %v; brute force %v\n%+v", k, s.Objective, s.Bound, s.Status, want, p)
		}
		checkCenter(t, p, s)
		checkMedian(t, p, s.Objective)
		for polls := range 16 {
			ctx, o := context.Context(endsAfter(5*polls)), Options{}
			switch {
			case polls >= 14:
				ctx, o = context.Background(), Options{Gap: 0.3 * float64(polls-13)}
			case polls >= 12:
				ctx, o = context.Background(), Options{Nodes: polls - 11}
			case polls == 11:
				o.Start = []int{rng.IntN(len(p.Site)), rng.IntN(len(p.Site))}
			}
			s, err := Solve(ctx, p, o)
			if err != nil {
				if !errors.Is(err, context.Canceled) && err != ErrNodeLimit {
					t.Fatalf("round %d, %d polls: %v\n%+v", k, polls, err, p)
				}
				continue
			}
			if s.Optimal && s.Objective != want || s.Bound > want || s.Objective < want {
				t.Fatalf("round %d, %d polls: objective %v, bound %v, %v; brute force %v\n%+v",
					k, polls, s.Objective, s.Bound, s.Status, want, p)
			}
			if o.Gap > 0 && s.Gap > o.Gap {
				t.Fatalf("round %d: gap %v asked for, %v returned", k, o.Gap, s.Gap)
			}
			checkCenter(t, p, s)
		}
	}
	if infeasible == 0 {
		t.Error("no infeasible problem was drawn")
	}
}

// TestPCenterSpecial: results that follow from the definition.
func TestPCenterSpecial(t *testing.T) {
	inf := math.Inf(1)
	line := func(at ...float64) Points {
		p := Points{}
		for _, x := range at {
			p.Demands = append(p.Demands, [2]float64{x, 0})
		}
		p.Sites = p.Demands
		return p
	}
	for _, c := range []struct {
		name   string
		p      Problem
		radius float64
		open   []int
	}{
		{"one in the middle", Problem{Costs: line(0, 4, 10), P: 1}, 6, []int{1}},
		{"two ends", Problem{Costs: line(0, 1, 9, 10), P: 2}, 1, nil},
		{"as many as points", Problem{Costs: line(0, 4, 10), P: 3}, 0, []int{0, 1, 2}},
		{"all in one place", Problem{Costs: line(7, 7, 7, 7), P: 2}, 0, nil},
		{"no weight", Problem{Costs: line(0, 4, 10), Weight: []float64{0, 0, 0}, P: 2}, 0, []int{0, 1}},
		{"no weight at the end", Problem{Costs: line(0, 4, 10), Weight: []float64{1, 1, 0}, P: 1}, 4, nil},
		{"weight moves the middle", Problem{Costs: line(0, 4, 10), Weight: []float64{3, 1, 1}, P: 1}, 10, []int{0}},
		{"required", Problem{Costs: line(0, 4, 10), P: 1, Site: []Status{0, 0, Required}}, 10, []int{2}},
		{"existing is not counted", Problem{Costs: line(0, 4, 10), P: 1, Site: []Status{0, 0, Existing}}, 4, nil},
		{"excluded", Problem{Costs: line(0, 4, 10), P: 1, Site: []Status{0, Excluded, 0}}, 10, nil},
		{"impossible pairs", Problem{Costs: Dense{2, 2, []float64{5, inf, inf, 3}}, P: 2}, 5, []int{0, 1}},
	} {
		t.Run(c.name, func(t *testing.T) {
			c.p.Model = PCenter
			s, err := Solve(context.Background(), c.p, Options{})
			if err != nil {
				t.Fatal(err)
			}
			if s.Objective != c.radius || s.Bound != c.radius || !s.Optimal || c.open != nil && !slices.Equal(s.Open, c.open) {
				t.Errorf("%v of radius %v, bound %v, %v; want %v of %v", s.Open, s.Objective, s.Bound, s.Status, c.open, c.radius)
			}
			checkCenter(t, c.p, s)
		})
	}
}

// TestPCenterInfeasible: the message names the demand that nobody serves, or
// says that the number is too small.
func TestPCenterInfeasible(t *testing.T) {
	inf := math.Inf(1)
	for _, c := range []struct {
		p    Problem
		want string
	}{
		{Problem{Costs: Dense{2, 2, []float64{1, 2, 3, inf}}, P: 1, Site: []Status{Excluded, Candidate}},
			"locate: infeasible: demand 1 cannot be served from any site that may be opened"},
		{Problem{Costs: Dense{3, 3, []float64{1, inf, inf, inf, 1, inf, inf, inf, 1}}, P: 2},
			"locate: infeasible: no 2 sites, required ones included, can serve every demand"},
	} {
		c.p.Model = PCenter
		_, err := Solve(context.Background(), c.p, Options{})
		if !errors.Is(err, ErrInfeasible) || err.Error() != c.want {
			t.Errorf("%v, want %s", err, c.want)
		}
	}
}

// scattered draws points in a square, on a grid that makes ties.
func scattered(seed uint64, n int) [][2]float64 {
	rng := rand.New(rand.NewPCG(seed, 3))
	at := make([][2]float64, n)
	for i := range at {
		at[i] = [2]float64{float64(rng.IntN(1000)), float64(rng.IntN(1000))}
	}
	return at
}

// TestPCenterSame: neither the number of goroutines nor the way in which costs
// are given has a part in the result, and progress only ever gets better.
func TestPCenterSame(t *testing.T) {
	at := scattered(1, 4500)
	p := Problem{Model: PCenter, Costs: Points{Demands: at, Sites: at[:200]}, P: 4}
	matrix := Dense{Demands: len(at), Sites: 200}
	for i := range at {
		for j := range 200 {
			matrix.Values = append(matrix.Values, p.Costs.At(i, j))
		}
	}
	var first *Solution
	for _, o := range []Options{{Workers: 1}, {Workers: 2}, {Workers: 7}, {}} {
		for _, costs := range []Costs{p.Costs, matrix} {
			p.Costs = costs
			last := Progress{Objective: math.Inf(1)}
			o.Progress = func(now Progress) {
				if now.Objective > last.Objective || now.Bound < last.Bound || now.Nodes < last.Nodes || now.Bound > now.Objective {
					t.Errorf("%+v after %+v", now, last)
				}
				last = now
			}
			s, err := Solve(context.Background(), p, o)
			if err != nil {
				t.Fatal(err)
			}
			if first == nil {
				first = s
			}
			if !s.Optimal || !slices.Equal(s.Open, first.Open) || s.Objective != first.Objective || s.Nodes != first.Nodes {
				t.Fatalf("%v of radius %v, %d nodes; first %v of %v, %d nodes",
					s.Open, s.Objective, s.Nodes, first.Open, first.Objective, first.Nodes)
			}
		}
	}
}

// TestPCenterBound: whichever limit of nodes ends the search, the bound is not
// above the radius that the whole search proves.
func TestPCenterBound(t *testing.T) {
	for seed := range uint64(3) {
		at := scattered(seed, 150)
		p := Problem{Model: PCenter, Costs: Points{Demands: at, Sites: at}, P: 8}
		whole, err := Solve(context.Background(), p, Options{Seed: seed})
		if err != nil {
			t.Fatal(err)
		}
		last := 0.0
		for nodes := 1; nodes < whole.Nodes; nodes += 1 + nodes {
			s, err := Solve(context.Background(), p, Options{Seed: seed, Nodes: nodes})
			if err != nil {
				t.Fatal(err)
			}
			if s.Status != NodeLimit || s.Nodes > nodes || s.Bound > whole.Objective || s.Objective < whole.Objective || s.Bound < last {
				t.Errorf("seed %d, %d nodes: objective %v, bound %v after %v, %v, %d nodes; proven %v",
					seed, nodes, s.Objective, s.Bound, last, s.Status, s.Nodes, whole.Objective)
			}
			last = s.Bound
		}
		warm, err := Solve(context.Background(), p, Options{Seed: seed, Start: whole.Open, Nodes: 1})
		if err != nil || warm.Objective != whole.Objective {
			t.Errorf("seed %d: started from the optimum: %+v, %v", seed, warm, err)
		}
	}
}

func BenchmarkPCenter(b *testing.B) {
	for _, c := range []struct{ n, p int }{{500, 5}, {300, 10}, {20000, 3}} {
		at := scattered(1, c.n)
		p := Problem{Model: PCenter, Costs: Points{Demands: at, Sites: at}, P: c.p}
		b.Run(fmt.Sprintf("n=%d/p=%d", c.n, c.p), func(b *testing.B) {
			nodes := 0
			for b.Loop() {
				s, err := Solve(context.Background(), p, Options{})
				if err != nil {
					b.Fatal(err)
				}
				nodes = s.Nodes
			}
			b.ReportMetric(float64(nodes), "nodes")
		})
	}
}

// checkMedian asks for the least cost among the sets of the least radius.
func checkMedian(t *testing.T, p Problem, radius float64) {
	t.Helper()
	p.Median = true
	s, err := Solve(context.Background(), p, Options{})
	if err != nil {
		t.Fatal(err)
	}
	n, m := p.Costs.Size()
	least, own := math.Inf(1), math.Inf(1)
	for set := range 1 << m {
		open := make([]bool, m)
		for j := range open {
			open[j] = set>>j&1 == 1
		}
		if !numberFits(p, bits.OnesCount(uint(set))) || radiusOf(p, n, func(j int) bool { return open[j] }, m) > radius {
			continue
		}
		q := p
		q.Model = PMedian
		v, ok := valueOf(q, open)
		if !ok {
			continue
		}
		least = min(least, v)
		if slices.Equal(sitesOf(open), s.Open) {
			own = v
		}
	}
	if s.Objective != radius || s.Median == nil || !s.Median.Optimal || !alike(s.Median.Objective, least) || !alike(own, least) {
		t.Fatalf("radius %v with the cost %+v, want %v with %v", s.Objective, s.Median, radius, least)
	}
}

func sitesOf(open []bool) []int {
	var sites []int
	for j, o := range open {
		if o {
			sites = append(sites, j)
		}
	}
	return sites
}
