package transport

import (
	"math"
	"math/rand/v2"
	"testing"

	"pgregory.net/rapid"
)

// random draws a problem with ties, sites without supply, impossible pairs and
// often too little supply, of integers or not.
func random(rng *rand.Rand, m, n int, integer bool) *Problem {
	p := &Problem{First: []int{0}}
	number := func(least, most int) float64 {
		if integer {
			return float64(least + rng.IntN(most-least+1))
		}
		return float64(least) + rng.Float64()*float64(most-least)
	}
	for range n {
		p.Demand = append(p.Demand, number(1, 6))
	}
	missing := rng.IntN(4)
	p.Must = max(0, rng.IntN(2*m)-m)
	for range m {
		p.Supply = append(p.Supply, number(0, 20*n/(m+1)))
		for i := range n {
			if rng.IntN(10) >= missing {
				p.To, p.Cost = append(p.To, int32(i)), append(p.Cost, number(0, 9))
			}
		}
		p.First = append(p.First, len(p.To))
	}
	return p
}

// successive solves a problem by successive shortest paths (Bellman and Ford)
// from the open sites, and returns the cost of serving as much as possible.
func successive(p *Problem, open []bool) (value, short float64) {
	m, n := len(p.Supply), len(p.Demand)
	type edge struct {
		from, to int
		cost     float64
		left     float64
	}
	var edges []edge // each followed by its reverse
	add := func(a, b int, c, u float64) { edges = append(edges, edge{a, b, c, u}, edge{b, a, -c, 0}) }
	source, sink := m+n, m+n+1
	for j := range m {
		if open[j] {
			add(source, j, 0, p.Supply[j])
			for e := p.First[j]; e < p.First[j+1]; e++ {
				add(j, m+int(p.To[e]), p.Cost[e], math.Inf(1))
			}
		}
	}
	for i, d := range p.Demand {
		short += d
		add(m+i, sink, 0, d)
	}
	for {
		dist, by := make([]float64, m+n+2), make([]int, m+n+2)
		for v := range dist {
			dist[v] = math.Inf(1)
		}
		dist[source] = 0
		for changed := true; changed; {
			changed = false
			for k, e := range edges {
				if e.left > 1e-12 && dist[e.from]+e.cost < dist[e.to]-1e-12 {
					dist[e.to], by[e.to], changed = dist[e.from]+e.cost, k, true
				}
			}
		}
		if math.IsInf(dist[sink], 1) {
			return value, short
		}
		push := math.Inf(1)
		for v := sink; v != source; v = edges[by[v]].from {
			push = min(push, edges[by[v]].left)
		}
		for v := sink; v != source; v = edges[by[v]].from {
			edges[by[v]].left -= push
			edges[by[v]^1].left += push
		}
		value += push * dist[sink]
		short -= push
	}
}

