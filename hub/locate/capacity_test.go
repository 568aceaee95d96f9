package locate

import (
	"context"
	"errors"
	"math"
	"math/bits"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"
)

// least is the least cost of dividing the demands among open sites, by
// successive shortest paths through a network of a source, the sites, the
// demands and a sink; ok is false if not all of them can be served. A minimum
// is tried as a first supply that costs so much less that it is used first.
func least(p Problem, open []bool) (value float64, ok bool) {
	const reward = 1e4
	n, m := p.Costs.Size()
	type edge struct {
		from, to   int
		cost, left float64
	}
	var edges []edge
	add := func(a, b int, c, u float64) { edges = append(edges, edge{a, b, c, u}, edge{b, a, -c, 0}) }
	source, sink := n+m, n+m+1
	var lacking, must float64
	for j, o := range open {
		if !o {
			continue
		}
		lower := 0.0
		if p.Capacity.Minimum != nil {
			lower = p.Capacity.Minimum[j]
		}
		must += lower
		add(source, j, -reward, lower)
		add(source, j, 0, min(p.Capacity.Limit[j], 1e9)-lower)
		for i := range n {
			if c := p.Costs.At(i, j); c < math.Inf(1) && takes(p, i) > 0 {
				add(j, m+i, weigh(p, i)*c/takes(p, i), math.Inf(1))
			}
		}
	}
	for i := range n {
		switch d := takes(p, i); {
		case d > 0:
			lacking += d
			add(m+i, sink, 0, d)
		case weigh(p, i) > 0: // takes up nothing
			near := math.Inf(1)
			for j, o := range open {
				if o {
					near = min(near, p.Costs.At(i, j))
				}
			}
			value += weigh(p, i) * near
		}
	}
	const tiny = 1e-10
	for {
		dist, by := make([]float64, n+m+2), make([]int, n+m+2)
		for v := range dist {
			dist[v] = math.Inf(1)
		}
		dist[source] = 0
		for round, changed := 0, true; changed && round < n+m+3; round++ {
			changed = false
			for k, e := range edges {
				if e.left > tiny && dist[e.from]+e.cost < dist[e.to]-1e-8 {
					dist[e.to], by[e.to], changed = dist[e.from]+e.cost, k, true
				}
			}
		}
		if math.IsInf(dist[sink], 1) {
			break
		}
		push := math.Inf(1)
		for v := sink; v != source; v = edges[by[v]].from {
			push = min(push, edges[by[v]].left)
		}
		for v := sink; v != source; v = edges[by[v]].from {
			edges[by[v]].left -= push
			edges[by[v]^1].left += push
		}
		lacking -= push
	}
	for k := 0; k < len(edges); k += 2 {
		e := edges[k]
		switch flow := edges[k+1].left; {
		case e.cost == -reward:
			must -= flow
		case flow > 0:
			value += flow * e.cost
		}
	}
	return value, lacking < 1e-7 && must < 1e-7 && !math.IsInf(value, 1)
}

func weigh(p Problem, i int) float64 {
	if p.Weight == nil {
		return 1
	}
	return p.Weight[i]
}

func takes(p Problem, i int) float64 {
	switch {
	case weigh(p, i) == 0:
		return 0
	case p.Capacity.Demand != nil:
		return p.Capacity.Demand[i]
	}
	return weigh(p, i)
}

// leastSingle tries every assignment of demands to open sites.
func leastSingle(p Problem, open []bool) (best float64, ok bool) {
	n, _ := p.Costs.Size()
	load := make([]float64, len(open))
	best = math.Inf(1)
	var try func(i int, value float64)
	try = func(i int, value float64) {
		if value >= best {
			return
		}
		if i < n && weigh(p, i) == 0 {
			try(i+1, value)
			return
		}
		if i == n {
			for j, o := range open {
				if o && p.Capacity.Minimum != nil && load[j] < p.Capacity.Minimum[j]-1e-9 {
					return
				}
			}
			best = value
			return
		}
		for j, o := range open {
			if c := p.Costs.At(i, j); o && c < math.Inf(1) && load[j]+takes(p, i) <= p.Capacity.Limit[j]+1e-9 {
				load[j] += takes(p, i)
				try(i+1, value+weigh(p, i)*c)
				load[j] -= takes(p, i)
			}
		}
	}
	try(0, 0)
	return best, best < math.Inf(1)
}

