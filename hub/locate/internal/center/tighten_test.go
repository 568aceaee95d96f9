package center

import (
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/hubplan/hubplan/hub/locate/internal/near"
)

// begun is a search with a random solution and a random sample.
func begun(rng *rand.Rand, in *Instance) *search {
	s := newTest(in)
	n, m := in.Source.Size()
	s.served = near.NewServed(in.Source, in.Weight)
	s.best.Radius = 1e9
	for _, i := range rng.Perm(n)[:1+rng.IntN(n)] {
		if in.weight(i) > 0 {
			s.add(int32(i))
		}
	}
	open := slices.Clone(in.Given)
	for _, j := range rng.Perm(m) {
		if len(open) < in.Open+len(in.Given) && !slices.Contains(in.Given, j) {
			open = append(open, j)
		}
	}
	open = unique(open)
	radius, _ := s.measure(open, 0)
	s.offer(open, radius)
	return s
}

// scatter draws points in a plane, with ties, for demands and sites.
func scatter(rng *rand.Rand, n, m, p int) *Instance {
	draw := func(n int) [][2]float64 {
		at := make([][2]float64, n)
		for k := range at {
			at[k] = [2]float64{float64(rng.IntN(200)), rng.Float64() * 100}
		}
		return at
	}
	source := near.NewPoints(draw(n), draw(m), near.Euclidean)
	in := &Instance{Source: source, Open: p}
	in.Among = func(sites []int) near.Source { return near.Among(source, sites) }
	return in
}

// TestPress: the radius falls to no less than the least there is, by sites that
// are as many as may open, with those given among them, and have the radius
// said.
func TestPress(t *testing.T) {
	rng := rand.New(rand.NewPCG(6, 6))
	better, least := 0, 0
	for k := range 100 {
		in := draw(rng)
		if k%2 == 0 {
			in = scatter(rng, 60, 40, 1+rng.IntN(5))
		}
		s := begun(rng, in)
		before := s.best.Radius
		sample := len(s.sample)
		reached := s.press(s.best.Open, before, 1)
		if len(s.sample) != sample || reached != (s.best.Radius <= 1) {
			t.Fatalf("round %d: a sample of %d was %d; reached %v, radius %v", k, len(s.sample), sample, reached, s.best.Radius)
		}
		open := slices.Clone(s.best.Open)
		radius, _ := s.measure(open, 0)
		if radius != s.best.Radius || radius > before {
			t.Fatalf("round %d: radius %v of %v, said %v, before %v", k, radius, open, s.best.Radius, before)
		}
		for _, j := range in.Given {
			if !slices.Contains(open, j) {
				t.Fatalf("round %d: site %d is given and not in %v", k, j, open)
			}
		}
		if len(open) > in.Open+len(in.Given) {
			t.Fatalf("round %d: %d sites open beside %d given", k, len(open), len(in.Given))
		}
		want := run(in, Options{Stop: s.o.Stop, Workers: 1})
		if !want.Complete || radius < want.Radius {
			t.Fatalf("round %d: radius %v, the least is said to be %v", k, radius, want.Radius)
		}
		if radius < before {
			better++
		}
		if radius == want.Radius {
			least++
		}
	}
	if better < 40 || least < 40 {
		t.Errorf("only %d of 100 got better, and %d best", better, least)
	}
}

// TestRunOrdered: with so many sites that they are put in order first the least
// radius is the same, and the sites that it is said for have it.
func TestRunOrdered(t *testing.T) {
	rng := rand.New(rand.NewPCG(8, 8))
	for p := 1; p <= 3; p++ {
		in := scatter(rng, 60, 1<<14+5, p)
		in.Given = []int{5, 1000}
		o := Options{Stop: func() bool { return false }, Workers: 2, Start: []int{5, 7, 1000}}
		r, plain := Run(in, o), run(in, o)
		if !r.Complete || !plain.Complete || r.Radius != plain.Radius || r.Bound != plain.Bound {
			t.Fatalf("%d sites: %+v, without order %+v", p, r, plain)
		}
		s := newTest(in)
		if radius, _ := s.measure(r.Open, 0); radius != r.Radius {
			t.Errorf("%d sites: %v has the radius %v, said %v", p, r.Open, radius, r.Radius)
		}
		if !slices.Contains(r.Open, 5) || !slices.Contains(r.Open, 1000) || len(r.Open) > p+2 || !slices.IsSorted(r.Open) {
			t.Errorf("%d sites: %v without those given", p, r.Open)
		}
	}
}

// TestMeasure: by boxes or one by one, the radius and what each site serves
// worst are the same.
func TestMeasure(t *testing.T) {
	rng := rand.New(rand.NewPCG(9, 9))
	for k := range 500 {
		in := scatter(rng, 1+rng.IntN(200), 30, 3)
		s := newTest(in)
		open := unique(rng.Perm(30)[:1+rng.IntN(5)])
		r := float64(rng.IntN(120))
		radius, _ := s.measure(open, r)
		worst := slices.Clone(s.worst)
		s.served = near.NewServed(in.Source, in.Weight)
		again, _ := s.measure(open, r)
		if radius != again {
			t.Fatalf("round %d: radius %v, by boxes %v", k, radius, again)
		}
		for i, f := range s.worst {
			if f.Cost != worst[i].Cost || (f.Demand < 0) != (worst[i].Demand < 0) {
				t.Fatalf("round %d: site %d: %+v, by boxes %+v", k, open[i], worst[i], f)
			}
		}
	}
}
