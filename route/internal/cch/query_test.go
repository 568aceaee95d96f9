package cch

import (
	"context"
	"testing"

	"github.com/hubplan/hubplan/route/internal/graph"
	"pgregory.net/rapid"
)

// Every kind of query gives the costs of Floyd's algorithm, which works on pairs
// of numbers where the hierarchy works on whole words.

func TestQueriesAgree(t *testing.T) {
	t.Run("one quantity", func(t *testing.T) { rapid.Check(t, func(t *rapid.T) { queriesAgree(t, single) }) })
	t.Run("two quantities", func(t *testing.T) { rapid.Check(t, func(t *rapid.T) { queriesAgree(t, double) }) })
}

func queriesAgree[W Weight](t *rapid.T, k kind[W]) {
	net := drawNetwork(t, k, 20)
	h := drawHierarchy(t, net.graph)
	m, err := Customize(context.Background(), h, net.weight, 1)
	if err != nil {
		t.Fatal(err)
	}
	n := h.Nodes()
	dist := net.all()
	limit := Inf[W]()
	if rapid.Bool().Draw(t, "limited") {
		limit = k.pair(uint32(rapid.IntRange(0, 40).Draw(t, "limit")), 0)
	}
	within := func(w W) W {
		if w > limit {
			return Inf[W]()
		}
		return w
	}
	at := make([]Stop[W], n)
	for v := range at {
		at[v], err = At[W](h, uint32(v))
		if err != nil {
			t.Fatal(err)
		}
	}
	q := m.NewQuery()
	cells, err := m.Matrix(context.Background(), at, at, MatrixOptions[W]{Limit: limit, Workers: 2})
	if limit == 0 {
		cells, err = m.Matrix(context.Background(), at, at, MatrixOptions[W]{})
		limit = Inf[W]()
	}
	if err != nil {
		t.Fatal(err)
	}
	row, column := make([]W, n), make([]W, n)
	for s := range n {
		q.FromStop(at[s], limit, row)
		q.ToStop(at[s], limit, column)
		for v := range n {
			want := k.weight(dist[s][v])
			if got := q.Distance(at[s], at[v]); got != want {
				t.Fatalf("distance %d to %d: %d, want %d", s, v, got, want)
			}
			if row[v] != within(want) {
				t.Fatalf("from %d to all: to %d: %d, want %d", s, v, row[v], within(want))
			}
			if back := within(k.weight(dist[v][s])); column[v] != back {
				t.Fatalf("from all to %d: from %d: %d, want %d", s, v, column[v], back)
			}
			if cells[s*n+v] != within(want) {
				t.Fatalf("matrix %d to %d: %d, want %d", s, v, cells[s*n+v], within(want))
			}
			net.checkPath(t, q, at[s], at[v], uint32(s), uint32(v), want)
		}
	}
}

// checkPath checks that the arcs of a path lead from one node to the other and
// that their weights add up.
func (net *network[W]) checkPath(t *rapid.T, q *Query[W], from, to Stop[W], s, v uint32, want W) {
	p, ok := q.Path(from, to, nil)
	if ok != (want < Inf[W]()) {
		t.Fatalf("path %d to %d: %v, but cost is %d", s, v, ok, want)
	}
	if !ok {
		return
	}
	x, sum := s, W(0)
	for _, a := range p.Arcs {
		if net.graph.Tail[a] != x {
			t.Fatalf("path %d to %d: arc %d leaves %d, not %d", s, v, a, net.graph.Tail[a], x)
		}
		x = net.graph.Head[a]
		sum += net.weight[a]
	}
	if x != v || p.From != s || p.To != v || sum != want || p.Cost != want {
		t.Fatalf("path %d to %d: from %d to %d by %v, cost %d, sum %d, want %d", s, v, p.From, p.To, p.Arcs, p.Cost, sum, want)
	}
}