// bruteCapacity tries every set of sites.
func bruteCapacity(p Problem) (best float64, ok bool) {
	_, m := p.Costs.Size()
	best = math.Inf(1)
	open := make([]bool, m)
sets:
	for set := range 1 << m {
		if !numberFits(p, bits.OnesCount(uint(set))) {
			continue
		}
		var cost float64
		for j := range open {
			open[j] = set>>j&1 == 1
			status := Candidate
			if p.Site != nil {
				status = p.Site[j]
			}
			if (status == Required || status == Existing) && !open[j] || status == Excluded && open[j] {
				continue sets
			}
			switch {
			case !open[j] || status == Existing || p.Model == PMedian:
			case p.Opening != nil:
				cost += p.Opening[j]
			default:
				cost++
			}
		}
		value, fits := 0.0, false
		if p.Capacity.Single {
			value, fits = leastSingle(p, open)
		} else {
			value, fits = least(p, open)
		}
		if fits && value+cost < best {
			best, ok = value+cost, true
		}
	}
	return best, ok
}

// randomCapacity draws a small problem with capacities that are often tight.
func randomCapacity(rng *rand.Rand, single, minimum bool) Problem {
	for {
		p := randomProblem(rng, []Model{PMedian, FixedCharge}[rng.IntN(2)])
		n, m := p.Costs.Size()
		if single && (n > 6 || m > 4) || m > 7 {
			continue
		}
		c := &Capacity{Single: single}
		p.Capacity = c
		integer := rng.IntN(3) > 0
		if rng.IntN(3) > 0 {
			for range n {
				d := float64(rng.IntN(5))
				if !integer {
					d = 4 * rng.Float64()
				}
				c.Demand = append(c.Demand, d)
			}
		}
		var total float64
		for i := range n {
			total += takes(p, i)
		}
		spread := 1 + 3*rng.Float64()
		for j := range m {
			q := total / float64(m) * spread * 2 * rng.Float64()
			if integer {
				q = math.Ceil(q)
			}
			if rng.IntN(20) == 0 {
				q = math.Inf(1)
			}
			c.Limit = append(c.Limit, q)
			if minimum {
				c.Minimum = append(c.Minimum, math.Floor(min(q, total)*rng.Float64()*0.6))
			}
			_ = j
		}
		return p
	}
}

