package osm

import (
	"container/heap"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/hubplan/hubplan/geo"
	"github.com/hubplan/hubplan/route"
)

// traveller is a vehicle for tests: how it counts an edge, and what it may not pass.
type traveller struct {
	kind                route.Vehicle
	weight, axle        route.Mass
	height, width, long geo.Distance
	hazmat              bool
	private             bool // has the owner's leave
	speeds              map[route.Class]float64
	stop                bool // takes ten minutes at borders and landings
}

// passes reports whether the traveller may use an edge in the direction of a.
func (v *traveller) passes(a *route.Attributes) bool {
	over := func(limit, x float64) bool { return limit > 0 && x > limit }
	if over(float64(a.MaxWeight), float64(v.weight)) || over(float64(a.MaxAxleLoad), float64(v.axle)) ||
		over(float64(a.MaxHeight), float64(v.height)) || over(float64(a.MaxWidth), float64(v.width)) ||
		over(float64(a.MaxLength), float64(v.long)) {
		return false
	}
	p := a.Cars
	switch v.kind {
	case route.GoodsVehicle:
		p = a.Goods
	case route.ExemptVehicle:
		return true
	}
	return !(a.NoHazmat && v.hazmat) && (p <= route.Destination || p == route.Private && v.private)
}

// cost is the time on an edge in seconds.
func (v *traveller) cost(e *route.Edge, a *route.Attributes) float64 {
	cost := float64(e.Length) / v.speeds[e.Class]
	if a.Duration > 0 {
		cost = a.Duration.Seconds()
	}
	if v.stop && (a.Border || a.Landing) {
		cost += 600
	}
	return cost
}

// bound reports whether a turn is forbidden to the traveller.
func (v *traveller) bound(t route.Turn) bool {
	if len(t.Vehicles) == 0 {
		return v.kind != route.ExemptVehicle
	}
	return slices.Contains(t.Vehicles, v.kind)
}

// searcher is Dijkstra's algorithm on the steps of a network. Forbidden turns are the
// words that an automaton finds in the sequence of steps (A. V. Aho and M. J.
// Corasick, Communications of the ACM 18, 1975): a state is a step and what of
// forbidden paths has been travelled last.
type searcher struct {
	n     *route.Network
	v     traveller
	cost  []float64 // of each step; +Inf: closed
	out   [][]route.Step
	trie  []map[route.Step]int
	fail  []int
	found []bool // a forbidden path ends here
}

func newSearcher(n *route.Network, v traveller) *searcher {
	s := &searcher{n: n, v: v, cost: make([]float64, 2*n.Edges()), out: make([][]route.Step, n.Nodes())}
	for i := range n.Edges() {
		e := n.Edge(i)
		forth, back := route.Forth(i), route.Back(i)
		s.cost[forth], s.cost[back] = math.Inf(1), math.Inf(1)
		a := &e.Attributes
		if v.passes(a) && v.speeds[e.Class] > 0 {
			s.cost[forth] = v.cost(&e, a)
		}
		if e.Back != nil {
			a = e.Back
		}
		if v.passes(a) && v.speeds[e.Class] > 0 && !e.OneWay {
			s.cost[back] = v.cost(&e, a)
		}
		s.out[e.From] = append(s.out[e.From], forth)
		s.out[e.To] = append(s.out[e.To], back)
	}
	s.trie = []map[route.Step]int{{}}
	s.found = []bool{false}
	for _, t := range n.Turns() {
		if !v.bound(t) {
			continue
		}
		at := 0
		for _, step := range t.Path {
			next, ok := s.trie[at][step]
			if !ok {
				next = len(s.trie)
				s.trie[at][step] = next
				s.trie, s.found = append(s.trie, map[route.Step]int{}), append(s.found, false)
			}
			at = next
		}
		s.found[at] = true
	}
	s.fail = make([]int, len(s.trie))
	for queue := []int{0}; len(queue) > 0; queue = queue[1:] {
		at := queue[0]
		for step, next := range s.trie[at] {
			if at != 0 {
				s.fail[next] = s.follow(s.fail[at], step)
				s.found[next] = s.found[next] || s.found[s.fail[next]]
			}
			queue = append(queue, next)
		}
	}
	return s
}