// Stops inside arcs cost what the least way over their ends does.
func TestStopsInsideArcs(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		net := drawNetwork(t, single, 12)
		if net.graph.Arcs() == 0 {
			return
		}
		h := drawHierarchy(t, net.graph)
		m, err := Customize(context.Background(), h, net.weight, 1)
		if err != nil {
			t.Fatal(err)
		}
		dist := net.all()
		var seeds [][]Seed[uint32]
		var at []Stop[uint32]
		for range rapid.IntRange(1, 8).Draw(t, "stops") {
			a := rapid.IntRange(0, net.graph.Arcs()-1).Draw(t, "arc")
			list := []Seed[uint32]{
				{net.graph.Tail[a], rapid.Uint32Range(0, 5).Draw(t, "to tail")},
				{net.graph.Head[a], rapid.Uint32Range(0, 5).Draw(t, "to head")},
			}
			if rapid.IntRange(0, 9).Draw(t, "cut off") == 0 {
				list[0].Cost = graph.Inf
			}
			s, err := NewStop(h, list...)
			if err != nil {
				t.Fatal(err)
			}
			seeds, at = append(seeds, list), append(at, s)
		}
		cells, err := m.Matrix(context.Background(), at, at, MatrixOptions[uint32]{Workers: 1})
		if err != nil {
			t.Fatal(err)
		}
		swept := make([]uint32, len(cells))
		limit := rapid.SampledFrom([]uint32{graph.Inf, 3, 12}).Draw(t, "limit")
		sweeps := &matrix[uint32]{m: m, from: at, to: at, cells: swept, options: MatrixOptions[uint32]{Limit: limit}}
		within := func(cost uint64) uint64 {
			if cost > uint64(limit) {
				return uint64(graph.Inf)
			}
			return cost
		}
		q := m.NewQuery()
		row := make([]uint32, h.Nodes())
		for i := range at {
			sweeps.sweepRow(q, row, i)
			for j := range at {
				want := uint64(graph.Inf)
				for _, s := range seeds[i] {
					for _, e := range seeds[j] {
						want = min(want, uint64(s.Cost)+dist[s.Node][e.Node].first+uint64(e.Cost))
					}
				}
				for what, got := range map[string]uint32{
					"distance": q.Distance(at[i], at[j]),
					"matrix":   cells[i*len(at)+j],
				} {
					if uint64(got) != want {
						t.Fatalf("%s of %v to %v: %d, want %d", what, seeds[i], seeds[j], got, want)
					}
				}
				if got := swept[i*len(at)+j]; uint64(got) != within(want) {
					t.Fatalf("sweep of %v to %v: %d, want %d", seeds[i], seeds[j], got, within(want))
				}
				checkStopPath(t, net, q, at[i], at[j], seeds[i], seeds[j], uint32(want))
			}
		}
		for j := range at {
			sweeps.sweepColumn(q, row, j)
		}
		for i, want := range cells {
			if uint64(swept[i]) != within(uint64(want)) {
				t.Fatalf("cell %d swept by column: %d, want %d", i, swept[i], within(uint64(want)))
			}
		}
	})
}

// checkStopPath checks that a path between two stops begins and ends at seeds and
// costs what they and its arcs do.
func checkStopPath(t *rapid.T, net *network[uint32], q *Query[uint32], from, to Stop[uint32], begins, ends []Seed[uint32], want uint32) {
	p, ok := q.Path(from, to, nil)
	if !ok {
		if want != graph.Inf {
			t.Fatalf("no path, want cost %d", want)
		}
		return
	}
	cheapest := func(seeds []Seed[uint32], node uint32) uint32 {
		best := graph.Inf
		for _, s := range seeds {
			if s.Node == node {
				best = min(best, s.Cost)
			}
		}
		return best
	}
	sum := cheapest(begins, p.From) + cheapest(ends, p.To)
	x := p.From
	for _, a := range p.Arcs {
		if net.graph.Tail[a] != x {
			t.Fatalf("arc %d leaves %d, not %d", a, net.graph.Tail[a], x)
		}
		x, sum = net.graph.Head[a], sum+net.weight[a]
	}
	if x != p.To || sum != want || p.Cost != want {
		t.Fatalf("path from %d to %d by %v: ends at %d, cost %d, sum %d, want %d", p.From, p.To, p.Arcs, x, p.Cost, sum, want)
	}
}

// The nearest stops are the first of all stops in the order of cost.
func TestNearest(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		net := drawNetwork(t, single, 14)
		h := drawHierarchy(t, net.graph)
		m, err := Customize(context.Background(), h, net.weight, 1)
		if err != nil {
			t.Fatal(err)
		}
		n, dist := h.Nodes(), net.all()
		var at []Stop[uint32]
		var nodes []int
		for range rapid.IntRange(0, 8).Draw(t, "stops") {
			v := rapid.IntRange(0, n-1).Draw(t, "stop")
			s, err := At[uint32](h, uint32(v))
			if err != nil {
				t.Fatal(err)
			}
			at, nodes = append(at, s), append(nodes, v)
		}
		k := rapid.IntRange(1, 5).Draw(t, "k")
		limit := rapid.SampledFrom([]uint32{graph.Inf, 0, 7, 20}).Draw(t, "limit")
		from, err := m.NearestFrom(context.Background(), at, k, limit)
		if err != nil {
			t.Fatal(err)
		}
		for v := range n {
			check := func(what string, got []Near[uint32], cost func(s int) uint32) {
				want := make([]Near[uint32], k)
				fill(want, Near[uint32]{none, graph.Inf})
				for i, s := range nodes {
					near := Near[uint32]{uint32(i), cost(s)}
					if near.Cost > limit || near.Cost == graph.Inf {
						continue
					}
					for j := range want {
						if near.before(want[j]) {
							near, want[j] = want[j], near
						}
					}
				}
				for j := range want {
					if got[j] != want[j] {
						t.Fatalf("%s node %d: %v, want %v", what, v, got, want)
					}
				}
			}
			check("from stops to", from[v*k:][:k], func(s int) uint32 { return single.weight(dist[s][v]) })
		}
	})
}

