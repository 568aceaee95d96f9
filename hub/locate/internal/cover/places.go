package cover

import (
	"math/bits"
	"slices"
)

// places is a search for a cover by k sites that does not say which site opens
// before it must. Each site to open is a place with a list of the sites that may
// still take it. A node asks of one row and one place whether the place covers
// the row, and either answer shortens the list. So a node commits to little, and
// what all the sites of a list have in common is known long before one of them
// is chosen; Decide, which opens one site of a row at every node, tells sites
// apart that differ in rows far from where the difficulty is.
//
// No two of the places are alike at first: each is for one of a set of rows of
// which no site covers two, as far as there are such rows. The places left over,
// the fresh ones, share a list; what one of them may not cover none of them may,
// until one is asked to cover a row and gets a list of its own.
type places struct {
	stop   func() bool
	limit  int
	nodes  int
	gaveUp bool

	n, words int      // rows, and words of a set of rows
	cover    []uint64 // rows of each site
	all      []uint64 // all rows
	open     []int32  // the cover, once found
	levels   []*level // of the nodes on the way to the present one
	arena    []int32  // lists, those of the nodes on the way one after the other

	one, two []uint64  // scratch: sets of rows
	gain     []float64 // scratch: per site of each list
	reach    []float64 // scratch: per list and row
	times    []int32   // scratch: per row
}

// level is the state of a node.
type level struct {
	list  [][]int32 // sites that may take each place
	fresh int       // places that the last list stands for; 0 if it stands for one like the others
	every []uint64  // per list, rows that all of its sites cover
	some  []uint64  // per list, rows that at least one of them covers
	sure  []uint64  // rows covered whichever sites are chosen; the others are bare
	u     []float64 // multipliers of the rows
	v     float64   // what is caught at u beyond what must be, see evaluate
	total float64   // sum of the multipliers of bare rows
	top   []float64 // per list, the greatest gain of a site
	best  []int32   // and the site that has it
}

// stands is the number of places that a list stands for.
func (l *level) stands(k int) int {
	if l.fresh > 0 && k == len(l.list)-1 {
		return l.fresh
	}
	return 1
}

// bare reports whether a row is not covered whichever sites are chosen.
func (l *level) bare(i int) bool { return l.sure[i/64]>>(i%64)&1 == 0 }

// Place looks for a cover of all rows by at most k sites, whatever they cost, or
// proves that there is none, as Decide does. It is meant for few sites: its
// nodes are many times smaller and quicker, but each has to do with all places.
// It gives up after limit nodes, if that is positive, and once stop reports
// true. Every row must have a site.
func Place(in *Instance, k, limit int, stop func() bool) Decision {
	if len(in.Rows) == 0 {
		return Decision{Open: []int{}, Done: true}
	}
	d := &places{stop: stop, limit: limit, n: len(in.Rows), words: (len(in.Rows) + 63) / 64}
	d.cover = make([]uint64, in.Sites*d.words)
	d.all, d.one, d.two = make([]uint64, d.words), make([]uint64, d.words), make([]uint64, d.words)
	d.times = make([]int32, d.n)
	for i, row := range in.Rows {
		d.all[i/64] |= 1 << (i % 64)
		for _, j := range row {
			d.cover[int(j)*d.words+i/64] |= 1 << (i % 64)
		}
	}
	apart := d.apart(in)
	if len(apart) > k {
		return Decision{Done: true, Nodes: 1}
	}
	d.root(in, apart, k)
	found := d.node(0, firstSteps)
	r := Decision{Done: found || !d.gaveUp, Nodes: d.nodes}
	if found {
		slices.Sort(d.open)
		for _, j := range slices.Compact(d.open) {
			r.Open = append(r.Open, int(j))
		}
	}
	return r
}

// root makes the first level: a place for each of the rows apart, and k in all.
// A multiplier begins at the share of a row in the largest site that covers it.
func (d *places) root(in *Instance, apart []int, k int) {
	l := d.level(0)
	for _, i := range apart {
		l.list = append(l.list, in.Rows[i])
	}
	if l.fresh = k - len(apart); l.fresh > 0 {
		every := make([]int32, in.Sites)
		for j := range every {
			every[j] = int32(j)
		}
		l.list = append(l.list, every)
	}
	l.every = make([]uint64, len(l.list)*d.words)
	l.some = make([]uint64, len(l.list)*d.words)
	for k := range l.list {
		d.sum(l, k)
	}
	for _, row := range in.Rows {
		most := 1
		for _, j := range row {
			most = max(most, size(d.rows(j)))
		}
		l.u = append(l.u, 1/float64(most))
	}
}

