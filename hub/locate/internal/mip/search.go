package mip

import (
	stdheap "container/heap"
	"math"
	"sync"

	"github.com/hubplan/hubplan/hub/locate/internal/simplex"
)

// batch is the number of nodes evaluated side by side.
const batch = 8

// search is a tree being searched. Workers read it while a batch runs; it
// changes only between batches.
type search struct {
	*Problem
	Options
	integers     []int
	scale        float64   // of costs
	size         float64   // of the largest value there may be
	lower, upper []float64 // of the root, tightened
	past         []past
	slack        []int8 // the basis of the rows
	first, spare *simplex.Solver

	best   []float64
	value  float64
	proven float64 // the bound reported last
	left   float64 // the least bound of what nothing can settle
	nodes  int
	order  int
	inner  bool // searches a neighbourhood for another search
	open   heap
}

// Solve searches for a best solution.
func Solve(p *Problem, o Options) Result { return newSearch(p, o).run() }

func newSearch(p *Problem, o Options) *search {
	s := &search{Problem: p, Options: o, value: math.Inf(1), left: math.Inf(1), proven: math.Inf(-1)}
	if s.Stop == nil {
		s.Stop = func() bool { return false }
	}
	s.first = simplex.NewSolver(&p.Problem)
	s.spare = s.first
	s.slack = s.first.Basis()
	s.past = make([]past, p.Columns())
	for j, is := range p.Integer {
		if p.Lower[j] < p.Upper[j] {
			s.scale = max(s.scale, math.Abs(p.Cost[j]))
		}
		s.size += math.Abs(p.Cost[j]) * max(math.Abs(p.Lower[j]), math.Abs(p.Upper[j]))
		if is {
			s.integers = append(s.integers, j)
		}
	}
	if s.scale == 0 {
		s.scale = 1
	}
	if o.Start != nil {
		if v, ok := s.check(o.Start); ok {
			s.adopt(o.Start, v)
		}
	}
	return s
}

// leeway is the difference from a value that is as good as 0 which counts as
// rounding.
func (s *search) leeway(value float64) float64 {
	if math.Abs(value) > 1e-9*s.size {
		return 0
	}
	return 1e-11 * s.size
}

// stopped reports whether the caller wants an end.
func (s *search) stopped() bool { return s.Stop() }

// adopt takes a solution if it is better than the best one.
func (s *search) adopt(x []float64, value float64) {
	if x != nil && value < s.value {
		s.best, s.value = x, value
	}
}

// cutoffOf is the bound from which on a node is of no use if a solution of this
// value is known.
func (s *search) cutoffOf(value float64) float64 {
	if math.IsInf(value, 1) {
		return value
	}
	return value - max(Tolerance*math.Abs(value), s.leeway(value))
}

// raise rounds a bound up to a value that a solution can have.
func (s *search) raise(bound float64) float64 {
	if s.Step <= 0 || math.IsInf(bound, 0) {
		return bound
	}
	steps := bound / s.Step
	return math.Ceil(steps-1e-6) * s.Step
}

// cutoff is cutoffOf for bounds that have not been raised.
func (s *search) cutoff() float64 {
	c := s.cutoffOf(s.value)
	if s.Step > 0 && !math.IsInf(c, 1) {
		return min(c, s.value-s.Step*(1-2e-6))
	}
	return c
}

