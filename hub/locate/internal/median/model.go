package median

import (
	"math"
	"math/rand/v2"
	"slices"
	"sync/atomic"

	"github.com/hubplan/hubplan/hub/locate/internal/branch"
)

// Model is the relaxation of the rows "demand i is assigned once":
//
//	L(u) = sum_i u_i + min over the selections of sum_j rho_j(u)
//	rho_j(u) = f_j + sum_i min(0, c_ij - u_i)
//
// Only the pairs with c_ij < u_i matter, so that a step reads a prefix of each
// demand's list. Where u_i reaches the end of the list it is held there, which
// costs nothing but the height of the bound, and the list is longer the next
// time the root is entered.
type Model struct {
	in     *Instance
	search *Search
	lists  *lists
	start  []float64
	cap    []float64 // per demand: the cost of the nearest site open for good, else the ceiling
	seed   uint64
	grain  float64 // a step of which every value is a multiple, 0 none

	best     []int         // the best solution that this model has seen
	mended   float64       // the value at which it was last mended
	inner    bool          // the problem is a part of another
	division *division     // of the node in work
	began    int           // the round that it was made in
	limit    int           // nodes that a part may take at a time
	used     *atomic.Int64 // nodes that parts have taken in all

	forked bool    // a fork reads the lists and leaves them as they are
	view   []block // the pairs that matter in the present node
	hi     []float64
	end    []int32 // per demand: end of the prefix with cost < u
	short  []bool  // per demand: u has reached the end of the list
	groups []group
	size   int // pairs listed when the root was last entered
	priced int // pairs priced since the last look for a solution
	spent  int // pairs looked at then
	effort int // pairs that the next look may take
}

// group prices some blocks. Their number depends on the size of the lists
// alone, and so do the sums.
type group struct {
	from, to int // blocks
	rho      []float64
	base     float64
	pairs    int
}

// Measures of work. The sizes of lists from which on a step is shared out, and from which on a
// node does not copy what matters to it.
const (
	shareSize   = 400_000
	copySize    = 40_000_000
	leeway      = 1.15    // how much farther than the first multipliers a list reaches
	leastEffort = 500_000 // pairs that a local search at the root may look at, whatever the steps take
	mostEffort  = 20_000_000
	dearer      = 8       // what a pair costs in a local search, to one priced
	farOff      = 1.05    // a selection that costs more of the best is no start in a large instance
	closeBy     = 1.003   // and a solution that does is not gone on from
	allPairs    = 100_000 // up to here all pairs are listed at once
)

// NewModel prepares the relaxation; incumbent is a feasible solution, u
// multipliers that may be good (nil for none), grain a step of which every
// value is a multiple (0 for none), and seed that of the local search.
//
// A pair that costs more than the whole incumbent is in no better solution
// and is left out, as if the demand could be turned away at the price of the
// incumbent: this bounds the multipliers where pairs are impossible.
//
// Once the stop of s reports true the lists may be cut short; a search must
// not step then.
func NewModel(in *Instance, s *Search, incumbent []int, u []float64, grain float64, seed uint64) *Model {
	n := len(in.Demand)
	m := &Model{
		in: in, search: s, best: incumbent, grain: grain, seed: seed, effort: mostEffort / 2,
		cap: make([]float64, n), used: new(atomic.Int64),
		end: make([]int32, n), short: make([]bool, n),
	}
	s.goTo(incumbent)
	_, sites := in.Source.Size()
	starts := s.multipliers()
	if u != nil {
		starts = append(starts[:1], u)
	}
	reach := make([]float64, n)
	for k := range reach {
		m.cap[k] = s.ceiling
		reach[k] = math.Inf(1)
		if n*sites > allPairs {
			reach[k] = 0
			for _, u := range starts {
				reach[k] = max(reach[k], leeway*u[k])
			}
		}
	}
	m.lists = newLists(in, s.ceiling, reach, s.stop)
	m.view = m.lists.blocks
	m.divide(sites)
	best := math.Inf(-1)
	for _, u := range starts {
		if l := m.relaxation(u); l > best {
			best, m.start = l, u
		}
	}
	return m
}

