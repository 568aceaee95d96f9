package route

import (
	"context"
	"errors"
	"math"
	"runtime"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"github.com/hubplan/hubplan/geo"
	"github.com/paulmach/orb"
	"pgregory.net/rapid"
)

var testTruck = Profile{
	Name:   "truck",
	Speed:  map[Class]Speed{Trunk: 60 * KilometerPerHour, Primary: 40 * KilometerPerHour, Track: 7 * KilometerPerHour},
	Access: 20 * KilometerPerHour,
}

// drawNetwork draws a small network on a grid of a few points, with parallel
// edges, loops, one-way and closed edges, edges of length zero and parts that do
// not connect.
func drawNetwork(t *rapid.T) *Network {
	nodes := make([]Node, rapid.IntRange(1, 8).Draw(t, "nodes"))
	for i := range nodes {
		nodes[i].Point = orb.Point{
			30 + 0.1*float64(rapid.IntRange(0, 3).Draw(t, "x")),
			50 + 0.1*float64(rapid.IntRange(0, 3).Draw(t, "y")),
		}
	}
	edges := make([]Edge, rapid.IntRange(1, 14).Draw(t, "edges"))
	for i := range edges {
		edges[i] = Edge{
			From:   rapid.IntRange(0, len(nodes)-1).Draw(t, "from"),
			To:     rapid.IntRange(0, len(nodes)-1).Draw(t, "to"),
			Class:  rapid.SampledFrom([]Class{Trunk, Primary, Track, Ferry}).Draw(t, "class"),
			OneWay: rapid.IntRange(0, 3).Draw(t, "one way") == 0,
		}
	}
	edges[0].Class = Trunk // there is something to travel on
	n, err := NewNetwork(nodes, edges)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func drawStops(t *rapid.T, r *Router, count int) []Stop {
	stops := make([]Stop, count)
	for i := range stops {
		p := orb.Point{rapid.Float64Range(29.9, 30.4).Draw(t, "lon"), rapid.Float64Range(49.9, 50.4).Draw(t, "lat")}
		if rapid.Bool().Draw(t, "at a node") {
			p = r.net.Node(rapid.IntRange(0, r.net.Nodes()-1).Draw(t, "node")).Point
		}
		s, err := r.SnapAmong(p, 1000*geo.Kilometer, nil)
		if err != nil {
			t.Fatal(err)
		}
		stops[i] = s
	}
	return stops
}

// naive is an independent model of a router with stops: every stop is a vertex
// on its edge, every edge is a chain of vertices, and all-pairs distances come
// from Floyd and Warshall's algorithm. without is an edge piece to leave out,
// given by its edge and position, or -1.
type naive struct {
	dist   [][]float64
	pieces []Piece
	stops  int
}

func newNaive(r *Router, stops []Stop, without int) *naive {
	n := &naive{stops: len(stops)}
	vertices := len(stops) + r.net.Nodes()
	n.dist = make([][]float64, vertices)
	for i := range n.dist {
		n.dist[i] = make([]float64, vertices)
		for j := range n.dist[i] {
			if i != j {
				n.dist[i][j] = math.Inf(1)
			}
		}
	}
	for e := range r.net.Edges() {
		edge := r.net.Edge(e)
		speed, ok := r.profile.Speed[edge.Class]
		if !ok {
			continue
		}
		whole := math.Round(float64(edge.Length) / float64(speed) * 1000)
		type point struct {
			vertex   int
			fraction float64
		}
		chain := []point{{len(stops) + edge.From, 0}}
		for i, s := range stops {
			if s.Edge == e {
				chain = append(chain, point{i, s.Fraction})
			}
		}
		chain = append(chain, point{len(stops) + edge.To, 1})
		slices.SortStableFunc(chain, func(a, b point) int {
			switch {
			case a.fraction < b.fraction:
				return -1
			case a.fraction > b.fraction:
				return 1
			}
			return 0
		})
		for k := range len(chain) - 1 {
			a, b := chain[k], chain[k+1]
			piece := Piece{e, a.fraction, b.fraction}
			cost := math.Round(whole*b.fraction) - math.Round(whole*a.fraction)
			if a.fraction < b.fraction { // points at one place are not apart
				n.pieces = append(n.pieces, piece)
				if len(n.pieces)-1 == without {
					continue
				}
			} else if a.fraction == b.fraction {
				n.dist[b.vertex][a.vertex] = min(n.dist[b.vertex][a.vertex], 0)
			}
			n.dist[a.vertex][b.vertex] = min(n.dist[a.vertex][b.vertex], cost)
			if !edge.OneWay {
				n.dist[b.vertex][a.vertex] = min(n.dist[b.vertex][a.vertex], cost)
			}
		}
	}
	for k := range n.dist {
		for i := range n.dist {
			for j := range n.dist {
				n.dist[i][j] = min(n.dist[i][j], n.dist[i][k]+n.dist[k][j])
			}
		}
	}
	return n
}

func TestPathAndMatrixEqualFloydWarshall(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r, err := NewRouter(context.Background(), drawNetwork(t), testTruck)
		if err != nil {
			t.Fatal(err)
		}
		stops := drawStops(t, r, rapid.IntRange(1, 5).Draw(t, "stops"))
		want := newNaive(r, stops, -1)
		m, err := r.Matrix(context.Background(), stops, stops, MatrixOptions{})
		if err != nil {
			t.Fatal(err)
		}
		for i, from := range stops {
			for j, to := range stops {
				// Stops at a point of one edge are one vertex even where it is one-way.
				got, ok := m.At(i, j)
				ms := want.dist[i][j]
				if ok != !math.IsInf(ms, 1) {
					t.Fatalf("matrix says %d to %d reachable %v, Floyd–Warshall %v ms", i, j, ok, ms)
				}
				path, err := r.Path(from, to)
				if !ok {
					if !errors.Is(err, ErrUnreachable) {
						t.Fatalf("path %d to %d: error %v, want ErrUnreachable", i, j, err)
					}
					continue
				}
				if err != nil {
					t.Fatal(err)
				}
				total := time.Duration(ms)*time.Millisecond + from.AccessTime + to.AccessTime
				if got != total || path.Time != total {
					t.Fatalf("%d to %d: matrix %v, path %v, want %v", i, j, got, path.Time, total)
				}
				checkPath(t, r, &path, total-from.AccessTime-to.AccessTime)
				q := r.NewQuery()
				steps, took, err := q.Edges(from, to)
				if err != nil || took != total || len(steps) != len(path.Legs) {
					t.Fatalf("%d to %d: edges %v in %v (error %v), path %v in %v", i, j, steps, took, err, path.Legs, total)
				}
				for k, l := range path.Legs {
					if steps[k].Edge() != l.Edge || steps[k].Backward() != (l.Start > l.End) {
						t.Fatalf("%d to %d: step %d is edge %d, backward %v; leg %v", i, j, k, steps[k].Edge(), steps[k].Backward(), l)
					}
				}
				q.Close()
			}
		}
	})
}

