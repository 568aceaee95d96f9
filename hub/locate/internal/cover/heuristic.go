package cover

import (
	"cmp"
	"math"
	"slices"
)

// heuristic turns multipliers into good solutions.
type heuristic struct {
	in       *Instance
	columns  [][]int32
	stop     func() bool
	all      []int     // the sites
	byLength []int     // rows, those with the fewest sites first
	times    []int     // scratch: how often each row is covered
	gain     []float64 // scratch per site
	fresh    []int     // scratch: rows a site would newly cover
	open     []int
}

func newHeuristic(in *Instance, columns [][]int32, stop func() bool) heuristic {
	h := heuristic{
		in: in, columns: columns, stop: stop,
		times: make([]int, len(in.Rows)),
		gain:  make([]float64, in.Sites), fresh: make([]int, in.Sites),
	}
	for j := range in.Sites {
		h.all = append(h.all, j)
	}
	for i := range in.Rows {
		h.byLength = append(h.byLength, i)
	}
	slices.SortStableFunc(h.byLength, func(a, b int) int {
		return cmp.Compare(len(in.Rows[a]), len(in.Rows[b]))
	})
	return h
}

// fork shares the lists and has scratch of its own.
func (h *heuristic) fork() heuristic {
	f := *h
	f.times, f.open = make([]int, len(h.times)), nil
	f.gain, f.fresh = make([]float64, len(h.gain)), make([]int, len(h.fresh))
	return f
}

// Greedy is a solution from scratch: the sites that cover most for their cost.
func (h *heuristic) Greedy() ([]int, float64) {
	return h.complete(make([]float64, len(h.in.Rows)), h.all)
}

// complete covers all rows from the given sites, or returns nil if they
// cannot: it opens site after site of least score, ties to the lowest index,
// and then closes superfluous ones, the most expensive first. With r the opening cost less the multipliers of the rows that the
// site would newly cover, and n their number, the score is r/n, or r*n if r is
// negative (Caprara, Fischetti and Toth 1999, "A heuristic method for the set
// covering problem", Operations Research 47).
func (h *heuristic) complete(u []float64, sites []int) ([]int, float64) {
	h.open = h.open[:0]
	clear(h.times)
	left := len(h.in.Rows)
	for _, j := range sites {
		h.fresh[j] = len(h.columns[j])
		h.gain[j] = h.in.Opening[j]
		for _, i := range h.columns[j] {
			h.gain[j] -= u[i]
		}
	}
	for left > 0 {
		best, least := -1, math.Inf(1)
		for _, j := range sites {
			n := h.fresh[j]
			if n == 0 {
				continue
			}
			score := h.gain[j]
			if score > 0 {
				score /= float64(n)
			} else {
				score *= float64(n)
			}
			if score < least {
				best, least = j, score
			}
		}
		if best < 0 {
			return nil, math.Inf(1)
		}
		h.open = append(h.open, best)
		for _, i := range h.columns[best] {
			h.times[i]++
			if h.times[i] > 1 {
				continue
			}
			left--
			for _, j := range h.in.Rows[i] {
				h.fresh[j]--
				h.gain[j] += u[i]
			}
		}
	}
	// A site is superfluous if each of its rows has another. Closing one makes
	// others needed, hence the order.
	slices.SortFunc(h.open, func(a, b int) int {
		return cmp.Or(cmp.Compare(h.in.Opening[b], h.in.Opening[a]), cmp.Compare(b, a))
	})
	h.open = slices.DeleteFunc(h.open, func(j int) bool {
		for _, i := range h.columns[j] {
			if h.times[i] == 1 {
				return false
			}
		}
		for _, i := range h.columns[j] {
			h.times[i]--
		}
		return true
	})
	slices.Sort(h.open)
	return h.open, h.in.Value(h.open)
}
