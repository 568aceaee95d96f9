package hub

import (
	"context"
	"errors"
	"math"
	"testing"

	"github.com/hubplan/hubplan/geo"
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

// Sites confined to their sector serve nobody else, whatever opens.
func TestConfine(t *testing.T) {
	s, err := Load("../testdata/ukraine/scenario.json")
	if err != nil {
		t.Fatal(err)
	}
	p, err := State(context.Background(), s)
	if err != nil {
		t.Fatal(err)
	}
	before := p.Costs
	regions := map[string]geo.Sector{}
	sector := map[int]int{}
	for j, at := range p.Site[:10] {
		for k := range s.Sectors {
			if s.Sectors[k].Contains(s.Sites[at].Point) {
				regions[s.Sites[at].ID], sector[j] = s.Sectors[k], k
			}
		}
	}
	if len(regions) < 5 {
		t.Fatalf("only %d sites in sectors", len(regions))
	}
	if err := p.Confine(regions); err != nil {
		t.Fatal(err)
	}
	kept := 0
	for i, d := range p.Demand {
		for j := range p.Site {
			want := before.At(i, j)
			if k, ok := sector[j]; ok && !s.Sectors[k].Contains(d.Point) {
				want = math.Inf(1)
			} else if ok {
				kept++
			}
			if got := p.Costs.At(i, j); got != want {
				t.Fatalf("demand %d, site %d: %v, want %v", i, j, got, want)
			}
		}
	}
	if kept == 0 {
		t.Fatal("no site serves its own sector")
	}
	if err := p.Confine(map[string]geo.Sector{"nowhere": s.Sectors[0]}); !errors.Is(err, ErrScenario) {
		t.Fatal(err)
	}
	// At most two of the first ten, and 60 km between any two.
	q := p.Problem
	q.Model = locate.MaximalCover
	q.Rules = &locate.Rules{
		Groups:     []locate.Group{{Sites: []int{0, 1, 2, 3, 4, 5, 6, 7, 8, 9}, Most: 2}},
		Separation: 60_000, Between: p.Between(),
	}
	q.Site = nil
	solution, err := locate.Solve(context.Background(), q, locate.Options{})
	if err != nil || !solution.Optimal {
		t.Fatal(solution, err)
	}
	first := 0
	for a, j := range solution.Open {
		if j < 10 {
			first++
		}
		for _, k := range solution.Open[:a] {
			if d := geo.Between(s.Sites[p.Site[j]].Point, s.Sites[p.Site[k]].Point); d < 60*geo.Kilometer {
				t.Fatalf("%v between two", d)
			}
		}
	}
	if first > 2 {
		t.Fatalf("%d of the group", first)
	}
}
