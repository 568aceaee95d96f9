package maxcover

import (
	"math"

	"github.com/hubplan/hubplan/hub/locate/internal/branch"
)

// Partial is the relaxation of "a row is covered only if one of its sites is
// open" in the search for the least cost that covers a weight of Need. With
// y_i saying whether row i counts as covered, and f_j the opening costs,
//
//	L(u) = min { sum_i u_i y_i : sum_i w_i y_i >= Need, 0 <= y <= 1 }
//	       + min over the selections of sum_j rho_j
//	rho_j = f_j - sum over the rows i of site j of u_i
//
// The first is a continuous knapsack: rows are taken by u_i / w_i, the last
// of them in part. So the need has no multiplier of its own that would have
// to be found by steps, as it has in Daskin and Owen 1999 ("Two new location
// covering problems: the partial p-center problem and the partial set covering
// problem", Geographical Analysis 31).
type Partial struct {
	in      *Instance
	columns [][]int32
	state   []branch.State
	longest int // rows of the site with the most

	live live
	need float64   // what the live rows must cover
	only []float64 // scratch of Enter: weight that hangs on a free site alone

	order []int32   // the live rows, by ratio as far as it matters
	ratio []float64 // u_i / w_i of each row
	y     []float64 // solution of the knapsack
	repair
}

// NewPartial prepares the relaxation of a partial cover.
func NewPartial(in *Instance, stop func() bool) *Partial {
	return newPartial(in, in.columns(), stop)
}

func newPartial(in *Instance, columns [][]int32, stop func() bool) *Partial {
	n := len(in.Rows)
	m := &Partial{
		in: in, columns: columns, live: newLive(n, in.Sites), only: make([]float64, in.Sites),
		ratio: make([]float64, n), y: make([]float64, n),
	}
	for _, column := range m.columns {
		m.longest = max(m.longest, len(column))
	}
	m.repair = newRepair(in, m.columns, stop)
	return m
}

// Fork is a model of its own of the same instance.
func (m *Partial) Fork() branch.Model { return newPartial(m.in, m.columns, m.stop) }

// Rows is the number of rows.
func (m *Partial) Rows() int { return len(m.in.Rows) }

// Sites is the number of sites.
func (m *Partial) Sites() int { return m.in.Sites }

// Count is negative: any number of sites may be opened.
func (m *Partial) Count() int { return -1 }

// Fixed is the opening cost.
func (m *Partial) Fixed(j int) float64 { return m.in.Cost[j] }

// Start shares the cost of each site among its rows by weight; a row offers
// the least that one of its sites asks for.
func (m *Partial) Start(u []float64) {
	for i := range u {
		u[i] = math.Inf(1)
	}
	for j, column := range m.columns {
		var sum float64
		for _, i := range column {
			sum += m.in.Weight[i]
		}
		for _, i := range column {
			u[i] = min(u[i], m.in.Cost[j]*m.in.Weight[i]/sum)
		}
	}
}

// Enter tells which rows are covered or lost. It reports false if what is not
// lost is too little, and takes the sites without which it would be. A best
// multiplier of a row is at most the least cost of the sites that may cover it:
// beyond, the price of each of them is negative and falls as fast as the
// knapsack rises, or faster.
func (m *Partial) Enter(state []branch.State, lo, hi []float64) bool {
	m.state = state
	clear(m.only)
	var possible float64 // weight of the rows not lost
	covered := 0.0
	m.order = m.order[:0]
	for i, row := range m.in.Rows {
		m.y[i] = 0
		lo[i], hi[i] = 0, math.Inf(1)
		in, free, last := false, 0, int32(-1)
		for _, j := range row {
			switch state[j] {
			case branch.In:
				in = true
			case branch.Free:
				free++
				hi[i] = min(hi[i], m.in.Cost[j])
				last = j
			}
		}
		w := m.in.Weight[i]
		m.live.is[i] = !in && free > 0
		switch {
		case in:
			covered += w
			possible += w
			hi[i] = 0
		case free == 0:
			hi[i] = 0
		default:
			if free == 1 {
				m.only[last] += w
			}
			possible += w
			m.order = append(m.order, int32(i))
		}
	}
	m.live.list(m.columns, state)
	if possible < m.in.Need {
		return false
	}
	m.need = m.in.Need - covered
	for j, st := range state {
		if st == branch.Free && possible-m.only[j] < m.in.Need-1e-12*possible {
			state[j] = branch.In // found out about at the next call
		}
	}
	return true
}

