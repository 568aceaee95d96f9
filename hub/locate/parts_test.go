package locate

import (
	"context"
	"errors"
	"math"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"
)

// drawParts draws a small problem with capacities that takes the general way.
func drawParts(rng *rand.Rand, model Model) Problem {
	pick := func(k int) bool { return rng.IntN(k) == 0 }
	single := model == PCenter || pick(2)
	for {
		p := randomProblem(rng, model)
		n, m := p.Costs.Size()
		if n > 7 || m > 4 || single && (n > 4 || m > 3) {
			continue
		}
		p.Median, p.Fade = false, 0
		c := &Capacity{Single: single, Closest: pick(4)}
		p.Capacity = c
		integer := pick(2)
		number := func(most float64) float64 {
			v := most * rng.Float64()
			if integer {
				v = math.Ceil(v)
			}
			return v
		}
		if pick(2) {
			for range n {
				c.Demand = append(c.Demand, number(5))
			}
		}
		var total float64
		for i := range n {
			total += takes(p, i)
		}
		spread := 2 * (1 + 3*rng.Float64()) / float64(m)
		limit := func(total float64) float64 {
			if pick(12) {
				return math.Inf(1)
			}
			return number(total * spread)
		}
		if pick(3) {
			for range m {
				var list []Size
				for range 1 + rng.IntN(2) {
					list = append(list, Size{limit(total), number(3)})
				}
				c.Sizes = append(c.Sizes, list)
			}
		} else if !pick(8) {
			for range m {
				c.Limit = append(c.Limit, limit(total))
			}
		}
		if pick(3) || c.Limit == nil && c.Sizes == nil {
			for range 1 + rng.IntN(2) {
				g := Commodity{}
				var sum float64
				for range n {
					g.Demand = append(g.Demand, number(3))
					sum += g.Demand[len(g.Demand)-1]
				}
				for range m {
					g.Limit = append(g.Limit, limit(sum))
				}
				c.Commodities = append(c.Commodities, g)
			}
		}
		if pick(3) {
			for j := range m {
				c.Minimum = append(c.Minimum, math.Floor(min(c.largest(j), total)*rng.Float64()*0.6))
			}
		}
		if (model == PMedian || model == FixedCharge) && pick(3) {
			p.Penalty = float64(1 + rng.IntN(6))
		}
		if (model == PMedian || model == MaximalCover) && pick(4) {
			p.Risk, p.Tail = Risk(rng.IntN(4)), 0.4
			for range 1 + rng.IntN(2) {
				var s Scenario
				if pick(2) {
					for range n {
						s.Weight = append(s.Weight, float64(rng.IntN(4)))
					}
				}
				if pick(2) {
					s.Lost = []int{rng.IntN(m)}
				}
				p.Scenarios = append(p.Scenarios, s)
			}
		}
		if model != SetCover && pick(4) {
			p.Budget = number(8) + 0.5
		}
		if pick(4) {
			g := Group{Sites: rng.Perm(m)[:1+rng.IntN(m)], Least: rng.IntN(2)}
			g.Most = g.Least + rng.IntN(2)
			p.Rules = &Rules{Groups: []Group{g}}
			if pick(2) {
				for range m {
					p.Rules.Closing = append(p.Rules.Closing, []float64{0, 1, 3, math.Inf(1)}[rng.IntN(4)])
				}
			}
		}
		return p
	}
}

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

