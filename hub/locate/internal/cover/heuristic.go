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
	byLength []int // rows, those with the fewest sites first
	times    []int // scratch: how often each row is covered
	isOpen   []bool
	gain     []float64
	open     []int
}

func newHeuristic(in *Instance, columns [][]int32, stop func() bool) heuristic {
	h := heuristic{
		in: in, columns: columns, stop: stop,
		times: make([]int, len(in.Rows)), isOpen: make([]bool, in.Sites),
		gain: make([]float64, in.Sites),
	}
	for i := range in.Rows {
		h.byLength = append(h.byLength, i)
	}
	slices.SortStableFunc(h.byLength, func(a, b int) int {
		return cmp.Compare(len(in.Rows[a]), len(in.Rows[b]))
	})
	return h
}

// Round completes a selection: in set cover it covers what is uncovered and
// drops what is superfluous; in maximal cover it swaps sites while that pays.
func (h *heuristic) Round(chosen []bool, rho []float64, _ bool) ([]int, float64) {
	h.open = h.open[:0]
	for j, c := range chosen {
		if c {
			h.open = append(h.open, j)
		}
	}
	if h.in.Weight == nil {
		return h.complete(func(j int32) float64 { return rho[j] })
	}
	return h.swaps()
}

// Greedy is a solution from scratch: in set cover row by row the cheapest
// site for what it newly covers, in maximal cover the site that adds most,
// then swaps.
func (h *heuristic) Greedy() ([]int, float64) {
	h.open = h.open[:0]
	if h.in.Weight == nil {
		// The price per newly covered row changes as rows get covered.
		return h.complete(func(j int32) float64 {
			n := 0
			for _, i := range h.columns[j] {
				if h.times[i] == 0 {
					n++
				}
			}
			return h.in.Opening[j] / float64(n)
		})
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

// complete opens for each uncovered row the site of least price, ties to the
// lowest index, then closes superfluous sites, the most expensive first.
func (h *heuristic) complete(price func(j int32) float64) ([]int, float64) {
	h.recount()
	for _, i := range h.byLength {
		if h.times[i] > 0 {
			continue
		}
		best, least := int32(-1), math.Inf(1)
		for _, j := range h.in.Rows[i] {
			if p := price(j); best < 0 || p < least {
				best, least = j, p
			}
		}
		h.open = append(h.open, int(best))
		for _, k := range h.columns[best] {
			h.times[k]++
		}
	}
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
