package branch

import (
	"math"
	"math/big"
	"math/rand/v2"
	"slices"
	"testing"
)

// toy is a set cover over dense rows, as plain as a Model can be.
type toy struct {
	cover [][]bool // row, site
	cost  []float64
	count int
	state []State
	round func() []int // if set, a source of solutions
}

func (m *toy) Fork() Model         { f := *m; return &f }
func (m *toy) Rows() int           { return len(m.cover) }
func (m *toy) Sites() int          { return len(m.cost) }
func (m *toy) Count() int          { return m.count }
func (m *toy) Fixed(j int) float64 { return m.cost[j] }
func (m *toy) Start(u []float64)   { clear(u) }

func (m *toy) Enter(state []State, lo, hi []float64) bool {
	m.state = state
	for i := range lo {
		lo[i], hi[i] = 0, 1e6
	}
	return true
}

func (m *toy) Price(u, rho []float64) float64 {
	copy(rho, m.cost)
	var base float64
	for i, row := range m.cover {
		base += u[i]
		for j, c := range row {
			if c {
				rho[j] -= u[i]
			}
		}
	}
	return base
}

func (m *toy) Gradient(chosen []bool, g []float64) {
	for i, row := range m.cover {
		g[i] = 1
		for j, c := range row {
			if c && chosen[j] {
				g[i]--
			}
		}
	}
}

func (m *toy) Round([]float64, []bool, bool) ([]int, float64) {
	if m.round == nil {
		return nil, 0
	}
	open := m.round()
	return open, m.Value(open)
}

func (m *toy) Value(open []int) float64 {
	var sum float64
	for _, j := range open {
		sum += m.cost[j]
	}
	for _, row := range m.cover {
		if !slices.ContainsFunc(open, func(j int) bool { return row[j] }) {
			return math.Inf(1)
		}
	}
	return sum
}

func newToy(rng *rand.Rand, rows, sites int) *toy {
	m := &toy{count: -1}
	for range sites {
		m.cost = append(m.cost, float64(1+rng.IntN(4)))
	}
	if rng.IntN(2) == 0 {
		m.count = 1 + rng.IntN(sites)
	}
	for range rows {
		row := make([]bool, sites)
		for j := range row {
			row[j] = rng.IntN(3) == 0
		}
		m.cover = append(m.cover, row)
	}
	return m
}

func (m *toy) brute() float64 {
	best := math.Inf(1)
	for set := range 1 << len(m.cost) {
		var open []int
		for j := range m.cost {
			if set>>j&1 == 1 {
				open = append(open, j)
			}
		}
		if m.count < 0 || len(open) == m.count {
			best = min(best, m.Value(open))
		}
	}
	return best
}

func never() bool { return false }

// TestRun: without any heuristic, start or grain the tree alone must find and
// prove the optimum, or that there is none.
func TestRun(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	none := 0
	for k := range 400 {
		m := newToy(rng, 1+rng.IntN(8), 1+rng.IntN(8))
		want := m.brute()
		for _, grain := range []float64{0, 1} {
			r := Run(m, Options{Stop: never, Grain: grain})
			if math.IsInf(want, 1) {
				none++
				if r.Open != nil || !r.Complete || !math.IsInf(r.Bound, 1) {
					t.Fatalf("round %d: %+v, want no solution", k, r)
				}
				continue
			}
			if !r.Complete || r.Value != want || r.Bound > want || r.Bound < want*(1-Tolerance) || m.Value(r.Open) != want {
				t.Fatalf("round %d: %+v, want %v", k, r, want)
			}
		}
		// Below asks whether there is a solution under a value.
		below := float64(1 + rng.IntN(8))
		r := Run(m, Options{Stop: never, Grain: 1, Below: below, Enough: below - 1})
		if (r.Open != nil) != (want < below) || r.Open == nil && !r.Complete {
			t.Fatalf("round %d: below %v: %+v, optimum %v", k, below, r, want)
		}
	}
	if none == 0 {
		t.Error("every problem had a solution")
	}
}

// TestDiscarded: whatever is given up for being within the tolerance counts
// in the bound. With a wide tolerance that shows.
func TestDiscarded(t *testing.T) {
	rng := rand.New(rand.NewPCG(9, 9))
	loose := 0
	for k := range 3000 {
		m := newToy(rng, 1+rng.IntN(20), 1+rng.IntN(10))
		for j := range m.cost {
			m.cost[j] += rng.Float64()
		}
		want := m.brute()
		if math.IsInf(want, 1) {
			continue
		}
		const tolerance = 0.4
		// Solutions come at random, so that what may be given up grows all
		// the time.
		m.round = func() []int {
			n := m.count
			if n < 0 {
				n = 1 + rng.IntN(len(m.cost))
			}
			return slices.Sorted(slices.Values(rng.Perm(len(m.cost))[:n]))
		}
		r := newSearch(m, Options{Stop: never}, tolerance).run()
		if !r.Complete || r.Bound > want+1e-9 || r.Bound < (1-tolerance)*r.Value-1e-9 {
			t.Fatalf("round %d: %+v, optimum %v", k, r, want)
		}
		if r.Value > want {
			loose++
		}
	}
	if loose == 0 {
		t.Error("nothing was given up")
	}
}