// relaxation is L(u), without the decisions of a node.
func (m *Model) relaxation(u []float64) float64 {
	rho := make([]float64, len(m.in.Fixed))
	l := m.Price(u, rho)
	for j, f := range m.in.Fixed {
		if f == branch.Out {
			rho[j] = math.Inf(1)
		}
	}
	slices.Sort(rho)
	for k, r := range rho {
		if m.in.Open >= 0 && k >= m.in.Open || m.in.Open < 0 && r >= 0 {
			break
		}
		l += r
	}
	return l
}

// divide makes the groups.
func (m *Model) divide(sites int) {
	n := 1
	if m.lists.size() > shareSize {
		n = 8
	}
	m.groups = make([]group, n)
	for g := range m.groups {
		m.groups[g] = group{
			from: g * len(m.view) / n, to: (g + 1) * len(m.view) / n,
			rho: make([]float64, sites),
		}
	}
}

// Fork is a model of the same problem for nodes below the root.
func (m *Model) Fork() branch.Model {
	f := *m
	f.search = m.search.fork()
	f.forked, f.used = true, new(atomic.Int64)
	f.end, f.short = make([]int32, len(m.end)), make([]bool, len(m.short))
	m.size = m.lists.size()
	f.size = m.size
	if m.size <= copySize {
		f.view = make([]block, len(m.view))
	}
	_, sites := m.in.Source.Size()
	f.divide(sites)
	if len(f.groups) > 1 && !m.Large() {
		f.groups = f.groups[:1] // forks are what runs side by side
		f.groups[0].to = len(m.view)
	}
	return &f
}

// Large reports whether nodes are so large that they are better evaluated one
// after the other.
func (m *Model) Large() bool { return m.lists.size() > copySize/4 }

// Rows is the number of demands.
func (m *Model) Rows() int { return len(m.in.Demand) }

// Sites is the number of sites.
func (m *Model) Sites() int { return len(m.in.Fixed) }

// Count is the number of sites to open, negative if it is free.
func (m *Model) Count() int { return m.in.Open }

// Fixed is the price of opening a site.
func (m *Model) Fixed(j int) float64 { return m.in.opening(j) }

// Start writes multipliers drawn from the incumbent.
func (m *Model) Start(u []float64) { copy(u, m.start) }

// Price computes the prices and returns the sum of the multipliers.
func (m *Model) Price(u, rho []float64) float64 {
	m.share(func(g *group) { m.priceGroup(g, u) })
	var base float64
	for j := range rho {
		rho[j] = m.in.opening(j)
	}
	for g := range m.groups {
		base += m.groups[g].base
		m.priced += m.groups[g].pairs
		for j, r := range m.groups[g].rho {
			rho[j] += r
		}
	}
	return base
}

func (m *Model) priceGroup(g *group, u []float64) {
	clear(g.rho)
	g.base, g.pairs = 0, 0
	for b := g.from; b < g.to; b++ {
		list := &m.view[b]
		from, to := m.lists.span(b)
		for k := from; k < to; k++ {
			ui := u[k]
			g.base += ui
			e, end := list.first[k-from], list.first[k-from+1]
			begin := e
			site, cost := list.site[:end], list.cost[:end]
			for e < end && cost[e] < ui {
				g.rho[site[e]] += cost[e] - ui
				e++
			}
			m.end[k] = e
			g.pairs += int(e - begin)
			if ui >= m.lists.reach[k] && m.cap[k] > m.lists.reach[k] {
				m.short[k] = true
			}
		}
	}
}

// Gradient is 1 minus the number of chosen sites that a demand would take.
func (m *Model) Gradient(chosen []bool, g []float64) {
	m.taken(func(k int, sites []int32) {
		n := 0
		for _, j := range sites {
			if chosen[j] {
				n++
			}
		}
		g[k] = float64(1 - n)
	})
}

