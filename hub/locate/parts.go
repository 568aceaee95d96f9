package locate

import (
	"math"
	"slices"

	"github.com/hubplan/hubplan/hub/locate/internal/near"
)

// part is the column that says which part of a demand a site serves.
type part struct{ demand, site, column int }

// serviceReach is the largest cost at which a site serves under capacities.
func (p *Problem) serviceReach() float64 {
	if p.covers() {
		return p.Radius
	}
	return math.Inf(1)
}

// all reports whether every demand must be served.
func (p *Problem) all() bool {
	return p.Model != MaximalCover && p.Penalty == 0 && !(p.Model == SetCover && p.asked() < 1)
}

// room is what the parts served in a scene take up: a row for each site, and
// one for each commodity and site.
type room struct {
	l         *linear
	s         *scene
	load      []row
	carried   [][]row
	widen     float64 // limits, where sums are rounded
	widenMore []float64
	costs     []float64 // of the pairs of the demand that has columns now
}

// newRoom returns nil if there are no capacities.
func (l *linear) newRoom(s *scene) *room {
	c := s.Capacity
	if c == nil {
		return nil
	}
	r := &room{l: l, s: s, load: make([]row, l.sites)}
	sizes := make([]float64, l.demands)
	for i := range sizes {
		sizes[i] = s.size(i)
	}
	limits := [][]float64{sizes, c.Limit, c.Minimum}
	for _, list := range c.Sizes {
		for _, z := range list {
			limits = append(limits, []float64{z.Limit})
		}
	}
	r.widen = widening(limits...)
	for k, g := range c.Commodities {
		r.carried = append(r.carried, make([]row, l.sites))
		for i := range sizes {
			sizes[i] = s.carries(k, i)
		}
		r.widenMore = append(r.widenMore, widening(sizes, g.Limit))
	}
	l.parts = append(l.parts, nil)
	return r
}

// widening is 0 if all sums of the values are exact.
func widening(values ...[]float64) float64 {
	for _, v := range values {
		if len(v) > 0 && slices.Max(v) > 0 && exact(v) == 0 {
			return roundLimit
		}
	}
	return 0
}

// carries is what demand i takes up of commodity k.
func (p *Problem) carries(k, i int) float64 {
	if p.weight(i) == 0 {
		return 0
	}
	return p.Capacity.Commodities[k].Demand[i]
}

// holds reports whether a site can serve a demand that does not divide.
func (r *room) holds(i, j int) bool {
	c := r.s.Capacity
	if !c.Single {
		return true
	}
	for k, g := range c.Commodities {
		if r.s.carries(k, i) > g.Limit[j]*(1+r.widenMore[k]) {
			return false
		}
	}
	return r.s.size(i) <= c.largest(j)*(1+r.widen)
}

// column adds the column of the part of demand i that a site serves.
func (r *room) column(i int, pair near.Pair) int {
	j := int(pair.Site)
	r.costs = append(r.costs, pair.Cost)
	add := r.l.column
	if r.s.Capacity.Single {
		add = r.l.whole
	}
	y := add(0, 0, 1, "y", r.s.index(i, j)...)
	last := len(r.l.parts) - 1
	r.l.parts[last] = append(r.l.parts[last], part{i, j, y})
	if d := r.s.size(i); d > 0 {
		r.load[j].add(y, d)
	}
	for k := range r.carried {
		if d := r.s.carries(k, i); d > 0 {
			r.carried[k][j].add(y, d)
		}
	}
	return y
}

// closest keeps a demand from the sites farther than an open one: for each site
// j the sum of the parts served by sites farther than j, with x_j, is at most 1
// (Church and Cohon 1976; the strongest of the forms that Espejo, Marín and
// Rodríguez-Chía 2012, European Journal of Operational Research 219, compare).
func (r *room) closest(i int, pairs []near.Pair, once row) {
	if !r.s.Capacity.Closest {
		pairs = nil
	}
	for _, near := range pairs {
		j := int(near.Site)
		if r.l.open[j] < 0 {
			continue
		}
		var farther row
		for k, y := range once.columns {
			if r.costs[k] > near.Cost {
				farther.add(int(y), 1)
			}
		}
		if len(farther.columns) > 0 {
			farther.add(r.l.open[j], 1)
			r.l.limit(noLess, 1, farther, "n", r.s.index(i, j)...)
		}
	}
	r.costs = r.costs[:0]
}

// close adds the rows of limits and minimums.
func (r *room) close() {
	c := r.s.Capacity
	for j, x := range r.l.open {
		if x < 0 {
			continue
		}
		switch {
		case c.Sizes != nil:
			load := r.load[j]
			most := load.sum()
			if most == 0 {
				break
			}
			load.columns, load.values = slices.Clone(load.columns), slices.Clone(load.values)
			for k, z := range c.Sizes[j] {
				load.add(r.l.size[j][k], -min(z.Limit*(1+r.widen), most))
			}
			r.l.holding(load, "c", r.s.index(j)...)
		case c.Limit != nil:
			r.l.capped(x, r.load[j], c.Limit[j]*(1+r.widen), "c", r.s.index(j)...)
		}
		if c.Minimum != nil && c.Minimum[j] > 0 {
			least := r.load[j]
			least.add(x, -c.Minimum[j]*(1-r.widen))
			r.l.limit(0, noMore, least.moderate(), "m", r.s.index(j)...)
		}
		for k, g := range c.Commodities {
			r.l.capped(x, r.carried[k][j], g.Limit[j]*(1+r.widenMore[k]), "e", r.s.index(k, j)...)
		}
	}
}

// sum adds up the coefficients.
func (r *row) sum() (sum float64) {
	for _, v := range r.values {
		sum += v
	}
	return sum
}

// capped keeps a load at most at a limit if a site is open.
func (l *linear) capped(x int, load row, limit float64, letter string, indices ...int) {
	if most := load.sum(); limit < most {
		load.columns, load.values = slices.Clone(load.columns), slices.Clone(load.values)
		load.add(x, -limit)
		l.holding(load, letter, indices...)
	}
}

// holding adds a row of a load less what a site has room for.
func (l *linear) holding(load row, letter string, indices ...int) {
	l.limit(noLess, 0, load.moderate(), letter, indices...)
}

// moderate is a row times a power of two, where its numbers are so large or so
// small that the tolerances of a search would mean something else.
func (r *row) moderate() row {
	var largest float64
	for _, v := range r.values {
		largest = max(largest, math.Abs(v))
	}
	_, exponent := math.Frexp(largest)
	if largest == 0 || exponent >= 1 && exponent <= 16 {
		return *r
	}
	m := row{columns: r.columns}
	for _, v := range r.values {
		m.values = append(m.values, math.Ldexp(v, 1-exponent))
	}
	return m
}

// sizes adds a column for each size of a site, of which an open one has
// exactly one.
func (l *linear) sizes(j int, budget *row) {
	if l.Capacity == nil || l.Capacity.Sizes == nil {
		return
	}
	var one row
	list := l.Capacity.Sizes[j]
	for k, z := range list {
		cost := 0.0
		if l.pays() {
			cost = z.Cost
		}
		q := l.whole(cost, 0, 1, "q", j, k)
		budget.add(q, z.Cost)
		one.add(q, 1)
		l.size[j] = append(l.size[j], q)
	}
	one.add(l.open[j], -1)
	l.limit(0, 0, one, "q", j)
}
