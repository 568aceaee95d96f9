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

// valueOf is the objective of a set of open sites by its definition; ok is
// false if it breaks a status or leaves a demand unserved. The number of open
// sites is not looked at. It shares no code with Solve.
func valueOf(p Problem, open []bool) (value float64, ok bool) {
	var served, covered, cost float64
	all := true
	for j, o := range open {
		if p.Site != nil && (p.Site[j] == Required && !o || p.Site[j] == Excluded && o) {
			return 0, false
		}
		switch {
		case o && p.Opening != nil:
			cost += p.Opening[j]
		case o:
			cost++
		}
	}
	for i := range dense(p).Demands {
		w := 1.0
		if p.Weight != nil {
			w = p.Weight[i]
		}
		if w == 0 {
			continue
		}
		least := math.Inf(1)
		for j, o := range open {
			if o {
				least = min(least, dense(p).Values[i*len(open)+j])
			}
		}
		served += w * least
		if least <= p.Radius && !math.IsInf(least, 1) {
			covered += w
		} else {
			all = false
		}
	}
	switch p.Model {
	case PMedian:
		return served, !math.IsInf(served, 1)
	case MaximalCover:
		return covered, true
	default:
		return cost, all
	}
}

// bruteForce enumerates every set of sites and returns the best objective;
// ok is false if no set is feasible.
func bruteForce(p Problem) (best float64, ok bool) {
	open := make([]bool, dense(p).Sites)
	for set := range 1 << len(open) {
		if p.Model != SetCover && bits.OnesCount(uint(set)) != p.P {
			continue
		}
		for j := range open {
			open[j] = set>>j&1 == 1
		}
		v, fits := valueOf(p, open)
		if !fits {
			continue
		}
		if !ok || v < best && p.Model != MaximalCover || v > best && p.Model == MaximalCover {
			best, ok = v, true
		}
	}
	return best, ok
}

// randomProblem draws a small problem with every special case: ties (small
// integers), duplicate points, impossible pairs, zero weights, required and
// excluded sites, as many sites to open as there are.
func randomProblem(rng *rand.Rand, model Model) Problem {
	n, m := 1+rng.IntN(14), 1+rng.IntN(9)
	p := Problem{Model: model, Costs: &Dense{n, m, make([]float64, n*m)}}
	impossible := []float64{0, 0, 0.1, 0.5}[rng.IntN(4)]
	switch rng.IntN(3) {
	case 0: // small integers
		for k := range dense(p).Values {
			dense(p).Values[k] = float64(rng.IntN(6))
		}
	case 1: // points in a small square, many in the same place
		at := func() [2]float64 { return [2]float64{float64(rng.IntN(5)), float64(rng.IntN(5))} }
		sites := make([][2]float64, m)
		for j := range sites {
			sites[j] = at()
		}
		for i := range n {
			d := at()
			for j, s := range sites {
				dense(p).Values[i*m+j] = math.Hypot(d[0]-s[0], d[1]-s[1])
			}
		}
	default:
		for k := range dense(p).Values {
			dense(p).Values[k] = 10 * rng.Float64()
		}
	}
	for k := range dense(p).Values {
		if rng.Float64() < impossible {
			dense(p).Values[k] = math.Inf(1)
		}
	}
	if rng.IntN(3) > 0 {
		p.Weight = make([]float64, n)
		for i := range p.Weight {
			switch rng.IntN(3) {
			case 0:
				p.Weight[i] = float64(rng.IntN(4))
			case 1:
				p.Weight[i] = 3 * rng.Float64()
			}
		}
	}
	if rng.IntN(3) > 0 {
		p.Opening = make([]float64, m)
		for j := range p.Opening {
			p.Opening[j] = float64(rng.IntN(5))
			if rng.IntN(3) == 0 {
				p.Opening[j] = rng.Float64()
			}
		}
	}
	allowed := m
	if rng.IntN(2) == 0 {
		p.Site = make([]Status, m)
		for j := range p.Site {
			switch rng.IntN(6) {
			case 0:
				p.Site[j] = Required
			case 1:
				if allowed > 1 {
					p.Site[j] = Excluded
					allowed--
				}
			}
		}
	}
	p.P = 1 + rng.IntN(allowed)
	p.Radius = float64(rng.IntN(7))
	if rng.IntN(10) == 0 {
		p.Radius = math.Inf(1)
	}
	return p
}

const eps = 1e-9

func alike(a, b float64) bool { return math.Abs(a-b) <= eps*max(1, math.Abs(a), math.Abs(b)) }

