package route

import (
	"context"
	"errors"
	"math"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/hubplan/hubplan/geo"
	"github.com/paulmach/orb"
	"pgregory.net/rapid"
)

func mustRouter(t interface{ Fatal(...any) }, n *Network, p Profile) *Router {
	r, err := NewRouter(context.Background(), n, p)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func drawChange(t *rapid.T, n *Network) Change {
	var c Change
	for range rapid.IntRange(0, 3).Draw(t, "closed edges") {
		c.Edges = append(c.Edges, rapid.IntRange(0, n.Edges()-1).Draw(t, "edge"))
	}
	if rapid.IntRange(0, 3).Draw(t, "node too") == 0 {
		c.Nodes = []int{rapid.IntRange(0, n.Nodes()-1).Draw(t, "node")}
	}
	if rapid.IntRange(0, 5).Draw(t, "class too") == 0 {
		c.Classes = []Class{rapid.SampledFrom([]Class{Trunk, Primary, Track}).Draw(t, "class")}
	}
	c.Speed = rapid.SampledFrom([]float64{0, 0, 0.5, 0.3, 2}).Draw(t, "speed")
	return c
}

// after is the cost of every step under changes, from the definition.
func after(r *Router, changes []Change) []uint32 {
	cost := slices.Clone(r.base.cost)
	for _, c := range changes {
		for x := range cost {
			e := Step(x).Edge()
			from, to := r.net.Ends(e)
			hit := slices.Contains(c.Edges, e) || slices.Contains(c.Nodes, from) || slices.Contains(c.Nodes, to) || slices.Contains(c.Classes, r.net.Edge(e).Class)
			switch {
			case !hit || cost[x] == Unreachable:
			case c.Speed == 0:
				cost[x] = Unreachable
			default:
				cost[x] = uint32(math.Round(float64(cost[x]) / c.Speed))
			}
		}
	}
	return cost
}

// A what-if equals Dijkstra's algorithm on the changed costs, whichever way it was
// reached, and leaves the router it came from as it was.
func TestWithEqualsDijkstra(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := mustRouter(t, drawNetwork(t), testTruck)
		stops := drawStops(t, r, 4)
		before, err := r.Matrix(context.Background(), stops, stops, MatrixOptions{})
		if err != nil {
			t.Fatal(err)
		}
		changes := []Change{drawChange(t, r.net), drawChange(t, r.net)}
		once, err := r.With(context.Background(), changes...)
		if err != nil {
			t.Fatal(err)
		}
		first, err := r.With(context.Background(), changes[0])
		if err != nil {
			t.Fatal(err)
		}
		twice, err := first.With(context.Background(), changes[1])
		if err != nil {
			t.Fatal(err)
		}
		for i, want := range after(r, changes) {
			if x := Step(i); once.cost(x) != want || twice.cost(x) != want {
				t.Fatalf("step %d costs %d at once and %d in turn, want %d", x, once.cost(x), twice.cost(x), want)
			}
		}
		for _, with := range []*Router{once, twice} {
			m, err := with.Matrix(context.Background(), stops, stops, MatrixOptions{})
			if err != nil {
				t.Fatal(err)
			}
			for i, from := range stops {
				plain, err := with.Dijkstra(from, nil)
				if err != nil {
					t.Fatal(err)
				}
				times, err := with.Times(from, nil)
				if err != nil {
					t.Fatal(err)
				}
				if !slices.Equal(times, plain) {
					t.Fatalf("times %v, Dijkstra %v", times, plain)
				}
				q := with.NewQuery()
				for j, to := range stops {
					cell, reached := m.At(i, j)
					got, ok, err := q.Time(from, to)
					if err != nil || ok != reached || ok && got != cell {
						t.Fatalf("query %v %v (error %v), matrix %v %v", got, ok, err, cell, reached)
					}
					path, err := with.Path(from, to)
					if ok != (err == nil) {
						t.Fatalf("path error %v, reached %v", err, ok)
					}
					if ok {
						if path.Time != cell {
							t.Fatalf("path %v, matrix %v", path.Time, cell)
						}
						for _, l := range path.Legs {
							if with.cost(step(l.Edge, l.Start, l.End)) == Unreachable {
								t.Fatalf("the path uses closed edge %d", l.Edge)
							}
						}
					}
				}
				q.Close()
			}
		}
		again, err := r.Matrix(context.Background(), stops, stops, MatrixOptions{})
		if err != nil || !slices.Equal(again.Millis, before.Millis) {
			t.Fatalf("the router changed: %v, before %v (error %v)", again, before, err)
		}
		if _, err := Diff(before, again); err != nil {
			t.Fatal(err)
		}
	})
}

