package graph

import (
	"math/bits"
	"slices"
	"testing"

	"gonum.org/v1/gonum/graph/flow"
	"gonum.org/v1/gonum/graph/path"
	"gonum.org/v1/gonum/graph/simple"
	"pgregory.net/rapid"
)

// sample is a random small multigraph with weights, built from edges that are
// open one way or both ways.
type sample struct {
	g       *Graph
	weight  []uint32
	edges   int
	sources []uint32
}

func drawSample(t *rapid.T, maxNodes, maxEdges int, bothWaysOnly bool) sample {
	n := rapid.IntRange(1, maxNodes).Draw(t, "nodes")
	m := rapid.IntRange(0, maxEdges).Draw(t, "edges")
	node := rapid.Uint32Range(0, uint32(n-1))
	var arcs []Arc
	var weights []uint32
	for e := range m {
		u, v := node.Draw(t, "u"), node.Draw(t, "v")
		w := rapid.SampledFrom([]uint32{0, 1, 1, 2, 3, 5, 8, 100, Inf}).Draw(t, "w")
		arcs = append(arcs, Arc{u, v, uint32(e)})
		weights = append(weights, w)
		if bothWaysOnly || rapid.Bool().Draw(t, "both ways") {
			arcs = append(arcs, Arc{v, u, uint32(e)})
			weights = append(weights, w)
		}
	}
	s := sample{edges: m}
	var order []uint32
	s.g, order = New(n, arcs)
	s.weight = make([]uint32, len(arcs))
	for i, at := range order {
		s.weight[at] = weights[i]
	}
	for range rapid.IntRange(1, 3).Draw(t, "sources") {
		s.sources = append(s.sources, node.Draw(t, "source"))
	}
	return s
}

// check runs a property often enough to meet its rare cases.
func check(t *testing.T, property func(*rapid.T)) {
	for range 20 {
		rapid.Check(t, property)
	}
}

func seeds(sources []uint32) []Seed {
	var s []Seed
	for _, v := range sources {
		s = append(s, Seed{Node: v})
	}
	return s
}

// bellmanFord is the slow mirror of Tree.Run.
func bellmanFord(g *Graph, weight []uint32, seeds []Seed) []uint32 {
	dist := make([]uint32, g.Nodes())
	for v := range dist {
		dist[v] = Inf
	}
	for _, s := range seeds {
		dist[s.Node] = min(dist[s.Node], s.Dist)
	}
	for range g.Nodes() {
		for a := range g.Head {
			dist[g.Head[a]] = min(dist[g.Head[a]], Add(dist[g.Tail[a]], weight[a]))
		}
	}
	return dist
}

func TestTreeEqualsBellmanFord(t *testing.T) {
	var tree Tree
	check(t, func(t *rapid.T) {
		s := drawSample(t, 12, 30, false)
		start := seeds(s.sources)
		start[0].Dist = rapid.Uint32Range(0, 4).Draw(t, "paid")
		tree.Run(s.g, s.weight, start)
		if want := bellmanFord(s.g, s.weight, start); !slices.Equal(tree.Dist, want) {
			t.Fatalf("distances %v, want %v", tree.Dist, want)
		}
		for v := range tree.Dist {
			path := tree.PathTo(s.g, uint32(v))
			if tree.Dist[v] == Inf {
				if path != nil {
					t.Fatalf("node %d is out of reach and has path %v", v, path)
				}
				continue
			}
			at := uint32(v)
			if len(path) > 0 {
				at = s.g.Tail[path[0]]
			}
			sum := Inf
			for _, seed := range start {
				if seed.Node == at {
					sum = min(sum, seed.Dist)
				}
			}
			for _, a := range path {
				if s.g.Tail[a] != at {
					t.Fatalf("path %v to %d is broken at arc %d", path, v, a)
				}
				at = s.g.Head[a]
				sum = Add(sum, s.weight[a])
			}
			if at != uint32(v) || sum != tree.Dist[v] {
				t.Fatalf("path %v ends at %d with cost %d, want %d with %d", path, at, sum, v, tree.Dist[v])
			}
		}
	})
}

func TestTreeEqualsGonum(t *testing.T) {
	var tree Tree
	check(t, func(t *rapid.T) {
		s := drawSample(t, 12, 30, false)
		g := simple.NewWeightedDirectedGraph(0, 1e18)
		for v := range s.g.Nodes() {
			g.AddNode(simple.Node(v))
		}
		for a := range s.g.Head { // gonum's simple graph keeps one arc a pair and no loops
			u, v, w := int64(s.g.Tail[a]), int64(s.g.Head[a]), float64(s.weight[a])
			if old, ok := g.Weight(u, v); u != v && s.weight[a] < Inf && (!ok || w < old) {
				g.SetWeightedEdge(g.NewWeightedEdge(simple.Node(u), simple.Node(v), w))
			}
		}
		want := path.DijkstraFrom(simple.Node(s.sources[0]), g)
		tree.Run(s.g, s.weight, seeds(s.sources[:1]))
		for v, d := range tree.Dist {
			if w := want.WeightTo(int64(v)); d != Inf && w != float64(d) || d == Inf && w < 1e18 {
				t.Fatalf("distance of %d is %d, gonum says %v", v, d, w)
			}
		}
	})
}

