package noding

import (
	"slices"

	"github.com/hubplan/hubplan/geo"
	"github.com/paulmach/orb"
)

// link adds links where something is missing: between parts of the network; where
// there are no such, across gaps within a part; and where there are none of these,
// in towns. It reports whether it added any. Links that follow on each other could
// spare each other, and those of towns are the longest.
func (n *noder) link() (bool, error) {
	l := n.newLinker()
	for _, find := range []func() error{l.parts, l.gaps, l.towns} {
		if err := find(); err != nil {
			return false, err
		}
		if len(l.added) > 0 {
			l.finish()
			return true, nil
		}
	}
	return false, nil
}

// linker finds links. Pieces stay whole until it is finished.
type linker struct {
	*noder
	index  *geo.LineIndex // of what links may lead to
	target []target       // of each line of the index
	// Most ends are in one part and have nothing else near them: for these there is
	// an index without its lines.
	main    int            // a node of that part
	others  *geo.LineIndex // of the lines outside
	foreign []int          // number in index of each
	part    []int          // of each node, as a union-find forest
	ends    []end
	splits  []split
	on      map[int]int // piece of each node made, counted from 1
	added   []piece
	roads   *roads // for gaps
}

// target is a piece that links may lead to, or the first or the last point of one
// whose inside they may not reach.
type target struct {
	piece       int
	first, last bool
}

// end is a place from which a link may start.
type end struct {
	node   int
	piece  int // the first that ends there
	levels []Level
	open   bool
}

func (n *noder) newLinker() *linker {
	l := &linker{noder: n, part: make([]int, len(n.nodes)), on: make(map[int]int)}
	for v := range l.part {
		l.part[v] = v
	}
	var lines []orb.LineString
	for i := range n.pieces {
		p := &n.pieces[i]
		if p.dead {
			continue
		}
		l.union(p.From, p.To)
		lines = append(lines, p.Points)
		l.target = append(l.target, target{piece: i})
		if !p.level.plain() {
			lines = append(lines, p.Points[:1], p.Points[len(p.Points)-1:])
			l.target = append(l.target, target{piece: i, first: true}, target{piece: i, last: true})
		}
	}
	l.index = geo.NewLineIndex(lines)
	l.ends = l.findEnds()
	size := make([]int, len(n.nodes))
	for i, t := range l.target {
		v := l.find(l.pieces[t.piece].From)
		if size[v] += len(lines[i]); size[v] > size[l.main] {
			l.main = v
		}
	}
	var others []orb.LineString
	for i, t := range l.target {
		if l.find(l.pieces[t.piece].From) != l.main {
			others = append(others, lines[i])
			l.foreign = append(l.foreign, i)
		}
	}
	l.others = geo.NewLineIndex(others)
	return l
}

// findEnds returns the open ends of the network. A part without any, such as a
// ring, may be left from all its nodes.
func (l *linker) findEnds() []end {
	open := l.open()
	opened := make([]bool, len(l.nodes))
	for v := range open {
		if open[v] {
			opened[l.find(v)] = true
		}
	}
	var ends []end
	at := make([]int, len(l.nodes)) // number of the end, from 1
	for i := range l.pieces {
		p := &l.pieces[i]
		if p.dead {
			continue
		}
		for _, v := range [2]int{p.From, p.To} {
			if !open[v] && opened[l.find(v)] {
				continue
			}
			if at[v] == 0 {
				ends = append(ends, end{node: v, piece: i, open: open[v]})
				at[v] = len(ends)
			}
			if e := &ends[at[v]-1]; !slices.Contains(e.levels, p.level) {
				e.levels = append(e.levels, p.level)
			}
		}
	}
	return ends
}

// lookAhead is how far along a piece its direction at a node is taken.
const lookAhead = 50 * geo.Meter

// maxOpen is how many pieces leave an open end at most.
const maxOpen = 8

// open tells the nodes at which a road ends: all pieces leave them to one side,
// none at a right angle or more to another. Besides dangling ends these are the
// places where two carriageways meet and would go on as one road.
func (l *linker) open() []bool {
	leave := make([][]vector, len(l.nodes))
	open := make([]bool, len(l.nodes))
	add := func(v int, p orb.Point) {
		if len(leave[v]) > 0 && (!open[v] || len(leave[v]) == maxOpen) {
			open[v] = false
			return
		}
		d := vectorOf(p).sub(vectorOf(l.nodes[v].at))
		open[v] = open[v] || len(leave[v]) == 0
		for _, e := range leave[v] {
			open[v] = open[v] && d.dot(e) > 0
		}
		leave[v] = append(leave[v], d)
	}
	for i := range l.pieces {
		p := &l.pieces[i]
		if p.dead {
			continue
		}
		first, last := 1, len(p.Points)-2
		for first < len(p.Points)-1 && geo.Between(p.Points[0], p.Points[first]) < lookAhead {
			first++
		}
		for last > 0 && geo.Between(p.Points[len(p.Points)-1], p.Points[last]) < lookAhead {
			last--
		}
		add(p.From, p.Points[first])
		add(p.To, p.Points[last])
	}
	return open
}

