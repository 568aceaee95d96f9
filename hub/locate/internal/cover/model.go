package cover

import (
	"math"
	"slices"

	"github.com/hubplan/hubplan/hub/locate/internal/branch"
)

// Model is the relaxation of "every row is covered". With f_j the opening cost,
//
//	L(u) = sum_i u_i + min over the selections of sum_j rho_j(u)
//	rho_j(u) = f_j - sum over the rows i of site j of u_i
type Model struct {
	Seed uint64 // of the walk at the root

	in      *Instance
	columns [][]int32
	state   []branch.State // of the present node
	covered []bool         // rows with a site that is In
	active  []int          // scratch: sites that are not Out
	walk    *Walk          // of the root
	least   float64        // value of the best solution that Round has seen
	heuristic
}

// NewModel prepares the relaxation.
func NewModel(in *Instance, stop func() bool) *Model {
	return newModel(newHeuristic(in, in.columns(), stop))
}

func newModel(h heuristic) *Model {
	return &Model{in: h.in, columns: h.columns, covered: make([]bool, len(h.in.Rows)), least: math.Inf(1), heuristic: h}
}

// Fork is a model of its own of the same instance, which shares what it only
// reads.
func (m *Model) Fork() branch.Model { return newModel(m.heuristic.fork()) }

// Rows is the number of rows.
func (m *Model) Rows() int { return len(m.in.Rows) }

// Sites is the number of sites.
func (m *Model) Sites() int { return m.in.Sites }

// Count is negative: any number of sites may open.
func (m *Model) Count() int { return -1 }

// Fixed is the opening cost.
func (m *Model) Fixed(j int) float64 { return m.in.Opening[j] }

// Start writes the multipliers of a dual ascent: each row, those with the
// fewest sites first, takes what its sites have left of their cost.
func (m *Model) Start(u []float64) {
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
// best at 0, and takes the site of a row that only one can still cover. A best
// multiplier is at most the least cost of a site that covers the row.
func (m *Model) Enter(state []branch.State, lo, hi []float64) bool {
	m.state = state
	clear(m.covered)
	for j, st := range state {
		if st == branch.In {
			m.cover(j)
		}
	}
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
	for i, row := range m.in.Rows {
		lo[i], hi[i] = 0, 0
		if m.covered[i] {
			continue
		}
		hi[i] = math.Inf(1)
		for _, j := range row {
			if state[j] != branch.Out {
				hi[i] = min(hi[i], m.Fixed(int(j)))
			}
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
	var base float64
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

// Round turns multipliers into a solution by a greedy, over the sites not yet
// ruled out, on what the multipliers leave of the opening costs, at the root
// followed by a stretch of one long walk.
func (m *Model) Round(u []float64, _ []bool, deep bool) ([]int, float64) {
	m.active = m.active[:0]
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
