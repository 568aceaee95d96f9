package route

import (
	"fmt"
	"math"
	"time"

	"github.com/hubplan/hubplan/geo"
	"github.com/hubplan/hubplan/route/internal/graph"
	"github.com/paulmach/orb"
)

// Leg is a stretch of one edge that a path travels, from one fraction of the
// edge's length to another, both counted from its From node. Start is greater
// than End where the edge is travelled backwards.
type Leg struct {
	Edge       int
	Start, End float64
}

// Path is a way between two stops.
type Path struct {
	From, To Stop
	Time     time.Duration // access at both ends included
	Length   geo.Distance  // access at both ends included
	Legs     []Leg         // in the order of travel; empty where both stops are one point of the network
}

// Path returns the fastest path between two stops. Errors wrap [ErrUnreachable].
func (r *Router) Path(from, to Stop) (Path, error) {
	for _, s := range [2]Stop{from, to} {
		if err := r.check(s); err != nil {
			return Path{}, err
		}
	}
	var tree graph.Tree
	tree.Run(r.graph, r.weight, r.leave(from))
	ms, node := r.best(tree.Dist, from, to)
	total := graph.Add(graph.Add(ms, from.access()), to.access())
	if total == graph.Inf {
		return Path{}, fmt.Errorf("route: point %.5f,%.5f is %w from %.5f,%.5f", to.Point.Lon(), to.Point.Lat(), ErrUnreachable, from.Point.Lon(), from.Point.Lat())
	}
	p := Path{From: from, To: to, Time: duration(total), Length: from.Access + to.Access}
	if node == graph.None {
		p.add(r.net, Leg{from.Edge, from.Fraction, to.Fraction})
		return p, nil
	}
	arcs := tree.PathTo(r.graph, node)
	start := node
	if len(arcs) > 0 {
		start = r.graph.Tail[arcs[0]]
	}
	p.add(r.net, Leg{from.Edge, from.Fraction, r.exit(from, start, tree.Dist[start])})
	for _, a := range arcs {
		p.add(r.net, r.leg(a))
	}
	p.add(r.net, Leg{to.Edge, r.entry(to, node, ms-tree.Dist[node]), to.Fraction})
	return p, nil
}

// leg is the whole edge of an arc in its direction.
func (r *Router) leg(arc uint32) Leg {
	e := int(r.graph.Edge[arc])
	if r.graph.Tail[arc] == r.net.from[e] {
		return Leg{e, 0, 1}
	}
	return Leg{e, 1, 0}
}

// exit is the end of its edge, 0 or 1, by which a stop reaches a node at a cost.
func (r *Router) exit(s Stop, node, cost uint32) float64 {
	off := r.offset(s)
	if node == r.net.to[s.Edge] && cost == r.cost[s.Edge]-off {
		return 1
	}
	return 0
}

// entry is the end of its edge, 0 or 1, by which a stop is reached from a node at a cost.
func (r *Router) entry(s Stop, node, cost uint32) float64 {
	if node == r.net.from[s.Edge] && cost == r.offset(s) {
		return 0
	}
	return 1
}

// add appends a leg unless it is a point, as part of the one before where it
// goes on along the same edge.
func (p *Path) add(net *Network, l Leg) {
	if l.Start == l.End {
		return
	}
	if last := len(p.Legs) - 1; last >= 0 && p.Legs[last].Edge == l.Edge && p.Legs[last].End == l.Start {
		p.Legs[last].End = l.End
	} else {
		p.Legs = append(p.Legs, l)
	}
	p.Length += geo.Distance(math.Abs(l.End-l.Start)) * net.length[l.Edge]
}

// Line returns the geometry of the path on the network, from the snapped point
// of its first stop to that of its last.
func (p *Path) Line(net *Network) orb.LineString {
	line := orb.LineString{p.From.Snapped}
	for _, l := range p.Legs {
		line = append(line, net.Stretch(l)[1:]...)
	}
	if len(line) == 1 {
		line = append(line, p.To.Snapped)
	}
	return line
}

// Stretch returns the part of an edge's line that a leg travels, ends included,
// in the direction of travel.
func (n *Network) Stretch(l Leg) orb.LineString {
	whole := n.lineOf(l.Edge)
	back := l.Start > l.End
	lo, hi := min(l.Start, l.End), max(l.Start, l.End)
	length := geo.Length(whole)
	var part orb.LineString
	var at geo.Distance
	a, b := geo.Distance(lo)*length, geo.Distance(hi)*length
	for i := range len(whole) - 1 {
		step := geo.Between(whole[i], whole[i+1])
		if len(part) == 0 && (at+step >= a || i == len(whole)-2) {
			part = append(part, between(whole[i], whole[i+1], a-at, step))
		}
		if len(part) > 0 {
			if at+step >= b || i == len(whole)-2 {
				part = append(part, between(whole[i], whole[i+1], b-at, step))
				break
			}
			part = append(part, whole[i+1])
		}
		at += step
	}
	if back {
		part.Reverse()
	}
	return part
}

// between is the point a distance along a segment; the ends come out exactly.
func between(a, b orb.Point, d, whole geo.Distance) orb.Point {
	switch {
	case d <= 0 || whole == 0:
		return a
	case d >= whole:
		return b
	}
	return geo.Interpolate(a, b, float64(d/whole))
}

// Roads returns the names of the roads that the path follows, each once where
// it goes on along the same road; edges without a name are passed over.
func (p *Path) Roads(net *Network) []string {
	var roads []string
	for _, l := range p.Legs {
		name := net.text[net.name[l.Edge]]
		if name != "" && (len(roads) == 0 || roads[len(roads)-1] != name) {
			roads = append(roads, name)
		}
	}
	return roads
}
