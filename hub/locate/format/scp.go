package format

import (
	"context"
	"io"
	"math"
	"slices"

	"github.com/hubplan/hubplan/geo/input"
	"github.com/hubplan/hubplan/hub/locate"
)

// ReadSCP reads a set cover of OR-Library (Beasley 1987, European Journal of
// Operational Research 31, https://doi.org/10.1016/0377-2217(87)90141-X): the
// numbers of rows and columns, the cost of each column, and for each row how
// many columns cover it and which, counted from 1. Rows become demands and
// columns sites; a pair that covers costs 0 and all others are impossible, so
// that the Radius is 0. The costs of the columns are those of opening.
func ReadSCP(ctx context.Context, r io.Reader, file string) (*Instance, error) {
	w := newWords(ctx, r, file)
	rows := w.integer("rows", 1, math.MaxInt32)
	columns := w.integer("columns", 1, math.MaxInt32)
	var opening []float64
	for j := 0; j < columns && w.ok(); j++ {
		opening = append(opening, w.cost("column cost"))
	}
	costs := locate.Sparse{Sites: columns, First: []int{0}}
	for i := 0; i < rows && w.ok(); i++ {
		begin := len(costs.Site)
		size := w.integer("row size", 0, columns)
		for k := 0; k < size && w.ok(); k++ {
			costs.Site = append(costs.Site, int32(w.integer("column", 1, columns)-1))
		}
		row := costs.Site[begin:]
		slices.Sort(row)
		for k := 1; k < len(row) && w.ok(); k++ {
			if row[k] == row[k-1] {
				w.fail("column", input.Errorf(input.ErrDuplicate, "row %d lists column %d twice", i+1, row[k]+1))
			}
		}
		costs.First = append(costs.First, len(costs.Site))
	}
	if err := w.finish(); err != nil {
		return nil, err
	}
	costs.Cost = make([]float64, len(costs.Site))
	return &Instance{Format: SCP, Stated: true, Problem: locate.Problem{
		Model: locate.SetCover, Costs: costs, Opening: opening,
	}}, nil
}
