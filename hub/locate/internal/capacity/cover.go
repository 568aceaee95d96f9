package capacity

import (
	"math"
	"slices"

	"github.com/hubplan/hubplan/hub/locate/internal/knapsack"
)

// cover is the choice of sites at prices: sites of least total price whose
// capacities together are at least what is needed, of any number or a given
// one. Of any number, sites are chosen whole and the choice is exact; of a
// given one the last part of the capacity is found by mixing two choices.
type cover struct {
	solver knapsack.Solver
	items  []knapsack.Item
	key    []float64
	order  []int32

	value float64 // of the choice, a lower bound on every choice
	base  float64 // the same from divisible sites, on which penalties rest

	// A site that is open costs its reduced price more than base if that is
	// positive and the choice is of any number, or above rank[1] if it is of a
	// given one; one that is closed likewise if it is negative, or below rank[0].
	price float64    // of a unit of capacity
	spare float64    // capacity that may stay closed; +Inf if the number is given
	rank  [2]float64 // reduced prices of the dearest chosen and the cheapest not chosen
}

// penalty is by how much base rises at least if a free site is open, and if it
// is closed.
func (c *cover) penalty(rho, room float64) (open, closed float64) {
	if room > c.spare {
		return 0, math.Inf(1)
	}
	r := rho - c.price*room
	return max(0, r-c.rank[0]), max(0, c.rank[1]-r)
}

// choose writes for each free site the part to which it is chosen. It reports
// false if no choice has the capacity.
func (c *cover) choose(free []int32, rho, room []float64, need float64, count int, part []float64) bool {
	for _, j := range free {
		part[j] = 0
	}
	if count >= 0 {
		return c.chooseSome(free, rho, room, need, count, part)
	}
	c.value, c.items, c.rank = 0, c.items[:0], [2]float64{}
	spare := -need
	for _, j := range free {
		spare += room[j]
		if rho[j] <= 0 {
			part[j] = 1
			c.value += rho[j]
		}
	}
	c.base = c.value
	if spare < 0 {
		return false
	}
	spare = roundDown(spare, free, room)
	c.spare = spare
	// The sites left closed are packed into the capacity to spare. What does
	// not fit there is open in every choice.
	var all float64
	for _, j := range free {
		if rho[j] > 0 {
			part[j] = 1
			all += rho[j]
			if room[j] <= spare {
				c.items = append(c.items, knapsack.Item{Profit: rho[j], Size: room[j], At: j})
			}
		}
	}
	p := c.solver.Pack(c.items, spare)
	c.value += all - p.Bound
	c.base += all - p.Divisible
	c.price = p.Price
	for _, it := range c.items[:p.Count] {
		part[it.At] = 0
	}
	return true
}

// roundDown returns the largest capacity up to spare that any of the sites add
// up to as far as their greatest common divisor tells, with a little more for
// rounding: with sites of one size the bound of divisible sites is exact then.
func roundDown(spare float64, free []int32, room []float64) float64 {
	divisor := 0.0
	for _, j := range free {
		a, b := room[j], divisor
		if a != math.Trunc(a) && a != b {
			if divisor != 0 {
				return spare
			}
			divisor = a // not a whole number: all have to be the same
			continue
		}
		for b != 0 {
			a, b = b, math.Mod(a, b)
		}
		divisor = a
	}
	if divisor == 0 {
		return spare
	}
	return min(spare, math.Floor(spare/divisor*(1+1e-12))*divisor*(1+1e-12))
}

// chooseSome chooses a given number of sites: those of least reduced price, at
// the price of capacity at which the bound is largest. That price lies where
// the lines cross on which two choices are valued, one of too little capacity
// and one of enough.
func (c *cover) chooseSome(free []int32, rho, room []float64, need float64, count int, part []float64) bool {
	if count > len(free) {
		return false
	}
	if cap(c.key) < len(rho) {
		c.key = make([]float64, len(rho))
	}
	c.key = c.key[:cap(c.key)]
	c.order = append(c.order[:0], free...)
	// line takes the cheapest at a price of capacity, and returns what they
	// cost and hold.
	line := func(price float64) (cost, held float64) {
		for _, j := range free {
			c.key[j] = rho[j] - price*room[j]
		}
		c.cheapest(count)
		for _, j := range c.order[:count] {
			cost += rho[j]
			held += room[j]
		}
		return cost, held
	}
	mix := func(weight float64) {
		for _, j := range c.order[:count] {
			part[j] += weight
		}
	}
	cost, held := line(0)
	if held >= need {
		mix(1)
		c.price, c.value = 0, cost
		c.settle(count)
		return true
	}
	lowCost, lowHeld := cost, held
	largest := func() { // the choice of the largest capacity
		for _, j := range free {
			c.key[j] = -room[j]
		}
		c.cheapest(count)
	}
	largest()
	var highCost, highHeld float64
	for _, j := range c.order[:count] {
		highCost += rho[j]
		highHeld += room[j]
	}
	if highHeld < need {
		return false
	}
	low, high := 0.0, math.Inf(1) // prices at which the two choices were made
	for range 60 {
		price := (highCost - lowCost) / (highHeld - lowHeld)
		if !(price > low && price < high) {
			break
		}
		cost, held = line(price)
		if v, w := cost+price*(need-held), lowCost+price*(need-lowHeld); v >= w-1e-12*math.Abs(w) {
			break
		}
		if held < need {
			lowCost, lowHeld, low = cost, held, price
		} else {
			highCost, highHeld, high = cost, held, price
		}
	}
	c.price = (highCost - lowCost) / (highHeld - lowHeld)
	weight := (need - lowHeld) / (highHeld - lowHeld)
	if math.IsInf(high, 1) {
		largest()
	} else {
		line(high)
	}
	mix(weight)
	line(low)
	mix(1 - weight)
	cost, held = line(c.price)
	c.value = cost + c.price*(need-held)
	c.settle(count)
	return true
}

// settle records what penalties rest on, once the cheapest are chosen.
func (c *cover) settle(count int) {
	c.base, c.spare = c.value, math.Inf(1)
	c.rank = [2]float64{math.Inf(-1), math.Inf(1)}
	for _, j := range c.order[:count] {
		c.rank[0] = max(c.rank[0], c.key[j])
	}
	for _, j := range c.order[count:] {
		c.rank[1] = min(c.rank[1], c.key[j])
	}
}

// cheapest brings the sites of the least keys to the front, ties by index.
func (c *cover) cheapest(count int) {
	slices.SortFunc(c.order, func(a, b int32) int {
		if x, y := c.key[a], c.key[b]; x != y {
			if x < y {
				return -1
			}
			return 1
		}
		return int(a - b)
	})
}