// check holds a solved problem to the conditions of optimality, and its
// flows to the problem.
func check(t interface {
	Helper()
	Fatalf(string, ...any)
}, s *Solver) {
	t.Helper()
	const eps = 1e-9
	value, short := s.Value()
	used, served := make([]float64, s.sites), make([]float64, len(s.Demand))
	var sum float64
	for _, f := range s.Sorted() {
		if !s.open[f.Site] && f.Amount > eps {
			t.Fatalf("closed site %d serves %v", f.Site, f.Amount)
		}
		if int(s.To[f.Pair]) != f.Demand || f.Pair < s.First[f.Site] || f.Pair >= s.First[f.Site+1] {
			t.Fatalf("%+v is not pair %d", f, f.Pair)
		}
		used[f.Site] += f.Amount
		served[f.Demand] += f.Amount
		sum += f.Amount * s.Cost[f.Pair]
	}
	var lacking, dual float64
	for j := s.free; j < s.sites; j++ {
		if s.open[j] {
			lacking += s.Supply[j] - used[j]
		}
	}
	for i, d := range s.Demand {
		if served[i] > d+eps {
			t.Fatalf("demand %d of %v is served %v", i, d, served[i])
		}
		lacking += d - served[i]
		dual += d * s.Price(i)
		if s.Price(i) > s.short+eps {
			t.Fatalf("price %v of demand %d", s.Price(i), i)
		}
	}
	for j, q := range s.Supply {
		if used[j] > q+eps || s.open[j] && math.Abs(q-used[j]-s.Idle(j)) > eps {
			t.Fatalf("site %d of %v serves %v, idle %v", j, q, used[j], s.Idle(j))
		}
		if !s.open[j] {
			continue
		}
		dual -= q * s.Worth(j)
		if s.Worth(j) < -eps && j < s.free {
			t.Fatalf("site %d is worth %v", j, s.Worth(j))
		}
		for e := s.First[j]; e < s.First[j+1]; e++ {
			if s.Price(int(s.To[e])) > s.Cost[e]+s.Worth(j)+eps {
				t.Fatalf("pair %d of site %d: price %v exceeds %v + %v", e, j, s.Price(int(s.To[e])), s.Cost[e], s.Worth(j))
			}
		}
	}
	if math.Abs(lacking-short) > eps || math.Abs(sum-value) > eps*max(1, value) {
		t.Fatalf("value %v, short %v; the flows say %v, %v", value, short, sum, lacking)
	}
	if total := value + s.short*short; math.Abs(dual-total) > eps*max(1, total) {
		t.Fatalf("dual %v, primal %v", dual, total)
	}
}

// TestSolve opens and closes sites one after the other: every time the value
// is that of another algorithm, and the prices prove it.
func TestSolve(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 1))
	lacking := 0
	for k := range 300 {
		m, n := 1+rng.IntN(7), 1+rng.IntN(12)
		integer := k%2 == 0
		p := random(rng, m, n, integer)
		s := New(p)
		open := make([]bool, m)
		for range 8 {
			for range 1 + rng.IntN(3) {
				j := rng.IntN(m)
				open[j] = !open[j]
				s.Set(j, open[j])
			}
			if !s.Solve(nil) {
				t.Fatal("stopped")
			}
			check(t, s)
			if p.Must > 0 {
				continue // the prices alone prove it
			}
			value, short := s.Value()
			want, lack := successive(p, open)
			if integer && (value != want || short != lack) {
				t.Fatalf("round %d: value %v, short %v; want %v, %v", k, value, short, want, lack)
			}
			if math.Abs(value-want) > 1e-9*max(1, want) || math.Abs(short-lack) > 1e-9 {
				t.Fatalf("round %d: value %v, short %v; want %v, %v", k, value, short, want, lack)
			}
			if short > 0 {
				lacking++
			}
			for v := range s.root {
				if s.flow[v] < 0 || s.flow[v] == 0 && int(v) >= s.sites {
					t.Fatalf("round %d: the tree is not strongly feasible at %d: %v", k, v, s.flow[v])
				}
				if !integer {
					break // rounding
				}
			}
		}
	}
	if lacking < 100 {
		t.Errorf("%d problems were short of supply", lacking)
	}
}

// TestBrute tries every way of serving unit demands from sites.
func TestBrute(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 1))
	for k := range 300 {
		m, n := 1+rng.IntN(3), 1+rng.IntN(5)
		p := random(rng, m, n, true)
		p.Must = 0
		for i := range p.Demand {
			p.Demand[i] = 1
		}
		for j := range p.Supply {
			p.Supply[j] = float64(rng.IntN(4))
		}
		best, lack := math.Inf(1), math.Inf(1)
		choice := make([]int, n)
		var try func(i int, value, short float64)
		left := append([]float64(nil), p.Supply...)
		try = func(i int, value, short float64) {
			if i == n {
				if short < lack || short == lack && value < best {
					best, lack = value, short
				}
				return
			}
			try(i+1, value, short+1)
			for j := range m {
				for e := p.First[j]; e < p.First[j+1]; e++ {
					if int(p.To[e]) == i && left[j] > 0 {
						left[j]--
						choice[i] = j
						try(i+1, value+p.Cost[e], short)
						left[j]++
					}
				}
			}
		}
		try(0, 0, 0)
		s := New(p)
		for j := range m {
			s.Set(j, true)
		}
		s.Solve(nil)
		check(t, s)
		if value, short := s.Value(); value != best || short != lack {
			t.Fatalf("round %d: value %v, short %v; want %v, %v", k, value, short, best, lack)
		}
	}
}

