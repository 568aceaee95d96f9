package geo

import (
	"math"

	"github.com/golang/geo/r3"
	"github.com/golang/geo/s2"
	"github.com/paulmach/orb"
)

// Projection is the point of a line that is nearest to some point.
type Projection struct {
	Line     int       // which line, where there are several
	Segment  int       // the segment of the line, from 0
	Fraction float64   // where in the segment: 0 at its start, 1 at its end
	Along    Distance  // from the start of the line
	Point    orb.Point // the nearest point
	Distance Distance  // from the point asked for
}

// Project returns the point of a line that is nearest to p; of several the
// one of the lowest segment. The segments are great circles. A line of one
// point is a segment without length. For an empty line the distance is +Inf
// and the rest is zero.
func Project(p orb.Point, line orb.LineString) Projection {
	return project(toS2(p), pathToS2(line))
}

// project is Project on the unit sphere. It is the one place where distances
// to lines are measured, so that an index gives the same bits as a search.
func project(p s2.Point, line []s2.Point) Projection {
	if len(line) == 0 {
		return Projection{Distance: Distance(math.Inf(1))}
	}
	if len(line) == 1 {
		return Projection{Point: fromS2(line[0]), Distance: between(p, line[0])}
	}
	best := Projection{Distance: Distance(math.Inf(1))}
	var foot s2.Point
	for i := 1; i < len(line); i++ {
		at, d := nearest(p, line[i-1], line[i])
		if d < best.Distance {
			best.Segment, best.Distance, foot = i-1, d, at
		}
	}
	for i := range best.Segment {
		best.Along += between(line[i], line[i+1])
	}
	a, b := line[best.Segment], line[best.Segment+1]
	length, part := between(a, b), between(a, foot)
	// At the end of a segment rounding must not leave a fraction short of 1.
	switch {
	case foot == b && a != b:
		best.Fraction, part = 1, length
	case length > 0:
		best.Fraction = min(1, float64(part/length))
	}
	best.Along += part
	best.Point = fromS2(foot)
	return best
}

// nearest returns the point of the segment from a to b nearest to p, and its
// distance, which is exactly zero at the ends.
func nearest(p, a, b s2.Point) (s2.Point, Distance) {
	if p == a || p == b {
		return p, 0
	}
	// PointCross is perpendicular to both to the last digits even if they are
	// a centimetre apart, and to a if they are the same.
	normal := a.PointCross(b).Normalize()
	if foot, ok := drop(p, normal); ok && a.Cross(foot.Vector).Dot(normal) > 0 && foot.Cross(b.Vector).Dot(normal) > 0 {
		return foot, between(p, foot)
	}
	da, db := between(p, a), between(p, b)
	if da <= db {
		return a, da
	}
	return b, db
}

// drop returns the point nearest to p on the great circle with a unit normal.
// It fails at the poles of the circle, to which all of it is equally near.
// (s2.Project returns any point of the globe there.)
func drop(p s2.Point, normal r3.Vector) (s2.Point, bool) {
	foot := p.Sub(normal.Mul(p.Dot(normal)))
	if foot.Norm2() < 1e-24 {
		return p, false // p is within 6 µm of the pole
	}
	// The nearer to the pole, the more of foot is rounding: what is left of
	// the normal in it must be taken off again once it has its full length.
	foot = foot.Normalize()
	foot = foot.Sub(normal.Mul(foot.Dot(normal))).Normalize()
	return s2.Point{Vector: foot}, true
}

// DistanceTo returns the distance of p to the nearest of the lines, +Inf if
// there are none. It looks at every segment: ask a [LineIndex] about many
// points.
func DistanceTo(p orb.Point, lines orb.MultiLineString) Distance {
	best := Distance(math.Inf(1))
	for _, line := range lines {
		best = min(best, Project(p, line).Distance)
	}
	return best
}
