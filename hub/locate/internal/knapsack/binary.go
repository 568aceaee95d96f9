package knapsack

import (
	"math"
	"slices"
)

// Solver packs items that do not divide. It holds scratch space.
type Solver struct {
	core   []Item
	sum    []Item // running sums of core, one entry more
	taken  []bool // of the core, on the way
	chosen []bool // of the core, in the best packing
	best   float64
	slack  float64
	steps  int
}

// Precision is the part of the optimum that a packing may fall short of it and
// still be taken for optimal.
const Precision = 1e-12

// mostSteps is how many branches a knapsack may take before it is given up for
// the best packing found and the bound of divisible items.
const mostSteps = 20_000

// Packing is what Pack has found.
type Packing struct {
	Count     int     // of items packed, which come first
	Value     float64 // their profit
	Bound     float64 // no packing is worth more; it differs from Value by rounding but for a search cut short
	Divisible float64 // what divisible packing is worth
	Price     float64 // of a unit of capacity there
}

// Pack permutes the items, each of which fits, so that those of a packing of
// the largest profit come first. A knapsack that takes too many steps, which is
// rare, is left with the best packing found and the bound of divisible items.
//
// It first decides all items whose reduced profit exceeds what a good packing
// lacks to the bound (Dembo and Hammer 1980, "A reduction algorithm for
// knapsack problems", Methods of Operations Research 36), and searches the
// rest depth first (Horowitz and Sahni 1974, "Computing partitions with
// applications to the knapsack problem", Journal of the ACM 21,
// https://doi.org/10.1145/321812.321823).
func (s *Solver) Pack(items []Item, capacity float64) Packing {
	full, part, upper, price := Split(items, capacity)
	s.slack = upper*Precision + math.SmallestNonzeroFloat64
	if full == len(items) || part == 0 {
		return Packing{full, upper, upper + s.slack, upper, price}
	}
	known := s.known(items, full, part, upper)
	in, out := reduce(items, full, price, upper-known+2*s.slack)

	s.core = append(s.core[:0], items[in:out]...)
	slices.SortFunc(s.core, func(a, b Item) int {
		if a.before(&b) {
			return -1
		}
		return 1
	})
	s.sum = append(s.sum[:0], Item{})
	for k, it := range s.core {
		s.sum = append(s.sum, Item{Profit: s.sum[k].Profit + it.Profit, Size: s.sum[k].Size + it.Size})
	}
	room, value := capacity, 0.0
	for _, it := range items[:in] {
		value += it.Profit
		room -= it.Size
	}
	s.taken = append(s.taken[:0], make([]bool, len(s.core))...)
	s.chosen = append(s.chosen[:0], s.taken...)
	// The packing known is among those searched, and has to be found again.
	s.best, s.steps = known-value-4*s.slack, 0
	start := s.best
	s.search(0, room, 0)
	if s.best == start { // too many steps
		s.greedy(room)
	}
	value += s.best
	p := Packing{in, value, value + 2*s.slack, upper, price}
	if s.steps > mostSteps {
		p.Bound = upper + s.slack
	}
	for k, it := range s.core {
		if s.chosen[k] {
			items[p.Count] = it
			p.Count++
		} else {
			out--
			items[out] = it
		}
	}
	return p
}

// known is the value of a good packing: of what fits behind the split item
// too, or with the split item in the place of one before it.
func (s *Solver) known(items []Item, full int, part, upper float64) float64 {
	split := items[full]
	whole, left := upper-part*split.Profit, part*split.Size
	most, room := whole, left
	for _, it := range items[full+1:] {
		if it.Size <= room {
			room -= it.Size
			most += it.Profit
		}
	}
	for _, it := range items[:full] {
		if it.Size+left >= split.Size {
			most = max(most, whole-it.Profit+split.Profit)
		}
	}
	return most
}

// reduce permutes the items so that all of items[:in] and none of items[out:]
// are in every packing that lacks less than gap to the bound.
func reduce(items []Item, full int, price, gap float64) (in, out int) {
	for k := range items[:full] {
		if items[k].Profit-price*items[k].Size > gap {
			items[in], items[k] = items[k], items[in]
			in++
		}
	}
	out = len(items)
	for k := len(items) - 1; k > full; k-- {
		if price*items[k].Size-items[k].Profit > gap {
			out--
			items[out], items[k] = items[k], items[out]
		}
	}
	return in, out
}

// search decides the core from item k on, with room left and value packed.
func (s *Solver) search(k int, room, value float64) {
	if s.steps++; s.steps > mostSteps {
		return
	}
	// What fits from k on without a gap ends before r.
	from := s.sum[k]
	r, end := k, len(s.core)
	for r < end {
		if mid := int(uint(r+end+1) >> 1); s.sum[mid].Size-from.Size <= room {
			r = mid
		} else {
			end = mid - 1
		}
	}
	value += s.sum[r].Profit - from.Profit
	if value > s.best {
		s.best = value
		copy(s.chosen, s.taken[:k])
		for q := k; q < len(s.core); q++ {
			s.chosen[q] = q < r
		}
	}
	if r == len(s.core) {
		return
	}
	room -= s.sum[r].Size - from.Size
	for q := k; q < r; q++ {
		s.taken[q] = true
	}
	// Each item in turn is the first that is left out, from the last on.
	for q := r; q >= k; q-- {
		if q < r {
			s.taken[q] = false
			room += s.core[q].Size
			value -= s.core[q].Profit
		}
		if q+1 < len(s.core) {
			// The rest is worth no more than at the density of its first.
			if next := &s.core[q+1]; next.Size > 0 && value+room*(next.Profit/next.Size) <= s.best+s.slack {
				continue
			}
			s.search(q+1, room, value)
		}
	}
}

// greedy packs the core in order.
func (s *Solver) greedy(room float64) {
	s.best = 0
	for k, it := range s.core {
		if s.chosen[k] = it.Size <= room; s.chosen[k] {
			room -= it.Size
			s.best += it.Profit
		}
	}
}
