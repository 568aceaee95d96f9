package locate

import "math"

// checkCapacity looks at the capacities.
func (p *Problem) checkCapacity(n, m int) error {
	c := p.Capacity
	switch {
	case c == nil:
		return nil
	case p.Model > FixedCharge:
		return problemf("capacities are not supported with %v", p.Model)
	case p.Model == PCenter && !c.Single:
		return problemf("capacities in %v need Single", p.Model)
	case c.Limit != nil && c.Sizes != nil:
		return problemf("sites have limits and sizes")
	case c.Sizes != nil && len(c.Sizes) != m:
		return problemf("%d lists of sizes for %d sites", len(c.Sizes), m)
	case len(c.Limit) != m && c.Sizes == nil && (c.Limit != nil || c.Commodities == nil):
		return problemf("%d limits for %d sites", len(c.Limit), m)
	case c.Demand != nil && len(c.Demand) != n:
		return problemf("%d demands of capacity for %d demands", len(c.Demand), n)
	case c.Minimum != nil && len(c.Minimum) != m:
		return problemf("%d minimums for %d sites", len(c.Minimum), m)
	}
	const most = math.MaxFloat64 / 1e6
	if err := c.checkSizes(most); err != nil {
		return err
	}
	for j, q := range c.Limit {
		if !(q >= 0) {
			return problemf("limit %v of site %d is not at least 0", q, j)
		}
	}
	for j, least := range c.Minimum {
		if q := c.largest(j); !(least >= 0 && least <= q && least <= most) {
			return problemf("minimum %v of site %d is not between 0 and its limit %v", least, j, q)
		}
	}
	if i := offending(c.Demand, most); i >= 0 {
		return problemf("demand %v of demand %d is negative, not a number or too large", c.Demand[i], i)
	}
	for k, g := range c.Commodities {
		if len(g.Demand) != n {
			return problemf("commodity %d has %d demands for %d demands", k, len(g.Demand), n)
		}
		if len(g.Limit) != m {
			return problemf("commodity %d has %d limits for %d sites", k, len(g.Limit), m)
		}
		if i := offending(g.Demand, most); i >= 0 {
			return problemf("demand %v of demand %d for commodity %d is negative, not a number or too large", g.Demand[i], i, k)
		}
		for j, q := range g.Limit {
			if !(q >= 0) {
				return problemf("limit %v of site %d for commodity %d is not at least 0", q, j, k)
			}
		}
	}
	return nil
}

// checkSizes looks at the sizes.
func (c *Capacity) checkSizes(most float64) error {
	var sum float64
	for j, list := range c.Sizes {
		if len(list) == 0 {
			return problemf("site %d has no size", j)
		}
		for k, z := range list {
			if !(z.Limit >= 0) {
				return problemf("limit %v of size %d of site %d is not at least 0", z.Limit, k, j)
			}
			if sum += z.Cost; !(z.Cost >= 0) || sum > most {
				return problemf("cost %v of size %d of site %d is negative, not a number or too large", z.Cost, k, j)
			}
		}
	}
	return nil
}

// offending is the first value that is negative or not a number, or with which
// the sum exceeds most; -1 if there is none.
func offending(values []float64, most float64) int {
	var sum float64
	for i, d := range values {
		if sum += d; !(d >= 0) || sum > most {
			return i
		}
	}
	return -1
}

// largest is the most that a site can serve.
func (c *Capacity) largest(j int) float64 {
	switch {
	case c.Sizes != nil:
		q := 0.0
		for _, z := range c.Sizes[j] {
			q = max(q, z.Limit)
		}
		return q
	case c.Limit != nil:
		return c.Limit[j]
	}
	return math.Inf(1)
}
