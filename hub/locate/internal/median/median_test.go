package median

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/hubplan/hubplan/hub/locate/internal/branch"
	"github.com/hubplan/hubplan/hub/locate/internal/near"
)

func never() bool { return false }

// random draws a problem of clusters far apart or of random costs, with a
// number of sites or prices or both, and with some sites fixed.
func random(rng *rand.Rand) *Instance {
	demands, sites := 1+rng.IntN(20), 2+rng.IntN(10)
	in := &Instance{Open: 1 + rng.IntN(sites-1), Limit: math.Inf(1), Workers: 1 + rng.IntN(3)}
	for i := range demands {
		in.Demand = append(in.Demand, int32(i))
	}
	if rng.IntN(2) == 0 {
		for range demands {
			in.Weight = append(in.Weight, float64(1+rng.IntN(3)))
		}
	}
	in.Fixed = make([]branch.State, sites)
	given := 0
	for j := range in.Fixed {
		switch k := rng.IntN(8); {
		case k == 0 && given < in.Open:
			in.Fixed[j] = branch.In
			given++
		case k == 1 && sites-j > in.Open:
			in.Fixed[j] = branch.Out
		}
	}
	allowed := 0
	for _, f := range in.Fixed {
		if f != branch.Out {
			allowed++
		}
	}
	in.Open = max(given, min(in.Open, allowed))
	if rng.IntN(2) == 0 {
		for range sites {
			in.Opening = append(in.Opening, float64(rng.IntN(12)))
		}
		if rng.IntN(2) == 0 {
			in.Open = -1
		}
	}
	if rng.IntN(2) == 0 {
		d := &near.Dense{Demands: demands, Sites: sites}
		for range demands * sites {
			d.Values = append(d.Values, float64(rng.IntN(20)))
		}
		in.Source = d
		return in
	}
	at := func(n int) [][2]float64 {
		p := make([][2]float64, n)
		for k := range p {
			p[k] = [2]float64{float64(rng.IntN(4)*1000 + rng.IntN(30)), float64(rng.IntN(30))}
		}
		return p
	}
	in.Source = near.NewPoints(at(demands), at(sites), near.FloorEuclidean)
	return in
}

// value is the cost of a set of open sites by its definition.
func value(in *Instance, open []int) float64 {
	var sum float64
	for _, j := range open {
		if in.Opening != nil {
			sum += in.Opening[j]
		}
	}
	for k, i := range in.Demand {
		least := math.Inf(1)
		for _, j := range open {
			least = min(least, in.Source.Cost(int(i), j))
		}
		if in.Weight != nil {
			least *= in.Weight[k]
		}
		sum += least
	}
	return sum
}

// brute is the least value of the sets that fit the state.
func brute(in *Instance, state []branch.State) float64 {
	best := math.Inf(1)
	for set := range 1 << len(state) {
		var open []int
		fits := true
		for j, st := range state {
			o := set>>j&1 == 1
			if o {
				open = append(open, j)
			}
			fits = fits && !(st == branch.In && !o || st == branch.Out && o)
		}
		if fits && len(open) > 0 && (in.Open < 0 || len(open) == in.Open) {
			best = min(best, value(in, open))
		}
	}
	return best
}

// search is a local search that has set up a random start.
func search(rng *rand.Rand, in *Instance) (*Search, []int) {
	start := in.Sample(in.Given(), rng, never)
	s := NewSearch(in, in.Value(start), never)
	s.set(start)
	return s, start
}

