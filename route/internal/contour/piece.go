package contour

import "math"

// Piece is a straight part of a line that is reached, from A to B, with the times
// at its ends in milliseconds; in between they are linear.
type Piece struct {
	A, B   Position
	TA, TB float64
	Label  int32 // not negative
}

// least is the lowest time of the piece.
func (p *Piece) least() float64 { return min(p.TA, p.TB) }

// whole rounds a time to milliseconds as the clock of the network does. Half
// milliseconds go down here, since the last point that is reached in a time is
// about half of one beyond it.
func whole(ms float64) uint32 {
	if !(ms < float64(Inf)-1) {
		return Inf
	}
	return uint32(max(0, math.Floor(ms+0.5-1e-6)))
}

// spread is how times go on off the lines: milliseconds for a metre, and how far.
type spread struct {
	slowness, reach float64
}

// relative returns the ends of a piece in metres as seen from a point.
func (p *Piece) relative(at Position, s scale) (ax, ay, bx, by float64) {
	x, y := int(at.X), int(at.Y)
	return float64(int(p.A.X)-x) * s.x, float64(int(p.A.Y)-y) * s.y, float64(int(p.B.X)-x) * s.x, float64(int(p.B.Y)-y) * s.y
}

// foot returns the length of a piece, how far along it the point of its line
// nearest to the origin is, and how far from the origin that is.
func foot(ax, ay, bx, by float64) (length, along, apart float64) {
	dx, dy := bx-ax, by-ay
	length = math.Sqrt(dx*dx + dy*dy)
	if length == 0 {
		return 0, 0, math.Sqrt(ax*ax + ay*ay)
	}
	return length, -(ax*dx + ay*dy) / length, math.Abs(ax*dy-ay*dx) / length
}

// arrive returns the least time, over the points of the piece within reach of a
// point, of the time there and the way off the lines from there, and whether there
// are any.
//
// With the piece reached at slope ms a metre along, the sum is convex, and at its
// least where the way leaves the piece at the angle whose cosine is the slope over
// the slowness: the wave that a moving source throws, after Mach. Where the piece is
// as slow as the ground beside it, the way leaves at an end.
func (sp *spread) arrive(p *Piece, at Position, s scale) (float64, bool) {
	ax, ay, bx, by := p.relative(at, s)
	length, along, apart := foot(ax, ay, bx, by)
	if apart > sp.reach {
		return 0, false
	}
	half := math.Sqrt(sp.reach*sp.reach - apart*apart)
	lo, hi := max(0, along-half), min(length, along+half)
	if lo > hi {
		return 0, false
	}
	if length == 0 {
		return p.least() + sp.slowness*apart, true
	}
	slope := (p.TB - p.TA) / length
	best := along
	switch {
	case slope >= sp.slowness:
		best = lo
	case -slope >= sp.slowness:
		best = hi
	default:
		best -= apart * slope / math.Sqrt(sp.slowness*sp.slowness-slope*slope)
		best = max(lo, min(hi, best))
	}
	away := best - along
	return p.TA + slope*best + sp.slowness*math.Sqrt(away*away+apart*apart), true
}

// distance returns how far a point is from the piece.
func (p *Piece) distance(at Position, s scale) float64 {
	ax, ay, bx, by := p.relative(at, s)
	length, along, apart := foot(ax, ay, bx, by)
	away := max(0, max(-along, along-length))
	return math.Sqrt(away*away + apart*apart)
}

// apart returns a distance that a point has from the piece at least, at less cost:
// that from its box.
func (p *Piece) apart(at Position, s scale) float64 {
	x, y := int(at.X), int(at.Y)
	dx := float64(max(min(int(p.A.X), int(p.B.X))-x, x-max(int(p.A.X), int(p.B.X)), 0)) * s.x
	dy := float64(max(min(int(p.A.Y), int(p.B.Y))-y, y-max(int(p.A.Y), int(p.B.Y)), 0)) * s.y
	return math.Sqrt(dx*dx + dy*dy)
}
