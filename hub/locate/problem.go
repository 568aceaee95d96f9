package locate

import "fmt"

// Status says whether a solution may, must or must not open a site.
type Status uint8

const (
	Candidate Status = iota // may be opened
	Required                // is open in every solution
	Excluded                // is never open
)

var statusNames = [...]string{"candidate", "required", "excluded"}

// String returns the name of the status, such as "required".
func (s Status) String() string {
	if int(s) < len(statusNames) {
		return statusNames[s]
	}
	return fmt.Sprintf("Status(%d)", uint8(s))
}

// Costs is a dense matrix of the cost of serving a demand from a site, for
// each unit of the demand's weight: a time, a distance or money. The unit is
// the caller's; Problem.Radius has the same.
type Costs struct {
	Demands, Sites int

	// Values holds the cost of serving demand i from site j at
	// Values[i*Sites+j]: at least 0, or +Inf if the site cannot serve it.
	Values []float64
}

// At returns the cost of serving demand i from site j.
func (c Costs) At(i, j int) float64 { return c.Values[i*c.Sites+j] }

// Problem is a location problem. Solve does not modify it.
type Problem struct {
	Model Model
	Costs Costs

	// Weight of each demand, at least 0; nil means 1 each. A demand of weight
	// 0 asks for nothing: it needs no service in PMedian and no cover in
	// SetCover. It is assigned all the same where an open site can serve it.
	Weight []float64

	// P is the number of sites to open, required ones among them, in PMedian
	// and MaximalCover. SetCover ignores it.
	P int

	// Radius is the largest cost that covers (cost <= Radius) in MaximalCover
	// and SetCover; +Inf covers wherever service is possible. PMedian ignores
	// it.
	Radius float64

	// Opening is the cost of opening each site in SetCover, at least 0; nil
	// means 1 each. The other models ignore it.
	Opening []float64

	// Site is the status of each site; nil means that all are candidates.
	Site []Status
}

// Options adjust a search. The zero value searches until the result is
// proven.
type Options struct {
	// Nodes limits the branch-and-bound nodes evaluated; 0 means no limit.
	Nodes int

	// Seed drives the random restarts of the local search in PMedian and
	// MaximalCover. It has no part in the proof, but where several solutions
	// are optimal it may decide which one is found.
	Seed uint64

	// Progress, if not nil, is called from the goroutine of Solve whenever
	// the objective or the bound has improved.
	Progress func(Progress)
}

// Progress is how far a search has come. See Solution for the terms.
type Progress struct {
	Objective, Bound, Gap float64
	Nodes                 int // evaluated so far
}
