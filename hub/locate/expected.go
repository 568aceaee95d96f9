package locate

import (
	"math"
	"slices"
)

// expected is the cover that sites give which may be out of service, each for
// itself: with equal probabilities MEXCLP (Daskin 1983, Transportation Science
// 17), in which the k-th site that covers a demand adds what it covers alone;
// else 1 - exp(-v) of the demand, with v the sum over its sites of -ln of their
// probabilities, which tangents bound from above.
func (l *linear) expected() {
	type curve struct {
		spot
		value  int // the column of what counts
		weight []float64
	}
	var curves []curve
	for n, s := range l.spots(l.Radius) {
		if len(s.sites) == 0 {
			continue
		}
		if q, equal := l.same(s); equal {
			var r row
			l.covering(s, &r)
			gain := s.weight * (1 - q)
			for k := range l.reachable(s) {
				if gain <= 1e-15*s.weight {
					break
				}
				r.add(l.column(-gain, 0, 1, "y", n, k), -1)
				gain *= q
			}
			l.limit(0, noMore, r, "d", n)
			continue
		}
		c := curve{spot: s, value: l.column(-1, 0, s.weight, "t", n)}
		for _, j := range s.sites {
			c.weight = append(c.weight, -math.Log(l.failure(int(j))))
		}
		curves = append(curves, c)
	}
	// A tangent at the sites that are open: t <= w (1 - e^-v) + w e^-v (sum - v).
	// No coefficient needs to be more than w, for the rest is not below 0.
	tangent := func(c *curve, v float64) {
		slope := c.spot.weight * math.Exp(-v)
		var r row
		r.add(c.value, 1)
		for k, j := range c.sites {
			r.add(l.open[j], -min(slope*c.weight[k], c.spot.weight))
		}
		l.limit(noLess, (1+1e-12)*c.spot.weight-slope*(1+v), r, "t", len(l.rowNames))
	}
	for k := range curves {
		tangent(&curves[k], 0)
	}
	if len(curves) == 0 {
		return
	}
	l.tangent = func(x []float64) bool {
		added := false
		for k := range curves {
			c := &curves[k]
			var v float64
			for n, j := range c.sites {
				if x[l.open[j]] > 0.5 {
					v += c.weight[n] * math.Round(x[l.open[j]])
				}
			}
			if worth := c.spot.weight * -math.Expm1(-v); x[c.value] > worth+1e-10*c.spot.weight {
				tangent(c, v)
				added = true
			}
		}
		return added
	}
}

// linearExpected states PMedian and FixedCharge with sites that fail with equal
// probability: what the k-th open site of a row saves is a column.
func (w *work) linearExpected() (*linear, error) {
	l := w.newLinear(w.paid)
	return l, l.expect(w, func(column int, amount float64) { l.Cost[column] += amount })
}

// expect adds the expected cost of service of the problem of w, whose sites are
// those of l; charge says what a column adds to it.
func (l *linear) expect(w *work, charge func(column int, amount float64)) error {
	c := &chances{work: w, position: make([]int32, w.sites)}
	for j := range c.position {
		c.position[j] = int32(j)
		if w.status(j) == Excluded {
			c.position[j] = never
		}
	}
	c.collect()
	total := c.base
	for n, chance := range c.list {
		q := c.same[n]
		if math.IsNaN(q) {
			return problemf("this is a linear program only if sites fail with equal probability")
		}
		var r row
		paid := chance.Weight
		for _, j := range chance.Site {
			r.add(l.open[j], 1)
		}
		total += paid
		for k := range chance.Site {
			gain := paid * (1 - q)
			if gain <= 1e-15*chance.Weight {
				break
			}
			y := l.column(0, 0, 1, "e", n, k)
			charge(y, -gain)
			r.add(y, -1)
			paid -= gain
		}
		l.limit(0, noMore, r, "e", n)
	}
	charge(l.column(0, 1, 1, "base"), total)
	return nil
}

// same reports whether all sites of a spot fail with the same probability.
func (l *linear) same(s spot) (float64, bool) {
	q := l.failure(int(s.sites[0]))
	return q, !slices.ContainsFunc(s.sites, func(j int32) bool { return l.failure(int(j)) != q })
}

// failure is the probability that an open site is out of service.
func (p *Problem) failure(j int) float64 {
	if p.Failure == nil {
		return 0
	}
	return p.Failure[j]
}

// Reliable returns for each demand how many sites must cover it so that one of
// them is free with probability alpha, where each is busy with the probability
// given for the demand: the Fold of the maximum availability location problem
// (ReVelle and Hogan 1989, Transportation Science 23), ceil(ln(1-alpha) / ln q).
// alpha is at least 0 and below 1, busy at least 0 and below 1.
func Reliable(alpha float64, busy []float64) ([]int, error) {
	if !(alpha >= 0 && alpha < 1) {
		return nil, problemf("availability %v is not at least 0 and below 1", alpha)
	}
	fold := make([]int, len(busy))
	for i, q := range busy {
		if !(q >= 0 && q < 1) {
			return nil, problemf("busy fraction %v of demand %d is not at least 0 and below 1", q, i)
		}
		fold[i] = 1
		if q > 0 {
			// A quotient that is whole but for rounding is that number.
			n := math.Log1p(-alpha) / math.Log(q)
			fold[i] = max(1, int(math.Ceil(n-1e-9)))
		}
	}
	return fold, nil
}
