package capacity

import (
	"cmp"
	"math"
	"slices"

	"github.com/hubplan/hubplan/hub/locate/internal/branch"
)

// packer is the state of a local search for demands that do not divide: sites
// may be overloaded at a penalty, which rises while they are and falls while
// they are not (Yagiura, Ibaraki and Glover 2004, "An ejection chain approach
// for the generalized assignment problem", INFORMS Journal on Computing 16,
// https://doi.org/10.1287/ijoc.1030.0036, adapt penalties in that way).
type packer struct {
	open    []int
	at      []int32 // site of each demand
	load    []float64
	penalty float64 // of a unit of overload
	best    Solution

	place []int32   // of each site in open
	cost  []float64 // of each demand at each open site

	// For a pass of swaps: what moving a demand of one open site to another
	// saves at most, and the demands by site.
	save    []float64
	begin   []int
	members []int32
}

// preparePacker copies the costs of the open sites.
func (f *finder) preparePacker() {
	p := &f.packer
	if p.load == nil {
		p.load, p.place = make([]float64, f.sites()), make([]int32, f.sites())
	}
	clear(p.load)
	width := len(p.open)
	p.cost = slices.Grow(p.cost[:0], f.demands()*width)[:f.demands()*width]
	for k := range p.cost {
		p.cost[k] = math.Inf(1)
	}
	for o, j := range p.open {
		p.place[j] = int32(o)
		for e := f.First[j]; e < f.First[j+1]; e++ {
			p.cost[int(f.To[e])*width+o] = f.Cost[e]
		}
	}
}

// row is what demand i costs at each open site.
func (p *packer) row(i int) []float64 { return p.cost[i*len(p.open):][:len(p.open)] }

// over is what a load costs beyond the limits of a site.
func (f *finder) over(j int32, load float64) float64 {
	p := &f.packer
	return p.penalty * (max(0, load-f.Limit[j]) + max(0, f.least(int(j))-load))
}

// complete is the solution of the given sites and assignment, if it is one.
func (f *finder) complete(open []int, at []int32) Solution {
	load := make([]float64, f.sites())
	s := Solution{Open: open, At: slices.Clone(at)}
	for i, j := range at {
		load[j] += f.Size[i]
		c, _ := f.cost(i, int(j))
		s.Value += c
	}
	for _, j := range open {
		s.Value += f.Opening[j]
		if load[j] > f.Limit[j] || load[j] < f.least(j) {
			return noSolution()
		}
	}
	return s
}

// How many times the penalty changes in a search, and how many neighbours of a
// set of sites are packed.
const (
	deepRounds  = 30
	shortRounds = 12
	neighbours  = 60 // fewer where there are many demands
)

// settleLoads searches from p.at among the open sites and leaves the best
// solution in p.best.
func (f *finder) settleLoads(rounds int) {
	p := &f.packer
	f.preparePacker()
	var sum float64
	for i, j := range p.at {
		row := p.row(i)
		if j < 0 { // anywhere it can be, the least loaded first
			least := math.Inf(1)
			for o, k := range p.open {
				if row[o] < math.Inf(1) {
					if l := p.load[k] + f.Size[i] - f.Limit[k]; l < least {
						least, j = l, int32(k)
					}
				}
			}
			if j < 0 {
				return
			}
			p.at[i] = j
		}
		p.load[j] += f.Size[i]
		sum += row[p.place[j]]
	}
	p.penalty = 0.2 * (sum + 1) / (f.total + 1)
	for range rounds {
		if f.stop() {
			return
		}
		for f.shift() || f.swap() {
			if f.stop() {
				break
			}
		}
		feasible := true
		for _, j := range p.open {
			feasible = feasible && p.load[j] <= f.Limit[j]+f.slack() && p.load[j] >= f.least(j)-f.slack()
		}
		if feasible {
			if s := f.complete(p.open, p.at); s.Value < p.best.Value {
				p.best = s
			}
			p.penalty *= 0.5
		} else {
			p.penalty *= 1.7
		}
	}
}

// shift moves single demands while that pays, and reports whether any moved.
func (f *finder) shift() bool {
	p := &f.packer
	moved := false
	for i, a := range p.at {
		size, row := f.Size[i], p.row(i)
		leave := row[p.place[a]] + f.over(a, p.load[a]) - f.over(a, p.load[a]-size)
		to, least := a, leave-1e-9*math.Abs(leave)
		for o, c := range row {
			b := int32(p.open[o])
			if b == a || c >= least {
				continue
			}
			if c += f.over(b, p.load[b]+size) - f.over(b, p.load[b]); c < least {
				to, least = b, c
			}
		}
		if to != a {
			p.load[a] -= size
			p.load[to] += size
			p.at[i] = to
			moved = true
		}
	}
	return moved
}

// swap exchanges demands of two sites while that pays, and reports whether it
// did. Most pairs need not be looked at: what a demand saves with the most that
// any of the other site saves, and all overload of the two, does not pay.
func (f *finder) swap() bool {
	p := &f.packer
	f.sortMembers()
	width := len(p.open)
	moved := false
	for i := range p.at {
		row := p.row(i)
		for o, ib := range row {
			a, b := p.at[i], int32(p.open[o])
			if a == b || math.IsInf(ib, 1) {
				continue
			}
			ao := int(p.place[a])
			ia, now := row[ao], f.over(a, p.load[a])+f.over(b, p.load[b])
			if ia-ib+p.save[o*width+ao]+now <= 0 {
				continue
			}
			for _, k := range p.members[p.begin[o]:p.begin[o+1]] {
				other := p.row(int(k))
				change := ib + other[ao] - ia - other[o]
				if p.at[k] != b || change >= now {
					continue
				}
				d := f.Size[k] - f.Size[i]
				change += f.over(a, p.load[a]+d) + f.over(b, p.load[b]-d) - now
				if change < -1e-9*(ia+other[o])-1e-12 {
					p.load[a] += d
					p.load[b] -= d
					p.at[i], p.at[k] = b, a
					moved = true
					break
				}
			}
		}
	}
	return moved
}

