package noding

import (
	"cmp"
	"container/heap"

	"github.com/hubplan/hubplan/geo"
)

// candidate is the best link of an end.
type candidate struct {
	end      int
	to       spot
	distance geo.Distance
}

// candidates is a heap, the shortest first.
type candidates []candidate

func (c candidates) Len() int { return len(c) }
func (c candidates) Less(i, j int) bool {
	return cmp.Or(cmp.Compare(c[i].distance, c[j].distance), cmp.Compare(c[i].end, c[j].end)) < 0
}
func (c candidates) Swap(i, j int) { c[i], c[j] = c[j], c[i] }
func (c *candidates) Push(x any)   { *c = append(*c, x.(candidate)) }
func (c *candidates) Pop() any {
	last := (*c)[len(*c)-1]
	*c = (*c)[:len(*c)-1]
	return last
}

// queue makes a heap of what look finds for the ends that take accepts.
func (l *linker) queue(accept func(end) bool, look func(i int) (candidate, bool)) (*candidates, error) {
	q := new(candidates)
	for i, e := range l.ends {
		if i%16 == 0 && l.ctx.Err() != nil {
			return nil, l.ctx.Err()
		}
		if accept(e) {
			if c, ok := look(i); ok {
				*q = append(*q, c)
			}
		}
	}
	heap.Init(q)
	return q, nil
}

// parts links parts of the network, the nearest first, as long as one has an end
// within reach of another: Kruskal's algorithm, with the best link of every end in
// a heap, looked for again once it would lead to its own part.
func (l *linker) parts() error {
	if l.o.Reach <= 0 {
		return nil
	}
	q, err := l.queue(func(end) bool { return true }, l.nearestForeign)
	if err != nil {
		return err
	}
	for k := 0; q.Len() > 0; k++ {
		if k%16 == 0 && l.ctx.Err() != nil {
			return l.ctx.Err()
		}
		c := heap.Pop(q).(candidate)
		e := l.ends[c.end]
		if l.find(e.node) != l.find(l.pieces[c.to.piece].From) {
			from, to := spot{piece: e.piece, node: e.node}, l.spot(c.to.foot) // a node may have been made there
			if s, ok := l.lastCrossing(e, l.at(to)); ok {
				from = s
			}
			if geo.Between(l.at(from), l.at(to)) > l.o.Reach {
				continue
			}
			l.add(Link, l.place(from), l.place(to), from.piece, to.piece)
		}
		if c, ok := l.nearestForeign(c.end); ok {
			heap.Push(q, c)
		}
	}
	return nil
}

// nearestForeign finds the nearest point of another part of the network.
func (l *linker) nearestForeign(i int) (candidate, bool) {
	e := l.ends[i]
	own, at := l.find(e.node), l.nodes[e.node].at
	accept := func(line int) bool {
		t := l.target[line]
		return l.may(e, t) && l.find(l.pieces[t.piece].From) != own
	}
	var q geo.Projection
	var ok bool
	if own == l.find(l.main) {
		q, ok = l.others.Nearest(at, l.o.Reach, func(line int) bool { return accept(l.foreign[line]) })
		if ok {
			q.Line = l.foreign[q.Line]
		}
	} else {
		q, ok = l.index.Nearest(at, l.o.Reach, accept)
	}
	if !ok {
		return candidate{}, false
	}
	return candidate{i, l.spot(q), q.Distance}, true
}
