package graph

// StrongComponents numbers the sets of nodes that can all reach each other and
// returns the number of each node's set: the lowest node in it. The method is that
// of R. E. Tarjan, "Depth-first search and linear graph algorithms", SIAM Journal on
// Computing 1, 1972, doi:10.1137/0201010, without recursion, in O(n+m).
func (g *Graph) StrongComponents() []uint32 {
	n := g.Nodes()
	const unseen = None
	var (
		order     = make([]uint32, n) // in which nodes were found
		low       = make([]uint32, n) // the earliest node on the stack within reach
		component = make([]uint32, n)
		next      = make([]uint32, n) // arc to follow
		open      []uint32            // nodes without a component yet, as found
		path      []uint32            // from the root of the search
		count     uint32
	)
	for v := range order {
		order[v], component[v] = unseen, unseen
	}
	for root := range uint32(n) {
		if order[root] != unseen {
			continue
		}
		path = append(path[:0], root)
		for len(path) > 0 {
			v := path[len(path)-1]
			if order[v] == unseen {
				order[v], low[v], next[v] = count, count, g.First[v]
				count++
				open = append(open, v)
			}
			if next[v] < g.First[v+1] {
				switch w := g.Head[next[v]]; {
				case order[w] == unseen:
					path = append(path, w)
				case component[w] == unseen:
					low[v] = min(low[v], order[w])
				}
				next[v]++
				continue
			}
			path = path[:len(path)-1]
			if len(path) > 0 {
				parent := path[len(path)-1]
				low[parent] = min(low[parent], low[v])
			}
			if low[v] != order[v] {
				continue
			}
			start := len(open)
			for name := v; ; {
				start--
				w := open[start]
				if name = min(name, w); w == v {
					for _, x := range open[start:] {
						component[x] = name
					}
					open = open[:start]
					break
				}
			}
		}
	}
	return component
}
