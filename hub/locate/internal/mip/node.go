package mip

import (
	"math"
	"slices"

	"github.com/hubplan/hubplan/hub/locate/internal/simplex"
)

// node is a part of the tree that is still to be searched.
type node struct {
	bound   float64
	order   int // of creation
	changes []change
	basis   []int8 // of the parent

	// The branch that made it, for pseudocosts: the column, whether up, how far
	// its value moved and the bound before.
	column int
	up     bool
	moved  float64
	before float64
}

// change is bounds of a column.
type change struct {
	column       int32
	lower, upper float64
}

// heap orders nodes by bound, then creation.
type heap []*node

func (h heap) Len() int      { return len(h) }
func (h heap) Swap(a, b int) { h[a], h[b] = h[b], h[a] }
func (h heap) Less(a, b int) bool {
	if h[a].bound != h[b].bound {
		return h[a].bound < h[b].bound
	}
	return h[a].order > h[b].order // the deeper one
}
func (h *heap) Push(x any) { *h = append(*h, x.(*node)) }
func (h *heap) Pop() any {
	last := len(*h) - 1
	x := (*h)[last]
	*h = (*h)[:last]
	return x
}

// past is what branching on a column has gained so far, per unit of change.
type past struct {
	sum   [2]float64 // down, up
	count [2]int
}

func (p *past) add(up bool, gain, moved float64) {
	side := 0
	if up {
		side = 1
	}
	if moved > integral {
		p.sum[side] += max(0, gain) / moved
		p.count[side]++
	}
}

// answer is what the evaluation of a node found.
type answer struct {
	bound    float64 // of the node
	open     bool    // children are to be searched
	children [2]*node
	point    []float64 // a solution met on the way
	value    float64
	left     float64 // a bound that nothing can raise; +Inf if there is none
	gains    []gain
}

// gain is an observation for pseudocosts.
type gain struct {
	column int
	up     bool
	gain   float64
	moved  float64
}

// worker evaluates nodes.
type worker struct {
	*search
	solver *simplex.Solver
	domain *domain
}

func (s *search) newWorker() *worker {
	w := &worker{search: s}
	if s.spare != nil {
		w.solver, s.spare = s.spare, nil
	} else {
		w.solver = s.first.Fork()
	}
	w.domain = newDomain(s.Problem, w.solver.Meets)
	return w
}

// enter sets the bounds of a node and has the rows tighten them. It reports
// false if the node is empty.
func (w *worker) enter(changes []change) bool {
	d := w.domain
	d.reset()
	copy(d.lower, w.lower)
	copy(d.upper, w.upper)
	for _, c := range changes {
		if !d.set(int(c.column), c.lower, c.upper) {
			return false
		}
	}
	if !d.propagate() {
		return false
	}
	for j := range d.lower {
		w.solver.SetBounds(j, d.lower[j], d.upper[j])
	}
	return true
}

// apply tells the solver of the changes since. It reports whether the point at
// hand is outside of them.
func (w *worker) apply() bool {
	outside := false
	for _, j := range w.domain.changed {
		lower, upper, x := w.domain.lower[j], w.domain.upper[j], w.solver.X(int(j))
		w.solver.SetBounds(int(j), lower, upper)
		outside = outside || x < lower-integral || x > upper+integral
	}
	return outside
}

// evaluate bounds a node and splits it.
func (w *worker) evaluate(n *node, cutoff float64) answer {
	a := answer{bound: n.bound, value: math.Inf(1), left: math.Inf(1)}
	if !w.enter(n.changes) {
		a.bound = math.Inf(1)
		return a
	}
	if n.basis != nil {
		w.solver.SetBasis(n.basis)
	}
	for round := 0; ; round++ {
		switch w.solver.Run(cutoff, 0, w.Stop) {
		case simplex.Infeasible:
			a.bound = math.Inf(1)
			return a
		case simplex.Stopped:
			a.bound = max(a.bound, w.solver.Bound())
			if w.stopped() || !w.retry() {
				a.left = a.bound
				if !w.stopped() {
					w.halve(n, &a)
				}
				return a
			}
		}
		a.bound = max(a.bound, w.solver.Bound())
		if round == 0 && n.column >= 0 {
			a.gains = append(a.gains, gain{n.column, n.up, a.bound - n.before, n.moved})
		}
		if a.bound >= cutoff {
			return a
		}
		if w.fix(cutoff) {
			if !w.domain.propagate() {
				a.bound = max(a.bound, cutoff) // nothing below it is left
				return a
			}
			if w.apply() {
				continue
			}
		}
		fractional := w.fractional()
		if len(fractional) == 0 {
			w.whole(&a, cutoff)
			if a.point != nil && a.value < cutoff {
				cutoff = w.cutoffOf(a.value)
			}
			if a.bound >= cutoff {
				return a
			}
			a.left = a.bound
			w.halve(n, &a)
			return a
		}
		column, c := w.choose(fractional, cutoff, &a)
		if c == empty {
			return a
		}
		if c == smaller {
			if !w.domain.propagate() {
				a.bound = max(a.bound, cutoff)
				return a
			}
			w.apply()
			continue
		}
		w.split(n, column, &a)
		return a
	}
}

