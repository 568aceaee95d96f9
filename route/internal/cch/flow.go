package cch

// flow finds minimum cuts of a part between sets of terminals by Dinic's
// algorithm on edges of capacity 1 in both directions, and keeps the best cut
// seen: the one with the fewest edges for the nodes on its smaller side.
type flow struct {
	p     *part
	sent  []int8  // per edge, 1 from the lower to the higher end, -1 back
	level []int32 // per node, hops in the residual graph; -1 not reached
	next  []uint32
	role  []int8 // source, sink or free
	queue []uint32
	stack []uint32 // half-edges of the path being extended

	side []bool // the best cut
	cut  int    // its edges, 0 before the first
	less int    // nodes on its smaller side
}

const (
	free int8 = iota
	source
	sink
)

func newFlow(p *part) *flow {
	n := len(p.node)
	return &flow{
		p:     p,
		sent:  make([]int8, p.edges),
		level: make([]int32, n),
		next:  make([]uint32, n),
		role:  make([]int8, n),
		side:  make([]bool, n),
	}
}

// room reports whether edge e can carry more from v to u.
func (f *flow) room(v, u, e uint32) bool {
	if v < u {
		return f.sent[e] < 1
	}
	return f.sent[e] > -1
}

// run looks for a better cut between the sources and the sinks, given as keys
// with the node in the low half.
func (f *flow) run(sources, sinks []uint64) {
	fill(f.sent, 0)
	fill(f.role, free)
	for _, k := range sources {
		f.role[uint32(k)] = source
	}
	for _, k := range sinks {
		f.role[uint32(k)] = sink
	}
	// Only terminals with a neighbour that is none of their kind matter.
	border := f.border(sources, source)
	total := 0
	for f.levels(border) {
		for _, s := range border {
			total += f.augment(s)
		}
		// No cut of so many edges can beat the best, however it halves.
		if f.cut > 0 && total*f.less > f.cut*(len(f.side)/2) {
			return
		}
	}
	f.keep(total, border, len(sources), source)
	f.keep(total, f.border(sinks, sink), len(sinks), sink)
}

func (f *flow) border(keys []uint64, role int8) []uint32 {
	var border []uint32
	for _, k := range keys {
		v := uint32(k)
		for _, u := range f.p.head[f.p.first[v]:f.p.first[v+1]] {
			if f.role[u] != role {
				border = append(border, v)
				break
			}
		}
	}
	return border
}

// levels numbers the nodes by hops from the sources over edges with room, up to
// the nearest sinks, and reports whether a sink was reached.
func (f *flow) levels(border []uint32) bool {
	fill(f.level, -1)
	copy(f.next, f.p.first)
	f.queue = append(f.queue[:0], border...)
	for _, s := range border {
		f.level[s] = 0
	}
	last := int32(len(f.level))
	for i := 0; i < len(f.queue); i++ {
		v := f.queue[i]
		hops := f.level[v] + 1
		if hops > last {
			break
		}
		lo, hi := f.p.first[v], f.p.first[v+1]
		heads, edges := f.p.head[lo:hi], f.p.edge[lo:hi]
		edges = edges[:len(heads)]
		for j, u := range heads {
			if f.level[u] >= 0 || f.role[u] == source || !f.room(v, u, edges[j]) {
				continue
			}
			f.level[u] = hops
			f.queue = append(f.queue, u)
			if f.role[u] == sink {
				last = hops
			}
		}
	}
	return last < int32(len(f.level))
}

// augment sends what it can from s along edges that lead one level on, and
// returns the number of paths.
func (f *flow) augment(s uint32) int {
	p := f.p
	paths := 0
	v := s
	f.stack = f.stack[:0]
	for {
		if f.role[v] == sink {
			paths++
			// Every edge of the path is full now: start over.
			from := s
			for _, h := range f.stack {
				u, e := p.head[h], p.edge[h]
				if from < u {
					f.sent[e]++
				} else {
					f.sent[e]--
				}
				from = u
			}
			f.stack = f.stack[:0]
			v = s
			continue
		}
		advanced := false
		for f.next[v] < p.first[v+1] {
			h := f.next[v]
			u := p.head[h]
			if f.level[u] == f.level[v]+1 && f.room(v, u, p.edge[h]) {
				f.stack = append(f.stack, h)
				v = u
				advanced = true
				break
			}
			f.next[v]++
		}
		if advanced {
			continue
		}
		if len(f.stack) == 0 {
			return paths
		}
		// A dead end: step back over the edge that led here.
		f.stack = f.stack[:len(f.stack)-1]
		v = s
		if k := len(f.stack); k > 0 {
			v = p.head[f.stack[k-1]]
		}
		f.next[v]++
	}
}

// keep finds the side of the given terminals in the residual graph of a maximum
// flow, the smallest such side, and keeps it as the best if it is.
func (f *flow) keep(total int, border []uint32, terminals int, role int8) {
	fill(f.level, -1)
	f.queue = append(f.queue[:0], border...)
	for _, s := range border {
		f.level[s] = 0
	}
	for i := 0; i < len(f.queue); i++ {
		v := f.queue[i]
		for j := f.p.first[v]; j < f.p.first[v+1]; j++ {
			u := f.p.head[j]
			if f.level[u] >= 0 || f.role[u] == role {
				continue
			}
			room := f.room(v, u, f.p.edge[j])
			if role == sink {
				room = f.room(u, v, f.p.edge[j])
			}
			if room {
				f.level[u] = 0
				f.queue = append(f.queue, u)
			}
		}
	}
	nodes := terminals + len(f.queue) - len(border)
	less := min(nodes, len(f.side)-nodes)
	if f.cut > 0 && total*f.less >= f.cut*less {
		return
	}
	f.cut, f.less = total, less
	for v := range f.side {
		f.side[v] = f.role[v] == role || f.level[v] >= 0
	}
}
