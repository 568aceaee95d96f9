// Package branch is best-first branch and bound over yes-or-no decisions on
// sites, with bounds from a Lagrangian relaxation.
//
// The location models differ only in how a vector of multipliers u prices the
// sites. Each of them, once its coupling rows are relaxed, has the form
//
//	L(u) = base(u) + min { sum_j rho_j(u) x_j : x in {0,1}, and sum_j x_j = k if k is given }
//
// and is solved by picking the sites of least price. Model supplies base, rho
// and a subgradient; this package climbs L with the volume algorithm, fixes
// sites by their prices, branches on what remains and keeps the proof.
//
// All problems are minimisations here.
package branch

// State is the decision on one site.
type State int8

const (
	Free State = iota // not decided
	In                // open in every solution of the node
	Out               // closed in every solution of the node
)

// Model is a location problem as its Lagrangian relaxation shows it. A Model
// may keep scratch space: it is used from one goroutine at a time.
type Model interface {
	// Fork returns a model of the same problem that shares nothing it writes
	// to with any other. It is called once the root has been evaluated, for
	// the nodes below.
	Fork() Model

	// Rows is the number of multipliers.
	Rows() int

	// Sites is the number of decisions.
	Sites() int

	// Count is the number of sites to open, or negative if any number may be.
	Count() int

	// Fixed returns the price that site j has at u = 0, which scales the
	// rounding margin of the bound.
	Fixed(j int) float64

	// Start writes multipliers to begin the ascent with.
	Start(u []float64)

	// Enter prepares the model for a node. It may decide more sites (never
	// against an optimal solution of the node) and writes for each multiplier
	// the interval in which a best one lies. It reports false if the node has
	// no feasible solution.
	Enter(state []State, lo, hi []float64) bool

	// Price writes the price of every site that is not Out and returns
	// base(u). All terms of base have one sign, so that its magnitude bounds
	// its rounding, or are bounded by it and the sum of u.
	Price(u, rho []float64) float64

	// Gradient writes the subgradient at the last priced u for the selection.
	Gradient(chosen []bool, g []float64)

	// Round turns multipliers and the selection they lead to into a feasible
	// solution of the whole problem, in ascending order, and its value; nil if
	// it finds none. The slice is valid until the next call. A deep call, made
	// at the root, may spend more time.
	Round(u []float64, chosen []bool, deep bool) ([]int, float64)

	// Value is the exact value of the given sites being the open ones, +Inf
	// if they are no solution.
	Value(open []int) float64
}

// A Divider is a Model that can see a node fall apart into problems of their
// own, which the number of sites alone ties together.
type Divider interface {
	Model

	// Divide is called for a node that has been entered, with rounds from 0
	// on, each of which works harder on the parts of the node. It returns a
	// lower bound on every solution of the node and a solution (ascending, nil
	// if it has none), and how many nodes it has evaluated in the parts, of
	// which no part may take more than limit at a time. u are good multipliers,
	// price is what one site more would save, about; bounds from cutoff on need
	// not be raised.
	Divide(state []State, u []float64, price, cutoff float64, limit, round int) (open []int, bound float64, nodes int, p Progress)
}

// Progress is how far a Divider has come with a node.
type Progress int

const (
	Whole  Progress = iota // does not fall apart, or another round is of no use
	Going                  // the bound may be raised by another round
	Solved                 // the bound is that of the solution, or at least the cutoff
)

// An Intensifier is a Model that looks for better solutions between nodes.
type Intensifier interface {
	Model

	// Intensify looks for a solution (ascending) better than the best known and
	// returns it with its value, nil if it finds none. It is called on the
	// model of the root, from one goroutine, now and then while the tree grows.
	Intensify(open []int) ([]int, float64)
}
