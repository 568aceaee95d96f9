package route

import (
	"iter"
	"math"
	"time"

	"github.com/hubplan/hubplan/route/internal/graph"
)

// Stretch is a part of an edge that is reached within a limit, from one fraction
// of the edge's length to another, both counted from its From node and both
// included. Start is at most End. The times are those on the edge: at a node, other
// edges may be faster. Between its ends a stretch may take longer than at them,
// where it is entered from both, but not longer than the limit.
type Stretch struct {
	Edge           int
	Start, End     float64
	AtStart, AtEnd time.Duration
}

// Share is a stretch all of which one stop reaches the fastest.
type Share struct {
	Stop int
	Stretch
}

// Stretches yields what is reached of every edge within a limit, in the order of
// the edges and along each. Stretches of an edge do not meet: a point inside an
// edge is in one of them if and only if [Reached.At] is within the limit. A limit
// above that of [Router.Within] counts as it.
//
// An edge is reached from both ends where it is open both ways, from its start
// alone where it is one-way, and from stops on it. As times are whole milliseconds,
// half a millisecond of road beyond a point has its time.
func (x *Reached) Stretches(limit time.Duration) iter.Seq[Stretch] {
	return func(yield func(Stretch) bool) {
		for s := range x.shares(limit, func(a, b *run) bool { return true }) {
			if !yield(s.Stretch) {
				return
			}
		}
	}
}

// Shares yields the stretches of [Reached.Stretches] cut where the nearest stop
// changes: those of each edge are apart, but with no point between them where they
// meet, and every point is in the share of its nearest stop, of stops equally near
// that with the lowest number.
func (x *Reached) Shares(limit time.Duration) iter.Seq[Share] {
	return x.shares(limit, func(a, b *run) bool { return a.stop == b.stop })
}

// shares yields the runs of all edges, those joined that meet and may be.
func (x *Reached) shares(limit time.Duration, join func(a, b *run) bool) iter.Seq[Share] {
	within := min(wholeMillis(max(limit, 0)), x.limit)
	return func(yield func(Share) bool) {
		if limit < 0 {
			return
		}
		var runs []run
		for e := range x.r.net.Edges() {
			runs = x.runs(e, within, runs[:0])
			for i := 0; i < len(runs); i++ {
				first := &runs[i]
				for i+1 < len(runs) && above(runs[i].end) >= runs[i+1].start && join(first, &runs[i+1]) {
					i++
				}
				last := &runs[i]
				s := Share{int(first.stop), Stretch{
					Edge: e, Start: first.start, End: last.end,
					AtStart: first.time(first.start), AtEnd: last.time(last.end),
				}}
				if !yield(s) {
					return
				}
			}
		}
	}
}

// arrival is a stop, and when it is at some place.
type arrival struct {
	ms   int64
	stop int32 // -1: never
}

var never = arrival{math.MaxInt64, -1}

// before reports whether a is earlier than b, of two at once from the lower stop.
func (a arrival) before(b arrival) bool {
	return a.ms < b.ms || a.ms == b.ms && a.stop < b.stop
}

func (a arrival) nearer(b arrival) arrival {
	if b.before(a) {
		return b
	}
	return a
}

// crossing is how an edge can be reached. A stop that goes forth along it is at a
// fraction f at some base plus the offset of f, one that goes back at its base less
// the offset: so those that go one way keep their order, and of two that go
// opposite ways one is the nearer up to some fraction and the other beyond.
type crossing struct {
	forth, back uint32
	// The bases of who enters at the ends.
	fromFrom, fromTo arrival
	stops            []int32 // inside, by fraction
}

// cross fills in how an edge is reached within a limit.
func (x *Reached) cross(edge int, limit uint32, e *crossing) {
	e.forth, e.back = x.r.costs(edge)
	e.fromFrom, e.fromTo = never, never
	if e.forth != graph.Inf {
		e.fromFrom = x.entry(Forth(edge), limit)
	}
	if e.back != graph.Inf {
		if e.fromTo = x.entry(Back(edge), limit); e.fromTo.stop >= 0 {
			e.fromTo.ms += int64(e.back)
		}
	}
	e.stops = nil
	if len(x.inside) > 0 {
		e.stops = x.inside[edge]
	}
}

// forthFrom and backFrom are the bases of a stop on the edge.
func (e *crossing) forthFrom(s Stop, number int32) arrival {
	if e.forth == graph.Inf {
		return never
	}
	return arrival{int64(s.access()) - int64(offset(e.forth, s.Fraction)), number}
}

func (e *crossing) backFrom(s Stop, number int32) arrival {
	if e.back == graph.Inf {
		return never
	}
	return arrival{int64(s.access()) + int64(offset(e.back, s.Fraction)), number}
}

// forthAt and backAt are when someone with a base is at a fraction.
func (e *crossing) forthAt(base arrival, f float64) arrival {
	if base.stop >= 0 {
		base.ms += int64(offset(e.forth, f))
	}
	return base
}

