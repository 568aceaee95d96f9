package locate

import (
	"math"
	"slices"
)

// allowed reports whether a set of sites keeps what does not depend on service,
// and what it costs; sizes holds the size of each site.
func allowed(p Problem, open []bool, sizes []int) (paid float64, ok bool) {
	q := p
	q.Model, q.Capacity, q.Scenarios, q.Penalty, q.Budget = MaximalCover, nil, nil, 0, 0
	if p.Model == SetCover || p.Budget > 0 {
		q.P = 0
	}
	units, count := make([]int, len(open)), 0
	for j, o := range open {
		status := Candidate
		if p.Site != nil {
			status = p.Site[j]
		}
		if !o {
			if status == Existing && p.Rules != nil && p.Rules.Closing != nil {
				paid += p.Rules.Closing[j]
			}
			continue
		}
		units[j] = 1
		if status != Existing {
			count++
			if p.Opening == nil {
				paid++
			} else {
				paid += p.Opening[j]
			}
		}
		if p.Capacity.Sizes != nil {
			paid += p.Capacity.Sizes[j][sizes[j]].Cost
		}
	}
	_, ok = generalValue(q, units)
	if p.Model != SetCover && p.Budget > 0 && (paid > p.Budget*(1+eps) || p.P > 0 && count > p.P) {
		ok = false
	}
	return paid, ok
}

// servable lists the sites that may serve a demand.
func servable(p Problem, open []bool, i int) (sites []int) {
	nearest := math.Inf(1)
	for j, o := range open {
		c := p.Costs.At(i, j)
		if !o || math.IsInf(c, 1) || (p.Model == SetCover || p.Model == MaximalCover) && c > p.Radius {
			continue
		}
		if p.Capacity.Closest && c < nearest {
			sites, nearest = nil, c
		}
		if !p.Capacity.Closest || c == nearest {
			sites = append(sites, j)
		}
	}
	return sites
}

// limitAt is the most that an open site can serve.
func limitAt(p Problem, j int, sizes []int) float64 {
	switch {
	case p.Capacity.Sizes != nil:
		return p.Capacity.Sizes[j][sizes[j]].Limit
	case p.Capacity.Limit != nil:
		return p.Capacity.Limit[j]
	}
	return math.Inf(1)
}

// partValue is what weight or cost a part of a demand adds to the loss, and
// what is lost without it; +Inf if it must be served.
func partValue(p Problem, i, j int) float64 {
	switch p.Model {
	case MaximalCover:
		return -weigh(p, i)
	case SetCover:
		if p.Share > 0 && p.Share < 1 {
			return -weigh(p, i)
		}
		return 0
	}
	return weigh(p, i) * p.Costs.At(i, j)
}

func leftValue(p Problem, i int) float64 {
	switch {
	case p.Model == MaximalCover || p.Model == SetCover && p.Share > 0 && p.Share < 1:
		return 0
	case p.Penalty > 0:
		return weigh(p, i) * p.Penalty
	}
	return math.Inf(1)
}

// serveWhole is the least loss of serving demands whole, by trying all ways.
func serveWhole(p Problem, open []bool, sizes []int) float64 {
	n, m := p.Costs.Size()
	c := p.Capacity
	kinds := 1 + len(c.Commodities)
	load := make([][]float64, kinds)
	for k := range load {
		load[k] = make([]float64, m)
	}
	take := func(k, i int) float64 {
		if k == 0 {
			return takes(p, i)
		}
		return c.Commodities[k-1].Demand[i]
	}
	most := func(k, j int) float64 {
		if k == 0 {
			return limitAt(p, j, sizes)
		}
		return c.Commodities[k-1].Limit[j]
	}
	best := math.Inf(1)
	var try func(i int, value float64)
	try = func(i int, value float64) {
		if i == n {
			for j, o := range open {
				if o && c.Minimum != nil && load[0][j] < c.Minimum[j]-1e-9 {
					return
				}
			}
			best = min(best, value)
			return
		}
		if weigh(p, i) == 0 {
			try(i+1, value)
			return
		}
		join := func(v float64) float64 {
			if p.Model == PCenter {
				return max(value, v)
			}
			return value + v
		}
		try2 := leftValue(p, i)
		if !math.IsInf(try2, 1) {
			try(i+1, join(try2))
		}
	sites:
		for _, j := range servable(p, open, i) {
			for k := range kinds {
				if load[k][j]+take(k, i) > most(k, j)+1e-9 {
					continue sites
				}
			}
			for k := range kinds {
				load[k][j] += take(k, i)
			}
			try(i+1, join(partValue(p, i, j)))
			for k := range kinds {
				load[k][j] -= take(k, i)
			}
		}
	}
	try(0, 0)
	return best
}

