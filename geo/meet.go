package geo

import (
	"slices"

	"github.com/golang/geo/s2"
	"github.com/paulmach/orb"
)

// Near calls visit with every segment that comes within limit of p and the point
// of it that is nearest, in ascending order of lines and segments. Along is left
// zero, as it would take a walk along the line.
func (x *LineIndex) Near(p orb.Point, limit Distance, visit func(Projection)) {
	var buffer [32]int
	found := buffer[:0]
	at := toS2(p)
	reach := chord2(limit)*(1+1e-12) + 1e-28
	x.tree.near(at, reach, func(segment int) float64 {
		found = append(found, segment)
		return reach
	})
	slices.Sort(found) // segments are numbered along the lines, line by line
	for _, i := range found {
		a, b := x.segment(i)
		foot, d := nearest(at, a, b)
		if !(d <= limit) {
			continue
		}
		q := Projection{Point: fromS2(foot), Distance: d}
		q.Line, q.Segment = x.place(i)
		if length := between(a, b); foot == b && a != b {
			q.Fraction = 1
		} else if length > 0 {
			q.Fraction = min(1, float64(between(a, foot)/length))
		}
		visit(q)
	}
}

// place returns the line of a segment, and which of its segments it is.
func (x *LineIndex) place(segment int) (line, i int) {
	line = int(x.line[segment])
	return line, int(x.first[segment] - x.start[line])
}

// Crossing is a point in which a line is crossed.
type Crossing struct {
	Line    int
	Segment int // of the line, from 0
	Point   orb.Point
}

// CrossedBy calls visit with every segment that the segment from p to q crosses,
// in ascending order of lines and segments. Segments cross if each has points on
// both sides of the other; those that only touch do not. This is decided exactly
// ([s2.CrossingSign]). The point is the same, to the last bit, whichever of the
// segments is asked about and however they run.
func (x *LineIndex) CrossedBy(p, q orb.Point, visit func(Crossing)) {
	var buffer [32]int
	found := buffer[:0]
	a, b := toS2(p), toS2(q)
	x.tree.meeting(boxOf(a, b), func(segment int) { found = append(found, segment) })
	slices.Sort(found)
	for _, i := range found {
		c, d := x.segment(i)
		if s2.CrossingSign(a, b, c, d) != s2.Cross {
			continue
		}
		line, segment := x.place(i)
		visit(Crossing{line, segment, fromS2(intersection(a, b, c, d))})
	}
}

// intersection is the point in which two segments cross, taken in one order and
// direction whatever is given: of segments on one great circle, which by the
// symbolic perturbation of [s2.CrossingSign] may cross too, [s2.Intersection]
// returns one end or another.
func intersection(a, b, c, d s2.Point) s2.Point {
	if b.Cmp(a.Vector) < 0 {
		a, b = b, a
	}
	if d.Cmp(c.Vector) < 0 {
		c, d = d, c
	}
	if order := c.Cmp(a.Vector); order < 0 || order == 0 && d.Cmp(b.Vector) < 0 {
		a, b, c, d = c, d, a, b
	}
	return s2.Intersection(a, b, c, d)
}
