package route

import (
	"context"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/hubplan/hubplan/geo"
	"github.com/paulmach/orb"
	"pgregory.net/rapid"
)

func mustWithin(t interface{ Fatal(...any) }, r *Router, from []Stop, limit time.Duration) *Reached {
	x, err := r.Within(context.Background(), from, limit)
	if err != nil {
		t.Fatal(err)
	}
	return x
}

// drawOrigins draws stops, some of them on one edge and some at one place, some
// with an access of their own.
func drawOrigins(t *rapid.T, r *Router) []Stop {
	from := drawStops(t, r, rapid.IntRange(1, 4).Draw(t, "origins"))
	for i := range from {
		if rapid.IntRange(0, 2).Draw(t, "beside another") == 0 {
			other := from[rapid.IntRange(0, i).Draw(t, "other")]
			from[i].Edge, from[i].Access = other.Edge, 0
			from[i].Fraction = rapid.SampledFrom([]float64{other.Fraction, 0.25, 0.5, 1}).Draw(t, "fraction")
			from[i].AccessTime = time.Duration(rapid.IntRange(0, 100_000).Draw(t, "access")) * time.Millisecond
		}
	}
	return from
}

// samples are places inside edges to ask about: at random, and on both sides of
// wherever something changes.
func samples(t *rapid.T, x *Reached, limit time.Duration) []Stop {
	var stops []Stop
	add := func(edge int, f float64) {
		if f > 0 && f < 1 {
			stops = append(stops, Stop{Edge: edge, Fraction: f})
		}
	}
	for e := range x.r.net.Edges() {
		add(e, rapid.Float64Range(0, 1).Draw(t, "fraction"))
		add(e, 0.5)
	}
	for s := range x.Shares(limit) {
		for _, f := range [2]float64{s.Start, s.End} {
			add(s.Edge, f)
			add(s.Edge, below(f))
			add(s.Edge, above(f))
		}
	}
	return stops
}

// On random networks every point asked about has the time and the stop that Floyd
// and Warshall's algorithm finds with the point made a vertex, is in a stretch if
// that is within the limit, and in the share of that stop and no other.
func TestWithinEqualsFloydWarshall(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := mustRouter(t, drawNetwork(t), testTruck)
		from := drawOrigins(t, r)
		x := mustWithin(t, r, from, time.Duration(rapid.IntRange(0, 3_000_000).Draw(t, "limit"))*time.Millisecond)
		limit := x.Limit()
		if rapid.Bool().Draw(t, "narrower") {
			limit /= 2
		}
		points := samples(t, x, limit)
		model := newNaive(r, append(slices.Clone(from), points...), -1)
		best := func(vertex int) (stop int, ms float64) {
			stop, ms = -1, math.Inf(1)
			for i, s := range from {
				if sum := float64(s.access()) + model.dist[i][vertex]; sum < ms {
					stop, ms = i, sum
				}
			}
			if ms > float64(x.limit) {
				return -1, 0
			}
			return stop, ms
		}
		for v := range r.net.Nodes() {
			stop, ms := best(model.stops + v)
			got, at, ok := x.Node(v)
			if got != stop || ok != (stop >= 0) || at != time.Duration(ms)*time.Millisecond {
				t.Fatalf("node %d from stop %d in %v (%v), want %d in %v ms", v, got, at, ok, stop, ms)
			}
		}
		stretches, shares := byEdge(x.Stretches(limit)), byEdge(func(yield func(Stretch) bool) {
			for s := range x.Shares(limit) {
				s.AtEnd = time.Duration(s.Stop) // the number in the place of the time
				if !yield(s.Stretch) {
					return
				}
			}
		})
		for k, p := range points {
			stop, ms := best(len(from) + k)
			got, at, ok := x.At(p.Edge, p.Fraction)
			if got != stop || ok != (stop >= 0) || at != time.Duration(ms)*time.Millisecond {
				t.Fatalf("edge %d at %v from stop %d in %v (%v), want %d in %v ms", p.Edge, p.Fraction, got, at, ok, stop, ms)
			}
			reached := stop >= 0 && ms <= float64(limit.Milliseconds())
			if in := holding(stretches[p.Edge], p.Fraction); len(in) > 1 || (len(in) == 1) != reached {
				t.Fatalf("edge %d at %v (stop %d in %v ms) is in the stretches %v", p.Edge, p.Fraction, stop, ms, in)
			}
			in := holding(shares[p.Edge], p.Fraction)
			if len(in) > 1 || (len(in) == 1) != reached || reached && int(in[0].AtEnd) != stop {
				t.Fatalf("edge %d at %v (stop %d in %v ms) is in the shares %v", p.Edge, p.Fraction, stop, ms, in)
			}
		}
	})
}

