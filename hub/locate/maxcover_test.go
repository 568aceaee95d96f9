package locate

import (
	"context"
	"errors"
	"math"
	"math/rand/v2"
	"reflect"
	"testing"
)

// drawCover draws a maximal cover with or without fading and a budget.
func drawCover(rng *rand.Rand) drawn {
	d := draw(rng, MaximalCover)
	if rng.IntN(2) == 0 && !math.IsInf(d.Radius, 1) {
		d.Fade = d.Radius + float64(1+rng.IntN(4))
	}
	if rng.IntN(2) == 0 {
		d.Budget = float64(1 + rng.IntN(10))
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
			ctx, o := context.Context(&countdown{context.Background(), 2 * polls}), Options{Workers: 1}
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

// TestCoverWorkers: blocks are merged in order, whatever looks at them.
func TestCoverWorkers(t *testing.T) {
	for _, fade := range []float64{0, 260} {
		p := uniform(3, 60_000, 40)
		p.P, p.Radius, p.Fade = 6, 130, fade
		for i := range p.Weight {
			p.Weight[i] += 0.1 // sums that depend on their order
		}
		var first *Solution
		for _, workers := range []int{1, 2, 7} {
			s, err := Solve(context.Background(), p, Options{Workers: workers})
			if err != nil || !s.Optimal {
				t.Fatal(s, err)
			}
			if first == nil {
				first = s
			}
			if !reflect.DeepEqual(s, first) {
				t.Errorf("fade %v: another solution with %d workers", fade, workers)
			}
		}
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
