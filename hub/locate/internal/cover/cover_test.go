package cover

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/hubplan/hubplan/hub/locate/internal/branch"
)

func never() bool { return false }

func random(rng *rand.Rand) *Instance {
	in := &Instance{Sites: 1 + rng.IntN(9)}
	for range 1 + rng.IntN(14) {
		row := []int32{int32(rng.IntN(in.Sites))}
		for j := range in.Sites {
			if rng.IntN(3) == 0 {
				row = append(row, int32(j))
			}
		}
		slices.Sort(row)
		in.Rows = append(in.Rows, slices.Compact(row))
	}
	for range in.Sites {
		in.Opening = append(in.Opening, float64(rng.IntN(4)))
	}
	return in
}

func brute(in *Instance) float64 {
	best := math.Inf(1)
	for set := range 1 << in.Sites {
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
	smaller := 0
	for k := range 1000 {
		in := random(rng)
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
		if !slices.Equal(before, in.Rows[0]) {
			t.Fatal("the instance was changed")
		}
	}
	if smaller < 200 {
		t.Errorf("only %d of 1000 problems lost a site", smaller)
	}
}

// TestReduceStopped: reductions cut off early are still reductions.
func TestReduceStopped(t *testing.T) {
	rng := rand.New(rand.NewPCG(2, 2))
	for k := range 300 {
		in := random(rng)
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

// TestGreedy: every solution is one, with its value, and no site is superfluous.
// A fork finds the same after whatever the first has done since.
func TestGreedy(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 3))
	for k := range 400 {
		in := random(rng)
		h := newHeuristic(in, in.columns(), never)
		open, v := h.Greedy()
		if v != in.Value(open) || math.IsInf(v, 1) || !slices.IsSorted(open) {
			t.Fatalf("round %d: %v of value %v, claimed %v", k, open, in.Value(open), v)
		}
		for p := range open {
			if rest := slices.Delete(slices.Clone(open), p, p+1); !math.IsInf(in.Value(rest), 1) {
				t.Fatalf("round %d: %v covers as %v does", k, rest, open)
			}
		}
		f := h.fork()
		u := make([]float64, len(in.Rows))
		for i := range u {
			u[i] = 3 * rng.Float64()
		}
		h.complete(u, h.all)
		if o, w := f.Greedy(); w != v || math.IsInf(in.Value(o), 1) {
			t.Fatalf("round %d: a fork finds %v of value %v, not %v", k, o, w, v)
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
		in := random(rng)
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
			if fits {
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
		if math.IsInf(best, 1) {
			t.Fatalf("round %d: a state without solution is not called dead", k)
		}
		u, rho := make([]float64, rows), make([]float64, in.Sites)
		for i := range u {
			u[i] = lo[i] + rng.Float64()*(hi[i]-lo[i])
		}
		l := m.Price(u, rho)
		for j, st := range state {
			switch {
			case st == branch.In:
				l += rho[j]
			case st == branch.Free:
				l += min(0, rho[j])
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
