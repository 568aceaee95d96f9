// Package noding makes a network of lines that have no topology: ends that nearly
// meet, ends that lie on other lines, lines that cross, and gaps.
//
// It works in rounds. A node is a point that lines run to. Every round looks for
// lines that pass a node, or each other, and splits them there, until there is
// nothing left to split; then for links, which may cross lines and make another
// round necessary. So what it returns, put in again, comes out the same. Nodes are
// never nearer to each other than the tolerance and never move, which bounds their
// number. Lines are taken in the order of their coordinates, so that the order in
// which they are given does not matter.
//
// This is snap rounding (J. D. Hobby, Practical segment intersection with finite
// precision output, Comput. Geom. 13 (1999), doi:10.1016/S0925-7721(99)00021-8)
// with discs around nodes in place of the pixels of a grid, and without the
// rounding of vertices that are no nodes.
package noding

import (
	"cmp"
	"context"
	"slices"

	"github.com/hubplan/hubplan/geo"
	"github.com/paulmach/orb"
)

// Line is a line to be made part of a network.
type Line struct {
	Points orb.LineString // two or more
	Group  uint8          // lines meet lines of their own group only
	Level  Level
}

// Level decides what the inside of a line meets: between its ends it may be above
// or below other lines.
type Level struct {
	Bridge, Tunnel, Ferry bool
	Layer                 int8
}

// plain reports whether a line runs on the ground.
func (l Level) plain() bool { return !l.Bridge && !l.Tunnel && !l.Ferry }

// crosses reports whether lines of two levels that cross meet.
func crosses(a, b Level) bool { return a.plain() && b.plain() && a.Layer == b.Layer }

// ties reports whether the end of a line meets the inside of another. A bridge
// comes to the ground at its ends.
func ties(end, inside Level) bool {
	return end == inside || inside.plain() && (!end.plain() || end.Layer == inside.Layer)
}

// Town is a place in whose streets roads meet that end at its edge.
type Town struct {
	Point  orb.Point
	Radius geo.Distance
}

// Options say how far apart things may be.
type Options struct {
	Tolerance geo.Distance // 1 cm or more
	Reach     geo.Distance // of links between parts of the network; 0 for none
	Gap       geo.Distance // of links within a part; 0 for none
	Crossings bool         // whether lines that cross meet
	Towns     []Town       // of lines of group 0
	Progress  func(round, splits int)
}

// Kind is why lines were made to meet.
type Kind uint8

// The kinds of joints.
const (
	Ends      Kind = iota // ends of lines near each other
	EndOnLine             // a node near the inside of a line
	Crossing              // lines that cross, or have a point in common
	Link                  // between parts of the network
	Gap                   // between an end and a line that are connected, but far around
	Street                // between a part of the network in a town and its middle
	Dropped               // a line within the tolerance of one node
)

// Joint is something done at a node.
type Joint struct {
	Kind     Kind
	At       orb.Point
	Distance geo.Distance // by which lines were moved; of a link or a dropped line its length
	Lines    []int        // numbers of lines, ascending; of links, of the lines they tie and the link
	Exact    bool         // the lines have the point in common as they are
	node     int
}

// Link returns the number of the link that a joint is.
func (j *Joint) Link() int { return j.Lines[len(j.Lines)-1] }

// Piece is a part of a line between two nodes.
type Piece struct {
	Line       int // number of the line; links are numbered on from the lines
	From, To   int // nodes
	Points     orb.LineString
	Start, End float64 // which part of the line it is, by length, from 0 to 1
}

// Result is a network. Pieces are in the order of lines, and along them.
type Result struct {
	Nodes  []orb.Point
	Pieces []Piece
	Joints []Joint // in the order of kinds, and of lines
	Left   int     // splits that were still to be made when the rounds ran out
}

// maxRounds bounds the work on lines that come as close as the tolerance to each
// other all over. Lines as they are on maps take about ten, bundles of lines
// drawn over each other by different hands some dozens.
const maxRounds = 1000

