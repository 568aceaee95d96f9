package maxcover

import (
	"cmp"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/hubplan/hubplan/hub/locate/internal/branch"
)

func never() bool { return false }

// kinds are the three problems that an instance may be.
const (
	count = iota // so many sites
	budget
	need
	kinds
)

// random draws a small instance.
func random(rng *rand.Rand, kind int) *Instance {
	in := &Instance{Sites: 1 + rng.IntN(9)}
	var c Collector
	for range 1 + rng.IntN(14) {
		row := []int32{int32(rng.IntN(in.Sites))}
		for j := range in.Sites {
			if rng.IntN(3) == 0 {
				row = append(row, int32(j))
			}
		}
		slices.Sort(row)
		c.Add(slices.Compact(row), float64(1+rng.IntN(5)))
	}
	in.Rows, in.Weight = c.Rows, c.Weight
	if kind == count {
		in.Open = 1 + rng.IntN(in.Sites)
		return in
	}
	in.Cost = make([]float64, in.Sites)
	for j := range in.Cost {
		in.Cost[j] = float64(rng.IntN(5))
	}
	if kind == need {
		in.Need = float64(1+rng.IntN(4)) / 4 * in.Total()
		if rng.IntN(2) == 0 {
			in.Need *= rng.Float64()
		}
		return in
	}
	in.Budget = float64(rng.IntN(9))
	in.Open = rng.IntN(4) - 1
	return in
}

// brute is the best value of the solutions that agree with a state.
func brute(in *Instance, state []branch.State) float64 {
	best := math.Inf(1)
	for set := range 1 << in.Sites {
		open, fits := []int{}, true
		for j := range in.Sites {
			o := set>>j&1 == 1
			if o {
				open = append(open, j)
			}
			fits = fits && (state == nil || state[j] == branch.Free || (state[j] == branch.In) == o)
		}
		if fits {
			best = min(best, in.Value(open))
		}
	}
	return best
}

func TestValue(t *testing.T) {
	in := &Instance{Sites: 3, Rows: [][]int32{{0}, {0, 1}, {2}}, Weight: []float64{1, 2, 4}, Open: 2}
	if v := in.Value([]int{0, 1}); v != -3 {
		t.Errorf("two sites: %v", v)
	}
	if v := in.Value([]int{2}); !math.IsInf(v, 1) {
		t.Errorf("one site too few: %v", v)
	}
	in.Cost, in.Budget = []float64{3, 1, 2}, 3
	if v := in.Value([]int{1, 2}); v != -6 {
		t.Errorf("within the budget: %v", v)
	}
	if v := in.Value([]int{0, 2}); !math.IsInf(v, 1) {
		t.Errorf("beyond the budget: %v", v)
	}
	if in.Open = 1; !math.IsInf(in.Value([]int{1, 2}), 1) {
		t.Error("beyond the number")
	}
	in.Need = 5
	if v := in.Value([]int{0, 2}); v != 5 {
		t.Errorf("enough: %v", v)
	}
	if v := in.Value([]int{0, 1}); !math.IsInf(v, 1) {
		t.Errorf("too little: %v", v)
	}
}

// TestReduce: what is left has the same optimum, and is a part of the
// instance. Reductions cut off early are reductions too.
func TestReduce(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 1))
	for kind := range kinds {
		smaller, merged := 0, 0
		for k := range 700 {
			in := random(rng, kind)
			before := slices.Clone(in.Rows[0])
			stop := never
			if k%3 == 0 {
				left := rng.IntN(12)
				stop = func() bool { left--; return left < 0 }
			}
			r := Reduce(in, stop)
			if got, want := brute(&r.Instance, nil), brute(in, nil); got != want {
				t.Fatalf("round %d: %v after reduction to %+v, %v before, of %+v", k, got, r, want, in)
			}
			if r.Sites < in.Sites {
				smaller++
			}
			if len(r.Rows) < len(in.Rows) {
				merged++
			}
			if kind == count && r.Sites < in.Open || r.exact() != in.exact() {
				t.Fatalf("round %d: %d sites left of %d, %d to open", k, r.Sites, in.Sites, in.Open)
			}
			if !slices.Equal(before, in.Rows[0]) {
				t.Fatal("the instance was changed")
			}
		}
		if smaller < 100 || merged < 20 {
			t.Errorf("kind %d: only %d of 700 problems lost a site, %d a row", kind, smaller, merged)
		}
	}
}