// serveParts is the least loss of dividing demands, by a simplex method of its
// own; what is lacking is paid at a price above all others.
func serveParts(p Problem, open []bool, sizes []int) float64 {
	const lacking = 1e4
	n, m := p.Costs.Size()
	c := p.Capacity
	type term struct {
		column int
		value  float64
	}
	var rows [][]term
	var right, cost []float64
	var basic []int
	column := func(v float64) int { cost = append(cost, v); return len(cost) - 1 }
	add := func(terms []term, b, slack float64) {
		basic = append(basic, column(slack))
		rows, right = append(rows, append(terms, term{basic[len(basic)-1], 1})), append(right, b)
	}
	load := make([][][]term, 1+len(c.Commodities))
	for k := range load {
		load[k] = make([][]term, m)
	}
	for i := range n {
		if weigh(p, i) == 0 {
			continue
		}
		var once []term
		for _, j := range servable(p, open, i) {
			y := column(partValue(p, i, j))
			once = append(once, term{y, 1})
			load[0][j] = append(load[0][j], term{y, takes(p, i)})
			for k, g := range c.Commodities {
				load[k+1][j] = append(load[k+1][j], term{y, g.Demand[i]})
			}
		}
		add(once, 1, min(leftValue(p, i), lacking))
	}
	for j, o := range open {
		if !o {
			continue
		}
		if q := limitAt(p, j, sizes); !math.IsInf(q, 1) {
			add(slices.Clone(load[0][j]), q, 0)
		}
		for k, g := range c.Commodities {
			if !math.IsInf(g.Limit[j], 1) {
				add(slices.Clone(load[k+1][j]), g.Limit[j], 0)
			}
		}
		if c.Minimum != nil && c.Minimum[j] > 0 {
			add(append(slices.Clone(load[0][j]), term{column(0), -1}), c.Minimum[j], lacking)
		}
	}
	table := make([][]float64, len(rows))
	for r, terms := range rows {
		table[r] = make([]float64, len(cost)+1)
		table[r][len(cost)] = right[r]
		for _, e := range terms {
			table[r][e.column] += e.value
		}
	}
	pivots(table, basic, cost)
	var value float64
	for r, k := range basic {
		v := table[r][len(cost)]
		if cost[k] == lacking && v > 1e-7 {
			return math.Inf(1)
		}
		value += v * cost[k]
	}
	return value
}

// pivots takes a feasible tableau to a best one by the rule of Bland 1977, which
// cannot cycle: the first column that gains enters, and of the rows that bind
// first that of the first column leaves.
func pivots(table [][]float64, basic []int, cost []float64) {
	for {
		enter := -1
		for k := range cost {
			reduced := cost[k]
			for r, b := range basic {
				reduced -= cost[b] * table[r][k]
			}
			if reduced < -1e-7 {
				enter = k
				break
			}
		}
		if enter < 0 {
			return
		}
		leave, least := -1, math.Inf(1)
		for r, row := range table {
			if row[enter] < 1e-9 {
				continue
			}
			ratio := row[len(cost)] / row[enter]
			if leave < 0 || ratio < least-1e-11 || ratio < least+1e-11 && basic[r] < basic[leave] {
				leave, least = r, min(least, ratio)
			}
		}
		by := table[leave][enter]
		for k := range table[leave] {
			table[leave][k] /= by
		}
		for r, row := range table {
			if f := row[enter]; r != leave && f != 0 {
				for k := range row {
					row[k] -= f * table[leave][k]
				}
			}
		}
		basic[leave] = enter
	}
}

