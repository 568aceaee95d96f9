package cch

import (
	"context"
	"errors"
	"runtime"
	"slices"
	"testing"

	"github.com/hubplan/hubplan/route/internal/graph"
	"pgregory.net/rapid"
)

// The arcs of a hierarchy are those of eliminating node after node with sets, and
// the tree and the lists agree with them.
func TestHierarchyIsElimination(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		net := drawNetwork(t, single, 16)
		h := drawHierarchy(t, net.graph)
		n := h.Nodes()
		joined := make([][]bool, n)
		for v := range joined {
			joined[v] = make([]bool, n)
		}
		for a, tail := range net.graph.Tail {
			x, y := h.rank[tail], h.rank[net.graph.Head[a]]
			joined[x][y], joined[y][x] = x != y, x != y
		}
		arcs, triangles := 0, 0
		for x := range n {
			var up []uint32
			for y := x + 1; y < n; y++ {
				if joined[x][y] {
					up = append(up, uint32(y))
				}
			}
			for _, y := range up {
				for _, z := range up {
					joined[y][z] = joined[y][z] || y != z
				}
			}
			arcs += len(up)
			triangles += len(up) * (len(up) - 1) / 2
			if got := h.upHead[h.upFirst[x]:h.upFirst[x+1]]; !slices.Equal(got, up) {
				t.Fatalf("rank %d: higher neighbours %v, want %v", x, got, up)
			}
			parent, depth := none, uint32(0)
			if len(up) > 0 {
				parent = up[0]
				depth = h.depth[parent] + 1
			}
			if h.parent[x] != parent || h.depth[x] != depth {
				t.Fatalf("rank %d: parent %d at depth %d, want %d at %d", x, h.parent[x], h.depth[x], parent, depth)
			}
		}
		if h.Arcs() != arcs || h.triangles != triangles {
			t.Fatalf("%d arcs, %d triangles, want %d and %d", h.Arcs(), h.triangles, arcs, triangles)
		}
		for y := range uint32(n) {
			least := y
			for x := range y {
				below := x
				for below != none && below != y {
					below = h.parent[below]
				}
				if below == y {
					least = min(least, x)
				}
			}
			if h.least[y] != least {
				t.Fatalf("rank %d: subtree from %d, want %d", y, h.least[y], least)
			}
			var down, want []uint32
			for _, a := range h.downArc[h.downFirst[y]:h.downFirst[y+1]] {
				if h.upHead[a] != y {
					t.Fatalf("arc %d leads to %d, not %d", a, h.upHead[a], y)
				}
				down = append(down, h.upTail[a])
			}
			for x := range y {
				if joined[x][y] {
					want = append(want, x)
				}
			}
			if !slices.Equal(down, want) {
				t.Fatalf("rank %d: lower neighbours %v, want %v", y, down, want)
			}
		}
	})
}

// An order names every node once, whatever the graph, and does not depend on the
// workers.
func TestOrderIsPermutation(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		net := drawNetwork(t, single, 120)
		n := net.graph.Nodes()
		o := OrderOptions{Workers: 1}
		if rapid.Bool().Draw(t, "located") {
			o.X, o.Y = make([]int32, n), make([]int32, n)
			for v := range n {
				// Few different positions, and the farthest there are.
				o.X[v] = rapid.SampledFrom([]int32{-1 << 31, -1, 0, 1, 1<<31 - 1}).Draw(t, "x")
				o.Y[v] = rapid.SampledFrom([]int32{-1 << 31, -1, 0, 1, 1<<31 - 1}).Draw(t, "y")
			}
		}
		done := 0
		o.Progress = func(d, total int) {
			if d < done || total != n {
				t.Fatalf("progress from %d to %d of %d", done, d, total)
			}
			done = d
		}
		order, err := Order(context.Background(), net.graph, o)
		if err != nil {
			t.Fatal(err)
		}
		if done != n {
			t.Fatalf("%d of %d nodes done", done, n)
		}
		if _, err := ranksOf(order, n); err != nil {
			t.Fatal(err)
		}
		o.Workers, done = 4, 0
		again, err := Order(context.Background(), net.graph, o)
		if err != nil {
			t.Fatal(err)
		}
		if !slices.Equal(order, again) {
			t.Fatalf("order of 1 worker %v, of 4 %v", order, again)
		}
	})
}

