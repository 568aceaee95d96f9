package hub

import (
	"context"
	"testing"

	"github.com/hubplan/hubplan/hub/locate"
)

// The front of cost, worst time and cover of the Ukraine scenario: every point
// is certified, none is dominated, and the plan of one goal lies on it.
func TestFrontOfUkraine(t *testing.T) {
	s, err := Load("../testdata/ukraine/scenario.json")
	if err != nil {
		t.Fatal(err)
	}
	p, err := State(context.Background(), s)
	if err != nil {
		t.Fatal(err)
	}
	goals := []locate.Goal{locate.BuildCost, locate.WorstCost, locate.Covered}
	f, err := locate.Pareto(context.Background(), p.Problem, goals, locate.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if !f.Complete || len(f.Points) < 10 || f.Knee < 0 {
		t.Fatalf("%d points, complete %v, knee %d", len(f.Points), f.Complete, f.Knee)
	}
	best := f.Points[0].Values[2]
	for _, point := range f.Points {
		if !point.Certified || f.Dominated(point.Values) >= 0 {
			t.Fatalf("%+v", point)
		}
		best = max(best, point.Values[2])
	}
	q := p.Problem
	q.Model = locate.MaximalCover
	cover, err := locate.Solve(context.Background(), q, locate.Options{})
	if err != nil || cover.Objective-best > 1e-9*best || best-cover.Objective > 1e-9*best {
		t.Fatalf("most cover on the front %v, of maximal cover %v, %v", best, cover.Objective, err)
	}
	// Less cover at more cost is dominated.
	if k := f.Dominated([]float64{f.Points[0].Values[0] + 1, f.Points[0].Values[1], f.Points[0].Values[2]}); k != 0 {
		t.Fatalf("dominated by %d", k)
	}
}
