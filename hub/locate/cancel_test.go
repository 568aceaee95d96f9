package locate

import (
	"context"
	"errors"
	"math/rand/v2"
	"slices"
	"testing"
)

// midsize is a problem of every model, in the plane, whose search has all its
// stages: some 0.1 s of work, or more.
func midsize(seed uint64) map[string]Problem {
	rng := rand.New(rand.NewPCG(seed, 3))
	p := uniform(seed, 400, 60)
	p.Opening = make([]float64, 60)
	for j := range p.Opening {
		p.Opening[j] = float64(2000 + rng.IntN(3000))
	}
	p.P = 7
	with := func(m Model, change func(p *Problem)) Problem {
		q := p
		q.Model = m
		change(&q)
		return q
	}
	lists := &Sparse{Sites: 60, First: []int{0}} // only the nearer pairs are possible
	for i := range 400 {
		for j := range 60 {
			if c := p.Costs.At(i, j); c < 400 {
				lists.Site, lists.Cost = append(lists.Site, int32(j)), append(lists.Cost, c)
			}
		}
		lists.First = append(lists.First, len(lists.Site))
	}
	return map[string]Problem{
		"p-median":       with(PMedian, func(*Problem) {}),
		"p-median lists": with(PMedian, func(p *Problem) { p.Costs = lists }),
		"p-center":       with(PCenter, func(p *Problem) { p.Weight, p.Median = nil, true }),
		"fixed charge":   with(FixedCharge, func(p *Problem) { p.P = 0 }),
		"fixed number":   with(FixedCharge, func(*Problem) {}),
		"maximal cover":  with(MaximalCover, func(p *Problem) { p.Radius = 120 }),
		"fade":           with(MaximalCover, func(p *Problem) { p.Radius, p.Fade = 80, 160 }),
		"budget":         with(MaximalCover, func(p *Problem) { p.Radius, p.P, p.Budget = 120, 0, 25000 }),
		"set cover":      with(SetCover, func(p *Problem) { p.Radius = 300 }),
		"share":          with(SetCover, func(p *Problem) { p.Radius, p.Share = 120, 0.7 }),
	}
}

// TestCancelAnywhere ends the context at many points of a search: what comes
// back is a solution whose bound holds, and the search looks at the context a
// few times more at most, once on the way out of each of its loops.
func TestCancelAnywhere(t *testing.T) {
	const further = 64
	points := 40
	if testing.Short() {
		points = 5
	}
	problems := midsize(4)
	for _, name := range sortedKeys(problems) {
		p := problems[name]
		d := drawn{Problem: p}
		for i := range 400 {
			d.cost = append(d.cost, make([]float64, 60))
			for j := range d.cost[i] {
				d.cost[i][j] = p.Costs.At(i, j)
			}
		}
		t.Run(name, func(t *testing.T) {
			full := endsAfter(1 << 40)
			proven, err := Solve(full, p, Options{Nodes: 200})
			if err != nil {
				t.Fatal(err)
			}
			polls := int(1<<40 - full.left.Load())
			most := int64(0)
			for at := 0; at < polls; at += 1 + max(at/3, polls/points) {
				ctx := endsAfter(at)
				s, err := Solve(ctx, p, Options{Nodes: 200})
				if after := -ctx.left.Load(); after > further {
					t.Errorf("ended at question %d of %d, asked %d times more", at, polls, after)
				} else {
					most = max(most, after)
				}
				if errors.Is(err, context.Canceled) {
					continue // no solution yet
				}
				if err != nil {
					t.Fatal(err)
				}
				if crosses(p.Model, s.Bound, proven.Objective) || crosses(p.Model, proven.Bound, s.Objective) {
					t.Errorf("ended at question %d of %d: objective %v, bound %v; in full %v, %v",
						at, polls, s.Objective, s.Bound, proven.Objective, proven.Bound)
				}
				if v, ok := d.judge(setOf(s.Open)); !ok || !alike(v, s.Objective) {
					t.Errorf("ended at question %d of %d: %v is worth %v (%v), objective %v", at, polls, s.Open, v, ok, s.Objective)
				}
			}
			t.Logf("%d questions, at most %d after the end", polls, most)
		})
	}
}

func sortedKeys(m map[string]Problem) []string {
	var keys []string
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}
