package route

import (
	"context"
	"errors"
	"fmt"
	"math"
	"sync"
	"time"

	"github.com/hubplan/hubplan/geo"
	"github.com/hubplan/hubplan/route/internal/cch"
	"github.com/hubplan/hubplan/route/internal/graph"
	"github.com/paulmach/orb"
)

// ErrOffNetwork is wrapped by the error of a point with no usable edge within
// its limit.
var ErrOffNetwork = errors.New("off the network")

// ErrUnreachable is wrapped by the error of a path that does not exist.
var ErrUnreachable = errors.New("unreachable")

// Router answers for one profile on one network, as it is or with the changes
// of a what-if ([Router.With]). It is immutable and safe for concurrent use.
type Router struct {
	h       *Hierarchy
	net     *Network
	profile Profile
	base    *metric
	change  *change // nil for the network as it is
}

// metric is what the routers of one profile share.
type metric struct {
	cost     []uint32  // per step, milliseconds end to end; graph.Inf is closed
	pace     [][2]pace // per kind of edge, forth and back
	time     *cch.Metric[uint32]
	mainOnce sync.Once
	main     []bool    // per edge, whether it is in the main component
	workers  sync.Pool // of *cch.Worker[uint32]
	queries  sync.Pool // of *cch.Query[uint32] on time
	trees    sync.Pool // of *graph.Tree

	lengthsOnce sync.Once
	lengths     *cch.Metric[uint64]
	lengthsErr  error
}

// NewRouter makes the network ready for a profile: [NewHierarchy], then
// [Hierarchy.Router]. With several profiles, make the hierarchy once.
func NewRouter(ctx context.Context, net *Network, profile Profile) (*Router, error) {
	if err := profile.Validate(); err != nil {
		return nil, err
	}
	h, err := NewHierarchy(ctx, net, HierarchyOptions{})
	if err != nil {
		return nil, err
	}
	return h.Router(ctx, profile)
}

// Router makes the hierarchy ready for a profile, in a fraction of the time that
// one search of the whole network takes. Errors wrap [ErrProfile]; a profile that
// can use no edge of the network is one of them, and so is an edge that takes
// the profile 24.8 days or longer.
func (h *Hierarchy) Router(ctx context.Context, profile Profile) (*Router, error) {
	if err := profile.Validate(); err != nil {
		return nil, err
	}
	net := h.net
	base := &metric{cost: make([]uint32, 2*net.Edges()), pace: make([][2]pace, len(net.kinds))}
	for i, k := range net.kinds {
		base.pace[i] = [2]pace{profile.pace(k.class, &k.forth), profile.pace(k.class, &k.back)}
	}
	usable := false
	for e, k := range net.kind {
		forth, back := &base.pace[k][0], &base.pace[k][1]
		cost := base.cost[2*e : 2*e+2]
		cost[0] = forth.millis(net.length[e])
		switch {
		case net.one[e]:
			cost[1] = graph.Inf
		case *back == *forth:
			cost[1] = cost[0]
		default:
			cost[1] = back.millis(net.length[e])
		}
		if cost[0] == graph.Inf && forth.open || cost[1] == graph.Inf && back.open && !net.one[e] {
			return nil, fmt.Errorf("route: %w %q: %s takes longer than the clock holds", ErrProfile, profile.Name, net.Label(e))
		}
		usable = usable || min(cost[0], cost[1]) != graph.Inf
	}
	if !usable {
		return nil, fmt.Errorf("route: %w %q: it can use no edge of the network", ErrProfile, profile.Name)
	}
	r := &Router{h: h, net: net, profile: profile, base: base}
	var err error
	if base.time, err = cch.Customize(ctx, h.cch, weights(r, base.cost), 0); err != nil {
		return nil, err
	}
	base.workers.New = func() any { return base.time.NewWorker() }
	base.queries.New = func() any { return base.time.NewQuery() }
	base.trees.New = func() any { return new(graph.Tree) }
	return r, nil
}

