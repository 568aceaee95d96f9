package locate

import (
	"context"
	"errors"
	"math"
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"
)

// generalValue is the objective of open sites with so many units each, by the
// definitions of the models, and false if they break a rule. It shares no code
// with Solve.
func generalValue(p Problem, units []int) (float64, bool) {
	n, m := p.Costs.Size()
	status := func(j int) Status {
		if p.Site == nil {
			return Candidate
		}
		return p.Site[j]
	}
	weight := func(s *Scenario, i int) float64 {
		switch {
		case s != nil && s.Weight != nil:
			return s.Weight[i]
		case p.Weight == nil:
			return 1
		}
		return p.Weight[i]
	}
	open, paid := 0, 0.0
	for j, u := range units {
		most := 1
		if p.Units != nil {
			most = p.Units[j]
		}
		may := p.Rules != nil && p.Rules.Closing != nil && !math.IsInf(p.Rules.Closing[j], 1)
		switch status(j) {
		case Excluded:
			most = 0
		case Required:
			if u == 0 {
				return 0, false
			}
		case Existing:
			if u == 0 && !may {
				return 0, false
			}
			if u == 0 {
				paid += p.Rules.Closing[j]
			}
		}
		if u > most {
			return 0, false
		}
		if status(j) != Existing && u > 0 {
			open += u
			if p.Opening == nil {
				paid += float64(u)
			} else {
				paid += float64(u) * p.Opening[j]
			}
		}
	}
	if p.Model != SetCover {
		if p.Budget > 0 && (paid > p.Budget*(1+eps) || p.P > 0 && open > p.P) {
			return 0, false
		}
		if p.Budget == 0 && p.P > 0 && open != p.P {
			return 0, false
		}
	}
	if r := p.Rules; r != nil {
		for _, g := range r.Groups {
			count := 0
			for _, j := range g.Sites {
				count += units[j]
			}
			if count < g.Least || count > g.Most {
				return 0, false
			}
		}
		for j := range m {
			for k := range j {
				if r.Separation > 0 && units[j] > 0 && units[k] > 0 && (r.Between.At(j, k) < r.Separation && r.Between.At(k, j) < r.Separation) {
					return 0, false
				}
			}
		}
	}
	count := func(i int, radius float64) (c int) {
		for j, u := range units {
			if d := p.Costs.At(i, j); d <= radius && !math.IsInf(d, 1) {
				c += u
			}
		}
		return c
	}
	service := func(s *Scenario) (sum, worst float64) {
		costs := p.Costs
		if s != nil && s.Costs != nil {
			costs = s.Costs
		}
		for i := range n {
			w := weight(s, i)
			if w == 0 {
				continue
			}
			d := math.Inf(1)
			if p.Penalty > 0 {
				d = p.Penalty
			}
			for j, u := range units {
				if u > 0 && (s == nil || !slices.Contains(s.Lost, j)) {
					d = min(d, costs.At(i, j))
				}
			}
			if p.Model == MaximalCover {
				if d <= p.Radius && d < math.Inf(1) {
					sum -= w
				}
				continue
			}
			sum += w * d
			worst = max(worst, w*d)
		}
		return sum, worst
	}
	if len(p.Scenarios) > 0 {
		var mean, worst, regret float64
		worst, regret = math.Inf(-1), math.Inf(-1)
		type outcome struct{ loss, share float64 }
		var all []outcome
		for k := range p.Scenarios {
			s := &p.Scenarios[k]
			share := s.Probability
			if p.Scenarios[0].Probability == 0 {
				share = 1 / float64(len(p.Scenarios))
			}
			v, _ := service(s)
			mean += share * v
			worst = max(worst, v)
			if p.Risk == RegretRisk {
				q := p
				q.Scenarios, q.Risk = nil, 0
				if s.Weight != nil {
					q.Weight = s.Weight
				}
				if s.Costs != nil {
					q.Costs = s.Costs
				}
				q.Costs = lose(q.Costs, s.Lost)
				best, _ := bestOf(q)
				if p.Model == MaximalCover {
					best = -best
				}
				regret = max(regret, v-best)
			}
			all = append(all, outcome{v, share})
		}
		if math.IsInf(mean, 1) || math.IsNaN(mean) {
			return 0, false
		}
		slices.SortFunc(all, func(a, b outcome) int {
			if a.loss > b.loss {
				return -1
			}
			return 1
		})
		var tail, left float64 = 0, 1 - p.Tail
		for _, o := range all {
			tail += min(left, o.share) * o.loss
			left -= min(left, o.share)
		}
		v := []float64{mean, worst, regret, tail / (1 - p.Tail)}[p.Risk]
		if p.Model == MaximalCover && p.Risk != RegretRisk {
			v = -v
		}
		return v, true
	}
	switch p.Model {
	case PMedian, FixedCharge, PCenter:
		if p.Failure != nil {
			var set uint
			for j, u := range units {
				if u > 0 {
					set |= 1 << j
				}
			}
			q := p
			q.Model = PMedian
			sum := expectedOf(q, set)
			if p.Model == FixedCharge {
				sum += paid
			}
			return sum, true
		}
		sum, worst := service(nil)
		switch p.Model {
		case PCenter:
			sum = worst
		case FixedCharge:
			sum += paid
		}
		return sum, !math.IsInf(sum, 1)
	}
	var total, once, twice, value float64
	for i := range n {
		w := weight(nil, i)
		if w == 0 {
			continue
		}
		total += w
		c := count(i, p.Radius)
		need := 1
		if p.Fold != nil {
			need = p.Fold[i]
		}
		switch {
		case p.Model == CooperativeCover:
			var sum float64
			for j, u := range units {
				switch d := p.Costs.At(i, j); {
				case d <= p.Radius:
					sum += float64(u)
				case d < p.Fade:
					sum += float64(u) * (p.Fade - d) / (p.Fade - p.Radius)
				}
			}
			if sum >= p.Threshold*(1-eps) {
				value += w
			}
		case p.Failure != nil:
			miss := 1.0
			for j, u := range units {
				if d := p.Costs.At(i, j); d <= p.Radius && !math.IsInf(d, 1) {
					miss *= math.Pow(p.Failure[j], float64(u))
				}
			}
			value += w * (1 - miss)
		case p.Model == MaximalCover && p.Fade > 0:
			best := 0.0
			for j, u := range units {
				switch d := p.Costs.At(i, j); {
				case u == 0:
				case d <= p.Radius:
					best = 1
				case d < p.Fade:
					best = max(best, (p.Fade-d)/(p.Fade-p.Radius))
				}
			}
			value += w * best
		case c >= need:
			value += w
		}
		if c >= 1 {
			once += w
		}
		if c >= 2 {
			twice += w
		}
		if p.Model == BackupCover && p.Primary == 0 && c == 0 || p.Model == DoubleStandard && count(i, p.Outer) == 0 {
			return 0, false
		}
	}
	share := p.Share
	if share == 0 {
		share = 1
	}
	switch p.Model {
	case SetCover:
		return paid, value >= share*total*(1-eps)
	case DoubleStandard:
		return twice, once >= share*total*(1-eps)
	case BackupCover:
		if p.Primary == 0 {
			return twice, true
		}
		return p.Primary*once + (1-p.Primary)*twice, true
	}
	return value, true
}

