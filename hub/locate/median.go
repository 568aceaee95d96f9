package locate

import (
	"math"
	"math/rand/v2"
	"slices"

	"github.com/hubplan/hubplan/hub/locate/internal/branch"
	"github.com/hubplan/hubplan/hub/locate/internal/median"
	"github.com/hubplan/hubplan/hub/locate/internal/near"
)

// explored is how much the local search looks at before the tree search, in
// passes over what lies nearer to each demand than its second-nearest open
// site; for each demand at least, up to so many in all; and at most in all.
const (
	exploredPasses = 60
	exploredEach   = 5_000
	exploredLeast  = 20_000_000
	exploredMost   = 1_000_000_000
)

// median solves PMedian and FixedCharge: it finds a start, improves it and
// proves it by a tree search. Where every pair is possible, or the number of
// sites free, any sites are a start; otherwise to find some that reach every
// demand is a search of its own, whose nodes count too.
func (w *work) median() (*Solution, error) {
	in, err := w.instance(math.Inf(1))
	if err != nil {
		return nil, err
	}
	var start []int
	nodes := 0
	switch {
	case in.Open < 0: // all of them reach what can be reached
		for j := range w.sites {
			if in.Fixed[j] != branch.Out {
				start = append(start, j)
			}
		}
	case w.impossible():
		if start, nodes, err = w.reach(); err != nil {
			return nil, err
		}
	}
	r := w.serve(in, start, nodes)
	return r.reduce(w.finish(w.tidy(r.open), r.bound, r.outcome, r.nodes)), nil
}

// served is what the search for sites that serve all demands has found.
type served struct {
	open    []int
	bound   float64 // +Inf if what is open is proven optimal
	outcome Outcome
	nodes   int
	reduce  func(*Solution) *Solution
}

// serve solves an instance; start is a set of sites that reaches every demand,
// nil if any does, for which nodes have been spent.
func (w *work) serve(in *median.Instance, start []int, nodes int) served {
	rng := rand.New(rand.NewPCG(w.Seed, uint64(len(in.Demand))))
	given := in.Given()
	if len(in.Demand) == 0 {
		return served{in.Cheapest(given), math.Inf(1), Optimal, nodes, func(s *Solution) *Solution { return s }}
	}
	limit := w.Nodes
	if limit > 0 {
		if limit -= nodes; limit == 0 {
			limit = -1 // none left
		}
	}
	open := start
	if start == nil {
		open = given
	}
	open = in.Sample(open, rng, w.stop)
	from := open
	found, bound := w.dual(in)
	var u []float64
	switch {
	case len(w.Start) > 0:
		if from = w.warm(in, rng); in.Value(from) <= in.Value(open) {
			open = from
		}
	case found != nil:
		if from = found; in.Value(from) <= in.Value(open) {
			open = from
		}
	case in.Open < 0:
		from = in.Sample(given, rng, w.stop)
	case start == nil:
		if found, u = w.coarse(in, rng); found != nil {
			open, from = found, found
		}
	}
	lower := max(in.Lower(w.stop), bound)
	cut := func() served { // what there is without a tree search
		return served{open, lower, Interrupted, nodes, func(s *Solution) *Solution { return s }}
	}
	if w.stop() {
		return cut()
	}
	value := in.Value(open)
	ls := median.NewSearch(in, value, w.stop)
	if better, v := ls.Explore(from, rng, exploredPasses, min(exploredLeast, exploredEach*len(in.Demand)), exploredMost); better != nil && v <= value {
		open = better
	}
	if w.stop() {
		return cut()
	}
	grain := w.grainOf(in)
	fresh := func() branch.Model { return median.NewModel(in, ls, open, u, grain, w.Seed) }
	m := fresh().(*median.Model)
	result := branch.Run(m, branch.Options{
		Stop: w.stop, Nodes: limit, Workers: w.Workers, Alone: m.Large(), Gap: w.Gap,
		Grain: grain, Start: open, Bound: lower,
		Report: w.report(func(v float64) float64 { return v }),
	})
	r := served{result.Open, result.Bound, outcome(result), nodes + result.Nodes, func(s *Solution) *Solution {
		return w.reduce(s, fresh, result, func(k int) int { return k })
	}}
	if r.bound >= result.Value {
		r.bound = math.Inf(1) // proven without a margin: finish takes the objective
	}
	return r
}

