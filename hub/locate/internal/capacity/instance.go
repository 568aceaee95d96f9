// Package capacity is branch and bound for location problems whose sites can
// serve only so much, with demands that divide among sites or do not.
//
// The bound is that of the Lagrangian relaxation in which each demand may be
// served too often or not at all, at a price: every site then fills its
// capacity with the demands that are worth most (a knapsack), and the cheapest
// sites are opened whose capacities together suffice (another knapsack); see
// Cornuéjols, Sridharan and Thizy 1991, "A comparison of heuristics and
// relaxations for the capacitated plant location problem", European Journal of
// Operational Research 50, https://doi.org/10.1016/0377-2217(91)90261-S, and
// Görtz and Klose 2012, "A simple but usually fast branch-and-bound algorithm
// for the capacitated facility location problem", INFORMS Journal on Computing
// 24, https://doi.org/10.1287/ijoc.1110.0468. Once the root is bounded the caller
// may add the bound of the other relaxation, in which it is capacities that sites
// may exceed at a price; the larger of the two counts.
package capacity

import (
	"math"
	"slices"

	"github.com/hubplan/hubplan/hub/locate/internal/branch"
	"github.com/hubplan/hubplan/hub/locate/internal/transport"
)

// Instance is a problem: sites to open, and demands to serve all of.
type Instance struct {
	// First, To and Cost list the pairs that are possible, site by site, as in
	// transport.Problem, by ascending demand, but with what it costs to serve
	// all of the demand.
	First []int
	To    []int32
	Cost  []float64

	Size    []float64 // of each demand, at least 0
	Opening []float64 // of each site
	Limit   []float64 // what each site can serve
	Minimum []float64 // what it must serve if it is open; nil: nothing
	Fixed   []branch.State
	Count   int  // sites to open, fixed ones among them; negative: any number
	Single  bool // demands do not divide

	// Grain, if positive, is a number of which every value is a multiple.
	Grain float64
}

func (in *Instance) sites() int   { return len(in.Limit) }
func (in *Instance) demands() int { return len(in.Size) }

// least is what an open site must serve.
func (in *Instance) least(j int) float64 {
	if in.Minimum == nil {
		return 0
	}
	return in.Minimum[j]
}

// Leeway is the part of all demand that may be lacking, and of a minimum, for
// the rounding of sums.
const Leeway = 1e-10

// layout is what the engines derive from an instance. It is not written to.
type layout struct {
	*Instance
	total float64 // sum of the sizes

	// The pairs of demand i, by ascending site, are byDemand[from[i]:from[i+1]].
	from     []int
	byDemand []int32
	siteOf   []int32 // of each pair

	// net is the transportation problem of the demands that have a size, whose
	// supply nodes are the sites and, for what sites must serve, m more.
	net    *transport.Problem
	sized  []int32 // demand of each of its demands
	place  []int32 // and back, -1 for demands without size
	musts  []int32 // site of each supply node beyond those of the sites
	mustAt []int32 // and back, -1
	pairOf []int32 // pair of each of its pairs
}

func newLayout(in *Instance) *layout {
	l := &layout{Instance: in, from: make([]int, in.demands()+1), siteOf: make([]int32, len(in.To))}
	for _, d := range in.Size {
		l.total += d
	}
	for j := range in.sites() {
		for e := in.First[j]; e < in.First[j+1]; e++ {
			l.siteOf[e] = int32(j)
			l.from[in.To[e]+1]++
		}
	}
	for i := range in.Size {
		l.from[i+1] += l.from[i]
	}
	l.byDemand = make([]int32, len(in.To))
	next := slices.Clone(l.from)
	for e, i := range in.To {
		l.byDemand[next[i]] = int32(e)
		next[i]++
	}
	l.network()
	return l
}

// network builds the transportation problem. A site with a minimum is two
// supply nodes: what it must serve, and the rest.
func (l *layout) network() {
	p := &transport.Problem{First: []int{0}}
	l.place = make([]int32, l.demands())
	for i, d := range l.Size {
		l.place[i] = -1
		if d > 0 {
			l.place[i] = int32(len(l.sized))
			l.sized = append(l.sized, int32(i))
			p.Demand = append(p.Demand, d)
		}
	}
	add := func(j int, supply float64) {
		p.Supply = append(p.Supply, supply)
		for e := l.First[j]; e < l.First[j+1]; e++ {
			if k := l.place[l.To[e]]; k >= 0 {
				p.To = append(p.To, k)
				p.Cost = append(p.Cost, l.Cost[e]/l.Size[l.To[e]])
				l.pairOf = append(l.pairOf, int32(e))
			}
		}
		p.First = append(p.First, len(p.To))
	}
	l.mustAt = make([]int32, l.sites())
	for j, q := range l.Limit {
		add(j, q-l.least(j))
	}
	for j := range l.Limit {
		l.mustAt[j] = -1
		if l.least(j) > 0 {
			l.mustAt[j] = int32(l.sites() + len(l.musts))
			l.musts = append(l.musts, int32(j))
			add(j, l.least(j))
		}
	}
	p.Must = len(l.musts)
	l.net = p
}

// pairsOf lists the pairs of a demand.
func (l *layout) pairsOf(i int) []int32 { return l.byDemand[l.from[i]:l.from[i+1]] }

// cost is that of serving all of demand i from site j, and the pair it is;
// +Inf and -1 if that is impossible.
func (l *layout) cost(i, j int) (float64, int) {
	lo, hi := l.First[j], l.First[j+1]
	if hi-lo == l.demands() {
		return l.Cost[lo+i], lo + i
	}
	if k, ok := slices.BinarySearch(l.To[lo:hi], int32(i)); ok {
		return l.Cost[lo+k], lo + k
	}
	return math.Inf(1), -1
}

// Solution is a solution of an instance.
type Solution struct {
	Open  []int   // ascending; nil if there is none
	At    []int32 // site of each demand, if demands do not divide
	Value float64
}

func noSolution() Solution { return Solution{Value: math.Inf(1)} }