// apart finds rows of which no site covers two: from each of some rows on,
// always the one with the fewest rows that go with it left.
func (d *places) apart(in *Instance) []int {
	const starts = 16
	with := make([]uint64, d.n*d.words) // rows that share a site with each row
	order := make([]int, d.n)
	for i, row := range in.Rows {
		order[i] = i
		for _, j := range row {
			for w, set := range d.rows(j) {
				with[i*d.words+w] |= set
			}
		}
	}
	slices.SortStableFunc(order, func(a, b int) int {
		return size(with[a*d.words:][:d.words]) - size(with[b*d.words:][:d.words])
	})
	var best, chosen []int
	out := make([]uint64, d.words)
	for _, first := range order[:min(d.n, starts)] {
		if d.stop() {
			break
		}
		chosen = chosen[:0]
		clear(out)
		for pick := first; pick >= 0; {
			chosen = append(chosen, pick)
			for w, set := range with[pick*d.words:][:d.words] {
				out[w] |= set
			}
			pick = -1
			least := 0
			for _, i := range order {
				if out[i/64]>>(i%64)&1 != 0 {
					continue
				}
				left := 0
				for w, set := range with[i*d.words:][:d.words] {
					left += bits.OnesCount64(set &^ out[w])
				}
				if pick < 0 || left < least {
					pick, least = i, left
				}
			}
		}
		if len(chosen) > len(best) {
			best = slices.Clone(chosen)
		}
	}
	slices.Sort(best)
	return best
}

// rows is the set of rows of a site.
func (d *places) rows(j int32) []uint64 { return d.cover[int(j)*d.words:][:d.words] }

// size is the number of rows in a set.
func size(set []uint64) int {
	n := 0
	for _, word := range set {
		n += bits.OnesCount64(word)
	}
	return n
}

// level returns the level at a depth, to be written on.
func (d *places) level(depth int) *level {
	for len(d.levels) <= depth {
		d.levels = append(d.levels, &level{sure: make([]uint64, d.words)})
	}
	return d.levels[depth]
}

// node looks for a cover that keeps to the lists of the level at a depth.
func (d *places) node(depth, steps int) bool {
	l := d.level(depth)
	mark := len(d.arena)
	defer func() { d.arena = d.arena[:mark] }()
	for {
		d.nodes++
		if d.stop() || d.limit > 0 && d.nodes > d.limit {
			d.gaveUp = true
			return false
		}
		if !d.propagate(l) {
			return false
		}
		alive, covered := d.bound(l, steps)
		if covered || !alive {
			return covered
		}
		steps = moreSteps
		i, k := d.choose(l)
		d.yes(l, k, i, d.level(depth+1))
		if d.node(depth+1, steps) {
			return true
		}
		if d.gaveUp {
			return false
		}
		d.no(l, k, i)
	}
}

// yes writes the level at which place k covers row i.
func (d *places) yes(l *level, k, i int, to *level) {
	to.list = append(to.list[:0], l.list...)
	to.fresh = l.fresh
	to.every = append(to.every[:0], l.every...)
	to.some = append(to.some[:0], l.some...)
	to.u = append(to.u[:0], l.u...)
	if l.fresh > 0 && k == len(l.list)-1 {
		if to.fresh--; to.fresh > 0 {
			to.list = append(to.list, l.list[k])
			to.every = append(to.every, l.every[k*d.words:]...)
			to.some = append(to.some, l.some[k*d.words:]...)
		}
	}
	clear(d.one)
	d.one[i/64] |= 1 << (i % 64)
	d.keep(to, k, d.one)
}

// no has place k, or all that its list stands for, not cover row i.
func (d *places) no(l *level, k, i int) {
	from := len(d.arena)
	for _, j := range l.list[k] {
		if d.rows(j)[i/64]>>(i%64)&1 == 0 {
			d.arena = append(d.arena, j)
		}
	}
	d.shorten(l, k, from)
}

// keep leaves in a list the sites that cover all of the rows given.
func (d *places) keep(l *level, k int, rows []uint64) {
	from := len(d.arena)
	for _, j := range l.list[k] {
		if within(rows, d.rows(j)) {
			d.arena = append(d.arena, j)
		}
	}
	d.shorten(l, k, from)
}

// shorten makes what the arena has from a position on list k.
func (d *places) shorten(l *level, k, from int) {
	l.list[k] = d.arena[from:len(d.arena):len(d.arena)]
	d.sum(l, k)
}

// sum computes what the sites of a list cover.
func (d *places) sum(l *level, k int) {
	every, some := l.every[k*d.words:][:d.words], l.some[k*d.words:][:d.words]
	copy(every, d.all)
	clear(some)
	for _, j := range l.list[k] {
		for w, set := range d.rows(j) {
			every[w] &= set
			some[w] |= set
		}
	}
}

// propagate draws conclusions until there are none: a bare row that one place
// alone can cover is covered by it. It reports false if a row or a place is left
// without any.
func (d *places) propagate(l *level) bool {
	for {
		one, two := d.one, d.two // rows that places can cover, and those that two can
		clear(one)
		clear(two)
		clear(l.sure)
		for k, list := range l.list {
			if len(list) == 0 {
				return false
			}
			several := l.stands(k) > 1
			every, some := l.every[k*d.words:][:d.words], l.some[k*d.words:][:d.words]
			for w, set := range some {
				l.sure[w] |= every[w]
				two[w] |= one[w] & set
				one[w] |= set
				if several {
					two[w] |= set
				}
			}
		}
		if !within(d.all, one) {
			return false
		}
		forced := false
		for w := range one {
			one[w] &^= two[w] | l.sure[w]
			forced = forced || one[w] != 0
		}
		if !forced {
			return true
		}
		for k := range l.list {
			forced = false
			for w, set := range l.some[k*d.words:][:d.words] {
				two[w] = one[w] & set
				forced = forced || two[w] != 0
			}
			if forced {
				d.keep(l, k, two)
			}
		}
	}
}
