// Package hubs solves the p-hub median problem: flow between nodes goes by way of
// one or two hubs, of which so many are to be opened so that the cost of all flow
// is least.
//
// With multiple allocation every pair of nodes goes the best way that the open
// hubs leave. The relaxation has a multiplier for each pair and hub, which the
// pair pays for using the hub and the hub is paid for being open:
//
//	L(u) = sum_ij min over paths i-k-m-j of ( w_ij c_ikmj + u_ijk + u_ijm ) + min sum_k (f_k - sum_ij u_ijk) x_k
//
// Its bound is that of the tight linear program (Hamacher, Labbé, Nickel and
// Sonneborn 2004, Discrete Applied Mathematics 145).
package hubs

import (
	"math"
	"slices"

	"github.com/hubplan/hubplan/hub/locate/internal/branch"
)

// Path is a way by one hub (From == To) or two.
type Path struct {
	Cost     float64 // for all flow that takes it
	From, To int32
}

// Pair is flow that takes one path: that between two nodes, or of several pairs
// with the same paths.
type Pair struct {
	Base  float64 // the cost of the best path by hubs that are open in any case, +Inf if there are none
	Paths []Path  // all that may be better, by cost
}

// Multiple is the relaxation with multiple allocation for package branch.
type Multiple struct {
	pairs []Pair
	hubs  int
	open  int
	stop  func() bool
	first []int32 // of the multipliers of each pair
	hub   []int32 // of each multiplier
	row   []int32 // multiplier of the hub, of each pair

	state  []branch.State
	best   []Path // that each pair takes, from -1 if what is open anyway
	fixed  []float64
	bounds []float64 // the cost of the best path by hubs that are In
	picked []bool
	list   []int
}

// NewMultiple prepares the relaxation with so many hubs that may be opened, of
// which open are.
func NewMultiple(pairs []Pair, hubs, open int, stop func() bool) *Multiple {
	m := &Multiple{pairs: pairs, hubs: hubs, open: open, stop: stop, row: make([]int32, len(pairs)*hubs), fixed: make([]float64, hubs)}
	m.first = make([]int32, len(pairs)+1)
	used := make([]bool, hubs)
	for p, pair := range pairs {
		clear(used)
		for _, path := range pair.Paths {
			used[path.From], used[path.To] = true, true
			for _, k := range []int32{path.From, path.To} {
				m.fixed[k] += path.Cost
			}
		}
		for k, u := range used {
			m.row[p*hubs+k] = -1
			if u {
				m.row[p*hubs+k] = int32(len(m.hub))
				m.hub = append(m.hub, int32(k))
			}
		}
		m.first[p+1] = int32(len(m.hub))
	}
	clear(m.fixed) // at no multipliers hubs cost nothing
	return m.fork()
}

func (m *Multiple) fork() *Multiple {
	f := *m
	f.best, f.bounds = make([]Path, len(m.pairs)), make([]float64, len(m.pairs))
	f.picked, f.list = make([]bool, m.hubs), nil
	return &f
}

// Fork is a model of its own of the same problem.
func (m *Multiple) Fork() branch.Model { return m.fork() }

// Rows is the number of multipliers.
func (m *Multiple) Rows() int { return len(m.hub) }

// Sites and Count are the numbers of hubs.
func (m *Multiple) Sites() int { return m.hubs }
func (m *Multiple) Count() int { return m.open }

// Fixed is the price of a hub without multipliers.
func (m *Multiple) Fixed(k int) float64 { return m.fixed[k] }

// Start has every pair pay for a hub what the path by it alone saves over a good
// path, so that paths come out even.
func (m *Multiple) Start(u []float64) {
	for p, pair := range m.pairs {
		// About the path that an evenly spread solution would take.
		level := min(pair.Base, pair.Paths[min(len(pair.Paths)-1, len(pair.Paths)/max(2, m.open))].Cost)
		for _, path := range pair.Paths {
			saves := level - path.Cost
			if saves <= 0 {
				break
			}
			a, b := &u[m.row[p*m.hubs+int(path.From)]], &u[m.row[p*m.hubs+int(path.To)]]
			if path.From == path.To {
				*a = max(*a, saves)
			} else if *a+*b < saves {
				more := (saves - *a - *b) / 2
				*a += more
				*b += more
			}
		}
	}
}

