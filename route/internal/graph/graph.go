// Package graph holds the graph kernels of route on plain arrays: shortest
// path trees, minimum-sum disjoint paths, alternatives, k shortest paths and
// dominators.
//
// A graph is a directed multigraph in compressed sparse row form. Every arc
// belongs to an edge; a road open in both directions is two arcs of one edge,
// and whatever takes an edge out takes both. Nodes, arcs and edges are dense
// numbers from 0. Weights are kept apart from the topology, one uint32 an arc,
// so that one topology serves many metrics.
package graph

// Inf is the distance of what cannot be reached and the weight of what cannot
// be used. Inf+Inf fits a uint32, so that sums need one comparison to stay closed.
const Inf uint32 = 1<<31 - 1

// None marks the absence of an arc.
const None = ^uint32(0)

// Arc is one direction of an edge.
type Arc struct {
	Tail, Head uint32
	Edge       uint32
}

// Graph is an immutable topology. The arcs leaving node v are
// First[v] to First[v+1], in the order in which they were given to New.
type Graph struct {
	First []uint32 // nodes+1 offsets
	Tail  []uint32 // per arc
	Head  []uint32 // per arc
	Edge  []uint32 // per arc
}

// New builds the graph of nodes nodes from its arcs. order[i] is the number
// that arcs[i] got.
func New(nodes int, arcs []Arc) (g *Graph, order []uint32) {
	g = &Graph{
		First: make([]uint32, nodes+1),
		Tail:  make([]uint32, len(arcs)),
		Head:  make([]uint32, len(arcs)),
		Edge:  make([]uint32, len(arcs)),
	}
	for _, a := range arcs {
		g.First[a.Tail+1]++
	}
	for v := range nodes {
		g.First[v+1] += g.First[v]
	}
	next := make([]uint32, nodes)
	copy(next, g.First)
	order = make([]uint32, len(arcs))
	for i, a := range arcs {
		at := next[a.Tail]
		next[a.Tail]++
		g.Tail[at], g.Head[at], g.Edge[at] = a.Tail, a.Head, a.Edge
		order[i] = at
	}
	return g, order
}

// Reversed is a graph with every arc turned round. A tree from a node of it is
// the tree of shortest paths to the node.
type Reversed struct {
	Graph  *Graph
	Weight []uint32
	Origin []uint32 // per arc, the arc that it was
}

// Reverse turns every arc round.
func Reverse(g *Graph, weight []uint32) *Reversed {
	arcs := make([]Arc, g.Arcs())
	for a := range arcs {
		arcs[a] = Arc{Tail: g.Head[a], Head: g.Tail[a], Edge: g.Edge[a]}
	}
	r, order := New(g.Nodes(), arcs)
	back := &Reversed{Graph: r, Weight: make([]uint32, len(arcs)), Origin: make([]uint32, len(arcs))}
	for a, at := range order {
		back.Weight[at], back.Origin[at] = weight[a], uint32(a)
	}
	return back
}

// Nodes returns the number of nodes.
func (g *Graph) Nodes() int { return len(g.First) - 1 }

// Arcs returns the number of arcs.
func (g *Graph) Arcs() int { return len(g.Head) }

// Add returns a+b, or Inf where the sum reaches it. Neither may exceed Inf.
func Add(a, b uint32) uint32 { return min(a+b, Inf) }