// checkParts holds a solution to what it says about itself.
func checkParts(t *testing.T, p Problem, s *Solution, want float64) {
	t.Helper()
	_, m := p.Costs.Size()
	open, sizes := make([]bool, m), make([]int, m)
	for k, j := range s.Open {
		open[j] = true
		if p.Capacity.Sizes != nil {
			sizes[j] = s.Size[k]
		}
	}
	paid, ok := allowed(p, open, sizes)
	if !ok || !slices.IsSorted(s.Open) {
		t.Fatalf("%+v %+v: sites %v, sizes %v", p, p.Capacity, s.Open, s.Size)
	}
	lists, problems := [][]Split{s.Split}, []Problem{p}
	if len(p.Scenarios) > 0 {
		lists, problems = s.Scenes, nil
		if !reflect.DeepEqual(s.Split, s.Scenes[0]) {
			t.Fatalf("split %v, scenes %v", s.Split, s.Scenes)
		}
		for k := range p.Scenarios {
			problems = append(problems, sceneIn(p, k))
		}
	}
	var losses, alone []float64
	for k, list := range lists {
		losses = append(losses, checkSplit(t, problems[k], s, open, sizes, list, k == 0))
	}
	value := losses[0]
	switch {
	case len(p.Scenarios) > 0:
		for k := range p.Scenarios {
			if p.Risk == RegretRisk {
				v, _ := bestParts(problems[k])
				if p.Model == MaximalCover {
					v = -v
				}
				alone = append(alone, v)
			}
		}
		if value = riskOf(p, losses, alone); p.Maximises() {
			value = -value
		}
	case p.Model == FixedCharge:
		value += paid
	case p.Model == SetCover:
		value = paid
	case p.Model == MaximalCover:
		value = -value
	}
	if math.Abs(value-s.Objective) > 1e-8*(1+math.Abs(value)) {
		t.Fatalf("%+v %+v: objective %v, recomputed %v: %+v", p, p.Capacity, s.Objective, value, s)
	}
	sign := 1.0
	if p.Maximises() {
		sign = -1
	}
	if sign*s.Bound > sign*want+1e-9*(1+math.Abs(want)) || sign*s.Objective < sign*want-1e-6*(1+math.Abs(want)) {
		t.Fatalf("%+v %+v: objective %v, bound %v, best %v", p, p.Capacity, s.Objective, s.Bound, want)
	}
	if s.Gap != gap(s.Objective, s.Bound) || s.Optimal != (s.Status == Optimal) || s.Optimal && s.Gap > eps && want != 0 {
		t.Fatalf("optimal %v, status %v, gap %v of %v", s.Optimal, s.Status, s.Gap, want)
	}
}

// checkSplit is the loss of parts, which it holds to the limits of the sites.
func checkSplit(t *testing.T, p Problem, s *Solution, open []bool, sizes []int, list []Split, first bool) float64 {
	t.Helper()
	n, m := p.Costs.Size()
	c := p.Capacity
	load, served := make([][]float64, 1+len(c.Commodities)), make([]float64, n)
	for k := range load {
		load[k] = make([]float64, m)
	}
	var sum, worst, share float64
	for k, part := range list {
		i, j := part.Demand, part.Site
		if k > 0 && (i < list[k-1].Demand || i == list[k-1].Demand && j <= list[k-1].Site) {
			t.Fatalf("split %v is not sorted", list)
		}
		if !slices.Contains(servable(p, open, i), j) || !(part.Part > 0 && part.Part <= 1) || c.Single && part.Part != 1 {
			t.Fatalf("%+v: part %+v", p, part)
		}
		served[i] += part.Part
		load[0][j] += part.Part * takes(p, i)
		for k, g := range c.Commodities {
			load[k+1][j] += part.Part * g.Demand[i]
		}
		sum += part.Part * partValue(p, i, j)
		share += part.Part * weigh(p, i)
		worst = max(worst, partValue(p, i, j))
	}
	for j, o := range open {
		slack := 1e-6 * (1 + load[0][j])
		if o && (load[0][j] > limitAt(p, j, sizes)+slack || c.Minimum != nil && load[0][j] < c.Minimum[j]-slack) {
			t.Fatalf("%+v %+v: site %d serves %v", p, c, j, load[0][j])
		}
		for k, g := range c.Commodities {
			if o && load[k+1][j] > g.Limit[j]+1e-6*(1+g.Limit[j]) {
				t.Fatalf("%+v %+v: site %d serves %v of commodity %d", p, c, j, load[k+1][j], k)
			}
		}
	}
	for i, v := range served {
		switch {
		case weigh(p, i) == 0 && v != 0 || v > 1+eps:
			t.Fatalf("demand %d is served %v", i, v)
		case weigh(p, i) > 0 && v < 1-eps:
			sum += (1 - v) * leftValue(p, i)
		}
	}
	for i, j := range s.Assign {
		if !first || weigh(p, i) == 0 {
			continue
		}
		most, site := 0.0, -1
		for _, part := range list {
			if part.Demand == i && part.Part > most {
				most, site = part.Part, part.Site
			}
		}
		if j != site {
			t.Fatalf("demand %d is assigned to %d, split %v", i, j, list)
		}
	}
	if p.Model == PCenter {
		return worst
	}
	return sum
}