// weights spreads weights of steps over the arcs.
func weights[W cch.Weight](r *Router, cost []W) []W {
	h := r.h
	weight := make([]W, h.graph.Arcs())
	if h.split == nil {
		for a, x := range h.step {
			weight[a] = cost[x]
		}
		return weight
	}
	for a, x := range h.step {
		switch role := h.split.role[a]; {
		case role&(1<<roleBits-1) == phantom || r.barred(role, x):
			weight[a] = cch.Inf[W]()
		case x != graph.None:
			weight[a] = cost[x]
		}
	}
	return weight
}

// barred reports whether an arc is closed to the profile at its place, whatever the
// step costs.
func (r *Router) barred(role uint8, x uint32) bool {
	switch role & (1<<roleBits - 1) {
	case through:
		return r.base.pace[r.net.kind[x>>1]][x&1].destination
	case local:
		return !r.base.pace[r.net.kind[x>>1]][x&1].destination
	case free:
		return bound(role >> roleBits).of(r.profile.Vehicle)
	}
	return false
}

// Network returns the network that the router runs on.
func (r *Router) Network() *Network { return r.net }

// Hierarchy returns the hierarchy that the router runs on.
func (r *Router) Hierarchy() *Hierarchy { return r.h }

// cost is the time on a whole edge in the direction of a step, in milliseconds,
// graph.Inf where it is closed.
func (r *Router) cost(x Step) uint32 {
	if r.change != nil {
		if c, ok := r.change.cost[uint32(x)]; ok {
			return c
		}
	}
	return r.base.cost[x]
}

// Time returns the time on a whole edge in the direction of a step, and whether it is
// open that way.
func (r *Router) Time(x Step) (time.Duration, bool) {
	ms := r.cost(x)
	return duration(ms), ms != graph.Inf
}

// costs are those of both directions of an edge.
func (r *Router) costs(edge int) (forth, back uint32) {
	return r.cost(Forth(edge)), r.cost(Back(edge))
}

// usable reports whether an edge is open in any direction.
func (r *Router) usable(edge int) bool {
	forth, back := r.costs(edge)
	return min(forth, back) != graph.Inf
}

// Stop is a point tied to the network.
type Stop struct {
	Point   orb.Point // as it was asked for
	Snapped orb.Point // the nearest point of the edge
	Edge    int
	// Fraction of the edge, by length, from its From node to Snapped, in [0,1].
	// At 0 and at 1 the stop is at the node, whatever happens to the edge.
	Fraction float64
	// Access is the great-circle distance from Point to Snapped.
	Access geo.Distance
	// AccessTime is the time between Point and Snapped, off the network.
	AccessTime time.Duration
}

// At returns the stop at a node. A node without any edge is [ErrOffNetwork].
func (h *Hierarchy) At(node int) (Stop, error) {
	if node < 0 || node >= h.net.Nodes() {
		return Stop{}, fmt.Errorf("route: there is no node %d", node)
	}
	edges := h.edgesAt(uint32(node))
	if len(edges) == 0 {
		return Stop{}, fmt.Errorf("route: node %d is %w: it has no edge", node, ErrOffNetwork)
	}
	e := edges[0]
	p := h.net.nodes[node].Point
	s := Stop{Point: p, Snapped: p, Edge: int(e)}
	if h.net.from[e] != uint32(node) {
		s.Fraction = 1
	}
	return s, nil
}

// check reports a stop that this router cannot have made.
func (r *Router) check(s Stop) error {
	switch {
	case s.Edge < 0 || s.Edge >= r.net.Edges():
		return fmt.Errorf("route: stop on edge %d of a network of %d edges", s.Edge, r.net.Edges())
	case !(s.Fraction >= 0 && s.Fraction <= 1):
		return fmt.Errorf("route: stop at fraction %v of an edge", s.Fraction)
	case s.AccessTime < 0 || s.AccessTime >= duration(graph.Inf):
		return fmt.Errorf("route: stop with access time %v", s.AccessTime)
	}
	return nil
}

// access is the stop's time off the network in milliseconds.
func (s Stop) access() uint32 { return uint32(s.AccessTime / time.Millisecond) }

// offset is the time between the From end of an edge and a point of it.
func offset(cost uint32, fraction float64) uint32 {
	return uint32(math.Round(fraction * float64(cost)))
}

