package locate

import (
	"errors"
	"math"
	"math/rand/v2"
	"testing"
)

// drawnBy is the weight that a set of sites draws, by the definition.
func drawnBy(p Problem, set uint) float64 {
	n, m := p.Costs.Size()
	a := p.Attraction
	var total float64
	for i := range n {
		var sum, rival float64
		whole := false
		for j := range m {
			c := p.Costs.At(i, j)
			u := 1.0
			if a.Site != nil {
				u = a.Site[j]
			}
			if set>>j&1 == 0 || math.IsInf(c, 1) || u == 0 {
				continue
			}
			if a.Exponential {
				sum += u * math.Exp(-a.Decay*c)
				continue
			}
			whole = whole || c == 0
			if c > 0 {
				sum += u / math.Pow(c, a.Decay)
			}
		}
		if a.Rival != nil {
			rival = a.Rival[i]
		}
		w := 1.0
		if p.Weight != nil {
			w = p.Weight[i]
		}
		switch {
		case whole:
			total += w
		case sum > 0:
			total += w * sum / (sum + rival)
		}
	}
	return total
}

func TestHuffEqualsEnumeration(t *testing.T) {
	rng := rand.New(rand.NewPCG(22, 1))
	solved, none := 0, 0
	for range 500 {
		p := randomProblem(rng, PMedian)
		p.Model = Huff
		n, m := p.Costs.Size()
		p.Attraction = &Attraction{Decay: []float64{0.5, 1, 2, 3}[rng.IntN(4)], Exponential: rng.IntN(3) == 0}
		if rng.IntN(2) == 0 {
			for range m {
				p.Attraction.Site = append(p.Attraction.Site, []float64{0, 1, 2, 100, rng.Float64() + 0.01}[rng.IntN(5)])
			}
		}
		if rng.IntN(5) > 0 {
			for range n {
				p.Attraction.Rival = append(p.Attraction.Rival, []float64{0, 1, 5, 1000, rng.Float64() + 0.01}[rng.IntN(5)])
			}
		}
		if err := p.Check(); errors.Is(err, ErrProblem) {
			t.Fatalf("%+v: %v", p, err)
		}
		want, ok := math.Inf(-1), false
		for set := range uint(1) << m {
			if allowedSet(p, set, p.P) {
				want, ok = max(want, drawnBy(p, set)), true
			}
		}
		if ok {
			solved++
		} else {
			none++
		}
		holds(t, rng, p, want, ok, func(s *Solution) (float64, bool) {
			var sum float64
			for k, v := range s.Attendance {
				if v < 0 || s.Worth[k] > v+1e-9*(1+v) {
					return 0, false // a site is worth no more than what it draws
				}
				sum += v
			}
			set := bitsOf(s.Open)
			return drawnBy(p, set), allowedSet(p, set, p.P) && math.Abs(sum-s.Objective) < 1e-9*(1+sum)
		})
	}
	if solved < 300 || none == 0 {
		t.Fatalf("%d solved, %d without a solution", solved, none)
	}
}

// One demand of weight 12 and a rival of utility 1: sites of utility 2 and 3 draw
// 8 and 9 of it, both 10.
func TestHuffByHand(t *testing.T) {
	p := Problem{
		Model: Huff, P: 1, Weight: []float64{12}, Costs: Dense{Demands: 1, Sites: 2, Values: []float64{2, 1}},
		Attraction: &Attraction{Site: []float64{8, 3}, Decay: 2, Rival: []float64{1}},
	}
	if s := solved(t, p); math.Abs(s.Objective-9) > 1e-12 || s.Open[0] != 1 {
		t.Errorf("%+v", s)
	}
	p.P = 2
	s := solved(t, p)
	if math.Abs(s.Objective-10) > 1e-12 || math.Abs(s.Attendance[0]-4) > 1e-12 || s.Assign[0] != 1 || math.Abs(s.Worth[0]-1) > 1e-12 {
		t.Errorf("%+v", s)
	}
}

