package maxcover

import (
	"math"
	"slices"

	"github.com/hubplan/hubplan/hub/locate/internal/branch"
)

// Model is the relaxation of "a row is covered only if one of its sites is
// open" by a multiplier 0 <= u_i <= w_i for each row. With W the weight of all
// rows,
//
//	L(u) = sum_i u_i - W + min over the selections of sum_j rho_j
//	rho_j = - sum over the rows i of site j of u_i
//
// A budget B of the costs f_j, and a largest number P of sites beside it, are
// two relaxed rows more with multipliers l, n >= 0: they add l f_j + n to
// rho_j and take l B + n P off L, and any number of sites may be selected.
// The relaxation has the integrality property: its best bound is that of the
// linear relaxation.
type Model struct {
	in      *Instance
	columns [][]int32
	total   float64 // W
	longest int     // rows of the site with the most
	state   []branch.State
	live    live

	// The multipliers of budget and number are l*budget and n*number, so that
	// their steps are of a size with those of the rows; 0 if there is none.
	budget, number float64
	search
}

// NewModel prepares the relaxation of a maximal cover.
func NewModel(in *Instance, stop func() bool) *Model {
	return newModel(in, in.columns(), stop)
}

func newModel(in *Instance, columns [][]int32, stop func() bool) *Model {
	m := &Model{in: in, columns: columns, live: newLive(len(in.Rows), in.Sites), total: in.Total()}
	for _, column := range m.columns {
		m.longest = max(m.longest, len(column))
	}
	root := math.Sqrt(float64(len(in.Rows)))
	if !in.exact() {
		m.budget = in.Budget / root
		if in.Open > 0 {
			m.number = float64(in.Open) / root
		}
	}
	m.search = newSearch(in, m.columns, stop)
	return m
}

// Fork is a model of its own of the same instance.
func (m *Model) Fork() branch.Model { return newModel(m.in, m.columns, m.stop) }

// Rows is the number of rows, and of what is relaxed beside them.
func (m *Model) Rows() int {
	n := len(m.in.Rows)
	if m.budget > 0 {
		n++
	}
	if m.number > 0 {
		n++
	}
	return n
}

// Sites is the number of sites.
func (m *Model) Sites() int { return m.in.Sites }

// Count is the number of sites to open, any with a budget.
func (m *Model) Count() int {
	if !m.in.exact() {
		return -1
	}
	return m.in.Open
}

// Fixed is 0: the multipliers make up all of a price.
func (m *Model) Fixed(int) float64 { return 0 }

// Start lets every row offer its weight shared among its sites, and asks for
// a budget what the last site that it would buy at these offers brings.
func (m *Model) Start(u []float64) {
	for i, w := range m.in.Weight {
		u[i] = w / math.Sqrt(float64(len(m.in.Rows[i])))
	}
	if m.in.exact() {
		return
	}
	type offer struct{ ratio, cost float64 }
	var offers []offer
	for j, column := range m.columns {
		var v float64
		for _, i := range column {
			v += u[i]
		}
		if c := m.in.Cost[j]; c > 0 {
			offers = append(offers, offer{v / c, c})
		}
	}
	slices.SortStableFunc(offers, func(a, b offer) int {
		switch {
		case a.ratio > b.ratio:
			return -1
		case a.ratio < b.ratio:
			return 1
		}
		return 0
	})
	left, last := m.in.Budget, 0.0
	for _, o := range offers {
		if left -= o.cost; left < 0 {
			last = o.ratio
			break
		}
	}
	rest := u[len(m.in.Rows):]
	clear(rest)
	if m.budget > 0 {
		rest[0] = last * m.budget
	}
}

// prices splits the multipliers: those of the rows, of the budget and of the
// number, the last two for each unit of cost and each site.
func (m *Model) prices(u []float64) (rows []float64, l, n float64) {
	k := len(m.in.Rows)
	rows = u[:k]
	if m.budget > 0 {
		l = u[k] / m.budget
		k++
	}
	if m.number > 0 {
		n = u[k] / m.number
	}
	return rows, l, n
}

