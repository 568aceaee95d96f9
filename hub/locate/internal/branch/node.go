package branch

import (
	"math"
	"slices"
)

// evaluate bounds a node, looks for solutions around it and replaces it by
// its two children unless it is done with. It reports false if the search
// stopped on the way.
func (s *search) evaluate(n *node) bool {
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
			return true
		case decided:
			s.leaf()
			return true
		}
		// Sites fixed on the way are settled before the next chunk, so that
		// the model prices only what is left.
		before := s.bound
		more := s.climb(chunk)
		if s.stopped {
			return false
		}
		if s.bound >= s.cutoff() {
			s.discard(s.bound)
			return true
		}
		if !more {
			continue // all decided: settle finds out
		}
		if root {
			s.report(min(s.lift(s.bound), s.floor, s.limit))
		}
		s.offer(s.m.Round(s.ascent.u, s.chosen, root))
		stalled++
		if s.bound-before >= e.share*(s.cutoff()-s.bound) {
			stalled = 0
		}
		if c+1 >= e.least && stalled >= e.patience {
			break
		}
	}
	switch s.settle() {
	case decided:
		s.leaf()
	case undecided:
		s.split(n)
	}
	return true
}

// What settle finds.
const (
	undecided = iota
	decided   // no site is free
	dead      // no solution
)

// settle applies what the decisions so far imply, until nothing changes.
func (s *search) settle() int {
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
func (s *search) decideRest(d State) {
	for j, st := range s.state {
		if st == Free {
			s.state[j] = d
		}
	}
}

// leaf takes the one solution of a node without undecided sites.
func (s *search) leaf() {
	open := []int{}
	for j, st := range s.state {
		if st == In {
			open = append(open, j)
		}
	}
	s.offer(open, s.m.Value(open))
}

// split branches on the undecided site whose mean selection is nearest to a
// half, ties to the lowest index, and gives each child the bound that its
// decision implies at the best multipliers.
func (s *search) split(n *node) {
	a := &s.ascent
	for i := range a.best {
		a.best[i] = min(max(a.best[i], s.lo[i]), s.hi[i])
	}
	l := s.price(a.best)
	dearest, cheapest := s.penalties()
	site, score := -1, math.Inf(-1)
	for j, st := range s.state {
		if st != Free {
			continue
		}
		if v := -math.Abs(a.x[j] - 0.5); v > score {
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
		s.push(&node{bound: child.bound, depth: n.depth + 1, state: state, u: u})
	}
}