// checkCapacity holds a solution to what it says about itself.
func checkCapacity(t *testing.T, p Problem, s *Solution) {
	t.Helper()
	n, m := p.Costs.Size()
	if !slices.IsSorted(s.Open) || len(slices.Compact(slices.Clone(s.Open))) != len(s.Open) || !numberFits(p, len(s.Open)) {
		t.Fatalf("Open %v, P %d", s.Open, p.P)
	}
	var value float64
	for j := range m {
		status := Candidate
		if p.Site != nil {
			status = p.Site[j]
		}
		open := slices.Contains(s.Open, j)
		if (status == Required || status == Existing) && !open || status == Excluded && open {
			t.Fatalf("site %d is %v, Open is %v", j, status, s.Open)
		}
		if open && status != Existing && p.Model == FixedCharge {
			if p.Opening == nil {
				value++
			} else {
				value += p.Opening[j]
			}
		}
	}
	load, served := make([]float64, m), make([]float64, n)
	for k, part := range s.Split {
		if k > 0 && (part.Demand < s.Split[k-1].Demand || part.Demand == s.Split[k-1].Demand && part.Site <= s.Split[k-1].Site) {
			t.Fatalf("Split %v is not sorted", s.Split)
		}
		if !slices.Contains(s.Open, part.Site) || !(part.Part > 0) || p.Capacity.Single && part.Part != 1 {
			t.Fatalf("%+v, Open %v", part, s.Open)
		}
		load[part.Site] += part.Part * takes(p, part.Demand)
		served[part.Demand] += part.Part
		value += part.Part * weigh(p, part.Demand) * p.Costs.At(part.Demand, part.Site)
	}
	if !alike(value, s.Objective) {
		t.Fatalf("Objective %v, recomputed %v", s.Objective, value)
	}
	for i, v := range served {
		if weigh(p, i) > 0 && math.Abs(v-1) > eps || weigh(p, i) == 0 && v != 0 {
			t.Fatalf("demand %d is served %v", i, v)
		}
		most, site := 0.0, -1
		for _, part := range s.Split {
			if part.Demand == i && part.Part > most {
				most, site = part.Part, part.Site
			}
		}
		if weigh(p, i) > 0 && s.Assign[i] != site {
			t.Fatalf("Assign[%d] = %d, want %d: %v", i, s.Assign[i], site, s.Split)
		}
	}
	for _, j := range s.Open {
		if load[j] > p.Capacity.Limit[j]+1e-7 || p.Capacity.Minimum != nil && load[j] < p.Capacity.Minimum[j]-1e-7 {
			t.Fatalf("site %d serves %v, limit %v", j, load[j], p.Capacity.Limit[j])
		}
	}
	if s.Gap != gap(s.Objective, s.Bound) || s.Optimal != (s.Status == Optimal) || s.Optimal && s.Gap > eps {
		t.Fatalf("Optimal %v, Status %v, Gap %v", s.Optimal, s.Status, s.Gap)
	}
	if p.Capacity.Single {
		return
	}
	open := make([]bool, m)
	for _, j := range s.Open {
		open[j] = true
	}
	for k, j := range s.Open {
		if s.Worth == nil {
			break
		}
		open[j] = false
		want, ok := least(p, open)
		open[j] = true
		base, _ := least(p, open)
		want -= base
		if p.Model == FixedCharge && (p.Site == nil || p.Site[j] != Existing) {
			if p.Opening == nil {
				want--
			} else {
				want -= p.Opening[j]
			}
		}
		if !ok {
			want = math.Inf(1)
		}
		if math.IsInf(want, 1) != math.IsInf(s.Worth[k], 1) || ok && math.Abs(want-s.Worth[k]) > 1e-7*max(1, math.Abs(want)) {
			t.Fatalf("Worth[%d] = %v, want %v", k, s.Worth[k], want)
		}
		if p.Capacity.Minimum != nil || math.IsInf(p.Capacity.Limit[j], 1) {
			continue
		}
		// A little more capacity saves no more than its price, and no less but
		// for what is too little to matter.
		q := p
		c := *p.Capacity
		c.Limit = slices.Clone(c.Limit)
		c.Limit[j] += 1e-4
		q.Capacity = &c
		more, _ := least(q, open)
		if saved := (base - more) / 1e-4; math.Abs(saved-s.Price[k]) > 1e-3*max(1, s.Price[k]) {
			t.Fatalf("Price[%d] = %v, a little more capacity saves %v for each unit", k, s.Price[k], saved)
		}
	}
}

func testCapacity(t *testing.T, single, minimum bool, rounds int) {
	if testing.Short() {
		rounds /= 10
	}
	rng := rand.New(rand.NewPCG(11, 12))
	infeasible := 0
	for k := range rounds {
		p := randomCapacity(rng, single, minimum)
		want, ok := bruteCapacity(p)
		s, err := Solve(context.Background(), p, Options{})
		if !ok {
			infeasible++
			if !errors.Is(err, ErrInfeasible) {
				t.Fatalf("round %d: %+v, %v; want ErrInfeasible\n%+v\n%+v", k, s, err, p, p.Capacity)
			}
			continue
		}
		if err != nil {
			t.Fatalf("round %d: %v, want %v\n%+v\n%+v", k, err, want, p, p.Capacity)
		}
		if !s.Optimal || !alike(s.Objective, want) || crosses(p.Model, s.Bound, want) {
			t.Fatalf("round %d: objective %v, bound %v, %v; brute force %v\n%+v\n%+v", k, s.Objective, s.Bound, s.Status, want, p, p.Capacity)
		}
		checkCapacity(t, p, s)
		for polls := range 12 {
			ctx, o := context.Context(endsAfter(3*polls)), Options{}
			if polls >= 9 {
				ctx, o = context.Background(), Options{Nodes: polls - 8}
			}
			s, err := Solve(ctx, p, o)
			if err != nil {
				if !errors.Is(err, context.Canceled) && err != ErrNodeLimit {
					t.Fatalf("round %d, %d polls: %v\n%+v", k, polls, err, p)
				}
				continue
			}
			if s.Optimal && !alike(s.Objective, want) || crosses(p.Model, s.Bound, want) {
				t.Fatalf("round %d, %d polls: objective %v, bound %v, %v; brute force %v", k, polls, s.Objective, s.Bound, s.Status, want)
			}
			checkCapacity(t, p, s)
		}
	}
	if infeasible == 0 || infeasible > rounds*3/4 {
		t.Errorf("%d of %d problems are infeasible", infeasible, rounds)
	}
}

