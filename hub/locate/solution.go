package locate

import (
	"fmt"
	"math"
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
)

var outcomeNames = [...]string{"", "optimal", "interrupted", "node limit"}

// String returns the name of the outcome, such as "optimal".
func (o Outcome) String() string {
	if o > 0 && int(o) < len(outcomeNames) {
		return outcomeNames[o]
	}
	return fmt.Sprintf("Outcome(%d)", uint8(o))
}

// Solution is a feasible solution with what is proven about it.
type Solution struct {
	// Open lists the open sites in ascending order: exactly P of them in
	// PMedian and MaximalCover.
	Open []int

	// Assign gives for each demand the open site that serves it: the one of
	// least cost, ties to the lowest index. It is -1 if no open site can
	// serve the demand (a finite cost), or in the cover models if none is
	// within Radius.
	Assign []int

	// Worth gives for each entry of Open how much worse the objective becomes
	// if that site alone is closed and the demands turn to the open sites
	// that are left: the cost added in PMedian, the weight lost in
	// MaximalCover. It is +Inf if a demand then cannot be served (PMedian) or
	// is no longer covered (SetCover). A required site that SetCover does not
	// need has minus its opening cost.
	Worth []float64

	// Objective is the sum of weight times cost in PMedian, the weight
	// covered in MaximalCover and the sum of opening costs, required sites
	// included, in SetCover.
	Objective float64

	// Bound is proven: no solution has an objective below it, or above it in
	// MaximalCover.
	Bound float64

	// Gap is |Objective-Bound| / max(1e-12, |Objective|). If Optimal is true
	// it is at most 1e-9.
	Gap float64

	// Optimal reports whether Objective is proven optimal, to a relative
	// 1e-9. It is true exactly if Status is Optimal.
	Optimal bool

	// Status says how the search ended.
	Status Outcome

	// Nodes is the number of branch-and-bound nodes evaluated; 0 if the
	// solution was proven without a search.
	Nodes int
}

// gap is the relative distance between an objective and its bound.
func gap(objective, bound float64) float64 {
	return math.Abs(objective-bound) / max(1e-12, math.Abs(objective))
}

// finish completes a solution from its open sites, and takes the objective
// as the problem defines it rather than as the search summed it.
func (p *Problem) finish(open []int, bound float64, status Outcome, nodes int) *Solution {
	s := &Solution{Open: open, Status: status, Optimal: status == Optimal, Nodes: nodes}
	s.Assign = make([]int, p.Costs.Demands)
	s.Worth = p.worth(open)
	for i := range s.Assign {
		s.Assign[i] = -1
		first, _ := p.nearest(i, open)
		if first < 0 {
			continue
		}
		s.Assign[i] = open[first]
		switch w := p.weight(i); {
		case w == 0:
		case p.Model == PMedian:
			s.Objective += w * p.Costs.At(i, open[first])
		case p.Model == MaximalCover:
			s.Objective += w
		}
	}
	if p.Model == SetCover {
		for _, j := range open {
			s.Objective += p.opening(j)
		}
	}
	// Both sides of the proof are sums in different orders.
	if p.Model == MaximalCover {
		s.Bound = max(bound, s.Objective)
	} else {
		s.Bound = min(bound, s.Objective)
	}
	s.Gap = gap(s.Objective, s.Bound)
	return s
}

// nearest returns the positions in open of the two cheapest sites that can
// serve demand i (that cover it in the cover models), -1 where there is none;
// ties go to the lower position.
func (p *Problem) nearest(i int, open []int) (first, second int) {
	first, second = -1, -1
	c1, c2 := math.Inf(1), math.Inf(1)
	for k, j := range open {
		c := p.Costs.At(i, j)
		switch {
		case math.IsInf(c, 1) || p.Model != PMedian && c > p.Radius:
		case c < c1:
			first, second = k, first
			c1, c2 = c, c1
		case c < c2:
			second, c2 = k, c
		}
	}
	return first, second
}

// weight, opening and status read a slice that may be nil.

func (p *Problem) weight(i int) float64 {
	if p.Weight == nil {
		return 1
	}
	return p.Weight[i]
}

func (p *Problem) opening(j int) float64 {
	if p.Opening == nil {
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