// On a town the blocks of a matrix are many and share few ancestors; every query
// gives the costs of Dijkstra's algorithm.
func TestTownAgrees(t *testing.T) {
	for _, located := range []bool{true, false} {
		g, weight, x, y := town(30, 7)
		if !located {
			x, y = nil, nil
		}
		h, m := build(t, g, weight, x, y, 2)
		n := g.Nodes()
		var nodes []uint32
		for v := range uint32(n) {
			nodes = append(nodes, v)
		}
		at := stops[uint32](t, h, nodes)
		cells, err := m.Matrix(t.Context(), at, at, MatrixOptions[uint32]{})
		if err != nil {
			t.Fatal(err)
		}
		q := m.NewQuery()
		row := make([]uint32, n)
		var tree graph.Tree
		for s := range n {
			tree.Run(g, weight, []graph.Seed{{Node: uint32(s)}})
			if s%10 == 0 {
				q.FromStop(at[s], graph.Inf, row)
			} else {
				copy(row, tree.Dist)
			}
			for v, want := range tree.Dist {
				if cells[s*n+v] != want || row[v] != want {
					t.Fatalf("%d to %d: matrix %d, sweep %d, want %d", s, v, cells[s*n+v], row[v], want)
				}
				if (s+v)%40 == 0 && q.Distance(at[s], at[v]) != want {
					t.Fatalf("%d to %d: %d, want %d", s, v, q.Distance(at[s], at[v]), want)
				}
			}
		}
		// A matrix of few rows is swept.
		few, err := m.Matrix(t.Context(), at[:2], at, MatrixOptions[uint32]{})
		if err != nil {
			t.Fatal(err)
		}
		for i, c := range few {
			if c != cells[i] {
				t.Fatalf("cell %d of two rows: %d, want %d", i, c, cells[i])
			}
		}
	}
}

// A matrix of any stops on either side has the cells of single questions: with few
// stops blocks are small, and those of the two sides lie in each other.
func TestMatrixIsDistances(t *testing.T) {
	g, weight, x, y := town(30, 9)
	h, m := build(t, g, weight, x, y, 1)
	rapid.Check(t, func(t *rapid.T) {
		side := func(name string) []Stop[uint32] {
			// Stops of one neighbourhood, or of all the town.
			lo := rapid.IntRange(0, h.Nodes()-1).Draw(t, name+" from")
			hi := rapid.IntRange(lo, min(lo+rapid.SampledFrom([]int{50, h.Nodes()}).Draw(t, "width"), h.Nodes()-1)).Draw(t, name+" to")
			list := make([]Stop[uint32], rapid.IntRange(1, 60).Draw(t, name))
			for i := range list {
				v := h.node[rapid.IntRange(lo, hi).Draw(t, "rank")]
				var err error
				if list[i], err = At[uint32](h, v); err != nil {
					t.Fatal(err)
				}
			}
			return list
		}
		from, to := side("rows"), side("columns")
		o := MatrixOptions[uint32]{
			Limit:   rapid.SampledFrom([]uint32{0, 300, 1000}).Draw(t, "limit"),
			Workers: rapid.IntRange(1, 3).Draw(t, "workers"),
		}
		cells, err := m.Matrix(context.Background(), from, to, o)
		if err != nil {
			t.Fatal(err)
		}
		q := m.NewQuery()
		for i, s := range from {
			for j, e := range to {
				want := q.Distance(s, e)
				if o.Limit > 0 && want > o.Limit {
					want = graph.Inf
				}
				if got := cells[i*len(to)+j]; got != want {
					t.Fatalf("row %d, column %d: %d, want %d", i, j, got, want)
				}
			}
		}
	})
}
