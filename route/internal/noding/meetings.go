package noding

import (
	"cmp"
	"errors"
	"slices"

	"github.com/hubplan/hubplan/geo"
	"github.com/paulmach/orb"
)

// ErrCrossings is returned for lines that cross more often than a network can
// hold.
var ErrCrossings = errors.New("lines cross more than 20 million times")

const maxMeetings = 20_000_000

// meeting is a point that is common to the insides of two pieces, or that one
// passes twice.
type meeting struct {
	piece, segment [2]int
	at             orb.Point
}

// meetings returns the splits of pieces that cross or share a point, of which one
// at least is new, from met on. They meet at the nearest node within the
// tolerance, else the point becomes a node.
func (n *noder) meetings(met int) ([]split, error) {
	found, err := n.crossings(met)
	if err != nil {
		return nil, err
	}
	found = n.shared(met, found)
	slices.SortStableFunc(found, func(a, b meeting) int {
		return cmp.Or(cmp.Compare(a.at[0], b.at[0]), cmp.Compare(a.at[1], b.at[1]))
	})
	type passage struct{ piece, node, first int }
	seen := make(map[passage]bool)
	var splits []split
	for _, m := range found {
		group := n.pieces[m.piece[0]].group
		if n.satisfied(m, group) {
			continue
		}
		v, _ := n.nearestNode(m.at, group)
		if v < 0 {
			v = n.addNode(m.at, group)
		}
		for side, i := range m.piece {
			s := n.around(i, m.segment[side], v)
			if key := (passage{i, v, s.first}); !seen[key] && !n.bound(s, &n.pieces[i], v) {
				seen[key] = true
				x := n.splitAt(s, i, v)
				x.kind, x.with = Crossing, []int{n.pieces[m.piece[1-side]].Line}
				splits = append(splits, x)
			}
		}
	}
	return splits, nil
}

// satisfied reports whether the pieces of a meeting meet at a node within the
// tolerance already. Then that they cross beside it has no meaning.
func (n *noder) satisfied(m meeting, group uint8) bool {
	ok := false
	n.grid.near(m.at, func(v int) {
		if ok || n.nodes[v].group != group || n.nodes[v].gone || geo.Between(m.at, n.nodes[v].at) > n.o.Tolerance {
			return
		}
		ok = true
		for side, i := range m.piece {
			ok = ok && n.bound(n.around(i, m.segment[side], v), &n.pieces[i], v)
		}
	})
	return ok
}

// crossings returns where new pieces cross others or themselves.
func (n *noder) crossings(met int) ([]meeting, error) {
	var found []meeting
	for i := met; i < len(n.pieces); i++ {
		p := &n.pieces[i]
		for k := 1; k < len(p.Points); k++ {
			if k%256 == 1 && n.ctx.Err() != nil {
				return nil, n.ctx.Err()
			}
			n.crossed(p.Points[k-1], p.Points[k], func(j, segment int, at orb.Point) {
				q := &n.pieces[j]
				// Of two new segments the first finds the second.
				if j >= met && (j < i || j == i && segment < k) || p.group != q.group || !crosses(p.level, q.level) {
					return
				}
				found = append(found, meeting{[2]int{i, j}, [2]int{k - 1, segment}, at})
			})
			if len(found) > maxMeetings {
				return nil, ErrCrossings
			}
		}
	}
	return found, nil
}

// place is a point as lines of one kind have it in common.
type place struct {
	group uint8
	level Level
	at    orb.Point
}

// visit is an inner point of a piece.
type visit struct{ piece, point int }

// commonPoints returns the places that lines have inside twice or more often.
func commonPoints(lines []piece) map[place][]visit {
	var all []place
	for i := range lines {
		p := &lines[i]
		for k := 1; k < len(p.Points)-1; k++ {
			all = append(all, place{p.group, p.level, p.Points[k]})
		}
	}
	slices.SortFunc(all, func(a, b place) int {
		return cmp.Or(cmp.Compare(a.at[0], b.at[0]), cmp.Compare(a.at[1], b.at[1]), cmp.Compare(a.group, b.group),
			cmp.Compare(a.level.Layer, b.level.Layer), truth(a.level.Bridge)-truth(b.level.Bridge),
			truth(a.level.Tunnel)-truth(b.level.Tunnel), truth(a.level.Ferry)-truth(b.level.Ferry))
	})
	common := make(map[place][]visit)
	for i := 1; i < len(all); i++ {
		if all[i] == all[i-1] {
			common[all[i]] = nil
		}
	}
	return common
}

// shared adds the points that pieces, some of them new, have in common, except
// along a stretch that they share: there only where they part.
func (n *noder) shared(met int, found []meeting) []meeting {
	var places []place // with something new
	for i := met; i < len(n.pieces); i++ {
		p := &n.pieces[i]
		for k := 1; k < len(p.Points)-1; k++ {
			key := place{p.group, p.level, p.Points[k]}
			if visits, ok := n.common[key]; ok {
				n.common[key] = append(visits, visit{i, k})
				places = append(places, key)
			}
		}
	}
	done := make(map[place]bool)
	for _, key := range places {
		if done[key] {
			continue
		}
		done[key] = true
		visits := slices.DeleteFunc(n.common[key], func(v visit) bool { return n.pieces[v.piece].dead })
		n.common[key] = visits
		// Who differs from the first is enough: the others pass the node then.
		first := visits[0]
		for _, v := range visits[1:] {
			if !n.alike(first, v) {
				found = append(found, meeting{[2]int{first.piece, v.piece}, [2]int{first.point, v.point}, key.at})
			}
		}
	}
	return found
}

// alike reports whether pieces come to a common point from the same points and go
// on to the same.
func (n *noder) alike(v, w visit) bool {
	p, q := n.pieces[v.piece].Points[v.point-1:v.point+2], n.pieces[w.piece].Points[w.point-1:w.point+2]
	return p[0] == q[0] && p[2] == q[2] || p[0] == q[2] && p[2] == q[0]
}
