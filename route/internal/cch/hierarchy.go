package cch

import (
	"context"
	"fmt"

	"github.com/hubplan/hubplan/route/internal/graph"
)

// Hierarchy is the topology of a contraction hierarchy: the arcs that
// eliminating the nodes of a graph in a given order leaves, without weights. It
// is immutable and safe for concurrent use.
//
// Inside, nodes go by rank, a postorder of the elimination tree, so that the
// subtree of a node is the range of ranks that ends with it. Arcs are numbered
// by their lower end and then by their upper end; each stands for both
// directions. Memory is about 40 bytes a node, 25 bytes an arc and 8 bytes an
// arc of the graph.
type Hierarchy struct {
	graph *graph.Graph
	rank  []uint32 // of each node
	node  []uint32 // of each rank

	parent []uint32 // per rank, none at roots
	depth  []uint32 // per rank, 0 at roots
	least  []uint32 // per rank, the lowest rank of its subtree
	height int      // the greatest depth plus 1, 0 without nodes
	plain  bool     // ranks are nodes

	upFirst []uint32 // per rank, nodes+1 offsets of the arcs to higher ranks
	upHead  []uint32 // per arc, ascending at each node
	upDepth []uint32 // per arc, the depth of its head
	upTail  []uint32 // per arc

	downFirst []uint32 // per rank, nodes+1 offsets into downArc
	downArc   []uint32 // the arcs from lower ranks, by ascending tail
	downTail  []uint32 // their tails

	inFirst []uint32 // per arc, arcs+1 offsets into in
	in      []uint32 // the arcs of the graph under an arc, arc<<1 | 1 if it leads down
	inArc   []uint32 // per entry of in, the arc

	layers

	triangles int // pairs of arcs at one lower node
	climbing  int // arcs on the way from a node to its root, on average
}

// Nodes returns the number of nodes.
func (h *Hierarchy) Nodes() int { return len(h.rank) }

// Arcs returns the number of arcs of the hierarchy, each with two directions.
func (h *Hierarchy) Arcs() int { return len(h.upHead) }

// Height returns the greatest number of nodes on a way from a node to its root,
// which bounds the length of a label.
func (h *Hierarchy) Height() int { return h.height }

// NodeOrder returns the nodes by rank. A graph whose nodes are numbered in this order
// is read most nearly in sequence. The slice must not be changed.
func (h *Hierarchy) NodeOrder() []uint32 { return h.node }

// mostArcs is one more than the arcs a hierarchy may have: a step of a path needs
// two bits beside the arc.
const mostArcs = 1 << 30

// NewHierarchy eliminates the nodes of g in the given order, in time about
// proportional to the arcs that result. The graph may have loops, parallel arcs
// and any number of components, and up to 1<<31 arcs. Errors wrap [ErrOrder],
// also where an order gives a hierarchy of 1<<30 arcs, or are those of ctx.
func NewHierarchy(ctx context.Context, g *graph.Graph, order []uint32) (*Hierarchy, error) {
	rank, err := ranksOf(order, g.Nodes())
	if err != nil {
		return nil, err
	}
	h := &Hierarchy{graph: g, rank: rank}
	parent := eliminationTree(g, rank)
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	h.number(parent)
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if err := h.eliminate(ctx); err != nil {
		return nil, err
	}
	return h, nil
}

// number settles the ranks and the tree from the parents by place in the order.
func (h *Hierarchy) number(parent []uint32) {
	n := len(parent)
	renumbered := postorder(parent)
	h.node = make([]uint32, n)
	for v, place := range h.rank {
		h.rank[v] = renumbered[place]
		h.node[renumbered[place]] = uint32(v)
	}
	// Not merely inverse to each other, as any order that undoes itself is.
	h.plain = true
	for v, x := range h.rank {
		h.plain = h.plain && uint32(v) == x
	}
	h.parent = make([]uint32, n)
	for place, p := range parent {
		if p != none {
			p = renumbered[p]
		}
		h.parent[renumbered[place]] = p
	}
	h.depth = make([]uint32, n)
	for r := n - 1; r >= 0; r-- {
		if p := h.parent[r]; p != none {
			h.depth[r] = h.depth[p] + 1
		}
		h.height = max(h.height, int(h.depth[r])+1)
	}
	h.least = make([]uint32, n)
	for r := range h.least {
		h.least[r] = uint32(r)
	}
	for r, p := range h.parent {
		if p != none {
			h.least[p] = min(h.least[p], h.least[r])
		}
	}
}