// bestParts tries all sets of sites and sizes.
func bestParts(p Problem) (best float64, ok bool) {
	n, m := p.Costs.Size()
	open, sizes := make([]bool, m), make([]int, m)
	loss := func(q Problem) float64 {
		if q.Capacity.Single {
			return serveWhole(q, open, sizes)
		}
		return serveParts(q, open, sizes)
	}
	sign := 1.0
	if p.Maximises() {
		sign = -1
	}
	var alone []float64
	for k := range p.Scenarios {
		if p.Risk != RegretRisk {
			break
		}
		v, fits := bestParts(sceneIn(p, k))
		if !fits {
			return v, false
		}
		if p.Model == MaximalCover {
			v = -v
		}
		alone = append(alone, v)
	}
	try := func() {
		paid, fits := allowed(p, open, sizes)
		if !fits {
			return
		}
		var value float64
		if len(p.Scenarios) > 0 {
			var losses []float64
			for k := range p.Scenarios {
				losses = append(losses, loss(sceneIn(p, k)))
			}
			value = riskOf(p, losses, alone)
		} else {
			value = loss(p)
		}
		if math.IsInf(value, 1) {
			return
		}
		switch {
		case p.Model == FixedCharge:
			value += paid
		case p.Model == SetCover:
			if p.Share > 0 && p.Share < 1 {
				var total float64
				for i := range n {
					total += weigh(p, i)
				}
				if -value < p.Share*total*(1-eps) {
					return
				}
			}
			value = paid
		case p.Model == MaximalCover && p.Risk != RegretRisk:
			value = -value
		}
		if !ok || sign*value < sign*best {
			best, ok = value, true
		}
	}
	var choose func(j int)
	choose = func(j int) {
		if j == m {
			try()
			return
		}
		open[j] = false
		choose(j + 1)
		open[j] = true
		for k := range max(1, sizesAt(p, j)) {
			sizes[j] = k
			choose(j + 1)
		}
		open[j] = false
	}
	choose(0)
	return best, ok
}

func sizesAt(p Problem, j int) int {
	if p.Capacity.Sizes == nil {
		return 1
	}
	return len(p.Capacity.Sizes[j])
}

// sceneIn is a scenario as a problem of its own.
func sceneIn(p Problem, k int) Problem {
	s := p.Scenarios[k]
	q := p
	q.Scenarios, q.Risk, q.Tail = nil, 0, 0
	if s.Weight != nil {
		q.Weight = s.Weight
	}
	q.Costs = lose(p.Costs, s.Lost)
	c := *p.Capacity
	if c.Minimum = slices.Clone(c.Minimum); c.Minimum != nil {
		for _, j := range s.Lost {
			c.Minimum[j] = 0
		}
	}
	q.Capacity = &c
	return q
}

// riskOf is what counts of losses that are equally likely.
func riskOf(p Problem, losses, alone []float64) float64 {
	var sum float64
	for _, v := range losses {
		sum += v
	}
	switch p.Risk {
	case WorstRisk:
		return slices.Max(losses)
	case RegretRisk:
		worst := math.Inf(-1)
		for k, v := range losses {
			worst = max(worst, v-alone[k])
		}
		return worst
	case TailRisk:
		if sum == math.Inf(1) || len(losses) == 1 {
			return sum
		}
		share, most := 1-p.Tail, slices.Max(losses) // of two scenarios
		return (0.5*most + (share-0.5)*(sum-most)) / share
	}
	return sum / float64(len(losses))
}