func (l *linker) find(v int) int {
	for l.part[v] != v {
		l.part[v] = l.part[l.part[v]]
		v = l.part[v]
	}
	return v
}

func (l *linker) union(a, b int) {
	a, b = l.find(a), l.find(b)
	l.part[max(a, b)] = min(a, b)
}

// may reports whether a link from an end may lead to a target.
func (l *linker) may(e end, t target) bool {
	p := &l.pieces[t.piece]
	return p.group == l.nodes[e.node].group && (t.first || t.last || slices.ContainsFunc(e.levels, func(v Level) bool { return ties(v, p.level) }))
}

// spot is a place on a piece that a link starts from or leads to.
type spot struct {
	piece int
	foot  geo.Projection
	node  int // -1 if it has to be made
}

// spot is the place of a projection of the index: a node of the piece, if one is
// within the tolerance. If a node of another piece is, which this one was not to be
// led through, no new one may be made there, and it is the nearer end of the piece.
func (l *linker) spot(q geo.Projection) spot {
	t := l.target[q.Line]
	p := &l.pieces[t.piece]
	if t.last {
		q.Segment, q.Fraction = len(p.Points)-2, 1
	}
	s := spot{piece: t.piece, foot: q, node: -1}
	at, length := p.position(q.Segment, q.Fraction), p.length()
	near, _ := l.nearestNode(q.Point, p.group)
	switch {
	case near >= 0 && l.on[near] == t.piece+1:
		s.node = near
	case at <= l.o.Tolerance || near >= 0 && at <= length-at:
		s.node = p.From
	case length-at <= l.o.Tolerance || near >= 0:
		s.node = p.To
	}
	return s
}

// at returns where a spot is.
func (l *linker) at(s spot) orb.Point {
	if s.node >= 0 {
		return l.nodes[s.node].at
	}
	return s.foot.Point
}

// place makes a spot a node.
func (l *linker) place(s spot) int {
	if s.node >= 0 {
		return s.node
	}
	p := &l.pieces[s.piece]
	v := l.addNode(s.foot.Point, p.group)
	l.on[v] = s.piece + 1
	l.part = append(l.part, v)
	l.union(v, p.From)
	s.foot.Distance = 0 // of the node
	x := l.splitAt(stretch{s.foot.Segment, s.foot.Segment, s.foot}, s.piece, v)
	x.kind = Link
	l.splits = append(l.splits, x)
	if l.roads != nil {
		l.roads.put(s.piece, p, v, x.along)
	}
	return v
}

// add adds a link between two nodes, which are on two pieces, or one. It is a ferry
// between ferries and on the ground otherwise.
func (l *linker) add(kind Kind, from, to, one, other int) {
	a, b := l.nodes[from].at, l.nodes[to].at
	x, y := &l.pieces[one], &l.pieces[other]
	p := piece{group: x.group}
	p.level.Ferry = x.level.Ferry && y.level.Ferry
	p.Piece = Piece{Line: l.given + l.links, From: from, To: to, Points: orb.LineString{a, b}, End: 1}
	length := geo.Between(a, b)
	l.links++
	l.joints = append(l.joints, Joint{Kind: kind, node: from, Distance: length, Lines: []int{x.Line, y.Line, p.Line}})
	l.added = append(l.added, p)
	l.union(from, to)
	if l.roads != nil {
		l.roads.add(from, to, length)
	}
}

// finish splits the pieces that links lead to and adds the links.
func (l *linker) finish() {
	l.apply(l.splits)
	for _, p := range l.added {
		l.noder.add(p, p.Points)
	}
	l.retire()
}

// lastCrossing is the spot nearest to the far end of a link where it crosses its
// own part, if it does. The link may as well start there.
func (l *linker) lastCrossing(e end, to orb.Point) (best spot, found bool) {
	nearest := geo.Between(l.nodes[e.node].at, to)
	l.index.CrossedBy(l.nodes[e.node].at, to, func(x geo.Crossing) {
		p := &l.pieces[l.target[x.Line].piece]
		if !crosses(p.level, Level{}) || p.group != l.nodes[e.node].group || l.find(p.From) != l.find(e.node) {
			return
		}
		q := geo.Project(x.Point, p.Points[x.Segment:x.Segment+2])
		q.Line, q.Segment = x.Line, x.Segment
		s := l.spot(q)
		// Not nearer than nodes may be to each other.
		if d := geo.Between(l.at(s), to); d < nearest && d > l.o.Tolerance {
			best, nearest, found = s, d, true
		}
	})
	return best, found
}
