package osm

import (
	"context"
	"slices"

	"github.com/hubplan/hubplan/route"
)

// A restriction names ways and nodes of the map; a turn is a sequence of edges of the
// network. A way is several edges as a rule, of which the one that ends at the node of
// the restriction is meant. Where a way passes through that node there are two, and
// only if one-way traffic rules one of them out is it clear which: mappers are asked
// to split ways there, and a guess could close the wrong turn.

// end is an end of an edge of a way at a node of the map.
type end struct {
	way    uint32
	arrive route.Step // the edge travelled to the node; the other way round it departs
}

// turner finds the turns that restrictions forbid.
type turner struct {
	*plan
	wayAt map[int64]uint32 // the ways that restrictions name
	meet  map[uint32][]end // at the nodes where they hold
	work  int64            // that may still be done
	found []route.Turn
	shut  map[uint32]bool // barriers on which nobody turns round
}

// turns states all restrictions as forbidden turns, and returns how many restrictions
// were used.
func (p *plan) turns(ctx context.Context) ([]route.Turn, int, error) {
	t := turner{plan: p, wayAt: make(map[int64]uint32), meet: make(map[uint32][]end), shut: make(map[uint32]bool), work: workPerQuota * int64(p.quota)}
	if err := t.prepare(ctx); err != nil {
		return nil, 0, err
	}
	used := 0
	for i := range p.restrictions {
		if i%256 == 0 && ctx.Err() != nil {
			return nil, 0, ctx.Err()
		}
		r := &p.restrictions[i]
		reason := r.ignored
		if reason == 0 {
			reason = t.state(r)
		}
		if reason == 0 {
			used++
		} else {
			p.leave(reason, r.id)
		}
		if t.work < 0 {
			return nil, 0, errCrowded
		}
	}
	return t.found, used, nil
}

// workPerQuota bounds the steps looked at for restrictions, which in a file made for
// the purpose may number the product of its ways and its restrictions.
const workPerQuota = 64

// prepare finds the ways that restrictions name and the edges at the nodes where they
// hold, each in one pass over the map: restrictions are few, and the network has no
// list of the edges at a node yet.
func (t *turner) prepare(ctx context.Context) error {
	named := make(map[int64]bool)
	for _, r := range t.restrictions {
		for _, ids := range [...][]int64{r.from, r.via, r.to} {
			for _, id := range ids {
				named[id] = true
			}
		}
	}
	for i, w := range t.ways {
		if named[w.id] && t.first[i] < t.first[i+1] {
			t.wayAt[w.id] = uint32(i)
		}
	}
	for _, r := range t.restrictions {
		if at, ok := t.nodeAt(r.node); ok && len(r.via) == 0 {
			t.meet[at] = nil
		}
		for _, id := range r.via {
			if i, ok := t.wayAt[id]; ok {
				for _, e := range t.ends[t.first[i]:t.first[i+1]] {
					t.meet[e[0]], t.meet[e[1]] = nil, nil
				}
			}
		}
	}
	for i := range t.ways {
		if i%stopEvery == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		for e := t.first[i]; e < t.first[i+1]; e++ {
			for side, v := range t.ends[e] {
				if _, ok := t.meet[v]; ok {
					t.meet[v] = append(t.meet[v], end{uint32(i), route.Back(int(e)) ^ route.Step(side)})
				}
			}
		}
	}
	return nil
}

// nodeAt returns the number of a node of the map, if it is there.
func (p *plan) nodeAt(id int64) (uint32, bool) {
	at, ok := p.wanted.place(id)
	return at, ok && p.marks[at]&there != 0
}

// allowed reports whether a step is not against a one-way edge.
func (p *plan) allowed(s route.Step) bool { return !s.Backward() || !p.edges[s.Edge()].OneWay }

// start and finish are the nodes of the map at the ends of a step.
func (p *plan) start(s route.Step) uint32  { return p.ends[s.Edge()][s&1] }
func (p *plan) finish(s route.Step) uint32 { return p.start(s ^ 1) }

