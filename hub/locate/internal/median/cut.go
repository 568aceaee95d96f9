package median

import (
	"math"
	"math/rand/v2"
	"slices"

	"github.com/hubplan/hubplan/hub/locate/internal/branch"
)

// How a part that is too large to be solved is cut into pieces: so many open
// sites in each, at least and at most so many sites. The nodes that a piece may
// take at first; by how much they grow where pieces left unsolved are what the
// bound lacks, and to how many; and the rounds, in all and without much gain.
const (
	pieceOpen  = 32
	leastPiece = 150
	mostPiece  = 600
	cutNodes   = 256
	mostNodes  = 1 << 15
	cutRounds  = 200
	patience   = 8
	mostCells  = 2000 // open sites up to which pieces are made
)

// cut is what holds pieces together: the demands that several of them might
// serve stay relaxed, and each of these may serve them for their multipliers.
// Within a piece a demand is served once. A bound by pieces that are solved to
// the end is above that of the relaxation of all demands, which knows of no two
// sites that serve the same, and the larger the pieces the more so.
type cut struct {
	shared []int32   // the demands relaxed
	home   []int32   // per site its piece
	u      []float64 // per demand
	size   int       // of a piece
	nodes  int

	mean   []float64 // running mean of the subgradients, the last that of the price
	bound  float64   // of the last round
	loose  float64   // what pieces that are not solved may lack in it
	best   float64   // the best bound of all,
	from   []float64 // its multipliers
	price  float64   // and its price
	step   float64
	idle   int     // rounds since
	target float64 // the bound that was seen as a gain
}

// pieceSize is how many sites a piece of the first cut has at most.
func (m *Model) pieceSize() int {
	return min(max(pieceOpen*len(m.in.Fixed)/len(m.best), leastPiece), mostPiece)
}

// cutUp cuts large parts of the root into pieces of that size, once the best
// solution has been mended. It leaves the node as it is where many sites have
// been decided, so that branching will do for the rest, and where most demands
// would be shared.
func (m *Model) cutUp(d *division, u []float64, size int) {
	if m.forked || m.inner || m.Large() {
		return
	}
	free := 0
	for _, p := range d.parts {
		free += len(p.sites)
	}
	if 4*free < 3*len(m.in.Fixed) || len(m.best) > mostCells {
		return
	}
	m.search.goTo(m.best)
	if v := m.in.Value(m.best); v != m.mended {
		if m.mended = v; m.search.Mend(4*len(m.best), m.grain, m.seed) {
			m.best, m.mended = m.search.result()
		}
	}
	var parts []*part
	for _, p := range d.parts {
		if 2*len(p.sites) <= 3*size {
			parts = append(parts, p)
			continue
		}
		for _, sites := range m.pieces(p, u, size) {
			parts = append(parts, &part{sites: sites, solved: map[int]answer{}, tried: map[int]bool{}})
		}
	}
	c := &cut{
		home: make([]int32, len(m.in.Fixed)), size: size, nodes: cutNodes,
		u: slices.Clone(u), from: slices.Clone(u), step: 0.1, best: math.Inf(-1), target: math.Inf(-1),
	}
	for k, p := range parts {
		for _, j := range p.sites {
			c.home[j] = int32(k)
		}
	}
	m.each(func(k int, sites []int32) {
		if slices.ContainsFunc(sites, func(j int32) bool { return c.home[j] != c.home[sites[0]] }) {
			c.shared = append(c.shared, int32(k))
		}
	})
	if len(c.shared) == 0 || 2*len(c.shared) > len(u) {
		return
	}
	c.mean = make([]float64, len(c.shared)+1)
	d.parts, d.cut = parts, c
}

// climb is a round of work on a node cut into pieces: from the second on, a
// step of what holds them together, or more work on pieces not yet solved.
func (m *Model) climb(cutoff float64, round int) (open []int, bound float64, progress branch.Progress) {
	d, c := m.division, m.division.cut
	again := false // only what is not solved
	switch {
	case round == 0:
	case round >= cutRounds || c.idle >= patience:
		return nil, math.Inf(-1), branch.Whole
	case 2*c.loose > cutoff-c.bound && c.nodes < mostNodes:
		c.nodes *= moreNodes
		again = true
	default:
		m.move(cutoff)
	}
	if !again {
		m.handOut()
	}
	parallel(len(d.parts), m.in.Workers, func(k int) {
		if p := d.parts[k]; !again || !p.free.tight() {
			p.free = m.solve(p, d.price, -1, p.free.open, c.nodes)
		}
	})
	if m.search.stop() {
		return nil, math.Inf(-1), branch.Going
	}
	paid := d.price * float64(max(0, d.count))
	magnitude := math.Abs(d.fixed) + paid
	c.bound, c.loose = d.fixed-paid, 0
	for _, p := range d.parts {
		c.bound += p.free.bound
		c.loose += p.free.value - p.free.bound
		magnitude += math.Abs(p.free.bound)
	}
	c.bound -= 1e-12 * magnitude
	c.idle++
	if c.bound > c.target {
		c.target, c.idle = c.bound+0.05*(cutoff-c.bound), 0
	}
	open, value := m.fill(d.open(nil))
	if value < m.in.Value(m.best) {
		m.best = open
	} else if round == 0 {
		open = m.best // has been mended
	}
	if c.bound >= cutoff {
		return open, c.bound, branch.Solved
	}
	return open, c.bound, branch.Going
}

