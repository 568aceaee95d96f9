package near

import "math"

// Among returns the source with the given sites alone, ascending, which it
// numbers by their positions.
func Among(s Source, sites []int) Source {
	switch s := s.(type) {
	case *Points:
		at := make([][2]float64, len(sites))
		for k, j := range sites {
			at[k] = s.sites[j]
		}
		return NewPoints(s.demands, at, s.metric)
	case *Sparse:
		position := make([]int32, s.Sites)
		for k, j := range sites {
			position[j] = int32(k) + 1
		}
		return &picked{s, sites, position}
	}
	return &subset{s, sites}
}

// subset looks at the given sites one by one.
type subset struct {
	Source
	sites []int
}

// Size returns the numbers of demands and sites.
func (s *subset) Size() (demands, sites int) {
	demands, _ = s.Source.Size()
	return demands, len(s.sites)
}

// Cost returns the cost of serving demand i from the site at position j.
func (s *subset) Cost(i, j int) float64 { return s.Source.Cost(i, s.sites[j]) }

// Within appends the sites within r of demand i, ascending.
func (s *subset) Within(i int, r float64, to []Pair) []Pair {
	for k, j := range s.sites {
		if c := s.Source.Cost(i, j); c <= r && c < math.Inf(1) {
			to = append(to, Pair{c, int32(k)})
		}
	}
	return to
}

// Nearest appends the k sites nearest to demand i.
func (s *subset) Nearest(i, k int, to []Pair) []Pair {
	h := heap{to: to, from: len(to), k: k}
	for p, j := range s.sites {
		if c := s.Source.Cost(i, j); c <= h.worst() && c < math.Inf(1) {
			h.offer(Pair{c, int32(p)})
		}
	}
	return h.sorted()
}

// picked looks through a demand's list for the given sites.
type picked struct {
	*Sparse
	sites    []int
	position []int32 // per site, one more than its position; 0 none
}

// Size returns the numbers of demands and sites.
func (s *picked) Size() (demands, sites int) { return len(s.First) - 1, len(s.sites) }

// Cost returns the cost of serving demand i from the site at position j.
func (s *picked) Cost(i, j int) float64 { return s.Sparse.Cost(i, s.sites[j]) }

// Within appends the sites within r of demand i, ascending.
func (s *picked) Within(i int, r float64, to []Pair) []Pair {
	for k := s.First[i]; k < s.First[i+1]; k++ {
		if c, p := s.Costs[k], s.position[s.Site[k]]; p > 0 && c <= r && c < math.Inf(1) {
			to = append(to, Pair{c, p - 1})
		}
	}
	return to
}

// Nearest appends the k sites nearest to demand i.
func (s *picked) Nearest(i, k int, to []Pair) []Pair {
	h := heap{to: to, from: len(to), k: k}
	for e := s.First[i]; e < s.First[i+1]; e++ {
		if c, p := s.Costs[e], s.position[s.Site[e]]; p > 0 && c <= h.worst() && c < math.Inf(1) {
			h.offer(Pair{c, p - 1})
		}
	}
	return h.sorted()
}