func TestPartsEqualEnumeration(t *testing.T) {
	for _, model := range []Model{PMedian, FixedCharge, PCenter, SetCover, MaximalCover} {
		t.Run(model.String(), func(t *testing.T) {
			rng := rand.New(rand.NewPCG(31, uint64(model)))
			count, solved, none := 1500, 0, 0
			if testing.Short() {
				count = 200
			}
			for k := 0; solved+none < count; k++ {
				p := drawParts(rng, model)
				if !p.general() {
					continue
				}
				if err := p.Check(); errors.Is(err, ErrProblem) {
					continue
				}
				want, ok := bestParts(p)
				s, err := Solve(context.Background(), p, Options{Workers: 1 + k%3})
				if err != nil {
					if !errors.Is(err, ErrInfeasible) || ok {
						t.Fatalf("problem %d %+v %+v: %v, best %v %v", k, p, p.Capacity, err, want, ok)
					}
					none++
					continue
				}
				solved++
				if !ok || !s.Optimal || math.Abs(s.Objective-want) > 1e-7*(1+math.Abs(want)) {
					t.Fatalf("problem %d %+v %+v: %+v, best %v %v", k, p, p.Capacity, s, want, ok)
				}
				checkParts(t, p, s, want)
				if s, err := Solve(context.Background(), p, Options{Nodes: 1}); err == nil {
					checkParts(t, p, s, want)
				} else if !errors.Is(err, ErrNodeLimit) {
					t.Fatalf("problem %d with one node: %v", k, err)
				}
				ctx := &countdown{Context: context.Background()}
				ctx.left.Store(int64(rng.IntN(20)))
				if s, err := Solve(ctx, p, Options{Start: []int{0}}); err == nil {
					checkParts(t, p, s, want)
				} else if !errors.Is(err, context.Canceled) {
					t.Fatalf("problem %d stopped: %v", k, err)
				}
				if k%8 == 0 {
					one, err1 := Solve(context.Background(), p, Options{Workers: 1})
					many, err2 := Solve(context.Background(), p, Options{Workers: 7})
					if err1 != nil || err2 != nil || !reflect.DeepEqual(one, many) {
						t.Fatalf("%+v with one worker, %+v with seven", one, many)
					}
				}
			}
			if solved < count/4 || none < count/50 {
				t.Fatalf("%d solved, %d without a solution", solved, none)
			}
		})
	}
}

