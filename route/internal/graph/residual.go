package graph

import (
	"context"
	"math"
	"slices"
)

// What a node is to the search.
const (
	apart   = 1 << iota // has a state for being entered and one for being left
	entered             // some arc into it carries a path, or did
	passed              // apart and on a path
)

// bundle is a set of paths under construction. A node kept apart has two states:
// node v is left from state v and entered at state sink+1+v, and the way from
// one to the other is what two paths would share.
type bundle struct {
	g      *Graph
	weight []uint32
	q      Disjoint
	mark   []uint8 // per node
	sink   uint32  // the state beyond all targets

	start, end   map[uint32]int // how many paths may yet start and end at a node
	begun, ended []uint32       // where paths do

	carrier  []uint32            // per edge, the arc that carries paths, or None
	units    []uint16            // per edge, the paths on it
	entering map[uint32][]uint32 // the arcs that carry paths into a node
	through  map[uint32]int      // the paths through a node kept apart
	// shared is set once paths have something in common, which they will keep:
	// the next path never makes less of it.
	shared bool

	// penalty is the cost of a shared use, more than the totals of two sets of
	// paths can differ by.
	penalty   int64
	potential []int64 // per state
	dist      []int64 // per state, of the last search
	from      []step  // per state, of the last search
	queue     queue
}

// step is the move by which the search came to a state.
type step struct {
	arc  uint32 // for along and undo
	kind uint8
}

const (
	begin  = iota // a path starts at this node
	along         // along an arc
	undo          // back along an arc that carries a path, taking one off it
	across        // between the two states of a node kept apart
)

const far = math.MaxInt64

func newBundle(g *Graph, weight []uint32, q Disjoint) *bundle {
	n := g.Nodes()
	states := n + 1
	if q.Apart > 0 {
		states += q.Apart
	}
	b := &bundle{
		g: g, weight: weight, q: q,
		mark: make([]uint8, n), sink: uint32(n),
		entering: make(map[uint32][]uint32), through: make(map[uint32]int),
		penalty:   int64(q.Paths+1) * int64(Inf),
		potential: make([]int64, states), dist: make([]int64, states), from: make([]step, states),
	}
	edges := uint32(0)
	for _, e := range g.Edge {
		edges = max(edges, e+1)
	}
	b.units = make([]uint16, edges)
	b.carrier = slices.Repeat([]uint32{None}, int(edges))
	for v := range q.Apart {
		b.mark[v] = apart
	}
	ends := func(nodes []uint32, distinct bool) map[uint32]int {
		room := make(map[uint32]int)
		for _, v := range nodes {
			if distinct {
				room[v]++
			} else {
				room[v] = q.Paths
				b.mark[v] &^= apart
			}
		}
		return room
	}
	b.start = ends(q.Sources, q.DistinctSources)
	b.end = ends(q.Targets, q.DistinctTargets)
	return b
}

// entry is the state in which a path enters a node.
func (b *bundle) entry(v uint32) uint32 {
	if b.mark[v]&apart != 0 {
		return b.sink + 1 + v
	}
	return v
}

// side is the node of a state, and whether paths enter and leave it there.
func (b *bundle) side(x uint32) (v uint32, entry, exit bool) {
	if x > b.sink {
		return x - b.sink - 1, true, false
	}
	return x, b.mark[x]&apart == 0, true
}

// extra is what each path on an edge beyond the first costs on top of its weight.
func (b *bundle) extra(edge uint32) int64 {
	if b.q.Uncounted != nil && b.q.Uncounted[edge] {
		return 0
	}
	return b.penalty
}

// block is how many nodes a search settles between looks at the context.
const block = 1 << 13

