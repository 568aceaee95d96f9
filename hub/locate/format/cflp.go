package format

import (
	"context"
	"io"
	"math"

	"github.com/hubplan/hubplan/hub/locate"
)

// ReadHolmberg reads a single-source location problem in the layout of
// Holmberg, Rönnqvist and Yuan 1999 (European Journal of Operational Research
// 113, https://doi.org/10.1016/S0377-2217(98)00008-3), which the files of Yang,
// Chu and Chen 2012 have too: the numbers of sites and customers; for each site
// its capacity and opening cost; the demands; and for each site the cost of
// serving all of each customer.
func ReadHolmberg(ctx context.Context, r io.Reader, file string) (*Instance, error) {
	w := newWords(ctx, r, file)
	sites := w.integer("sites", 1, math.MaxInt32)
	customers := w.integer("customers", 1, math.MaxInt32)
	c := &locate.Capacity{Single: true}
	var opening []float64
	for j := 0; j < sites && w.ok(); j++ {
		c.Limit = append(c.Limit, w.cost("capacity"))
		opening = append(opening, w.cost("opening cost"))
	}
	c.Demand = w.costs("demand", customers)
	values := w.columns(sites, customers)
	return w.limited(Holmberg, customers, opening, values, c)
}

// ReadDiaz reads a single-source location problem in the layout of Díaz and
// Fernández 2002 (Journal of the Operational Research Society 53,
// https://doi.org/10.1057/palgrave.jors.2601353): the numbers of customers and
// sites; for each customer the cost of serving all of it from each site; the
// demands, the opening costs and the capacities.
func ReadDiaz(ctx context.Context, r io.Reader, file string) (*Instance, error) {
	w := newWords(ctx, r, file)
	customers := w.integer("customers", 1, math.MaxInt32)
	sites := w.integer("sites", 1, math.MaxInt32)
	var values []float64
	for i := 0; i < customers && w.ok(); i++ {
		values = append(values, w.costs("cost", sites)...)
	}
	c := &locate.Capacity{Single: true}
	c.Demand = w.costs("demand", customers)
	opening := w.costs("opening cost", sites)
	c.Limit = w.costs("capacity", sites)
	return w.limited(Diaz, customers, opening, values, c)
}

// ReadTBED reads a capacitated location problem of the test beds of Avella and
// Boccia 2009 (Computational Optimization and Applications 43,
// https://doi.org/10.1007/s10589-007-9125-x): the numbers of sites and
// customers; the demands; the capacities; the opening costs; and for each site
// the cost of a unit of each customer's demand.
func ReadTBED(ctx context.Context, r io.Reader, file string) (*Instance, error) {
	w := newWords(ctx, r, file)
	sites := w.integer("sites", 1, math.MaxInt32)
	customers := w.integer("customers", 1, math.MaxInt32)
	demand := w.costs("demand", customers)
	c := &locate.Capacity{Limit: w.costs("capacity", sites)}
	opening := w.costs("opening cost", sites)
	values := w.columns(sites, customers)
	in, err := w.limited(TBED, customers, opening, values, c)
	if err != nil {
		return nil, err
	}
	in.Weight = demand
	return in, nil
}

// costs reads so many numbers.
func (w *words) costs(field string, n int) []float64 {
	var list []float64
	for k := 0; k < n && w.ok(); k++ {
		list = append(list, w.cost(field))
	}
	return list
}

// columns reads the costs of every site in turn, and returns the matrix.
func (w *words) columns(sites, customers int) []float64 {
	var columns []float64
	for j := 0; j < sites && w.ok(); j++ {
		columns = append(columns, w.costs("cost", customers)...)
	}
	if !w.ok() {
		return nil
	}
	values := make([]float64, len(columns))
	for k, v := range columns {
		values[k%customers*sites+k/customers] = v
	}
	return values
}

// limited ends the reading of a problem with capacities.
func (w *words) limited(f Format, customers int, opening, values []float64, c *locate.Capacity) (*Instance, error) {
	w.is("\x1a") // the end of a file, to DOS
	if err := w.finish(); err != nil {
		return nil, err
	}
	return &Instance{Format: f, Stated: true, Limits: c, Problem: locate.Problem{
		Model: locate.FixedCharge, Opening: opening, Capacity: c,
		Costs: locate.Dense{Demands: customers, Sites: len(opening), Values: values},
	}}, nil
}
