package graph

import (
	"context"
	"errors"
	"math"
	"slices"
	"testing"
)

// pickDisjoint is a random question about a sample.
func pickDisjoint(pick func(n int) int, s sample, paths int) Disjoint {
	q := Disjoint{
		Paths:           1 + pick(paths),
		Sources:         pickNodes(pick, s.g, 6),
		Targets:         pickNodes(pick, s.g, 6),
		DistinctSources: pick(2) == 1,
		DistinctTargets: pick(2) == 1,
		Share:           pick(2) == 1,
	}
	if pick(2) == 1 {
		q.Apart = 1 + pick(s.g.Nodes())
	}
	if pick(4) == 3 {
		q.Uncounted = make([]bool, s.edges)
		for e := range q.Uncounted {
			q.Uncounted[e] = pick(4) == 3
		}
	}
	return q
}

// exempt reports whether any number of paths may meet at a node.
func (q *Disjoint) exempt(v uint32) bool {
	return int(v) >= q.Apart || !q.DistinctSources && slices.Contains(q.Sources, v) || !q.DistinctTargets && slices.Contains(q.Targets, v)
}

// pipe is an arc of the network of minCostFlow, whose reverse is the pipe at its number ^1.
type pipe struct {
	from, to, room int
	shared, cost   int64
}

// minCostFlow is an independent mirror of DisjointPaths: a network with a
// gadget for each edge and two halves for each node, through which it sends one
// unit after the other by Bellman and Ford's method on pairs of shared uses and
// cost. It returns both after each unit.
//
//	u --> in --0,w--> out --> v     (once, and at 1,w as often as wanted)
//	v --> in          out --> u
func minCostFlow(g *Graph, weight []uint32, q Disjoint) (shared, cost []int64) {
	var pipes []pipe
	add := func(from, to, room int, shared, cost int64) {
		pipes = append(pipes, pipe{from, to, room, shared, cost}, pipe{to, from, 0, -shared, -cost})
	}
	passage := func(from, to int, price, w int64) {
		add(from, to, 1, 0, w)
		if q.Share {
			add(from, to, q.Paths, price, w)
		}
	}
	n := g.Nodes()
	in, out := func(v uint32) int { return 2 * int(v) }, func(v uint32) int { return 2*int(v) + 1 }
	source, sink, next := 2*n, 2*n+1, 2*n+2
	for v := range uint32(n) {
		if q.exempt(v) {
			add(in(v), out(v), q.Paths, 0, 0)
		} else {
			passage(in(v), out(v), 1, 0)
		}
	}
	gadget := make(map[uint32]int)
	for a := range g.Head {
		if weight[a] == Inf {
			continue
		}
		e := g.Edge[a]
		if _, ok := gadget[e]; !ok {
			gadget[e] = next
			next += 2
			price := int64(1)
			if q.Uncounted != nil && q.Uncounted[e] {
				price = 0
			}
			passage(gadget[e], gadget[e]+1, price, int64(weight[a]))
		}
		add(out(g.Tail[a]), gadget[e], q.Paths, 0, 0)
		add(gadget[e]+1, in(g.Head[a]), q.Paths, 0, 0)
	}
	room := func(nodes []uint32, distinct bool) map[uint32]int {
		count := make(map[uint32]int)
		for _, v := range nodes {
			if count[v]++; !distinct {
				count[v] = q.Paths
			}
		}
		return count
	}
	for v, k := range room(q.Sources, q.DistinctSources) {
		add(source, in(v), k, 0, 0)
	}
	for v, k := range room(q.Targets, q.DistinctTargets) {
		add(out(v), sink, k, 0, 0)
	}
	var totalShared, total int64
	for len(cost) < q.Paths {
		type label struct{ shared, cost int64 }
		unset := label{math.MaxInt64, 0}
		dist := slices.Repeat([]label{unset}, next)
		from := make([]int, next)
		dist[source] = label{}
		for changed := true; changed; {
			changed = false
			for i, p := range pipes {
				if p.room == 0 || dist[p.from] == unset {
					continue
				}
				d := label{dist[p.from].shared + p.shared, dist[p.from].cost + p.cost}
				if old := dist[p.to]; d.shared < old.shared || d.shared == old.shared && d.cost < old.cost {
					dist[p.to], from[p.to], changed = d, i, true
				}
			}
		}
		if dist[sink] == unset {
			break
		}
		for v := sink; v != source; v = pipes[from[v]].from {
			pipes[from[v]].room--
			pipes[from[v]^1].room++
		}
		totalShared += dist[sink].shared
		total += dist[sink].cost
		shared, cost = append(shared, totalShared), append(cost, total)
	}
	return shared, cost
}

