package median

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/hubplan/hubplan/hub/locate/internal/branch"
	"github.com/hubplan/hubplan/hub/locate/internal/near"
)

// town draws demands and sites in the plane, many sites open, with weights,
// fixed sites and a price of sites or none of these.
func town(rng *rand.Rand) *Instance {
	at := func(n int) [][2]float64 {
		p := make([][2]float64, n)
		for k := range p {
			p[k] = [2]float64{float64(rng.IntN(100)), float64(rng.IntN(100))}
		}
		return p
	}
	demands, sites := 40+rng.IntN(60), 40+rng.IntN(40)
	in := &Instance{
		Source: near.NewPoints(at(demands), at(sites), near.FloorEuclidean), Fixed: make([]branch.State, sites),
		Open: 10 + rng.IntN(10), Limit: math.Inf(1), Workers: 1 + rng.IntN(3),
	}
	weigh, fix := rng.IntN(2) == 0, rng.IntN(2) == 0
	for i := range demands {
		in.Demand = append(in.Demand, int32(i))
		if weigh {
			in.Weight = append(in.Weight, float64(1+rng.IntN(3)))
		}
	}
	if fix {
		for range 3 {
			in.Fixed[rng.IntN(sites)] = branch.In
			in.Fixed[rng.IntN(sites)] = branch.Out
		}
	}
	if rng.IntN(2) == 0 {
		for range sites {
			in.Opening = append(in.Opening, float64(rng.IntN(40)))
		}
		if rng.IntN(2) == 0 {
			in.Open = -1
		}
	}
	return in
}

// TestRegion: a region costs what its demands and sites do now, and whatever it
// gains by a new placement the whole gains too.
func TestRegion(t *testing.T) {
	rng := rand.New(rand.NewPCG(21, 1))
	better := 0
	for round := range 30 {
		in := town(rng)
		s, start := search(rng, in)
		before := value(in, start)
		g := s.group()
		for p := range s.open {
			around := []int32{int32(p)}
			for q := range s.open {
				if q != p && len(around) < 4 && rng.IntN(3) == 0 {
					around = append(around, int32(q))
				}
			}
			around = slices.DeleteFunc(around, func(q int32) bool { return s.barred[s.open[q]] })
			if len(around) == 0 || len(around) == len(s.open) {
				continue
			}
			r := g.cut(around)
			outside := len(r.sites) // stands for the sites elsewhere
			known := append([]int{outside}, ints(r.known)...)
			if v := r.in.Value(known); math.Abs(v-r.value) > 1e-9 {
				t.Fatalf("round %d: the region costs %v, not %v", round, v, r.value)
			}
			a := r.solve(r.known, 4, 0, 1, never)
			open := ints(r.placed(s.open, a.open))
			after := value(in, open)
			if after > before-(r.value-a.value)+1e-9 {
				t.Fatalf("round %d: %v gained in the region, but from %v to %v in all", round, r.value-a.value, before, after)
			}
			if in.Open >= 0 && len(open) != in.Open {
				t.Fatalf("round %d: %d sites open of %d", round, len(open), in.Open)
			}
			if after < before {
				better++
			}
		}
	}
	if better == 0 {
		t.Error("no region was ever placed better")
	}
}

func ints(list []int32) []int {
	var out []int
	for _, j := range list {
		out = append(out, int(j))
	}
	return out
}

// TestMend: it ends in a solution no worse, within the limits of every site,
// with sums that are right, says whether it is better, and finds improvements
// that interchange does not.
func TestMend(t *testing.T) {
	rng := rand.New(rand.NewPCG(22, 1))
	better := 0
	for round := range 25 {
		in := town(rng)
		s, _ := search(rng, in)
		s.descend()
		before := s.total()
		gained := s.Mend(20, 0, 1)
		open, v := s.result()
		if v != value(in, open) || math.Abs(v-s.total()) > 1e-9 || v > before+1e-9 || gained != (v < before) {
			t.Fatalf("round %d: from %v to %v (%v), gained %v", round, before, v, value(in, open), gained)
		}
		if in.Open >= 0 && len(open) != in.Open {
			t.Fatalf("round %d: %d sites open of %d", round, len(open), in.Open)
		}
		for j, f := range in.Fixed {
			if o := slices.Contains(open, j); f == branch.In && !o || f == branch.Out && o {
				t.Fatalf("round %d: site %d is %v", round, j, f)
			}
		}
		if gained {
			better++
		}
	}
	if better == 0 {
		t.Error("nothing was ever mended")
	}
}

