package geo

import (
	"math"

	"github.com/golang/geo/s2"
	"github.com/paulmach/orb"
)

// toS2 returns the point on the unit sphere. The two names of a point of the
// 180th meridian, and all names of a pole, give the same bits, so that shapes
// cut at the antimeridian fit together.
func toS2(p orb.Point) s2.Point {
	switch {
	case p[1] >= 90:
		return s2.PointFromCoords(0, 0, 1)
	case p[1] <= -90:
		return s2.PointFromCoords(0, 0, -1)
	case p[0] == -180:
		p[0] = 180
	}
	return s2.PointFromLatLng(s2.LatLngFromDegrees(p[1], p[0]))
}

// fromS2 returns the point in degrees, with a longitude within ±180.
func fromS2(p s2.Point) orb.Point {
	ll := s2.LatLngFromPoint(p)
	return orb.Point{ll.Lng.Degrees(), ll.Lat.Degrees()}
}

// pathToS2 converts a line or ring.
func pathToS2(path []orb.Point) []s2.Point {
	points := make([]s2.Point, len(path))
	for i, p := range path {
		points[i] = toS2(p)
	}
	return points
}

// between returns the great-circle distance of two points of the unit sphere.
// The angle is exact to a few units in the last place however close or far
// apart the points are (Kahan's formula by way of atan2).
func between(a, b s2.Point) Distance {
	return Distance(a.Angle(b.Vector)) * EarthRadius
}

// Between returns the great-circle distance of two points.
func Between(a, b orb.Point) Distance { return between(toS2(a), toS2(b)) }

// Length returns the length of a line, the sum of its great-circle segments.
func Length(line orb.LineString) Distance {
	var sum Distance
	for i := 1; i < len(line); i++ {
		sum += Between(line[i-1], line[i])
	}
	return sum
}

// Interpolate returns the point at fraction f of the way from a to b along
// their great circle: a for 0, b for 1. Between opposite points of the globe
// the way is not unique and one of the ways is taken.
func Interpolate(a, b orb.Point, f float64) orb.Point {
	switch f {
	case 0:
		return a
	case 1:
		return b
	}
	return fromS2(s2.Interpolate(f, toS2(a), toS2(b)))
}

// chord2 returns the square of the straight distance, on the unit sphere, of
// points that are d apart on the ground: the measure that boxes in space are
// searched with.
func chord2(d Distance) float64 {
	half := float64(d/EarthRadius) / 2
	if half >= math.Pi/2 {
		return 4
	}
	s := math.Sin(half)
	return 4 * s * s
}
