package locate

import (
	"context"
	"errors"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

// hard draws a problem whose relaxation leaves a wide gap: costs without any
// geometry behind them. Fourteen sites are few enough to enumerate.
func hard(rng *rand.Rand, model Model) Problem {
	const m = 14
	n := 40
	if model == MaximalCover {
		n = 150
	}
	p := Problem{Model: model, Costs: &Dense{n, m, make([]float64, n*m)}, P: 3 + rng.IntN(4), Radius: 25}
	for k := range dense(p).Values {
		dense(p).Values[k] = 100 * rng.Float64()
		if rng.IntN(4) == 0 && model == PMedian && k%m > 1 {
			dense(p).Values[k] = math.Inf(1)
		}
	}
	if model == SetCover {
		p.Radius = 30
		for i := range n {
			dense(p).Values[i*m+rng.IntN(m)] = 0
		}
		for range m {
			p.Opening = append(p.Opening, 1+rng.Float64())
		}
	} else {
		for range n {
			p.Weight = append(p.Weight, 1+rng.Float64())
		}
	}
	return p
}

// TestTree checks whole trees and every cut of them by a node limit against
// enumeration.
func TestTree(t *testing.T) {
	if testing.Short() {
		t.Skip("much of the same")
	}
	for _, model := range []Model{PMedian, MaximalCover, SetCover} {
		t.Run(model.String(), func(t *testing.T) {
			rng := rand.New(rand.NewPCG(11, uint64(model)))
			deep, limited := 0, 0
			for k := range 25 {
				p := hard(rng, model)
				want, _ := bruteForce(p)
				full, err := Solve(context.Background(), p, Options{})
				if err != nil {
					t.Fatal(err)
				}
				if !full.Optimal || !alike(full.Objective, want) || crosses(model, full.Bound, want) {
					t.Fatalf("round %d: objective %v, bound %v; want %v", k, full.Objective, full.Bound, want)
				}
				if full.Nodes > 10 {
					deep++
				}
				for nodes := 1; nodes <= full.Nodes; nodes += 1 + nodes/3 {
					s, err := Solve(context.Background(), p, Options{Nodes: nodes})
					if err != nil {
						t.Fatal(err)
					}
					if s.Nodes > nodes {
						t.Fatalf("round %d: %d nodes, limit %d", k, s.Nodes, nodes)
					}
					if crosses(model, s.Bound, want) || s.Optimal && !alike(s.Objective, want) {
						t.Fatalf("round %d, %d nodes: objective %v, bound %v; want %v", k, nodes, s.Objective, s.Bound, want)
					}
					if s.Status == NodeLimit {
						limited++
					}
					checkSolution(t, p, s)
				}
			}
			if deep == 0 || limited == 0 {
				t.Errorf("%d trees of more than 10 nodes, %d limited: the problems are too easy", deep, limited)
			}
		})
	}
}

// TestInterrupt cuts searches at every stage and checks what is claimed.
func TestInterrupt(t *testing.T) {
	if testing.Short() {
		t.Skip("much of the same")
	}
	for _, model := range []Model{PMedian, MaximalCover, SetCover} {
		t.Run(model.String(), func(t *testing.T) {
			rng := rand.New(rand.NewPCG(12, uint64(model)))
			interrupted := 0
			for k := range 10 {
				p := hard(rng, model)
				want, _ := bruteForce(p)
				last := math.Inf(1)
				for polls := 0; polls < 3000; polls += 1 + polls/4 {
					s, err := Solve(endsAfter(polls), p, Options{})
					if err == context.Canceled && model == PMedian {
						continue // no solution yet that serves every demand
					}
					if err != nil {
						t.Fatal(err)
					}
					if crosses(model, s.Bound, want) || s.Optimal && !alike(s.Objective, want) {
						t.Fatalf("round %d, %d polls: objective %v, bound %v; want %v", k, polls, s.Objective, s.Bound, want)
					}
					if s.Status == Interrupted {
						interrupted++
					}
					last = min(last, s.Gap)
					checkSolution(t, p, s)
				}
				if last > 0.5 {
					t.Errorf("round %d: gap %v after 3000 steps", k, last)
				}
			}
			if interrupted == 0 {
				t.Error("no search was interrupted")
			}
		})
	}
}

// TestCancelled: with a context that has ended already there is a solution,
// and nothing is claimed that was not proven.
func TestCancelled(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	costs, weight := plane(5, 300, 40)
	for _, model := range []Model{PMedian, MaximalCover, SetCover} {
		p := Problem{Model: model, Costs: costs, Weight: weight, P: 6, Radius: 150}
		if model == SetCover {
			p.Radius = 600
			c := *costs.(*Dense)
			c.Values = slices.Clone(c.Values)
			p.Costs = &c
			for i := range dense(p).Demands {
				for j := range dense(p).Sites { // no site covers all
					if i%dense(p).Sites == j {
						dense(p).Values[i*dense(p).Sites+j] = 1e6
					}
				}
			}
		}
		s, err := Solve(ctx, p, Options{})
		if err != nil {
			t.Fatalf("%v: %v", model, err)
		}
		proven, err := Solve(context.Background(), p, Options{})
		if err != nil {
			t.Fatalf("%v: %v", model, err)
		}
		if s.Status != Interrupted || s.Optimal || s.Nodes != 0 || crosses(model, s.Bound, proven.Objective) {
			t.Errorf("%v: %v, bound %v after %d nodes, optimum %v", model, s.Status, s.Bound, s.Nodes, proven.Objective)
		}
		checkOpen(t, p, s)
	}
}

// checkOpen checks a solution of a problem too large to enumerate.
func checkOpen(t *testing.T, p Problem, s *Solution) {
	t.Helper()
	if p.Model != SetCover && len(s.Open) != p.P {
		t.Errorf("%v: %d sites open", p.Model, len(s.Open))
	}
	for i, j := range s.Assign {
		if j < 0 && p.Model != MaximalCover {
			t.Errorf("%v: demand %d is not served", p.Model, i)
		}
	}
}

// TestReach: where sites are few, to serve every demand at all is a search of
// its own, and a limit may end it before there is anything to return. The
// demands are the twelve lines of the affine plane of order 3, each served by
// the three sites on it. Five points meet every line, four do not, but a
// fractional three do.
func TestReach(t *testing.T) {
	p := Problem{Model: PMedian, Costs: &Dense{Demands: 12, Sites: 9}, P: 5}
	for _, slope := range [][2]int{{0, 1}, {1, 0}, {1, 1}, {1, 2}} {
		for c := range 3 {
			for point := range 9 {
				v := math.Inf(1)
				if (slope[0]*(point/3)+slope[1]*(point%3))%3 == c {
					v = 1
				}
				dense(p).Values = append(dense(p).Values, v)
			}
		}
	}
	s, err := Solve(context.Background(), p, Options{})
	if err != nil || s.Objective != 12 || !s.Optimal {
		t.Fatalf("five sites: %+v, %v", s, err)
	}
	p.P = 4
	if _, err = Solve(context.Background(), p, Options{}); !errors.Is(err, ErrInfeasible) {
		t.Errorf("four sites: %v, want ErrInfeasible", err)
	}
	if _, err = Solve(context.Background(), p, Options{Nodes: 1}); err != ErrNodeLimit {
		t.Errorf("four sites, one node: %v, want ErrNodeLimit", err)
	}
	if _, err = Solve(endsAfter(20), p, Options{}); err != context.Canceled {
		t.Errorf("four sites, cancelled: %v, want context.Canceled", err)
	}
}

// TestReachNodes: the nodes of both searches count against one limit.
func TestReachNodes(t *testing.T) {
	if testing.Short() {
		t.Skip("much of the same")
	}
	rng := rand.New(rand.NewPCG(15, 1))
	met := 0
	for range 3000 {
		n, m := 10+rng.IntN(20), 8+rng.IntN(8)
		p := Problem{Model: PMedian, Costs: &Dense{n, m, make([]float64, n*m)}}
		for k := range dense(p).Values {
			dense(p).Values[k] = 10 * rng.Float64()
			if rng.IntN(4) > 0 && k%m != k/m%m { // every demand has some site
				dense(p).Values[k] = math.Inf(1)
			}
		}
		cover := p
		cover.Model, cover.Radius = SetCover, math.Inf(1)
		s, err := Solve(context.Background(), cover, Options{})
		if err != nil {
			t.Fatal(err)
		}
		p.P = len(s.Open)
		_, nodes, err := newWork(context.Background(), &p, Options{}).reach()
		if err != nil {
			t.Fatal(err)
		}
		if nodes == 0 {
			continue
		}
		met++
		s, err = Solve(context.Background(), p, Options{Nodes: nodes})
		if err != nil || s.Nodes != nodes {
			t.Fatalf("%d nodes to reach all: %+v, %v", nodes, s, err)
		}
	}
	if met == 0 {
		t.Error("no problem needed a search to reach all demands")
	}
}

// TestProgress: the objective and the bound reported close in on each other,
// each call improves one of them, and the end is reported.
func TestProgress(t *testing.T) {
	rng := rand.New(rand.NewPCG(14, 1))
	for _, model := range []Model{PMedian, MaximalCover, SetCover} {
		p := hard(rng, model)
		sign := 1.0
		if model == MaximalCover {
			sign = -1
		}
		var calls []Progress
		s, err := Solve(context.Background(), p, Options{Progress: func(x Progress) { calls = append(calls, x) }})
		if err != nil {
			t.Fatal(err)
		}
		if len(calls) < 2 {
			t.Fatalf("%v: %d calls", model, len(calls))
		}
		for k, x := range calls[1:] {
			last := calls[k]
			better, tighter := sign*(last.Objective-x.Objective), sign*(x.Bound-last.Bound)
			if better < 0 || tighter < 0 || better == 0 && tighter == 0 || x.Nodes < last.Nodes {
				t.Errorf("%v: %+v after %+v", model, x, last)
			}
			if x.Gap != gap(x.Objective, x.Bound) {
				t.Errorf("%v: gap %v of %+v", model, x.Gap, x)
			}
		}
		if end := calls[len(calls)-1]; !alike(end.Objective, s.Objective) || !alike(end.Bound, s.Bound) {
			t.Errorf("%v: the last call was %+v, the solution %+v", model, end, s)
		}
	}
}
