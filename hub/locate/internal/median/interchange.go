package median

import (
	"math"
	"slices"

	"github.com/hubplan/hubplan/hub/locate/internal/branch"
	"github.com/hubplan/hubplan/hub/locate/internal/near"
)

// Search is the interchange local search: swap an open site for a closed one
// while that pays; where their number is free, also open one more or close
// one. For every demand it keeps the nearest and second-nearest open site, and
// for every candidate swap (in, out) the saving
//
//	gain[in] - loss[out] + extra[out][in]
//
// which a swap changes only through the demands whose two nearest sites
// change (Resende and Werneck 2007, "A fast swap-based local search
// procedure for location problems", Annals of Operations Research 150).
// Extras are nearly all zero: each open site keeps a list of the others.
type Search struct {
	in   *Instance
	stop func() bool

	// ceiling stands for an impossible or hopeless cost: more than the whole
	// value of the first known solution.
	ceiling float64

	best   float64 // least value seen by Improve
	open   []int32 // by position
	place  []int32 // per site its position, -1 closed
	barred []bool  // per site: may not enter or leave
	near   []nearest
	gain   []float64   // per site
	loss   []float64   // per position
	extra  [][]float64 // per position and site
	noted  [][]int32   // per position: the sites whose extra may not be zero
	pairs  []near.Pair // scratch
	tried  map[uint64]bool
	moves  int // made since the bookkeeping was set up
	effort int // pairs looked at, which stands for time
	end    int // effort at which a descent ends early
}

// nearest is a demand's two nearest open sites.
type nearest struct {
	d1, d2 float64
	p1, p2 int32 // positions in open, -1 none
}

// hopeless is how many times the best value a start may cost to be worth an
// interchange.
const hopeless = 1.01

// NewSearch prepares a search; value is that of a known solution. The search
// gives up early once stop reports true.
func NewSearch(in *Instance, value float64, stop func() bool) *Search {
	_, sites := in.Source.Size()
	s := &Search{
		in: in, stop: stop,
		ceiling: value*(1+1e-6) + math.SmallestNonzeroFloat64,
		best:    value,
		place:   make([]int32, sites),
		barred:  make([]bool, sites),
		near:    make([]nearest, len(in.Demand)),
		gain:    make([]float64, sites),
		tried:   make(map[uint64]bool),
		end:     math.MaxInt,
	}
	s.unbar()
	return s
}

// fork is a search of its own from the same beginning.
func (s *Search) fork() *Search {
	f := NewSearch(s.in, s.best, s.stop)
	f.ceiling = s.ceiling
	return f
}

// unbar lets every site move that is not fixed.
func (s *Search) unbar() {
	for j, f := range s.in.Fixed {
		s.barred[j] = f != branch.Free
	}
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
	s.goTo(start)
	if !deep && s.total() > hopeless*s.best {
		return nil, math.Inf(1)
	}
	s.descend()
	return s.result()
}

// refresh is the number of moves after which the sums are made anew.
const refresh = 1000

// goTo makes the given sites the open ones: by moves if they are few.
func (s *Search) goTo(start []int) {
	different := len(start) - len(s.open)
	for _, j := range start {
		if s.place[j] < 0 {
			different += 2
		}
	}
	if len(s.open) == 0 || 4*different > len(start) || s.moves > refresh {
		s.set(start)
		return
	}
	target := make([]int32, len(start))
	for k, j := range start {
		target[k] = int32(j)
	}
	s.back(target)
}

// result is the present solution, if it is one.
func (s *Search) result() ([]int, float64) {
	open := make([]int, len(s.open))
	for p, j := range s.open {
		open[p] = int(j)
	}
	slices.Sort(open)
	v := s.in.Value(open)
	if math.IsInf(v, 1) {
		return nil, v
	}
	s.best = min(s.best, v)
	return open, v
}

// hash is FNV-1a over the indices.
func hash(open []int) uint64 {
	h := uint64(14695981039346656037)
	for _, j := range open {
		h = (h ^ uint64(j)) * 1099511628211
	}
	return h
}