// TestPartsEqualEngine: what the engine of capacities alone finds is what the
// linear program finds, to which a commodity that nobody asks for leads.
func TestPartsEqualEngine(t *testing.T) {
	rng := rand.New(rand.NewPCG(32, 1))
	solved := 0
	for k := range 300 {
		p := randomCapacity(rng, k%2 == 0, k%3 == 0)
		n, m := p.Costs.Size()
		if k >= 290 { // larger ones
			n, m = 24, 6
			p = uniform(uint64(k), n, m)
			p.Model, p.P = []Model{PMedian, FixedCharge}[k%2], 3*(1-k%2)
			c := &Capacity{Single: k%3 == 0}
			for range n {
				c.Demand = append(c.Demand, float64(1+rng.IntN(9)))
			}
			for range m {
				p.Opening = append(p.Opening, float64(200+rng.IntN(300)))
				c.Limit = append(c.Limit, float64(40+rng.IntN(30)))
			}
			p.Capacity = c
		}
		want, err := Solve(context.Background(), p, Options{})
		c := *p.Capacity
		c.Commodities = []Commodity{{make([]float64, n), make([]float64, m)}}
		p.Capacity = &c
		s, err2 := Solve(context.Background(), p, Options{})
		if (err == nil) != (err2 == nil) {
			t.Fatalf("round %d: %v, %v\n%+v %+v", k, err, err2, p, p.Capacity)
		}
		if err != nil {
			if !errors.Is(err2, ErrInfeasible) {
				t.Fatal(err2)
			}
			continue
		}
		solved++
		if !s.Optimal || !alike(s.Objective, want.Objective) {
			t.Fatalf("round %d: %v %v, the engine %v\n%+v %+v", k, s.Objective, s.Status, want.Objective, p, p.Capacity)
		}
	}
	if solved < 100 {
		t.Errorf("%d solved", solved)
	}
}

// TestPartsScale: the unit of what demands take up makes no difference.
func TestPartsScale(t *testing.T) {
	rng := rand.New(rand.NewPCG(33, 1))
	for k := range 300 {
		p := drawParts(rng, []Model{PMedian, FixedCharge, PCenter, SetCover, MaximalCover}[k%5])
		n, _ := p.Costs.Size()
		c := p.Capacity
		for i := len(c.Demand); i < n; i++ {
			c.Demand = append(c.Demand, float64(rng.IntN(4)))
		}
		if errors.Is(p.Check(), ErrProblem) || !p.general() {
			continue
		}
		want, err := Solve(context.Background(), p, Options{})
		for _, by := range []float64{0x1p30, 0x1p-20} {
			scaled := func(list []float64) []float64 {
				list = slices.Clone(list)
				for i := range list {
					list[i] *= by
				}
				return list
			}
			d := *c
			d.Demand, d.Limit, d.Minimum, d.Sizes, d.Commodities = scaled(c.Demand), scaled(c.Limit), scaled(c.Minimum), nil, nil
			for _, list := range c.Sizes {
				list = slices.Clone(list)
				for i := range list {
					list[i].Limit *= by
				}
				d.Sizes = append(d.Sizes, list)
			}
			for _, g := range c.Commodities {
				d.Commodities = append(d.Commodities, Commodity{scaled(g.Demand), scaled(g.Limit)})
			}
			q := p
			q.Capacity = &d
			s, err2 := Solve(context.Background(), q, Options{})
			if (err == nil) != (err2 == nil) {
				t.Fatalf("problem %d by %v: %v, %v %+v %+v", k, by, err, err2, p, c)
			}
			if err == nil && math.Abs(s.Objective-want.Objective) > 1e-7*(1+math.Abs(want.Objective)) {
				t.Fatalf("problem %d by %v: %v, %v\n%+v %+v", k, by, want.Objective, s.Objective, p, c)
			}
		}
	}
}

