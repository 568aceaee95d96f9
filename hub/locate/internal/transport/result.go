package transport

import (
	"cmp"
	"iter"
	"slices"
)

// Flow is what a site serves of a demand.
type Flow struct {
	Site, Demand int
	Pair         int // index of the pair
	Amount       float64
}

// Flows yields what the tree serves, pairs without flow left out, in no
// particular order.
func (s *Solver) Flows() iter.Seq[Flow] {
	return func(yield func(Flow) bool) {
		for v, e := range s.pair {
			if e == none || s.flow[v] <= 0 {
				continue
			}
			site, demand := v, int(s.parent[v])
			if v >= s.sites {
				site, demand = demand, v
			}
			if !yield(Flow{site, demand - s.sites, int(e), s.flow[v]}) {
				return
			}
		}
	}
}

// Sorted returns the flows by demand, then by site.
func (s *Solver) Sorted() []Flow {
	return slices.SortedFunc(s.Flows(), func(a, b Flow) int {
		return cmp.Or(cmp.Compare(a.Demand, b.Demand), cmp.Compare(a.Site, b.Site))
	})
}

// Value is the cost of the flows, and short how much of the demands is not
// served, with what sites do not use that must; flow left on arcs of closed
// sites counts as not served. Rounding may leave a trace of it where supply and
// demand are not integers.
func (s *Solver) Value() (value, short float64) {
	for v, f := range s.flow[:s.root] {
		switch e := s.pair[v]; {
		case e != none:
			value += f * s.Cost[e]
			if s.cost[v] >= s.closed {
				short += f
			}
		case v >= s.sites || s.cost[v] > 0:
			short += f
		}
	}
	return value, short
}

// Worth is what one more unit of supply at a site saves: its dual price, at
// least 0 unless the supply must be used. Where a tree allows several it is one of them.
func (s *Solver) Worth(j int) float64 { return s.price[j] }

// Short is what a unit that is short counts for in the duals, above the cost of
// any service.
func (s *Solver) Short() float64 { return s.short }

// Price is what one more unit of a demand costs: its dual price. At the
// optimum Price(i) <= cost + Worth(j) for every pair of an open site, and where
// nothing is short the value is the sum of Price times demand less that of
// Worth times supply of the open sites.
func (s *Solver) Price(i int) float64 { return s.price[s.sites+i] }

// Idle is what a site does not use of its supply.
func (s *Solver) Idle(j int) float64 {
	if s.pair[j] == none && s.parent[j] == s.root {
		return s.flow[j]
	}
	return 0
}
