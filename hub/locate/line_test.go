package locate

import (
	"cmp"
	"context"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

// On a line the models are easy: an optimal plan serves stretches of
// neighbouring demands, so that dynamic programs over the ordered points solve
// them. They share nothing with the search and reach sizes that enumeration
// does not.
//
//	demands  o   o oo    o      o o  o
//	sites      |      |     |       |
//	           <------>     <------->

// lineProblem draws demands and sites on a line, both in ascending order.
func lineProblem(rng *rand.Rand, model Model, demands, sites int) (p Problem, at, site []float64) {
	draw := func(n int) []float64 {
		x := make([]float64, n)
		for k := range x {
			x[k] = float64(rng.IntN(200))
			if demands%2 == 0 {
				x[k] += rng.Float64()
			}
		}
		slices.Sort(x)
		return x
	}
	at, site = draw(demands), draw(sites)
	p = Problem{Model: model, Costs: &Dense{demands, sites, nil}, P: 1 + rng.IntN(sites/2), Radius: float64(20 + rng.IntN(30))}
	for _, x := range at {
		p.Weight = append(p.Weight, float64(rng.IntN(9)))
		for _, y := range site {
			dense(p).Values = append(dense(p).Values, math.Abs(x-y))
		}
	}
	for range sites {
		p.Opening = append(p.Opening, float64(1+rng.IntN(5)))
	}
	return p, at, site
}

// medianOnLine: best[k][i] serves the first i demands from k sites, the last
// of which serves a stretch of demands alone.
func medianOnLine(p Problem) float64 {
	n, m := dense(p).Demands, dense(p).Sites
	stretch := make([][]float64, n+1) // least cost of demands i..e-1 from one site
	for i := range stretch {
		stretch[i] = make([]float64, n+1)
		sum := make([]float64, m)
		for e := i; e < n; e++ {
			for j := range m {
				sum[j] += p.Weight[e] * p.Costs.At(e, j)
			}
			stretch[i][e+1] = slices.Min(sum)
		}
	}
	best := slices.Clone(stretch[0])
	for range p.P - 1 {
		next := slices.Clone(best)
		for e := range next {
			for i := range e {
				next[e] = min(next[e], best[i]+stretch[i][e])
			}
		}
		best = next
	}
	return best[n]
}

// coverOnLine: best[j] covers most with k sites of which j is the last; the
// weight between two chosen neighbours is counted once.
func coverOnLine(p Problem, at, site []float64) float64 {
	m := len(site)
	within := func(i, j int) bool { return p.Costs.At(i, j) <= p.Radius }
	fresh := func(before, j int) float64 {
		var sum float64
		for i := range at {
			if within(i, j) && (before < 0 || !within(i, before)) {
				sum += p.Weight[i]
			}
		}
		return sum
	}
	best := make([]float64, m)
	for j := range best {
		best[j] = fresh(-1, j)
	}
	for range p.P - 1 {
		next := slices.Clone(best) // fewer sites cover no more than P do
		for j := range m {
			for b := range j {
				next[j] = max(next[j], best[b]+fresh(b, j))
			}
		}
		best = next
	}
	return slices.Max(best)
}

// setCoverOnLine: cheapest[i] covers the first i demands; a site that covers
// demand i-1 may be the one reaching furthest to the right of a plan.
func setCoverOnLine(p Problem, at, site []float64) float64 {
	type interval struct {
		from, to int
		cost     float64
	}
	var intervals []interval
	for j := range site {
		v := interval{-1, -1, p.Opening[j]}
		for i := range at {
			if p.Costs.At(i, j) <= p.Radius {
				if v.from < 0 {
					v.from = i
				}
				v.to = i
			}
		}
		if v.from >= 0 {
			intervals = append(intervals, v)
		}
	}
	slices.SortFunc(intervals, func(a, b interval) int { return cmp.Compare(a.to, b.to) })
	// cheapest[i]: demands 0..i-1 covered by sites that end at i-1 or before
	// or beyond; demands without weight need no cover.
	cheapest := make([]float64, len(at)+1)
	for i := range at {
		cheapest[i+1] = math.Inf(1)
		if p.Weight[i] == 0 {
			cheapest[i+1] = cheapest[i]
		}
		for _, v := range intervals {
			if v.from <= i && i <= v.to {
				cheapest[i+1] = min(cheapest[i+1], v.cost+slices.Min(cheapest[:i+1][v.from:]))
			}
		}
	}
	return cheapest[len(at)]
}

func TestLine(t *testing.T) {
	if testing.Short() {
		t.Skip("much of the same")
	}
	for _, model := range []Model{PMedian, MaximalCover, SetCover} {
		t.Run(model.String(), func(t *testing.T) {
			rng := rand.New(rand.NewPCG(3, uint64(model)))
			for k := range 60 {
				p, at, site := lineProblem(rng, model, 20+rng.IntN(40), 10+rng.IntN(30))
				var want float64
				switch model {
				case PMedian:
					want = medianOnLine(p)
				case MaximalCover:
					want = coverOnLine(p, at, site)
				case SetCover:
					want = setCoverOnLine(p, at, site)
				}
				s, err := Solve(context.Background(), p, Options{})
				if math.IsInf(want, 1) {
					if err == nil {
						t.Fatalf("round %d: no cover exists, got %+v", k, s)
					}
					continue
				}
				if err != nil {
					t.Fatalf("round %d: %v", k, err)
				}
				if !s.Optimal || !alike(s.Objective, want) || crosses(model, s.Bound, want) {
					t.Fatalf("round %d: objective %v, bound %v, %v; dynamic program %v", k, s.Objective, s.Bound, s.Status, want)
				}
			}
		})
	}
}
