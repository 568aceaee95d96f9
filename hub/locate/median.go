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
// site, and at least and at most in all.
const (
	exploredPasses = 60
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
	return w.serve(in, start, nodes)
}

// serve solves an instance; start is a set of sites that reaches every demand,
// nil if any does, for which nodes have been spent.
func (w *work) serve(in *median.Instance, start []int, nodes int) (*Solution, error) {
	rng := rand.New(rand.NewPCG(w.Seed, uint64(len(in.Demand))))
	var given []int
	for j, f := range in.Fixed {
		if f == branch.In {
			given = append(given, j)
		}
	}
	if len(in.Demand) == 0 {
		given = in.Cheapest(given)
		return w.finish(w.tidy(given), math.Inf(1), Optimal, nodes), nil
	}
	limit := w.Nodes
	if limit > 0 {
		if limit -= nodes; limit == 0 {
			limit = -1 // none left
		}
	}
	open := start
	if len(open) < in.Open {
		open = in.Sample(open, rng, w.stop)
	}
	if len(w.Start) > 0 {
		if warm := w.warm(in, rng); in.Value(warm) <= in.Value(open) {
			open = warm
		}
	} else if start == nil {
		open = in.Sample(given, rng, w.stop)
	}
	if len(open) == 0 {
		open = in.Sample(given, rng, w.stop)
	}
	var u []float64
	if start == nil && len(w.Start) == 0 {
		var found []int
		if found, u = w.coarse(in, rng); found != nil {
			open = found
		}
	}
	value := in.Value(open)
	ls := median.NewSearch(in, value, w.stop)
	from := open
	if in.Open < 0 && len(w.Start) == 0 {
		from = in.Sample(given, rng, w.stop)
	}
	if better, v := ls.Explore(from, rng, exploredPasses, exploredLeast, exploredMost); better != nil && v <= value {
		open = better
	}
	grain := w.grainOf(in)
	m := median.NewModel(in, ls, open, u, grain, w.Seed)
	result := branch.Run(m, branch.Options{
		Stop: w.stop, Nodes: limit, Workers: w.Workers, Alone: m.Large(), Gap: w.Gap,
		Grain: grain, Start: open, Bound: in.Lower(),
		Report: w.report(func(v float64) float64 { return v }),
	})
	bound := result.Bound
	if bound >= result.Value {
		bound = math.Inf(1) // proven without a margin: finish takes the objective
	}
	s := w.finish(w.tidy(result.Open), bound, outcome(result), nodes+result.Nodes)
	fresh := func() branch.Model { return median.NewModel(in, ls, open, u, grain, w.Seed) }
	return w.reduce(s, fresh, result, func(k int) int { return k }), nil
}

// coarseDemands is how many demands an instance may have for its first search: of more
// a sample is searched, to this gap.
const (
	coarseDemands = 20_000
	coarseGap     = 0.003
)

// coarse finds a start for a large instance on a sample of it, and multipliers
// for all its demands: nil if it is not large.
func (w *work) coarse(in *median.Instance, rng *rand.Rand) (open []int, u []float64) {
	one := len(in.Demand) / coarseDemands
	if one < 2 || in.Open < 0 || in.Open > w.sites/one/4 {
		return nil, nil
	}
	c, sites := in.Coarse(one, rng)
	var given []int
	for k, f := range c.Fixed {
		if f == branch.In {
			given = append(given, k)
		}
	}
	from := c.Sample(given, rng, w.stop)
	s := median.NewSearch(c, c.Value(from), w.stop)
	if found, _ := s.Explore(from, rng, exploredPasses, exploredLeast, exploredMost); found != nil {
		from = found
	}
	result := branch.Run(median.NewModel(c, s, from, nil, 0, w.Seed), branch.Options{
		Stop: w.stop, Nodes: 1, Alone: true, Gap: coarseGap, Start: from, Bound: c.Lower(),
	})
	for _, k := range result.Open {
		open = append(open, sites[k])
	}
	return open, in.Spread(c, result.Multipliers)
}

// warm makes a set of the right size of Options.Start.
func (w *work) warm(in *median.Instance, rng *rand.Rand) []int {
	var open []int
	for j, f := range in.Fixed {
		if f == branch.In {
			open = append(open, j)
		}
	}
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
	for i := range w.demands {
		weight := w.weight(i)
		if weight == 0 {
			continue
		}
		if !in.Reaches(i) {
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