func lose(c Costs, lost []int) Costs {
	n, m := c.Size()
	d := Dense{Demands: n, Sites: m}
	for i := range n {
		for j := range m {
			v := c.At(i, j)
			if slices.Contains(lost, j) {
				v = math.Inf(1)
			}
			d.Values = append(d.Values, v)
		}
	}
	return d
}

// bestOf tries every choice of units.
func bestOf(p Problem) (best float64, ok bool) {
	_, m := p.Costs.Size()
	units := make([]int, m)
	var try func(j int)
	try = func(j int) {
		if j == m {
			if v, fits := generalValue(p, units); fits && (!ok || p.Maximises() == (v > best)) {
				best, ok = v, true
			}
			return
		}
		most := 1
		if p.Units != nil {
			most = p.Units[j]
		}
		for units[j] = 0; units[j] <= most; units[j]++ {
			try(j + 1)
		}
		units[j] = 0
	}
	try(0)
	return best, ok
}

// drawGeneral draws a small problem that no engine of its own solves.
func drawGeneral(rng *rand.Rand, model Model) Problem {
	p := randomProblem(rng, model)
	n, m := p.Costs.Size()
	for m > 7 {
		p = randomProblem(rng, model)
		n, m = p.Costs.Size()
	}
	p.Median = false
	if p.Radius == 0 {
		p.Radius = float64(rng.IntN(5))
	}
	pick := func(k int) bool { return rng.IntN(k) == 0 }
	switch model {
	case BackupCover:
		p.Primary = []float64{0, 0, 0.3, 0.5, 0.8, 1}[rng.IntN(6)]
	case DoubleStandard:
		p.Outer = p.Radius + float64(rng.IntN(4))
		p.Share = []float64{0, 0.3, 0.7}[rng.IntN(3)]
	case CooperativeCover:
		p.Fade = p.Radius + float64(1+rng.IntN(6))
		p.Threshold = []float64{0.3, 0.5, 1, 1.5, 2}[rng.IntN(5)]
	case MaximalCover:
		switch rng.IntN(4) {
		case 0:
			p.Fade = 0
			p.Failure = make([]float64, m)
			q := float64(rng.IntN(5)) / 4
			for j := range p.Failure {
				if p.Failure[j] = q; m%2 == 0 {
					p.Failure[j] = float64(rng.IntN(5)) / 4
				}
			}
		case 1:
			p.Fade = 0
			p.Fold = make([]int, n)
			for i := range p.Fold {
				p.Fold[i] = rng.IntN(4)
			}
		}
	case SetCover:
		if pick(2) {
			p.Fold = make([]int, n)
			for i := range p.Fold {
				p.Fold[i] = rng.IntN(3)
			}
		}
	}
	if (model == SetCover || model == MaximalCover || model == DoubleStandard || model == BackupCover) && pick(3) && p.Fade == 0 && m <= 5 {
		p.Units = make([]int, m)
		for j := range p.Units {
			p.Units[j] = 1 + rng.IntN(2)
		}
		for j, s := range p.Site {
			if s == Existing {
				p.Site[j] = Candidate
			}
		}
	}
	if (model == PMedian || model == FixedCharge) && pick(3) {
		p.Penalty = float64(1 + rng.IntN(6))
		if pick(2) {
			q := float64(rng.IntN(5)) / 4
			for range m {
				p.Failure = append(p.Failure, q)
			}
		}
	}
	if (model == PMedian || model == MaximalCover) && pick(3) && p.Fade == 0 && p.Fold == nil && p.Failure == nil && p.Units == nil {
		p.Risk = Risk(rng.IntN(4))
		p.Tail = []float64{0, 0.4, 0.75}[rng.IntN(3)]
		for range 1 + rng.IntN(3) {
			var s Scenario
			if pick(2) {
				for range n {
					s.Weight = append(s.Weight, float64(rng.IntN(4)))
				}
			}
			if pick(3) {
				d := Dense{Demands: n, Sites: m}
				for range n * m {
					d.Values = append(d.Values, float64(rng.IntN(7)))
				}
				s.Costs = d
			}
			if pick(3) {
				s.Lost = []int{rng.IntN(m)}
			}
			p.Scenarios = append(p.Scenarios, s)
		}
		if pick(2) {
			p.Scenarios[0].Probability = 1
			if k := len(p.Scenarios); k > 1 {
				p.Scenarios[0].Probability, p.Scenarios[k-1].Probability = 0.375, 0.625
			}
		}
		if p.Scenarios[0].Probability == 0 && p.Scenarios[len(p.Scenarios)-1].Probability > 0 {
			p.Scenarios[0].Probability = 0
		}
	}
	if model != SetCover && pick(5) {
		p.Budget = float64(1 + rng.IntN(8))
		if pick(2) {
			p.P = 0
		}
	}
	if p.Units == nil && (pick(2) || !p.general()) {
		r := &Rules{}
		p.Rules = r
		for range rng.IntN(3) {
			g := Group{Sites: rng.Perm(m)[:1+rng.IntN(m)], Least: rng.IntN(2)}
			g.Most = g.Least + rng.IntN(3)
			r.Groups = append(r.Groups, g)
		}
		if pick(2) {
			d := Dense{Demands: m, Sites: m}
			for range m * m {
				d.Values = append(d.Values, float64(rng.IntN(6)))
			}
			r.Between, r.Separation = d, float64(1+rng.IntN(3))
		}
		if pick(2) {
			for range m {
				r.Closing = append(r.Closing, []float64{0, 1, 3, math.Inf(1)}[rng.IntN(4)])
			}
		}
	}
	return p
}