// checkSolution verifies everything a solution says about itself.
func checkSolution(t *testing.T, p Problem, s *Solution) {
	t.Helper()
	if !slices.IsSorted(s.Open) || len(slices.Compact(slices.Clone(s.Open))) != len(s.Open) {
		t.Fatalf("Open %v is not strictly ascending", s.Open)
	}
	if p.Model != SetCover && len(s.Open) != p.P {
		t.Fatalf("%d sites open, P is %d", len(s.Open), p.P)
	}
	for j := range dense(p).Sites {
		open := slices.Contains(s.Open, j)
		if p.Site != nil && (p.Site[j] == Required && !open || p.Site[j] == Excluded && open) {
			t.Fatalf("site %d is %v, Open is %v", j, p.Site[j], s.Open)
		}
	}
	value, ok := evaluate(p, s.Open)
	if !ok {
		t.Fatalf("Open %v is infeasible", s.Open)
	}
	if !alike(value, s.Objective) {
		t.Fatalf("Objective %v, recomputed %v", s.Objective, value)
	}
	for i, j := range s.Assign {
		want := -1
		for _, k := range s.Open {
			c := p.Costs.At(i, k)
			if math.IsInf(c, 1) || p.Model != PMedian && c > p.Radius {
				continue
			}
			if want < 0 || c < p.Costs.At(i, want) {
				want = k
			}
		}
		if j != want {
			t.Fatalf("Assign[%d] = %d, want %d", i, j, want)
		}
	}
	for k := range s.Open {
		rest := slices.Delete(slices.Clone(s.Open), k, k+1)
		without, ok := evaluate(p, rest)
		want := without - s.Objective
		if p.Model == MaximalCover {
			want = -want
		}
		if !ok {
			want = math.Inf(1)
		}
		if math.IsInf(want, 1) != math.IsInf(s.Worth[k], 1) || !math.IsInf(want, 1) && !alike(want, s.Worth[k]) {
			t.Fatalf("Worth[%d] = %v, want %v", k, s.Worth[k], want)
		}
	}
	if s.Gap != math.Abs(s.Objective-s.Bound)/max(1e-12, math.Abs(s.Objective)) {
		t.Fatalf("Gap %v for objective %v and bound %v", s.Gap, s.Objective, s.Bound)
	}
	if s.Optimal != (s.Status == Optimal) || s.Optimal && s.Gap > eps {
		t.Fatalf("Optimal %v, Status %v, Gap %v", s.Optimal, s.Status, s.Gap)
	}
}

// evaluate is valueOf for the given sites, whatever their status.
func evaluate(p Problem, sites []int) (float64, bool) {
	p.Site = nil
	open := make([]bool, dense(p).Sites)
	for _, j := range sites {
		open[j] = true
	}
	return valueOf(p, open)
}

// crosses reports whether a bound is on the wrong side of the optimum.
func crosses(m Model, bound, optimum float64) bool {
	slack := eps * max(1, math.Abs(optimum))
	if m == MaximalCover {
		return bound < optimum-slack
	}
	return bound > optimum+slack
}

func testBrute(t *testing.T, model Model, rounds int) {
	rng := rand.New(rand.NewPCG(7, uint64(model)))
	infeasible := 0
	for k := range rounds {
		p := randomProblem(rng, model)
		want, ok := bruteForce(p)
		s, err := Solve(context.Background(), p, Options{Seed: uint64(k)})
		if !ok {
			infeasible++
			if !errors.Is(err, ErrInfeasible) {
				t.Fatalf("round %d: %v, want ErrInfeasible\n%+v", k, err, p)
			}
			continue
		}
		if err != nil {
			t.Fatalf("round %d: %v\n%+v", k, err, p)
		}
		if !s.Optimal || !alike(s.Objective, want) || crosses(model, s.Bound, want) {
			t.Fatalf("round %d: objective %v, bound %v, %v; brute force %v\n%+v", k, s.Objective, s.Bound, s.Status, want, p)
		}
		checkSolution(t, p, s)

		// The same with nearly no nodes, and with a context that ends soon.
		for polls := range 12 {
			ctx, o := context.Context(&countdown{context.Background(), 3 * polls}), Options{}
			if polls >= 9 {
				ctx, o = context.Background(), Options{Nodes: polls - 8}
			}
			s, err := Solve(ctx, p, o)
			if err != nil {
				if !errors.Is(err, context.Canceled) && err != ErrNodeLimit {
					t.Fatalf("round %d, %d polls: %v\n%+v", k, polls, err, p)
				}
				continue
			}
			if s.Optimal && !alike(s.Objective, want) || crosses(model, s.Bound, want) {
				t.Fatalf("round %d, %d polls: objective %v, bound %v, %v; brute force %v\n%+v",
					k, polls, s.Objective, s.Bound, s.Status, want, p)
			}
			checkSolution(t, p, s)
		}
	}
	if infeasible == 0 && model != MaximalCover {
		t.Error("no infeasible problem was drawn")
	}
}

// countdown is a context that is cancelled after it was asked left times,
// which makes interruptions repeatable.
type countdown struct {
	context.Context
	left int
}

func (c *countdown) Err() error {
	if c.left--; c.left < 0 {
		return context.Canceled
	}
	return nil
}

func TestPMedianBruteForce(t *testing.T)      { testBrute(t, PMedian, 2000) }
func TestMaximalCoverBruteForce(t *testing.T) { testBrute(t, MaximalCover, 2000) }
func TestSetCoverBruteForce(t *testing.T)     { testBrute(t, SetCover, 2000) }

// dense is the cost matrix of a problem.
func dense(p Problem) *Dense { return p.Costs.(*Dense) }
