package locate

import (
	"context"
	"math"
	"math/rand/v2"
	"slices"

	"github.com/hubplan/hubplan/hub/locate/internal/branch"
	"github.com/hubplan/hubplan/hub/locate/internal/cover"
)

// rows collects which of the given sites cover the demands with weight within
// radius, by position in sites, demands with the same sites merged. Demands
// covered by a required site are summed up in covered and left out. The first
// demand without any site is returned as lost, -1 if there is none.
func (p *Problem) rows(sites []int, radius float64) (c *cover.Collector, covered float64, lost int) {
	c, lost = new(cover.Collector), -1
	var required []int
	for j, s := range p.Site {
		if s == Required {
			required = append(required, j)
		}
	}
	within := func(i, j int) bool {
		v := p.Costs.At(i, j)
		return v <= radius && !math.IsInf(v, 1)
	}
	row := make([]int32, 0, len(sites))
	for i := range p.Costs.Demands {
		w := p.weight(i)
		if w == 0 {
			continue
		}
		if slices.ContainsFunc(required, func(j int) bool { return within(i, j) }) {
			covered += w
			continue
		}
		row = row[:0]
		for k, j := range sites {
			if within(i, j) {
				row = append(row, int32(k))
			}
		}
		if len(row) > 0 {
			c.Add(row, w)
		} else if lost < 0 {
			lost = i
		}
	}
	return c, covered, lost
}

// candidates lists the sites that are neither required nor excluded, and
// those that are required.
func (p *Problem) candidates() (candidates, required []int) {
	for j := range p.Costs.Sites {
		switch p.status(j) {
		case Candidate:
			candidates = append(candidates, j)
		case Required:
			required = append(required, j)
		}
	}
	return candidates, required
}

// solveMaximalCover searches for the candidates that add most to the cover of
// the required sites.
func (p *Problem) solveMaximalCover(ctx context.Context, o Options) (*Solution, error) {
	stop := func() bool { return ctx.Err() != nil }
	// Required sites are taken as given: what they cover is out of the
	// question, and the rest of P is chosen for what is left.
	candidates, required := p.candidates()
	c, covered, _ := p.rows(candidates, p.Radius)
	r := cover.Reduce(&cover.Instance{
		Sites: len(candidates), Rows: c.Rows, Weight: c.Weight, Open: p.P - len(required),
	}, stop)

	open := slices.Clone(required)
	result := branch.Result{Complete: true}
	if len(r.Rows) > 0 && r.Open > 0 {
		m := cover.NewModel(&r.Instance, stop)
		start, _ := m.Greedy()
		start = m.Shake(start, restarts, rand.New(rand.NewPCG(o.Seed, uint64(len(r.Rows)))))
		var total float64
		for _, w := range r.Weight {
			total += w
		}
		result = branch.Run(m, branch.Options{
			Stop: stop, Nodes: o.Nodes, Grain: grain(r.Weight, len(r.Rows)),
			Start: start, Bound: -total * (1 + 1e-12),
			Report: o.report(func(v float64) float64 { return covered - v }),
		})
		for _, k := range result.Open {
			open = append(open, candidates[r.Site[k]])
		}
	}
	bound := covered - result.Bound
	if result.Bound >= result.Value {
		bound = 0 // proven without a margin: finish takes the objective
	}
	return p.finish(p.tidy(open), bound, outcome(result), result.Nodes), nil
}

// solveSetCover searches for the cheapest candidates that cover what the
// required sites do not.
func (p *Problem) solveSetCover(ctx context.Context, o Options) (*Solution, error) {
	stop := func() bool { return ctx.Err() != nil }
	candidates, required := p.candidates()
	c, _, lost := p.rows(candidates, p.Radius)
	if lost >= 0 {
		return nil, infeasiblef("demand %d has no site within radius %v that may be opened", lost, p.Radius)
	}
	in := &cover.Instance{Sites: len(candidates), Rows: c.Rows, Opening: make([]float64, len(candidates))}
	for k, j := range candidates {
		in.Opening[k] = p.opening(j)
	}
	r := cover.Reduce(in, stop)

	// Required and forced sites are paid for whatever the search finds.
	var paid float64
	open := slices.Clone(required)
	for _, k := range r.Forced {
		open = append(open, candidates[k])
	}
	for _, j := range open {
		paid += p.opening(j)
	}
	result := branch.Result{Complete: true}
	if len(r.Rows) > 0 {
		m := cover.NewModel(&r.Instance, stop)
		start, _ := m.Greedy()
		result = branch.Run(m, branch.Options{
			Stop: stop, Nodes: o.Nodes, Grain: grain(r.Opening, len(r.Opening)),
			Start:  slices.Clone(start),
			Report: o.report(func(v float64) float64 { return paid + v }),
		})
		for _, k := range result.Open {
			open = append(open, candidates[r.Site[k]])
		}
	}
	bound := paid + result.Bound
	if result.Bound >= result.Value {
		bound = math.Inf(1) // proven without a margin: finish takes the objective
	}
	return p.finish(p.tidy(open), bound, outcome(result), result.Nodes), nil
}

// reach looks for at most P sites, the required ones among them, from which
// every demand with weight can be served at all: a set cover of unit costs.
// It returns an error if there are none or the search was stopped.
func (p *Problem) reach(ctx context.Context, o Options) (open []int, nodes int, err error) {
	stop := func() bool { return ctx.Err() != nil }
	candidates, open := p.candidates()
	c, _, _ := p.rows(candidates, math.Inf(1))
	in := &cover.Instance{Sites: len(candidates), Rows: c.Rows, Opening: make([]float64, len(candidates))}
	for k := range in.Opening {
		in.Opening[k] = 1
	}
	r := cover.Reduce(in, stop)
	for _, k := range r.Forced {
		open = append(open, candidates[k])
	}
	// Any cover by the sites left over will do, so the search asks for one of
	// less than left+1 sites and ends at the first.
	left := p.P - len(open)
	reached := len(r.Rows) == 0
	if len(r.Rows) > 0 && left > 0 {
		m := cover.NewModel(&r.Instance, stop)
		start, _ := m.Greedy()
		result := branch.Run(m, branch.Options{
			Stop: stop, Nodes: o.Nodes, Grain: 1,
			Below: float64(left + 1), Enough: float64(left), Start: slices.Clone(start),
		})
		nodes = result.Nodes
		if result.Open == nil && !result.Complete && result.Bound <= float64(left) {
			if result.Limited {
				return nil, nodes, ErrNodeLimit
			}
			return nil, nodes, ctx.Err()
		}
		for _, k := range result.Open {
			open = append(open, candidates[r.Site[k]])
		}
		left -= len(result.Open)
		reached = result.Open != nil
	}
	if !reached || left < 0 {
		return nil, nodes, infeasiblef("no %d sites, required ones included, can serve every demand", p.P)
	}
	slices.Sort(open)
	return open, nodes, nil
}
