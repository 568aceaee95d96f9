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
	cost    []uint32 // per edge, milliseconds end to end; graph.Inf is closed
	time    *cch.Metric[uint32]
	workers sync.Pool // of *cch.Worker[uint32]
	queries sync.Pool // of *cch.Query[uint32] on time
	trees   sync.Pool // of *graph.Tree

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
	base := &metric{cost: make([]uint32, net.Edges())}
	usable := false
	var speeds [classes]Speed // 0 for closed
	for c, s := range profile.Speed {
		speeds[c] = s
	}
	for e, class := range net.class {
		speed := speeds[class]
		if speed == 0 {
			base.cost[e] = graph.Inf
			continue
		}
		w := millis(net.length[e], speed)
		if w == graph.Inf {
			return nil, fmt.Errorf("route: %w %q: %s takes longer than the clock holds", ErrProfile, profile.Name, net.Label(e))
		}
		base.cost[e] = w
		usable = true
	}
	if !usable {
		return nil, fmt.Errorf("route: %w %q: it can use no edge of the network", ErrProfile, profile.Name)
	}
	var err error
	if base.time, err = cch.Customize(ctx, h.cch, weights(h, base.cost), 0); err != nil {
		return nil, err
	}
	base.workers.New = func() any { return base.time.NewWorker() }
	base.queries.New = func() any { return base.time.NewQuery() }
	base.trees.New = func() any { return new(graph.Tree) }
	return &Router{h: h, net: net, profile: profile, base: base}, nil
}

// Network returns the network that the router runs on.
func (r *Router) Network() *Network { return r.net }

// Hierarchy returns the hierarchy that the router runs on.
func (r *Router) Hierarchy() *Hierarchy { return r.h }

// cost is the time on a whole edge in milliseconds, graph.Inf where it is closed.
func (r *Router) cost(edge int) uint32 {
	if r.change != nil {
		if c, ok := r.change.cost[uint32(edge)]; ok {
			return c
		}
	}
	return r.base.cost[edge]
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

// Snap ties a point to the nearest edge that the profile may use and that lies
// within the limit; less than a metre from an end of the edge is at the end. Of
// edges equally near it takes the one with the lowest number, whatever else is
// asked. Errors wrap [ErrOffNetwork].
func (r *Router) Snap(p orb.Point, limit geo.Distance) (Stop, error) {
	if err := checkPoint(p); err != nil {
		return Stop{}, fmt.Errorf("route: %w", err)
	}
	at, ok := r.h.lines().Nearest(p, limit, func(e int) bool { return r.cost(e) != graph.Inf })
	if !ok {
		return Stop{}, fmt.Errorf("route: point %.5f,%.5f is %w: no road for %s within %v", p.Lon(), p.Lat(), ErrOffNetwork, r.profile.Name, limit)
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

// offset is the time from the From end of an edge to a point of it. Offsets round
// once, against the whole edge, so that parts of an edge add up to it exactly.
func offset(cost uint32, fraction float64) uint32 {
	return uint32(math.Round(fraction * float64(cost)))
}

// seeds returns the ends of a stop's edge with the cost between them and the
// stop: to them, or from them if arriving. count of them have to do with it.
func (r *Router) seeds(s Stop, arriving bool) (ends [2]cch.Seed[uint32], count int) {
	from := cch.Seed[uint32]{Node: r.net.from[s.Edge]}
	to := cch.Seed[uint32]{Node: r.net.to[s.Edge]}
	if cost := r.cost(s.Edge); cost == graph.Inf {
		from.Cost, to.Cost = graph.Inf, graph.Inf
	} else {
		from.Cost = offset(cost, s.Fraction)
		to.Cost = cost - from.Cost
	}
	return open(r.net.one[s.Edge], s.Fraction, arriving, from, to)
}

// open keeps of the two ends of an edge those that a stop on it has to do with. At
// an end it is at the node, whatever the edge costs.
func open[W cch.Weight](oneWay bool, fraction float64, arriving bool, from, to cch.Seed[W]) (ends [2]cch.Seed[W], count int) {
	switch {
	case fraction == 0:
		return [2]cch.Seed[W]{{Node: from.Node}}, 1
	case fraction == 1:
		return [2]cch.Seed[W]{{Node: to.Node}}, 1
	case !oneWay:
		return [2]cch.Seed[W]{from, to}, 2
	case arriving:
		return [2]cch.Seed[W]{from}, 1
	}
	return [2]cch.Seed[W]{to}, 1
}

// ways returns a stop as the engine has it.
func (r *Router) ways(s Stop, arriving bool) (cch.Stop[uint32], error) {
	ends, count := r.seeds(s, arriving)
	return cch.NewStop(r.h.cch, ends[:count]...)
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
	cost := r.cost(from.Edge)
	if cost == graph.Inf {
		return graph.Inf
	}
	if from.Fraction > to.Fraction {
		if r.net.one[from.Edge] {
			return graph.Inf
		}
		from, to = to, from
	}
	return offset(cost, to.Fraction) - offset(cost, from.Fraction)
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
