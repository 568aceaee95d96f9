package locate

import (
	"context"
	"errors"
	"math"
	"math/rand/v2"
	"testing"
)

// More sites, a larger radius and a larger budget are never worse, and what is
// proven of the gain holds what enumeration finds.
func TestMargins(t *testing.T) {
	rng := rand.New(rand.NewPCG(31, 1))
	asked := 0
	for k := range 600 {
		model := []Model{PMedian, PCenter, MaximalCover, SetCover, BackupCover, CooperativeCover}[k%6]
		p := drawGeneral(rng, model)
		if rng.IntN(2) == 0 {
			p.Rules = nil
		}
		p.Scenarios, p.Risk, p.Tail = nil, 0, 0
		var steps Steps
		switch {
		case p.Budget > 0:
			steps.Budget = 1 + 2*rng.Float64()
		case model == SetCover || model == MaximalCover || model == BackupCover || model == CooperativeCover:
			steps.Radius = 0.5 + rng.Float64()
		}
		_, m := p.Costs.Size()
		if p.Rules == nil && model != SetCover && p.Units == nil && p.P > 0 && p.P < m {
			steps.Sites = 1
		}
		base, margins, err := Margins(context.Background(), p, steps, Options{Nodes: k % 2 * 2})
		if err != nil {
			if !errors.Is(err, ErrProblem) && !errors.Is(err, ErrInfeasible) && !errors.Is(err, ErrNodeLimit) {
				t.Fatal(err)
			}
			continue
		}
		was, _ := bestOf(p)
		for _, margin := range margins {
			q := p
			switch margin.Step {
			case "sites":
				q.P++
			case "radius":
				q.Radius += steps.Radius
				if q.Fade > 0 {
					q.Fade += steps.Radius
				}
			case "budget":
				q.Budget += steps.Budget
			}
			now, _ := bestOf(q)
			gain := was - now
			if p.Maximises() {
				gain = -gain
			}
			slack := 1e-8 * (1 + math.Abs(was))
			if gain < -slack && p.Rules == nil {
				t.Fatalf("problem %d %+v: %s makes %v of %v", k, p, margin.Step, now, was)
			}
			if gain < margin.Least-slack || gain > margin.Most+slack || base.Optimal && margin.Solution.Optimal && math.Abs(gain-margin.Gain) > slack {
				t.Fatalf("problem %d %+v: gain %v, %+v", k, p, gain, margin)
			}
			asked++
		}
	}
	if asked < 200 {
		t.Fatalf("only %d margins", asked)
	}
}