// checkRoute checks that a route is a simple path of its cost between its ends.
func checkRoute(t fataler, g *Graph, weight []uint32, r Route) {
	t.Helper()
	at, sum := r.Source, uint64(0)
	visited := []uint32{at}
	for _, a := range r.Arcs {
		if g.Tail[a] != at || weight[a] == Inf {
			t.Fatalf("path %v is broken at arc %d", r, a)
		}
		at = g.Head[a]
		if slices.Contains(visited, at) {
			t.Fatalf("path %v passes node %d twice", r, at)
		}
		visited = append(visited, at)
		sum += uint64(weight[a])
	}
	if at != r.Target || sum != uint64(r.Cost) || r.Cost >= Inf {
		t.Fatalf("path %v ends at %d with cost %d", r, at, sum)
	}
}

// audit checks that an answer is made of simple paths between the ends asked
// for, and says the truth about itself. It returns its shared uses and total cost.
func audit(t fataler, g *Graph, weight []uint32, q Disjoint, got Routes) (shared, cost int64) {
	starts, ends := slices.Clone(q.Sources), slices.Clone(q.Targets)
	take := func(from *[]uint32, v uint32, distinct bool) {
		i := slices.Index(*from, v)
		if i < 0 {
			t.Fatalf("a path has an end at %d, where none is left", v)
		}
		if distinct {
			*from = slices.Delete(*from, i, i+1)
		}
	}
	onEdge, atNode := make(map[uint32]int), make(map[uint32]int)
	var last uint32
	for _, r := range got.Routes {
		take(&starts, r.Source, q.DistinctSources)
		take(&ends, r.Target, q.DistinctTargets)
		checkRoute(t, g, weight, r)
		if r.Cost < last {
			t.Fatalf("path %v comes after one of cost %d", r, last)
		}
		last = r.Cost
		cost += int64(r.Cost)
		visit := func(v uint32) {
			if !q.exempt(v) {
				atNode[v]++
			}
		}
		visit(r.Source)
		for _, a := range r.Arcs {
			onEdge[g.Edge[a]]++
			visit(g.Head[a])
		}
	}
	several := func(uses map[uint32]int, free []bool) (list []uint32) {
		for x, k := range uses {
			if k > 1 {
				list = append(list, x)
				if free == nil || !free[x] {
					shared += int64(k - 1)
				}
			}
		}
		slices.Sort(list)
		return list
	}
	if edges := several(onEdge, q.Uncounted); !slices.Equal(edges, got.SharedEdges) {
		t.Fatalf("shared edges %v, want %v", got.SharedEdges, edges)
	}
	if nodes := several(atNode, nil); !slices.Equal(nodes, got.SharedNodes) {
		t.Fatalf("shared nodes %v, want %v", got.SharedNodes, nodes)
	}
	return shared, cost
}

func disjoint(t fataler, g *Graph, weight []uint32, q Disjoint) Routes {
	t.Helper()
	got, err := DisjointPaths(context.Background(), g, weight, q)
	if err != nil {
		t.Fatalf("%v", err)
	}
	return got
}

