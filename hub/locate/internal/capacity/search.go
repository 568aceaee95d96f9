package capacity

import (
	"container/heap"
	"math"
	"slices"
	"sync"

	"github.com/hubplan/hubplan/hub/locate/internal/branch"
)

// The number of nodes that are evaluated side by side, and of those of a
// problem of many pairs, which each need memory for all of them. It does not
// depend on the number of goroutines, and so neither does the result.
const (
	batch      = 8
	largeBatch = 2
	largePairs = 1 << 20
)

// Options of a search. Stop must be set.
type Options struct {
	Stop    func() bool // polled between steps; once it reports true the search ends
	Nodes   int         // limit of the nodes evaluated; 0 means none, negative no node at all
	Workers int         // goroutines; 0 means 1
	Gap     float64     // a node is not searched for a solution that gains no more than this part
	Start   []int       // sites to look for a solution at, or nil
	Report  func(value, bound float64, nodes int)

	// Relax, if not nil, is called once the root has been evaluated and is not
	// the end, with what a unit of capacity is worth at each site, and returns a
	// lower bound on the whole problem: that of the other relaxation, in which
	// sites may serve more than they can at that price.
	Relax func(worth []float64) float64
}

// Result of a search.
type Result struct {
	Solution
	Bound    float64 // no solution is better than this
	Nodes    int     // nodes evaluated
	Complete bool    // the tree is exhausted
	Limited  bool    // stopped by the node limit
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
	grain, gap float64
	incumbent  Solution
	limit      float64 // its value: what a solution must beat
	floor      float64 // least bound at which anything was discarded
}

// cutoff is the bound from which on a node cannot hold a better solution.
func (k *known) cutoff() float64 {
	if math.IsInf(k.limit, 1) {
		return k.limit
	}
	c := k.limit - max(branch.Tolerance, k.gap)*math.Abs(k.limit)
	if k.grain > 0 {
		c = min(c, k.limit-k.grain+2e-9*k.grain)
	}
	return c
}

// lift rounds a bound up to the grain.
func (k *known) lift(bound float64) float64 {
	if k.grain <= 0 || math.IsInf(bound, 0) {
		return bound
	}
	return max(bound, math.Ceil(bound/k.grain-1e-9)*k.grain)
}

// discard records that a part of the tree was given up at this bound.
func (k *known) discard(bound float64) { k.floor = min(k.floor, k.lift(bound)) }

// offer takes a solution if it is better than the best known.
func (k *known) offer(s Solution) bool {
	if s.Open == nil || s.Value >= k.limit {
		return false
	}
	k.incumbent, k.limit = s, s.Value
	return true
}

// search is the state of one Run.
type search struct {
	known
	o        Options
	root     *worker
	forks    []*worker
	queue    queue
	batch    []*node
	reported float64
	nodes    int
	seq      int
}

// Run searches for a solution of least value.
func Run(in *Instance, o Options) Result {
	l := newLayout(in)
	past := newPast(l.sites())
	s := &search{
		known: known{grain: in.Grain, gap: o.Gap, incumbent: noSolution(), limit: math.Inf(1), floor: math.Inf(1)},
		o:     o, root: newWorker(l, past, &o), reported: math.Inf(-1),
	}
	s.root.progress = s.progress
	r := s.root.relaxation
	copy(r.state, in.Fixed)
	if !r.settle() {
		return Result{Solution: noSolution(), Bound: math.Inf(1), Complete: true}
	}
	u := s.begin()
	s.push(&node{bound: 0, state: append([]branch.State(nil), in.Fixed...), dead: make([]uint64, len(r.dead)), u: u, site: -1})
	limited, stopped := false, false
	for len(s.queue) > 0 && !stopped {
		if o.Stop() {
			stopped = true
			break
		}
		if o.Nodes != 0 && s.nodes >= o.Nodes {
			limited = true
			break
		}
		s.next()
		stopped = s.evaluate(past)
		if s.nodes == 1 && o.Relax != nil && len(s.queue) > 0 && !stopped {
			s.raise(o.Relax(slices.Clone(s.root.density)))
		}
		s.report(s.global())
	}
	return Result{
		Solution: s.incumbent, Bound: s.global(), Nodes: s.nodes, Limited: limited, Complete: !stopped && !limited,
	}
}

// raise lifts all nodes to a bound on the whole problem.
func (s *search) raise(bound float64) {
	for _, n := range s.queue {
		n.bound = max(n.bound, bound)
	}
	heap.Init(&s.queue)
}

// next takes the nodes of the next batch off the queue.
func (s *search) next() {
	most := batch
	if len(s.root.To) > largePairs {
		most = largeBatch
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
func (s *search) evaluate(past *past) (stopped bool) {
	var workers []*worker
	if len(s.batch) > 0 && s.batch[0].depth == 0 {
		workers = []*worker{s.root}
	} else {
		for len(s.forks) < len(s.batch) {
			s.forks = append(s.forks, newWorker(s.root.layout, past, &s.o))
		}
		workers = s.forks[:len(s.batch)]
	}
	for _, w := range workers {
		w.known, w.children, w.stopped = s.known, nil, false
	}
	if s.o.Workers <= 1 || len(s.batch) <= 1 {
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
		s.nodes++
		if n.site >= 0 && !w.stopped {
			past.learn(n, min(w.bound, s.cutoff()))
		}
		s.floor = min(s.floor, w.floor)
		s.take(w.incumbent)
		if w.stopped {
			n.bound = max(n.bound, w.bound)
			heap.Push(&s.queue, n)
			stopped = true
		}
		for _, c := range w.children {
			s.push(c)
		}
	}
	return stopped
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
		s.o.Report(s.limit, bound, s.nodes)
	}
}

// take takes a solution if it is better than the best known.
func (s *search) take(sol Solution) {
	if s.offer(sol) && s.o.Report != nil {
		s.o.Report(s.limit, min(s.reported, s.limit), s.nodes)
	}
}

// progress takes over what the root has found so far.
func (s *search) progress(w *worker) {
	s.take(w.incumbent)
	s.report(min(w.lift(w.bound), w.floor, w.limit))
}

// push adds a node; nodes are numbered in the order they are made.
func (s *search) push(n *node) {
	n.seq = s.seq
	s.seq++
	heap.Push(&s.queue, n)
}
