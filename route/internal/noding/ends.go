package noding

import (
	"cmp"
	"slices"

	"github.com/hubplan/hubplan/geo"
	"github.com/paulmach/orb"
)

// addNode makes a point a node.
func (n *noder) addNode(at orb.Point, group uint8) int {
	v := len(n.nodes)
	n.nodes = append(n.nodes, node{at: at, group: group})
	n.grid.add(at, v)
	return v
}

// nearestNode returns the node of a group that is nearest to a point and within
// the tolerance of it, the first of several, or -1.
func (n *noder) nearestNode(at orb.Point, group uint8) (v int, distance geo.Distance) {
	v = -1
	n.grid.near(at, func(u int) {
		if n.nodes[u].group != group || n.nodes[u].gone {
			return
		}
		if d := geo.Between(at, n.nodes[u].at); d <= n.o.Tolerance && (v < 0 || d < distance || d == distance && u < v) {
			v, distance = u, d
		}
	})
	return v, distance
}

// mergeEnds makes the nodes that the ends of lines run to. An end becomes a node
// unless a node is within the tolerance, and then goes to the nearest; the points
// that most ends have in common come first. So no end moves by more than the
// tolerance, and no two nodes are within it.
func (n *noder) mergeEnds() {
	type end struct {
		group uint8
		at    orb.Point
	}
	count := make(map[end]int)
	for i := range n.pieces {
		p := &n.pieces[i]
		count[end{p.group, p.Points[0]}]++
		count[end{p.group, p.Points[len(p.Points)-1]}]++
	}
	ends := make([]end, 0, len(count))
	for e := range count {
		ends = append(ends, e)
	}
	slices.SortFunc(ends, func(a, b end) int {
		return cmp.Or(cmp.Compare(a.group, b.group), cmp.Compare(count[b], count[a]), cmp.Compare(a.at[0], b.at[0]), cmp.Compare(a.at[1], b.at[1]))
	})
	for _, e := range ends {
		if v, _ := n.nearestNode(e.at, e.group); v < 0 {
			n.addNode(e.at, e.group)
		}
	}
	joints := make([]Joint, len(n.nodes))
	join := func(p *piece, at orb.Point) int {
		v, d := n.nearestNode(at, p.group)
		j := &joints[v]
		j.node, j.Distance = v, max(j.Distance, d)
		j.Lines = append(j.Lines, p.Line)
		return v
	}
	lines := n.pieces
	n.pieces = make([]piece, 0, len(lines))
	for i := range lines {
		p := lines[i]
		p.From, p.To = join(&p, p.Points[0]), join(&p, p.Points[len(p.Points)-1])
		before := p.Points
		n.attach(&p)
		n.add(p, before)
	}
	n.retire()
	for _, j := range joints {
		if len(j.Lines) > 1 && !n.nodes[j.node].gone {
			j.Kind, j.Exact = Ends, j.Distance == 0
			n.joints = append(n.joints, j)
		}
	}
}

// attach moves the ends of a piece to its nodes. Where an end moves, the points
// of the piece that follow within the tolerance of the node go: they could only
// make a kink.
func (n *noder) attach(p *piece) {
	from, to := n.nodes[p.From].at, n.nodes[p.To].at
	points := p.Points
	lo, hi := 1, max(1, len(points)-1) // points[lo:hi] stay
	if points[0] != from {
		for lo < hi && geo.Between(points[lo], from) <= n.o.Tolerance {
			lo++
		}
	}
	if points[len(points)-1] != to {
		for lo < hi && geo.Between(points[hi-1], to) <= n.o.Tolerance {
			hi--
		}
	}
	line := make(orb.LineString, 0, hi-lo+2)
	line = append(append(line, from), points[lo:hi]...)
	p.Points = append(line, to)
}

// add adds a piece, that ran by the points before its ends were moved. One that
// starts and ends at one node and does not leave the tolerance of it is no more
// than a point, and dropped.
func (n *noder) add(p piece, before orb.LineString) {
	from, to := &n.nodes[p.From], &n.nodes[p.To]
	if from == to && !slices.ContainsFunc(p.Points, func(q orb.Point) bool { return geo.Between(q, from.at) > n.o.Tolerance }) {
		n.joints = append(n.joints, Joint{Kind: Dropped, node: p.From, Distance: geo.Length(before), Lines: []int{p.Line}})
		return
	}
	for _, v := range [2]*node{from, to} {
		v.new = true
		v.degree++
		v.lines = append(v.lines, p.Line)
		if !slices.Contains(v.levels, p.level) {
			v.levels = append(v.levels, p.level)
		}
	}
	n.pieces = append(n.pieces, p)
}

// retire takes out nodes that nothing runs to: of lines that were dropped, and of
// crossings where another split came first.
func (n *noder) retire() {
	for v := range n.nodes {
		n.nodes[v].gone = n.nodes[v].degree == 0
	}
}
