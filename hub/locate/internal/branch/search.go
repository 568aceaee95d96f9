package branch

import (
	"container/heap"
	"math"
	"slices"
	"sync"
)

// Tolerance is the relative distance below the best known value from which
// on a node is not searched further: what it could still gain is not worth
// telling apart from rounding.
const Tolerance = 1e-9

// Batch is the number of nodes that are evaluated side by side. It does not
// depend on the number of goroutines, and so neither does the result.
const Batch = 8

// Options of a search. Stop must be set.
type Options struct {
	// Stop is polled between ascent steps; once it reports true the search
	// ends with what it has.
	Stop func() bool

	// Nodes limits the number of nodes evaluated, those in parts of a node
	// included, which may go somewhat beyond it; 0 means no limit, a negative
	// number none at all.
	Nodes int

	// Workers is the number of goroutines that evaluate nodes; 0 means 1.
	Workers int

	// Alone evaluates one node after the other, on a model that works in
	// parallel by itself.
	Alone bool

	// Gap is the relative distance at which the search may end: a node is not
	// searched for a solution that gains no more than Gap of the objective,
	// which is the value plus Offset.
	Gap, Offset float64

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
	Nodes    int     // nodes evaluated, those in parts of a node included
	Complete bool    // the tree is exhausted: Value is within Tolerance, or Options.Gap, of optimal
	Limited  bool    // stopped by the node limit

	// Multipliers are the best of the root.
	Multipliers []float64
}

