package graph

import (
	"context"
	"slices"
)

// ShortestPaths returns the k shortest paths from s to t that pass no node twice,
// in the order of cost; fewer if there are no more. Paths differ if they differ
// in an arc. toTarget holds the least cost from every node to t, as a run of
// Dijkstra's algorithm on the reversed graph gives it.
//
// It is Yen's algorithm (Management Science 17, 1971): every path deviates from
// one found before, at a node where none of the others left it. It looks for
// deviations only behind the point where a path itself deviates (Lawler, Management
// Science 18, 1972), by A* with toTarget as the potential, which is exact where
// nothing is forbidden, and gives up on those too long to count among the k. For
// paths of l arcs that is O(k l) searches, each O((n+m) log m) at worst and
// mostly a few nodes. Of several paths of one cost the one found first comes
// first, in an order that depends on nothing but the arguments. It ends early with the
// error of the context.
func ShortestPaths(ctx context.Context, g *Graph, weight []uint32, toTarget []uint32, s, t uint32, k int) ([]Route, error) {
	y := &yen{
		g: g, weight: weight, toTarget: toTarget, target: t,
		dist: make([]uint32, g.Nodes()), from: make([]uint32, g.Nodes()), round: make([]uint32, g.Nodes()),
		closed: make([]bool, g.Nodes()),
	}
	var found []deviation
	var waiting []deviation // in the order of cost, no more than can still be wanted
	offer := func(d deviation) {
		at, _ := slices.BinarySearchFunc(waiting, d.Cost, func(w deviation, cost uint32) int {
			if w.Cost <= cost {
				return -1 // behind those of the same cost
			}
			return 1
		})
		waiting = slices.Insert(waiting, at, d)
		waiting = waiting[:min(len(waiting), k-len(found))]
	}
	rest, err := y.search(ctx, s, nil, Inf)
	if err != nil {
		return nil, err
	}
	if rest != nil || s == t {
		offer(deviation{Route: y.route(s, rest)})
	}
	for len(waiting) > 0 {
		p := waiting[0]
		waiting = waiting[1:]
		found = append(found, p)
		if len(found) == k {
			break
		}
		// The found paths that go along with p up to the node at hand.
		along := make([]deviation, 0, len(found))
		for _, f := range found {
			if len(f.Arcs) > p.at && slices.Equal(f.Arcs[:p.at], p.Arcs[:p.at]) {
				along = append(along, f)
			}
		}
		rootCost := uint32(0)
		for i, a := range p.Arcs {
			v := g.Tail[a]
			if i >= p.at {
				forbidden := make([]uint32, len(along))
				for j, f := range along {
					forbidden[j] = f.Arcs[i]
				}
				limit := Inf
				if len(waiting) == k-len(found) {
					limit = waiting[len(waiting)-1].Cost
				}
				rest, err := y.search(ctx, v, forbidden, limit-rootCost)
				if err != nil {
					return nil, err
				}
				if rest != nil {
					offer(deviation{Route: y.route(s, slices.Concat(p.Arcs[:i], rest)), at: i})
				}
				along = slices.DeleteFunc(along, func(f deviation) bool { return f.Arcs[i] != a })
			}
			y.closed[v] = true
			rootCost += weight[a]
		}
		for _, a := range p.Arcs {
			y.closed[g.Tail[a]] = false
		}
	}
	routes := make([]Route, len(found))
	for i, f := range found {
		routes[i] = f.Route
	}
	return routes, nil
}

// deviation is a path and the number of arcs that it has in common with the
// one that it was found from.
type deviation struct {
	Route
	at int
}

// yen is the memory of the searches of ShortestPaths.
type yen struct {
	g        *Graph
	weight   []uint32
	toTarget []uint32
	target   uint32
	closed   []bool // per node: on the path so far, not to be entered

	// dist and from are those of the current search where round has its number.
	dist, from, round []uint32
	current           uint32
	heap              heap
	settled           int
}

// search returns the arcs of a shortest path from a node to the target that
// enters no closed node and does not begin with a forbidden arc, or nil if there
// is none that costs less than limit. A path of no arcs is nil, too.
func (y *yen) search(ctx context.Context, start uint32, forbidden []uint32, limit uint32) ([]uint32, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	y.current++
	y.heap = y.heap[:0]
	reach := func(v, d, by uint32) {
		if y.round[v] == y.current && d >= y.dist[v] {
			return
		}
		// The key is the least cost of a path by way of v.
		if key := Add(d, y.toTarget[v]); key < limit {
			y.round[v], y.dist[v], y.from[v] = y.current, d, by
			y.heap.push(key, v)
		}
	}
	reach(start, 0, None)
	for len(y.heap) > 0 {
		if y.settled++; y.settled%block == 0 && ctx.Err() != nil {
			return nil, ctx.Err()
		}
		key, v := y.heap.pop()
		if key > y.dist[v]+y.toTarget[v] {
			continue
		}
		if v == y.target {
			break
		}
		for a := y.g.First[v]; a < y.g.First[v+1]; a++ {
			head := y.g.Head[a]
			if y.closed[head] || v == start && slices.Contains(forbidden, a) {
				continue
			}
			reach(head, Add(y.dist[v], y.weight[a]), a)
		}
	}
	if y.round[y.target] != y.current {
		return nil, nil
	}
	var arcs []uint32
	for v := y.target; v != start; v = y.g.Tail[y.from[v]] {
		arcs = append(arcs, y.from[v])
	}
	slices.Reverse(arcs)
	return arcs, nil
}

func (y *yen) route(s uint32, arcs []uint32) Route {
	cost := uint32(0)
	for _, a := range arcs {
		cost = Add(cost, y.weight[a])
	}
	return Route{s, y.target, arcs, cost}
}