// TestSavings: after any sequence of moves the savings kept equal what each
// move in fact saves, and the best move is the best.
func TestSavings(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 1))
	for range 400 {
		in := random(rng)
		s, _ := search(rng, in)
		for range 6 {
			set := func() []int {
				var open []int
				for _, j := range s.open {
					open = append(open, int(j))
				}
				return open
			}
			cut := func(open []int) float64 { // with costs above the ceiling cut there
				var sum float64
				for _, j := range open {
					sum += in.opening(j)
				}
				for k := range in.Demand {
					least := s.ceiling
					for _, j := range open {
						least = min(least, s.cost(k, int32(j)))
					}
					sum += least
				}
				return sum
			}
			now := s.total()
			if want := cut(set()); math.Abs(now-want) > 1e-9 {
				t.Fatalf("total %v, want %v", now, want)
			}
			best := 0.0
			look := func(m move, after []int, got float64) {
				saving := now - cut(after)
				if math.Abs(got-saving) > 1e-6 {
					t.Fatalf("move %+v from %v saves %v, want %v", m, s.open, got, saving)
				}
				best = max(best, saving)
			}
			for j := range s.gain {
				if s.place[j] >= 0 || s.barred[j] {
					continue
				}
				add := s.gain[j] - in.opening(j)
				if in.Open < 0 {
					look(move{int32(j), -1, 0}, append(set(), j), add)
				}
				for p, out := range s.open {
					if s.barred[out] {
						continue
					}
					after := set()
					after[p] = j
					look(move{int32(j), int32(p), 0}, after, add+in.opening(int(out))-s.loss[p]+s.extra[p][j])
				}
			}
			for p, out := range s.open {
				if in.Open < 0 && len(s.open) > 1 && !s.barred[out] {
					look(move{-1, int32(p), 0}, slices.Delete(set(), p, p+1), in.opening(int(out))-s.loss[p])
				}
			}
			if m := s.bestMove(); math.Abs(m.saving-best) > 1e-6 {
				t.Fatalf("best move %+v, the best saves %v", m, best)
			}
			if !s.perturb(rng) {
				break
			}
		}
	}
}

// TestImprove: a local optimum that no move improves, never worse than its
// start, with what is fixed left alone; the same start is not tried twice.
func TestImprove(t *testing.T) {
	rng := rand.New(rand.NewPCG(2, 2))
	for range 300 {
		in := random(rng)
		s, first := search(rng, in)
		open, v := s.Improve(first, true)
		if open == nil || v != value(in, open) || v > value(in, first) || in.Open >= 0 && len(open) != in.Open {
			t.Fatalf("from %v to %v, value %v", first, open, v)
		}
		for _, j := range in.Given() {
			if !slices.Contains(open, j) {
				t.Fatalf("%v has lost site %d", open, j)
			}
		}
		for _, j := range open {
			if in.Fixed[j] == branch.Out {
				t.Fatalf("%v opens site %d", open, j)
			}
		}
		if m := s.bestMove(); m.saving > 1e-9*v {
			t.Fatalf("%v can be bettered by %+v", open, m)
		}
		if again, _ := s.Improve(first, true); again != nil {
			t.Fatalf("the start %v is tried twice", first)
		}
	}
}

// TestExplore: what comes out is a solution with its value, not worse than
// the start, and mostly optimal on problems this small.
func TestExplore(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 3))
	best := 0
	for range 200 {
		in := random(rng)
		s, first := search(rng, in)
		open, v := s.Explore(first, rng, 10, 1000, 1<<40)
		if v != value(in, open) || v > value(in, first) || in.Open >= 0 && len(open) != in.Open {
			t.Fatalf("from %v to %v, value %v", first, open, v)
		}
		if v == brute(in, in.Fixed) {
			best++
		}
	}
	if best < 190 {
		t.Errorf("only %d of 200 are optimal", best)
	}
}

// TestRelink: the path ends at a set of the right size between its ends, with
// the bookkeeping of that set.
func TestRelink(t *testing.T) {
	rng := rand.New(rand.NewPCG(4, 4))
	for range 300 {
		in := random(rng)
		s, from := search(rng, in)
		to := in.Sample(in.Given(), rng, never)
		s.relink(from, to)
		for _, j := range s.open {
			if !slices.Contains(from, int(j)) && !slices.Contains(to, int(j)) {
				t.Fatalf("between %v and %v lies %v", from, to, s.open)
			}
		}
		if in.Open >= 0 && len(s.open) != in.Open {
			t.Fatalf("%d sites on the way, want %d", len(s.open), in.Open)
		}
		fresh := NewSearch(in, s.best, never)
		fresh.ceiling = s.ceiling
		var open []int
		for _, j := range s.open {
			open = append(open, int(j))
		}
		fresh.set(open)
		if math.Abs(fresh.total()-s.total()) > 1e-9 || !slices.EqualFunc(fresh.gain, s.gain, func(a, b float64) bool { return math.Abs(a-b) < 1e-6 }) {
			t.Fatalf("bookkeeping of %v differs from that set up anew", s.open)
		}
	}
}

