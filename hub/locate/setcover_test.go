package locate

import (
	"context"
	"errors"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

// coverBrute is the least opening cost of a set cover by enumeration, existing
// sites free: +Inf if there is none.
func coverBrute(p Problem) float64 {
	_, m := p.Costs.Size()
	best := math.Inf(1)
	for set := range 1 << m {
		if v := coverCost(p, func(j int) bool { return set>>j&1 == 1 }); v < best {
			best = v
		}
	}
	return best
}

// coverCost is the opening cost of a set of sites, +Inf if it is no solution.
func coverCost(p Problem, open func(j int) bool) float64 {
	n, m := p.Costs.Size()
	cost := 0.0
	for j := range m {
		switch st := p.Site[j]; {
		case open(j) && st == Excluded, !open(j) && (st == Required || st == Existing):
			return math.Inf(1)
		case !open(j) || st == Existing:
		case p.Opening == nil:
			cost++
		default:
			cost += p.Opening[j]
		}
	}
	for i := range n {
		if p.Weight != nil && p.Weight[i] == 0 {
			continue
		}
		covered := false
		for j := range m {
			c := p.Costs.At(i, j)
			covered = covered || open(j) && c <= p.Radius && !math.IsInf(c, 1)
		}
		if !covered {
			return math.Inf(1)
		}
	}
	return cost
}

// TestSetCoverCosts: with costs of every kind and sites of every status the
// objective is that of enumeration, and no bound is above it.
func TestSetCoverCosts(t *testing.T) {
	rng := rand.New(rand.NewPCG(12, 1))
	infeasible := 0
	for k := range 1500 {
		p := centerProblem(rng)
		p.Model = SetCover
		want := coverBrute(p)
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
		if !s.Optimal || !alike(s.Objective, want) || s.Bound > want+eps {
			t.Fatalf("round %d: objective %v, bound %v, %v; brute force %v\n%+v", k, s.Objective, s.Bound, s.Status, want, p)
		}
		for polls := range 8 {
			ctx, o := context.Context(endsAfter(4*polls)), Options{}
			if polls == 7 {
				ctx, o.Nodes = context.Background(), 1
			}
			s, err := Solve(ctx, p, o)
			if err != nil {
				if !errors.Is(err, context.Canceled) && err != ErrNodeLimit {
					t.Fatalf("round %d: %v", k, err)
				}
				continue
			}
			v := coverCost(p, func(j int) bool { return slices.Contains(s.Open, j) })
			if !alike(v, s.Objective) || s.Bound > want+eps {
				t.Fatalf("round %d, %d polls: %v costs %v, objective %v, bound %v; brute force %v\n%+v",
					k, polls, s.Open, v, s.Objective, s.Bound, want, p)
			}
		}
	}
	if infeasible == 0 {
		t.Error("no infeasible problem was drawn")
	}
}

// TestSetCoverPoints: 20,000 points and as many sites need no matrix, and the
// result is a cover within its bound.
func TestSetCoverPoints(t *testing.T) {
	rng := rand.New(rand.NewPCG(13, 1))
	at := make([][2]float64, 20000)
	for i := range at {
		at[i] = [2]float64{rng.Float64(), rng.Float64()}
	}
	p := Problem{Model: SetCover, Costs: Points{Demands: at, Sites: at}, Radius: 0.008}
	s, err := Solve(context.Background(), p, Options{Nodes: 1})
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("objective %v, bound %v, %v", s.Objective, s.Bound, s.Status)
	for i, j := range s.Assign {
		if j < 0 || p.Costs.At(i, j) > p.Radius {
			t.Fatalf("demand %d is assigned to %d", i, j)
		}
	}
	if float64(len(s.Open)) != s.Objective || s.Gap > 0.1 {
		t.Errorf("%d sites, objective %v, gap %v", len(s.Open), s.Objective, s.Gap)
	}
}
