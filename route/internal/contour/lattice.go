package contour

import (
	"errors"
	"fmt"
	"math"

	"github.com/hubplan/hubplan/geo"
)

// Degree is the number of units of length in a degree: positions are whole numbers
// of 10⁻⁷ degrees, a centimetre of latitude.
const Degree = 1e7

// metersPerUnit is the length of a unit along a meridian.
const metersPerUnit = float64(geo.EarthRadius) * math.Pi / 180 / Degree

// MaxLatitude bounds lattices, in degrees: nearer to a pole, distances in degrees
// are too far from those on the ground.
const MaxLatitude = 85

// ErrPlace is wrapped by the error of an area too near to a pole or on both sides
// of the antimeridian, ErrFine by that of a lattice of too many points.
var (
	ErrPlace = errors.New("outside of what a lattice can cover")
	ErrFine  = errors.New("too fine")
)

// Position is a place in units: longitude, latitude.
type Position struct{ X, Y int32 }

// Box is a box in units.
type Box struct{ MinX, MinY, MaxX, MaxY int32 }

// EmptyBox is the box to add positions to.
var EmptyBox = Box{math.MaxInt32, math.MaxInt32, math.MinInt32, math.MinInt32}

// Add makes the box hold p.
func (b *Box) Add(p Position) {
	b.MinX, b.MaxX = min(b.MinX, p.X), max(b.MaxX, p.X)
	b.MinY, b.MaxY = min(b.MinY, p.Y), max(b.MaxY, p.Y)
}

// Lattice is a grid of points: point j*NX+i is at X+i*DX, Y+j*DY. Cells are at most
// as wide as high on the ground, and exactly so at the latitude nearest to the equator.
type Lattice struct {
	X, Y, DX, DY int
	NX, NY       int
}

// NewLattice covers a box and a margin round it that is reach and two cells wide.
// Its points lie at whole multiples of the spacing, which two lattices of near-by
// boxes so have in common along meridians. Errors wrap [ErrPlace] and [ErrFine], the
// latter where it would have more points than most.
func NewLattice(box Box, spacing, reach geo.Distance, most int) (Lattice, error) {
	dy := max(int(float64(spacing)/metersPerUnit), minSpacing)
	top := float64(max(-box.MinY, box.MaxY)) + float64(reach)/metersPerUnit + 3*float64(dy)
	if top > MaxLatitude*Degree {
		return Lattice{}, fmt.Errorf("%w: latitude %.4f comes too near to a pole", ErrPlace, top/Degree)
	}
	// At the latitude of the box nearest to the equator a unit is the longest.
	nearest := 0
	if box.MinY > 0 {
		nearest = int(box.MinY)
	} else if box.MaxY < 0 {
		nearest = int(-box.MaxY)
	}
	nearest = max(0, nearest-int(float64(reach)/metersPerUnit)-3*dy)
	dx := max(int(float64(dy)/cosine(nearest)), minSpacing)
	marginY := int(float64(reach)/metersPerUnit) + 2*dy
	marginX := int(float64(reach)/metersPerUnit/cosine(int(top))) + 2*dx
	x0, x1 := floorDiv(int(box.MinX)-marginX, dx), -floorDiv(-int(box.MaxX)-marginX, dx)
	y0, y1 := floorDiv(int(box.MinY)-marginY, dy), -floorDiv(-int(box.MaxY)-marginY, dy)
	l := Lattice{X: x0 * dx, Y: y0 * dy, DX: dx, DY: dy, NX: x1 - x0 + 1, NY: y1 - y0 + 1}
	if x0*dx < -180*Degree || x1*dx > 180*Degree {
		return Lattice{}, fmt.Errorf("%w: it comes to the antimeridian", ErrPlace)
	}
	if l.NX > most/l.NY {
		return Lattice{}, fmt.Errorf("%w: %d × %d points, more than %d", ErrFine, l.NX, l.NY, most)
	}
	return l, nil
}

// minSpacing leaves room between the crossings of the edges of a cell.
const minSpacing = 256

// slack is how near to the ends of an edge crossings come, as a part of its length:
// so much of what surrounds a cell of the area is in it, too.
const slack = 1.0 / 32

// Points returns the number of points.
func (l *Lattice) Points() int { return l.NX * l.NY }

// at returns the position of a point.
func (l *Lattice) at(g int) Position {
	return Position{int32(l.X + g%l.NX*l.DX), int32(l.Y + g/l.NX*l.DY)}
}

// scale is how many metres a unit is at a point. Near it, distances are taken as in
// a plane, which is off by about their share of the Earth's radius at most.
type scale struct{ x, y float64 }

func (l *Lattice) scale(g int) scale {
	return scale{metersPerUnit * cosine(l.Y+g/l.NX*l.DY), metersPerUnit}
}

// cosine is that of a latitude in units.
func cosine(y int) float64 { return math.Cos(float64(y) / Degree * math.Pi / 180) }

func floorDiv(a, b int) int {
	q := a / b
	if a%b < 0 {
		q--
	}
	return q
}
