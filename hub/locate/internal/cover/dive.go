package cover

import (
	"cmp"
	"math"
	"math/bits"
	"slices"
)

// diving is a search depth first below a node of Decide that keeps the
// multipliers the node has ended with. What a site costs beyond its rows is
// then kept up to date from node to node, so that a node takes microseconds,
// hundreds of times less than one that climbs afresh, at the price of a weaker
// bound. It ends or gives up, which leaves the node as it was.
//
// Multipliers are integers, in parts of one site: whatever they are rounded to
// bounds the number of sites, and sums and differences are exact.
type diving struct {
	stop   func() bool
	p      *part
	words  int      // of a set of rows
	cover  []uint64 // rows of each site
	bare   []uint64 // rows not covered yet
	share  []int32  // multiplier of each row
	price  []int32  // of each site: 1 less the multipliers of its bare rows
	out    []bool   // sites that may not open
	count  []int32  // per row, sites that may open
	limit  int64    // the bound from which on a node has no cover
	work   int      // operations left
	trail  []int32  // sites taken out on the way to the present node
	counts []int32  // the counts at every node on that way
	path   []int32  // sites opened on it
	sets   []uint64 // rows of the options and of the sites opened, for all nodes on the way
}

// ease is about how much smaller the search below a node becomes where opening
// a site raises the bound by its price: the exponent was found by trial.
func ease(price float64) float64 { return math.Exp(-3.5 * max(0, price)) }

// eases are the values of ease for prices in steps of one>>easeBits.
var eases = func() (t [2<<easeBits + 1]float32) {
	for k := range t {
		t[k] = float32(ease(float64(k) / (1 << easeBits)))
	}
	return t
}()

const easeBits = 6

// one is the multiplier that is worth a site.
const one = 1 << 20

// dive looks for a cover of the part by at most k sites. It reports whether it
// got to an end within the given number of operations and before
// stop, and if there is a cover
// leaves it in d.path.
func (d *diving) dive(p *part, k, work int) (found, done bool) {
	d.p, d.words, d.work = p, (p.rows()+63)/64, work
	d.limit = int64(k) * one
	n, m := p.rows(), p.sites()
	d.cover = append(d.cover[:0], make([]uint64, m*d.words)...)
	d.bare = append(d.bare[:0], make([]uint64, d.words)...)
	d.share, d.count = d.share[:0], d.count[:0]
	d.price, d.out = d.price[:0], append(d.out[:0], make([]bool, m)...)
	d.trail, d.counts, d.path, d.sets = d.trail[:0], d.counts[:0], d.path[:0], d.sets[:0]
	var bound int64
	for i := range n {
		u := int32(p.u[i] * one)
		d.share = append(d.share, u)
		d.count = append(d.count, int32(len(p.row(i))))
		d.bare[i/64] |= 1 << (i % 64)
		bound += int64(u)
	}
	for j := range m {
		price := int32(one)
		for _, i := range p.column(j) {
			price -= d.share[i]
			d.cover[j*d.words+int(i)/64] |= 1 << (i % 64)
		}
		d.price = append(d.price, price)
		bound += int64(min(0, price))
	}
	found = d.descend(k, bound)
	return found, found || d.work > 0
}

// descend looks for a cover of the bare rows by at most k sites, at a node with
// a bound.
func (d *diving) descend(k int, bound int64) bool {
	if bound > d.limit {
		return false
	}
	if d.stop() {
		d.work = 0
		return false
	}
	entry := d.mark()
	defer d.restore(entry)
	if !d.rule(bound) {
		return false
	}
	row := d.hardest()
	if row < 0 || k == 0 {
		return row < 0
	}
	from := len(d.sets)
	found := false
	for _, j := range d.branch(row) {
		next := d.open(j, bound)
		found = d.descend(k-1, next)
		if found {
			d.path = append(d.path, j)
		}
		d.shut(j)
		if found || d.work <= 0 {
			break
		}
		// No cover has site j: without it the others must do.
		bound -= int64(min(0, d.price[j]))
		if bound > d.limit || !d.take(j) {
			break
		}
	}
	d.sets = d.sets[:from]
	return found
}

// rule takes out the sites whose price exceeds what is left to the limit. It
// reports false if some row has no site left.
func (d *diving) rule(bound int64) bool {
	most := int32(min(d.limit-bound, 2*one))
	d.work -= len(d.price)
	for j, price := range d.price {
		if price > most && !d.out[j] && !d.take(int32(j)) {
			return false
		}
	}
	return true
}

