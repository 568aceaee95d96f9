package cch

import (
	"context"
	"math/bits"
	"slices"
)

const (
	// smallPart is the size up to which a part is ordered by minimum degree.
	// Its adjacency must fit the bits of a uint32.
	smallPart = 24
	// sparePart is the size from which a part may get a goroutine of its own.
	sparePart = 512
)

// part is a subgraph: node v of it is node[v] of the graph, its neighbours are
// head[first[v]:first[v+1]], and edge numbers the undirected edges of both ends
// alike.
type part struct {
	node  []uint32
	first []uint32
	head  []uint32
	edge  []uint32
	edges int
}

// components orders each connected component of p without the nodes of cut
// into a range of out of its own, and the nodes of cut, all of them, behind.
// A nil cut is empty. Components stand in the order of their first nodes.
func (d *dissector) components(ctx context.Context, p *part, cut []bool, out []uint32) {
	const none = ^uint32(0)
	local := make([]uint32, len(p.node))
	edge := make([]uint32, p.edges)
	fill(local, none)
	fill(edge, none)
	end := len(out)
	for v := len(cut) - 1; v >= 0; v-- {
		if cut[v] {
			end--
			out[end] = p.node[v]
			local[v] = 0 // not to be entered
		}
	}
	d.place(len(out) - end)
	var queue []uint32
	at := 0
	for s := range p.node {
		if local[s] != none {
			continue
		}
		queue = append(queue[:0], uint32(s))
		local[s] = 0
		degrees := 0
		for i := 0; i < len(queue); i++ {
			v := queue[i]
			degrees += int(p.first[v+1] - p.first[v])
			for _, u := range p.head[p.first[v]:p.first[v+1]] {
				if local[u] == none {
					local[u] = uint32(len(queue))
					queue = append(queue, u)
				}
			}
		}
		c := p.sub(queue, cut, local, edge, degrees)
		d.order(ctx, c, out[at:at+len(queue)])
		at += len(queue)
	}
}

// sub returns the subgraph on nodes, a component numbered by local. edge holds
// the new numbers of the edges seen so far; degrees bounds their count.
func (p *part) sub(nodes []uint32, cut []bool, local, edge []uint32, degrees int) *part {
	c := &part{
		node:  make([]uint32, len(nodes)),
		first: make([]uint32, len(nodes)+1),
		head:  make([]uint32, 0, degrees),
		edge:  make([]uint32, 0, degrees),
	}
	for i, v := range nodes {
		c.node[i] = p.node[v]
		for j := p.first[v]; j < p.first[v+1]; j++ {
			u, e := p.head[j], p.edge[j]
			if cut != nil && cut[u] {
				continue
			}
			if edge[e] == ^uint32(0) {
				edge[e] = uint32(c.edges)
				c.edges++
			}
			c.head = append(c.head, local[u])
			c.edge = append(c.edge, edge[e])
		}
		c.first[i+1] = uint32(len(c.head))
	}
	return c
}

// order orders a connected part into out, in a goroutine of its own where one
// is to spare.
func (d *dissector) order(ctx context.Context, p *part, out []uint32) {
	if len(p.node) >= sparePart {
		select {
		case d.idle <- struct{}{}:
			d.busy.Add(1)
			go func() {
				defer d.busy.Done()
				d.dissect(ctx, p, out)
				<-d.idle
			}()
			return
		default:
		}
	}
	d.dissect(ctx, p, out)
}

// dissect orders a connected part into out: the sides of a separator first,
// then the separator.
func (d *dissector) dissect(ctx context.Context, p *part, out []uint32) {
	if len(p.node) <= smallPart {
		p.minDegree(out)
		d.place(len(out))
		return
	}
	if ctx.Err() != nil {
		return
	}
	d.components(ctx, p, p.separator(d.x, d.y), out)
}

// minDegree orders a part of at most 32 nodes by eliminating a node of fewest
// neighbours again and again, the lowest of several.
func (p *part) minDegree(out []uint32) {
	var adj [32]uint32
	n := len(p.node)
	for v := range n {
		for _, u := range p.head[p.first[v]:p.first[v+1]] {
			adj[v] |= 1 << u
		}
	}
	left := uint32(1)<<n - 1
	for i := range n {
		best, least := 0, 33
		for set := left; set != 0; set &= set - 1 {
			v := bits.TrailingZeros32(set)
			if degree := bits.OnesCount32(adj[v]); degree < least {
				best, least = v, degree
			}
		}
		out[i] = p.node[best]
		left &^= 1 << best
		for set := adj[best]; set != 0; set &= set - 1 {
			u := bits.TrailingZeros32(set)
			adj[u] = (adj[u] | adj[best]) &^ (1<<u | 1<<best)
		}
	}
}

// separator returns the nodes that part p into sides, the best of four
// directions of inertial flow.
func (p *part) separator(x, y []int32) []bool {
	n := len(p.node)
	px, py := make([]int64, n), make([]int64, n)
	if x != nil {
		for i, v := range p.node {
			px[i], py[i] = int64(x[v]), int64(y[v])
		}
	} else {
		p.hopPositions(px, py)
	}
	keys := make([]uint64, n)
	f := newFlow(p)
	for direction := range 4 {
		for v := range n {
			var along int64
			switch direction {
			case 0:
				along = 2 * px[v]
			case 1:
				along = 2 * py[v]
			case 2:
				along = px[v] + py[v]
			case 3:
				along = px[v] - py[v]
			}
			// Twice an int32 has 33 bits; the node fills the low half.
			keys[v] = uint64(uint32(along>>1)^1<<31)<<32 | uint64(v)
		}
		k := max(1, n/4)
		nthElement(keys, k)
		nthElement(keys[k:], n-2*k)
		f.run(keys[:k], keys[n-k:])
	}
	return p.boundary(f.side)
}

// boundary returns the nodes on the border of a side, on the side of the border
// that has fewer of them.
func (p *part) boundary(side []bool) []bool {
	n := len(p.node)
	cut := [2][]bool{make([]bool, n), make([]bool, n)}
	var size [2]int
	for v := range n {
		own := 0
		if side[v] {
			own = 1
		}
		for _, u := range p.head[p.first[v]:p.first[v+1]] {
			if side[u] != side[v] {
				cut[own][v] = true
				size[own]++
				break
			}
		}
	}
	if size[1] <= size[0] {
		return cut[1]
	}
	return cut[0]
}

// nthElement permutes s so that the k least values come first.
func nthElement(s []uint64, k int) {
	for len(s) > 16 && k > 0 && k < len(s) {
		// The median of three that stand far apart splits well enough, and
		// always in the same way.
		a, b, c := s[0], s[len(s)/2], s[len(s)-1]
		pivot := max(min(a, b), min(max(a, b), c))
		i, j := 0, len(s)-1
		for {
			for s[i] < pivot {
				i++
			}
			for s[j] > pivot {
				j--
			}
			if i >= j {
				break
			}
			s[i], s[j] = s[j], s[i]
			i++
			j--
		}
		// s[:j+1] <= pivot <= s[j+1:]; distinct values, so both shrink.
		if k <= j+1 {
			s = s[:j+1]
		} else {
			s, k = s[j+1:], k-j-1
		}
	}
	if len(s) <= 16 {
		slices.Sort(s)
	}
}
