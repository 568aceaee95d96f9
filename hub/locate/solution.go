package locate

import (
	"fmt"
	"math"

	"github.com/hubplan/hubplan/hub/locate/internal/branch"
)

// Outcome says how a search ended.
type Outcome uint8

const (
	// Optimal: the search ran to its end and the objective is proven.
	Optimal Outcome = iota + 1

	// Interrupted: the context ended the search; Bound holds what was proven.
	Interrupted

	// NodeLimit: Options.Nodes ended the search; Bound holds what was proven.
	NodeLimit

	// WithinGap: Options.Gap ended the search; Bound holds what was proven.
	WithinGap
)

var outcomeNames = [...]string{"", "optimal", "interrupted", "node limit", "within gap"}

// String returns the name of the outcome, such as "optimal".
func (o Outcome) String() string {
	if o > 0 && int(o) < len(outcomeNames) {
		return outcomeNames[o]
	}
	return fmt.Sprintf("Outcome(%d)", uint8(o))
}

// Solution is a feasible solution with what is proven about it.
type Solution struct {
	// Open lists the open sites in ascending order, existing ones included:
	// beside those exactly P where the model opens P sites.
	Open []int

	// Lost is the worst loss, in Interdiction, Fortification, their forms for
	// cover, and MaximalCover with Loss; Open, but for the latter, is what is
	// left. Protected is what Fortification and CoverFortification protect.
	Lost, Protected []int

	// Units is the number of units at each entry of Open, with Problem.Units.
	Units []int

	// When is the period in which each entry of Open opens, -1 for those that
	// exist, with Problem.Periods. Assign is that of the last period then, Worth
	// counts a site as closed in all of them, and Swap has the one open when the
	// other did.
	When []int

	// Attendance is the weight that each entry of Open draws, in Huff.
	Attendance []float64

	// Assign gives for each demand the open site that serves it: the one of
	// least cost, ties to the lowest index. It is -1 if no open site can
	// serve the demand (a finite cost), or in the cover models if none is
	// within Radius (with Fade: if none is nearer than that). In Huff it is
	// the site of the largest utility, -1 if no open site has any.
	Assign []int

	// Objective is the sum of weight times cost in PMedian, with the opening
	// costs in FixedCharge; the largest weight times cost in PCenter; the
	// weight covered in MaximalCover; and the sum of opening costs, required
	// sites included, in SetCover. What the other models, and the fields of
	// Problem, make of it is said there.
	Objective float64

	// Bound is proven: no solution has an objective below it, or above it where
	// Problem.Maximises.
	Bound float64

	// Gap is |Objective-Bound| / max(1e-12, |Objective|). If Optimal is true
	// it is at most 1e-9, or the objective next to nothing: below 1e-9 of what
	// weights and costs allow.
	Gap float64

	// Optimal reports whether Objective is proven optimal, to a relative
	// 1e-9. It is true exactly if Status is Optimal.
	Optimal bool

	// Status says how the search ended.
	Status Outcome

	// Nodes is the number of branch-and-bound nodes evaluated; 0 if the
	// solution was proven without a search.
	Nodes int

	// Worth gives for each entry of Open how much worse the objective becomes
	// if that site alone is closed and the demands turn to the open sites
	// that are left. It is +Inf if a demand then cannot be served or too
	// little is covered, and may be negative where closing saves an opening
	// cost that the solution pays only because a site is required or their
	// number is given. Of sites that have been spared a loss it says what losing
	// one more would cost. It is nil where closing a site is a hard problem of its
	// own: with most kinds of Capacity, and in HubCover with Single.
	Worth []float64

	// Swap is the best exchange of an open for a closed site that leaves a
	// solution; nil if there is none, if the context has ended, or if there
	// are more than 1e8 pairs of demand and site, or of open site and site.
	Swap *Swap

	// Reduced gives for each site what its price proves (its reduced cost): no
	// solution that decides the site otherwise, opening one that is closed here
	// or closing one that is open, comes closer to Bound than by so much. In
	// the cover models that is said of closed sites only. It is nil in PCenter,
	// beyond the classic models (see Problem.Classic), in a search that was
	// stopped and where there are more than 1e8 pairs of demand and site.
	Reduced []float64

	// Median is the second objective of PCenter, with Problem.Median.
	Median *Second

	// Split says which site serves which part of which demand, and Price what
	// capacity is worth, with Problem.Capacity; see there.
	Split []Split
	Price []float64

	// Size is the index of the size that each entry of Open takes, with
	// Capacity.Sizes.
	Size []int

	// Scenes is the Split of each scenario, with Capacity and Scenarios; Split
	// and Assign are then those of the first.
	Scenes [][]Split
}

// Swap is an exchange of an open for a closed site.
type Swap struct {
	Out, In int

	// Change is how much worse the objective becomes, at least 0 in an optimal
	// solution but for rounding.
	Change float64
}

// Second is an objective that is optimised among the solutions that are best
// in the first. See Solution for the terms.
type Second struct {
	Objective, Bound, Gap float64
	Optimal               bool
}

// gap is the relative distance between an objective and its bound.
func gap(objective, bound float64) float64 {
	return math.Abs(objective-bound) / max(1e-12, math.Abs(objective))
}

// finish completes a solution, and takes the objective as the problem defines
// it rather than as the search summed it.
func (w *work) finish(a *assignment, bound float64, status Outcome, nodes int) *Solution {
	s := &Solution{
		Open: a.open, Objective: a.objective, Worth: a.worth(), Swap: w.swap(a),
		Status: status, Optimal: status == Optimal, Nodes: nodes,
	}
	s.Assign = make([]int, w.demands)
	for i := range s.Assign {
		s.Assign[i] = -1
		if first := a.first[i]; first.at >= 0 && (!w.covers() || w.served(first.cost) > 0) {
			s.Assign[i] = a.open[first.at]
		}
	}
	// Both sides of the proof are sums in different orders.
	if w.Model == MaximalCover {
		s.Bound = max(bound, s.Objective)
	} else {
		s.Bound = min(bound, s.Objective)
	}
	s.Gap = gap(s.Objective, s.Bound)
	if s.Optimal && w.Options.Gap > 0 && s.Gap > branch.Tolerance {
		s.Status, s.Optimal = WithinGap, false
	}
	return s
}

// covers reports whether cover, not cost, is what the model counts.
func (p *Problem) covers() bool { return p.Model == SetCover || p.Model == MaximalCover }
