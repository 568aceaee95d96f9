package route

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/hubplan/hubplan/route/internal/cch"
	"github.com/hubplan/hubplan/route/internal/graph"
)

// Reached is what a set of stops reaches within a limit. A point of the network
// has the time of the stop from which it is reached the fastest, access included,
// in whole milliseconds; of stops equally fast the one with the lowest number
// counts. It is immutable and safe for concurrent use.
//
// A point inside an edge is reached from the end of the edge that the traveller
// comes from, or from a stop on the edge itself, and takes its share of the time of
// the edge by length, rounded to the millisecond as that of a [Stop] is: the time
// of a point is that of [Router.Path] to a stop there.
type Reached struct {
	r      *Router
	from   []Stop
	limit  uint32
	near   []cch.Near[uint32] // per node of the graph
	inside map[int][]int32    // per edge the stops inside of it, by fraction, then number
}

// Within finds all that is reached from any of the stops within a limit, closed: a
// point that takes just the limit is reached. Zero reaches the stops alone. It
// takes one pass over the network, whatever the number of stops, which may be none.
func (r *Router) Within(ctx context.Context, from []Stop, limit time.Duration) (*Reached, error) {
	if limit < 0 {
		return nil, fmt.Errorf("route: limit %v", limit)
	}
	for i, s := range from {
		if err := s.checkPlace(); err != nil {
			return nil, fmt.Errorf("route: stop %d: %w", i, err)
		}
	}
	near, err := r.nearest(ctx, from, 1)
	if err != nil {
		return nil, err
	}
	x := &Reached{r: r, from: slices.Clone(from), limit: wholeMillis(limit), near: near, inside: make(map[int][]int32)}
	for i, s := range from {
		if s.Fraction > 0 && s.Fraction < 1 {
			x.inside[s.Edge] = append(x.inside[s.Edge], int32(i))
		}
	}
	for _, stops := range x.inside {
		slices.SortFunc(stops, func(a, b int32) int {
			return cmp.Or(cmp.Compare(from[a].Fraction, from[b].Fraction), cmp.Compare(a, b))
		})
	}
	return x, nil
}

// checkPlace reports a stop off the network whose place is none on the globe.
func (s Stop) checkPlace() error {
	if !(s.Access > 0) {
		return nil // at a place of the network, whatever its points say
	}
	if err := checkPoint(s.Point); err != nil {
		return err
	}
	return checkPoint(s.Snapped)
}

// wholeMillis is the limit in the clock of the engine: as times are whole, what is
// within d is within as many whole milliseconds.
func wholeMillis(d time.Duration) uint32 {
	return uint32(min(d/time.Millisecond, time.Duration(graph.Inf-1)))
}

// Limit returns the limit in whole milliseconds, at most what the clock holds.
func (x *Reached) Limit() time.Duration { return duration(x.limit) }

// Node returns the stop from which a node is reached the fastest and the time, and
// whether it is reached within the limit.
func (x *Reached) Node(v int) (stop int, t time.Duration, ok bool) {
	return x.found(x.first(x.r.h.split.reach(uint32(v))))
}

// At returns the stop from which a point of an edge is reached the fastest and the
// time, and whether it is reached within the limit. The fraction is that of a
// [Stop]; at 0 and at 1 the point is the node, which other edges may lead to.
func (x *Reached) At(edge int, fraction float64) (stop int, t time.Duration, ok bool) {
	switch from, to := x.r.net.Ends(edge); fraction {
	case 0:
		return x.Node(from)
	case 1:
		return x.Node(to)
	}
	var e crossing
	x.cross(edge, x.limit, &e)
	best := e.forthAt(e.fromFrom, fraction).nearer(e.backAt(e.fromTo, fraction))
	for _, i := range e.stops {
		switch at := x.from[i].Fraction; {
		case at < fraction:
			best = best.nearer(e.forthAt(e.forthFrom(x.from[i], i), fraction))
		case at > fraction:
			best = best.nearer(e.backAt(e.backFrom(x.from[i], i), fraction))
		default:
			best = best.nearer(arrival{int64(x.from[i].access()), i})
		}
	}
	return x.found(best)
}

func (x *Reached) found(a arrival) (stop int, t time.Duration, ok bool) {
	if a.stop < 0 || a.ms > int64(x.limit) {
		return -1, 0, false
	}
	return int(a.stop), duration(uint32(a.ms)), true
}

// entry is when the nearest stop can begin a step, if that is within the limit.
func (x *Reached) entry(s Step, limit uint32) arrival {
	local := x.r.base.pace[x.r.net.kind[s.Edge()]][s&1].destination
	if a := x.first(x.r.h.split.enter(x.r.net, s, local)); a.ms <= int64(limit) {
		return a
	}
	return never
}

// first is when the nearest stop is at a node of the graph.
func (x *Reached) first(v uint32) arrival {
	n := x.near[v]
	if n.Cost == graph.Inf {
		return never
	}
	return arrival{int64(n.Cost), int32(n.Stop)}
}