// An end is where one comes from a stop, or from where one comes to it.
type end[W cch.Weight] struct {
	seed cch.Seed[W]
	at   float64 // the end of the stop's edge, 0 or 1
}

// ends returns the ends of a stop, with the costs between them and the stop: to
// them, or from them if arriving. Inside an edge open both ways it has two, else
// one. At a node it is there whatever the edge costs. A step along the edge costs
// forth(true) and forth(false), in parts up to the stop and from it.
func endsOf[W cch.Weight](r *Router, s Stop, arriving bool, parts func(x Step) (before, after W)) (ends [2]end[W], count int) {
	h, n := r.h, r.net
	at := func(v uint32) cch.Seed[W] {
		if arriving {
			return cch.Seed[W]{Node: h.split.reach(v)}
		}
		return cch.Seed[W]{Node: h.split.leave(v)}
	}
	switch s.Fraction {
	case 0:
		return [2]end[W]{{at(n.from[s.Edge]), 0}}, 1
	case 1:
		return [2]end[W]{{at(n.to[s.Edge]), 1}}, 1
	}
	for x := Forth(s.Edge); x <= Back(s.Edge); x++ {
		if x.Backward() && n.one[s.Edge] {
			break
		}
		before, after := parts(x)
		local := r.base.pace[n.kind[s.Edge]][x&1].destination
		e := end[W]{cch.Seed[W]{Node: h.split.exit(n, x, local), Cost: after}, 1}
		if arriving {
			e = end[W]{cch.Seed[W]{Node: h.split.enter(n, x, local), Cost: before}, 0}
		}
		if x.Backward() {
			e.at = 1 - e.at
		}
		ends[count] = e
		count++
	}
	return ends, count
}

// ends is endsOf in milliseconds.
func (r *Router) ends(s Stop, arriving bool) (ends [2]end[uint32], count int) {
	return endsOf(r, s, arriving, func(x Step) (before, after uint32) { return r.parts(x, s.Fraction) })
}

// parts returns the time on an edge in the direction of a step up to a point of it
// and on from there. Times round once, against the whole edge, so that parts of an
// edge add up to it exactly.
func (r *Router) parts(x Step, fraction float64) (before, after uint32) {
	cost := r.cost(x)
	if cost == graph.Inf {
		return graph.Inf, graph.Inf
	}
	before = offset(cost, fraction)
	if after = cost - before; x.Backward() {
		return after, before
	}
	return before, after
}

// ways returns a stop as the engine has it.
func (r *Router) ways(s Stop, arriving bool) (cch.Stop[uint32], error) {
	ends, count := r.ends(s, arriving)
	return stopAt(r.h, ends, count, 0)
}

// stopAt is the stop with some ends, so much farther from all of them.
func stopAt[W cch.Weight](h *Hierarchy, ends [2]end[W], count int, farther W) (cch.Stop[W], error) {
	var seeds [2]cch.Seed[W]
	for i := range seeds {
		seeds[i] = ends[i].seed
		seeds[i].Cost = min(seeds[i].Cost+farther, cch.Inf[W]())
	}
	return cch.NewStop(h.cch, seeds[:count]...)
}

// along returns the time from one stop to another on the same edge without
// leaving it, or graph.Inf.
func (r *Router) along(from, to Stop) uint32 {
	if from.Edge != to.Edge {
		return graph.Inf
	}
	if from.Fraction == to.Fraction {
		return 0
	}
	x := step(from.Edge, from.Fraction, to.Fraction)
	cost := r.cost(x)
	if cost == graph.Inf {
		return graph.Inf
	}
	lo, hi := min(from.Fraction, to.Fraction), max(from.Fraction, to.Fraction)
	return offset(cost, hi) - offset(cost, lo)
}

// use calls f with the metric of the router, changes applied.
func (r *Router) use(f func(m *cch.Metric[uint32]) error) error {
	if r.change == nil {
		return f(r.base.time)
	}
	w := r.base.workers.Get().(*cch.Worker[uint32])
	defer r.base.workers.Put(w)
	w.Apply(r.change.whatIf)
	defer w.Undo()
	return f(w.Metric())
}
