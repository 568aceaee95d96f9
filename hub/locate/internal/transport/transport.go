// Package transport solves transportation problems: demands are divided among
// sites of limited supply at least cost. It is a primal network simplex method
// that goes on from its last tree when sites open or close, which is what a
// search among sets of sites asks for.
//
// Sources: Cunningham 1976, "A network simplex method", Mathematical
// Programming 11, https://doi.org/10.1007/BF01580379, for strongly feasible
// trees; Grigoriadis 1986, "An efficient implementation of the network simplex
// method", Mathematical Programming Study 26,
// https://doi.org/10.1007/BFb0121088, for pricing in blocks.
package transport

import "math"

// Problem is a transportation problem. Sites and demands are numbered from 0.
type Problem struct {
	// Supply is what each site can serve, at least 0, and Demand what each
	// demand takes up, above 0, in the same unit.
	Supply, Demand []float64

	// Must is the number of sites, the last ones, that must use all of their
	// supply if they are open.
	Must int

	// First lists the pairs that are possible, site by site: those of site j
	// are at First[j] up to, but not including, First[j+1]. To holds the
	// demand of each pair and Cost what a unit of it costs, at least 0.
	First []int
	To    []int32
	Cost  []float64
}

// Solver holds a problem and a tree, from which the next call of Solve goes
// on. It works on one goroutine.
//
// The nodes of the network are the sites, the demands and a root, to which
// every site sends what it does not use, at no cost unless it must be used, and
// which sends to every demand what it lacks, at a cost above that of any service. An arc of the tree
// therefore leads up from a site or down to a demand, which its lower end tells.
// The arcs of closed sites cost so much that no flow is left on them.
type Solver struct {
	*Problem
	sites, nodes int
	free         int // sites that need not use their supply
	root         int32
	open         []bool
	short        float64 // cost of a unit that is lacking
	closed       float64 // additional cost of a unit from a closed site
	eps          float64 // reduced costs above -eps are not negative

	parent            []int32
	child, next, prev []int32 // first child, and the ring of children, ended by none
	depth             []int32
	pair              []int32   // pair of the arc to the parent, none if that is the root
	flow, cost, price []float64 // of the arc to the parent; price of the node
	row               int       // where pricing goes on
	fresh             int       // pivots since prices were computed anew
}

const none = -1

// refresh is the number of pivots after which prices are computed anew, so
// that rounding does not add up.
const refresh = 2000

// New returns a solver of p, which must not change. All sites are closed.
func New(p *Problem) *Solver {
	m, n := len(p.Supply), len(p.Demand)
	s := &Solver{Problem: p, sites: m, free: m - p.Must, nodes: m + n + 1, root: int32(m + n), open: make([]bool, m)}
	var most float64
	for _, c := range p.Cost {
		most = max(most, c)
	}
	// A path of the tree passes each site and each demand once at most, and
	// what is saved on it is below this.
	s.short = (float64(min(m, n))+1)*most + 1
	s.closed = 2 * s.short
	s.eps = 1e-11 * max(most, math.SmallestNonzeroFloat64)
	ints := make([]int32, 6*s.nodes)
	cut := func() []int32 {
		part := ints[:s.nodes:s.nodes]
		ints = ints[s.nodes:]
		return part
	}
	s.parent, s.child, s.next, s.prev, s.depth, s.pair = cut(), cut(), cut(), cut(), cut(), cut()
	values := make([]float64, 3*s.nodes)
	s.flow, s.cost, s.price = values[:s.nodes], values[s.nodes:2*s.nodes], values[2*s.nodes:]
	s.Reset()
	return s
}

// Reset forgets the tree: all sites idle, all demands lacking.
func (s *Solver) Reset() {
	s.parent[s.root], s.child[s.root], s.next[s.root], s.prev[s.root], s.pair[s.root] = none, none, none, none, none
	for v := s.root - 1; v >= 0; v-- {
		s.pair[v], s.child[v] = none, none
		s.attach(v, s.root)
		if int(v) < s.sites {
			s.flow[v], s.cost[v] = s.Supply[v], s.idle(int(v))
		} else {
			s.flow[v], s.cost[v] = s.Demand[int(v)-s.sites], s.short
		}
	}
	s.row = 0
	s.reprice()
}

// Copy makes s the same as o, a solver of the same problem.
func (s *Solver) Copy(o *Solver) {
	copy(s.open, o.open)
	copy(s.parent, o.parent)
	copy(s.child, o.child)
	copy(s.next, o.next)
	copy(s.prev, o.prev)
	copy(s.depth, o.depth)
	copy(s.pair, o.pair)
	copy(s.flow, o.flow)
	copy(s.cost, o.cost)
	copy(s.price, o.price)
	s.row, s.fresh = o.row, o.fresh
}

// Set opens or closes a site. The tree stays, and Solve goes on from it.
func (s *Solver) Set(j int, open bool) {
	if s.open[j] == open {
		return
	}
	s.open[j] = open
	s.fresh = refresh // prices no longer fit the tree
	update := func(v int32) {
		switch e := s.pair[v]; {
		case e == none:
			s.cost[v] = s.idle(j)
		case open:
			s.cost[v] = s.Cost[e]
		default:
			s.cost[v] = s.Cost[e] + s.closed
		}
	}
	update(int32(j))
	for v := s.child[j]; v != none; v = s.next[v] {
		update(v)
	}
}

// idle is what a unit costs that a site does not use.
func (s *Solver) idle(j int) float64 {
	if j >= s.free && s.open[j] {
		return s.short
	}
	return 0
}

// Open reports whether a site is open.
func (s *Solver) Open(j int) bool { return s.open[j] }

// attach makes v a child of p, the first.
func (s *Solver) attach(v, p int32) {
	first := s.child[p]
	s.parent[v], s.next[v], s.prev[v] = p, first, none
	if first != none {
		s.prev[first] = v
	}
	s.child[p] = v
}

// detach takes v away from its parent.
func (s *Solver) detach(v int32) {
	before, after := s.prev[v], s.next[v]
	if before != none {
		s.next[before] = after
	} else {
		s.child[s.parent[v]] = after
	}
	if after != none {
		s.prev[after] = before
	}
}

// reprice computes prices and depths from the tree.
func (s *Solver) reprice() {
	s.fresh = 0
	s.price[s.root], s.depth[s.root] = 0, 0
	for v := s.child[s.root]; v != none; v = s.after(v, s.root) {
		p := s.parent[v]
		s.depth[v] = s.depth[p] + 1
		if int(v) < s.sites {
			s.price[v] = s.price[p] - s.cost[v]
		} else {
			s.price[v] = s.price[p] + s.cost[v]
		}
	}
}

// after is the node behind v in preorder of the subtree of top, or none.
func (s *Solver) after(v, top int32) int32 {
	if c := s.child[v]; c != none {
		return c
	}
	for v != top {
		if u := s.next[v]; u != none {
			return u
		}
		v = s.parent[v]
	}
	return none
}
