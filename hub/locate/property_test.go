package locate

import (
	"context"
	"math"
	"testing"

	"pgregory.net/rapid"
)

// drawProblem draws a feasible problem with finite costs, too large to
// enumerate at every step.
func drawProblem(t *rapid.T, model Model) Problem {
	n := rapid.IntRange(1, 25).Draw(t, "demands")
	m := rapid.IntRange(1, 12).Draw(t, "sites")
	cost := rapid.Float64Range(0, 9)
	if rapid.Bool().Draw(t, "integer") {
		cost = rapid.Map(rapid.IntRange(0, 9), func(v int) float64 { return float64(v) })
	}
	return Problem{
		Model:  model,
		Costs:  &Dense{n, m, rapid.SliceOfN(cost, n*m, n*m).Draw(t, "costs")},
		Weight: rapid.SliceOfN(rapid.Float64Range(0, 5), n, n).Draw(t, "weights"),
		P:      rapid.IntRange(1, m).Draw(t, "P"),
		Radius: rapid.Float64Range(0, 9).Draw(t, "radius"),
	}
}

func mustSolve(t *rapid.T, p Problem) *Solution {
	s, err := Solve(context.Background(), p, Options{})
	if err != nil {
		t.Fatal(err)
	}
	if !s.Optimal {
		t.Fatalf("not proven: %+v", s)
	}
	return s
}

// TestMonotone: another site never makes a p-median or a cover worse, nor
// does a larger radius, and a set cover gets no dearer with the radius.
func TestMonotone(t *testing.T) {
	if testing.Short() {
		t.Skip("much of the same")
	}
	rapid.Check(t, func(t *rapid.T) {
		p := drawProblem(t, PMedian)
		last := math.Inf(1)
		for p.P = 1; p.P <= dense(p).Sites; p.P++ {
			v := mustSolve(t, p).Objective
			if v > last+eps*max(1, last) && p.P > 1 {
				t.Fatalf("p-median: %v with %d sites, %v with one less", v, p.P, last)
			}
			last = v
		}
		p.Model = MaximalCover
		last = -1
		for p.P = 1; p.P <= dense(p).Sites; p.P++ {
			v := mustSolve(t, p).Objective
			if v < last-eps*max(1, last) {
				t.Fatalf("maximal cover: %v with %d sites, %v with one less", v, p.P, last)
			}
			last = v
		}
		p.P = rapid.IntRange(1, dense(p).Sites).Draw(t, "P'")
		covered, cost := -1.0, math.Inf(1)
		for p.Radius = 0; p.Radius <= 10; p.Radius++ {
			p.Model = MaximalCover
			v := mustSolve(t, p).Objective
			if v < covered-eps*max(1, covered) {
				t.Fatalf("maximal cover: %v within %v, %v within less", v, p.Radius, covered)
			}
			covered = v
			p.Model = SetCover
			if s, err := Solve(context.Background(), p, Options{}); err == nil {
				if s.Objective > cost {
					t.Fatalf("set cover: %v within %v, %v within less", s.Objective, p.Radius, cost)
				}
				cost = s.Objective
			} else if !math.IsInf(cost, 1) {
				t.Fatalf("set cover: %v within %v, feasible within less", err, p.Radius)
			}
		}
	})
}

// TestMetamorphic: the optimum does not depend on the order of demands and
// sites, on a demand being told in two halves, or on the unit of cost.
func TestMetamorphic(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		model := Model(rapid.IntRange(0, 1).Draw(t, "model"))
		p := drawProblem(t, model)
		n, m := dense(p).Demands, dense(p).Sites
		want := mustSolve(t, p).Objective

		rows := rapid.Permutation(sequence(n)).Draw(t, "demand order")
		columns := rapid.Permutation(sequence(m)).Draw(t, "site order")
		q := Problem{Model: model, P: p.P, Radius: 4 * p.Radius, Costs: &Dense{Demands: n, Sites: m}}
		for _, i := range rows {
			q.Weight = append(q.Weight, p.Weight[i])
			for _, j := range columns {
				dense(q).Values = append(dense(q).Values, 4*p.Costs.At(i, j))
			}
		}
		// The last demand, told in two parts.
		dense(q).Demands++
		dense(q).Values = append(dense(q).Values, dense(q).Values[(n-1)*m:]...)
		q.Weight = append(q.Weight, q.Weight[n-1]/4)
		q.Weight[n-1] *= 0.75

		got := mustSolve(t, q).Objective
		if model == PMedian {
			got /= 4
		}
		if !alike(got, want) {
			t.Fatalf("%v: %v, rearranged %v", model, want, got)
		}
	})
}

func sequence(n int) []int {
	s := make([]int, n)
	for k := range s {
		s[k] = k
	}
	return s
}
