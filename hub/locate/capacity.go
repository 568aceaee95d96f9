package locate

import (
	"math"
	"slices"

	"github.com/hubplan/hubplan/hub/locate/internal/branch"
	"github.com/hubplan/hubplan/hub/locate/internal/capacity"
	"github.com/hubplan/hubplan/hub/locate/internal/near"
)

// Capacity makes a problem of sites that can serve only so much: in PMedian and
// FixedCharge the capacitated p-median problem and the capacitated facility
// location problem, with demands that divide among sites or, with Single, do
// not; in PCenter, which needs Single, the capacitated p-center problem; and in
// SetCover and MaximalCover capacitated cover (Current and Storbeck 1988,
// Environment and Planning B 15).
//
// The objective stays the sum of the opening costs and, over all demands and
// sites, of weight times cost times the part of the demand that the site
// serves. Where costs are given for all of a demand, as OR-Library does, Weight
// is 1 and Demand says what the demand takes up; where they are given for each
// unit, Weight is the demand and Demand is left out. In the cover models a
// demand is covered by being served within Radius by open sites that have room
// for it: what counts is the weight times the part so served, with Single all of
// it or nothing. With Penalty, so does the part that is served count in PMedian
// and FixedCharge, and the rest comes at the penalty.
//
// With Scenarios the open sites and their sizes are the same in all of them,
// and demands are divided in each anew; a site lost in a scenario serves
// nothing there, not even its Minimum.
//
// A demand of weight 0 asks for nothing here too, whatever it would take up.
// PMedian and FixedCharge with Limit, Demand, Minimum and Single, and with no
// Rules, Budget, Penalty or Scenarios, have an engine of their own. It keeps
// limits, and minimums, exactly if they and the demands are integers, and else to
// a relative 1e-10 of all demand, so that the order in which parts are summed
// does not decide. All else is solved as the mixed-integer linear program that
// Linear states, which keeps them to a relative 1e-7 and has a row for each
// possible pair: some 1e5 pairs are many.
//
// With demands that divide, Solution.Split holds the parts, Assign the site of
// the largest part of each demand (ties to the lowest index), Price what
// capacity is worth, and Worth what it costs to close a site and divide the
// demands anew (nil once the context has ended). With Single, Split repeats
// Assign, and Worth and Price are nil: to close a site is to solve another hard
// problem. They are nil too where there is no engine of its own; Swap and
// Reduced are nil with any Capacity.
//
// The search of that engine needs some 100 bytes for each possible pair, of
// which there may be 2e7.
type Capacity struct {
	// Limit is the most each site can serve, in the unit of Demand, at least
	// 0; +Inf is no limit. It is nil with Sizes, and may be nil with
	// Commodities.
	Limit []float64

	// Demand is what each demand takes up, at least 0; nil means its Weight.
	Demand []float64

	// Minimum is the least an open site must serve, at least 0 and at most its
	// Limit, or the largest of its Sizes; nil means 0.
	Minimum []float64

	// Single asks for every demand to be served by one site.
	Single bool

	// Sizes, in place of Limit, are those in which each site can be built, at
	// least one each: an open site takes exactly one. Solution.Size says which,
	// and of those that hold what the site serves it is the one of least cost,
	// of several the smallest.
	Sizes [][]Size

	// Commodities are further things that demands take up, each of which sites
	// have a limit of their own for. A part of a demand takes up the same part
	// of all of them.
	Commodities []Commodity

	// Closest keeps demands from being served by any but their nearest open
	// site, in the cover models by any but that within Radius; of sites equally
	// near, any may serve, or several divide the demand. Open sites then need
	// room for all that is nearest to them, but for what is left out with
	// Penalty or uncovered.
	Closest bool
}

// Size is one in which a site can be built.
type Size struct {
	Limit float64 // the most it can serve, at least 0; +Inf is no limit

	// Cost adds to the opening cost, at least 0: in the objective of SetCover
	// and FixedCharge, and towards a Budget in all models. Without a Budget the
	// others ignore it. An existing site, which opens for nothing, pays it too:
	// the size that it has is one of Cost 0.
	Cost float64
}

// Commodity is one of several things that sites serve.
type Commodity struct {
	Demand []float64 // what each demand takes up, at least 0
	Limit  []float64 // the most each site can serve, at least 0; +Inf is no limit
}

// Split is the part of a demand that a site serves. Those of a solution are
// sorted by demand, then by site; a part is above 0, and those of a demand add
// up to 1.
type Split struct {
	Demand, Site int
	Part         float64
}

// size is what demand i takes up.
func (p *Problem) size(i int) float64 {
	switch w := p.weight(i); {
	case w == 0:
		return 0
	case p.Capacity.Demand != nil:
		return p.Capacity.Demand[i]
	default:
		return w
	}
}

