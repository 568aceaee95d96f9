// Package simplex solves linear programs whose columns are bounded on both
// sides, by a dual simplex method that starts again from any basis: the engine
// below branch and bound.
//
// A program is
//
//	min  c x,  with Least <= A x <= Most and Lower <= x <= Upper.
//
// Since every column has two finite bounds, so has every row, and any basis is
// made dual feasible by putting each column to the bound that its reduced cost
// asks for: there is no first phase. Leaving rows are chosen by dual steepest
// edge (Forrest and Goldfarb 1992, Mathematical Programming 57), entering
// columns by a ratio test that passes over bounds (Maros 2003, European Journal
// of Operational Research 149) with the tolerances of Harris and shifted costs
// (Koberstein 2005, dissertation, Paderborn). Bases are factored left-looking
// (Gilbert and Peierls 1988, SIAM Journal on Scientific and Statistical
// Computing 9) and updated in product form.
//
// What is reported as a bound does not rest on the arithmetic of the method: it
// is computed from the multipliers alone, with a margin for rounding (Neumaier
// and Shcherbina 2004, Mathematical Programming 99).
package simplex

import (
	"math"
	"slices"
)

// Problem is a linear program in which rows are stored one after the other:
// row r has the entries Value[k] in Column[k] for First[r] <= k < First[r+1],
// each column at most once.
type Problem struct {
	Cost         []float64 // of each column
	Lower, Upper []float64 // bounds of each column, finite

	First  []int
	Column []int32
	Value  []float64

	Least, Most []float64 // of each row; may be infinite
}

// Columns and Rows are the sizes of the program.
func (p *Problem) Columns() int { return len(p.Cost) }
func (p *Problem) Rows() int    { return len(p.Least) }

// AddColumn adds a column that is in no row yet and returns its index.
func (p *Problem) AddColumn(cost, lower, upper float64) int {
	p.Cost = append(p.Cost, cost)
	p.Lower, p.Upper = append(p.Lower, lower), append(p.Upper, upper)
	return len(p.Cost) - 1
}

// AddRow adds a row. Entries of 0 are left out; columns must differ.
func (p *Problem) AddRow(least, most float64, columns []int32, values []float64) int {
	if len(p.First) == 0 {
		p.First = append(p.First, 0)
	}
	for k, j := range columns {
		if values[k] != 0 {
			p.Column, p.Value = append(p.Column, j), append(p.Value, values[k])
		}
	}
	p.First = append(p.First, len(p.Column))
	p.Least, p.Most = append(p.Least, least), append(p.Most, most)
	return len(p.Least) - 1
}

// matrix is what all solvers of a problem share: the rows, the same by columns,
// and finite bounds of the rows.
type matrix struct {
	*Problem
	n, m int

	first  []int // of each column in rows and values
	rows   []int32
	values []float64
	self   []int32 // 0, 1, 2, …: the rows of the columns of activities
}

func newMatrix(p *Problem) *matrix {
	a := &matrix{Problem: p, n: p.Columns(), m: p.Rows()}
	a.first = make([]int, a.n+1)
	for _, j := range p.Column {
		a.first[j+1]++
	}
	for j := range a.n {
		a.first[j+1] += a.first[j]
	}
	a.rows, a.values = make([]int32, len(p.Column)), make([]float64, len(p.Column))
	next := slices.Clone(a.first[:a.n])
	for r := range a.m {
		for k := p.First[r]; k < p.First[r+1]; k++ {
			j := p.Column[k]
			a.rows[next[j]], a.values[next[j]] = int32(r), p.Value[k]
			next[j]++
		}
	}
	a.self = make([]int32, a.m)
	for r := range a.self {
		a.self[r] = int32(r)
	}
	return a
}

// activity is the interval of row r within the bounds of the columns.
func (a *matrix) activity(r int, lower, upper []float64) (lo, hi float64) {
	for k := a.First[r]; k < a.First[r+1]; k++ {
		j, v := a.Column[k], a.Value[k]
		if v > 0 {
			lo, hi = lo+v*lower[j], hi+v*upper[j]
		} else {
			lo, hi = lo+v*upper[j], hi+v*lower[j]
		}
	}
	return lo, hi
}

// bound is a lower bound on the program within the bounds of the columns, for
// any multipliers y of the rows: the least of (c - yA) x + y s with x and s, the
// activities, in their bounds. A multiplier that leans on a side of a row that
// is not there counts as 0.
func (a *matrix) bound(cost, y, lower, upper []float64) float64 {
	var total sum
	price := make([]sum, a.n)
	for j := range price {
		if cost != nil {
			price[j].add(cost[j])
		}
	}
	for r, v := range y {
		side := a.Least[r]
		if v < 0 {
			side = a.Most[r]
		}
		if v == 0 || math.IsInf(side, 0) {
			continue
		}
		total.add(v * side)
		for k := a.First[r]; k < a.First[r+1]; k++ {
			price[a.Column[k]].add(-v * a.Value[k])
		}
	}
	for j := range price {
		// The price is a sum that is rounded: it lies within e of d, and the
		// column pays the least that it can at such a price.
		d, e := price[j].value+price[j].lost, price[j].error()
		total.add(min((d-e)*lower[j], (d+e)*lower[j], (d-e)*upper[j], (d+e)*upper[j]))
	}
	return total.value + total.lost - total.error()
}

// unit is the relative error of one operation.
const unit = 0x1p-53

// sum adds numbers with the rounding errors made up for (Neumaier 1974,
// Zeitschrift für Angewandte Mathematik und Mechanik 54).
type sum struct {
	value, lost, size float64
	terms             int
}

func (s *sum) add(v float64) {
	t := s.value + v
	if math.Abs(s.value) >= math.Abs(v) {
		s.lost += s.value - t + v
	} else {
		s.lost += v - t + s.value
	}
	s.value = t
	s.size += math.Abs(v)
	s.terms++
}

// error bounds how far value + lost is from the sum of the exact terms, each the
// product of two rounded operations.
func (s *sum) error() float64 {
	n := float64(s.terms)
	return s.size * (4*unit + n*n*unit*unit)
}
