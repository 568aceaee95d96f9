package center

import (
	"cmp"
	"math"
	"slices"

	"github.com/hubplan/hubplan/hub/locate/internal/cover"
	"github.com/hubplan/hubplan/hub/locate/internal/near"
)

// What ask finds out.
type answer int

const (
	unknown    answer = iota
	reached           // there is a solution of at most the radius: it is offered
	impossible        // there is none: the bound is raised
)

// effort of one question: how often the sample may grow, and each time operations
// of a walk and nodes of a decision.
type effort struct{ rounds, work, nodes int }

func (e effort) twice() effort {
	const most = 1 << 40
	return effort{min(2*e.rounds, most), min(2*e.work, most), min(2*e.nodes, most)}
}

// ask looks for a solution of radius at most r. Sites that cover the sample
// within r are measured at all demands; those they leave out join the sample.
func (s *search) ask(r float64, e effort) answer {
	s.cells.reset(r)
	s.pressed = 0
	var open []int // found last, or to start from: by turns the best, and none
	if s.asked++; s.asked%2 == 1 {
		open = s.best.Open
	}
	for e.rounds > 0 && !s.ended() {
		for _, i := range s.sample[s.cells.seen:] {
			s.cells.split(i)
			if s.o.Stop() {
				return unknown
			}
		}
		a := impossible
		if in, sites, ok := s.cells.instance(); ok {
			open, a = s.cover(in, sites, open, e)
		}
		switch a {
		case impossible:
			s.raise(s.above(r))
			return impossible
		case unknown:
			return unknown
		}
		if a = s.settle(open, r, &e); a == reached {
			return reached
		}
	}
	return unknown
}

// settle measures sites that cover the sample within r and adds to the sample
// what they leave out, to which it moves them, for as long as they cover it.
func (s *search) settle(open []int, r float64, e *effort) answer {
	if s.proving && s.few() {
		return s.settleFew(open, r, e)
	}
	for e.rounds > 0 && !s.ended() {
		e.rounds--
		radius, whole := s.measure(open, r)
		if !whole {
			break
		}
		s.offer(open, radius)
		if radius <= r {
			return reached
		}
		s.enlarge(len(open))
		var within float64
		if open, within = s.recentre(open, r); within > r {
			break
		}
	}
	return unknown
}

// settleFew is settle for few sites: those in the middle of what they serve leave
// out less of the rest, and what else may be done nearby is decided.
func (s *search) settleFew(open []int, r float64, e *effort) answer {
	const close = 0.97 // from which part of the best radius on it pays to look nearby
	e.rounds--
	open, _ = s.recentre(open, 0)
	radius, whole := s.measure(open, r)
	if !whole {
		return unknown
	}
	s.offer(open, radius)
	if radius <= r {
		return reached
	}
	if r < close*s.best.Radius {
		s.enlarge(len(open))
		return unknown
	}
	// Most solutions lead to the same few, so that this pays ever less often.
	s.pressed++
	if s.pressed&(s.pressed-1) == 0 && s.press(open, radius, r) {
		return reached
	}
	if _, whole = s.measure(open, r); !whole {
		return unknown
	}
	s.enlarge(len(open))
	if now, _ := s.tighten(open, r); now != nil {
		return reached
	}
	return unknown
}

// cover looks for sites, those given included, that cover the instance, whose
// sites are numbered as in the list sites. It begins with those of start.
func (s *search) cover(in *cover.Instance, sites []int32, start []int, e effort) ([]int, answer) {
	reduced := cover.Reduce(in, s.o.Stop)
	left := s.in.Open - len(reduced.Forced)
	if left < 0 {
		return nil, impossible
	}
	open := slices.Clone(s.in.Given)
	for _, k := range reduced.Forced {
		open = append(open, int(sites[k]))
	}
	if len(reduced.Rows) > 0 {
		chosen, a := s.choose(&reduced.Instance, left, s.cells.columns(start, reduced.Site), e)
		if a != reached {
			return nil, a
		}
		for _, k := range chosen {
			open = append(open, int(sites[reduced.Site[k]]))
		}
	}
	slices.Sort(open)
	return open, reached
}

// choose covers an instance by at most k sites: it walks a little, decides, and
// walks on for as long as there is work left. What is easy either way, which
// most questions are, is found out early.
func (s *search) choose(in *cover.Instance, k int, start []int, e effort) ([]int, answer) {
	const (
		little = 10   // the part of the work that comes first is one in so many
		usual  = 50   // sites for which the work is meant; with more it grows
		least  = 2000 // steps
	)
	if s.proving && s.few() { // a tree that finds a cover finds it before a walk does
		if open, a := s.decide(in, k, e.nodes); a != unknown || s.ended() {
			return open, a
		}
	}
	s.seeds++
	walk := cover.NewWalk(in, start, s.o.Seed+s.seeds)
	steps := max(least, e.work/usual*k/walk.Cost())
	if open := walk.Swap(k, steps/little, s.o.Stop); open != nil {
		return open, reached
	}
	if open, a := s.decide(in, k, e.nodes); a != unknown || s.ended() {
		return open, a
	}
	if s.strolls == nil { // else all demands are walked over
		if open := walk.Swap(k, steps, s.o.Stop); open != nil {
			return open, reached
		}
	}
	return nil, unknown
}

// few reports whether so few sites open that a question is best decided by
// places for them.
func (s *search) few() bool { return s.in.Open <= 30 }

// placed is how many nodes of cover.Place are one of cover.Decide.
const placed = 50

