package locate

import (
	"context"
	"math"
	"runtime"

	"github.com/hubplan/hubplan/hub/locate/internal/branch"
	"github.com/hubplan/hubplan/hub/locate/internal/near"
)

// Solve finds a solution of p and proves how good it is.
//
// It returns an error that wraps ErrProblem if p is not well formed, and one
// that wraps ErrInfeasible if p is proven to have no solution. If ctx ends,
// Solve returns the best solution found with the bound proven by then, Status
// Interrupted and no error; only if it has no solution yet does it return the
// error of the context (or ErrNodeLimit, if that is what ended the search).
//
// That takes about 100 ms up to some 50,000 demands. With more, what takes
// longest is to find the two nearest open sites of every demand, on all
// cores, which Assign, Objective and Worth are: a million demands in the plane
// take two cores from 0.2 s, with 20 open sites, to 0.5 s, with 300. Reading
// the problem through before the search is not cut short either.
//
// The result depends on p and on o alone, o.Workers apart, except for where a
// context cuts the search off.
func Solve(ctx context.Context, p Problem, o Options) (*Solution, error) {
	if err := p.Check(); err != nil {
		return nil, err
	}
	if err := o.check(&p); err != nil {
		return nil, err
	}
	w := newWork(ctx, &p, o)
	if p.general() {
		return w.solveGeneral()
	}
	if p.Capacity != nil {
		return w.capacitated()
	}
	switch p.Model {
	case MaximalCover:
		return w.maximalCover()
	case SetCover:
		return w.setCover()
	case PCenter:
		return w.center()
	default:
		return w.median()
	}
}

// work is a problem being solved.
type work struct {
	*Problem
	Options

	ctx            context.Context
	stop           func() bool // reports whether ctx has ended
	demands, sites int
	source         near.Source
	bests          []float64 // least loss of each scenario, with RegretRisk
	lose           int       // sites lost at worst, where scenarios stand for that
}

func newWork(ctx context.Context, p *Problem, o Options) *work {
	if o.Workers <= 0 {
		o.Workers = runtime.GOMAXPROCS(0)
	}
	w := &work{
		Problem: p, Options: o, ctx: ctx, source: p.Costs.source(),
		stop: func() bool { return ctx.Err() != nil },
	}
	w.demands, w.sites = p.Costs.Size()
	return w
}

// check reports what is wrong with the options.
func (o *Options) check(p *Problem) error {
	_, m := p.Costs.Size()
	if !(o.Gap >= 0) {
		return problemf("gap %v is not at least 0", o.Gap)
	}
	for _, j := range o.Start {
		if j < 0 || j >= m {
			return problemf("start opens site %d of %d", j, m)
		}
	}
	return nil
}

// step returns a number of which every sum of up to n products of weight and
// cost is an exact multiple: integers whose sums are exact; else 0.
func (w *work) step() float64 {
	g := w.Costs.grain()
	if w.Weight != nil {
		g *= grain(w.Weight)
	}
	var sum float64
	most := w.Costs.most()
	for i := range w.demands {
		if v := w.weight(i); v > 0 {
			sum += v * most(i)
		}
	}
	if sum > 0x1p52 {
		return 0
	}
	return g
}

// exact is the grain of values of which all may be summed exactly, else 0.
func exact(values []float64) float64 {
	var sum float64
	for _, v := range values {
		if v < math.Inf(1) {
			sum += v
		}
	}
	if sum > 0x1p52 {
		return 0
	}
	return grain(values)
}

// outcome translates how a search ended.
func outcome(r branch.Result) Outcome {
	switch {
	case r.Complete:
		return Optimal
	case r.Limited:
		return NodeLimit
	default:
		return Interrupted
	}
}

// report adapts the progress callback to the values of a search, which
// objective translates.
func (o *Options) report(objective func(v float64) float64) func(value, bound float64, nodes int) {
	if o.Progress == nil {
		return nil
	}
	return func(value, bound float64, nodes int) {
		v, b := objective(value), objective(bound)
		o.Progress(Progress{Objective: v, Bound: b, Gap: gap(v, b), Nodes: nodes})
	}
}

// candidates lists the sites that are neither open already nor excluded, and
// those that are required.
func (w *work) candidates() (candidates, required, existing []int) {
	for j := range w.sites {
		switch w.status(j) {
		case Candidate:
			candidates = append(candidates, j)
		case Required:
			required = append(required, j)
		case Existing:
			existing = append(existing, j)
		}
	}
	return candidates, required, existing
}

// weight, opening and status read a slice that may be nil. An existing site
// opens for nothing.

func (p *Problem) weight(i int) float64 {
	if p.Weight == nil {
		return 1
	}
	return p.Weight[i]
}

func (p *Problem) opening(j int) float64 {
	switch {
	case p.status(j) == Existing:
		return 0
	case p.Opening == nil:
		return 1
	}
	return p.Opening[j]
}

func (p *Problem) status(j int) Status {
	if p.Site == nil {
		return Candidate
	}
	return p.Site[j]
}

// served is how much of a demand of weight 1 counts as covered at a cost.
func (p *Problem) served(cost float64) float64 {
	switch {
	case math.IsInf(cost, 1):
		return 0
	case cost <= p.Radius:
		return 1
	case p.Model == MaximalCover && cost < p.Fade:
		return (p.Fade - cost) / (p.Fade - p.Radius)
	}
	return 0
}
