package branch

import (
	"math"
	"slices"
)

// worker evaluates nodes, on a model of its own.
type worker struct {
	known
	m    Model
	past *past
	soft Softener
	part []float64 // of each site, at the last step

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

	left int // nodes that may be evaluated in parts of the node

	// what came of it
	children []*node
	stopped  bool
	inner    int // nodes evaluated in parts

	progress func(*worker) // at the root: who wants to know how far it has come
}

func newWorker(m Model, p *past) *worker {
	rows, sites := m.Rows(), m.Sites()
	soft, _ := m.(Softener)
	return &worker{
		m: m, past: p, soft: soft, part: make([]float64, sites), state: make([]State, sites),
		lo: make([]float64, rows), hi: make([]float64, rows),
		rho: make([]float64, sites), chosen: make([]bool, sites),
		ascent: newAscent(rows, sites),
	}
}

// evaluate bounds a node, looks for solutions around it and replaces it by
// its two children unless it is done with.
func (s *worker) evaluate(n *node) {
	copy(s.state, n.state)
	s.bound = n.bound
	root, e := n.depth == 0, nodeEffort
	if root {
		e = rootEffort
	}
	s.ascent.begin(n.u, e.step)
	stalled := 0 // chunks in a row with little gain
	for c := range e.most {
		switch s.settle() {
		case dead:
			return
		case decided:
			s.leaf()
			return
		}
		// Sites fixed on the way are settled before the next chunk, so that
		// the model prices only what is left.
		before := s.bound
		more := s.climb(chunk)
		if s.stopped {
			return
		}
		if s.bound >= s.cutoff() {
			s.discard(s.bound)
			return
		}
		if !more {
			continue // all decided: settle finds out
		}
		if root {
			s.offer(s.m.Round(s.ascent.u, s.chosen, true))
			s.progress(s)
		}
		if s.bound >= s.cutoff() {
			s.discard(s.bound)
			return
		}
		stalled++
		if s.bound-before >= e.share*(s.cutoff()-s.bound) {
			stalled = 0
		}
		if c+1 >= e.least && stalled >= e.patience {
			break
		}
	}
	if !root && n.seq%roundEvery == 0 {
		s.offer(s.m.Round(s.ascent.u, s.chosen, false))
		if s.bound >= s.cutoff() {
			s.discard(s.bound)
			return
		}
	}
	switch s.settle() {
	case decided:
		s.leaf()
	case undecided:
		if !s.divide() {
			s.split(n)
		}
	}
}

// divide solves the node if it falls apart, and reports whether it did.
func (s *worker) divide() bool {
	d, ok := s.m.(Divider)
	if !ok || math.IsInf(s.limit, 1) || s.left <= 0 {
		return false
	}
	s.priceBest()
	price := 0.0
	if s.m.Count() >= 0 {
		dearest, cheapest := s.penalties()
		if price = -(dearest + cheapest) / 2; math.IsInf(price, 0) || math.IsNaN(price) {
			price = 0
		}
	}
	for round := 0; ; round++ {
		open, bound, nodes, p := d.Divide(s.state, s.ascent.best, price, s.cutoff(), s.left, round)
		s.inner += nodes
		s.left -= nodes
		if open != nil {
			s.offer(open, s.m.Value(open))
		}
		s.bound = max(s.bound, s.lift(bound))
		if p == Solved || s.bound >= s.cutoff() {
			s.discard(s.bound)
			return true
		}
		if s.progress != nil {
			s.progress(s)
		}
		if p == Whole || s.left <= 0 {
			return false
		}
		if s.o.Stop() {
			s.stopped = true
			return true
		}
	}
}

// priceBest prices at the best multipliers of the node.
func (s *worker) priceBest() float64 {
	a := &s.ascent
	for i := range a.best {
		a.best[i] = min(max(a.best[i], s.lo[i]), s.hi[i])
	}
	return s.price(a.best)
}

// What settle finds.
const (
	undecided = iota
	decided   // no site is free
	dead      // no solution
)

// settle applies what the decisions so far imply, until nothing changes.
func (s *worker) settle() int {
	for {
		free, in := 0, 0
		for _, st := range s.state {
			switch st {
			case Free:
				free++
			case In:
				in++
			}
		}
		if k := s.m.Count(); k >= 0 {
			switch {
			case in > k || in+free < k:
				return dead
			case in == k:
				s.decideRest(Out)
				free = 0
			case in+free == k:
				s.decideRest(In)
				free = 0
			}
		}
		if !s.m.Enter(s.state, s.lo, s.hi) {
			return dead
		}
		after := 0
		for _, st := range s.state {
			if st == Free {
				after++
			}
		}
		if after == 0 {
			return decided
		}
		if after == free {
			return undecided
		}
	}
}

// decideRest decides all sites not decided yet the same way.
func (s *worker) decideRest(d State) {
	for j, st := range s.state {
		if st == Free {
			s.state[j] = d
		}
	}
}

// leaf takes the one solution of a node without undecided sites.
func (s *worker) leaf() {
	open := []int{}
	for j, st := range s.state {
		if st == In {
			open = append(open, j)
		}
	}
	s.offer(open, s.m.Value(open))
}

// split branches on the undecided site of the best score, ties to the lowest
// index, and gives each child the bound that its
// decision implies at the best multipliers.
func (s *worker) split(n *node) {
	a := &s.ascent
	l := s.priceBest()
	dearest, cheapest := s.penalties()
	site, score := -1, math.Inf(-1)
	for j, st := range s.state {
		if st != Free {
			continue
		}
		if v := s.past.score(j, a.x[j]); v > score {
			site, score = j, v
		}
	}
	in, out := s.bound, s.bound
	if s.chosen[site] {
		out = max(out, s.exchange(l, cheapest, s.rho[site]))
	} else {
		in = max(in, s.exchange(l, s.rho[site], dearest))
	}
	u := slices.Clone(a.best)
	for _, child := range []struct {
		d     State
		bound float64
	}{{In, in}, {Out, out}} {
		state := slices.Clone(s.state)
		state[site] = child.d
		s.children = append(s.children, &node{
			bound: child.bound, depth: n.depth + 1, state: state, u: u,
			site: site, chosen: a.x[site], parent: s.bound,
		})
	}
}
