package mip

import (
	"math"

	"github.com/hubplan/hubplan/hub/locate/internal/simplex"
)

// dive looks for a solution below a node: it rounds one column after the other,
// the one nearest to its upper integer first, and solves the relaxation again.
func (s *search) dive(w *worker, n *node) {
	if !w.enter(n.changes) {
		return
	}
	w.solver.SetBasis(s.slack)
	if n.basis != nil {
		w.solver.SetBasis(n.basis)
	}
	turned := false // the last rounding was taken back
	last := -1
	for depth := 0; depth <= 2*len(s.integers); depth++ {
		if status := w.solver.Run(s.cutoff(), 0, s.Stop); status != simplex.Optimal {
			if status == simplex.Stopped || turned || last < 0 {
				return
			}
			turned = true
			if !w.turn(last) {
				return
			}
			continue
		}
		fractional := w.fractional()
		if len(fractional) == 0 {
			a := answer{value: math.Inf(1)}
			w.whole(&a, s.cutoff())
			s.adopt(a.point, a.value)
			return
		}
		last, turned = fractional[0], false
		for _, j := range fractional {
			if up(w.solver.X(j)) < up(w.solver.X(last)) {
				last = j
			}
		}
		if !w.domain.set(last, math.Ceil(w.solver.X(last)), w.domain.upper[last]) || !w.domain.propagate() {
			return
		}
		w.apply()
	}
}

// up is the distance to the next integer above.
func up(x float64) float64 { return math.Ceil(x) - x }

// turn takes back the rounding of a column and rounds it the other way.
func (w *worker) turn(column int) bool {
	lower := w.domain.lower[column]
	w.domain.lower[column] = w.lower[column]
	if !w.domain.set(column, w.lower[column], lower-1) || !w.domain.propagate() {
		return false
	}
	w.apply()
	return true
}

// near searches where the best solution and the relaxation of the root agree,
// with those columns fixed (Danna, Rothberg and Le Pape 2005).
func (s *search) near(w *worker) {
	if s.best == nil || len(s.integers) < 20 || s.inner {
		return
	}
	if !w.enter(nil) {
		return
	}
	w.solver.SetBasis(s.slack)
	if w.solver.Run(math.Inf(1), 0, s.Stop) != simplex.Optimal {
		return
	}
	part := *s.Problem
	part.Lower, part.Upper = append([]float64(nil), s.lower...), append([]float64(nil), s.upper...)
	fixed := 0
	for _, j := range s.integers {
		if v := s.best[j]; math.Abs(w.solver.X(j)-v) < integral && v >= part.Lower[j] && v <= part.Upper[j] {
			part.Lower[j], part.Upper[j] = v, v
			fixed++
		}
	}
	if 2*fixed < len(s.integers) {
		return
	}
	t := newSearch(&part, Options{Stop: s.Stop, Nodes: 64, Workers: s.Workers, Step: s.Step, Start: s.best})
	t.inner = true
	if r := t.run(); r.X != nil {
		s.adopt(r.X, r.Value)
	}
}
