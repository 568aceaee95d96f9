package locate

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

// plane draws demands of uneven weight around a few towns in a square of side
// 1000 and sites among them, and returns the Euclidean costs.
func plane(seed uint64, demands, sites int) (Costs, []float64) {
	rng := rand.New(rand.NewPCG(seed, 1))
	town := make([][2]float64, 12)
	for k := range town {
		town[k] = [2]float64{1000 * rng.Float64(), 1000 * rng.Float64()}
	}
	draw := func() [2]float64 {
		c := town[rng.IntN(len(town))]
		return [2]float64{c[0] + 120*rng.NormFloat64(), c[1] + 120*rng.NormFloat64()}
	}
	site := make([][2]float64, sites)
	for j := range site {
		site[j] = draw()
	}
	c := &Dense{demands, sites, make([]float64, 0, demands*sites)}
	weight := make([]float64, demands)
	for i := range demands {
		d := draw()
		weight[i] = 1 + 9*rng.Float64()
		for _, s := range site {
			c.Values = append(c.Values, math.Hypot(d[0]-s[0], d[1]-s[1]))
		}
	}
	return c, weight
}

// coverable is the weights with those of demands that no site covers at 0.
func coverable(p Problem) []float64 {
	w := slices.Clone(p.Weight)
	for i := range w {
		if slices.Min(dense(p).Values[i*dense(p).Sites:][:dense(p).Sites]) > p.Radius {
			w[i] = 0
		}
	}
	return w
}

func BenchmarkSolve(b *testing.B) {
	costs, weight := plane(1, 1000, 60)
	for _, bench := range []struct {
		model Model
		p     int
		r     float64
	}{
		{PMedian, 3, 0}, {PMedian, 6, 0}, {PMedian, 12, 0},
		{MaximalCover, 3, 150}, {MaximalCover, 6, 150}, {MaximalCover, 12, 100},
		{SetCover, 0, 400}, {SetCover, 0, 120},
	} {
		name := fmt.Sprintf("%v/p=%d", bench.model, bench.p)
		if bench.model == SetCover {
			name = fmt.Sprintf("%v/radius=%v", bench.model, bench.r)
		}
		p := Problem{Model: bench.model, Costs: costs, Weight: weight, P: bench.p, Radius: bench.r}
		if p.Model == SetCover {
			p.Weight = coverable(p)
		}
		b.Run(name, func(b *testing.B) {
			nodes := 0
			for b.Loop() {
				s, err := Solve(context.Background(), p, Options{})
				if err != nil {
					b.Fatal(err)
				}
				nodes = s.Nodes
			}
			b.ReportMetric(float64(nodes), "nodes")
		})
	}
}

// BenchmarkCover proves covers of a million demands by a hundred sites.
func BenchmarkCover(b *testing.B) {
	p := uniform(1, 1_000_000, 100)
	p.P, p.Radius = 15, 110
	fade, budget, partial := p, p, p
	fade.Fade = 150
	budget.P, budget.Budget = 0, 400
	for j := range 100 {
		budget.Opening = append(budget.Opening, float64(10+j*7%40))
	}
	partial.Model, partial.Share = SetCover, 0.6
	for _, bench := range []struct {
		name string
		p    Problem
	}{{"count", p}, {"fade", fade}, {"budget", budget}, {"share", partial}} {
		b.Run(bench.name, func(b *testing.B) {
			nodes := 0
			for b.Loop() {
				s, err := Solve(context.Background(), bench.p, Options{})
				if err != nil || !s.Optimal {
					b.Fatal(s, err)
				}
				nodes = s.Nodes
			}
			b.ReportMetric(float64(nodes), "nodes")
		})
	}
}