// follow is the state of the automaton after a step.
func (s *searcher) follow(at int, step route.Step) int {
	for {
		if next, ok := s.trie[at][step]; ok {
			return next
		}
		if at == 0 {
			return 0
		}
		at = s.fail[at]
	}
}

func (s *searcher) head(step route.Step) int {
	from, to := s.n.Ends(step.Edge())
	if step.Backward() {
		return from
	}
	return to
}

// times returns the least cost from a node to all, and of each node the last step.
type state struct {
	step route.Step
	at   int
}

type entry struct {
	state
	cost float64
}

type entries []entry

func (q entries) Len() int           { return len(q) }
func (q entries) Less(i, j int) bool { return q[i].cost < q[j].cost }
func (q entries) Swap(i, j int)      { q[i], q[j] = q[j], q[i] }
func (q *entries) Push(x any)        { *q = append(*q, x.(entry)) }
func (q *entries) Pop() any {
	x := (*q)[len(*q)-1]
	*q = (*q)[:len(*q)-1]
	return x
}

// from searches from a node. It returns the least cost to each node and, to follow
// paths back, the states in which nodes are reached first and what came before each.
func (s *searcher) from(node int) (cost []float64, last map[int]state, before map[state]state) {
	cost = slices.Repeat([]float64{math.Inf(1)}, s.n.Nodes())
	last, before = make(map[int]state), make(map[state]state)
	cost[node] = 0
	var q entries
	// The automaton is at its root nearly always: those states are an array.
	plain := make([]bool, 2*s.n.Edges())
	deep := make(map[state]bool)
	done := func(x state) bool {
		if x.at == 0 {
			old := plain[x.step]
			plain[x.step] = true
			return old
		}
		old := deep[x]
		deep[x] = true
		return old
	}
	comes := make(map[state]entry)
	push := func(steps []route.Step, at int, c float64, from *state) {
		for _, step := range steps {
			d := c + s.cost[step]
			if math.IsInf(d, 1) {
				continue
			}
			next := state{step, s.follow(at, step)}
			if s.found[next.at] {
				continue
			}
			if old, ok := comes[next]; ok && old.cost <= d {
				continue
			}
			comes[next] = entry{cost: d}
			if from != nil {
				before[next] = *from
			}
			heap.Push(&q, entry{next, d})
		}
	}
	push(s.out[node], 0, 0, nil)
	for len(q) > 0 {
		e := heap.Pop(&q).(entry)
		if done(e.state) {
			continue
		}
		v := s.head(e.step)
		if e.cost < cost[v] {
			cost[v] = e.cost
			last[v] = e.state
		}
		push(s.out[v], e.at, e.cost, &e.state)
	}
	return cost, last, before
}

// route returns the names of the nodes on the best path, those without a name left
// out and barriers named once.
func (s *searcher) route(t testing.TB, from, to string) string {
	t.Helper()
	find := func(name string) int {
		for i := range s.n.Nodes() {
			if s.n.Node(i).Name == name {
				return i
			}
		}
		t.Fatalf("no node %q", name)
		return 0
	}
	_, last, before := s.from(find(from))
	at, ok := last[find(to)]
	if !ok {
		return "none"
	}
	var names []string
	add := func(node int) {
		if name := s.n.Node(node).Name; name != "" && (len(names) == 0 || names[len(names)-1] != name) {
			names = append(names, name)
		}
	}
	for {
		add(s.head(at.step))
		prev, ok := before[at]
		if !ok {
			add(s.head(at.step ^ 1))
			break
		}
		at = prev
	}
	slices.Reverse(names)
	return strings.Join(names, " ")
}
