// Package spread picks so many of a set of sites that the sum of what they are
// worth, and of the distances between every two of them, is largest: maximum
// diversity with a linear part.
//
// The relaxation splits every distance between its two ends: u of it for the
// lower, the rest for the higher. A picked site then counts the largest parts of
// its distances to as many others as are picked beside it, and the best sites
// are picked. With even parts that is the bound of Glover, Kuo and Dhir 1998
// (Journal of Information and Optimization Sciences 19); the best parts are those of the reformulation
// of Pisinger 2006 (Computers & Operations Research 33).
package spread

import "github.com/hubplan/hubplan/hub/locate/internal/branch"

// Instance is a problem.
type Instance struct {
	Sites    int
	Pick     int       // of the sites
	Worth    []float64 // of each site, at least 0
	Distance []float64 // Sites times Sites, symmetric, at least 0
}

func (in *Instance) at(j, k int) float64 { return in.Distance[j*in.Sites+k] }

// Model is the relaxation for package branch, which minimises: all signs are
// turned.
type Model struct {
	in     *Instance
	stop   func() bool
	row    []int32 // of each pair j < k at j*Sites+k
	fixed  []float64
	state  []branch.State
	beside [][]int32 // the sites that a site counts beside itself
	part   []float64
	list   []int32
	picked []bool
	open   []int
}

// NewModel prepares the relaxation.
func NewModel(in *Instance, stop func() bool) *Model {
	n := in.Sites
	m := &Model{in: in, stop: stop, row: make([]int32, n*n), fixed: make([]float64, n)}
	next := int32(0)
	for j := range n {
		m.fixed[j] = in.Worth[j]
		for k := range n {
			m.fixed[j] += in.at(j, k)
			if j < k {
				m.row[j*n+k], m.row[k*n+j] = next, next
				next++
			}
		}
	}
	return m.fork()
}

func (m *Model) fork() *Model {
	n := m.in.Sites
	f := &Model{
		in: m.in, stop: m.stop, row: m.row, fixed: m.fixed,
		beside: make([][]int32, n), part: make([]float64, n), picked: make([]bool, n),
	}
	return f
}

// Fork is a model of its own of the same instance.
func (m *Model) Fork() branch.Model { return m.fork() }

// Rows is the number of pairs.
func (m *Model) Rows() int { return m.in.Sites * (m.in.Sites - 1) / 2 }

// Sites and Count are the sizes of the instance.
func (m *Model) Sites() int { return m.in.Sites }
func (m *Model) Count() int { return m.in.Pick }

// Fixed scales the rounding margin of a site's price.
func (m *Model) Fixed(j int) float64 { return m.fixed[j] }

// Start splits evenly.
func (m *Model) Start(u []float64) {
	for j := range m.in.Sites {
		for k := j + 1; k < m.in.Sites; k++ {
			u[m.row[j*m.in.Sites+k]] = m.in.at(j, k) / 2
		}
	}
}

// Enter sets the range of the parts.
func (m *Model) Enter(state []branch.State, lo, hi []float64) bool {
	m.state = state
	for j := range state {
		for k := j + 1; k < len(state); k++ {
			r := m.row[j*len(state)+k]
			lo[r], hi[r] = 0, m.in.at(j, k)
			if state[j] == branch.Out || state[k] == branch.Out {
				hi[r] = 0
			}
		}
	}
	return true
}

// Price prices the sites.
func (m *Model) Price(u, rho []float64) float64 {
	n := len(m.state)
	ins := 0
	for _, s := range m.state {
		if s == branch.In {
			ins++
		}
	}
	for j, s := range m.state {
		if s == branch.Out {
			continue
		}
		take := m.in.Pick - 1 - ins
		if s == branch.In {
			take++
		}
		sum := m.in.Worth[j]
		m.list = m.list[:0]
		beside := m.beside[j][:0]
		for k, t := range m.state {
			if k == j || t == branch.Out {
				continue
			}
			v := u[m.row[j*n+k]]
			if j > k {
				v = m.in.at(j, k) - v
			}
			if t == branch.In {
				sum += v
				beside = append(beside, int32(k))
				continue
			}
			m.part[k] = v
			m.list = append(m.list, int32(k))
		}
		take = min(take, len(m.list))
		largest(m.list, m.part, take)
		for _, k := range m.list[:max(0, take)] {
			sum += m.part[k]
			beside = append(beside, k)
		}
		m.beside[j], rho[j] = beside, -sum
	}
	return 0
}

// largest permutes a list so that the entries of the largest values come first,
// ties to the lower entry.
func largest(list []int32, value []float64, count int) {
	before := func(a, b int32) bool { return value[a] > value[b] || value[a] == value[b] && a < b }
	lo, hi := 0, len(list)-1
	for lo < hi && count > lo && count <= hi {
		pivot := list[lo+(hi-lo)/2]
		i, j := lo, hi
		for i <= j {
			for before(list[i], pivot) {
				i++
			}
			for before(pivot, list[j]) {
				j--
			}
			if i <= j {
				list[i], list[j] = list[j], list[i]
				i++
				j--
			}
		}
		switch {
		case count <= j:
			hi = j
		case count >= i:
			lo = i
		default:
			return
		}
	}
}

// Gradient is what the chosen sites count of each pair.
func (m *Model) Gradient(chosen []bool, g []float64) {
	clear(g)
	n := len(m.state)
	for j, c := range chosen {
		if !c {
			continue
		}
		for _, k := range m.beside[j] {
			if r := m.row[j*n+int(k)]; j < int(k) {
				g[r]--
			} else {
				g[r]++
			}
		}
	}
}

// Value is what open sites come to.
func (m *Model) Value(open []int) float64 {
	var sum float64
	for a, j := range open {
		sum += m.in.Worth[j]
		for _, k := range open[:a] {
			sum += m.in.at(j, k)
		}
	}
	return -sum
}

// Round improves a selection by exchanges.
func (m *Model) Round(_ []float64, chosen []bool, _ bool) ([]int, float64) {
	copy(m.picked, chosen)
	m.improve(m.state)
	return m.open, m.Value(m.open)
}

// Improve exchanges sites of a selection as long as that helps.
func (m *Model) Improve(open []int) []int {
	clear(m.picked)
	for _, j := range open {
		m.picked[j] = true
	}
	m.improve(nil)
	return append([]int(nil), m.open...)
}

func (m *Model) improve(state []branch.State) {
	n := m.in.Sites
	with := m.part // what a site counts with those that are open
	for j := range n {
		with[j] = m.in.Worth[j]
		for k := range n {
			if m.picked[k] && k != j {
				with[j] += m.in.at(j, k)
			}
		}
	}
	for again := true; again && !m.stop(); {
		again = false
		out, in, most := -1, -1, 0.0
		for j := range n {
			if !m.picked[j] || state != nil && state[j] != branch.Free {
				continue
			}
			for k := range n {
				if m.picked[k] || state != nil && state[k] != branch.Free {
					continue
				}
				if gain := with[k] - m.in.at(j, k) - with[j]; gain > most+1e-12*with[j] {
					out, in, most = j, k, gain
				}
			}
		}
		if out < 0 {
			break
		}
		m.picked[out], m.picked[in] = false, true
		for j := range n {
			if j != in {
				with[j] += m.in.at(j, in)
			}
			if j != out {
				with[j] -= m.in.at(j, out)
			}
		}
		again = true
	}
	m.open = m.open[:0]
	for j, o := range m.picked {
		if o {
			m.open = append(m.open, j)
		}
	}
}
