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
	at      []int32
	load    []float64
	penalty float64 // of a unit of overload
	best    Solution
}

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
	if len(p.load) == 0 {
		p.load = make([]float64, f.sites())
	}
	clear(p.load)
	var sum float64
	for i, j := range p.at {
		if j < 0 { // anywhere it can be, the least loaded first
			least := math.Inf(1)
			for _, k := range p.open {
				if c, _ := f.cost(i, k); c < math.Inf(1) {
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
		c, _ := f.cost(i, int(j))
		sum += c
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
		size := f.Size[i]
		now, _ := f.cost(i, int(a))
		leave := now + f.over(a, p.load[a]) - f.over(a, p.load[a]-size)
		to, least := a, leave-1e-9*math.Abs(leave)
		for _, k := range p.open {
			b := int32(k)
			if b == a {
				continue
			}
			c, _ := f.cost(i, k)
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
// did.
func (f *finder) swap() bool {
	p := &f.packer
	moved := false
	for i := range p.at {
		for k := range i {
			a, b := p.at[i], p.at[k]
			d := f.Size[k] - f.Size[i]
			if a == b {
				continue
			}
			ib, _ := f.cost(i, int(b))
			ka, _ := f.cost(k, int(a))
			ia, _ := f.cost(i, int(a))
			kb, _ := f.cost(k, int(b))
			change := ib + ka - ia - kb
			if !(change < math.Inf(1)) {
				continue
			}
			change += f.over(a, p.load[a]+d) - f.over(a, p.load[a]) + f.over(b, p.load[b]-d) - f.over(b, p.load[b])
			if change < -1e-9*(ia+kb)-1e-12 {
				p.load[a] += d
				p.load[b] -= d
				p.at[i], p.at[k] = b, a
				moved = true
			}
		}
	}
	return moved
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
func (f *finder) assignFrom(open []int, u []float64, deep bool) Solution {
	best := f.assignAt(open, deepRounds)
	for deep && !f.stop() {
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
		if s := f.assignFrom(open, a.best, true); s.Value < w.limit {
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
