package capacity

import (
	"math"

	"github.com/hubplan/hubplan/hub/locate/internal/branch"
	"github.com/hubplan/hubplan/hub/locate/internal/knapsack"
)

// relaxation is the Lagrangian relaxation of a node: what is decided there,
// and the pairs that are left. It belongs to one goroutine.
type relaxation struct {
	*layout
	stop func() bool

	// coarse packs demands that do not divide as if they did, which is much
	// faster and hardly weaker where they are many to a site.
	coarse bool

	state []branch.State
	dead  []uint64 // per pair a bit: it is not used in any solution of the node
	at    []int32  // per demand the site that serves all of it, -1 if that is open
	room  []float64
	spent float64 // cost of the demands that are decided, with nothing for sites
	need  float64 // size of the others

	// Pairs that are left, site by site, of demands that are not decided.
	first, last []int
	to          []int32
	pair        []int32
	value       []float64 // cost

	live []int32 // per demand, the number of pairs left
	free []int32 // sites not decided

	// of the last price
	items   []knapsack.Item
	packer  knapsack.Solver
	rho     []float64 // per site
	density []float64 // per site, what a unit of its capacity is worth
	excess  []float64 // per site, what divisible packing is worth more
	part    []float64 // per site, to which part it is chosen
	cover   cover
	begin   []int // per site, where its packing begins in packed
	end     []int
	packed  []packing
	margin  float64
}

// packing is a pair that a site takes, in part.
type packing struct {
	pair   int32
	demand int32
	part   float64
}

func newRelaxation(l *layout, stop func() bool) *relaxation {
	m, n := l.sites(), l.demands()
	return &relaxation{
		layout: l, stop: stop,
		state: make([]branch.State, m), dead: make([]uint64, (len(l.To)+63)/64), at: make([]int32, n),
		room: make([]float64, m), first: make([]int, m), last: make([]int, m),
		to: make([]int32, len(l.To)), pair: make([]int32, len(l.To)), value: make([]float64, len(l.To)),
		live: make([]int32, n), rho: make([]float64, m), density: make([]float64, m), excess: make([]float64, m),
		part: make([]float64, m), begin: make([]int, m), end: make([]int, m),
	}
}

func (r *relaxation) isDead(e int32) bool { return r.dead[e>>6]>>(e&63)&1 == 1 }
func (r *relaxation) kill(e int32)        { r.dead[e>>6] |= 1 << (e & 63) }

// settle applies what the decisions imply until nothing changes: demands with
// one pair left are decided, sites are opened that those or the capacity need.
// It reports false if the node has no solution.
func (r *relaxation) settle() bool {
	for i := range r.at {
		r.at[i] = -1
	}
	for {
		r.gather()
		changed, ok := r.force()
		if !ok {
			return false
		}
		more, ok := r.openNeeded()
		if !ok {
			return false
		}
		if !changed && !more {
			return true
		}
	}
}

// gather lists the pairs that are left, for what is decided now.
func (r *relaxation) gather() {
	copy(r.room, r.Limit)
	r.spent, r.need = 0, 0
	for i, j := range r.at {
		if j >= 0 {
			c, _ := r.cost(i, int(j))
			r.spent += c
			r.room[j] -= r.Size[i]
		} else {
			r.need += r.Size[i]
		}
	}
	clear(r.live)
	at := 0
	for j, s := range r.state {
		r.first[j] = at
		if s == branch.Out {
			r.last[j] = at
			continue
		}
		room := r.room[j]
		for e := r.First[j]; e < r.First[j+1]; e++ {
			i := r.To[e]
			if r.at[i] >= 0 || r.isDead(int32(e)) || r.Single && r.Size[i] > room {
				continue
			}
			r.to[at], r.pair[at], r.value[at] = i, int32(e), r.Cost[e]
			r.live[i]++
			at++
		}
		r.last[j] = at
	}
}

// force decides the demands with one pair left.
func (r *relaxation) force() (changed, ok bool) {
	for i, k := range r.live {
		if r.at[i] < 0 && k == 0 {
			return false, false
		}
	}
	for j, s := range r.state {
		if s == branch.Out {
			continue
		}
		for k := r.first[j]; k < r.last[j]; k++ {
			if i := r.to[k]; r.live[i] == 1 {
				r.at[i] = int32(j)
				r.state[j] = branch.In
				r.room[j] -= r.Size[i]
				r.need -= r.Size[i]
				changed = true
			}
		}
		if r.room[j] < -Leeway*r.total {
			return false, false
		}
	}
	return changed, true
}

