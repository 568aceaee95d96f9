package format

import (
	"io"

	"github.com/hubplan/hubplan/hub/locate"
)

// WriteLP writes a problem as a mixed-integer program in CPLEX LP format,
// which people can read, and most solvers. Names, formulations and errors are
// those of [WriteMPS].
func WriteLP(w io.Writer, problem locate.Problem) error {
	if !problem.Classic() {
		g, err := newGeneral(w, &problem)
		if err != nil {
			return err
		}
		return g.lp()
	}
	p, err := newProgram(&problem)
	if err != nil {
		return err
	}
	l := &lp{text: newText(w), program: p}
	l.string("\\ ")
	l.string(p.title())
	if p.maximises() {
		l.string("Maximize\n")
	} else {
		l.string("Minimize\n")
	}
	l.objective()
	l.string("Subject To\n")
	l.rows()
	l.bounds()
	l.string("End\n")
	return l.flush()
}

// lp writes a program row by row.
type lp struct {
	*text
	*program
	terms int // of the row being written
}

// begin begins a row.
func (l *lp) begin(letter string, indices ...int) {
	l.string(" ")
	l.name(letter, indices...)
	l.string(":")
	l.terms = 0
}

// term adds a term to the row. Lines are kept short: some solvers read only so
// many characters of each.
func (l *lp) term(value float64, letter string, indices ...int) {
	if l.terms++; l.terms%8 == 0 {
		l.string("\n ")
	}
	switch {
	case value < 0:
		l.string(" - ")
		value = -value
	case l.terms > 1:
		l.string(" + ")
	default:
		l.string(" ")
	}
	if value != 1 {
		l.number(value)
		l.string(" ")
	}
	l.name(letter, indices...)
}

// end ends a row.
func (l *lp) end(s sense, right float64) {
	if l.terms == 0 {
		l.term(0, "x", 0) // a row must have a term
	}
	switch s {
	case equal:
		l.string(" = ")
	case most:
		l.string(" <= ")
	default:
		l.string(" >= ")
	}
	l.number(right)
	l.string("\n")
}

func (l *lp) objective() {
	l.begin("obj")
	for j := range l.m {
		if v := l.objectiveX(j); v != 0 {
			l.term(v, "x", j)
		}
	}
	if l.Model == locate.PCenter {
		l.term(1, "z")
	}
	for i, in := range l.demand {
		if !in {
			continue
		}
		if v := l.objectiveZ(i); v != 0 && l.partial {
			l.term(v, "z", i)
		}
		if !l.assigned {
			continue
		}
		for j, cost := range l.row(i) {
			if v := l.objectiveY(i, cost); v != 0 {
				l.term(v, "y", i, j)
			}
		}
	}
	if l.terms == 0 {
		l.term(0, "x", 0)
	}
	l.string("\n")
}

func (l *lp) rows() {
	for _, r := range l.limits() {
		l.begin(r.name)
		for j := range l.m {
			if r.x == nil {
				break
			}
			if v := r.x(j); v != 0 {
				l.term(v, "x", j)
			}
		}
		for i, in := range l.demand {
			if in && r.z != nil {
				l.term(r.z(i), "z", i)
			}
		}
		l.end(r.sense, r.right)
	}
	direction, right := l.demandSense()
	for i, in := range l.demand {
		if !in {
			continue
		}
		l.begin("d", i)
		for j := range l.row(i) {
			if l.assigned {
				l.term(1, "y", i, j)
			} else {
				l.term(1, "x", j)
			}
		}
		if l.partial {
			l.term(-1, "z", i)
		}
		l.end(direction, right)
		if l.Model == locate.PCenter {
			l.begin("r", i)
			l.term(1, "z")
			for j, cost := range l.row(i) {
				if v := l.weight(i) * cost; v != 0 {
					l.term(-v, "y", i, j)
				}
			}
			l.end(atLeast, 0)
		}
		if !l.assigned {
			continue
		}
		for j := range l.row(i) {
			l.begin("l", i, j)
			l.term(1, "x", j)
			l.term(-1, "y", i, j)
			l.end(atLeast, 0)
		}
	}
}

// bounds writes what is fixed, at most 1, or 0 or 1. A variable that is fixed
// is not declared binary: that would set it free in some solvers.
func (l *lp) bounds() {
	l.string("Bounds\n")
	var free []int
	for j := range l.m {
		value, fixed := l.fixed(j)
		if !fixed {
			free = append(free, j)
			continue
		}
		l.string(" ")
		l.name("x", j)
		l.string(" = ")
		l.number(value)
		l.string("\n")
	}
	for i, in := range l.demand {
		if in && l.partial {
			l.string(" ")
			l.name("z", i)
			l.string(" <= 1\n")
		}
	}
	if len(free) == 0 {
		return
	}
	l.string("Binary\n")
	for _, j := range free {
		l.string(" ")
		l.name("x", j)
		l.string("\n")
	}
}
