package locate

import (
	"errors"
	"math"
	"math/bits"
	"math/rand/v2"
	"testing"
)

// drawHub draws flow between nodes, and statuses.
func drawHub(rng *rand.Rand, model Model, m int) Problem {
	p := Problem{Model: model, Costs: drawBetween(rng, m), Hub: &Hub{Single: rng.IntN(2) == 0}}
	if rng.IntN(4) > 0 {
		p.Hub.Collect, p.Hub.Transfer, p.Hub.Distribute = float64(1+rng.IntN(3)), []float64{0, 0.2, 0.75, 1, 2}[rng.IntN(5)], float64(rng.IntN(4))
	}
	if rng.IntN(4) > 0 {
		symmetric := rng.IntN(2) == 0
		p.Hub.Flow = make([]float64, m*m)
		for k := range p.Hub.Flow {
			switch i, j := k/m, k%m; {
			case symmetric && j < i:
				p.Hub.Flow[k] = p.Hub.Flow[j*m+i]
			case rng.IntN(3) > 0:
				p.Hub.Flow[k] = float64(rng.IntN(9))
			default:
				p.Hub.Flow[k] = 5 * rng.Float64()
			}
		}
	}
	p.P = 1 + rng.IntN(drawStatuses(rng, &p, m))
	return p
}

// hubPath is the cost of one path, and the flow between its ends.
func hubPath(p Problem, i, k, m, j int) (cost, flow float64) {
	n, _ := p.Costs.Size()
	h := p.Hub
	a, b, c := h.Collect, h.Transfer, h.Distribute
	if a == 0 && b == 0 && c == 0 {
		a, b, c = 1, 1, 1
	}
	flow = 1
	if h.Flow != nil {
		flow = h.Flow[i*n+j]
	} else if i == j {
		flow = 0
	}
	return a*p.Costs.At(i, k) + b*p.Costs.At(k, m) + c*p.Costs.At(m, j), flow
}

// hubCost is the cost of all flow by open hubs, by the definition: if assign is
// nil by any two of them, else by the hubs of the ends.
func hubCost(p Problem, open []int, assign []int) (sum float64) {
	n, _ := p.Costs.Size()
	for i := range n {
		for j := range n {
			least, flow := math.Inf(1), 0.0
			for _, k := range open {
				for _, m := range open {
					if assign == nil || assign[i] == k && assign[j] == m {
						var c float64
						c, flow = hubPath(p, i, k, m, j)
						least = min(least, c)
					}
				}
			}
			sum += flow * least
		}
	}
	return sum
}

// allocations tries every way to give each node one of the open hubs, a hub
// itself.
func allocations(p Problem, open []int, each func(assign []int)) {
	n, _ := p.Costs.Size()
	assign := make([]int, n)
	var try func(i int)
	try = func(i int) {
		if i == n {
			each(assign)
			return
		}
		for _, k := range open {
			if k == i {
				assign[i] = i
				try(i + 1)
				return
			}
		}
		for _, k := range open {
			assign[i] = k
			try(i + 1)
		}
	}
	try(0)
}

// listOf is the sites of a set.
func listOf(set uint) (open []int) {
	for ; set != 0; set &= set - 1 {
		open = append(open, bits.TrailingZeros(set))
	}
	return open
}

func TestHubMedianEqualsEnumeration(t *testing.T) {
	rng := rand.New(rand.NewPCG(23, 1))
	solved, none := 0, 0
	for k := range 600 {
		m := 1 + rng.IntN(7)
		if k%20 == 0 {
			m = 10
		}
		p := drawHub(rng, HubMedian, m)
		if m > 6 {
			p.P = min(p.P, 3)
			if k%20 == 0 {
				p.Hub.Single = k == 0
			}
		}
		if p.Hub.Single && m > 6 { // 2^8 allocations of each of 45 sets
			p.P, p.Site = 2, nil
		}
		if err := p.Check(); errors.Is(err, ErrProblem) {
			t.Fatalf("%+v: %v", p, err)
		}
		want, ok := math.Inf(1), false
		for set := range uint(1) << m {
			if !allowedSet(p, set, p.P) {
				continue
			}
			ok = true
			open := listOf(set)
			if !p.Hub.Single {
				want = min(want, hubCost(p, open, nil))
				continue
			}
			allocations(p, open, func(assign []int) { want = min(want, hubCost(p, open, assign)) })
		}
		if ok {
			solved++
		} else {
			none++
		}
		holds(t, rng, p, want, ok, func(s *Solution) (float64, bool) {
			assign := s.Assign
			if !p.Hub.Single {
				assign = nil
			}
			for _, k := range s.Open {
				if s.Assign[k] != k && p.Hub.Single {
					return 0, false
				}
			}
			return hubCost(p, s.Open, assign), allowedSet(p, bitsOf(s.Open), p.P)
		})
		if k%10 == 0 && ok && m < 6 {
			if v, ok := linearValue(t, p); !ok || math.Abs(v-want) > 1e-6*(1+want) {
				t.Fatalf("%+v: the linear program comes to %v, best %v", p, v, want)
			}
		}
	}
	if solved < 300 || none == 0 {
		t.Fatalf("%d solved, %d without a solution", solved, none)
	}
}

// network is nodes like those of the Civil Aeronautics Board's data: cities of
// very different size, with flow by gravity.
func network(seed uint64, n int) Problem {
	rng := rand.New(rand.NewPCG(seed, 9))
	at := scattered(seed, n)
	size := make([]float64, n)
	for i := range size {
		size[i] = math.Exp(1.2 * rng.NormFloat64())
	}
	h := &Hub{Flow: make([]float64, n*n), Collect: 1, Transfer: 0.6, Distribute: 1}
	for i := range n {
		for j := range n {
			if i != j {
				h.Flow[i*n+j] = math.Round(1000 * size[i] * size[j] / (1 + math.Hypot(at[i][0]-at[j][0], at[i][1]-at[j][1])/300))
			}
		}
	}
	return Problem{Model: HubMedian, P: 4, Costs: Points{Demands: at, Sites: at, Metric: RoundEuclidean}, Hub: h}
}

func BenchmarkHubMedian(b *testing.B) {
	multiple, single := network(1, 25), network(1, 25)
	h := *single.Hub
	h.Single = true
	single.Hub = &h
	benchmark(b, []string{"multiple", "single"}, multiple, single)
}
