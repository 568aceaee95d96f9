package locate

import (
	"math"
	"slices"

	"github.com/hubplan/hubplan/hub/locate/internal/mip"
)

// Period is a stretch of time, the first of which begins the plan. What is nil is
// as the problem says.
type Period struct {
	P       int       // sites open at its end, beside those that exist already; never fewer than before
	Weight  []float64 // of each demand
	Costs   Costs     // as many demands and sites as the problem's
	Opening []float64 // of sites that open in this period
}

// checkPeriods looks at the periods alone.
func (p *Problem) checkPeriods(n, m int) error {
	if p.P != 0 {
		return problemf("P is %d, but with periods theirs counts", p.P)
	}
	allowed, required := m, 0
	for j := range m {
		switch p.status(j) {
		case Required:
			required++
		case Existing, Excluded:
			allowed--
		}
	}
	before := 0
	for t := range p.Periods {
		c := &p.Periods[t]
		if c.P < before {
			return problemf("%d sites are open in period %d, and %d before: open sites do not close", c.P, t, before)
		}
		before = c.P
		if c.Costs != nil {
			if err := c.Costs.check(); err != nil {
				return err
			}
			if a, b := c.Costs.Size(); a != n || b != m {
				return problemf("period %d has costs for %d demands and %d sites, the problem for %d and %d", t, a, b, n, m)
			}
		}
		if c.Weight != nil && len(c.Weight) != n {
			return problemf("period %d has %d weights for %d demands", t, len(c.Weight), n)
		}
		for i, w := range c.Weight {
			if !(w >= 0) || math.IsInf(w, 1) {
				return problemf("weight %v of demand %d in period %d is not finite and at least 0", w, i, t)
			}
		}
		if c.Opening != nil && len(c.Opening) != m {
			return problemf("period %d has %d opening costs for %d sites", t, len(c.Opening), m)
		}
		q := p.during(t)
		if err := q.checkMagnitude(n); err != nil {
			return err
		}
		if err := q.checkOpening(m); err != nil {
			return err
		}
	}
	switch {
	case before == 0 && p.Model == FixedCharge: // any number
		return nil
	case before == 0:
		return problemf("no site opens in any period")
	case before > allowed:
		return problemf("%d sites are open in the last period, but only %d of %d sites may be opened", before, allowed, m)
	case required > before:
		return infeasiblef("%d sites are required, of which %d may be open in the last period", required, before)
	}
	return nil
}

// countsPeriods reports whether the number of sites open in each period is given.
func (p *Problem) countsPeriods() bool { return p.Periods[len(p.Periods)-1].P > 0 }

// during is the problem of one period alone; in PMedian and FixedCharge that of
// service without opening costs.
func (p *Problem) during(t int) *Problem {
	q := *p
	c := &p.Periods[t]
	if c.Weight != nil {
		q.Weight = c.Weight
	}
	if c.Costs != nil {
		q.Costs = c.Costs
	}
	if c.Opening != nil {
		q.Opening = c.Opening
	}
	if q.Model == FixedCharge {
		q.Model = PMedian
	}
	q.Periods = nil
	return &q
}

// linearPeriods states a problem with periods: x_t_j is 1 if site j is open in
// period t, and what serves or covers in it comes with the period as first index,
// as scenarios do.
//
// periods holds the columns of sites in each period.
func (w *work) linearPeriods() (l *linear, periods [][]int, err error) {
	l = &linear{work: w, open: make([]int, w.sites), closed: make([]int, w.sites)}
	for j := range l.open {
		l.open[j], l.closed[j] = -1, -1
	}
	last := len(w.Periods) - 1
	steps, stepped := 0.0, true // what all values are multiples of, if anything
	for t := range w.Periods {
		p := w.during(t)
		v := newWork(w.ctx, p, w.Options)
		before := l.open
		l.open = slices.Clone(before)
		var count row
		for j := range l.open {
			s := w.status(j)
			if s == Excluded {
				continue
			}
			var lower, cost float64
			if s == Existing || s == Required && t == last {
				lower = 1
			}
			if w.Model == FixedCharge {
				if cost = p.opening(j); t < last {
					cost -= w.during(t + 1).opening(j) // paid now, not later
				}
			}
			l.open[j] = l.whole(cost, lower, 1, "x", t, j)
			if before[j] >= 0 {
				l.behind(before[j], l.open[j], "n", t, j)
			}
			if s != Existing {
				count.add(l.open[j], 1)
			}
		}
		periods = append(periods, l.open)
		if w.countsPeriods() {
			l.limit(float64(w.Periods[t].P), float64(w.Periods[t].P), count, "open", t)
		}
		c := scene{Problem: p, source: v.source, at: []int{t}, charge: func(column int, amount float64) { l.Cost[column] += amount }}
		step := v.steps()
		if w.Model == MaximalCover {
			l.coveredIn(c)
			if step = 1; p.Weight != nil {
				step = exact(p.Weight)
			}
		} else if err := l.serve(c); err != nil {
			return nil, nil, w.unserved(t)
		}
		if w.Model == FixedCharge {
			if f := v.exactCosts(); f == 0 || step == 0 {
				step = 0
			} else {
				step = gcd(step, f)
			}
		}
		steps, stepped = gcd(steps, step), stepped && step > 0
	}
	if stepped {
		l.exact = steps
	}
	return l, periods, nil
}

