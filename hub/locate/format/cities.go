package format

import (
	"context"
	"io"
	"math"

	"github.com/hubplan/hubplan/geo/input"
	"github.com/hubplan/hubplan/hub/locate"
)

// ReadCities reads the tables of Snyder and Daskin (2005, Transportation
// Science 39, https://doi.org/10.1287/trsc.1040.0107), cities that are demands
// and sites: three lines of headings, a line that begins with the number of
// cities, and for each a line with its number from 1, demand, emergency cost,
// whether it may fail, fixed cost, latitude and longitude (positive in the
// west). What follows on a line is dropped. Whether a site may fail and the
// largest emergency cost stand in the instance, beside a problem in which none
// does.
//
// Costs are great-circle distances in statute miles (1609.344 m), a Dense
// matrix: to those the fixed costs are in proportion. In the tables of points
// drawn in the unit square, which are those with no coordinate beyond it, they
// are Euclidean distances.
func ReadCities(ctx context.Context, r io.Reader, file string) (*Instance, error) {
	w := newWords(ctx, r, file)
	for _, heading := range []string{"##", "N", "index"} {
		if !w.is(heading) {
			w.fail("", input.Errorf(input.ErrFormat, "a line of headings that begins with %s is wanted", heading))
		}
		w.rest()
	}
	n := w.whole("number of cities", 1, math.MaxInt32)
	w.rest()
	in := &Instance{Format: Cities, Stated: true}
	var points [][2]float64
	plane := true
	for i := 0; i < n && w.ok(); i++ {
		w.whole("index", float64(i+1), float64(i+1))
		in.Weight = append(in.Weight, w.cost("demand"))
		in.Emergency = max(in.Emergency, w.cost("emergency cost"))
		in.Failable = append(in.Failable, w.whole("failable", 0, 1) == 1)
		in.Opening = append(in.Opening, w.cost("fixed cost"))
		lat, lon := w.number("latitude", -90, 90), w.number("longitude", -180, 180)
		w.rest()
		points = append(points, [2]float64{-lon, lat})
		plane = plane && lat >= 0 && lat <= 1 && lon >= 0 && lon <= 1
	}
	if err := w.finish(); err != nil {
		return nil, err
	}
	if n > maxNodes && !plane {
		return nil, &input.Error{File: file, Err: input.Errorf(input.ErrRange, "%d cities are more than %d", n, maxNodes)}
	}
	in.Model = locate.FixedCharge
	in.Costs = locate.Points{Demands: points, Sites: points}
	if !plane {
		const mile = 1609.344
		costs := locate.Dense{Demands: n, Sites: n, Values: make([]float64, 0, n*n)}
		for _, a := range points {
			for _, b := range points {
				costs.Values = append(costs.Values, locate.GreatCircle.Cost(a, b)/mile)
			}
		}
		in.Costs = costs
	}
	return in, nil
}

// whole reads a whole number that may be written with a point and zeros.
func (w *words) whole(field string, lo, hi float64) int {
	v := w.number(field, lo, hi)
	if v != math.Trunc(v) {
		w.fail(field, input.Errorf(input.ErrFormat, "%s is not a whole number", quote(w.word)))
		return 0
	}
	return int(v)
}
