package format

import (
	"context"
	"io"
	"math"

	"github.com/hubplan/hubplan/geo/input"
	"github.com/hubplan/hubplan/hub/locate"
)

// ReadSJC reads a number of points and then x and y of each, the layout of the
// maximal cover instances of São José dos Campos (Lorena and Pereira 2002,
// International Journal of Industrial Engineering 9). Every point is a demand
// of weight 1 and a site; the weights are in a file of their own, which
// [ReadWeights] reads. Distances are Euclidean.
func ReadSJC(ctx context.Context, r io.Reader, file string) (*Instance, error) {
	w := newWords(ctx, r, file)
	n := w.integer("points", 1, math.MaxInt32)
	var points [][2]float64
	for i := 0; i < n && w.ok(); i++ {
		points = append(points, [2]float64{w.coordinate("x"), w.coordinate("y")})
	}
	if err := w.finish(); err != nil {
		return nil, err
	}
	return &Instance{Format: SJC, Stated: true, Problem: locate.Problem{
		Model: locate.MaximalCover, Costs: locate.Points{Demands: points, Sites: points},
	}}, nil
}

// ReadWeights reads the weights of the demands of another file: numbers of at
// least 0 with space between them.
func ReadWeights(ctx context.Context, r io.Reader, file string) ([]float64, error) {
	w := newWords(ctx, r, file)
	var weights []float64
	for w.next() {
		w.held = true
		weights = append(weights, w.cost("weight"))
	}
	if w.err == nil && len(weights) == 0 {
		w.fail("", input.Errorf(input.ErrMissing, "the file is empty"))
	}
	if w.err != nil {
		return nil, w.err
	}
	return weights, nil
}

// ReadGrid reads the maximal cover instances of Cordeau, Furini and Ljubić
// (2019, European Journal of Operational Research 275,
// https://doi.org/10.1016/j.ejor.2018.12.021): the numbers of sites and
// customers, a line F for each site with its number from 0, x, y and opening
// cost, and a line C for each customer with its number, x, y and demand.
// Distances are Euclidean.
func ReadGrid(ctx context.Context, r io.Reader, file string) (*Instance, error) {
	w := newWords(ctx, r, file)
	sites := w.integer("sites", 1, math.MaxInt32)
	customers := w.integer("customers", 1, math.MaxInt32)
	var points locate.Points
	var opening, weights []float64
	points.Sites, opening = w.places("F", sites, "opening cost")
	points.Demands, weights = w.places("C", customers, "demand")
	if err := w.finish(); err != nil {
		return nil, err
	}
	return &Instance{Format: Grid, Stated: true, Problem: locate.Problem{
		Model: locate.MaximalCover, Costs: points, Weight: weights, Opening: opening,
	}}, nil
}

// places reads n lines with a letter, a number from 0, x, y and a value.
func (w *words) places(letter string, n int, field string) (points [][2]float64, values []float64) {
	for k := 0; k < n && w.ok(); k++ {
		if !w.is(letter) {
			w.fail("", input.Errorf(input.ErrFormat, "a line beginning with %s is wanted", letter))
		}
		w.integer("number", k, k)
		points = append(points, [2]float64{w.coordinate("x"), w.coordinate("y")})
		values = append(values, w.cost(field))
	}
	return points, values
}