// unserved names the demand that no site can serve in a period.
func (w *work) unserved(t int) error {
	p := w.during(t)
	source := p.Costs.source()
	for i := range w.demands {
		able := p.weight(i) == 0
		for j := range w.sites {
			able = able || p.status(j) != Excluded && !math.IsInf(source.Cost(i, j), 1)
		}
		if !able {
			return infeasiblef("demand %d has no site that can serve it in period %d", i, t)
		}
	}
	return infeasiblef("a demand has no site that can serve it in period %d", t)
}

// judgePeriods is the objective of sites that open in the given periods.
func (w *work) judgePeriods(open, when []int) (value float64, ok bool) {
	for t := range w.Periods {
		p := w.during(t)
		v := *w
		v.Problem = p
		var now []int
		for k, j := range open {
			if when[k] <= t {
				now = append(now, j)
			}
			if when[k] == t && w.Model == FixedCharge {
				value += p.opening(j)
			}
		}
		if w.Model != MaximalCover {
			sum, served := v.judgeService(p, now)
			if !served {
				return 0, false
			}
			value += sum
			continue
		}
		for i := range w.demands {
			for _, j := range now {
				if c := p.Costs.At(i, j); c < noMore && c <= w.Radius {
					value += p.weight(i)
					break
				}
			}
		}
	}
	return value, true
}

// planned solves a problem with periods as a mixed-integer linear program.
func (w *work) planned() (*Solution, error) {
	l, periods, err := w.linearPeriods()
	if err != nil {
		return nil, err
	}
	sign := 1.0
	if w.Maximises() {
		sign = -1
	}
	o := mip.Options{Stop: w.stop, Nodes: w.Nodes, Gap: w.Gap, Workers: w.Workers, Step: l.exact}
	if w.Progress != nil {
		o.Report = func(v, b float64, n int) {
			w.Progress(Progress{Objective: sign * v, Bound: sign * b, Gap: gap(v, b), Nodes: n})
		}
	}
	r := mip.Solve(&l.Problem, o)
	switch {
	case r.X == nil && math.IsInf(r.Bound, 1):
		return nil, infeasiblef("the sites that may be open do not serve all demands in every period")
	case r.X == nil && w.ctx.Err() != nil:
		return nil, w.ctx.Err()
	case r.X == nil:
		return nil, ErrNodeLimit
	}
	var open, when []int
	for j := range w.sites {
		t := slices.IndexFunc(periods, func(columns []int) bool { return columns[j] >= 0 && r.X[columns[j]] > 0.5 })
		switch {
		case t < 0:
			continue
		case w.status(j) == Existing:
			t = -1
		}
		open, when = append(open, j), append(when, t)
	}
	value, _ := w.judgePeriods(open, when)
	bound := sign * min(r.Bound, sign*value)
	if sign > 0 {
		bound = max(bound, 0)
	}
	s := w.outcomeOf(value, bound, r.Nodes, r.Complete)
	s.Open, s.When = open, when
	end := newWork(w.ctx, w.during(len(w.Periods)-1), w.Options)
	s.Assign = end.nearest(open)
	w.comparePeriods(s)
	return s, nil
}

// comparePeriods says what sites are worth, and which exchange is best.
func (w *work) comparePeriods(s *Solution) {
	worse := func(open, when []int) float64 {
		v, ok := w.judgePeriods(open, when)
		switch {
		case !ok:
			return math.Inf(1)
		case w.Maximises():
			return s.Objective - v
		}
		return v - s.Objective
	}
	s.Worth = make([]float64, len(s.Open))
	for k := range s.Open {
		s.Worth[k] = worse(slices.Delete(slices.Clone(s.Open), k, k+1), slices.Delete(slices.Clone(s.When), k, k+1))
	}
	size := float64(len(s.Open))
	if size*size*float64(w.sites)*float64(w.demands)*float64(len(w.Periods)) > mostPairs {
		return
	}
	for k, out := range s.Open {
		if w.status(out) != Candidate {
			continue
		}
		for in := range w.sites {
			if w.status(in) != Candidate || slices.Contains(s.Open, in) || w.stop() {
				continue
			}
			other := slices.Clone(s.Open)
			other[k] = in
			if c := worse(other, s.When); !math.IsInf(c, 1) && (s.Swap == nil || c < s.Swap.Change) {
				s.Swap = &Swap{Out: out, In: in, Change: c}
			}
		}
	}
}
