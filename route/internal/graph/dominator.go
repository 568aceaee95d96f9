package graph

// Bridge is an arc on every path from the sources to a set of nodes. Taking
// its edge out isolates exactly these: Order[Low:High] of its [BridgeSet].
type Bridge struct {
	Arc       uint32
	Low, High uint32
}

// BridgeSet is the bridges of a graph and the nodes within reach, so ordered
// that what each bridge isolates is a range.
type BridgeSet struct {
	Order   []uint32
	Bridges []Bridge // by the depth-first number of the node that each enters
}

// Bridges returns the arcs that every path from the sources to some node must
// use. Arcs of weight Inf do not exist for it.
// In a graph whose edges are all open both ways these are the bridges that have
// no source on one side; with one-way edges they are the arc dominators, which
// are the edge failures that isolate something: no edge isolates a node by the
// loss of both its arcs unless one of the two does so alone.
//
// Arc (u,v) is a bridge if and only if v has no other entry, from an arc or a
// source, but arcs from nodes that v itself dominates (Italiano, Laura and
// Santaroni, Theoretical Computer Science 447, 2012). Dominators are found with
// the Semi-NCA method (Georgiadis, Tarjan and Werneck, J. Graph Algorithms and
// Applications 10, 2006).
func Bridges(g *Graph, weight []uint32, sources []uint32) BridgeSet {
	t := dominators(g, weight, sources)

	const several = None - 1
	entry := make([]uint32, len(t.order)) // per preorder number: its one entry, None, or several
	for i := range entry {
		entry[i] = None
	}
	enter := func(pre, by uint32) {
		if entry[pre] == None {
			entry[pre] = by
		} else {
			entry[pre] = several
		}
	}
	for _, s := range sources {
		enter(t.number[s], several)
	}
	for a := range g.Head {
		if weight[a] == Inf || t.number[g.Tail[a]] == 0 {
			continue
		}
		if tail, head := t.number[g.Tail[a]], t.number[g.Head[a]]; !t.dominates(head, tail) {
			enter(head, uint32(a))
		}
	}
	// Place 0 of the dominator tree is its root, which is no node.
	set := BridgeSet{Order: make([]uint32, len(t.order)-1)}
	for number := 1; number < len(t.order); number++ {
		set.Order[t.in[number]-1] = t.order[number]
	}
	for number := 1; number < len(t.order); number++ {
		if entry[number] < several {
			set.Bridges = append(set.Bridges, Bridge{entry[number], t.in[number] - 1, t.out[number] - 1})
		}
	}
	return set
}

// dominatorTree is the dominator tree over depth-first preorder numbers.
// Number 0 is a root above all sources; nodes out of reach have number 0 too.
type dominatorTree struct {
	number []uint32 // per node
	order  []uint32 // node of each number; order[0] is None
	idom   []uint32 // per number
	in     []uint32 // per number, entry into the dominator tree
	out    []uint32 // per number, exit from it
}

// dominates reports whether number a is on every path to number b; a number dominates itself.
func (t *dominatorTree) dominates(a, b uint32) bool {
	return t.in[a] <= t.in[b] && t.out[b] <= t.out[a]
}

func dominators(g *Graph, weight []uint32, sources []uint32) *dominatorTree {
	n := g.Nodes()
	t := &dominatorTree{number: make([]uint32, n), order: []uint32{None}}
	parent := []uint32{0} // in the depth-first tree
	type frame struct{ node, next uint32 }
	var stack []frame
	visit := func(v, from uint32) {
		t.number[v] = uint32(len(t.order))
		t.order = append(t.order, v)
		parent = append(parent, from)
		stack = append(stack, frame{v, g.First[v]})
	}
	for _, s := range sources {
		if t.number[s] != 0 {
			continue
		}
		visit(s, 0)
		for len(stack) > 0 {
			f := &stack[len(stack)-1]
			if f.next == g.First[f.node+1] {
				stack = stack[:len(stack)-1]
				continue
			}
			a := f.next
			f.next++
			if head := g.Head[a]; weight[a] != Inf && t.number[head] == 0 {
				visit(head, t.number[f.node])
			}
		}
	}
	count := len(t.order)

	// Entries of each number, as numbers: the arcs turned round.
	first := make([]uint32, count+1)
	each := func(f func(tail, head uint32)) {
		for _, s := range sources {
			f(0, t.number[s])
		}
		for a := range g.Head {
			if tail := t.number[g.Tail[a]]; tail != 0 && weight[a] != Inf {
				f(tail, t.number[g.Head[a]])
			}
		}
	}
	each(func(_, head uint32) { first[head+1]++ })
	for i := range count {
		first[i+1] += first[i]
	}
	tails := make([]uint32, first[count])
	next := make([]uint32, count)
	copy(next, first)
	each(func(tail, head uint32) {
		tails[next[head]] = tail
		next[head]++
	})

	// Semidominators in reverse preorder, with path compression over the part
	// of the depth-first tree already done.
	semi := make([]uint32, count)
	label := make([]uint32, count)
	ancestor := make([]uint32, count)
	for i := range semi {
		semi[i], label[i] = uint32(i), uint32(i)
	}
	copy(ancestor, parent)
	var path []uint32
	eval := func(v, done uint32) uint32 {
		if v < done {
			return v
		}
		path = path[:0]
		for x := v; ancestor[x] >= done; x = ancestor[x] {
			path = append(path, x)
		}
		for i := len(path) - 1; i >= 0; i-- {
			x := path[i]
			up := ancestor[x]
			if semi[label[up]] < semi[label[x]] {
				label[x] = label[up]
			}
			ancestor[x] = ancestor[up]
		}
		return label[v]
	}
	for w := uint32(count) - 1; w > 0; w-- {
		for _, v := range tails[first[w]:first[w+1]] {
			semi[w] = min(semi[w], semi[eval(v, w+1)])
		}
	}

	// The immediate dominator is the nearest common ancestor of the semidominator and the parent.
	t.idom = make([]uint32, count)
	for w := uint32(1); w < uint32(count); w++ {
		d := parent[w]
		for d > semi[w] {
			d = t.idom[d]
		}
		t.idom[w] = d
	}

	// Intervals of the dominator tree: idom[w] < w, so sizes add up from the end
	// and places are handed out from the start.
	size := make([]uint32, count)
	for w := count - 1; w >= 0; w-- {
		size[w]++
		if w > 0 {
			size[t.idom[w]] += size[w]
		}
	}
	t.in = make([]uint32, count)
	t.out = make([]uint32, count)
	place := make([]uint32, count)
	for w := range count {
		if w > 0 {
			t.in[w] = place[t.idom[w]]
			place[t.idom[w]] += size[w]
		}
		place[w] = t.in[w] + 1
		t.out[w] = t.in[w] + size[w]
	}
	return t
}
