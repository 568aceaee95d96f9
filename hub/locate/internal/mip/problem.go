// Package mip solves mixed-integer linear programs by branch and bound on their
// linear relaxations: the engine of the location models whose rules leave the
// specialised engines no structure to use.
//
// Nodes are taken best bound first, eight side by side, so that the result does
// not depend on the number of cores; they start from the basis of their parent,
// tighten integer columns by the rows (Savelsbergh 1994, ORSA Journal on
// Computing 6) and by reduced costs, and branch by pseudocosts that strong
// branching makes reliable (Achterberg, Koch and Martin 2005, Operations Research
// Letters 33). Solutions come from the nodes, from dives and from searches in the
// neighbourhood of the best one (Danna, Rothberg and Le Pape 2005, Mathematical
// Programming 102).
//
// A node is given up by nothing but a bound that its multipliers prove, see
// package simplex.
package mip

import (
	"math"

	"github.com/hubplan/hubplan/hub/locate/internal/simplex"
)

// Problem is a linear program, to be minimised, some columns of which must take
// integer values.
type Problem struct {
	simplex.Problem
	Integer []bool // of each column
}

// Add adds a column that may take any value between its bounds, AddInteger one
// that may take only integers.
func (p *Problem) Add(cost, lower, upper float64) int {
	p.Integer = append(p.Integer, false)
	return p.AddColumn(cost, lower, upper)
}

// AddInteger see Add.
func (p *Problem) AddInteger(cost, lower, upper float64) int {
	p.Integer = append(p.Integer, true)
	return p.AddColumn(cost, lower, upper)
}

// Options adjust a search.
type Options struct {
	Stop    func() bool
	Nodes   int     // most nodes to evaluate, 0 for any number
	Gap     float64 // relative, at which to end; 0 for proof
	Workers int     // at least 1

	// Step is a number of which the value of every solution is a multiple, 0 if
	// there is none.
	Step float64

	// Start is a solution known already, nil if there is none.
	Start []float64

	// Report, if not nil, is called when the value or the bound has improved.
	Report func(value, bound float64, nodes int)
}

// Result is what a search has found and proven.
type Result struct {
	X        []float64 // integer columns rounded; nil if there is no solution
	Value    float64   // of X, +Inf if there is none
	Bound    float64   // no solution is below it; +Inf if there is none at all
	Nodes    int
	Complete bool // the tree is empty: Value is proven to Tolerance
}

// Tolerance is the relative distance from the best value at which a node is
// given up. Where that value is 0, or below 1e-9 of the largest one that the
// bounds of the columns allow, the distance is 1e-11 of the latter.
const Tolerance = 5e-10

// integral is the distance from an integer that counts as none.
const integral = 1e-7

// fraction is the distance of a value from the nearest integer.
func fraction(v float64) float64 { return math.Abs(v - math.Round(v)) }
