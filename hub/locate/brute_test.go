package locate

import (
	"context"
	"errors"
	"math"
	"math/bits"
	"math/rand/v2"
	"slices"
	"sync/atomic"
	"testing"
)

// valueOf is the objective of a set of open sites by its definition; ok is
// false if it breaks a status or the model. The number of open sites is not
// looked at. It shares no code with Solve.
func valueOf(p Problem, open []bool) (value float64, ok bool) {
	var served, covered, cost, worst, total float64
	for j, o := range open {
		status := Candidate
		if p.Site != nil {
			status = p.Site[j]
		}
		if (status == Required || status == Existing) && !o || status == Excluded && o {
			return 0, false
		}
		switch {
		case !o || status == Existing:
		case p.Opening != nil:
			cost += p.Opening[j]
		default:
			cost++
		}
	}
	n, _ := p.Costs.Size()
	for i := range n {
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
				least = min(least, p.Costs.At(i, j))
			}
		}
		total += w
		served += w * least
		worst = max(worst, w*least)
		switch {
		case math.IsInf(least, 1):
		case least <= p.Radius:
			covered += w
		case p.Model == MaximalCover && least < p.Fade:
			covered += w * (p.Fade - least) / (p.Fade - p.Radius)
		}
	}
	switch p.Model {
	case PMedian:
		return served, !math.IsInf(served, 1)
	case PCenter:
		return worst, !math.IsInf(worst, 1)
	case FixedCharge:
		return served + cost, !math.IsInf(served, 1)
	case MaximalCover:
		return covered, p.Budget == 0 || cost <= p.Budget*(1+eps)
	default:
		share := p.Share
		if share == 0 {
			share = 1
		}
		return cost, covered >= share*total*(1-eps)
	}
}

// numberFits reports whether so many sites may be open.
func numberFits(p Problem, open int) bool {
	for _, s := range p.Site {
		if s == Existing {
			open--
		}
	}
	switch {
	case p.Model == SetCover, p.P == 0:
		return true
	case p.Model == MaximalCover && p.Budget > 0:
		return open <= p.P
	}
	return open == p.P
}