// coarseDemands is how many demands an instance may have for its first search:
// of more a sample is searched first, to this gap and with so many passes.
const (
	coarseDemands = 20_000
	coarseGap     = 0.003
	coarsePasses  = 10
)

// coarse finds a start for a large instance on a sample of it, and multipliers
// for all its demands: nil if it is not large.
func (w *work) coarse(in *median.Instance, rng *rand.Rand) (open []int, u []float64) {
	one := len(in.Demand) / coarseDemands
	if one < 2 || in.Open < 0 || in.Open > w.sites/one/4 {
		return nil, nil
	}
	c, sites := in.Coarse(one, rng, w.stop)
	if len(sites) < 2*in.Open || len(c.Demand) == 0 {
		return nil, nil
	}
	from := c.Sample(c.Given(), rng, w.stop)
	s := median.NewSearch(c, c.Value(from), w.stop)
	if found, _ := s.Explore(from, rng, coarsePasses, 0, exploredMost); found != nil {
		from = found
	}
	result := branch.Run(median.NewModel(c, s, from, nil, 0, w.Seed), branch.Options{
		Stop: w.stop, Nodes: 1, Alone: true, Gap: coarseGap, Start: from, Bound: c.Lower(w.stop),
	})
	for _, k := range result.Open {
		open = append(open, sites[k])
	}
	return open, in.Spread(c, result.Multipliers, w.stop)
}

// warm makes a set of the right size of Options.Start.
func (w *work) warm(in *median.Instance, rng *rand.Rand) []int {
	open := in.Given()
	for _, j := range w.Start {
		if in.Fixed[j] == branch.Free && !slices.Contains(open, j) && (in.Open < 0 || len(open) < in.Open) {
			open = append(open, j)
		}
	}
	slices.Sort(open)
	return in.Sample(open, rng, w.stop)
}

// instance is the problem as the engine sees it, with pairs of a weighted cost
// above limit impossible.
func (w *work) instance(limit float64) (*median.Instance, error) {
	in := &median.Instance{
		Source: w.source, Fixed: make([]branch.State, w.sites), Open: w.P, Limit: limit, Workers: w.Workers,
	}
	free := w.Model == FixedCharge && w.P == 0
	for j := range in.Fixed {
		switch w.status(j) {
		case Required:
			in.Fixed[j] = branch.In
		case Existing:
			in.Fixed[j] = branch.In
			in.Open++
		case Excluded:
			in.Fixed[j] = branch.Out
		}
	}
	if free {
		in.Open = -1
	}
	if w.Model == FixedCharge {
		in.Opening = make([]float64, w.sites)
		for j := range in.Opening {
			in.Opening[j] = w.opening(j)
		}
	}
	doubtful := w.impossible() || !slices.ContainsFunc(in.Fixed, func(f branch.State) bool { return f != branch.Out })
	for i := range w.demands {
		weight := w.weight(i)
		if weight == 0 {
			continue
		}
		if doubtful && !in.Reaches(i) {
			return nil, infeasiblef("demand %d cannot be served from any site that may be opened", i)
		}
		in.Demand = append(in.Demand, int32(i))
		if w.Weight != nil {
			in.Weight = append(in.Weight, weight)
		}
	}
	return in, nil
}

// impossible reports whether some pair is.
func (w *work) impossible() bool {
	switch c := w.source.(type) {
	case *near.Points:
		return false
	case *near.Dense:
		return slices.ContainsFunc(c.Values, func(v float64) bool { return math.IsInf(v, 1) })
	}
	return true
}

// grainOf is a step of which every value of the instance is a multiple.
func (w *work) grainOf(in *median.Instance) float64 {
	g := w.step()
	if g == 0 || in.Opening == nil {
		return g
	}
	f := exact(in.Opening)
	if f == 0 && slices.Max(in.Opening) > 0 {
		return 0
	}
	return gcd(g, f)
}
