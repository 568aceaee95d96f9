package median

import (
	"math"
	"math/rand/v2"
	"slices"

	"github.com/hubplan/hubplan/hub/locate/internal/branch"
	"github.com/hubplan/hubplan/hub/locate/internal/near"
)

// Sample extends a set of open sites to in.Open of them (to one at least where
// their number is free): a demand is drawn with the odds of what it costs now,
// and the nearest site to it opens (Arthur and Vassilvitskii 2007,
// "k-means++"). Once stop reports true it fills up with the lowest indices.
func (in *Instance) Sample(start []int, rng *rand.Rand, stop func() bool) []int {
	if len(start) >= max(in.Open, 1) {
		return slices.Sorted(slices.Values(start))
	}
	isOpen := make([]bool, len(in.Fixed))
	var open []int
	cost := make([]float64, len(in.Demand))
	for k := range cost {
		cost[k] = math.Inf(1)
	}
	add := func(j int) {
		open = append(open, j)
		isOpen[j] = true
		for k := range cost {
			if k%(1<<16) == 0 && stop() {
				return
			}
			cost[k] = min(cost[k], in.cost(k, int32(j)))
		}
	}
	for _, j := range start {
		add(j)
	}
	var pairs []near.Pair
	lowest := 0 // site that may not be open
	for len(open) < max(in.Open, 1) {
		j, k := -1, -1
		if !stop() {
			k = draw(cost, rng)
		}
		if k >= 0 {
			for look := 4; j < 0; look *= 4 {
				pairs = in.Source.Nearest(int(in.Demand[k]), look, pairs[:0])
				for _, p := range pairs {
					if !isOpen[p.Site] && in.Fixed[p.Site] != branch.Out {
						j = int(p.Site)
						break
					}
				}
				if len(pairs) < look {
					break
				}
			}
		}
		for ; j < 0; lowest++ {
			if !isOpen[lowest] && in.Fixed[lowest] != branch.Out {
				j = lowest
			}
		}
		add(j)
	}
	slices.Sort(open)
	return open
}

// draw picks an index with odds in proportion to the costs, of infinite ones
// any with the same odds; -1 if all are 0.
func draw(cost []float64, rng *rand.Rand) int {
	var sum float64
	infinite := 0
	for _, c := range cost {
		if math.IsInf(c, 1) {
			infinite++
		} else {
			sum += c
		}
	}
	if infinite > 0 {
		at := rng.IntN(infinite)
		for k, c := range cost {
			if math.IsInf(c, 1) {
				if at == 0 {
					return k
				}
				at--
			}
		}
	}
	left := sum * rng.Float64()
	last := -1
	for k, c := range cost {
		if c > 0 {
			last = k
			if left -= c; left < 0 {
				return k
			}
		}
	}
	return last
}

// elites is the number of good solutions kept to make paths between.
const elites = 6

// Explore looks for a good solution: from the given start and from sampled
// ones it descends and perturbs, and then tries the paths between the best
// (Resende and Werneck 2004, "A hybrid heuristic for the p-median problem",
// Journal of Heuristics 10). It looks at about as many pairs as so many
// passes over all demands do, and at least and at most at the numbers given.
func (s *Search) Explore(start []int, rng *rand.Rand, passes, least, most int) ([]int, float64) {
	s.end = most
	if most < math.MaxInt-s.effort {
		s.end += s.effort
	}
	defer func() { s.end = math.MaxInt }()
	s.set(start)
	s.descend()
	before := s.effort
	for k, n := range s.near {
		if s.halted(k) {
			break
		}
		s.pairs = s.in.within(k, n.d2, s.pairs[:0])
		s.effort += len(s.pairs)
	}
	end := min(before+max(least, passes*(s.effort-before)), s.end)
	s.Shake(rng, s.effort+max(0, end-s.effort)/4)
	var pool []elite
	keep := func() {
		open, v := s.result()
		if open != nil && !slices.ContainsFunc(pool, func(e elite) bool { return slices.Equal(e.open, open) }) {
			pool = append(pool, elite{open, v})
			slices.SortStableFunc(pool, func(a, b elite) int {
				if a.value < b.value {
					return -1
				}
				if a.value > b.value {
					return 1
				}
				return 0
			})
			pool = pool[:min(len(pool), elites)]
		}
	}
	keep()
	given := s.in.Given()
	share := max(0, end-s.effort) / (2 * elites)
	for round := 1; round < elites && s.effort < end && len(pool) > 0 && !s.stop(); round++ {
		s.set(s.in.Sample(given, rng, s.stop))
		s.descend()
		s.Shake(rng, s.effort+share)
		keep()
	}
	for a := 1; a < len(pool) && s.effort < end && !s.stop(); a++ {
		for b := range a {
			s.relink(pool[a].open, pool[b].open)
			s.descend()
		}
		keep()
	}
	if len(pool) == 0 {
		return nil, math.Inf(1)
	}
	return pool[0].open, pool[0].value
}

