package locate

import (
	"errors"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

// inPeriod is one period as a problem of its own, by hand.
func inPeriod(p Problem, t int) Problem {
	c := p.Periods[t]
	p.Periods = nil
	if c.Weight != nil {
		p.Weight = c.Weight
	}
	if c.Costs != nil {
		p.Costs = c.Costs
	}
	if c.Opening != nil {
		p.Opening = c.Opening
	}
	return p
}

// periodsValue is what sites open from given periods on come to, which may be
// none (len(p.Periods)) or before the first (-1); false if that is no plan.
func periodsValue(p Problem, from []int) (sum float64, ok bool) {
	n, _ := p.Costs.Size()
	last := len(p.Periods) - 1
	for t := range p.Periods {
		q := inPeriod(p, t)
		count := 0
		for j, f := range from {
			s := Candidate
			if p.Site != nil {
				s = p.Site[j]
			}
			if (s == Existing) != (f < 0) || s == Excluded && f <= last || s == Required && f > last {
				return 0, false
			}
			if f >= 0 && f <= t {
				count++
			}
			if f == t && p.Model == FixedCharge {
				if q.Opening == nil {
					sum++
				} else {
					sum += q.Opening[j]
				}
			}
		}
		if p.Periods[last].P > 0 && count != p.Periods[t].P {
			return 0, false
		}
		for i := range n {
			w := 1.0
			if q.Weight != nil {
				w = q.Weight[i]
			}
			least := math.Inf(1)
			for j, f := range from {
				if f <= t {
					least = min(least, q.Costs.At(i, j))
				}
			}
			switch {
			case w == 0:
			case p.Model == MaximalCover:
				if least <= p.Radius && least < math.Inf(1) {
					sum += w
				}
			case p.Penalty > 0:
				sum += w * min(least, p.Penalty)
			default:
				sum += w * least
			}
		}
	}
	return sum, !math.IsInf(sum, 1)
}

// drawPeriods draws periods for a small problem.
func drawPeriods(rng *rand.Rand, model Model) Problem {
	p := randomProblem(rng, model)
	n, m := p.Costs.Size()
	for m > 6 {
		p = randomProblem(rng, model)
		n, m = p.Costs.Size()
	}
	p.P, p.Fade, p.Budget = 0, 0, 0
	allowed := m
	for _, s := range p.Site {
		if s == Existing || s == Excluded {
			allowed--
		}
	}
	if p.Radius == 0 {
		p.Radius = 2
	}
	if model != MaximalCover && rng.IntN(3) == 0 {
		p.Penalty = float64(1 + rng.IntN(6))
	}
	for range 1 + rng.IntN(3) {
		var c Period
		c.P = rng.IntN(allowed + 1)
		if rng.IntN(2) == 0 {
			for range n {
				c.Weight = append(c.Weight, float64(rng.IntN(4)))
			}
		}
		if rng.IntN(3) == 0 {
			d := Dense{Demands: n, Sites: m}
			for range n * m {
				d.Values = append(d.Values, []float64{float64(rng.IntN(7)), 5 * rng.Float64(), math.Inf(1)}[min(2, rng.IntN(9)/4)])
			}
			c.Costs = d
		}
		if rng.IntN(2) == 0 {
			for range m {
				c.Opening = append(c.Opening, float64(rng.IntN(5)))
			}
		}
		p.Periods = append(p.Periods, c)
	}
	slices.SortStableFunc(p.Periods, func(a, b Period) int { return a.P - b.P })
	if model == FixedCharge && rng.IntN(2) == 0 {
		for t := range p.Periods {
			p.Periods[t].P = 0
		}
	}
	return p
}

func TestPeriodsEqualEnumeration(t *testing.T) {
	for _, model := range []Model{PMedian, FixedCharge, MaximalCover} {
		t.Run(model.String(), func(t *testing.T) {
			rng := rand.New(rand.NewPCG(24, uint64(model)))
			solved, none := 0, 0
			for k := range 500 {
				p := drawPeriods(rng, model)
				if err := p.Check(); errors.Is(err, ErrProblem) {
					continue
				}
				_, m := p.Costs.Size()
				from := make([]int, m)
				want, ok := math.Inf(1), false
				sign := 1.0
				if p.Maximises() {
					sign = -1
				}
				var try func(j int)
				try = func(j int) {
					if j == m {
						if v, fits := periodsValue(p, from); fits {
							want, ok = min(want, sign*v), true
						}
						return
					}
					for from[j] = -1; from[j] <= len(p.Periods); from[j]++ {
						try(j + 1)
					}
				}
				try(0)
				want *= sign
				if ok {
					solved++
				} else {
					none++
				}
				value := func(open, when []int) (float64, bool) {
					for j := range from {
						from[j] = len(p.Periods)
					}
					for k, j := range open {
						from[j] = when[k]
					}
					return periodsValue(p, from)
				}
				holds(t, rng, p, want, ok, func(s *Solution) (float64, bool) {
					if s.Swap != nil {
						open := slices.Clone(s.Open)
						open[slices.Index(open, s.Swap.Out)] = s.Swap.In
						if v, ok := value(open, s.When); !ok || math.Abs(sign*(v-s.Objective)-s.Swap.Change) > 1e-9*(1+math.Abs(v)) {
							return 0, false
						}
					}
					return value(s.Open, s.When)
				})
				if k%5 == 0 && ok {
					if v, ok := linearValue(t, p); !ok || math.Abs(v-want) > 1e-6*(1+want) {
						t.Fatalf("%+v: the linear program comes to %v, best %v", p, v, want)
					}
				}
			}
			if solved < 300 || none == 0 && model != MaximalCover {
				t.Fatalf("%d solved, %d without a solution", solved, none)
			}
		})
	}
}

// Two demands at two sites: the first is all there is at the beginning, the second
// later.
func TestPeriodsByHand(t *testing.T) {
	p := Problem{
		Model: PMedian, Costs: Dense{Demands: 2, Sites: 3, Values: []float64{0, 10, 4, 10, 0, 4}},
		Periods: []Period{{P: 1, Weight: []float64{3, 1}}, {P: 2, Weight: []float64{1, 3}}},
	}
	s := solved(t, p)
	if s.Objective != 10 || !slices.Equal(s.Open, []int{0, 1}) || !slices.Equal(s.When, []int{0, 1}) {
		t.Errorf("%+v", s)
	}
	p.Periods[1].P = 1 // the middle is better than to start at the right one
	if s := solved(t, p); s.Objective != 32 || !slices.Equal(s.Open, []int{2}) {
		t.Errorf("%+v", s)
	}
}

func TestPeriodsChecks(t *testing.T) {
	ok := Problem{Model: PMedian, Costs: Dense{Demands: 1, Sites: 2, Values: []float64{1, 2}}, Periods: []Period{{P: 1}, {P: 2}}}
	if err := ok.Check(); err != nil {
		t.Error(err)
	}
	for name, change := range map[string]func(p *Problem){
		"falls":   func(p *Problem) { p.Periods = []Period{{P: 2}, {P: 1}} },
		"none":    func(p *Problem) { p.Periods = []Period{{}, {}} },
		"many":    func(p *Problem) { p.Periods = []Period{{P: 3}} },
		"number":  func(p *Problem) { p.P = 1 },
		"weights": func(p *Problem) { p.Periods = []Period{{P: 1, Weight: []float64{1, 2}}} },
		"costs": func(p *Problem) {
			p.Periods = []Period{{P: 1, Costs: Dense{Demands: 1, Sites: 1, Values: []float64{1}}}}
		},
		"opening": func(p *Problem) { p.Periods = []Period{{P: 1, Opening: []float64{1, -1}}} },
		"model":   func(p *Problem) { p.Model = PCenter },
		"rules":   func(p *Problem) { p.Rules = &Rules{} },
	} {
		p := ok
		if change(&p); !errors.Is(p.Check(), ErrProblem) {
			t.Errorf("%s: %v", name, p.Check())
		}
	}
}

func BenchmarkPeriods(b *testing.B) {
	p := uniform(1, 60, 20)
	p.Model, p.P = PMedian, 0
	p.Periods = []Period{{P: 2}, {P: 4}, {P: 5}}
	benchmark(b, []string{"60x20x3"}, p)
}