// TestCurve: no number of sites of a piece costs less than multipliers prove,
// whatever they are.
func TestCurve(t *testing.T) {
	rng := rand.New(rand.NewPCG(23, 1))
	for round := range 300 {
		sites := 1 + rng.IntN(7)
		opening := make([]float64, sites)
		for j := range opening {
			opening[j] = float64(rng.IntN(9))
		}
		p := newPiece(opening, -1)
		for range 1 + rng.IntN(8) {
			var pairs []near.Pair
			for j := range sites {
				if rng.IntN(3) > 0 {
					pairs = append(pairs, near.Pair{Cost: float64(rng.IntN(20)), Site: int32(j)})
				}
			}
			p.add(pairs, float64(rng.IntN(30)))
		}
		u := make([]float64, len(p.in.Demand))
		for k := range u {
			u[k] = 25 * rng.Float64()
		}
		curve := p.curve(u)
		for set := range 1 << sites {
			open := []int{sites}
			for j := range sites {
				if set>>j&1 == 1 {
					open = append(open, j)
				}
			}
			if v := p.in.Value(open); curve[len(open)-1] > v+1e-9 {
				t.Fatalf("round %d: %v sites cost %v, the curve is %v", round, open, v, curve)
			}
		}
	}
}

// TestCut: pieces are a partition, and the bound of every round stays below the
// optimum, whatever multipliers there were.
func TestCut(t *testing.T) {
	rng := rand.New(rand.NewPCG(24, 1))
	cuts, above := 0, 0
	for round := range 3000 {
		in := random(rng)
		m, _ := node(rng, in)
		state := slices.Clone(in.Fixed) // of which most must be free
		n := len(in.Demand)
		lo, hi := make([]float64, n), make([]float64, n)
		if !m.Enter(state, lo, hi) {
			continue
		}
		best := brute(in, state)
		if math.IsInf(best, 1) || best >= m.search.ceiling/(1+1e-6) {
			continue // the lists end at the ceiling
		}
		u := make([]float64, n)
		for k := range u {
			u[k] = lo[k] + (hi[k]-lo[k])*rng.Float64()
		}
		m.best = m.search.in.Sample(in.Given(), rng, never)
		m.division = m.fallApart(state, u, float64(rng.IntN(10)), 2)
		if m.division == nil || m.division.cut == nil {
			continue
		}
		cuts++
		seen := make([]int, len(state))
		for _, p := range m.division.parts {
			for _, j := range p.sites {
				seen[j]++
			}
		}
		for j, st := range state {
			if want := map[bool]int{true: 1, false: 0}[st == branch.Free]; seen[j] != want {
				t.Fatalf("round %d: site %d, %v, is in %d pieces", round, j, st, seen[j])
			}
		}
		m.limit = math.MaxInt
		for r := range 6 {
			open, bound, p := m.climb(best+1, r)
			if bound > best+1e-9 {
				t.Fatalf("round %d: bound %v above the optimum %v", round, bound, best)
			}
			if open != nil && value(in, open) < brute(in, in.Fixed)-1e-9 {
				t.Fatalf("round %d: %v costs %v", round, open, value(in, open))
			}
			if p != branch.Going {
				break
			}
			if bound > best-1 {
				above++
			}
		}
		m.settle()
		open, bound, _ := m.combine(best+1, 100)
		if bound > best+1e-9 {
			t.Fatalf("round %d: bound %v by numbers above the optimum %v", round, bound, best)
		}
		if open != nil && (value(in, open) < best-1e-9 || in.Open >= 0 && len(open) != in.Open) {
			t.Fatalf("round %d: %v costs %v by numbers", round, open, value(in, open))
		}
	}
	if cuts < 100 || above == 0 {
		t.Errorf("only %d nodes were cut, %d with a bound that is near", cuts, above)
	}
}
