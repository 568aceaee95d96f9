package locate

import (
	"cmp"
	"math"
	"slices"

	"github.com/hubplan/hubplan/hub/locate/internal/mip"
	"github.com/hubplan/hubplan/hub/locate/internal/near"
)

// box is a part of the values of all goals but the last.
type box struct{ from, to []float64 }

// search finds the points of the front.
func (f *fronts) search() (*Front, error) {
	front := &Front{Complete: true, Knee: -1}
	for _, k := range f.order {
		front.Goals = append(front.Goals, f.goals[k])
	}
	if err := f.measure(); err != nil {
		return nil, err
	}
	others := len(f.goals) - 1
	boxes := []box{{slices.Clone(f.least[:others]), f.most()[:others]}}
	for len(boxes) > 0 {
		at := f.largest(boxes)
		to := boxes[at].to
		p, proven, empty := f.point(to)
		if f.stop() && (p == nil || !proven) || p == nil && !empty {
			front.Complete = false
			break
		}
		if empty {
			boxes = slices.DeleteFunc(boxes, func(b box) bool { return below(b.to, to) })
			continue
		}
		values := f.values(p)
		if !slices.ContainsFunc(front.Points, func(q Point) bool { return f.same(q.Values, values) }) {
			front.Points = append(front.Points, Point{p, values, proven})
		}
		front.Complete = front.Complete && proven
		boxes = split(boxes, values[:others], f.apart)
		// What is left of this box has no point that counts as different.
		reached := slices.Clone(values[:others])
		for k := range reached {
			reached[k] -= f.apart[k] / 2
		}
		boxes = slices.DeleteFunc(boxes, func(b box) bool { return below(reached, b.from) && below(b.to, to) })
		if f.Progress != nil {
			f.Progress(Progress{Objective: float64(len(front.Points)), Bound: float64(len(boxes)), Nodes: len(front.Points)})
		}
	}
	f.finish(front)
	if len(front.Points) == 0 {
		if f.ctx.Err() != nil {
			return nil, f.ctx.Err()
		}
		return nil, f.breaks()
	}
	return front, nil
}

// measure adds the rows that bound each goal and finds the range of each.
func (f *fronts) measure() error {
	for k, sum := range f.sums {
		f.limit = append(f.limit, len(f.l.rowNames))
		f.l.limit(noLess, noMore, sum, "goal", k)
	}
	for k := range f.goals {
		lo, hi := f.activity(k)
		var open []int
		var proven bool
		if k == f.worst {
			open, proven = f.nearest(nil)
		} else {
			var x []float64
			if x, _, proven = f.best(k); x != nil {
				open = f.l.list(x)
			}
		}
		switch {
		case open == nil && proven:
			return f.breaks()
		case !proven:
			return f.stoppedBy()
		}
		f.least = append(f.least, max(lo, f.values(open)[k]*(1-1e-9)))
		scale := hi - f.least[k]
		if scale <= 1e-9*(1+math.Abs(hi)) {
			scale = 1 + math.Abs(hi) // there is one value alone
		}
		f.scale = append(f.scale, scale)
		f.apart = append(f.apart, 1e-6*scale)
	}
	return nil
}

// stoppedBy is the error of a search that has not found anything.
func (f *fronts) stoppedBy() error {
	if err := f.ctx.Err(); err != nil {
		return err
	}
	return ErrNodeLimit
}

// collect lists the values that the largest cost may have.
func (f *fronts) collect() {
	var pairs []near.Pair
	for i := range f.demands {
		if f.weight(i) == 0 {
			continue
		}
		pairs = f.source.Within(i, math.Inf(1), pairs[:0])
		for _, p := range pairs {
			f.steps = append(f.steps, p.Cost)
		}
	}
	if len(f.steps) == 0 {
		f.steps = []float64{0} // of no demand
	}
	slices.Sort(f.steps)
	f.steps = slices.Compact(f.steps)
}

