package near

import (
	"math"
	"slices"
)

// leaf is the number of sites below which the tree is not divided further.
const leaf = 16

// Points serves costs from coordinates: a k-d tree over the sites whose boxes
// bound the cost from below.
type Points struct {
	demands, sites [][2]float64
	metric         Metric

	order []int32      // sites in the order of the leaves
	at    [][2]float64 // their points in that order
	nodes []node

	served *Points // a tree over the demands as sites, if there is one
}

// node is a box of sites order[from:to]. Its children, if it has any, are the
// next node and the node right.
type node struct {
	lo, hi   [3]float64
	from, to int32
	right    int32 // 0 in a leaf
}

// NewPoints builds the tree over sites. The slices are kept.
func NewPoints(demands, sites [][2]float64, m Metric) *Points {
	p := &Points{demands: demands, sites: sites, metric: m, order: make([]int32, len(sites))}
	place := make([][3]float64, len(sites))
	for j := range sites {
		p.order[j] = int32(j)
		place[j] = m.embed(sites[j])
	}
	if len(sites) > 0 {
		p.divide(place, 0, len(sites))
	}
	p.at = make([][2]float64, len(sites))
	for k, j := range p.order {
		p.at[k] = sites[j]
	}
	return p
}

// divide makes the node of order[from:to] and those below it.
func (p *Points) divide(place [][3]float64, from, to int) {
	n := node{from: int32(from), to: int32(to)}
	n.lo, n.hi = place[p.order[from]], place[p.order[from]]
	for _, j := range p.order[from:to] {
		for k, v := range place[j] {
			n.lo[k] = min(n.lo[k], v)
			n.hi[k] = max(n.hi[k], v)
		}
	}
	axis := 0
	for k := range n.lo {
		if n.hi[k]-n.lo[k] > n.hi[axis]-n.lo[axis] {
			axis = k
		}
	}
	own := len(p.nodes)
	p.nodes = append(p.nodes, n)
	if to-from <= leaf || n.hi[axis] == n.lo[axis] {
		slices.Sort(p.order[from:to])
		return
	}
	mid := from + (to-from)/2
	split(p.order[from:to], mid-from, func(a, b int32) bool {
		return place[a][axis] < place[b][axis] || place[a][axis] == place[b][axis] && a < b
	})
	p.divide(place, from, mid)
	p.nodes[own].right = int32(len(p.nodes))
	p.divide(place, mid, to)
}

// split permutes s so that its k least come first (Hoare's selection).
func split(s []int32, k int, less func(a, b int32) bool) {
	lo, hi := 0, len(s)-1
	for lo < hi {
		pivot := s[lo+(hi-lo)/2]
		i, j := lo, hi
		for i <= j {
			for less(s[i], pivot) {
				i++
			}
			for less(pivot, s[j]) {
				j--
			}
			if i <= j {
				s[i], s[j] = s[j], s[i]
				i++
				j--
			}
		}
		switch {
		case k <= j:
			hi = j
		case k >= i:
			lo = i
		default:
			return
		}
	}
}

// Size returns the numbers of demands and sites.
func (p *Points) Size() (demands, sites int) { return len(p.demands), len(p.sites) }

// Cost returns the cost of serving demand i from site j.
func (p *Points) Cost(i, j int) float64 { return p.metric.Cost(p.demands[i], p.sites[j]) }

// bound is the least cost from a point to a site in the box of a node.
func (p *Points) bound(n *node, q [3]float64) float64 {
	var d [3]float64
	for k, v := range q {
		d[k] = max(0, n.lo[k]-v, v-n.hi[k])
	}
	return p.metric.lower(d)
}

// Within appends the sites within r of demand i, in the order of the tree.
func (p *Points) Within(i int, r float64, to []Pair) []Pair {
	if len(p.nodes) == 0 {
		return to
	}
	a := p.demands[i]
	if p.metric.straight() {
		return p.withinDisc(a, r, to)
	}
	q := p.metric.embed(a)
	var stack [64]int32
	for depth := 1; depth > 0; { // the root is node 0
		depth--
		at := stack[depth]
		n := &p.nodes[at]
		if p.bound(n, q) > r {
			continue
		}
		if n.right != 0 {
			stack[depth], stack[depth+1] = n.right, at+1
			depth += 2
			continue
		}
		for k := n.from; k < n.to; k++ {
			if c := p.metric.Cost(a, p.at[k]); c <= r && c < math.Inf(1) {
				to = append(to, Pair{c, p.order[k]})
			}
		}
	}
	return to
}

// withinDisc does so where the cost is a function of the straight line, by
// squares of distances.
func (p *Points) withinDisc(a [2]float64, r float64, to []Pair) []Pair {
	far := p.metric.radius(r)
	far *= far
	var stack [64]int32
	for depth := 1; depth > 0; {
		depth--
		at := stack[depth]
		n := &p.nodes[at]
		dx := max(0, n.lo[0]-a[0], a[0]-n.hi[0])
		dy := max(0, n.lo[1]-a[1], a[1]-n.hi[1])
		if dx*dx+dy*dy > far {
			continue
		}
		if n.right != 0 {
			stack[depth], stack[depth+1] = n.right, at+1
			depth += 2
			continue
		}
		for k := n.from; k < n.to; k++ {
			b := p.at[k]
			dx, dy := a[0]-b[0], a[1]-b[1]
			if dx*dx+dy*dy > far {
				continue
			}
			if c := p.metric.Cost(a, b); c <= r && c < math.Inf(1) {
				to = append(to, Pair{c, p.order[k]})
			}
		}
	}
	return to
}

// Nearest appends the k sites nearest to demand i.
func (p *Points) Nearest(i, k int, to []Pair) []Pair {
	h := heap{to: to, from: len(to), k: k}
	if len(p.nodes) == 0 || k <= 0 {
		return to
	}
	a := p.demands[i]
	q := p.metric.embed(a)
	type box struct {
		bound float64
		at    int32
	}
	var stack [64]box
	stack[0] = box{p.bound(&p.nodes[0], q), 0}
	for depth := 1; depth > 0; {
		depth--
		b := stack[depth]
		if b.bound > h.worst() {
			continue
		}
		n := &p.nodes[b.at]
		if n.right == 0 {
			for k := n.from; k < n.to; k++ {
				if c := p.metric.Cost(a, p.at[k]); c <= h.worst() && c < math.Inf(1) {
					h.offer(Pair{c, p.order[k]})
				}
			}
			continue
		}
		first := box{p.bound(&p.nodes[b.at+1], q), b.at + 1}
		second := box{p.bound(&p.nodes[n.right], q), n.right}
		if second.bound < first.bound {
			first, second = second, first
		}
		stack[depth], stack[depth+1] = second, first // the nearer comes off first
		depth += 2
	}
	return h.sorted()
}

// Ordered returns the source with its sites in the order of the tree, in which
// neighbours are close together in memory, and which site is where in it; the
// source itself, and nil, if it has no tree.
func Ordered(s Source) (Source, []int32) {
	p, ok := s.(*Points)
	if !ok {
		return s, nil
	}
	same := make([]int32, len(p.order))
	for k := range same {
		same[k] = int32(k)
	}
	o := &Points{demands: p.demands, sites: p.at, metric: p.metric, order: same, at: p.at, nodes: p.nodes}
	if len(p.demands) == len(p.sites) && len(p.sites) > 0 && &p.demands[0] == &p.sites[0] {
		o.served = p
	}
	return o, p.order
}
