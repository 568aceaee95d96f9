package route

import (
	"context"
	"errors"
	"math"
	"slices"
	"testing"

	"github.com/paulmach/orb"
	"pgregory.net/rapid"
)

func TestAlternativesAndFastestKeepTheirPromises(t *testing.T) {
	check(t, func(t *rapid.T) {
		r, err := NewRouter(context.Background(), drawNetwork(t), testTruck)
		if err != nil {
			t.Fatal(err)
		}
		stops := drawStops(t, r, 4)
		o, err := r.Overlay(stops)
		if err != nil {
			t.Fatal(err)
		}
		from, to := rapid.IntRange(0, 3).Draw(t, "from"), rapid.IntRange(0, 3).Draw(t, "to")
		k := rapid.IntRange(1, 5).Draw(t, "k")
		best := newNaive(r, stops, -1).dist[from][to]
		others, err := o.Alternatives(context.Background(), from, to, k, AlternativesOptions{})
		if err != nil {
			t.Fatal(err)
		}
		fastest, err := o.Fastest(context.Background(), from, to, k)
		if err != nil {
			t.Fatal(err)
		}
		if reached := !math.IsInf(best, 1); reached != (len(others) > 0) || reached != (len(fastest) > 0) {
			t.Fatalf("%d alternatives and %d fastest of a way of %v ms", len(others), len(fastest), best)
		}
		for name, paths := range map[string][]Path{"alternatives": others, "fastest": fastest} {
			if len(paths) > k {
				t.Fatalf("%d %s, want %d at most", len(paths), name, k)
			}
			for i := range paths {
				p := &paths[i]
				checkPath(t, r, p, onNetwork(p))
				ms := float64(onNetwork(p).Milliseconds())
				if p.From != stops[from] || p.To != stops[to] {
					t.Fatalf("%s %d goes from %v to %v", name, i, p.From, p.To)
				}
				if i == 0 && ms != best || ms > 1.25*best && name == "alternatives" {
					t.Fatalf("%s %d takes %v ms, the best way %v", name, i, ms, best)
				}
				if i > 0 && name == "fastest" && onNetwork(p) < onNetwork(&paths[i-1]) {
					t.Fatalf("fastest %d is faster than the one before", i)
				}
				for _, other := range paths[:i] {
					if slices.Equal(p.Legs, other.Legs) {
						t.Fatalf("%s %d has come before: %v", name, i, p.Legs)
					}
				}
			}
		}
		// Any two routes with nothing in common are two routes.
		ways, err := o.Ways(context.Background(), []int{from}, []int{to}, 2, WaysOptions{DisjointOnly: true})
		if err != nil {
			t.Fatal(err)
		}
		if ways.Count == 2 && len(ways.Routes[1].Legs) > 0 && k > 1 && len(fastest) < 2 {
			t.Fatalf("there are two routes %+v and Fastest finds %d", ways.Routes, len(fastest))
		}
	})
}

// Four roads from A to B that meet nowhere between, of 70, 77, 84 and 100 km. All
// but the first have plateaus, their middle thirds, of 31, 36 and 40 km. Roads of
// 270 and 290 km lead to A, of which the shorter makes less than 0.8 of the way.
func TestAlternativesDefaults(t *testing.T) {
	nodes := []Node{
		{"A", orb.Point{30, 50}}, {"B", orb.Point{31, 50}},
		{"N", orb.Point{30.3, 50.1}}, {"O", orb.Point{30.7, 50.1}},
		{"S", orb.Point{30.3, 49.9}}, {"T", orb.Point{30.7, 49.9}},
		{"F", orb.Point{30.3, 49.5}}, {"G", orb.Point{30.7, 49.5}},
		{"Y", orb.Point{27, 50}}, {"Z", orb.Point{27, 50.1}},
	}
	n, err := NewNetwork(nodes, []Edge{
		{From: 0, To: 1, Class: Trunk, Length: 70e3},
		{From: 0, To: 2, Class: Trunk, Length: 23e3}, {From: 2, To: 3, Class: Trunk, Length: 31e3}, {From: 3, To: 1, Class: Trunk, Length: 23e3},
		{From: 0, To: 4, Class: Trunk, Length: 24e3}, {From: 4, To: 5, Class: Trunk, Length: 36e3}, {From: 5, To: 1, Class: Trunk, Length: 24e3},
		{From: 0, To: 6, Class: Trunk, Length: 30e3}, {From: 6, To: 7, Class: Trunk, Length: 40e3}, {From: 7, To: 1, Class: Trunk, Length: 30e3},
		{From: 8, To: 0, Class: Trunk, Length: 270e3}, {From: 9, To: 0, Class: Trunk, Length: 290e3},
	})
	if err != nil {
		t.Fatal(err)
	}
	r, err := NewRouter(context.Background(), n, testTruck)
	if err != nil {
		t.Fatal(err)
	}
	o, err := r.Overlay([]Stop{{Edge: 0}, {Edge: 0, Fraction: 1}, {Edge: 10}, {Edge: 11}})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		from int
		opt  AlternativesOptions
		k    int
		want []int // the last edge of each
	}{
		{0, AlternativesOptions{}, 9, []int{0, 3, 6}},
		{0, AlternativesOptions{}, 2, []int{0, 3}},
		{0, AlternativesOptions{Stretch: 1.15}, 9, []int{0, 3}},
		{0, AlternativesOptions{Stretch: 1.5}, 9, []int{0, 3, 6, 9}},
		{0, AlternativesOptions{Stretch: 1.5, Plateau: 0.5}, 9, []int{0, 6, 9}},
		{2, AlternativesOptions{Plateau: 0.05}, 9, []int{0, 3, 6, 9}},
		{3, AlternativesOptions{Plateau: 0.05}, 9, []int{0}},
		{3, AlternativesOptions{Plateau: 0.05, Sharing: 1}, 9, []int{0, 3, 6, 9}},
	} {
		paths, err := o.Alternatives(context.Background(), c.from, 1, c.k, c.opt)
		if err != nil {
			t.Fatal(err)
		}
		var got []int
		for _, p := range paths {
			got = append(got, p.Legs[len(p.Legs)-1].Edge)
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("from %d with %+v: last edges %v, want %v", c.from, c.opt, got, c.want)
		}
	}
}

