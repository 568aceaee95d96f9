package locate

import (
	"encoding/binary"
	"math"
	"slices"

	"github.com/hubplan/hubplan/hub/locate/internal/mip"
	"github.com/hubplan/hubplan/hub/locate/internal/near"
)

// operates lists the sites that are there to be lost or kept: all but the
// excluded ones.
func (w *work) operates() []int {
	var list []int
	for j := range w.sites {
		if w.status(j) != Excluded {
			list = append(list, j)
		}
	}
	return list
}

// losable reports whether a site may be lost.
func (p *Problem) losable(j int) bool { return p.status(j) == Candidate }

// linearLoss states Interdiction and CoverInterdiction, with the signs turned:
// s_j is 1 where a site is lost, and v_n where all sites of a set are. With the
// sites in the order of their cost, d_1 <= d_2 ..., a demand costs d_1, and
// d_k+1 - d_k more if the k nearest are lost (Church, Scaparra and Middleton
// 2004, Annals of the Association of American Geographers 94, in the form of
// differences). Demands that lose the same sets share their columns.
func (w *work) linearLoss(lossable func(j int) bool, count int) (*linear, error) {
	l := &linear{work: w, open: make([]int, w.sites), closed: make([]int, w.sites)}
	var lost row
	for j := range l.open {
		l.open[j], l.closed[j] = -1, -1
		if w.status(j) != Excluded && lossable(j) {
			l.open[j] = l.whole(0, 0, 1, "s", j)
			lost.add(l.open[j], 1)
		}
	}
	l.limit(noLess, float64(count), lost, "number")
	// What is paid whatever is lost: a column that is always 1.
	base := l.column(0, 1, 1, "base")
	at := map[string]int{}
	var pairs []near.Pair
	for i := range w.demands {
		weight := w.weight(i)
		if weight == 0 {
			continue
		}
		pairs = w.source.Nearest(i, w.sites, pairs[:0])
		pairs = slices.DeleteFunc(pairs, func(p near.Pair) bool { return w.status(int(p.Site)) == Excluded })
		if err := w.losses(l, i, weight, pairs, base, count, at); err != nil {
			return nil, err
		}
	}
	return l, nil
}

// losses adds what the losses of one demand come to. pairs are the sites that
// serve it, nearest first.
func (w *work) losses(l *linear, i int, weight float64, pairs []near.Pair, base, count int, at map[string]int) error {
	cost := func(k int) float64 { // once k sites are lost
		if w.Model == CoverInterdiction || w.Model == CoverFortification {
			if k < len(pairs) && pairs[k].Cost <= w.Radius {
				return -1
			}
			return 0
		}
		if k < len(pairs) && (w.Penalty == 0 || pairs[k].Cost < w.Penalty) {
			return pairs[k].Cost
		}
		if w.Penalty > 0 {
			return w.Penalty
		}
		return math.Inf(1)
	}
	if math.IsInf(cost(0), 1) {
		return infeasiblef("demand %d has no site that can serve it", i)
	}
	l.Cost[base] -= weight * cost(0)
	before := -1 // the column of the set without its last site
	var set []int32
	for k := 0; k < count && k < len(pairs); k++ {
		j := pairs[k].Site
		if l.open[j] < 0 {
			break // never lost
		}
		set = append(set, j)
		more := cost(k+1) - cost(k)
		if math.IsInf(more, 1) {
			return problemf("demand %d has no site left once %v are lost: a penalty must say what that costs", i, set)
		}
		if more == 0 {
			continue
		}
		slices.Sort(set)
		var key []byte
		for _, j := range set {
			key = binary.LittleEndian.AppendUint32(key, uint32(j))
		}
		v, seen := at[string(key)]
		if !seen {
			v = l.column(0, 0, 1, "v", len(at))
			at[string(key)] = v
			for _, j := range set {
				l.behind(v, l.open[j], "l", v, int(j))
			}
		}
		if before >= 0 && !seen {
			l.behind(v, before, "b", v, before)
		}
		l.Cost[v] -= weight * more
		before = v
	}
	return nil
}