type elite struct {
	open  []int
	value float64
}

// relink walks from one solution to another by the best moves that lead there
// and stays at the best set on the way.
func (s *Search) relink(from, to []int) {
	s.set(from)
	var in, out []int32
	for _, j := range to {
		if s.place[j] < 0 {
			in = append(in, int32(j))
		}
	}
	for _, j := range from {
		if _, kept := slices.BinarySearch(to, j); !kept {
			out = append(out, int32(j))
		}
	}
	best, least := slices.Clone(s.open), math.Inf(1)
	for len(in)+len(out) > 2 && !s.stop() {
		m := s.anyMove(in, out)
		if m.in >= 0 {
			in = slices.DeleteFunc(in, func(j int32) bool { return j == m.in })
		}
		if m.pos >= 0 {
			out = slices.DeleteFunc(out, func(j int32) bool { return j == s.open[m.pos] })
		}
		s.make(m)
		if v := s.total(); len(in)+len(out) > 0 && v < least {
			best, least = append(best[:0], s.open...), v
		}
	}
	s.back(best)
}

// anyMove is the best move among the sites given, whether it pays or not: a
// swap, or where there is nothing left to swap an opening or a closing.
func (s *Search) anyMove(in, out []int32) move {
	best := move{-1, -1, math.Inf(-1)}
	for _, o := range out {
		p := s.place[o]
		saved := s.in.opening(int(o)) - s.loss[p]
		for _, j := range in {
			if v := s.gain[j] - s.in.opening(int(j)) + saved + s.extra[p][j]; v > best.saving {
				best = move{j, p, v}
			}
		}
		if len(in) == 0 && saved > best.saving {
			best = move{-1, p, saved}
		}
	}
	if len(out) == 0 {
		for _, j := range in {
			if v := s.gain[j] - s.in.opening(int(j)); v > best.saving {
				best = move{j, -1, v}
			}
		}
	}
	return best
}

// Shake improves the present solution by small random moves near one demand,
// each followed by the interchange and taken back if that has made things
// worse, until the effort has reached end or nothing was gained for long.
func (s *Search) Shake(rng *rand.Rand, end int) {
	best, value := slices.Clone(s.open), s.total()
	for idle := 0; idle < 40+4*len(best) && s.effort < end && !s.stop(); idle++ {
		if !s.perturb(rng) {
			return
		}
		s.descend()
		v := s.total()
		if s.stop() {
			v = math.Inf(1) // the sums may be cut short
		}
		if v < value {
			idle = -1
		}
		if v <= value {
			best, value = append(best[:0], s.open...), v
		} else {
			s.back(best)
		}
	}
}

// perturb opens up to three sites near one demand and closes as many of the
// sites that serve there; where the number is free it may do one of the two
// alone. It reports false if nothing can move.
func (s *Search) perturb(rng *rand.Rand) bool {
	moved := false
	k := rng.IntN(len(s.near))
	for range 1 + rng.IntN(3) {
		if s.stop() {
			break
		}
		n := s.near[k]
		s.pairs = s.in.within(k, n.d2, s.pairs[:0])
		s.effort += len(s.pairs)
		in, seen := int32(-1), 0
		for _, p := range s.pairs { // any of them with the same odds
			if s.place[p.Site] < 0 && !s.barred[p.Site] {
				if seen++; rng.IntN(seen) == 0 {
					in = p.Site
				}
			}
		}
		pos := n.p1
		if rng.IntN(2) == 0 {
			pos = n.p2
		}
		if pos >= 0 && s.barred[s.open[pos]] {
			pos = -1
		}
		if s.in.Open < 0 {
			switch rng.IntN(3) {
			case 0:
				in = -1
			case 1:
				pos = -1
			}
			if in < 0 && len(s.open) < 2 {
				pos = -1
			}
		} else if in < 0 || pos < 0 {
			in, pos = -1, -1
		}
		if in >= 0 || pos >= 0 {
			s.make(move{in: in, pos: pos})
			moved = true
		}
		k = s.neighbour(k, rng)
	}
	return moved || len(s.near) > 1
}

// neighbour is a demand with a nearest site in common with the k-th, drawn
// among a few.
func (s *Search) neighbour(k int, rng *rand.Rand) int {
	a := s.near[k]
	for range 50 {
		o := rng.IntN(len(s.near))
		if b := s.near[o]; b.p1 >= 0 && (b.p1 == a.p1 || b.p1 == a.p2 || b.p2 == a.p1) {
			return o
		}
	}
	return k
}

