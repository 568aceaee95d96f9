package cover

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

// TestPlace: for every number of sites the answer is that of brute force, and
// an answer given up is none, be it for a limit or for stop.
func TestPlace(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 6))
	for k := range 3000 {
		in := unit(rng)
		least := int(brute(in))
		for sites := range in.Sites + 1 {
			d := Place(in, sites, 0, never)
			if !d.Done || (d.Open != nil) != (sites >= least) {
				t.Fatalf("round %d: %d sites, %d needed: %+v of %+v", k, sites, least, d, in)
			}
			if d.Open != nil && (math.IsInf(in.Value(d.Open), 1) || len(d.Open) > sites || !slices.IsSorted(d.Open)) {
				t.Fatalf("round %d: %v is no cover by %d sites of %+v", k, d.Open, sites, in)
			}
		}
		left := rng.IntN(6)
		d := Place(in, least-1, 0, func() bool { left--; return left < 0 })
		if d.Open != nil {
			t.Fatalf("round %d: stopped with the cover %v, %d needed", k, d.Open, least)
		}
		if d := Place(in, least, 1+rng.IntN(3), never); d.Done && d.Open == nil {
			t.Fatalf("round %d: limited, and no cover by %d sites", k, least)
		}
	}
}

// TestPlaceDecide: on covers of a few hundred points by discs, whose trees are
// deep, two searches that have little in common say the same.
func TestPlaceDecide(t *testing.T) {
	covers, nodes := 0, 0
	for seed := range uint64(12) {
		in := square(seed, 150, 0.16+0.01*float64(seed%4))
		for k := 9; k <= 15; k++ {
			p, d := Place(in, k, 0, never), Decide(in, k, 0, never)
			if !p.Done || !d.Done || (p.Open != nil) != (d.Open != nil) {
				t.Fatalf("seed %d, %d sites: %+v, but Decide %+v", seed, k, p, d)
			}
			if p.Open != nil {
				covers++
				if math.IsInf(in.Value(p.Open), 1) || len(p.Open) > k {
					t.Fatalf("seed %d: %v is no cover by %d sites", seed, p.Open, k)
				}
			}
			nodes = max(nodes, p.Nodes)
		}
	}
	if covers < 20 || covers > 70 || nodes < 20 {
		t.Errorf("%d covers of 84, the largest tree %d nodes: too easy", covers, nodes)
	}
}

// TestPlaceApart: of the rows found no site covers two.
func TestPlaceApart(t *testing.T) {
	in := square(3, 200, 0.2)
	d := &places{stop: never, n: len(in.Rows), words: (len(in.Rows) + 63) / 64}
	d.cover = make([]uint64, in.Sites*d.words)
	for i, row := range in.Rows {
		for _, j := range row {
			d.cover[int(j)*d.words+i/64] |= 1 << (i % 64)
		}
	}
	apart := d.apart(in)
	if len(apart) < 6 {
		t.Errorf("only %d rows: %v", len(apart), apart)
	}
	for _, a := range apart {
		for _, b := range apart {
			for _, j := range in.Rows[a] {
				if a != b && slices.Contains(in.Rows[b], j) {
					t.Errorf("rows %d and %d share site %d", a, b, j)
				}
			}
		}
	}
}

func BenchmarkPlace(b *testing.B) {
	in := &Reduce(square(1, 500, 0.15), never).Instance
	nodes := 0
	for b.Loop() {
		d := Place(in, 16, 0, never)
		if nodes = d.Nodes; d.Open != nil {
			b.Fatalf("%d sites suffice", len(d.Open))
		}
	}
	b.ReportMetric(float64(nodes), "nodes")
}