// A path of n nodes eliminated in rounds has a tree of logarithmic height, and a
// grid of side s separators of about s nodes.
func TestOrderKeepsHierarchySmall(t *testing.T) {
	var chain []graph.Arc
	for v := range uint32(1023) {
		chain = append(chain, graph.Arc{Tail: v, Head: v + 1})
	}
	g, _ := graph.New(1024, chain)
	if h, _ := build(t, g, make([]uint32, len(chain)), nil, nil, 1); h.Height() > 30 {
		t.Errorf("a chain of 1024 nodes has a tree of height %d", h.Height())
	}

	const side = 40
	var grid []graph.Arc
	var x, y []int32
	for v := range uint32(side * side) {
		x, y = append(x, int32(v%side)), append(y, int32(v/side))
		if v%side > 0 {
			grid = append(grid, graph.Arc{Tail: v - 1, Head: v})
		}
		if v >= side {
			grid = append(grid, graph.Arc{Tail: v, Head: v - side})
		}
	}
	g, _ = graph.New(side*side, grid)
	for _, located := range []bool{true, false} {
		if !located {
			x, y = nil, nil
		}
		// Perfect bisection gives about 4 sides; in the order of the file it is
		// all nodes.
		if h, _ := build(t, g, make([]uint32, len(grid)), x, y, 1); h.Height() > 6*side {
			t.Errorf("a grid of side %d has a tree of height %d, located: %v", side, h.Height(), located)
		}
	}
}

// Everything is the same on one core and on many.
func TestCoresDoNotMatter(t *testing.T) {
	g, weight, x, y := town(90, 11)
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(0))
	var h [2]*Hierarchy
	var m [2]*Metric[uint32]
	var cells [2][]uint32
	for i, cores := range []int{1, 8} {
		runtime.GOMAXPROCS(cores)
		h[i], m[i] = build(t, g, weight, x, y, 0)
		var nodes []uint32
		for v := uint32(0); v < uint32(g.Nodes()); v += 40 {
			nodes = append(nodes, v)
		}
		at := stops[uint32](t, h[i], nodes)
		var err error
		if cells[i], err = m[i].Matrix(t.Context(), at, at, MatrixOptions[uint32]{}); err != nil {
			t.Fatal(err)
		}
	}
	if !slices.Equal(h[0].node, h[1].node) {
		t.Error("orders differ")
	}
	if !slices.Equal(m[0].up, m[1].up) || !slices.Equal(m[0].down, m[1].down) {
		t.Error("metrics differ")
	}
	if !slices.Equal(cells[0], cells[1]) {
		t.Error("matrices differ")
	}
}

// Trees of any shape, cut into tasks of any size, give the same metric.
func TestTasksDoNotMatter(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		net := drawNetwork(t, single, 40)
		h := drawHierarchy(t, net.graph)
		most := rapid.Uint32Range(1, 40).Draw(t, "most")
		tasks, rest, late := h.subtrees(most)
		covered := make([]int, h.Nodes())
		for _, s := range slices.Concat(tasks, rest) {
			for x := s.lo; x < s.hi; x++ {
				covered[x]++
			}
		}
		for x, times := range covered {
			if times != 1 {
				t.Fatalf("rank %d is in %d tasks", x, times)
			}
		}
		for _, s := range tasks {
			if s.hi-s.lo > most {
				t.Fatalf("task of %d nodes, at most %d", s.hi-s.lo, most)
			}
			for x := s.lo; x < s.hi; x++ {
				p := h.parent[x]
				if inside := p < s.hi; p != none && inside == slices.Contains(late, x) {
					t.Fatalf("rank %d with parent %d in task %v: late %v", x, p, s, inside)
				}
			}
		}
		m := &Metric[uint32]{h: h, weight: net.weight, up: make([]uint32, h.Arcs()), down: make([]uint32, h.Arcs())}
		if err := m.customizeTasks(context.Background(), 3, most); err != nil {
			t.Fatal(err)
		}
		sameMetric(t, m, net.weight)
	})
}