// back returns to a set of open sites by the moves that lead there.
func (s *Search) back(open []int32) {
	target := make(map[int32]bool, len(open))
	var in []int32
	for _, j := range open {
		target[j] = true
		if s.place[j] < 0 {
			in = append(in, j)
		}
	}
	var out []int32
	for _, j := range s.open {
		if !target[j] {
			out = append(out, j)
		}
	}
	for len(in) > 0 || len(out) > 0 {
		m := move{in: -1, pos: -1}
		if len(in) > 0 {
			m.in, in = in[0], in[1:]
		}
		if len(out) > 0 {
			m.pos, out = s.place[out[0]], out[1:]
		}
		s.make(m)
	}
}

// multipliers draws candidates for good multipliers from the present solution.
// A demand starts to notice a change of the set between its two nearest open
// sites. Where demands lie densely, though, best multipliers hardly vary from
// one to the next: over a disc around a site of evenly spread demands they are
// its radius, one and a half times the mean cost.
func (s *Search) multipliers() [][]float64 {
	if s.stop() {
		return [][]float64{make([]float64, len(s.near))}
	}
	between := make([]float64, len(s.near))
	sum, count := make([]float64, len(s.open)), make([]float64, len(s.open))
	for k, n := range s.near {
		between[k] = n.d1
		if n.d2 < s.ceiling {
			between[k] = (n.d1 + n.d2) / 2
		}
		if n.p1 >= 0 {
			sum[n.p1] += n.d1
			count[n.p1]++
		}
	}
	starts := [][]float64{between}
	for _, factor := range []float64{1.35, 1.5} {
		even := make([]float64, len(s.near))
		for k, n := range s.near {
			even[k] = n.d1
			if n.p1 >= 0 {
				even[k] = min(max(n.d1, factor*sum[n.p1]/count[n.p1]), s.ceiling)
			}
		}
		starts = append(starts, even)
	}
	return starts
}

// Coarse is the same problem on one in so many sites, drawn at random, with
// those open for good: a solution of it is a start for the whole, found at a
// fraction of the cost. The demands nearest to the same of these sites stand
// together for one, the nearest of them; once stop reports true the rest is
// left out. It returns which sites it has.
func (in *Instance) Coarse(one int, rng *rand.Rand, stop func() bool) (*Instance, []int) {
	c := &Instance{Open: in.Open, Limit: math.Inf(1), Workers: in.Workers}
	var sites []int
	for j, f := range in.Fixed {
		if f == branch.In || f == branch.Free && rng.IntN(one) == 0 {
			sites = append(sites, j)
			c.Fixed = append(c.Fixed, f)
			if in.Opening != nil {
				c.Opening = append(c.Opening, in.Opening[j])
			}
		}
	}
	c.Source = near.Among(in.Source, sites)
	weight, cost, first := make([]float64, len(sites)), make([]float64, len(sites)), make([]int32, len(sites))
	var pairs []near.Pair
	for k, i := range in.Demand {
		if k%1024 == 0 && stop() {
			break
		}
		pairs = c.Source.Nearest(int(i), 1, pairs[:0])
		for _, p := range pairs {
			if weight[p.Site] == 0 || p.Cost < cost[p.Site] {
				cost[p.Site], first[p.Site] = p.Cost, i
			}
			weight[p.Site] += in.weight(k)
		}
	}
	for s, w := range weight {
		if w > 0 {
			c.Demand, c.Weight = append(c.Demand, first[s]), append(c.Weight, w)
		}
	}
	return c, sites
}

// Spread gives the demands of an instance the multipliers of a coarse one, for
// each unit of weight the mean of those around the nearest sites of it. Once
// stop reports true the rest is 0.
func (in *Instance) Spread(c *Instance, u []float64, stop func() bool) []float64 {
	sum, count := make([]float64, len(c.Fixed)), make([]float64, len(c.Fixed))
	var pairs []near.Pair
	for k, i := range c.Demand {
		pairs = c.Source.Nearest(int(i), 1, pairs[:0])
		sum[pairs[0].Site] += u[k] / c.weight(k)
		count[pairs[0].Site]++
	}
	spread := make([]float64, len(in.Demand))
	for k, i := range in.Demand {
		if k%1024 == 0 && stop() {
			break
		}
		pairs = c.Source.Nearest(int(i), 4, pairs[:0])
		var s, n float64
		for _, p := range pairs {
			s += sum[p.Site]
			n += count[p.Site]
		}
		if n > 0 {
			spread[k] = in.weight(k) * s / n
		}
	}
	return spread
}
