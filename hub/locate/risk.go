package locate

import (
	"math"
	"slices"

	"github.com/hubplan/hubplan/hub/locate/internal/near"
)

// Scenario is one way in which things may turn out. What is nil is as the
// problem says.
type Scenario struct {
	Probability float64   // 0 in all scenarios makes them equally likely
	Weight      []float64 // of each demand
	Costs       Costs     // as many demands and sites as the problem's
	Lost        []int     // sites out of service
}

// Risk says what of several scenarios counts.
type Risk uint8

const (
	// MeanRisk counts the mean over the scenarios.
	MeanRisk Risk = iota

	// WorstRisk counts the worst scenario (min-max).
	WorstRisk

	// RegretRisk counts the largest difference between what a scenario comes to
	// and what it could have come to, had it alone been planned for (min-max
	// regret). It is always minimised.
	RegretRisk

	// TailRisk counts the mean of the worst scenarios that have the share
	// 1-Tail of the probability together: the conditional value at risk
	// (Rockafellar and Uryasev 2000, Journal of Risk 2).
	TailRisk
)

var riskNames = [...]string{"mean", "worst", "regret", "tail"}

// String returns the name, such as "regret".
func (r Risk) String() string {
	if int(r) < len(riskNames) {
		return riskNames[r]
	}
	return "Risk(?)"
}

// checkScenarios looks at the scenarios alone.
func (p *Problem) checkScenarios(n, m int) error {
	if len(p.Scenarios) == 0 {
		if p.Risk != MeanRisk || p.Tail != 0 {
			return problemf("a risk without scenarios")
		}
		return nil
	}
	if p.Model != PMedian && p.Model != MaximalCover {
		return problemf("%v takes no scenarios", p.Model)
	}
	if int(p.Risk) >= len(riskNames) {
		return problemf("unknown risk %d", uint8(p.Risk))
	}
	if !(p.Tail >= 0 && p.Tail < 1) {
		return problemf("tail %v is not at least 0 and below 1", p.Tail)
	}
	var sum float64
	for s, c := range p.Scenarios {
		if !(c.Probability >= 0 && c.Probability <= 1) {
			return problemf("probability %v of scenario %d is not between 0 and 1", c.Probability, s)
		}
		sum += c.Probability
		if c.Weight != nil && len(c.Weight) != n {
			return problemf("scenario %d has %d weights for %d demands", s, len(c.Weight), n)
		}
		for i, w := range c.Weight {
			if !(w >= 0) || math.IsInf(w, 1) {
				return problemf("weight %v of demand %d in scenario %d is not finite and at least 0", w, i, s)
			}
		}
		for _, j := range c.Lost {
			if j < 0 || j >= m {
				return problemf("scenario %d loses site %d of %d", s, j, m)
			}
		}
		if c.Costs == nil {
			continue
		}
		if err := c.Costs.check(); err != nil {
			return err
		}
		if a, b := c.Costs.Size(); a != n || b != m {
			return problemf("scenario %d has costs for %d demands and %d sites, the problem for %d and %d", s, a, b, n, m)
		}
	}
	if sum != 0 && math.Abs(sum-1) > 1e-9 {
		return problemf("the probabilities of the scenarios sum to %v", sum)
	}
	return nil
}

// in is the problem as scenario s has it, alone.
func (p *Problem) in(s int) *Problem {
	q := *p
	c := &p.Scenarios[s]
	if c.Weight != nil {
		q.Weight = c.Weight
	}
	if c.Costs != nil {
		q.Costs = c.Costs
	}
	if len(c.Lost) > 0 {
		q.Costs = without(q.Costs, c.Lost)
		if q.Capacity != nil && q.Capacity.Minimum != nil {
			limits := *q.Capacity
			limits.Minimum = slices.Clone(limits.Minimum)
			for _, j := range c.Lost {
				limits.Minimum[j] = 0
			}
			q.Capacity = &limits
		}
	}
	q.Scenarios, q.Risk, q.Tail = nil, 0, 0
	return &q
}

