package route

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"sync"

	"github.com/hubplan/hubplan/route/internal/graph"
)

// Overlay is a router's network with a set of stops made nodes of it: an edge
// with stops inside is cut there into pieces. It answers what is lost when a
// piece of road is, which for a stop in the middle of an edge depends on the
// side of it on which the road fails. It is immutable and safe for concurrent use.
//
// The ways between stops and the network count as safe: they stand for
// local roads that the network does not hold. What fails is asked of the roads, not
// of their signs: an overlay takes forbidden turns ([Turn]) as allowed, and edges
// only for those who start or end there ([Destination]) as open to pass through.
type Overlay struct {
	router *Router
	stops  []Stop
	node   []uint32 // per stop
	pieces []Piece
	tail   []uint32     // per piece, the node at its start
	graph  *graph.Graph // its edges are pieces
	weight []uint32
	back   func() *graph.Reversed // made when first asked for
}

// Piece is a stretch of one edge between neighbouring stops or ends, by the
// fractions of the edge's length at which it starts and ends, from the edge's
// From node.
type Piece struct {
	Edge       int
	Start, End float64
}

// Overlay makes the stops nodes. They are numbered from 0 in the order given.
func (r *Router) Overlay(stops []Stop) (*Overlay, error) {
	o := &Overlay{router: r, stops: slices.Clone(stops), node: make([]uint32, len(stops))}
	byEdge := make([]int, len(stops))
	for i, s := range stops {
		if err := r.check(s); err != nil {
			return nil, err
		}
		byEdge[i] = i
	}
	slices.SortStableFunc(byEdge, func(a, b int) int {
		return cmp.Or(cmp.Compare(stops[a].Edge, stops[b].Edge), cmp.Compare(stops[a].Fraction, stops[b].Fraction))
	})

	var arcs []graph.Arc
	var weights []uint32
	nodes := r.net.Nodes()
	join := func(e int, tail, head uint32, start, end float64) {
		forth, back := r.costs(e)
		if min(forth, back) == graph.Inf {
			return
		}
		id := uint32(len(o.pieces))
		o.pieces = append(o.pieces, Piece{e, start, end})
		o.tail = append(o.tail, tail)
		if forth != graph.Inf {
			arcs = append(arcs, graph.Arc{Tail: tail, Head: head, Edge: id})
			weights = append(weights, offset(forth, end)-offset(forth, start))
		}
		if back != graph.Inf {
			arcs = append(arcs, graph.Arc{Tail: head, Head: tail, Edge: id})
			weights = append(weights, offset(back, end)-offset(back, start))
		}
	}
	for e := range r.net.Edges() {
		at, start := r.net.from[e], 0.0
		for len(byEdge) > 0 && stops[byEdge[0]].Edge == e {
			i := byEdge[0]
			byEdge = byEdge[1:]
			f := stops[i].Fraction
			switch {
			case f == 1:
				o.node[i] = r.net.to[e]
				continue
			case f > start:
				next := uint32(nodes)
				nodes++
				join(e, at, next, start, f)
				at, start = next, f
			}
			o.node[i] = at
		}
		join(e, at, r.net.to[e], start, 1)
	}
	g, order := graph.New(nodes, arcs)
	o.graph, o.weight = g, make([]uint32, len(arcs))
	for i, at := range order {
		o.weight[at] = weights[i]
	}
	o.back = sync.OnceValue(func() *graph.Reversed { return graph.Reverse(o.graph, o.weight) })
	return o, nil
}

// nodes returns the nodes of stops.
func (o *Overlay) nodes(stops []int) ([]uint32, error) {
	if len(stops) == 0 {
		return nil, errors.New("route: no stops to go between")
	}
	nodes := make([]uint32, len(stops))
	for i, s := range stops {
		if err := o.check(s); err != nil {
			return nil, err
		}
		nodes[i] = o.node[s]
	}
	return nodes, nil
}

// check reports a stop that the overlay does not have.
func (o *Overlay) check(stop int) error {
	if stop < 0 || stop >= len(o.node) {
		return fmt.Errorf("route: there is no stop %d", stop)
	}
	return nil
}

// path turns arcs of the overlay and their cost into a path between two stops.
func (o *Overlay) path(arcs []uint32, cost uint32, from, to int) Path {
	p := Path{From: o.stops[from], To: o.stops[to]}
	p.Length = p.From.Access + p.To.Access
	p.Time = duration(cost) + p.From.AccessTime + p.To.AccessTime
	for _, a := range arcs {
		p.add(o.router.net, o.leg(a))
	}
	return p
}

// leg is the piece of an arc in the arc's direction.
func (o *Overlay) leg(a uint32) Leg {
	id := o.graph.Edge[a]
	p := o.pieces[id]
	if o.graph.Tail[a] != o.tail[id] {
		p.Start, p.End = p.End, p.Start
	}
	return Leg(p)
}

// Bridge is a piece of road that every route from a set of stops to some others
// must use, in one direction or the other.
type Bridge struct {
	Piece Piece
	// Isolated lists the stops out of reach when the piece is lost, in no
	// particular order. It is not to be changed.
	Isolated []int
}

// Bridges returns the pieces of road whose loss alone puts stops out of reach of
// all stops of from, those that are out of reach anyway apart. With n nodes and m
// edges it costs little more than O(n+m) time and memory, the lists of stops included.
func (o *Overlay) Bridges(from []int) ([]Bridge, error) {
	sources, err := o.nodes(from)
	if err != nil {
		return nil, err
	}
	found := graph.Bridges(o.graph, o.weight, sources)

	// The nodes that a bridge isolates are a range of found.Order, so are their stops.
	first := make([]int, o.graph.Nodes()+1)
	for _, v := range o.node {
		first[v+1]++
	}
	for v := range o.graph.Nodes() {
		first[v+1] += first[v]
	}
	at := make([]int, len(o.node))
	next := slices.Clone(first)
	for i, v := range o.node {
		at[next[v]] = i
		next[v]++
	}
	ordered := make([]int, 0, len(o.node))
	place := make([]int, len(found.Order)+1)
	for i, v := range found.Order {
		ordered = append(ordered, at[first[v]:first[v+1]]...)
		place[i+1] = len(ordered)
	}
	var bridges []Bridge
	for _, b := range found.Bridges {
		if isolated := ordered[place[b.Low]:place[b.High]]; len(isolated) > 0 {
			bridges = append(bridges, Bridge{o.pieces[o.graph.Edge[b.Arc]], isolated})
		}
	}
	return bridges, nil
}

// Reached reports for every stop whether any stop of from reaches it.
func (o *Overlay) Reached(from []int) ([]bool, error) {
	sources, err := o.nodes(from)
	if err != nil {
		return nil, err
	}
	seeds := make([]graph.Seed, len(sources))
	for i, v := range sources {
		seeds[i].Node = v
	}
	var tree graph.Tree
	tree.Run(o.graph, o.weight, seeds)
	reached := make([]bool, len(o.node))
	for i, v := range o.node {
		reached[i] = tree.Dist[v] != graph.Inf
	}
	return reached, nil
}