func TestFastestInOrder(t *testing.T) {
	r := ring(t)
	o, err := r.Overlay([]Stop{{Edge: 0, Fraction: 0}, {Edge: 0, Fraction: 1}, {Edge: 1, Fraction: 0.5}})
	if err != nil {
		t.Fatal(err)
	}
	paths, err := o.Fastest(context.Background(), 0, 1, 3)
	if err != nil {
		t.Fatal(err)
	}
	if len(paths) != 2 || !slices.Equal(paths[0].Legs, []Leg{{1, 0, 1}, {2, 0, 1}}) || !slices.Equal(paths[1].Legs, []Leg{{0, 0, 1}}) {
		t.Errorf("%+v, want the fast way and the slow one", paths)
	}
}

func TestAlternativesAndFastestRefuseBadInput(t *testing.T) {
	r := ring(t)
	o, err := r.Overlay([]Stop{{Edge: 0}, {Edge: 1}})
	if err != nil {
		t.Fatal(err)
	}
	ctx := context.Background()
	for name, ask := range map[string]func() error{
		"no alternatives":    func() error { _, err := o.Alternatives(ctx, 0, 1, 0, AlternativesOptions{}); return err },
		"alternative to":     func() error { _, err := o.Alternatives(ctx, 0, 2, 1, AlternativesOptions{}); return err },
		"alternative from":   func() error { _, err := o.Alternatives(ctx, -1, 0, 1, AlternativesOptions{}); return err },
		"shorter than short": func() error { _, err := o.Alternatives(ctx, 0, 1, 1, AlternativesOptions{Stretch: 0.9}); return err },
		"no number": func() error {
			_, err := o.Alternatives(ctx, 0, 1, 1, AlternativesOptions{Stretch: math.NaN()})
			return err
		},
		"sharing":          func() error { _, err := o.Alternatives(ctx, 0, 1, 1, AlternativesOptions{Sharing: 1.1}); return err },
		"negative sharing": func() error { _, err := o.Alternatives(ctx, 0, 1, 1, AlternativesOptions{Sharing: -1}); return err },
		"plateau":          func() error { _, err := o.Alternatives(ctx, 0, 1, 1, AlternativesOptions{Plateau: 2}); return err },
		"negative plateau": func() error { _, err := o.Alternatives(ctx, 0, 1, 1, AlternativesOptions{Plateau: -1}); return err },
		"no fastest":       func() error { _, err := o.Fastest(ctx, 0, 1, 0); return err },
		"fastest to":       func() error { _, err := o.Fastest(ctx, 0, 2, 1); return err },
		"fastest from":     func() error { _, err := o.Fastest(ctx, 7, 1, 1); return err },
	} {
		if ask() == nil {
			t.Errorf("%s: no error", name)
		}
	}
	done, cancel := context.WithCancel(ctx)
	cancel()
	if _, err := o.Alternatives(done, 0, 1, 1, AlternativesOptions{}); !errors.Is(err, context.Canceled) {
		t.Errorf("alternatives: error %v, want context.Canceled", err)
	}
	if _, err := o.Fastest(done, 0, 1, 1); !errors.Is(err, context.Canceled) {
		t.Errorf("fastest: error %v, want context.Canceled", err)
	}
}
