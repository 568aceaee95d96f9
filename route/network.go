package route

import (
	"errors"
	"fmt"
	"iter"
	"math"
	"slices"

	"github.com/hubplan/hubplan/geo"
	"github.com/paulmach/orb"
)

// ErrNetwork is wrapped by every error about what a network is made of.
var ErrNetwork = errors.New("invalid network")

// Node is a junction or an end of edges. Nodes are numbered from 0.
type Node struct {
	Name  string // may be empty
	Point orb.Point
}

// Edge is a stretch between two nodes on which nothing branches off.
type Edge struct {
	From, To int    // nodes
	Class    Class  // decides the speed
	OneWay   bool   // open from From to To only
	Name     string // what people call it, "M05"; may be empty
	Ref      string // its number in a wider system, "E95"; may be empty
	// Length of travel. Zero stands for the great-circle length of Line.
	Length geo.Distance
	// Line runs from the point of From to the point of To, both included. Nil
	// stands for the great circle between them.
	Line orb.LineString
	// Attributes are those of the direction from From to To. Back has those of the
	// other; nil stands for the same.
	Attributes
	Back *Attributes
}

// Network is an immutable set of nodes and edges, held as columns. It is safe
// for concurrent use.
type Network struct {
	nodes []Node
	from  []uint32
	to    []uint32
	class []Class
	one   []bool
	// Lengths are held in millimetres as the road file states them to the metre at best.
	length []geo.Distance
	name   []uint32 // into text
	ref    []uint32 // into text
	text   []string
	line   []uint32    // edges+1 offsets into points
	points []orb.Point // of the lines, without their ends
	kind   []uint32    // into kinds
	kinds  []kind
	turns  []Turn
}

// kind is what edges have in common, a line of a table, since a country has
// millions of edges and thousands of kinds.
type kind struct {
	class       Class
	forth, back Attributes
}

// NewNetwork builds a network, with turns that are not allowed. Errors wrap
// [ErrNetwork] and name the first node, edge or turn that is wrong: a coordinate
// out of range, an edge to a node that does not exist, a length that is negative or
// not finite, a line that does not join its nodes, a turn between edges that do not
// meet. Parallel edges, loops and parts that do not connect are allowed.
func NewNetwork(nodes []Node, edges []Edge, turns ...Turn) (*Network, error) {
	points := 0
	for i := range edges {
		points += max(0, len(edges[i].Line)-2)
	}
	return collectNetwork(nodes, slices.Values(edges), len(edges), points, turns)
}

// CollectNetwork is [NewNetwork] for edges that come one by one, about so many: an
// edge takes much more memory on its own than in a network.
func CollectNetwork(nodes []Node, edges iter.Seq[Edge], about int, turns ...Turn) (*Network, error) {
	return collectNetwork(nodes, edges, about, 0, turns)
}

// collectNetwork makes room for about so many points between the ends of lines.
func collectNetwork(nodes []Node, edges iter.Seq[Edge], about, points int, turns []Turn) (*Network, error) {
	if len(nodes) == 0 {
		return nil, fmt.Errorf("route: %w: no nodes", ErrNetwork)
	}
	for i, n := range nodes {
		if err := checkPoint(n.Point); err != nil {
			return nil, fmt.Errorf("route: %w: node %d %q: %v", ErrNetwork, i, n.Name, err)
		}
	}
	c := &collector{
		Network: &Network{
			nodes:  slices.Clone(nodes),
			from:   make([]uint32, 0, about),
			to:     make([]uint32, 0, about),
			class:  make([]Class, 0, about),
			one:    make([]bool, 0, about),
			length: make([]geo.Distance, 0, about),
			name:   make([]uint32, 0, about),
			ref:    make([]uint32, 0, about),
			line:   make([]uint32, 1, about+1),
			kind:   make([]uint32, 0, about),
			points: make([]orb.Point, 0, points),
		},
		texts: make(map[string]uint32),
		like:  make(map[kind]uint32),
	}
	for e := range edges {
		if err := c.add(&e); err != nil {
			return nil, fmt.Errorf("route: %w: edge %d %q: %v", ErrNetwork, len(c.from), e.Name, err)
		}
	}
	n := c.Network
	for i, t := range turns {
		if err := n.checkTurn(t); err != nil {
			return nil, fmt.Errorf("route: %w: turn %d: %v", ErrNetwork, i, err)
		}
		n.turns = append(n.turns, Turn{slices.Clone(t.Path), slices.Clone(t.Vehicles)})
	}
	return n, nil
}

// collector is a network while edges are added.
type collector struct {
	*Network
	texts map[string]uint32
	like  map[kind]uint32
	last  uint32 // kind of the edge before, which the next one is often of too
}

func (c *collector) intern(s string) uint32 {
	i, ok := c.texts[s]
	if !ok {
		i = uint32(len(c.text))
		c.texts[s] = i
		c.text = append(c.text, s)
	}
	return i
}

// kindOf interns the kind of an edge.
func (c *collector) kindOf(k *kind) uint32 {
	if int(c.last) < len(c.kinds) && c.kinds[c.last] == *k {
		return c.last
	}
	at, ok := c.like[*k]
	if !ok {
		at = uint32(len(c.kinds))
		c.like[*k] = at
		c.kinds = append(c.kinds, *k)
	}
	c.last = at
	return at
}

