package route

import (
	"slices"

	"github.com/hubplan/hubplan/route/internal/graph"
)

// A forbidden turn makes what is ahead of a vehicle depend on where it comes from,
// and an edge only for those who start or end there makes it depend on whether it
// is still leaving, under way, or arriving. A search knows only nodes, so at the
// junctions concerned, and nowhere else, nodes are split:
//
// A state is the way just travelled as far as it may matter: the longest end of it
// with which a forbidden turn begins, the root where there is none. States form the
// automaton of A. V. Aho and M. J. Corasick ("Efficient string matching", CACM 18,
// 1975, doi:10.1145/360825.360855) on the paths of the turns. A junction has a
// node for each state in which one can get there.
//
// A zone is what hangs together of edges that some kind of vehicle may use only to
// start or end there. Its junctions have a node each for those who leave it, for
// those under way and for those who arrive; one can go from the first to the second
// and from there to the third, on the spot.
//
// Free arcs join the nodes of one place and take no time. A step whose sources differ
// in what they may do begins at a gate, so that it stays one arc. Where a stop inside
// an edge or at a junction could be reached by several nodes, free arcs bring them
// together in one.

// layer is how far one is on the way from zone to zone.
type layer uint8

const (
	under   layer = iota // way, the only one outside zones
	leaving              // the zone of the start
	arriving
	layers = iota
)

// root is the state in which nothing of the way so far matters.
const root uint32 = 0

// automaton tells which turns are forbidden after which way.
type automaton struct {
	next map[[2]uint32]uint32 // by state and step
	bar  map[[2]uint32]bound  // by state and step, its own turns alone
	fail []uint32             // per state, that of the longest end that is one too
	last []Step               // per state, the last step of its way
}

func newAutomaton(turns []Turn) *automaton {
	a := &automaton{next: make(map[[2]uint32]uint32), bar: make(map[[2]uint32]bound), fail: make([]uint32, 1), last: make([]Step, 1)}
	depth := []int{0}
	for _, t := range turns {
		at, end := root, len(t.Path)-1
		for i, s := range t.Path[:end] {
			key := [2]uint32{at, uint32(s)}
			next, ok := a.next[key]
			if !ok {
				next = uint32(len(a.last))
				a.next[key] = next
				a.last, depth = append(a.last, s), append(depth, i+1)
				a.fail = append(a.fail, at) // its parent, until below
			}
			at = next
		}
		a.bar[[2]uint32{at, uint32(t.Path[end])}] |= t.bound()
	}
	byDepth := make([]uint32, len(a.last))
	for i := range byDepth {
		byDepth[i] = uint32(i)
	}
	slices.SortStableFunc(byDepth, func(x, y uint32) int { return depth[x] - depth[y] })
	for _, x := range byDepth {
		if parent := a.fail[x]; parent != root {
			a.fail[x] = a.after(a.fail[parent], a.last[x])
		} else {
			a.fail[x] = root
		}
	}
	return a
}

// after is the state that a step leads to.
func (a *automaton) after(state uint32, s Step) uint32 {
	for {
		if next, ok := a.next[[2]uint32{state, uint32(s)}]; ok {
			return next
		}
		if state == root {
			return root
		}
		state = a.fail[state]
	}
}

// barred is to whom a step is forbidden.
func (a *automaton) barred(state uint32, s Step) bound {
	var b bound
	for ; state != root; state = a.fail[state] {
		b |= a.bar[[2]uint32{state, uint32(s)}]
	}
	return b
}

// An arc of the graph is, besides a step of its own,
const (
	ordinary uint8 = iota // the plain case
	through               // a step of a zone under way; closed to those who may only start or end there
	local                 // the same on leaving and arriving; closed to all others, who need it not
	free                  // no step, on the spot; closed to the vehicles of its bound
	phantom               // closed to all, there for the ends of an edge to be neighbours

	roleBits = 3 // the bound of an arc is above
)

// gates are the places of a step in a graph with split junctions.
type gates struct {
	enter [2]uint32 // where who arrives at a stop inside the edge comes from; the second if the step is only for them
	exit  [2]uint32 // where who leaves a stop inside the edge comes to
	arcs  []uint32  // all its arcs
}

// junctions is what splitting adds to a graph. Nil stands for none.
type junctions struct {
	origin []uint32          // per node beyond those of the network, the node that it is of
	depart map[uint32]uint32 // per node of the network, where it is left, if not there
	arrive map[uint32]uint32 // and where it is reached
	steps  map[Step]*gates
	role   []uint8 // per arc
}

// splitter builds the arcs of a network with its junctions split.
type splitter struct {
	net    *Network
	auto   *automaton
	zoned  []bool              // per edge
	zone   map[uint32]uint32   // per node of a zone, the first of its nodes besides its own: leaving, arriving
	states map[uint32][]uint32 // per node, the states at it besides the root
	bound  []bool              // per node, whether there are any
	begins []bool              // per step, whether a turn begins with it
	node   []uint32            // per state, the first of its nodes: under, and in zones leaving, arriving
	count  uint32
	j      *junctions
	arcs   []graph.Arc
	step   []uint32 // per arc, or graph.None
}

