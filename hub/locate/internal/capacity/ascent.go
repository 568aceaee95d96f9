package capacity

import (
	"math"

	"github.com/hubplan/hubplan/hub/locate/internal/branch"
)

// effort is how long a node is worked on, in chunks of steps: at least and at
// most so many chunks, in between until each of the last few closed less than
// a share of what was missing to the cutoff.
type effort struct {
	least, most int
	patience    int
	share       float64
	step        float64 // first step factor
}

var (
	rootEffort = effort{least: 12, most: 80, patience: 4, share: 0.01, step: 0.25}
	nodeEffort = effort{least: 2, most: 8, patience: 1, share: 0.2, step: 0.06}
)

// chunk is the number of steps between two looks at the progress made.
const chunk = 25

// ascent is the state of the volume algorithm (Barahona and Anbil 2000, "The
// volume algorithm: producing primal solutions with a subgradient method",
// Mathematical Programming 87, https://doi.org/10.1007/s101070050002): steps are
// taken from the best multipliers known along a running mean of the
// subgradients, and the same mean of what the sites pack approximates a
// fractional solution, which tells what to branch on.
type ascent struct {
	best  []float64 // best multipliers of the node
	value float64   // the relaxation there
	u     []float64 // multipliers tried
	g     []float64 // their subgradient
	mean  []float64 // running mean of the subgradients
	y     []float64 // the same mean of the sites chosen
	x     []float64 // and, if demands do not divide, of the pairs, divided by scale
	scale float64

	step  float64 // step factor
	alpha float64 // largest weight of a new subgradient in the mean
	red   int     // steps in a row without gain
	fresh bool    // no step taken yet
}

func newAscent(l *layout) ascent {
	m, n := l.sites(), l.demands()
	a := ascent{
		best: make([]float64, n), u: make([]float64, n), g: make([]float64, n), mean: make([]float64, n),
		y: make([]float64, m),
	}
	if l.Single {
		a.x = make([]float64, len(l.To))
	}
	return a
}

// begin starts an ascent from u.
func (a *ascent) begin(u []float64, step float64) {
	copy(a.best, u)
	a.step, a.alpha, a.red, a.fresh = step, 0.1, 0, true
}

// climb takes up to steps steps and raises w.bound. It reports false if the
// node is done with: at the cutoff, without a solution, or stopped.
func (w *worker) climb(steps int) bool {
	for range steps {
		if w.stop() {
			w.stopped = true
			return false
		}
		w.propose()
		l, ok := w.priced()
		if !ok {
			return false
		}
		w.gradient(w.ascent.g)
		w.average(l)
		w.bound = max(w.bound, l)
		if w.bound >= w.cutoff() {
			w.discard(w.bound)
			return false
		}
		w.fixSites(l)
	}
	return true
}

// priced prices at ascent.u. It reports false if the node is done with: its
// sites have too little capacity, or the search stops.
func (w *worker) priced() (float64, bool) {
	l, ok := w.price(w.ascent.u)
	w.stopped = !ok && !math.IsInf(l, 1)
	return l, ok
}

// propose writes the next multipliers to try: from the best known along the
// mean subgradient, by a Polyak step towards the cutoff.
func (w *worker) propose() {
	a := &w.ascent
	if a.fresh {
		copy(a.u, a.best)
		return
	}
	var norm float64
	for i, g := range a.mean {
		if g < 0 && a.best[i] <= 0 {
			continue // the step would leave the interval
		}
		norm += g * g
	}
	target := w.limit
	if math.IsInf(target, 1) {
		target = w.bound + 0.1*math.Abs(w.bound) + 1
	}
	gap := max(1.05*(target-a.value), 1e-9*math.Abs(target))
	if norm == 0 {
		norm = 1
	}
	t := a.step * gap / norm
	for i, g := range a.mean {
		a.u[i] = max(a.best[i]+t*g, 0)
	}
}

