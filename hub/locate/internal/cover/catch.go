package cover

import (
	"math"
	"math/bits"
)

// The bound of Place. With a multiplier u_i of every bare row, the gain of a
// site is the sum over the bare rows that it covers. Sites that cover all rows
// gain the total together, so that there is no such choice if
//
//	v(u) = sum over the places of the greatest gain in its list - sum_i u_i
//
// is negative; and a site whose gain is less than the greatest in its list by
// more than v cannot take its place. It is the bound of the linear relaxation
// in which places choose sites of their lists in parts. Multipliers descend
// along a subgradient.
const (
	firstSteps, moreSteps = 500, 3 // of the descent at most, at the root and at other nodes
	below                 = 0.1    // how far below 0 a step aims, in parts of the total
	patienceSteps         = 5      // without progress until steps get smaller
	smaller, smallest     = 0.7, 0.02

	tiny = 1e-6 // a total that is too small to go on with
)

// bound lowers v by some steps. It reports false if there is no cover, and
// whether the sites of greatest gain are one, which it leaves in d.open.
func (d *places) bound(l *level, steps int) (alive, covered bool) {
	step, least, stale := 1.0, math.Inf(1), 0
	for n := 0; ; n++ {
		if d.stop() {
			d.gaveUp = true
			return false, false
		}
		alive, fewer := d.evaluate(l)
		if !alive || fewer && !d.propagate(l) {
			return false, false
		}
		if fewer {
			continue // lists get shorter only so often
		}
		norm, whole := d.count(l)
		if whole {
			d.open = append(d.open[:0], l.best...)
			return true, true
		}
		if n >= steps || norm == 0 {
			return true, false
		}
		if v := l.v / l.total; v < least-1e-3*math.Abs(least) {
			least, stale = v, 0
		} else if stale++; stale >= patienceSteps {
			if stale, step = 0, step*smaller; step < smallest {
				return true, false
			}
		}
		length := step * (l.v + below*l.total) / norm
		for i, t := range d.times {
			if l.bare(i) {
				l.u[i] = max(0, l.u[i]-length*float64(t-1))
			}
		}
	}
}

// evaluate computes gains and v. It reports false if that proves that there is
// no cover, and whether lists have lost sites that it rules out; then the gains
// are no more those of the lists.
func (d *places) evaluate(l *level) (alive, fewer bool) {
	d.sumUp(l)
	l.v = -l.total
	l.top, l.best, d.gain = l.top[:0], l.best[:0], d.gain[:0]
	for k, list := range l.list {
		top, best := -1.0, int32(-1)
		for _, j := range list {
			g := d.gainOf(l, j)
			d.gain = append(d.gain, g)
			if g > top {
				top, best = g, j
			}
		}
		l.v += float64(l.stands(k)) * top
		l.top, l.best = append(l.top, top), append(l.best, best)
	}
	// A sum of n terms that are not negative, none of them beyond the total,
	// is rounded by at most n*2^-53 of it.
	most := float64(len(l.list) + max(1, l.fresh))
	margin := 1e-15 * (float64(d.n) + most) * most * l.total
	if l.v < -margin {
		return false, false
	}
	gain := d.gain
	for k, list := range l.list {
		own, floor, lost := gain[:len(list)], l.top[k]-l.v-margin, 0
		gain = gain[len(list):]
		for _, g := range own {
			if g < floor {
				lost++
			}
		}
		if lost == 0 || lost*8 < len(list) && len(list) >= 32 {
			continue // too few to pay for another round
		}
		from := len(d.arena)
		for p, j := range list {
			if own[p] >= floor {
				d.arena = append(d.arena, j)
			}
		}
		d.shorten(l, k, from)
		fewer = true
	}
	return true, fewer
}

// sumUp computes the total. Where what is left has hardly counted so far, all of
// it counts alike from now on.
func (d *places) sumUp(l *level) {
	l.total = 0
	for i, u := range l.u {
		if l.bare(i) {
			l.total += u
		}
	}
	if l.total >= tiny {
		return
	}
	l.total = 0
	for i := range l.u {
		if l.bare(i) {
			l.u[i] = 1
			l.total++
		}
	}
}

// gainOf is the gain of a site.
func (d *places) gainOf(l *level, j int32) float64 {
	g := 0.0
	for w, set := range d.rows(j) {
		u := l.u[w*64:]
		for set &^= l.sure[w]; set != 0; set &= set - 1 {
			g += u[bits.TrailingZeros64(set)]
		}
	}
	return g
}

// count counts how often the sites of greatest gain cover each row, and returns
// the square of the subgradient and whether no row is left bare.
func (d *places) count(l *level) (norm float64, whole bool) {
	clear(d.times)
	for k, j := range l.best {
		for w, set := range d.rows(j) {
			for set &^= l.sure[w]; set != 0; set &= set - 1 {
				d.times[w*64+bits.TrailingZeros64(set)] += int32(l.stands(k))
			}
		}
	}
	whole = true
	for i, t := range d.times {
		if !l.bare(i) {
			continue
		}
		whole = whole && t > 0
		if t <= 1 || l.u[i] > 0 {
			norm += float64(t-1) * float64(t-1)
		}
	}
	return norm, whole
}

// choose finds the row and the place to ask about: the row for which the
// searches below are likely to be smallest in sum, were one place after the
// other to cover it, and the place that lowers v least, where a cover is most
// likely. The lower v, the smaller the search.
func (d *places) choose(l *level) (row, place int) {
	n := d.n
	d.reach = append(d.reach[:0], make([]float64, n*len(l.list))...)
	for k, list := range l.list {
		reach := d.reach[k*n:][:n] // the greatest gain of a site that covers each row, and 1
		for _, j := range list {
			g := 1 + d.gainOf(l, j)
			for w, set := range d.rows(j) {
				for set &^= l.sure[w]; set != 0; set &= set - 1 {
					i := w*64 + bits.TrailingZeros64(set)
					reach[i] = max(reach[i], g)
				}
			}
		}
	}
	const steep = 3.5
	scale := max(l.v, 1e-9*l.total)
	row, least := -1, 0.0
	for i := range n {
		if !l.bare(i) {
			continue
		}
		sum := 0.0
		for k, top := range l.top {
			if g := d.reach[k*n+i]; g > 0 {
				sum += math.Exp(-steep * max(0, 1+top-g) / scale)
			}
		}
		if row < 0 || sum < least || sum == least && l.u[i] > l.u[row] {
			row, least = i, sum
		}
	}
	place, most := -1, 0.0
	for k, top := range l.top {
		if g := d.reach[k*n+row]; g > 0 && (place < 0 || g-top > most) {
			place, most = k, g-top
		}
	}
	return row, place
}