// Enter sets the range of multipliers.
func (m *Multiple) Enter(state []branch.State, lo, hi []float64) bool {
	m.state = state
	for p, pair := range m.pairs {
		// No pair pays more than what its worst path costs over its best.
		best, worst, least := pair.Base, 0.0, math.Inf(1)
		for _, path := range pair.Paths {
			if state[path.From] == branch.Out || state[path.To] == branch.Out {
				continue
			}
			least = min(least, path.Cost)
			if state[path.From] == branch.In && state[path.To] == branch.In {
				best = min(best, path.Cost)
				break
			}
			worst = path.Cost
		}
		m.bounds[p] = best
		if least = min(least, best); math.IsInf(least, 1) {
			return false
		}
		for r := m.first[p]; r < m.first[p+1]; r++ {
			lo[r], hi[r] = 0, 0
			if state[m.hub[r]] == branch.Free {
				hi[r] = max(0, min(best, max(worst, least))-least)
			}
		}
	}
	return true
}

// Price prices the hubs.
func (m *Multiple) Price(u, rho []float64) float64 {
	clear(rho)
	var base float64
	for p, pair := range m.pairs {
		row := m.row[p*m.hubs:][:m.hubs]
		least, best := m.bounds[p], Path{From: -1}
		for _, path := range pair.Paths {
			if path.Cost >= least {
				break
			}
			if m.state[path.From] == branch.Out || m.state[path.To] == branch.Out {
				continue
			}
			v := path.Cost
			if m.state[path.From] == branch.Free {
				v += u[row[path.From]]
			}
			if path.To != path.From && m.state[path.To] == branch.Free {
				v += u[row[path.To]]
			}
			if v < least {
				least, best = v, path
			}
		}
		m.best[p] = best
		base += least
	}
	for r, k := range m.hub {
		if m.state[k] == branch.Free {
			rho[k] -= u[r]
		}
	}
	return base
}

// Gradient is what pairs use less what is open.
func (m *Multiple) Gradient(chosen []bool, g []float64) {
	for r, k := range m.hub {
		g[r] = 0
		if chosen[k] && m.state[k] == branch.Free {
			g[r] = -1
		}
	}
	for p, path := range m.best {
		if path.From < 0 {
			continue
		}
		if m.state[path.From] == branch.Free {
			g[m.row[p*m.hubs+int(path.From)]]++
		}
		if path.To != path.From && m.state[path.To] == branch.Free {
			g[m.row[p*m.hubs+int(path.To)]]++
		}
	}
}

// cost is that of all pairs by picked hubs.
func (m *Multiple) cost() float64 {
	var sum float64
	for _, pair := range m.pairs {
		least := pair.Base
		for _, path := range pair.Paths {
			if path.Cost >= least {
				break
			}
			if m.picked[path.From] && m.picked[path.To] {
				least = path.Cost
				break
			}
		}
		sum += least
	}
	return sum
}

// Value is the cost of open hubs.
func (m *Multiple) Value(open []int) float64 {
	clear(m.picked)
	for _, k := range open {
		m.picked[k] = true
	}
	return m.cost()
}

// Round improves a selection by exchanges.
func (m *Multiple) Round(_ []float64, chosen []bool, deep bool) ([]int, float64) {
	copy(m.picked, chosen)
	value := m.improve(m.state, deep)
	return m.list, value
}

// Greedy opens hubs one after the other and improves what comes of it.
func (m *Multiple) Greedy(start []int) []int {
	clear(m.picked)
	count := 0
	for _, k := range start {
		if count < m.open && !m.picked[k] {
			m.picked[k] = true
			count++
		}
	}
	for ; count < m.open; count++ {
		hub, best := -1, math.Inf(1)
		for k, is := range m.picked {
			if is {
				continue
			}
			m.picked[k] = true
			if hub < 0 {
				hub = k
			}
			if !m.stop() {
				if v := m.cost(); v < best {
					hub, best = k, v
				}
			}
			m.picked[k] = false
		}
		m.picked[hub] = true
	}
	m.improve(nil, true)
	return slices.Clone(m.list)
}

// improve exchanges hubs, each time the best for one that closes.
func (m *Multiple) improve(state []branch.State, deep bool) float64 {
	value := m.cost()
	for again := true; again; {
		again = false
		for k := range m.picked {
			if !m.picked[k] || state != nil && state[k] != branch.Free {
				continue
			}
			m.picked[k] = false
			best := k
			for h := range m.picked {
				if m.picked[h] || h == k || state != nil && state[h] != branch.Free || m.stop() {
					continue
				}
				m.picked[h] = true
				if v := m.cost(); v < value-1e-12*math.Abs(value) {
					best, value = h, v
				}
				m.picked[h] = false
			}
			m.picked[best] = true
			again = again || best != k
		}
		again = again && deep
	}
	m.list = m.list[:0]
	for k, is := range m.picked {
		if is {
			m.list = append(m.list, k)
		}
	}
	return value
}
