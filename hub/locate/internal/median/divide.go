package median

import (
	"math"
	"slices"

	"github.com/hubplan/hubplan/hub/locate/internal/branch"
	"github.com/hubplan/hubplan/hub/locate/internal/near"
)

// part is a component of a node: free sites, and the demands that may turn to
// them. No demand can use sites of two parts, so that only the number of sites
// to open ties parts together.
type part struct {
	sites   []int32
	demands []int32
	out     []float64      // per demand: what it pays elsewhere
	free    answer         // at a price for each site
	solved  map[int]answer // by number of sites
	tried   map[int]bool   // in this round
	curve   []float64      // by number of sites: a bound
}

// learn keeps what the curve of an answer proves.
func (p *part) learn(a answer) {
	if p.curve == nil {
		p.curve = slices.Clone(a.curve)
	}
	for n, v := range a.curve {
		p.curve[n] = max(p.curve[n], v)
	}
}

// division is a node that falls apart.
type division struct {
	parts []*part
	in    []int   // sites open in the node
	fixed float64 // paid whatever the parts do
	exact bool    // whether the lists hold all that matters
	count int     // sites to open in the parts, negative if free
	price float64
	cut   *cut // nil if no two parts have a demand in common
}

// The nodes that a part may take in the first round; each round allows so many
// times more. A part of a part is given up after some rounds.
const (
	firstNodes  = 32
	moreNodes   = 4
	innerRounds = 2
)

// Divide works on a node that falls apart. For every part it looks for the
// best sites at a price for each; parts whose number of sites does not add up
// are then solved for other numbers, which a dynamic program over the parts
// asks for, until its best combination rests on answers alone.
func (m *Model) Divide(state []branch.State, u []float64, price, cutoff float64, limit, round int) (open []int, bound float64, nodes int, progress branch.Progress) {
	m.limit = limit
	before := m.used.Load()
	open, bound, progress = m.divideOnce(state, u, price, cutoff, round)
	return open, bound, int(m.used.Load() - before), progress
}

// divideOnce is a round of Divide.
func (m *Model) divideOnce(state []branch.State, u []float64, price, cutoff float64, round int) (open []int, bound float64, progress branch.Progress) {
	if round == 0 {
		m.division, m.began = m.fallApart(state, u, price, m.pieceSize()), 0
	}
	d := m.division
	round -= m.began
	if d != nil && d.cut != nil {
		if open, bound, progress = m.climb(cutoff, round); progress != branch.Whole {
			return open, bound, progress
		}
		m.settle()
		if open, bound, progress = m.combine(cutoff, d.cut.nodes); bound >= cutoff || m.search.stop() {
			return open, bound, progress
		}
		progress = branch.Whole
		m.division = m.fallApart(state, d.cut.from, d.cut.price, 2*d.cut.size) // larger pieces, in the end none
		if m.began += round + 1; m.division != nil {
			progress = branch.Going
		}
		return open, bound, progress
	}
	if d == nil || m.inner && round >= innerRounds {
		return nil, math.Inf(-1), branch.Whole
	}
	nodes := firstNodes
	for range round {
		nodes *= moreNodes
	}
	parallel(len(d.parts), m.in.Workers, func(k int) {
		p := d.parts[k]
		if round > 0 && p.free.tight() {
			return
		}
		p.free = m.solve(p, d.price, -1, p.free.open, nodes)
	})
	return m.combine(cutoff, nodes)
}

