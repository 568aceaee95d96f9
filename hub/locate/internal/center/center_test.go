package center

import (
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/hubplan/hubplan/hub/locate/internal/near"
)

// draw makes a source of small integer costs, some pairs impossible, with
// weights and given sites.
func draw(rng *rand.Rand) *Instance {
	n, m := 1+rng.IntN(12), 2+rng.IntN(9)
	d := &near.Dense{Demands: n, Sites: m}
	for range n * m {
		d.Values = append(d.Values, float64(rng.IntN(9)))
	}
	in := &Instance{Source: d, Weight: make([]float64, n), Open: 1 + rng.IntN(m)}
	for i := range in.Weight {
		in.Weight[i] = float64(1+rng.IntN(6)) / 3
	}
	if rng.IntN(2) == 0 {
		in.Given = []int{rng.IntN(m)}
	}
	in.Among = func(sites []int) near.Source { return near.Among(d, sites) }
	return in
}

func newTest(in *Instance) *search {
	n, m := in.Source.Size()
	s := &search{in: in, o: Options{Stop: func() bool { return false }}, n: n, sampled: make([]bool, n), nearest: make([]near.Pair, n)}
	s.cells.init(in, m)
	for _, j := range in.Given {
		s.cells.given[j] = true
	}
	return s
}

// TestCells: two sites are in one cell exactly if they cover the same demands
// of the sample, and the instance says which.
func TestCells(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 1))
	for k := range 1000 {
		in := draw(rng)
		s := newTest(in)
		n, m := in.Source.Size()
		r := float64(rng.IntN(12))
		s.cells.reset(r)
		covers := make([]string, m)
		lost := false
		for _, i := range rng.Perm(n)[:1+rng.IntN(n)] {
			s.cells.split(int32(i))
			row, free := make([]byte, m), 0
			for j := range m {
				row[j] = '0'
				if in.Weight[i]*in.Source.Cost(i, j) <= r {
					row[j], free = '1', free+1
				}
			}
			if len(in.Given) > 0 && row[in.Given[0]] == '1' {
				continue
			}
			lost = lost || free == 0
			for j := range m {
				covers[j] += string(row[j])
			}
		}
		problem, sites, ok := s.cells.instance()
		if ok == lost {
			t.Fatalf("round %d: ok %v, but a demand is lost: %v", k, ok, lost)
		}
		if !ok {
			continue
		}
		for a := range m {
			for b := range m {
				if (s.cells.cell[a] == s.cells.cell[b]) != (covers[a] == covers[b]) {
					t.Fatalf("round %d: sites %d and %d in cells %d and %d cover %s and %s",
						k, a, b, s.cells.cell[a], s.cells.cell[b], covers[a], covers[b])
				}
			}
		}
		for c, j := range sites {
			if slices.Index(covers, covers[j]) != int(j) {
				t.Fatalf("round %d: site %d stands for its cell, an earlier one could", k, j)
			}
			for i, row := range problem.Rows {
				if slices.Contains(row, int32(c)) != (covers[j][i] == '1') {
					t.Fatalf("round %d: row %d is %v, site %d covers %s", k, i, row, j, covers[j])
				}
			}
		}
	}
}

// TestRecentre: sites never serve the sample worse than before, and those given
// stay.
func TestRecentre(t *testing.T) {
	rng := rand.New(rand.NewPCG(2, 2))
	better := 0
	for k := range 1000 {
		in := draw(rng)
		s := newTest(in)
		n, m := in.Source.Size()
		for _, i := range rng.Perm(n)[:1+rng.IntN(n)] {
			s.add(int32(i))
		}
		open := append(slices.Clone(in.Given), rng.IntN(m), rng.IntN(m))
		open = unique(open)
		_, before := s.serve(open)
		moved, radius := s.recentre(open, before/2)
		_, after := s.serve(moved)
		if after > radius || radius > before || len(moved) > len(open) {
			t.Fatalf("round %d: %v of radius %v moved to %v of radius %v, said %v", k, open, before, moved, after, radius)
		}
		if after < before {
			better++
		}
		for _, j := range in.Given {
			if !slices.Contains(moved, j) {
				t.Fatalf("round %d: site %d is given, moved to %v", k, j, moved)
			}
		}
	}
	if better < 100 {
		t.Errorf("only %d of 1000 got better", better)
	}
}

// TestMiddle: the site found is the best for its demands.
func TestMiddle(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 3))
	for k := range 1000 {
		in := draw(rng)
		s := newTest(in)
		n, m := in.Source.Size()
		var demands []int32
		for _, i := range rng.Perm(n)[:1+rng.IntN(n)] {
			demands = append(demands, int32(i))
		}
		most := func(j int) (most float64) {
			for _, i := range demands {
				most = max(most, in.weight(int(i))*in.Source.Cost(int(i), j))
			}
			return most
		}
		from := rng.IntN(m)
		want := from
		for j := range m {
			if most(j) < most(want) || most(j) == most(want) && want != from && j < want {
				want = j
			}
		}
		if got := s.middle(from, slices.Clone(demands)); got != want {
			t.Fatalf("round %d: from %d to %d of %v, want %d of %v", k, from, got, most(got), want, most(want))
		}
	}
}
