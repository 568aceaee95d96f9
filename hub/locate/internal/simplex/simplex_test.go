package simplex

import (
	"math"
	"testing"

	"gonum.org/v1/gonum/mat"
	"gonum.org/v1/gonum/optimize/convex/lp"
	"pgregory.net/rapid"
)

// drawProblem draws a small program, of numbers that make ties.
func drawProblem(t *rapid.T) *Problem {
	n, m := rapid.IntRange(1, 8).Draw(t, "columns"), rapid.IntRange(0, 7).Draw(t, "rows")
	p := &Problem{}
	for range n {
		lo := float64(rapid.IntRange(-3, 3).Draw(t, "lower"))
		p.AddColumn(float64(rapid.IntRange(-4, 4).Draw(t, "cost")), lo, lo+float64(rapid.IntRange(0, 4).Draw(t, "width")))
	}
	for range m {
		var columns []int32
		var values []float64
		for j := range n {
			if v := rapid.IntRange(-3, 3).Draw(t, "entry"); v != 0 {
				columns, values = append(columns, int32(j)), append(values, float64(v))
			}
		}
		least := float64(rapid.IntRange(-6, 6).Draw(t, "least"))
		most := least + float64(rapid.IntRange(0, 3).Draw(t, "span"))
		switch rapid.IntRange(0, 2).Draw(t, "sides") {
		case 0:
			least = math.Inf(-1)
		case 1:
			most = math.Inf(1)
		}
		p.AddRow(least, most, columns, values)
	}
	return p
}

// reference solves a program in standard form by gonum: x = lower + u, u + v =
// width, and rows with slacks.
func reference(p *Problem) (float64, bool) {
	n := p.Columns()
	type row struct {
		coefficients []float64
		slack, right float64
	}
	var rows []row
	for j := range n {
		c := make([]float64, n)
		c[j] = 1
		rows = append(rows, row{c, 1, p.Upper[j] - p.Lower[j]})
	}
	for r := range p.Rows() {
		c := make([]float64, n)
		shift := 0.0
		for k := p.First[r]; k < p.First[r+1]; k++ {
			c[p.Column[k]] = p.Value[k]
			shift += p.Value[k] * p.Lower[p.Column[k]]
		}
		if !math.IsInf(p.Most[r], 1) {
			rows = append(rows, row{c, 1, p.Most[r] - shift})
		}
		if !math.IsInf(p.Least[r], -1) {
			rows = append(rows, row{c, -1, p.Least[r] - shift})
		}
	}
	a := mat.NewDense(len(rows), n+len(rows), nil)
	b := make([]float64, len(rows))
	for i, r := range rows {
		for j, v := range r.coefficients {
			a.Set(i, j, v)
		}
		a.Set(i, n+i, r.slack)
		b[i] = r.right
	}
	c := make([]float64, n+len(rows))
	base := 0.0
	for j := range n {
		c[j] = p.Cost[j]
		base += p.Cost[j] * p.Lower[j]
	}
	value, _, err := lp.Simplex(c, a, b, 1e-10, nil)
	if err != nil {
		return 0, false
	}
	return value + base, true
}

func TestSolverEqualsGonum(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := drawProblem(t)
		s := NewSolver(p)
		status := s.Run(math.Inf(1), 0, nil)
		want, ok := reference(p)
		check(t, s, p, status, want, ok)
		// A few changes of bounds, from the basis at hand and from others.
		basis := s.Basis()
		for range 4 {
			j := rapid.IntRange(0, p.Columns()-1).Draw(t, "column")
			cut := *p
			cut.Lower, cut.Upper = append([]float64(nil), p.Lower...), append([]float64(nil), p.Upper...)
			if rapid.Bool().Draw(t, "side") {
				cut.Lower[j] = cut.Upper[j]
			} else {
				cut.Upper[j] = cut.Lower[j]
			}
			s.SetBounds(j, cut.Lower[j], cut.Upper[j])
			if rapid.Bool().Draw(t, "basis") {
				s.SetBasis(basis)
			}
			status := s.Run(math.Inf(1), 0, nil)
			want, ok := reference(&cut)
			check(t, s, &cut, status, want, ok)
			s.SetBounds(j, p.Lower[j], p.Upper[j])
		}
	})
}

// check holds the result of a run against the value of another method. That
// one, gonum's, gives up on some programs: there the bound alone decides.
func check(t *rapid.T, s *Solver, p *Problem, status Status, want float64, ok bool) {
	t.Helper()
	switch status {
	case Infeasible:
		if ok {
			t.Fatalf("infeasible, want %v", want)
		}
	case Optimal:
		for j := range p.Columns() {
			if x := s.X(j); x < p.Lower[j]-1e-7 || x > p.Upper[j]+1e-7 {
				t.Fatalf("column %d is %v, bounds %v to %v", j, x, p.Lower[j], p.Upper[j])
			}
		}
		for r := range p.Rows() {
			var sum float64
			for k := p.First[r]; k < p.First[r+1]; k++ {
				sum += p.Value[k] * s.X(int(p.Column[k]))
			}
			if sum < p.Least[r]-1e-7 || sum > p.Most[r]+1e-7 {
				t.Fatalf("row %d is %v, bounds %v to %v", r, sum, p.Least[r], p.Most[r])
			}
		}
		if math.Abs(s.Objective()-s.Bound()) > 1e-7 {
			t.Fatalf("objective %v, bound %v", s.Objective(), s.Bound())
		}
		if ok && math.Abs(s.Objective()-want) > 1e-7 {
			t.Fatalf("objective %v, want %v", s.Objective(), want)
		}
	default:
		t.Fatalf("status %v", status)
	}
}
