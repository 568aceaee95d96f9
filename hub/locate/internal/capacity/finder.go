package capacity

import (
	"cmp"
	"math"
	"slices"

	"github.com/hubplan/hubplan/hub/locate/internal/branch"
	"github.com/hubplan/hubplan/hub/locate/internal/knapsack"
	"github.com/hubplan/hubplan/hub/locate/internal/transport"
)

// finder looks for solutions. It belongs to one goroutine.
type finder struct {
	*layout
	stop func() bool

	// Transportation problems: of the current sites, of a neighbour, and of a
	// neighbour of that.
	now, near, far *transport.Solver
	open           []bool // current sites
	nearest        []float64
	items          []knapsack.Item
	tried          map[uint64]bool // sets that a local search began or ended with
	loose          []int32         // demands without size
	work           int             // transportation problems solved
	packer         packer
}

func newFinder(l *layout, stop func() bool) finder {
	f := finder{layout: l, stop: stop, open: make([]bool, l.sites()), tried: make(map[uint64]bool)}
	for i, k := range l.place {
		if k < 0 {
			f.loose = append(f.loose, int32(i))
		}
	}
	f.nearest = make([]float64, len(f.loose))
	return f
}

// prepare makes the solvers, which are large.
func (f *finder) prepare() {
	if f.now == nil {
		f.now, f.near, f.far = transport.New(f.net), transport.New(f.net), transport.New(f.net)
	}
}

// set opens or closes a site.
func (f *finder) set(t *transport.Solver, j int, open bool) {
	t.Set(j, open)
	if k := f.mustAt[j]; k >= 0 {
		t.Set(int(k), open)
	}
}

// worth is what a set of sites costs, with what is lacking; less puts what
// lacks little first.
type worth struct{ value, short float64 }

func (a worth) less(b worth, slack float64) bool {
	if a.short > slack || b.short > slack {
		return a.short < b.short-slack || a.short <= b.short+slack && a.value < b.value-1e-9*math.Abs(b.value)
	}
	return a.value < b.value-1e-11*math.Abs(b.value)
}

// solve solves a transportation problem and adds what the sites and the
// demands without size cost.
func (f *finder) solve(t *transport.Solver) (w worth, ok bool) {
	f.work++
	if !t.Solve(f.stop) {
		return w, false
	}
	w.value, w.short = t.Value()
	for j, c := range f.Opening {
		if t.Open(j) {
			w.value += c
		}
	}
	for k, i := range f.loose {
		f.nearest[k] = math.Inf(1)
		for _, e := range f.pairsOf(int(i)) {
			if t.Open(int(f.siteOf[e])) {
				f.nearest[k] = min(f.nearest[k], f.Cost[e])
			}
		}
		if math.IsInf(f.nearest[k], 1) {
			w.short += f.total + 1 // cannot be had
		} else {
			w.value += f.nearest[k]
		}
	}
	return w, true
}

// slack is how much may lack.
func (f *finder) slack() float64 { return Leeway * f.total }

// exact is the solution with the given sites open. ok is false if the search
// stops.
func (f *finder) exact(open []int) (s Solution, ok bool) {
	f.prepare()
	for j := range f.Limit {
		f.set(f.now, j, false)
	}
	for _, j := range open {
		f.set(f.now, j, true)
	}
	w, ok := f.solve(f.now)
	if !ok || w.short > f.slack() {
		return noSolution(), ok
	}
	return Solution{Open: open, Value: w.value}, true
}

// candidates makes a set of sites of the right number and of enough capacity
// of those the node leaves, by what a site scores.
func (f *finder) candidates(state []branch.State, score []float64) []int {
	var open, rest []int
	var room float64
	for j, s := range state {
		switch {
		case s == branch.In || s == branch.Free && score[j] >= 0.5 && f.Count < 0:
			open = append(open, j)
			room += f.Limit[j]
		case s == branch.Free:
			rest = append(rest, j)
		}
	}
	slices.SortStableFunc(rest, func(a, b int) int { return cmp.Compare(score[b], score[a]) })
	for _, j := range rest {
		if f.Count >= 0 && len(open) >= f.Count || f.Count < 0 && room >= f.total {
			break
		}
		open = append(open, j)
		room += f.Limit[j]
	}
	slices.Sort(open)
	return open
}

// once reports whether a set of sites has not been asked about before.
func (f *finder) once(open []int) bool {
	h := uint64(14695981039346656037)
	for _, j := range open {
		h = (h ^ uint64(j+1)) * 1099511628211
		h ^= h >> 29
	}
	if f.tried[h] {
		return false
	}
	if len(f.tried) > 1<<16 {
		clear(f.tried)
	}
	f.tried[h] = true
	return true
}

