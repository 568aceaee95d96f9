// Package median is the problem of serving every demand from the nearest open
// site at least cost, with the number of sites given (p-median) or each at a
// price (uncapacitated fixed charge): its Lagrangian relaxation and its local
// searches. Costs are read as lists of the sites near each demand, which
// reach as far as the search has to look, so that large instances never make
// a matrix.
package median

import (
	"cmp"
	"math"
	"slices"

	"github.com/hubplan/hubplan/hub/locate/internal/branch"
	"github.com/hubplan/hubplan/hub/locate/internal/near"
)

// Instance is a problem. Its costs are weighted: those of the source times
// the weight of the demand.
type Instance struct {
	Source  near.Source
	Demand  []int32        // the demands of the source that ask for service
	Weight  []float64      // of each of them, above 0; nil means 1
	Opening []float64      // price of each site, at least 0; nil means 0
	Fixed   []branch.State // per site: In (open in every solution), Out (never) or Free
	Open    int            // number of sites to open, those In among them; negative: any
	Limit   float64        // a weighted cost above it is impossible; +Inf for none
	Workers int            // goroutines to compute with
}

// weight returns the weight of the k-th demand.
func (in *Instance) weight(k int) float64 {
	if in.Weight == nil {
		return 1
	}
	return in.Weight[k]
}

// opening returns the price of site j.
func (in *Instance) opening(j int) float64 {
	if in.Opening == nil {
		return 0
	}
	return in.Opening[j]
}

// cost is the weighted cost of serving the k-th demand from site j, +Inf if
// that is impossible.
func (in *Instance) cost(k int, j int32) float64 {
	c := in.weight(k) * in.Source.Cost(int(in.Demand[k]), int(j))
	if c > in.Limit {
		return math.Inf(1)
	}
	return c
}

// within appends the allowed sites of weighted cost at most r.
func (in *Instance) within(k int, r float64, to []near.Pair) []near.Pair {
	from, w := len(to), in.weight(k)
	r = min(r, in.Limit)
	to = in.Source.Within(int(in.Demand[k]), r/w*(1+1e-15), to)
	kept := to[:from]
	for _, p := range to[from:] {
		p.Cost *= w
		if p.Cost <= r && in.Fixed[p.Site] != branch.Out {
			kept = append(kept, p)
		}
	}
	return kept
}

// Value is the cost of the given sites being the open ones, +Inf if some
// demand cannot be served.
func (in *Instance) Value(open []int) float64 {
	var sum float64
	for _, j := range open {
		sum += in.opening(j)
	}
	return sum + in.served(near.Among(in.Source, open), math.Inf(1), nil)
}

// span is the number of demands that served sums up one after the other.
const span = 1 << 14

// served is the cost of serving every demand from the nearest site of a
// source, without being the cost of those that none may serve. The sum is
// taken span by span, whatever the number of goroutines; once stop, if there
// is one, reports true, the rest of a span is left out.
func (in *Instance) served(source near.Source, without float64, stop func() bool) float64 {
	sums := make([]float64, (len(in.Demand)+span-1)/span)
	parallel(len(sums), in.Workers, func(b int) {
		var pairs []near.Pair
		for k := b * span; k < min((b+1)*span, len(in.Demand)); k++ {
			if k%1024 == 1023 && stop != nil && stop() {
				return
			}
			c := without
			pairs = source.Nearest(int(in.Demand[k]), 1, pairs[:0])
			if len(pairs) > 0 && in.weight(k)*pairs[0].Cost <= in.Limit {
				c = in.weight(k) * pairs[0].Cost
			}
			sums[b] += c
		}
	})
	var sum float64
	for _, s := range sums {
		sum += s
	}
	return sum
}

// Given lists the sites that are open for good.
func (in *Instance) Given() []int {
	var open []int
	for j, f := range in.Fixed {
		if f == branch.In {
			open = append(open, j)
		}
	}
	return open
}

// Reaches reports whether some allowed site can serve a demand of the source,
// whatever its weight.
func (in *Instance) Reaches(i int) bool {
	var pairs []near.Pair
	for look := 1; ; look *= 8 {
		pairs = in.Source.Nearest(i, look, pairs[:0])
		for _, p := range pairs {
			if in.Fixed[p.Site] != branch.Out {
				return true
			}
		}
		if len(pairs) < look {
			return false
		}
	}
}

// Lower is the bound that every demand pays at least its cheapest site, and
// the sites that are open for good are paid for. Once stop reports true it is
// that of the demands seen.
func (in *Instance) Lower(stop func() bool) float64 {
	var sum float64
	for j, f := range in.Fixed {
		if f == branch.In {
			sum += in.opening(j)
		}
	}
	return (sum + in.served(in.Source, 0, stop)) * (1 - 4e-12) // of sums of some 2^14 terms
}

// Cheapest makes up the number of open sites with those that cost least to
// open, ties to the lowest index: all that matters where nobody is served.
func (in *Instance) Cheapest(open []int) []int {
	var rest []int
	for j, f := range in.Fixed {
		if f == branch.Free {
			rest = append(rest, j)
		}
	}
	slices.SortStableFunc(rest, func(a, b int) int { return cmp.Compare(in.opening(a), in.opening(b)) })
	open = append(slices.Clone(open), rest[:max(0, in.Open-len(open))]...)
	slices.Sort(open)
	return open
}
