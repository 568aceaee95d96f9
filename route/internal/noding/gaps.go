package noding

import (
	"cmp"
	"container/heap"
	"math"
	"slices"

	"github.com/hubplan/hubplan/geo"
	"github.com/paulmach/orb"
)

// Detour is how many times longer than a link the way round is at least for the
// link to close a gap. Ends of roads that lead somewhere else, and have another
// road near by, mostly branched off it not far away.
const Detour = 10

// gaps links open ends with lines that are near and yet far to get to, the
// shortest link first. Ways round may use the links made before.
func (l *linker) gaps() error {
	if l.o.Gap <= 0 {
		return nil
	}
	l.roads = newRoads(l.pieces, len(l.nodes))
	q, err := l.queue(func(e end) bool { return e.open }, l.nearestFar)
	if err != nil {
		return err
	}
	linked := make(map[int]bool)
	for k := 0; q.Len() > 0; k++ {
		if k%16 == 0 && l.ctx.Err() != nil {
			return l.ctx.Err()
		}
		c := heap.Pop(q).(candidate)
		e := l.ends[c.end]
		if linked[e.node] {
			continue // by the link of another end
		}
		// Links made since may have brought the line near.
		now, ok := l.nearestFar(c.end)
		switch {
		case !ok:
		case now.distance > c.distance:
			heap.Push(q, now)
		default:
			to := l.place(now.to)
			l.add(Gap, e.node, to, e.piece, now.to.piece)
			linked[e.node], linked[to] = true, true
		}
	}
	return nil
}

// nearestFar finds the nearest point of a line that is too far to get to, with
// nothing between that a link would cross.
func (l *linker) nearestFar(i int) (candidate, bool) {
	e := l.ends[i]
	at := l.nodes[e.node].at
	var near []geo.Projection
	l.index.Near(at, l.o.Gap, func(q geo.Projection) {
		t := l.target[q.Line]
		if l.may(e, t) && l.find(l.pieces[t.piece].From) == l.find(e.node) && q.Distance > l.o.Tolerance {
			near = append(near, q)
		}
	})
	if len(near) == 0 {
		return candidate{}, false
	}
	slices.SortStableFunc(near, func(a, b geo.Projection) int { return cmp.Compare(a.Distance, b.Distance) })
	l.roads.search(e.node, Detour*l.o.Gap)
	for _, q := range near {
		s := l.spot(q)
		if d := geo.Between(at, l.at(s)); d <= l.o.Gap && l.way(s) > Detour*d && !l.blocked(at, l.at(s), l.nodes[e.node].group) {
			return candidate{i, s, d}, true
		}
	}
	return candidate{}, false
}

// way is how far a spot is by road from where the last search began.
func (l *linker) way(s spot) geo.Distance {
	if s.node >= 0 {
		return l.roads.distance(s.node)
	}
	p := &l.pieces[s.piece]
	x := p.position(s.foot.Segment, s.foot.Fraction)
	return min(l.roads.distance(p.From)+x, l.roads.distance(p.To)+p.length()-x)
}

// blocked reports whether a link would cross a line on the ground before it gets
// to its end.
func (l *linker) blocked(from, to orb.Point, group uint8) bool {
	blocked := false
	l.index.CrossedBy(from, to, func(x geo.Crossing) {
		p := &l.pieces[l.target[x.Line].piece]
		blocked = blocked || p.group == group && p.level.plain() && geo.Between(x.Point, to) > hair
	})
	return blocked
}

// roads measures how far it is by road, up to a limit.
type roads struct {
	edges [][]road
	stops map[int][]stop // nodes put on a piece
	far   map[int]geo.Distance
	queue roadQueue
}

type road struct {
	to     int
	length geo.Distance
}

// stop is a node somewhere along a piece.
type stop struct {
	node  int
	along geo.Distance
}

func newRoads(pieces []piece, nodes int) *roads {
	r := &roads{edges: make([][]road, nodes), stops: make(map[int][]stop), far: make(map[int]geo.Distance)}
	for i := range pieces {
		if p := &pieces[i]; !p.dead {
			r.add(p.From, p.To, p.length())
		}
	}
	return r
}

func (r *roads) add(a, b int, length geo.Distance) {
	for len(r.edges) <= max(a, b) {
		r.edges = append(r.edges, nil)
	}
	r.edges[a] = append(r.edges[a], road{b, length})
	r.edges[b] = append(r.edges[b], road{a, length})
}

// put puts a node on a piece.
func (r *roads) put(i int, p *piece, v int, along geo.Distance) {
	r.add(p.From, v, along)
	r.add(v, p.To, p.length()-along)
	for _, s := range r.stops[i] {
		r.add(v, s.node, max(along-s.along, s.along-along))
	}
	r.stops[i] = append(r.stops[i], stop{v, along})
}

// search measures from a node: Dijkstra's algorithm.
func (r *roads) search(from int, limit geo.Distance) {
	clear(r.far)
	r.queue = append(r.queue[:0], road{from, 0})
	for len(r.queue) > 0 {
		x := heap.Pop(&r.queue).(road)
		if _, done := r.far[x.to]; done {
			continue
		}
		r.far[x.to] = x.length
		for _, y := range r.edges[x.to] {
			if _, done := r.far[y.to]; !done && x.length+y.length <= limit {
				heap.Push(&r.queue, road{y.to, x.length + y.length})
			}
		}
	}
}

// distance is that of a node in the last search, +Inf if it is beyond the limit.
func (r *roads) distance(v int) geo.Distance {
	if d, ok := r.far[v]; ok {
		return d
	}
	return geo.Distance(math.Inf(1))
}

type roadQueue []road

func (q roadQueue) Len() int { return len(q) }
func (q roadQueue) Less(i, j int) bool {
	return cmp.Or(cmp.Compare(q[i].length, q[j].length), cmp.Compare(q[i].to, q[j].to)) < 0
}
func (q roadQueue) Swap(i, j int) { q[i], q[j] = q[j], q[i] }
func (q *roadQueue) Push(x any)   { *q = append(*q, x.(road)) }
func (q *roadQueue) Pop() any {
	last := (*q)[len(*q)-1]
	*q = (*q)[:len(*q)-1]
	return last
}
