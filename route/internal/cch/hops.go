package cch

// hopPositions gives the nodes of a connected part positions by topology alone:
// how much nearer they are, in hops, to one end of the part than to the other,
// for two pairs of ends that lie across each other.
func (p *part) hopPositions(px, py []int64) {
	n := len(p.node)
	var hops [4][]int32
	for i := range hops {
		hops[i] = make([]int32, n)
	}
	queue := make([]uint32, 0, n)
	a := p.hopsFrom(0, hops[0], queue)
	b := p.hopsFrom(a, hops[0], queue)
	p.hopsFrom(b, hops[1], queue)
	// The node farthest from both ends starts the second pair.
	c, far := uint32(0), int32(-1)
	for v := range n {
		if h := min(hops[0][v], hops[1][v]); h > far {
			c, far = uint32(v), h
		}
	}
	e := p.hopsFrom(c, hops[2], queue)
	p.hopsFrom(e, hops[3], queue)
	for v := range n {
		px[v] = int64(hops[0][v] - hops[1][v])
		py[v] = int64(hops[2][v] - hops[3][v])
	}
}

// hopsFrom fills hops with the distances from s in a connected part and returns
// the node found last.
func (p *part) hopsFrom(s uint32, hops []int32, queue []uint32) uint32 {
	fill(hops, -1)
	hops[s] = 0
	queue = append(queue[:0], s)
	for i := 0; i < len(queue); i++ {
		v := queue[i]
		for _, u := range p.head[p.first[v]:p.first[v+1]] {
			if hops[u] < 0 {
				hops[u] = hops[v] + 1
				queue = append(queue, u)
			}
		}
	}
	return queue[len(queue)-1]
}
