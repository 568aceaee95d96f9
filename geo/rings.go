package geo

import (
	"errors"
	"fmt"
	"slices"

	"github.com/golang/geo/s2"
	"github.com/hubplan/hubplan/geo/input"
	"github.com/paulmach/orb"
)

// checkLine reports what is wrong with a line of great-circle segments. Points
// repeated in a row do no harm and are let pass, as long as others are left.
func checkLine(line orb.LineString) error {
	points := pathToS2(line)
	distinct := false
	for i := 1; i < len(points); i++ {
		if opposite(points[i-1], points[i]) {
			return errors.New("has a segment between opposite points of the globe")
		}
		distinct = distinct || points[i] != points[i-1]
	}
	if !distinct {
		return errors.New("has less than two distinct points")
	}
	return nil
}

// opposite reports whether a and b are so nearly on opposite sides of the
// globe (within some 6 m) that their great circle is not determined.
func opposite(a, b s2.Point) bool { return a.Add(b.Vector).Norm() < 1e-6 }

// sectorRing is a ring of a sector in the course of checking.
type sectorRing struct {
	polygon int
	hole    bool
	label   string     // what messages call it
	corners []s2.Point // in the order that encloses less than half the globe
}

// cleanBoundary checks the rings of a sector and returns them cleaned and
// oriented as [Sector.Boundary] says, or all that is wrong.
//
// The checks go from the single ring to the whole, and each is asked only of
// what has passed the one before: is it a ring, does it meet itself, do two
// rings cross, is each inside what it should be inside. The rings that go on
// are turned so that they enclose less than half the globe, and so have an
// inside on which S2 and the file agree.
func cleanBoundary(mp orb.MultiPolygon) (orb.MultiPolygon, []error) {
	if len(mp) == 0 {
		return nil, []error{input.Errorf(input.ErrGeometry, "no polygon")}
	}
	var problems []error
	fail := func(format string, args ...any) {
		problems = append(problems, input.Errorf(input.ErrGeometry, format, args...))
	}
	clean := make(orb.MultiPolygon, len(mp))
	var rings []sectorRing
	for i, polygon := range mp {
		of := ""
		if len(mp) > 1 {
			of = fmt.Sprintf("polygon %d ", i+1)
		}
		if len(polygon) == 0 {
			fail("%shas no rings", of)
		}
		for j, ring := range polygon {
			label := fmt.Sprintf("%sring %d", of, j+1)
			r, err := cleanRing(ring, j > 0)
			if err != nil {
				fail("%s %v", label, err)
				continue
			}
			clean[i] = append(clean[i], r)
			corners := cornersOf(r)
			if j > 0 {
				// A hole runs clockwise in the file.
				slices.Reverse(corners)
			}
			rings = append(rings, sectorRing{i, j > 0, label, corners})
		}
	}
	intact := len(problems) == 0
	x := newArrangement(rings)
	for i, err := range x.self {
		if err != nil {
			fail("%s %v", rings[i].label, err)
		}
	}
	for _, c := range x.crossings() {
		fail("%s and %s cross near %s", rings[c.first].label, rings[c.second].label, degrees(c.at))
	}
	// Which ring is in which is only clear if they are as they should be.
	if intact && len(problems) == 0 {
		for _, err := range nesting(rings, x.enclosing()) {
			fail("%v", err)
		}
	}
	if len(problems) > 0 {
		return nil, problems
	}
	return clean, nil
}

// cleanRing drops positions repeated in a row, which programs that cut and
// simplify leave behind, and orients the ring: counter-clockwise, or clockwise
// for a hole. Orientation needs no care by whoever wrote the file, as RFC 7946
// asks of readers.
func cleanRing(ring orb.Ring, hole bool) (orb.Ring, error) {
	switch n := len(ring); {
	case n == 0:
		return nil, errors.New("is empty")
	case !same(toS2(ring[0]), toS2(ring[n-1])):
		return nil, errors.New("is not closed")
	case n < 4:
		return nil, fmt.Errorf("has %d positions, want 4 or more", n)
	}
	clean := orb.Ring{ring[0]}
	last := toS2(ring[0])
	for _, p := range ring[1:] {
		at := toS2(p)
		if opposite(last, at) {
			return nil, errors.New("has an edge between opposite points of the globe")
		}
		if !same(last, at) {
			clean, last = append(clean, p), at
		}
	}
	// The closing position is the first one, to the bit.
	if !same(last, toS2(clean[0])) {
		clean = append(clean, clean[0])
	}
	clean[len(clean)-1] = clean[0]
	if len(clean) < 4 {
		return nil, errors.New("has less than three distinct positions")
	}
	if s2.LoopFromPoints(cornersOf(clean)).IsNormalized() == hole {
		clean.Reverse()
	}
	return clean, nil
}