// set sets up the bookkeeping for a set of open sites.
func (s *Search) set(start []int) {
	s.open, s.moves = s.open[:0], 0
	for j := range s.place {
		s.place[j] = -1
	}
	for p := range s.noted {
		s.forget(p)
	}
	for _, j := range start {
		s.append(int32(j))
	}
	clear(s.gain)
	clear(s.loss)
	for k := range s.near {
		if k%16 == 15 && s.stop() {
			return
		}
		s.near[k] = s.nearest(k)
		s.count(k, 1)
	}
}

// halted reports, at some of the demands, whether stop does. What is kept of
// the demands is wrong from then on: the open sites are right, and their value
// is that of the instance, but no move is worth what it seems.
func (s *Search) halted(k int) bool { return k%256 == 255 && s.stop() }

// append opens a site at a new position, whose row is empty.
func (s *Search) append(j int32) {
	p := len(s.open)
	s.open = append(s.open, j)
	s.place[j] = int32(p)
	if p == len(s.extra) {
		s.extra = append(s.extra, make([]float64, len(s.place)))
		s.noted = append(s.noted, nil)
		s.loss = append(s.loss, 0)
	}
}

// forget empties the row of a position.
func (s *Search) forget(p int) {
	for _, j := range s.noted[p] {
		s.extra[p][j] = 0
	}
	s.noted[p] = s.noted[p][:0]
	s.loss[p] = 0
}

// cost is the cost of a pair with impossible ones at the ceiling.
func (s *Search) cost(k int, j int32) float64 { return min(s.in.cost(k, j), s.ceiling) }

// nearest finds the two nearest open sites of a demand from scratch.
func (s *Search) nearest(k int) nearest {
	n := nearest{s.ceiling, s.ceiling, -1, -1}
	s.effort += len(s.open)
	for p, j := range s.open {
		if j < 0 {
			continue // about to close
		}
		switch c := s.cost(k, j); {
		case c < n.d1:
			n.d2, n.p2 = n.d1, n.p1
			n.d1, n.p1 = c, int32(p)
		case c < n.d2:
			n.d2, n.p2 = c, int32(p)
		}
	}
	return n
}

// count adds (sign 1) or takes back (sign -1) what a demand contributes to
// the savings.
func (s *Search) count(k int, sign float64) {
	n := s.near[k]
	s.pairs = s.in.within(k, n.d2, s.pairs[:0])
	s.effort += len(s.pairs)
	if n.p1 < 0 { // served by nobody: only a gain
		for _, p := range s.pairs {
			if p.Cost < n.d1 {
				s.gain[p.Site] += sign * (n.d1 - p.Cost)
			}
		}
		return
	}
	s.loss[n.p1] += sign * (n.d2 - n.d1)
	extra, noted := s.extra[n.p1], s.noted[n.p1]
	for _, p := range s.pairs {
		j := p.Site
		e := n.d2 - n.d1
		switch {
		case p.Cost >= n.d2:
			continue
		case p.Cost < n.d1:
			s.gain[j] += sign * (n.d1 - p.Cost)
		default:
			e = n.d2 - p.Cost
		}
		if extra[j] == 0 {
			noted = append(noted, j)
		}
		extra[j] += sign * e
	}
	s.noted[n.p1] = noted
}

// descend makes the best move while one pays, and the effort lasts.
func (s *Search) descend() {
	value := s.total()
	for !s.stop() && s.effort < s.end {
		m := s.bestMove()
		// Sums kept by adding and taking back drift by rounding: a move must
		// pay more than that, and is checked once made.
		if m.saving <= 1e-11*value {
			return
		}
		back := s.make(m)
		v := s.total()
		if v >= value {
			s.make(back)
			return
		}
		value = v
	}
}

// total is the value of the open sites, with costs cut at the ceiling.
func (s *Search) total() float64 {
	var sum float64
	for k := range s.near {
		sum += s.near[k].d1
	}
	for _, j := range s.open {
		sum += s.in.opening(int(j))
	}
	return sum
}

// move opens a site (in, -1 none) and closes the one at a position (pos, -1
// none).
type move struct {
	in, pos int32
	saving  float64
}

// better prefers the larger saving, then the lower entering, then the lower
// leaving site.
func (s *Search) better(a, b move) bool {
	if a.saving != b.saving {
		return a.saving > b.saving
	}
	if a.in != b.in {
		return a.in < b.in
	}
	return a.pos >= 0 && b.pos >= 0 && s.open[a.pos] < s.open[b.pos]
}

