package geo

import (
	"fmt"
	"slices"

	"github.com/golang/geo/r3"
	"github.com/golang/geo/s2"
)

// touch is the angle, in radians, within which points are the same and a
// point is on an edge: 0.6 µm on the ground, which is well above what degrees
// lose when they become a point of the unit sphere and well below what a map
// can mean.
const touch = 1e-13

// same reports whether two points are one.
func same(a, b s2.Point) bool {
	return a == b || a.Sub(b.Vector).Norm2() <= touch*touch
}

// on reports whether p is on the segment from a to b, its ends included.
func on(p, a, b s2.Point) bool {
	_, d := nearest(p, a, b)
	return d <= touch*EarthRadius
}

// arrangement is the rings of one sector, to be checked against themselves
// and each other. Every ring has three corners or more, no two in a row the
// same, and keeps what it encloses on its left.
//
// A ring may not meet itself at all, other than by each edge following the
// one before: no crossing, no spike that runs back over its own way, no corner
// that is met twice or lies on another edge. (s2.Loop.Validate lets a bow-tie
// pass.)
//
// Two rings may meet in corners and along edges, as a hole does that touches
// its exterior or the two parts of a country cut at the antimeridian. They may
// not cross; see [ringRelation].
type arrangement struct {
	rings []sectorRing
	edges []ringEdge
	tree  *boxTree
	self  []error                  // per ring: how it meets itself
	meets map[[2]int]*ringRelation // per pair of rings, lower first
}

// ringEdge is the edge that starts at a corner of a ring.
type ringEdge struct{ ring, corner int }

func newArrangement(rings []sectorRing) *arrangement {
	x := &arrangement{
		rings: rings,
		self:  make([]error, len(rings)),
		meets: make(map[[2]int]*ringRelation),
	}
	for i, ring := range rings {
		for j := range ring.corners {
			x.edges = append(x.edges, ringEdge{i, j})
		}
	}
	x.tree = newBoxTree(len(x.edges), x.ends)
	x.compare()
	return x
}

// corner returns a corner of a ring, counted around it.
func (x *arrangement) corner(ring, i int) s2.Point {
	points := x.rings[ring].corners
	return points[(i+len(points))%len(points)]
}

// ends returns the ends of an edge.
func (x *arrangement) ends(edge int) (a, b s2.Point) {
	e := x.edges[edge]
	return x.corner(e.ring, e.corner), x.corner(e.ring, e.corner+1)
}

// compare looks at every pair of edges that come near each other, in
// O(n log n) for boundaries as they are on maps, where an edge has few others
// near it. It records the first fault of each ring and all meetings of
// different rings.
func (x *arrangement) compare() {
	var partners []int
	for i := range x.edges {
		ring := x.edges[i].ring
		if x.self[ring] != nil {
			continue // how it meets others is not asked any more
		}
		b := boxOf(x.ends(i))
		r := r3.Vector{X: 2 * touch, Y: 2 * touch, Z: 2 * touch}
		b.lo, b.hi = b.lo.Sub(r), b.hi.Add(r)
		partners = partners[:0]
		x.tree.meeting(b, func(j int) {
			if j > i {
				partners = append(partners, j)
			}
		})
		slices.Sort(partners) // so that the first fault is the first in the file
		for _, j := range partners {
			if x.edges[j].ring != ring {
				x.meet(i, j)
			} else if x.self[ring] == nil {
				x.self[ring] = x.meetsItself(i, j)
			}
		}
	}
}

// meetsItself reports how two edges of one ring meet other than by following
// one another; i comes before j.
func (x *arrangement) meetsItself(i, j int) error {
	a, b := x.ends(i)
	c, d := x.ends(j)
	touches := func(p s2.Point) error {
		return fmt.Errorf("touches itself near %s", degrees(p))
	}
	// Edges that follow one another share a corner, and must not lie on each
	// other beyond it. In a triangle each edge both follows and precedes each
	// other, but shares only one corner with it.
	switch x.edges[j].corner - x.edges[i].corner {
	case 1: // b is c
		if on(a, c, d) || on(d, a, b) {
			return touches(b)
		}
		return nil
	case len(x.rings[x.edges[i].ring].corners) - 1: // d is a
		if on(b, c, d) || on(c, a, b) {
			return touches(a)
		}
		return nil
	}
	// First, because rounding decides whether edges that touch also cross.
	switch {
	case on(a, c, d):
		return touches(a)
	case on(b, c, d):
		return touches(b)
	case on(c, a, b):
		return touches(c)
	case on(d, a, b):
		return touches(d)
	case s2.CrossingSign(a, b, c, d) == s2.Cross:
		return fmt.Errorf("crosses itself near %s", degrees(s2.Intersection(a, b, c, d)))
	}
	return nil
}