func byEdge(stretches func(func(Stretch) bool)) map[int][]Stretch {
	m := make(map[int][]Stretch)
	for s := range stretches {
		m[s.Edge] = append(m[s.Edge], s)
	}
	return m
}

func holding(list []Stretch, f float64) (in []Stretch) {
	for _, s := range list {
		if s.Start <= f && f <= s.End {
			in = append(in, s)
		}
	}
	return in
}

// The stretches of an edge are in order and apart, the times at their ends are
// those of their points, and several stops reach what one of them does.
func TestStretchesKeepTheirPromises(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := mustRouter(t, drawNetwork(t), testTruck)
		with, err := r.With(context.Background(), drawChange(t, r.net))
		if err != nil {
			t.Fatal(err)
		}
		from := drawOrigins(t, r)
		limit := time.Duration(rapid.IntRange(0, 3_000_000).Draw(t, "limit")) * time.Millisecond
		x := mustWithin(t, with, from, limit)
		single := make([]*Reached, len(from))
		for i, s := range from {
			single[i] = mustWithin(t, with, []Stop{s}, limit)
			want, err := with.Dijkstra(s, nil)
			if err != nil {
				t.Fatal(err)
			}
			for v, ms := range want {
				if _, at, ok := single[i].Node(v); ok != (duration(ms) <= limit) || ok && at != duration(ms) {
					t.Fatalf("node %d is reached from stop %d in %v (%v), by Dijkstra's algorithm in %d ms", v, i, at, ok, ms)
				}
			}
		}
		for _, p := range samples(t, x, limit) {
			stop, at, ok := x.At(p.Edge, p.Fraction)
			first, least := -1, time.Duration(0)
			for i := range from {
				if _, at, ok := single[i].At(p.Edge, p.Fraction); ok && (first < 0 || at < least) {
					first, least = i, at
				}
			}
			if ok != (first >= 0) || stop != first || at != least {
				t.Fatalf("edge %d at %v: stop %d in %v, one by one stop %d in %v", p.Edge, p.Fraction, stop, at, first, least)
			}
			// The time of a point is that of the path to a stop there.
			if ok {
				if path, err := with.Path(from[stop], p); err != nil || path.Time != at {
					t.Fatalf("edge %d at %v in %v, path %v (error %v)", p.Edge, p.Fraction, at, path.Time, err)
				}
			}
		}
		for _, yields := range []func(func(Stretch) bool){x.Stretches(limit), func(yield func(Stretch) bool) {
			for s := range x.Shares(limit) {
				if !yield(s.Stretch) {
					return
				}
			}
		}} {
			before := Stretch{Edge: -1}
			for s := range yields {
				if s.Edge < before.Edge || s.Edge == before.Edge && s.Start <= before.End || s.Start > s.End || s.Start < 0 || s.End > 1 {
					t.Fatalf("stretch %v after %v", s, before)
				}
				if s.AtStart > limit || s.AtEnd > limit || s.AtStart < 0 || s.AtEnd < 0 {
					t.Fatalf("stretch %v of the limit %v", s, limit)
				}
				for _, end := range []struct {
					f  float64
					at time.Duration
				}{{s.Start, s.AtStart}, {s.End, s.AtEnd}} {
					if _, at, ok := x.At(s.Edge, end.f); !ok || at > end.at || at < end.at && end.f > 0 && end.f < 1 {
						t.Fatalf("stretch %v: the time at %v is %v (%v)", s, end.f, at, ok)
					}
				}
				before = s
			}
		}
	})
}

// list collects stretches for tables.
func list(x *Reached) []Share { return slices.Collect(x.Shares(x.Limit())) }

