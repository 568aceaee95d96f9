package maxcover

import (
	"cmp"
	"slices"
)

// Reduced is what is left of an instance after its reductions.
type Reduced struct {
	Instance
	Site []int // the original index of each site left, ascending
}

// Reduce drops sites, and merges the rows that thereby become equal, until
// nothing changes. A site goes if another covers all that it covers and costs
// no more, of equals the one with the higher index: in a solution the other
// may take its place, or if it is open too, do without. Where the number
// of sites is given this holds as long as there are enough sites.
//
// It ends early, with what it has, once stop reports true.
func Reduce(in *Instance, stop func() bool) *Reduced {
	r := &reducer{Instance: *in, stop: stop}
	r.site = make([]int, in.Sites)
	for j := range r.site {
		r.site[j] = j
	}
	for !stop() {
		out, dropped := r.dominated()
		if dropped == 0 {
			break
		}
		r.shrink(out, dropped)
	}
	return &Reduced{r.Instance, r.site}
}

type reducer struct {
	Instance
	site []int
	stop func() bool
}

// dominated finds the sites that another may replace. Whatever covers all that
// a site covers covers its shortest row, and is sought among the sites there.
func (r *reducer) dominated() (out []bool, dropped int) {
	columns := r.columns()
	out = make([]bool, r.Sites)
	var left []int32 // sites that cover the rows of j looked at so far
	for j := r.Sites - 1; j >= 0; j-- {
		if r.stop() || r.exact() && r.Sites-dropped <= r.Open {
			break
		}
		// Shortest rows first: they leave the fewest.
		rows := slices.Clone(columns[j])
		slices.SortFunc(rows, func(a, b int32) int {
			return cmp.Or(cmp.Compare(len(r.Rows[a]), len(r.Rows[b])), cmp.Compare(a, b))
		})
		if len(rows) > 0 {
			left = left[:0]
			for _, k := range r.Rows[rows[0]] {
				if int(k) != j && !out[k] && r.cost(int(k)) <= r.cost(j) {
					left = append(left, k)
				}
			}
			for _, i := range rows[1:] {
				if len(left) == 0 {
					break
				}
				left = common(left, r.Rows[i])
			}
		}
		if len(rows) == 0 || len(left) > 0 {
			out[j] = true
			dropped++
		}
	}
	return out, dropped
}

// common keeps of an ascending list what is in another.
func common(list, other []int32) []int32 {
	kept, k := list[:0], 0
	for _, v := range list {
		for k < len(other) && other[k] < v {
			k++
		}
		if k < len(other) && other[k] == v {
			kept = append(kept, v)
		}
	}
	return kept
}

// shrink takes the sites that are out of the instance.
func (r *reducer) shrink(out []bool, dropped int) {
	number := make([]int32, r.Sites)
	var site []int
	cost := r.Cost
	if cost != nil {
		cost = make([]float64, 0, r.Sites-dropped)
	}
	for j, gone := range out {
		if gone {
			continue
		}
		number[j] = int32(len(site))
		site = append(site, r.site[j])
		if r.Cost != nil {
			cost = append(cost, r.Cost[j])
		}
	}
	var c Collector
	var row []int32
	for i, all := range r.Rows {
		row = row[:0]
		for _, j := range all {
			if !out[j] {
				row = append(row, number[j])
			}
		}
		c.Add(row, r.Weight[i])
	}
	r.Sites -= dropped
	r.site, r.Cost, r.Rows, r.Weight = site, cost, c.Rows, c.Weight
}
