package cover

import (
	"math"
	"slices"

	"github.com/hubplan/hubplan/hub/locate/internal/branch"
)

// Model is the relaxation of the rows "covered at most as often as an open
// site covers it". With f_j the opening cost (0 in maximal cover),
//
//	L(u) = sum_i u_i - W + min over the selections of sum_j rho_j(u)
//	rho_j(u) = f_j - sum over the rows i of site j of u_i
//
// where W is the weight of all rows in maximal cover, in which u_i <= w_i,
// and 0 in set cover.
type Model struct {
	Seed uint64 // of the walk at the root

	in      *Instance
	columns [][]int32
	total   float64        // W
	state   []branch.State // of the present node
	covered []bool         // rows with a site that is In
	active  []int          // scratch: sites that are not Out
	walk    *Walk          // of the root
	least   float64        // value of the best solution that Round has seen
	heuristic
}

// NewModel prepares the relaxation.
func NewModel(in *Instance, stop func() bool) *Model {
	m := &Model{in: in, columns: in.columns(), covered: make([]bool, len(in.Rows)), least: math.Inf(1)}
	for _, w := range in.Weight {
		m.total += w
	}
	m.heuristic = newHeuristic(in, m.columns, stop)
	return m
}

// Fork is a model of its own of the same instance.
func (m *Model) Fork() branch.Model { return NewModel(m.in, m.stop) }

// Rows is the number of rows.
func (m *Model) Rows() int { return len(m.in.Rows) }

// Sites is the number of sites.
func (m *Model) Sites() int { return m.in.Sites }

// Count is the number of sites to open, any in set cover.
func (m *Model) Count() int {
	if m.in.Weight == nil {
		return -1
	}
	return m.in.Open
}

// Fixed is the opening cost.
func (m *Model) Fixed(j int) float64 {
	if m.in.Opening == nil {
		return 0
	}
	return m.in.Opening[j]
}

// Start writes the multipliers of a dual ascent in set cover: each row, those
// with the fewest sites first, takes what its sites have left of their cost.
// In maximal cover a row offers its weight shared among its sites.
func (m *Model) Start(u []float64) {
	if m.in.Weight != nil {
		for i, w := range m.in.Weight {
			u[i] = w / math.Sqrt(float64(len(m.in.Rows[i])))
		}
		return
	}
	left := append([]float64(nil), m.in.Opening...)
	for _, i := range m.byLength {
		least := math.Inf(1)
		for _, j := range m.in.Rows[i] {
			least = min(least, left[j])
		}
		u[i] = least
		for _, j := range m.in.Rows[i] {
			left[j] -= least
		}
	}
}

// Enter marks the rows covered by sites that are In, whose multipliers are
// best at 0. In set cover it also takes the site of a row that only one can
// still cover, and a best multiplier is at most the least cost of a site that
// covers the row; in maximal cover a row that no site can still cover is lost,
// which its weight as multiplier says.
func (m *Model) Enter(state []branch.State, lo, hi []float64) bool {
	m.state = state
	clear(m.covered)
	for j, st := range state {
		if st == branch.In {
			m.cover(j)
		}
	}
	if m.in.Weight == nil {
		for _, i := range m.byLength {
			if m.covered[i] {
				continue
			}
			n, last := 0, -1
			for _, j := range m.in.Rows[i] {
				if state[j] != branch.Out {
					n++
					last = int(j)
				}
			}
			switch n {
			case 0:
				return false
			case 1:
				state[last] = branch.In
				m.cover(last)
			}
		}
	}
	for i, row := range m.in.Rows {
		lo[i], hi[i] = 0, 0
		if m.covered[i] {
			continue
		}
		least, n := math.Inf(1), 0
		for _, j := range row {
			if state[j] != branch.Out {
				least = min(least, m.Fixed(int(j)))
				n++
			}
		}
		switch {
		case m.in.Weight == nil:
			hi[i] = least
		case n == 0:
			lo[i], hi[i] = m.in.Weight[i], m.in.Weight[i]
		default:
			hi[i] = m.in.Weight[i]
		}
	}
	return true
}

// cover marks the rows of a site that is In.
func (m *Model) cover(j int) {
	for _, i := range m.columns[j] {
		m.covered[i] = true
	}
}

// Price computes the prices and returns the constant part of the relaxation.
func (m *Model) Price(u, rho []float64) float64 {
	base := -m.total
	for _, v := range u {
		base += v
	}
	for j, column := range m.columns {
		if m.state[j] == branch.Out {
			continue
		}
		v := 0.0
		for _, i := range column {
			v += u[i]
		}
		rho[j] = m.Fixed(j) - v
	}
	return base
}

// Gradient is 1 minus the number of chosen sites that cover a row.
func (m *Model) Gradient(chosen []bool, g []float64) {
	for i := range g {
		g[i] = 1
	}
	for j, c := range chosen {
		if c {
			for _, i := range m.columns[j] {
				g[i]--
			}
		}
	}
}

// Round turns multipliers and a selection into a solution: in set cover by a
// greedy, over the sites not yet ruled out, on what the multipliers leave of
// the opening costs, at the root followed by a stretch of one long walk; in
// maximal cover by swaps from the selection.
func (m *Model) Round(u []float64, chosen []bool, deep bool) ([]int, float64) {
	m.open, m.active = m.open[:0], m.active[:0]
	if m.in.Weight == nil {
		for j, st := range m.state {
			if st != branch.Out {
				m.active = append(m.active, j)
			}
		}
		open, value := m.complete(u, m.active)
		if deep {
			return m.stroll(open, value)
		}
		return open, value
	}
	for j, c := range chosen {
		if c {
			m.open = append(m.open, j)
		}
	}
	return m.swaps()
}

// The walk goes on before the search for as long as it finds something within
// so many steps, a part of the square of the rows, and at every call of Round at
// the root for a stretch, so many steps for each row; up to so many in all.
const (
	patience, patient = 5, 200_000
	stretch, longest  = 25, 5000
)

// Improve walks from a solution and returns the best met.
func (m *Model) Improve(open []int) []int {
	open = slices.Clone(open)
	m.walk, m.least = NewWalk(m.in, open, m.Seed), m.in.Value(open)
	steps := min(len(m.in.Rows)*len(m.in.Rows)/patience, patient)
	for {
		better, v := m.walk.Run(m.least, steps, m.stop)
		if better == nil {
			return open
		}
		open, m.least = better, v
	}
}

// stroll continues the walk for a stretch in search of a solution better than
// any seen and than the one given, which it returns if it finds none.
func (m *Model) stroll(open []int, value float64) ([]int, float64) {
	if m.walk == nil {
		m.walk = NewWalk(m.in, open, m.Seed)
	}
	m.least = min(m.least, value)
	if better, v := m.walk.Run(m.least, min(stretch*len(m.in.Rows), longest), m.stop); better != nil {
		m.least = v
		return better, v
	}
	return open, value
}

// Value is the value of a set of open sites.
func (m *Model) Value(open []int) float64 { return m.in.Value(open) }
