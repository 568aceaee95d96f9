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
