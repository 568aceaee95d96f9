// Package pack decides whether so many of a set of things can be picked of which
// every two go together: a clique of a given size, by depth-first search with
// greedy colourings as bounds (Tomita and Kameda 2007, Journal of Global
// Optimization 37; in bit sets, San Segundo, Rodríguez-Losada and Jiménez 2011,
// Computers & Operations Research 38), in which a vertex that would need one
// colour too many is given a place among the others where that is possible
// (Tomita et al. 2010, WALCOM).
package pack

import (
	"math/bits"
	"slices"
)

// pollEvery is the number of nodes between two looks at the caller's wish to
// stop, for graphs of up to some hundred vertices.
const pollEvery = 64

// Search looks for cliques.
type Search struct {
	Stop  func() bool
	Limit int // most nodes in all calls; 0 for any number
	Nodes int // so far

	size, words int
	far         []uint64 // words for each vertex: those it goes with
	want        int
	picked      []int
	order       [][]int // scratch of each depth
	sets        [][]uint64
	classes     [][]uint64
	ended       bool
	every       int
}

// Find looks for want vertices of 0 … size-1 of which every two go together.
// proven is false if the search was ended before it knew. The vertices found are
// ascending, nil if there are not so many.
func (s *Search) Find(size, want int, together func(a, b int) bool) (found []int, proven bool) {
	if want <= 0 {
		return []int{}, true
	}
	if want > size {
		return nil, true
	}
	label, ok := s.build(size, want, together)
	if !ok {
		return nil, false
	}
	if len(label) < want {
		return nil, true
	}
	s.want, s.ended, s.picked = want, false, s.picked[:0]
	s.order, s.sets, s.classes = make([][]int, want+1), make([][]uint64, want+1), make([][]uint64, want+1)
	all := make([]uint64, s.words)
	for v := range s.size {
		all[v>>6] |= 1 << (v & 63)
	}
	// A look at the clock for every million words or so.
	s.every = max(1, min(pollEvery, 1<<22/(s.size*s.words+1)))
	if s.grow(all) {
		for _, v := range s.picked {
			found = append(found, label[v])
		}
		slices.Sort(found)
		return found, true
	}
	return nil, !s.ended
}

// build makes the graph of the vertices that can be in a clique of the size
// wanted: they go with enough others. The one with the fewest comes last, then
// the one with the fewest without it, and so on.
func (s *Search) build(size, want int, together func(a, b int) bool) (label []int, ok bool) {
	words := (size + 63) / 64
	far := make([]uint64, size*words)
	degree := make([]int, size)
	for a := range size {
		if s.Stop() {
			return nil, false
		}
		for b := range a {
			if together(a, b) {
				far[a*words+b>>6] |= 1 << (b & 63)
				far[b*words+a>>6] |= 1 << (a & 63)
				degree[a]++
				degree[b]++
			}
		}
	}
	left := make([]int, size)
	for v := range left {
		left[v] = v
	}
	for len(left) > 0 {
		at := 0
		for k, v := range left {
			if degree[v] < degree[left[at]] {
				at = k
			}
		}
		v := left[at]
		// From the first that has enough others on, all have.
		if len(label) > 0 || degree[v] >= want-1 {
			label = append(label, v)
		}
		left = slices.Delete(left, at, at+1)
		for _, b := range left {
			if far[v*words+b>>6]>>(b&63)&1 == 1 {
				degree[b]--
			}
		}
		if len(left)%64 == 0 && s.Stop() {
			return nil, false
		}
	}
	slices.Reverse(label)
	s.size, s.words = len(label), (len(label)+63)/64
	s.far = make([]uint64, s.size*s.words)
	for a, v := range label {
		for b, w := range label {
			if far[v*words+w>>6]>>(w&63)&1 == 1 {
				s.far[a*s.words+b>>6] |= 1 << (b & 63)
			}
		}
	}
	return label, true
}

// row is what a vertex goes with.
func (s *Search) row(v int) []uint64 { return s.far[v*s.words:][:s.words] }

// grow reports whether the picked vertices and some of a set, all of which go
// with them, make a clique of the size wanted, and leaves it in picked.
func (s *Search) grow(set []uint64) bool {
	need := s.want - len(s.picked)
	if need == 0 {
		return true
	}
	s.Nodes++
	if s.Limit > 0 && s.Nodes > s.Limit || s.Nodes%s.every == 0 && s.Stop() {
		s.ended = true
		return false
	}
	depth := len(s.picked)
	if s.sets[depth] == nil {
		s.sets[depth] = make([]uint64, s.words)
		s.classes[depth] = make([]uint64, (need+1)*s.words)
	}
	order := s.colour(set, need, s.classes[depth], s.order[depth][:0])
	s.order[depth] = order
	next := s.sets[depth]
	for k := len(order) - 1; k >= 0; k-- {
		v := order[k]
		count := 0
		for w, r := range s.row(v) {
			next[w] = set[w] & r
			count += bits.OnesCount64(next[w])
		}
		if count >= need-1 {
			s.picked = append(s.picked, v)
			if s.grow(next) {
				return true
			}
			s.picked = s.picked[:len(s.picked)-1]
			if s.ended {
				return false
			}
		}
		set[v>>6] &^= 1 << (v & 63)
	}
	return false
}

// colour puts vertices into need-1 classes, in each of which no two go together,
// so that a clique has one of each at most, and lists those for which there is no
// place: a clique of the size needed has one of them.
func (s *Search) colour(set []uint64, need int, classes []uint64, order []int) []int {
	rest, room := classes[(need-1)*s.words:][:s.words], classes[need*s.words:][:s.words]
	copy(rest, set)
	for k := range need - 1 {
		class := classes[k*s.words:][:s.words]
		clear(class)
		copy(room, rest)
		for w := 0; w < s.words; {
			if room[w] == 0 {
				w++
				continue
			}
			v := w<<6 + bits.TrailingZeros64(room[w])
			bit := uint64(1) << (v & 63)
			class[w] |= bit
			rest[w] &^= bit
			room[w] &^= bit
			for x, r := range s.row(v)[w:] {
				room[w+x] &^= r
			}
		}
	}
	for w := range rest {
		for rest[w] != 0 {
			v := w<<6 + bits.TrailingZeros64(rest[w])
			rest[w] &= rest[w] - 1
			if !s.place(v, need-1, classes) {
				order = append(order, v)
			}
		}
	}
	return order
}

// place finds a class for a vertex in which it goes with one other only, for
// which there is another class.
func (s *Search) place(v, count int, classes []uint64) bool {
	row := s.row(v)
	for k := range count {
		class := classes[k*s.words:][:s.words]
		other := -1
		for w, r := range row {
			both := r & class[w]
			if both == 0 {
				continue
			}
			if other >= 0 || both&(both-1) != 0 {
				other = -2
				break
			}
			other = w<<6 + bits.TrailingZeros64(both)
		}
		if other == -2 {
			continue
		}
		if other == -1 { // one that moved has made room
			class[v>>6] |= 1 << (v & 63)
			return true
		}
		for h := range count {
			if h == k {
				continue
			}
			to := classes[h*s.words:][:s.words]
			free := true
			for w, r := range s.row(other) {
				if r&to[w] != 0 {
					free = false
					break
				}
			}
			if free {
				class[other>>6] &^= 1 << (other & 63)
				to[other>>6] |= 1 << (other & 63)
				class[v>>6] |= 1 << (v & 63)
				return true
			}
		}
	}
	return false
}
