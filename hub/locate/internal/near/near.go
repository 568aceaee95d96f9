// Package near serves the costs between demands and sites to the engines:
// one pair, all sites within a cost, the sites of least cost. A dense matrix,
// sparse lists and points with a metric look the same from here, and only the
// first of them is ever a matrix.
package near

import (
	"cmp"
	"math"
	"slices"
)

// Pair is a site and what it costs to serve a demand from it.
type Pair struct {
	Cost float64
	Site int32
}

// Compare orders pairs by cost, ties by site.
func Compare(a, b Pair) int {
	return cmp.Or(cmp.Compare(a.Cost, b.Cost), cmp.Compare(a.Site, b.Site))
}

// Source is what costs are read from. Its methods may be called from many
// goroutines at once. A pair that is impossible costs +Inf and is in no list.
type Source interface {
	// Size returns the numbers of demands and sites.
	Size() (demands, sites int)

	// Cost returns the cost of serving demand i from site j.
	Cost(i, j int) float64

	// Within appends the sites that serve demand i at a cost of at most r, in
	// an order that depends on the source alone.
	Within(i int, r float64, to []Pair) []Pair

	// Nearest appends the k sites of least cost to demand i, fewer if fewer
	// can serve it, in the order of Compare.
	Nearest(i, k int, to []Pair) []Pair
}

// Dense is a matrix: the cost of demand i from site j is at i*Sites+j.
type Dense struct {
	Demands, Sites int
	Values         []float64
}

// Size returns the numbers of demands and sites.
func (d *Dense) Size() (demands, sites int) { return d.Demands, d.Sites }

// Cost returns the cost of serving demand i from site j.
func (d *Dense) Cost(i, j int) float64 { return d.Values[i*d.Sites+j] }

// Within appends the sites within r of demand i, ascending.
func (d *Dense) Within(i int, r float64, to []Pair) []Pair {
	for j, c := range d.Values[i*d.Sites:][:d.Sites] {
		if c <= r && c < math.Inf(1) {
			to = append(to, Pair{c, int32(j)})
		}
	}
	return to
}

// Nearest appends the k sites nearest to demand i.
func (d *Dense) Nearest(i, k int, to []Pair) []Pair {
	if k >= d.Sites {
		from := len(to)
		to = d.Within(i, math.Inf(1), to)
		slices.SortFunc(to[from:], Compare)
		return to
	}
	h := heap{to: to, from: len(to), k: k}
	for j, c := range d.Values[i*d.Sites:][:d.Sites] {
		if c <= h.worst() && c < math.Inf(1) {
			h.offer(Pair{c, int32(j)})
		}
	}
	return h.sorted()
}

// Sparse lists for demand i the sites that can serve it, ascending, at
// Site[First[i]:First[i+1]], and their costs likewise.
type Sparse struct {
	Sites int
	First []int
	Site  []int32
	Costs []float64
}

// Size returns the numbers of demands and sites.
func (s *Sparse) Size() (demands, sites int) { return len(s.First) - 1, s.Sites }

// Cost returns the cost of serving demand i from site j.
func (s *Sparse) Cost(i, j int) float64 {
	lo, hi := s.First[i], s.First[i+1]
	if k, ok := slices.BinarySearch(s.Site[lo:hi], int32(j)); ok {
		return s.Costs[lo+k]
	}
	return math.Inf(1)
}

// Within appends the sites within r of demand i, ascending.
func (s *Sparse) Within(i int, r float64, to []Pair) []Pair {
	for k := s.First[i]; k < s.First[i+1]; k++ {
		if c := s.Costs[k]; c <= r && c < math.Inf(1) {
			to = append(to, Pair{c, s.Site[k]})
		}
	}
	return to
}

// Nearest appends the k sites nearest to demand i.
func (s *Sparse) Nearest(i, k int, to []Pair) []Pair {
	h := heap{to: to, from: len(to), k: k}
	for e := s.First[i]; e < s.First[i+1]; e++ {
		if c := s.Costs[e]; c <= h.worst() && c < math.Inf(1) {
			h.offer(Pair{c, s.Site[e]})
		}
	}
	return h.sorted()
}

// heap keeps the k least pairs offered at the end of a slice, the greatest of
// them first.
type heap struct {
	to      []Pair
	from, k int
}

// worst is the cost from which on pairs are of no interest.
func (h *heap) worst() float64 {
	if len(h.to)-h.from < h.k {
		return math.Inf(1)
	}
	if h.k == 0 {
		return math.Inf(-1)
	}
	return h.to[h.from].Cost
}

func (h *heap) offer(p Pair) {
	own := h.to[h.from:]
	if len(own) < h.k {
		h.to = append(h.to, p)
		own = h.to[h.from:]
		for at := len(own) - 1; at > 0; {
			up := (at - 1) / 2
			if Compare(own[up], own[at]) >= 0 {
				break
			}
			own[up], own[at] = own[at], own[up]
			at = up
		}
		return
	}
	if h.k == 0 || Compare(p, own[0]) >= 0 {
		return
	}
	own[0] = p
	for at := 0; ; {
		child := 2*at + 1
		if child >= len(own) {
			return
		}
		if child+1 < len(own) && Compare(own[child+1], own[child]) > 0 {
			child++
		}
		if Compare(own[at], own[child]) >= 0 {
			return
		}
		own[at], own[child] = own[child], own[at]
		at = child
	}
}

// sorted returns the slice with the pairs kept in ascending order.
func (h *heap) sorted() []Pair {
	slices.SortFunc(h.to[h.from:], Compare)
	return h.to
}