// combine puts the answers at the price together to a bound on the number of
// sites asked for, and a solution of it. It asks for the answers it lacks,
// limited to so many nodes each.
func (m *Model) combine(cutoff float64, nodes int) (open []int, bound float64, progress branch.Progress) {
	d := m.division
	for _, p := range d.parts {
		p.learn(p.free)
		clear(p.tried)
		if d.count < 0 {
			continue
		}
		n := len(p.free.open)
		a := p.free
		a.value -= d.price * float64(n)
		a.bound -= d.price * float64(n)
		if old, ok := p.solved[n]; ok && old.value <= a.value {
			a.open, a.value = old.open, old.value
			a.bound = max(a.bound, old.bound)
		}
		p.solved[n] = a
		p.tried[n] = a.tight() // less the prices it may not be: then it is asked for
	}
	for !m.search.stop() {
		take, sum := d.cheapest(func(a answer) float64 { return a.bound }, true)
		bound = d.fixed + sum - 1e-12*(math.Abs(d.fixed)+math.Abs(sum))
		if bound >= cutoff || math.IsInf(sum, 1) {
			return nil, bound, branch.Solved
		}
		var ask []int
		for k, n := range take {
			p := d.parts[k]
			if a, ok := p.solved[n]; d.count >= 0 && !p.tried[n] && (!ok || !a.tight()) {
				ask = append(ask, k)
			}
		}
		if len(ask) > 0 {
			answers := make([]answer, len(ask))
			parallel(len(ask), m.in.Workers, func(k int) {
				p, n := d.parts[ask[k]], take[ask[k]]
				answers[k] = m.solve(p, 0, n, p.solved[n].open, nodes)
			})
			for k, a := range answers {
				p, n := d.parts[ask[k]], take[ask[k]]
				p.learn(a)
				if old, ok := p.solved[n]; ok {
					a.bound = max(a.bound, old.bound)
				}
				p.solved[n], p.tried[n] = a, true
			}
			continue
		}
		final := true
		for k, n := range take {
			a := d.parts[k].free
			if d.count >= 0 {
				a = d.parts[k].solved[n]
			}
			final = final && a.tight()
		}
		if take, sum := d.cheapest(func(a answer) float64 { return a.value }, false); !math.IsInf(sum, 1) {
			open = d.open(take)
		}
		switch {
		case !final:
			return open, bound, branch.Going
		case d.exact && d.cut == nil:
			return open, bound, branch.Solved
		}
		// Lists end where the answers look beyond: no round can do more.
		return open, bound, branch.Whole
	}
	return nil, bound, branch.Going
}

// open lists the sites open when the parts open the given numbers, or what they
// open at the price if there is none.
func (d *division) open(take []int) []int {
	open := slices.Clone(d.in)
	for k, p := range d.parts {
		a := p.free
		if d.count >= 0 && take != nil {
			a = p.solved[take[k]]
		}
		for _, j := range a.open {
			open = append(open, int(j))
		}
	}
	slices.Sort(open)
	return open
}

// fallApart sees whether the node just entered falls apart.
func (m *Model) fallApart(state []branch.State, u []float64, price float64, size int) *division {
	d := m.parts(state)
	m.cutUp(d, u, size)
	largest, total := 0, 0
	for _, p := range d.parts {
		largest = max(largest, len(p.sites))
		total += len(p.sites)
	}
	if len(d.parts) < 2 || d.cut == nil && 4*largest > 3*total {
		return nil
	}
	d.count = -1
	if m.in.Open >= 0 {
		d.count = m.in.Open - len(d.in)
		if d.price = max(0, price); d.cut == nil {
			d.price = math.Round(d.price) // integers stay integers
		} else {
			d.cut.price = d.price
		}
	}
	return d
}

// parts finds the components of the node just entered.
func (m *Model) parts(state []branch.State) *division {
	d := &division{exact: true}
	root := make([]int32, len(state))
	for j := range root {
		root[j] = int32(j)
	}
	find := func(j int32) int32 {
		for root[j] != j {
			root[j] = root[root[j]]
			j = root[j]
		}
		return j
	}
	m.each(func(k int, sites []int32) {
		for _, j := range sites {
			if a, b := find(j), find(sites[0]); a != b {
				root[max(a, b)] = min(a, b)
			}
		}
	})
	at := make(map[int32]*part)
	for j, st := range state {
		if st == branch.In {
			d.in = append(d.in, j)
			d.fixed += m.in.opening(j)
		}
		if st != branch.Free {
			continue
		}
		r := find(int32(j))
		if at[r] == nil {
			at[r] = &part{solved: map[int]answer{}, tried: map[int]bool{}}
			d.parts = append(d.parts, at[r])
		}
		at[r].sites = append(at[r].sites, int32(j))
	}
	m.each(func(k int, sites []int32) {
		if m.hi[k] >= m.lists.reach[k] && !m.lists.full(k) {
			d.exact = false
		}
		if len(sites) == 0 {
			d.fixed += m.hi[k]
			return
		}
		p := at[find(sites[0])]
		p.demands = append(p.demands, int32(k))
		p.out = append(p.out, m.hi[k])
	})
	return d
}

