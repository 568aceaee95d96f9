package locate

import (
	"context"
	"errors"
	"math"
	"math/bits"
	"math/rand/v2"
	"strings"
	"testing"
)

// left is the cost of service, or the weight covered, of the sites of a set.
func left(p Problem, set uint) float64 {
	n, m := p.Costs.Size()
	cover := p.Model == CoverInterdiction || p.Model == CoverFortification || p.Model == MaximalCover
	var sum float64
	for i := range n {
		w := 1.0
		if p.Weight != nil {
			w = p.Weight[i]
		}
		d := math.Inf(1)
		for j := range m {
			if set>>j&1 == 1 {
				d = min(d, p.Costs.At(i, j))
			}
		}
		switch {
		case w == 0:
		case cover && d <= p.Radius && d < math.Inf(1):
			sum += w
		case cover:
		case p.Penalty > 0:
			sum += w * min(d, p.Penalty)
		default:
			sum += w * d
		}
	}
	return sum
}

// worstOf is the worst outcome of losing up to count of the sites of a set that
// may be lost.
func worstOf(p Problem, set, may uint, count int) float64 {
	worst := left(p, set)
	for gone := set & may; ; gone = (gone - 1) & set & may {
		if bits.OnesCount(gone) <= count {
			v := left(p, set&^gone)
			if p.Model == Interdiction || p.Model == Fortification {
				worst = max(worst, v)
			} else {
				worst = min(worst, v)
			}
		}
		if gone == 0 {
			return worst
		}
	}
}

// drawLoss draws a problem about losses, and the sites that are there and those
// that may be lost.
func drawLoss(rng *rand.Rand, model Model) (p Problem, there, may uint) {
	for {
		p = randomProblem(rng, PMedian)
		p.Model, p.Opening, p.Budget, p.Fade, p.Share = model, nil, 0, 0, 0
		p.Radius = float64(rng.IntN(5))
		if model != Interdiction && model != CoverInterdiction {
			p.Loss = 1 + rng.IntN(3)
		}
		if (model == Interdiction || model == Fortification) && rng.IntN(4) > 0 {
			p.Penalty = float64(3 + rng.IntN(9))
		}
		_, m := p.Costs.Size()
		there, may = 0, 0
		for j := range m {
			s := Candidate
			if p.Site != nil {
				s = p.Site[j]
			}
			if s != Excluded {
				there |= 1 << j
			}
			if s == Candidate {
				may |= 1 << j
			}
		}
		p.P = 1 + rng.IntN(3)
		if !errors.Is(p.Check(), ErrProblem) {
			return p, there, may
		}
	}
}

func TestLossEqualsEnumeration(t *testing.T) {
	for _, model := range []Model{Interdiction, CoverInterdiction, Fortification, CoverFortification, MaximalCover} {
		t.Run(model.String(), func(t *testing.T) {
			rng := rand.New(rand.NewPCG(11, uint64(model)))
			solved := 0
			for k := range 500 {
				p, there, may := drawLoss(rng, model)
				_, m := p.Costs.Size()
				var want float64
				switch model {
				case Interdiction, CoverInterdiction:
					want = worstOf(p, there, may, p.P)
				case MaximalCover:
					want = math.Inf(-1)
					for set := range uint(1) << m {
						fits := set&^there == 0
						count := 0
						for j := range m {
							s := Candidate
							if p.Site != nil {
								s = p.Site[j]
							}
							in := set>>j&1 == 1
							fits = fits && (in || s != Required && s != Existing)
							if in && s != Existing {
								count++
							}
						}
						if fits && count == p.P {
							want = max(want, worstOf(p, set, set, p.Loss))
						}
					}
				default:
					want = math.Inf(1)
					if model == CoverFortification {
						want = math.Inf(-1)
					}
					for kept := may; ; kept = (kept - 1) & may {
						if bits.OnesCount(kept) <= p.P {
							v := worstOf(p, there, may&^kept, p.Loss)
							if model == Fortification {
								want = min(want, v)
							} else {
								want = max(want, v)
							}
						}
						if kept == 0 {
							break
						}
					}
				}
				s, err := Solve(context.Background(), p, Options{})
				if err != nil {
					// Without a penalty a loss may cut a demand off.
					if !errors.Is(err, ErrInfeasible) && !strings.Contains(err.Error(), "penalty") || p.Penalty > 0 {
						t.Fatalf("problem %d %+v: %v, want %v", k, p, err, want)
					}
					continue
				}
				solved++
				if !s.Optimal || math.Abs(s.Objective-want) > 1e-8*(1+math.Abs(want)) {
					t.Fatalf("problem %d %+v: %+v, want %v", k, p, s, want)
				}
				var gone, kept, open uint
				for _, j := range s.Lost {
					gone |= 1 << j
				}
				for _, j := range s.Protected {
					kept |= 1 << j
				}
				for _, j := range s.Open {
					open |= 1 << j
				}
				if model == MaximalCover {
					open &^= gone
				}
				if v := left(p, open); math.Abs(v-want) > 1e-8*(1+math.Abs(want)) || gone&kept != 0 || model != MaximalCover && (open != there&^gone || gone&^may != 0) {
					t.Fatalf("problem %d %+v: %+v comes to %v, want %v", k, p, s, v, want)
				}
				sign := 1.0
				if p.Maximises() {
					sign = -1
				}
				for _, nodes := range []int{1, 2} {
					if s, err := Solve(context.Background(), p, Options{Nodes: nodes}); err == nil && sign*s.Bound > sign*want+1e-9*(1+math.Abs(want)) {
						t.Fatalf("problem %d %+v: bound %v of %v", k, p, s.Bound, want)
					}
				}
				ctx := &countdown{Context: context.Background()}
				ctx.left.Store(int64(rng.IntN(30)))
				if s, err := Solve(ctx, p, Options{}); err == nil && (sign*s.Bound > sign*want+1e-9*(1+math.Abs(want)) || s.Optimal && math.Abs(s.Objective-want) > 1e-8*(1+math.Abs(want))) {
					t.Fatalf("problem %d %+v stopped: %+v of %v", k, p, s, want)
				}
			}
			if solved < 300 {
				t.Fatalf("only %d solved", solved)
			}
		})
	}
}

func BenchmarkFortification(b *testing.B) {
	p := Problem{Model: Fortification, Costs: Points{Demands: scattered(1, 300), Sites: scattered(2, 30)}, P: 3, Loss: 3, Penalty: 2000}
	for b.Loop() {
		if s, err := Solve(context.Background(), p, Options{}); err != nil || !s.Optimal {
			b.Fatal(s, err)
		}
	}
}