// Price solves the knapsack and computes the prices. The knapsack's rounding
// grows with the need and the last ratio, not with its value: it is taken off
// here.
func (m *Partial) Price(u, rho []float64) float64 {
	var base, margin float64
	if m.need > 0 {
		last := m.knapsack(u)
		for _, i := range m.order {
			base += u[i] * m.y[i]
		}
		margin = 4 * 0x1p-53 * float64(len(u)+4) * last * m.in.Need
	} else {
		for _, i := range m.order {
			m.y[i] = 0
		}
	}
	var largest float64
	for j, st := range m.state {
		if st == branch.Out {
			continue
		}
		v := 0.0
		for _, i := range m.live.of(j) {
			v += u[i]
		}
		rho[j] = m.in.Cost[j] - v
		largest = max(largest, v, m.in.Cost[j])
	}
	return base - margin - 8*0x1p-53*float64(m.longest+4)*largest
}

// knapsack writes y for the rows that may be covered and returns the ratio of
// the last row taken. Rows are taken in the order of their ratios, ties in the
// order of selection, which depends on nothing but the numbers.
func (m *Partial) knapsack(u []float64) float64 {
	for _, i := range m.order {
		m.ratio[i] = u[i] / m.in.Weight[i]
		m.y[i] = 0
	}
	left := m.need
	todo := m.order
	for len(todo) > 1 {
		// Rows of a ratio up to that of the pivot come first.
		pivot := m.ratio[todo[len(todo)/2]]
		i, j := 0, len(todo)-1
		for i <= j {
			for m.ratio[todo[i]] < pivot {
				i++
			}
			for pivot < m.ratio[todo[j]] {
				j--
			}
			if i <= j {
				todo[i], todo[j] = todo[j], todo[i]
				i++
				j--
			}
		}
		low := todo[:i]
		var sum float64
		for _, k := range low {
			sum += m.in.Weight[k]
		}
		if sum >= left {
			if len(low) == len(todo) {
				break // equal, or few: one by one below
			}
			todo = low
			continue
		}
		for _, k := range low {
			m.y[k] = 1
		}
		left -= sum
		todo = todo[i:]
	}
	last := 0.0
	for left > 0 && len(todo) > 0 {
		// The least of what is left, of which there are few or all alike.
		at := 0
		for k := range todo {
			if m.ratio[todo[k]] < m.ratio[todo[at]] {
				at = k
			}
		}
		i := todo[at]
		todo[0], todo[at] = todo[at], todo[0]
		todo = todo[1:]
		m.y[i] = min(1, left/m.in.Weight[i])
		left -= m.in.Weight[i]
		last = m.ratio[i]
	}
	return last
}

// Gradient is what the knapsack takes of a live row less the number of chosen
// sites that cover it. The multipliers of other rows cannot move.
func (m *Partial) Gradient(chosen []bool, g []float64) {
	copy(g, m.y)
	for j, c := range chosen {
		if c {
			for _, i := range m.live.of(j) {
				g[i]--
			}
		}
	}
}

// Round covers enough at the prices that the multipliers leave, and improves
// that.
func (m *Partial) Round(_ []float64, chosen []bool, _ bool) ([]int, float64) {
	m.at = m.at[:0]
	for j, c := range chosen {
		if c && m.state[j] != branch.Out {
			m.at = append(m.at, j)
		}
	}
	return m.From(m.at)
}

// Value is the value of a set of open sites.
func (m *Partial) Value(open []int) float64 { return m.in.Value(open) }
