package cover

import "slices"

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
//     (of equals the one with the higher index); in maximal cover as long as
//     Open sites remain;
//   - in set cover, a row that only one site covers forces that site;
//   - in set cover, a row whose sites include all those of another row is
//     covered with it and dropped.
//
// Every row must be covered by some site. It ends early, with what it has, once
// stop reports true.
func Reduce(in *Instance, stop func() bool) *Reduced {
	r := &reducer{
		in:      in,
		stop:    stop,
		rows:    make([][]int32, len(in.Rows)),
		siteOut: make([]bool, in.Sites),
		left:    in.Sites,
	}
	for i, row := range in.Rows {
		r.rows[i] = slices.Clone(row)
	}
	var forced []int
	for !stop() {
		r.refresh()
		changed := r.dropSites()
		if in.Weight == nil {
			if f := r.force(); len(f) > 0 {
				forced = append(forced, f...)
				continue
			}
			r.refresh()
			changed = r.dropRows() || changed
		}
		if !changed {
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
	left    int // sites not out
}

// refresh takes dropped sites out of the rows and lists the columns anew.
func (r *reducer) refresh() {
	for i, row := range r.rows {
		r.rows[i] = slices.DeleteFunc(row, func(j int32) bool { return r.siteOut[j] })
	}
	r.columns = (&Instance{Sites: r.in.Sites, Rows: r.rows}).columns()
}

// bitset is a set of small integers.
type bitset []uint64

func setsOf(lists [][]int32, n int) []bitset {
	words := (n + 63) / 64
	block := make(bitset, words*len(lists))
	sets := make([]bitset, len(lists))
	for k, list := range lists {
		sets[k], block = block[:words], block[words:]
		for _, v := range list {
			sets[k][v/64] |= 1 << (v % 64)
		}
	}
	return sets
}

func (b bitset) containsAll(list []int32) bool {
	for _, v := range list {
		if b[v/64]>>(v%64)&1 == 0 {
			return false
		}
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

// dropSites drops dominated sites. A dominating site covers every row of the
// other, in particular the row with the fewest sites.
func (r *reducer) dropSites() bool {
	sets := setsOf(r.columns, len(r.rows))
	changed := false
	drop := func(j int) {
		r.siteOut[j] = true
		r.left--
		changed = true
	}
	for j := r.in.Sites - 1; j >= 0; j-- {
		if r.siteOut[j] {
			continue
		}
		if r.stop() {
			break
		}
		if r.in.Weight != nil && r.left <= r.in.Open {
			break
		}
		if len(r.columns[j]) == 0 {
			drop(j)
			continue
		}
		for _, k := range shortest(r.rows, r.columns[j]) {
			if int(k) != j && !r.siteOut[k] && r.dominates(int(k), j) && sets[k].containsAll(r.columns[j]) {
				drop(j)
				break
			}
		}
	}
	return changed
}

// dominates reports whether site k may replace site j if it covers all its
// rows. Of sites that may replace each other the lower index stays.
func (r *reducer) dominates(k, j int) bool {
	if r.in.Opening != nil && r.in.Opening[k] != r.in.Opening[j] {
		return r.in.Opening[k] < r.in.Opening[j]
	}
	return len(r.columns[k]) > len(r.columns[j]) || k < j
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
			r.left--
		}
	}
	for _, j := range forced {
		for _, i := range r.columns[j] {
			r.rows[i] = nil
		}
	}
	return forced
}

// dropRows drops rows implied by others.
func (r *reducer) dropRows() bool {
	sets := setsOf(r.rows, r.in.Sites)
	changed := false
	for i, row := range r.rows {
		if len(row) == 0 {
			continue
		}
		if r.stop() {
			break
		}
		// Rows that include this one share its rarest site.
		for _, k := range shortest(r.columns, row) {
			other := r.rows[k]
			if int(k) == i || len(other) < len(row) {
				continue
			}
			if sets[k].containsAll(row) {
				r.rows[k] = nil
				changed = true
			}
		}
	}
	return changed
}

// result renumbers the sites and rows left.
func (r *reducer) result(forced []int) *Reduced {
	out := &Reduced{Forced: forced}
	out.Open = r.in.Open
	number := make([]int32, r.in.Sites)
	for j, gone := range r.siteOut {
		if gone {
			continue
		}
		number[j] = int32(len(out.Site))
		out.Site = append(out.Site, j)
		if r.in.Opening != nil {
			out.Opening = append(out.Opening, r.in.Opening[j])
		}
	}
	out.Sites = len(out.Site)
	for i, row := range r.rows {
		if len(row) == 0 {
			continue
		}
		for k, j := range row {
			row[k] = number[j]
		}
		out.Rows = append(out.Rows, row)
		if r.in.Weight != nil {
			out.Weight = append(out.Weight, r.in.Weight[i])
		}
	}
	return out
}
