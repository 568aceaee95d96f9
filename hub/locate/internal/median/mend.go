package median

import (
	"slices"

	"github.com/hubplan/hubplan/hub/locate/internal/near"
)

// How a solution is mended: the demands that a region has at most, if it has
// enough open sites without more, and otherwise; the open sites that it has at
// least; the nodes that each may take; and how many regions are worked on side
// by side.
const (
	regionDemands = 100
	regionOpen    = 12
	regionMost    = 400
	regionLeast   = 3
	regionNodes   = 64
	regionBatch   = 4
	often         = 2 // regions that an open site is in, if none gains
)

// region is a few open sites close together, with the problem of placing them
// anew while all others stay where they are.
type region struct {
	*piece
	sites []int32 // of the piece
	known []int32 // those open now, numbered as in the piece
	value float64 // what they cost now
}

// Mend solves parts of the present solution to optimality, a few open sites
// close together at a time, until none gains, or limit parts have been solved
// (Taillard and Voss 2002, "POPMUSIC", in Essays and Surveys in Metaheuristics).
// What interchange leaves uneven over several neighbours is thus put right. It
// reports whether it has gained anything.
func (s *Search) Mend(limit int, grain float64, seed uint64) bool {
	before := s.total()
	queue := slices.Clone(s.open)
	slices.Sort(queue)
	seen := make(map[int32]int) // how often an open site was in a region that did not gain
	for len(queue) > 0 && limit > 0 && !s.stop() {
		g := s.group()
		var batch []*region
		taken := make(map[int32]bool) // positions of the batch
		for len(queue) > 0 && len(batch) < regionBatch {
			p := s.place[queue[0]]
			if p >= 0 && taken[p] {
				break
			}
			queue = queue[1:]
			if p < 0 || s.barred[s.open[p]] || seen[s.open[p]] >= often {
				continue
			}
			around := g.around(p)
			if len(around) < regionLeast || slices.ContainsFunc(around, func(q int32) bool { return taken[q] }) {
				continue
			}
			for _, q := range around {
				taken[q] = true
				seen[s.open[q]]++
			}
			batch = append(batch, g.cut(around))
		}
		limit -= len(batch)
		answers := make([]answer, len(batch))
		parallel(len(batch), s.in.Workers, func(k int) {
			answers[k] = batch[k].solve(batch[k].known, regionNodes, grain, seed, s.stop)
		})
		if s.stop() {
			break
		}
		for k, r := range batch {
			if answers[k].value >= r.value*(1-1e-11) {
				continue
			}
			old, value := slices.Clone(s.open), s.total()
			s.back(r.placed(old, answers[k].open))
			s.descend()
			if s.total() >= value {
				s.back(old)
				continue
			}
			for _, j := range s.open { // what has moved may move on
				if !slices.Contains(old, j) {
					delete(seen, j)
					if !slices.Contains(queue, j) {
						queue = append(queue, j)
					}
				}
			}
		}
	}
	return s.total() < before
}

// placed is a set of open sites with those of the region placed anew.
func (r *region) placed(open []int32, now []int32) []int32 {
	var set []int32
	for _, j := range open {
		if k, ok := slices.BinarySearch(r.sites, j); !ok || !slices.Contains(r.known, int32(k)) {
			set = append(set, j)
		}
	}
	for _, k := range now {
		set = append(set, r.sites[k])
	}
	return set
}

// grouping lists the demands by their nearest and second-nearest open site.
type grouping struct {
	s             *Search
	first, second [][]int32 // by position
}

func (s *Search) group() *grouping {
	g := &grouping{s, make([][]int32, len(s.open)), make([][]int32, len(s.open))}
	for k, n := range s.near {
		if n.p1 >= 0 {
			g.first[n.p1] = append(g.first[n.p1], int32(k))
		}
		if n.p2 >= 0 {
			g.second[n.p2] = append(g.second[n.p2], int32(k))
		}
	}
	return g
}

// around lists a position and the positions nearest to it: those with which
// most demands waver, up to about half of all.
func (g *grouping) around(p int32) []int32 {
	list := []int32{p}
	demands := len(g.first[p])
	ties := make(map[int32]int)
	for 2*len(list) <= len(g.s.open) {
		q := list[len(list)-1]
		for _, k := range g.first[q] {
			ties[g.s.near[k].p2]++
		}
		for _, k := range g.second[q] {
			ties[g.s.near[k].p1]++
		}
		best := int32(-1)
		for r, n := range ties {
			if r < 0 || g.s.barred[g.s.open[r]] || slices.Contains(list, r) {
				continue
			}
			if best < 0 || n > ties[best] || n == ties[best] && g.s.open[r] < g.s.open[best] {
				best = r
			}
		}
		if best < 0 {
			break
		}
		most := regionDemands
		if len(list) < regionOpen {
			most = regionMost
		}
		if demands+len(g.first[best]) > most {
			break
		}
		list = append(list, best)
		demands += len(g.first[best])
	}
	return list
}

// cut makes the problem of some positions: with the sites that lie at least as
// near to some demand served from there as what serves it, and with the demands
// that have one of the positions for the nearest or the next. What others might
// gain is left out.
func (g *grouping) cut(around []int32) *region {
	s := g.s
	inside := make(map[int32]bool, len(around))
	r := &region{}
	var demands []int32
	for _, p := range around {
		inside[p] = true
		r.sites = append(r.sites, s.open[p])
	}
	for _, p := range around {
		for _, k := range g.first[p] {
			demands = append(demands, k)
			s.pairs = s.in.within(int(k), s.near[k].d1, s.pairs[:0])
			for _, q := range s.pairs {
				if !s.barred[q.Site] && s.place[q.Site] < 0 {
					r.sites = append(r.sites, q.Site)
				}
			}
		}
		for _, k := range g.second[p] {
			if !inside[s.near[k].p1] {
				demands = append(demands, k)
			}
		}
	}
	slices.Sort(r.sites)
	r.sites = slices.Compact(r.sites)
	slices.Sort(demands)
	opening := make([]float64, len(r.sites))
	for k, j := range r.sites {
		opening[k] = s.in.opening(int(j))
	}
	count := len(around)
	if s.in.Open < 0 {
		count = -1
	}
	r.piece = newPiece(opening, count)
	for _, p := range around {
		k, _ := slices.BinarySearch(r.sites, s.open[p])
		r.known = append(r.known, int32(k))
		r.value += opening[k]
	}
	slices.Sort(r.known)
	var pairs []near.Pair
	for _, k := range demands {
		n := s.near[k]
		r.value += n.d1
		elsewhere := n.d1
		if inside[n.p1] {
			elsewhere = n.d2
			if inside[n.p2] {
				elsewhere = s.ceiling
				for p, j := range s.open {
					if !inside[int32(p)] {
						elsewhere = min(elsewhere, s.cost(int(k), j))
					}
				}
			}
		}
		s.pairs = s.in.within(int(k), elsewhere, s.pairs[:0])
		pairs = pairs[:0]
		for _, q := range s.pairs {
			if at, ok := slices.BinarySearch(r.sites, q.Site); ok && q.Cost < elsewhere {
				pairs = append(pairs, near.Pair{Cost: q.Cost, Site: int32(at)})
			}
		}
		slices.SortFunc(pairs, func(a, b near.Pair) int { return int(a.Site - b.Site) })
		r.add(pairs, elsewhere)
	}
	return r
}
