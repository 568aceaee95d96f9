package graph

import (
	"testing"

	"pgregory.net/rapid"
)

func TestStrongComponentsEqualReachability(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 9).Draw(t, "nodes")
		arcs := make([]Arc, rapid.IntRange(0, 16).Draw(t, "arcs"))
		reach := make([][]bool, n)
		for v := range reach {
			reach[v] = make([]bool, n)
			reach[v][v] = true
		}
		for i := range arcs {
			arcs[i] = Arc{Tail: uint32(rapid.IntRange(0, n-1).Draw(t, "tail")), Head: uint32(rapid.IntRange(0, n-1).Draw(t, "head")), Edge: uint32(i)}
			reach[arcs[i].Tail][arcs[i].Head] = true
		}
		for k := range n {
			for i := range n {
				for j := range n {
					reach[i][j] = reach[i][j] || reach[i][k] && reach[k][j]
				}
			}
		}
		g, _ := New(n, arcs)
		for v, c := range g.StrongComponents() {
			want := 0
			for !reach[v][want] || !reach[want][v] {
				want++
			}
			if int(c) != want {
				t.Fatalf("node %d is in component %d, want %d", v, c, want)
			}
		}
	})
}