// checkPath follows a path leg by leg and adds it up.
func checkPath(t *rapid.T, r *Router, p *Path, total time.Duration) {
	t.Helper()
	var sum float64
	length := p.From.Access + p.To.Access
	at := p.From.Snapped
	for k, l := range p.Legs {
		e := r.net.Edge(l.Edge)
		if e.OneWay && l.Start > l.End {
			t.Fatalf("leg %d goes against one-way edge %d", k, l.Edge)
		}
		line := r.net.Stretch(l)
		if geo.Between(at, line[0]) > 1 {
			t.Fatalf("leg %d starts %v from where the path is", k, geo.Between(at, line[0]))
		}
		at = line[len(line)-1]
		sum += math.Abs(l.End-l.Start) * float64(e.Length) / float64(r.profile.Speed[e.Class]) * 1000
		length += geo.Distance(math.Abs(l.End-l.Start)) * e.Length
	}
	if geo.Between(at, p.To.Snapped) > 1 {
		t.Fatalf("the path ends %v from its stop", geo.Between(at, p.To.Snapped))
	}
	if off := math.Abs(sum - float64(total.Milliseconds())); off > float64(len(p.Legs))+1 {
		t.Fatalf("legs take %v ms, path says %v", sum, total)
	}
	if math.Abs(float64(length-p.Length)) > 1e-6 {
		t.Fatalf("legs are %v long, path says %v", length, p.Length)
	}
	line := p.Line(r.net)
	if line[0] != p.From.Snapped || geo.Between(line[len(line)-1], p.To.Snapped) > 1 {
		t.Fatalf("line %v does not join the stops", line)
	}
}

