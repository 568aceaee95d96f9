package cover

import (
	"cmp"
	"slices"
)

// reducing drops what is superfluous at a node of Decide. It is Reduce for unit
// costs without an allocation.
type reducing struct {
	stop        func() bool // ends a pass early, which leaves what it has not looked at
	marks       []uint64
	order       []int32
	head, count []int32 // per row: the sites kept, or per site: the rows kept
	next, entry []int32
}

// reduce drops sites whose rows another site covers too, takes sites that alone
// cover a row, and drops rows that are covered with another, until nothing
// changes. It returns what is left and how many sites may still open; fewer
// than none if some row has no site.
func (d *decider) reduce(p *part, k int) (*part, int) {
	for {
		p.clear()
		changed := d.dropSites(p)
		if changed {
			p = d.compact(p)
		}
		forced := false
		for i := range p.rows() {
			switch row := p.row(i); {
			case len(row) == 0:
				return p, -1
			case len(row) == 1 && !p.siteOut[row[0]]:
				d.force(p, row[0])
				forced = true
				k--
			}
		}
		if forced {
			if p, changed = d.compact(p), true; k < 0 {
				return p, k
			}
		}
		if d.dropRows(p) {
			p, changed = d.compact(p), true
		}
		if !changed {
			return p, k
		}
	}
}

// force takes a site: its rows and itself are left out.
func (d *decider) force(p *part, j int32) {
	d.open = append(d.open, p.name[j])
	p.siteOut[j] = true
	for _, i := range p.column(int(j)) {
		p.rowOut[i] = true
	}
}

// compact leaves out what is marked.
func (d *decider) compact(p *part) *part {
	to := d.take()
	p.rest(to)
	d.give(p)
	to.clear()
	return to
}

// begin empties the lists of n rows or sites.
func (r *reducing) begin(n int) {
	r.head = append(r.head[:0], make([]int32, n)...)
	r.count = append(r.count[:0], make([]int32, n)...)
	r.next, r.entry = append(r.next[:0], 0), append(r.entry[:0], 0) // 0 ends a list
}

// keep adds an entry to the list of k.
func (r *reducing) keep(k, entry int32) {
	r.next = append(r.next, r.head[k])
	r.entry = append(r.entry, entry)
	r.head[k] = int32(len(r.next) - 1)
	r.count[k]++
}

// markAll sets the marks of n lists. See marksOf.
func (r *reducing) markAll(n int, list func(int) []int32) {
	r.marks = r.marks[:0]
	for k := range n {
		var m uint64
		for _, v := range list(k) {
			m |= 1 << (uint32(v) * 2654435769 >> 26)
		}
		r.marks = append(r.marks, m)
	}
}

// byLength orders the numbers below n by the lengths of their lists.
func (r *reducing) byLength(n, sign int, list func(int) []int32) {
	r.order = r.order[:0]
	for k := range n {
		r.order = append(r.order, int32(k))
	}
	slices.SortFunc(r.order, func(a, b int32) int {
		return cmp.Or(sign*cmp.Compare(len(list(int(a))), len(list(int(b)))), cmp.Compare(a, b))
	})
}

// dropSites marks dominated sites. See reducer.dropSites.
func (r *reducing) dropSites(p *part) bool {
	r.byLength(p.sites(), -1, p.column)
	r.markAll(p.sites(), p.column)
	r.begin(p.rows())
	changed := false
	for at, j := range r.order {
		if at%64 == 0 && r.stop() {
			break
		}
		column := p.column(int(j))
		dominated := len(column) == 0
		if !dominated {
			least := column[0]
			for _, i := range column {
				if r.count[i] < r.count[least] {
					least = i
				}
			}
			for e := r.head[least]; e != 0 && !dominated; e = r.next[e] {
				k := r.entry[e]
				dominated = r.marks[j]&^r.marks[k] == 0 && subset(column, p.column(int(k)))
			}
		}
		if dominated {
			p.siteOut[j] = true
			changed = true
			continue
		}
		for _, i := range column {
			r.keep(i, j)
		}
	}
	return changed
}

// dropRows marks implied rows. See reducer.dropRows.
func (r *reducing) dropRows(p *part) bool {
	r.byLength(p.rows(), 1, p.row)
	r.markAll(p.rows(), p.row)
	r.begin(p.sites())
	changed := false
	for at, i := range r.order {
		if at%64 == 0 && r.stop() {
			break
		}
		row, implied := p.row(int(i)), false
		for _, j := range row {
			for e := r.head[j]; e != 0 && !implied; e = r.next[e] {
				k := r.entry[e]
				if implied = r.marks[k]&^r.marks[i] == 0 && subset(p.row(int(k)), row); implied {
					p.u[k] = min(1, p.u[k]+p.u[i]) // which lowers the bound of no node
				}
			}
			if implied {
				break
			}
		}
		if implied {
			p.rowOut[i] = true
			changed = true
			continue
		}
		rarest := row[0]
		for _, j := range row {
			if len(p.column(int(j))) < len(p.column(int(rarest))) {
				rarest = j
			}
		}
		r.keep(rarest, i)
	}
	return changed
}
