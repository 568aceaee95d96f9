package center

import (
	"github.com/hubplan/hubplan/hub/locate/internal/cover"
	"github.com/hubplan/hubplan/hub/locate/internal/near"
)

// cells are the sites collected by which demands of the sample they cover
// within a radius. Every demand that is added splits them: the sites of a cell
// that cover it become a cell of their own. So the cells make a tree, in which
// a step up takes away the last demand covered; what a cell covers is read off
// on the way to the root, and a million sites need no lists of their own.
type cells struct {
	in    *Instance
	given []bool
	r     float64
	seen  int // demands of the sample split by so far
	rows  int // of these, those not covered by the sites given
	empty bool

	cell   []int32 // of each site
	parent []int32 // of each cell; the root, 0, covers nothing
	row    []int32 // covered by the cell and not by its parent
	size   []int32 // sites in the cell
	mark   []int32 // the row by which the cell was split last
	part   []int32 // the cell that its sites then went to

	column []int32 // of each cell in the instance made last, -1 if it has none
	pairs  []near.Pair
}

func (c *cells) init(in *Instance, sites int) {
	c.in = in
	c.given = make([]bool, sites)
	c.cell = make([]int32, sites)
}

// reset returns to one cell, for a radius.
func (c *cells) reset(r float64) {
	c.r, c.seen, c.rows, c.empty = r, 0, 0, false
	clear(c.cell)
	c.parent, c.row, c.size = c.parent[:0], c.row[:0], c.size[:0]
	c.mark, c.part = c.mark[:0], c.part[:0]
	c.grow(-1, -1)
	c.size[0] = int32(len(c.cell))
}

// grow adds a cell.
func (c *cells) grow(parent, row int32) int32 {
	c.parent = append(c.parent, parent)
	c.row = append(c.row, row)
	c.size = append(c.size, 0)
	c.mark = append(c.mark, -1)
	c.part = append(c.part, 0)
	return int32(len(c.parent) - 1)
}

// split takes demand i into account.
func (c *cells) split(i int32) {
	c.seen++
	weight := c.in.weight(int(i))
	// The division rounds; the product decides.
	c.pairs = c.in.Source.Within(int(i), c.r/weight*(1+1e-12), c.pairs[:0])
	row := int32(c.rows)
	within := c.pairs[:0]
	for _, p := range c.pairs {
		if weight*p.Cost > c.r {
			continue
		}
		if c.given[p.Site] {
			return
		}
		within = append(within, p)
	}
	c.rows++
	c.empty = c.empty || len(within) == 0
	for _, p := range within {
		from := c.cell[p.Site]
		if c.mark[from] != row {
			c.mark[from] = row
			c.part[from] = c.grow(from, row)
		}
		to := c.part[from]
		c.cell[p.Site] = to
		c.size[from]--
		c.size[to]++
	}
}

// instance is the set cover of the sample by the cells, of which each stands
// for its site of lowest index, and those sites; ok is false if a demand has
// none.
func (c *cells) instance() (in *cover.Instance, sites []int32, ok bool) {
	if c.empty {
		return nil, nil, false
	}
	in = &cover.Instance{Rows: make([][]int32, c.rows)}
	c.column = append(c.column[:0], make([]int32, len(c.parent))...)
	for k := range c.column {
		c.column[k] = -1
	}
	for j, k := range c.cell {
		if k == 0 || c.column[k] >= 0 {
			continue
		}
		column := int32(len(sites))
		c.column[k] = column
		sites = append(sites, int32(j))
		for ; k > 0; k = c.parent[k] {
			in.Rows[c.row[k]] = append(in.Rows[c.row[k]], column)
		}
	}
	in.Sites = len(sites)
	in.Opening = make([]float64, in.Sites)
	for k := range in.Opening {
		in.Opening[k] = 1
	}
	return in, sites, true
}

// columns are the positions in kept, ascending columns of the instance made
// last, of the cells that some sites are in.
func (c *cells) columns(sites, kept []int) []int {
	if len(sites) == 0 {
		return nil
	}
	at := make([]int32, len(c.cell))
	for p, k := range kept {
		at[k] = int32(p) + 1
	}
	var out []int
	for _, j := range sites {
		if k := c.column[c.cell[j]]; k >= 0 && at[k] > 0 {
			out = append(out, int(at[k])-1)
		}
	}
	return out
}
