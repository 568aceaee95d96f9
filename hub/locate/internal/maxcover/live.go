package maxcover

import "github.com/hubplan/hubplan/hub/locate/internal/branch"

// live is what the decisions of a node leave open: the rows that some sites
// may still cover and none of those that are In does. Only their multipliers
// matter, and the steps at a node look at nothing else.
type live struct {
	is    []bool // per row
	start []int  // the live rows of site j are rows[start[j]:start[j+1]]
	rows  []int32
}

func newLive(rows, sites int) live {
	return live{is: make([]bool, rows), start: make([]int, sites+1)}
}

// list takes the live rows of every column, once is is set.
func (l *live) list(columns [][]int32, state []branch.State) {
	l.rows = l.rows[:0]
	for j, column := range columns {
		if state[j] != branch.Out {
			for _, i := range column {
				if l.is[i] {
					l.rows = append(l.rows, i)
				}
			}
		}
		l.start[j+1] = len(l.rows)
	}
}

// of is the live rows of a site.
func (l *live) of(j int) []int32 { return l.rows[l.start[j]:l.start[j+1]] }