func TestAddSaturates(t *testing.T) {
	for _, c := range []struct{ a, b, want uint32 }{
		{1, 2, 3}, {Inf, 0, Inf}, {Inf, Inf, Inf}, {Inf - 1, 1, Inf}, {Inf - 2, 1, Inf - 1},
	} {
		if got := Add(c.a, c.b); got != c.want {
			t.Errorf("Add(%d, %d) = %d, want %d", c.a, c.b, got, c.want)
		}
	}
}

// reach is the set of nodes within reach of the sources without one edge, as bits.
func reach(g *Graph, weight []uint32, sources []uint32, without uint32) uint64 {
	var set uint64
	for _, s := range sources {
		set |= 1 << s
	}
	for before := uint64(0); before != set; {
		before = set
		for a := range g.Head {
			if weight[a] != Inf && g.Edge[a] != without && set>>g.Tail[a]&1 == 1 {
				set |= 1 << g.Head[a]
			}
		}
	}
	return set
}

func TestBridgesEqualRemoval(t *testing.T) {
	check(t, func(t *rapid.T) {
		s := drawSample(t, 14, 26, rapid.Bool().Draw(t, "both ways only"))
		lost := make(map[uint32]uint64)
		set := Bridges(s.g, s.weight, s.sources)
		for _, b := range set.Bridges {
			edge := s.g.Edge[b.Arc]
			if lost[edge] != 0 {
				t.Fatalf("edge %d is reported twice", edge)
			}
			for _, v := range set.Order[b.Low:b.High] {
				lost[edge] |= 1 << v
			}
		}
		all := reach(s.g, s.weight, s.sources, None)
		for e := range uint32(s.edges) {
			if want := all &^ reach(s.g, s.weight, s.sources, e); lost[e] != want {
				t.Fatalf("losing edge %d isolates %014b, Bridges says %014b", e, want, lost[e])
			}
		}
	})
}

func TestDominatorsEqualGonum(t *testing.T) {
	check(t, func(t *rapid.T) {
		s := drawSample(t, 14, 26, false)
		s.sources = s.sources[:1]
		g := simple.NewDirectedGraph()
		for v := range s.g.Nodes() {
			g.AddNode(simple.Node(v))
		}
		for a := range s.g.Head {
			if u, v := s.g.Tail[a], s.g.Head[a]; u != v && s.weight[a] != Inf {
				g.SetEdge(g.NewEdge(simple.Node(u), simple.Node(v)))
			}
		}
		want := flow.DominatorsSLT(simple.Node(s.sources[0]), g)
		tree := dominators(s.g, s.weight, s.sources)
		for v, number := range tree.number {
			if number == 0 || uint32(v) == s.sources[0] {
				continue
			}
			if got, ref := tree.order[tree.idom[number]], want.DominatorOf(int64(v)); ref.ID() != int64(got) {
				t.Fatalf("immediate dominator of %d is %d, gonum says %d", v, got, ref.ID())
			}
		}
	})
}

// Two triangles joined by one edge (the barbell), hub at node 0.
func TestBridgesBarbell(t *testing.T) {
	var arcs []Arc
	for e, ends := range [][2]uint32{{0, 1}, {0, 2}, {1, 2}, {2, 3}, {3, 4}, {3, 5}, {4, 5}} {
		arcs = append(arcs, Arc{ends[0], ends[1], uint32(e)}, Arc{ends[1], ends[0], uint32(e)})
	}
	g, _ := New(6, arcs)
	weight := make([]uint32, len(arcs))
	for _, c := range []struct {
		sources []uint32
		want    int
	}{{[]uint32{0}, 1}, {[]uint32{0, 4}, 0}} {
		found := Bridges(g, weight, c.sources)
		bridges := found.Bridges
		if len(bridges) != c.want {
			t.Fatalf("hubs %v: %d bridges, want %d", c.sources, len(bridges), c.want)
		}
		tree := dominators(g, weight, c.sources)
		for v, want := range map[int]map[int]uint32{1: {3: 2, 5: 3}, 0: {1: None, 2: None, 3: None, 5: None}}[c.want] {
			if got := tree.order[tree.idom[tree.number[v]]]; got != want {
				t.Errorf("hubs %v: immediate dominator of %d is %d, want %d", c.sources, v, int32(got), int32(want))
			}
		}
		if c.want == 1 {
			var set uint64
			for _, v := range found.Order[bridges[0].Low:bridges[0].High] {
				set |= 1 << v
			}
			if g.Edge[bridges[0].Arc] != 3 || bits.OnesCount64(set) != 3 || set != 0b111000 {
				t.Errorf("edge %d isolates %06b, want edge 3 and 111000", g.Edge[bridges[0].Arc], set)
			}
		}
	}
}