// take takes out a site, which reports false if one of its bare rows is left
// without any.
func (d *diving) take(j int32) bool {
	d.trail = append(d.trail, j)
	d.out[j] = true
	ok := true
	for w, set := range d.cover[int(j)*d.words:][:d.words] {
		for set &= d.bare[w]; set != 0; set &= set - 1 {
			i := w*64 + bits.TrailingZeros64(set)
			d.count[i]--
			d.work--
			ok = ok && d.count[i] > 0
		}
	}
	return ok
}

// mark notes which sites are out, and restore returns to that.
func (d *diving) mark() mark {
	m := mark{len(d.trail), len(d.counts)}
	d.counts = append(d.counts, d.count...)
	return m
}

func (d *diving) restore(m mark) {
	for _, j := range d.trail[m.trail:] {
		d.out[j] = false
	}
	copy(d.count, d.counts[m.counts:])
	d.trail, d.counts = d.trail[:m.trail], d.counts[:m.counts]
}

// mark is where the trail and the counts ended.
type mark struct{ trail, counts int }

// hardest is the bare row to branch on: of those with few sites that for which
// the searches below them are likely to be smallest in sum; -1 if no row is
// bare.
func (d *diving) hardest() int {
	fewest := int32(math.MaxInt32)
	for w, set := range d.bare {
		for ; set != 0; set &= set - 1 {
			fewest = min(fewest, d.count[w*64+bits.TrailingZeros64(set)])
		}
	}
	best, least := -1, float32(0)
	for w, set := range d.bare {
		for ; set != 0; set &= set - 1 {
			i := w*64 + bits.TrailingZeros64(set)
			if d.count[i] > 2*fewest {
				continue
			}
			sum := float32(0)
			row := d.p.row(i)
			d.work -= len(row)
			for _, j := range row {
				if !d.out[j] {
					sum += eases[max(0, d.price[j])/(one>>easeBits)]
				}
			}
			if best < 0 || sum < least {
				best, least = i, sum
			}
		}
	}
	return best
}

// branch lists the sites of a row of which one must open, without those whose
// bare rows another covers too, that of least price first.
func (d *diving) branch(row int) []int32 {
	type option struct {
		site int32
		size int
		at   int // of its bare rows in sets
	}
	var options []option
	for _, j := range d.p.row(row) {
		if d.out[j] {
			continue
		}
		o := option{site: j, at: len(d.sets)}
		for w, set := range d.cover[int(j)*d.words:][:d.words] {
			set &= d.bare[w]
			o.size += bits.OnesCount64(set)
			d.sets = append(d.sets, set)
		}
		options = append(options, o)
	}
	slices.SortFunc(options, func(a, b option) int {
		return cmp.Or(cmp.Compare(b.size, a.size), cmp.Compare(a.site, b.site))
	})
	var sites []int32
	kept := options[:0]
	for _, o := range options {
		own, dominated := d.sets[o.at:][:d.words], false
		for _, k := range kept {
			d.work--
			if within(own, d.sets[k.at:][:d.words]) {
				dominated = true
				break
			}
		}
		if !dominated {
			kept = append(kept, o)
			sites = append(sites, o.site)
		}
	}
	slices.SortFunc(sites, func(a, b int32) int {
		return cmp.Or(cmp.Compare(d.price[a], d.price[b]), cmp.Compare(a, b))
	})
	return sites
}

// within reports whether b has all rows of a.
func within(a, b []uint64) bool {
	for w, set := range a {
		if set&^b[w] != 0 {
			return false
		}
	}
	return true
}

// open covers the rows of a site and returns the bound that follows.
func (d *diving) open(j int32, bound int64) int64 {
	bound += int64(max(0, d.price[j]))
	d.out[j] = true
	for w, set := range d.cover[int(j)*d.words:][:d.words] {
		set &= d.bare[w]
		d.sets = append(d.sets, set)
		d.bare[w] &^= set
		for ; set != 0; set &= set - 1 {
			i := w*64 + bits.TrailingZeros64(set)
			u := d.share[i]
			if u == 0 {
				continue
			}
			row := d.p.row(i)
			d.work -= len(row)
			for _, c := range row {
				price := d.price[c]
				if price < 0 && !d.out[c] {
					bound += int64(min(-price, u))
				}
				d.price[c] = price + u
			}
		}
	}
	return bound
}

// shut takes back what open did last.
func (d *diving) shut(j int32) {
	from := len(d.sets) - d.words
	for w, set := range d.sets[from:] {
		d.bare[w] |= set
		for ; set != 0; set &= set - 1 {
			i := w*64 + bits.TrailingZeros64(set)
			if u := d.share[i]; u != 0 {
				for _, c := range d.p.row(i) {
					d.price[c] -= u
				}
			}
		}
	}
	d.sets = d.sets[:from]
	d.out[j] = false
}
