package graph

import (
	"cmp"
	"context"
	"slices"
)

// Disjoint asks for paths from sources to targets that have nothing in common.
type Disjoint struct {
	Paths int // how many
	// Sources and Targets are nodes. Any number of paths may start and end at
	// each, unless the ends are to be distinct: then one for each time that the
	// node is listed.
	Sources, Targets                 []uint32
	DistinctSources, DistinctTargets bool
	// The nodes 0 to Apart-1 are kept apart like the edges: no two paths meet
	// there. Sources and targets that serve any number of paths are exempt. At 0
	// the paths are edge-disjoint and may cross.
	Apart int
	// Share asks for all the paths, as disjoint as can be, where there are fewer
	// that have nothing in common.
	Share bool
	// Uncounted marks edges that may be shared without it being counted; nil
	// marks none. It serves edges cut into a chain, of which one part counts.
	Uncounted []bool
}

// Route is a path as a list of arcs from a source to a target.
type Route struct {
	Source, Target uint32
	Arcs           []uint32
	Cost           uint32
}

// Routes is an answer to [Disjoint].
type Routes struct {
	Routes []Route // in the order of cost
	// Disjoint is how many paths with nothing in common there are, at most as
	// many as were asked for. Without Share it is len(Routes).
	Disjoint int
	// SharedEdges and SharedNodes are on several routes, ascending. Nodes count
	// only where they are kept apart.
	SharedEdges, SharedNodes []uint32
}

// DisjointPaths finds the paths that share least and, among these, have the
// least total cost: each use of an edge or a node kept apart beyond the first
// counts one, and no cost outweighs it. An edge is one thing in both directions;
// it has one arc or two opposite ones. Arcs of weight Inf are not used. If a path
// reaches a total of Inf the answer is that to a smaller number of paths, all of
// which stay below.
//
// It is a minimum-cost flow by successive shortest augmenting paths (Suurballe
// 1974; in Bhandari's form for edges open both ways), with potentials that keep
// all reduced costs from being negative: one run of Dijkstra's algorithm a path,
// O(k (n+m) log m) time for k paths, O(n+m) memory. Everything is exact and ties
// fall in one way; sums fit while Paths times nodes and edges stays below 2^31. It
// ends early with the error of the context.
func DisjointPaths(ctx context.Context, g *Graph, weight []uint32, q Disjoint) (Routes, error) {
	for {
		b := newBundle(g, weight, q)
		disjoint := 0
		for len(b.begun) < q.Paths {
			last, err := b.search(ctx)
			if err != nil {
				return Routes{}, err
			}
			if last == None {
				break
			}
			b.augment(last)
			if !b.shared {
				disjoint++
			}
		}
		if routes, ok := b.untangle(); ok {
			answer := Routes{Routes: routes, Disjoint: disjoint}
			answer.SharedEdges, answer.SharedNodes = b.common(routes)
			return answer, nil
		}
		q.Paths = len(b.begun) - 1
	}
}

// untangle cuts the flow into paths and reports whether all stay below Inf.
func (b *bundle) untangle() ([]Route, bool) {
	out := make(map[uint32][]uint32) // ascending, an arc once for each path on it
	for e, a := range b.carrier {
		for range b.units[e] {
			out[b.g.Tail[a]] = append(out[b.g.Tail[a]], a)
		}
	}
	for _, arcs := range out {
		slices.Sort(arcs)
	}
	ends := make(map[uint32]int)
	for _, v := range b.ended {
		ends[v]++
	}
	routes := make([]Route, len(b.begun))
	for i, s := range b.begun {
		v := s
		var arcs []uint32
		place := make(map[uint32]int) // of the arc that leaves a node of the path
		for ends[v] == 0 {
			place[v] = len(arcs)
			a := out[v][0]
			out[v] = out[v][1:]
			arcs = append(arcs, a)
			v = b.g.Head[a]
			// A cycle can only have cost zero; leaving it out keeps the path simple.
			if k, ok := place[v]; ok {
				for _, c := range arcs[k:] {
					delete(place, b.g.Tail[c])
				}
				arcs = arcs[:k]
			}
		}
		ends[v]--
		var cost uint64
		for _, a := range arcs {
			cost += uint64(b.weight[a])
		}
		if cost >= uint64(Inf) {
			return nil, false
		}
		routes[i] = Route{Source: s, Target: v, Arcs: arcs, Cost: uint32(cost)}
	}
	slices.SortStableFunc(routes, func(a, b Route) int { return cmp.Compare(a.Cost, b.Cost) })
	return routes, true
}

// common lists the edges, and the nodes kept apart, that several routes use.
func (b *bundle) common(routes []Route) (edges, nodes []uint32) {
	onEdge, atNode := make(map[uint32]int), make(map[uint32]int)
	visit := func(v uint32) {
		if b.mark[v]&apart == 0 {
			return
		}
		if atNode[v]++; atNode[v] == 2 {
			nodes = append(nodes, v)
		}
	}
	for _, r := range routes {
		visit(r.Source)
		for _, a := range r.Arcs {
			e := b.g.Edge[a]
			if onEdge[e]++; onEdge[e] == 2 {
				edges = append(edges, e)
			}
			visit(b.g.Head[a])
		}
	}
	slices.Sort(edges)
	slices.Sort(nodes)
	return edges, nodes
}
