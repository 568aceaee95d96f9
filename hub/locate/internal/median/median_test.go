package median

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/hubplan/hubplan/hub/locate/internal/branch"
)

func never() bool { return false }

func random(rng *rand.Rand) *Instance {
	in := &Instance{Demands: 1 + rng.IntN(20), Sites: 2 + rng.IntN(10)}
	in.Open = 1 + rng.IntN(in.Sites-1)
	in.Required = make([]bool, in.Sites)
	for range in.Demands * in.Sites {
		in.Cost = append(in.Cost, float64(rng.IntN(20)))
	}
	return in
}

// start is some set of the right size.
func start(rng *rand.Rand, in *Instance) []int {
	return slices.Sorted(slices.Values(rng.Perm(in.Sites)[:in.Open]))
}

// TestSavings: after any sequence of swaps the savings kept equal what each
// swap in fact saves, and the two nearest sites are the two nearest.
func TestSavings(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 1))
	for range 300 {
		in := random(rng)
		s := NewSearch(in, start(rng, in), never)
		s.place(start(rng, in))
		for range 5 {
			value := in.Value(s.open)
			if s.total() > value+1e-9 {
				t.Fatalf("total %v, value %v", s.total(), value)
			}
			if value < s.ceiling {
				for p, out := range s.open {
					for j := range in.Sites {
						if s.isOpen[j] {
							continue
						}
						after := slices.Clone(s.open)
						after[p] = j
						var want float64 // with costs above the ceiling cut there
						for i := range in.Demands {
							least := s.ceiling
							for _, k := range after {
								least = min(least, s.cost(i, k))
							}
							want += least
						}
						if got := s.total() - s.gain[j] + s.loss[p] - s.extra[p*in.Sites+j]; math.Abs(got-want) > 1e-6 {
							t.Fatalf("swap of %d for %d in %v: %v, want %v", out, j, s.open, got, want)
						}
					}
				}
			}
			for {
				if j := rng.IntN(in.Sites); !s.isOpen[j] {
					s.swap(j, rng.IntN(in.Open))
					break
				}
			}
		}
	}
}

// TestImprove: a local optimum that no swap improves, never worse than its
// start, with the required sites left alone.
func TestImprove(t *testing.T) {
	rng := rand.New(rand.NewPCG(2, 2))
	for range 300 {
		in := random(rng)
		first := start(rng, in)
		in.Required[first[0]] = true
		s := NewSearch(in, first, never)
		open, v := s.Improve(first, true)
		if v != in.Value(open) || v > in.Value(first) || !slices.Contains(open, first[0]) || len(open) != in.Open {
			t.Fatalf("from %v to %v, value %v", first, open, v)
		}
		for p, out := range open {
			for j := range in.Sites {
				if slices.Contains(open, j) || in.Required[out] {
					continue
				}
				after := slices.Clone(open)
				after[p] = j
				if in.Value(after) < v-1e-9 {
					t.Fatalf("%v costs %v, %v only %v", open, v, after, in.Value(after))
				}
			}
		}
		if again, _ := s.Improve(first, true); again != nil {
			t.Fatalf("the start %v is tried twice", first)
		}
	}
}

// TestGreedy: the first site is the best single one, each further one the
// best to add, and what was given stays.
func TestGreedy(t *testing.T) {
	rng := rand.New(rand.NewPCG(4, 4))
	for range 200 {
		in := random(rng)
		var given []int
		if rng.IntN(2) == 0 && in.Open > 1 {
			given = []int{rng.IntN(in.Sites)}
		}
		in.Open = len(given) + 1
		open := in.Greedy(given, never)
		if len(open) != in.Open || len(given) == 1 && !slices.Contains(open, given[0]) {
			t.Fatalf("%v extended to %v", given, open)
		}
		for j := range in.Sites {
			if other := append(slices.Clone(given), j); in.Value(other) < in.Value(open) {
				t.Fatalf("%v extended to %v, %v is better", given, open, other)
			}
		}
		if filled := in.Greedy(given, func() bool { return true }); len(filled) != in.Open {
			t.Fatalf("stopped with %v", filled)
		}
	}
}

// TestRelaxation: at random multipliers within the intervals of Enter the
// relaxation is below the best solution that the state allows, if that is one
// worth finding.
func TestRelaxation(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 3))
	for range 500 {
		in := random(rng)
		for k := range in.Cost {
			if rng.IntN(8) == 0 {
				in.Cost[k] = math.Inf(1)
			}
		}
		first := start(rng, in)
		if math.IsInf(in.Value(first), 1) {
			continue
		}
		m := NewModel(in, NewSearch(in, first, never), first)
		state := make([]branch.State, in.Sites)
		for j := range state {
			state[j] = branch.State([]int{0, 0, 0, 1, 2}[rng.IntN(5)])
		}
		// The best solution of the state, by enumeration.
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
			if fits && len(open) == in.Open {
				best = min(best, in.Value(open))
			}
		}
		lo, hi := make([]float64, in.Demands), make([]float64, in.Demands)
		if !m.Enter(state, lo, hi) {
			if best <= in.Value(first) {
				t.Fatalf("a state with the solution %v is called dead", best)
			}
			continue
		}
		u, rho := make([]float64, in.Demands), make([]float64, in.Sites)
		for i := range u {
			u[i] = lo[i] + rng.Float64()*(hi[i]-lo[i])
		}
		l := m.Price(u, rho)
		var prices []float64
		left := in.Open
		for j, st := range state {
			var want float64 // the price by its definition
			for i := range u {
				want += min(0, in.Cost[i*in.Sites+j]-u[i])
			}
			switch st {
			case branch.In:
				l += rho[j]
				left--
			case branch.Free:
				prices = append(prices, rho[j])
			}
			if st != branch.Out && math.Abs(want-rho[j]) > 1e-9 {
				t.Fatalf("price %v of site %d, want %v", rho[j], j, want)
			}
		}
		slices.Sort(prices)
		if left < 0 || left > len(prices) {
			continue
		}
		for _, p := range prices[:left] {
			l += p
		}
		if best <= in.Value(first) && l > best+1e-9 {
			t.Fatalf("relaxation %v above the optimum %v", l, best)
		}
	}
}
