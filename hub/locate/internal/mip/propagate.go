package mip

import "math"

// domain is the bounds of all columns at a node, tightened by what the rows say.
type domain struct {
	*Problem
	meets        func(j int) []int32 // the rows of a column
	lower, upper []float64
	queue        []int32
	waiting      []bool // the row is in the queue
	changed      []int32
	isChanged    []bool
}

func newDomain(p *Problem, meets func(j int) []int32) *domain {
	return &domain{
		Problem: p, meets: meets,
		lower: make([]float64, p.Columns()), upper: make([]float64, p.Columns()),
		waiting: make([]bool, p.Rows()), isChanged: make([]bool, p.Columns()),
	}
}

// set bounds a column and notes that its rows must be looked at. It reports
// false if the bounds cross.
func (d *domain) set(j int, lower, upper float64) bool {
	if lower <= d.lower[j] && upper >= d.upper[j] {
		return true
	}
	d.lower[j], d.upper[j] = max(lower, d.lower[j]), min(upper, d.upper[j])
	if !d.isChanged[j] {
		d.isChanged[j] = true
		d.changed = append(d.changed, int32(j))
	}
	for _, r := range d.meets(j) {
		if !d.waiting[r] {
			d.waiting[r] = true
			d.queue = append(d.queue, r)
		}
	}
	return d.lower[j] <= d.upper[j]
}

// all has every row looked at.
func (d *domain) all() {
	for r := range d.Rows() {
		if !d.waiting[r] {
			d.waiting[r] = true
			d.queue = append(d.queue, int32(r))
		}
	}
}

// propagate tightens integer columns until the rows say no more, or for so many
// rows that more would not pay. It reports false if a row cannot be met.
func (d *domain) propagate() bool {
	ok := true
	for work := 10*d.Rows() + 1000; len(d.queue) > 0; work-- {
		r := d.queue[0]
		d.queue = d.queue[1:]
		d.waiting[r] = false
		if ok && work > 0 {
			ok = d.row(int(r))
		}
	}
	return ok
}

// row tightens the columns of one row.
func (d *domain) row(r int) bool {
	least, most := d.Least[r], d.Most[r]
	var lo, hi, size float64
	first, end := d.First[r], d.First[r+1]
	for k := first; k < end; k++ {
		j, v := d.Column[k], d.Value[k]
		a, b := v*d.lower[j], v*d.upper[j]
		if v < 0 {
			a, b = b, a
		}
		lo, hi = lo+a, hi+b
		size += max(math.Abs(a), math.Abs(b))
	}
	// What rounding may have hidden does not count.
	leeway := 1e-9 * (1 + size)
	if lo > most+leeway || hi < least-leeway {
		return false
	}
	if lo >= least-leeway && hi <= most+leeway {
		return true
	}
	for k := first; k < end; k++ {
		j, v := int(d.Column[k]), d.Value[k]
		if !d.Integer[j] || d.lower[j] == d.upper[j] {
			continue
		}
		width := math.Abs(v) * (d.upper[j] - d.lower[j])
		lower, upper := d.lower[j], d.upper[j]
		if lo+width > most+leeway { // as far as the row lets it go above its least
			room := math.Floor((most-lo+leeway)/math.Abs(v) + integral)
			if v > 0 {
				upper = min(upper, lower+max(0, room))
			} else {
				lower = max(lower, upper-max(0, room))
			}
		}
		if hi-width < least-leeway {
			room := math.Floor((hi-least+leeway)/math.Abs(v) + integral)
			if v > 0 {
				lower = max(lower, d.upper[j]-max(0, room))
			} else {
				upper = min(upper, d.lower[j]+max(0, room))
			}
		}
		if lower == d.lower[j] && upper == d.upper[j] {
			continue
		}
		if !d.set(j, lower, upper) { // which looks at this row again
			return false
		}
	}
	return true
}

// reset empties the list of changes.
func (d *domain) reset() {
	for _, j := range d.changed {
		d.isChanged[j] = false
	}
	d.changed = d.changed[:0]
	for _, r := range d.queue {
		d.waiting[r] = false
	}
	d.queue = d.queue[:0]
}
