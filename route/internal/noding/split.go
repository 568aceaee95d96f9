package noding

import (
	"cmp"
	"slices"

	"github.com/hubplan/hubplan/geo"
)

// hair is the distance below which a line is taken to run through a node as it
// is: far above what rounding does to a coordinate and far below what a map can
// mean.
const hair = 1e-3 * geo.Meter

// split is a place where a piece is to run through a node.
type split struct {
	piece, node int
	along       geo.Distance // of the nearest point, from the start of the piece
	off         geo.Distance // of the nearest point, from the node
	// Points of the piece before keep stay before the node, those from resume on
	// stay after it; those between are so near to the node that it stands for them.
	keep, resume int
	// What to report.
	kind  Kind
	exact bool  // the piece has a point at the node
	with  []int // lines that it meets there
}

// stretch is where a piece runs within the tolerance of a node without a break:
// from its first segment to its last, with the nearest point.
type stretch struct {
	first, last int
	nearest     geo.Projection
}

// bound reports whether a stretch goes on to an end of its piece, which then is at
// the node itself.
func (n *noder) bound(s stretch, p *piece, v int) bool {
	return s.first == 0 && n.within(p, 0, v) || s.last == len(p.Points)-2 && n.within(p, len(p.Points)-1, v)
}

// within reports whether a point of a piece is within the tolerance of a node.
func (n *noder) within(p *piece, i, v int) bool {
	return geo.Between(p.Points[i], n.nodes[v].at) <= n.o.Tolerance
}

// splitAt is the split of a piece at the nearest point of a stretch.
func (n *noder) splitAt(s stretch, piece, v int) split {
	p, q := &n.pieces[piece], s.nearest
	i, at := q.Segment, n.nodes[v].at
	x := split{
		piece: piece, node: v, off: q.Distance,
		along:  p.position(i, q.Fraction),
		keep:   s.first + 1,
		resume: s.last + 1,
		exact:  p.Points[i] == at || p.Points[i+1] == at,
	}
	if q.Distance <= hair {
		// The line is not bent, so it keeps its points, but for one that is at
		// the node.
		along := p.distances()
		x.keep, x.resume = i+1, i+1
		if i > 0 && x.along-along[i] <= hair {
			x.keep = i
		}
		if i+1 < len(p.Points)-1 && along[i+1]-x.along <= hair {
			x.resume = i + 2
		}
	}
	return x
}

// apply splits pieces and returns how often. Of splits of one piece that are
// within the tolerance of each other along it, the one that bends it the least is
// taken; what comes of the others shows when the parts are looked at.
func (n *noder) apply(splits []split) int {
	slices.SortFunc(splits, func(a, b split) int {
		return cmp.Or(cmp.Compare(a.piece, b.piece), cmp.Compare(a.off, b.off), cmp.Compare(a.node, b.node), cmp.Compare(a.along, b.along))
	})
	count := 0
	for len(splits) > 0 {
		k := 1
		for k < len(splits) && splits[k].piece == splits[0].piece {
			k++
		}
		taken := n.compatible(splits[:k])
		for i := range taken {
			n.note(&taken[i])
		}
		n.cut(taken)
		count += len(taken)
		splits = splits[k:]
	}
	n.retire()
	return count
}

// compatible chooses from the splits of a piece, in the order given, those that
// do not get into the way of an earlier one, and returns them in the order along
// the piece.
func (n *noder) compatible(splits []split) []split {
	var taken []split
	for _, s := range splits {
		// What comes before and after it of those taken decides.
		at, _ := slices.BinarySearchFunc(taken, s.along, func(t split, along geo.Distance) int { return cmp.Compare(t.along, along) })
		if at > 0 && !n.apart(&taken[at-1], &s) || at < len(taken) && !n.apart(&s, &taken[at]) {
			continue
		}
		taken = slices.Insert(taken, at, s)
	}
	return taken
}

// apart reports whether two splits of a piece, the first before the second, leave
// each other alone.
func (n *noder) apart(a, b *split) bool {
	return b.along-a.along > n.o.Tolerance && b.keep >= a.resume
}

// cut splits one piece, in the order along it.
func (n *noder) cut(splits []split) {
	whole := n.pieces[splits[0].piece]
	n.nodes[whole.From].degree--
	n.nodes[whole.To].degree--
	n.pieces[splits[0].piece] = piece{dead: true}
	share := (whole.End - whole.Start) / float64(whole.length())
	start, from, resume := whole.Start, whole.From, 1
	part := func(v, keep int, end float64) {
		p := piece{level: whole.level, group: whole.group}
		p.Piece = Piece{Line: whole.Line, From: from, To: v, Start: start, End: end}
		p.Points = append(p.Points, n.nodes[from].at)
		p.Points = append(p.Points, whole.Points[resume:max(keep, resume)]...)
		p.Points = append(p.Points, n.nodes[v].at)
		n.add(p, p.Points)
	}
	for _, s := range splits {
		end := whole.Start + share*float64(s.along)
		part(s.node, s.keep, end)
		start, from, resume = end, s.node, s.resume
	}
	part(whole.To, len(whole.Points)-1, whole.End)
}

// jointKey is what makes splits one joint: all of one kind at a node.
type jointKey struct {
	kind Kind
	node int
}

// note adds a split to the joints. Those for links are noted with the link.
func (n *noder) note(s *split) {
	if s.kind != EndOnLine && s.kind != Crossing {
		return
	}
	key := jointKey{s.kind, s.node}
	i, ok := n.jointAt[key]
	if !ok {
		i = len(n.joints)
		n.jointAt[key] = i
		n.joints = append(n.joints, Joint{Kind: s.kind, node: s.node, Exact: true, Lines: slices.Clone(s.with)})
	}
	j := &n.joints[i]
	j.Distance, j.Exact = max(j.Distance, s.off), j.Exact && s.exact
	j.Lines = append(j.Lines, n.pieces[s.piece].Line)
}