// Join makes the network. Lines are not changed. It stops with the context's
// error when that ends.
func Join(ctx context.Context, lines []Line, o Options) (*Result, error) {
	n := newNoder(ctx, lines, o)
	n.mergeEnds()
	for {
		if err := n.split(); err != nil {
			return nil, err
		}
		linked, err := n.link()
		if err != nil {
			return nil, err
		}
		if !linked || n.left > 0 {
			return n.result(), nil
		}
	}
}

// noder is a network in the making.
type noder struct {
	ctx   context.Context
	o     Options
	grid  *grid // of nodes
	nodes []node
	store
	common  map[place][]visit // pieces through points that several lines have inside
	given   int               // number of lines
	links   int               // number of lines invented
	order   []int             // number of each line as it was given
	joints  []Joint
	jointAt map[jointKey]int
	round   int // rounds so far
	settled int // pieces that neither pass a node nor meet another
	left    int
}

// node is a point that pieces run to.
type node struct {
	at     orb.Point
	group  uint8
	levels []Level // of the pieces that end here
	lines  []int   // of the pieces that end here
	new    bool    // something ends here since passes were last looked for
	degree int     // ends of pieces that are here
	gone   bool    // no piece is left here, or came to be
}

func newNoder(ctx context.Context, lines []Line, o Options) *noder {
	n := &noder{
		ctx: ctx, o: o, grid: newGrid(o.Tolerance),
		given: len(lines), order: make([]int, len(lines)),
		jointAt: make(map[jointKey]int),
	}
	for i := range n.order {
		n.order[i] = i
	}
	slices.SortStableFunc(n.order, func(a, b int) int { return compare(&lines[a], &lines[b]) })
	for i, l := range n.order {
		n.pieces = append(n.pieces, piece{
			Piece: Piece{Line: i, Points: slices.Compact(slices.Clone(lines[l].Points)), End: 1},
			level: lines[l].Level, group: lines[l].Group,
		})
	}
	n.common = commonPoints(n.pieces)
	return n
}

// compare orders lines by what they are, not by where they stand.
func compare(a, b *Line) int {
	point := func(p, q orb.Point) int { return cmp.Or(cmp.Compare(p[0], q[0]), cmp.Compare(p[1], q[1])) }
	return cmp.Or(
		cmp.Compare(a.Group, b.Group),
		slices.CompareFunc(a.Points, b.Points, point),
		cmp.Compare(a.Level.Layer, b.Level.Layer),
		truth(a.Level.Bridge)-truth(b.Level.Bridge),
		truth(a.Level.Tunnel)-truth(b.Level.Tunnel),
		truth(a.Level.Ferry)-truth(b.Level.Ferry),
	)
}

func truth(b bool) int {
	if b {
		return 1
	}
	return 0
}

// result numbers nodes as the pieces come, and lines as they were given.
func (n *noder) result() *Result {
	line := func(l int) int {
		if l < n.given {
			return n.order[l]
		}
		return l
	}
	r := &Result{Left: n.left}
	for i := range n.pieces {
		if p := n.pieces[i].Piece; !n.pieces[i].dead {
			p.Line = line(p.Line)
			r.Pieces = append(r.Pieces, p)
		}
	}
	slices.SortStableFunc(r.Pieces, func(a, b Piece) int {
		return cmp.Or(cmp.Compare(a.Line, b.Line), cmp.Compare(a.Start, b.Start), cmp.Compare(a.End, b.End))
	})
	number := make([]int, len(n.nodes))
	of := func(v int) int {
		if number[v] == 0 {
			r.Nodes = append(r.Nodes, n.nodes[v].at)
			number[v] = len(r.Nodes)
		}
		return number[v] - 1
	}
	for i := range r.Pieces {
		p := &r.Pieces[i]
		p.From, p.To = of(p.From), of(p.To)
	}
	for _, j := range n.joints {
		j.At = n.nodes[j.node].at
		lines := make([]int, len(j.Lines))
		for i, l := range j.Lines {
			lines[i] = line(l)
		}
		slices.Sort(lines)
		j.Lines = slices.Compact(lines)
		r.Joints = append(r.Joints, j)
	}
	slices.SortStableFunc(r.Joints, func(a, b Joint) int {
		return cmp.Or(cmp.Compare(a.Kind, b.Kind), slices.Compare(a.Lines, b.Lines), cmp.Compare(a.node, b.node))
	})
	return r
}
