package branch

import (
	"container/heap"
	"math"
	"slices"
)

// Tolerance is the relative distance below the best known value from which
// on a node is not searched further: what it could still gain is not worth
// telling apart from rounding.
const Tolerance = 1e-9

// Options of a search. Stop must be set.
type Options struct {
	// Stop is polled between ascent steps; once it reports true the search
	// ends with what it has.
	Stop func() bool

	// Nodes limits the number of nodes evaluated; 0 means no limit, a
	// negative number none at all.
	Nodes int

	// Grain, if positive, says that every solution value is a multiple of it.
	Grain float64

	// Below, if positive, restricts the search to solutions of value < Below.
	Below float64

	// Enough ends the search at the first solution of value <= Enough;
	// it is used if Below is set.
	Enough float64

	// Start is a known solution, ascending, or nil.
	Start []int

	// Bound is a known lower bound on the value of every solution.
	Bound float64

	// Report, if set, is called when the best value or the bound improves.
	Report func(value, bound float64, nodes int)
}

// Result of a search.
type Result struct {
	Open     []int   // best solution found, ascending; nil if none
	Value    float64 // its value, +Inf if none
	Bound    float64 // no solution (below Options.Below) is better than this
	Nodes    int     // nodes evaluated
	Complete bool    // the tree is exhausted: Value is within Tolerance of optimal
	Limited  bool    // stopped by the node limit
}

// node is an unevaluated subproblem. u is shared by the two children of a
// parent and not written to.
type node struct {
	bound float64
	depth int
	seq   int
	state []State
	u     []float64
}

// queue orders nodes by bound; among equals the deeper goes first, so that
// plateaus are searched depth first, then the older.
type queue []*node

func (q queue) Len() int { return len(q) }
func (q queue) Less(i, j int) bool {
	a, b := q[i], q[j]
	if a.bound != b.bound {
		return a.bound < b.bound
	}
	if a.depth != b.depth {
		return a.depth > b.depth
	}
	return a.seq < b.seq
}
func (q queue) Swap(i, j int) { q[i], q[j] = q[j], q[i] }
func (q *queue) Push(x any)   { *q = append(*q, x.(*node)) }
func (q *queue) Pop() any {
	old := *q
	n := old[len(old)-1]
	old[len(old)-1] = nil
	*q = old[:len(old)-1]
	return n
}

// search is the state of one Run.
type search struct {
	m         Model
	o         Options
	tolerance float64

	open  []int   // incumbent
	value float64 // its value
	limit float64 // min(value, Below): what a solution must beat

	// floor is the least bound at which anything was discarded: with the
	// bounds of the nodes still open it makes up the global bound.
	floor    float64
	reported float64 // bound last reported
	queue    queue
	nodes    int
	seq      int
	stopped  bool

	// state of the node in evaluation
	state  []State
	lo, hi []float64
	rho    []float64
	chosen []bool
	free   []int // undecided sites, those chosen at the last step first
	take   int   // how many of free are chosen
	ascent ascent
	bound  float64 // best bound of the node
	margin float64 // rounding margin of the last price
	unit   float64 // the same for each unit of magnitude
}

// Run searches for a solution of least value.
func Run(m Model, o Options) Result { return newSearch(m, o, Tolerance).run() }

// newSearch sets up a search with the root as its only node.
func newSearch(m Model, o Options, tolerance float64) *search {
	rows, sites := m.Rows(), m.Sites()
	s := &search{
		m: m, o: o, tolerance: tolerance,
		value: math.Inf(1), limit: math.Inf(1),
		floor: math.Inf(1), reported: o.Bound,
		state: make([]State, sites),
		lo:    make([]float64, rows), hi: make([]float64, rows),
		rho: make([]float64, sites), chosen: make([]bool, sites),
		ascent: newAscent(rows, sites),
	}
	if o.Below > 0 {
		s.limit = o.Below
	}
	if o.Start != nil {
		s.offer(o.Start, m.Value(o.Start))
	}
	u := make([]float64, rows)
	m.Start(u)
	s.push(&node{bound: o.Bound, state: make([]State, sites), u: u})
	return s
}

func (s *search) run() Result {
	limited := false
	for len(s.queue) > 0 && !s.done() {
		if s.o.Stop() {
			s.stopped = true
			break
		}
		if s.o.Nodes != 0 && s.nodes >= s.o.Nodes {
			limited = true
			break
		}
		n := heap.Pop(&s.queue).(*node)
		if n.bound >= s.cutoff() {
			s.discard(n.bound)
			continue
		}
		s.nodes++
		if !s.evaluate(n) {
			n.bound = s.bound
			heap.Push(&s.queue, n)
			break
		}
		s.report(s.global())
	}

	r := Result{Open: s.open, Value: s.value, Nodes: s.nodes, Limited: limited}
	r.Bound = s.global()
	r.Complete = !s.stopped && !limited && !s.done()
	return r
}

// done reports whether a good enough solution ends the search.
func (s *search) done() bool {
	return s.o.Below > 0 && s.open != nil && s.value <= s.o.Enough
}

// cutoff is the bound from which on a node cannot hold a better solution
// (with a grain: a solution better by one grain).
func (s *search) cutoff() float64 {
	if math.IsInf(s.limit, 1) {
		return s.limit
	}
	c := s.limit - s.tolerance*math.Abs(s.limit)
	if g := s.o.Grain; g > 0 {
		c = min(c, s.limit-g+2e-9*g)
	}
	return c
}

// lift rounds a bound up to the grain.
func (s *search) lift(bound float64) float64 {
	g := s.o.Grain
	if g <= 0 || math.IsInf(bound, 0) {
		return bound
	}
	return max(bound, math.Ceil(bound/g-1e-9)*g)
}

// discard records that a part of the tree was given up at this bound.
func (s *search) discard(bound float64) { s.floor = min(s.floor, s.lift(bound)) }

// global is the bound on the whole problem while no node is in evaluation.
func (s *search) global() float64 {
	b := min(s.floor, s.limit)
	if len(s.queue) > 0 {
		b = min(b, s.lift(s.queue[0].bound))
	}
	return b
}

// report calls back if the bound is better than the one last reported.
func (s *search) report(bound float64) {
	if s.o.Report != nil && bound > s.reported {
		s.reported = bound
		s.o.Report(s.value, bound, s.nodes)
	}
}

// offer takes a solution if it is better than the best known.
func (s *search) offer(open []int, value float64) {
	if open == nil || value >= s.limit {
		return
	}
	s.open = slices.Clone(open)
	s.value, s.limit = value, value
	if s.o.Report != nil {
		s.o.Report(s.value, min(s.reported, s.value), s.nodes)
	}
}

// push adds a node; nodes are numbered in the order they are made.
func (s *search) push(n *node) {
	n.seq = s.seq
	s.seq++
	heap.Push(&s.queue, n)
}