func TestDisjointPathsEqualMinCostFlow(t *testing.T) {
	everyWay(t, 10000, func(t fataler, pick func(n int) int) {
		s := pickSample(pick, 14, 40, false)
		q := pickDisjoint(pick, s, 8)
		got := disjoint(t, s.g, s.weight, q)
		shared, cost := audit(t, s.g, s.weight, q, got)
		wantShared, wantCost := minCostFlow(s.g, s.weight, q)
		if len(got.Routes) != len(wantCost) {
			t.Fatalf("%d paths, min-cost flow says %d", len(got.Routes), len(wantCost))
		}
		if k := len(wantCost); k > 0 && (shared != wantShared[k-1] || cost != wantCost[k-1]) {
			t.Fatalf("%d shared uses at cost %d, min-cost flow says %d at %d", shared, cost, wantShared[k-1], wantCost[k-1])
		}
		free := 0
		for free < len(wantShared) && wantShared[free] == 0 {
			free++
		}
		if got.Disjoint != free {
			t.Fatalf("%d of the paths can be disjoint, min-cost flow says %d", got.Disjoint, free)
		}
	})
}

// simplePaths lists every path without a node twice from a source to a target.
func simplePaths(g *Graph, weight []uint32, source uint32, targets []uint32) []Route {
	var found []Route
	visited := make([]bool, g.Nodes())
	var walk func(v uint32, arcs []uint32, cost uint64)
	walk = func(v uint32, arcs []uint32, cost uint64) {
		if slices.Contains(targets, v) && cost < uint64(Inf) {
			found = append(found, Route{source, v, slices.Clone(arcs), uint32(cost)})
		}
		visited[v] = true
		for a := g.First[v]; a < g.First[v+1]; a++ {
			if head := g.Head[a]; weight[a] != Inf && !visited[head] {
				walk(head, append(arcs, a), cost+uint64(weight[a]))
			}
		}
		visited[v] = false
	}
	walk(source, nil, 0)
	return found
}

// bruteForce tries every set of paths of a size, with repetition, and returns
// the least shared uses and the least cost with these. The size is the
// greatest that there is.
func bruteForce(g *Graph, weight []uint32, q Disjoint) (size int, shared, cost int64) {
	var all []Route
	for i, s := range q.Sources {
		if !slices.Contains(q.Sources[:i], s) {
			all = append(all, simplePaths(g, weight, s, q.Targets)...)
		}
	}
	onEdge, atNode := make(map[uint32]int), make(map[uint32]int)
	starts, ends := make(map[uint32]int), make(map[uint32]int)
	count := func(nodes []uint32, v uint32) (k int) {
		for _, x := range nodes {
			if x == v {
				k++
			}
		}
		return k
	}
	use := func(r Route, by int) {
		starts[r.Source] += by
		ends[r.Target] += by
		atNode[r.Source] += by
		for _, a := range r.Arcs {
			onEdge[g.Edge[a]] += by
			atNode[g.Head[a]] += by
		}
	}
	var try func(first, left int, total int64)
	try = func(first, left int, total int64) {
		var now int64
		for e, k := range onEdge {
			if q.Uncounted == nil || !q.Uncounted[e] {
				now += int64(max(k-1, 0))
			} else if !q.Share && k > 1 {
				return
			}
		}
		for v, k := range atNode {
			if !q.exempt(v) {
				now += int64(max(k-1, 0))
			}
		}
		if !q.Share && now > 0 {
			return
		}
		if taken := q.Paths - left; taken > size || taken == size && (now < shared || now == shared && total < cost) {
			size, shared, cost = taken, now, total
		}
		if left == 0 {
			return
		}
		for i := first; i < len(all); i++ {
			r := all[i]
			if q.DistinctSources && starts[r.Source] == count(q.Sources, r.Source) || q.DistinctTargets && ends[r.Target] == count(q.Targets, r.Target) {
				continue
			}
			use(r, 1)
			try(i, left-1, total+int64(r.Cost))
			use(r, -1)
		}
	}
	try(0, q.Paths, 0)
	return size, shared, cost
}

