package format

import (
	"context"
	"io"
	"math"

	"github.com/hubplan/hubplan/hub/locate"
)

// ReadWarehouse reads a warehouse location problem of OR-Library (Beasley
// 1988, European Journal of Operational Research 33,
// https://doi.org/10.1016/0377-2217(88)90175-0), the layout also of the M
// instances of UflLib: the numbers of sites and customers; for each site its
// capacity (or the word capacity) and opening cost; for each customer its
// demand and, for each site, the cost of serving all of it.
//
// The problem read is the one without capacities, of which the costs are those
// of whole demands. What the file says of capacities is in Instance.Limits,
// with +Inf where the word capacity stands.
func ReadWarehouse(ctx context.Context, r io.Reader, file string) (*Instance, error) {
	return newWords(ctx, r, file).warehouse()
}

func (w *words) warehouse() (*Instance, error) {
	sites := w.integer("sites", 1, math.MaxInt32)
	customers := w.integer("customers", 1, math.MaxInt32)
	c := &locate.Capacity{}
	var opening, values []float64
	for j := 0; j < sites && w.ok(); j++ {
		if w.is("capacity") {
			c.Limit = append(c.Limit, math.Inf(1))
		} else {
			c.Limit = append(c.Limit, w.cost("capacity"))
		}
		opening = append(opening, w.cost("opening cost"))
	}
	for i := 0; i < customers && w.ok(); i++ {
		c.Demand = append(c.Demand, w.cost("demand"))
		for j := 0; j < sites && w.ok(); j++ {
			values = append(values, w.cost("cost"))
		}
	}
	if err := w.finish(); err != nil {
		return nil, err
	}
	return &Instance{Format: Warehouse, Stated: true, Limits: c, Problem: locate.Problem{
		Model: locate.FixedCharge, Opening: opening,
		Costs: locate.Dense{Demands: customers, Sites: sites, Values: values},
	}}, nil
}

// ReadUflLib reads both layouts of UflLib. The simple one has FILE: and a name
// on the first line; the numbers of sites and customers and a 0; for each site
// its number from 1, its opening cost, and the cost of serving each customer.
// The other is that of [ReadWarehouse], which the format of the result says.
func ReadUflLib(ctx context.Context, r io.Reader, file string) (*Instance, error) {
	w := newWords(ctx, r, file)
	if !w.is("FILE:") {
		return w.warehouse()
	}
	w.rest()
	sites := w.integer("sites", 1, math.MaxInt32)
	customers := w.integer("customers", 1, math.MaxInt32)
	w.integer("third number", 0, 0)
	var opening, columns []float64
	for j := 0; j < sites && w.ok(); j++ {
		w.integer("site", j+1, j+1)
		opening = append(opening, w.cost("opening cost"))
		for i := 0; i < customers && w.ok(); i++ {
			columns = append(columns, w.cost("cost"))
		}
	}
	if err := w.finish(); err != nil {
		return nil, err
	}
	values := make([]float64, len(columns))
	for k, v := range columns {
		j, i := k/customers, k%customers
		values[i*sites+j] = v
	}
	return &Instance{Format: UflLib, Stated: true, Problem: locate.Problem{
		Model: locate.FixedCharge, Opening: opening,
		Costs: locate.Dense{Demands: customers, Sites: sites, Values: values},
	}}, nil
}