func TestHuffChecks(t *testing.T) {
	for name, a := range map[string]*Attraction{
		"none":      nil,
		"no decay":  {},
		"sites":     {Decay: 1, Site: []float64{1}},
		"rivals":    {Decay: 1, Rival: []float64{1, 2}},
		"negative":  {Decay: 1, Rival: []float64{-1}},
		"not a one": {Decay: 1, Site: []float64{1, math.NaN()}},
		"huge":      {Decay: 1, Site: []float64{1, 1e200}},
	} {
		p := Problem{Model: Huff, P: 1, Costs: Dense{Demands: 1, Sites: 2, Values: []float64{2, 1}}, Attraction: a}
		if !errors.Is(p.Check(), ErrProblem) {
			t.Errorf("%s: %v", name, p.Check())
		}
	}
	p := Problem{Model: PMedian, P: 1, Costs: Dense{Demands: 1, Sites: 2, Values: []float64{2, 1}}, Attraction: &Attraction{Decay: 1}}
	if !errors.Is(p.Check(), ErrProblem) {
		t.Error("a p-median takes an attraction")
	}
}

func TestTangents(t *testing.T) {
	rng := rand.New(rand.NewPCG(22, 2))
	for range 2000 {
		rival := math.Exp(20*rng.Float64() - 10)
		all := rival * (1 + float64(rng.IntN(2))*rng.Float64())
		least := math.Exp(20*rng.Float64() - 10)
		most := least * (1 + 100*rng.Float64()*float64(rng.IntN(2)))
		c := tangents(rival, all, least, most)
		slope := math.Inf(-1)
		for k := 1; k < len(c.At); k++ {
			s := (c.Value[k] - c.Value[k-1]) / (c.At[k] - c.At[k-1])
			if s < slope-1e-9*math.Abs(slope) {
				t.Fatalf("%v %v %v %v: %v is not convex", rival, all, least, most, c)
			}
			slope = s
			if v := rival / (all + c.At[k]); c.Value[k] > v*(1+1e-12) {
				t.Fatalf("%v at %v is above %v", c.Value[k], c.At[k], v)
			}
		}
	}
}

// The curve of a demand is convex and nowhere above what any sites leave to rivals,
// infinite utilities among them.
func TestHuffRows(t *testing.T) {
	rng := rand.New(rand.NewPCG(22, 3))
	for range 1000 {
		n := 1 + rng.IntN(6)
		p := Problem{Model: Huff, P: 1, Costs: Dense{Demands: 1, Sites: n}, Attraction: &Attraction{Decay: 1, Rival: []float64{float64(rng.IntN(3))}}}
		m := &market{work: &work{Problem: &p, demands: 1}, given: []float64{float64(rng.IntN(2))}}
		for j := range n {
			m.candidates = append(m.candidates, j)
			m.utility = append(m.utility, []float64{[]float64{0, 1, math.Exp(9*rng.Float64() - 6), math.Inf(1)}[rng.IntN(4)]})
		}
		row, fixed := m.row(0)
		slope := math.Inf(-1)
		for k := 1; row.Curve != nil && k < len(row.Curve.At); k++ {
			c := row.Curve
			s := (c.Value[k] - c.Value[k-1]) / (c.At[k] - c.At[k-1])
			if s < slope*(1-math.Copysign(1e-9, slope)) {
				t.Fatalf("%v: %v is not convex", m.utility, c)
			}
			slope = s
		}
		for set := range 1 << n {
			sum, v := m.given[0], 0.0
			for k := range n {
				if set>>k&1 == 1 {
					sum += m.utility[k][0]
				}
			}
			for k, j := range row.Site {
				if set>>j&1 == 1 {
					v += row.Count[k]
				}
			}
			got := fixed
			if row.Curve != nil {
				last := len(row.Curve.At) - 1
				got = row.Curve.Value[last]
				for k := 1; k <= last; k++ {
					if a, b := row.Curve.At[k-1], row.Curve.At[k]; v <= b {
						got = row.Curve.Value[k-1] + (v-a)/(b-a)*(row.Curve.Value[k]-row.Curve.Value[k-1])
						break
					}
				}
			}
			if want := 1 - share(sum, p.Attraction.Rival[0]); got > want+1e-12 {
				t.Fatalf("%v of %v: %v, but only %v is lost", set, m.utility, got, want)
			}
		}
	}
}

func BenchmarkHuff(b *testing.B) {
	rival := make([]float64, 200)
	for i := range rival {
		rival[i] = 1e-4
	}
	p := Problem{Model: Huff, P: 4, Costs: Points{Demands: scattered(1, 200), Sites: scattered(2, 20)}, Attraction: &Attraction{Decay: 2, Rival: rival}}
	benchmark(b, []string{"200"}, p)
}