func TestCapacityBruteForce(t *testing.T)      { testCapacity(t, false, false, 600) }
func TestSingleSourceBruteForce(t *testing.T)  { testCapacity(t, true, false, 1000) }
func TestMinimumBruteForce(t *testing.T)       { testCapacity(t, false, true, 600) }
func TestMinimumSingleBruteForce(t *testing.T) { testCapacity(t, true, true, 600) }

// TestCapacityUnlimited: with limits that do not bind the problem is the one
// without.
func TestCapacityUnlimited(t *testing.T) {
	rng := rand.New(rand.NewPCG(13, 1))
	for k := range 200 {
		p := randomProblem(rng, []Model{PMedian, FixedCharge}[k%2])
		want, err := Solve(context.Background(), p, Options{})
		_, m := p.Costs.Size()
		p.Capacity = &Capacity{Limit: make([]float64, m), Single: k%3 == 0}
		for j := range p.Capacity.Limit {
			p.Capacity.Limit[j] = []float64{1e3, math.Inf(1)}[rng.IntN(2)]
		}
		s, err2 := Solve(context.Background(), p, Options{})
		if (err == nil) != (err2 == nil) {
			t.Fatalf("round %d: %v and %v\n%+v", k, err, err2, p)
		}
		if err == nil && (!alike(s.Objective, want.Objective) || !s.Optimal) {
			t.Fatalf("round %d: %v, without limits %v\n%+v", k, s.Objective, want.Objective, p)
		}
	}
}

// TestCapacityMonotone: more capacity, or a site more, is never worse.
func TestCapacityMonotone(t *testing.T) {
	rng := rand.New(rand.NewPCG(14, 1))
	for k := range 200 {
		p := randomCapacity(rng, k%2 == 0, false)
		if p.Model == PMedian {
			p.Model, p.P = FixedCharge, 0
		}
		s, err := Solve(context.Background(), p, Options{})
		if err != nil {
			continue
		}
		_, m := p.Costs.Size()
		q := p
		c := *p.Capacity
		c.Limit = slices.Clone(c.Limit)
		c.Limit[rng.IntN(m)]++
		q.Capacity = &c
		if p.P == 0 && p.Site != nil {
			q.Site = slices.Clone(p.Site)
			for j, status := range q.Site {
				if status == Excluded || status == Required {
					q.Site[j] = Candidate
				}
			}
		}
		more, err := Solve(context.Background(), q, Options{})
		if err != nil || more.Objective > s.Objective+eps*max(1, s.Objective) {
			t.Fatalf("round %d: %+v (%v), before %v", k, more, err, s.Objective)
		}
	}
}

// TestCapacityErrors: each reason why there is no solution is told in numbers.
func TestCapacityErrors(t *testing.T) {
	inf := math.Inf(1)
	p := Problem{
		Model: FixedCharge, Costs: Dense{2, 3, []float64{1, 2, 3, 1, 2, 3}},
		Capacity: &Capacity{Limit: []float64{40, 30, 20}, Demand: []float64{70, 50}},
	}
	of := func(change func(p *Problem, c *Capacity)) Problem {
		q, c := p, *p.Capacity
		q.Capacity = &c
		change(&q, &c)
		return q
	}
	for _, test := range []struct {
		p    Problem
		is   error
		want string
	}{
		{p, ErrInfeasible, "can serve 90 of 120: 30 short"},
		{of(func(p *Problem, c *Capacity) { c.Demand = []float64{30, 40}; p.P = 1 }), ErrInfeasible, "the 1 largest sites that may be opened can serve 40 of 70: 30 short"},
		{of(func(p *Problem, c *Capacity) { c.Single, c.Demand = true, []float64{10, 41} }), ErrInfeasible, "demand 1 takes up 41, the largest site that can serve it holds 40"},
		{of(func(p *Problem, c *Capacity) {
			p.Costs = Dense{3, 2, make([]float64, 6)}
			c.Single, c.Demand, c.Limit = true, []float64{20, 20, 20}, []float64{30, 30}
		}), ErrInfeasible, "no choice of sites can serve all demands whole"},
		{of(func(p *Problem, c *Capacity) { p.Costs = Dense{2, 3, []float64{1, inf, inf, inf, inf, inf}} }), ErrInfeasible, "demand 1 cannot be served"},
		{of(func(p *Problem, c *Capacity) {
			p.Costs = Dense{2, 3, []float64{1, inf, inf, 1, 1, 1}}
			c.Demand = []float64{50, 10}
		}), ErrInfeasible, "can serve 50 of 60, since not every site can serve every demand: 10 short"},
		{of(func(p *Problem, c *Capacity) { p.Model, p.P = PCenter, 1 }), ErrProblem, "capacities in p-center need Single"},
		{of(func(p *Problem, c *Capacity) { c.Limit = nil }), ErrProblem, "0 limits for 3 sites"},
		{of(func(p *Problem, c *Capacity) { c.Demand = c.Demand[:1] }), ErrProblem, "1 demands of capacity for 2 demands"},
		{of(func(p *Problem, c *Capacity) { c.Limit = []float64{1, -1, 1} }), ErrProblem, "limit -1 of site 1"},
		{of(func(p *Problem, c *Capacity) { c.Demand = []float64{1, math.NaN()} }), ErrProblem, "demand NaN of demand 1"},
		{of(func(p *Problem, c *Capacity) { c.Minimum = []float64{1, 31, 1} }), ErrProblem, "minimum 31 of site 1 is not between 0 and its limit 30"},
	} {
		_, err := Solve(context.Background(), test.p, Options{})
		if !errors.Is(err, test.is) || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%v, want %q", err, test.want)
		}
	}
}