// TestCover: what is kept step by step is what is found from scratch.
func TestCover(t *testing.T) {
	rng := rand.New(rand.NewPCG(2, 2))
	for range 300 {
		in := random(rng, budget)
		c, fresh := newCover(in, in.columns()), newCover(in, in.columns())
		c.reset(nil)
		for range 20 {
			if j := rng.IntN(in.Sites); c.isOpen[j] {
				c.close(j)
			} else {
				c.open(j)
			}
			open := c.sites(nil)
			fresh.reset(open)
			if !slices.Equal(c.gain, fresh.gain) || c.covered != in.Covered(open) || c.paid != in.Paid(open) || c.count != len(open) ||
				fresh.covered != c.covered || !slices.Equal(c.times, fresh.times) {
				t.Fatalf("%+v, from scratch %+v", c, fresh)
			}
			for j := range in.Sites {
				other := slices.DeleteFunc(slices.Clone(open), func(k int) bool { return k == j })
				if !c.isOpen[j] {
					other = append(other, j)
				}
				if d := math.Abs(in.Covered(other) - c.covered); d != c.gain[j] {
					t.Fatalf("gain of %d is %v, want %v", j, c.gain[j], d)
				}
			}
		}
	}
}

// TestSearch: every solution is one, with its value; swaps end where none
// pays; a search stopped at once has a solution too.
func TestSearch(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 3))
	for k := range 600 {
		in := random(rng, k%2)
		s := newSearch(in, in.columns(), never)
		open, v := s.Greedy()
		if v != in.Value(open) || math.IsInf(v, 1) || !slices.IsSorted(open) {
			t.Fatalf("round %d: %v of value %v, claimed %v", k, open, in.Value(open), v)
		}
		for p := range open {
			for j := range in.Sites {
				if after := slices.Clone(open); !slices.Contains(open, j) {
					after[p] = j
					slices.Sort(after)
					if in.Value(after) < v {
						t.Fatalf("round %d: %v is better than %v", k, after, open)
					}
				}
			}
		}
		if shaken, w := s.Shake(open, 5, rng); w != in.Value(shaken) || w > v || !slices.IsSorted(shaken) {
			t.Fatalf("round %d: %v shaken to %v", k, open, shaken)
		}
		var some []int
		for j := range in.Sites {
			if rng.IntN(2) == 0 {
				some = append(some, j)
			}
		}
		if from, v := s.From(some); v != in.Value(from) || math.IsInf(v, 1) {
			t.Fatalf("round %d: %v from %v", k, from, some)
		}
		s.stop = func() bool { return true }
		if open, v := s.Greedy(); v != in.Value(open) || math.IsInf(v, 1) {
			t.Fatalf("round %d, stopped: %v of value %v", k, open, v)
		}
	}
}

// TestRepair: the same for the least cost, in which no site is superfluous.
func TestRepair(t *testing.T) {
	rng := rand.New(rand.NewPCG(4, 4))
	best, all := 0, 0
	for k := range 600 {
		in := random(rng, need)
		r := newRepair(in, in.columns(), never)
		open, v := r.Greedy()
		if v != in.Value(open) || math.IsInf(v, 1) || !slices.IsSorted(open) {
			t.Fatalf("round %d: %v of value %v, claimed %v", k, open, in.Value(open), v)
		}
		for p, j := range open {
			rest := slices.Delete(slices.Clone(open), p, p+1)
			if in.Cost[j] > 0 && !math.IsInf(in.Value(rest), 1) {
				t.Fatalf("round %d: %v covers as %v does", k, rest, open)
			}
			for in2 := range in.Sites {
				if after := append(slices.Clone(rest), in2); !slices.Contains(open, in2) && in.Value(after) < v {
					t.Fatalf("round %d: %v is better than %v", k, after, open)
				}
			}
		}
		shaken, w := r.Shake(open, 8, rng)
		if w != in.Value(shaken) || w > v || !slices.IsSorted(shaken) {
			t.Fatalf("round %d: %v shaken to %v", k, open, shaken)
		}
		all++
		if w == brute(in, nil) {
			best++
		}
		r.stop = func() bool { return true }
		if open, v := r.Greedy(); v != in.Value(open) || math.IsInf(v, 1) {
			t.Fatalf("round %d, stopped: %v of value %v", k, open, v)
		}
	}
	if best < all*9/10 {
		t.Errorf("%d of %d solutions are optimal", best, all)
	}
}

// model is the relaxation of an instance.
func model(in *Instance) branch.Model {
	if in.Need > 0 {
		return NewPartial(in, never)
	}
	return NewModel(in, never)
}

// relaxation is the value of the relaxation at u.
func relaxation(m branch.Model, state []branch.State, u, rho []float64) (l float64, ok bool) {
	l = m.Price(u, rho)
	var prices []float64
	left := m.Count()
	for j, st := range state {
		switch {
		case st == branch.In:
			l += rho[j]
			left--
		case st == branch.Free && m.Count() < 0:
			l += min(0, rho[j])
		case st == branch.Free:
			prices = append(prices, rho[j])
		}
	}
	if m.Count() < 0 {
		return l, true
	}
	if left < 0 || left > len(prices) {
		return 0, false
	}
	slices.Sort(prices)
	for _, p := range prices[:left] {
		l += p
	}
	return l, true
}

