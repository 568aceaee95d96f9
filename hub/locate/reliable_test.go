package locate

import (
	"context"
	"errors"
	"math"
	"math/rand/v2"
	"testing"
)

// expectedOf is what open sites come to in the mean over all ways to fail.
func expectedOf(p Problem, set uint) float64 {
	_, m := p.Costs.Size()
	p.Loss = 0
	var sum float64
	for up := set; ; up = (up - 1) & set {
		chance := 1.0
		for j := range m {
			switch {
			case set>>j&1 == 0:
			case up>>j&1 == 1:
				chance *= 1 - p.Failure[j]
			default:
				chance *= p.Failure[j]
			}
		}
		if chance > 0 {
			sum += chance * left(p, up)
		}
		if up == 0 {
			break
		}
	}
	sum = (1-p.Nominal)*sum + p.Nominal*left(p, set)
	for j := range m {
		if p.Model == FixedCharge && set>>j&1 == 1 && (p.Site == nil || p.Site[j] != Existing) {
			if p.Opening == nil {
				sum++
			} else {
				sum += p.Opening[j]
			}
		}
	}
	return sum
}

func TestReliableEqualsEnumeration(t *testing.T) {
	for _, model := range []Model{PMedian, FixedCharge, MaximalCover} {
		t.Run(model.String(), func(t *testing.T) {
			rng := rand.New(rand.NewPCG(12, uint64(model)))
			solved := 0
			for k := range 500 {
				p := randomProblem(rng, model)
				p.Fade, p.Budget = 0, 0
				_, m := p.Costs.Size()
				if model == MaximalCover {
					p.Radius = float64(rng.IntN(5))
				} else {
					p.Penalty = float64(1 + rng.IntN(9))
				}
				if model != MaximalCover && rng.IntN(3) == 0 {
					p.Nominal = []float64{0.2, 0.7, 1}[rng.IntN(3)]
				}
				q := []float64{0, 0.05, 0.5, 1}[rng.IntN(4)]
				for range m {
					if k%3 == 0 {
						q = []float64{0, 0.01, 0.1, 0.3, 0.9, 1, rng.Float64()}[rng.IntN(7)]
					}
					p.Failure = append(p.Failure, q)
				}
				if p.P == 0 && model != FixedCharge {
					p.P = 1 + rng.IntN(m)
				}
				if err := p.Check(); err != nil {
					continue
				}
				want, sign := math.Inf(1), 1.0
				if model == MaximalCover {
					sign = -1
				}
				for set := range uint(1) << m {
					fits, count := true, 0
					for j := range m {
						s, in := p.status(j), set>>j&1 == 1
						fits = fits && !(s == Excluded && in) && !((s == Required || s == Existing) && !in)
						if in && s != Existing {
							count++
						}
					}
					if fits && (p.P == 0 || count == p.P) {
						want = min(want, sign*expectedOf(p, set))
					}
				}
				want *= sign
				s, err := Solve(context.Background(), p, Options{Workers: 1 + k%2})
				if err != nil {
					t.Fatalf("problem %d %+v: %v", k, p, err)
				}
				solved++
				var set uint
				for _, j := range s.Open {
					set |= 1 << j
				}
				if v := expectedOf(p, set); !s.Optimal || math.Abs(s.Objective-want) > 1e-8*(1+math.Abs(want)) || math.Abs(v-want) > 1e-8*(1+math.Abs(want)) {
					t.Fatalf("problem %d %+v: %+v, want %v", k, p, s, want)
				}
				if s, err := Solve(context.Background(), p, Options{Nodes: 1, Start: []int{m - 1}}); err != nil || sign*s.Bound > sign*want+1e-9*(1+math.Abs(want)) {
					t.Fatalf("problem %d %+v with one node: %+v, %v, want %v", k, p, s, err, want)
				}
				ctx := &countdown{Context: context.Background()}
				ctx.left.Store(int64(rng.IntN(30)))
				if s, err := Solve(ctx, p, Options{}); err == nil && sign*s.Bound > sign*want+1e-9*(1+math.Abs(want)) || err != nil && !errors.Is(err, context.Canceled) {
					t.Fatalf("problem %d %+v stopped: %+v, %v, want %v", k, p, s, err, want)
				}
			}
			if solved < 300 {
				t.Fatalf("only %d solved", solved)
			}
		})
	}
}

// The worked example: with all three hubs open, each failing with 0.1.
func TestMicroReliable(t *testing.T) {
	p := micro(PMedian, 3, 0)
	p.Failure, p.Penalty = []float64{.1, .1, .1}, 20
	if s := solved(t, p); math.Abs(s.Objective-202.52) > 1e-9 {
		t.Fatalf("%+v", s)
	}
}