func TestWaysAndBridgesAgree(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r, err := NewRouter(context.Background(), drawNetwork(t), testTruck)
		if err != nil {
			t.Fatal(err)
		}
		stops := drawStops(t, r, 5)
		hubs := []int{0, 1}[:rapid.IntRange(1, 2).Draw(t, "hubs")]
		o, err := r.Overlay(stops)
		if err != nil {
			t.Fatal(err)
		}
		bridges, err := o.Bridges(hubs)
		if err != nil {
			t.Fatal(err)
		}
		reached, err := o.Reached(hubs)
		if err != nil {
			t.Fatal(err)
		}
		isolated := make(map[int]bool)
		lost := make(map[Piece][]int)
		for _, b := range bridges {
			lost[b.Piece] = slices.Sorted(slices.Values(b.Isolated))
			for _, s := range b.Isolated {
				isolated[s] = true
			}
		}
		full := newNaive(r, stops, -1)
		reach := func(n *naive, s int) bool {
			for _, h := range hubs {
				if !math.IsInf(n.dist[h][s], 1) {
					return true
				}
			}
			return false
		}
		for s := range stops {
			if got := reach(full, s); got != reached[s] {
				t.Fatalf("stop %d reached %v, want %v", s, reached[s], got)
			}
			pair, err := o.Ways(context.Background(), hubs, []int{s}, 2, WaysOptions{DisjointOnly: true})
			if err != nil {
				t.Fatal(err)
			}
			want := 0
			if reached[s] {
				if want = 2; isolated[s] {
					want = 1
				}
			}
			if pair.Count != want || len(pair.Routes) != want {
				t.Fatalf("stop %d has %d disjoint routes, bridges say %d", s, pair.Count, want)
			}
			for _, p := range pair.Routes {
				checkPath(t, r, &p, p.Time-p.From.AccessTime-p.To.AccessTime)
			}
			if pair.Count > 1 {
				if shared := overlap(pair.Routes[0].Legs, pair.Routes[1].Legs); shared > 1e-9 {
					t.Fatalf("the routes share %v of an edge: %v and %v", shared, pair.Routes[0].Legs, pair.Routes[1].Legs)
				}
			}
		}
		for k, piece := range full.pieces {
			without := newNaive(r, stops, k)
			var want []int
			for s := range stops {
				if reached[s] && !reach(without, s) {
					want = append(want, s)
				}
			}
			if !slices.Equal(lost[piece], want) {
				t.Fatalf("losing %v isolates %v, Bridges says %v", piece, want, lost[piece])
			}
		}
	})
}

// overlap is how much of an edge two routes both travel.
func overlap(a, b []Leg) float64 {
	var most float64
	for _, x := range a {
		for _, y := range b {
			if x.Edge == y.Edge {
				most = max(most, min(max(x.Start, x.End), max(y.Start, y.End))-max(min(x.Start, x.End), min(y.Start, y.End)))
			}
		}
	}
	return most
}

