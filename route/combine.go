package route

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"math"
	"slices"
	"time"

	"github.com/hubplan/hubplan/geo"
	"github.com/hubplan/hubplan/geo/input"
	"github.com/hubplan/hubplan/route/internal/noding"
	"github.com/paulmach/orb"
)

// Terminal is a place where goods pass from one network to another: a station with
// a loading road, a port.
type Terminal struct {
	ID, Name string
	Point    orb.Point
	Time     time.Duration // that the transfer takes, the way between the networks included; above zero
	Capacity Mass          // a day; 0 is not known
	// Limit is how far away a network may be to be tied. Zero stands for 1 km.
	Limit geo.Distance
}

// Tie is what became of a terminal.
type Tie struct {
	Terminal int
	Parts    []int          // networks within its limit, ascending
	Nodes    []int          // where each is tied, in the combined network
	Distance []geo.Distance // of each from the terminal
}

// Combination tells where the networks are in the combined one.
type Combination struct {
	// Nodes and Edges are the numbers of the first node and edge of each network.
	// The others follow as they did, so node v of network p is Nodes[p]+v. Of an
	// edge that is split at a terminal that is its first part.
	Nodes, Edges []int
	// Source is the number, as of the unsplit edge, of what each edge is a part of,
	// -1 for transfers.
	Source []int
	// Ties has every terminal in order. Those with fewer than two networks are not
	// tied: see [Combination.Untied].
	Ties []Tie
}

// Untied returns the terminals that have fewer than two networks within their
// limits, and so tie nothing.
func (c *Combination) Untied() []int {
	var untied []int
	for _, t := range c.Ties {
		if len(t.Parts) < 2 {
			untied = append(untied, t.Terminal)
		}
	}
	return untied
}

// Combine makes one network of several, such as roads, railways and ferries, so
// that one search finds the way by all of them. They are put side by side, with
// their turns, and tied only at terminals: by an edge of class [Transfer], open
// both ways, between each two of the networks within the limit of one, with its
// name, time and capacity. A network is tied at its nearest point, which becomes a
// node if it is not within a metre of one; motorways are not tied, and bridges,
// tunnels, ferries and transfers at their ends only. Of networks equally near the edge with the lowest
// number counts.
//
// It stops with the context's error when that ends; other errors wrap
// [ErrNetwork].
func Combine(ctx context.Context, parts []*Network, terminals []Terminal) (*Network, *Combination, error) {
	if len(parts) == 0 {
		return nil, nil, fmt.Errorf("route: %w: nothing to combine", ErrNetwork)
	}
	b := combiner{cuts: make(map[int][]cut)}
	for _, p := range parts {
		b.put(p)
	}
	for i, p := range parts {
		if err := b.tie(ctx, i, p, terminals); err != nil {
			return nil, nil, err
		}
	}
	first := b.split()
	b.transfers(terminals)
	var turns []Turn
	for i, p := range parts {
		for _, t := range p.Turns() {
			turns = append(turns, Turn{b.path(t.Path, b.Edges[i], first), t.Vehicles})
		}
	}
	n, err := NewNetwork(b.nodes, b.edges, turns...)
	if err != nil {
		return nil, nil, err
	}
	return n, &b.Combination, nil
}

// combiner is a network of networks in the making.
type combiner struct {
	Combination
	nodes []Node
	edges []Edge
	cuts  map[int][]cut // by edge
}

// cut is a node to be put on an edge.
type cut struct {
	node     int
	segment  int     // of the line
	fraction float64 // of the segment
	share    float64 // of the edge's length
}

// put puts a network beside the others.
func (b *combiner) put(n *Network) {
	node := len(b.nodes)
	b.Nodes, b.Edges = append(b.Nodes, node), append(b.Edges, len(b.edges))
	b.nodes = append(b.nodes, n.nodes...)
	for i := range n.Edges() {
		e := n.Edge(i)
		e.From += node
		e.To += node
		b.Source = append(b.Source, len(b.edges))
		b.edges = append(b.edges, e)
	}
}

