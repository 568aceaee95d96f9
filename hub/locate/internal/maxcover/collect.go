package maxcover

import "slices"

// Collector merges demands that are covered by the same sites into one row of
// weight: m discs cut the plane into at most m(m-1)+2 cells, however many
// demands there are. Rows are numbered in the order in which they come up.
type Collector struct {
	Rows   [][]int32 // ascending sites of each row
	Weight []float64 // sum of the weights merged, in the order added

	hash  []uint64 // of each row
	table []int32  // open addressing: a row's number plus one, 0 where empty
	arena []int32  // room for rows to come
	rank  []int32  // scratch of AddNested: a site's place in the demand's order
}

// Add takes a demand with the ascending list of the sites that cover it,
// which is copied.
func (c *Collector) Add(sites []int32, weight float64) {
	var h uint64
	for _, j := range sites {
		h += spread(j)
	}
	c.add(h, sites, weight, false)
}

// AddNested takes a demand with its sites, in an order of preference, as one
// row for each prefix of them with a positive drop: drops[k] is the weight of
// the row "one of the first k+1 sites is open". The sum over the rows is the
// value of the best site open, if drops[k] is how much site k is worth more
// than the next.
func (c *Collector) AddNested(sites []int32, drops []float64) {
	for k, j := range sites {
		if need := int(j) + 1; need > len(c.rank) {
			c.rank = append(c.rank, make([]int32, need-len(c.rank))...)
		}
		c.rank[j] = int32(k + 1)
	}
	var h uint64
	for k, j := range sites {
		h += spread(j)
		if drops[k] > 0 {
			c.add(h, sites[:k+1], drops[k], true)
		}
	}
	for _, j := range sites {
		c.rank[j] = 0
	}
}

// Merge takes all rows of another collector, in their order.
func (c *Collector) Merge(o *Collector) {
	for i, row := range o.Rows {
		c.add(o.hash[i], row, o.Weight[i], false)
	}
}

// spread turns a site into 64 bits whose sum over a set serves as its hash,
// in whatever order its sites come (the finalizer of splitmix64; Steele, Lea
// and Flood 2014, doi:10.1145/2660193.2660195).
func spread(j int32) uint64 {
	z := (uint64(j) + 1) * 0x9e3779b97f4a7c15
	z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
	z = (z ^ z>>27) * 0x94d049bb133111eb
	return z ^ z>>31
}

// add finds or makes the row of a set of sites, given ascending or, if ranked,
// as the prefix that rank describes.
func (c *Collector) add(h uint64, sites []int32, weight float64, ranked bool) {
	if 2*(len(c.Rows)+1) > len(c.table) {
		c.grow()
	}
	mask := uint64(len(c.table) - 1)
	at := h & mask
	for ; c.table[at] != 0; at = (at + 1) & mask {
		i := c.table[at] - 1
		if c.hash[i] == h && c.same(c.Rows[i], sites, ranked) {
			c.Weight[i] += weight
			return
		}
	}
	row := c.keep(sites)
	if ranked {
		slices.Sort(row)
	}
	c.Rows = append(c.Rows, row)
	c.Weight = append(c.Weight, weight)
	c.hash = append(c.hash, h)
	c.table[at] = int32(len(c.Rows))
}

// same reports whether a row is the set of sites given.
func (c *Collector) same(row, sites []int32, ranked bool) bool {
	if len(row) != len(sites) {
		return false
	}
	if !ranked {
		return slices.Equal(row, sites)
	}
	for _, j := range row {
		if int(j) >= len(c.rank) || c.rank[j] == 0 || int(c.rank[j]) > len(sites) {
			return false
		}
	}
	return true
}

// keep copies a row into the arena: millions of small rows are few objects.
func (c *Collector) keep(sites []int32) []int32 {
	if len(c.arena) < len(sites) {
		c.arena = make([]int32, max(len(sites), min(1<<16, 64+8*len(c.Rows))))
	}
	row := c.arena[:len(sites):len(sites)]
	c.arena = c.arena[len(sites):]
	copy(row, sites)
	return row
}

// grow doubles the table.
func (c *Collector) grow() {
	c.table = make([]int32, max(64, 2*len(c.table)))
	mask := uint64(len(c.table) - 1)
	for i, h := range c.hash {
		at := h & mask
		for c.table[at] != 0 {
			at = (at + 1) & mask
		}
		c.table[at] = int32(i + 1)
	}
}
