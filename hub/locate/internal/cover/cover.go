// Package cover is set cover and maximal cover on lists of the sites that
// cover each row: reductions, a Lagrangian relaxation and heuristics.
package cover

import (
	"encoding/binary"
	"math"
)

// Instance is a covering problem. If Weight is nil every row must be covered
// at the least sum of Opening (set cover); otherwise Open sites are to cover
// as much weight as possible (maximal cover), and values are minus the weight
// covered, so that less is better in both.
type Instance struct {
	Sites   int
	Rows    [][]int32 // ascending sites that cover each row
	Weight  []float64 // per row, positive; nil in set cover
	Opening []float64 // per site; nil in maximal cover
	Open    int       // sites to open in maximal cover
}

// Value is the value of a set of open sites: +Inf if it leaves a row of a set
// cover uncovered.
func (in *Instance) Value(open []int) float64 {
	isOpen := make([]bool, in.Sites)
	var sum float64
	for _, j := range open {
		isOpen[j] = true
		if in.Opening != nil {
			sum += in.Opening[j]
		}
	}
	for i, row := range in.Rows {
		covered := false
		for _, j := range row {
			covered = covered || isOpen[j]
		}
		switch {
		case in.Weight == nil && !covered:
			return math.Inf(1)
		case in.Weight != nil && covered:
			sum -= in.Weight[i]
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

// Collector merges demands that are covered by the same sites into one row:
// m discs cut the plane into at most m(m-1)+2 cells, however many demands
// there are.
type Collector struct {
	Rows   [][]int32
	Weight []float64 // sum of the weights merged, in the order added
	row    map[string]int
	key    []byte
}

// Add takes a demand with the ascending list of the sites that cover it,
// which is copied.
func (c *Collector) Add(sites []int32, weight float64) {
	c.key = c.key[:0]
	for _, j := range sites {
		c.key = binary.AppendUvarint(c.key, uint64(j))
	}
	if c.row == nil {
		c.row = make(map[string]int)
	}
	i, ok := c.row[string(c.key)]
	if !ok {
		i = len(c.Rows)
		c.row[string(c.key)] = i
		c.Rows = append(c.Rows, append([]int32(nil), sites...))
		c.Weight = append(c.Weight, 0)
	}
	c.Weight[i] += weight
}
