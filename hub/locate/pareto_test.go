package locate

import (
	"context"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

// measured is what open sites come to by a goal, to be low.
func measured(p Problem, g Goal, set uint) float64 {
	n, m := p.Costs.Size()
	var cost, service, worst, once, twice float64
	for j := range m {
		switch in := set>>j&1 == 1; {
		case !in && p.status(j) == Existing && p.Rules != nil && p.Rules.Closing != nil:
			cost += p.Rules.Closing[j]
		case in && p.status(j) != Existing && p.Opening == nil:
			cost++
		case in && p.status(j) != Existing:
			cost += p.Opening[j]
		}
	}
	for i := range n {
		w := p.weight(i)
		if w == 0 {
			continue
		}
		d, c := math.Inf(1), 0
		for j := range m {
			if set>>j&1 == 1 {
				v := p.Costs.At(i, j)
				d = min(d, v)
				if v <= p.Radius && v < math.Inf(1) {
					c++
				}
			}
		}
		service += w * d
		worst = max(worst, d)
		if c >= 1 {
			once += w
		}
		if c >= 2 {
			twice += w
		}
	}
	switch g {
	case BuildCost:
		return cost
	case ServiceCost:
		return service
	case WorstCost:
		return worst
	case Covered:
		return -once
	case CoveredTwice:
		return -twice
	case TotalCost:
		return cost + service
	}
	p.Model = PMedian
	return expectedOf(p, set)
}

func TestParetoEqualsEnumeration(t *testing.T) {
	rng := rand.New(rand.NewPCG(21, 1))
	found := 0
	for k := range 400 {
		p := randomProblem(rng, FixedCharge)
		n, m := p.Costs.Size()
		if m > 6 {
			continue
		}
		// Whole numbers: values then differ by more than what does not count.
		p.Weight = nil
		for range n {
			p.Weight = append(p.Weight, float64(rng.IntN(4)))
		}
		p.Opening = nil
		for range m {
			p.Opening = append(p.Opening, float64(rng.IntN(6)))
		}
		p.P = []int{0, 0, 1 + rng.IntN(m)}[rng.IntN(3)]
		p.Radius = float64(rng.IntN(5))
		if rng.IntN(3) == 0 {
			p.Rules = &Rules{Groups: []Group{{Sites: rng.Perm(m)[:1+rng.IntN(m)], Most: 1 + rng.IntN(2)}}}
			if rng.IntN(2) == 0 {
				for range m {
					p.Rules.Closing = append(p.Rules.Closing, float64(rng.IntN(3)))
				}
			}
		}
		q := float64(rng.IntN(4)) / 4
		for range m {
			p.Failure = append(p.Failure, q)
		}
		p.Penalty = 9
		var goals []Goal
		for _, g := range rng.Perm(len(goalNames))[:2+rng.IntN(2)] {
			goals = append(goals, Goal(g))
		}
		// All sets and what they come to.
		var all [][]float64
		for set := range uint(1) << m {
			var open []int
			count, fits := 0, true
			for j := range m {
				s, in := p.status(j), set>>j&1 == 1
				if in {
					open = append(open, j)
				}
				if in && s != Existing {
					count++
				}
				fits = fits && !(s == Excluded && in) && !(p.stays(j) && !in)
			}
			if !fits || p.P > 0 && count != p.P || !p.keeps(open) {
				continue
			}
			var values []float64
			for _, g := range goals {
				values = append(values, measured(p, g, set)+0)
			}
			if !slices.ContainsFunc(values, func(v float64) bool { return math.IsInf(v, 1) || math.IsNaN(v) }) {
				all = append(all, values)
			}
		}
		var want []string
		for _, a := range all {
			if !slices.ContainsFunc(all, func(b []float64) bool {
				lower := false
				for g := range a {
					if b[g] > a[g]+1e-9 {
						return false
					}
					lower = lower || b[g] < a[g]-1e-9
				}
				return lower
			}) {
				want = append(want, fmt.Sprintf("%.6f", a))
			}
		}
		slices.Sort(want)
		want = slices.Compact(want)
		f, err := Pareto(context.Background(), p, goals, Options{Workers: 1 + k%2})
		if errors.Is(err, ErrProblem) {
			continue
		}
		if err != nil {
			if len(want) > 0 || !errors.Is(err, ErrInfeasible) {
				t.Fatalf("problem %d %+v %v: %v, want %v", k, p, goals, err, want)
			}
			continue
		}
		found++
		var got []string
		for _, point := range f.Points {
			var low []float64
			for g, goal := range goals {
				v := point.Values[g]
				if goal.High() {
					v = 0 - v
				}
				low = append(low, v)
			}
			got = append(got, fmt.Sprintf("%.6f", low))
			if !point.Certified {
				t.Fatalf("problem %d: %+v is not certified", k, point)
			}
			if f.Dominated(point.Values) >= 0 {
				t.Fatalf("problem %d: %+v is dominated in %+v", k, point, f)
			}
		}
		slices.Sort(got)
		if !f.Complete || !slices.Equal(got, want) {
			t.Fatalf("problem %d %+v %v:\n got %v\nwant %v", k, p, goals, got, want)
		}
		ctx := &countdown{Context: context.Background()}
		ctx.left.Store(int64(rng.IntN(40)))
		if f, err := Pareto(ctx, p, goals, Options{}); err == nil {
			for _, point := range f.Points {
				if point.Certified && len(f.Points) > len(want) {
					t.Fatalf("problem %d stopped: %+v", k, f)
				}
			}
		}
	}
	if found < 150 {
		t.Fatalf("only %d fronts", found)
	}
}