// interdict finds the worst loss of so many of the sites that may be lost, and
// its value as it is maximised: the cost of service, or the weight left covered
// with the sign turned.
func (w *work) interdict(lossable func(j int) bool, count int, progress bool) (*loss, error) {
	l, err := w.linearLoss(lossable, count)
	if err != nil {
		return nil, err
	}
	o := mip.Options{Stop: w.stop, Nodes: w.Nodes, Gap: w.Gap, Workers: w.Workers}
	if progress && w.Progress != nil {
		sign := -1.0
		if w.Model == CoverInterdiction {
			sign = 1
		}
		o.Report = func(v, b float64, n int) {
			w.Progress(Progress{Objective: sign * v, Bound: sign * b, Gap: gap(v, b), Nodes: n})
		}
	}
	if float64(count)*float64(w.demands)*float64(w.sites)*float64(w.sites) < 1e9 {
		o.Start = l.worst(count)
	}
	r := mip.Solve(&l.Problem, o)
	f := &loss{nodes: r.Nodes, proven: r.Complete}
	if r.X != nil {
		f.lost, _ = l.opened(r.X)
	}
	f.value = w.harm(f.lost)
	f.bound = max(-r.Bound, f.value)
	return f, nil
}

// loss is the worst loss that a search has found.
type loss struct {
	lost         []int
	value, bound float64 // no loss comes to more than bound
	proven       bool    // none comes to more than value, but for rounding
	nodes        int
}

// worst is a loss made greedily: the site whose loss costs most, then the next.
func (l *linear) worst(count int) []float64 {
	var lost []int
	for range count {
		best, most := -1, 0.0
		for j, column := range l.open {
			if column < 0 || slices.Contains(lost, j) {
				continue
			}
			if v := l.harm(append(slices.Clip(lost), j)); best < 0 || v > most {
				best, most = j, v
			}
		}
		if best < 0 {
			break
		}
		lost = append(lost, best)
	}
	x := make([]float64, len(l.Cost))
	for _, j := range lost {
		x[l.open[j]] = 1
	}
	// The other columns are as large as what they are behind allows.
	for j := range x {
		if l.Lower[j] == 1 {
			x[j] = 1
		}
	}
	for j, name := range l.names {
		if name[0] == 'v' {
			x[j] = 1
		}
	}
	for r := range l.rowNames {
		if c := l.rowNames[r][0]; c == 'l' || c == 'b' {
			front, behind := l.Column[l.First[r]], l.Column[l.First[r]+1]
			x[behind] = min(x[behind], x[front])
		}
	}
	return x
}

// harm is the value of a loss as interdict maximises it.
func (w *work) harm(lost []int) float64 {
	left := slices.DeleteFunc(w.operates(), func(j int) bool { return slices.Contains(lost, j) })
	var sum float64
	source := near.Among(w.source, left)
	var pairs []near.Pair
	for i := range w.demands {
		weight := w.weight(i)
		if weight == 0 {
			continue
		}
		pairs = source.Nearest(i, 1, pairs[:0])
		cost := noMore
		if len(pairs) > 0 {
			cost = pairs[0].Cost
		}
		switch {
		case w.Model == CoverInterdiction || w.Model == CoverFortification:
			if cost <= w.Radius && cost < noMore {
				sum -= weight
			}
		case w.Penalty > 0:
			sum += weight * min(cost, w.Penalty)
		default:
			sum += weight * cost
		}
	}
	return sum
}

// interdiction solves Interdiction and CoverInterdiction.
func (w *work) interdiction() (*Solution, error) {
	f, err := w.interdict(w.losable, w.P, true)
	if err != nil {
		return nil, err
	}
	// What else is lost changes nothing, or the search was stopped.
	for j := 0; j < w.sites && len(f.lost) < w.P; j++ {
		if w.losable(j) && !slices.Contains(f.lost, j) {
			f.lost = append(f.lost, j)
		}
	}
	slices.Sort(f.lost)
	f.value = w.harm(f.lost)
	f.bound = max(f.bound, f.value)
	return w.survivors(nil, f), nil
}

// survivors makes a solution of a loss.
func (w *work) survivors(protected []int, f *loss) *Solution {
	left := slices.DeleteFunc(w.operates(), func(j int) bool { return slices.Contains(f.lost, j) })
	sign := 1.0
	if w.Model == CoverInterdiction || w.Model == CoverFortification {
		sign = -1
	}
	s := w.outcomeOf(sign*f.value+0, sign*f.bound+0, f.nodes, f.proven)
	s.Open, s.Lost, s.Protected = left, f.lost, protected
	s.Assign = w.nearest(left)
	s.Worth = make([]float64, len(left))
	for k, j := range left {
		s.Worth[k] = w.harm(append(slices.Clip(f.lost), j)) - f.value
	}
	return s
}
