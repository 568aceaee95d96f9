package graph

import "slices"

// Pair is two edge-disjoint paths to one target, each a list of arcs from a
// source, the cheaper first. Second is nil if there is one path only.
type Pair struct {
	First, Second []uint32
	FirstCost     uint32
	SecondCost    uint32
}

// DisjointPair finds two paths from the sources to the target that share no
// edge, in either direction, with the least total cost (Suurballe 1974; Suurballe
// and Tarjan 1984; in Bhandari's form for edges open both ways). Both may start
// at the same source. count is how many paths there are: 0, 1 (First is then
// the shortest) or 2. A target that is itself a source has two empty paths.
// It costs two runs of Dijkstra's algorithm.
//
// The pair with the least total is not the shortest path and the best one
// beside it: where these two would clash, both give way.
func DisjointPair(g *Graph, weight []uint32, sources []uint32, target uint32) (pair Pair, count int) {
	seeds := make([]Seed, len(sources))
	for i, s := range sources {
		seeds[i] = Seed{Node: s}
	}
	var tree Tree
	tree.Run(g, weight, seeds)
	if tree.Dist[target] == Inf {
		return Pair{}, 0
	}
	if slices.Contains(sources, target) {
		return Pair{}, 2
	}
	first := tree.PathTo(g, target)
	second := augment(g, weight, seeds, tree.Dist, first, target)
	if second == nil {
		return Pair{First: first, FirstCost: tree.Dist[target]}, 1
	}
	pair = untangle(g, weight, first, second, target)
	return pair, 2
}

// step is one move of the augmenting search: along an arc, or back along an
// arc of the first path.
type step struct {
	arc  uint32
	back bool
}

// augment searches the residual graph of the first path with the reduced
// weights w(u,v) + d(u) - d(v), which are never negative, and returns the
// moves from a source to the target, or nil.
func augment(g *Graph, weight []uint32, seeds []Seed, potential []uint32, first []uint32, target uint32) []step {
	taken := make(map[uint32]bool, len(first)) // edges of the first path
	entered := make(map[uint32]uint32, len(first))
	for _, a := range first {
		taken[g.Edge[a]] = true
		entered[g.Head[a]] = a
	}
	dist := make([]uint32, g.Nodes())
	from := make([]step, g.Nodes())
	for v := range dist {
		dist[v] = Inf
		from[v].arc = None
	}
	var queue heap
	relax := func(v, d uint32, by step) {
		if d < dist[v] {
			dist[v], from[v] = d, by
			queue.push(d, v)
		}
	}
	for _, s := range seeds {
		relax(s.Node, 0, step{arc: None})
	}
	for len(queue) > 0 {
		d, v := queue.pop()
		if d > dist[v] {
			continue
		}
		if v == target {
			break
		}
		for a := g.First[v]; a < g.First[v+1]; a++ {
			if weight[a] == Inf || taken[g.Edge[a]] {
				continue
			}
			// A head out of reach for cost alone has potential Inf: the sum is too large to hold.
			if head := g.Head[a]; potential[head] < Inf {
				relax(head, Add(d, weight[a]+potential[v]-potential[head]), step{arc: a})
			}
		}
		if a, ok := entered[v]; ok {
			relax(g.Tail[a], d, step{arc: a, back: true})
		}
	}
	if dist[target] == Inf {
		return nil
	}
	var steps []step
	for v := target; from[v].arc != None; {
		s := from[v]
		steps = append(steps, s)
		if s.back {
			v = g.Head[s.arc]
		} else {
			v = g.Tail[s.arc]
		}
	}
	slices.Reverse(steps)
	return steps
}

// untangle drops what the second path walked back and cuts what is left into
// two paths.
func untangle(g *Graph, weight []uint32, first []uint32, second []step, target uint32) Pair {
	dropped := make(map[uint32]bool)
	for _, s := range second {
		if s.back {
			dropped[s.arc] = true
		}
	}
	out := make(map[uint32][]uint32)
	degree := make(map[uint32]int) // arcs out minus arcs in
	add := func(a uint32) {
		out[g.Tail[a]] = append(out[g.Tail[a]], a)
		degree[g.Tail[a]]++
		degree[g.Head[a]]--
	}
	for _, a := range first {
		if !dropped[a] {
			add(a)
		}
	}
	for _, s := range second {
		if !s.back {
			add(s.arc)
		}
	}
	for _, arcs := range out {
		slices.Sort(arcs)
	}
	var starts []uint32
	for v, d := range degree {
		for ; d > 0; d-- {
			starts = append(starts, v)
		}
	}
	slices.Sort(starts)
	walk := func(v uint32) (path []uint32, cost uint32) {
		for v != target {
			a := out[v][0]
			out[v] = out[v][1:]
			path = append(path, a)
			v = g.Head[a]
			// A cycle can only have cost zero; leaving it out keeps the path simple.
			for i := range path {
				if g.Tail[path[i]] == v {
					path = path[:i]
					break
				}
			}
		}
		for _, a := range path {
			cost = Add(cost, weight[a])
		}
		return path, cost
	}
	var pair Pair
	pair.First, pair.FirstCost = walk(starts[0])
	pair.Second, pair.SecondCost = walk(starts[1])
	if pair.SecondCost < pair.FirstCost {
		pair.First, pair.Second = pair.Second, pair.First
		pair.FirstCost, pair.SecondCost = pair.SecondCost, pair.FirstCost
	}
	return pair
}
