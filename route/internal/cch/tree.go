package cch

import (
	"fmt"

	"github.com/hubplan/hubplan/route/internal/graph"
)

const none = ^uint32(0)

// ranksOf returns the place of each node in order, which must name every node
// once.
func ranksOf(order []uint32, nodes int) ([]uint32, error) {
	if len(order) != nodes {
		return nil, fmt.Errorf("cch: %w: %d places for %d nodes", ErrOrder, len(order), nodes)
	}
	rank := make([]uint32, nodes)
	fill(rank, none)
	for place, v := range order {
		if v >= uint32(nodes) {
			return nil, fmt.Errorf("cch: %w: place %d: node %d of %d", ErrOrder, place, v, nodes)
		}
		if rank[v] != none {
			return nil, fmt.Errorf("cch: %w: place %d: node %d again", ErrOrder, place, v)
		}
		rank[v] = uint32(place)
	}
	return rank, nil
}

// eliminationTree returns the parent of each rank in the elimination tree, none
// for roots, by Liu's algorithm with path compression ("The Role of Elimination
// Trees in Sparse Factorization", SIAM J. Matrix Anal. 11, 1990): O(m log n).
func eliminationTree(g *graph.Graph, rank []uint32) []uint32 {
	n := len(rank)
	// The lower neighbours of each rank, repeated where arcs are.
	first := make([]uint32, n+1)
	for i, t := range g.Tail {
		first[max(rank[t], rank[g.Head[i]])]++
	}
	var sum uint32
	for r, count := range first {
		first[r] = sum
		sum += count
	}
	lower := make([]uint32, sum)
	for i, t := range g.Tail {
		a, b := rank[t], rank[g.Head[i]]
		hi := max(a, b)
		lower[first[hi]] = min(a, b)
		first[hi]++
	}
	parent := make([]uint32, n)
	top := make([]uint32, n) // compressed way to the root so far
	lo := uint32(0)
	for v := range uint32(n) {
		parent[v], top[v] = none, v
		hi := first[v]
		for _, u := range lower[lo:hi] {
			for top[u] != v {
				up := top[u]
				top[u] = v
				if up == u {
					parent[u] = v
					break
				}
				u = up
			}
		}
		lo = hi
	}
	return parent
}

// postorder returns the ranks of a forest renumbered so that every subtree is a
// contiguous range that ends with its root. Eliminating in this order gives the
// same arcs. Children keep their order.
func postorder(parent []uint32) []uint32 {
	n := len(parent)
	child := make([]uint32, n) // the first child
	next := make([]uint32, n)  // the next sibling
	fill(child, none)
	root := none
	for v := n - 1; v >= 0; v-- {
		if p := parent[v]; p != none {
			next[v], child[p] = child[p], uint32(v)
		} else {
			next[v], root = root, uint32(v)
		}
	}
	renumbered := make([]uint32, n)
	at := uint32(0)
	for v := root; v != none; {
		for child[v] != none {
			v = child[v]
		}
		for {
			renumbered[v] = at
			at++
			if next[v] != none {
				v = next[v]
				break
			}
			if v = parent[v]; v == none {
				break
			}
		}
	}
	return renumbered
}
