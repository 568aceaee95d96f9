package capacity

import (
	"cmp"
	"math"
	"slices"

	"github.com/hubplan/hubplan/hub/locate/internal/branch"
)

// How a dive goes: the part of a choice from which on it is taken for made, the
// share of the demands that are decided at once at most, and the steps of the
// ascent between two decisions.
const (
	sure      = 0.9
	diveShare = 0.15
	diveSteps = 2 * chunk
)

// diveEvery is how often a node below the root is dived from.
const diveEvery = 8

// dive looks for a solution in which demands do not divide: from the node just
// evaluated on, it decides what the ascent is surest of, and goes on with the
// ascent for what that leaves. Nothing that it gives up counts in the bound.
func (w *worker) dive() {
	floor, bound := w.floor, w.bound
	a := &w.ascent
	for !w.stopped && w.settle() {
		loose := 0
		for _, j := range w.at {
			if j < 0 {
				loose++
			}
		}
		if loose == 0 {
			w.offer(w.finder.complete(w.opened(), w.at))
			break
		}
		// What the decisions made imply for the ascent is not in it yet.
		a.step, a.alpha, a.red, a.fresh = nodeEffort.step, 0.1, 0, true
		w.bound = math.Inf(-1)
		if !w.climb(diveSteps) {
			break
		}
		w.offer(w.finder.assignAround(w, false))
		w.decideSites()
		w.decidePairs(1 + int(diveShare*float64(loose)))
	}
	w.floor, w.bound, w.changed = floor, bound, false
}

// decideSites decides the sites that are surely open or closed.
func (w *worker) decideSites() {
	for j, s := range w.state {
		if s != branch.Free {
			continue
		}
		switch y := w.ascent.y[j]; {
		case y >= sure:
			w.state[j] = branch.In
		case y <= 1-sure:
			w.state[j] = branch.Out
		}
	}
}

// decidePairs decides up to so many demands, those surest first, of which one
// in any case.
func (w *worker) decidePairs(most int) {
	type choice struct {
		pair int32
		part float64
	}
	var list []choice
	room := slices.Clone(w.room)
	for i, j := range w.at {
		if j >= 0 {
			continue
		}
		top := choice{-1, -1}
		for _, e := range w.pairsOf(i) {
			j := w.siteOf[e]
			if w.state[j] == branch.Out || w.isDead(e) || w.Size[i] > w.room[j] {
				continue
			}
			if x := w.ascent.x[e] * w.ascent.scale; x > top.part {
				top = choice{e, x}
			}
		}
		if top.pair >= 0 {
			list = append(list, top)
		}
	}
	// Of those that are equally sure the large ones go first.
	slices.SortStableFunc(list, func(a, b choice) int {
		return cmp.Or(cmp.Compare(min(b.part, sure), min(a.part, sure)),
			cmp.Compare(w.Size[w.To[b.pair]], w.Size[w.To[a.pair]]))
	})
	for k, c := range list {
		if k >= most || k > 0 && c.part < 0.6 {
			break
		}
		i, j := w.To[c.pair], w.siteOf[c.pair]
		if w.Size[i] > room[j] {
			continue
		}
		room[j] -= w.Size[i]
		w.keep(c.pair)
	}
}
