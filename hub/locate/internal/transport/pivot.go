package transport

import "math"

// arc is one that may enter the tree: from a site to a demand, from a site to
// the root or from the root to a demand.
type arc struct {
	from, to int32
	pair     int32
	cost     float64
}

// Solve finds flows of least cost. It reports false if stop, which is polled
// every few hundred pivots and may be nil, ended it before; the flows then are
// feasible for a set of sites that is not the open one.
func (s *Solver) Solve(stop func() bool) bool {
	if s.fresh > 0 {
		s.reprice()
	}
	for pivots := 1; ; pivots++ {
		if pivots%256 == 0 && stop != nil && stop() {
			return false
		}
		if s.fresh >= refresh {
			s.reprice()
		}
		a, found := s.enter()
		if !found {
			// The last prices may be off by the rounding of many shifts.
			if s.fresh == 0 {
				return true
			}
			s.reprice()
			if a, found = s.enter(); !found {
				return true
			}
		}
		s.pivot(a)
		s.fresh++
	}
}

// enter looks for an arc of negative reduced cost: the best of the first block
// that has one, beginning behind the block of the last. A block is what one
// open site serves, or what the root lacks.
func (s *Solver) enter() (arc, bool) {
	for range s.sites + 1 {
		r := s.row
		if s.row++; s.row > s.sites {
			s.row = 0
		}
		if r == s.sites {
			best, at := s.short+s.eps, none
			for i, p := range s.price[s.sites : s.nodes-1] {
				if p > best {
					best, at = p, i
				}
			}
			if at != none {
				return arc{s.root, int32(s.sites + at), none, s.short}, true
			}
			continue
		}
		price, idle := s.price[r], s.idle(r)
		best, at := -s.eps, none
		if s.open[r] {
			lo, hi := s.First[r], s.First[r+1]
			cost, of := s.Cost[lo:hi], s.price[s.sites:]
			for k, i := range s.To[lo:hi] {
				if c := cost[k] + price - of[i]; c < best {
					best, at = c, k
				}
			}
			at += lo
		}
		switch {
		case price+idle < best:
			return arc{int32(r), s.root, none, idle}, true
		case best < -s.eps:
			return arc{int32(r), int32(s.sites) + s.To[at], int32(at), s.Cost[at]}, true
		}
	}
	return arc{}, false
}

// pivot sends flow around the cycle that an arc closes with the tree, until an
// arc of it runs empty, which leaves. Of several that run empty the last along
// the cycle from its top leaves, which keeps the tree strongly feasible: every
// arc without flow leads up, so that no sequence of pivots comes back to where
// it began.
func (s *Solver) pivot(e arc) {
	top := s.top(e.from, e.to)
	delta, leave, below := math.Inf(1), int32(none), false
	for v := e.from; v != top; v = s.parent[v] {
		if int(v) < s.sites && s.flow[v] < delta {
			delta, leave, below = s.flow[v], v, true
		}
	}
	for v := e.to; v != top; v = s.parent[v] {
		if int(v) >= s.sites && s.flow[v] <= delta {
			delta, leave, below = s.flow[v], v, false
		}
	}
	if delta > 0 {
		for v := e.from; v != top; v = s.parent[v] {
			if int(v) < s.sites {
				s.flow[v] -= delta
			} else {
				s.flow[v] += delta
			}
		}
		for v := e.to; v != top; v = s.parent[v] {
			if int(v) < s.sites {
				s.flow[v] += delta
			} else {
				s.flow[v] -= delta
			}
		}
	}
	// The end of the arc that is cut off hangs from the other one now.
	end, other := e.to, e.from
	shift := s.price[e.from] + e.cost - s.price[e.to]
	if below {
		end, other, shift = e.from, e.to, -shift
	}
	s.hang(end, other, leave, delta, e)
	for v := end; v != none; v = s.after(v, end) {
		s.price[v] += shift
		s.depth[v] = s.depth[s.parent[v]] + 1
	}
}

// top is the lowest common ancestor of two nodes.
func (s *Solver) top(a, b int32) int32 {
	for s.depth[a] > s.depth[b] {
		a = s.parent[a]
	}
	for s.depth[b] > s.depth[a] {
		b = s.parent[b]
	}
	for a != b {
		a, b = s.parent[a], s.parent[b]
	}
	return a
}

// hang turns the path from v up to last, the arc above which leaves, around,
// and hangs v from p by the entering arc.
func (s *Solver) hang(v, p, last int32, flow float64, e arc) {
	pair, cost := e.pair, e.cost
	for {
		up := s.parent[v]
		s.detach(v)
		s.attach(v, p)
		pair, s.pair[v] = s.pair[v], pair
		cost, s.cost[v] = s.cost[v], cost
		flow, s.flow[v] = s.flow[v], flow
		if v == last {
			return
		}
		v, p = up, v
	}
}