// sortMembers lists the demands by site, and what moving one saves at most.
func (f *finder) sortMembers() {
	p := &f.packer
	width := len(p.open)
	p.begin = append(p.begin[:0], make([]int, width+1)...)
	p.save = slices.Grow(p.save[:0], width*width)[:width*width]
	for k := range p.save {
		p.save[k] = math.Inf(-1)
	}
	for i, j := range p.at {
		o, row := int(p.place[j]), p.row(i)
		p.begin[o+1]++
		save := p.save[o*width:][:width]
		for k, c := range row {
			save[k] = max(save[k], row[o]-c)
		}
	}
	for o := range width {
		p.begin[o+1] += p.begin[o]
	}
	p.members = slices.Grow(p.members[:0], len(p.at))[:len(p.at)]
	next := slices.Clone(p.begin)
	for i, j := range p.at {
		o := p.place[j]
		p.members[next[o]] = int32(i)
		next[o]++
	}
}

// assignAt packs the demands into the given sites, from what the transportation
// problem says.
func (f *finder) assignAt(open []int, rounds int) Solution {
	s, ok := f.exact(open)
	if !ok || s.Open == nil {
		return noSolution()
	}
	p := &f.packer
	p.open, p.at, p.best = open, p.at[:0], noSolution()
	most := make([]float64, f.demands())
	for i := range f.Size {
		p.at = append(p.at, -1)
		if f.place[i] < 0 {
			least := math.Inf(1)
			for _, j := range open {
				if c, _ := f.cost(i, j); c < least {
					p.at[i], least = int32(j), c
				}
			}
		}
	}
	for _, flow := range f.now.Sorted() {
		e := f.pairOf[flow.Pair]
		if i := f.To[e]; flow.Amount > most[i] {
			p.at[i], most[i] = f.siteOf[e], flow.Amount
		}
	}
	f.settleLoads(rounds)
	return p.best
}

// assignFrom looks for a solution at a set of sites and at its neighbours, in
// the order of what they cost with demands that divide.
func (f *finder) assignFrom(open []int) Solution {
	best := f.assignAt(open, deepRounds)
	for !f.stop() {
		better := false
		from := open
		if best.Open != nil {
			from = best.Open
		}
		for _, n := range f.around(from, best.Value) {
			if !f.once(n.open) {
				continue
			}
			if s := f.assignAt(n.open, shortRounds); s.Value < best.Value {
				best, better = s, true
				break
			}
		}
		if !better {
			break
		}
	}
	return best
}

// set of sites next to another, and a lower bound on its value.
type neighbour struct {
	open  []int
	bound float64
}

// around lists the neighbours of a set of sites that may be better than limit,
// the most promising first.
func (f *finder) around(open []int, limit float64) []neighbour {
	s, ok := f.exact(open)
	if !ok {
		return nil
	}
	for j := range f.open {
		f.open[j] = false
	}
	for _, j := range open {
		f.open[j] = true
	}
	var list []neighbour
	with := func(out, in int, bound float64) {
		if !(bound < limit) {
			return
		}
		n := neighbour{bound: bound}
		for j, o := range f.open {
			if o && j != out || j == in {
				n.open = append(n.open, j)
			}
		}
		list = append(list, n)
	}
	if f.Count < 0 && s.Open != nil {
		for _, o := range f.options(f.now, worth{value: s.Value}, worth{value: limit}, -1) {
			with(-1, o.site, o.bound)
		}
	}
	for _, j := range open {
		if f.Fixed[j] != branch.Free {
			continue
		}
		f.near.Copy(f.now)
		f.set(f.near, j, false)
		w, ok := f.solve(f.near)
		if !ok {
			return nil
		}
		if f.Count < 0 && w.short <= f.slack() {
			with(j, -1, w.value)
		}
		for _, o := range f.options(f.near, w, worth{value: limit}, j) {
			with(j, o.site, o.bound)
		}
	}
	slices.SortStableFunc(list, func(a, b neighbour) int { return cmp.Compare(a.bound, b.bound) })
	most := min(neighbours, 4+4_000_000/(f.demands()*f.demands()+1))
	return list[:min(len(list), most)]
}

// assignAround looks for a solution near what the node's ascent chooses.
func (f *finder) assignAround(w *worker, deep bool) Solution {
	a := &w.ascent
	open := f.candidates(w.state, a.y)
	if deep && f.once(open) {
		if s := f.assignFrom(open); s.Value < w.limit {
			return s
		}
	}
	// From the pairs that the mean of the packings prefers.
	p := &f.packer
	p.open, p.at, p.best = open, p.at[:0], noSolution()
	chosen := make([]bool, f.sites())
	for _, j := range open {
		chosen[j] = true
	}
	for i := range f.Size {
		site, most := int32(-1), -1.0
		for _, e := range f.pairsOf(i) {
			if j := f.siteOf[e]; chosen[j] && a.x[e] > most {
				site, most = j, a.x[e]
			}
		}
		p.at = append(p.at, site)
		if w.at[i] >= 0 {
			p.at[i] = w.at[i]
		}
	}
	f.settleLoads(shortRounds)
	return p.best
}
