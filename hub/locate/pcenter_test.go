package locate

import (
	"context"
	"errors"
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
		d := dense(p)
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

// TestPCenterBruteForce: the radius is exactly the least one of enumeration,
// and whatever ends a search early, its bound is not above that.
func TestPCenterBruteForce(t *testing.T) {
	rng := rand.New(rand.NewPCG(11, 1))
	infeasible := 0
	for k := range 2500 {
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
		for polls := range 16 {
			ctx, o := context.Context(&countdown{context.Background(), 5 * polls}), Options{}
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