// degrees writes a point for a message, to some 10 m: enough to find it on a
// map.
func degrees(p s2.Point) string {
	d := fromS2(p)
	return fmt.Sprintf("%.4f %.4f", d[0], d[1])
}

// ringRelation is how two rings meet: what was found at every place where
// they do. At such a place each ring encloses a wedge, to the left of its way
// in and out. One wedge may contain the other, as for a hole in its exterior;
// they may be apart, as for neighbours; or they may overlap, and then the rings
// cross. Wedges that are equal, in the middle of a common run of edges, say
// nothing.
type ringRelation struct {
	crossing            bool
	contains, contained bool // the first contains the second; the other way round
	disjoint, equal     bool
	at                  s2.Point // where they first met, or first crossed
}

// cross notes a place where the rings cross.
func (r *ringRelation) cross(at s2.Point) {
	if !r.crossing {
		r.crossing, r.at = true, at
	}
}

// crosses reports whether the rings cross. They do so too where they run
// together for a while and part on different sides: then they seem nested at
// one end, and disjoint or nested the other way at the other.
func (r *ringRelation) crosses() bool {
	kinds := 0
	for _, k := range []bool{r.contains, r.contained, r.disjoint} {
		if k {
			kinds++
		}
	}
	return r.crossing || kinds > 1
}

// meet records how an edge of one ring and an edge of another meet. Corners
// are looked at as the starts of edges, so each once: a corner of both rings,
// a corner of the first on an edge of the second, or the other way round. For
// the ring whose edge it is on, the corner counts as one more corner of that
// ring. Only edges that do not touch are asked whether they cross, because
// rounding decides it for those that do.
func (x *arrangement) meet(i, j int) {
	a, b := x.ends(i)
	c, d := x.ends(j)
	e, f := x.edges[i], x.edges[j]
	before := func(e ringEdge) s2.Point { return x.corner(e.ring, e.corner-1) }
	aOn, bOn, cOn, dOn := on(a, c, d), on(b, c, d), on(c, a, b), on(d, a, b)
	if !aOn && !bOn && !cOn && !dOn {
		if s2.CrossingSign(a, b, c, d) == s2.Cross {
			x.relation(e.ring, f.ring, a).cross(s2.Intersection(a, b, c, d))
		}
		return
	}
	if same(a, c) {
		x.wedges(e.ring, f.ring, a, before(e), b, before(f), d)
		return
	}
	if aOn && !same(a, d) {
		x.wedges(e.ring, f.ring, a, before(e), b, c, d)
	}
	if cOn && !same(c, b) {
		x.wedges(e.ring, f.ring, c, a, b, before(f), d)
	}
}

// relation returns the record of two rings, the first of which is the lower,
// and notes where they meet first.
func (x *arrangement) relation(first, second int, at s2.Point) *ringRelation {
	key := [2]int{first, second}
	r := x.meets[key]
	if r == nil {
		r = &ringRelation{at: at}
		x.meets[key] = r
	}
	return r
}

// wedges records the relation of two rings at a point v they share: the first
// comes from a0 and goes to a2, the second comes from b0 and goes to b2.
func (x *arrangement) wedges(first, second int, v, a0, a2, b0, b2 s2.Point) {
	// Edges that leave v in the same direction must be seen to do so, though
	// they may end at different points or be rounded differently.
	for _, y := range []s2.Point{a0, a2} {
		for _, z := range []*s2.Point{&b0, &b2} {
			if on(*z, v, y) || on(y, v, *z) {
				*z = y
			}
		}
	}
	r := x.relation(first, second, v)
	switch s2.WedgeRelation(a0, v, a2, b0, b2) {
	case s2.WedgeEquals:
		r.equal = true
	case s2.WedgeProperlyContains:
		r.contains = true
	case s2.WedgeIsProperlyContained:
		r.contained = true
	case s2.WedgeIsDisjoint:
		r.disjoint = true
	default:
		r.cross(v)
	}
}