// openNeeded opens the sites that the capacity asks for, and decides the rest
// where their number is given.
func (r *relaxation) openNeeded() (changed, ok bool) {
	var room, least float64
	in, free := 0, 0
	for j, s := range r.state {
		switch s {
		case branch.In:
			in++
			least += r.least(j)
		case branch.Free:
			free++
		}
		if s != branch.Out {
			room += max(0, r.room[j])
		}
	}
	slack := room - r.need + Leeway*r.total
	if slack < 0 || least > r.total*(1+Leeway) || r.Count >= 0 && (in > r.Count || in+free < r.Count) {
		return false, false
	}
	for j, s := range r.state {
		switch {
		case s != branch.Free:
		case r.room[j] > slack, in+free == r.Count && r.Count >= 0:
			r.state[j], changed = branch.In, true
		case in == r.Count || r.least(j) > 0 && least+r.least(j) > r.total*(1+Leeway):
			r.state[j], changed = branch.Out, true
		}
	}
	return changed, true
}

// price evaluates the relaxation at u and returns a bound that holds in
// floating point. ok is false if the search stops or no sites have the
// capacity, when the bound is +Inf.
func (r *relaxation) price(u []float64) (bound float64, ok bool) {
	r.packed, r.free = r.packed[:0], r.free[:0]
	sum, need := r.spent, r.need
	count := r.Count
	for i, j := range r.at {
		if j < 0 {
			sum += u[i]
		}
	}
	magnitude := sum
	seen := 0
	for j, s := range r.state {
		if s == branch.Out {
			r.part[j] = 0
			continue
		}
		if seen += 64 + r.last[j] - r.first[j]; seen > 1<<17 {
			if seen = 0; r.stop() {
				return 0, false
			}
		}
		r.pack(j, u)
		magnitude += 2 * r.Opening[j]
		if s == branch.In {
			r.part[j] = 1
			sum += r.rho[j]
			need -= max(0, r.room[j])
			count--
		} else {
			r.free = append(r.free, int32(j))
		}
	}
	if r.Count < 0 {
		count = -1
	}
	if !r.cover.choose(r.free, r.rho, r.room, need-Leeway*r.total, count, r.part) {
		return math.Inf(1), false
	}
	sum += r.cover.value
	for j, s := range r.state {
		if s != branch.Out {
			magnitude += math.Abs(r.rho[j])
		}
	}
	// Every price is a sum of at most n+1 terms, the bound of at most n+m, each
	// of which loses less than 2^-53 of the magnitude; four times that is
	// taken off, and what packings and covers may lack.
	r.margin = (4*0x1p-53*float64(len(u)+len(r.rho)+2) + 4*knapsack.Precision) * magnitude
	return sum - r.margin, true
}

// pack fills a site with the demands that are worth most at u.
func (r *relaxation) pack(j int, u []float64) {
	r.items = r.items[:0]
	lo, hi := r.first[j], r.last[j]
	to, cost := r.to[lo:hi], r.value[lo:hi]
	for k, i := range to {
		if p := u[i] - cost[k]; p > 0 {
			r.items = append(r.items, knapsack.Item{Profit: p, Size: r.Size[i], At: int32(lo + k)})
		}
	}
	room := max(0, r.room[j])
	r.begin[j] = len(r.packed)
	var full int
	var split, bound float64
	if r.Single && !r.coarse {
		p := r.packer.Pack(r.items, room)
		full, bound, r.density[j], r.excess[j] = p.Count, p.Bound, p.Price, max(0, p.Divisible-p.Bound)
	} else {
		full, split, bound, r.density[j] = knapsack.Split(r.items, room)
		r.excess[j] = 0
	}
	for _, it := range r.items[:full] {
		r.packed = append(r.packed, packing{r.pair[it.At], r.to[it.At], 1})
	}
	if split > 0 {
		it := r.items[full]
		r.packed = append(r.packed, packing{r.pair[it.At], r.to[it.At], split})
	}
	r.end[j] = len(r.packed)
	r.rho[j] = r.Opening[j] - bound
}

// gradient writes the subgradient at the last price.
func (r *relaxation) gradient(g []float64) {
	for i, j := range r.at {
		g[i] = 0
		if j < 0 {
			g[i] = 1
		}
	}
	for j, y := range r.part {
		if y > 0 {
			for _, p := range r.packed[r.begin[j]:r.end[j]] {
				g[p.demand] -= y * p.part
			}
		}
	}
}
