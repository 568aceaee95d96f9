package locate

import (
	"context"
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

// BenchmarkParts has capacities where no engine of its own knows them.
func BenchmarkParts(b *testing.B) {
	const n, m = 100, 16
	p := uniform(4, n, m)
	p.P, p.Radius = m/4, 300
	c := Capacity{}
	for i := range n {
		c.Demand = append(c.Demand, float64(1+i%7))
	}
	for j := range m {
		p.Opening = append(p.Opening, float64(2000+j*370%1000))
		c.Limit = append(c.Limit, float64(110+j%11))
	}
	with := func(m Model, change func(p *Problem, c *Capacity)) Problem {
		q, limits := p, c
		q.Model, q.Capacity = m, &limits
		change(&q, &limits)
		return q
	}
	benchmark(b, []string{"budget", "penalty", "cover", "single cover", "closest", "sizes", "p-center"},
		with(FixedCharge, func(p *Problem, c *Capacity) { p.P, p.Budget = 0, 20_000 }),
		with(PMedian, func(p *Problem, c *Capacity) { p.Penalty = 400 }),
		with(MaximalCover, func(p *Problem, c *Capacity) {}),
		with(MaximalCover, func(p *Problem, c *Capacity) { c.Single = true }),
		with(PMedian, func(p *Problem, c *Capacity) {
			c.Closest, c.Limit = true, slices.Clone(c.Limit)
			for j := range c.Limit {
				c.Limit[j] *= 1.4
			}
		}),
		with(FixedCharge, func(p *Problem, c *Capacity) {
			p.P = 0
			for _, q := range c.Limit {
				c.Sizes = append(c.Sizes, []Size{{q / 4, 500}, {q / 2, 900}, {q, 1500}})
			}
			c.Limit = nil
		}),
		with(PCenter, func(p *Problem, c *Capacity) { p.P, c.Single = 5, true }),
	)
}

// benchmark solves the problems named, in order, to the end.
func benchmark(b *testing.B, names []string, problems ...Problem) {
	for k, name := range names {
		b.Run(name, func(b *testing.B) {
			nodes := 0
			for b.Loop() {
				s, err := Solve(context.Background(), problems[k], Options{})
				if err != nil || !s.Optimal {
					b.Fatal(s, err)
				}
				nodes = s.Nodes
			}
			b.ReportMetric(float64(nodes), "nodes")
		})
	}
}

func BenchmarkPMedian(b *testing.B) {
	costs, weight := plane(1, 1000, 60)
	few := Problem{Model: PMedian, Costs: costs, Weight: weight, P: 3}
	many := few
	many.P = 12
	benchmark(b, []string{"few", "many"}, few, many)
}

func BenchmarkSetCover(b *testing.B) {
	costs, weight := plane(1, 1000, 60)
	all := Problem{Model: SetCover, Costs: costs, Weight: weight, Radius: 120}
	all.Weight = coverable(all)
	share := uniform(1, 100_000, 100)
	share.Model, share.Radius, share.Share = SetCover, 110, 0.6
	benchmark(b, []string{"all", "share"}, all, share)
}

func BenchmarkMaximalCover(b *testing.B) {
	count := uniform(1, 100_000, 100)
	count.P, count.Radius = 15, 110
	fade, budget := count, count
	fade.Fade = 150
	budget.P, budget.Budget = 0, 400
	for j := range 100 {
		budget.Opening = append(budget.Opening, float64(10+j*7%40))
	}
	benchmark(b, []string{"count", "fade", "budget"}, count, fade, budget)
}

func BenchmarkFixedCharge(b *testing.B) {
	even := uniform(1, 600, 120)
	even.Model = FixedCharge
	for range 120 {
		even.Opening = append(even.Opening, 40_000)
	}
	uneven := even
	uneven.Opening = slices.Clone(even.Opening)
	for j := range uneven.Opening {
		uneven.Opening[j] = float64(20_000 + 7919*j%40_000)
	}
	benchmark(b, []string{"even", "uneven"}, even, uneven)
}
