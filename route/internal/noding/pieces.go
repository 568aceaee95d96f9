package noding

import (
	"github.com/hubplan/hubplan/geo"
	"github.com/paulmach/orb"
)

// piece is a Piece in the making.
type piece struct {
	Piece
	level Level
	group uint8
	dead  bool           // split into others
	along []geo.Distance // of each point, once it is asked for
}

// distances returns how far along the piece each of its points is.
func (p *piece) distances() []geo.Distance {
	if p.along == nil {
		p.along = make([]geo.Distance, len(p.Points))
		for i := 1; i < len(p.Points); i++ {
			p.along[i] = p.along[i-1] + geo.Between(p.Points[i-1], p.Points[i])
		}
	}
	return p.along
}

// length returns the length of the piece.
func (p *piece) length() geo.Distance { return p.distances()[len(p.Points)-1] }

// position returns how far along the piece a point of one of its segments is.
func (p *piece) position(segment int, fraction float64) geo.Distance {
	along := p.distances()
	return along[segment] + geo.Distance(fraction)*(along[segment+1]-along[segment])
}

// store holds pieces with an index. Pieces that are split stay as dead ones, and
// what they are split into comes after them; so the index of all need not be built
// anew for a few, which get one of their own.
type store struct {
	pieces   []piece
	old, new *geo.LineIndex // of pieces[:split] and pieces[split:]
	border   int
	indexed  int // pieces that are in either index
}

// reindex makes the indexes hold all pieces.
func (s *store) reindex() {
	if s.indexed == len(s.pieces) && s.old != nil {
		return
	}
	lines := make([]orb.LineString, len(s.pieces))
	for i := range s.pieces {
		// An empty line is never found.
		if !s.pieces[i].dead {
			lines[i] = s.pieces[i].Points
		}
	}
	if s.old == nil || len(s.pieces)-s.border > max(256, len(s.pieces)/4) {
		s.border = len(s.pieces)
		s.old = geo.NewLineIndex(lines)
	}
	s.new = geo.NewLineIndex(lines[s.border:])
	s.indexed = len(s.pieces)
}

// near calls visit with the segments of pieces that come within a distance of a
// point, each piece's in ascending order.
func (s *store) near(at orb.Point, within geo.Distance, visit func(geo.Projection)) {
	s.old.Near(at, within, func(q geo.Projection) {
		if !s.pieces[q.Line].dead {
			visit(q)
		}
	})
	s.nearNew(at, within, visit)
}

// nearNew is near for pieces from s.border on.
func (s *store) nearNew(at orb.Point, within geo.Distance, visit func(geo.Projection)) {
	s.new.Near(at, within, func(q geo.Projection) {
		if q.Line += s.border; !s.pieces[q.Line].dead {
			visit(q)
		}
	})
}

// crossed calls visit with the segments of pieces that the segment from a to b
// crosses.
func (s *store) crossed(a, b orb.Point, visit func(piece, segment int, at orb.Point)) {
	s.old.CrossedBy(a, b, func(x geo.Crossing) {
		if !s.pieces[x.Line].dead {
			visit(x.Line, x.Segment, x.Point)
		}
	})
	s.new.CrossedBy(a, b, func(x geo.Crossing) {
		if i := x.Line + s.border; !s.pieces[i].dead {
			visit(i, x.Segment, x.Point)
		}
	})
}
