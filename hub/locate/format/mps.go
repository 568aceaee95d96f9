package format

import (
	"fmt"
	"io"

	"github.com/hubplan/hubplan/hub/locate"
)

// WriteMPS writes a problem as a mixed-integer program in free MPS format,
// which every solver reads. With w, c, f for weight, cost and opening cost, and
// s for the part of a demand that counts at a cost between Radius and Fade, the
// programs are
//
//	PMedian       min  sum w_i c_ij y_ij
//	FixedCharge   min  sum f_j x_j + sum w_i c_ij y_ij
//	PCenter       min  z,  with z >= sum_j w_i c_ij y_ij for each i
//	              all three with sum_j y_ij = 1 for each i and y_ij <= x_j
//	SetCover      min  sum f_j x_j,  with sum_j x_j >= 1 for each i
//	  with Share  the same with sum_j x_j >= z_i, and sum w_i z_i >= Share sum w_i
//	MaximalCover  max  sum w_i z_i,  with sum_j x_j >= z_i for each i
//	  with Fade   max  sum w_i s_ij y_ij,  with sum_j y_ij <= 1 and y_ij <= x_j
//
// where sums of x_j for a demand are over the sites that cover it, x_j is 0 or
// 1, and all else is continuous: y_ij and z_i from 0 to 1. The sum of x_j over
// the sites that are not open already is P (at most P with a Budget), and that
// of f_j x_j at most the Budget. These are the textbook forms (Balinski 1965;
// ReVelle and Swain 1970; Toregas and others 1971; Church and ReVelle 1974) with
// a row for each pair, which makes the linear relaxation tight. Of PCenter with
// Median only the first objective is written: the second is no linear one
// before the radius is known.
//
// Variables are named x_j, y_i_j, z_i and z by the indices of demand and site,
// from 0. A required or existing site has x_j fixed at 1, the existing one at
// no cost, an excluded one at 0. Pairs that are impossible or do not cover and
// demands of weight 0 are left out, and where cover is counted those that no
// site covers.
//
// MPS as all solvers read it has no sense of optimisation: maximal cover is to
// be maximised (glpsol --max), all other models are minimised, as solvers do
// if nothing is said. The format of [WriteLP] says it itself.
//
// Coefficients are written in full. Beside a flag for each demand nothing but
// an index of sparse costs is held in memory; to stop a large file, let w
// return an error. It is an error if the problem is not well formed, or if a
// demand that needs service has no site that can give it; they wrap
// locate.ErrProblem and locate.ErrInfeasible, and nothing is written.
//
// What goes beyond those forms (other models, rules, scenarios, folds, units,
// failure, a penalty, capacities) is written as locate.Linear states it, which
// is held in memory. With capacities all five models have y_ij, integer with
// Single, the cover models too, and beside the rows above, named by their first
// letter, c_j limits what site j serves and m_j is its minimum, e_k_j limits
// commodity k, n_i_j keeps demand i from sites farther than j if that is open,
// and q_j gives an open site one of its sizes q_j_k. Scenarios come first among
// the indices of y, c, m, e and n.
func WriteMPS(w io.Writer, problem locate.Problem) error {
	if !problem.Classic() {
		g, err := newGeneral(w, &problem)
		if err != nil {
			return err
		}
		return g.mps()
	}
	p, err := newProgram(&problem)
	if err != nil {
		return err
	}
	m := &mps{text: newText(w), program: p, limits: p.limits()}
	m.string("* ")
	m.string(p.title())
	if p.maximises() {
		m.string("* maximise obj (glpsol --max): the format does not say so itself\n")
	}
	m.string("NAME " + p.Model.String() + "\nROWS\n N obj\n")
	m.rows()
	m.string("COLUMNS\n M1 'MARKER' 'INTORG'\n")
	for j := range p.m {
		m.site(j)
	}
	m.string(" M2 'MARKER' 'INTEND'\n")
	m.others()
	m.right()
	m.bounds()
	m.string("ENDATA\n")
	return m.flush()
}

// title says what a model is.
func (p *program) title() string {
	return fmt.Sprintf("%v, %d demands, %d sites: x_j site open, y_i_j service, z_i cover, z largest cost\n", p.Model, p.n, p.m)
}