// handOut gives every piece its demands, with what each pays if it is not
// served there. A demand that several pieces may serve is counted once for each
// of them, which d.fixed puts right.
func (m *Model) handOut() {
	d, c := m.division, m.division.cut
	d.fixed = 0
	for _, j := range d.in {
		d.fixed += m.in.opening(j)
	}
	for _, p := range d.parts {
		p.demands, p.out, p.curve = p.demands[:0], p.out[:0], nil
		clear(p.solved)
	}
	var pieces []int32
	next := 0
	for k := range int32(len(m.in.Demand)) {
		sites, costs := m.row(k)
		out := m.hi[k]
		if next < len(c.shared) && c.shared[next] == k {
			out = c.u[k]
			next++
		}
		pieces = pieces[:0]
		for e, j := range sites {
			if h := c.home[j]; costs[e] < out && !slices.Contains(pieces, h) {
				pieces = append(pieces, h)
				p := d.parts[h]
				p.demands, p.out = append(p.demands, k), append(p.out, out)
			}
		}
		d.fixed -= float64(len(pieces)-1) * out
	}
}

// settle returns to the best multipliers known.
func (m *Model) settle() {
	d, c := m.division, m.division.cut
	if c.bound > c.best {
		c.best, c.price = c.bound, d.price
		copy(c.from, c.u)
	}
	copy(c.u, c.from)
	d.price = c.price
	m.handOut()
	parallel(len(d.parts), m.in.Workers, func(k int) {
		d.parts[k].free = m.solve(d.parts[k], d.price, -1, d.parts[k].free.open, c.nodes)
	})
}

// move sets out from the best multipliers along the mean of the subgradients,
// as the volume algorithm does.
func (m *Model) move(cutoff float64) {
	d, c := m.division, m.division.cut
	first := math.IsInf(c.best, -1)
	isOpen := make([]bool, len(m.in.Fixed))
	n := 0
	for _, p := range d.parts {
		n += len(p.free.open)
		for _, j := range p.free.open {
			isOpen[j] = true
		}
	}
	weight := 0.25
	if first {
		weight = 1
	}
	var norm float64
	learn := func(i int, g float64) {
		c.mean[i] += weight * (g - c.mean[i])
		norm += c.mean[i] * c.mean[i]
	}
	var pieces []int32
	for i, k := range c.shared {
		sites, costs := m.row(k)
		pieces = pieces[:0]
		for e, j := range sites {
			if h := c.home[j]; isOpen[j] && costs[e] < c.u[k] && !slices.Contains(pieces, h) {
				pieces = append(pieces, h)
			}
		}
		learn(i, float64(1-len(pieces)))
	}
	last := len(c.shared)
	if d.count >= 0 {
		learn(last, float64(n-d.count))
	}
	if c.bound > c.best {
		c.best, c.price = c.bound, d.price
		copy(c.from, c.u)
		if !first {
			c.step *= 1.2
		}
	} else {
		c.step *= 0.6
	}
	t := c.step * max(0, cutoff-c.best) / max(norm, 1)
	for i, k := range c.shared {
		c.u[k] = min(max(c.from[k]+t*c.mean[i], 0), m.hi[k])
	}
	if d.count >= 0 {
		d.price = max(0, c.price+t*c.mean[last])
	}
}

// fill makes up the number of open sites by opening what gains most or closing
// what loses least, and goes on by
// interchange and random moves.
func (m *Model) fill(open []int) ([]int, float64) {
	s := m.search
	s.set(open)
	for m.in.Open >= 0 && len(s.open) != m.in.Open && !s.stop() {
		best, value := move{-1, -1, 0}, math.Inf(-1)
		if len(s.open) > m.in.Open {
			for p, j := range s.open {
				if v := m.in.opening(int(j)) - s.loss[p]; !s.barred[j] && v > value {
					best, value = move{in: -1, pos: int32(p)}, v
				}
			}
		} else {
			for j, g := range s.gain {
				if v := g - m.in.opening(j); s.place[j] < 0 && !s.barred[j] && v > value {
					best, value = move{in: int32(j), pos: -1}, v
				}
			}
		}
		s.make(best)
	}
	if s.stop() {
		return nil, math.Inf(1)
	}
	s.descend()
	if s.total() <= closeBy*s.best {
		m.seed++
		s.Shake(rand.New(rand.NewPCG(m.seed, 4)), s.effort+mostEffort/4)
	}
	return s.result()
}
