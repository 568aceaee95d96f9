package median

import (
	"math"
	"math/rand/v2"
	"slices"
)

// hopeless is how many times the best value a start may cost to be worth an
// interchange.
const hopeless = 1.03

// Search is the interchange local search: swap an open site for a closed one
// while that pays. For every demand it keeps the nearest and second-nearest
// open site, and for every candidate swap (in, out) the saving
//
//	gain[in] - loss[out] + extra[out][in]
//
// which a swap changes only through the demands whose two nearest sites
// change (Resende and Werneck 2007, "A fast swap-based local search
// procedure for location problems", Annals of Operations Research 150).
type Search struct {
	in   *Instance
	stop func() bool

	// ceiling stands for an impossible or hopeless cost: more than the whole
	// value of the first known solution.
	ceiling float64

	best   float64 // least value seen
	open   []int   // by position
	isOpen []bool
	near   []near
	gain   []float64 // per site
	loss   []float64 // per position
	extra  []float64 // per position and site
	tried  map[uint64]bool
}

// near is a demand's two nearest open sites.
type near struct {
	d1, d2 float64
	p1, p2 int32 // positions in open, -1 none
}

// NewSearch prepares a search; start is a feasible solution. The search gives
// up early once stop reports true.
func NewSearch(in *Instance, start []int, stop func() bool) *Search {
	s := &Search{
		in: in, stop: stop,
		ceiling: in.Value(start)*(1+1e-6) + math.SmallestNonzeroFloat64,
		best:    in.Value(start),
		isOpen:  make([]bool, in.Sites),
		near:    make([]near, in.Demands),
		gain:    make([]float64, in.Sites),
		loss:    make([]float64, in.Open),
		extra:   make([]float64, in.Open*in.Sites),
		tried:   make(map[uint64]bool),
	}
	return s
}

// Improve runs the interchange from a set of open sites and returns the
// solution it ends in, ascending, with its value; nil if it is infeasible or
// the same start was tried before. Unless deep, hopeless starts are not
// pursued.
func (s *Search) Improve(start []int, deep bool) ([]int, float64) {
	key := hash(start)
	if s.tried[key] {
		return nil, math.Inf(1)
	}
	s.tried[key] = true
	if !deep && s.in.Value(start) > hopeless*s.best {
		return nil, math.Inf(1)
	}
	s.place(start)
	s.descend()
	open := slices.Sorted(slices.Values(s.open))
	v := s.in.Value(open)
	if math.IsInf(v, 1) {
		return nil, v
	}
	s.best = min(s.best, v)
	return open, v
}

// Shake improves a solution by rounds of random exchanges, each followed by
// the interchange, always from the best solution so far.
func (s *Search) Shake(start []int, rounds int, rng *rand.Rand) ([]int, float64) {
	best, value := start, s.in.Value(start)
	for range rounds {
		if s.stop() {
			break
		}
		open := slices.Clone(best)
		for range 1 + len(open)/4 {
			out, in := rng.IntN(len(open)), rng.IntN(s.in.Sites)
			if !s.in.Required[open[out]] && !slices.Contains(open, in) {
				open[out] = in
			}
		}
		slices.Sort(open)
		if o, v := s.Improve(open, true); o != nil && v < value {
			best, value = o, v
		}
	}
	return best, value
}

// hash is FNV-1a over the indices.
func hash(open []int) uint64 {
	h := uint64(14695981039346656037)
	for _, j := range open {
		h = (h ^ uint64(j)) * 1099511628211
	}
	return h
}

// place sets up the bookkeeping for a set of open sites.
func (s *Search) place(start []int) {
	s.open = append(s.open[:0], start...)
	clear(s.isOpen)
	for _, j := range start {
		s.isOpen[j] = true
	}
	clear(s.gain)
	clear(s.loss)
	clear(s.extra)
	for i := range s.near {
		s.near[i] = s.nearest(i)
		s.count(i, 1)
	}
}

// cost is the cost of a pair with impossible ones at the ceiling.
func (s *Search) cost(i, j int) float64 {
	return min(s.in.Cost[i*s.in.Sites+j], s.ceiling)
}

// nearest finds the two nearest open sites of a demand from scratch.
func (s *Search) nearest(i int) near {
	n := near{s.ceiling, s.ceiling, -1, -1}
	for p, j := range s.open {
		switch c := s.cost(i, j); {
		case c < n.d1:
			n.d2, n.p2 = n.d1, n.p1
			n.d1, n.p1 = c, int32(p)
		case c < n.d2:
			n.d2, n.p2 = c, int32(p)
		}
	}
	return n
}

// count adds (sign 1) or takes back (sign -1) what demand i contributes to
// the savings.
func (s *Search) count(i int, sign float64) {
	n := s.near[i]
	row := s.in.Cost[i*s.in.Sites:][:s.in.Sites]
	if n.p1 < 0 { // served by nobody: only a gain
		for j, c := range row {
			if c < n.d1 {
				s.gain[j] += sign * (n.d1 - c)
			}
		}
		return
	}
	s.loss[n.p1] += sign * (n.d2 - n.d1)
	extra := s.extra[int(n.p1)*s.in.Sites:][:s.in.Sites]
	for j, c := range row {
		switch {
		case c >= n.d2:
		case c < n.d1:
			s.gain[j] += sign * (n.d1 - c)
			extra[j] += sign * (n.d2 - n.d1)
		default:
			extra[j] += sign * (n.d2 - c)
		}
	}
}

// descend makes the best swap while one pays.
func (s *Search) descend() {
	value := s.total()
	for !s.stop() {
		in, pos, saving := s.bestSwap()
		// Sums kept by adding and taking back drift by rounding: a swap must
		// pay more than that, and is checked once made.
		if saving <= 1e-11*value {
			return
		}
		out := s.open[pos]
		s.swap(in, pos)
		v := s.total()
		if v >= value {
			s.swap(out, pos)
			return
		}
		value = v
	}
}

// total is the value of the open sites, with costs cut at the ceiling.
func (s *Search) total() float64 {
	var sum float64
	for i := range s.near {
		sum += s.near[i].d1
	}
	return sum
}

// bestSwap returns the swap with the largest saving, ties to the lowest
// entering site, then the lowest leaving site.
func (s *Search) bestSwap() (in, pos int, saving float64) {
	in, pos, saving = -1, -1, 0
	for p, out := range s.open {
		if s.in.Required[out] {
			continue
		}
		extra := s.extra[p*s.in.Sites:][:s.in.Sites]
		for j, e := range extra {
			if s.isOpen[j] {
				continue
			}
			v := s.gain[j] - s.loss[p] + e
			if v > saving || v == saving && in >= 0 && (j < in || j == in && out < s.open[pos]) {
				in, pos, saving = j, p, v
			}
		}
	}
	return in, pos, saving
}

// swap opens a site in the position of another and updates the demands that
// notice.
func (s *Search) swap(in, pos int) {
	s.isOpen[s.open[pos]], s.isOpen[in] = false, true
	s.open[pos] = in
	for i := range s.near {
		n := s.near[i]
		lost := n.p1 == int32(pos) || n.p2 == int32(pos)
		c := s.cost(i, in)
		if !lost && c >= n.d2 {
			continue
		}
		s.count(i, -1)
		switch {
		case lost:
			s.near[i] = s.nearest(i)
		case c < n.d1:
			s.near[i] = near{c, n.d1, int32(pos), n.p1}
		default:
			s.near[i].d2, s.near[i].p2 = c, int32(pos)
		}
		s.count(i, 1)
	}
}
