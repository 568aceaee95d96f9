package center

import (
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/hubplan/hubplan/hub/locate/internal/near"
)

// TestRows: the rows are the sites within the radius of each demand that no
// given site covers.
func TestRows(t *testing.T) {
	rng := rand.New(rand.NewPCG(4, 4))
	for k := range 1000 {
		in := draw(rng)
		in.Weight[0] = 0
		s := newTest(in)
		n, m := in.Source.Size()
		r := float64(rng.IntN(12))
		var all []int32
		for i := range n {
			all = append(all, int32(i))
		}
		got, demands, ok := s.rows(all, r)
		at, lost := 0, false
		for i := 1; i < n; i++ {
			var row []int32
			served := false
			for j := range m {
				if in.Weight[i]*in.Source.Cost(i, j) <= r {
					row = append(row, int32(j))
					served = served || slices.Contains(in.Given, j)
				}
			}
			switch {
			case len(row) == 0:
				lost = true
			case served || !ok:
			case at >= len(demands) || int(demands[at]) != i || !slices.Equal(got.Rows[at], row):
				t.Fatalf("round %d: demand %d has the sites %v within %v; row %d of %v", k, i, row, r, at, got.Rows)
			default:
				at++
			}
		}
		if ok == lost || at != len(demands) {
			t.Fatalf("round %d: ok %v, but a demand is lost: %v; %d rows, want %d", k, ok, lost, len(demands), at)
		}
	}
}

// TestPolish: the radius falls to no less than the least there is, the sites
// are as many as may open and have the radius said.
func TestPolish(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 5))
	better := 0
	for k := range 500 {
		in := draw(rng)
		s := newTest(in)
		_, m := in.Source.Size()
		open := slices.Clone(in.Given)
		for _, j := range rng.Perm(m) {
			if len(open) < in.Open+len(in.Given) && !slices.Contains(in.Given, j) {
				open = append(open, j)
			}
		}
		open = unique(open)
		s.best.Radius = 1e9
		before, _ := s.measure(open, 0)
		s.offer(open, before)
		fell := s.polish(1e4)
		after, _ := s.measure(s.best.Open, 0)
		if after != s.best.Radius || after > before || fell != (after < before) {
			t.Fatalf("round %d: radius %v, said %v, before %v; fell %v", k, after, s.best.Radius, before, fell)
		}
		for _, j := range in.Given {
			if !slices.Contains(s.best.Open, j) {
				t.Fatalf("round %d: site %d is given and not in %v", k, j, s.best.Open)
			}
		}
		if len(s.best.Open) > in.Open+len(in.Given) {
			t.Fatalf("round %d: %d sites open beside %d given", k, len(s.best.Open), len(in.Given))
		}
		want := Run(in, Options{Stop: s.o.Stop, Workers: 1})
		if after < want.Radius {
			t.Fatalf("round %d: radius %v, the least is %v", k, after, want.Radius)
		}
		if fell {
			better++
		}
	}
	if better < 100 {
		t.Errorf("only %d of 500 got better", better)
	}
}

// TestPolishWorkers: the walks are the same whoever takes them, and they learn
// about a part of the demands only.
func TestPolishWorkers(t *testing.T) {
	const n, p = 300, 12
	rng := rand.New(rand.NewPCG(6, 6))
	points := make([][2]float64, n)
	for i := range points {
		points[i] = [2]float64{rng.Float64(), rng.Float64()}
	}
	source := near.NewPoints(points, points, near.Euclidean)
	in := &Instance{Source: source, Open: p}
	in.Among = func(sites []int) near.Source { return near.Among(source, sites) }
	var first *search
	for workers := 1; workers <= 5; workers++ {
		s := newTest(in)
		s.o.Workers = workers
		s.best.Radius = 1e9
		var open []int
		for j := range p {
			open = append(open, j)
		}
		before, _ := s.measure(open, 0)
		s.offer(open, before)
		s.polish(1e6)
		if s.best.Radius > 0.6*before {
			t.Fatalf("%d workers: radius %v, before %v", workers, s.best.Radius, before)
		}
		if first == nil {
			first = s
		}
		if !slices.Equal(s.best.Open, first.best.Open) || !slices.Equal(s.walked, first.walked) {
			t.Fatalf("%d workers: %v over %v, one %v over %v", workers, s.best.Open, s.walked, first.best.Open, first.walked)
		}
		for k, w := range s.strolls {
			if !slices.Equal(w.hard, first.strolls[k].hard) || !slices.Equal(w.open, first.strolls[k].open) {
				t.Fatalf("%d workers: walk %d ends elsewhere than with one", workers, k)
			}
		}
		if len(s.walked) > n*2/3 {
			t.Errorf("the walks are over %d demands of %d", len(s.walked), n)
		}
	}
}
