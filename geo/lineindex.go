package geo

import (
	"math"

	"github.com/golang/geo/s2"
	"github.com/paulmach/orb"
)

// tie is the difference in distance below which two lines are equally near.
const tie = 1e-3 * Meter

// LineIndex finds the nearest of many lines. It does not change once built
// and is safe for concurrent use.
type LineIndex struct {
	points []s2.Point // of all lines, one after the other
	start  []uint32   // first point of each line, and the end
	line   []uint32   // line of each segment
	first  []uint32   // first point of each segment
	tree   *boxTree
}

// NewLineIndex builds an index of lines in O(n log n) for n points. A line of
// one point is found as a point, an empty line never.
func NewLineIndex(lines []orb.LineString) *LineIndex {
	x := &LineIndex{start: make([]uint32, 1, len(lines)+1)}
	for i, line := range lines {
		for j := range max(len(line)-1, min(len(line), 1)) {
			x.line = append(x.line, uint32(i))
			x.first = append(x.first, uint32(len(x.points)+j))
		}
		x.points = append(x.points, pathToS2(line)...)
		x.start = append(x.start, uint32(len(x.points)))
	}
	x.tree = newBoxTree(len(x.line), x.segment)
	return x
}

// segment returns the ends of a segment, which are one for a line of one
// point.
func (x *LineIndex) segment(i int) (a, b s2.Point) {
	from := x.first[i]
	to := min(from+1, x.start[x.line[i]+1]-1)
	return x.points[from], x.points[to]
}

// Nearest returns the projection of p on the nearest line that accept takes
// and that is not farther than limit; limit may be +Inf, a nil accept takes
// all lines. Lines within 1 mm of the nearest count as equally near, and of
// those the lowest index is taken. The projection is the same as [Project]
// gives for that line. False means there is no such line.
//
// Accept is called for lines that may be near enough, in no particular order
// and perhaps several times for a line; it must give the same answer each
// time.
func (x *LineIndex) Nearest(p orb.Point, limit Distance, accept func(line int) bool) (Projection, bool) {
	type candidate struct {
		line     int
		distance Distance
	}
	var buffer [16]candidate
	found := buffer[:0]
	at := toS2(p)
	best := limit // the smallest distance so far
	// Distances are compared exactly below; the reach only has to be no less
	// than they are, rounding included.
	reach := func() float64 { return chord2(min(best+tie, limit))*(1+1e-12) + 1e-28 }
	x.tree.near(at, reach(), func(segment int) float64 {
		line := int(x.line[segment])
		if accept != nil && !accept(line) {
			return reach()
		}
		a, b := x.segment(segment)
		if _, d := nearest(at, a, b); d <= limit && d <= best+tie {
			best = min(best, d)
			found = append(found, candidate{line, d})
		}
		return reach()
	})
	winner := -1
	for _, c := range found {
		if c.distance <= best+tie && (winner < 0 || c.line < winner) {
			winner = c.line
		}
	}
	if winner < 0 {
		return Projection{Distance: Distance(math.Inf(1))}, false
	}
	q := project(at, x.points[x.start[winner]:x.start[winner+1]])
	q.Line = winner
	return q, true
}

// Touching returns the lines that have a point in common with polygons, their
// borders included, in ascending order. It looks at the lines near the border
// and at one point of each line.
func (x *LineIndex) Touching(area orb.MultiPolygon) []int {
	touched := make([]bool, len(x.start)-1)
	polygons := loopsOf(area)
	bound := s2.EmptyRect()
	for _, polygon := range polygons {
		for _, loop := range polygon {
			bound = bound.Union(loop.RectBound())
			for i := range loop.NumVertices() {
				c, d := loop.Vertex(i), loop.Vertex(i+1)
				x.tree.meeting(boxOf(c, d), func(segment int) {
					a, b := x.segment(segment)
					if line := x.line[segment]; !touched[line] {
						touched[line] = s2.CrossingSign(a, b, c, d) == s2.Cross || on(a, c, d) || on(b, c, d) || on(c, a, b)
					}
				})
			}
		}
	}
	var lines []int
	for i, found := range touched {
		// A line that does not meet the border is inside or outside as a whole.
		if first := x.start[i]; !found && first < x.start[i+1] {
			p := x.points[first]
			found = bound.ContainsPoint(p) && within(polygons, p)
		}
		if found {
			lines = append(lines, i)
		}
	}
	return lines
}
