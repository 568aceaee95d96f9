package format

import (
	"context"
	"errors"
	"math"
	"math/rand/v2"
	"os"
	"testing"

	"github.com/hubplan/hubplan/hub/locate"
)

// drawStructure draws a small problem of distances between sites, of hubs or of
// periods.
func drawStructure(rng *rand.Rand, model locate.Model, single bool) locate.Problem {
	n := 3 + rng.IntN(3)
	p := locate.Problem{Model: model, P: 2 + rng.IntN(2), Radius: float64(6 + rng.IntN(9))}
	d := locate.Dense{Demands: n, Sites: n}
	for k := range n * n {
		d.Values = append(d.Values, float64(rng.IntN(9)))
		if k%(n+1) == 0 {
			d.Values[k] = 0
		}
	}
	p.Costs = d
	switch model {
	case locate.HubMedian, locate.HubCover:
		p.Hub = &locate.Hub{Collect: 1, Transfer: 0.5, Distribute: 2, Single: single}
		for range n * n {
			p.Hub.Flow = append(p.Hub.Flow, float64(rng.IntN(5)))
		}
		if model == locate.HubCover && rng.IntN(2) == 0 {
			p.P = 0
		}
	case locate.PMedian, locate.FixedCharge, locate.MaximalCover:
		p.P, p.Radius = 0, 3
		p.Periods = []locate.Period{{P: 1}, {P: 1 + rng.IntN(n)}}
		for range n {
			p.Periods[1].Weight = append(p.Periods[1].Weight, float64(rng.IntN(6)))
			p.Periods[0].Opening = append(p.Periods[0].Opening, float64(rng.IntN(6)))
		}
	}
	return p
}

// The programs of the models of structure have the same optimum for a solver that
// shares nothing with ours.
func TestGLPSolSolvesStructures(t *testing.T) {
	needGLPSol(t)
	write := writer(t)
	for _, model := range []locate.Model{
		locate.Dispersion, locate.DispersionSum, locate.HubMedian, locate.HubCover,
		locate.PMedian, locate.FixedCharge, locate.MaximalCover,
	} {
		rng := rand.New(rand.NewPCG(9, uint64(model)))
		solved := 0
		for round := 0; solved < 8; round++ {
			problem := drawStructure(rng, model, round%2 == 0)
			want, err := locate.Solve(context.Background(), problem, locate.Options{})
			if err != nil && !errors.Is(err, locate.ErrInfeasible) {
				t.Fatalf("%v %d: %v\n%+v", model, round, err, problem)
			}
			if _, err := locate.Linear(problem); errors.Is(err, locate.ErrInfeasible) {
				continue
			}
			mps := write("model.mps", func(f *os.File) error { return WriteMPS(f, problem) })
			lp := write("model.lp", func(f *os.File) error { return WriteLP(f, problem) })
			direction := "--min"
			if p, _ := locate.Linear(problem); p.Maximise {
				direction = "--max"
			}
			for _, flags := range [][]string{{"--freemps", mps, direction}, {"--lp", lp}} {
				got, ok := glpsol(t, flags...)
				if ok != (err == nil) || ok && math.Abs(got-want.Objective) > 1e-6*max(1, math.Abs(got)) {
					t.Fatalf("%v %d: glpsol %v finds %v (%v), Solve %+v, %v\n%+v", model, round, flags[0], got, ok, want, err, problem)
				}
			}
			if err == nil {
				solved++
			}
		}
	}
}
