package locate

import (
	"math"
	"sync"

	"github.com/hubplan/hubplan/hub/locate/internal/near"
)

// mostPairs is the number of pairs up to which Solution.Swap is looked for.
const mostPairs = 1e8

// swap finds the best exchange of one open site for a closed one: the least
// change of the objective, ties to the lowest site that closes, then to the
// lowest that opens. Only candidates move. It returns nil if there is none that
// leaves a feasible solution, if there are too many pairs, or if the search was
// stopped.
//
// All exchanges are valued at once with what Resende and Werneck 2007 ("A fast
// swap-based local search procedure for location problems", Annals of
// Operations Research 150) keep for p-median: with d1 and d2 what a demand
// costs from the nearest and the second-nearest open site and e from site j,
// opening j saves gain(j) = sum of max(0, d1-e), closing k costs loss(k) = sum
// of d2-d1 over the demands whose nearest site is k, and of what the two sums
// count too much extra(k,j) = sum of max(0, d2-max(d1,e)) over those demands is
// taken back. Only sites nearer to a demand than its second-nearest open site
// have a part in that.
func (w *work) swap(a *assignment) *Swap {
	if float64(max(w.demands, len(a.open)))*float64(w.sites) > mostPairs || w.stop() {
		return nil
	}
	e := &exchange{assignment: a, candidate: make([]bool, w.sites)}
	for j := range e.candidate {
		e.candidate[j] = w.status(j) == Candidate
	}
	for _, j := range a.open {
		e.candidate[j] = false
		e.paid += w.opening(j)
	}
	e.group()
	if !e.prepare() {
		return nil
	}
	find := e.sums
	if w.Model == PCenter {
		find = e.largest
	}
	// Positions are valued independently of each other.
	best := make([]Swap, len(a.open))
	e.each(len(a.open), func(k int, s *scratch) {
		best[k] = Swap{Out: a.open[k], In: -1, Change: math.Inf(1)}
		if w.status(a.open[k]) == Candidate {
			find(k, s, &best[k])
		}
	})
	if w.stop() {
		return nil
	}
	var found *Swap
	for k := range best {
		if best[k].In >= 0 && (found == nil || best[k].Change < found.Change) {
			found = &best[k]
		}
	}
	return found
}

// exchange is the search for the best exchange.
type exchange struct {
	*assignment
	candidate []bool  // sites that may enter
	paid      float64 // opening cost of the open sites

	// The demands with weight whose nearest open site is at position k are
	// members[start[k]:start[k+1]]; those that none serves come last.
	start   []int
	members []int32

	// gain is per site what it saves beside the open ones; in PCenter, the
	// largest weighted cost beside it.
	gain    []float64
	covered float64 // weight covered, in a set cover
	total   float64
}

// scratch is what one goroutine works with.
type scratch struct {
	pairs []near.Pair
	extra []float64 // per site, see swap; in PCenter the largest without k
	kept  []int32   // per site: demands stranded without k that it serves
	row   []float64 // per site: its weighted cost for a demand, in PCenter
}

// each calls do for 0 to n-1, on all cores if that is worth while.
func (e *exchange) each(n int, do func(k int, s *scratch)) {
	workers := min(e.Workers, n)
	if e.demands*e.sites < 1e4 {
		workers = 1
	}
	work := func(first int) {
		s := &scratch{extra: make([]float64, e.sites), kept: make([]int32, e.sites)}
		if e.Model == PCenter {
			s.row = make([]float64, e.sites)
		}
		for k := first; k < n && !e.stop(); k += workers {
			do(k, s)
		}
	}
	var wg sync.WaitGroup
	for first := 1; first < workers; first++ {
		wg.Go(func() { work(first) })
	}
	work(0)
	wg.Wait()
}

// group sorts the demands by their nearest open site.
func (e *exchange) group() {
	last := len(e.open)
	position := func(i int) int {
		if at := e.first[i].at; at >= 0 {
			return int(at)
		}
		return last
	}
	e.start = make([]int, last+2)
	for i := range e.demands {
		if e.weight(i) > 0 {
			e.start[position(i)+1]++
		}
	}
	for k := range last + 1 {
		e.start[k+1] += e.start[k]
	}
	e.members = make([]int32, e.start[last+1])
	next := append([]int(nil), e.start...)
	for i := range e.demands {
		if e.weight(i) > 0 {
			k := position(i)
			e.members[next[k]] = int32(i)
			next[k]++
		}
	}
}

// price is what a demand of weight v adds to the sum that its model wants
// small: +Inf if it must not be left like that.
func (e *exchange) price(v, cost float64) float64 {
	switch {
	case e.Model == PMedian || e.Model == FixedCharge:
		return v * cost
	case e.Model == SetCover && e.whole() && e.served(cost) == 0:
		return math.Inf(1)
	case e.Model == SetCover && e.whole():
		return 0
	}
	return -v * e.served(cost)
}