func TestWithArea(t *testing.T) {
	r := mustRouter(t, square(t), testTruck)
	// A box over the middle of edge 2, A–C, and over nothing else.
	box := orb.MultiPolygon{{{{29.99, 50.04}, {30.01, 50.04}, {30.01, 50.06}, {29.99, 50.06}, {29.99, 50.04}}}}
	with, err := r.With(context.Background(), Change{Area: box})
	if err != nil {
		t.Fatal(err)
	}
	for e := range r.net.Edges() {
		if closed := !with.usable(e); closed != (e == 2) {
			t.Errorf("edge %d closed: %v", e, closed)
		}
	}
	a, c := mustSnap(t, r, 30, 50), mustSnap(t, r, 30, 50.1)
	path, err := with.Path(a, c)
	if err != nil || len(path.Legs) != 3 {
		t.Errorf("path round the area: %v (error %v)", path.Legs, err)
	}
	// A box that holds whole edges.
	all := orb.MultiPolygon{{{{29, 49}, {32, 49}, {32, 51}, {29, 51}, {29, 49}}}}
	if with, err = r.With(context.Background(), Change{Area: all}); err != nil {
		t.Fatal(err)
	}
	if _, err := with.Path(a, c); !errors.Is(err, ErrUnreachable) {
		t.Errorf("with all closed: error %v, want ErrUnreachable", err)
	}
	if _, err := with.Snap(a.Point, geo.Kilometer); !errors.Is(err, ErrOffNetwork) {
		t.Errorf("with all closed: error %v, want ErrOffNetwork", err)
	}
}

func TestWithRefuses(t *testing.T) {
	r := mustRouter(t, square(t), testTruck)
	for name, c := range map[string]Change{
		"edge":           {Edges: []int{5}},
		"negative edge":  {Edges: []int{-1}},
		"node":           {Nodes: []int{5}},
		"class":          {Classes: []Class{99}},
		"negative speed": {Speed: -1},
		"not a number":   {Speed: math.NaN()},
		"endless":        {Speed: math.Inf(1)},
		"too slow":       {Edges: []int{0}, Speed: 1e-9},
	} {
		if _, err := r.With(context.Background(), c); !errors.Is(err, ErrChange) {
			t.Errorf("%s: error %v, want ErrChange", name, err)
		}
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := NewRouter(ctx, square(t), testTruck); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: error %v", err)
	}
}

func TestWhatIfsSideBySide(t *testing.T) {
	r := mustRouter(t, square(t), testTruck)
	a, d := mustSnap(t, r, 30, 50), mustSnap(t, r, 30.1, 50.1)
	var all sync.WaitGroup
	for e := range 4 {
		all.Go(func() {
			with, err := r.With(context.Background(), Change{Edges: []int{e}})
			if err != nil {
				t.Error(err)
				return
			}
			for range 50 {
				path, err := with.Path(a, d)
				if err != nil || slices.ContainsFunc(path.Legs, func(l Leg) bool { return l.Edge == e }) {
					t.Errorf("without edge %d: %v (error %v)", e, path.Legs, err)
				}
				if _, err := with.Matrix(context.Background(), []Stop{a}, []Stop{d}, MatrixOptions{}); err != nil {
					t.Error(err)
				}
			}
		})
	}
	all.Wait()
}

