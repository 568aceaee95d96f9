package capacity

import (
	"math"
	"math/rand/v2"
	"reflect"
	"testing"

	"github.com/hubplan/hubplan/hub/locate/internal/branch"
)

func never() bool { return false }

// plane draws sites and demands in a square; share is how many times all demand
// the sites can serve together.
func plane(seed uint64, m, n int, share float64, single bool) *Instance {
	rng := rand.New(rand.NewPCG(seed, 1))
	in := &Instance{First: []int{0}, Count: -1, Single: single, Fixed: make([]branch.State, m)}
	at := func() [2]float64 { return [2]float64{100 * rng.Float64(), 100 * rng.Float64()} }
	demands := make([][2]float64, n)
	var total float64
	for i := range demands {
		demands[i] = at()
		in.Size = append(in.Size, float64(5+rng.IntN(31)))
		total += in.Size[i]
	}
	for range m {
		a := at()
		in.Limit = append(in.Limit, math.Ceil(total/float64(m)*share*(0.5+rng.Float64())))
		in.Opening = append(in.Opening, float64(200+rng.IntN(800)))
		for i, b := range demands {
			in.To = append(in.To, int32(i))
			in.Cost = append(in.Cost, math.Round(in.Size[i]*math.Hypot(a[0]-b[0], a[1]-b[1])/10))
		}
		in.First = append(in.First, len(in.To))
	}
	if single {
		in.Grain = 1
	}
	return in
}

// TestCover: the choice of sites is the best there is where any number may be
// open, and never dearer than that where the number is given; what is said of
// forcing a site open or closed holds.
func TestCover(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 1))
	none := 0
	for k := range 2000 {
		m := 1 + rng.IntN(8)
		free := make([]int32, m)
		rho, room, part := make([]float64, m), make([]float64, m), make([]float64, m)
		var total float64
		size := []float64{1, 1, 3, 0.75}[k%4]
		for j := range free {
			free[j] = int32(j)
			rho[j] = float64(rng.IntN(15) - 4)
			if rng.IntN(2) == 0 {
				rho[j] = 12*rng.Float64() - 3
			}
			room[j] = size * float64(rng.IntN(8))
			switch {
			case k%3 == 0:
				room[j] = 4.2 * size
			case k%7 == 0 && rng.IntN(3) == 0: // some are whole, some are not
				room[j] += 0.25
			}
			total += room[j]
		}
		need := math.Floor(1.2*total*rng.Float64()) - 0.5 // apart from all sums
		count := rng.IntN(m+2) - 1
		best := math.Inf(1)
		forced := make([][2]float64, m) // best with each site closed, and open
		for j := range forced {
			forced[j] = [2]float64{math.Inf(1), math.Inf(1)}
		}
		for set := range 1 << m {
			var cost, held float64
			open := 0
			for j := range m {
				if set>>j&1 == 1 {
					cost += rho[j]
					held += room[j]
					open++
				}
			}
			if held < need || count >= 0 && open != count {
				continue
			}
			best = min(best, cost)
			for j := range m {
				forced[j][set>>j&1] = min(forced[j][set>>j&1], cost)
			}
		}
		var c cover
		if ok := c.choose(free, rho, room, need, count, part); !ok {
			if none++; !math.IsInf(best, 1) {
				t.Fatalf("round %d: no choice, the best costs %v", k, best)
			}
			continue
		}
		if c.value > best+1e-9 || count < 0 && math.Abs(c.value-best) > 1e-9 || c.base > c.value+1e-9 {
			t.Fatalf("round %d: value %v, base %v; best %v", k, c.value, c.base, best)
		}
		var cost, held, open float64
		for j, y := range part {
			if y < -1e-12 || y > 1+1e-12 {
				t.Fatalf("round %d: part %v", k, y)
			}
			cost += y * rho[j]
			held += y * room[j]
			open += y
			opened, closed := c.penalty(rho[j], room[j])
			if c.base+closed > forced[j][0]+1e-9 || c.base+opened > forced[j][1]+1e-9 {
				t.Fatalf("round %d: site %d: base %v, penalties %v and %v; forced %v", k, j, c.base, opened, closed, forced[j])
			}
		}
		if held < need-1e-9 || count >= 0 && math.Abs(open-float64(count)) > 1e-9 || math.Abs(cost-c.value) > 1e-9 {
			t.Fatalf("round %d: parts %v hold %v of %v, cost %v, value %v", k, part, held, need, cost, c.value)
		}
	}
	if none == 0 {
		t.Error("a choice was always found")
	}
}

