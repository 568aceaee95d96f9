package geo

import (
	"errors"
	"fmt"

	"github.com/golang/geo/s2"
	"github.com/hubplan/hubplan/geo/input"
	"github.com/paulmach/orb"
)

// checkLine reports what is wrong with a line of great-circle segments.
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

// cleanBoundary checks the rings of a sector and returns them cleaned and
// oriented as [Sector.Boundary] says, or all that is wrong.
func cleanBoundary(mp orb.MultiPolygon) (orb.MultiPolygon, []error) {
	if len(mp) == 0 {
		return nil, []error{input.Errorf(input.ErrGeometry, "no polygon")}
	}
	var problems []error
	clean := make(orb.MultiPolygon, len(mp))
	for i, polygon := range mp {
		where := ""
		if len(mp) > 1 {
			where = fmt.Sprintf("polygon %d ", i+1)
		}
		if len(polygon) == 0 {
			problems = append(problems, input.Errorf(input.ErrGeometry, "%shas no rings", where))
		}
		for j, ring := range polygon {
			r, err := cleanRing(ring, j > 0)
			if err != nil {
				problems = append(problems, input.Errorf(input.ErrGeometry, "%sring %d %v", where, j+1, err))
			}
			clean[i] = append(clean[i], r)
		}
	}
	return clean, problems
}

// cleanRing drops repeated positions and orients a ring.
func cleanRing(ring orb.Ring, hole bool) (orb.Ring, error) {
	switch n := len(ring); {
	case n == 0:
		return nil, errors.New("is empty")
	case toS2(ring[0]) != toS2(ring[n-1]):
		return nil, errors.New("is not closed")
	case n < 4:
		return nil, fmt.Errorf("has %d positions, want 4 or more", n)
	}
	clean := orb.Ring{ring[0]}
	for _, p := range ring[1:] {
		if toS2(p) != toS2(clean[len(clean)-1]) {
			clean = append(clean, p)
		}
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
