package osm

import (
	"context"
	"slices"
	"time"

	"github.com/hubplan/hubplan/geo"
	"github.com/hubplan/hubplan/geo/input"
	"github.com/hubplan/hubplan/route"
	"github.com/paulmach/orb"
)

// plan is the network being drawn: its nodes and edges, and where they come from. Nodes
// are numbered as edges come to them, so that what is near in the map is near in memory.
type plan struct {
	*assembly
	nodes []route.Node
	edges []route.Edge
	at    []uint32    // the node of the network at each node of the map, plus one
	ends  [][2]uint32 // of each edge, as nodes of the map
	first []uint32    // edge of each way, and one more
	lines []orb.Point // of all edges
	arms  map[uint32][]arm
	order []uint32 // nodes with barriers in the order of their first edge
}

// arm is the end of an edge at a barrier, with a node of its own.
type arm struct {
	node  int
	class route.Class
	step  route.Step // across the barrier, or to its middle where more than two edges end
}

// network draws the network.
func (a *assembly) network(ctx context.Context) (*Map, error) {
	p := plan{assembly: a, at: make([]uint32, len(a.marks)), arms: make(map[uint32][]arm)}
	if err := p.draw(ctx); err != nil {
		return nil, err
	}
	// Barriers come after all ways, so that the edges of a way have numbers in a row.
	if len(p.edges) == 0 {
		return nil, input.Errorf(input.ErrMissing, "no roads")
	}
	p.cross()
	turns, used, err := p.turns(ctx)
	if err != nil {
		return nil, err
	}
	m := &Map{Counts: a.counts, Restrictions: used}
	for i := range a.ways {
		if p.first[i] < p.first[i+1] {
			m.Ways++
		}
	}
	for _, l := range a.leftOut {
		if l.Count > 0 {
			m.LeftOut = append(m.LeftOut, l)
		}
	}
	// The network is made by copying: what it was drawn from goes first.
	nodes, edges := p.nodes, p.edges
	p, *a = plan{}, assembly{}
	m.Network, err = route.NewNetwork(nodes, edges, turns...)
	return m, err
}

// draw makes the edges of the ways: from junction to junction, cut where nodes are
// missing.
func (p *plan) draw(ctx context.Context) error {
	// An edge takes some 200 bytes: growing their slice would take as much again.
	nodes, edges, points, err := p.count(ctx)
	if err != nil {
		return err
	}
	p.nodes = make([]route.Node, 0, nodes)
	p.edges = make([]route.Edge, 0, edges)
	p.ends = make([][2]uint32, 0, edges)
	p.lines = make([]orb.Point, 0, points)
	p.first = make([]uint32, len(p.ways)+1)
	start := 0
	for i, w := range p.ways {
		if i%stopEvery == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		p.first[i] = uint32(len(p.edges))
		nodes := p.passed[start:w.end]
		start = int(w.end)
		r := &p.roads.list[w.road]
		if r.reversed { // an edge is open from its From to its To
			slices.Reverse(nodes)
		}
		whole := p.pieces(nodes, func(piece []uint32) { p.edge(w, r, piece) })
		if !whole {
			p.leave(CutWay, w.id)
		}
		if r.forth.Duration > 0 || r.back.Duration > 0 {
			p.share(p.edges[p.first[i]:], whole)
		}
	}
	p.first[len(p.ways)] = uint32(len(p.edges))
	return nil
}

// pieces calls f with every stretch of a way that becomes an edge, both ends
// included. It reports whether no node is missing.
func (p *plan) pieces(nodes []uint32, f func(piece []uint32)) (whole bool) {
	whole = true
	begin := -1 // of the present piece
	for i, v := range nodes {
		if p.marks[v]&there == 0 {
			// What has come of the piece ends at the node before.
			if begin >= 0 && begin < i-1 {
				f(nodes[begin:i])
			}
			begin, whole = -1, false
			continue
		}
		switch {
		case begin < 0:
			begin = i
		case p.marks[v]&junction != 0:
			f(nodes[begin : i+1])
			begin = i
		}
	}
	if begin >= 0 && begin < len(nodes)-1 {
		f(nodes[begin:])
	}
	return whole
}

