package route

import (
	"fmt"
	"math"
	"slices"

	"github.com/hubplan/hubplan/geo"
	"github.com/hubplan/hubplan/route/internal/graph"
	"github.com/paulmach/orb"
)

// Snap ties a point to the nearest edge of the profile's main component that is
// open and lies within the limit; less than a metre from an end of the edge is at
// the end. Of edges equally near it takes the one with the lowest number. The answer
// depends on the point, the profile and the network and on nothing else.
//
// The main component is the largest set of nodes that can all reach each other, in
// the network without changes: a yard behind a closed gate or an island does not
// catch a point that was meant for the road beside it. See [Router.Main]. Errors
// wrap [ErrOffNetwork].
func (r *Router) Snap(p orb.Point, limit geo.Distance) (Stop, error) {
	main := r.main()
	return r.snap(p, limit, "road of the main network", func(e int) bool { return main[e] })
}

// SnapAmong is [Router.Snap] among the open edges that accept takes, whatever part of
// the network they are of; nil takes all. Accept is called for edges near the point,
// in no particular order, and must give the same answer each time.
func (r *Router) SnapAmong(p orb.Point, limit geo.Distance, accept func(edge int) bool) (Stop, error) {
	return r.snap(p, limit, "road", accept)
}

func (r *Router) snap(p orb.Point, limit geo.Distance, what string, accept func(edge int) bool) (Stop, error) {
	if err := checkPoint(p); err != nil {
		return Stop{}, fmt.Errorf("route: %w", err)
	}
	at, ok := r.h.lines().Nearest(p, limit, func(e int) bool { return r.usable(e) && (accept == nil || accept(e)) })
	if !ok {
		return Stop{}, fmt.Errorf("route: point %.5f,%.5f is %w: no %s for %s within %v", p.Lon(), p.Lat(), ErrOffNetwork, what, r.profile.Name, limit)
	}
	access := millis(at.Distance, r.profile.Access)
	if access == graph.Inf {
		return Stop{}, fmt.Errorf("route: point %.5f,%.5f is %w: its access takes longer than the clock holds", p.Lon(), p.Lat(), ErrOffNetwork)
	}
	s := Stop{Point: p, Snapped: at.Point, Edge: at.Line, Access: at.Distance, AccessTime: duration(access)}
	line := r.net.lineOf(at.Line)
	switch whole := geo.Length(line); {
	case at.Along <= joinTolerance:
		s.Snapped = line[0]
	case at.Along >= whole-joinTolerance:
		s.Snapped, s.Fraction = line[len(line)-1], 1
	default:
		s.Fraction = float64(at.Along / whole)
	}
	return s, nil
}

// Main reports whether an edge is in the profile's main component: both its ends in
// the largest set of nodes that can all reach each other, counted in edges, ties to
// the lowest node. Forbidden turns count as allowed for it. Where one-way edges leave
// no two nodes that reach each other, it is the largest part that hangs together.
func (r *Router) Main(edge int) bool { return r.main()[edge] }

func (r *Router) main() []bool {
	r.base.mainOnce.Do(func() {
		n := r.net
		forth := make([]graph.Arc, 0, 2*n.Edges())
		for x := range Step(2 * n.Edges()) {
			if r.base.cost[x] != graph.Inf {
				forth = append(forth, graph.Arc{Tail: n.tail(x), Head: n.head(x), Edge: uint32(x.Edge())})
			}
		}
		g, _ := graph.New(n.Nodes(), forth)
		if r.base.main = r.largest(g.StrongComponents()); slices.Contains(r.base.main, true) {
			return
		}
		for _, a := range slices.Clone(forth) {
			forth = append(forth, graph.Arc{Tail: a.Head, Head: a.Tail, Edge: a.Edge})
		}
		g, _ = graph.New(n.Nodes(), forth)
		r.base.main = r.largest(g.StrongComponents())
	})
	return r.base.main
}

// largest marks the open edges of the component with most of them, given the component
// of each node.
func (r *Router) largest(component []uint32) []bool {
	edges := make(map[uint32]int)
	most, best := 0, uint32(math.MaxUint32)
	each := func(f func(e int, c uint32)) {
		for e := range r.net.Edges() {
			from, to := r.net.Ends(e)
			if c := component[from]; c == component[to] && min(r.base.cost[Forth(e)], r.base.cost[Back(e)]) != graph.Inf {
				f(e, c)
			}
		}
	}
	each(func(_ int, c uint32) {
		if edges[c]++; edges[c] > most || edges[c] == most && c < best {
			most, best = edges[c], c
		}
	})
	main := make([]bool, r.net.Edges())
	each(func(e int, c uint32) { main[e] = c == best })
	return main
}