// node is a random state of a problem and its model, whose lists reach only
// so far.
func node(rng *rand.Rand, in *Instance) (*Model, []branch.State) {
	s, start := search(rng, in)
	m := NewModel(in, s, start, nil, 0, 1)
	if rng.IntN(2) == 0 { // lists that end early
		reach := make([]float64, len(in.Demand))
		for k := range reach {
			reach[k] = s.ceiling * rng.Float64() * rng.Float64()
		}
		m.lists = newLists(in, s.ceiling, reach, never)
		m.view = m.lists.blocks
	}
	state := slices.Clone(in.Fixed)
	for j := range state {
		if state[j] == branch.Free {
			state[j] = branch.State([]int{0, 0, 0, 0, 1, 2}[rng.IntN(6)])
		}
	}
	return m, state
}

// TestRelaxation: at any multipliers within the intervals of Enter the
// relaxation is below the best solution that the state allows and that beats
// the incumbent, at the root and in forks.
func TestRelaxation(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 5))
	for k := range 2000 {
		in := random(rng)
		m, state := node(rng, in)
		model := branch.Model(m)
		if rng.IntN(2) == 0 {
			model = m.Fork()
		}
		n := len(in.Demand)
		lo, hi, u, g := make([]float64, n), make([]float64, n), make([]float64, n), make([]float64, n)
		best := brute(in, state)
		for range 3 { // lists grow between entries
			if !model.Enter(state, lo, hi) {
				if best < m.search.ceiling/(1+1e-6) {
					t.Fatalf("round %d: a node with the solution %v is called dead", k, best)
				}
				break
			}
			for i := range u {
				u[i] = lo[i] + rng.Float64()*(hi[i]-lo[i])
				if rng.IntN(4) == 0 {
					u[i] = hi[i]
				}
			}
			rho := make([]float64, len(state))
			l := model.Price(u, rho)
			var prices []float64
			left := in.Open
			chosen := make([]bool, len(state))
			for j, st := range state {
				switch st {
				case branch.In:
					l += rho[j]
					left--
					chosen[j] = true
				case branch.Free:
					prices = append(prices, rho[j])
				}
			}
			slices.Sort(prices)
			if in.Open >= 0 && (left < 0 || left > len(prices)) {
				break
			}
			for i, p := range prices {
				if in.Open < 0 && p < 0 || in.Open >= 0 && i < left {
					l += p
				}
			}
			if l > best+1e-9 {
				t.Fatalf("round %d: relaxation %v above the optimum %v", k, l, best)
			}
			model.Gradient(chosen, g)
			for i, d := range in.Demand {
				want := 1.0
				for j, st := range state {
					if c := in.weight(i) * in.Source.Cost(int(d), j); st == branch.In && c < u[i] {
						want--
					}
				}
				if g[i] != want {
					t.Fatalf("round %d: gradient %v of demand %d, want %v", k, g[i], i, want)
				}
			}
		}
	}
}

