package locate

import (
	"errors"
	"math"
	"slices"
)

// robust solves MaximalCover with Loss: the sites that cover most after the
// worst loss among them. Losses are scenarios that come one after the other
// (Zeng and Zhao 2013, Operations Research Letters 41): the sites best against
// those so far bound the problem from above, the worst loss of these sites is
// the next scenario, and what is left after it a value.
func (w *work) robust() (*Solution, error) {
	p := *w.Problem
	p.Loss, p.Risk = 0, WorstRisk
	p.Scenarios = []Scenario{{}}
	inner := *w
	inner.Problem = &p
	inner.Progress, inner.lose = nil, w.Loss
	var open, lost []int
	value, bound, nodes, proven := math.Inf(-1), math.Inf(1), 0, false
	for {
		if w.Nodes > 0 {
			if inner.Nodes = w.Nodes - nodes; inner.Nodes <= 0 {
				break
			}
		}
		s, err := inner.solveLinear()
		if err != nil {
			if open != nil && !errors.Is(err, ErrInfeasible) {
				break
			}
			return nil, err
		}
		nodes += max(1, s.Nodes)
		bound = min(bound, s.Bound)
		gone, left, err := w.worstLoss(s.Open)
		if err != nil {
			return nil, err
		}
		if left > value {
			open, lost, value = s.Open, gone, left
			if w.Progress != nil {
				w.Progress(Progress{Objective: value, Bound: bound, Gap: gap(value, bound), Nodes: nodes})
			}
		}
		// The same loss again: it is among the scenarios that give the bound.
		again := slices.ContainsFunc(p.Scenarios, func(c Scenario) bool { return slices.Equal(c.Lost, gone) })
		if proven = s.Optimal && again || bound-value <= 1e-10*w.most() && value == 0; proven || w.enough(-value, -bound) {
			break
		}
		if !s.Optimal || again {
			break
		}
		p.Scenarios = append(p.Scenarios, Scenario{Lost: gone})
	}
	s := w.outcomeOf(value, max(bound, value), nodes, proven)
	s.Open, s.Lost = open, lost
	s.Assign = w.nearest(open)
	s.Worth = make([]float64, len(open))
	for k := range open {
		_, left, err := w.worstLoss(slices.Delete(slices.Clone(open), k, k+1))
		if err != nil {
			return nil, err
		}
		s.Worth[k] = value - left
	}
	return s, nil
}

// average bounds the column floor, the loss of the worst scenario with the sign
// turned, by the mean over all ways to lose so many of the sites: of the open
// ones, n in all, those that cover a demand c times are all lost in the share
// C(n-c, lose-c) / C(n, lose) of the ways. What the c-th adds falls with c, so
// that a row says it.
func (l *linear) average(floor int) {
	n := 0
	for j, x := range l.open {
		if x >= 0 && (l.status(j) == Existing || l.P == 0) {
			n++
		}
	}
	n += l.P
	var mean row
	mean.add(floor, 1)
	for k, s := range l.spots(l.Radius) {
		var r row
		l.covering(s, &r)
		// The share of ways that lose c given sites of the n.
		share := 1.0
		for c := range min(l.reachable(s), l.lose+1, n) {
			next := share * float64(l.lose-c) / float64(n-c)
			if gain := share - next; l.lose < n && gain > 0 {
				y := l.column(0, 0, 1, "a", k, c)
				mean.add(y, s.weight*gain)
				r.add(y, -1)
			}
			share = next
		}
		l.limit(0, noMore, r, "a", k)
	}
	l.limit(0, noMore, mean, "mean")
}

// worstLoss is the loss of Loss of the given sites, required ones among them,
// that leaves least covered, and how much that is: if the search was stopped,
// what is left at least.
func (w *work) worstLoss(open []int) (lost []int, left float64, err error) {
	p := *w.Problem
	p.Model = CoverInterdiction
	p.Site = make([]Status, w.sites)
	for j := range p.Site {
		p.Site[j] = Excluded
	}
	for _, j := range open {
		p.Site[j] = Candidate
	}
	inner := *w
	inner.Problem, inner.Nodes, inner.Gap = &p, 0, 0
	f, err := inner.interdict(p.losable, w.Loss, false)
	switch {
	case err != nil:
		return nil, 0, err
	case f.proven:
		return f.lost, -f.value + 0, nil
	}
	return f.lost, -f.bound, nil
}
