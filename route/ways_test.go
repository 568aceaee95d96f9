package route

import (
	"context"
	"errors"
	"math"
	"slices"
	"testing"
	"time"

	"github.com/paulmach/orb"
	"pgregory.net/rapid"
)

// check runs a property often enough to meet its rare cases.
func check(t *testing.T, property func(*rapid.T)) {
	for range 20 {
		rapid.Check(t, property)
	}
}

// onNetwork is the time of a path without access.
func onNetwork(p *Path) time.Duration { return p.Time - p.From.AccessTime - p.To.AccessTime }

// passes lists the nodes of the network on a path, its ends included.
func passes(net *Network, p *Path) []int {
	var nodes []int
	at := func(edge int, fraction float64) {
		e := net.Edge(edge)
		v := e.From
		switch fraction {
		case 1:
			v = e.To
			fallthrough
		case 0:
			if !slices.Contains(nodes, v) {
				nodes = append(nodes, v)
			}
		}
	}
	at(p.From.Edge, p.From.Fraction)
	at(p.To.Edge, p.To.Fraction)
	for _, l := range p.Legs {
		at(l.Edge, l.Start)
		at(l.Edge, l.End)
	}
	return nodes
}

// covers reports whether pieces hold the part of an edge that two legs share.
func covers(pieces []Piece, a, b Leg) bool {
	lo := max(min(a.Start, a.End), min(b.Start, b.End))
	hi := min(max(a.Start, a.End), max(b.Start, b.End))
	return a.Edge != b.Edge || hi <= lo || slices.ContainsFunc(pieces, func(p Piece) bool { return p.Edge == a.Edge && p.Start <= lo && hi <= p.End })
}

func drawIndices(t *rapid.T, n int) []int {
	return rapid.SliceOfN(rapid.IntRange(0, n-1), 1, 3).Draw(t, "stops")
}

