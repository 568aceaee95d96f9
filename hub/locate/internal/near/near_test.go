package near

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

// sources draws the same costs in every form that can hold them.
func sources(rng *rand.Rand, m Metric) []Source {
	n, s := 1+rng.IntN(40), 1+rng.IntN(80)
	spread := []float64{0, 3, 90}[rng.IntN(3)]
	draw := func(k int) [][2]float64 {
		p := make([][2]float64, k)
		for i := range p {
			p[i] = [2]float64{math.Round(spread*rng.Float64()*20) / 20, spread * (rng.Float64() - 0.5)}
			if i > 0 && rng.IntN(4) == 0 {
				p[i] = p[rng.IntN(i)]
			}
		}
		return p
	}
	p := NewPoints(draw(n), draw(s), m)
	d := &Dense{n, s, make([]float64, n*s)}
	sp := &Sparse{Sites: s, First: []int{0}}
	for i := range n {
		for j := range s {
			c := p.Cost(i, j)
			d.Values[i*s+j] = c
			sp.Site, sp.Costs = append(sp.Site, int32(j)), append(sp.Costs, c)
		}
		sp.First = append(sp.First, len(sp.Site))
	}
	return []Source{d, p, sp}
}

// TestSources: every source finds what a scan of the matrix finds.
func TestSources(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 1))
	for m := range metrics {
		for range 60 {
			all := sources(rng, m)
			n, s := all[0].Size()
			if rng.IntN(2) == 0 { // and so does a source with some sites alone
				var some []int
				for j := range s {
					if rng.IntN(3) == 0 || j == s-1 {
						some = append(some, j)
					}
				}
				whole := all[0]
				for k := range all {
					all[k] = Among(all[k], some)
				}
				for i := range n {
					for k, j := range some {
						if all[0].Cost(i, k) != whole.Cost(i, j) {
							t.Fatalf("cost %d from position %d", i, k)
						}
					}
				}
				_, s = all[0].Size()
			}
			for i := range n {
				var want []Pair
				for j := range s {
					want = append(want, Pair{all[0].Cost(i, j), int32(j)})
				}
				slices.SortFunc(want, Compare)
				r := want[rng.IntN(s)].Cost
				k := rng.IntN(s + 2)
				within := 0
				for within < s && want[within].Cost <= r {
					within++
				}
				for _, src := range all {
					got := src.Within(i, r, []Pair{{-1, -1}})
					if got[0] != (Pair{-1, -1}) {
						t.Fatal("what was in the slice is gone")
					}
					slices.SortFunc(got[1:], Compare)
					if !slices.Equal(got[1:], want[:within]) {
						t.Fatalf("metric %d, %T: within %v of %d: %v, want %v", m, src, r, i, got[1:], want[:within])
					}
					got = src.Nearest(i, k, []Pair{{-1, -1}})
					if !slices.Equal(got[1:], want[:min(k, s)]) {
						t.Fatalf("metric %d, %T: %d nearest of %d: %v, want %v", m, src, k, i, got[1:], want[:min(k, s)])
					}
				}
			}
		}
	}
}

// TestImpossible: pairs that are impossible are in no list.
func TestImpossible(t *testing.T) {
	inf := math.Inf(1)
	d := &Dense{1, 3, []float64{inf, 2, inf}}
	s := &Sparse{3, []int{0, 2}, []int32{1, 2}, []float64{2, inf}}
	for _, src := range []Source{d, s} {
		if got := fmt.Sprint(src.Within(0, inf, nil), src.Nearest(0, 3, nil), src.Nearest(0, 2, nil)); got != "[{2 1}] [{2 1}] [{2 1}]" {
			t.Errorf("%T: %s", src, got)
		}
		if src.Cost(0, 0) != inf || src.Cost(0, 1) != 2 || src.Cost(0, 2) != inf {
			t.Errorf("%T: costs", src)
		}
	}
}

// TestMetric holds distances worked out by hand or known from TSPLIB.
func TestMetric(t *testing.T) {
	for _, c := range []struct {
		m    Metric
		a, b [2]float64
		want float64
	}{
		{Euclidean, [2]float64{0, 0}, [2]float64{3, 4}, 5},
		{FloorEuclidean, [2]float64{0, 0}, [2]float64{1, 1}, 1},
		{FloorEuclidean, [2]float64{565, 575}, [2]float64{565 + 2079, 575 + 2772}, 3465}, // no 3464 by rounding
		{RoundEuclidean, [2]float64{0, 0}, [2]float64{1, 1}, 1},
		{RoundEuclidean, [2]float64{0, 0}, [2]float64{2, 2}, 3},
		{CeilEuclidean, [2]float64{0, 0}, [2]float64{1, 1}, 2},
		{CeilEuclidean, [2]float64{0, 0}, [2]float64{3, 4}, 5},
		{Manhattan, [2]float64{1, 2}, [2]float64{-2, 6}, 7},
		{Maximum, [2]float64{1, 2}, [2]float64{-2, 6}, 4},
		{PseudoEuclidean, [2]float64{0, 0}, [2]float64{10, 0}, 4},              // sqrt 10 = 3.16 is rounded up
		{PseudoEuclidean, [2]float64{6823, 4674}, [2]float64{7692, 2247}, 816}, // att532: sqrt(6645490/10) = 815.2
		{Geographical, [2]float64{49.30, 8.26}, [2]float64{49.30, 8.26}, 0},
		{Geographical, [2]float64{0, 0}, [2]float64{0, 90}, 10020},
		{GreatCircle, [2]float64{0, 0}, [2]float64{90, 0}, earth * math.Pi / 2},
		{GreatCircle, [2]float64{0, 0}, [2]float64{180, 0}, earth * math.Pi},
		{GreatCircle, [2]float64{30.5, 50}, [2]float64{30.5, 51}, earth * math.Pi / 180},
	} {
		if got := c.m.Cost(c.a, c.b); math.Abs(got-c.want) > 1e-9*c.want {
			t.Errorf("metric %d from %v to %v: %v, want %v", c.m, c.a, c.b, got, c.want)
		}
		if c.m.Cost(c.a, c.b) != c.m.Cost(c.b, c.a) {
			t.Errorf("metric %d is not symmetric", c.m)
		}
	}
}