// capacitated solves a problem with capacities.
func (w *work) capacitated() (*Solution, error) {
	in, demand, err := w.limited()
	if err != nil {
		return nil, err
	}
	r := capacity.Run(in, capacity.Options{
		Relax: func(worth []float64) float64 { return w.unlimited(in, demand, worth) },
		Stop:  w.stop, Nodes: w.Nodes, Workers: w.Workers, Gap: w.Gap, Start: w.startCapacity(),
		Report: w.report(func(v float64) float64 {
			if math.IsInf(v, 0) {
				return math.NaN()
			}
			return v
		}),
	})
	switch {
	case r.Open != nil:
	case r.Complete:
		return nil, w.whyShort()
	case r.Limited:
		return nil, ErrNodeLimit
	default:
		return nil, w.ctx.Err()
	}
	s := &Solution{Open: r.Open, Bound: r.Bound, Nodes: r.Nodes, Status: Interrupted}
	switch {
	case r.Complete:
		s.Status, s.Optimal = Optimal, true
	case r.Limited:
		s.Status = NodeLimit
	}
	if in.Single {
		for k, j := range r.At {
			s.Split = append(s.Split, Split{int(demand[k]), int(j), 1})
		}
	} else {
		w.divide(s, in, demand)
	}
	w.total(s)
	if s.Bound >= r.Value { // proven without a margin
		s.Bound = s.Objective
	}
	s.Bound = max(0, min(s.Bound, s.Objective))
	s.Gap = gap(s.Objective, s.Bound)
	if s.Optimal && w.Options.Gap > 0 && s.Gap > branch.Tolerance {
		s.Status, s.Optimal = WithinGap, false
	}
	return s, nil
}

// relaxedNodes limits the search for the bound in which sites may serve more than
// they can; it is left out where there are more than relaxedPairs pairs.
const (
	relaxedNodes = 50
	relaxedPairs = 200_000
)

// unlimited is a lower bound on the problem: its value, or the bound of it, if
// each site may serve any number of demands but pays its worth for every unit,
// and gets the worth of its capacity when it opens. That is a fixed charge
// problem. With the relaxation in which demands may be served too often it is one
// of the two that Cornuéjols, Sridharan and Thizy 1991 find best.
func (w *work) unlimited(in *capacity.Instance, demand []int32, worth []float64) float64 {
	if len(in.To) > relaxedPairs {
		return 0
	}
	p := Problem{Model: FixedCharge, Opening: make([]float64, w.sites), Site: make([]Status, w.sites)}
	costs := Dense{Demands: len(demand), Sites: w.sites, Values: make([]float64, len(demand)*w.sites)}
	for k := range costs.Values {
		costs.Values[k] = math.Inf(1)
	}
	var base, size float64
	for j := range w.sites {
		price := max(0, worth[j])
		if math.IsInf(in.Limit[j], 1) {
			price = 0
		}
		open := in.Opening[j] - price*in.Limit[j]
		size += in.Opening[j] + price*in.Limit[j]
		switch {
		case in.Fixed[j] == branch.Out:
			p.Site[j] = Excluded
		case in.Fixed[j] == branch.In || open < 0: // it opens in any case
			p.Site[j] = Existing
			base += open
		default:
			p.Opening[j] = open
		}
		for e := in.First[j]; e < in.First[j+1]; e++ {
			i := in.To[e]
			costs.Values[int(i)*w.sites+j] = in.Cost[e] + price*in.Size[i]
		}
	}
	p.Costs = costs
	s, err := Solve(w.ctx, p, Options{Workers: w.Workers, Nodes: relaxedNodes})
	if err != nil {
		return 0
	}
	return s.Bound + base - 1e-12*(size+math.Abs(s.Bound))
}

// startCapacity is Options.Start without what must not open.
func (w *work) startCapacity() []int {
	var start []int
	for _, j := range w.Options.Start {
		if w.status(j) != Excluded {
			start = append(start, j)
		}
	}
	return start
}

// total computes the objective and Assign from Split.
func (w *work) total(s *Solution) {
	if w.Model == FixedCharge {
		for _, j := range s.Open {
			s.Objective += w.opening(j)
		}
	}
	s.Assign = make([]int, w.demands)
	for i := range s.Assign {
		s.Assign[i] = -1
		if w.weight(i) > 0 {
			continue
		}
		least := math.Inf(1)
		for _, j := range s.Open {
			if c := w.source.Cost(i, j); c < least {
				s.Assign[i], least = j, c
			}
		}
	}
	most := 0.0
	for _, part := range s.Split {
		i := part.Demand
		s.Objective += w.weight(i) * w.source.Cost(i, part.Site) * part.Part
		if s.Assign[i] < 0 || part.Part > most {
			s.Assign[i], most = part.Site, part.Part
		}
	}
}

// mostCapacityPairs is the number of pairs that a problem with capacities may
// have.
const mostCapacityPairs = 2e7