func (c *collector) add(e *Edge) error {
	line, length, err := c.check(e)
	if err != nil {
		return err
	}
	k := kind{e.Class, e.Attributes, e.Attributes}
	if e.Back != nil {
		k.back = *e.Back
	}
	c.from, c.to = append(c.from, uint32(e.From)), append(c.to, uint32(e.To))
	c.class, c.one, c.length = append(c.class, e.Class), append(c.one, e.OneWay), append(c.length, length)
	c.name, c.ref = append(c.name, c.intern(e.Name)), append(c.ref, c.intern(e.Ref))
	c.kind = append(c.kind, c.kindOf(&k))
	if len(line) > 2 {
		c.points = append(c.points, line[1:len(line)-1]...)
	}
	c.line = append(c.line, uint32(len(c.points)))
	return nil
}

// joinTolerance is how far the end of a line may lie from its node, and how near
// to the end of a line a point is at the node.
const joinTolerance = 1 * geo.Meter

// check returns the line of an edge, nil for a straight one, and its length, or what
// is wrong with it.
func (n *Network) check(e *Edge) (orb.LineString, geo.Distance, error) {
	for _, v := range [2]int{e.From, e.To} {
		if v < 0 || v >= len(n.nodes) {
			return nil, 0, fmt.Errorf("there is no node %d", v)
		}
	}
	if int(e.Class) >= classes {
		return nil, 0, fmt.Errorf("there is no %v", e.Class)
	}
	from, to, length := n.nodes[e.From].Point, n.nodes[e.To].Point, e.Length
	switch line := e.Line; {
	case line == nil && length == 0:
		length = geo.Between(from, to)
	case line == nil:
	case len(line) < 2:
		return nil, 0, fmt.Errorf("line of %d points", len(line))
	default:
		for _, p := range line {
			if err := checkPoint(p); err != nil {
				return nil, 0, err
			}
		}
		joins := func(a, b orb.Point) bool { return a == b || geo.Between(a, b) <= joinTolerance }
		if !joins(line[0], from) || !joins(line[len(line)-1], to) {
			return nil, 0, errors.New("line does not run between its nodes")
		}
		if length == 0 {
			length = geo.Length(line)
		}
	}
	if !(length >= 0 && length < 1<<32) {
		return nil, 0, fmt.Errorf("length %v m out of range", float64(length))
	}
	if e.Attributes != (Attributes{}) {
		if err := e.Attributes.validate(); err != nil {
			return nil, 0, err
		}
	}
	if e.Back != nil {
		if err := e.Back.validate(); err != nil {
			return nil, 0, fmt.Errorf("backwards: %v", err)
		}
	}
	return e.Line, length, nil
}

func checkPoint(p orb.Point) error {
	if !(math.Abs(p.Lon()) <= 180) {
		return fmt.Errorf("longitude %v out of range", p.Lon())
	}
	if !(math.Abs(p.Lat()) <= 90) {
		return fmt.Errorf("latitude %v out of range", p.Lat())
	}
	return nil
}

// Nodes returns the number of nodes.
func (n *Network) Nodes() int { return len(n.nodes) }

// Edges returns the number of edges.
func (n *Network) Edges() int { return len(n.from) }

// Node returns node i.
func (n *Network) Node(i int) Node { return n.nodes[i] }

// Edge returns edge i with its line and length filled in. Its line starts and ends
// exactly at the points of its nodes.
func (n *Network) Edge(i int) Edge {
	e := Edge{
		From: int(n.from[i]), To: int(n.to[i]),
		OneWay: n.one[i],
		Name:   n.text[n.name[i]], Ref: n.text[n.ref[i]],
		Length: n.length[i],
		Line:   n.lineOf(i),
	}
	e.like(&n.kinds[n.kind[i]])
	return e
}

// like makes an edge one of a kind.
func (e *Edge) like(k *kind) {
	e.Class, e.Attributes, e.Back = k.class, k.forth, nil
	if k.back != k.forth {
		back := k.back
		e.Back = &back
	}
}

// Turns returns the turns that are not allowed. They are not to be changed.
func (n *Network) Turns() []Turn { return n.turns }

// Ends returns the nodes from which and to which edge i runs, at less cost than
// [Network.Edge].
func (n *Network) Ends(i int) (from, to int) { return int(n.from[i]), int(n.to[i]) }

// Label returns what to call edge i on a list, "M05 Bila Tserkva–Uman".
func (n *Network) Label(i int) string {
	from, to := n.nodes[n.from[i]].Name, n.nodes[n.to[i]].Name
	name := n.text[n.name[i]]
	switch {
	case from == "" && to == "" && name == "":
		return fmt.Sprintf("edge %d", i)
	case from == "" && to == "":
		return name
	case name == "":
		return from + "–" + to
	}
	return name + " " + from + "–" + to
}

// lineOf is the line of edge i, a new one.
func (n *Network) lineOf(i int) orb.LineString {
	between := n.points[n.line[i]:n.line[i+1]]
	line := make(orb.LineString, 0, len(between)+2)
	line = append(line, n.nodes[n.from[i]].Point)
	line = append(line, between...)
	return append(line, n.nodes[n.to[i]].Point)
}

// Components numbers the parts of the network that hang together, one-way edges
// taken as open both ways, and returns the part of each node and the count.
// Parts are numbered by their lowest node.
func (n *Network) Components() (part []int, count int) {
	root := make([]int, len(n.nodes))
	for i := range root {
		root[i] = i
	}
	find := func(v int) int {
		for root[v] != v {
			root[v] = root[root[v]]
			v = root[v]
		}
		return v
	}
	for i := range n.from {
		a, b := find(int(n.from[i])), find(int(n.to[i]))
		root[max(a, b)] = min(a, b)
	}
	part = make([]int, len(n.nodes))
	for v := range part {
		if r := find(v); r == v {
			part[v] = count
			count++
		} else {
			part[v] = part[r]
		}
	}
	return part, count
}
