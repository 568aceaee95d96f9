package format

import (
	"fmt"
	"iter"
	"math"

	"github.com/hubplan/hubplan/hub/locate"
)

// program is a problem as the mixed-integer program that [WriteMPS] defines,
// from which both writers take what they write, one by columns and one by rows.
// Its rows are called
//
//	open    so many sites open
//	budget  the opening costs are within the budget
//	share   so much weight is covered
//	d_i     demand i is assigned (sum of y_i_j), or covered (sum of x_j)
//	r_i     z is at least the weighted cost of demand i
//	l_i_j   only an open site serves: x_j - y_i_j >= 0
//	none    stands where there is no other row
type program struct {
	*locate.Problem
	n, m int

	assigned bool           // pairs have a variable y
	partial  bool           // demands have a variable z
	demand   []bool         // is in the program: has weight, and a site
	columns  *locate.Sparse // the costs site by site, if they are sparse
}

// newProgram checks the problem. A demand that must be served and cannot be is
// an error that wraps locate.ErrInfeasible.
func newProgram(problem *locate.Problem) (*program, error) {
	if err := problem.Check(); err != nil {
		return nil, err
	}
	p := &program{Problem: problem}
	p.n, p.m = p.Costs.Size()
	fades := p.Model == locate.MaximalCover && p.Fade > 0
	shared := p.Model == locate.SetCover && p.Share > 0 && p.Share < 1
	p.assigned = fades || p.Model != locate.MaximalCover && p.Model != locate.SetCover
	p.partial = shared || p.Model == locate.MaximalCover && !fades
	if s, ok := sparse(p.Costs); ok {
		p.columns = transpose(s, p.m)
	}
	p.demand = make([]bool, p.n)
	for i := range p.demand {
		if p.weight(i) == 0 {
			continue
		}
		for range p.row(i) {
			p.demand[i] = true
			break
		}
		if !p.demand[i] && !p.partial && !fades {
			return nil, fmt.Errorf("%w: demand %d has no site that can serve it", locate.ErrInfeasible, i)
		}
	}
	return p, nil
}

// sparse returns costs that are lists of pairs.
func sparse(c locate.Costs) (*locate.Sparse, bool) {
	switch c := c.(type) {
	case locate.Sparse:
		return &c, true
	case *locate.Sparse:
		return c, true
	}
	return nil, false
}

// transpose lists the demands of each site, ascending.
func transpose(c *locate.Sparse, sites int) *locate.Sparse {
	t := &locate.Sparse{
		Sites: len(c.First) - 1, First: make([]int, sites+1),
		Site: make([]int32, len(c.Site)), Cost: make([]float64, len(c.Cost)),
	}
	for _, j := range c.Site {
		t.First[j+1]++
	}
	for j := range sites {
		t.First[j+1] += t.First[j]
	}
	next := append([]int(nil), t.First...)
	for i := range t.Sites {
		for k := c.First[i]; k < c.First[i+1]; k++ {
			j := c.Site[k]
			t.Site[next[j]], t.Cost[next[j]] = int32(i), c.Cost[k]
			next[j]++
		}
	}
	return t
}

// row yields the sites that can serve or cover demand i, with their costs.
func (p *program) row(i int) iter.Seq2[int, float64] {
	return func(yield func(int, float64) bool) {
		if s, ok := sparse(p.Costs); ok {
			for k := s.First[i]; k < s.First[i+1]; k++ {
				if j := int(s.Site[k]); p.usable(j, s.Cost[k]) && !yield(j, s.Cost[k]) {
					return
				}
			}
			return
		}
		for j := range p.m {
			if c := p.Costs.At(i, j); p.usable(j, c) && !yield(j, c) {
				return
			}
		}
	}
}

// column yields the demands of the program that site j can serve or cover.
func (p *program) column(j int) iter.Seq[int] {
	return func(yield func(int) bool) {
		if s := p.columns; s != nil {
			for k := s.First[j]; k < s.First[j+1]; k++ {
				if i := int(s.Site[k]); p.demand[i] && p.usable(j, s.Cost[k]) && !yield(i) {
					return
				}
			}
			return
		}
		for i := range p.n {
			if p.demand[i] && p.usable(j, p.Costs.At(i, j)) && !yield(i) {
				return
			}
		}
	}
}