// at returns the steps by which a way arrives at a node or departs from it, and
// whether it has an end there at all.
func (t *turner) at(v, way uint32, arrive bool) (steps []route.Step, touches bool) {
	t.work -= int64(len(t.meet[v]))
	for _, e := range t.meet[v] {
		if e.way != way {
			continue
		}
		touches = true
		s := e.arrive
		if !arrive {
			s ^= 1
		}
		if t.allowed(s) {
			steps = append(steps, s)
		}
	}
	return steps, touches
}

// state states one restriction, or returns why it cannot be used. A member that is
// not in the network, a footway say, is left out if others with its role are there.
func (t *turner) state(r *restriction) Reason {
	from, okFrom := t.find(r.from)
	via, _ := t.find(r.via)
	to, okTo := t.find(r.to)
	if !okFrom || !okTo || len(via) != len(r.via) {
		return AbsentMember
	}
	if len(via) > 0 {
		return t.overWays(r, from, via, to)
	}
	v, ok := t.nodeAt(r.node)
	if !ok {
		return AbsentMember
	}
	if !r.only && len(r.from) == 1 && slices.Equal(r.from, r.to) {
		return t.aboutFace(r, v, from[0])
	}
	return t.overSteps(r, nil, v, v, from, to)
}

// find returns the ways that are in the network, and whether there is any.
func (t *turner) find(ids []int64) (ways []uint32, ok bool) {
	for _, id := range ids {
		if w, ok := t.wayAt[id]; ok {
			ways = append(ways, w)
		}
	}
	return ways, len(ways) > 0
}

// aboutFace forbids turning round on a way. Where the way passes through the node
// this holds on both sides of it: it is the one restriction that is not ambiguous then.
func (t *turner) aboutFace(r *restriction, v, way uint32) Reason {
	steps, touches := t.at(v, way, true)
	if !touches {
		return ApartMembers
	}
	reason := AgainstOneWay
	for _, s := range steps {
		if t.allowed(s ^ 1) {
			t.forbid(r, []route.Step{s, s ^ 1})
			reason = 0
		}
	}
	return reason
}

// overSteps states a restriction from some ways at node v over steps that lead from
// there to node w to other ways. The steps are none if v and w are the same.
func (t *turner) overSteps(r *restriction, via []route.Step, v, w uint32, from, to []uint32) Reason {
	arrivals, reason := t.unique(v, from, true)
	departures, other := t.unique(w, to, false)
	if len(arrivals) == 0 {
		return reason
	}
	if len(departures) == 0 {
		return other
	}
	for _, s := range arrivals {
		// The steps follow each other on the map; barriers between them come later.
		path := append([]route.Step{s}, via...)
		if !r.only {
			for _, d := range departures {
				t.forbid(r, append(path, d))
			}
			// Turning round on the way and going back and forth would hide where one
			// came from.
			for i := range via {
				if back := via[i] ^ 1; t.allowed(back) && !slices.Contains(departures, back) {
					t.forbid(r, append(path[:i+2:i+2], back))
				}
			}
			continue
		}
		// Whoever comes from there must follow the whole path: nobody may leave it.
		for i := range path {
			next := departures
			if i+1 < len(path) {
				next = path[i+1 : i+2]
			}
			node := t.finish(path[i])
			t.work -= int64(len(t.meet[node]))
			for _, e := range t.meet[node] {
				if d := e.arrive ^ 1; t.allowed(d) && !slices.Contains(next, d) {
					t.forbid(r, append(path[:i+1:i+1], d))
				}
			}
		}
	}
	return 0
}

// unique returns the one step of each way by which it arrives at a node or departs. Of
// the reasons why others have none it returns the one that came nearest to a turn.
func (t *turner) unique(v uint32, ways []uint32, arrive bool) (steps []route.Step, reason Reason) {
	for _, way := range ways {
		switch found, touches := t.at(v, way, arrive); {
		case !touches:
			reason = max(reason, ApartMembers)
		case len(found) == 0:
			reason = max(reason, AgainstOneWay)
		case len(found) > 1:
			reason = max(reason, AmbiguousRestriction)
		default:
			steps = append(steps, found[0])
		}
	}
	return steps, reason
}