// The second mirror knows nothing of flows: it tries all sets of paths. Here
// the two directions of an edge may differ in weight.
func TestDisjointPathsEqualBruteForce(t *testing.T) {
	everyWay(t, 10000, func(t fataler, pick func(n int) int) {
		s := pickSample(pick, 5, 8, true)
		q := pickDisjoint(pick, s, 3)
		got := disjoint(t, s.g, s.weight, q)
		shared, cost := audit(t, s.g, s.weight, q, got)
		size, wantShared, wantCost := bruteForce(s.g, s.weight, q)
		if len(got.Routes) != size || shared != wantShared || cost != wantCost {
			t.Fatalf("%d paths with %d shared uses at %d, want %d with %d at %d: %v", len(got.Routes), shared, cost, size, wantShared, wantCost, got)
		}
	})
}

// road is an edge open both ways.
type road struct {
	u, v, weight uint32
}

func roads(nodes int, list ...road) (*Graph, []uint32) {
	var arcs []Arc
	var each []uint32
	for e, r := range list {
		arcs = append(arcs, Arc{r.u, r.v, uint32(e)}, Arc{r.v, r.u, uint32(e)})
		each = append(each, r.weight, r.weight)
	}
	g, order := New(nodes, arcs)
	weight := make([]uint32, len(arcs))
	for i, at := range order {
		weight[at] = each[i]
	}
	return g, weight
}

// The trap: the shortest path s-a-b-t blocks both alternatives, so that removing
// it leaves no second path, while two disjoint paths exist.
//
//	s --1-- a --1-- b --1-- t
//	 \       `---4---------/
//	  `--------4----/
func TestDisjointPathsTrap(t *testing.T) {
	const s, a, b, tt = 0, 1, 2, 3
	g, weight := roads(4, road{s, a, 1}, road{a, b, 1}, road{b, tt, 1}, road{s, b, 4}, road{a, tt, 4})
	for _, apart := range []int{0, 4} {
		got := disjoint(t, g, weight, Disjoint{Paths: 2, Sources: []uint32{s}, Targets: []uint32{tt}, Apart: apart})
		if len(got.Routes) != 2 || got.Routes[0].Cost != 5 || got.Routes[1].Cost != 5 {
			t.Errorf("%d nodes apart: routes %+v, want 2 of cost 5", apart, got.Routes)
		}
	}
}

// Two squares that meet in a corner: the routes can share no edge but must meet.
//
//	  1       4
//	 / \     / \
//	0   3 = 3   6
//	 \ /     \ /
//	  2       5
func TestDisjointPathsMeetAtACorner(t *testing.T) {
	g, weight := roads(7, road{0, 1, 1}, road{1, 3, 1}, road{0, 2, 2}, road{2, 3, 2},
		road{3, 4, 1}, road{4, 6, 1}, road{3, 5, 2}, road{5, 6, 2})
	q := Disjoint{Paths: 2, Sources: []uint32{0}, Targets: []uint32{6}, Share: true}
	if got := disjoint(t, g, weight, q); got.Disjoint != 2 || got.SharedEdges != nil || got.SharedNodes != nil {
		t.Errorf("edge-disjoint: %+v, want two routes with nothing in common", got)
	}
	q.Apart = 7
	if got := disjoint(t, g, weight, q); got.Disjoint != 1 || len(got.Routes) != 2 || got.SharedEdges != nil || !slices.Equal(got.SharedNodes, []uint32{3}) {
		t.Errorf("node-disjoint: %+v, want two routes that share node 3", got)
	}
	q.Share = false
	if got := disjoint(t, g, weight, q); got.Disjoint != 1 || len(got.Routes) != 1 || got.Routes[0].Cost != 4 {
		t.Errorf("node-disjoint only: %+v, want the shortest route", got)
	}
}

