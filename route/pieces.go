package route

import (
	"context"
	"fmt"
	"math"

	"github.com/hubplan/hubplan/geo"
	"github.com/hubplan/hubplan/route/internal/contour"
	"github.com/paulmach/orb"
)

// longestPiece is how long a straight piece of a catchment may be: on a great circle
// it is within a centimetre of its chord in degrees up to latitude 85.
const longestPiece = 200 * geo.Meter

// cutter cuts what is reached into straight pieces.
type cutter struct {
	pieces []contour.Piece
	box    contour.Box
	line   []orb.Point
	length []geo.Distance // per segment of line
	share  []float64      // per point of line, the fraction of it
	err    error
}

// pieces returns all that is reached within the limit as straight pieces: the
// stretches of edges, one piece at least for each time that goes up or down, and the
// ways between stops and the network.
func (x *Reached) pieces(ctx context.Context) ([]contour.Piece, contour.Box, error) {
	c := &cutter{box: contour.EmptyBox}
	var runs []run
	for e := range x.r.net.Edges() {
		if e%(1<<12) == 0 && ctx.Err() != nil {
			return nil, c.box, ctx.Err()
		}
		if runs = x.runs(e, x.limit, runs[:0]); len(runs) == 0 {
			continue
		}
		c.follow(x.r.net, e)
		for i := range runs {
			u := &runs[i]
			c.cut(u.start, u.end, u.smooth(u.start), u.smooth(u.end), u.stop)
		}
	}
	for i, s := range x.from {
		access := s.access()
		if access <= x.limit {
			// A stop at a node has no stretch of its own where all edges are closed.
			c.follow(x.r.net, s.Edge)
			c.cut(s.Fraction, s.Fraction, float64(access), float64(access), int32(i))
		}
		if s.Access > 0 {
			c.line = append(c.line[:0], s.Point, s.Snapped)
			c.measure()
			part := 1.0
			if access > x.limit {
				part = min(1, (float64(x.limit)+0.5)/float64(access))
			}
			c.cut(0, part, 0, part*float64(access), int32(i))
		}
	}
	if c.err != nil {
		return nil, c.box, fmt.Errorf("route: %w: %w", ErrCatchment, c.err)
	}
	return c.pieces, c.box, nil
}

// follow takes up the line of an edge.
func (c *cutter) follow(n *Network, e int) {
	c.line = append(c.line[:0], n.nodes[n.from[e]].Point)
	c.line = append(c.line, n.points[n.line[e]:n.line[e+1]]...)
	c.line = append(c.line, n.nodes[n.to[e]].Point)
	c.measure()
}

// measure finds the fraction of the line at each of its points.
func (c *cutter) measure() {
	c.length, c.share = c.length[:0], append(c.share[:0], 0)
	var sum geo.Distance
	for i := range len(c.line) - 1 {
		d := geo.Between(c.line[i], c.line[i+1])
		sum += d
		c.length = append(c.length, d)
		c.share = append(c.share, float64(sum))
	}
	for i := range c.share {
		if sum > 0 {
			c.share[i] /= float64(sum)
		}
	}
	c.share[len(c.line)-1] = 1
}

// cut appends the pieces of the line from one fraction to another, given the times
// at both. A line without length is a point, which has the earlier.
func (c *cutter) cut(start, end, atStart, atEnd float64, label int32) {
	at := func(f float64) float64 {
		if start == end {
			return min(atStart, atEnd)
		}
		return atStart + (f-start)/(end-start)*(atEnd-atStart)
	}
	for i, length := range c.length {
		lo, hi := max(start, c.share[i]), min(end, c.share[i+1])
		if lo > hi || lo == hi && start < end {
			continue
		}
		whole := c.share[i+1] - c.share[i]
		if length == 0 || lo == hi {
			part := 0.0
			if whole > 0 {
				part = (lo - c.share[i]) / whole
			}
			p := geo.Interpolate(c.line[i], c.line[i+1], part)
			if length == 0 {
				p = c.line[i]
			}
			t := min(at(lo), at(hi))
			c.add(p, p, t, t, label)
			if start == end {
				return
			}
			continue
		}
		count := math.Ceil((hi - lo) / whole * float64(length/longestPiece))
		a := c.point(i, (lo-c.share[i])/whole)
		from := lo
		for k := 1.0; k <= count; k++ {
			f := lo + (hi-lo)*k/count
			if k == count {
				f = hi
			}
			b := c.point(i, (f-c.share[i])/whole)
			c.add(a, b, at(from), at(f), label)
			a, from = b, f
		}
	}
}

// point is a place on a segment of the line.
func (c *cutter) point(segment int, part float64) orb.Point {
	return geo.Interpolate(c.line[segment], c.line[segment+1], part)
}

// add appends a piece.
func (c *cutter) add(a, b orb.Point, atA, atB float64, label int32) {
	if math.Abs(a.Lon()-b.Lon()) > 180 {
		c.err = fmt.Errorf("%w: from longitude %.4f to %.4f", contour.ErrPlace, a.Lon(), b.Lon())
		return
	}
	p := contour.Piece{A: positionOf(a), B: positionOf(b), TA: atA, TB: atB, Label: label}
	c.box.Add(p.A)
	c.box.Add(p.B)
	c.pieces = append(c.pieces, p)
}

func positionOf(p orb.Point) contour.Position {
	return contour.Position{X: int32(math.Round(p.Lon() * contour.Degree)), Y: int32(math.Round(p.Lat() * contour.Degree))}
}