// limited is a problem of some 0.1 s with capacities.
func limited(single bool, p int) Problem {
	q := uniform(4, 150, 30)
	rng := rand.New(rand.NewPCG(21, 2))
	q.Model, q.P = FixedCharge, p
	for range 30 {
		q.Opening = append(q.Opening, float64(2000+rng.IntN(3000)))
	}
	if p > 0 {
		q.Model = PMedian
	}
	var total float64
	c := &Capacity{Single: single}
	for i := range 150 {
		total += takes(Problem{Weight: q.Weight, Capacity: c}, i)
	}
	for range 30 {
		c.Limit = append(c.Limit, math.Ceil(total/10*(0.5+rng.Float64())))
	}
	q.Capacity = c
	return q
}

// TestCapacityCancelAnywhere ends the context at many points of a search: what
// comes back is a solution whose bound holds, and the search asks a few times
// more at most.
func TestCapacityCancelAnywhere(t *testing.T) {
	const further = 64
	points := 5
	if testing.Short() {
		points = 3
	}
	for name, p := range map[string]Problem{
		"divided": limited(false, 0), "single": limited(true, 0), "median": limited(false, 13), "single median": limited(true, 13),
	} {
		t.Run(name, func(t *testing.T) {
			full := endsAfter(1 << 40)
			proven, err := Solve(full, p, Options{Nodes: 9})
			if err != nil {
				t.Fatal(err)
			}
			polls := int(1<<40 - full.left.Load())
			for at := 0; at < polls; at += 1 + max(at/2, polls/points) {
				ctx := endsAfter(at)
				s, err := Solve(ctx, p, Options{Nodes: 9})
				if after := -ctx.left.Load(); after > further {
					t.Errorf("ended at question %d of %d, asked %d times more", at, polls, after)
				}
				if errors.Is(err, context.Canceled) {
					continue // no solution yet
				}
				if err != nil {
					t.Fatal(err)
				}
				if crosses(p.Model, s.Bound, proven.Objective) || crosses(p.Model, proven.Bound, s.Objective) {
					t.Errorf("ended at question %d of %d: objective %v, bound %v; in full %v, %v",
						at, polls, s.Objective, s.Bound, proven.Objective, proven.Bound)
				}
			}
		})
	}
}

// TestCapacityWorkers: the same result for any number of goroutines.
func TestCapacityWorkers(t *testing.T) {
	for _, single := range []bool{false, true} {
		p := limited(single, 0)
		one, err := Solve(context.Background(), p, Options{Nodes: 17, Workers: 1})
		if err != nil {
			t.Fatal(err)
		}
		two, err := Solve(context.Background(), p, Options{Nodes: 17, Workers: 2})
		if err != nil || !reflect.DeepEqual(one, two) {
			t.Errorf("two workers: %v\n%+v\n%+v", err, two, one)
		}
	}
}
