package geo

import (
	"github.com/golang/geo/s2"
	"github.com/paulmach/orb"
)

// Sector is an area that is to be supplied, such as a region of a country.
type Sector struct {
	ID         string // unique, such as the ISO 3166-2 code "UA-53"
	Name       string
	Group      string // sectors that belong together, such as "west"; may be empty
	Population int
	// Boundary has closed rings: the exterior of each polygon first, then its
	// holes. No polygon reaches over half the globe. A sector that was read by
	// [ReadSectors] has exteriors counter-clockwise and holes clockwise.
	Boundary orb.MultiPolygon
}

// Contains reports whether the sector contains p. A corner of the boundary
// belongs to the sector; where two sectors share an edge, a point on it
// belongs to just one of them. It takes time in proportion to the number of
// corners: ask an [Index] about many points.
func (s *Sector) Contains(p orb.Point) bool {
	return within(loopsOf(s.Boundary), toS2(p))
}

// within reports whether polygons contain a point.
func within(polygons [][]*s2.Loop, at s2.Point) bool {
	inside := false // within an odd number of rings: a hole takes away again
	for _, polygon := range polygons {
		for _, loop := range polygon {
			corner, in := contains(loop, at)
			if corner {
				return true
			}
			inside = inside != in
		}
	}
	return inside
}

// Area returns the area of the sector without its holes.
func (s *Sector) Area() Area { return AreaOf(s.Boundary) }

// AreaOf returns the spherical area of polygons, holes subtracted. The rings
// may run either way; each is taken to enclose less than half the globe.
func AreaOf(mp orb.MultiPolygon) Area {
	var steradians float64
	for _, polygon := range loopsOf(mp) {
		for i, loop := range polygon {
			if i == 0 {
				steradians += loop.Area()
			} else {
				steradians -= loop.Area()
			}
		}
	}
	return Area(steradians * float64(EarthRadius) * float64(EarthRadius))
}

// contains reports whether p is a corner of the loop, and if not, whether the
// loop encloses it. It counts crossings of all edges: the loop's own method
// would build an index first.
func contains(loop *s2.Loop, p s2.Point) (corner, inside bool) {
	inside = loop.ContainsOrigin()
	crosser := s2.NewChainEdgeCrosser(s2.OriginPoint(), p, loop.Vertex(0))
	for i := 1; i <= loop.NumVertices(); i++ {
		v := loop.Vertex(i)
		if v == p {
			return true, false
		}
		if crosser.EdgeOrVertexChainCrossing(v) {
			inside = !inside
		}
	}
	return false, inside
}

// loopsOf returns the rings of each polygon as S2 loops that enclose less
// than half the globe on their left, whichever way the rings run: S2 takes a
// clockwise ring for the rest of the globe. Rings of less than three corners
// are left out, with the whole polygon if it is the exterior.
func loopsOf(mp orb.MultiPolygon) [][]*s2.Loop {
	list := make([][]*s2.Loop, 0, len(mp))
	for _, polygon := range mp {
		var loops []*s2.Loop
		for i, ring := range polygon {
			corners := cornersOf(ring)
			if len(corners) < 3 {
				if i == 0 {
					break
				}
				continue
			}
			loop := s2.LoopFromPoints(corners)
			loop.Normalize()
			loops = append(loops, loop)
		}
		list = append(list, loops)
	}
	return list
}

// cornersOf returns the corners of a ring without its closing position and
// without repetitions in a row: S2 calls a ring with either degenerate.
func cornersOf(ring orb.Ring) []s2.Point {
	corners := make([]s2.Point, 0, len(ring))
	for _, p := range ring {
		c := toS2(p)
		if n := len(corners); n == 0 || corners[n-1] != c {
			corners = append(corners, c)
		}
	}
	for len(corners) > 1 && corners[len(corners)-1] == corners[0] {
		corners = corners[:len(corners)-1]
	}
	return corners
}