// retry solves the relaxation from the basis of the rows. It reports whether
// that gave a result.
func (w *worker) retry() bool {
	w.solver.SetBasis(w.slack)
	switch w.solver.Run(math.Inf(1), 0, w.Stop) {
	case simplex.Optimal, simplex.Cutoff:
		return true
	}
	return false
}

// fractional lists the integer columns whose value is none.
func (w *worker) fractional() []int {
	var list []int
	for _, j := range w.integers {
		if fraction(w.solver.X(j)) > integral && w.domain.lower[j] < w.domain.upper[j] {
			list = append(list, j)
		}
	}
	return list
}

// fix tightens integer columns that cannot move without reaching the cutoff.
func (w *worker) fix(cutoff float64) bool {
	room := cutoff - w.solver.Bound()
	if math.IsInf(room, 0) {
		return false
	}
	changed := false
	for _, j := range w.integers {
		lower, upper := w.domain.lower[j], w.domain.upper[j]
		d := w.solver.Reduced(j)
		if lower == upper || d == 0 {
			continue
		}
		// The reduced cost may be off by what the solver tolerates.
		steps := math.Floor(room/(math.Abs(d)-2e-9*w.scale) + 1e-6)
		if math.Abs(d) <= 1e-7*w.scale || steps >= upper-lower {
			continue
		}
		if d > 0 {
			w.domain.set(j, lower, lower+steps)
		} else {
			w.domain.set(j, upper-steps, upper)
		}
		changed = true
	}
	return changed
}

// whole takes the point of a relaxation without fractions as a solution.
func (w *worker) whole(a *answer, cutoff float64) {
	x := make([]float64, w.Columns())
	for j := range x {
		x[j] = min(max(w.solver.X(j), w.domain.lower[j]), w.domain.upper[j])
		if w.Integer[j] {
			x[j] = math.Round(x[j])
		}
	}
	if v, ok := w.check(x); ok {
		a.point, a.value = x, v
		return
	}
	// Rounding has broken a row: the other columns make up for it.
	for _, j := range w.integers {
		w.solver.SetBounds(j, x[j], x[j])
	}
	if w.solver.Run(math.Inf(1), 0, w.Stop) == simplex.Optimal {
		for j := range x {
			if !w.Integer[j] {
				x[j] = min(max(w.solver.X(j), w.domain.lower[j]), w.domain.upper[j])
			}
		}
		if v, ok := w.check(x); ok {
			a.point, a.value = x, v
		}
	}
	for _, j := range w.integers {
		w.solver.SetBounds(j, w.domain.lower[j], w.domain.upper[j])
	}
}

// split makes the children of a node by a column.
func (w *worker) split(n *node, column int, a *answer) {
	basis, x := w.solver.Basis(), w.solver.X(column)
	changes := w.changes()
	down, up := math.Floor(x), math.Floor(x)+1
	for side := range 2 {
		c := &node{bound: a.bound, basis: basis, column: column, up: side == 1, before: a.bound}
		cut := change{int32(column), w.domain.lower[column], down}
		c.moved = x - down
		if c.up {
			cut.lower, cut.upper = up, w.domain.upper[column]
			c.moved = up - x
		}
		c.changes = append(slices.Clip(changes), cut)
		a.children[side] = c
	}
	a.open = true
}

// halve splits a node whose relaxation says nothing at the middle of the first
// integer column that is not decided; a.left stays if there is none.
func (w *worker) halve(n *node, a *answer) {
	for _, j := range w.integers {
		lower, upper := w.domain.lower[j], w.domain.upper[j]
		if lower == upper {
			continue
		}
		middle := math.Floor((lower + upper) / 2)
		changes := w.changes()
		for side, cut := range []change{{int32(j), lower, middle}, {int32(j), middle + 1, upper}} {
			a.children[side] = &node{
				bound: a.bound, basis: w.slack, column: -1, changes: append(slices.Clip(changes), cut),
			}
		}
		a.open, a.left = true, math.Inf(1)
		return
	}
}

// changes lists where the bounds of integer columns differ from the root's.
func (w *worker) changes() []change {
	var list []change
	for _, j := range w.integers {
		if lower, upper := w.domain.lower[j], w.domain.upper[j]; lower != w.lower[j] || upper != w.upper[j] {
			list = append(list, change{int32(j), lower, upper})
		}
	}
	return list
}
