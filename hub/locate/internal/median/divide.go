package median

import (
	"math"
	"math/rand/v2"
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
	free    answer         // at a price for each site
	solved  map[int]answer // by number of sites
	tried   map[int]bool   // in this round
}

// answer is a solution of a part and a bound on all.
type answer struct {
	open         []int32
	value, bound float64
}

// tight reports whether the answer is final.
func (a answer) tight() bool { return a.bound >= a.value-branch.Tolerance*math.Abs(a.value) }

// division is a node that falls apart.
type division struct {
	parts []*part
	in    []int   // sites open in the node
	fixed float64 // paid whatever the parts do
	exact bool    // whether the lists hold all that matters
	count int     // sites to open in the parts, negative if free
	price float64
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
func (m *Model) Divide(state []branch.State, price, cutoff float64, round int) (open []int, bound float64, progress branch.Progress) {
	if round == 0 {
		m.division = m.fallApart(state, price)
	}
	d := m.division
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
	for _, p := range d.parts {
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
		take, sum := d.combine(func(a answer) float64 { return a.bound }, true)
		bound = (d.fixed + sum) * (1 - 1e-12)
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
		if take, sum := d.combine(func(a answer) float64 { return a.value }, false); !math.IsInf(sum, 1) {
			open = d.open(take)
		}
		switch {
		case !final:
			return open, bound, branch.Going
		case d.exact:
			return open, bound, branch.Solved
		}
		// Lists end where the answers look beyond: no round can do more.
		return open, bound, branch.Whole
	}
	return nil, bound, branch.Going
}

// open lists the sites open when the parts open the given numbers.
func (d *division) open(take []int) []int {
	open := slices.Clone(d.in)
	for k, p := range d.parts {
		a := p.free
		if d.count >= 0 {
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
func (m *Model) fallApart(state []branch.State, price float64) *division {
	d := m.parts(state)
	largest, total := 0, 0
	for _, p := range d.parts {
		largest = max(largest, len(p.sites))
		total += len(p.sites)
	}
	if len(d.parts) < 2 || 4*largest > 3*total {
		return nil
	}
	d.count = -1
	if m.in.Open >= 0 {
		d.count = m.in.Open - len(d.in)
		d.price = max(0, math.Round(price)) // integers stay integers
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
	})
	return d
}

// each calls with the sites that matter to each demand in the present node.
func (m *Model) each(do func(k int, sites []int32)) {
	for b := range m.view {
		v := &m.view[b]
		from, to := m.lists.span(b)
		for k := from; k < to; k++ {
			do(k, v.site[v.first[k-from]:v.first[k-from+1]])
		}
	}
}

// solve finds the best sites of a part, at a price for each or, if count is
// not negative, so many of them. What a demand pays if none of the part's
// sites is open, a site outside stands for, which is open for good. A solution
// may be known, and the nodes are limited.
func (m *Model) solve(p *part, price float64, count int, known []int32, nodes int) answer {
	n := len(p.sites)
	in := &Instance{
		Demand: make([]int32, len(p.demands)), Opening: make([]float64, n+1), Fixed: make([]branch.State, n+1),
		Open: -1, Limit: math.Inf(1), Workers: 1,
	}
	if count >= 0 {
		in.Open = count + 1
	}
	in.Fixed[n] = branch.In
	for k, j := range p.sites {
		in.Opening[k] = m.in.opening(int(j)) + price
	}
	source := &near.Sparse{Sites: n + 1, First: []int{0}}
	var pairs []near.Pair
	for k, d := range p.demands {
		in.Demand[k] = int32(k)
		b := int(d) / blockSize
		v := &m.view[b]
		at := int(d) - b*blockSize
		pairs = pairs[:0]
		for e := v.first[at]; e < v.first[at+1]; e++ {
			j, _ := slices.BinarySearch(p.sites, v.site[e])
			pairs = append(pairs, near.Pair{Cost: v.cost[e], Site: int32(j)})
		}
		slices.SortFunc(pairs, func(a, b near.Pair) int { return int(a.Site - b.Site) })
		for _, q := range append(pairs, near.Pair{Cost: m.hi[d], Site: int32(n)}) {
			source.Site, source.Costs = append(source.Site, q.Site), append(source.Costs, q.Cost)
		}
		source.First = append(source.First, len(source.Site))
	}
	in.Source = source
	rng := rand.New(rand.NewPCG(m.seed, uint64(n)))
	start := []int{n}
	for _, j := range known {
		k, _ := slices.BinarySearch(p.sites, j)
		start = append(start, k)
	}
	slices.Sort(start)
	start = in.Sample(start, rng, m.search.stop)
	s := NewSearch(in, in.Value(start), m.search.stop)
	if open, v := s.Explore(start, rng, 10, 0, math.MaxInt); open != nil && v < in.Value(start) {
		start = open
	}
	inner := NewModel(in, s, start, nil, m.grain, m.seed)
	inner.inner = true
	r := branch.Run(inner, branch.Options{
		Stop: m.search.stop, Nodes: nodes, Grain: m.grain, Start: start, Bound: in.Lower(m.search.stop),
	})
	a := answer{value: r.Value, bound: min(r.Bound, r.Value)}
	for _, k := range r.Open {
		if k < n {
			a.open = append(a.open, p.sites[k])
		}
	}
	return a
}

// combine chooses numbers of sites for the parts that add up to count so that
// the values of their answers have the least sum. Of a number that has no
// answer the price proves a bound, which counts if it may. If the number is
// free so is the choice.
func (d *division) combine(value func(answer) float64, bounds bool) (take []int, sum float64) {
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
				if b := p.free.bound - d.price*float64(n); bounds && !ok {
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
