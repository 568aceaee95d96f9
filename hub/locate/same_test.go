package locate

import (
	"context"
	"reflect"
	"runtime"
	"testing"
)

// TestSame: the same solution to the last bit, whatever the number of cores
// and of goroutines, with sums that depend on their order.
func TestSame(t *testing.T) {
	problems := midsize(6)
	many := uniform(3, 40_000, 16) // of several blocks
	for i := range many.Weight {
		many.Weight[i] += 0.1
	}
	with := func(name string, m Model, change func(p *Problem)) {
		p := many
		p.Model, p.Opening = m, nil
		change(&p)
		problems[name] = p
	}
	with("many: maximal cover", MaximalCover, func(p *Problem) { p.P, p.Radius = 6, 150 })
	with("many: fade", MaximalCover, func(p *Problem) { p.P, p.Radius, p.Fade = 6, 130, 260 })
	with("many: set cover", SetCover, func(p *Problem) { p.Radius = 600 })
	with("many: p-center", PCenter, func(p *Problem) { p.P = 4 })
	with("many: p-median", PMedian, func(p *Problem) { p.P = 2 }) // begins from a sample of the demands
	for _, name := range sortedKeys(problems) {
		t.Run(name, func(t *testing.T) {
			if testing.Short() && name == "many: p-median" {
				t.Skip("takes seconds")
			}
			var first *Solution
			for _, run := range []struct{ cores, workers int }{{2, 1}, {2, 2}, {1, 7}} {
				before := runtime.GOMAXPROCS(run.cores)
				s, err := Solve(context.Background(), problems[name], Options{Workers: run.workers, Nodes: 10, Seed: 5})
				runtime.GOMAXPROCS(before)
				if err != nil {
					t.Fatal(err)
				}
				if first == nil {
					first = s
				}
				if !reflect.DeepEqual(s, first) {
					t.Fatalf("%+v: objective %v, bound %v, %d nodes; first %v, %v, %d",
						run, s.Objective, s.Bound, s.Nodes, first.Objective, first.Bound, first.Nodes)
				}
			}
		})
	}
}