// SoftGradient is 1 minus the parts of sites that a demand would take.
func (m *Model) SoftGradient(part []float64, g []float64) {
	m.taken(func(k int, sites []int32) {
		left := 1.0
		for _, j := range sites {
			left -= part[j]
		}
		g[k] = left
	})
}

// taken calls, from several goroutines, with the sites that each demand would
// take at the multipliers last priced.
func (m *Model) taken(do func(k int, sites []int32)) {
	m.share(func(g *group) {
		for b := g.from; b < g.to; b++ {
			list := &m.view[b]
			from, to := m.lists.span(b)
			for k := from; k < to; k++ {
				do(k, list.site[list.first[k-from]:m.end[k]])
			}
		}
	})
}

// share works on the groups, on all cores if they are worth it.
func (m *Model) share(do func(g *group)) {
	workers := m.in.Workers
	if len(m.groups) == 1 {
		workers = 1
	}
	parallel(len(m.groups), workers, func(g int) { do(&m.groups[g]) })
}

// Round improves the selection by interchange. At the root it then goes on
// from the best solution by random moves, for as long as the steps since the
// last time have taken.
func (m *Model) Round(_ []float64, chosen []bool, deep bool) ([]int, float64) {
	var open []int
	for j, c := range chosen {
		if c {
			open = append(open, j)
		}
	}
	if len(open) == 0 {
		return nil, math.Inf(1)
	}
	if !deep {
		return m.search.Improve(open, false)
	}
	if m.spent > 4*mostEffort && m.priced < dearer*m.spent {
		return nil, math.Inf(1) // the last look has taken longer than the steps since
	}
	s := m.search
	effort := max(m.priced/dearer, m.effort)
	m.priced = 0
	before, known := s.effort, s.best
	defer func() {
		m.spent, s.end = s.effort-before, math.MaxInt
		if s.best < known { // who finds looks on
			m.effort = min(m.effort*2, mostEffort)
		} else {
			m.effort = max(m.effort/2, leastEffort)
		}
	}()

	s.end = before + max(effort, mostEffort)
	best, value := m.best, math.Inf(1)
	if !m.Large() || m.in.Value(open) <= farOff*s.best {
		if o, v := s.Improve(open, true); o != nil {
			best, value = o, v
		}
	}
	if value > closeBy*s.best {
		best = m.best
	}
	if best != nil {
		s.goTo(best)
		s.end = s.effort + effort
		s.descend()
		m.seed++
		s.Shake(rand.New(rand.NewPCG(m.seed, 2)), s.end)
		if o, v := s.result(); o != nil && v <= value {
			best, value = o, v
		}
	}
	if value <= s.best {
		m.best = best
	}
	return best, value
}

// Intensify goes on from the best solution by random moves, and every other
// time from a sampled one, which it then joins to the best by a path.
func (m *Model) Intensify(open []int) ([]int, float64) {
	m.seed++
	rng := rand.New(rand.NewPCG(m.seed, 3))
	s := m.search
	s.end = s.effort + mostEffort
	if m.inner {
		s.end = s.effort + leastEffort
	}
	defer func() { s.end = math.MaxInt }()
	if m.seed%2 == 0 {
		s.goTo(open)
		s.Shake(rng, s.end)
		return s.result()
	}
	s.set(m.in.Sample(m.in.Given(), rng, s.stop))
	s.descend()
	s.Shake(rng, s.effort+(s.end-s.effort)/2)
	other, v := s.result()
	if other == nil {
		return nil, v
	}
	s.relink(other, open)
	s.descend()
	if o, w := s.result(); o != nil && w < v {
		return o, w
	}
	return other, v
}

// Value is the cost of a set of open sites.
func (m *Model) Value(open []int) float64 { return m.in.Value(open) }
