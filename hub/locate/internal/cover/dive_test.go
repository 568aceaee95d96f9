package cover

import (
	"math"
	"math/rand/v2"
	"testing"
)

// TestDive: whatever the multipliers, a dive finds a cover if there is one and
// says so if there is none; without work enough it says nothing that is wrong.
func TestDive(t *testing.T) {
	rng := rand.New(rand.NewPCG(7, 7))
	gaveUp := 0
	for k := range 3000 {
		in := unit(rng)
		least := int(brute(in))
		p := new(part)
		p.load(in)
		scale := rng.Float64()
		for i := range p.u {
			p.u[i] = scale * rng.Float64()
		}
		d := diving{stop: never}
		for sites := range in.Sites + 1 {
			work := math.MaxInt
			if rng.IntN(3) == 0 {
				work = rng.IntN(200)
			}
			found, done := d.dive(p, sites, work)
			if found != (sites >= least) && (found || done) || !done && work == math.MaxInt {
				t.Fatalf("round %d: %d sites, %d needed: found %v, done %v", k, sites, least, found, done)
			}
			if !done {
				gaveUp++
			}
			if !found {
				continue
			}
			var open []int
			for _, j := range d.path {
				open = append(open, int(j))
			}
			if len(open) > sites || math.IsInf(in.Value(open), 1) {
				t.Fatalf("round %d: %v is no cover by %d sites of %+v", k, open, sites, in)
			}
		}
	}
	if gaveUp < 100 {
		t.Errorf("only %d of the dives were too long", gaveUp)
	}
}

// TestDiveLeavesNoTrace: after a dive that found nothing, prices, counts and
// bare rows are those it began with.
func TestDiveLeavesNoTrace(t *testing.T) {
	for seed := range uint64(20) {
		in := square(seed, 70, 0.25)
		p := new(part)
		p.load(in)
		d := diving{stop: never}
		work := 1000 << seed
		if found, _ := d.dive(p, 4, work); found {
			t.Fatalf("seed %d: 4 sites suffice", seed)
		}
		for j, price := range d.price {
			want := int32(one)
			for _, i := range p.column(j) {
				want -= int32(p.u[i] * one)
			}
			if price != want || d.out[j] {
				t.Fatalf("seed %d: site %d has price %d, want %d; out: %v", seed, j, price, want, d.out[j])
			}
		}
		for i, count := range d.count {
			if int(count) != len(p.row(i)) || d.bare[i/64]>>(i%64)&1 == 0 {
				t.Fatalf("seed %d: row %d counts %d of %d sites", seed, i, count, len(p.row(i)))
			}
		}
	}
}