// bestMove returns the move with the largest saving; a saving of 0 or less
// means that none pays.
func (s *Search) bestMove() move {
	best := move{-1, -1, 0}
	take := func(m move) {
		if s.better(m, best) {
			best = m
		}
	}
	enter, leave := move{-1, -1, math.Inf(-1)}, move{-1, -1, math.Inf(-1)}
	for j, g := range s.gain {
		if s.place[j] < 0 && !s.barred[j] {
			if v := g - s.in.opening(j); v > enter.saving {
				enter = move{int32(j), -1, v}
			}
		}
	}
	for p, out := range s.open {
		if s.barred[out] {
			continue
		}
		saved := s.in.opening(int(out)) - s.loss[p]
		if saved > leave.saving || saved == leave.saving && out < s.open[leave.pos] {
			leave = move{-1, int32(p), saved}
		}
		extra, noted := s.extra[p], s.noted[p]
		s.effort += len(noted)
		for at := 0; at < len(noted); {
			j := noted[at]
			e := extra[j]
			if e == 0 {
				noted[at] = noted[len(noted)-1]
				noted = noted[:len(noted)-1]
				continue
			}
			at++
			if s.place[j] >= 0 || s.barred[j] {
				continue
			}
			if v := s.gain[j] - s.in.opening(int(j)) + saved + e; v > 0 && v >= best.saving {
				take(move{j, int32(p), v})
			}
		}
		s.noted[p] = noted
	}
	// Where there is no extra, the best to enter and the best to leave.
	if enter.in >= 0 && leave.pos >= 0 {
		if v := enter.saving + leave.saving; v > 0 {
			take(move{enter.in, leave.pos, v})
		}
	}
	if s.in.Open < 0 {
		if enter.saving > 0 {
			take(enter)
		}
		if leave.saving > 0 && len(s.open) > 1 {
			take(leave)
		}
	}
	return best
}

// make makes a move and returns the one that takes it back.
func (s *Search) make(m move) move {
	s.moves++
	switch {
	case m.pos < 0:
		s.append(m.in)
		s.enter(m.in, int32(len(s.open)-1))
		return move{in: -1, pos: int32(len(s.open) - 1)}
	case m.in < 0:
		return move{in: s.drop(m.pos), pos: -1}
	}
	out := s.open[m.pos]
	s.place[out], s.place[m.in] = -1, m.pos
	s.open[m.pos] = m.in
	s.enter(m.in, m.pos)
	return move{in: out, pos: m.pos}
}

// enter updates the demands that notice that site in has taken a position.
func (s *Search) enter(in, pos int32) {
	s.effort += len(s.near)
	for k := range s.near {
		if s.halted(k) {
			return
		}
		n := s.near[k]
		lost := n.p1 == pos || n.p2 == pos
		c := s.cost(k, in)
		if !lost && c >= n.d2 {
			continue
		}
		s.count(k, -1)
		switch {
		case lost:
			s.near[k] = s.nearest(k)
		case c < n.d1:
			s.near[k] = nearest{c, n.d1, pos, n.p1}
		default:
			s.near[k].d2, s.near[k].p2 = c, pos
		}
		s.count(k, 1)
	}
}

// drop closes the site at a position, which the last one takes, and returns it.
func (s *Search) drop(pos int32) int32 {
	out := s.open[pos]
	s.place[out], s.open[pos] = -1, -1
	last := int32(len(s.open) - 1)
	for k := range s.near {
		if s.halted(k) {
			break
		}
		n := &s.near[k]
		if n.p1 == pos || n.p2 == pos {
			s.count(k, -1)
			*n = s.nearest(k)
			s.count(k, 1)
		}
	}
	s.forget(int(pos))
	if pos != last {
		s.open[pos] = s.open[last]
		s.place[s.open[pos]] = pos
		s.extra[pos], s.extra[last] = s.extra[last], s.extra[pos]
		s.noted[pos], s.noted[last] = s.noted[last], s.noted[pos]
		s.loss[pos], s.loss[last] = s.loss[last], 0
		for k := range s.near {
			n := &s.near[k]
			if n.p1 == last {
				n.p1 = pos
			}
			if n.p2 == last {
				n.p2 = pos
			}
		}
	}
	s.open = s.open[:last]
	return out
}
