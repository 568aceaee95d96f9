package maxcover

// cover is a set of open sites with what each site is worth beside them.
type cover struct {
	in      *Instance
	columns [][]int32

	isOpen  []bool
	times   []int32 // how many open sites cover each row
	covered float64
	paid    float64
	count   int

	// gain is for a closed site the weight that it would add, for an open one
	// the weight that it alone covers.
	gain []float64
}

func newCover(in *Instance, columns [][]int32) cover {
	return cover{
		in: in, columns: columns, isOpen: make([]bool, in.Sites),
		times: make([]int32, len(in.Rows)), gain: make([]float64, in.Sites),
	}
}

// reset opens exactly the given sites and sums all anew, so that rounding
// does not build up from one search to the next.
func (c *cover) reset(open []int) {
	clear(c.isOpen)
	clear(c.times)
	clear(c.gain)
	c.covered, c.paid, c.count = 0, 0, len(open)
	for _, j := range open {
		c.isOpen[j] = true
		c.paid += c.in.cost(j)
		for _, i := range c.columns[j] {
			c.times[i]++
		}
	}
	for i, w := range c.in.Weight {
		switch c.times[i] {
		case 0:
			for _, j := range c.in.Rows[i] {
				c.gain[j] += w
			}
			continue
		case 1:
			c.gain[c.only(i)] += w
		}
		c.covered += w
	}
}

// only is the first open site that covers row i.
func (c *cover) only(i int) int32 {
	for _, j := range c.in.Rows[i] {
		if c.isOpen[j] {
			return j
		}
	}
	return -1
}

// open opens a closed site. What it would add is from now on what it alone
// covers.
func (c *cover) open(j int) {
	c.covered += c.gain[j]
	c.paid += c.in.cost(j)
	c.count++
	for _, i := range c.columns[j] {
		w := c.in.Weight[i]
		switch c.times[i] {
		case 0:
			for _, k := range c.in.Rows[i] {
				if int(k) != j {
					c.gain[k] -= w
				}
			}
		case 1:
			c.gain[c.only(int(i))] -= w
		}
		c.times[i]++
	}
	c.isOpen[j] = true
}

// close closes an open site.
func (c *cover) close(j int) {
	c.covered -= c.gain[j]
	c.paid -= c.in.cost(j)
	c.count--
	c.isOpen[j] = false
	for _, i := range c.columns[j] {
		w := c.in.Weight[i]
		c.times[i]--
		switch c.times[i] {
		case 0:
			for _, k := range c.in.Rows[i] {
				if int(k) != j {
					c.gain[k] += w
				}
			}
		case 1:
			c.gain[c.only(int(i))] += w
		}
	}
}

// sites appends the open sites in ascending order.
func (c *cover) sites(to []int) []int {
	for j, o := range c.isOpen {
		if o {
			to = append(to, j)
		}
	}
	return to
}
