package geo

import (
	"github.com/golang/geo/r3"
	"github.com/golang/geo/s2"
)

// piece is the part of a sector that lies in an S2 cell.
type piece struct {
	cell  s2.Cell
	rings [][]s2.Point // loops that keep the sector on their left
	area  float64      // steradians
}

// piecesOf cuts a sector into the parts within the six faces of the S2 cube.
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
	var pieces []piece
	for face := range 6 {
		pieces = whole.cut(pieces, s2.CellFromCellID(s2.CellIDFromFace(face)))
	}
	return pieces
}

// split cuts every piece into its parts within the four children of its cell.
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

// cut appends the part of a piece that lies in a cell, if it has an area.
func (p *piece) cut(to []piece, cell s2.Cell) []piece {
	part := piece{cell: cell}
	center := cell.Center()
	for _, ring := range p.rings {
		for side := range 4 {
			ring = clip(ring, cell.EdgeRaw(side).Vector)
		}
		if len(ring) >= 3 {
			part.rings = append(part.rings, ring)
			part.area += signedArea(ring, center)
		}
	}
	// Less than this is rounding, such as a cell within a hole leaves.
	if part.area > 1e-9*cell.AverageArea() {
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
		da, db := a.Dot(normal), b.Dot(normal)
		if da < 0 && db > 0 || da > 0 && db < 0 {
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
// of the triangles of its edges with a point near it.
func signedArea(loop []s2.Point, near s2.Point) float64 {
	var sum float64
	for i, b := range loop {
		a := loop[(i+len(loop)-1)%len(loop)]
		sum += s2.SignedArea(near, a, b)
	}
	return sum
}

// centroid returns the centre of mass of a piece, on the sphere.
func (p *piece) centroid() s2.Point {
	var sum r3.Vector
	center := p.cell.Center()
	for _, ring := range p.rings {
		for i, b := range ring {
			a := ring[(i+len(ring)-1)%len(ring)]
			sum = sum.Add(s2.TrueCentroid(center, a, b).Vector)
		}
	}
	if sum.Norm2() == 0 {
		return center
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
