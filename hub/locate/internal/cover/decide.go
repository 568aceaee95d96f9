package cover

import (
	"cmp"
	"math"
	"slices"
)

// Decision is what Decide found out.
type Decision struct {
	// Open is a cover by at most the sites allowed, ascending; nil if none was
	// found.
	Open []int

	// Done reports whether the question is answered: there is a cover in Open,
	// or without one it is proven that there is none.
	Done bool

	Nodes int // nodes of the search tree
}

// Decide looks for a cover of all rows by at most k sites, whatever they cost,
// or proves that there is none. It is a search depth first: at every node sites
// and rows that others make superfluous are dropped and rows with one site left
// take it; a Lagrangian bound cuts the node off or rules out sites by their
// prices; and what remains is searched by a dive or branches on a row, one of whose
// sites must open. It gives up after limit nodes, if that is positive, or at
// once if the bound lets far more be expected, and once stop reports true.
func Decide(in *Instance, k, limit int, stop func() bool) Decision {
	d := &decider{limit: limit, stop: stop, reach: diveReach}
	d.reducing.stop, d.diving.stop = stop, stop
	p := d.take()
	p.load(in)
	found := d.node(p, k, rootRounds)
	r := Decision{Done: found || !d.gaveUp, Nodes: d.nodes}
	if found {
		r.Open = make([]int, len(d.open))
		for i, j := range d.open {
			r.Open[i] = int(j)
		}
		slices.Sort(r.Open)
	}
	return r
}

// Operations of a dive per entry of the part, the slack up to which it is
// tried at first, and how that changes with success and failure.
const (
	diveWork  = 300
	diveReach = 0.8
	reachMore = 0.01
	reachLess = 0.05
)

// decider is the state of one Decide.
type decider struct {
	limit, nodes int
	stop         func() bool
	gaveUp       bool
	open         []int32 // sites taken on the way to the present node
	free         []*part // parts not in use
	slack        float64 // from the bound of the present node to the sites that it may open
	reach        float64
	reducing
	bounding
	diving diving
}

// take gives out a part to write on, and give takes it back.
func (d *decider) take() *part {
	if n := len(d.free); n > 0 {
		p := d.free[n-1]
		d.free = d.free[:n-1]
		return p
	}
	return new(part)
}

func (d *decider) give(p *part) { d.free = append(d.free, p) }

// node looks for a cover of what is left by at most k sites, which it leaves in
// d.open. It uses up p.
func (d *decider) node(p *part, k, rounds int) bool {
	taken := len(d.open)
	d.nodes++
	for {
		if d.stop() || d.limit > 0 && d.nodes > d.limit {
			d.gaveUp = true
			break
		}
		p, k = d.reduce(p, k)
		if k < 0 || p.rows() > k*p.largest() {
			break
		}
		if p.rows() == 0 {
			d.give(p)
			return true
		}
		d.slack = 0 // where bound ends early
		alive, decided := d.bound(p, k, rounds)
		if !alive {
			break
		}
		for _, j := range d.must {
			d.force(p, j)
		}
		k -= len(d.must)
		again := len(d.must) > 0 || decided*many > p.sites()
		if decided > 0 {
			p = d.compact(p)
		}
		if k < 0 {
			break
		}
		if d.nodes == 1 && d.limit > 0 && float64(d.limit) < math.Exp(2*d.slack) {
			d.gaveUp = true // about so large a tree is to be expected
			break
		}
		if again {
			rounds = nodeRounds
			continue
		}
		if found, done := d.tryDive(p, k); found {
			d.give(p)
			return true
		} else if done {
			break
		}
		if d.split(p, k) {
			d.give(p)
			return true
		}
		break
	}
	d.open = d.open[:taken]
	d.give(p)
	return false
}

// tryDive dives where it may be expected to get to an end: the distance from
// the bound to k up to which it does is learnt.
func (d *decider) tryDive(p *part, k int) (found, done bool) {
	if d.slack > d.reach {
		return false, false
	}
	found, done = d.diving.dive(p, k, diveWork*len(p.rowSite))
	if found {
		for _, j := range d.diving.path {
			d.open = append(d.open, p.name[j])
		}
	}
	if done {
		d.reach += reachMore
	} else {
		d.reach -= reachLess
	}
	return found, done
}

