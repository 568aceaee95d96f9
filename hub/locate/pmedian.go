package locate

import (
	"math"
	"math/rand/v2"
	"slices"

	"github.com/hubplan/hubplan/hub/locate/internal/branch"
	"github.com/hubplan/hubplan/hub/locate/internal/median"
)

// restarts is the number of random restarts of a local search before the
// tree search.
const restarts = 8

// median finds a start, improves it and proves it by a tree search.
// Where every pair is possible any P sites are a start; otherwise to find one
// that reaches every demand is a search of its own, whose nodes count too.
func (w *work) median() (*Solution, error) {
	in, sites, impossible, err := w.instance()
	if err != nil {
		return nil, err
	}
	var start []int
	nodes := 0
	if impossible {
		reached, n, err := w.reach()
		if err != nil {
			return nil, err
		}
		for _, j := range reached {
			k, _ := slices.BinarySearch(sites, j)
			start = append(start, k)
		}
		nodes = n
		if w.Nodes > 0 {
			w.Nodes -= n
			if w.Nodes == 0 {
				w.Nodes = -1 // none left
			}
		}
	} else {
		for k, r := range in.Required {
			if r {
				start = append(start, k)
			}
		}
	}

	open := in.Greedy(start, w.stop)
	result := branch.Result{Open: open, Complete: true}
	if in.Demands > 0 {
		ls := median.NewSearch(in, open, w.stop)
		if better, _ := ls.Improve(open, true); better != nil {
			open = better
		}
		rng := rand.New(rand.NewPCG(w.Seed, uint64(in.Demands)))
		open, _ = ls.Shake(open, restarts, rng)
		result = branch.Run(median.NewModel(in, ls, open), branch.Options{
			Stop: w.stop, Nodes: w.Nodes, Grain: exact(in.Cost),
			Start: open, Bound: in.Lower(),
			Report: w.report(func(v float64) float64 { return v }),
		})
	}
	open = open[:0:0]
	for _, k := range result.Open {
		open = append(open, sites[k])
	}
	bound := result.Bound
	if bound >= result.Value {
		bound = math.Inf(1) // proven without a margin: finish takes the objective
	}
	return w.finish(w.tidy(open), bound, outcome(result), nodes+result.Nodes), nil
}

// instance reduces the problem to the demands with weight and the sites allowed,
// and returns which sites those are and whether some pair is impossible.
func (w *work) instance() (in *median.Instance, sites []int, impossible bool, err error) {
	existing := 0
	for j := range w.sites {
		if w.status(j) != Excluded {
			sites = append(sites, j)
		}
		if w.status(j) == Existing {
			existing++
		}
	}
	in = &median.Instance{Sites: len(sites), Open: w.P + existing, Required: make([]bool, len(sites))}
	for k, j := range sites {
		in.Required[k] = (w.status(j) == Required || w.status(j) == Existing)
	}
	in.Cost = make([]float64, 0, w.demands*len(sites))
	for i := range w.demands {
		weight := w.weight(i)
		if weight == 0 {
			continue
		}
		least := math.Inf(1)
		for _, j := range sites {
			c := weight * w.Costs.At(i, j)
			in.Cost = append(in.Cost, c)
			least = min(least, c)
			impossible = impossible || math.IsInf(c, 1)
		}
		if math.IsInf(least, 1) {
			return nil, nil, false, infeasiblef("demand %d cannot be served from any site that may be opened", i)
		}
		in.Demands++
	}
	return in, sites, impossible, nil
}