func TestGeneralEqualsEnumeration(t *testing.T) {
	for _, model := range []Model{PMedian, PCenter, FixedCharge, MaximalCover, SetCover, BackupCover, DoubleStandard, CooperativeCover} {
		t.Run(model.String(), func(t *testing.T) {
			rng := rand.New(rand.NewPCG(7, uint64(model)))
			solved, none := 0, 0
			count := 600
			if testing.Short() {
				count = 100
			}
			for k := range count {
				p := drawGeneral(rng, model)
				if err := p.Check(); errors.Is(err, ErrProblem) {
					continue
				}
				if !p.general() {
					t.Fatalf("problem %d has an engine of its own", k)
				}
				s, err := Solve(context.Background(), p, Options{Workers: 1 + k%3})
				want, ok := bestOf(p)
				if err != nil {
					if !errors.Is(err, ErrInfeasible) || ok {
						t.Fatalf("problem %d %+v: %v, best %v %v", k, p, err, want, ok)
					}
					none++
					continue
				}
				solved++
				checkGeneral(t, p, s, want, ok)
				if !s.Optimal || math.Abs(s.Objective-want) > 1e-8*(1+math.Abs(want)) {
					t.Fatalf("problem %d %+v: %+v, best %v", k, p, s, want)
				}
				// Cut off, what is said must hold all the same.
				if s, err := Solve(context.Background(), p, Options{Nodes: 1}); err == nil {
					checkGeneral(t, p, s, want, ok)
				} else if !errors.Is(err, ErrNodeLimit) {
					t.Fatalf("problem %d with one node: %v", k, err)
				}
				ctx := &countdown{Context: context.Background()}
				ctx.left.Store(int64(rng.IntN(20)))
				if s, err := Solve(ctx, p, Options{Start: []int{0}}); err == nil {
					checkGeneral(t, p, s, want, ok)
				} else if !errors.Is(err, context.Canceled) {
					t.Fatalf("problem %d stopped: %v", k, err)
				}
			}
			if solved < count/3 || none < count/100 {
				t.Fatalf("%d solved, %d without a solution", solved, none)
			}
		})
	}
}