// decide looks for a cover by at most k sites in a tree of some nodes, of which
// no more than the options allow.
func (s *search) decide(in *cover.Instance, k, nodes int) ([]int, answer) {
	if s.ended() {
		return nil, unknown
	}
	if s.few() {
		nodes *= placed
	}
	if s.o.Nodes > 0 {
		nodes = min(nodes, s.o.Nodes-s.best.Nodes)
	}
	var d cover.Decision
	if s.few() {
		d = cover.Place(in, k, nodes, s.o.Stop)
	} else {
		d = cover.Decide(in, k, nodes, s.o.Stop)
	}
	s.best.Nodes += min(d.Nodes, nodes)
	s.hopeless = !d.Done && d.Nodes <= 1
	switch {
	case d.Open != nil:
		return d.Open, reached
	case d.Done:
		return nil, impossible
	}
	return nil, unknown
}

// enlarge adds to the sample a few of the demands that measure has found: the
// worst of one open site in ten, or in three where few sites open. A larger
// sample would need fewer rounds, but what it costs to decide grows faster.
func (s *search) enlarge(sites int) {
	worst := slices.DeleteFunc(slices.Clone(s.worst), func(f near.Far) bool { return f.Demand < 0 })
	slices.SortFunc(worst, func(a, b near.Far) int {
		return cmp.Or(cmp.Compare(b.Cost, a.Cost), cmp.Compare(a.Demand, b.Demand))
	})
	most := 1 + sites/10
	if s.proving && s.few() {
		most = 1 + sites/3
	}
	for _, f := range worst[:min(len(worst), most)] {
		s.add(f.Demand)
	}
}

// add puts a demand into the sample.
func (s *search) add(i int32) {
	if !s.sampled[i] {
		s.sampled[i] = true
		s.sample = append(s.sample, i)
	}
}

// The efforts: of the questions that narrow the radius down, and of the first
// that ask for proof, which double whenever they did not suffice.
var (
	quick = effort{rounds: 60, work: 1e7, nodes: 20}
	first = effort{rounds: 300, work: 4e8, nodes: 400}
)

// narrow halves the range of the radius. What is not found quickly is taken
// for impossible here, though it proves nothing.
func (s *search) narrow() {
	const near = 1e-3
	low := s.best.Bound
	for !s.ended() && s.best.Radius-low > near*s.best.Radius {
		high := s.best.Radius
		r := max(low, min(s.grained(low+(high-low)/2), s.below(high)))
		switch a := s.ask(r, quick); {
		case a == reached:
		case s.in.Grain > 0:
			low = r + s.in.Grain
		default:
			low = r
		}
	}
}

// reach looks for any solution at all, where not every pair is possible.
func (s *search) reach() {
	for e := first; !s.ended() && s.best.Open == nil; e = e.twice() {
		s.ask(math.MaxFloat64, e)
	}
}

// prove asks for a radius just below the best until there is none, with ever
// more effort. After a success it dares a larger step, but not beyond the
// middle of what is open.
func (s *search) prove() {
	const perDemand = 3e4 // of polishing where few sites open
	s.proving = true
	if s.few() && s.best.Open != nil && !s.ended() {
		s.ask(s.below(s.best.Radius), effort{rounds: 3, work: 1e5, nodes: 5})
	}
	if s.few() {
		s.polish(min(first.work/4, perDemand*s.n))
		s.press(s.best.Open, s.best.Radius, s.best.Bound)
	} else {
		s.polish(quick.work)
	}
	s.forget()
	s.lift(first)
	e, dare := first, 0.0
	for !s.ended() {
		radius := s.best.Radius
		r := s.below(radius)
		if dare > 0 {
			r = min(r, s.grained(max(radius-dare, s.best.Bound+(radius-s.best.Bound)/2)))
		}
		a := s.ask(r, e)
		switch {
		case a == reached:
			dare = max(2*dare, radius-s.best.Radius)
		case dare > 0 && a == unknown:
			dare = 0
		case dare > 0:
			if dare /= 4; dare < 1e-13*radius {
				dare = 0
			}
		case a == unknown && s.polish(s.share(e)):
		case a == unknown:
			s.lift(e)
			e = e.twice()
		}
	}
}

// forget leaves of the sample the demands it began with. Those that came to it
// on the way down to the best radius are more than proofs need, which grow much
// slower with fewer demands; what they do need comes again. It pays where the
// cells of the sample are too many to look through.
func (s *search) forget() {
	const many = 8192
	cells := 0
	for _, size := range s.cells.size {
		if size > 0 {
			cells++
		}
	}
	if cells < many {
		return
	}
	s.shrink(s.began)
}

// shrink leaves the first demands of the sample in it.
func (s *search) shrink(size int) {
	for _, i := range s.sample[size:] {
		s.sampled[i] = false
	}
	s.sample = s.sample[:size]
}

// share is the effort that goes into polishing: much where a tree has no hope of
// giving the answer, else little.
func (s *search) share(e effort) int {
	if s.hopeless {
		return 10 * e.work
	}
	return min(e.work, quick.work)
}

// lift raises the bound by a few questions between it and the radius, which are
// searched more than walked: of what is impossible there is more.
func (s *search) lift(e effort) {
	const questions, near = 10, 1e-3
	e.work, e.nodes = min(e.work, quick.work), e.nodes/4
	high := s.best.Radius
	for range questions {
		r := max(s.best.Bound, s.grained(s.best.Bound+(high-s.best.Bound)/2))
		if s.ended() || r >= high || high-s.best.Bound < near*high {
			return
		}
		switch s.ask(r, e) {
		case reached:
			high = s.best.Radius
		case unknown:
			high = r
		}
	}
}
