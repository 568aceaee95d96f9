package near

import (
	"math"
	"math/rand/v2"
	"testing"
)

// TestWorst: what is said of each open site is what a look at every demand says.
func TestWorst(t *testing.T) {
	rng := rand.New(rand.NewPCG(7, 7))
	found := 0
	for k := range 3000 {
		n, m := 1+rng.IntN(200), 1+rng.IntN(30)
		draw := func(n int) [][2]float64 {
			at := make([][2]float64, n)
			for i := range at {
				at[i] = [2]float64{float64(rng.IntN(40)), rng.Float64() * 40}
			}
			return at
		}
		demands := draw(n)
		sites := draw(m)
		if k%3 == 0 {
			sites, m = demands, n
		}
		var weight []float64
		if k%2 == 0 {
			for range n {
				weight = append(weight, float64(rng.IntN(4))/3)
			}
		}
		metric := Metric(rng.IntN(int(metrics)))
		source := NewPoints(demands, sites, metric)
		var used Source = source
		if k%4 < 2 { // the sites have other numbers, and the tree may be shared
			used, _ = Ordered(source)
			source = used.(*Points)
		}
		v := NewServed(used, weight)
		if (v != nil) != metric.planar() {
			t.Fatalf("round %d: metric %v", k, metric)
		}
		if v == nil {
			continue
		}
		open := rng.Perm(m)[:1+rng.IntN(min(m, 6))]
		r := float64(rng.IntN(30)) - 1
		want := make([]float64, len(open))
		for p := range want {
			want[p] = r
		}
		serve := func(i int) (float64, int) {
			least, site := math.Inf(1), 0
			for p, j := range open {
				if c := source.Cost(i, j); c < least {
					least, site = c, p
				}
			}
			if weight != nil {
				least *= weight[i]
			}
			return least, site
		}
		for i := range n {
			c, p := serve(i)
			want[p] = max(want[p], c)
		}
		for p, f := range v.Worst(open, r, nil) {
			if f.Cost != want[p] || (f.Demand >= 0) != (want[p] > r) {
				t.Fatalf("round %d: site %d serves %+v worst, not %v, above %v", k, p, f, want[p], r)
			}
			if f.Demand >= 0 {
				found++
				if c, own := serve(int(f.Demand)); own != p || c != f.Cost {
					t.Fatalf("round %d: demand %+v of site %d is served from %d at %v", k, f, p, own, c)
				}
			}
		}
	}
	if found < 1000 {
		t.Errorf("only %d demands found", found)
	}
}

// TestWorstEmpty: without demands none is served badly.
func TestWorstEmpty(t *testing.T) {
	v := NewServed(NewPoints(nil, [][2]float64{{1, 1}}, Euclidean), nil)
	if w := v.Worst([]int{0}, 0, nil); len(w) != 1 || w[0].Demand >= 0 {
		t.Errorf("without demands: %v", w)
	}
}
