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
	solved  map[int]answer // by number of sites
	free    answer         // at a price for each site
}

// answer is an optimal solution of a part, to within its bound.
type answer struct {
	open         []int32
	value, bound float64
}

// Divide solves a node that falls apart. For every part it finds the best
// sites at a price for each; parts whose number of sites does not add up are
// then solved for other numbers, which a dynamic program over the parts asks
// for, until its best combination rests on answers alone.
func (m *Model) Divide(state []branch.State, price, cutoff float64) (open []int, bound float64, solved bool) {
	parts, fixed, exact := m.parts(state)
	largest, total, in := 0, 0, 0
	for _, p := range parts {
		largest = max(largest, len(p.sites))
		total += len(p.sites)
	}
	for _, st := range state {
		if st == branch.In {
			in++
		}
	}
	if len(parts) < 2 || 4*largest > 3*total {
		return nil, 0, false
	}
	count := m.in.Open - in
	if m.in.Open < 0 {
		price, count = 0, -1
	} else {
		price = max(0, math.Round(price)) // integers stay integers
	}
	parallel(len(parts), m.in.Workers, func(k int) { parts[k].free = m.solve(parts[k], price, -1) })
	for _, p := range parts {
		p.solved = map[int]answer{}
		if count >= 0 {
			a := p.free
			a.value -= price * float64(len(a.open))
			a.bound -= price * float64(len(a.open))
			p.solved[len(a.open)] = a
		}
	}
	for !m.search.stop() {
		take, sum := combine(parts, count, price)
		bound = (fixed + sum) * (1 - 1e-12)
		if bound >= cutoff || math.IsInf(sum, 1) {
			return nil, bound, true
		}
		var ask []int
		for k, n := range take {
			if _, ok := parts[k].solved[n]; !ok && count >= 0 {
				ask = append(ask, k)
			}
		}
		if len(ask) == 0 {
			for j, st := range state {
				if st == branch.In {
					open = append(open, j)
				}
			}
			for k, p := range parts {
				a := p.free
				if count >= 0 {
					a = p.solved[take[k]]
				}
				for _, j := range a.open {
					open = append(open, int(j))
				}
			}
			slices.Sort(open)
			// Where a list ends early, what lies beyond may cost more than its end.
			solved = exact || m.in.Value(open) <= fixed+sum+1e-9*math.Abs(fixed+sum)
			return open, bound, solved && !m.search.stop()
		}
		answers := make([]answer, len(ask))
		parallel(len(ask), m.in.Workers, func(k int) { answers[k] = m.solve(parts[ask[k]], 0, take[ask[k]]) })
		for k, a := range answers {
			parts[ask[k]].solved[take[ask[k]]] = a
		}
	}
	return nil, 0, false
}

// parts finds the components of the node just entered, and what is paid
// whatever they do. It reports whether the lists hold all that matters to the
// demands of the parts.
func (m *Model) parts(state []branch.State) (parts []*part, fixed float64, exact bool) {
	exact = true
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
	m.each(func(k int, sites []int32, _ []float64) {
		for _, j := range sites {
			if a, b := find(j), find(sites[0]); a != b {
				root[max(a, b)] = min(a, b)
			}
		}
	})
	at := make(map[int32]*part)
	for j, st := range state {
		if st == branch.In {
			fixed += m.in.opening(j)
		}
		if st != branch.Free {
			continue
		}
		r := find(int32(j))
		if at[r] == nil {
			at[r] = new(part)
			parts = append(parts, at[r])
		}
		at[r].sites = append(at[r].sites, int32(j))
	}
	m.each(func(k int, sites []int32, _ []float64) {
		if m.hi[k] >= m.lists.reach[k] && !m.lists.full(k) {
			exact = false
		}
		if len(sites) == 0 {
			fixed += m.hi[k]
			return
		}
		p := at[find(sites[0])]
		p.demands = append(p.demands, int32(k))
	})
	return parts, fixed, exact
}

// each calls with the pairs that matter to each demand in the present node.
func (m *Model) each(do func(k int, sites []int32, costs []float64)) {
	for b := range m.view {
		v := &m.view[b]
		from, to := m.lists.span(b)
		for k := from; k < to; k++ {
			first, last := v.first[k-from], v.first[k-from+1]
			do(k, v.site[first:last], v.cost[first:last])
		}
	}
}

// solve finds the best sites of a part, at a price for each or, if count is
// not negative, so many of them. What a demand pays if none of the part's
// sites is open, a site outside stands for, which is open for good.
func (m *Model) solve(p *part, price float64, count int) answer {
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
	start := in.Sample([]int{n}, rng, m.search.stop)
	s := NewSearch(in, in.Value(start), m.search.stop)
	if open, v := s.Explore(start, rng, 10, math.MaxInt32); open != nil && v < in.Value(start) {
		start = open
	}
	r := branch.Run(NewModel(in, s, start, m.grain, m.seed), branch.Options{
		Stop: m.search.stop, Grain: m.grain, Start: start, Bound: in.Lower(),
	})
	a := answer{value: r.Value, bound: min(r.Bound, r.Value)}
	for _, k := range r.Open {
		if k < n {
			a.open = append(a.open, p.sites[k])
		}
	}
	return a
}

// combine chooses numbers of sites for the parts that add up to count and
// whose bounds have the least sum: of what is solved its own, of other numbers
// what the price proves. If count is negative the numbers are free.
func combine(parts []*part, count int, price float64) (take []int, sum float64) {
	take = make([]int, len(parts))
	if count < 0 {
		for _, p := range parts {
			sum += p.free.bound
		}
		return take, sum
	}
	least := []float64{0} // by number of sites so far
	from := make([][]int, len(parts))
	for k, p := range parts {
		next := make([]float64, min(count, len(least)-1+len(p.sites))+1)
		from[k] = make([]int, len(next))
		for c := range next {
			next[c] = math.Inf(1)
			for n := max(0, c-len(least)+1); n <= min(c, len(p.sites)); n++ {
				v, ok := p.free.bound-price*float64(n), false
				if a, solved := p.solved[n]; solved {
					v, ok = max(v, a.bound), true
				}
				if w := least[c-n] + v; w < next[c] || w == next[c] && ok {
					next[c], from[k][c] = w, n
				}
			}
		}
		least = next
	}
	if count >= len(least) {
		return take, math.Inf(1)
	}
	c := count
	for k := len(parts) - 1; k >= 0; k-- {
		take[k] = from[k][c]
		c -= take[k]
	}
	return take, least[count]
}