// expand returns the arcs of a network and the step of each, with its junctions
// split where turns or zones ask for it.
func expand(n *Network) (nodes int, arcs []graph.Arc, step []uint32, j *junctions) {
	s := &splitter{net: n, count: uint32(n.Nodes()), arcs: make([]graph.Arc, 0, 2*n.Edges()), step: make([]uint32, 0, 2*n.Edges())}
	zones := s.findZones()
	if len(n.turns) == 0 && !zones {
		for e := range n.Edges() {
			s.add(n.from[e], n.to[e], uint32(Forth(e)))
		}
		for e, one := range n.one {
			if !one {
				s.add(n.to[e], n.from[e], uint32(Back(e)))
			}
		}
		return n.Nodes(), s.arcs, s.step, nil
	}
	s.j = &junctions{depart: make(map[uint32]uint32), arrive: make(map[uint32]uint32), steps: make(map[Step]*gates)}
	s.auto = newAutomaton(n.turns)
	s.place()
	for back := range 2 {
		for e, one := range n.one {
			if back == 0 || !one {
				s.split(Step(e<<1 | back))
			}
		}
	}
	s.join()
	return int(s.count), s.arcs, s.step, s.j
}

func (s *splitter) add(tail, head, step uint32) uint32 {
	s.arcs = append(s.arcs, graph.Arc{Tail: tail, Head: head, Edge: step >> 1})
	s.step = append(s.step, step)
	if s.j != nil {
		s.j.role = append(s.j.role, ordinary)
	}
	return uint32(len(s.arcs) - 1)
}

func (s *splitter) addFree(tail, head uint32, b bound) {
	s.add(tail, head, graph.None)
	s.j.role[len(s.j.role)-1] = free | uint8(b)<<roleBits
}

// more makes nodes of a network's node and returns the first.
func (s *splitter) more(v uint32, count int) uint32 {
	first := s.count
	for range count {
		s.j.origin = append(s.j.origin, v)
	}
	s.count += uint32(count)
	return first
}

// findZones marks the edges of zones.
func (s *splitter) findZones() (any bool) {
	n := s.net
	kinds := make([]bool, len(n.kinds))
	for i, k := range n.kinds {
		for _, a := range [2]Attributes{k.forth, k.back} {
			kinds[i] = kinds[i] || a.Cars == Destination || a.Goods == Destination
		}
	}
	if !slices.Contains(kinds, true) {
		return false
	}
	s.zoned = make([]bool, n.Edges())
	for e, k := range n.kind {
		s.zoned[e] = kinds[k]
	}
	return true
}

func (s *splitter) inZone(e int) bool { return s.zoned != nil && s.zoned[e] }

// place makes the nodes of zones and states, and the free arcs between layers.
func (s *splitter) place() {
	n := s.net
	s.zone, s.states = make(map[uint32]uint32), make(map[uint32][]uint32)
	for e := range n.Edges() {
		for _, v := range [2]uint32{n.from[e], n.to[e]} {
			if _, ok := s.zone[v]; ok || !s.inZone(e) {
				continue
			}
			s.zone[v] = s.more(v, layers-1)
			s.between(v, root)
			s.j.depart[v], s.j.arrive[v] = s.at(v, leaving, root), s.at(v, arriving, root)
		}
	}
	s.node, s.bound, s.begins = make([]uint32, len(s.auto.last)), make([]bool, n.Nodes()), make([]bool, 2*n.Edges())
	for _, t := range n.turns {
		s.begins[t.Path[0]] = true
	}
	for state := 1; state < len(s.node); state++ {
		v := n.head(s.auto.last[state])
		s.states[v], s.bound[v] = append(s.states[v], uint32(state)), true
		if _, ok := s.zone[v]; !ok {
			s.node[state] = s.more(v, 1)
			continue
		}
		s.node[state] = s.more(v, layers)
		s.between(v, uint32(state))
	}
}

// between adds the free arcs from layer to layer at a node of a zone.
func (s *splitter) between(v, state uint32) {
	s.addFree(s.at(v, leaving, state), s.at(v, under, state), 0)
	s.addFree(s.at(v, under, state), s.at(v, arriving, state), 0)
}

// at is the node of a network's node, a layer and a state.
func (s *splitter) at(v uint32, l layer, state uint32) uint32 {
	switch {
	case state != root:
		return s.node[state] + uint32(l)
	case l == under:
		return v
	}
	return s.zone[v] + uint32(l) - 1
}

