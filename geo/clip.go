package geo

import (
	"github.com/golang/geo/r3"
	"github.com/golang/geo/s2"
	"github.com/paulmach/orb"
)

// piece is the part of a sector that lies in an S2 cell.
type piece struct {
	cell  s2.Cell
	rings [][]s2.Point // loops that keep the sector on their left
	area  float64      // steradians
	floor float64      // the area below which a part is rounding
}

// piecesOf cuts a sector into the parts within the six faces of the S2 cube,
// from where split goes on. Going down level by level, each piece is cut only
// into the children of its own cell, so that all the work is O(n) a level.
func piecesOf(s *Sector) []piece {
	whole := piece{}
	for _, polygon := range loopsOf(s.Boundary) {
		for i, loop := range polygon {
			points := loop.Vertices()
			if i > 0 {
				// A hole on the left becomes the sector on the left.
				points = reversed(points)
			}
			whole.rings = append(whole.rings, points)
		}
	}
	whole.floor = 1e-9 * float64(s.Area()/(Area(EarthRadius)*Area(EarthRadius)))
	var pieces []piece
	for face := range 6 {
		pieces = whole.cut(pieces, s2.CellFromCellID(s2.CellIDFromFace(face)))
	}
	return pieces
}

// split cuts every piece into its parts within the four children of its cell.
// Pieces of one level give pieces of the next, in the order of the S2 curve.
func split(pieces []piece) []piece {
	var parts []piece
	for i := range pieces {
		children, ok := pieces[i].cell.Children()
		if !ok {
			return pieces // leaf cells: a centimetre wide
		}
		for _, c := range children {
			parts = pieces[i].cut(parts, c)
		}
	}
	return parts
}

// cut appends the part of a piece that lies in a cell, if it has an area. A
// cell is where the four half-spaces to the left of its edges meet, so the
// part is what four clips leave.
func (p *piece) cut(to []piece, cell s2.Cell) []piece {
	part := piece{cell: cell, floor: p.floor}
	for _, ring := range p.rings {
		for side := range 4 {
			ring = clip(ring, cell.EdgeRaw(side).Vector)
		}
		if len(ring) >= 3 {
			part.rings = append(part.rings, ring)
			part.area += signedArea(ring)
		}
	}
	if part.area > p.floor {
		to = append(to, part)
	}
	return to
}

// clip returns the part of a loop on the side of a plane through the centre
// of the globe that normal points to. Where the loop is cut into several parts
// they stay joined by edges along the plane, which run there and back and
// enclose nothing.
//
// Source: I. Sutherland, G. Hodgman, Reentrant Polygon Clipping, CACM 17
// (1974), which works on the sphere as it does in the plane.
func clip(loop []s2.Point, normal r3.Vector) []s2.Point {
	var kept []s2.Point
	for i, b := range loop {
		a := loop[(i+len(loop)-1)%len(loop)]
		da, db := a.Dot(normal), b.Dot(normal) // heights above the plane
		if da < 0 && db > 0 || da > 0 && db < 0 {
			// The combination of a and b of height 0; its sign is chosen so
			// that both have positive weights.
			cross := a.Mul(db).Sub(b.Mul(da))
			if db < da {
				cross = cross.Mul(-1)
			}
			kept = append(kept, s2.Point{Vector: cross.Normalize()})
		}
		if db >= 0 {
			kept = append(kept, b)
		}
	}
	return kept
}

// signedArea returns the area to the left of a loop in steradians, as the sum
// of the triangles of its edges with its first corner. Triangles that overlap
// cancel by their signs, whatever the shape of the loop.
func signedArea(loop []s2.Point) float64 {
	var sum float64
	for i := 2; i < len(loop); i++ {
		sum += s2.SignedArea(loop[0], loop[i-1], loop[i])
	}
	return sum
}

// inside returns a point of a piece that its sector, the only one of the
// index, contains: the centre of the cell, else the centre of mass, else such
// a point of the largest part in a child of the cell. (In cells of a
// centimetre it may fail and return the centre of mass.)
func (p *piece) inside(index *Index) orb.Point {
	for {
		center := fromS2(p.cell.Center())
		if _, ok := index.Find(center); ok {
			return center
		}
		mass := fromS2(p.centroid())
		if _, ok := index.Find(mass); ok {
			return mass
		}
		parts := split([]piece{*p})
		if len(parts) == 0 || parts[0].cell == p.cell {
			return mass
		}
		p = &parts[0]
		for i := range parts {
			if parts[i].area > p.area {
				p = &parts[i]
			}
		}
	}
}

// centroid returns the centre of mass of a piece, on the sphere: the sum of
// those of the triangles that make up its area, weighted by their signed area.
func (p *piece) centroid() s2.Point {
	var sum r3.Vector
	for _, ring := range p.rings {
		for i := 2; i < len(ring); i++ {
			sum = sum.Add(s2.TrueCentroid(ring[0], ring[i-1], ring[i]).Vector)
		}
	}
	if sum.Norm2() == 0 {
		return p.cell.Center()
	}
	return s2.Point{Vector: sum.Normalize()}
}

func reversed(points []s2.Point) []s2.Point {
	back := make([]s2.Point, len(points))
	for i, p := range points {
		back[len(points)-1-i] = p
	}
	return back
}