// lane is a network of 1 km edges that take 60 s each: 10 m at most every 600 ms.
//
//	0 --- 1 ==> 2 --- 3    4 --- 5
func lane(t testing.TB, more ...Edge) *Network {
	nodes := make([]Node, 6)
	for i := range nodes {
		nodes[i].Point = orb.Point{30 + 0.01*float64(i), 50}
	}
	edges := []Edge{
		{From: 0, To: 1, Class: Trunk, Length: geo.Kilometer},
		{From: 1, To: 2, Class: Trunk, Length: geo.Kilometer, OneWay: true},
		{From: 2, To: 3, Class: Trunk, Length: geo.Kilometer},
		{From: 4, To: 5, Class: Trunk, Length: geo.Kilometer},
	}
	n, err := NewNetwork(nodes, append(edges, more...))
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func TestWithinTable(t *testing.T) {
	// Half a millisecond of an edge of a minute.
	const half = 0.5 / 60_000
	s := time.Second
	for _, c := range []struct {
		name  string
		more  []Edge
		close []int
		from  []Stop
		limit time.Duration
		want  []Share
	}{
		{"no stops", nil, nil, nil, time.Hour, nil},
		{"one way along", nil, nil, []Stop{{Edge: 0, Fraction: 1}}, 30 * s, []Share{
			{0, Stretch{0, 0.5 - half, 1, 30 * s, 0}},
			{0, Stretch{1, 0, 0.5 + half, 0, 30 * s}},
		}},
		{"not against it", nil, nil, []Stop{{Edge: 2, Fraction: 0}}, 30 * s, []Share{
			{0, Stretch{2, 0, 0.5 + half, 0, 30 * s}},
		}},
		{"inside a one-way edge", nil, nil, []Stop{{Edge: 1, Fraction: 0.5}}, 15 * s, []Share{
			{0, Stretch{1, 0.5, 0.75 + half, 0, 15 * s}},
		}},
		{"inside an edge", nil, nil, []Stop{{Edge: 3, Fraction: 0.5}}, 15 * s, []Share{
			{0, Stretch{3, 0.25 - half, 0.75 + half, 15 * s, 15 * s}},
		}},
		{"limit of zero", nil, nil, []Stop{{Edge: 3, Fraction: 0.5}}, 0, []Share{
			{0, Stretch{3, 0.5 - half, 0.5 + half, 0, 0}},
		}},
		{"access beyond the limit", nil, nil, []Stop{{Edge: 3, Fraction: 0.5, AccessTime: 11 * s}}, 10 * s, nil},
		{"access of just the limit", nil, nil, []Stop{{Edge: 3, Fraction: 1, AccessTime: 10 * s}}, 10 * s, []Share{
			{0, Stretch{3, 1 - half, 1, 10 * s, 10 * s}},
		}},
		{"beyond everything", nil, nil, []Stop{{Edge: 0, Fraction: 0}}, 1e9 * s, []Share{
			{0, Stretch{0, 0, 1, 0, 60 * s}},
			{0, Stretch{1, 0, 1, 60 * s, 120 * s}},
			{0, Stretch{2, 0, 1, 120 * s, 180 * s}},
		}},
		{"cut off", nil, []int{3}, []Stop{{Edge: 3, Fraction: 0.5}}, time.Hour, []Share{
			{0, Stretch{3, 0.5, 0.5, 0, 0}},
		}},
		{"cut off at a node", nil, []int{3}, []Stop{{Edge: 3, Fraction: 1}}, time.Hour, nil},
		{"two on one edge", nil, nil, []Stop{{Edge: 3, Fraction: 0.75}, {Edge: 3, Fraction: 0.25}}, time.Hour, []Share{
			{1, Stretch{3, 0, 0.5, 15 * s, 15*s - time.Millisecond}}, // equally near is the lower
			{0, Stretch{3, 0.5, 1, 15 * s, 15 * s}},
		}},
		{"two on one edge, apart", nil, nil, []Stop{{Edge: 3, Fraction: 0.75}, {Edge: 3, Fraction: 0.25}}, 6 * s, []Share{
			{1, Stretch{3, 0.15 - half, 0.35 + half, 6 * s, 6 * s}},
			{0, Stretch{3, 0.65 - half, 0.85 + half, 6 * s, 6 * s}},
		}},
		{"two on a one-way edge", nil, nil, []Stop{{Edge: 1, Fraction: 0}, {Edge: 1, Fraction: 0.5, AccessTime: 3 * s}}, 60 * s, []Share{
			{0, Stretch{0, 0, 1, 60 * s, 0}},
			{0, Stretch{1, 0, 0.5, 0, 30 * s}},
			{1, Stretch{1, 0.5, 1, 3 * s, 33 * s}},
			{1, Stretch{2, 0, 0.45 + half, 33 * s, 60 * s}},
		}},
		{"two at one place", nil, nil, []Stop{{Edge: 3, Fraction: 0.5}, {Edge: 3, Fraction: 0.5}}, 6 * s, []Share{
			{0, Stretch{3, 0.4 - half, 0.6 + half, 6 * s, 6 * s}},
		}},
		{"loop", []Edge{{From: 5, To: 5, Class: Trunk, Length: geo.Kilometer}}, []int{3}, []Stop{{Edge: 3, Fraction: 1}}, 12 * s, []Share{
			{0, Stretch{4, 0, 0.2 + half, 0, 12 * s}},
			{0, Stretch{4, 0.8 - half, 1, 12 * s, 0}},
		}},
		{"loop all round", []Edge{{From: 5, To: 5, Class: Trunk, Length: geo.Kilometer}}, []int{3}, []Stop{{Edge: 3, Fraction: 1}}, 30 * s, []Share{
			{0, Stretch{4, 0, 1, 0, 0}},
		}},
		{"parallel edges", []Edge{{From: 5, To: 4, Class: Trunk, Length: 4 * geo.Kilometer}}, nil, []Stop{{Edge: 3, Fraction: 0}}, 90 * s, []Share{
			{0, Stretch{3, 0, 1, 0, 60 * s}},
			{0, Stretch{4, 0, 0.125 + half/4, 60 * s, 90 * s}},
			{0, Stretch{4, 0.625 - half/4, 1, 90 * s, 0}},
		}},
		{"edge without length", []Edge{{From: 5, To: 5, Class: Trunk}}, []int{3}, []Stop{{Edge: 3, Fraction: 1}}, 0, []Share{
			{0, Stretch{4, 0, 1, 0, 0}},
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := mustRouter(t, lane(t, c.more...), testTruck)
			r, err := r.With(context.Background(), Change{Edges: c.close})
			if err != nil {
				t.Fatal(err)
			}
			x := mustWithin(t, r, c.from, c.limit)
			got := list(x)
			if len(got) != len(c.want) {
				t.Fatalf("shares %v, want %v", got, c.want)
			}
			for i, w := range c.want {
				g := got[i]
				if math.Abs(g.Start-w.Start) > 1e-5 || math.Abs(g.End-w.End) > 1e-5 {
					t.Errorf("share %v, want %v", g, w)
				}
				if i > 0 && g.Edge == got[i-1].Edge && g.Start <= got[i-1].End {
					t.Errorf("share %v overlaps %v", g, got[i-1])
				}
				g.Start, g.End = w.Start, w.End
				if g != w {
					t.Errorf("share %v, want %v", g, w)
				}
			}
		})
	}
}

func TestStretchesJoinWhereTheyMeet(t *testing.T) {
	r := mustRouter(t, lane(t), testTruck)
	x := mustWithin(t, r, []Stop{{Edge: 3, Fraction: 0}, {Edge: 3, Fraction: 1}}, time.Minute)
	if n := len(list(x)); n != 2 {
		t.Errorf("%d shares, want 2", n)
	}
	want := []Stretch{{3, 0, 1, 0, 0}}
	if got := slices.Collect(x.Stretches(time.Hour)); !slices.Equal(got, want) {
		t.Errorf("stretches %v, want %v", got, want)
	}
	if got := slices.Collect(x.Stretches(29 * time.Second)); len(got) != 2 {
		t.Errorf("stretches %v, want 2", got)
	}
	if got := slices.Collect(x.Stretches(-1)); len(got) != 0 {
		t.Errorf("stretches %v, want none", got)
	}
	x = mustWithin(t, r, []Stop{{Edge: 3}}, time.Second)
	if got := slices.Collect(x.Stretches(time.Hour)); len(got) != 1 || got[0].AtEnd != time.Second {
		t.Errorf("stretches %v beyond the limit of the whole", got)
	}
	for range x.Stretches(time.Hour) {
		break // who stops early is not asked again
	}
}

func TestWithinRefusesBadInput(t *testing.T) {
	r := mustRouter(t, lane(t), testTruck)
	for name, c := range map[string]struct {
		stop  Stop
		limit time.Duration
	}{
		"negative limit":  {Stop{}, -1},
		"no such edge":    {Stop{Edge: 4}, 0},
		"fraction":        {Stop{Fraction: math.NaN()}, 0},
		"off the globe":   {Stop{Point: orb.Point{200, 0}, Access: 1}, 0},
		"snapped nowhere": {Stop{Snapped: orb.Point{0, math.NaN()}, Access: 1}, 0},
	} {
		if _, err := r.Within(context.Background(), []Stop{c.stop}, c.limit); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := r.Within(ctx, nil, 0); err == nil {
		t.Error("cancelled: no error")
	}
}

// The nodes of the real network belong to the stops that the shares around them do.
func TestWithinPorto(t *testing.T) {
	net := dataNetwork(t, "porto-t")
	h := mustHierarchy(t, net)
	r, err := h.Router(context.Background(), DIMACS())
	if err != nil {
		t.Fatal(err)
	}
	random := rand.New(rand.NewPCG(3, 1))
	var from []Stop
	for range 20 {
		from = append(from, Stop{Edge: random.IntN(net.Edges()), Fraction: random.Float64()})
	}
	x := mustWithin(t, r, from, 24*time.Hour)
	near, err := r.Nearest(context.Background(), from, 1)
	if err != nil {
		t.Fatal(err)
	}
	entered := make(map[int]bool)
	for s := range x.Shares(x.Limit()) {
		v, _ := net.Ends(s.Edge)
		if s.Start == 0 {
			entered[s.Edge] = true
			if near.Stop[v] != int32(s.Stop) || duration(near.Millis[v]) != s.AtStart {
				t.Fatalf("edge %d starts with stop %d in %v, node %d has stop %d in %d ms", s.Edge, s.Stop, s.AtStart, v, near.Stop[v], near.Millis[v])
			}
		}
	}
	if len(entered) != net.Edges() {
		t.Errorf("%d of %d edges are entered", len(entered), net.Edges())
	}
}