func (e *crossing) backAt(base arrival, f float64) arrival {
	if base.stop >= 0 {
		base.ms -= int64(offset(e.back, f))
	}
	return base
}

// run is a part of an edge that one stop reaches the fastest, going one way: at
// fraction f it is there at base, plus or minus the offset of f.
type run struct {
	start, end float64
	base       int64
	sign       int64 // 1 forth, -1 back
	cost       uint32
	stop       int32
}

// time is the time at a point of the run in the clock of the engine.
func (u *run) time(f float64) time.Duration {
	return duration(uint32(u.base + u.sign*int64(offset(u.cost, f))))
}

// smooth is the time at a point of the run in milliseconds before it is rounded.
func (u *run) smooth(f float64) float64 {
	return float64(u.base) + float64(u.sign)*f*float64(u.cost)
}

// runs appends what is reached of an edge within a limit, in order along it.
//
// The stops on the edge cut it into parts, and each of them is a part of its own.
// Within a part the nearest of those that go forth and of those that go back stay
// the same.
func (x *Reached) runs(edge int, limit uint32, to []run) []run {
	var e crossing
	x.cross(edge, limit, &e)
	if len(e.stops) == 0 {
		return e.between(0, 1, e.fromFrom, e.fromTo, limit, to)
	}
	// Who comes back past each stop, from the far end on.
	back := make([]arrival, len(e.stops)+1)
	back[len(e.stops)] = e.fromTo
	for k := len(e.stops) - 1; k >= 0; k-- {
		i := e.stops[k]
		back[k] = back[k+1].nearer(e.backFrom(x.from[i], i))
	}
	forth, start := e.fromFrom, 0.0
	for k := 0; k < len(e.stops); {
		at := x.from[e.stops[k]].Fraction
		to = e.between(start, below(at), forth, back[k], limit, to)
		here := e.forthAt(forth, at).nearer(e.backAt(back[k], at))
		for ; k < len(e.stops) && x.from[e.stops[k]].Fraction == at; k++ {
			i := e.stops[k]
			forth = forth.nearer(e.forthFrom(x.from[i], i))
			here = here.nearer(arrival{int64(x.from[i].access()), i})
		}
		if here.ms <= int64(limit) {
			to = append(to, run{start: at, end: at, base: here.ms, sign: 1, stop: here.stop})
		}
		start = above(at)
	}
	return e.between(start, 1, forth, back[len(e.stops)], limit, to)
}

// between appends the runs of a part of the edge without stops, given the bases of
// the nearest that goes forth on it and of the nearest that goes back.
func (e *crossing) between(lo, hi float64, forth, back arrival, limit uint32, to []run) []run {
	if lo > hi {
		return to
	}
	within := func(a arrival) bool { return a.stop >= 0 && a.ms <= int64(limit) }
	// Up to mid who goes forth is the nearer, from next on who goes back.
	mid, next := hi, above(hi)
	switch first := func(f float64) bool { return !e.backAt(back, f).before(e.forthAt(forth, f)) }; {
	case back.stop < 0:
	case forth.stop < 0 || !first(lo):
		mid, next = below(lo), lo
	default:
		both := float64(e.forth) + float64(e.back)
		mid = last(lo, hi, float64(back.ms-forth.ms)/both, 2/both, first)
		next = above(mid)
	}
	if lo <= mid && within(e.forthAt(forth, lo)) {
		left := float64(int64(limit) - forth.ms)
		end := last(lo, mid, (left+0.5)/float64(e.forth), 1e-15, func(f float64) bool { return within(e.forthAt(forth, f)) })
		to = append(to, run{lo, end, forth.ms, 1, e.forth, forth.stop})
	}
	if next <= hi && within(e.backAt(back, hi)) {
		start := next
		if over := func(f float64) bool { return !within(e.backAt(back, f)) }; over(next) {
			left := float64(back.ms - int64(limit))
			start = above(last(next, hi, (left-0.5)/float64(e.back), 1e-15, over))
		}
		to = append(to, run{start, hi, back.ms, -1, e.back, back.stop})
	}
	return to
}

// last returns the last number in [lo, hi] for which ok holds, given that it holds
// for lo and that from the first for which it does not it does not any more. It is
// likely to be about as near to guess as slack.
func last(lo, hi, guess, slack float64, ok func(float64) bool) float64 {
	if ok(hi) {
		return hi
	}
	for _, probe := range [2]float64{guess - slack, guess + slack} {
		if probe > lo && probe < hi {
			if ok(probe) {
				lo = probe
			} else {
				hi = probe
			}
		}
	}
	// Numbers that are not negative are in the order of their bits.
	a, b := math.Float64bits(lo), math.Float64bits(hi)
	for b-a > 1 {
		if mid := a + (b-a)/2; ok(math.Float64frombits(mid)) {
			a = mid
		} else {
			b = mid
		}
	}
	return math.Float64frombits(a)
}

// below and above are the numbers next to f.
func below(f float64) float64 { return math.Nextafter(f, math.Inf(-1)) }
func above(f float64) float64 { return math.Nextafter(f, math.Inf(1)) }
