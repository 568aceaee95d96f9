// Package cover is set cover on lists of the sites that cover each row:
// reductions, a Lagrangian relaxation, local searches, and a search for covers
// by few sites.
package cover

import "math"

// Instance is a set cover: every row must be covered at the least sum of
// Opening.
type Instance struct {
	Sites   int
	Rows    [][]int32 // ascending sites that cover each row
	Opening []float64 // per site, at least 0
}

// Value is what a set of open sites costs: +Inf if it leaves a row uncovered.
func (in *Instance) Value(open []int) float64 {
	isOpen := make([]bool, in.Sites)
	var sum float64
	for _, j := range open {
		isOpen[j] = true
		sum += in.Opening[j]
	}
	for _, row := range in.Rows {
		covered := false
		for _, j := range row {
			covered = covered || isOpen[j]
		}
		if !covered {
			return math.Inf(1)
		}
	}
	return sum
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
	block := make([]int32, total)
	columns := make([][]int32, in.Sites)
	for j, n := range count {
		columns[j], block = block[:0:n], block[n:]
	}
	for i, row := range in.Rows {
		for _, j := range row {
			columns[j] = append(columns[j], int32(i))
		}
	}
	return columns
}
