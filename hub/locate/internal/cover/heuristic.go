package cover

import (
	"cmp"
	"math"
	"math/rand/v2"
	"slices"
)

// heuristic turns selections into good solutions.
type heuristic struct {
	in       *Instance
	columns  [][]int32
	stop     func() bool
	all      []int // the sites
	byLength []int // rows, those with the fewest sites first
	times    []int // scratch: how often each row is covered
	isOpen   []bool
	gain     []float64 // scratch per site
	fresh    []int     // scratch: rows a site would newly cover
	open     []int
}

func newHeuristic(in *Instance, columns [][]int32, stop func() bool) heuristic {
	h := heuristic{
		in: in, columns: columns, stop: stop,
		times: make([]int, len(in.Rows)), isOpen: make([]bool, in.Sites),
		gain: make([]float64, in.Sites), fresh: make([]int, in.Sites),
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

// Greedy is a solution from scratch: the sites that cover most for their
// cost, in maximal cover followed by swaps.
func (h *heuristic) Greedy() ([]int, float64) {
	h.open = h.open[:0]
	if h.in.Weight == nil {
		return h.complete(make([]float64, len(h.in.Rows)), h.all)
	}
	h.recount()
	for len(h.open) < h.in.Open {
		best := -1
		for j, g := range h.gain {
			if !h.isOpen[j] && (best < 0 || g > h.gain[best]) {
				best = j
			}
		}
		h.open = append(h.open, best)
		h.recount()
	}
	return h.swaps()
}

// recount sets up isOpen, times and gain for the open sites.
func (h *heuristic) recount() {
	clear(h.isOpen)
	clear(h.times)
	clear(h.gain)
	for _, j := range h.open {
		h.isOpen[j] = true
		for _, i := range h.columns[j] {
			h.times[i]++
		}
	}
	for i, w := range h.in.Weight {
		if h.times[i] == 0 {
			for _, j := range h.in.Rows[i] {
				h.gain[j] += w
			}
		}
	}
}

// complete covers all rows from the given sites, or returns nil if they
// cannot: it opens site after site of least score, ties to
// the lowest index, and then closes superfluous ones, the most expensive
// first. With r the opening cost less the multipliers of the rows that the
// site would newly cover, and n their number, the score is r/n, or r*n if r is
// negative (Caprara, Fischetti and Toth 1999, "A heuristic method for the set
// covering problem", Operations Research 47).
func (h *heuristic) complete(u []float64, sites []int) ([]int, float64) {
	h.recount()
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

// swaps makes the best swap of an open for a closed site while that pays,
// ties to the first open, then the lowest closed site.
func (h *heuristic) swaps() ([]int, float64) {
	slices.Sort(h.open)
	value := h.in.Value(h.open)
	for !h.stop() {
		h.recount()
		out, in, most := -1, -1, 0.0
		for p, r := range h.open {
			lost := h.expose(r, 1)
			for j, g := range h.gain {
				if !h.isOpen[j] && g-lost > most {
					out, in, most = p, j, g-lost
				}
			}
			h.expose(r, -1)
		}
		if in < 0 {
			break
		}
		last := h.open[out]
		h.open[out] = in
		// Rounding may promise a saving that is none.
		v := h.in.Value(h.open)
		if v >= value {
			h.open[out] = last
			break
		}
		value = v
	}
	slices.Sort(h.open)
	return h.open, value
}

// expose adds to the gains what rows covered by site r alone would bring if
// it were closed (sign -1 takes it back), and returns their weight.
func (h *heuristic) expose(r int, sign float64) float64 {
	lost := 0.0
	for _, i := range h.columns[r] {
		if h.times[i] != 1 {
			continue
		}
		w := h.in.Weight[i]
		lost += w
		for _, j := range h.in.Rows[i] {
			h.gain[j] += sign * w
		}
	}
	return lost
}

// Shake improves a maximal cover by rounds of random exchanges, each followed
// by swaps, always from the best solution so far.
func (h *heuristic) Shake(start []int, rounds int, rng *rand.Rand) []int {
	best, value := slices.Clone(start), h.in.Value(start)
	for range rounds {
		if h.stop() {
			break
		}
		h.open = append(h.open[:0], best...)
		for range 1 + len(best)/4 {
			out, in := rng.IntN(len(best)), rng.IntN(h.in.Sites)
			if !slices.Contains(h.open, in) {
				h.open[out] = in
			}
		}
		if open, v := h.swaps(); v < value {
			best, value = slices.Clone(open), v
		}
	}
	return best
}
