package noding

import (
	"math"

	"github.com/hubplan/hubplan/geo"
	"github.com/paulmach/orb"
)

// grid finds points that are added one by one. Its cells are cubes in space, as
// wide as the distance that is asked about, so that it has no seams on the globe.
type grid struct {
	scale float64 // cells per Earth radius
	cells map[cell][]int32
}

type cell [3]int32

// newGrid makes a grid for searches within a distance, which is 1 cm or more.
func newGrid(within geo.Distance) *grid {
	// A hair wider, for rounding.
	return &grid{scale: float64(geo.EarthRadius/within) / (1 + 1e-6), cells: make(map[cell][]int32)}
}

func (g *grid) cell(p orb.Point) cell {
	v := vectorOf(p)
	return cell{int32(math.Floor(v[0] * g.scale)), int32(math.Floor(v[1] * g.scale)), int32(math.Floor(v[2] * g.scale))}
}

func (g *grid) add(p orb.Point, i int) {
	c := g.cell(p)
	g.cells[c] = append(g.cells[c], int32(i))
}

// near calls visit with the points that may be within the distance of p.
func (g *grid) near(p orb.Point, visit func(i int)) {
	c := g.cell(p)
	for x := c[0] - 1; x <= c[0]+1; x++ {
		for y := c[1] - 1; y <= c[1]+1; y++ {
			for z := c[2] - 1; z <= c[2]+1; z++ {
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