func TestRefusals(t *testing.T) {
	g, weight, x, y := town(12, 2)
	n := uint32(g.Nodes())
	h, m := build(t, g, weight, x, y, 1)
	good := h.NodeOrder()
	replaced := func(place int, node uint32) []uint32 {
		order := slices.Clone(good)
		order[place] = node
		return order
	}
	for name, order := range map[string][]uint32{
		"short":        good[:n-1],
		"node twice":   replaced(3, good[4]),
		"node unknown": replaced(3, n),
	} {
		if _, err := NewHierarchy(t.Context(), g, order); !errors.Is(err, ErrOrder) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := Order(t.Context(), g, OrderOptions{X: x, Y: y[:1]}); !errors.Is(err, ErrOrder) {
		t.Errorf("one position: %v", err)
	}
	if _, err := Customize(t.Context(), h, weight[:1], 0); !errors.Is(err, ErrWeights) {
		t.Errorf("one weight: %v", err)
	}
	if _, err := At[uint32](h, n); !errors.Is(err, ErrStop) {
		t.Errorf("stop at no node: %v", err)
	}
	if _, err := NewStop[uint32](h); !errors.Is(err, ErrStop) {
		t.Errorf("stop without seeds: %v", err)
	}
	var apart []Seed[uint32]
	for r := range n {
		if h.least[r] == r { // a leaf
			apart = append(apart, Seed[uint32]{Node: h.node[r]})
		}
	}
	if _, err := NewStop(h, apart...); !errors.Is(err, ErrStop) {
		t.Errorf("seeds not on one way to a root: %v", err)
	}

	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	at := stops[uint32](t, h, []uint32{0, 1})
	for name, call := range map[string]func() error{
		"Order":        func() error { _, err := Order(ctx, g, OrderOptions{}); return err },
		"NewHierarchy": func() error { _, err := NewHierarchy(ctx, g, good); return err },
		"Customize":    func() error { _, err := Customize(ctx, h, weight, 2); return err },
		"Matrix":       func() error { _, err := m.Matrix(ctx, at, at, MatrixOptions[uint32]{}); return err },
		"NearestFrom":  func() error { _, err := m.NearestFrom(ctx, at, 1, Inf[uint32]()); return err },
	} {
		if err := call(); !errors.Is(err, context.Canceled) {
			t.Errorf("%s, cancelled: %v", name, err)
		}
	}
}

// Progress of a matrix ends with all rows, met or swept.
func TestMatrixProgress(t *testing.T) {
	g, weight, x, y := town(20, 2)
	h, m := build(t, g, weight, x, y, 1)
	var nodes []uint32
	for v := range uint32(g.Nodes()) {
		nodes = append(nodes, v)
	}
	all := stops[uint32](t, h, nodes)
	for _, sides := range [][2]int{{50, 50}, {1, len(all)}, {len(all), 1}} {
		last := 0
		o := MatrixOptions[uint32]{Progress: func(done, total int) {
			if done <= last || total != sides[0] {
				t.Errorf("%v: %d of %d after %d", sides, done, total, last)
			}
			last = done
		}}
		if _, err := m.Matrix(t.Context(), all[:sides[0]], all[:sides[1]], o); err != nil {
			t.Fatal(err)
		}
		if last != sides[0] {
			t.Errorf("%v: ended at %d", sides, last)
		}
	}
}

func TestEmpty(t *testing.T) {
	g, _ := graph.New(0, nil)
	h, m := build(t, g, nil, nil, nil, 0)
	if h.Nodes() != 0 || h.Arcs() != 0 || h.Height() != 0 {
		t.Errorf("%d nodes, %d arcs, height %d", h.Nodes(), h.Arcs(), h.Height())
	}
	cells, err := m.Matrix(t.Context(), nil, nil, MatrixOptions[uint32]{})
	if err != nil || len(cells) != 0 {
		t.Errorf("matrix %v, %v", cells, err)
	}
	if err := m.NewWorker().Change(t.Context(), nil); err != nil {
		t.Error(err)
	}
}
