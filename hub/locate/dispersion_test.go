package locate

import (
	"context"
	"errors"
	"math"
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"

	"github.com/hubplan/hubplan/hub/locate/internal/mip"
)

// drawStatuses gives sites a status, now and then, and returns how many may still
// be opened, at least 1.
func drawStatuses(rng *rand.Rand, p *Problem, m int) int {
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
	return allowed
}

// drawBetween draws distances between m nodes, small integers, points of which
// many are in the same place, or others, not always the same both ways.
func drawBetween(rng *rand.Rand, m int) Costs {
	points := Points{Metric: []Metric{Euclidean, Manhattan, Maximum}[rng.IntN(3)]}
	for range m {
		points.Sites = append(points.Sites, [2]float64{float64(rng.IntN(5)), float64(rng.IntN(5))})
	}
	points.Demands = points.Sites
	d := Dense{Demands: m, Sites: m, Values: make([]float64, m*m)}
	kind := rng.IntN(4)
	for k := range d.Values {
		switch kind {
		case 0:
			d.Values[k] = float64(rng.IntN(6))
		case 1:
			d.Values[k] = 9 * rng.Float64()
		default:
			d.Values[k] = points.At(k/m, k%m)
		}
	}
	if kind == 3 {
		return points
	}
	return d
}

// allowedSet reports whether a set of sites keeps statuses and number.
func allowedSet(p Problem, set uint, number int) bool {
	_, m := p.Costs.Size()
	count := 0
	for j := range m {
		s, in := Candidate, set>>j&1 == 1
		if p.Site != nil {
			s = p.Site[j]
		}
		if s == Excluded && in || (s == Required || s == Existing) && !in {
			return false
		}
		if in && s != Existing {
			count++
		}
	}
	return number < 0 || count == number
}

// bits of open sites.
func bitsOf(open []int) (set uint) {
	for _, j := range open {
		set |= 1 << j
	}
	return set
}

// holds solves a problem in full, with few nodes and with a context that ends
// soon, and holds what comes back against the best value. value says what a
// solution comes to by definition.
func holds(t *testing.T, rng *rand.Rand, p Problem, want float64, ok bool, value func(s *Solution) (float64, bool)) {
	t.Helper()
	sign := 1.0
	if p.Maximises() {
		sign = -1
	}
	check := func(s *Solution) {
		t.Helper()
		v, fits := value(s)
		if !fits || math.Abs(v-s.Objective) > 1e-9*(1+math.Abs(v)) {
			t.Fatalf("%+v: %+v comes to %v, %v", p, s, v, fits)
		}
		if sign*s.Bound > sign*want+1e-9*(1+math.Abs(want)) {
			t.Fatalf("%+v: bound %v, best %v %+v", p, s.Bound, want, s)
		}
		if s.Optimal && (math.Abs(s.Objective-want) > 2e-9*(1+math.Abs(want)) || s.Gap > 1e-9 && want != 0) {
			t.Fatalf("%+v: %+v, best %v", p, s, want)
		}
	}
	s, err := Solve(context.Background(), p, Options{Workers: 1})
	if !ok {
		if !errors.Is(err, ErrInfeasible) {
			t.Fatalf("%+v: %+v %v, there is no solution", p, s, err)
		}
		return
	}
	if err != nil || !s.Optimal {
		t.Fatalf("%+v: %+v %v, best %v", p, s, err, want)
	}
	check(s)
	if many, err := Solve(context.Background(), p, Options{Workers: 7}); err != nil || !reflect.DeepEqual(s, many) {
		t.Fatalf("%+v: %+v with one worker, %+v with seven", p, s, many)
	}
	_, m := p.Costs.Size()
	for nodes := range 3 {
		o := Options{Nodes: nodes, Start: []int{rng.IntN(m)}}
		if nodes == 2 {
			o.Gap = 0.1
		}
		if s, err := Solve(context.Background(), p, o); err == nil {
			check(s)
		} else if !errors.Is(err, ErrNodeLimit) {
			t.Fatalf("%+v with %d nodes: %v", p, nodes, err)
		}
	}
	for _, polls := range []int{0, rng.IntN(4), rng.IntN(12), rng.IntN(60)} {
		if s, err := Solve(endsAfter(polls), p, Options{}); err == nil {
			check(s)
		} else if !errors.Is(err, context.Canceled) {
			t.Fatalf("%+v stopped: %v", p, err)
		}
	}
}

// linearValue is the best value of the linear program of a problem.
func linearValue(t *testing.T, p Problem) (float64, bool) {
	t.Helper()
	w := newWork(context.Background(), &p, Options{})
	l, err := w.linear()
	if errors.Is(err, ErrInfeasible) {
		return 0, false
	}
	if err != nil {
		t.Fatalf("%+v: %v", p, err)
	}
	r := mip.Solve(&l.Problem, mip.Options{Workers: 1})
	if p.Maximises() {
		return -r.Value, r.X != nil
	}
	return r.Value, r.X != nil
}