// A bridge is shared once for each route beyond the first, and the detours
// round the rest of the way are worth any length.
func TestDisjointPathsShareTheBridge(t *testing.T) {
	g, weight := roads(4, road{0, 1, 5}, road{1, 2, 1}, road{1, 2, 1_000_000}, road{2, 3, 5}, road{1, 2, 2_000_000})
	got := disjoint(t, g, weight, Disjoint{Paths: 3, Sources: []uint32{0}, Targets: []uint32{3}, Share: true})
	if got.Disjoint != 1 || !slices.Equal(got.SharedEdges, []uint32{0, 3}) {
		t.Errorf("%+v, want the edges 0 and 3 shared", got)
	}
	for i, want := range []uint32{11, 1_000_010, 2_000_010} {
		if got.Routes[i].Cost != want {
			t.Errorf("route %d costs %d, want %d", i, got.Routes[i].Cost, want)
		}
	}
}

// The fifth path is worth a detour by which one of two others leaves the way
// that they share. Arrows are one-way; each of s and t has one path.
//
//	s4 -> x -> y -> r -> t4      s1, s2 -> u -> v -> t1, t2      s5 -> p -> q -> t5
//	s3 ---^    |    `--> t6                |    ^                     ^    `--> t3
//	           `---------------------------|----'                     |
//	                                       `--------------------------'
func TestDisjointPathsTakeBackASharedUse(t *testing.T) {
	const s1, s2, s3, s4, s5, t1, t2, t3, t4, t5, t6, x, y, r, u, v, p, q = 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17
	const m, o, r2, w = 18, 19, 20, 21 // halfway nodes of the second case
	ends := []road{
		{s1, u, 1}, {s2, u, 1}, {s3, x, 9}, {s4, x, 1}, {s5, p, 1},
		{v, t1, 1}, {v, t2, 1}, {q, t5, 1}, {q, t3, 100},
		{y, v, 1}, {u, p, 1},
	}
	for _, c := range []struct {
		name   string
		ways   []road
		apart  int
		shared int64 // x-y and p-q, with the nodes on them, and none of u-v
	}{
		{"edges", []road{{x, y, 1}, {u, v, 1}, {p, q, 1}, {y, r, 1}, {r, t4, 1}, {r, t6, 1}}, 0, 2},
		{"nodes", []road{{x, w, 1}, {w, y, 1}, {u, m, 1}, {m, v, 1}, {p, o, 1}, {o, q, 1}, {y, r, 1}, {y, r, 1}, {r, r2, 1}, {r2, t4, 1}, {r2, t6, 1}}, 22, 12},
	} {
		list := append(slices.Clone(ends), c.ways...)
		arcs := make([]Arc, len(list))
		for e, l := range list {
			arcs[e] = Arc{l.u, l.v, uint32(e)}
		}
		g, order := New(22, arcs)
		weight := make([]uint32, len(arcs))
		for e, at := range order {
			weight[at] = list[e].weight
		}
		ask := Disjoint{
			Paths: 5, Sources: []uint32{s1, s2, s3, s4, s5}, Targets: []uint32{t1, t2, t3, t4, t5, t6},
			DistinctSources: true, DistinctTargets: true, Share: true, Apart: c.apart,
		}
		wantShared, wantCost := minCostFlow(g, weight, ask)
		shared, cost := audit(t, g, weight, ask, disjoint(t, g, weight, ask))
		if shared != c.shared || shared != wantShared[4] || cost != wantCost[4] {
			t.Errorf("%s: %d shared uses at %d, want %d; min-cost flow says %v at %v", c.name, shared, cost, c.shared, wantShared, wantCost)
		}
	}
}

