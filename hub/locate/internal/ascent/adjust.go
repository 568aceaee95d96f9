package ascent

import (
	"math"
	"slices"

	"github.com/hubplan/hubplan/hub/locate/internal/near"
)

// tight reports whether a site has no slack left, but for rounding.
func (d *dual) tight(j int32) bool { return d.slack[j] <= 1e-10*d.Opening[j] }

// primal picks open sites among the tight ones: first those that are the only
// tight site within reach of some demand, then for every demand still without
// one the nearest within reach; for a demand that its limit and not a site
// holds back, the nearest of all. It returns them, ascending, and their cost.
func (d *dual) primal() ([]int, float64) {
	clear(d.isOpen)
	n := len(d.v)
	for i := range n {
		if only := d.only(i); only >= 0 {
			d.isOpen[only] = true
		}
	}
	for i := range n {
		best := int32(-1)
		for _, p := range d.row(i)[:d.reach[i]] {
			if d.isOpen[p.Site] {
				best = -1
				break
			}
			if best < 0 && d.tight(p.Site) {
				best = p.Site
			}
		}
		if best >= 0 {
			d.isOpen[best] = true
		}
	}
	for i := range n {
		if !slices.ContainsFunc(d.row(i), func(p near.Pair) bool { return d.isOpen[p.Site] }) {
			d.isOpen[d.row(i)[0].Site] = true
		}
	}
	return d.solution()
}

// solution lists the open sites and what they cost.
func (d *dual) solution() ([]int, float64) {
	var open []int
	var cost float64
	for j, o := range d.isOpen {
		if o {
			open = append(open, j)
			cost += d.Opening[j]
		}
	}
	for i := range d.v {
		row := d.row(i)
		cost += row[slices.IndexFunc(row, func(p near.Pair) bool { return d.isOpen[p.Site] })].Cost
	}
	return open, cost
}

// drop closes the site whose closing saves most, ties to the lowest index,
// until none saves anything.
func (d *dual) drop(open []int) ([]int, float64) {
	clear(d.isOpen)
	for _, j := range open {
		d.isOpen[j] = true
	}
	loss := make([]float64, len(d.Opening))
	for !d.stop() {
		clear(loss)
		for i := range d.v {
			first, nearest, second := int32(-1), 0.0, math.Inf(1)
			for _, p := range d.row(i) {
				if !d.isOpen[p.Site] {
					continue
				}
				if first >= 0 {
					second = p.Cost
					break
				}
				first, nearest = p.Site, p.Cost
			}
			loss[first] += second - nearest
		}
		best, most := -1, 0.0
		for j, o := range d.isOpen {
			if saved := d.Opening[j] - loss[j]; o && saved > most {
				best, most = j, saved
			}
		}
		if best < 0 {
			break
		}
		d.isOpen[best] = false
	}
	return d.solution()
}

// only is the one tight site within reach of demand i, -1 if there are several
// or none.
func (d *dual) only(i int) int32 {
	only := int32(-1)
	for _, p := range d.row(i)[:d.reach[i]] {
		if d.tight(p.Site) {
			if only >= 0 {
				return -1
			}
			only = p.Site
		}
	}
	return only
}

// adjust goes through the demands that pay for more than one of the open
// sites, where complementary slackness fails: v_i comes down one level, and
// what that gives back is offered to the demands that one of these sites alone
// held back, to i itself, and to all others at the sites. The bound does not
// fall: what another demand takes from i it adds itself. It is repeated while
// it rises.
func (d *dual) adjust(open []int) {
	isOpen := make([]bool, len(d.Opening))
	for _, j := range open {
		isOpen[j] = true
	}
	for i := range d.v {
		for !d.stop() {
			first, second := d.paysTwice(i, isOpen)
			if second < 0 {
				break
			}
			if d.exchange(i, first, second) <= 1e-9*math.Abs(d.v[i]) {
				break
			}
		}
	}
}

// paysTwice finds the two nearest open sites that cost demand i less than v_i;
// the second is -1 if there are not two.
func (d *dual) paysTwice(i int, isOpen []bool) (first, second int32) {
	first = -1
	for _, p := range d.row(i)[:d.reach[i]] {
		if p.Cost >= d.v[i] {
			break
		}
		if !isOpen[p.Site] {
			continue
		}
		if first >= 0 {
			return first, p.Site
		}
		first = p.Site
	}
	return first, -1
}

// exchange lowers v_i by one level and lets the others rise. It returns by
// how much the bound has risen.
func (d *dual) exchange(i int, first, second int32) float64 {
	d.near = d.near[:0]
	for _, j := range []int32{first, second} {
		for _, c := range d.column[d.start[j]:d.start[j+1]] {
			k := c.demand
			if c.at >= d.reach[k] || int(k) == i || d.seen[k] {
				continue
			}
			if only := d.only(int(k)); only == first || only == second {
				d.seen[k] = true
				d.near = append(d.near, k)
			}
		}
	}
	for _, k := range d.near {
		d.seen[k] = false
	}

	// Down to the largest cost below v_i.
	row, old := d.row(i), d.v[i]
	reach := int(d.reach[i])
	for reach > 0 && row[reach-1].Cost >= old {
		reach--
	}
	d.v[i] = row[reach-1].Cost
	step := old - d.v[i]
	for _, p := range row[:reach] {
		d.slack[p.Site] = min(d.Opening[p.Site], d.slack[p.Site]+step)
	}
	d.reach[i] = int32(reach)

	gain := d.v[i] - old
	gain += d.offer(append([]int32(nil), d.near...))
	gain += d.offer([]int32{int32(i)})
	if d.v[i] >= old {
		return gain
	}
	d.near = d.near[:0]
	for _, p := range row[:reach] {
		for _, c := range d.column[d.start[p.Site]:d.start[p.Site+1]] {
			if k := c.demand; c.at < d.reach[k] && !d.seen[k] {
				d.seen[k] = true
				d.near = append(d.near, k)
			}
		}
	}
	for _, k := range d.near {
		d.seen[k] = false
	}
	return gain + d.offer(d.near)
}

// offer raises the demands given and returns by how much.
func (d *dual) offer(demands []int32) float64 {
	var before, after float64
	for _, k := range demands {
		before += d.v[k]
	}
	list := append([]int32(nil), demands...)
	d.ascend(list)
	for _, k := range demands {
		after += d.v[k]
	}
	return after - before
}

// repair lowers v where rounding has let the sum for a site exceed its opening
// cost, by next to nothing, until none does.
func (d *dual) repair() {
	load := make([]float64, len(d.Opening))
	for over := true; over; {
		clear(load)
		for i, v := range d.v {
			for _, p := range d.row(i) {
				if p.Cost >= v {
					break
				}
				load[p.Site] += v - p.Cost
			}
		}
		over = false
		for i := range d.v {
			for _, p := range d.row(i) {
				excess := load[p.Site] - d.Opening[p.Site]
				if p.Cost >= d.v[i] {
					break
				}
				if excess <= 0 {
					continue
				}
				over = true
				old := d.v[i]
				d.v[i] = max(p.Cost, min(old-excess, math.Nextafter(old, math.Inf(-1))))
				for _, q := range d.row(i) {
					if q.Cost >= old {
						break
					}
					load[q.Site] -= old - max(q.Cost, d.v[i])
				}
			}
		}
	}
}
