package route

import (
	"errors"
	"fmt"
	"math"
	"time"

	"github.com/hubplan/hubplan/geo"
	"github.com/hubplan/hubplan/route/internal/graph"
	"github.com/paulmach/orb"
)

// ErrOffNetwork is wrapped by the error of a point with no usable edge within
// its limit.
var ErrOffNetwork = errors.New("off the network")

// ErrUnreachable is wrapped by the error of a path that does not exist.
var ErrUnreachable = errors.New("unreachable")

// Router answers for one profile on one network. It is immutable and safe for
// concurrent use.
type Router struct {
	net     *Network
	profile Profile
	cost    []uint32 // per edge, milliseconds end to end; graph.Inf is closed
	graph   *graph.Graph
	weight  []uint32 // per arc of graph
	index   *geo.LineIndex
}

// NewRouter prepares the network for a profile. Errors wrap [ErrProfile]; a
// profile that can use no edge of the network is one of them, and so is an edge
// that takes the profile 24.8 days or longer.
func NewRouter(net *Network, profile Profile) (*Router, error) {
	if err := profile.Validate(); err != nil {
		return nil, err
	}
	r := &Router{net: net, profile: profile, cost: make([]uint32, net.Edges())}
	var arcs []graph.Arc
	var weights []uint32
	lines := make([]orb.LineString, net.Edges())
	for e := range net.Edges() {
		lines[e] = net.lineOf(e)
		speed, ok := profile.Speed[net.class[e]]
		if !ok {
			r.cost[e] = graph.Inf
			continue
		}
		w := millis(net.length[e], speed)
		if w == graph.Inf {
			return nil, fmt.Errorf("route: %w %q: %s takes longer than the clock holds", ErrProfile, profile.Name, net.Label(e))
		}
		r.cost[e] = w
		arcs = append(arcs, graph.Arc{Tail: net.from[e], Head: net.to[e], Edge: uint32(e)})
		weights = append(weights, w)
		if !net.one[e] {
			arcs = append(arcs, graph.Arc{Tail: net.to[e], Head: net.from[e], Edge: uint32(e)})
			weights = append(weights, w)
		}
	}
	if len(arcs) == 0 {
		return nil, fmt.Errorf("route: %w %q: it can use no edge of the network", ErrProfile, profile.Name)
	}
	r.graph, r.weight = arrange(net.Nodes(), arcs, weights)
	r.index = geo.NewLineIndex(lines)
	return r, nil
}

// arrange builds the graph of weighted arcs.
func arrange(nodes int, arcs []graph.Arc, weights []uint32) (*graph.Graph, []uint32) {
	g, order := graph.New(nodes, arcs)
	weight := make([]uint32, len(arcs))
	for i, at := range order {
		weight[at] = weights[i]
	}
	return g, weight
}

// Network returns the network that the router runs on.
func (r *Router) Network() *Network { return r.net }

// Stop is a point tied to the network.
type Stop struct {
	Point   orb.Point // as it was asked for
	Snapped orb.Point // the nearest point of the edge
	Edge    int
	// Fraction of the edge, by length, from its From node to Snapped, in [0,1].
	Fraction float64
	// Access is the great-circle distance from Point to Snapped.
	Access geo.Distance
	// AccessTime is the time between Point and Snapped, off the network.
	AccessTime time.Duration
}

// Snap ties a point to the nearest edge that the profile may use and that lies
// within the limit; less than a metre from an end of the edge is at the end. Of edges equally near it takes the one with the lowest
// number, whatever else is asked. Errors wrap [ErrOffNetwork].
func (r *Router) Snap(p orb.Point, limit geo.Distance) (Stop, error) {
	if err := checkPoint(p); err != nil {
		return Stop{}, fmt.Errorf("route: %w", err)
	}
	at, ok := r.index.Nearest(p, limit, func(e int) bool { return r.cost[e] != graph.Inf })
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

// offset is the time from the From end of its edge to the stop. Offsets round
// once, against the whole edge, so that parts of an edge add up to it exactly.
func (r *Router) offset(s Stop) uint32 {
	return offset(r.cost[s.Edge], s.Fraction)
}

func offset(cost uint32, fraction float64) uint32 {
	return uint32(math.Round(fraction * float64(cost)))
}

// leave returns the ways from a stop to the ends of its edge, and their cost.
func (r *Router) leave(s Stop) []graph.Seed {
	if r.cost[s.Edge] == graph.Inf {
		return nil
	}
	off := r.offset(s)
	seeds := []graph.Seed{{Node: r.net.to[s.Edge], Dist: r.cost[s.Edge] - off}}
	if !r.net.one[s.Edge] || s.Fraction == 0 {
		seeds = append(seeds, graph.Seed{Node: r.net.from[s.Edge], Dist: off})
	}
	return seeds
}

// arrive returns the ways from the ends of its edge to a stop, and their cost.
func (r *Router) arrive(s Stop) []graph.Seed {
	if r.cost[s.Edge] == graph.Inf {
		return nil
	}
	off := r.offset(s)
	seeds := []graph.Seed{{Node: r.net.from[s.Edge], Dist: off}}
	if !r.net.one[s.Edge] || s.Fraction == 1 {
		seeds = append(seeds, graph.Seed{Node: r.net.to[s.Edge], Dist: r.cost[s.Edge] - off})
	}
	return seeds
}

// along returns the time from one stop to another on the same edge without
// leaving it, or graph.Inf.
func (r *Router) along(from, to Stop) uint32 {
	if from.Edge != to.Edge || r.cost[from.Edge] == graph.Inf {
		return graph.Inf
	}
	if from.Fraction > to.Fraction {
		if r.net.one[from.Edge] {
			return graph.Inf
		}
		from, to = to, from
	}
	return r.offset(to) - r.offset(from)
}

// best returns the least time from one stop to another, given the distances of
// all nodes from the first, and the end node of the second's edge it passes;
// node is graph.None where the way stays on one edge or there is none. Access
// is not in it.
func (r *Router) best(dist []uint32, from, to Stop) (ms, node uint32) {
	ms, node = r.along(from, to), graph.None
	for _, way := range r.arrive(to) {
		if sum := graph.Add(dist[way.Node], way.Dist); sum < ms {
			ms, node = sum, way.Node
		}
	}
	return ms, node
}