// checkGeneral holds a solution against the definition and the best value.
func checkGeneral(t *testing.T, p Problem, s *Solution, want float64, ok bool) {
	t.Helper()
	_, m := p.Costs.Size()
	units := make([]int, m)
	for k, j := range s.Open {
		units[j] = 1
		if s.Units != nil {
			units[j] = s.Units[k]
		}
	}
	v, fits := generalValue(p, units)
	if !fits || !ok || math.Abs(v-s.Objective) > 1e-9*(1+math.Abs(v)) {
		t.Fatalf("%+v: objective %v of %v, by definition %v %v", p, s.Objective, units, v, fits)
	}
	sign := 1.0
	if p.Maximises() {
		sign = -1
	}
	if sign*s.Bound > sign*want+1e-9*(1+math.Abs(want)) {
		t.Fatalf("%+v: bound %v, best %v %+v", p, s.Bound, want, s)
	}
	if s.Swap == nil {
		return
	}
	units[s.Swap.In], units[s.Swap.Out] = units[s.Swap.Out], 0
	if v, fits := generalValue(p, units); !fits || math.Abs(sign*(v-s.Objective)-s.Swap.Change) > 1e-9*(1+math.Abs(v)) {
		t.Fatalf("%+v: swap %+v gives %v %v from %v", p, s.Swap, v, fits, s.Objective)
	}
}

func TestGeneralWorkers(t *testing.T) {
	rng := rand.New(rand.NewPCG(8, 1))
	for _, model := range []Model{PMedian, MaximalCover, BackupCover, CooperativeCover} {
		for range 5 {
			p := drawGeneral(rng, model)
			if p.Check() != nil {
				continue
			}
			one, err1 := Solve(context.Background(), p, Options{Workers: 1})
			many, err2 := Solve(context.Background(), p, Options{Workers: 7})
			if (err1 == nil) != (err2 == nil) || !reflect.DeepEqual(one, many) {
				t.Fatalf("%+v with one worker, %+v with seven", one, many)
			}
		}
	}
}