// row is what matters to a demand in the present node: sites and their costs.
func (m *Model) row(k int32) (sites []int32, costs []float64) {
	b := int(k) / blockSize
	v, at := &m.view[b], int(k)-b*blockSize
	return v.site[v.first[at]:v.first[at+1]], v.cost[v.first[at]:v.first[at+1]]
}

// each calls with the sites that matter to each demand in the present node.
func (m *Model) each(do func(k int, sites []int32)) {
	for k := range m.in.Demand {
		sites, _ := m.row(int32(k))
		do(k, sites)
	}
}

// solve finds the best sites of a part, at a price for each or, if count is
// not negative, so many of them. What a demand pays if none of the part's
// sites is open, a site outside stands for, which is open for good. A solution
// may be known, and the nodes are limited.
func (m *Model) solve(p *part, price float64, count int, known []int32, nodes int) answer {
	opening := make([]float64, len(p.sites))
	for k, j := range p.sites {
		opening[k] = m.in.opening(int(j)) + price
	}
	piece := newPiece(opening, count)
	var pairs []near.Pair
	for i, d := range p.demands {
		pairs = pairs[:0]
		sites, costs := m.row(d)
		for e, j := range sites {
			if at, ok := slices.BinarySearch(p.sites, j); ok && costs[e] < p.out[i] {
				pairs = append(pairs, near.Pair{Cost: costs[e], Site: int32(at)})
			}
		}
		slices.SortFunc(pairs, func(a, b near.Pair) int { return int(a.Site - b.Site) })
		piece.add(pairs, p.out[i])
	}
	start := make([]int32, len(known))
	for k, j := range known {
		at, _ := slices.BinarySearch(p.sites, j)
		start[k] = int32(at)
	}
	grain := m.grain
	if m.division.cut != nil {
		grain = 0 // multipliers are no integers
	}
	a := piece.solve(start, min(nodes, m.limit), grain, m.seed, m.search.stop)
	m.used.Add(int64(a.nodes))
	for n := range a.curve {
		a.curve[n] -= price * float64(n)
	}
	for k, at := range a.open {
		a.open[k] = p.sites[at]
	}
	return a
}

// cheapest chooses numbers of sites for the parts that add up to count so that
// the values of their answers have the least sum. Of a number that has no
// answer the price proves a bound, which counts if it may. If the number is
// free so is the choice.
func (d *division) cheapest(value func(answer) float64, bounds bool) (take []int, sum float64) {
	take = make([]int, len(d.parts))
	if d.count < 0 {
		for _, p := range d.parts {
			sum += value(p.free)
		}
		return take, sum
	}
	least := []float64{0} // by number of sites so far
	from := make([][]int, len(d.parts))
	for k, p := range d.parts {
		next := make([]float64, min(d.count, len(least)-1+len(p.sites))+1)
		from[k] = make([]int, len(next))
		for c := range next {
			next[c] = math.Inf(1)
			known := false
			for n := max(0, c-len(least)+1); n <= min(c, len(p.sites)); n++ {
				a, ok := p.solved[n]
				v := math.Inf(1)
				if ok {
					v = value(a)
				}
				b := p.free.bound - d.price*float64(n)
				if n < len(p.curve) {
					b = max(b, p.curve[n])
				}
				if bounds && !ok {
					v = b
				} else if bounds {
					v = max(v, b)
				}
				if w := least[c-n] + v; w < next[c] || w == next[c] && ok && !known {
					next[c], from[k][c], known = w, n, ok
				}
			}
		}
		least = next
	}
	if d.count >= len(least) {
		return take, math.Inf(1)
	}
	c := d.count
	for k := len(d.parts) - 1; k >= 0; k-- {
		take[k] = from[k][c]
		c -= take[k]
	}
	return take, least[d.count]
}