// node is an unevaluated subproblem. u is shared by the two children of a
// parent and not written to.
type node struct {
	bound float64
	depth int
	seq   int
	state []State
	u     []float64

	site   int     // that was decided to make it
	chosen float64 // the part to which it was chosen
	parent float64 // bound of the node above
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

// known is the best solution and what has been given up, as the search and
// each of its workers see it.
type known struct {
	o         Options
	tolerance float64

	open  []int   // incumbent
	value float64 // its value
	limit float64 // min(value, Below): what a solution must beat

	// floor is the least bound at which anything was discarded: with the
	// bounds of the nodes still open it makes up the global bound.
	floor float64
}

// cutoff is the bound from which on a node cannot hold a better solution
// (with a grain: a solution better by one grain).
func (k *known) cutoff() float64 {
	if math.IsInf(k.limit, 1) {
		return k.limit
	}
	c := k.limit - k.tolerance*math.Abs(k.limit)
	if g := k.o.Grain; g > 0 {
		c = min(c, k.limit-g+2e-9*g)
	}
	if k.o.Gap > 0 && k.open != nil {
		c = min(c, k.limit-k.o.Gap*math.Abs(k.limit+k.o.Offset))
	}
	return c
}

// lift rounds a bound up to the grain.
func (k *known) lift(bound float64) float64 {
	g := k.o.Grain
	if g <= 0 || math.IsInf(bound, 0) {
		return bound
	}
	return max(bound, math.Ceil(bound/g-1e-9)*g)
}

// discard records that a part of the tree was given up at this bound.
func (k *known) discard(bound float64) { k.floor = min(k.floor, k.lift(bound)) }

// offer takes a solution if it is better than the best known, and reports
// whether it was.
func (k *known) offer(open []int, value float64) bool {
	if open == nil || value >= k.limit {
		return false
	}
	k.open = slices.Clone(open)
	k.value, k.limit = value, value
	return true
}

// search is the state of one Run.
type search struct {
	known
	root     *worker
	forks    []*worker // one for each place in a batch
	queue    queue
	batch    []*node
	reported float64 // bound last reported
	nodes    int
	seq      int
	look     int // number of nodes at which to look for better solutions
	pause    int // nodes between two looks
}

// Run searches for a solution of least value.
func Run(m Model, o Options) Result { return newSearch(m, o, Tolerance).run() }

// newSearch sets up a search with the root as its only node.
func newSearch(m Model, o Options, tolerance float64) *search {
	s := &search{
		known: known{
			o: o, tolerance: tolerance,
			value: math.Inf(1), limit: math.Inf(1), floor: math.Inf(1),
		},
		root: newWorker(m, newPast(m.Sites())), reported: o.Bound,
		look: 1, pause: leastNodes,
	}
	s.root.progress = s.progress
	if o.Below > 0 {
		s.limit = o.Below
	}
	if o.Start != nil {
		s.take(o.Start, m.Value(o.Start))
	}
	u := make([]float64, m.Rows())
	m.Start(u)
	s.push(&node{bound: o.Bound, state: make([]State, m.Sites()), u: u})
	return s
}

func (s *search) run() Result {
	limited, stopped := false, false
	for len(s.queue) > 0 && !s.done() && !stopped {
		if s.o.Stop() {
			stopped = true
			break
		}
		if s.o.Nodes != 0 && s.nodes >= s.o.Nodes {
			limited = true
			break
		}
		s.next()
		stopped = s.evaluate()
		s.intensify()
		s.report(s.global())
	}

	r := Result{Open: s.open, Value: s.value, Nodes: s.nodes, Limited: limited}
	r.Bound = s.global()
	r.Complete = !stopped && !limited && !s.done()
	r.Multipliers = s.root.ascent.best
	return r
}

// How many nodes are evaluated between two looks for better solutions: at
// least, and at most if nothing is found.
const (
	leastNodes = 32
	mostNodes  = 512
)

// intensify looks for a better solution if it is time to.
func (s *search) intensify() {
	i, ok := s.root.m.(Intensifier)
	if !ok || s.open == nil || len(s.queue) == 0 || s.nodes < s.look || s.o.Stop() {
		return
	}
	before := s.value
	s.take(i.Intensify(s.open))
	if s.pause = min(2*s.pause, mostNodes); s.value < before {
		s.pause = leastNodes
	}
	s.look = s.nodes + s.pause
}

// next takes the nodes of the next batch off the queue.
func (s *search) next() {
	most := Batch
	if s.o.Alone {
		most = 1
	}
	if s.o.Nodes > 0 {
		most = min(most, s.o.Nodes-s.nodes)
	}
	s.batch = s.batch[:0]
	for len(s.queue) > 0 && len(s.batch) < most {
		n := heap.Pop(&s.queue).(*node)
		if n.bound >= s.cutoff() {
			s.discard(n.bound)
			continue
		}
		s.batch = append(s.batch, n)
	}
}

// evaluate works on the nodes of a batch side by side, each knowing what was
// known before, and takes what they found in their order. It reports whether
// the search was stopped on the way.
func (s *search) evaluate() (stopped bool) {
	var workers []*worker
	if len(s.batch) > 0 && s.batch[0].depth == 0 {
		workers = []*worker{s.root}
	} else {
		for len(s.forks) < len(s.batch) {
			s.forks = append(s.forks, newWorker(s.root.m.Fork(), s.root.past))
		}
		workers = s.forks[:len(s.batch)]
	}
	left := math.MaxInt // nodes that the limit leaves beside these
	if s.o.Nodes > 0 {
		left = s.o.Nodes - s.nodes - len(s.batch)
	}
	for _, w := range workers {
		w.known, w.children, w.stopped, w.inner, w.left = s.known, nil, false, 0, left
	}
	if s.o.Workers <= 1 || len(s.batch) == 1 {
		for k, n := range s.batch {
			workers[k].evaluate(n)
		}
	} else {
		var wait sync.WaitGroup
		for first := range min(s.o.Workers, len(s.batch)) {
			wait.Go(func() {
				for k := first; k < len(s.batch); k += s.o.Workers {
					workers[k].evaluate(s.batch[k])
				}
			})
		}
		wait.Wait()
	}
	for k, n := range s.batch {
		w := workers[k]
		s.nodes += 1 + w.inner
		if n.depth > 0 && !w.stopped {
			s.root.past.learn(n, min(w.bound, s.cutoff()))
		}
		s.floor = min(s.floor, w.floor)
		s.take(w.open, w.value)
		if w.stopped {
			n.bound = w.bound
			heap.Push(&s.queue, n)
			stopped = true
		}
		for _, c := range w.children {
			s.push(c)
		}
	}
	return stopped
}

// done reports whether a good enough solution ends the search.
func (s *search) done() bool {
	return s.o.Below > 0 && s.open != nil && s.value <= s.o.Enough
}

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

// take takes a solution if it is better than the best known.
func (s *search) take(open []int, value float64) {
	if s.offer(open, value) && s.o.Report != nil {
		s.o.Report(s.value, min(s.reported, s.value), s.nodes)
	}
}

// progress takes over what the root has found so far.
func (s *search) progress(w *worker) {
	s.take(w.open, w.value)
	s.report(min(w.lift(w.bound), w.floor, w.limit))
}

// push adds a node; nodes are numbered in the order they are made.
func (s *search) push(n *node) {
	n.seq = s.seq
	s.seq++
	heap.Push(&s.queue, n)
}
