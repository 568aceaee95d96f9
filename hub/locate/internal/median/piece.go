package median

import (
	"math"
	"math/rand/v2"
	"slices"

	"github.com/hubplan/hubplan/hub/locate/internal/branch"
	"github.com/hubplan/hubplan/hub/locate/internal/near"
)

// piece is a problem within another: some of its sites, numbered anew, and the
// demands that may turn to them. What a demand pays if it does not, a site
// stands for that comes after the others and is open for good.
type piece struct {
	in     *Instance
	source *near.Sparse
}

// answer is a solution of a piece and a bound on all.
type answer struct {
	open         []int32
	value, bound float64
	nodes        int // evaluated

	// For each number of sites to open a bound on what so many cost, by the
	// multipliers of the root: without the price of the piece.
	curve []float64
}

// tight reports whether the answer is final.
func (a answer) tight() bool { return a.bound >= a.value-branch.Tolerance*math.Abs(a.value) }

// newPiece is a piece without demands of which count sites are to be opened,
// any number if that is negative.
func newPiece(opening []float64, count int) *piece {
	n := len(opening)
	p := &piece{
		in: &Instance{
			Opening: append(slices.Clip(opening), 0), Fixed: make([]branch.State, n+1),
			Open: -1, Limit: math.Inf(1), Workers: 1,
		},
		source: &near.Sparse{Sites: n + 1, First: []int{0}},
	}
	if count >= 0 {
		p.in.Open = count + 1
	}
	p.in.Fixed[n] = branch.In
	p.in.Source = p.source
	return p
}

// add adds a demand: what it pays at some sites, ascending, and elsewhere.
func (p *piece) add(pairs []near.Pair, elsewhere float64) {
	p.in.Demand = append(p.in.Demand, int32(len(p.in.Demand)))
	for _, q := range pairs {
		p.source.Site, p.source.Costs = append(p.source.Site, q.Site), append(p.source.Costs, q.Cost)
	}
	p.source.Site = append(p.source.Site, int32(p.source.Sites-1))
	p.source.Costs = append(p.source.Costs, elsewhere)
	p.source.First = append(p.source.First, len(p.source.Site))
}

// solve looks for the best sites, some of which may be known, by so many nodes.
func (p *piece) solve(known []int32, nodes int, grain float64, seed uint64, stop func() bool) answer {
	n := p.source.Sites - 1
	rng := rand.New(rand.NewPCG(seed, uint64(n)))
	start := []int{n}
	for _, k := range known {
		start = append(start, int(k))
	}
	slices.Sort(start)
	start = p.in.Sample(start, rng, stop)
	s := NewSearch(p.in, p.in.Value(start), stop)
	if open, v := s.Explore(start, rng, 10, 0, math.MaxInt); open != nil && v < p.in.Value(start) {
		start = open
	}
	m := NewModel(p.in, s, start, nil, grain, seed)
	m.inner = true
	r := branch.Run(m, branch.Options{Stop: stop, Nodes: nodes, Grain: grain, Start: start, Bound: p.in.Lower(stop)})
	a := answer{value: r.Value, bound: min(r.Bound, r.Value), nodes: r.Nodes}
	for _, k := range r.Open {
		if k < n {
			a.open = append(a.open, int32(k))
		}
	}
	if r.Multipliers != nil {
		a.curve = p.curve(r.Multipliers)
	}
	return a
}

// curve is what multipliers prove of every number of sites.
func (p *piece) curve(u []float64) []float64 {
	n := p.source.Sites - 1
	rho := slices.Clone(p.in.Opening)
	var base float64
	for k, v := range u {
		base += v
		for e := p.source.First[k]; e < p.source.First[k+1]; e++ {
			if c := p.source.Costs[e]; c < v {
				rho[p.source.Site[e]] += c - v
			}
		}
	}
	l := base + rho[n] - 1e-12*base
	rho = rho[:n]
	slices.Sort(rho)
	curve := make([]float64, n+1)
	for k := range curve {
		curve[k] = l
		if k < n {
			l += rho[k]
		}
	}
	return curve
}