// run searches the tree.
func (s *search) run() Result {
	workers := []*worker{s.newWorker()}
	w := workers[0]
	s.lower, s.upper = append([]float64(nil), s.Lower...), append([]float64(nil), s.Upper...)
	copy(w.domain.lower, s.lower)
	copy(w.domain.upper, s.upper)
	w.domain.all()
	if !w.domain.propagate() {
		return s.result(math.Inf(1))
	}
	copy(s.lower, w.domain.lower)
	copy(s.upper, w.domain.upper)
	s.open = heap{{bound: math.Inf(-1), column: -1}}
	for round := 0; len(s.open) > 0; round++ {
		bound := s.raise(min(s.open[0].bound, s.left))
		if bound > s.proven || round == 0 {
			s.proven = bound
			s.tell()
		}
		if s.open[0].bound >= s.cutoff() {
			break
		}
		if s.stopped() || s.Nodes > 0 && s.nodes >= s.Nodes || s.within(bound) {
			return s.result(bound)
		}
		count := min(batch, len(s.open))
		if s.Nodes > 0 {
			count = min(count, s.Nodes-s.nodes)
		}
		taken := make([]*node, 0, count)
		for len(taken) < count && len(s.open) > 0 {
			taken = append(taken, stdheap.Pop(&s.open).(*node))
		}
		answers := make([]answer, len(taken))
		for len(workers) < min(s.Workers, len(taken)) {
			workers = append(workers, s.newWorker())
		}
		cutoff := s.cutoff()
		side(len(taken), workers, func(w *worker, k int) { answers[k] = w.evaluate(taken[k], cutoff) })
		s.nodes += len(taken)
		was := s.value
		for k := range answers {
			s.take(&answers[k])
		}
		if round%16 == 0 {
			s.dive(w, taken[0])
		}
		if round%32 == 16 {
			s.near(w)
		}
		if s.value < was {
			s.tell()
		}
	}
	return s.result(math.Inf(1))
}

// within reports whether the gap is as small as was asked for.
func (s *search) within(bound float64) bool {
	return s.Gap > 0 && !math.IsInf(s.value, 1) && s.value-bound <= s.Gap*math.Abs(s.value)
}

// side runs the tasks of a batch side by side.
func side(tasks int, workers []*worker, do func(w *worker, k int)) {
	if len(workers) == 1 {
		for k := range tasks {
			do(workers[0], k)
		}
		return
	}
	var group sync.WaitGroup
	var lock sync.Mutex
	next := 0
	for _, w := range workers {
		group.Go(func() {
			for {
				lock.Lock()
				k := next
				next++
				lock.Unlock()
				if k >= tasks {
					return
				}
				do(w, k)
			}
		})
	}
	group.Wait()
}

// take merges the answer of a node into the tree.
func (s *search) take(a *answer) {
	s.adopt(a.point, a.value)
	for _, g := range a.gains {
		s.past[g.column].add(g.up, g.gain, g.moved)
	}
	s.left = min(s.left, a.left)
	if !a.open {
		return
	}
	for _, c := range a.children {
		s.order++
		c.order = s.order
		stdheap.Push(&s.open, c)
	}
}

// tell reports how far the search has come.
func (s *search) tell() {
	if s.Report != nil && !math.IsInf(s.value, 1) {
		s.Report(s.value, min(s.proven, s.value), s.nodes)
	}
}

// result ends the search; bound is what is proven of the nodes left, +Inf if
// there is none.
func (s *search) result(bound float64) Result {
	r := Result{X: s.best, Value: s.value, Nodes: s.nodes}
	r.Bound = min(bound, s.raise(s.left))
	r.Complete = r.Bound >= s.cutoffOf(s.value)
	if r.Complete && math.IsInf(s.value, 1) {
		r.Complete = math.IsInf(r.Bound, 1)
	}
	if r.Complete {
		// What was given up at the cutoff may hold values as low as that.
		r.Bound = min(r.Bound, s.value)
		if s.Step <= 0 && !math.IsInf(s.value, 1) {
			r.Bound = min(r.Bound, s.cutoffOf(s.value))
		}
	}
	r.Bound = min(r.Bound, s.value)
	return r
}

// check returns the value of a point, and whether it is a solution: integer
// columns whole, rows met to a relative 1e-7.
func (s *search) check(x []float64) (float64, bool) {
	var value float64
	for j, v := range x {
		value += s.Cost[j] * v
		if v < s.Lower[j]-1e-9 || v > s.Upper[j]+1e-9 || s.Integer[j] && v != math.Round(v) {
			return 0, false
		}
	}
	for r := range s.Rows() {
		var sum, size float64
		for k := s.First[r]; k < s.First[r+1]; k++ {
			t := s.Problem.Value[k] * x[s.Column[k]]
			sum += t
			size = max(size, math.Abs(t))
		}
		leeway := 1e-7 * (1 + size)
		if sum < s.Least[r]-leeway || sum > s.Most[r]+leeway {
			return 0, false
		}
	}
	return value, true
}
