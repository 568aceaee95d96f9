package locate

import (
	"math"
	"strconv"

	"github.com/hubplan/hubplan/hub/locate/internal/mip"
)

// linear is a problem as a mixed-integer linear program, which is always
// minimised: models that maximise come with their signs turned.
type linear struct {
	*work
	mip.Problem
	names    []string // of columns
	rowNames []string

	open   []int    // the column of each site, -1 if it is never open
	closed []int    // the column that is 1 where an existing site closes, else -1
	size   [][]int  // the columns of the sizes of each site, with Capacity.Sizes
	parts  [][]part // with Capacity what is served in each scene, by demand and site

	// exact is a number of which every solution's value is a multiple, else 0.
	exact float64

	// tangent adds the rows that a point breaks which no finite number of rows
	// could state beforehand, and reports whether there were any; nil if all
	// rows are stated.
	tangent func(x []float64) bool
}

// name is a letter and indices, such as y_3_14.
func name(letter string, indices ...int) string {
	b := []byte(letter)
	for _, i := range indices {
		b = strconv.AppendInt(append(b, '_'), int64(i), 10)
	}
	return string(b)
}

// column adds a column that may take any value, whole one that takes integers.
func (l *linear) column(cost, lower, upper float64, letter string, indices ...int) int {
	l.names = append(l.names, name(letter, indices...))
	return l.Add(cost, lower, upper)
}

func (l *linear) whole(cost, lower, upper float64, letter string, indices ...int) int {
	l.names = append(l.names, name(letter, indices...))
	return l.AddInteger(cost, lower, upper)
}

// row is a row being put together.
type row struct {
	columns []int32
	values  []float64
}

func (r *row) add(column int, value float64) {
	r.columns, r.values = append(r.columns, int32(column)), append(r.values, value)
}

// limit adds a row.
func (l *linear) limit(least, most float64, r row, letter string, indices ...int) {
	l.rowNames = append(l.rowNames, name(letter, indices...))
	l.AddRow(least, most, r.columns, r.values)
}

// noLess and noMore are sides of rows that are open.
var noLess, noMore = math.Inf(-1), math.Inf(1)

// newLinear states the sites and the rules that bind them. cost is what an open
// site adds to the objective.
func (w *work) newLinear(cost func(j int) float64) *linear {
	l := &linear{work: w, open: make([]int, w.sites), closed: make([]int, w.sites), size: make([][]int, w.sites)}
	var count, budget row
	for j := range l.open {
		l.open[j], l.closed[j] = -1, -1
		switch w.status(j) {
		case Excluded:
			continue
		case Required:
			l.open[j] = l.whole(cost(j), 1, w.units(j), "x", j)
		case Candidate:
			l.open[j] = l.whole(cost(j), 0, w.units(j), "x", j)
		case Existing:
			if !w.closable(j) {
				l.open[j] = l.whole(0, 1, 1, "x", j)
				l.sizes(j, &budget)
				continue
			}
			l.open[j] = l.whole(0, 0, 1, "x", j)
			closing := 0.0
			if w.pays() {
				closing = w.Rules.Closing[j]
			}
			l.closed[j] = l.column(closing, 0, 1, "k", j)
			var both row
			both.add(l.open[j], 1)
			both.add(l.closed[j], 1)
			l.limit(1, 1, both, "k", j)
			budget.add(l.closed[j], w.Rules.Closing[j])
			l.sizes(j, &budget)
			continue
		}
		count.add(l.open[j], 1)
		budget.add(l.open[j], w.opening(j))
		l.sizes(j, &budget)
	}
	if w.Model != SetCover && w.P > 0 {
		least := float64(w.P)
		if w.Budget > 0 {
			least = noLess
		}
		l.limit(least, float64(w.P), count, "open")
	}
	if w.Budget > 0 && !math.IsInf(w.Budget, 1) {
		l.limit(noLess, w.Budget*(1+1e-12), budget, "budget")
	}
	l.rules()
	return l
}

// pays reports whether opening and closing costs are part of the objective.
func (p *Problem) pays() bool { return p.Model == SetCover || p.Model == FixedCharge }

// paid is what an open site adds to an objective that counts costs.
func (p *Problem) paid(j int) float64 {
	if p.pays() {
		return p.opening(j)
	}
	return 0
}

// units is how many units a site may take.
func (p *Problem) units(j int) float64 {
	if p.Units == nil {
		return 1
	}
	return float64(p.Units[j])
}

// Program is a location problem as a mixed-integer linear program, in the form
// that general solvers read.
type Program struct {
	Maximise bool
	Columns  []Column
	Rows     []Row
}

// Column is a variable of a Program. Both bounds are finite.
type Column struct {
	Name         string
	Cost         float64 // coefficient in the objective
	Lower, Upper float64
	Integer      bool
}

// Row is a constraint Least <= sum of entries <= Most of a Program, either side
// of which may be infinite.
type Row struct {
	Name        string
	Least, Most float64
	Entries     []Entry
}

// Entry is a coefficient of a Row.
type Entry struct {
	Column int
	Value  float64
}

// program copies a linear program into the form for others.
func (l *linear) program(maximise bool) *Program {
	sign := 1.0
	if maximise {
		sign = -1
	}
	if len(l.Cost) == 0 || len(l.rowNames) == 0 { // which some solvers do not read
		var r row
		r.add(l.column(0, 0, 1, "none"), 1)
		l.limit(0, 1, r, "none")
	}
	p := &Program{Maximise: maximise}
	for j, c := range l.Cost {
		if c != 0 {
			c *= sign
		}
		p.Columns = append(p.Columns, Column{l.names[j], c, l.Lower[j], l.Upper[j], l.Integer[j]})
	}
	for r, name := range l.rowNames {
		row := Row{Name: name, Least: l.Least[r], Most: l.Most[r]}
		for k := l.First[r]; k < l.First[r+1]; k++ {
			row.Entries = append(row.Entries, Entry{int(l.Column[k]), l.Value[k]})
		}
		p.Rows = append(p.Rows, row)
	}
	return p
}
