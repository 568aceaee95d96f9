package cover

import (
	"cmp"
	"slices"
)

// Reduced is what is left of an instance after its reductions.
type Reduced struct {
	Instance
	Site   []int // the original index of each site left, ascending
	Forced []int // original sites that belong to the solution
}

// Reduce applies, until nothing changes, the reductions of Beasley 1987 ("An
// algorithm for set covering problem", European Journal of Operational
// Research 31) that keep an optimal solution:
//
//   - a site covering no more rows than another that costs no more is dropped
//     (of equals the one with the higher index);
//   - a row that only one site covers forces that site;
//   - a row whose sites include all those of another row is covered with it
//     and dropped.
//
// Every row must be covered by some site. It ends early, with what it has, once
// stop reports true.
func Reduce(in *Instance, stop func() bool) *Reduced {
	r := &reducer{
		in:      in,
		stop:    stop,
		rows:    make([][]int32, len(in.Rows)),
		siteOut: make([]bool, in.Sites),
	}
	for i, row := range in.Rows {
		r.rows[i] = slices.Clone(row)
	}
	var forced []int
	for !stop() {
		r.refresh()
		changed := r.dropSites()
		if f := r.force(); len(f) > 0 {
			forced = append(forced, f...)
			continue
		}
		r.refresh()
		if !r.dropRows() && !changed {
			break
		}
	}
	r.refresh()
	slices.Sort(forced)
	return r.result(forced)
}

type reducer struct {
	in      *Instance
	stop    func() bool
	rows    [][]int32 // nil once dropped
	columns [][]int32
	siteOut []bool
}

// refresh takes dropped sites out of the rows and lists the columns anew.
func (r *reducer) refresh() {
	for i, row := range r.rows {
		r.rows[i] = slices.DeleteFunc(row, func(j int32) bool { return r.siteOut[j] })
	}
	r.columns = (&Instance{Sites: r.in.Sites, Rows: r.rows}).columns()
}

// dropSites drops dominated sites. In the order of falling worth (cheap first,
// then those with many rows) a site comes after all that dominate it, so that
// it is compared only with sites kept before it, and of these with those that
// cover one of its rows, that which the fewest do.
func (r *reducer) dropSites() bool {
	var order []int32
	for j, gone := range r.siteOut {
		if !gone {
			order = append(order, int32(j))
		}
	}
	slices.SortFunc(order, func(a, b int32) int {
		if r.in.Opening[a] != r.in.Opening[b] {
			return cmp.Compare(r.in.Opening[a], r.in.Opening[b])
		}
		return cmp.Or(cmp.Compare(len(r.columns[b]), len(r.columns[a])), cmp.Compare(a, b))
	})
	marks := marksOf(r.columns)
	kept := make([][]int32, len(r.rows)) // sites kept so far of each row
	changed := false
	for k, j := range order {
		if k%64 == 0 && r.stop() {
			break
		}
		column := r.columns[j]
		dominated := len(column) == 0
		if !dominated {
			for _, d := range shortest(kept, column) {
				if marks[j]&^marks[d] == 0 && subset(column, r.columns[d]) {
					dominated = true
					break
				}
			}
		}
		if dominated {
			r.siteOut[j] = true
			changed = true
			continue
		}
		for _, i := range column {
			kept[i] = append(kept[i], j)
		}
	}
	return changed
}

// force takes the sites that alone cover some row, and drops their rows.
func (r *reducer) force() []int {
	r.refresh()
	var forced []int
	for _, row := range r.rows {
		if len(row) == 1 && !r.siteOut[row[0]] {
			j := int(row[0])
			forced = append(forced, j)
			r.siteOut[j] = true
		}
	}
	for _, j := range forced {
		for _, i := range r.columns[j] {
			r.rows[i] = nil
		}
	}
	return forced
}

// dropRows drops rows implied by others: those with all the sites of a row kept
// before, in the order of their numbers of sites. A row kept is found at the
// site of it that has the fewest rows.
func (r *reducer) dropRows() bool {
	var order []int32
	for i, row := range r.rows {
		if len(row) > 0 {
			order = append(order, int32(i))
		}
	}
	slices.SortStableFunc(order, func(a, b int32) int {
		return cmp.Compare(len(r.rows[a]), len(r.rows[b]))
	})
	marks := marksOf(r.rows)
	kept := make([][]int32, r.in.Sites)
	changed := false
	for k, i := range order {
		if k%64 == 0 && r.stop() {
			break
		}
		row, implied := r.rows[i], false
		for _, j := range row {
			for _, other := range kept[j] {
				if marks[other]&^marks[i] == 0 && subset(r.rows[other], row) {
					implied = true
					break
				}
			}
			if implied {
				break
			}
		}
		if implied {
			r.rows[i] = nil
			changed = true
			continue
		}
		rarest := row[0]
		for _, j := range row {
			if len(r.columns[j]) < len(r.columns[rarest]) {
				rarest = j
			}
		}
		kept[rarest] = append(kept[rarest], i)
	}
	return changed
}

// marksOf sets for each list a bit for every number in it, one of 64: a subset
// has no bit that the whole has not.
func marksOf(lists [][]int32) []uint64 {
	marks := make([]uint64, len(lists))
	for k, list := range lists {
		for _, v := range list {
			marks[k] |= 1 << (uint32(v) * 2654435769 >> 26)
		}
	}
	return marks
}

// subset reports whether b, ascending, holds all of a, ascending.
func subset(a, b []int32) bool {
	if len(a) > len(b) {
		return false
	}
	for _, v := range a {
		for len(b) > 0 && b[0] < v {
			b = b[1:]
		}
		if len(b) == 0 || b[0] != v {
			return false
		}
		b = b[1:]
	}
	return true
}

// shortest returns the shortest of the lists named.
func shortest(lists [][]int32, names []int32) []int32 {
	best := lists[names[0]]
	for _, k := range names[1:] {
		if len(lists[k]) < len(best) {
			best = lists[k]
		}
	}
	return best
}

// result renumbers the sites and rows left.
func (r *reducer) result(forced []int) *Reduced {
	out := &Reduced{Forced: forced}
	number := make([]int32, r.in.Sites)
	for j, gone := range r.siteOut {
		if gone {
			continue
		}
		number[j] = int32(len(out.Site))
		out.Site = append(out.Site, j)
		out.Opening = append(out.Opening, r.in.Opening[j])
	}
	out.Sites = len(out.Site)
	for _, row := range r.rows {
		if len(row) == 0 {
			continue
		}
		for k, j := range row {
			row[k] = number[j]
		}
		out.Rows = append(out.Rows, row)
	}
	return out
}
