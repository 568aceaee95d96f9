package cch

import (
	"context"
	"math/rand/v2"
	"testing"

	"github.com/hubplan/hubplan/route/internal/graph"
	"pgregory.net/rapid"
)

// kind makes weights of one type and says what they mean, apart from the
// arithmetic of that type.
type kind[W Weight] struct {
	pair func(first, second uint32) W
}

var (
	single = kind[uint32]{func(first, _ uint32) uint32 { return first }}
	double = kind[uint64]{func(first, second uint32) uint64 { return uint64(first)<<32 | uint64(second) }}
)

// cost is a pair of quantities compared in their order.
type cost struct{ first, second uint64 }

func (a cost) less(b cost) bool {
	return a.first < b.first || a.first == b.first && a.second < b.second
}

// weight returns the cost as a weight, Inf from there on.
func (k kind[W]) weight(c cost) W {
	if c.first >= uint64(graph.Inf) {
		return Inf[W]()
	}
	return k.pair(uint32(c.first), uint32(c.second))
}

// network is a small graph with everything in it that a graph may have: loops,
// parallel arcs, arcs of weight 0 and of none, parts without a way between them.
type network[W Weight] struct {
	graph  *graph.Graph
	costs  []cost // per arc
	weight []W
}

var far = cost{first: uint64(graph.Inf)}

// drawCost draws a cost of an arc.
func drawCost(t *rapid.T, seconds bool) cost {
	c := cost{first: rapid.Uint64Range(0, 9).Draw(t, "cost")}
	if rapid.IntRange(0, 9).Draw(t, "closed") == 0 {
		return far
	}
	if rapid.IntRange(0, 19).Draw(t, "long") == 0 {
		// Two of these are as far as Inf.
		c.first = uint64(graph.Inf) - 5
	}
	if seconds {
		c.second = rapid.Uint64Range(0, 9).Draw(t, "second")
	}
	return c
}

// drawNetwork draws a network of up to so many nodes.
func drawNetwork[W Weight](t *rapid.T, k kind[W], most int) *network[W] {
	n := rapid.IntRange(1, most).Draw(t, "nodes")
	var arcs []graph.Arc
	for range rapid.IntRange(0, 4*n).Draw(t, "arcs") {
		a := graph.Arc{
			Tail: uint32(rapid.IntRange(0, n-1).Draw(t, "tail")),
			Head: uint32(rapid.IntRange(0, n-1).Draw(t, "head")),
		}
		arcs = append(arcs, a)
		if rapid.Bool().Draw(t, "both ways") {
			arcs = append(arcs, graph.Arc{Tail: a.Head, Head: a.Tail})
		}
	}
	g, _ := graph.New(n, arcs)
	net := &network[W]{graph: g}
	for range arcs {
		net.costs = append(net.costs, drawCost(t, k.pair(0, 1) != k.pair(0, 0)))
	}
	net.weigh(k)
	return net
}

// weigh sets the weights from the costs.
func (net *network[W]) weigh(k kind[W]) {
	net.weight = make([]W, len(net.costs))
	for a, c := range net.costs {
		net.weight[a] = k.weight(c)
	}
}

// all returns the least costs between all nodes by Floyd's algorithm.
func (net *network[W]) all() [][]cost {
	n := net.graph.Nodes()
	dist := make([][]cost, n)
	for v := range dist {
		dist[v] = make([]cost, n)
		fill(dist[v], far)
		dist[v][v] = cost{}
	}
	for a, c := range net.costs {
		d := &dist[net.graph.Tail[a]][net.graph.Head[a]]
		if c.less(*d) {
			*d = c
		}
	}
	for m := range n {
		for s := range n {
			for t := range n {
				a, b := dist[s][m], dist[m][t]
				if sum := (cost{a.first + b.first, a.second + b.second}); sum.first < far.first && sum.less(dist[s][t]) {
					dist[s][t] = sum
				}
			}
		}
	}
	return dist
}

// drawHierarchy draws an order of the nodes, a computed or an arbitrary one, and
// returns its hierarchy.
func drawHierarchy(t *rapid.T, g *graph.Graph) *Hierarchy {
	n := g.Nodes()
	order := make([]uint32, n)
	for i := range order {
		order[i] = uint32(i)
	}
	if rapid.Bool().Draw(t, "computed order") {
		var err error
		if order, err = Order(context.Background(), g, OrderOptions{}); err != nil {
			t.Fatal(err)
		}
	} else {
		order = rapid.Permutation(order).Draw(t, "order")
	}
	h, err := NewHierarchy(context.Background(), g, order)
	if err != nil {
		t.Fatal(err)
	}
	return h
}

// town returns a grid of streets with some missing, one-way streets, dead ends
// and a few long ways, with positions: large enough for separators, tasks and
// blocks. It is the same for the same seed.
func town(side int, seed uint64) (g *graph.Graph, weight []uint32, x, y []int32) {
	rng := rand.New(rand.NewPCG(seed, 0))
	var arcs []graph.Arc
	var weights []uint32
	link := func(a, b int) {
		w := 1 + rng.Uint32N(100)
		arcs, weights = append(arcs, graph.Arc{Tail: uint32(a), Head: uint32(b)}), append(weights, w)
		if rng.IntN(8) > 0 {
			arcs, weights = append(arcs, graph.Arc{Tail: uint32(b), Head: uint32(a)}), append(weights, w+rng.Uint32N(3))
		}
	}
	n := side * side
	for v := range n {
		x, y = append(x, int32(v%side)), append(y, int32(v/side))
		if v%side > 0 && rng.IntN(4) > 0 {
			link(v-1, v)
		}
		if v >= side && rng.IntN(4) > 0 {
			link(v-side, v)
		}
	}
	for v := range n / 2 {
		// A dead end, and now and then a chain or another way.
		x, y = append(x, x[v]), append(y, y[v])
		link(n+v, v)
		if v > 0 && rng.IntN(8) == 0 {
			link(n+v, n+v-1)
		}
	}
	g, order := graph.New(n+n/2, arcs)
	weight = make([]uint32, len(arcs))
	for i, at := range order {
		weight[at] = weights[i]
	}
	return g, weight, x, y
}

// build prepares a graph.
func build(t testing.TB, g *graph.Graph, weight []uint32, x, y []int32, workers int) (*Hierarchy, *Metric[uint32]) {
	t.Helper()
	order, err := Order(t.Context(), g, OrderOptions{X: x, Y: y, Workers: workers})
	if err != nil {
		t.Fatal(err)
	}
	h, err := NewHierarchy(t.Context(), g, order)
	if err != nil {
		t.Fatal(err)
	}
	m, err := Customize(t.Context(), h, weight, workers)
	if err != nil {
		t.Fatal(err)
	}
	return h, m
}
