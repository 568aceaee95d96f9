package noding

import (
	"cmp"
	"slices"

	"github.com/hubplan/hubplan/geo"
)

// towns links the parts of the network within a town, where it has several, with
// its middle. What hangs together only outside is in several parts.
func (l *linker) towns() error {
	for _, t := range l.o.Towns {
		if l.ctx.Err() != nil {
			return l.ctx.Err()
		}
		l.town(t)
	}
	return nil
}

func (l *linker) town(t Town) {
	// The nearest spot of every piece in the town.
	nearest := make(map[int]geo.Projection)
	var pieces []int
	l.index.Near(t.Point, t.Radius, func(q geo.Projection) {
		to := l.target[q.Line]
		if p := &l.pieces[to.piece]; p.group != 0 || !p.level.plain() && !to.first && !to.last {
			return
		}
		old, ok := nearest[to.piece]
		if !ok {
			pieces = append(pieces, to.piece)
		}
		if !ok || q.Distance < old.Distance {
			nearest[to.piece] = q
		}
	})
	// The parts, by way of nodes in the town.
	part := make(map[int]int) // of pieces, as a union-find forest
	find := func(i int) int {
		for part[i] != i {
			part[i] = part[part[i]]
			i = part[i]
		}
		return i
	}
	at := make(map[int]int) // a piece at each node
	for _, i := range pieces {
		part[i] = i
		for _, v := range [2]int{l.pieces[i].From, l.pieces[i].To} {
			if geo.Between(t.Point, l.nodes[v].at) > t.Radius {
				continue
			}
			j, ok := at[v]
			if !ok {
				at[v] = i
				continue
			}
			a, b := find(i), find(j)
			part[max(a, b)] = min(a, b)
		}
	}
	best := make(map[int]geo.Projection)
	var roots []int
	for _, i := range pieces {
		r, q := find(i), nearest[i]
		old, ok := best[r]
		if !ok {
			roots = append(roots, r)
		}
		if !ok || q.Distance < old.Distance {
			best[r] = q
		}
	}
	if len(roots) < 2 {
		return
	}
	slices.SortStableFunc(roots, func(a, b int) int { return cmp.Compare(best[a].Distance, best[b].Distance) })
	// The middle is on the nearest part, if that is no farther than the tolerance.
	middle, _ := l.nearestNode(t.Point, 0)
	if q := best[roots[0]]; middle < 0 && q.Distance <= l.o.Tolerance {
		middle = l.place(l.spot(q))
	}
	if middle < 0 {
		middle = l.addNode(t.Point, 0)
		l.part = append(l.part, middle)
	}
	for _, r := range roots {
		s := l.spot(best[r])
		if to := l.place(s); to != middle {
			l.add(Street, middle, to, s.piece, s.piece)
		}
	}
}