// within has every demand served at a cost of at most radius, by rows that the
// function it returns takes away again. ok is false if one has no such site.
func (f *fronts) within(radius float64) (undo func(), ok bool) {
	p := &f.l.Problem
	rows, entries, names := p.Rows(), len(p.Column), len(f.l.rowNames)
	undo = func() {
		p.First, p.Column, p.Value = p.First[:rows+1], p.Column[:entries], p.Value[:entries]
		p.Least, p.Most, f.l.rowNames = p.Least[:rows], p.Most[:rows], f.l.rowNames[:names]
	}
	for n, s := range f.l.spots(radius) {
		var r row
		f.l.covering(s, &r)
		if len(r.columns) == 0 {
			undo()
			return func() {}, false
		}
		f.l.limit(1, noMore, r, "w", n)
	}
	return undo, true
}

// nearest finds the sites with the least largest cost within the limits set. If
// the sites of a start are given, it looks only for better ones.
func (f *fronts) nearest(start []int) (open []int, proven bool) {
	clear(f.l.Cost)
	lo, hi := 0, len(f.steps) // the least value is in steps[lo:hi], or that of open
	if start != nil {
		open = start
		hi, _ = slices.BinarySearch(f.steps, f.values(start)[f.worst])
	}
	for lo < hi {
		middle := (lo + hi) / 2
		undo, ok := f.within(f.steps[middle])
		if !ok {
			lo = middle + 1
			continue
		}
		x, _, proven := f.solve()
		undo()
		switch {
		case x != nil:
			open = f.l.list(x)
			hi, _ = slices.BinarySearch(f.steps, f.values(open)[f.worst])
		case proven:
			lo = middle + 1
		default:
			return open, false
		}
	}
	return open, true
}

// activity is the range of a goal that the bounds of its columns allow.
func (f *fronts) activity(k int) (lo, hi float64) {
	if k == f.worst {
		if len(f.steps) > 0 {
			hi = f.steps[len(f.steps)-1]
		}
		return 0, hi
	}
	for n, j := range f.sums[k].columns {
		a, b := f.sums[k].values[n]*f.l.Lower[j], f.sums[k].values[n]*f.l.Upper[j]
		lo, hi = lo+min(a, b), hi+max(a, b)
	}
	return lo, hi
}

// most is beyond every value of each goal.
func (f *fronts) most() []float64 {
	list := make([]float64, len(f.goals))
	for k := range list {
		_, hi := f.activity(k)
		list[k] = hi + 3*f.apart[k]
	}
	return list
}

// list is the open sites of a point.
func (l *linear) list(x []float64) []int {
	open, _ := l.opened(x)
	return open
}

// best solves for one goal within the limits set. proven says that the value is
// the best, or that there is no point.
func (f *fronts) best(k int) (x []float64, value float64, proven bool) {
	clear(f.l.Cost)
	for n, j := range f.sums[k].columns {
		f.l.Cost[j] += f.sums[k].values[n]
	}
	return f.solve()
}

func (f *fronts) solve() (x []float64, value float64, proven bool) {
	r := mip.Solve(&f.l.Problem, mip.Options{Stop: f.stop, Workers: f.Workers})
	if r.X == nil {
		return nil, 0, r.Complete || math.IsInf(r.Bound, 1)
	}
	return r.X, r.Value, r.Complete
}

