package route

import (
	"context"
	"fmt"

	"github.com/hubplan/hubplan/route/internal/graph"
)

// AlternativesOptions says which routes beside the fastest are worth offering,
// in parts of the fastest one's time on the network. Limits are closed.
type AlternativesOptions struct {
	// Stretch is the most that a route may take, 1 or more; 0 stands for 1.25.
	Stretch float64
	// Sharing is the most that a route may have in common with those before it,
	// all taken together, up to 1; 0 stands for 0.8.
	Sharing float64
	// Plateau is the least length of a route's plateau, up to 1; 0 stands for
	// 0.25. Every stretch of the route that takes less than its plateau is a fastest
	// way itself, so that the route has no needless detours.
	Plateau float64
}

// limits fills in the defaults.
func (o AlternativesOptions) limits() (graph.Limits, error) {
	l := graph.Limits(o)
	if l.Stretch == 0 {
		l.Stretch = 1.25
	}
	if l.Sharing == 0 {
		l.Sharing = 0.8
	}
	if l.Plateau == 0 {
		l.Plateau = 0.25
	}
	switch {
	case !(l.Stretch >= 1):
		return l, fmt.Errorf("route: alternatives: stretch %v is below 1", l.Stretch)
	case !(l.Sharing > 0 && l.Sharing <= 1):
		return l, fmt.Errorf("route: alternatives: sharing %v is not between 0 and 1", l.Sharing)
	case !(l.Plateau > 0 && l.Plateau <= 1):
		return l, fmt.Errorf("route: alternatives: plateau %v is not between 0 and 1", l.Plateau)
	}
	return l, nil
}

// Alternatives returns the fastest route between two stops and up to k-1 more
// that a driver would call other routes: not much longer, different for a good
// part, and without needless detours. They come from plateaus, chains of roads
// that are on the fastest ways both from the one stop and to the other; the
// fastest comes first, then those with the longest plateau less the detour. There
// are none where there is no way. It takes two runs of Dijkstra's algorithm.
//
// Such routes may meet and part again: for routes that fail apart see [Overlay.Ways].
func (o *Overlay) Alternatives(ctx context.Context, from, to, k int, opt AlternativesOptions) ([]Path, error) {
	limits, err := opt.limits()
	if err != nil {
		return nil, err
	}
	if err := o.checkPair(from, to, k); err != nil {
		return nil, err
	}
	found, err := graph.Alternatives(ctx, o.graph, o.weight, o.back(), o.node[from], o.node[to], k, limits)
	return o.paths(found, from, to), err
}

// Fastest returns the k fastest routes between two stops that pass no point
// twice, in the order of time; fewer if there are no more. Those after the first are mostly
// the first with a small detour: for routes worth choosing from see
// [Overlay.Alternatives]. It takes one run of Dijkstra's algorithm and a short
// search for each junction of each route but the last.
func (o *Overlay) Fastest(ctx context.Context, from, to, k int) ([]Path, error) {
	if err := o.checkPair(from, to, k); err != nil {
		return nil, err
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	var home graph.Tree
	home.Run(o.back().Graph, o.back().Weight, []graph.Seed{{Node: o.node[to]}})
	found, err := graph.ShortestPaths(ctx, o.graph, o.weight, home.Dist, o.node[from], o.node[to], k)
	return o.paths(found, from, to), err
}

func (o *Overlay) checkPair(from, to, k int) error {
	for _, s := range [2]int{from, to} {
		if err := o.check(s); err != nil {
			return err
		}
	}
	if k < 1 {
		return fmt.Errorf("route: %d routes: want 1 or more", k)
	}
	return nil
}

func (o *Overlay) paths(routes []graph.Route, from, to int) []Path {
	var paths []Path
	for _, r := range routes {
		paths = append(paths, o.path(r.Arcs, r.Cost, from, to))
	}
	return paths
}
