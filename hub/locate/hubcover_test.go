package locate

import (
	"errors"
	"math"
	"math/rand/v2"
	"testing"
)

// hubCovered is the flow whose path costs no more than Radius, and whether that
// is all, by the definition.
func hubCovered(p Problem, open []int, assign []int) (sum float64, all bool) {
	n, _ := p.Costs.Size()
	all = true
	for i := range n {
		for j := range n {
			in, flow := false, 0.0
			for k := range n {
				_, flow = hubPath(p, i, k, k, j)
			}
			for _, k := range open {
				for _, m := range open {
					if assign == nil || assign[i] == k && assign[j] == m {
						c, _ := hubPath(p, i, k, m, j)
						in = in || c <= p.Radius
					}
				}
			}
			switch {
			case flow == 0:
			case in:
				sum += flow
			default:
				all = false
			}
		}
	}
	return sum, all
}

func TestHubCoverEqualsEnumeration(t *testing.T) {
	rng := rand.New(rand.NewPCG(25, 1))
	solved, none := 0, 0
	for k := range 500 {
		m := 1 + rng.IntN(6)
		p := drawHub(rng, HubCover, m)
		if p.Hub.Single && m > 5 {
			continue
		}
		p.Radius = float64(1 + rng.IntN(16))
		if rng.IntN(2) == 0 {
			p.P = 0
		}
		if rng.IntN(2) == 0 {
			for range m {
				p.Opening = append(p.Opening, []float64{0, 1, 2, 3, rng.Float64()}[rng.IntN(5)])
			}
		}
		if err := p.Check(); errors.Is(err, ErrProblem) {
			t.Fatalf("%+v: %v", p, err)
		}
		number, sign := p.P, -1.0
		if p.P == 0 {
			number, sign = -1, 1
		}
		// of is the objective of a set with an allocation, if it is a solution.
		of := func(set uint, assign []int) (float64, bool) {
			open := listOf(set)
			sum, all := hubCovered(p, open, assign)
			if p.P > 0 {
				return sum, true
			}
			var paid float64
			for _, j := range open {
				switch {
				case p.Site != nil && p.Site[j] == Existing:
				case p.Opening == nil:
					paid++
				default:
					paid += p.Opening[j]
				}
			}
			return paid, all
		}
		want, ok := math.Inf(1), false
		try := func(set uint, assign []int) {
			if v, fits := of(set, assign); fits {
				want, ok = min(want, sign*v), true
			}
		}
		for set := range uint(1) << m {
			if !allowedSet(p, set, number) {
				continue
			}
			if p.Hub.Single {
				allocations(p, listOf(set), func(assign []int) { try(set, assign) })
			} else {
				try(set, nil)
			}
		}
		want *= sign
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
			v, fits := of(bitsOf(s.Open), assign)
			return v, fits && allowedSet(p, bitsOf(s.Open), number)
		})
		if k%5 == 0 && ok {
			if v, ok := linearValue(t, p); !ok || math.Abs(v-want) > 1e-6*(1+math.Abs(want)) {
				t.Fatalf("%+v: the linear program comes to %v, best %v", p, v, want)
			}
		}
	}
	if solved < 300 || none == 0 {
		t.Fatalf("%d solved, %d without a solution", solved, none)
	}
}

func TestHubChecks(t *testing.T) {
	square := Dense{Demands: 2, Sites: 2, Values: []float64{0, 1, 1, 0}}
	ok := Problem{Model: HubMedian, P: 1, Costs: square, Hub: &Hub{}}
	if err := ok.Check(); err != nil {
		t.Error(err)
	}
	for name, change := range map[string]func(p *Problem){
		"no hub":     func(p *Problem) { p.Hub = nil },
		"other":      func(p *Problem) { p.Model = PMedian },
		"not square": func(p *Problem) { p.Costs = Dense{Demands: 1, Sites: 2, Values: []float64{1, 2}} },
		"infinite":   func(p *Problem) { p.Costs = Dense{Demands: 2, Sites: 2, Values: []float64{0, math.Inf(1), 1, 0}} },
		"weights":    func(p *Problem) { p.Weight = []float64{1, 1} },
		"flow":       func(p *Problem) { p.Hub = &Hub{Flow: []float64{1}} },
		"negative":   func(p *Problem) { p.Hub = &Hub{Flow: []float64{0, -1, 1, 0}} },
		"factor":     func(p *Problem) { p.Hub = &Hub{Transfer: -1} },
		"large":      func(p *Problem) { p.Hub = &Hub{Flow: []float64{0, 1e300, 1, 0}, Transfer: 1e10} },
		"nodes":      func(p *Problem) { p.Costs = scatter(1, 101) },
	} {
		p := ok
		if change(&p); !errors.Is(p.Check(), ErrProblem) {
			t.Errorf("%s: %v", name, p.Check())
		}
	}
}

func BenchmarkHubCover(b *testing.B) {
	p := network(1, 25)
	p.Model, p.P, p.Radius = HubCover, 0, 900
	most := p
	most.P, most.Radius = 4, 700
	benchmark(b, []string{"all", "most"}, p, most)
}
