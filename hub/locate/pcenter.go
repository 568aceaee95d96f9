package locate

import (
	"math"
	"slices"

	"github.com/hubplan/hubplan/hub/locate/internal/branch"
	"github.com/hubplan/hubplan/hub/locate/internal/center"
	"github.com/hubplan/hubplan/hub/locate/internal/near"
)

// center searches for P sites of least radius.
func (w *work) center() (*Solution, error) {
	r, err := w.radius()
	if err != nil {
		return nil, err
	}
	outcome := Interrupted
	switch {
	case r.Complete:
		outcome = Optimal
	case r.Close:
		outcome = WithinGap
	case r.Limited:
		outcome = NodeLimit
	}
	open, second := w.fill(r.Open), (*Second)(nil)
	nodes := r.Nodes
	if w.Median && outcome == Optimal {
		if open, second, nodes, err = w.cheapest(open, r.Bound, nodes); err != nil {
			return nil, err
		}
	}
	s := w.finish(w.assign(open), r.Bound, outcome, nodes)
	s.Median = second
	return s, nil
}

// cheapest finds among the solutions of the least radius that of least cost:
// a p-median in which dearer pairs are impossible.
func (w *work) cheapest(start []int, radius float64, nodes int) ([]int, *Second, int, error) {
	in, err := w.instance(radius)
	if err != nil {
		return nil, nil, 0, err
	}
	w.Progress = nil // which has told of the radius
	r := w.serve(in, start, nodes)
	s := &Second{Bound: r.bound, Optimal: r.outcome == Optimal}
	a := w.assign(r.open)
	for i, first := range a.first {
		if weight := w.weight(i); weight > 0 {
			s.Objective += weight * first.cost
		}
	}
	s.Bound = min(s.Bound, s.Objective)
	s.Gap = gap(s.Objective, s.Bound)
	s.Optimal = s.Optimal && !(s.Gap > branch.Tolerance)
	return r.open, s, r.nodes, nil
}

// radius finds sites of least radius, no more than P beside the existing ones,
// and what is proven about it; the error says why there are none.
func (w *work) radius() (center.Result, error) {
	var allowed []int
	for j := range w.sites {
		if w.status(j) != Excluded {
			allowed = append(allowed, j)
		}
	}
	in := &center.Instance{Source: w.source, Weight: w.Weight, Open: w.P, Grain: w.Costs.grain()}
	if len(allowed) < w.sites {
		in.Source = near.Among(w.source, allowed)
	}
	in.Among = func(sites []int) near.Source {
		open := make([]int, len(sites))
		for k, p := range sites {
			open[k] = allowed[p]
		}
		return near.Among(w.source, open)
	}
	start := slices.Clone(w.Start)
	for p, j := range allowed {
		switch w.status(j) {
		case Required:
			in.Open--
			in.Given = append(in.Given, p)
		case Existing:
			in.Given = append(in.Given, p)
		}
	}
	if w.Weight != nil {
		in.Grain *= grain(w.Weight)
	}
	r := center.Run(in, center.Options{
		Stop: w.stop, Nodes: w.Nodes, Gap: w.Gap, Workers: w.Workers, Seed: w.Seed,
		Start:  w.begin(start, allowed, in),
		Report: w.report(func(v float64) float64 { return v }),
	})
	switch {
	case r.Lost >= 0:
		return r, infeasiblef("demand %d cannot be served from any site that may be opened", r.Lost)
	case r.Open == nil && math.IsInf(r.Bound, 1):
		return r, infeasiblef("no %d sites, required ones included, can serve every demand", w.P)
	case r.Open == nil && r.Limited:
		return r, ErrNodeLimit
	case r.Open == nil:
		return r, w.ctx.Err()
	}
	for k, p := range r.Open {
		r.Open[k] = allowed[p]
	}
	return r, nil
}

// begin makes a start, by positions in allowed, of the sites given with the
// options: with all that must be open and no more than may be.
func (w *work) begin(start, allowed []int, in *center.Instance) []int {
	if len(start) == 0 {
		return nil
	}
	open, left := slices.Clone(in.Given), in.Open
	for _, j := range start {
		p, ok := slices.BinarySearch(allowed, j)
		if ok && left > 0 && !slices.Contains(open, p) {
			open = append(open, p)
			left--
		}
	}
	slices.Sort(open)
	return open
}

// fill makes up the number of open sites to P with those of lowest index.
func (w *work) fill(open []int) []int {
	open = slices.Clone(open)
	slices.Sort(open)
	left := w.P - len(open)
	for _, j := range open {
		if w.status(j) == Existing {
			left++
		}
	}
	for j := 0; left > 0; j++ {
		if s := w.status(j); s != Candidate {
			continue
		}
		if at, found := slices.BinarySearch(open, j); !found {
			open = slices.Insert(open, at, j)
			left--
		}
	}
	return open
}