// TestWarm: the value does not depend on the way to a set of sites, nor on
// copies made on it.
func TestWarm(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		rng := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 2))
		m, n := 1+rng.IntN(30), 1+rng.IntN(60)
		p := random(rng, m, n, true)
		s, o := New(p), New(p)
		for range 10 {
			j := rng.IntN(m)
			s.Set(j, !s.Open(j))
			s.Solve(nil)
		}
		for j := range m {
			o.Set(j, s.Open(j))
		}
		o.Solve(nil)
		check(t, s)
		value, short := s.Value()
		if v, sh := o.Value(); v != value || sh != short {
			t.Fatalf("warm %v, %v; cold %v, %v", value, short, v, sh)
		}
		j := rng.IntN(m)
		o.Copy(s)
		s.Set(j, !s.Open(j))
		s.Solve(nil)
		s.Copy(o)
		check(t, s)
		if v, sh := s.Value(); v != value || sh != short {
			t.Fatalf("copied %v, %v; before %v, %v", v, sh, value, short)
		}
	})
}

// TestStop: a solver that was stopped goes on.
func TestStop(t *testing.T) {
	p := random(rand.New(rand.NewPCG(4, 4)), 60, 300, true)
	s, o := New(p), New(p)
	for j := range 60 {
		s.Set(j, true)
		o.Set(j, true)
	}
	if s.Solve(func() bool { return true }) {
		t.Fatal("not stopped")
	}
	s.Solve(nil)
	o.Solve(nil)
	check(t, s)
	value, short := s.Value()
	if v, sh := o.Value(); v != value || sh != short {
		t.Fatalf("%v, %v; want %v, %v", value, short, v, sh)
	}
}

func large() *Problem {
	rng := rand.New(rand.NewPCG(5, 5))
	const m, n = 300, 300
	p := &Problem{First: []int{0}}
	at := func() [2]float64 { return [2]float64{rng.Float64(), rng.Float64()} }
	demands := make([][2]float64, n)
	for i := range demands {
		demands[i] = at()
		p.Demand = append(p.Demand, float64(5+rng.IntN(31)))
	}
	for range m {
		a := at()
		p.Supply = append(p.Supply, float64(100+rng.IntN(700)))
		for i, b := range demands {
			p.To, p.Cost = append(p.To, int32(i)), append(p.Cost, 10*math.Hypot(a[0]-b[0], a[1]-b[1]))
		}
		p.First = append(p.First, len(p.To))
	}
	return p
}

// BenchmarkCold solves 300 demands with 30 of 300 sites from nothing,
// BenchmarkWarm after the exchange of one site.
func BenchmarkCold(b *testing.B) {
	s := New(large())
	for b.Loop() {
		s.Reset()
		for j := range 30 {
			s.Set(j*10, true)
		}
		s.Solve(nil)
	}
}

func BenchmarkWarm(b *testing.B) {
	s := New(large())
	for j := range 30 {
		s.Set(j*10, true)
	}
	k := 0
	for b.Loop() {
		s.Set(k*10, false)
		k = (k + 1) % 30
		s.Set(k*10+1, !s.Open(k*10+1))
		s.Set(k*10, true)
		s.Solve(nil)
	}
}