func TestPartsErrors(t *testing.T) {
	nan := math.NaN()
	base := func() (Problem, *Capacity) {
		c := &Capacity{Sizes: [][]Size{{{40, 1}}, {{10, 1}, {30, 2}}, {{20, 0}}}, Demand: []float64{70, 50}}
		return Problem{Model: FixedCharge, Costs: Dense{2, 3, []float64{1, 2, 3, 1, 2, 3}}, Capacity: c}, c
	}
	for _, test := range []struct {
		change func(p *Problem, c *Capacity)
		is     error
		want   string
	}{
		{func(p *Problem, c *Capacity) {}, ErrInfeasible, "can serve 90 of 120: 30 short"},
		{func(p *Problem, c *Capacity) {
			c.Demand = []float64{1, 2}
			c.Commodities = []Commodity{{[]float64{0, 1}, []float64{5, 5, 5}}, {[]float64{4, 5}, []float64{2, 2, 3}}}
		}, ErrInfeasible, "of commodity 1 the sites that may be opened can serve 7 of 9: 2 short"},
		{func(p *Problem, c *Capacity) {
			p.Model, p.P = PMedian, 1
			p.Scenarios = []Scenario{{Weight: []float64{0, 1}}, {}}
			c.Demand = []float64{30, 20}
		}, ErrInfeasible, "in scenario 1 the 1 largest sites that may be opened can serve 40 of 50: 10 short"},
		{func(p *Problem, c *Capacity) { p.Model, p.Radius = SetCover, 1; c.Demand = []float64{30, 20} }, ErrInfeasible, "can serve 40 of 50, since not every site can serve every demand: 10 short"},
		{func(p *Problem, c *Capacity) { p.Model, p.Radius = SetCover, 0.5 }, ErrInfeasible, "demand 0 has no site within radius 0.5"},
		{func(p *Problem, c *Capacity) { c.Single = true; c.Demand = []float64{30, 41} }, ErrInfeasible, "demand 1 takes up 41, the largest site that can serve it holds 40"},
		{func(p *Problem, c *Capacity) {
			c.Demand, c.Closest = []float64{30, 20}, true
			p.Site = []Status{Required, 0, 0}
		}, ErrInfeasible, "each from its nearest, within the limits"},
		{func(p *Problem, c *Capacity) { c.Sizes[1] = nil }, ErrProblem, "site 1 has no size"},
		{func(p *Problem, c *Capacity) { c.Sizes = c.Sizes[:2] }, ErrProblem, "2 lists of sizes for 3 sites"},
		{func(p *Problem, c *Capacity) { c.Sizes[1][1].Limit = nan }, ErrProblem, "limit NaN of size 1 of site 1"},
		{func(p *Problem, c *Capacity) { c.Sizes[2][0].Cost = -1 }, ErrProblem, "cost -1 of size 0 of site 2"},
		{func(p *Problem, c *Capacity) { c.Limit = []float64{1, 2, 3} }, ErrProblem, "sites have limits and sizes"},
		{func(p *Problem, c *Capacity) { c.Minimum = []float64{0, 31, 0} }, ErrProblem, "minimum 31 of site 1 is not between 0 and its limit 30"},
		{func(p *Problem, c *Capacity) { c.Sizes = nil }, ErrProblem, "0 limits for 3 sites"},
		{func(p *Problem, c *Capacity) { c.Commodities = []Commodity{{[]float64{1}, []float64{5, 5, 5}}} }, ErrProblem, "commodity 0 has 1 demands for 2 demands"},
		{func(p *Problem, c *Capacity) { c.Commodities = []Commodity{{[]float64{1, 2}, nil}} }, ErrProblem, "commodity 0 has 0 limits for 3 sites"},
		{func(p *Problem, c *Capacity) { c.Commodities = []Commodity{{[]float64{1, -2}, []float64{1, 1, 1}}} }, ErrProblem, "demand -2 of demand 1 for commodity 0"},
		{func(p *Problem, c *Capacity) { c.Commodities = []Commodity{{[]float64{1, 2}, []float64{1, nan, 1}}} }, ErrProblem, "limit NaN of site 1 for commodity 0"},
		{func(p *Problem, c *Capacity) { p.Model, p.P = BackupCover, 1 }, ErrProblem, "not supported with backup-cover"},
		{func(p *Problem, c *Capacity) { p.Model, p.P, p.Fade = MaximalCover, 1, 3 }, ErrProblem, "capacities and fade"},
		{func(p *Problem, c *Capacity) { p.Model, p.P, p.Loss = MaximalCover, 1, 1 }, ErrProblem, "capacities and failure, loss"},
	} {
		p, c := base()
		test.change(&p, c)
		_, err := Solve(context.Background(), p, Options{})
		if !errors.Is(err, test.is) || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%v, want %q", err, test.want)
		}
	}
}