// reach is the cost up to which sites matter to a demand whose second-nearest
// open site costs so much.
func (e *exchange) reach(second float64) float64 {
	switch {
	case e.Model == MaximalCover:
		return min(second, max(e.Radius, e.Fade))
	case e.Model == SetCover:
		return min(second, e.Radius)
	}
	return second
}

// prepare sums over all demands, in blocks merged in their order, what each
// site saves beside the open ones; in PCenter it takes the largest weighted
// cost. It reports false if it was stopped.
func (e *exchange) prepare() bool {
	const blocks = 16
	gains := make([][]float64, blocks)
	covered, total := make([]float64, blocks), make([]float64, blocks)
	e.each(blocks, func(b int, s *scratch) {
		gain := make([]float64, e.sites)
		gains[b] = gain
		for k := len(e.members) * b / blocks; k < len(e.members)*(b+1)/blocks; k++ {
			if k%256 == 0 && e.stop() {
				return
			}
			i := int(e.members[k])
			v, nearest := e.weight(i), e.first[i].cost
			if e.Model == PCenter {
				for j, c := range e.row(i, s) {
					gain[j] = max(gain[j], min(v*nearest, c))
				}
				continue
			}
			total[b] += v
			covered[b] += v * e.served(nearest)
			d1 := e.price(v, nearest)
			s.pairs = e.source.Within(i, e.reach(nearest), s.pairs[:0])
			for _, p := range s.pairs {
				if c := e.price(v, p.Cost); c < d1 {
					gain[p.Site] += d1 - c
				}
			}
		}
	})
	if e.stop() {
		return false
	}
	e.gain = make([]float64, e.sites)
	for b, gain := range gains {
		for j, g := range gain {
			if e.Model == PCenter {
				e.gain[j] = max(e.gain[j], g)
			} else {
				e.gain[j] += g
			}
		}
		e.covered += covered[b]
		e.total += total[b]
	}
	return true
}

// sums values the exchanges of the open site at position k where the
// objective is a sum over the demands.
func (e *exchange) sums(k int, s *scratch, best *Swap) {
	clear(s.extra)
	clear(s.kept)
	loss, stranded := 0.0, int32(0)
	for n, member := range e.members[e.start[k]:e.start[k+1]] {
		if n%1024 == 1023 && e.stop() {
			return
		}
		i := int(member)
		v := e.weight(i)
		near2 := e.second[i].cost
		d1, d2 := e.price(v, e.first[i].cost), e.price(v, near2)
		if math.IsInf(d2, 1) {
			stranded++
		} else {
			loss += d2 - d1
		}
		if d1 == d2 {
			continue
		}
		s.pairs = e.source.Within(i, e.reach(near2), s.pairs[:0])
		for _, p := range s.pairs {
			c := e.price(v, p.Cost)
			switch {
			case math.IsInf(c, 1):
			case math.IsInf(d2, 1):
				s.kept[p.Site]++
				s.extra[p.Site] -= max(c, d1) - d1
			case c < d2:
				s.extra[p.Site] += d2 - max(c, d1)
			}
		}
	}
	out := e.open[k]
	for j, ok := range e.candidate {
		if !ok || s.kept[j] < stranded {
			continue
		}
		change := loss - e.gain[j] - s.extra[j]
		paid := e.opening(j) - e.opening(out)
		switch e.Model {
		case FixedCharge:
			change += paid
		case SetCover:
			if !e.whole() && e.covered-change < e.needed(e.total) {
				continue
			}
			change = paid
		case MaximalCover:
			if !e.fitsBudget(e.paid + paid) {
				continue
			}
		}
		if change < best.Change {
			best.In, best.Change = j, change
		}
	}
}

// largest values the exchanges of the open site at position k where the
// objective is the largest weighted cost. The demands at k cost no more beside
// site j if the site at k stays than if it closes, so that the largest over all
// demands with it, and over those at k without it, are all that counts.
func (e *exchange) largest(k int, s *scratch, best *Swap) {
	clear(s.extra)
	for n, member := range e.members[e.start[k]:e.start[k+1]] {
		if n%256 == 255 && e.stop() {
			return
		}
		i := int(member)
		d2 := e.weight(i) * e.second[i].cost
		for j, c := range e.row(i, s) {
			s.extra[j] = max(s.extra[j], min(d2, c))
		}
	}
	for j, ok := range e.candidate {
		if change := max(e.gain[j], s.extra[j]) - e.objective; ok && change < best.Change {
			best.In, best.Change = j, change
		}
	}
}

// row is the weighted cost of demand i from every site.
func (e *exchange) row(i int, s *scratch) []float64 {
	for j := range s.row {
		s.row[j] = math.Inf(1)
	}
	v := e.weight(i)
	s.pairs = e.source.Within(i, math.Inf(1), s.pairs[:0])
	for _, p := range s.pairs {
		s.row[p.Site] = v * p.Cost
	}
	return s.row
}

// whole reports whether a set cover must cover all demands.
func (p *Problem) whole() bool { return p.Share == 0 || p.Share == 1 }