// mps writes a program column by column.
type mps struct {
	*text
	*program
	limits []limit
	label  []byte // the name of the column being written
	filled bool   // it has an entry
}

// rows declares the rows with their senses.
func (m *mps) rows() {
	for _, r := range m.limits {
		m.string(" " + string(rune(r.sense)) + " " + r.name + "\n")
	}
	direction, _ := m.demandSense()
	for i, in := range m.demand {
		if !in {
			continue
		}
		m.string(" " + string(rune(direction)) + " ")
		m.name("d", i)
		m.string("\n")
		if m.Model == locate.PCenter {
			m.string(" G ")
			m.name("r", i)
			m.string("\n")
		}
		if m.assigned {
			for j := range m.row(i) {
				m.string(" G ")
				m.name("l", i, j)
				m.string("\n")
			}
		}
	}
}

// entry writes a coefficient of the column in a row, which letter and indices
// name.
func (m *mps) entry(value float64, row string, indices ...int) {
	m.w.WriteByte(' ')
	m.w.Write(m.label)
	m.w.WriteByte(' ')
	m.name(row, indices...)
	m.string(" ")
	m.number(value)
	m.string("\n")
	m.filled = true
}

// begin begins a column.
func (m *mps) begin(letter string, indices ...int) {
	m.label, m.filled = appendName(m.label[:0], letter, indices...), false
}

// site writes the column x_j. A column without an entry is declared by a 0.
func (m *mps) site(j int) {
	m.begin("x", j)
	if v := m.objectiveX(j); v != 0 {
		m.entry(v, "obj")
	}
	for _, r := range m.limits {
		if r.x == nil {
			continue
		}
		if v := r.x(j); v != 0 {
			m.entry(v, r.name)
		}
	}
	for i := range m.column(j) {
		if m.assigned {
			m.entry(1, "l", i, j)
		} else {
			m.entry(1, "d", i)
		}
	}
	if !m.filled {
		m.entry(0, "obj")
	}
}

// others writes the columns that are not integer.
func (m *mps) others() {
	center := m.Model == locate.PCenter
	if center {
		m.begin("z")
		m.entry(1, "obj")
		for i, in := range m.demand {
			if in {
				m.entry(1, "r", i)
			}
		}
	}
	for i, in := range m.demand {
		if in && m.partial {
			m.begin("z", i)
			if v := m.objectiveZ(i); v != 0 {
				m.entry(v, "obj")
			}
			for _, r := range m.limits {
				if r.z != nil {
					m.entry(r.z(i), r.name)
				}
			}
			m.entry(-1, "d", i)
		}
		if !in || !m.assigned {
			continue
		}
		for j, cost := range m.row(i) {
			m.begin("y", i, j)
			if v := m.objectiveY(i, cost); v != 0 {
				m.entry(v, "obj")
			}
			m.entry(1, "d", i)
			if v := m.weight(i) * cost; center && v != 0 {
				m.entry(-v, "r", i)
			}
			m.entry(-1, "l", i, j)
		}
	}
}

// right writes the right-hand sides that are not 0.
func (m *mps) right() {
	m.string("RHS\n")
	m.begin("RHS")
	for _, r := range m.limits {
		if r.right != 0 {
			m.entry(r.right, r.name)
		}
	}
	if _, value := m.demandSense(); value != 0 {
		for i, in := range m.demand {
			if in {
				m.entry(value, "d", i)
			}
		}
	}
}

// bounds writes what is fixed, integer 0 or 1, or at most 1.
func (m *mps) bounds() {
	m.string("BOUNDS\n")
	for j := range m.m {
		value, fixed := m.fixed(j)
		if fixed {
			m.string(" FX BND ")
		} else {
			m.string(" BV BND ")
		}
		m.name("x", j)
		if fixed {
			m.string(" ")
			m.number(value)
		}
		m.string("\n")
	}
	if m.partial {
		for i, in := range m.demand {
			if in {
				m.string(" UP BND ")
				m.name("z", i)
				m.string(" 1\n")
			}
		}
	}
}
