package graph

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"testing"
)

// toTarget is the least cost from every node to one.
func toTarget(g *Graph, weight []uint32, target uint32) []uint32 {
	back := Reverse(g, weight)
	var tree Tree
	tree.Run(back.Graph, back.Weight, []Seed{{Node: target}})
	return tree.Dist
}

func TestReverse(t *testing.T) {
	everyWay(t, 200, func(t fataler, pick func(n int) int) {
		s := pickSample(pick, 8, 20, true)
		back := Reverse(s.g, s.weight)
		seen := make([]bool, s.g.Arcs())
		for b, a := range back.Origin {
			if seen[a] || back.Graph.Tail[b] != s.g.Head[a] || back.Graph.Head[b] != s.g.Tail[a] || back.Graph.Edge[b] != s.g.Edge[a] || back.Weight[b] != s.weight[a] {
				t.Fatalf("arc %d is arc %d turned round, which it is not, or not alone", b, a)
			}
			seen[a] = true
		}
		if len(back.Origin) != len(seen) {
			t.Fatalf("%d arcs turned round, want %d", len(back.Origin), len(seen))
		}
	})
}

func TestShortestPathsEqualEnumeration(t *testing.T) {
	everyWay(t, 5000, func(t fataler, pick func(n int) int) {
		s := pickSample(pick, 7, 14, true)
		from, to := uint32(pick(s.g.Nodes())), uint32(pick(s.g.Nodes()))
		k := 1 + pick(12)
		got, err := ShortestPaths(context.Background(), s.g, s.weight, toTarget(s.g, s.weight, to), from, to, k)
		if err != nil {
			t.Fatalf("%v", err)
		}
		want := simplePaths(s.g, s.weight, from, []uint32{to})
		slices.SortFunc(want, func(a, b Route) int { return cmp.Compare(a.Cost, b.Cost) })
		if len(got) != min(k, len(want)) {
			t.Fatalf("%d paths of %d, there are %d", len(got), k, len(want))
		}
		for i, r := range got {
			checkRoute(t, s.g, s.weight, r)
			if r.Source != from || r.Target != to || r.Cost != want[i].Cost {
				t.Fatalf("path %d is %v, want one from %d to %d of cost %d", i, r, from, to, want[i].Cost)
			}
			for _, other := range got[:i] {
				if slices.Equal(other.Arcs, r.Arcs) {
					t.Fatalf("path %v comes twice", r)
				}
			}
		}
	})
}

// The best known example of Yen's algorithm. Three paths cost 8: the first path
// gives one by way of D and, after that, one by way of G; the second path gives
// one by way of D later.
func TestShortestPathsExample(t *testing.T) {
	const c, d, e, f, gg, h = 0, 1, 2, 3, 4, 5
	arcs := []Arc{{c, d, 0}, {c, e, 1}, {d, f, 2}, {e, d, 3}, {e, f, 4}, {e, gg, 5}, {f, gg, 6}, {f, h, 7}, {gg, h, 8}}
	g, order := New(6, arcs)
	weight := make([]uint32, len(arcs))
	for i, w := range []uint32{3, 2, 4, 1, 2, 3, 2, 1, 2} {
		weight[order[i]] = w
	}
	for k := 1; k <= 5; k++ {
		got, err := ShortestPaths(context.Background(), g, weight, toTarget(g, weight, h), c, h, k)
		if err != nil {
			t.Fatal(err)
		}
		if len(got) != k {
			t.Fatalf("%d paths of %d", len(got), k)
		}
		for i, r := range got {
			var nodes []uint32
			for _, a := range r.Arcs {
				nodes = append(nodes, g.Head[a])
			}
			cost := []uint32{5, 7, 8, 8, 8}[i]
			want := [][]uint32{{e, f, h}, {e, gg, h}, {d, f, h}, {e, f, gg, h}, {e, d, f, h}}[i]
			if r.Cost != cost || !slices.Equal(nodes, want) {
				t.Errorf("path %d of %d costs %d by %v, want %d by %v", i, k, r.Cost, nodes, cost, want)
			}
		}
	}
}

// Arcs of weight Inf do not exist and neither do paths that cost as much.
func TestShortestPathsBeyondRange(t *testing.T) {
	g, _ := New(3, []Arc{{0, 1, 0}, {0, 2, 1}, {0, 2, 2}, {1, 2, 3}})
	for _, c := range []struct {
		weight []uint32
		want   int
	}{
		{[]uint32{Inf - 2, 5, 7, 1}, 3},
		{[]uint32{Inf - 2, 5, 7, 2}, 2},
		{[]uint32{Inf - 2, Inf, 7, 0}, 2},
		{[]uint32{Inf, Inf, Inf, 2}, 0},
	} {
		got, err := ShortestPaths(context.Background(), g, c.weight, toTarget(g, c.weight, 2), 0, 2, 5)
		if err != nil {
			t.Fatal(err)
		}
		if len(got) != c.want {
			t.Errorf("weights %d: %d paths, want %d", c.weight, len(got), c.want)
		}
	}
}

func TestShortestPathsStopWithContext(t *testing.T) {
	g, weight := chain(10 * block)
	dist := toTarget(g, weight, 10*block-1)
	for _, c := range []struct {
		start         uint32
		k, left, want int
	}{
		{0, 1, 5, 0},         // in the first search, which asks once and then for each block
		{0, 2, 100, 0},       // in a later one: there is one for each node
		{5 * block, 1, 7, 1}, // the potential keeps the search from the wrong half of the chain
	} {
		got, err := ShortestPaths(&patient{context.Background(), c.left}, g, weight, dist, c.start, 10*block-1, c.k)
		if len(got) != c.want || (c.want == 0) != errors.Is(err, context.Canceled) {
			t.Errorf("%d paths from %d with patience %d: %d paths, error %v", c.k, c.start, c.left, len(got), err)
		}
	}
}
