package noding

import (
	"slices"

	"github.com/hubplan/hubplan/geo"
)

// split splits pieces until none passes a node or meets another.
func (n *noder) split() error {
	passed, met := n.settled, n.settled // pieces that have been looked at
	for rounds := 0; ; rounds++ {
		n.reindex()
		all := len(n.pieces)
		splits, err := n.passes(passed)
		if err != nil {
			return err
		}
		passed = all
		// Only where nothing passes a node any more are crossings looked at: two
		// lines drawn over each other cross here and there by accident, and not
		// once they run through the same nodes.
		if len(splits) == 0 && n.o.Crossings {
			if splits, err = n.meetings(met); err != nil {
				return err
			}
			met = all
		}
		if len(splits) == 0 || rounds == maxRounds {
			n.settled, n.left = all, len(splits)
			return nil
		}
		taken := n.apply(splits)
		n.round++
		if n.o.Progress != nil {
			n.o.Progress(n.round, taken)
		}
	}
}

// passes returns the splits of pieces that pass a node within the tolerance, but
// not within the tolerance of their own ends: those would not shorten the pieces
// and so never end (with nodes as near to each other as they may be, each next
// piece would pass another). Old pieces, before passed, are looked at only near
// nodes where something is new.
func (n *noder) passes(passed int) ([]split, error) {
	var splits []split
	var near []geo.Projection
	for v := range n.nodes {
		if v%256 == 0 && n.ctx.Err() != nil {
			return nil, n.ctx.Err()
		}
		if n.nodes[v].gone {
			continue
		}
		at := n.nodes[v].at
		near = near[:0]
		note := func(q geo.Projection) {
			if n.nodes[v].new || q.Line >= passed {
				near = append(near, q)
			}
		}
		if n.nodes[v].new || n.border > passed {
			n.near(at, n.o.Tolerance, note)
		} else {
			n.nearNew(at, n.o.Tolerance, note)
		}
		n.nodes[v].new = false
		for len(near) > 0 {
			var s stretch
			i := near[0].Line
			s, near = n.stretch(near, v)
			p := &n.pieces[i]
			if p.group != n.nodes[v].group || n.bound(s, p, v) ||
				!slices.ContainsFunc(n.nodes[v].levels, func(l Level) bool { return ties(l, p.level) }) {
				continue
			}
			x := n.splitAt(s, i, v)
			if x.along > n.o.Tolerance && p.length()-x.along > n.o.Tolerance {
				x.kind, x.with = EndOnLine, n.nodes[v].lines
				splits = append(splits, x)
			}
		}
	}
	return splits, nil
}

// stretch takes the segments of one stretch off a list of those near a node.
func (n *noder) stretch(near []geo.Projection, v int) (s stretch, rest []geo.Projection) {
	s = stretch{first: near[0].Segment, last: near[0].Segment, nearest: near[0]}
	k := 1
	for ; k < len(near); k++ {
		q := near[k]
		if q.Line != near[0].Line || q.Segment != s.last+1 || !n.within(&n.pieces[q.Line], q.Segment, v) {
			break
		}
		s.last = q.Segment
		if q.Distance < s.nearest.Distance {
			s.nearest = q
		}
	}
	return s, near[k:]
}

// around is the stretch of a piece near a node that a segment is part of.
func (n *noder) around(piece, segment, v int) stretch {
	p := &n.pieces[piece]
	s := stretch{first: segment, last: segment}
	for s.first > 0 && n.within(p, s.first, v) {
		s.first--
	}
	for s.last < len(p.Points)-2 && n.within(p, s.last+1, v) {
		s.last++
	}
	s.nearest = geo.Project(n.nodes[v].at, p.Points[s.first:s.last+2])
	s.nearest.Segment += s.first
	return s
}