// average takes the subgradient and what was packed into the running means,
// moves to u if it is the best yet, and adapts the step.
func (w *worker) average(l float64) {
	a := &w.ascent
	if a.fresh {
		a.fresh = false
		a.value = l
		copy(a.mean, a.g)
		copy(a.y, w.part)
		if a.x != nil {
			clear(a.x)
			a.scale = 1
			w.addPacked(1)
		}
		return
	}
	// The weight that makes the mean shortest, kept within its range.
	var gg, gm, mm float64
	for i, g := range a.g {
		m := a.mean[i]
		gg += g * g
		gm += g * m
		mm += m * m
	}
	weight := a.alpha
	if d := gg - 2*gm + mm; d > 0 {
		weight = min(max((mm-gm)/d, a.alpha/10), a.alpha)
	}
	if l > a.value {
		copy(a.best, a.u)
		a.value = l
		a.red = 0
		a.step = min(a.step*1.1, 2)
	} else if a.red++; a.red >= 10 {
		a.red = 0
		a.step = max(a.step*0.66, 1e-4)
		a.alpha = max(a.alpha*0.8, 0.005)
	}
	for i, g := range a.g {
		a.mean[i] += weight * (g - a.mean[i])
	}
	for j, v := range w.part {
		a.y[j] += weight * (v - a.y[j])
	}
	if a.x != nil {
		a.scale *= 1 - weight
		if a.scale < 1e-60 {
			for e := range a.x {
				a.x[e] *= a.scale
			}
			a.scale = 1
		}
		w.addPacked(weight)
	}
}

// addPacked adds what the sites chosen pack to the mean of the pairs.
func (w *worker) addPacked(weight float64) {
	weight /= w.ascent.scale
	for j, y := range w.part {
		if y > 0 {
			for _, p := range w.packed[w.begin[j]:w.end[j]] {
				w.ascent.x[p.pair] += weight * y * p.part
			}
		}
	}
}

// fixSites decides the sites whose other decision would raise the bound l of
// the last price to the cutoff.
func (w *worker) fixSites(l float64) {
	cutoff := w.cutoff()
	if math.IsInf(cutoff, 1) {
		return
	}
	base := l - w.cover.value + w.cover.base - w.margin
	for _, j := range w.free {
		open, closed := w.cover.penalty(w.rho[j], w.room[j])
		switch {
		case base+open >= cutoff:
			w.discard(base + open)
			w.state[j] = branch.Out
		case base+closed >= cutoff:
			w.discard(base + closed)
			w.state[j] = branch.In
		default:
			continue
		}
		w.changed = true
	}
}

// fixPairs decides the pairs that the last price, of the bound l, settles, as
// fixSites does: with a demand forced into a site, or out of it, the site packs
// less than divisible packing says.
func (w *worker) fixPairs(l float64) {
	cutoff := w.cutoff()
	if !w.Single || math.IsInf(cutoff, 1) {
		return
	}
	base := l - w.cover.value + w.cover.base - w.margin
	for j, s := range w.state {
		if s == branch.Out {
			continue
		}
		with, without := l-w.margin, math.Inf(1) // bounds if the site is open, and if not
		if s == branch.Free {
			open, closed := w.cover.penalty(w.rho[j], w.room[j])
			with, without = max(with, base+open), max(l-w.margin, base+closed)
		}
		with -= w.excess[j]
		for k := w.first[j]; k < w.last[j]; k++ {
			i := w.to[k]
			p := w.ascent.u[i] - w.value[k] - w.density[j]*w.Size[i]
			switch {
			case p < 0 && with-p >= cutoff:
				w.discard(with - p)
				w.kill(w.pair[k])
				w.changed = true
			case p > 0 && min(with+p, without) >= cutoff:
				w.discard(min(with+p, without))
				w.keep(w.pair[k])
				w.changed = true
			}
		}
	}
}

// keep leaves a demand no pair but one.
func (w *worker) keep(e int32) {
	for _, o := range w.pairsOf(int(w.To[e])) {
		if o != e {
			w.kill(o)
		}
	}
}
