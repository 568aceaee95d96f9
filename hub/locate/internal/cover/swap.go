package cover

import (
	"math"
	"slices"
)

// Swap looks for a cover by k sites, whatever they cost: a row without an open
// site is drawn, and of all exchanges that cover it the one is made that leaves
// the least weight bare; where that is no gain, bare rows gain weight (Zhang,
// Lü, Su, Li and Xu 2020, "Vertex weighting-based tabu search for p-center
// problem", IJCAI 29). It goes on for up to the given number of steps and
// returns the sites of the first cover it meets; nil if it meets none or stop
// reports true.
//
// An exchange costs more than a step of Run and is worth more the fewer and
// larger the sites are.
func (w *Walk) Swap(k, steps int, stop func() bool) []int {
	for len(w.open) > k {
		w.last = -1
		j := w.idlest()
		if j < 0 {
			j = w.open[len(w.open)-1]
		}
		w.remove(j)
	}
	for len(w.open) < k && len(w.bare) > 0 {
		w.add(w.best(w.bare[w.rng.IntN(len(w.bare))], math.Inf(1)))
	}
	saved := make([]int64, w.in.Sites+1) // weight that a site need not cover any more
	came, went := int32(-1), int32(-1)   // by the last exchange
	for w.steps = range steps {
		if len(w.bare) == 0 {
			return w.sites()
		}
		if k == 0 || stop() {
			return nil
		}
		in, out, gain := w.exchange(w.bare[w.rng.IntN(len(w.bare))], came, went, saved)
		if in < 0 {
			came, went = -1, -1
			w.press()
			continue
		}
		if gain <= 0 {
			w.press()
		}
		w.remove(out)
		w.add(in)
		came, went = in, out
	}
	w.steps = max(0, steps)
	if len(w.bare) == 0 {
		return w.sites()
	}
	return nil
}

// Steps returns how many steps Swap has made.
func (w *Walk) Steps() int { return w.steps }

// Open returns the sites that are open now, ascending, whatever they cover.
func (w *Walk) Open() []int { return w.sites() }

// Weights returns the weights of the rows.
func (w *Walk) Weights() []int64 { return w.weight }

// Weigh gives the rows weights, of which those below 1 count as 1.
func (w *Walk) Weigh(weights []int64) {
	for i, v := range weights {
		v = max(1, v)
		switch more := v - w.weight[i]; w.times[i] {
		case 0:
			for _, j := range w.in.Rows[i] {
				w.worth[j] += more
			}
		case 1:
			w.worth[w.owner[i]] += more
		}
		w.weight[i] = v
		w.note(int32(i))
	}
}

// exchange is the best pair of a site that covers the row, other than went, and
// an open site, other than came, and the weight that it covers in all: -1 if
// there is none. The worth of an open site is what its closing bares; rows
// that the new site covers too are not bared, which touches a few open sites
// only, so that of all others the one of least worth will do.
func (w *Walk) exchange(row, came, went int32, saved []int64) (in, out int32, gain int64) {
	idle := int32(-1)
	for _, f := range w.open {
		if f != came && (idle < 0 || w.worth[f] < w.worth[idle] || w.worth[f] == w.worth[idle] && w.moved[f] < w.moved[idle]) {
			idle = f
		}
	}
	in, out = -1, -1
	if idle < 0 {
		return in, out, 0
	}
	ties := 0
	for _, j := range w.in.Rows[row] {
		if j == went {
			continue
		}
		f, least := idle, w.worth[idle]
		column := w.columns[j]
		for _, i := range column {
			a := &w.alone[i]
			saved[a.site] += a.weight
		}
		for _, i := range column {
			g := w.alone[i].site
			if v := w.worth[g] - saved[g]; v <= least && g != came && (v < least || w.moved[g] < w.moved[f]) {
				f, least = g, v
			}
		}
		for _, i := range column {
			saved[w.alone[i].site] = 0
		}
		switch v := w.worth[j] - least; {
		case in < 0 || v > gain:
			in, out, gain, ties = j, f, v, 1
		case v == gain:
			if ties++; w.rng.IntN(ties) == 0 {
				in, out = j, f
			}
		}
	}
	return in, out, gain
}

// sites lists the open sites, ascending.
func (w *Walk) sites() []int {
	open := make([]int, len(w.open))
	for k, j := range w.open {
		open[k] = int(j)
	}
	slices.Sort(open)
	return open
}

// Cost is about how many operations a step of the walk takes: a site of mean
// size changes, and with it the sites of its rows.
func (w *Walk) Cost() int {
	total := 0
	for _, c := range w.columns {
		total += len(c)
	}
	return 50 + total/max(1, w.in.Sites)*(total/max(1, len(w.in.Rows)))
}