// Many searches on one router at once, paths among them, which remember what they
// unpack.
func TestSearchesSideBySide(t *testing.T) {
	r := mustRouter(t, square(t), testTruck)
	var stops []Stop
	for i := range 12 {
		stops = append(stops, mustSnap(t, r, 30+0.015*float64(i), 50.001))
	}
	var all sync.WaitGroup
	for i := range 4 {
		all.Go(func() {
			for k := range stops {
				if _, err := r.Path(stops[(i+k)%len(stops)], stops[k]); err != nil {
					t.Error(err)
				}
				if _, err := r.Times(stops[k], nil); err != nil {
					t.Error(err)
				}
				if _, err := r.Matrix(context.Background(), stops, stops[k:], MatrixOptions{Lengths: k%2 == 0}); err != nil {
					t.Error(err)
				}
				if _, err := r.Dijkstra(stops[k], nil); err != nil {
					t.Error(err)
				}
			}
		})
	}
	all.Wait()
}

func TestDiff(t *testing.T) {
	r := mustRouter(t, square(t), testTruck)
	stops := []Stop{mustSnap(t, r, 30, 50), mustSnap(t, r, 30.2, 50)}
	with, err := r.With(context.Background(), Change{Edges: []int{4}})
	if err != nil {
		t.Fatal(err)
	}
	before, err := r.Matrix(context.Background(), stops, stops, MatrixOptions{})
	if err != nil {
		t.Fatal(err)
	}
	now, err := with.Matrix(context.Background(), stops, stops, MatrixOptions{})
	if err != nil {
		t.Fatal(err)
	}
	got, err := Diff(before, now)
	want := []Cell{{0, 1, before.Millis[1], Unreachable}, {1, 0, before.Millis[2], Unreachable}}
	if err != nil || !slices.Equal(got, want) {
		t.Errorf("difference %v (error %v), want %v", got, err, want)
	}
	if _, err := Diff(before, &Matrix{Rows: 1, Columns: 4, Millis: now.Millis}); err == nil {
		t.Error("matrices of different shape: no error")
	}
}

// The length of a cell is that of the shortest of the fastest ways.
func TestMatrixLengths(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := mustRouter(t, drawNetwork(t), testTruck)
		stops := drawStops(t, r, 4)
		if rapid.Bool().Draw(t, "changed") {
			var err error
			if r, err = r.With(context.Background(), drawChange(t, r.net)); err != nil {
				t.Fatal(err)
			}
		}
		plain, err := r.Matrix(context.Background(), stops, stops, MatrixOptions{})
		if err != nil {
			t.Fatal(err)
		}
		m, err := r.Matrix(context.Background(), stops, stops, MatrixOptions{Lengths: true})
		if err != nil {
			t.Fatal(err)
		}
		if !slices.Equal(plain.Millis, m.Millis) {
			t.Fatalf("times %v with lengths, %v without", m.Millis, plain.Millis)
		}
		for i, from := range stops {
			for j, to := range stops {
				path, err := r.Path(from, to)
				if err != nil {
					continue
				}
				// The path is one of the fastest, so no shorter; one edge may be half a decimetre off.
				if length := float64(m.Decimeters[i*4+j]) / 10; length > float64(path.Length)+0.05*float64(len(path.Legs)+3) {
					t.Fatalf("%d to %d: length %v m, a fastest path has %v", i, j, length, path.Length)
				}
			}
		}
	})
	fast := testTruck
	fast.Speed = map[Class]Speed{Trunk: 101}
	r := mustRouter(t, square(t), fast)
	if _, err := r.Matrix(context.Background(), nil, nil, MatrixOptions{Lengths: true}); !errors.Is(err, ErrProfile) {
		t.Errorf("lengths at 101 m/s: error %v, want ErrProfile", err)
	}
}

