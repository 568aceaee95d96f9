package locate

import (
	"context"
	"math"
	"math/rand/v2"
	"testing"
)

// TestDual: the sites that the dual ascent finds are a solution, and its bound
// is one, with sites of every status and with lists that end before all sites
// are listed.
func TestDual(t *testing.T) {
	if testing.Short() {
		t.Skip("much of the same")
	}
	rng := rand.New(rand.NewPCG(21, 1))
	looked := 0
	for k := range 1500 {
		d := draw(rng, FixedCharge)
		d.P = 0
		best, ok := d.best()
		w := newWork(context.Background(), &d.Problem, Options{})
		in, err := w.instance(math.Inf(1))
		if !ok || err != nil || len(in.Demand) == 0 {
			continue
		}
		open, bound := w.dual(in)
		v, ok := d.judge(setOf(open))
		if !ok || v < best-eps*max(1, best) {
			t.Fatalf("round %d: %v is worth %v (%v), least is %v", k, open, v, ok, best)
		}
		if bound > best+eps*max(1, best) {
			t.Fatalf("round %d: bound %v, least is %v\n%+v", k, bound, best, d)
		}
		looked++
	}
	if looked < 500 {
		t.Errorf("only %d looked at", looked)
	}

	// With 200 sites a list holds less than half of them.
	for seed := range uint64(5) {
		p := uniform(seed, 300, 200)
		p.Model = FixedCharge
		for range 200 {
			p.Opening = append(p.Opening, float64(10000+rng.IntN(10000)))
		}
		s, err := Solve(context.Background(), p, Options{})
		if err != nil || !s.Optimal {
			t.Fatal(s, err)
		}
		w := newWork(context.Background(), &p, Options{})
		in, err := w.instance(math.Inf(1))
		if err != nil {
			t.Fatal(err)
		}
		open, bound := w.dual(in)
		if v := in.Value(open); v < s.Objective || v > 1.1*s.Objective || bound > s.Objective || bound < 0.9*s.Objective {
			t.Errorf("seed %d: solution %v, bound %v, optimum %v", seed, v, bound, s.Objective)
		}
	}
}
