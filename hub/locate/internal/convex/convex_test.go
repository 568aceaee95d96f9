package convex

import (
	"math"
	"math/bits"
	"math/rand/v2"
	"testing"

	"github.com/hubplan/hubplan/hub/locate/internal/branch"
	"pgregory.net/rapid"
)

// A curve falls, is convex, and is nowhere above the product of the open sites;
// of no site, and of one of the largest probability, it is the product.
func TestProducts(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		q := rapid.SliceOfN(rapid.SampledFrom([]float64{0, 1e-9, 0.01, 0.05, 0.1, 0.3, 0.5, 0.9, 0.99}), 2, 7).Draw(t, "q")
		q[0] = rapid.Float64Range(0.001, 0.999).Draw(t, "first")
		c, count := Products(q)
		slope := math.Inf(-1)
		for k := 1; k < len(c.At); k++ {
			s := (c.Value[k] - c.Value[k-1]) / (c.At[k] - c.At[k-1])
			if c.At[k] <= c.At[k-1] || s > 1e-12 || s < slope-1e-9 {
				t.Fatalf("%+v at %d", c, k)
			}
			slope = s
		}
		worst := 0
		for j := range q {
			if q[j] > q[worst] {
				worst = j
			}
			if !(count[j] > 0 && count[j] <= 1) {
				t.Fatalf("%v counts %v", q, count)
			}
		}
		for set := range uint(1) << len(q) {
			v, product := 0.0, 1.0
			for j := range q {
				if set>>j&1 == 1 {
					v, product = v+count[j], product*q[j]
				}
			}
			if got := c.of(v); got > product+1e-12 || (set == 0 || set == 1<<worst) && got < product-1e-9 {
				t.Fatalf("%v, set %b: %v above %v", q, set, got, product)
			}
		}
	})
}

// The bound of every node holds, and the search finds the best sites.
func TestModelEqualsEnumeration(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 1))
	for range 300 {
		in := &Instance{Sites: 1 + rng.IntN(7), Open: -1}
		q := make([]float64, in.Sites)
		for j := range q {
			q[j] = []float64{0.05, 0.2, 0.6}[rng.IntN(3)]
			in.Opening = append(in.Opening, float64(rng.IntN(3)))
		}
		if rng.IntN(2) == 0 {
			in.Open = 1 + rng.IntN(in.Sites)
		}
		for range 1 + rng.IntN(8) {
			row := Row{Weight: float64(1 + rng.IntN(9))}
			var part []float64
			for j := range q {
				if rng.IntN(2) == 0 {
					row.Site, part = append(row.Site, int32(j)), append(part, q[j])
				}
			}
			if len(part) > 0 {
				row.Curve, row.Count = Products(part)
				in.Rows = append(in.Rows, row)
			}
		}
		in.Value = func(open []bool) float64 {
			var sum float64
			for j, o := range open {
				if o {
					sum += in.Opening[j]
				}
			}
			for _, row := range in.Rows {
				v := row.Weight
				for _, j := range row.Site {
					if open[j] {
						v *= q[j]
					}
				}
				sum += v
			}
			return sum
		}
		want := math.Inf(1)
		open := make([]bool, in.Sites)
		for set := range uint(1) << in.Sites {
			if in.Open >= 0 && bits.OnesCount(set) != in.Open {
				continue
			}
			for j := range open {
				open[j] = set>>j&1 == 1
			}
			want = min(want, in.Value(open))
		}
		m := NewModel(in, func() bool { return false })
		r := branch.Run(m, branch.Options{Stop: func() bool { return false }, Start: m.Greedy()})
		if !r.Complete || math.Abs(r.Value-want) > 1e-9*(1+want) || r.Bound > want+1e-9*(1+want) {
			t.Fatalf("%+v, want %v", r, want)
		}
	}
}