// bruteForce enumerates every set of sites and returns the best objective;
// ok is false if no set is feasible.
func bruteForce(p Problem) (best float64, ok bool) {
	_, m := p.Costs.Size()
	open := make([]bool, m)
	for set := range 1 << m {
		if !numberFits(p, bits.OnesCount(uint(set))) {
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
	p := Problem{Model: model}
	c := &Dense{n, m, make([]float64, n*m)}
	p.Costs = c
	impossible := []float64{0, 0, 0.1, 0.5}[rng.IntN(4)]
	switch rng.IntN(4) {
	case 0: // small integers
		for k := range c.Values {
			c.Values[k] = float64(rng.IntN(6))
		}
	case 1, 2: // points in a small square, many in the same place
		at := func(n int) [][2]float64 {
			p := make([][2]float64, n)
			for k := range p {
				p[k] = [2]float64{float64(rng.IntN(5)), float64(rng.IntN(5))}
			}
			return p
		}
		points := Points{at(n), at(m), []Metric{Euclidean, RoundEuclidean, Manhattan, Maximum}[rng.IntN(4)]}
		if rng.IntN(2) == 0 {
			p.Costs, impossible = points, 0
		}
		for k := range c.Values {
			c.Values[k] = points.At(k/m, k%m)
		}
	default:
		for k := range c.Values {
			c.Values[k] = 10 * rng.Float64()
		}
	}
	for k := range c.Values {
		if rng.Float64() < impossible {
			c.Values[k] = math.Inf(1)
		}
	}
	if p.Costs == Costs(c) && rng.IntN(3) == 0 {
		sparse := &Sparse{Sites: m, First: []int{0}}
		for k, v := range c.Values {
			if !math.IsInf(v, 1) || rng.IntN(4) == 0 {
				sparse.Site, sparse.Cost = append(sparse.Site, int32(k%m)), append(sparse.Cost, v)
			}
			if k%m == m-1 {
				sparse.First = append(sparse.First, len(sparse.Site))
			}
		}
		p.Costs = sparse
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
			switch k := rng.IntN(7); {
			case k == 0:
				p.Site[j] = Required
			case k <= 2 && allowed > 1:
				p.Site[j] = []Status{Existing, Excluded}[k-1]
				allowed--
			}
		}
	}
	p.P = 1 + rng.IntN(allowed)
	switch model {
	case FixedCharge:
		if rng.IntN(2) == 0 {
			p.P = 0
		}
	case SetCover:
		if rng.IntN(2) == 0 {
			p.Share = rng.Float64()
		}
	case MaximalCover:
		if rng.IntN(2) == 0 {
			p.Fade = 6.5 + 3*rng.Float64()
		}
		if rng.IntN(2) == 0 {
			p.Budget = 1 + 8*rng.Float64()
			if rng.IntN(2) == 0 {
				p.P = 0
			}
		}
	}
	p.Radius = float64(rng.IntN(7))
	if rng.IntN(10) == 0 && p.Fade == 0 {
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
	if !numberFits(p, len(s.Open)) {
		t.Fatalf("%d sites open, P is %d", len(s.Open), p.P)
	}
	for j, status := range p.Site {
		open := slices.Contains(s.Open, j)
		if (status == Required || status == Existing) && !open || status == Excluded && open {
			t.Fatalf("site %d is %v, Open is %v", j, status, s.Open)
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
			if math.IsInf(c, 1) || (p.Model == SetCover || p.Model == MaximalCover) && c > p.Radius && !(c < p.Fade) {
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
	for j := range s.Reduced {
		// In a solution that decides the site otherwise it is forced to be so.
		q := p
		q.Site = make([]Status, len(s.Reduced))
		copy(q.Site, p.Site)
		if q.Site[j] != Candidate || len(s.Reduced) > 8 || s.Reduced[j] == 0 {
			continue
		}
		status := Excluded
		if !slices.Contains(s.Open, j) {
			status = Required
		}
		q.Site[j] = status
		if v, ok := bruteForce(q); ok {
			if rise := math.Abs(v - s.Bound); rise < s.Reduced[j]-1e-9*max(1, math.Abs(v)) {
				t.Fatalf("Reduced[%d] = %v, with the site %v the best is %v, Bound %v", j, s.Reduced[j], status, v, s.Bound)
			}
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
	_, m := p.Costs.Size()
	open, status := make([]bool, m), make([]Status, m)
	for _, j := range sites {
		open[j] = true
		if p.Site != nil && p.Site[j] == Existing {
			status[j] = Existing
		}
	}
	p.Site = status
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
	if testing.Short() {
		rounds /= 10
	}
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
			ctx, o := context.Context(endsAfter(3*polls)), Options{}
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
	left atomic.Int64
}

// endsAfter is a context that ends after so many questions.
func endsAfter(polls int) *countdown {
	c := &countdown{Context: context.Background()}
	c.left.Store(int64(polls))
	return c
}

func (c *countdown) Err() error {
	if c.left.Add(-1) < 0 {
		return context.Canceled
	}
	return nil
}

func TestPMedianBruteForce(t *testing.T)      { testBrute(t, PMedian, 800) }
func TestMaximalCoverBruteForce(t *testing.T) { testBrute(t, MaximalCover, 800) }
func TestSetCoverBruteForce(t *testing.T)     { testBrute(t, SetCover, 800) }
func TestPCenterBruteForce(t *testing.T)      { testBrute(t, PCenter, 800) }
func TestFixedChargeBruteForce(t *testing.T)  { testBrute(t, FixedCharge, 800) }

// dense is the cost matrix of a problem.
func dense(p Problem) *Dense { return p.Costs.(*Dense) }
