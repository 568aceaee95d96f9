package locate

import (
	"math"
	"slices"

	"github.com/hubplan/hubplan/hub/locate/internal/mip"
)

// plan is what a point says: the open sites with their sizes, and what they
// serve in each scene.
type plan struct {
	open, size []int
	scenes     [][]Split
}

// slightest is the largest part of a demand that passes for rounding.
const slightest = 1e-9

// plan reads a point. The parts are those of the best division among the sites
// of the point, found anew with its integers fixed, as a search accepts points
// that keep the rows less closely.
func (l *linear) plan(x []float64) *plan {
	fixed := l.Problem
	fixed.Lower, fixed.Upper = slices.Clone(fixed.Lower), slices.Clone(fixed.Upper)
	for c, is := range fixed.Integer {
		if is {
			fixed.Lower[c], fixed.Upper[c] = math.Round(x[c]), math.Round(x[c])
		}
	}
	if !l.Capacity.Single {
		r := mip.Solve(&fixed, mip.Options{Stop: l.stop, Nodes: 1, Workers: 1})
		if v := l.value(x); r.X != nil && r.Value <= v+1e-6*math.Abs(v) {
			x = r.X
		}
	}
	p := &plan{}
	p.open, _ = l.opened(x)
	for s, parts := range l.parts {
		p.scenes = append(p.scenes, l.split(s, parts, x))
	}
	if l.Capacity.Sizes != nil {
		for _, j := range p.open {
			p.size = append(p.size, l.sizeFor(p, j, x))
		}
	}
	return p
}

// value is the objective at a point.
func (l *linear) value(x []float64) (sum float64) {
	for c, cost := range l.Cost {
		sum += cost * x[c]
	}
	return sum
}

// sceneOf is the problem of a scene.
func (w *work) sceneOf(s int) *Problem {
	if len(w.Scenarios) == 0 {
		return w.Problem
	}
	return w.Problem.in(s)
}

// split reads the parts of a scene, without what is rounding.
func (l *linear) split(s int, parts []part, x []float64) []Split {
	list := []Split{}
	all := l.all()
	for len(parts) > 0 {
		i, n, sum := parts[0].demand, 0, 0.0
		first := len(list)
		for ; n < len(parts) && parts[n].demand == i; n++ {
			v := x[parts[n].column]
			if l.Capacity.Single {
				v = math.Round(v)
			}
			if v > slightest && x[l.open[parts[n].site]] > 0.5 {
				list = append(list, Split{i, parts[n].site, min(v, 1)})
				sum += v
			}
		}
		if all || sum > 1-slightest {
			for k := range list[first:] {
				list[first+k].Part = min(1, list[first+k].Part/sum)
			}
		}
		parts = parts[n:]
	}
	return list
}

// sizeFor is the size of least cost that holds what site j serves; of several,
// the smallest.
func (l *linear) sizeFor(p *plan, j int, x []float64) int {
	var most float64
	for s, list := range p.scenes {
		var load float64
		q := l.sceneOf(s)
		for _, part := range list {
			if part.Site == j {
				load += part.Part * q.size(part.Demand)
			}
		}
		most = max(most, load)
	}
	best := 0
	for k, column := range l.size[j] {
		if x[column] > 0.5 {
			best = k
		}
	}
	list := l.Capacity.Sizes[j]
	for k, z := range list {
		b := list[best]
		if z.Limit*(1+slightest) >= most && (z.Cost < b.Cost || z.Cost == b.Cost && (z.Limit < b.Limit || z.Limit == b.Limit && k < best)) {
			best = k
		}
	}
	return best
}

// judgePlan is the objective of a plan.
func (w *work) judgePlan(p *plan) float64 {
	paid := w.paidFor(p.open, nil)
	for k, size := range p.size {
		paid += w.Capacity.Sizes[p.open[k]][size].Cost
	}
	losses := make([]float64, len(p.scenes))
	for s, list := range p.scenes {
		losses[s] = w.loss(w.sceneOf(s), list)
	}
	switch {
	case len(w.Scenarios) > 0:
		return w.weigh(losses)
	case w.Model == SetCover:
		return paid
	case w.Model == FixedCharge:
		return paid + losses[0]
	case w.Model == MaximalCover:
		return -losses[0]
	}
	return losses[0]
}

// loss is what serving parts comes to, in the cover models with the sign
// turned.
func (w *work) loss(p *Problem, list []Split) float64 {
	left := make([]float64, w.demands)
	for i := range left {
		left[i] = 1
	}
	var sum, largest float64
	for _, part := range list {
		i := part.Demand
		left[i] -= part.Part
		cost := -p.weight(i)
		if !w.covers() {
			cost = p.weight(i) * p.Costs.At(i, part.Site)
		}
		sum += cost * part.Part
		largest = max(largest, cost)
	}
	if w.Model == PCenter {
		return largest
	}
	for i, v := range left {
		if w.Penalty > 0 && v > slightest {
			sum += v * p.weight(i) * w.Penalty
		}
	}
	return sum
}

// completePlan makes a solution of a plan.
func (w *work) completePlan(p *plan, objective, bound float64, nodes int, proven bool) *Solution {
	s := w.outcomeOf(objective, bound, nodes, proven)
	s.Open, s.Size, s.Split = p.open, p.size, p.scenes[0]
	if len(w.Scenarios) > 0 {
		s.Scenes = p.scenes
	}
	q := w.sceneOf(0)
	s.Assign = w.nearest(p.open)
	for i := range s.Assign {
		if q.weight(i) > 0 {
			s.Assign[i] = -1
		}
	}
	most := make([]float64, w.demands)
	for _, part := range s.Split {
		if i := part.Demand; part.Part > most[i] {
			s.Assign[i], most[i] = part.Site, part.Part
		}
	}
	return s
}