// point finds the sites that are best in the last goal within limits on the
// others, of those the ones with the least largest cost, if that is a goal, and
// of those the best in the sum of the rest; empty if there are none.
func (f *fronts) point(to []float64) (open []int, proven, empty bool) {
	last := len(f.goals) - 1
	radius := math.Inf(1)
	for k := range to {
		if k == f.worst {
			radius = to[k] - f.apart[k]
		} else {
			f.l.Most[f.limit[k]] = to[k] - f.apart[k]
		}
	}
	defer func() {
		for _, r := range f.limit {
			f.l.Most[r] = noMore
		}
	}()
	undo := func() {}
	if f.worst >= 0 {
		var ok bool
		if undo, ok = f.within(radius); !ok {
			return nil, true, true
		}
	}
	x, value, proven := f.best(last)
	undo()
	if x == nil {
		return nil, false, proven
	}
	open = f.l.list(x)
	f.l.Most[f.limit[last]] = value + 1e-9*f.scale[last]
	if f.worst >= 0 {
		var sure bool
		if open, sure = f.nearest(open); !sure {
			return open, false, false
		}
		undo, _ = f.within(f.values(open)[f.worst])
		defer func() { undo() }()
	}
	clear(f.l.Cost)
	for k, sum := range f.sums {
		for n, j := range sum.columns {
			f.l.Cost[j] += sum.values[n] / f.scale[k]
		}
	}
	y, _, sure := f.solve()
	if y == nil {
		return open, false, false
	}
	return f.l.list(y), proven && sure, false
}

// largest is the box whose corner is furthest from the best values.
func (f *fronts) largest(boxes []box) int {
	best, most := 0, -1.0
	for n, b := range boxes {
		size := 1.0
		for k := range b.to {
			size *= (b.to[k] - f.least[k]) / f.scale[k]
		}
		if size > most {
			best, most = n, size
		}
	}
	return best
}

// below reports whether no value of a is above that of b.
func below(a, b []float64) bool {
	for k := range a {
		if a[k] > b[k] {
			return false
		}
	}
	return true
}

// split cuts boxes at the values of a point.
func split(boxes []box, values, apart []float64) []box {
	for k, v := range values {
		var next []box
		for _, b := range boxes {
			if v <= b.from[k]+apart[k]/2 || v >= b.to[k]-apart[k]/2 {
				next = append(next, b)
				continue
			}
			low, high := box{b.from, slices.Clone(b.to)}, box{slices.Clone(b.from), b.to}
			low.to[k], high.from[k] = v, v
			next = append(next, low, high)
		}
		boxes = next
	}
	return boxes
}

// same reports whether two points cannot be told apart.
func (f *fronts) same(a, b []float64) bool {
	for k := range a {
		if math.Abs(a[k]-b[k]) > 1e-9*f.scale[k] {
			return false
		}
	}
	return true
}

// finish takes out what turned out to be dominated, which points found at a
// limit may be by less than what counts, orders the points and finds the knee.
func (f *fronts) finish(front *Front) {
	front.Points = slices.DeleteFunc(front.Points, func(p Point) bool {
		return slices.ContainsFunc(front.Points, func(q Point) bool {
			return below(q.Values, p.Values) && !slices.Equal(q.Values, p.Values)
		})
	})
	slices.SortFunc(front.Points, func(a, b Point) int {
		for _, k := range f.order {
			if c := cmp.Compare(a.Values[k], b.Values[k]); c != 0 {
				return c
			}
		}
		return slices.Compare(a.Open, b.Open)
	})
	front.Knee = f.knee(front.Points)
	for n := range front.Points {
		p := &front.Points[n]
		values := make([]float64, len(f.goals))
		for k, at := range f.order {
			if values[k] = p.Values[at]; f.goals[at].High() {
				values[k] = 0 - values[k]
			}
		}
		p.Values = values
	}
}

// knee is the point furthest below the plane through the points that are best in
// one goal each, with all goals from 0, the best, to 1, the worst on the front.
// For goals so measured that plane is their sum being 1.
func (f *fronts) knee(points []Point) int {
	if len(points) < 3 {
		return -1
	}
	lo, hi := slices.Clone(points[0].Values), slices.Clone(points[0].Values)
	for _, p := range points {
		for k, v := range p.Values {
			lo[k], hi[k] = min(lo[k], v), max(hi[k], v)
		}
	}
	best, least := -1, 1-1e-9
	for n, p := range points {
		var sum float64
		for k, v := range p.Values {
			if hi[k] > lo[k] {
				sum += (v - lo[k]) / (hi[k] - lo[k])
			}
		}
		if sum < least {
			best, least = n, sum
		}
	}
	return best
}
