package convex

import (
	"math"

	"github.com/hubplan/hubplan/hub/locate/internal/branch"
)

// Model is the relaxation of an instance for package branch: with a multiplier
// u_r >= 0 for each row,
//
//	L(u) = sum_r min over v of ( w_r g_r(v) + u_r v ) + min sum_j rho_j x_j
//	rho_j = f_j - sum over the rows r of site j of u_r b_rj
//
// where v goes from what the sites that are In count to what all that are not
// Out do.
type Model struct {
	in      *Instance
	columns [][]entry // of each site
	stop    func() bool

	state    []branch.State
	from, to []float64 // range of the count of each row
	best     []float64 // the count that each row takes
	open     []bool
	at       []int
}

// entry is a row of a site.
type entry struct {
	row   int32
	count float64
}

// NewModel prepares the relaxation.
func NewModel(in *Instance, stop func() bool) *Model {
	m := &Model{in: in, columns: make([][]entry, in.Sites), stop: stop}
	for r := range in.Rows {
		row := &in.Rows[r]
		for k, j := range row.Site {
			m.columns[j] = append(m.columns[j], entry{int32(r), row.Count[k]})
		}
	}
	return m.fork()
}

func (m *Model) fork() *Model {
	n := len(m.in.Rows)
	return &Model{
		in: m.in, columns: m.columns, stop: m.stop,
		from: make([]float64, n), to: make([]float64, n), best: make([]float64, n), open: make([]bool, m.in.Sites),
	}
}

// Fork is a model of its own of the same instance.
func (m *Model) Fork() branch.Model { return m.fork() }

// Rows is the number of rows, Sites that of sites.
func (m *Model) Rows() int  { return len(m.in.Rows) }
func (m *Model) Sites() int { return m.in.Sites }

// Count is the number of sites to open, negative if any may.
func (m *Model) Count() int { return m.in.Open }

// Fixed is the cost of opening a site.
func (m *Model) Fixed(j int) float64 { return m.in.Opening[j] }

// Start lets every row offer what its first site saves, shared.
func (m *Model) Start(u []float64) {
	for r := range u {
		row := &m.in.Rows[r]
		u[r] = row.Weight * (row.Curve.Value[0] - row.Curve.of(1)) / float64(len(row.Site))
	}
}

// Enter sets the range of counts, and that of multipliers: between the slopes of
// the curve at its ends.
func (m *Model) Enter(state []branch.State, lo, hi []float64) bool {
	m.state = state
	for r := range m.in.Rows {
		row := &m.in.Rows[r]
		var from, to float64
		for k, j := range row.Site {
			switch state[j] {
			case branch.In:
				from += row.Count[k]
				to += row.Count[k]
			case branch.Free:
				to += row.Count[k]
			}
		}
		m.from[r], m.to[r] = from, to
		lo[r], hi[r] = 0, 0
		if from < to {
			hi[r] = row.Weight * row.Curve.steepest(from)
		}
	}
	return true
}

// steepest is by how much the curve falls for each unit, right after v.
func (c *Curve) steepest(v float64) float64 {
	for k := 1; k < len(c.At); k++ {
		if c.At[k] > v {
			return (c.Value[k-1] - c.Value[k]) / (c.At[k] - c.At[k-1])
		}
	}
	return 0
}

// Price prices the sites.
func (m *Model) Price(u, rho []float64) float64 {
	var base float64
	for r := range m.in.Rows {
		row := &m.in.Rows[r]
		v := m.from[r]
		least := row.Weight*row.Curve.of(v) + u[r]*v
		m.best[r] = v
		try := func(v, value float64) {
			if t := row.Weight*value + u[r]*v; t < least {
				least, m.best[r] = t, v
			}
		}
		for k, at := range row.Curve.At {
			if at > m.from[r] && at < m.to[r] {
				try(at, row.Curve.Value[k])
			}
		}
		if m.to[r] > m.from[r] {
			try(m.to[r], row.Curve.of(m.to[r]))
		}
		base += least
	}
	for j, s := range m.state {
		if s == branch.Out {
			continue
		}
		v := m.in.Opening[j]
		for _, e := range m.columns[j] {
			v -= u[e.row] * e.count
		}
		rho[j] = v
	}
	return base
}

// Gradient is the count that a row takes less that of the chosen sites.
func (m *Model) Gradient(chosen []bool, g []float64) {
	copy(g, m.best)
	for j, c := range chosen {
		if !c {
			continue
		}
		for _, e := range m.columns[j] {
			g[e.row] -= e.count
		}
	}
}

// Value is the exact value of open sites.
func (m *Model) Value(open []int) float64 {
	clear(m.open)
	for _, j := range open {
		m.open[j] = true
	}
	return m.in.Value(m.open)
}

// Round improves a selection.
func (m *Model) Round(_ []float64, chosen []bool, deep bool) ([]int, float64) {
	copy(m.open, chosen)
	value := m.in.improve(m.open, m.state, deep, m.stop)
	return m.list(), value
}

// list is the open sites.
func (m *Model) list() []int {
	m.at = m.at[:0]
	for j, o := range m.open {
		if o {
			m.at = append(m.at, j)
		}
	}
	return m.at
}

// Greedy opens one site after the other, as long as that saves most or the
// number asks for it, and improves what comes of it.
func (m *Model) Greedy() []int {
	clear(m.open)
	value := m.in.Value(m.open)
	for n := 0; n != m.in.Open && n < m.in.Sites && !m.stop(); n++ {
		site, best := -1, value
		for j, o := range m.open {
			if o {
				continue
			}
			m.open[j] = true
			if v := m.in.Value(m.open); v < best || m.in.Open >= 0 && site < 0 {
				site, best = j, v
			}
			m.open[j] = false
		}
		if site < 0 {
			break
		}
		m.open[site], value = true, best
	}
	for j := 0; j < m.in.Sites && m.in.Open >= 0; j++ { // stopped
		n := 0
		for _, o := range m.open {
			if o {
				n++
			}
		}
		if n >= m.in.Open {
			break
		}
		m.open[j] = true
	}
	m.in.improve(m.open, nil, true, m.stop)
	return append([]int(nil), m.list()...)
}

// improve opens, closes and exchanges sites, the first that helps, until none
// does; a quick call makes one round. State, if given, says what must stay.
func (in *Instance) improve(open []bool, state []branch.State, deep bool, stop func() bool) float64 {
	value := in.Value(open)
	free := func(j int) bool { return state == nil || state[j] == branch.Free }
	for again := true; again; {
		again = false
		try := func(j, k int) bool { // turns j, and k if it is one
			open[j] = !open[j]
			if k >= 0 {
				open[k] = !open[k]
			}
			if v := in.Value(open); v < value-1e-12*math.Abs(value) {
				value, again = v, true
				return true
			}
			open[j] = !open[j]
			if k >= 0 {
				open[k] = !open[k]
			}
			return false
		}
		for j := range open {
			if stop() {
				return value
			}
			if in.Open < 0 && free(j) {
				try(j, -1)
			}
			if !open[j] || !free(j) {
				continue
			}
			for k := range open {
				if !open[k] && free(k) && try(j, k) {
					break
				}
			}
		}
		again = again && deep
	}
	return value
}
