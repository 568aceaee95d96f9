package cover

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

// unit draws a set cover of unit costs that is small enough to enumerate.
func unit(rng *rand.Rand) *Instance {
	in := random(rng)
	for j := range in.Opening {
		in.Opening[j] = 1
	}
	return in
}

// TestDecide: for every number of sites the answer is that of brute force, and
// an answer given up is none.
func TestDecide(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 5))
	for k := range 3000 {
		in := unit(rng)
		least := int(brute(in))
		for sites := range in.Sites + 1 {
			d := Decide(in, sites, 0, never)
			if !d.Done || (d.Open != nil) != (sites >= least) {
				t.Fatalf("round %d: %d sites, %d needed: %+v of %+v", k, sites, least, d, in)
			}
			if d.Open != nil && (math.IsInf(in.Value(d.Open), 1) || len(d.Open) > sites || !slices.IsSorted(d.Open)) {
				t.Fatalf("round %d: %v is no cover by %d sites of %+v", k, d.Open, sites, in)
			}
		}
		left := rng.IntN(6)
		d := Decide(in, least-1, 0, func() bool { left--; return left < 0 })
		if d.Open != nil {
			t.Fatalf("round %d: stopped with the cover %v, %d needed", k, d.Open, least)
		}
	}
}

// square draws points in a square and the cover of each by those within r.
func square(seed uint64, n int, r float64) *Instance {
	rng := rand.New(rand.NewPCG(seed, 9))
	at := make([][2]float64, n)
	for i := range at {
		at[i] = [2]float64{rng.Float64(), rng.Float64()}
	}
	in := &Instance{Sites: n, Rows: make([][]int32, n), Opening: make([]float64, n)}
	for i, a := range at {
		in.Opening[i] = 1
		for j, b := range at {
			if math.Hypot(a[0]-b[0], a[1]-b[1]) <= r {
				in.Rows[i] = append(in.Rows[i], int32(j))
			}
		}
	}
	return in
}

func BenchmarkDecide(b *testing.B) {
	in := square(1, 500, 0.15)
	nodes := 0
	for b.Loop() {
		d := Decide(in, 16, 0, never)
		if nodes = d.Nodes; d.Open != nil {
			b.Fatalf("%d sites suffice", len(d.Open))
		}
	}
	b.ReportMetric(float64(nodes), "nodes")
}