// split tries the sites of the row with the fewest, the one of least price
// first. The row is that for whose sites the searches are likely to be smallest
// in sum. Where a site has failed the others need not try it again.
func (d *decider) split(p *part, k int) bool {
	p.clear()
	p.price = append(p.price[:0], make([]float64, p.sites())...)
	p.evaluate(p.u)
	row, least := 0, math.Inf(1)
	for i := range p.rows() {
		sum := 0.0
		for _, j := range p.row(i) {
			sum += ease(p.price[j])
		}
		if sum < least || sum == least && p.u[i] > p.u[row] {
			row, least = i, sum
		}
	}
	sites := slices.Clone(p.row(row))
	slices.SortFunc(sites, func(a, b int32) int {
		return cmp.Or(cmp.Compare(p.price[a], p.price[b]), cmp.Compare(a, b))
	})
	for _, j := range sites {
		p.siteOut[j] = true
		for _, i := range p.column(int(j)) {
			p.rowOut[i] = true
		}
		child := d.take()
		p.rest(child)
		for _, i := range p.column(int(j)) {
			p.rowOut[i] = false
		}
		d.open = append(d.open, p.name[j])
		if d.node(child, k-1, nodeRounds) {
			return true
		}
		d.open = d.open[:len(d.open)-1]
		if d.gaveUp {
			return false
		}
	}
	return false
}

// part is what is left of an instance at a node, rows and columns side by side.
type part struct {
	rowFirst, rowSite []int32 // sites of row i: rowSite[rowFirst[i]:rowFirst[i+1]]
	colFirst, colRow  []int32 // rows of each site likewise
	name              []int32 // number of each site in the instance
	u                 []float64
	price             []float64 // of each site at u

	rowOut, siteOut []bool  // what rest leaves out
	number          []int32 // scratch of rest
}

func (p *part) rows() int            { return len(p.rowFirst) - 1 }
func (p *part) sites() int           { return len(p.name) }
func (p *part) row(i int) []int32    { return p.rowSite[p.rowFirst[i]:p.rowFirst[i+1]] }
func (p *part) column(j int) []int32 { return p.colRow[p.colFirst[j]:p.colFirst[j+1]] }

// largest is the greatest number of rows that a site covers.
func (p *part) largest() int {
	most := int32(0)
	for j := range p.sites() {
		most = max(most, p.colFirst[j+1]-p.colFirst[j])
	}
	return int(most)
}

// load fills the part with a whole instance. A multiplier begins at the share
// of a row in the largest site that covers it, so that no price is negative.
func (p *part) load(in *Instance) {
	p.rowFirst, p.rowSite = append(p.rowFirst[:0], 0), p.rowSite[:0]
	for _, row := range in.Rows {
		p.rowSite = append(p.rowSite, row...)
		p.rowFirst = append(p.rowFirst, int32(len(p.rowSite)))
	}
	p.name = p.name[:0]
	for j := range in.Sites {
		p.name = append(p.name, int32(j))
	}
	p.columns()
	p.u = p.u[:0]
	for i := range p.rows() {
		most := 1
		for _, j := range p.row(i) {
			most = max(most, len(p.column(int(j))))
		}
		p.u = append(p.u, 1/float64(most))
	}
}

// columns lists the rows of each site.
func (p *part) columns() {
	p.colFirst = append(p.colFirst[:0], make([]int32, p.sites()+1)...)
	for _, j := range p.rowSite {
		p.colFirst[j+1]++
	}
	for j := range p.sites() {
		p.colFirst[j+1] += p.colFirst[j]
	}
	p.colRow = slices.Grow(p.colRow[:0], len(p.rowSite))[:len(p.rowSite)]
	for i := range p.rows() {
		for _, j := range p.row(i) {
			p.colRow[p.colFirst[j]] = int32(i)
			p.colFirst[j]++
		}
	}
	copy(p.colFirst[1:], p.colFirst) // each first has moved on to the next
	p.colFirst[0] = 0
}

// clear lets nothing be left out.
func (p *part) clear() {
	p.rowOut = append(p.rowOut[:0], make([]bool, p.rows())...)
	p.siteOut = append(p.siteOut[:0], make([]bool, p.sites())...)
}

// rest writes to another part what is not left out, with the multipliers.
func (p *part) rest(to *part) {
	p.number = append(p.number[:0], make([]int32, p.sites())...)
	to.name, to.u = to.name[:0], to.u[:0]
	for j, out := range p.siteOut {
		if p.number[j] = -1; !out {
			p.number[j] = int32(len(to.name))
			to.name = append(to.name, p.name[j])
		}
	}
	to.rowFirst, to.rowSite = append(to.rowFirst[:0], 0), to.rowSite[:0]
	for i, out := range p.rowOut {
		if out {
			continue
		}
		for _, j := range p.row(i) {
			if n := p.number[j]; n >= 0 {
				to.rowSite = append(to.rowSite, n)
			}
		}
		to.rowFirst = append(to.rowFirst, int32(len(to.rowSite)))
		to.u = append(to.u, p.u[i])
	}
	to.columns()
}
