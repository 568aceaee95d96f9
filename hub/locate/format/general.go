package format

import (
	"fmt"
	"io"
	"math"

	"github.com/hubplan/hubplan/hub/locate"
)

// general is a problem beyond the textbook forms, as the program that
// locate.Linear states.
type general struct {
	*text
	*locate.Program
	about   string
	columns [][]locate.Entry // of each column, with the row in place of the column
}

// newGeneral states the program of a problem.
func newGeneral(w io.Writer, problem *locate.Problem) (*general, error) {
	p, err := locate.Linear(*problem)
	if err != nil {
		return nil, err
	}
	n, m := problem.Costs.Size()
	g := &general{text: newText(w), Program: p, columns: make([][]locate.Entry, len(p.Columns))}
	g.about = fmt.Sprintf("%v, %d demands, %d sites: x_j units open at a site\n", problem.Model, n, m)
	for r, row := range p.Rows {
		for _, e := range row.Entries {
			g.columns[e.Column] = append(g.columns[e.Column], locate.Entry{Column: r, Value: e.Value})
		}
	}
	return g, nil
}

// letter is the type of a row in MPS: where both sides are finite and differ,
// that of its lower side, to which a range belongs.
func letter(r *locate.Row) sense {
	switch {
	case r.Least == r.Most:
		return equal
	case math.IsInf(r.Least, -1):
		return most
	}
	return atLeast
}

// side is the right-hand side that goes with letter.
func side(r *locate.Row) float64 {
	if letter(r) == most {
		return r.Most
	}
	return r.Least
}

// ranged reports whether a row has two sides that differ.
func ranged(r *locate.Row) bool {
	return letter(r) == atLeast && !math.IsInf(r.Most, 1)
}

// line writes words and a number as one line.
func (g *general) line(before string, value float64) {
	g.string(before)
	g.number(value)
	g.string("\n")
}

// mps writes the program in free MPS format.
func (g *general) mps() error {
	g.string("* " + g.about)
	if g.Maximise {
		g.string("* maximise obj (glpsol --max): the format does not say so itself\n")
	}
	g.string("NAME program\nROWS\n N obj\n")
	for k := range g.Rows {
		g.string(" " + string(rune(letter(&g.Rows[k]))) + " " + g.Rows[k].Name + "\n")
	}
	g.string("COLUMNS\n")
	integer, marks := false, 0
	mark := func(to bool) {
		if integer == to {
			return
		}
		integer = to
		marks++
		kind := "'INTEND'"
		if to {
			kind = "'INTORG'"
		}
		g.string(fmt.Sprintf(" M%d 'MARKER' %s\n", marks, kind))
	}
	for j, c := range g.Columns {
		mark(c.Integer)
		if c.Cost != 0 || len(g.columns[j]) == 0 {
			g.line(" "+c.Name+" obj ", c.Cost)
		}
		for _, e := range g.columns[j] {
			g.line(" "+c.Name+" "+g.Rows[e.Column].Name+" ", e.Value)
		}
	}
	mark(false)
	g.string("RHS\n")
	for k := range g.Rows {
		if v := side(&g.Rows[k]); v != 0 {
			g.line(" RHS "+g.Rows[k].Name+" ", v)
		}
	}
	g.string("RANGES\n")
	for k := range g.Rows {
		if r := &g.Rows[k]; ranged(r) {
			g.line(" RNG "+r.Name+" ", r.Most-r.Least)
		}
	}
	g.string("BOUNDS\n")
	for _, c := range g.Columns {
		if c.Lower == c.Upper {
			g.line(" FX BND "+c.Name+" ", c.Lower)
			continue
		}
		if c.Lower != 0 {
			g.line(" LO BND "+c.Name+" ", c.Lower)
		}
		g.line(" UP BND "+c.Name+" ", c.Upper)
	}
	g.string("ENDATA\n")
	return g.flush()
}

// lp writes the program in CPLEX LP format.
func (g *general) lp() error {
	g.string("\\ " + g.about)
	if g.Maximise {
		g.string("Maximize\n")
	} else {
		g.string("Minimize\n")
	}
	var goal []locate.Entry
	for j, c := range g.Columns {
		if c.Cost != 0 {
			goal = append(goal, locate.Entry{Column: j, Value: c.Cost})
		}
	}
	g.sum("obj", goal)
	g.string("\nSubject To\n")
	for k := range g.Rows {
		r := &g.Rows[k]
		sign := map[sense]string{equal: " = ", most: " <= ", atLeast: " >= "}[letter(r)]
		g.sum(r.Name, r.Entries)
		g.line(sign, side(r))
		if ranged(r) {
			g.sum(r.Name+"_most", r.Entries)
			g.line(" <= ", r.Most)
		}
	}
	g.string("Bounds\n")
	for _, c := range g.Columns {
		g.string(" ")
		g.number(c.Lower)
		g.string(" <= " + c.Name + " <= ")
		g.line("", c.Upper)
	}
	g.string("General\n")
	for _, c := range g.Columns {
		if c.Integer {
			g.string(" " + c.Name + "\n")
		}
	}
	g.string("End\n")
	return g.flush()
}

// sum writes a named sum, in short lines.
func (g *general) sum(name string, entries []locate.Entry) {
	g.string(" " + name + ":")
	if len(entries) == 0 { // a row must have a term
		entries = []locate.Entry{{Column: 0, Value: 0}}
	}
	for k, e := range entries {
		if k%8 == 7 {
			g.string("\n ")
		}
		v := e.Value
		switch {
		case v < 0:
			g.string(" - ")
			v = -v
		case k > 0:
			g.string(" + ")
		default:
			g.string(" ")
		}
		g.number(v)
		g.string(" " + g.Columns[e.Column].Name)
	}
}
