package route

import (
	"context"
	"fmt"
	"slices"

	"github.com/hubplan/hubplan/route/internal/graph"
)

// maxWays bounds the routes of one question, so that sums of their costs fit
// however large the network is.
const maxWays = 64

// Ways are routes that share as little as can be.
type Ways struct {
	// Count is how many routes with nothing in common there are, at most as many
	// as were asked for.
	Count int
	// Routes come in the order of their time on the network. Where Count is less
	// than was asked for they share the pieces in Shared, unless DisjointOnly
	// leaves it at Count routes.
	Routes []Path
	// Shared lists the pieces of road that several routes travel, in the order
	// of edges: the loss of one of them takes several routes.
	Shared []Piece
	// Junctions lists the nodes of the network that several routes pass,
	// ascending. It is filled with NodeDisjoint.
	Junctions []int
}

// WaysOptions tunes [Overlay.Ways].
type WaysOptions struct {
	// NodeDisjoint keeps the routes apart at the nodes of the network too; the
	// nodes where they may start and end in any number are exempt. Routes that
	// have pieces of road apart alone may cross.
	NodeDisjoint bool
	// DistinctFrom lets one route at most start at each stop of from, and
	// DistinctTo one at most end at each stop of to. Otherwise any number may.
	DistinctFrom, DistinctTo bool
	// DisjointOnly asks for routes with nothing in common and no others.
	DisjointOnly bool
}

// Ways returns k routes, 1 to 64, from any of the stops from to any of the
// stops to that share as little as can be and, among these, take the least total
// time on the network. A piece of road is one thing in both directions. Each use
// of an edge by another route than the first counts one, and with NodeDisjoint
// each such use of a node too; no time outweighs it. Only the stops of from and to divide an
// edge here: the other stops of the overlay make no difference.
//
// The least total is not made of the fastest route and the best one beside it:
// where these two would clash, both give way. A stop named twice counts once.
// Access at both ends counts in the times but not in the choice. A stop that is
// in both lists, or at the same node as one in the other, is joined by routes
// without legs. Where there is no way there are no routes, which is not an error;
// routes of 24.8 days or more do not count and leave fewer than k.
//
// It takes one run of Dijkstra's algorithm a route.
func (o *Overlay) Ways(ctx context.Context, from, to []int, k int, opt WaysOptions) (Ways, error) {
	if k < 1 || k > maxWays {
		return Ways{}, fmt.Errorf("route: %d ways: want 1 to %d", k, maxWays)
	}
	from, to = once(from), once(to)
	sources, err := o.nodes(from)
	if err != nil {
		return Ways{}, err
	}
	targets, err := o.nodes(to)
	if err != nil {
		return Ways{}, err
	}
	q := graph.Disjoint{
		Paths: k, Sources: sources, Targets: targets,
		DistinctSources: opt.DistinctFrom, DistinctTargets: opt.DistinctTo,
		Share: !opt.DisjointOnly, Uncounted: o.followers(sources, targets),
	}
	if opt.NodeDisjoint {
		q.Apart = o.router.net.Nodes()
	}
	found, err := graph.DisjointPaths(ctx, o.graph, o.weight, q)
	if err != nil {
		return Ways{}, err
	}
	ways := Ways{Count: found.Disjoint, Shared: o.join(found.SharedEdges)}
	start, end := o.at(from, opt.DistinctFrom), o.at(to, opt.DistinctTo)
	for _, r := range found.Routes {
		ways.Routes = append(ways.Routes, o.path(r.Arcs, r.Cost, start(r.Source), end(r.Target)))
	}
	for _, v := range found.SharedNodes {
		ways.Junctions = append(ways.Junctions, int(v))
	}
	return ways, nil
}

// once returns the stops without those that came before.
func once(stops []int) []int {
	seen := make(map[int]bool)
	return slices.DeleteFunc(slices.Clone(stops), func(s int) bool {
		again := seen[s]
		seen[s] = true
		return again
	})
}

// followers marks the pieces that begin in the middle of an edge at stops other
// than the ends of a question: who travels them travels the piece before too.
func (o *Overlay) followers(sources, targets []uint32) []bool {
	end := make(map[uint32]bool)
	for _, v := range slices.Concat(sources, targets) {
		end[v] = true
	}
	follows := make([]bool, len(o.pieces))
	for id, v := range o.tail {
		follows[id] = int(v) >= o.router.net.Nodes() && !end[v]
	}
	return follows
}

// at returns a function that picks the stop at a node, of several the one given
// first; with distinct, each only once.
func (o *Overlay) at(stops []int, distinct bool) func(node uint32) int {
	waiting := make(map[uint32][]int)
	for _, s := range stops {
		waiting[o.node[s]] = append(waiting[o.node[s]], s)
	}
	return func(v uint32) int {
		s := waiting[v][0]
		if distinct {
			waiting[v] = waiting[v][1:]
		}
		return s
	}
}

// join puts neighbouring pieces of one edge together.
func (o *Overlay) join(ids []uint32) []Piece {
	var joined []Piece
	for _, id := range ids {
		p := o.pieces[id]
		if last := len(joined) - 1; last >= 0 && joined[last].Edge == p.Edge && joined[last].End == p.Start {
			joined[last].End = p.End
		} else {
			joined = append(joined, p)
		}
	}
	return joined
}
