package capacity

import (
	"math"
	"slices"

	"github.com/hubplan/hubplan/hub/locate/internal/branch"
)

// node is a subproblem that has not been evaluated. u is shared by the children
// of a parent and not written to, nor is what else they share.
type node struct {
	bound float64
	depth int
	seq   int
	state []branch.State
	dead  []uint64
	u     []float64

	coarse bool    // demands that do not divide are packed as if they did
	site   int     // that was decided to make it, -1 if it was a pair
	chosen float64 // the part to which it was chosen
	parent float64 // bound of the node above
}

// worker evaluates nodes.
type worker struct {
	known
	*relaxation
	past   *past
	ascent ascent
	bound  float64 // best bound of the node
	root   bool

	finder finder
	every  int // so many times fewer nodes look for solutions, where that takes long

	// what came of it
	changed  bool // something has been decided since settle
	children []*node
	stopped  bool

	progress func(*worker) // at the root
}

func newWorker(l *layout, p *past, o *Options) *worker {
	r := newRelaxation(l, o.Stop)
	w := &worker{relaxation: r, past: p, ascent: newAscent(l), finder: newFinder(l, o.Stop), every: 1}
	if l.Single {
		w.every += len(l.To) / seldomPairs
	}
	return w
}

// roundEvery is how often a node below the root looks for a solution. If demands
// do not divide, that is so many times less often as there are seldomPairs.
const (
	roundEvery  = 4
	seldomPairs = 16_000
)

// evaluate bounds a node, looks for solutions around it and replaces it by
// children unless it is done with.
func (w *worker) evaluate(n *node) {
	copy(w.state, n.state)
	copy(w.dead, n.dead)
	w.bound = n.bound
	w.root, w.coarse = n.depth == 0, n.coarse
	e := nodeEffort
	if w.root {
		e = rootEffort
	}
	w.ascent.begin(n.u, e.step)
	stalled := 0 // chunks in a row with little gain
	w.changed = true
	for c := range e.most {
		if w.changed && !w.again() {
			return
		}
		before := w.bound
		if !w.climb(chunk) || !w.fix() {
			return
		}
		if w.root {
			w.look(true)
			w.progress(w)
		}
		if w.bound >= w.cutoff() {
			w.discard(w.bound)
			return
		}
		stalled++
		if w.bound-before >= e.share*(w.cutoff()-w.bound) {
			stalled = 0
		}
		if c+1 >= e.least && stalled >= e.patience && !w.changed {
			break
		}
	}
	if !w.root && n.seq%(roundEvery*w.every) == 0 {
		w.look(false)
		if w.bound >= w.cutoff() {
			w.discard(w.bound)
			return
		}
	}
	if w.stop() {
		w.stopped = true
		return
	}
	if w.changed && !w.again() {
		return
	}
	w.split(n)
	if w.Single && !w.stopped && n.seq%(diveEvery*w.every) == 0 {
		w.dive()
	}
}

// again settles the node after decisions. It reports false if the node is done
// with: it has no solution, or is decided.
func (w *worker) again() bool {
	w.changed = false
	if !w.settle() {
		return false
	}
	free, loose := false, false
	for _, s := range w.state {
		free = free || s == branch.Free
	}
	for _, j := range w.at {
		loose = loose || j < 0
	}
	if free && (loose || w.Minimum != nil) || w.Single && loose {
		return true
	}
	open := w.opened()
	if w.Single {
		w.offer(w.finder.complete(open, w.at))
	} else {
		s, ok := w.finder.exact(open)
		if !ok {
			w.stopped = true
			return false
		}
		w.offer(s)
	}
	return false
}

// opened lists the sites that are open, with the cheapest of the others where
// their number is given.
func (w *worker) opened() []int {
	var open, rest []int
	for j, s := range w.state {
		switch s {
		case branch.In:
			open = append(open, j)
		case branch.Free:
			rest = append(rest, j)
		}
	}
	if lack := w.Count - len(open); w.Count >= 0 && lack > 0 {
		slices.SortStableFunc(rest, func(a, b int) int {
			switch x, y := w.Opening[a], w.Opening[b]; {
			case x < y:
				return -1
			case x > y:
				return 1
			}
			return 0
		})
		open = append(open, rest[:lack]...)
		slices.Sort(open)
	}
	if open == nil {
		open = []int{}
	}
	return open
}

