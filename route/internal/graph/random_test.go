package graph

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"pgregory.net/rapid"
)

// fataler is a *testing.T or a *rapid.T.
type fataler interface {
	Helper()
	Fatalf(format string, args ...any)
}

// everyWay runs a property on choices that rapid makes, which are mostly small
// and shrink to a minimal failure, and on uniform ones, which make dense graphs
// where a lot comes together. pick(n) is a choice of 0 to n-1.
func everyWay(t *testing.T, uniform int, property func(t fataler, pick func(n int) int)) {
	check(t, func(t *rapid.T) {
		property(t, func(n int) int { return rapid.IntRange(0, n-1).Draw(t, "pick") })
	})
	for seed := range uint64(uniform) {
		random := rand.New(rand.NewPCG(seed, 0))
		property(seeded{t, seed}, random.IntN)
	}
}

// seeded names the seed of a failure.
type seeded struct {
	*testing.T
	seed uint64
}

func (s seeded) Fatalf(format string, args ...any) {
	s.Helper()
	s.T.Fatalf("seed %d: %s", s.seed, fmt.Sprintf(format, args...))
}

// pickSample is a random small multigraph, with loops, parallel, one-way and
// closed edges and edges of weight zero. With uneven the two directions of an
// edge may differ in weight.
func pickSample(pick func(n int) int, nodes, edges int, uneven bool) sample {
	choice := []uint32{0, 1, 1, 2, 3, 5, 8, 100, Inf}
	choice = choice[:1+pick(len(choice))]
	s := sample{edges: pick(edges + 1)}
	n := 1 + pick(nodes)
	oneWay, near := pick(3), n
	if pick(2) == 1 {
		near = min(n, 4) // long and narrow: paths must be rerouted often
	}
	var arcs []Arc
	var weights []uint32
	for e := range uint32(s.edges) {
		u, w := pick(n), choice[pick(len(choice))]
		v := uint32((u + pick(near)) % n)
		arcs, weights = append(arcs, Arc{uint32(u), v, e}), append(weights, w)
		if pick(3) >= oneWay {
			if uneven && pick(4) == 0 {
				w = choice[pick(len(choice))]
			}
			arcs, weights = append(arcs, Arc{v, uint32(u), e}), append(weights, w)
		}
	}
	var order []uint32
	s.g, order = New(n, arcs)
	s.weight = make([]uint32, len(arcs))
	for i, at := range order {
		s.weight[at] = weights[i]
	}
	return s
}

// pickNodes is a list of 1 to most nodes.
func pickNodes(pick func(n int) int, g *Graph, most int) []uint32 {
	nodes := make([]uint32, 1+pick(most))
	for i := range nodes {
		nodes[i] = uint32(pick(g.Nodes()))
	}
	return nodes
}