// eliminate finds the arcs. Eliminating a node joins its higher neighbours, the
// lowest of which is its parent, so those of a node are its own higher
// neighbours in the graph and those of its children, without itself.
func (h *Hierarchy) eliminate(ctx context.Context) error {
	g, n := h.graph, len(h.rank)
	// The higher neighbours of each rank in the graph, and under which arc.
	ownFirst := make([]uint32, n+2)
	for i, t := range g.Tail {
		ownFirst[min(h.rank[t], h.rank[g.Head[i]])+2]++
	}
	for r := 2; r <= n; r++ {
		ownFirst[r+1] += ownFirst[r]
	}
	own := make([]uint32, g.Arcs())   // the higher end
	under := make([]uint32, g.Arcs()) // the arc, as in Hierarchy.in
	for i, t := range g.Tail {
		a, b := h.rank[t], h.rank[g.Head[i]]
		down := uint32(0)
		if a > b {
			a, b, down = b, a, 1
		}
		at := ownFirst[a+1]
		ownFirst[a+1]++
		own[at], under[at] = b, uint32(i)<<1|down
	}

	// The sets, each in the order in which its members are met.
	first := make([]uint32, n+1)
	set := make([]uint32, 0, g.Arcs()+g.Arcs()/2)
	met := make([]uint32, n) // the last rank whose set a node came into, plus 1
	h.downFirst = make([]uint32, n+2)
	for x := range uint32(n) {
		if x%(1<<14) == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		mark := x + 1
		for _, y := range own[ownFirst[x]:ownFirst[x+1]] {
			if y != x && met[y] != mark {
				met[y] = mark
				set = append(set, y)
			}
		}
		// The last child is the rank below; each further one ends where the
		// subtree of the one before it begins.
		for c, least := x, h.least[x]; c > least; c = h.least[c-1] {
			for _, y := range set[first[c-1]:first[c]] {
				if y != x && met[y] != mark {
					met[y] = mark
					set = append(set, y)
				}
			}
		}
		if len(set) >= mostArcs {
			return fmt.Errorf("cch: %w: over %d arcs after %d of %d nodes", ErrOrder, mostArcs, x, n)
		}
		first[x+1] = uint32(len(set))
		for _, y := range set[first[x]:] {
			h.downFirst[y+2]++
		}
		degree := len(set) - int(first[x])
		h.triangles += degree * (degree - 1) / 2
	}
	h.upFirst = first
	h.climbing = h.averageClimb()

	// Sorting by tail under each head, then by head under each tail, takes two
	// passes and no comparison.
	m := len(set)
	for r := 2; r <= n; r++ {
		h.downFirst[r+1] += h.downFirst[r]
	}
	h.downArc, h.downTail = make([]uint32, m), make([]uint32, m)
	for x := range uint32(n) {
		for _, y := range set[first[x]:first[x+1]] {
			h.downTail[h.downFirst[y+1]] = x
			h.downFirst[y+1]++
		}
	}
	h.downFirst = h.downFirst[:n+1]
	h.upHead, h.upDepth, h.upTail = set, make([]uint32, m), make([]uint32, m)
	next := met
	copy(next, first)
	for y := range uint32(n) {
		depth := h.depth[y]
		for i := h.downFirst[y]; i < h.downFirst[y+1]; i++ {
			x := h.downTail[i]
			at := next[x]
			next[x]++
			h.upHead[at], h.upDepth[at], h.upTail[at] = y, depth, x
			h.downArc[i] = at
		}
	}
	h.assign(ownFirst, own, under)
	h.split()
	return nil
}

// averageClimb returns the average number of arcs of a climb.
func (h *Hierarchy) averageClimb() int {
	n := len(h.parent)
	arcs := make([]int, n)
	sum := 0
	for x := n - 1; x >= 0; x-- {
		arcs[x] = int(h.upFirst[x+1] - h.upFirst[x])
		if p := h.parent[x]; p != none {
			arcs[x] += arcs[p]
		}
		sum += arcs[x]
	}
	return sum / max(n, 1)
}

// assign sorts the arcs of the graph under those of the hierarchy. Loops go
// nowhere: they are under none.
func (h *Hierarchy) assign(ownFirst, own, under []uint32) {
	h.inFirst = make([]uint32, len(h.upHead)+1)
	h.in = make([]uint32, 0, len(under))
	h.inArc = make([]uint32, 0, len(under))
	for x := range h.rank {
		lo, hi := ownFirst[x], ownFirst[x+1]
		for a := h.upFirst[x]; a < h.upFirst[x+1]; a++ {
			y := h.upHead[a]
			for i, head := range own[lo:hi] {
				if head == y {
					h.in = append(h.in, under[int(lo)+i])
					h.inArc = append(h.inArc, a)
				}
			}
			h.inFirst[a+1] = uint32(len(h.in))
		}
	}
}

// arc returns the arc from rank x up to rank y, or none.
func (h *Hierarchy) arc(x, y uint32) uint32 {
	lo, hi := h.upFirst[x], h.upFirst[x+1]
	for lo < hi {
		mid := (lo + hi) / 2
		if h.upHead[mid] < y {
			lo = mid + 1
		} else {
			hi = mid
		}
	}
	if lo < h.upFirst[x+1] && h.upHead[lo] == y {
		return lo
	}
	return none
}
