package geo

import (
	"github.com/golang/geo/s2"
	"github.com/paulmach/orb"
)

// Index finds the sector a point lies in. It does not change once built and
// is safe for concurrent use. A query looks up one S2 cell and tests the few
// edges in it, so its time hardly depends on the number of sectors.
type Index struct {
	shapes *s2.ShapeIndex   // the rings of all sectors
	sector map[s2.Shape]int // sector of a ring
}

// NewIndex builds an index of sectors in O(n log n) for n corners. The sectors
// need not have been checked as [ReadSectors] does, and may overlap; rings with
// less than three corners are left out.
func NewIndex(sectors []Sector) *Index {
	x := &Index{shapes: s2.NewShapeIndex(), sector: make(map[s2.Shape]int)}
	for i := range sectors {
		for _, polygon := range loopsOf(sectors[i].Boundary) {
			for _, loop := range polygon {
				x.shapes.Add(loop)
				x.sector[loop] = i
			}
		}
	}
	x.shapes.Build()
	return x
}

// Find returns the index of the sector that contains p, in the sense of
// [Sector.Contains]; of several the lowest. False means that none does.
func (x *Index) Find(p orb.Point) (int, bool) {
	at := toS2(p)
	// A ring that contains p only in the closed sense has p for a corner, and
	// then its sector contains p. Otherwise a sector contains p if an odd
	// number of its rings do: a hole takes away what its exterior gave.
	closed := s2.NewContainsPointQuery(x.shapes, s2.VertexModelClosed).ContainingShapes(at)
	if len(closed) == 0 {
		return 0, false
	}
	// Queries keep a place in the index and so cannot be shared.
	open := s2.NewContainsPointQuery(x.shapes, s2.VertexModelOpen).ContainingShapes(at)
	rings := make(map[s2.Shape]bool, len(open))
	odd := make(map[int]bool, len(open))
	for _, shape := range open {
		rings[shape] = true
		odd[x.sector[shape]] = !odd[x.sector[shape]]
	}
	best := -1
	for _, shape := range closed {
		i := x.sector[shape]
		if (odd[i] || !rings[shape]) && (best < 0 || i < best) {
			best = i
		}
	}
	return best, best >= 0
}