// without makes a matrix of costs in which some sites serve nobody.
func without(c Costs, lost []int) Dense {
	n, m := c.Size()
	d := Dense{Demands: n, Sites: m, Values: make([]float64, n*m)}
	source := c.source()
	for i := range n {
		for j := range m {
			d.Values[i*m+j] = source.Cost(i, j)
		}
		for _, j := range lost {
			d.Values[i*m+j] = math.Inf(1)
		}
	}
	return d
}

// probability is that of a scenario.
func (p *Problem) probability(s int) float64 {
	var sum float64
	for _, c := range p.Scenarios {
		sum += c.Probability
	}
	if sum == 0 {
		return 1 / float64(len(p.Scenarios))
	}
	return p.Scenarios[s].Probability / sum
}

// linearRisk states a problem with scenarios. What a scenario comes to is its
// loss: the cost of service, or the weight covered with the sign turned.
func (w *work) linearRisk() (*linear, error) {
	l := w.newLinear(w.paid)
	losses := make([]row, len(w.Scenarios))
	floor := -1
	switch w.Risk {
	case WorstRisk, RegretRisk:
		floor = l.column(1, -w.magnitude(), w.magnitude(), "z")
	case TailRisk:
		floor = l.column(1, -w.magnitude(), w.magnitude(), "v")
	}
	for s := range w.Scenarios {
		p := w.in(s)
		loss := &losses[s]
		c := scene{Problem: p, source: p.Costs.source(), at: []int{s}, charge: loss.add}
		if w.Risk == MeanRisk {
			share := w.probability(s)
			c.charge = func(column int, amount float64) { l.Cost[column] += share * amount }
		}
		if w.Model == PMedian || w.Capacity != nil {
			if err := l.serve(c); err != nil {
				return nil, err
			}
		} else {
			l.coveredIn(c)
		}
	}
	for s, loss := range losses {
		if floor < 0 {
			break
		}
		for k := range loss.values {
			loss.values[k] = -loss.values[k]
		}
		loss.add(floor, 1)
		least := 0.0
		switch w.Risk {
		case RegretRisk:
			best, err := w.alone(s)
			if err != nil {
				return nil, err
			}
			least = -best
			w.bests = append(w.bests, best)
		case TailRisk:
			over := l.column(w.probability(s)/(1-w.Tail), 0, 2*w.magnitude(), "t", s)
			loss.add(over, 1)
		}
		l.limit(least, noMore, loss, "r", s)
	}
	if w.lose > 0 {
		l.average(floor)
	}
	return l, nil
}

// magnitude is more than what any scenario comes to.
func (w *work) magnitude() float64 {
	var most float64
	for s := range w.Scenarios {
		var sum float64
		p := w.in(s)
		of := p.Costs.most()
		for i := range w.demands {
			top := 1.0
			if w.Model == PMedian {
				top = max(of(i), w.Penalty)
			}
			sum += p.weight(i) * top
		}
		most = max(most, sum)
	}
	return 1 + most*(1+1e-6)
}

// alone is the least loss of a scenario, had it alone been planned for.
func (w *work) alone(s int) (float64, error) {
	r, err := Solve(w.ctx, *w.in(s), Options{Workers: w.Workers, Seed: w.Seed})
	if err != nil {
		return 0, err
	}
	if !r.Optimal {
		return 0, w.ctx.Err()
	}
	if w.Model == MaximalCover {
		return -r.Objective, nil
	}
	return r.Objective, nil
}

// coveredIn adds what is covered in a scene.
func (l *linear) coveredIn(s scene) {
	var pairs []near.Pair
	for i := range l.demands {
		weight := s.weight(i)
		if weight == 0 {
			continue
		}
		var r row
		pairs = sorted(s.source.Within(i, l.Radius, pairs[:0]))
		for _, p := range pairs {
			if j := int(p.Site); l.open[j] >= 0 {
				r.add(l.open[j], 1)
			}
		}
		if len(r.columns) == 0 {
			continue
		}
		z := l.column(0, 0, 1, "z", s.index(i)...)
		s.charge(z, -weight)
		r.add(z, -1)
		l.limit(0, noMore, r, "d", s.index(i)...)
	}
}
