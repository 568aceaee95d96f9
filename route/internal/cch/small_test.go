package cch

import (
	"context"
	"testing"

	"github.com/hubplan/hubplan/route/internal/graph"
	"pgregory.net/rapid"
)

// Distances, matrices and sweeps of very small graphs, where an order that undoes
// itself is common, equal a search.
func TestSmallGraphs(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 12).Draw(t, "n")
		m := rapid.IntRange(0, 24).Draw(t, "m")
		node := rapid.Uint32Range(0, uint32(n-1))
		var arcs []graph.Arc
		var ws []uint32
		for e := range m {
			u, v := node.Draw(t, "u"), node.Draw(t, "v")
			w := rapid.SampledFrom([]uint32{0, 1, 2, 5, 9, graph.Inf}).Draw(t, "w")
			arcs = append(arcs, graph.Arc{Tail: u, Head: v, Edge: uint32(e)})
			ws = append(ws, w)
		}
		g, order := graph.New(n, arcs)
		weight := make([]uint32, m)
		for i, at := range order {
			weight[at] = ws[i]
		}
		ord, err := Order(context.Background(), g, OrderOptions{})
		if err != nil {
			t.Fatal(err)
		}
		h, err := NewHierarchy(context.Background(), g, ord)
		if err != nil {
			t.Fatal(err)
		}
		mt, err := Customize(context.Background(), h, weight, 1)
		if err != nil {
			t.Fatal(err)
		}
		var stops []Stop[uint32]
		var at []uint32
		for range rapid.IntRange(1, 6).Draw(t, "stops") {
			v := node.Draw(t, "stop")
			s, _ := At[uint32](h, v)
			stops = append(stops, s)
			at = append(at, v)
		}
		k := rapid.IntRange(1, len(stops)).Draw(t, "rows")
		cells, err := mt.Matrix(context.Background(), stops[:k], stops, MatrixOptions[uint32]{})
		if err != nil {
			t.Fatal(err)
		}
		var tree graph.Tree
		q := mt.NewQuery()
		dist := make([]uint32, n)
		for i := range k {
			tree.Run(g, weight, []graph.Seed{{Node: at[i]}})
			q.FromStop(stops[i], Inf[uint32](), dist)
			for j := range stops {
				want := tree.Dist[at[j]]
				if got := q.Distance(stops[i], stops[j]); got != want {
					t.Fatalf("distance %d-%d: %d want %d", at[i], at[j], got, want)
				}
				if got := cells[i*len(stops)+j]; got != want {
					t.Fatalf("matrix %d-%d: %d want %d", at[i], at[j], got, want)
				}
				if dist[at[j]] != want {
					t.Fatalf("sweep %d-%d: %d want %d", at[i], at[j], dist[at[j]], want)
				}
			}
		}
	})
}