// Two ways of one time: the cell tells the length of the shorter.
func TestMatrixLengthOfTies(t *testing.T) {
	nodes := []Node{{"A", orb.Point{30, 50}}, {"B", orb.Point{30.1, 50}}}
	n, err := NewNetwork(nodes, []Edge{
		{From: 0, To: 1, Class: Trunk, Length: 15 * geo.Kilometer},
		{From: 0, To: 1, Class: Primary, Length: 10 * geo.Kilometer},
	})
	if err != nil {
		t.Fatal(err)
	}
	r := mustRouter(t, n, testTruck) // 60 and 40 km/h: a quarter of an hour each
	a, b := mustSnap(t, r, 30, 50), mustSnap(t, r, 30.1, 50)
	m, err := r.Matrix(context.Background(), []Stop{a}, []Stop{b}, MatrixOptions{Lengths: true})
	if err != nil || m.Millis[0] != 900_000 || m.Decimeters[0] != 100_000 {
		t.Errorf("%v ms and %v dm (error %v), want 900000 and 100000", m.Millis, m.Decimeters, err)
	}
}

func TestMatrixLimitAndBlocks(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := mustRouter(t, drawNetwork(t), testTruck)
		stops := drawStops(t, r, 5)
		whole, err := r.Matrix(context.Background(), stops, stops[:3], MatrixOptions{})
		if err != nil {
			t.Fatal(err)
		}
		limit := time.Duration(rapid.IntRange(1, 4_000_000).Draw(t, "limit")) * time.Millisecond
		for _, lengths := range []bool{false, true} {
			m, err := r.Matrix(context.Background(), stops, stops[:3], MatrixOptions{Limit: limit, Lengths: lengths})
			if err != nil {
				t.Fatal(err)
			}
			for k, ms := range whole.Millis {
				want := ms
				if duration(ms) > limit {
					want = Unreachable
				}
				if m.Millis[k] != want {
					t.Fatalf("cell %d is %d within %v, want %d", k, m.Millis[k], limit, want)
				}
			}
		}
		rows := rapid.IntRange(1, 6).Draw(t, "rows")
		var joined []uint32
		var last int
		for b, err := range r.Blocks(context.Background(), stops, stops[:3], rows, MatrixOptions{Progress: func(done, total int) {
			if total != 5 || done < last {
				t.Fatalf("progress %d of %d after %d", done, total, last)
			}
			last = done
		}}) {
			if err != nil || b.Row*3 != len(joined) {
				t.Fatalf("block at row %d after %d cells (error %v)", b.Row, len(joined), err)
			}
			joined = append(joined, b.Millis...)
		}
		if !slices.Equal(joined, whole.Millis) || last != 5 {
			t.Fatalf("blocks %v, whole %v, progress %d", joined, whole.Millis, last)
		}
	})
	r := mustRouter(t, square(t), testTruck)
	for _, err := range r.Blocks(context.Background(), nil, nil, 0, MatrixOptions{}) {
		if err == nil {
			t.Error("blocks of no rows: no error")
		}
	}
}

func TestAt(t *testing.T) {
	n, err := NewNetwork([]Node{{}, {}, {}}, []Edge{{From: 0, To: 1, Class: Trunk, OneWay: true}})
	if err != nil {
		t.Fatal(err)
	}
	r := mustRouter(t, n, testTruck)
	for v, want := range []float64{0, 1} {
		if s, err := r.Hierarchy().At(v); err != nil || s.Edge != 0 || s.Fraction != want {
			t.Errorf("node %d: stop %+v (error %v)", v, s, err)
		}
	}
	if _, err := r.Hierarchy().At(2); !errors.Is(err, ErrOffNetwork) {
		t.Errorf("a node without edges: error %v", err)
	}
	for _, v := range []int{-1, 3} {
		if _, err := r.Hierarchy().At(v); err == nil {
			t.Errorf("node %d: no error", v)
		}
	}
}
