package coverage

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"testing"

	"github.com/hubplan/hubplan/geo"
	"github.com/hubplan/hubplan/route"
	"github.com/paulmach/orb"
	"pgregory.net/rapid"
)

var truck = route.Profile{
	Name:   "truck",
	Speed:  map[route.Class]route.Speed{route.Trunk: 50 * route.KilometerPerHour},
	Access: 20 * route.KilometerPerHour,
}

// nodesAt are points far enough apart to be told from each other.
func nodesAt(n int) []route.Node {
	nodes := make([]route.Node, n)
	for i := range nodes {
		nodes[i] = route.Node{Name: fmt.Sprint(i), Point: orb.Point{30 + 0.1*float64(i), 50 + 0.03*float64(i*i%7)}}
	}
	return nodes
}

func newRouter(t interface{ Fatal(...any) }, nodes []route.Node, edges []route.Edge) *route.Router {
	net, err := route.NewNetwork(nodes, edges)
	if err != nil {
		t.Fatal(err)
	}
	r, err := route.NewRouter(context.Background(), net, truck)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func edgesOf(pairs ...[2]int) []route.Edge {
	edges := make([]route.Edge, len(pairs))
	for i, p := range pairs {
		edges[i] = route.Edge{From: p[0], To: p[1], Class: route.Trunk}
	}
	return edges
}

// stopAt snaps to a node.
func stopAt(t interface{ Fatal(...any) }, r *route.Router, node int) route.Stop {
	s, err := r.SnapAmong(r.Network().Node(node).Point, geo.Kilometer, nil)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// Two triangles 0-1-2 and 3-4-5 joined by the edge 2-3.
func TestBarbell(t *testing.T) {
	r := newRouter(t, nodesAt(6), edgesOf([2]int{0, 1}, [2]int{0, 2}, [2]int{1, 2}, [2]int{2, 3}, [2]int{3, 4}, [2]int{3, 5}, [2]int{4, 5}))
	var demand []route.Stop
	for v := range 6 {
		demand = append(demand, stopAt(t, r, v))
	}
	weight := []float64{1, 1, 1, 1, 1, 1}
	d, err := NewRedundancy(r, demand[:1], demand, weight)
	if err != nil {
		t.Fatal(err)
	}
	if want := []int{2, 2, 2, 1, 1, 1}; !slices.Equal(d.Routes, want) {
		t.Errorf("routes %v, want %v", d.Routes, want)
	}
	if len(d.Bridges) != 1 || d.Bridges[0].Edge != 3 || d.Bridges[0].Isolated != 3 || !slices.Equal(d.Bridges[0].Demand, []int{3, 4, 5}) {
		t.Errorf("bridges %+v, want edge 3 isolating 3, 4 and 5", d.Bridges)
	}
	// With a hub on each side nothing hangs on one edge.
	if d, err = NewRedundancy(r, []route.Stop{demand[0], demand[5]}, demand, weight); err != nil {
		t.Fatal(err)
	}
	if want := []int{2, 2, 2, 2, 2, 2}; !slices.Equal(d.Routes, want) || d.Bridges != nil {
		t.Errorf("routes %v and bridges %v, want %v and none", d.Routes, d.Bridges, want)
	}
}

// without is a router on the same nodes without one edge.
func without(t testing.TB, nodes []route.Node, edges []route.Edge, lost int) *route.Router {
	return newRouter(t, nodes, slices.Delete(slices.Clone(edges), lost, lost+1))
}

// The barbell again, hub at node 0, every edge a unit long: the weighted time Z is
// 10, and the loss of each edge adds what stands here; that of 2-3 isolates three.
func TestBarbellLossOfEdges(t *testing.T) {
	pairs := [][2]int{{0, 1}, {0, 2}, {1, 2}, {2, 3}, {3, 4}, {3, 5}, {4, 5}}
	edges := edgesOf(pairs...)
	for i := range edges {
		edges[i].Length = 50 * geo.Kilometer // an hour
	}
	z := func(r *route.Router) (float64, int) {
		var stops []route.Stop
		for v := range 6 {
			stops = append(stops, stopAt(t, r, v))
		}
		m, err := r.Matrix(context.Background(), stops[:1], stops, route.MatrixOptions{})
		if err != nil {
			t.Fatal(err)
		}
		a, err := NewAccess([]float64{1, 1, 1, 1, 1, 1}, m)
		if err != nil {
			t.Fatal(err)
		}
		times := a.Times()
		isolated := math.Round(times.Unreachable * 6)
		return math.Round(times.Mean.Hours() * (6 - isolated)), int(isolated)
	}
	if got, isolated := z(newRouter(t, nodesAt(6), edges)); got != 10 || isolated != 0 {
		t.Errorf("Z = %v with %d isolated, want 10 with 0", got, isolated)
	}
	for e, want := range []struct {
		more     float64
		isolated int
	}{{1, 0}, {4, 0}, {0, 0}, {-8, 3}, {1, 0}, {1, 0}, {0, 0}} {
		if got, isolated := z(without(t, nodesAt(6), edges, e)); got != 10+want.more || isolated != want.isolated {
			t.Errorf("without edge %v: Z = %v with %d isolated, want %v with %d", pairs[e], got, isolated, 10+want.more, want.isolated)
		}
	}
}

// In the cycle C5, the complete graph K5 and the 3×3 grid every node has two
// routes from any hub; in the star every edge isolates its leaf.
func TestKnownConnectivity(t *testing.T) {
	var k5 [][2]int
	for i := range 5 {
		for j := range i {
			k5 = append(k5, [2]int{j, i})
		}
	}
	for _, c := range []struct {
		name    string
		nodes   int
		pairs   [][2]int
		bridges int
	}{
		{"C5", 5, [][2]int{{0, 1}, {1, 2}, {2, 3}, {3, 4}, {4, 0}}, 0},
		{"K5", 5, k5, 0},
		{"3×3 grid", 9, [][2]int{{0, 1}, {1, 2}, {3, 4}, {4, 5}, {6, 7}, {7, 8}, {0, 3}, {3, 6}, {1, 4}, {4, 7}, {2, 5}, {5, 8}}, 0},
		{"star", 6, [][2]int{{0, 1}, {0, 2}, {0, 3}, {0, 4}, {0, 5}}, 5},
	} {
		r := newRouter(t, nodesAt(c.nodes), edgesOf(c.pairs...))
		var stops []route.Stop
		weight := make([]float64, c.nodes)
		for v := range c.nodes {
			stops = append(stops, stopAt(t, r, v))
			weight[v] = 1
		}
		d, err := NewRedundancy(r, stops[:1], stops, weight)
		if err != nil {
			t.Fatal(err)
		}
		if len(d.Bridges) != c.bridges {
			t.Errorf("%s: %d bridges, want %d", c.name, len(d.Bridges), c.bridges)
		}
		for v, routes := range d.Routes {
			want := 2
			if c.bridges > 0 && v > 0 {
				want = 1
			}
			if routes != want {
				t.Errorf("%s: node %d has %d routes, want %d", c.name, v, routes, want)
			}
		}
	}
}

// An edge fails at one point: of the demand along a dead end, what lies behind
// the point is cut off, so the piece nearest to the hub stands for the edge.
func TestWorstPieceStandsForTheEdge(t *testing.T) {
	nodes := []route.Node{{Name: "hub", Point: orb.Point{30, 50}}, {Name: "end", Point: orb.Point{31, 50}}}
	r := newRouter(t, nodes, edgesOf([2]int{0, 1}))
	var demand []route.Stop
	for _, lon := range []float64{30.7, 30.3} {
		s, err := r.Snap(orb.Point{lon, 50.001}, 100*geo.Kilometer)
		if err != nil {
			t.Fatal(err)
		}
		demand = append(demand, s)
	}
	d, err := NewRedundancy(r, []route.Stop{stopAt(t, r, 0)}, demand, []float64{5, 2})
	if err != nil {
		t.Fatal(err)
	}
	if len(d.Bridges) != 1 {
		t.Fatalf("bridges %+v, want one", d.Bridges)
	}
	if b := d.Bridges[0]; b.Isolated != 7 || !slices.Equal(b.Demand, []int{0, 1}) || b.Piece.Start != 0 || b.Piece.End != demand[1].Fraction {
		t.Errorf("bridge %+v, want the first piece isolating 7", b)
	}
}

func TestRedundancyEqualsRemoval(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(2, 8).Draw(t, "nodes")
		edges := make([]route.Edge, rapid.IntRange(1, 12).Draw(t, "edges"))
		for i := range edges {
			from := rapid.IntRange(0, n-1).Draw(t, "from")
			edges[i] = route.Edge{
				From: from, To: (from + rapid.IntRange(1, n-1).Draw(t, "step")) % n,
				Class: route.Trunk, OneWay: rapid.IntRange(0, 4).Draw(t, "one way") == 0,
			}
		}
		r := newRouter(t, nodesAt(n), edges)
		// Nodes without an edge cannot be stops.
		var demand []route.Stop
		var at []int
		for v := range n {
			if slices.ContainsFunc(edges, func(e route.Edge) bool { return e.From == v || e.To == v }) {
				demand = append(demand, stopAt(t, r, v))
				at = append(at, v)
			}
		}
		weight := make([]float64, len(demand))
		for i := range weight {
			weight[i] = float64(rapid.IntRange(0, 3).Draw(t, "weight"))
		}
		hubs := demand[:rapid.IntRange(1, 2).Draw(t, "hubs")]
		d, err := NewRedundancy(r, hubs, demand, weight)
		if err != nil {
			t.Fatal(err)
		}
		reach := func(without int) []bool {
			open := make([]bool, n)
			for i := range hubs {
				open[at[i]] = true
			}
			for range n {
				for e, x := range edges {
					if e == without {
						continue
					}
					if open[x.From] {
						open[x.To] = true
					}
					if !x.OneWay && open[x.To] {
						open[x.From] = true
					}
				}
			}
			return open
		}
		whole := reach(-1)
		routes := make([]int, len(demand))
		for i, v := range at {
			if whole[v] {
				routes[i] = 2
			}
		}
		isolated := make(map[int]float64)
		for e := range edges {
			left := reach(e)
			for i, v := range at {
				if whole[v] && !left[v] {
					routes[i] = 1
					isolated[e] += weight[i]
				}
			}
		}
		if !slices.Equal(d.Routes, routes) {
			t.Fatalf("routes %v, want %v", d.Routes, routes)
		}
		found := make(map[int]bool)
		last := 0.0
		for k, b := range d.Bridges {
			found[b.Edge] = true
			if b.Isolated != isolated[b.Edge] || b.Isolated == 0 || k > 0 && b.Isolated > last {
				t.Fatalf("bridge %+v after %v, want %v isolated", b, last, isolated[b.Edge])
			}
			last = b.Isolated
		}
		for e, w := range isolated {
			if w > 0 && !found[e] {
				t.Fatalf("edge %d isolates %v and is no bridge", e, w)
			}
		}
		m, err := r.Matrix(context.Background(), hubs, demand, route.MatrixOptions{})
		if err != nil {
			t.Fatal(err)
		}
		for i := range demand {
			pair, err := d.Pair(context.Background(), i)
			if err != nil {
				t.Fatal(err)
			}
			if pair.Count != routes[i] {
				t.Fatalf("point %d has %d routes and a pair of %d", i, routes[i], pair.Count)
			}
			if pair.Count == 1 { // then the one route is the fastest
				best := slices.Min(column(m, i))
				if pair.Routes[0].Time.Milliseconds() != int64(best) {
					t.Fatalf("the only route to %d takes %v, the matrix says %d ms", i, pair.Routes[0].Time, best)
				}
			}
		}
	})
}