// overWays states a restriction whose via members are ways, which must lead from one
// of the ways from to one of the ways to in the order of the members. How each is
// drawn says nothing of how it is meant to be travelled; the members on both sides do.
func (t *turner) overWays(r *restriction, from, via, to []uint32) Reason {
	var reason Reason
	var found [][]route.Step
	for _, back := range [...]bool{false, true} {
		steps, why := t.chain(via, back)
		if why == 0 {
			why = t.joins(steps, from, to)
		}
		if why == 0 {
			found = append(found, steps)
		}
		reason = max(reason, why)
	}
	switch len(found) {
	case 0:
		return reason
	case 1:
		// One direction alone leads from the one to the other: that is meant.
		steps := found[0]
		return t.overSteps(r, steps, t.start(steps[0]), t.finish(steps[len(steps)-1]), from, to)
	}
	return AmbiguousRestriction
}

// joins reports why steps do not lead from some ways to others.
func (t *turner) joins(steps []route.Step, from, to []uint32) Reason {
	arrivals, why := t.unique(t.start(steps[0]), from, true)
	if len(arrivals) > 0 {
		arrivals, why = t.unique(t.finish(steps[len(steps)-1]), to, false)
	}
	if len(arrivals) > 0 {
		return 0
	}
	return why
}

// chain returns the steps along whole ways one after the other, the first as drawn or
// back.
func (t *turner) chain(ways []uint32, back bool) ([]route.Step, Reason) {
	var steps []route.Step
	for i, way := range ways {
		first, last := t.first[way], t.first[way+1]-1
		if t.ends[first][0] == t.ends[last][1] {
			return nil, AmbiguousRestriction // round it or a part of the way round
		}
		if i > 0 {
			at := t.finish(steps[len(steps)-1])
			back = t.ends[last][1] == at
			if !back && t.ends[first][0] != at {
				return nil, ApartMembers
			}
		}
		t.work -= int64(last - first + 1)
		if t.work < 0 {
			return nil, MalformedRestriction // the caller notices and gives up
		}
		begin := len(steps)
		for e := first; e <= last; e++ {
			s := route.Forth(int(e))
			if back {
				s = route.Back(int(last - (e - first)))
			}
			if !t.allowed(s) {
				return nil, AgainstOneWay
			}
			// A way that is cut has no steps from end to end.
			if len(steps) > begin && t.finish(steps[len(steps)-1]) != t.start(s) {
				return nil, ApartMembers
			}
			steps = append(steps, s)
		}
	}
	return steps, 0
}

// forbid adds a turn along steps that follow each other on the map, with the barriers
// that stand between them.
func (t *turner) forbid(r *restriction, steps []route.Step) {
	t.work -= workPerQuota * int64(len(steps))
	if t.work < 0 {
		return
	}
	path := make([]route.Step, 0, len(steps))
	for i, s := range steps {
		if i > 0 {
			path = t.pass(path, steps[i-1], s)
		}
		path = append(path, s)
	}
	t.found = append(t.found, route.Turn{Path: path, Vehicles: r.bound.vehicles()})
}

// pass appends the steps across the barrier between two steps, if there is one: steps
// that follow each other on the map then end and begin at different nodes of the
// network.
func (t *turner) pass(path []route.Step, s, next route.Step) []route.Step {
	arms := t.arms[t.finish(s)]
	in, out := t.armOf(arms, s^1), t.armOf(arms, next)
	if in == out {
		return path
	}
	t.shutBarrier(t.finish(s), arms)
	path = append(path, arms[in].step)
	if len(arms) > 2 {
		path = append(path, arms[out].step^1)
	}
	return path
}

// shutBarrier forbids turning round on the edges of a barrier, which are no way out of
// a restriction: two steps there and back would hide what came before.
func (t *turner) shutBarrier(v uint32, arms []arm) {
	if t.shut[v] {
		return
	}
	t.shut[v] = true
	for _, a := range arms {
		t.found = append(t.found, route.Turn{Path: []route.Step{a.step, a.step ^ 1}})
		if len(arms) > 2 {
			t.found = append(t.found, route.Turn{Path: []route.Step{a.step ^ 1, a.step}})
		}
	}
}

// armOf returns the arm from which a step departs.
func (t *turner) armOf(arms []arm, s route.Step) int {
	e := &t.edges[s.Edge()]
	node := e.From
	if s.Backward() {
		node = e.To
	}
	t.work -= int64(len(arms))
	return slices.IndexFunc(arms, func(a arm) bool { return a.node == node })
}