func TestWaysKeepTheirPromises(t *testing.T) {
	check(t, func(t *rapid.T) {
		r, err := NewRouter(context.Background(), drawNetwork(t), testTruck)
		if err != nil {
			t.Fatal(err)
		}
		stops := drawStops(t, r, 6)
		o, err := r.Overlay(stops)
		if err != nil {
			t.Fatal(err)
		}
		from, to := drawIndices(t, len(stops)), drawIndices(t, len(stops))
		k := rapid.IntRange(1, 4).Draw(t, "k")
		opt := WaysOptions{
			NodeDisjoint: rapid.Bool().Draw(t, "nodes"),
			DistinctFrom: rapid.Bool().Draw(t, "distinct from"), DistinctTo: rapid.Bool().Draw(t, "distinct to"),
			DisjointOnly: rapid.Bool().Draw(t, "only"),
		}
		ways, err := o.Ways(context.Background(), from, to, k, opt)
		if err != nil {
			t.Fatal(err)
		}
		full := newNaive(r, stops, -1)
		best := math.Inf(1)
		for _, i := range from {
			for _, j := range to {
				best = min(best, full.dist[i][j])
			}
		}
		switch {
		case math.IsInf(best, 1) != (len(ways.Routes) == 0), len(ways.Routes) > k, ways.Count > len(ways.Routes):
			t.Fatalf("%d routes of %d, %d of them disjoint, the best takes %v", len(ways.Routes), k, ways.Count, best)
		case opt.DisjointOnly && ways.Count != len(ways.Routes):
			t.Fatalf("%d routes, %d of them disjoint", len(ways.Routes), ways.Count)
		case len(ways.Routes) > 0 && !opt.DisjointOnly && !opt.DistinctFrom && !opt.DistinctTo && len(ways.Routes) < k:
			t.Fatalf("%d routes, want %d", len(ways.Routes), k)
		case k == 1 && len(ways.Routes) == 1 && float64(onNetwork(&ways.Routes[0]).Milliseconds()) != best:
			t.Fatalf("the one route takes %v, the best %v ms", ways.Routes[0].Time, best)
		case (ways.Count == len(ways.Routes)) != (len(ways.Shared)+len(ways.Junctions) == 0):
			t.Fatalf("%d of %d routes disjoint, with %v and %v shared", ways.Count, len(ways.Routes), ways.Shared, ways.Junctions)
		case !opt.NodeDisjoint && len(ways.Junctions) > 0:
			t.Fatalf("junctions %v, not asked for", ways.Junctions)
		}
		starts, ends := make(map[Stop]int), make(map[Stop]int)
		for i := range stops {
			if slices.Contains(from, i) {
				starts[stops[i]]++
			}
			if slices.Contains(to, i) {
				ends[stops[i]]++
			}
		}
		var last time.Duration
		meet := make(map[int]int)
		for i := range ways.Routes {
			p := &ways.Routes[i]
			checkPath(t, r, p, onNetwork(p))
			if onNetwork(p) < last {
				t.Fatalf("route %d takes %v, the one before %v", i, onNetwork(p), last)
			}
			last = onNetwork(p)
			if starts[p.From] == 0 || ends[p.To] == 0 {
				t.Fatalf("route %d goes from %v to %v, which are not to be used again", i, p.From, p.To)
			}
			if opt.DistinctFrom {
				starts[p.From]--
			}
			if opt.DistinctTo {
				ends[p.To]--
			}
			for _, v := range passes(r.net, p) {
				meet[v]++
			}
			for _, other := range ways.Routes[:i] {
				for _, a := range p.Legs {
					for _, b := range other.Legs {
						if !covers(ways.Shared, a, b) {
							t.Fatalf("legs %v and %v overlap beyond %v", a, b, ways.Shared)
						}
					}
				}
			}
		}
		for _, s := range ways.Shared {
			users := 0
			for _, p := range ways.Routes {
				if slices.ContainsFunc(p.Legs, func(l Leg) bool {
					return l.Edge == s.Edge && min(l.Start, l.End) < s.End && s.Start < max(l.Start, l.End)
				}) {
					users++
				}
			}
			if users < 2 {
				t.Fatalf("piece %v is on %d routes", s, users)
			}
		}
		if opt.NodeDisjoint {
			exempt := make(map[int]bool)
			for _, ends := range []struct {
				stops    []int
				distinct bool
			}{{from, opt.DistinctFrom}, {to, opt.DistinctTo}} {
				for _, s := range ends.stops {
					if !ends.distinct {
						exempt[int(o.node[s])] = true
					}
				}
			}
			for v := range r.net.Nodes() {
				if want := meet[v] > 1 && !exempt[v]; want != slices.Contains(ways.Junctions, v) {
					t.Fatalf("%d routes meet at node %d, exempt %v; junctions %v", meet[v], v, exempt[v], ways.Junctions)
				}
			}
		}
	})
}

// total is what an answer optimises.
func total(w Ways) (sum time.Duration) {
	for _, p := range w.Routes {
		sum += onNetwork(&p)
	}
	return sum
}

func TestWaysDoNotDependOnOtherStops(t *testing.T) {
	check(t, func(t *rapid.T) {
		r, err := NewRouter(context.Background(), drawNetwork(t), testTruck)
		if err != nil {
			t.Fatal(err)
		}
		stops := drawStops(t, r, 6)
		few, err := r.Overlay(stops[:2])
		if err != nil {
			t.Fatal(err)
		}
		many, err := r.Overlay(stops)
		if err != nil {
			t.Fatal(err)
		}
		k := rapid.IntRange(1, 4).Draw(t, "k")
		opt := WaysOptions{NodeDisjoint: rapid.Bool().Draw(t, "nodes")}
		a, err := few.Ways(context.Background(), []int{0}, []int{1}, k, opt)
		if err != nil {
			t.Fatal(err)
		}
		b, err := many.Ways(context.Background(), []int{0}, []int{1}, k, opt)
		if err != nil {
			t.Fatal(err)
		}
		if a.Count != b.Count || len(a.Routes) != len(b.Routes) || total(a) != total(b) {
			t.Fatalf("%+v among two stops, %+v among six", a, b)
		}
	})
}