// search finds the cheapest way to one path more, rerouting those there are, by
// Dijkstra's algorithm on the residual graph with the reduced costs
// c(x,y) + p(x) - p(y). It returns the node before the sink, or None, and
// updates the potentials p to the distances found, capped at that of the sink.
func (b *bundle) search(ctx context.Context) (uint32, error) {
	for x := range b.dist {
		b.dist[x] = far
	}
	b.queue = b.queue[:0]
	last := None
	var base int64 // of the state being settled
	relax := func(y uint32, cost int64, by step) bool {
		sum := base + cost - b.potential[y]
		if sum >= b.dist[y] {
			return false
		}
		b.dist[y], b.from[y] = sum, by
		b.queue.push(sum, y)
		return true
	}
	for _, s := range b.q.Sources {
		if b.start[s] > 0 {
			relax(b.entry(s), 0, step{kind: begin})
		}
	}
	for settled := 1; len(b.queue) > 0; settled++ {
		if settled%block == 0 && ctx.Err() != nil {
			return None, ctx.Err()
		}
		d, x := b.queue.pop()
		if d > b.dist[x] {
			continue
		}
		if x == b.sink {
			break
		}
		base = d + b.potential[x]
		v, entry, exit := b.side(x)
		mark := b.mark[v]
		if entry && mark&entered != 0 {
			for _, a := range b.entering[v] {
				cost := -int64(b.weight[a])
				if e := b.g.Edge[a]; b.units[e] > 1 {
					cost -= b.extra(e)
				}
				relax(b.g.Tail[a], cost, step{a, undo})
			}
		}
		if !exit {
			switch {
			case mark&passed == 0:
				relax(v, 0, step{kind: across})
			case b.q.Share:
				relax(v, b.penalty, step{kind: across})
			}
			continue
		}
		if mark&passed != 0 {
			cost := int64(0)
			if b.through[v] > 1 {
				cost = -b.penalty
			}
			relax(b.entry(v), cost, step{kind: across})
		}
		if b.end[v] > 0 && relax(b.sink, 0, step{}) {
			last = v
		}
		for a := b.g.First[v]; a < b.g.First[v+1]; a++ {
			if b.weight[a] == Inf {
				continue
			}
			cost := int64(b.weight[a])
			switch e := b.g.Edge[a]; {
			case b.carrier[e] == None:
			case b.carrier[e] == a && b.q.Share:
				cost += b.extra(e)
			default:
				// The way against a path is to undo it, at no greater cost.
				continue
			}
			relax(b.entry(b.g.Head[a]), cost, step{a, along})
		}
	}
	if last == None {
		return None, ctx.Err()
	}
	total := b.dist[b.sink]
	for x := range b.potential {
		b.potential[x] += min(b.dist[x], total)
	}
	return last, ctx.Err()
}

// augment adds the path that the last search found.
func (b *bundle) augment(last uint32) {
	b.end[last]--
	b.ended = append(b.ended, last)
	for x := last; ; {
		v, _, exit := b.side(x)
		switch by := b.from[x]; by.kind {
		case begin:
			b.start[v]--
			b.begun = append(b.begun, v)
			return
		case along:
			b.carry(by.arc)
			x = b.g.Tail[by.arc]
		case undo:
			b.drop(by.arc)
			x = b.entry(b.g.Head[by.arc])
		case across:
			if exit {
				b.pass(v, 1)
				x = b.entry(v)
			} else {
				b.pass(v, -1)
				x = v
			}
		}
	}
}

// carry puts one path more on an arc.
func (b *bundle) carry(a uint32) {
	e, head := b.g.Edge[a], b.g.Head[a]
	if b.units[e] == 0 {
		b.carrier[e] = a
		b.entering[head] = append(b.entering[head], a)
		b.mark[head] |= entered
	} else if b.extra(e) > 0 {
		b.shared = true
	}
	b.units[e]++
}

// drop takes a path off an arc.
func (b *bundle) drop(a uint32) {
	e, head := b.g.Edge[a], b.g.Head[a]
	if b.units[e]--; b.units[e] > 0 {
		return
	}
	b.carrier[e] = None
	i := slices.Index(b.entering[head], a)
	b.entering[head] = slices.Delete(b.entering[head], i, i+1)
}

// pass adds to the paths through a node kept apart.
func (b *bundle) pass(v uint32, by int) {
	before := b.through[v]
	b.through[v] = before + by
	b.shared = b.shared || before+by > 1
	if before+by > 0 {
		b.mark[v] |= passed
	} else {
		b.mark[v] &^= passed
	}
}