// TestRelaxation: at random multipliers within the intervals of Enter the
// relaxation is below the best solution that the state allows, a state is
// called dead only if it has none, and what Enter decides loses no best
// solution.
func TestRelaxation(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 5))
	dead, decided := [kinds]int{}, [kinds]int{}
	for k := range 6000 {
		kind := k % kinds
		in := random(rng, kind)
		m := model(in)
		state := make([]branch.State, in.Sites)
		for j := range state {
			state[j] = branch.State([]int{0, 0, 0, 1, 2, 2}[rng.IntN(6)])
		}
		best := brute(in, state)
		before := slices.Clone(state)
		lo, hi := make([]float64, m.Rows()), make([]float64, m.Rows())
		alive := m.Enter(state, lo, hi)
		for alive && !slices.Equal(before, state) {
			decided[kind]++
			if after := brute(in, state); after != best {
				t.Fatalf("round %d: %v to %v lost the best %v of %+v", k, before, state, best, in)
			}
			copy(before, state)
			alive = m.Enter(state, lo, hi)
		}
		if !alive {
			dead[kind]++
			if !math.IsInf(best, 1) {
				t.Fatalf("round %d: a state with the solution %v is called dead", k, best)
			}
			continue
		}
		if kind != count && math.IsInf(best, 1) {
			t.Fatalf("round %d: the state %v without solution of %+v is not called dead", k, state, in)
		}
		u, rho := make([]float64, m.Rows()), make([]float64, in.Sites)
		if k%5 == 0 {
			m.Start(u)
		}
		for i := range u {
			if k%5 != 0 {
				u[i] = lo[i] + rng.Float64()*(min(hi[i], lo[i]+5)-lo[i])
			}
			u[i] = min(max(u[i], lo[i]), hi[i])
		}
		if l, ok := relaxation(m, state, u, rho); ok && l > best+1e-9 {
			t.Fatalf("round %d: relaxation %v above the optimum %v of %+v", k, l, best, in)
		}
	}
	if dead[budget] == 0 || dead[need] == 0 || decided[budget] == 0 || decided[need] == 0 {
		t.Errorf("dead %v, decided %v: a case was not met", dead, decided)
	}
}

// TestGradient: the relaxation is concave, so that at no multipliers within
// the intervals it lies above the plane through one point along its
// subgradient; at the root and where sites are decided.
func TestGradient(t *testing.T) {
	rng := rand.New(rand.NewPCG(6, 6))
	met := 0
	for k := range 6000 {
		in := random(rng, k%kinds)
		m := model(in)
		state := make([]branch.State, in.Sites)
		if k%2 == 0 {
			for j := range state {
				state[j] = branch.State([]int{0, 0, 0, 0, 1, 2}[rng.IntN(6)])
			}
		}
		lo, hi := make([]float64, m.Rows()), make([]float64, m.Rows())
		before := slices.Clone(state)
		alive := m.Enter(state, lo, hi)
		for alive && !slices.Equal(before, state) {
			copy(before, state)
			alive = m.Enter(state, lo, hi)
		}
		if !alive {
			continue
		}
		at := func() []float64 {
			u := make([]float64, m.Rows())
			for i := range u {
				u[i] = lo[i] + rng.Float64()*(min(hi[i], lo[i]+5)-lo[i])
			}
			return u
		}
		a, b := at(), at()
		rho, g := make([]float64, in.Sites), make([]float64, m.Rows())
		la, ok := relaxation(m, state, a, rho)
		if !ok {
			continue
		}
		met++
		chosen := make([]bool, in.Sites)
		var free []int
		left := m.Count()
		for j, st := range state {
			switch {
			case st == branch.In:
				chosen[j] = true
				left--
			case st == branch.Free && m.Count() < 0:
				chosen[j] = rho[j] < 0
			case st == branch.Free:
				free = append(free, j)
			}
		}
		slices.SortStableFunc(free, func(i, j int) int { return cmp.Compare(rho[i], rho[j]) })
		for _, j := range free[:max(0, min(left, len(free)))] {
			chosen[j] = true
		}
		m.Gradient(chosen, g)
		plane := la
		for i := range g {
			plane += g[i] * (b[i] - a[i])
		}
		if lb, _ := relaxation(m, state, b, rho); lb > plane+1e-9 {
			t.Fatalf("round %d: relaxation %v above the plane %v of %+v in %v", k, lb, plane, in, state)
		}
	}
	if met < 3000 {
		t.Errorf("only %d of 6000 states were looked at", met)
	}
}

// TestBranch: the search proves the optimum from any of the models.
func TestBranch(t *testing.T) {
	rng := rand.New(rand.NewPCG(7, 7))
	for k := range 900 {
		in := random(rng, k%kinds)
		want := brute(in, nil)
		r := branch.Run(model(in), branch.Options{Stop: never, Bound: min(0, -in.Total())})
		if !r.Complete || math.Abs(r.Value-want) > 1e-9 || r.Bound > want+1e-9 {
			t.Fatalf("round %d: %+v, want %v of %+v", k, r, want, in)
		}
	}
}