func TestDispersionEqualsEnumeration(t *testing.T) {
	for _, model := range []Model{Dispersion, DispersionSum} {
		t.Run(model.String(), func(t *testing.T) {
			rng := rand.New(rand.NewPCG(21, uint64(model)))
			solved, none := 0, 0
			for k := range 500 {
				m := 2 + rng.IntN(8)
				p := Problem{Model: model, Costs: drawBetween(rng, m)}
				p.P = 1 + rng.IntN(drawStatuses(rng, &p, m))
				if err := p.Check(); errors.Is(err, ErrProblem) {
					continue
				}
				value := func(set uint) float64 {
					least, sum := math.Inf(1), 0.0
					for a := range m {
						for b := range a {
							if set>>a&1 == 1 && set>>b&1 == 1 {
								d := min(p.Costs.At(a, b), p.Costs.At(b, a))
								least, sum = min(least, d), sum+d
							}
						}
					}
					if model == Dispersion {
						return least
					}
					return sum
				}
				want, ok := math.Inf(-1), false
				for set := range uint(1) << m {
					if allowedSet(p, set, p.P) {
						want, ok = max(want, value(set)), true
					}
				}
				if ok {
					solved++
				} else {
					none++
				}
				holds(t, rng, p, want, ok, func(s *Solution) (float64, bool) {
					set := bitsOf(s.Open)
					return value(set), allowedSet(p, set, p.P)
				})
				if k%4 == 0 && ok {
					if v, ok := linearValue(t, p); !ok || math.Abs(v-want) > 1e-6*(1+want) {
						t.Fatalf("%+v: the linear program comes to %v, best %v", p, v, want)
					}
				}
			}
			if solved < 300 || none == 0 {
				t.Fatalf("%d solved, %d without a solution", solved, none)
			}
		})
	}
}

// Nine points of a grid of side 3: the corners are 2 apart, five are the corners
// and the middle.
func TestDispersionOfAGrid(t *testing.T) {
	var at [][2]float64
	for k := range 9 {
		at = append(at, [2]float64{float64(k % 3), float64(k / 3)})
	}
	p := Problem{Model: Dispersion, Costs: Points{Demands: at, Sites: at}}
	for number, want := range map[int]float64{2: math.Sqrt(8), 4: 2, 5: math.Sqrt2, 9: 1} {
		p.P = number
		if s := solved(t, p); math.Abs(s.Objective-want) > 1e-12 {
			t.Errorf("%d sites: %+v, want %v", number, s, want)
		}
	}
	p.P, p.Model = 4, DispersionSum
	if s := solved(t, p); !slices.Equal(s.Open, []int{0, 2, 6, 8}) || math.Abs(s.Objective-8-2*math.Sqrt(8)) > 1e-12 {
		t.Errorf("%+v", s)
	}
}

func TestDispersionChecks(t *testing.T) {
	inf := math.Inf(1)
	ok := Problem{Model: Dispersion, P: 2, Costs: Dense{Demands: 2, Sites: 2, Values: []float64{inf, 1, inf, 0}}}
	if err := ok.Check(); err != nil {
		t.Error(err)
	}
	for name, change := range map[string]func(p *Problem){
		"not square": func(p *Problem) { p.Costs = Dense{Demands: 1, Sites: 2, Values: []float64{1, 2}} },
		"infinite":   func(p *Problem) { p.Costs = Dense{Demands: 2, Sites: 2, Values: []float64{0, inf, inf, 0}} },
		"one site":   func(p *Problem) { p.P = 1 },
		"weights":    func(p *Problem) { p.Weight = []float64{1, 1} },
		"budget":     func(p *Problem) { p.Budget = 3 },
		"rules":      func(p *Problem) { p.Rules = &Rules{} },
	} {
		p := ok
		if change(&p); !errors.Is(p.Check(), ErrProblem) {
			t.Errorf("%s: %v", name, p.Check())
		}
	}
}

// scatter is points of a square of side 1000.
func scatter(seed uint64, n int) Points {
	at := scattered(seed, n)
	return Points{Demands: at, Sites: at}
}

func BenchmarkDispersion(b *testing.B) {
	small := Problem{Model: Dispersion, P: 10, Costs: scatter(1, 50)}
	large := Problem{Model: Dispersion, P: 20, Costs: scatter(1, 200)}
	sum := Problem{Model: DispersionSum, P: 10, Costs: scatter(1, 50)}
	benchmark(b, []string{"50", "200", "sum50"}, small, large, sum)
}