// TestDivide: the rounds end with the best solution of the node, or with a
// bound at the cutoff; bounds never pass the optimum.
func TestDivide(t *testing.T) {
	rng := rand.New(rand.NewPCG(6, 6))
	solved := 0
	for k := range 4000 {
		in := random(rng)
		m, state := node(rng, in)
		n := len(in.Demand)
		if !m.Enter(state, make([]float64, n), make([]float64, n)) {
			continue
		}
		best := brute(in, state)
		if math.IsInf(best, 1) {
			continue // no number of sites fits
		}
		cutoff := m.search.ceiling
		for round := 0; ; round++ {
			if round > 6 {
				t.Fatalf("round %d: the parts are never done", k)
			}
			open, bound, _, p := m.Divide(state, make([]float64, n), float64(rng.IntN(10)), cutoff, math.MaxInt, round)
			if best < cutoff/(1+1e-6) && bound > best+1e-9 {
				t.Fatalf("round %d: bound %v above the optimum %v", k, bound, best)
			}
			if open != nil && value(in, open) < best-1e-9 {
				t.Fatalf("round %d: %v costs %v, the optimum %v", k, open, value(in, open), best)
			}
			if p == branch.Whole {
				break
			}
			if p == branch.Solved {
				solved++
				if open == nil && best < cutoff/(1+1e-6) || open != nil && value(in, open) > best+1e-9 && bound < cutoff {
					t.Fatalf("round %d: solved with %v and bound %v, the optimum is %v", k, open, bound, best)
				}
				break
			}
		}
	}
	if solved < 300 {
		t.Errorf("only %d nodes fell apart and were solved", solved)
	}
}

// TestRun: the whole tree finds the optimum, with bounds below it when it is
// cut short.
func TestRun(t *testing.T) {
	rng := rand.New(rand.NewPCG(7, 7))
	for k := range 600 {
		in := random(rng)
		s, start := search(rng, in)
		want := brute(in, in.Fixed)
		polls := -1
		if k%3 == 0 {
			polls = rng.IntN(200)
		}
		stop := func() bool {
			if polls > 0 {
				polls--
			}
			return polls == 0
		}
		s.stop = stop
		r := branch.Run(NewModel(in, s, start, nil, float64(k%2), 1), branch.Options{
			Stop: stop, Workers: 2, Start: start, Bound: in.Lower(stop), Grain: float64(k % 2),
		})
		if r.Bound > want+1e-9 || r.Value < want-1e-9 || r.Value != value(in, r.Open) || r.Complete && r.Value > want+1e-9 {
			t.Fatalf("round %d: %+v, want %v", k, r, want)
		}
		if polls < 0 && !r.Complete {
			t.Fatalf("round %d: not complete", k)
		}
	}
}

// TestCoarse: the parts of the coarse problem add up to the whole, its
// solutions are solutions of the whole, and multipliers come back in kind.
func TestCoarse(t *testing.T) {
	rng := rand.New(rand.NewPCG(8, 8))
	for range 300 {
		in := random(rng)
		c, sites := in.Coarse(2, rng, never)
		if len(sites) == 0 {
			continue
		}
		var whole, parts float64
		for k := range in.Demand {
			whole += in.weight(k)
		}
		for _, w := range c.Weight {
			parts += w
		}
		if whole != parts || !slices.IsSorted(sites) {
			t.Fatalf("weight %v of %v, sites %v", parts, whole, sites)
		}
		for s, j := range sites {
			if c.Fixed[s] != in.Fixed[j] || in.Fixed[j] == branch.Out {
				t.Fatalf("site %d is %v", j, c.Fixed[s])
			}
		}
		u := slices.Clone(c.Weight) // 1 for each unit of weight
		for k, v := range in.Spread(c, u, never) {
			if math.Abs(v-in.weight(k)) > 1e-9 {
				t.Fatalf("multiplier %v of weight %v", v, in.weight(k))
			}
		}
	}
}

// TestIntensify: what it finds is a solution with its value, from the best and
// from sampled ones.
func TestIntensify(t *testing.T) {
	rng := rand.New(rand.NewPCG(9, 9))
	for range 100 {
		in := random(rng)
		s, start := search(rng, in)
		m := NewModel(in, s, start, nil, 0, 1)
		for range 4 {
			open, v := m.Intensify(start)
			if open == nil || v != value(in, open) || in.Open >= 0 && len(open) != in.Open || !slices.IsSorted(open) {
				t.Fatalf("from %v to %v, value %v", start, open, v)
			}
			for j, f := range in.Fixed {
				if o := slices.Contains(open, j); f == branch.In && !o || f == branch.Out && o {
					t.Fatalf("site %d is %v, %v is open", j, f, open)
				}
			}
		}
	}
}