// usable reports whether a pair of this cost is in the program.
func (p *program) usable(j int, cost float64) bool {
	return p.status(j) != locate.Excluded && p.served(cost) > 0
}

// served is the part of a demand that counts if it is served at a cost: in the
// models that do not cover, all of it.
func (p *program) served(cost float64) float64 {
	covers := p.Model == locate.SetCover || p.Model == locate.MaximalCover
	switch {
	case math.IsInf(cost, 1):
		return 0
	case !covers || cost <= p.Radius:
		return 1
	case p.Model == locate.MaximalCover && cost < p.Fade:
		return (p.Fade - cost) / (p.Fade - p.Radius)
	}
	return 0
}

func (p *program) weight(i int) float64 {
	if p.Weight == nil {
		return 1
	}
	return p.Weight[i]
}

func (p *program) status(j int) locate.Status {
	if p.Site == nil {
		return locate.Candidate
	}
	return p.Site[j]
}

// opening is the cost of opening a site where the model counts it; a site that
// is open already, or never will be, costs nothing.
func (p *program) opening(j int) float64 {
	switch s := p.status(j); {
	case s == locate.Existing || s == locate.Excluded:
		return 0
	case p.Opening == nil:
		return 1
	}
	return p.Opening[j]
}

// maximises reports the sense of the objective.
func (p *program) maximises() bool { return p.Model == locate.MaximalCover }

// objectiveX and objectiveY are the coefficients of x_j and of y_i_j in the
// objective. That of z_i is the weight in maximal cover, that of z is 1.
func (p *program) objectiveX(j int) float64 {
	if p.Model == locate.SetCover || p.Model == locate.FixedCharge {
		return p.opening(j)
	}
	return 0
}

func (p *program) objectiveY(i int, cost float64) float64 {
	switch p.Model {
	case locate.PCenter:
		return 0
	case locate.MaximalCover:
		return p.weight(i) * p.served(cost)
	}
	return p.weight(i) * cost
}

// objectiveZ is the coefficient of z_i.
func (p *program) objectiveZ(i int) float64 {
	if p.Model == locate.MaximalCover {
		return p.weight(i)
	}
	return 0
}

// sense is that of a row, by its letter in MPS.
type sense byte

const (
	equal   sense = 'E'
	most    sense = 'L'
	atLeast sense = 'G'
)

// A limit is one of the rows that are not about one demand. Its coefficients
// are those of x_j or z_i.
type limit struct {
	name  string
	sense sense
	right float64
	x     func(j int) float64
	z     func(i int) float64
}

// limits lists the rows that are not about one demand. If there is no row at
// all, which some solvers do not read, one is made.
func (p *program) limits() []limit {
	var rows []limit
	budgeted := p.Model == locate.MaximalCover && p.Budget > 0
	if p.Model != locate.SetCover && p.P > 0 {
		row := limit{name: "open", sense: equal, right: float64(p.P), x: func(j int) float64 {
			if p.status(j) == locate.Existing {
				return 0
			}
			return 1
		}}
		if budgeted {
			row.sense = most
		}
		rows = append(rows, row)
	}
	if budgeted && !math.IsInf(p.Budget, 1) {
		rows = append(rows, limit{name: "budget", sense: most, right: p.Budget, x: p.opening})
	}
	if p.Model == locate.SetCover && p.partial {
		var total float64
		for i := range p.n {
			total += p.weight(i)
		}
		// The leeway of Solve for the order of sums.
		rows = append(rows, limit{name: "share", sense: atLeast, right: p.Share * total * (1 - 1e-12), z: p.weight})
	}
	if len(rows) == 0 {
		for _, in := range p.demand {
			if in {
				return nil
			}
		}
		rows = append(rows, limit{name: "none", sense: atLeast})
	}
	return rows
}

// demandSense is the sense and right-hand side of the rows d_i.
func (p *program) demandSense() (sense, float64) {
	switch {
	case p.assigned && p.Model == locate.MaximalCover:
		return most, 1
	case p.assigned:
		return equal, 1
	case p.partial:
		return atLeast, 0
	}
	return atLeast, 1
}

// fixed returns the value of x_j if there is no choice.
func (p *program) fixed(j int) (value float64, ok bool) {
	switch p.status(j) {
	case locate.Required, locate.Existing:
		return 1, true
	case locate.Excluded:
		return 0, true
	}
	return 0, false
}