// TestWorkers: the result does not depend on the number of goroutines.
func TestWorkers(t *testing.T) {
	for _, single := range []bool{false, true} {
		in := plane(2, 20, 60, 3, single)
		one := Run(in, Options{Stop: never, Nodes: 150, Workers: 1})
		for _, workers := range []int{2, 3} {
			if r := Run(in, Options{Stop: never, Nodes: 150, Workers: workers}); !reflect.DeepEqual(r, one) {
				t.Errorf("%d workers: %+v, one: %+v", workers, r, one)
			}
		}
	}
}

// TestRelaxation: at any multipliers the bound is no more than the optimum.
func TestRelaxation(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 5))
	for k := range 20 {
		in := plane(uint64(k), 8, 15, 2.5, k%2 == 0)
		if k%3 == 0 {
			in.Count = 5
		}
		best := Run(in, Options{Stop: never})
		if !best.Complete || best.Open == nil {
			t.Fatalf("%+v", best)
		}
		r := newRelaxation(newLayout(in), never)
		if !r.settle() {
			t.Fatal("no solution")
		}
		u := make([]float64, len(in.Size))
		for range 200 {
			for i := range u {
				u[i] = 300 * rng.Float64() * rng.Float64()
			}
			if l, ok := r.price(u); !ok || l > best.Value {
				t.Fatalf("round %d: bound %v of the optimum %v", k, l, best.Value)
			}
		}
	}
}

// TestImprove: a local search returns a solution, and what it says of it holds.
func TestImprove(t *testing.T) {
	in := plane(3, 30, 80, 4, false)
	l := newLayout(in)
	f := newFinder(l, never)
	all := make([]int, len(in.Limit))
	for j := range all {
		all[j] = j
	}
	before, _ := f.exact(all)
	s := f.improve(all, rootSolves)
	after, _ := f.exact(s.Open)
	if s.Value >= before.Value || math.Abs(after.Value-s.Value) > 1e-9*s.Value {
		t.Errorf("from %v to %v, recomputed %v", before.Value, s.Value, after.Value)
	}
	best := Run(in, Options{Stop: never})
	if s.Value < best.Value*(1-1e-9) {
		t.Errorf("local search %v, optimum %v", s.Value, best.Value)
	}
	if r := Run(in, Options{Stop: never, Nodes: 1}); r.Value > 1.01*best.Value {
		t.Errorf("after the root %v, optimum %v", r.Value, best.Value)
	}
}

func benchmarkRun(b *testing.B, single bool) {
	in := plane(7, 20, 60, 3, single)
	for b.Loop() {
		if r := Run(in, Options{Stop: never}); !r.Complete {
			b.Fatal(r)
		}
	}
}

// BenchmarkDivided proves a problem of 20 sites and 60 demands that divide,
// BenchmarkSingle one of demands that do not.
func BenchmarkDivided(b *testing.B) { benchmarkRun(b, false) }
func BenchmarkSingle(b *testing.B)  { benchmarkRun(b, true) }

// BenchmarkPrice evaluates the relaxation of 300 sites and 300 demands.
func BenchmarkPrice(b *testing.B) {
	for _, single := range []bool{false, true} {
		b.Run(map[bool]string{false: "divided", true: "single"}[single], func(b *testing.B) {
			in := plane(7, 300, 300, 5, single)
			r := newRelaxation(newLayout(in), never)
			r.settle()
			u := make([]float64, len(in.Size))
			for i := range u {
				u[i] = 3 * in.Size[i]
			}
			for b.Loop() {
				r.price(u)
			}
		})
	}
}
