package cover

import (
	"math"
	"math/bits"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/hubplan/hubplan/hub/locate/internal/branch"
)

func never() bool { return false }

func random(rng *rand.Rand, weighted bool) *Instance {
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
	in.Rows = c.Rows
	if weighted {
		in.Weight = c.Weight
		in.Open = 1 + rng.IntN(in.Sites)
		return in
	}
	for range in.Sites {
		in.Opening = append(in.Opening, float64(rng.IntN(4)))
	}
	return in
}

func brute(in *Instance) float64 {
	best := math.Inf(1)
	for set := range 1 << in.Sites {
		if in.Weight != nil && bits.OnesCount(uint(set)) != min(in.Open, in.Sites) {
			continue
		}
		var open []int
		for j := range in.Sites {
			if set>>j&1 == 1 {
				open = append(open, j)
			}
		}
		best = min(best, in.Value(open))
	}
	return best
}

// TestReduce: the optimum of what is left and the sites forced is the optimum.
func TestReduce(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 1))
	for _, weighted := range []bool{false, true} {
		smaller := 0
		for k := range 500 {
			in := random(rng, weighted)
			before := slices.Clone(in.Rows[0])
			r := Reduce(in, never)
			got := 0.0
			for _, j := range r.Forced {
				got += in.Opening[j]
			}
			if len(r.Rows) > 0 {
				got += brute(&r.Instance)
			}
			if want := brute(in); got != want {
				t.Fatalf("round %d: %v after reduction to %+v, %v before, of %+v", k, got, r, want, in)
			}
			if r.Sites < in.Sites {
				smaller++
			}
			if weighted && r.Sites < min(in.Open, in.Sites) {
				t.Fatalf("round %d: %d sites left of %d, %d to open", k, r.Sites, in.Sites, in.Open)
			}
			if !slices.Equal(before, in.Rows[0]) {
				t.Fatal("the instance was changed")
			}
		}
		if smaller < 100 {
			t.Errorf("only %d of 500 problems lost a site", smaller)
		}
	}
}

// TestReduceStopped: reductions cut off early are still reductions.
func TestReduceStopped(t *testing.T) {
	rng := rand.New(rand.NewPCG(2, 2))
	for k := range 300 {
		in := random(rng, k%2 == 0)
		left := rng.IntN(12)
		r := Reduce(in, func() bool { left--; return left < 0 })
		got := 0.0
		for _, j := range r.Forced {
			got += in.Opening[j]
		}
		if len(r.Rows) > 0 {
			got += brute(&r.Instance)
		}
		if want := brute(in); got != want {
			t.Fatalf("round %d: %v after reduction, %v before", k, got, want)
		}
	}
}

// TestHeuristics: every solution is one, with its value, and no site of a set
// cover is superfluous; swaps end where none pays.
func TestHeuristics(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 3))
	for k := range 400 {
		in := random(rng, k%2 == 0)
		in.Open = min(in.Open, in.Sites)
		h := newHeuristic(in, in.columns(), never)
		open, v := h.Greedy()
		if v != in.Value(open) || math.IsInf(v, 1) || !slices.IsSorted(open) {
			t.Fatalf("round %d: %v of value %v, claimed %v", k, open, in.Value(open), v)
		}
		if in.Weight == nil {
			for p := range open {
				if rest := slices.Delete(slices.Clone(open), p, p+1); !math.IsInf(in.Value(rest), 1) {
					t.Fatalf("round %d: %v covers as %v does", k, rest, open)
				}
			}
			continue
		}
		if len(open) != in.Open {
			t.Fatalf("round %d: %d sites, want %d", k, len(open), in.Open)
		}
		for p := range open {
			for j := range in.Sites {
				if after := slices.Clone(open); !slices.Contains(open, j) {
					after[p] = j
					if in.Value(after) < v {
						t.Fatalf("round %d: %v is better than %v", k, after, open)
					}
				}
			}
		}
		open = slices.Clone(open)
		shaken := h.Shake(open, 5, rng)
		if len(shaken) != in.Open || in.Value(shaken) > v {
			t.Fatalf("round %d: %v shaken to %v", k, open, shaken)
		}
	}
}

// TestRelaxation: at random multipliers within the intervals of Enter the
// relaxation is below the best solution that the state allows, and a state is
// called dead only if it has none.
func TestRelaxation(t *testing.T) {
	rng := rand.New(rand.NewPCG(4, 4))
	dead := 0
	for k := range 2000 {
		in := random(rng, k%2 == 0)
		in.Open = min(in.Open, in.Sites)
		m := NewModel(in, never)
		state := make([]branch.State, in.Sites)
		for j := range state {
			state[j] = branch.State([]int{0, 0, 0, 1, 2, 2}[rng.IntN(6)])
		}
		best := math.Inf(1)
		for set := range 1 << in.Sites {
			var open []int
			fits := true
			for j, st := range state {
				o := set>>j&1 == 1
				if o {
					open = append(open, j)
				}
				fits = fits && !(st == branch.In && !o || st == branch.Out && o)
			}
			if fits && (in.Weight == nil || len(open) == in.Open) {
				best = min(best, in.Value(open))
			}
		}
		rows := len(in.Rows)
		lo, hi := make([]float64, rows), make([]float64, rows)
		if !m.Enter(state, lo, hi) {
			dead++
			if !math.IsInf(best, 1) {
				t.Fatalf("round %d: a state with the solution %v is called dead", k, best)
			}
			continue
		}
		if in.Weight == nil && math.IsInf(best, 1) {
			t.Fatalf("round %d: a state without solution is not called dead", k)
		}
		u, rho := make([]float64, rows), make([]float64, in.Sites)
		for i := range u {
			u[i] = lo[i] + rng.Float64()*(hi[i]-lo[i])
		}
		l := m.Price(u, rho)
		left := in.Open
		var prices []float64
		for j, st := range state {
			switch {
			case st == branch.In:
				l += rho[j]
				left--
			case st == branch.Free && in.Weight == nil:
				l += min(0, rho[j])
			case st == branch.Free:
				prices = append(prices, rho[j])
			}
		}
		slices.Sort(prices)
		if in.Weight != nil {
			if left < 0 || left > len(prices) {
				continue
			}
			for _, p := range prices[:left] {
				l += p
			}
		}
		if l > best+1e-9 {
			t.Fatalf("round %d: relaxation %v above the optimum %v", k, l, best)
		}
	}
	if dead == 0 {
		t.Error("no state was dead")
	}
}

func TestCollector(t *testing.T) {
	var c Collector
	row := []int32{1, 300}
	c.Add(row, 2)
	c.Add([]int32{1}, 3)
	row[1] = 301
	c.Add(row, 5)
	c.Add([]int32{1, 300}, 7)
	want := [][]int32{{1, 300}, {1}, {1, 301}}
	if !slices.EqualFunc(c.Rows, want, slices.Equal[[]int32]) || !slices.Equal(c.Weight, []float64{9, 3, 5}) {
		t.Errorf("rows %v, weights %v", c.Rows, c.Weight)
	}
}