// split adds the arcs of a step.
func (s *splitter) split(x Step) {
	n, e := s.net, x.Edge()
	v, w := n.tail(x), n.head(x)
	if !s.bound[v] && !s.begins[x] && !s.inZone(e) {
		s.add(v, w, uint32(x))
		return
	}
	fresh := s.auto.after(root, x)
	g := &gates{}
	s.j.steps[x] = g
	if !s.inZone(e) {
		enter, exit := s.splitAt(x, under, g), s.at(w, under, fresh)
		g.enter, g.exit = [2]uint32{enter, enter}, [2]uint32{exit, exit}
		return
	}
	for l := range layer(layers) {
		first := len(g.arcs)
		enter := s.splitAt(x, l, g)
		role := local
		switch l {
		case under:
			role, g.enter[0] = through, enter
		case arriving:
			g.enter[1] = enter
		}
		for _, a := range g.arcs[first:] {
			s.j.role[a] = role
		}
	}
	g.exit = [2]uint32{s.at(w, under, fresh), s.at(w, leaving, fresh)}
}

// splitAt adds the arcs of a step in one layer, one for each state that it leads to,
// and returns a node from which all who may take the step can be told to come.
func (s *splitter) splitAt(x Step, l layer, g *gates) (enter uint32) {
	v, w := s.net.tail(x), s.net.head(x)
	type source struct {
		node  uint32
		state uint32 // that the step leads to
		bar   bound
	}
	sources := []source{{s.at(v, l, root), s.auto.after(root, x), 0}}
	for _, state := range s.states[v] {
		sources = append(sources, source{s.at(v, l, state), s.auto.after(state, x), s.auto.barred(state, x)})
	}
	slices.SortStableFunc(sources, func(a, b source) int { return int(a.state) - int(b.state) })
	var tails []uint32
	for len(sources) > 0 {
		state, same := sources[0].state, 1
		for same < len(sources) && sources[same].state == state {
			same++
		}
		tail := sources[0].node
		if same > 1 || sources[0].bar != 0 {
			tail = s.more(v, 1)
			for _, from := range sources[:same] {
				s.addFree(from.node, tail, from.bar)
			}
		}
		g.arcs = append(g.arcs, s.add(tail, s.at(w, l, state), uint32(x)))
		tails = append(tails, tail)
		sources = sources[same:]
	}
	if len(tails) == 1 {
		return tails[0]
	}
	enter = s.more(v, 1)
	for _, tail := range tails {
		s.addFree(tail, enter, 0)
	}
	return enter
}

// join brings together what arrives at a junction in several states, and makes
// neighbours of the ends of edges, which a stop inside an edge needs.
func (s *splitter) join() {
	n := s.net
	for v := range uint32(n.Nodes()) {
		if !s.bound[v] {
			continue
		}
		sink, l := s.more(v, 1), under
		if _, ok := s.zone[v]; ok {
			l = arriving
		}
		s.j.arrive[v] = sink
		s.addFree(s.at(v, l, root), sink, 0)
		for _, state := range s.states[v] {
			s.addFree(s.at(v, l, state), sink, 0)
		}
	}
	neighbours := func(a, b uint32) {
		if a != b {
			s.add(a, b, graph.None)
			s.j.role[len(s.j.role)-1] = phantom
		}
	}
	for e, one := range n.one {
		forth, back := s.j.steps[Forth(e)], s.j.steps[Back(e)]
		if one || forth == nil && back == nil {
			continue
		}
		for _, a := range [2]bool{false, true} {
			for _, b := range [2]bool{false, true} {
				if a == b || s.inZone(e) {
					neighbours(s.j.enter(n, Forth(e), a), s.j.enter(n, Back(e), b))
					neighbours(s.j.exit(n, Forth(e), a), s.j.exit(n, Back(e), b))
				}
			}
			if !s.inZone(e) {
				break
			}
		}
	}
}

// enter is the node from which one comes to a stop inside the edge of a step in its
// direction, exit that to which one goes from it; local is whether the step is only
// for who starts or ends there.
func (j *junctions) enter(n *Network, x Step, local bool) uint32 {
	if j != nil {
		if g := j.steps[x]; g != nil {
			return g.enter[pick(local)]
		}
	}
	return n.tail(x)
}

func (j *junctions) exit(n *Network, x Step, local bool) uint32 {
	if j != nil {
		if g := j.steps[x]; g != nil {
			return g.exit[pick(local)]
		}
	}
	return n.head(x)
}

func pick(second bool) int {
	if second {
		return 1
	}
	return 0
}

// leave is the node at which a stop at a node of the network begins, reach that at
// which it ends.
func (j *junctions) leave(v uint32) uint32 {
	if j != nil {
		if x, ok := j.depart[v]; ok {
			return x
		}
	}
	return v
}

func (j *junctions) reach(v uint32) uint32 {
	if j != nil {
		if x, ok := j.arrive[v]; ok {
			return x
		}
	}
	return v
}
