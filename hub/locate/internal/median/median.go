// Package median is the p-median problem on a dense cost matrix: its
// Lagrangian relaxation and an interchange local search.
package median

import (
	"cmp"
	"math"
	"slices"

	"github.com/hubplan/hubplan/hub/locate/internal/branch"
)

// Instance is a p-median problem without zero-weight demands and forbidden
// sites. Cost[i*Sites+j] is the weighted cost of serving demand i from site
// j, at least 0; +Inf if it cannot.
type Instance struct {
	Demands, Sites int
	Cost           []float64
	Required       []bool // per site
	Open           int    // number of sites to open, required ones among them
}

// Value is the cost of serving every demand from the nearest of the open
// sites, +Inf if some demand cannot be served.
func (in *Instance) Value(open []int) float64 {
	var sum float64
	for i := range in.Demands {
		row := in.Cost[i*in.Sites:][:in.Sites]
		best := math.Inf(1)
		for _, j := range open {
			best = min(best, row[j])
		}
		sum += best
	}
	return sum
}

// Lower is the bound that every demand pays at least its cheapest site.
func (in *Instance) Lower() float64 {
	var sum float64
	for i := range in.Demands {
		sum += slices.Min(in.Cost[i*in.Sites:][:in.Sites])
	}
	return sum * (1 - 1e-12)
}

// Model is the relaxation of the rows "demand i is assigned once":
//
//	L(u) = sum_i u_i + min over sets of p sites of sum_j rho_j(u)
//	rho_j(u) = sum_i min(0, c_ij - u_i)
//
// Only the pairs with c_ij < u_i matter, so each demand keeps its sites in
// ascending cost and a step reads a prefix of each list.
type Model struct {
	in     *Instance
	search *Search
	start  []float64

	// All pairs by demand, each list ascending by cost, then site.
	first []int32
	pairs []pair

	// The pairs that matter in the present node: sites that are not Out and
	// cost less than the nearest site that is In.
	nodeFirst []int32
	nodePairs []pair
	reach     []int32 // per demand: end of the prefix with cost < u
}

type pair struct {
	cost float64
	site int32
}

// NewModel prepares the relaxation; incumbent is a feasible solution.
//
// A pair that costs more than the whole incumbent is in no better solution
// and is left out, as if the demand could be turned away at the price of the
// incumbent: this bounds the multipliers where pairs are impossible.
//
// Once the stop of s reports true the lists are left incomplete; a search must
// not step then.
func NewModel(in *Instance, s *Search, incumbent []int) *Model {
	m := &Model{in: in, search: s, start: make([]float64, in.Demands)}
	ceiling := s.ceiling
	m.first = make([]int32, in.Demands+1)
	m.nodeFirst = make([]int32, in.Demands+1)
	m.reach = make([]int32, in.Demands)
	for i := range in.Demands {
		if s.stop() {
			break
		}
		row := in.Cost[i*in.Sites:][:in.Sites]
		for j, c := range row {
			if c < ceiling {
				m.pairs = append(m.pairs, pair{c, int32(j)})
			}
		}
		list := m.pairs[m.first[i]:]
		slices.SortFunc(list, func(a, b pair) int {
			return cmp.Or(cmp.Compare(a.cost, b.cost), cmp.Compare(a.site, b.site))
		})
		m.first[i+1] = int32(len(m.pairs))
		// Between the two nearest of the incumbent's sites: where a demand
		// starts to notice a change of the set.
		d1, d2 := math.Inf(1), math.Inf(1)
		for _, j := range incumbent {
			if c := row[j]; c < d1 {
				d1, d2 = c, d1
			} else if c < d2 {
				d2 = c
			}
		}
		m.start[i] = d1
		if d2 < ceiling {
			m.start[i] = (d1 + d2) / 2
		}
	}
	m.nodePairs = make([]pair, 0, len(m.pairs))
	return m
}

// Rows is the number of demands.
func (m *Model) Rows() int { return m.in.Demands }

// Sites is the number of sites.
func (m *Model) Sites() int { return m.in.Sites }

// Count is the number of sites to open.
func (m *Model) Count() int { return m.in.Open }

// Fixed is 0: opening is free.
func (m *Model) Fixed(int) float64 { return 0 }

// Start writes multipliers drawn from the incumbent.
func (m *Model) Start(u []float64) { copy(u, m.start) }

// Enter collects the pairs of the node. A best multiplier lies between the
// cheapest cost left to the demand, below which raising it is free, and the
// cost of the nearest site that is In, above which raising it gains nothing;
// the same holds above the dearest cost if the demand can use every site left.
func (m *Model) Enter(state []branch.State, lo, hi []float64) bool {
	for j, r := range m.in.Required {
		switch {
		case !r:
		case state[j] == branch.Out:
			return false
		default:
			state[j] = branch.In
		}
	}
	left := 0
	for _, st := range state {
		if st != branch.Out {
			left++
		}
	}
	m.nodePairs = m.nodePairs[:0]
	for i := range m.in.Demands {
		m.nodeFirst[i] = int32(len(m.nodePairs))
		list := m.pairs[m.first[i]:m.first[i+1]]
		lo[i], hi[i] = -1, m.search.ceiling
		seen := 0
		for _, p := range list {
			st := state[p.site]
			if st == branch.Out {
				continue
			}
			if lo[i] < 0 {
				lo[i] = p.cost
			}
			seen++
			if st == branch.In || seen == left {
				hi[i] = p.cost
			}
			if st == branch.In {
				break
			}
			m.nodePairs = append(m.nodePairs, p)
		}
		if lo[i] < 0 {
			return false
		}
	}
	m.nodeFirst[m.in.Demands] = int32(len(m.nodePairs))
	return true
}

// Price computes the prices and returns the sum of the multipliers.
func (m *Model) Price(u, rho []float64) float64 {
	clear(rho)
	var base float64
	for i, ui := range u {
		base += ui
		k, end := m.nodeFirst[i], m.nodeFirst[i+1]
		for k < end {
			p := m.nodePairs[k]
			if p.cost >= ui {
				break
			}
			rho[p.site] += p.cost - ui
			k++
		}
		m.reach[i] = k
	}
	return base
}

// Gradient is 1 minus the number of chosen sites that a demand would take.
func (m *Model) Gradient(chosen []bool, g []float64) {
	for i := range g {
		n := 0
		for _, p := range m.nodePairs[m.nodeFirst[i]:m.reach[i]] {
			if chosen[p.site] {
				n++
			}
		}
		g[i] = float64(1 - n)
	}
}

// Round improves the selection by interchange.
func (m *Model) Round(_ []float64, chosen []bool, deep bool) ([]int, float64) {
	var open []int
	for j, c := range chosen {
		if c {
			open = append(open, j)
		}
	}
	return m.search.Improve(open, deep)
}

// Value is the cost of a set of open sites.
func (m *Model) Value(open []int) float64 { return m.in.Value(open) }