// square is a one-kilometre-scale network:
//
//	2 ---- 3
//	|      |
//	0 ---- 1 ---- 4
func square(t testing.TB) *Network {
	nodes := []Node{
		{"A", orb.Point{30, 50}}, {"B", orb.Point{30.1, 50}}, {"C", orb.Point{30, 50.1}},
		{"D", orb.Point{30.1, 50.1}}, {"E", orb.Point{30.2, 50}},
	}
	n, err := NewNetwork(nodes, []Edge{
		{From: 0, To: 1, Class: Trunk, Name: "M1"},
		{From: 1, To: 3, Class: Primary, Name: "H1"},
		{From: 0, To: 2, Class: Primary, Name: "H2"},
		{From: 2, To: 3, Class: Primary, Name: "H2"},
		{From: 1, To: 4, Class: Trunk, Name: "M1"},
	})
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func mustSnap(t testing.TB, r *Router, lon, lat float64) Stop {
	t.Helper()
	s, err := r.SnapAmong(orb.Point{lon, lat}, 20*geo.Kilometer, nil)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestRoadsAndLabels(t *testing.T) {
	n := square(t)
	r, err := NewRouter(context.Background(), n, testTruck)
	if err != nil {
		t.Fatal(err)
	}
	path, err := r.Path(mustSnap(t, r, 30.2, 50), mustSnap(t, r, 30.1, 50.1))
	if err != nil {
		t.Fatal(err)
	}
	if got, want := path.Roads(n), []string{"M1", "H1"}; !slices.Equal(got, want) {
		t.Errorf("roads %v, want %v", got, want)
	}
	if got, want := n.Label(4), "M1 B–E"; got != want {
		t.Errorf("label %q, want %q", got, want)
	}
}

// A stop in the exact middle of its edge reaches both ends at the same cost and
// leaves by the one that is on the way.
func TestPathLeavesByTheRightEnd(t *testing.T) {
	nodes := []Node{{"A", orb.Point{30, 50}}, {"B", orb.Point{30.1, 50}}, {"C", orb.Point{30, 50.1}}, {"D", orb.Point{30.1, 50.1}}}
	n, err := NewNetwork(nodes, []Edge{
		{From: 0, To: 1, Class: Trunk, Length: 6 * geo.Kilometer}, // an even number of milliseconds has a middle
		{From: 1, To: 3, Class: Trunk},
		{From: 0, To: 2, Class: Trunk},
	})
	if err != nil {
		t.Fatal(err)
	}
	r, err := NewRouter(context.Background(), n, testTruck)
	if err != nil {
		t.Fatal(err)
	}
	middle := Stop{Edge: 0, Fraction: 0.5}
	for _, c := range []struct {
		to   Stop
		legs []Leg
	}{
		{mustSnap(t, r, 30, 50.1), []Leg{{0, 0.5, 0}, {2, 0, 1}}},
		{mustSnap(t, r, 30.1, 50.1), []Leg{{0, 0.5, 1}, {1, 0, 1}}},
	} {
		p, err := r.Path(middle, c.to)
		if err != nil || !slices.Equal(p.Legs, c.legs) {
			t.Errorf("legs %v (error %v), want %v", p.Legs, err, c.legs)
		}
		if p, err = r.Path(c.to, middle); err != nil || len(p.Legs) != 2 || p.Legs[1] != (Leg{0, c.legs[0].End, 0.5}) {
			t.Errorf("back: legs %v (error %v), want the last to be edge 0 from %v", p.Legs, err, c.legs[0].End)
		}
	}
}

// A route that runs on past a stop on an edge has one leg there.
func TestWaysJoinPieces(t *testing.T) {
	r, err := NewRouter(context.Background(), square(t), testTruck)
	if err != nil {
		t.Fatal(err)
	}
	o, err := r.Overlay([]Stop{mustSnap(t, r, 30, 50), mustSnap(t, r, 30.1, 50.1), mustSnap(t, r, 30.05, 50)})
	if err != nil {
		t.Fatal(err)
	}
	pair, err := o.Ways(context.Background(), []int{0}, []int{1}, 2, WaysOptions{})
	if err != nil {
		t.Fatal(err)
	}
	if want := []Leg{{0, 0, 1}, {1, 0, 1}}; pair.Count != 2 || !slices.Equal(pair.Routes[0].Legs, want) {
		t.Errorf("%d routes, %+v, want 2, the first by %v", pair.Count, pair.Routes, want)
	}
}

func TestSnapLimitsAndTies(t *testing.T) {
	r, err := NewRouter(context.Background(), square(t), testTruck)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := r.Snap(orb.Point{31, 50}, 20*geo.Kilometer); !errors.Is(err, ErrOffNetwork) {
		t.Errorf("a point 57 km off: error %v, want ErrOffNetwork", err)
	}
	if _, err := r.Snap(orb.Point{30, 230}, 20*geo.Kilometer); err == nil {
		t.Error("latitude 230 snaps")
	}
	// At node B three edges meet; the lowest wins.
	if s := mustSnap(t, r, 30.1, 50); s.Edge != 0 || s.Fraction != 1 || s.AccessTime != 0 {
		t.Errorf("snapped to edge %d at %v after %v, want the end of edge 0", s.Edge, s.Fraction, s.AccessTime)
	}
	// Half a metre from a node is at the node.
	if s := mustSnap(t, r, 30.000005, 50); s.Fraction != 0 || s.Snapped != (orb.Point{30, 50}) {
		t.Errorf("snapped to %v at %v, want node A", s.Snapped, s.Fraction)
	}
	closed := testTruck
	closed.Speed = map[Class]Speed{Primary: 10}
	r, err = NewRouter(context.Background(), square(t), closed)
	if err != nil {
		t.Fatal(err)
	}
	if s := mustSnap(t, r, 30.15, 50); s.Edge != 1 {
		t.Errorf("snapped to edge %d, which is closed to the profile, want 1", s.Edge)
	}
}

func TestRefusesBadInput(t *testing.T) {
	ok := []Node{{"A", orb.Point{30, 50}}, {"B", orb.Point{31, 50}}}
	for name, c := range map[string]struct {
		nodes []Node
		edges []Edge
	}{
		"no nodes":            {nil, nil},
		"latitude":            {[]Node{{"A", orb.Point{30, 230}}}, nil},
		"not a number":        {[]Node{{"A", orb.Point{math.NaN(), 50}}}, nil},
		"no such node":        {ok, []Edge{{From: 0, To: 2}}},
		"negative node":       {ok, []Edge{{From: -1, To: 1}}},
		"no such class":       {ok, []Edge{{From: 0, To: 1, Class: 99}}},
		"length not a number": {ok, []Edge{{From: 0, To: 1, Length: geo.Distance(math.NaN())}}},
		"negative length":     {ok, []Edge{{From: 0, To: 1, Length: -1}}},
		"endless":             {ok, []Edge{{From: 0, To: 1, Length: geo.Distance(math.Inf(1))}}},
		"short line":          {ok, []Edge{{From: 0, To: 1, Line: orb.LineString{{30, 50}}}}},
		"line elsewhere":      {ok, []Edge{{From: 0, To: 1, Line: orb.LineString{{30, 50}, {31, 51}}}}},
		"line out of range":   {ok, []Edge{{From: 0, To: 1, Line: orb.LineString{{30, 50}, {200, 50}, {31, 50}}}}},
	} {
		if _, err := NewNetwork(c.nodes, c.edges); !errors.Is(err, ErrNetwork) {
			t.Errorf("%s: error %v, want ErrNetwork", name, err)
		}
	}
	n := square(t)
	for name, p := range map[string]Profile{
		"nothing":        {Access: 1},
		"no access":      {Speed: map[Class]Speed{Trunk: 1}},
		"negative speed": {Speed: map[Class]Speed{Trunk: -1}, Access: 1},
		"not a number":   {Speed: map[Class]Speed{Trunk: Speed(math.NaN())}, Access: 1},
		"endless speed":  {Speed: map[Class]Speed{Trunk: Speed(math.Inf(1))}, Access: 1},
		"no such class":  {Speed: map[Class]Speed{Trunk: 1, 99: 1}, Access: 1},
		"all closed":     {Speed: map[Class]Speed{Railway: 1}, Access: 1},
		"too slow":       {Speed: map[Class]Speed{Trunk: 1e-6}, Access: 1},
	} {
		if _, err := NewRouter(context.Background(), n, p); !errors.Is(err, ErrProfile) {
			t.Errorf("%s: error %v, want ErrProfile", name, err)
		}
	}
	r, err := NewRouter(context.Background(), n, testTruck)
	if err != nil {
		t.Fatal(err)
	}
	good := mustSnap(t, r, 30, 50)
	for _, bad := range []Stop{{Edge: -1}, {Edge: 5}, {Fraction: -0.1}, {Fraction: math.NaN()}, {AccessTime: -1}, {AccessTime: 1e18}} {
		if _, err := r.Path(good, bad); err == nil {
			t.Errorf("path to %+v: no error", bad)
		}
		if _, err := r.Matrix(context.Background(), []Stop{bad}, []Stop{good}, MatrixOptions{}); err == nil {
			t.Errorf("matrix from %+v: no error", bad)
		}
		if _, err := r.Overlay([]Stop{bad}); err == nil {
			t.Errorf("overlay of %+v: no error", bad)
		}
	}
	o, err := r.Overlay([]Stop{good})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := o.Bridges(nil); err == nil {
		t.Error("bridges from no hubs: no error")
	}
}

func TestMatrixStopsWithContext(t *testing.T) {
	r, err := NewRouter(context.Background(), square(t), testTruck)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	stop := mustSnap(t, r, 30, 50)
	stops := slices.Repeat([]Stop{stop}, 1000)
	var rows atomic.Int64
	_, err = r.Matrix(ctx, stops, stops[:1], MatrixOptions{Progress: func(done, _ int) {
		rows.Add(1)
		cancel()
	}})
	if most := int64(2 * runtime.GOMAXPROCS(0)); !errors.Is(err, context.Canceled) || rows.Load() > most {
		t.Errorf("error %v after %d rows, want context.Canceled after %d at most", err, rows.Load(), most)
	}
}

func TestMatrixSameOnAnyNumberOfCores(t *testing.T) {
	r, err := NewRouter(context.Background(), square(t), testTruck)
	if err != nil {
		t.Fatal(err)
	}
	var stops []Stop
	for i := range 40 {
		stops = append(stops, mustSnap(t, r, 30+0.005*float64(i), 50.01))
	}
	run := func(procs int) []uint32 {
		defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(procs))
		m, err := r.Matrix(context.Background(), stops, stops, MatrixOptions{})
		if err != nil {
			t.Fatal(err)
		}
		return m.Millis
	}
	if !slices.Equal(run(1), run(8)) {
		t.Error("the matrix differs between 1 and 8 cores")
	}
}

func TestComponents(t *testing.T) {
	n, err := NewNetwork([]Node{{}, {}, {}, {}, {}}, []Edge{{From: 3, To: 1}, {From: 4, To: 2, OneWay: true}})
	if err != nil {
		t.Fatal(err)
	}
	part, count := n.Components()
	if want := []int{0, 1, 2, 1, 2}; !slices.Equal(part, want) || count != 3 {
		t.Errorf("parts %v of %d, want %v of 3", part, count, want)
	}
}