// All ways are free and the second search goes round from c by d instead of back
// by b, which leaves a circle between the first two paths, s-a-b-c-t and
// s-y-c-d-a-z-t. The third, s-w-z-b-e-t, makes one come past b again.
func TestDisjointPathsLeaveOutCircles(t *testing.T) {
	const s, d, a, b, c, tt, z, y, w, e = 0, 1, 2, 3, 4, 5, 6, 7, 8, 9
	ends := [][2]uint32{{s, a}, {a, b}, {b, c}, {c, d}, {c, tt}, {d, a}, {a, z}, {z, b}, {z, tt}, {s, y}, {y, c}, {s, w}, {w, z}, {b, e}, {e, tt}}
	arcs := make([]Arc, len(ends))
	for i, x := range ends {
		arcs[i] = Arc{x[0], x[1], uint32(i)}
	}
	g, _ := New(10, arcs)
	got := disjoint(t, g, make([]uint32, len(arcs)), Disjoint{Paths: 3, Sources: []uint32{s}, Targets: []uint32{tt}})
	for i, want := range [][]uint32{{s, a, z, b, e}, {s, y, c}, {s, w, z}} {
		var nodes []uint32
		for _, arc := range got.Routes[i].Arcs {
			nodes = append(nodes, g.Tail[arc])
		}
		if !slices.Equal(nodes, want) {
			t.Errorf("path %d leaves the nodes %v, want %v", i, nodes, want)
		}
	}
}

func TestDisjointPathsFarBeyondRange(t *testing.T) {
	ask := func(paths int, target uint32, share bool) Disjoint {
		return Disjoint{Paths: paths, Sources: []uint32{0}, Targets: []uint32{target}, Share: share}
	}
	g, _ := New(3, []Arc{{0, 1, 0}, {1, 2, 1}})
	if got := disjoint(t, g, []uint32{Inf - 1, Inf - 1}, ask(2, 2, true)); len(got.Routes) != 0 || got.Disjoint != 0 {
		t.Errorf("a total beyond Inf gives %+v, want nothing", got)
	}
	if got := disjoint(t, g, []uint32{Inf - 1, Inf - 1}, ask(2, 1, true)); len(got.Routes) != 2 || got.Disjoint != 1 {
		t.Errorf("a node within range gives %+v, want its path twice", got)
	}
	// The second path, 0-2-3-1, is longer than the range by one, or just within it.
	g, _ = New(4, []Arc{{0, 1, 0}, {0, 2, 1}, {2, 3, 2}, {3, 1, 3}})
	for _, over := range []uint32{0, 1, 1000} {
		if got := disjoint(t, g, []uint32{5, 7, Inf - 8 + over, 1}, ask(3, 1, false)); got.Disjoint != 1 || len(got.Routes) != 1 {
			t.Errorf("a second path of %d beyond the range gives %+v, want one path", over, got)
		}
	}
	if got := disjoint(t, g, []uint32{5, 7, Inf - 9, 1}, ask(3, 1, false)); got.Disjoint != 2 || got.Routes[1].Cost != Inf-1 {
		t.Errorf("a second path within the range gives %+v, want two paths", got)
	}
	// However long, a path with nothing shared goes before a shared use.
	if got := disjoint(t, g, []uint32{5, 7, Inf - 9, 1}, ask(2, 1, true)); got.Disjoint != 2 || got.SharedEdges != nil {
		t.Errorf("a long second path gives %+v, want nothing shared", got)
	}
}

// patient is a context that ends when it has been asked often enough.
type patient struct {
	context.Context
	left int
}

func (p *patient) Err() error {
	if p.left--; p.left < 0 {
		return context.Canceled
	}
	return nil
}

// chain is a road of many nodes, each one unit from the next.
func chain(nodes int) (*Graph, []uint32) {
	list := make([]road, nodes-1)
	for i := range list {
		list[i] = road{uint32(i), uint32(i) + 1, 1}
	}
	return roads(nodes, list...)
}

func TestDisjointPathsStopWithContext(t *testing.T) {
	g, weight := chain(10 * block)
	q := Disjoint{Paths: 1, Sources: []uint32{0}, Targets: []uint32{10*block - 1}}
	if _, err := DisjointPaths(&patient{context.Background(), 5}, g, weight, q); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v, want context.Canceled", err)
	}
	if _, err := DisjointPaths(&patient{context.Background(), 20}, g, weight, q); err != nil {
		t.Error(err)
	}
}
