package format

import (
	"math/rand/v2"

	"github.com/hubplan/hubplan/hub/locate"
)

// Uniform draws a problem of points spread evenly over a square of 1000 by
// 1000, with Euclidean costs. If sites is 0, every demand is a site too, and
// weights are 1. Else the sites are points of their own and the weights are
// integers from 1 to 100, all equally likely, as in the maximal cover
// instances of Cordeau, Furini and Ljubić (2019). The same arguments give the
// same problem everywhere.
func Uniform(demands, sites int, seed uint64) locate.Problem {
	rng := rand.New(rand.NewPCG(seed, uint64(sites)))
	draw := func(n int) [][2]float64 {
		points := make([][2]float64, n)
		for k := range points {
			points[k] = [2]float64{1000 * rng.Float64(), 1000 * rng.Float64()}
		}
		return points
	}
	points := locate.Points{Demands: draw(demands)}
	var p locate.Problem
	if points.Sites = points.Demands; sites > 0 {
		points.Sites = draw(sites)
		p.Weight = make([]float64, demands)
		for i := range p.Weight {
			p.Weight[i] = float64(1 + rng.IntN(100))
		}
	}
	p.Costs = points
	return p
}