func column(m *route.Matrix, j int) []uint32 {
	var c []uint32
	for i := range m.Rows {
		c = append(c, m.Millis[i*m.Columns+j])
	}
	return c
}

func TestRedundancyRefusesBadInput(t *testing.T) {
	r := newRouter(t, nodesAt(2), edgesOf([2]int{0, 1}))
	stop := stopAt(t, r, 0)
	if _, err := NewRedundancy(r, nil, []route.Stop{stop}, []float64{1}); !errors.Is(err, ErrAccess) {
		t.Errorf("no hubs: error %v, want ErrAccess", err)
	}
	if _, err := NewRedundancy(r, []route.Stop{stop}, []route.Stop{stop}, nil); !errors.Is(err, ErrAccess) {
		t.Errorf("no weights: error %v, want ErrAccess", err)
	}
	if _, err := NewRedundancy(r, []route.Stop{stop}, []route.Stop{{Edge: 9}}, []float64{1}); err == nil {
		t.Error("a stop of another network: no error")
	}
	d, err := NewRedundancy(r, []route.Stop{stop}, []route.Stop{stop}, []float64{1})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := d.Pair(context.Background(), 1); !errors.Is(err, ErrAccess) {
		t.Errorf("no such point: error %v, want ErrAccess", err)
	}
}
