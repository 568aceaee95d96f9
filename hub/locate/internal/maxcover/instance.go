// Package maxcover opens sites that cover as much weight as they can, so many
// or within a budget, or that cover a given weight at the least cost: demands
// merged into rows, reductions, a local search, and the Lagrangian relaxations
// that package branch proves by.
//
// All problems are minimisations here: the value of a maximal cover is minus
// the weight that it covers.
package maxcover

import "math"

// Instance is a covering problem whose rows may stay uncovered. It is one of
//
//   - Cost nil: exactly Open sites, to cover most;
//   - Cost set: sites of a total cost within Budget, and no more than Open of
//     them if that is positive, to cover most;
//   - Need positive: sites of least Cost that cover at least Need.
//
// Cost and weights are sums that the caller rounds as it likes: a budget or a
// need that is to be met with leeway has it in Budget or Need.
type Instance struct {
	Sites  int
	Rows   [][]int32 // ascending sites that cover each row
	Weight []float64 // per row, positive
	Open   int
	Cost   []float64 // per site, at least 0
	Budget float64
	Need   float64
}

// exact reports whether the number of sites is given.
func (in *Instance) exact() bool { return in.Cost == nil }

// Total is the weight of all rows.
func (in *Instance) Total() float64 {
	var sum float64
	for _, w := range in.Weight {
		sum += w
	}
	return sum
}

// Covered is the weight that a set of sites covers.
func (in *Instance) Covered(open []int) float64 {
	isOpen := make([]bool, in.Sites)
	for _, j := range open {
		isOpen[j] = true
	}
	var sum float64
	for i, row := range in.Rows {
		for _, j := range row {
			if isOpen[j] {
				sum += in.Weight[i]
				break
			}
		}
	}
	return sum
}

// Paid is the cost of a set of sites, ascending.
func (in *Instance) Paid(open []int) float64 {
	var sum float64
	for _, j := range open {
		sum += in.cost(j)
	}
	return sum
}

func (in *Instance) cost(j int) float64 {
	if in.Cost == nil {
		return 0
	}
	return in.Cost[j]
}

// Value is the value of a set of open sites, ascending: +Inf if they are no
// solution.
func (in *Instance) Value(open []int) float64 {
	paid := in.Paid(open)
	covered := in.Covered(open)
	switch {
	case in.Need > 0 && covered >= in.Need:
		return paid
	case in.Need > 0,
		in.exact() && len(open) != in.Open,
		!in.exact() && (paid > in.Budget || in.Open > 0 && len(open) > in.Open):
		return math.Inf(1)
	}
	return -covered
}

// columns lists the rows that each site covers, ascending.
func (in *Instance) columns() [][]int32 {
	count := make([]int, in.Sites)
	total := 0
	for _, row := range in.Rows {
		for _, j := range row {
			count[j]++
		}
		total += len(row)
	}
	// One block for all columns, so that a pass over them is a pass in memory.
	memory := make([]int32, total)
	columns := make([][]int32, in.Sites)
	for j, n := range count {
		columns[j], memory = memory[:0:n], memory[n:]
	}
	for i, row := range in.Rows {
		for _, j := range row {
			columns[j] = append(columns[j], int32(i))
		}
	}
	return columns
}
