package graph

import (
	"cmp"
	"context"
	"slices"
)

// Limits says which alternatives to a shortest path are admissible, in parts of
// its cost. They are closed.
type Limits struct {
	Stretch float64 // an alternative costs at most this
	Sharing float64 // at most this much of it is on edges of paths chosen before
	Plateau float64 // its plateau costs at least this
}

// Alternatives returns the shortest path from s to t and up to k-1 others that
// are good in their own right, the best first, by the plateau method (Abraham,
// Delling, Goldberg and Werneck, "Alternative routes in road networks", J.
// Experimental Algorithmics 18, 2013). back is the reverse of g.
//
// A plateau is a longest chain of arcs that are both in the shortest path tree
// from s and in the one to t. The path by a plateau follows the first tree to
// it and the second from it; it is left out if it passes a node twice or has no
// edge of its own. Paths rank by the cost of the plateau less the cost of the
// detour, ties by the number of the plateau's first node. Every stretch of such a
// path that costs less than its plateau is a shortest path: it does not hold the
// whole plateau and something on either side, so one of the trees holds it.
//
// It takes two runs of Dijkstra's algorithm, O((n+m) log m), and O(n) for each
// path looked at. It ends early, between the runs, with the error of the context.
func Alternatives(ctx context.Context, g *Graph, weight []uint32, back *Reversed, s, t uint32, k int, limits Limits) ([]Route, error) {
	var there, home Tree
	there.Run(g, weight, []Seed{{Node: s}})
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	best := there.Dist[t]
	if best == Inf {
		return nil, nil
	}
	home.Run(back.Graph, back.Weight, []Seed{{Node: t}})
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	routes := []Route{{s, t, there.PathTo(g, t), best}}
	used := make(map[uint32]bool)
	add := func(arcs []uint32) {
		for _, a := range arcs {
			used[g.Edge[a]] = true
		}
	}
	add(routes[0].Arcs)
	for _, p := range plateaus(g, back, &there, &home, best) {
		if len(routes) >= k {
			break
		}
		if float64(p.cost) > limits.Stretch*float64(best) || float64(p.length) < limits.Plateau*float64(best) {
			continue
		}
		arcs := there.PathTo(g, p.first)
		for v := p.first; v != t; v = g.Head[arcs[len(arcs)-1]] {
			arcs = append(arcs, back.Origin[home.Parent[v]])
		}
		shared, fresh := uint64(0), false
		for _, a := range arcs {
			if used[g.Edge[a]] {
				shared += uint64(weight[a])
			} else {
				fresh = true
			}
		}
		if fresh && float64(shared) <= limits.Sharing*float64(best) && !revisits(g, s, arcs) {
			routes = append(routes, Route{s, t, arcs, p.cost})
			add(arcs)
		}
	}
	return routes, nil
}

// plateau is a chain of arcs by its first node and its cost, and the cost of
// the path by it.
type plateau struct {
	first        uint32
	length, cost uint32
}

// plateaus returns the plateaus of two trees, the best first.
func plateaus(g *Graph, back *Reversed, there, home *Tree, best uint32) []plateau {
	// onward is the arc by which both trees leave a node, or None.
	onward := func(v uint32) uint32 {
		if a := home.Parent[v]; a != None {
			if a = back.Origin[a]; there.Parent[g.Head[a]] == a {
				return a
			}
		}
		return None
	}
	var found []plateau
	for v := range uint32(g.Nodes()) {
		if in := there.Parent[v]; onward(v) == None || in != None && onward(g.Tail[in]) == in {
			continue
		}
		cost := Add(there.Dist[v], home.Dist[v])
		if cost == Inf {
			continue
		}
		last := v
		for a := onward(v); a != None; a = onward(last) {
			last = g.Head[a]
		}
		found = append(found, plateau{v, there.Dist[last] - there.Dist[v], cost})
	}
	rank := func(p plateau) int64 { return int64(p.length) + int64(best) - int64(p.cost) }
	slices.SortStableFunc(found, func(a, b plateau) int { return cmp.Compare(rank(b), rank(a)) })
	return found
}

// revisits reports whether a path that starts at a node passes some node twice.
func revisits(g *Graph, start uint32, arcs []uint32) bool {
	seen := map[uint32]bool{start: true}
	for _, a := range arcs {
		if seen[g.Head[a]] {
			return true
		}
		seen[g.Head[a]] = true
	}
	return false
}