// TestLimits: no nodes at all leave the bound given, and a stop the one
// proven by then.
func TestLimits(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 4))
	for range 50 {
		m := newToy(rng, 8, 8)
		want := m.brute()
		r := Run(m, Options{Stop: never, Nodes: -1, Bound: 0.5})
		if r.Nodes != 0 || !r.Limited || r.Complete || r.Bound != 0.5 {
			t.Fatalf("no nodes: %+v", r)
		}
		for polls := range 40 {
			left := 5 * polls
			r := Run(m, Options{Stop: func() bool { left--; return left < 0 }})
			if r.Bound > want || r.Complete && r.Value != want {
				t.Fatalf("%d polls: %+v, optimum %v", 5*polls, r, want)
			}
		}
	}
}

// TestPriceRoundsDown compares the bound with the relaxation in exact
// arithmetic, for multipliers and costs of very different sizes.
func TestPriceRoundsDown(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 6))
	for range 500 {
		m := newToy(rng, 1+rng.IntN(40), 2+rng.IntN(10))
		wild := func() float64 { return math.Ldexp(rng.Float64(), rng.IntN(40)) }
		for j := range m.cost {
			m.cost[j] = wild()
		}
		if m.count > len(m.cost)/2 {
			m.count = 1
		}
		s := &worker{
			m: m, rho: make([]float64, m.Sites()), chosen: make([]bool, m.Sites()), state: make([]State, m.Sites()),
		}
		s.state[0] = State(rng.IntN(2)) // Free or In
		u := make([]float64, m.Rows())
		for i := range u {
			u[i] = wild()
		}
		l := s.price(u)

		exact := func(x float64) *big.Float { return new(big.Float).SetPrec(300).SetFloat64(x) }
		sum := exact(0)
		for _, v := range u {
			sum.Add(sum, exact(v))
		}
		var prices []*big.Float
		for j := range m.cost {
			p := exact(m.cost[j])
			for i, row := range m.cover {
				if row[j] {
					p.Sub(p, exact(u[i]))
				}
			}
			if s.state[j] == In {
				sum.Add(sum, p)
			} else {
				prices = append(prices, p)
			}
		}
		slices.SortFunc(prices, func(a, b *big.Float) int { return a.Cmp(b) })
		for k, p := range prices {
			if m.count < 0 && p.Sign() < 0 || m.count >= 0 && k < m.count-int(s.state[0]) {
				sum.Add(sum, p)
			}
		}
		if sum.Cmp(exact(l)) < 0 {
			t.Fatalf("bound %v above the exact %v", l, sum)
		}
	}
}

func TestSelectSmallest(t *testing.T) {
	rng := rand.New(rand.NewPCG(7, 8))
	for range 2000 {
		n := rng.IntN(30)
		s := &worker{rho: make([]float64, n)}
		for j := range s.rho {
			s.rho[j] = float64(rng.IntN(8)) // ties
			s.free = append(s.free, j)
		}
		want := slices.Clone(s.free)
		slices.SortFunc(want, func(a, b int) int {
			if s.less(a, b) {
				return -1
			}
			return 1
		})
		k := rng.IntN(n + 1)
		s.selectSmallest(k)
		got := slices.Sorted(slices.Values(s.free[:k]))
		slices.Sort(want[:k])
		if !slices.Equal(got, want[:k]) {
			t.Fatalf("the %d smallest of %v: %v, want %v", k, s.rho, got, want[:k])
		}
	}
}

// TestLift: a bound is rounded up to the grain, but not over a value that it
// reaches within rounding.
func TestLift(t *testing.T) {
	for _, c := range []struct{ grain, bound, want float64 }{
		{0, 2.5, 2.5}, {1, 2.5, 3}, {1, 3, 3}, {1, 3 + 1e-12, 3 + 1e-12}, {1, -2.5, -2}, {5, 11, 15},
		{1, math.Inf(1), math.Inf(1)}, {1, math.Inf(-1), math.Inf(-1)},
	} {
		s := &known{o: Options{Grain: c.grain}}
		if got := s.lift(c.bound); got != c.want {
			t.Errorf("grain %v: %v becomes %v, want %v", c.grain, c.bound, got, c.want)
		}
	}
}

// TestReduced: no solution with a site open, or closed, costs less than what
// the multipliers prove of it.
func TestReduced(t *testing.T) {
	rng := rand.New(rand.NewPCG(9, 10))
	said := 0
	for k := range 300 {
		m := newToy(rng, 1+rng.IntN(8), 2+rng.IntN(7))
		r := Run(m, Options{Stop: never})
		open, closed := Reduced(m.Fork(), r.Multipliers)
		for j := range m.cost {
			with, without := math.Inf(1), math.Inf(1)
			for set := range 1 << len(m.cost) {
				var sites []int
				for i := range m.cost {
					if set>>i&1 == 1 {
						sites = append(sites, i)
					}
				}
				if m.count >= 0 && len(sites) != m.count {
					continue
				}
				if set>>j&1 == 1 {
					with = min(with, m.Value(sites))
				} else {
					without = min(without, m.Value(sites))
				}
			}
			if open[j] > with+1e-9 || closed[j] > without+1e-9 {
				t.Fatalf("round %d, site %d: %v open and %v closed, at best %v and %v", k, j, open[j], closed[j], with, without)
			}
			if max(open[j], closed[j]) > r.Value+1e-9 && !math.IsInf(r.Value, 1) {
				said++
			}
		}
	}
	if said < 100 {
		t.Errorf("only %d sites are priced out of an optimal solution, or in", said)
	}
}
