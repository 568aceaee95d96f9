package locate

import (
	"context"
	"math"
	"math/rand/v2"
	"testing"
)

// The bound without limits holds for any worth of capacity, and where capacities
// do not bind it is the value itself.
func TestUnlimited(t *testing.T) {
	rng := rand.New(rand.NewPCG(51, 1))
	tight, solved := 0, 0
	for k := range 300 {
		p := randomProblem(rng, FixedCharge)
		n, m := p.Costs.Size()
		p.P = 0
		p.Capacity = &Capacity{Single: k%2 == 0}
		for range n {
			p.Capacity.Demand = append(p.Capacity.Demand, float64(rng.IntN(4)))
		}
		for range m {
			p.Capacity.Limit = append(p.Capacity.Limit, float64(1+rng.IntN(2*n+2)))
		}
		s, err := Solve(context.Background(), p, Options{})
		if err != nil {
			continue
		}
		solved++
		w := newWork(context.Background(), &p, Options{Workers: 1})
		in, demand, err := w.limited()
		if err != nil {
			t.Fatal(err)
		}
		for range 4 {
			worth := make([]float64, m)
			if rng.IntN(2) == 0 {
				for j := range worth {
					worth[j] = 3 * rng.Float64() * float64(rng.IntN(2))
				}
			}
			bound := w.unlimited(in, demand, worth)
			if bound > s.Objective+1e-9*(1+s.Objective) {
				t.Fatalf("%+v: bound %v of %v", p, bound, s.Objective)
			}
			if math.Abs(bound-s.Objective) <= 1e-9*(1+s.Objective) {
				tight++
			}
		}
	}
	if solved < 150 || tight < 20 {
		t.Fatalf("%d solved, %d tight", solved, tight)
	}
}