// tie finds where terminals are tied to a network.
func (b *combiner) tie(ctx context.Context, part int, n *Network, terminals []Terminal) error {
	var lines []orb.LineString
	var edge []int
	var end []float64 // 0 or 1 for the ends of edges, else -1
	add := func(e int, line orb.LineString, at float64) {
		lines, edge, end = append(lines, line), append(edge, b.Edges[part]+e), append(end, at)
	}
	for i := range n.Edges() {
		e := n.Edge(i)
		if e.Class == Motorway {
			continue
		}
		if e.Bridge || e.Tunnel || e.Class == Ferry || e.Class == Transfer {
			add(i, e.Line[:1], 0)
			add(i, e.Line[len(e.Line)-1:], 1)
		} else {
			add(i, e.Line, -1)
		}
	}
	x := geo.NewLineIndex(lines)
	for i, t := range terminals {
		if i%64 == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		if part == 0 {
			b.Ties = append(b.Ties, Tie{Terminal: i})
			if err := t.check(); err != nil {
				return fmt.Errorf("route: %w: terminal %d %q: %v", ErrNetwork, i, t.ID, err)
			}
		}
		limit := t.Limit
		if limit == 0 {
			limit = 1 * geo.Kilometer
		}
		q, ok := x.Nearest(t.Point, limit, nil)
		if !ok {
			continue
		}
		tie := &b.Ties[i]
		tie.Parts = append(tie.Parts, part)
		tie.Distance = append(tie.Distance, q.Distance)
		at := end[q.Line]
		if length := geo.Length(lines[q.Line]); at < 0 {
			if at = float64(q.Along / length); q.Along <= joinTolerance {
				at = 0
			} else if q.Along >= length-joinTolerance {
				at = 1
			}
		}
		tie.Nodes = append(tie.Nodes, b.node(edge[q.Line], at, q))
	}
	return nil
}

func (t *Terminal) check() error {
	if err := checkPoint(t.Point); err != nil {
		return err
	}
	if !(t.Limit >= 0) {
		return fmt.Errorf("limit %v", t.Limit)
	}
	if t.Time <= 0 {
		return fmt.Errorf("a transfer takes %v", t.Time)
	}
	a := Attributes{Duration: t.Time, Capacity: t.Capacity}
	return a.validate()
}

// node is the node at a share of an edge, made if there is none within a metre.
func (b *combiner) node(edge int, share float64, q geo.Projection) int {
	e := &b.edges[edge]
	switch share {
	case 0:
		return e.From
	case 1:
		return e.To
	}
	for _, c := range b.cuts[edge] {
		if geo.Between(b.nodes[c.node].Point, q.Point) <= joinTolerance {
			return c.node
		}
	}
	v := len(b.nodes)
	b.nodes = append(b.nodes, Node{Point: q.Point})
	b.cuts[edge] = append(b.cuts[edge], cut{v, q.Segment, q.Fraction, share})
	return v
}

// split splits edges where nodes are put on them and returns the number of the
// second part of each; the others follow it.
func (b *combiner) split() (second map[int]int) {
	second = make(map[int]int)
	for i := range b.edges {
		cuts := b.cuts[i]
		if cuts == nil {
			continue
		}
		slices.SortFunc(cuts, func(a, b cut) int { return cmp.Compare(a.share, b.share) })
		e := b.edges[i]
		parts := appendParts(nil, &e, piecesOf(&e, b.nodes, cuts))
		second[i] = len(b.edges)
		b.edges[i] = parts[0]
		for _, p := range parts[1:] {
			b.edges = append(b.edges, p)
			b.Source = append(b.Source, i)
		}
	}
	return second
}