// limited is the problem as the engine sees it, with the demands that have
// weight, and which these are.
func (w *work) limited() (in *capacity.Instance, demand []int32, err error) {
	c := w.Capacity
	in = &capacity.Instance{
		Limit: slices.Clone(c.Limit), Minimum: slices.Clone(c.Minimum), Single: c.Single,
		Opening: make([]float64, w.sites), Fixed: make([]branch.State, w.sites), Count: w.P,
	}
	for j := range w.sites {
		if w.Model == FixedCharge {
			in.Opening[j] = w.opening(j)
		}
		switch w.status(j) {
		case Required:
			in.Fixed[j] = branch.In
		case Existing:
			in.Fixed[j] = branch.In
			in.Count++
		case Excluded:
			in.Fixed[j] = branch.Out
		}
	}
	if w.Model == FixedCharge && w.P == 0 {
		in.Count = -1
	}
	if err := w.listPairs(in, &demand); err != nil {
		return nil, nil, err
	}
	w.relaxLimits(in)
	if in.Single {
		in.Grain = w.grainOfSums(in)
	}
	return in, demand, nil
}

// grainOfSums is a step of which every value is a multiple if demands do not
// divide, 0 if there is none.
func (w *work) grainOfSums(in *capacity.Instance) float64 {
	g, f := w.step(), exact(in.Opening)
	if g == 0 || f == 0 && slices.Max(in.Opening) > 0 {
		return 0
	}
	return gcd(g, f)
}

// listPairs lists the demands that have weight and, by sites that may be open,
// the pairs of which these can be served.
func (w *work) listPairs(in *capacity.Instance, demand *[]int32) error {
	type pair struct {
		near.Pair
		demand int32
	}
	var pairs []pair
	var list []near.Pair
	count := make([]int, w.sites+1)
	for i := range w.demands {
		if i%64 == 0 && w.stop() {
			return w.ctx.Err()
		}
		weight, size := w.weight(i), w.size(i)
		if weight == 0 {
			continue
		}
		list = w.source.Within(i, w.serviceReach(), list[:0])
		before, largest, reached := len(pairs), 0.0, false
		for _, p := range list {
			if in.Fixed[p.Site] == branch.Out {
				continue
			}
			reached = true
			largest = max(largest, in.Limit[p.Site])
			if in.Single && size > in.Limit[p.Site]*(1+roundLimit) {
				continue
			}
			p.Cost *= weight
			pairs = append(pairs, pair{p, int32(len(*demand))})
			count[p.Site+1]++
		}
		switch {
		case !reached:
			return infeasiblef("demand %d cannot be served from any site that may be opened", i)
		case len(pairs) == before:
			return infeasiblef("demand %d takes up %v, the largest site that can serve it holds %v", i, size, largest)
		case len(pairs) > mostCapacityPairs:
			return problemf("more than %g pairs of demand and site, with capacities", mostCapacityPairs)
		}
		*demand = append(*demand, int32(i))
		in.Size = append(in.Size, size)
	}
	for j := range w.sites {
		count[j+1] += count[j]
	}
	in.First = slices.Clone(count)
	in.To, in.Cost = make([]int32, len(pairs)), make([]float64, len(pairs))
	for _, p := range pairs { // by ascending demand within each site
		k := count[p.Site]
		in.To[k], in.Cost[k] = p.demand, p.Cost
		count[p.Site]++
	}
	return nil
}

// roundLimit is the part by which limits are widened where sums are rounded.
const roundLimit = 1e-11

// relaxLimits widens limits unless all sums are exact, and makes them no larger
// than what there is to serve.
func (w *work) relaxLimits(in *capacity.Instance) {
	whole := exact(in.Size) > 0 && (exact(in.Limit) > 0 || slices.Max(in.Limit) == 0) && (in.Minimum == nil || exact(in.Minimum) > 0)
	var total float64
	for _, d := range in.Size {
		total += d
	}
	for j := range in.Limit {
		in.Limit[j] = min(in.Limit[j], total)
		if !whole {
			in.Limit[j] *= 1 + roundLimit
			if in.Minimum != nil {
				in.Minimum[j] *= 1 - roundLimit
			}
		}
		if in.Minimum != nil { // a minimum above all demand is for the engine to refuse
			in.Limit[j] = max(in.Limit[j], in.Minimum[j])
		}
	}
}

// divide divides the demands among the open sites, and finds what capacity and
// sites are worth.
func (w *work) divide(s *Solution, in *capacity.Instance, demand []int32) {
	d := capacity.NewDivision(in, s.Open)
	for _, p := range d.Parts() {
		s.Split = append(s.Split, Split{int(demand[p.Demand]), p.Site, p.Part})
	}
	s.Price = make([]float64, len(s.Open))
	for k, j := range s.Open {
		s.Price[k] = d.Price(j)
	}
	worth := make([]float64, len(s.Open))
	for k, j := range s.Open {
		v, ok := d.Without(j, w.stop)
		if !ok {
			return
		}
		worth[k] = v
		if w.Model == FixedCharge {
			worth[k] -= w.opening(j)
		}
	}
	s.Worth = worth
}