// coarseShare is the part of the gap that packing demands as if they divided
// may cost.
const coarseShare = 0.1

// fix decides at the best multipliers what they settle, and how to pack from
// now on. It reports false if the node is done with.
func (w *worker) fix() bool {
	a := &w.ascent
	copy(a.u, a.best)
	var divided float64
	if w.Single {
		w.coarse = true
		l, ok := w.priced()
		if !ok {
			return false
		}
		divided = l
	}
	w.coarse = false
	l, ok := w.priced()
	if !ok {
		return false
	}
	if w.bound = max(w.bound, l); w.bound >= w.cutoff() {
		w.discard(w.bound)
		return false
	}
	w.fixSites(l)
	w.fixPairs(l)
	if a.value = l; w.Single && l-divided < coarseShare*(w.cutoff()-l) && !math.IsInf(w.limit, 1) {
		w.coarse, a.value = true, divided
	}
	return true
}

// look looks for solutions around the multipliers.
func (w *worker) look(deep bool) {
	if w.Single {
		w.offer(w.finder.assignAround(w, deep))
	} else {
		w.offer(w.finder.openAround(w, deep))
	}
}

// fractional is from where on the mean of the choices counts as undecided.
const fractional = 0.02

// split branches on an undecided site, or on a pair where those are clear.
func (w *worker) split(n *node) {
	a := &w.ascent
	copy(a.u, a.best)
	coarse := w.coarse
	w.coarse = false
	l, ok := w.priced()
	if !ok {
		return
	}
	site, score, doubt := -1, math.Inf(-1), 0.0
	for _, j := range w.free {
		doubt = max(doubt, min(a.y[j], 1-a.y[j]))
		if v := w.past.score(int(j), a.y[j]); v > score {
			site, score = int(j), v
		}
	}
	if w.Single && doubt < fractional {
		if e := w.pairToSplit(); e >= 0 {
			w.splitPair(n, e, coarse)
			return
		}
	}
	base := l - w.cover.value + w.cover.base - w.margin
	open, closed := w.cover.penalty(w.rho[site], w.room[site])
	in, out := max(w.bound, base+open), max(w.bound, base+closed)
	u := slices.Clone(a.best)
	dead := slices.Clone(w.dead)
	for _, child := range []struct {
		d     branch.State
		bound float64
	}{{branch.In, in}, {branch.Out, out}} {
		state := slices.Clone(w.state)
		state[site] = child.d
		w.children = append(w.children, &node{
			bound: child.bound, depth: n.depth + 1, state: state, dead: dead, u: u,
			coarse: coarse, site: site, chosen: a.y[site], parent: w.bound,
		})
	}
}

// pairToSplit is the pair of the largest part of the demand that is served in
// the smallest parts, ties to the lowest demand and site; -1 if all demands are
// decided.
func (w *worker) pairToSplit() int32 {
	x := w.ascent.x
	pair, least := int32(-1), math.Inf(1)
	for i, j := range w.at {
		if j >= 0 {
			continue
		}
		top := int32(-1)
		for _, e := range w.pairsOf(i) {
			j := w.siteOf[e]
			if w.state[j] == branch.Out || w.isDead(e) || w.Size[i] > w.room[j] {
				continue
			}
			if top < 0 || x[e] > x[top] {
				top = e
			}
		}
		if x[top] < least {
			pair, least = top, x[top]
		}
	}
	return pair
}

// splitPair makes two children: one in which the pair is used, and one in which
// it is not.
func (w *worker) splitPair(n *node, e int32, coarse bool) {
	u := slices.Clone(w.ascent.best)
	state := slices.Clone(w.state)
	without := slices.Clone(w.dead)
	without[e>>6] |= 1 << (e & 63)
	w.keep(e)
	with := slices.Clone(w.dead)
	for _, dead := range [][]uint64{with, without} {
		w.children = append(w.children, &node{
			bound: w.bound, depth: n.depth + 1, state: state, dead: dead, u: u, coarse: coarse, site: -1, parent: w.bound,
		})
	}
}