// piecesOf cuts the line of an edge.
func piecesOf(e *Edge, nodes []Node, cuts []cut) []noding.Piece {
	var pieces []noding.Piece
	p := noding.Piece{From: e.From, Points: orb.LineString{e.Line[0]}}
	next := 1 // point of the line
	for _, c := range cuts {
		for next <= c.segment {
			p.Points = append(p.Points, e.Line[next])
			next++
		}
		at := nodes[c.node].Point
		if c.fraction > 0 || c.segment == 0 {
			p.Points = append(p.Points, at)
		} else {
			p.Points[len(p.Points)-1] = at
		}
		p.To, p.End = c.node, c.share
		pieces = append(pieces, p)
		if c.fraction == 1 {
			next = c.segment + 2
		}
		p = noding.Piece{From: c.node, Start: c.share, Points: orb.LineString{at}}
	}
	p.To, p.End, p.Points = e.To, 1, append(p.Points, e.Line[next:]...)
	return append(pieces, p)
}

// transfers adds the edges between networks.
func (b *combiner) transfers(terminals []Terminal) {
	for _, tie := range b.Ties {
		t := &terminals[tie.Terminal]
		name := t.Name
		if name == "" {
			name = t.ID
		}
		for j := range tie.Nodes {
			for i := range j {
				from, to := tie.Nodes[i], tie.Nodes[j]
				e := Edge{From: from, To: to, Class: Transfer, Name: name}
				e.Line = orb.LineString{b.nodes[from].Point, t.Point, b.nodes[to].Point}
				e.Duration, e.Capacity = t.Time, t.Capacity
				b.edges = append(b.edges, e)
				b.Source = append(b.Source, -1)
			}
		}
	}
}

// path is the path of a turn after edges were split: of its first edge the last
// part counts, of its last edge the first, of those between all.
func (b *combiner) path(path []Step, offset int, second map[int]int) []Step {
	var steps []Step
	for k, s := range path {
		edge := offset + s.Edge()
		parts := []int{edge}
		for i := range b.cuts[edge] {
			parts = append(parts, second[edge]+i)
		}
		if s.Backward() {
			slices.Reverse(parts)
		}
		switch k {
		case 0:
			parts = parts[len(parts)-1:]
		case len(path) - 1:
			parts = parts[:1]
		}
		for _, e := range parts {
			if s.Backward() {
				steps = append(steps, Back(e))
			} else {
				steps = append(steps, Forth(e))
			}
		}
	}
	return steps
}

// ReadTerminals reads terminals from a CSV table with the columns
//
//	id              not empty, each once
//	lon, lat        degrees of WGS 84
//	transfer_min    minutes that a transfer takes, above 0
//	name            optional
//	capacity_t_day  optional
//	limit_km        optional; else 1
//
// Errors are [input.Errors] with the position of each problem. The file may be
// packed with gzip.
func ReadTerminals(r io.Reader, file string) ([]Terminal, error) {
	var p input.Problems
	var terminals []Terminal
	seen := make(map[string]bool)
	t := input.ReadTable(r, file, &p, []string{"id", "lon", "lat", "transfer_min"}, "name", "capacity_t_day", "limit_km")
	for row := range t.Rows() {
		x := Terminal{ID: row.Text("id"), Name: row.Optional("name"), Point: row.Point()}
		if seen[x.ID] && x.ID != "" {
			row.Fail("id", input.Errorf(input.ErrDuplicate, "%q appears twice", x.ID))
		}
		seen[x.ID] = true
		x.Time = time.Duration(math.Round(row.Number("transfer_min", 0, maxDuration.Minutes()) * float64(time.Minute)))
		if row.OK() && x.Time == 0 {
			row.Fail("transfer_min", input.Errorf(input.ErrRange, "a transfer takes time"))
		}
		if row.Optional("capacity_t_day") != "" {
			x.Capacity = Mass(row.Number("capacity_t_day", 0, math.Inf(1))) * Tonne
		}
		if row.Optional("limit_km") != "" {
			x.Limit = geo.Distance(row.Number("limit_km", 0.001, 1000)) * geo.Kilometer
		}
		terminals = append(terminals, x)
	}
	if err := p.Err(); err != nil {
		return nil, err
	}
	return terminals, nil
}
