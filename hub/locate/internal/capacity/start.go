package capacity

import (
	"math"
	"slices"

	"github.com/hubplan/hubplan/hub/locate/internal/branch"
	"github.com/hubplan/hubplan/hub/locate/internal/transport"
)

// begin looks for a first solution and multipliers to begin with. Where every
// site charges the same part of its opening cost for each unit that it serves,
// what is left is one transportation problem (the weak linear relaxation): its
// prices are good multipliers, and the sites it uses a good start.
func (s *search) begin() []float64 {
	r := s.root
	f := &r.finder
	f.prepare()
	p := &transport.Problem{
		Demand: f.net.Demand, Supply: slices.Clone(f.net.Supply[:f.sites()]),
		First: f.net.First[:f.sites()+1], To: f.net.To, Cost: slices.Clone(f.net.Cost),
	}
	p.To, p.Cost = p.To[:p.First[f.sites()]], p.Cost[:p.First[f.sites()]]
	for j, q := range f.Limit {
		p.Supply[j] = q
		if f.Fixed[j] == branch.Free && q > 0 {
			for e := p.First[j]; e < p.First[j+1]; e++ {
				p.Cost[e] += f.Opening[j] / q
			}
		}
	}
	t := transport.New(p)
	for j := range f.Limit {
		t.Set(j, f.Fixed[j] != branch.Out)
	}
	u := make([]float64, f.demands())
	if !t.Solve(s.o.Stop) {
		return u
	}
	used := make([]float64, f.sites())
	for flow := range t.Flows() {
		used[flow.Site] += flow.Amount / max(f.Limit[flow.Site], math.SmallestNonzeroFloat64)
	}
	prices := func(t *transport.Solver, u []float64) {
		for k, i := range f.sized {
			u[i] = max(0, min(t.Price(k), t.Short()/2)) * f.Size[i]
		}
		for _, i := range f.loose {
			least := math.Inf(1)
			for _, e := range f.pairsOf(int(i)) {
				if f.Fixed[f.siteOf[e]] != branch.Out {
					least = min(least, f.Cost[e])
				}
			}
			u[i] = least
		}
	}
	prices(t, u)
	open := f.candidates(f.Fixed, used)
	if s.o.Start != nil {
		open = f.startAt(s.o.Start, used)
	}
	best := f.improve(open, rootSolves)
	if best.Open == nil && f.Count < 0 && !s.o.Stop() { // all there are
		all := make([]float64, f.sites())
		for j := range all {
			all[j] = 1
		}
		best = f.improve(f.candidates(f.Fixed, all), rootSolves)
	}
	if !f.Single {
		s.take(best)
	} else if best.Open != nil {
		s.take(f.assignFrom(best.Open))
	}
	if best.Open == nil || s.o.Stop() {
		return u
	}
	// The prices at the solution found are the better start for some.
	if _, ok := f.exact(best.Open); !ok {
		return u
	}
	other := make([]float64, len(u))
	prices(f.now, other)
	top, value := u, math.Inf(-1)
	for k := range 5 {
		v := make([]float64, len(u))
		for i := range v {
			v[i] = u[i] + float64(k)/4*(other[i]-u[i])
		}
		if l, ok := r.price(v); ok && l > value {
			top, value = v, l
		}
	}
	return top
}

// startAt is a set of sites of the right number that has those given as far as
// that is possible.
func (f *finder) startAt(given []int, used []float64) []int {
	score := slices.Clone(used)
	for j := range score {
		score[j] = min(score[j], 1) / 4
	}
	for _, j := range given {
		score[j] = 1
	}
	return f.candidates(f.Fixed, score)
}