// ring is two ways between nodes 0 and 1: edge 0, slow, and edges 1 and 2, fast.
func ring(t *testing.T) *Router {
	t.Helper()
	n, err := NewNetwork([]Node{{"A", orb.Point{30, 50}}, {"B", orb.Point{30.2, 50}}, {"C", orb.Point{30.1, 50.05}}}, []Edge{
		{From: 0, To: 1, Class: Track}, {From: 0, To: 2, Class: Trunk}, {From: 2, To: 1, Class: Trunk},
	})
	if err != nil {
		t.Fatal(err)
	}
	r, err := NewRouter(context.Background(), n, testTruck)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// A third route over two ways shares one edge rather than two, however slow it
// is and whatever stops lie on it.
func TestWaysShareFewestEdges(t *testing.T) {
	r := ring(t)
	stops := []Stop{{Edge: 0, Fraction: 0}, {Edge: 0, Fraction: 1}, {Edge: 0, Fraction: 0.25}, {Edge: 0, Fraction: 0.5}, {Edge: 0, Fraction: 0.75}}
	for _, count := range []int{2, 5} {
		o, err := r.Overlay(stops[:count])
		if err != nil {
			t.Fatal(err)
		}
		for _, opt := range []WaysOptions{{}, {NodeDisjoint: true}} {
			ways, err := o.Ways(context.Background(), []int{0}, []int{1}, 3, opt)
			if err != nil {
				t.Fatal(err)
			}
			if ways.Count != 2 || len(ways.Routes) != 3 || !slices.Equal(ways.Shared, []Piece{{0, 0, 1}}) || ways.Junctions != nil {
				t.Errorf("%d stops: %+v, want edge 0 shared by three routes", count, ways)
			}
		}
	}
}

// A stop that a route starts at divides its edge: what lies on one side of it
// may be shared without the other.
func TestWaysEndsDivideEdges(t *testing.T) {
	o, err := ring(t).Overlay([]Stop{{Edge: 0, Fraction: 0.5}, {Edge: 0, Fraction: 1}, {Edge: 0, Fraction: 0.75}})
	if err != nil {
		t.Fatal(err)
	}
	ways, err := o.Ways(context.Background(), []int{0}, []int{1}, 3, WaysOptions{})
	if err != nil {
		t.Fatal(err)
	}
	if ways.Count != 2 || !slices.Equal(ways.Shared, []Piece{{0, 0.5, 1}}) {
		t.Errorf("%+v, want the second half of edge 0 shared", ways)
	}
}

func TestJoin(t *testing.T) {
	o := &Overlay{pieces: []Piece{{0, 0, 0.25}, {0, 0.25, 0.5}, {0, 0.5, 1}, {1, 0, 0.5}, {1, 0.5, 1}, {2, 0, 1}}}
	for _, c := range []struct {
		ids  []uint32
		want []Piece
	}{
		{nil, nil},
		{[]uint32{0, 1, 2, 3}, []Piece{{0, 0, 1}, {1, 0, 0.5}}},
		{[]uint32{0, 2, 5}, []Piece{{0, 0, 0.25}, {0, 0.5, 1}, {2, 0, 1}}},
		{[]uint32{1, 4}, []Piece{{0, 0.25, 0.5}, {1, 0.5, 1}}},
	} {
		if got := o.join(c.ids); !slices.Equal(got, c.want) {
			t.Errorf("pieces %v joined to %v, want %v", c.ids, got, c.want)
		}
	}
}

func TestWaysBetweenDistinctEnds(t *testing.T) {
	r, err := NewRouter(context.Background(), square(t), testTruck)
	if err != nil {
		t.Fatal(err)
	}
	a, b, e := mustSnap(t, r, 30, 50), mustSnap(t, r, 30.1, 50), mustSnap(t, r, 30.2, 50)
	d := mustSnap(t, r, 30.1, 50.1)
	twin := a
	twin.Point = orb.Point{29.99, 50}
	o, err := r.Overlay([]Stop{a, b, e, d, twin})
	if err != nil {
		t.Fatal(err)
	}
	const A, B, E, D, T = 0, 1, 2, 3, 4
	for name, c := range map[string]struct {
		from, to []int
		k        int
		opt      WaysOptions
		ends     [][2]Stop
	}{
		"any ends":              {[]int{A, B}, []int{D}, 2, WaysOptions{}, [][2]Stop{{b, d}, {a, d}}},
		"one hub":               {[]int{E}, []int{D}, 2, WaysOptions{DisjointOnly: true}, [][2]Stop{{e, d}}},
		"one hub twice":         {[]int{E}, []int{D}, 2, WaysOptions{}, [][2]Stop{{e, d}, {e, d}}},
		"each hub once":         {[]int{E, A, A}, []int{D}, 3, WaysOptions{DistinctFrom: true}, [][2]Stop{{e, d}, {a, d}}},
		"each target once":      {[]int{D}, []int{E, A}, 3, WaysOptions{DistinctTo: true}, [][2]Stop{{d, e}, {d, a}}},
		"nearest of the target": {[]int{D}, []int{E, A, B}, 2, WaysOptions{DistinctTo: true}, [][2]Stop{{d, b}, {d, a}}},
		"hubs at one place":     {[]int{A, T}, []int{B}, 3, WaysOptions{DistinctFrom: true}, [][2]Stop{{a, b}, {twin, b}}},
		"hub and demand":        {[]int{A, B}, []int{A}, 2, WaysOptions{}, [][2]Stop{{a, a}, {a, a}}},
		"hubs, one in place":    {[]int{A, B}, []int{A}, 2, WaysOptions{DistinctFrom: true}, [][2]Stop{{a, a}, {b, a}}},
		"both distinct":         {[]int{A, B}, []int{D, E}, 4, WaysOptions{DistinctFrom: true, DistinctTo: true}, [][2]Stop{{a, e}, {b, d}}}, // cross at B
		"both distinct, apart":  {[]int{A, B}, []int{D, E}, 2, WaysOptions{DistinctFrom: true, DistinctTo: true, NodeDisjoint: true}, [][2]Stop{{b, e}, {a, d}}},
	} {
		ways, err := o.Ways(context.Background(), c.from, c.to, c.k, c.opt)
		if err != nil {
			t.Fatal(err)
		}
		var ends [][2]Stop
		for _, p := range ways.Routes {
			ends = append(ends, [2]Stop{p.From, p.To})
		}
		if !slices.Equal(ends, c.ends) {
			t.Errorf("%s: ends %v, want %v", name, ends, c.ends)
		}
	}
}

// The way from E to the square passes B, and so does the one from A to D by B.
func TestWaysMeetAtAJunction(t *testing.T) {
	r, err := NewRouter(context.Background(), square(t), testTruck)
	if err != nil {
		t.Fatal(err)
	}
	o, err := r.Overlay([]Stop{mustSnap(t, r, 30, 50), mustSnap(t, r, 30.2, 50), mustSnap(t, r, 30.1, 50.1)})
	if err != nil {
		t.Fatal(err)
	}
	ways, err := o.Ways(context.Background(), []int{0}, []int{1}, 2, WaysOptions{NodeDisjoint: true})
	if err != nil {
		t.Fatal(err)
	}
	if ways.Count != 1 || !slices.Equal(ways.Shared, []Piece{{4, 0, 1}}) || !slices.Equal(ways.Junctions, []int{1}) {
		t.Errorf("%+v, want edge 4 and node 1 shared", ways)
	}
}

func TestWaysRefuseBadInput(t *testing.T) {
	r := ring(t)
	o, err := r.Overlay([]Stop{{Edge: 0}, {Edge: 1}})
	if err != nil {
		t.Fatal(err)
	}
	ctx := context.Background()
	for name, ask := range map[string]func() error{
		"no routes":       func() error { _, err := o.Ways(ctx, []int{0}, []int{1}, 0, WaysOptions{}); return err },
		"too many routes": func() error { _, err := o.Ways(ctx, []int{0}, []int{1}, 65, WaysOptions{}); return err },
		"from nowhere":    func() error { _, err := o.Ways(ctx, nil, []int{1}, 1, WaysOptions{}); return err },
		"to nowhere":      func() error { _, err := o.Ways(ctx, []int{0}, nil, 1, WaysOptions{}); return err },
		"no such start":   func() error { _, err := o.Ways(ctx, []int{2}, []int{1}, 1, WaysOptions{}); return err },
		"no such end":     func() error { _, err := o.Ways(ctx, []int{0}, []int{-1}, 1, WaysOptions{}); return err },
	} {
		if ask() == nil {
			t.Errorf("%s: no error", name)
		}
	}
	done, cancel := context.WithCancel(ctx)
	cancel()
	if _, err := o.Ways(done, []int{0}, []int{1}, 1, WaysOptions{}); !errors.Is(err, context.Canceled) {
		t.Errorf("ways: error %v, want context.Canceled", err)
	}
}