// count returns how much room the network takes, so that it need not grow.
func (p *plan) count(ctx context.Context) (nodes, edges, points int, err error) {
	start := 0
	for i, w := range p.ways {
		if i%stopEvery == 0 && ctx.Err() != nil {
			return 0, 0, 0, ctx.Err()
		}
		p.pieces(p.passed[start:w.end], func(piece []uint32) {
			edges++
			points += len(piece)
		})
		start = int(w.end)
	}
	for _, m := range p.marks {
		if m&junction != 0 {
			nodes++
		}
	}
	// A barrier has as many nodes as edges end there, two as a rule, and one was counted.
	return nodes + len(p.gates), edges + len(p.gates), points, nil
}

// edge draws one edge.
func (p *plan) edge(w way, r *road, piece []uint32) {
	begin := len(p.lines)
	for _, v := range piece {
		p.lines = append(p.lines, p.points[v])
	}
	from, to := piece[0], piece[len(piece)-1]
	e := route.Edge{
		Class: r.class, OneWay: r.oneWay,
		Name: p.texts.list[w.name], Ref: p.texts.list[w.ref],
		Line:       p.lines[begin:len(p.lines):len(p.lines)],
		Attributes: r.forth,
	}
	if r.class == route.Ferry {
		e.Landing = p.marks[from]&onRoad != 0
	}
	// Most edges are the same both ways and need no attributes of their own.
	if landing := r.class == route.Ferry && p.marks[to]&onRoad != 0; r.back != r.forth || landing != e.Landing {
		back := r.back
		back.Landing = landing
		e.Back = &back
	}
	e.From, e.To = p.node(from, r.class), p.node(to, r.class)
	p.edges = append(p.edges, e)
	p.ends = append(p.ends, [2]uint32{from, to})
}

// node returns the node of the network at a node of the map, for an edge that ends
// there. At a barrier every edge gets its own.
func (p *plan) node(v uint32, class route.Class) int {
	_, gate := p.gates[v]
	if p.at[v] > 0 && !gate {
		return int(p.at[v] - 1)
	}
	p.nodes = append(p.nodes, route.Node{Name: p.names[v], Point: p.points[v]})
	p.at[v] = uint32(len(p.nodes))
	node := len(p.nodes) - 1
	if gate {
		if len(p.arms[v]) == 0 {
			p.order = append(p.order, v)
		}
		p.arms[v] = append(p.arms[v], arm{node: node, class: class})
	}
	return node
}

// cross joins the arms of every barrier by edges without length that carry what is
// known of it: two arms by one edge, more by a star that is passed once on the way in
// and left freely, so that whoever crosses meets the barrier once.
func (p *plan) cross() {
	join := func(v uint32, e route.Edge) route.Step {
		e.Name, e.Attributes = p.names[v], p.gates[v]
		p.edges = append(p.edges, e)
		p.ends = append(p.ends, [2]uint32{v, v})
		return route.Forth(len(p.edges) - 1)
	}
	for _, v := range p.order {
		arms := p.arms[v]
		switch len(arms) {
		case 1: // the end of a road: there is nothing to pass
		case 2:
			step := join(v, route.Edge{From: arms[0].node, To: arms[1].node, Class: min(arms[0].class, arms[1].class)})
			arms[0].step, arms[1].step = step, step^1
		default:
			middle := len(p.nodes)
			p.nodes = append(p.nodes, route.Node{Name: p.names[v], Point: p.points[v]})
			for i := range arms {
				arms[i].step = join(v, route.Edge{From: arms[i].node, To: middle, Class: arms[i].class, Back: &route.Attributes{}})
			}
		}
	}
}

// share gives the edges of a ferry their part of its duration, by length, in whole
// milliseconds that add up. What is in the network of a way that is cut says nothing of
// the rest of it: its edges get none.
func (p *plan) share(edges []route.Edge, whole bool) {
	var sum, done geo.Distance
	for i := range edges {
		edges[i].Length = geo.Length(edges[i].Line)
		sum += edges[i].Length
	}
	for i := range edges {
		e := &edges[i]
		begin := done
		done += e.Length
		part := func(d time.Duration) time.Duration {
			if !whole || sum == 0 {
				return 0
			}
			at := func(x geo.Distance) time.Duration {
				return time.Duration(float64(d) * float64(x/sum)).Round(time.Millisecond)
			}
			return at(done) - at(begin)
		}
		e.Duration = part(e.Duration)
		if e.Back != nil {
			e.Back.Duration = part(e.Back.Duration)
		}
	}
}
