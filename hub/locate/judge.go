package locate

import (
	"math"
	"slices"
)

// judge is the objective of open sites with so many units each (nil for one),
// by the definition of the model and nothing else. ok is false if they leave a
// demand without what it must have; whether the sites may be open together is
// not looked at.
func (w *work) judge(open, units []int) (value float64, ok bool) {
	if len(w.Scenarios) > 0 {
		return w.judgeRisk(open)
	}
	switch w.Model {
	case PMedian, FixedCharge, PCenter:
		if w.Failure != nil {
			return w.judgeExpected(open), true
		}
		return w.judgeService(w.Problem, open)
	case Dispersion, DispersionSum:
		return w.judgeDispersion(open)
	case Huff:
		return w.judgeHuff(open)
	case HubMedian:
		return w.judgeHub(open)
	case HubCover:
		return w.judgeHubCover(open, nil)
	}
	paid := w.paidFor(open, units)
	var covered, total, first, second, share float64
	ok = true
	for i := range w.demands {
		weight := w.weight(i)
		if weight == 0 {
			continue
		}
		total += weight
		count, outer, fails, best, signal := 0, 0, 1.0, math.Inf(1), 0.0
		for k, j := range open {
			n := 1
			if units != nil {
				n = units[k]
			}
			c := w.Costs.At(i, j)
			best = min(best, c)
			if c < noMore && c <= w.Outer {
				outer += n
			}
			if w.Model == CooperativeCover {
				signal += float64(n) * min(w.signal(c), w.Threshold)
			}
			if c < noMore && c <= w.Radius {
				count += n
				for range n {
					fails *= w.failure(j)
				}
			}
		}
		if count >= 1 {
			first += weight
		}
		if count >= 2 {
			second += weight
		}
		switch {
		case w.Model == SetCover:
			if count >= w.fold(i) {
				share += weight
			}
		case w.Model == BackupCover:
			ok = ok && (w.Primary > 0 || count >= 1)
		case w.Model == DoubleStandard:
			ok = ok && outer >= 1
		case w.Model == CooperativeCover:
			if signal >= w.Threshold*(1-1e-12) {
				covered += weight
			}
		case w.Failure != nil:
			covered += weight * (1 - fails)
		case w.Fade > 0:
			covered += weight * w.served(best)
		case count >= w.fold(i):
			covered += weight
		}
	}
	switch w.Model {
	case SetCover:
		return paid, share >= w.asked()*total*(1-1e-12)
	case BackupCover:
		if w.Primary == 0 {
			return second, ok
		}
		return w.Primary*first + (1-w.Primary)*second, ok
	case DoubleStandard:
		return second, ok && first >= w.asked()*total*(1-1e-12)
	}
	return covered, ok
}

// asked is the share of the weight that must be covered.
func (p *Problem) asked() float64 {
	if p.Share == 0 {
		return 1
	}
	return p.Share
}

// paidFor is what opening and closing costs.
func (p *Problem) paidFor(open, units []int) float64 {
	sum := p.closingCost(open)
	for k, j := range open {
		if units == nil {
			sum += p.opening(j)
		} else {
			sum += float64(units[k]) * p.opening(j)
		}
	}
	return sum
}

// judgeService is judge for the models in which sites serve.
func (w *work) judgeService(p *Problem, open []int) (value float64, ok bool) {
	for i := range w.demands {
		weight := p.weight(i)
		if weight == 0 {
			continue
		}
		best := math.Inf(1)
		if w.Penalty > 0 {
			best = w.Penalty
		}
		for _, j := range open {
			best = min(best, p.Costs.At(i, j))
		}
		if w.Model == PCenter {
			value = max(value, weight*best)
		} else {
			value += weight * best
		}
	}
	if w.Model == FixedCharge {
		value += w.paidFor(open, nil)
	}
	return value, !math.IsInf(value, 1)
}

// judgeRisk is judge for problems with scenarios.
func (w *work) judgeRisk(open []int) (value float64, ok bool) {
	losses := make([]float64, len(w.Scenarios))
	for s := range losses {
		p := w.in(s)
		if w.Model == PMedian {
			if losses[s], ok = w.judgeService(p, open); !ok {
				return 0, false
			}
			continue
		}
		for i := range w.demands {
			for _, j := range open {
				if c := p.Costs.At(i, j); c < noMore && c <= w.Radius {
					losses[s] -= p.weight(i)
					break
				}
			}
		}
	}
	return w.weigh(losses), true
}

// weigh is what counts of the losses of all scenarios.
func (w *work) weigh(losses []float64) (value float64) {
	switch w.Risk {
	case MeanRisk:
		for s, v := range losses {
			value += w.probability(s) * v
		}
	case WorstRisk:
		value = slices.Max(losses)
	case RegretRisk:
		for s, v := range losses {
			value = max(value, v-w.bests[s])
		}
	case TailRisk:
		value = w.tail(losses)
	}
	if w.Maximises() {
		value = -value
	}
	return value
}

// tail is the mean of the largest losses that make up the share 1-Tail of the
// probability.
func (w *work) tail(losses []float64) float64 {
	order := make([]int, len(losses))
	for s := range order {
		order[s] = s
	}
	slices.SortStableFunc(order, func(a, b int) int {
		switch {
		case losses[a] > losses[b]:
			return -1
		case losses[a] < losses[b]:
			return 1
		}
		return 0
	})
	left, sum := 1-w.Tail, 0.0
	for _, s := range order {
		part := min(left, w.probability(s))
		sum += part * losses[s]
		left -= part
	}
	if left > 0 { // probabilities that sum to less by rounding
		sum += left * losses[order[len(order)-1]]
	}
	return sum / (1 - w.Tail)
}

// Maximises reports whether a larger objective is a better one.
func (p *Problem) Maximises() bool {
	switch p.Model {
	case HubCover:
		return p.P > 0
	case MaximalCover, BackupCover, DoubleStandard, CooperativeCover, Interdiction, CoverFortification,
		Dispersion, DispersionSum, Huff:
		return p.Risk != RegretRisk
	}
	return false
}