// openAround looks for a solution at the sites that the node's ascent chooses.
func (f *finder) openAround(w *worker, deep bool) Solution {
	open := f.candidates(w.state, w.ascent.y)
	if !f.once(open) {
		return noSolution()
	}
	if deep {
		return f.improve(open, rootSolves)
	}
	s, ok := f.exact(open)
	if ok && s.Value < w.limit+0.3*(w.limit-w.bound) {
		return f.improve(open, nodeSolves)
	}
	return s
}

// How many transportation problems a local search may solve.
const (
	rootSolves = 4000
	nodeSolves = 100
	swapTries  = 8 // exchanges with one site that are solved
)

// improve is a local search from a set of sites: it opens, closes and exchanges
// them while that pays. What opening a site can save at most follows from the
// prices of the transportation problem: the knapsack of what it could take over
// (the dual solution of the old set with a price for the new site), so that few
// of the neighbours have to be solved.
func (f *finder) improve(open []int, solves int) Solution {
	f.prepare()
	for j := range f.Limit {
		f.open[j] = false
	}
	for _, j := range open {
		f.open[j] = true
	}
	for j, o := range f.open {
		f.set(f.now, j, o)
	}
	f.work = 0
	w, ok := f.solve(f.now)
	if !ok {
		return noSolution()
	}
	for better := true; better && f.work < solves; {
		better = false
		if f.Count < 0 && f.add(&w) {
			better = true
		}
		for j := range f.open {
			if !f.open[j] || f.Fixed[j] != branch.Free || f.work >= solves {
				continue
			}
			if f.stop() {
				better = false
				break
			}
			better = f.leave(j, &w) || better
		}
	}
	if w.short > f.slack() {
		return noSolution()
	}
	open = nil
	for j, o := range f.open {
		if o {
			open = append(open, j)
		}
	}
	f.once(open)
	if open == nil {
		open = []int{}
	}
	return Solution{Open: open, Value: w.value}
}

// option is a site that could be opened, and a lower bound on what the
// objective then is.
type option struct {
	site  int
	bound float64
}

// options lists the closed sites that may pay beside those of a solved
// transportation problem, the most promising first.
func (f *finder) options(t *transport.Solver, w worth, limit worth, skip int) []option {
	var list []option
	base := w.value + t.Short()*w.short
	if w.short > f.total {
		base = math.Inf(-1) // a demand without size is not reached
	}
	for j := range f.Limit {
		if f.open[j] || j == skip || f.Fixed[j] != branch.Free {
			continue
		}
		bound := base + f.Opening[j] - f.gain(t, j)
		if bound < limit.value || limit.short > f.slack() {
			list = append(list, option{j, bound})
		}
	}
	slices.SortFunc(list, func(a, b option) int {
		return cmp.Or(cmp.Compare(a.bound, b.bound), a.site-b.site)
	})
	return list
}

// gain is what opening a site saves at most.
func (f *finder) gain(t *transport.Solver, j int) float64 {
	f.items = f.items[:0]
	for e := f.net.First[j]; e < f.net.First[j+1]; e++ {
		i := int(f.net.To[e])
		if p := t.Price(i) - f.net.Cost[e]; p > 0 {
			f.items = append(f.items, knapsack.Item{Profit: p * f.net.Demand[i], Size: f.net.Demand[i], At: int32(i)})
		}
	}
	_, _, value, _ := knapsack.Split(f.items, f.Limit[j])
	for k, i := range f.loose {
		if c, _ := f.cost(int(i), j); c < f.nearest[k] && !math.IsInf(f.nearest[k], 1) {
			value += f.nearest[k] - c
		}
	}
	return value
}

// add opens a site if that pays.
func (f *finder) add(w *worth) bool {
	if len(f.loose) > 0 {
		f.solve(f.now) // for what demands without size cost
	}
	for k, o := range f.options(f.now, *w, *w, -1) {
		if k >= swapTries {
			break
		}
		f.near.Copy(f.now)
		f.set(f.near, o.site, true)
		v, ok := f.solve(f.near)
		if !ok {
			return false
		}
		if v.less(*w, f.slack()) {
			f.open[o.site] = true
			f.now, f.near, *w = f.near, f.now, v
			return true
		}
	}
	return false
}

// leave closes a site, or exchanges it for another, if that pays.
func (f *finder) leave(j int, w *worth) bool {
	f.near.Copy(f.now)
	f.set(f.near, j, false)
	v, ok := f.solve(f.near)
	if !ok {
		return false
	}
	if f.Count < 0 && v.less(*w, f.slack()) {
		f.open[j] = false
		f.now, f.near, *w = f.near, f.now, v
		return true
	}
	for k, o := range f.options(f.near, v, *w, j) {
		if k >= swapTries {
			break
		}
		f.far.Copy(f.near)
		f.set(f.far, o.site, true)
		v, ok := f.solve(f.far)
		if !ok {
			return false
		}
		if v.less(*w, f.slack()) {
			f.open[j], f.open[o.site] = false, true
			f.now, f.far, *w = f.far, f.now, v
			return true
		}
	}
	return false
}
