package graph

// Seed is a start of a search: a node and the cost already paid there.
type Seed struct {
	Node, Dist uint32
}

// Tree is a shortest path forest and the memory of the search that fills it.
// The zero value is ready; a Tree serves any number of searches, one at a time.
type Tree struct {
	Dist   []uint32 // per node, Inf where not reached
	Parent []uint32 // per node, the arc it was reached by; None at seeds and where not reached
	heap   heap
}

// Run finds the least cost from the seeds to every node by Dijkstra's
// algorithm in O((n+m) log m). weight has one entry an arc; arcs of weight Inf
// are not used, and a total that reaches Inf is not reached. Of several paths
// of one cost the one found first stays: nodes settle in the order of distance,
// then number, and arcs in their own order, so the forest is the same on every run.
func (t *Tree) Run(g *Graph, weight []uint32, seeds []Seed) {
	t.reset(g.Nodes())
	for _, s := range seeds {
		if s.Dist < t.Dist[s.Node] {
			t.Dist[s.Node] = s.Dist
			t.heap.push(s.Dist, s.Node)
		}
	}
	for len(t.heap) > 0 {
		d, v := t.heap.pop()
		if d > t.Dist[v] {
			continue
		}
		lo, hi := g.First[v], g.First[v+1]
		heads, weights := g.Head[lo:hi], weight[lo:hi]
		weights = weights[:len(heads)]
		for i, head := range heads {
			if sum := Add(d, weights[i]); sum < t.Dist[head] {
				t.Dist[head] = sum
				t.Parent[head] = lo + uint32(i)
				t.heap.push(sum, head)
			}
		}
	}
}

// PathTo returns the arcs from a seed to the node, or nil if it is a seed or
// was not reached.
func (t *Tree) PathTo(g *Graph, node uint32) []uint32 {
	var arcs []uint32
	for a := t.Parent[node]; a != None; a = t.Parent[node] {
		arcs = append(arcs, a)
		node = g.Tail[a]
	}
	for i, j := 0, len(arcs)-1; i < j; i, j = i+1, j-1 {
		arcs[i], arcs[j] = arcs[j], arcs[i]
	}
	return arcs
}

func (t *Tree) reset(nodes int) {
	if cap(t.Dist) < nodes {
		t.Dist = make([]uint32, nodes)
		t.Parent = make([]uint32, nodes)
	}
	t.Dist, t.Parent = t.Dist[:nodes], t.Parent[:nodes]
	for v := range t.Dist {
		t.Dist[v] = Inf
		t.Parent[v] = None
	}
	t.heap = t.heap[:0]
}

// heap is a 4-ary min-heap of distance<<32|node. Entries are not decreased:
// a node is pushed again and its stale entries are skipped when they surface,
// which measures the same as an indexed heap on road graphs and is simpler.
type heap []uint64

func (h *heap) push(dist, node uint32) {
	*h = append(*h, uint64(dist)<<32|uint64(node))
	s := *h
	i := len(s) - 1
	x := s[i]
	for i > 0 {
		up := (i - 1) / 4
		if s[up] <= x {
			break
		}
		s[i] = s[up]
		i = up
	}
	s[i] = x
}

func (h *heap) pop() (dist, node uint32) {
	s := *h
	top := s[0]
	last := len(s) - 1
	x := s[last]
	s = s[:last]
	*h = s
	i := 0
	for {
		child := 4*i + 1
		if child >= last {
			break
		}
		least := child
		for c := child + 1; c < min(child+4, last); c++ {
			if s[c] < s[least] {
				least = c
			}
		}
		if s[least] >= x {
			break
		}
		s[i] = s[least]
		i = least
	}
	if last > 0 {
		s[i] = x
	}
	return uint32(top >> 32), uint32(top)
}
