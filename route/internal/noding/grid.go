package noding

import (
	"math"

	"github.com/hubplan/hubplan/geo"
	"github.com/paulmach/orb"
)

// grid finds points that are added one by one. Its cells are cubes in space, twice
// as wide as the distance that is asked about, so that what is within it is in two
// of them along each axis at most. On the globe as a map it would have seams.
type grid struct {
	scale float64 // cells per Earth radius
	cells map[cell][]int32
}

type cell [3]int32

// newGrid makes a grid for searches within a distance, which is 1 cm or more.
func newGrid(within geo.Distance) *grid {
	// A hair wider, for rounding.
	return &grid{scale: float64(geo.EarthRadius/within) / (2 + 1e-6), cells: make(map[cell][]int32)}
}

// cell is the cell at so many halves of one from a point along each axis.
func (g *grid) cell(p orb.Point, halves float64) cell {
	v := vectorOf(p)
	at := func(x float64) int32 { return int32(math.Floor(x*g.scale + halves/2)) }
	return cell{at(v[0]), at(v[1]), at(v[2])}
}

func (g *grid) add(p orb.Point, i int) {
	c := g.cell(p, 0)
	g.cells[c] = append(g.cells[c], int32(i))
}

// near calls visit with the points that may be within the distance of p.
func (g *grid) near(p orb.Point, visit func(i int)) {
	lo, hi := g.cell(p, -1), g.cell(p, 1)
	for x := lo[0]; x <= hi[0]; x++ {
		for y := lo[1]; y <= hi[1]; y++ {
			for z := lo[2]; z <= hi[2]; z++ {
				for _, i := range g.cells[cell{x, y, z}] {
					visit(int(i))
				}
			}
		}
	}
}

// vector is a direction in space; of a point that from the centre of the globe.
type vector [3]float64

func vectorOf(p orb.Point) vector {
	sin, cos := math.Sincos(p[1] * math.Pi / 180)
	y, x := math.Sincos(p[0] * math.Pi / 180)
	return vector{x * cos, y * cos, sin}
}

func (v vector) sub(w vector) vector  { return vector{v[0] - w[0], v[1] - w[1], v[2] - w[2]} }
func (v vector) dot(w vector) float64 { return v[0]*w[0] + v[1]*w[1] + v[2]*w[2] }
