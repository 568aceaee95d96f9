package route

import (
	"fmt"
	"math"
	"slices"
	"time"

	"github.com/hubplan/hubplan/geo"
	"github.com/hubplan/hubplan/route/internal/cch"
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
// Who asks many times from one goroutine asks a [Query].
func (r *Router) Path(from, to Stop) (Path, error) {
	q := r.NewQuery()
	defer q.Close()
	return q.Path(from, to)
}

// Query is the memory of searches on a router, for one goroutine. Close gives it
// back.
type Query struct {
	r      *Router
	worker *cch.Worker[uint32] // with the changes of the router, nil if it has none
	search *cch.Query[uint32]
	arcs   []uint32
	steps  []Step
}

// NewQuery returns a query on the router.
func (r *Router) NewQuery() *Query {
	q := &Query{r: r}
	if r.change == nil {
		q.search = r.base.queries.Get().(*cch.Query[uint32])
		return q
	}
	q.worker = r.base.workers.Get().(*cch.Worker[uint32])
	q.worker.Apply(r.change.whatIf)
	q.search = q.worker.Metric().NewQuery()
	return q
}

// Close ends the query, which must not be used any more.
func (q *Query) Close() {
	if q.worker != nil {
		q.worker.Undo()
		q.r.base.workers.Put(q.worker)
	} else if q.search != nil {
		q.r.base.queries.Put(q.search)
	}
	q.worker, q.search = nil, nil
}

// pair checks two stops and returns the ways out of the one and into the other.
func (r *Router) pair(from, to Stop) (out, in cch.Stop[uint32], err error) {
	if err = r.check(from); err == nil {
		err = r.check(to)
	}
	if err != nil {
		return out, in, err
	}
	if out, err = r.ways(from, false); err != nil {
		return out, in, err
	}
	in, err = r.ways(to, true)
	return out, in, err
}

// Time returns the time from one stop to another, access at both ends included,
// and whether there is a way.
func (q *Query) Time(from, to Stop) (time.Duration, bool, error) {
	out, in, err := q.r.pair(from, to)
	if err != nil {
		return 0, false, err
	}
	ms := min(q.search.Distance(out, in), q.r.along(from, to))
	ms = graph.Add(graph.Add(ms, from.access()), to.access())
	return duration(ms), ms != graph.Inf, nil
}

// way is a fastest way found: along the edge of both stops, or by arcs between
// the ends of their edges, exit and entry, 0 or 1, or where the stops are at nodes
// themselves.
type way struct {
	total       uint32 // milliseconds, access included
	along       bool
	arcs        []uint32
	exit, entry float64
}

// find finds a fastest way. Its arcs are the query's and stay until the next.
func (q *Query) find(from, to Stop) (way, error) {
	r := q.r
	out, in, err := r.pair(from, to)
	if err != nil {
		return way{}, err
	}
	found, _ := q.search.Path(out, in, q.arcs)
	along := r.along(from, to)
	w := way{
		total: graph.Add(graph.Add(min(along, found.Cost), from.access()), to.access()),
		along: along <= found.Cost,
		arcs:  found.Arcs,
		exit:  from.Fraction, entry: to.Fraction,
	}
	if w.total == graph.Inf {
		return way{}, fmt.Errorf("route: point %.5f,%.5f is %w from %.5f,%.5f", to.Point.Lon(), to.Point.Lat(), ErrUnreachable, from.Point.Lon(), from.Point.Lat())
	}
	if w.along {
		return w, nil
	}
	q.arcs = found.Arcs
	if r.h.split != nil { // arcs on the spot are no part of a path
		w.arcs = slices.DeleteFunc(found.Arcs, func(a uint32) bool { return r.h.step[a] == graph.None })
	}
	if w.exit > 0 && w.exit < 1 || w.entry > 0 && w.entry < 1 {
		outside := found.Cost
		for _, a := range w.arcs {
			outside -= r.cost(Step(r.h.step[a]))
		}
		w.exit, w.entry = r.split(from, to, found.From, found.To, outside)
	}
	return w, nil
}

// Path is [Router.Path].
func (q *Query) Path(from, to Stop) (Path, error) {
	w, err := q.find(from, to)
	if err != nil {
		return Path{}, err
	}
	net := q.r.net
	p := Path{From: from, To: to, Time: duration(w.total), Length: from.Access + to.Access}
	if w.along {
		p.add(net, Leg{from.Edge, from.Fraction, to.Fraction})
		return p, nil
	}
	p.Legs = make([]Leg, 0, len(w.arcs)+2)
	p.add(net, Leg{from.Edge, from.Fraction, w.exit})
	for _, a := range w.arcs {
		l := q.r.h.leg(a)
		p.Legs = append(p.Legs, l)
		p.Length += net.length[l.Edge]
	}
	p.add(net, Leg{to.Edge, w.entry, to.Fraction})
	return p, nil
}

// Step is an edge of a path in the direction of travel.
type Step uint32

// Forth and Back are the steps along an edge, from From to To and the other way.
func Forth(edge int) Step { return Step(edge) << 1 }
func Back(edge int) Step  { return Step(edge)<<1 | 1 }

// Edge returns the number of the edge.
func (s Step) Edge() int { return int(s >> 1) }

// Backward reports whether the edge is travelled from its To node to its From node.
func (s Step) Backward() bool { return s&1 == 1 }

// step is a part of an edge travelled from one fraction to another.
func step(edge int, start, end float64) Step {
	s := Step(edge) << 1
	if end < start {
		s |= 1
	}
	return s
}

// Edges returns the edges that [Query.Path] passes, those at its ends perhaps in
// part, and its time: all that many uses of a path need, at half the cost. The
// slice is the query's and stays until its next use.
func (q *Query) Edges(from, to Stop) ([]Step, time.Duration, error) {
	w, err := q.find(from, to)
	if err != nil {
		return nil, 0, err
	}
	q.steps = q.steps[:0]
	if w.along {
		if from.Fraction != to.Fraction {
			q.steps = append(q.steps, step(from.Edge, from.Fraction, to.Fraction))
		}
		return q.steps, duration(w.total), nil
	}
	if w.exit != from.Fraction {
		q.steps = append(q.steps, step(from.Edge, from.Fraction, w.exit))
	}
	for _, a := range w.arcs {
		q.steps = append(q.steps, Step(q.r.h.step[a]))
	}
	if w.entry != to.Fraction {
		q.steps = append(q.steps, step(to.Edge, w.entry, to.Fraction))
	}
	return q.steps, duration(w.total), nil
}

// split finds by which ends of their edges, 0 or 1, a path leaves its first stop
// for the first node and reaches its last stop from the last, given what both
// cost together. The ends of an edge are different nodes, but for a loop.
func (r *Router) split(from, to Stop, first, last, cost uint32) (exit, entry float64) {
	out, outs := r.ends(from, false)
	in, ins := r.ends(to, true)
	for _, x := range out[:outs] {
		for _, y := range in[:ins] {
			if x.seed.Node == first && y.seed.Node == last && graph.Add(x.seed.Cost, y.seed.Cost) == cost {
				return x.at, y.at
			}
		}
	}
	panic("route: a path costs what none of its ways out and in does")
}

// leg is the whole edge of an arc in its direction.
func (h *Hierarchy) leg(arc uint32) Leg {
	x := h.step[arc]
	back := float64(x & 1)
	return Leg{int(x >> 1), back, 1 - back}
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