// Enter marks the rows covered by sites that are In, whose multipliers are
// best at 0, and the rows that no site can still cover, which are lost, as
// their weight as multiplier says. Sites that no longer fit are Out.
func (m *Model) Enter(state []branch.State, lo, hi []float64) bool {
	m.state = state
	if !m.in.exact() && !m.fit(state) {
		return false
	}
	for i, row := range m.in.Rows {
		covered, lost := false, true
		for _, j := range row {
			covered = covered || state[j] == branch.In
			lost = lost && state[j] == branch.Out
		}
		lo[i], hi[i] = 0, m.in.Weight[i]
		switch m.live.is[i] = !covered && !lost; {
		case covered:
			hi[i] = 0
		case lost:
			lo[i] = hi[i]
		}
	}
	m.live.list(m.columns, state)
	for i := len(m.in.Rows); i < len(lo); i++ {
		lo[i], hi[i] = 0, math.Inf(1)
	}
	return true
}

// fit decides what the budget and the number leave no choice about. It
// reports false if the sites that are In exceed them.
func (m *Model) fit(state []branch.State) bool {
	var paid float64
	count := 0
	for j, st := range state {
		if st == branch.In {
			paid += m.in.Cost[j]
			count++
		}
	}
	if paid > m.in.Budget || m.in.Open > 0 && count > m.in.Open {
		return false
	}
	full := m.in.Open > 0 && count == m.in.Open
	for j, st := range state {
		// The sum in another order may be less by its rounding.
		if st == branch.Free && (full || paid+m.in.Cost[j] > m.in.Budget*(1+1e-12)) {
			state[j] = branch.Out
		}
	}
	return true
}

// Price computes the prices and returns the constant part of the relaxation.
// With a budget a price is a difference, whose rounding does not show in its
// size: it is taken off here.
func (m *Model) Price(u, rho []float64) float64 {
	rows, l, n := m.prices(u)
	base := -m.total
	for _, v := range rows {
		base += v
	}
	var large, largest float64 // terms of the prices
	for j, st := range m.state {
		if st == branch.Out {
			continue
		}
		v := 0.0
		for _, i := range m.live.of(j) {
			v += rows[i]
		}
		rho[j] = -v
		if !m.in.exact() {
			asked := l*m.in.Cost[j] + n
			rho[j] += asked
			largest = max(largest, v, asked)
			if rho[j] < 0 || st == branch.In {
				large += max(v, asked)
			}
		}
	}
	if m.in.exact() {
		return base
	}
	asked := l*m.in.Budget + n*float64(max(m.in.Open, 0))
	return base - asked - 4*0x1p-53*float64(m.longest+4)*(large+2*largest+asked)
}

// Gradient is 1 minus the number of chosen sites that cover a live row, and
// what is paid beyond the budget and opened beyond the number. The multipliers
// of other rows cannot move.
func (m *Model) Gradient(chosen []bool, g []float64) {
	k := len(m.in.Rows)
	for i, is := range m.live.is {
		g[i] = 0
		if is {
			g[i] = 1
		}
	}
	var paid, count float64
	for j, c := range chosen {
		if !c {
			continue
		}
		paid += m.in.cost(j)
		count++
		for _, i := range m.live.of(j) {
			g[i]--
		}
	}
	if m.budget > 0 {
		g[k] = (paid - m.in.Budget) / m.budget
		k++
	}
	if m.number > 0 {
		g[k] = (count - float64(m.in.Open)) / m.number
	}
}

// Round turns a selection into a solution by swaps.
func (m *Model) Round(_ []float64, chosen []bool, _ bool) ([]int, float64) {
	m.at = m.at[:0]
	for j, c := range chosen {
		if c {
			m.at = append(m.at, j)
		}
	}
	return m.From(m.at)
}

// Value is the value of a set of open sites.
func (m *Model) Value(open []int) float64 { return m.in.Value(open) }
