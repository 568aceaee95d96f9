package locate

import "fmt"

// Status says whether a solution may, must or must not open a site.
type Status uint8

const (
	Candidate Status = iota // may be opened
	Required                // is opened in every solution, at its cost and counted in P
	Existing                // is open already: in every solution, free of cost and not counted in P
	Excluded                // is never open
)

var statusNames = [...]string{"candidate", "required", "existing", "excluded"}

// String returns the name of the status, such as "required".
func (s Status) String() string {
	if int(s) < len(statusNames) {
		return statusNames[s]
	}
	return fmt.Sprintf("Status(%d)", uint8(s))
}

// Problem is a location problem. Solve does not modify it.
type Problem struct {
	Model Model
	Costs Costs

	// Weight of each demand, at least 0; nil means 1 each. A demand of weight
	// 0 asks for nothing: it needs no service and no cover. It is assigned all
	// the same where an open site can serve it.
	Weight []float64

	// P is the number of sites to open, required ones among them and existing
	// ones not. With a Budget P or fewer open. FixedCharge, and all models with
	// a Budget, open as many as they like if it is 0, HubCover then covers all
	// flow. SetCover ignores it.
	P int

	// Radius is the largest cost that covers (cost <= Radius) in the cover
	// models; +Inf covers wherever service is possible. The others ignore it.
	Radius float64

	// Fade, in MaximalCover, is the cost from which on a demand counts
	// nothing, if it is larger than Radius: in between its weight counts in
	// part, falling in a straight line. 0 means that cover ends at Radius. In
	// CooperativeCover it is the cost at which signals end.
	Fade float64

	// Outer, in DoubleStandard, is the radius within which every demand must
	// have a unit, at least Radius.
	Outer float64

	// Fold, in SetCover and MaximalCover, is how many open sites within Radius
	// each demand needs to be covered (see Reliable), 0 for one that is covered
	// in any case; nil means 1 each.
	Fold []int

	// Primary, in BackupCover, is the weight of the first cover against that of
	// the second, up to 1; 0 means that every demand must be covered.
	Primary float64

	// Threshold, in CooperativeCover, is the sum of signals that covers, above 0.
	Threshold float64

	// Budget is the largest sum of opening costs (and of closing costs, see
	// Rules), required sites included, in all models but SetCover; 0 means no
	// limit but P. With a Budget P or fewer sites open, any number if P is 0. It
	// is kept to a relative 1e-12, so that the order in which costs are summed
	// does not decide.
	Budget float64

	// Share, in SetCover and DoubleStandard, is the part of the weight to cover
	// within Radius, above 0 and at most 1; 0 means all of it. It is kept to a
	// relative 1e-12.
	Share float64

	// Units is the largest number of units at each site, at least 1, in the
	// models that count what covers a demand: DoubleStandard, BackupCover,
	// SetCover and MaximalCover. P and Opening then count units. nil means 1 each.
	Units []int

	// Failure is the probability that each site, once open, is out of service,
	// independently of the others: at least 0 and at most 1. In MaximalCover
	// what counts is the expected weight that a working site covers (with equal
	// probabilities MEXCLP, Daskin 1983), in PMedian and FixedCharge the expected
	// cost of service from the nearest site that works, where none does that of
	// Penalty (Snyder and Daskin 2005).
	Failure []float64

	// Nominal, in PMedian and FixedCharge with Failure, is the weight of the cost
	// of service if nothing fails against the expected one, from 0 to 1: for the
	// trade-off between the two.
	Nominal float64

	// Loss is how many sites are lost at worst, in Fortification and
	// CoverFortification at least 1. In MaximalCover what counts with it is the
	// weight covered after the worst loss of so many of the open sites.
	Loss int

	// Penalty, in PMedian, FixedCharge, Interdiction and Fortification, is the
	// cost, for each unit of weight, of a demand that no site serves; 0 means that
	// every demand must be served.
	Penalty float64

	// Scenarios are the ways in which things may turn out, in PMedian and
	// MaximalCover: the same sites must do for all of them. Risk says what of
	// them counts, Tail is the share that TailRisk leaves out.
	Scenarios []Scenario
	Risk      Risk
	Tail      float64

	// Periods, in PMedian, FixedCharge and MaximalCover, have sites open one
	// after the other: what is open stays open, and the objective is the sum over
	// the periods. P is 0 then, as that of each period counts; FixedCharge opens
	// as many as it likes if none gives one, and pays for a site in the period in
	// which it opens. A required site opens by the last period.
	Periods []Period

	// Rules bind which sites may be open together; nil if none do.
	Rules *Rules

	// Hub, in HubMedian and HubCover, is the flow between nodes and how it is
	// carried. Demands, sites and nodes are the same there.
	Hub *Hub

	// Attraction, in Huff, says how demands divide themselves among sites.
	Attraction *Attraction

	// Opening is the cost of opening each site, at least 0, in SetCover,
	// FixedCharge, HubCover and all models with a Budget; nil means 1 each. The
	// others ignore it.
	Opening []float64

	// Median, in PCenter, asks for the solution of least weighted cost (the
	// smallest p-median) among those of the least radius, once that is proven.
	Median bool

	// Site is the status of each site; nil means that all are candidates.
	Site []Status

	// Capacity, in the first five models, limits what sites can serve; nil
	// means that they serve any number of demands.
	Capacity *Capacity
}

// Options adjust a search. The zero value searches on all cores until the
// result is proven.
type Options struct {
	// Gap ends the search once Solution.Gap is at most this; 0 asks for proof.
	Gap float64

	// Nodes limits the branch-and-bound nodes evaluated; 0 means no limit.
	Nodes int

	// Workers is the number of goroutines that compute at once; 0 means
	// GOMAXPROCS. The result does not depend on it.
	Workers int

	// Start lists open sites of a solution known already, from which the
	// search may begin. It need not be feasible: the number is made up or cut
	// back, and what must not be open is passed over.
	Start []int

	// Seed drives the random restarts of the local searches. It has no part
	// in the proof, but where several solutions are optimal it may decide
	// which one is found.
	Seed uint64

	// Progress, if not nil, is called from the goroutine of Solve whenever
	// the objective or the bound has improved.
	Progress func(Progress)
}

// Progress is how far a search has come. See Solution for the terms. An
// objective or bound that is not known yet is NaN.
type Progress struct {
	Objective, Bound, Gap float64
	Nodes                 int // evaluated so far
}
