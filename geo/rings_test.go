package geo

import (
	"fmt"
	"math"
	"math/big"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/golang/geo/r3"
	"github.com/golang/geo/s2"
	"github.com/paulmach/orb"
)

// makeRing reads "30 50, 31 50, …" as a ring as it stands.
func makeRing(t testing.TB, text string) orb.Ring {
	t.Helper()
	var ring orb.Ring
	for part := range strings.SplitSeq(text, ",") {
		var p orb.Point
		if part = strings.TrimSpace(part); part == "" {
			continue
		}
		if _, err := fmt.Sscan(part, &p[0], &p[1]); err != nil {
			t.Fatalf("bad fixture %q: %v", part, err)
		}
		ring = append(ring, p)
	}
	return ring
}

// makeBoundary reads polygons separated by "|" of rings separated by ";".
func makeBoundary(t testing.TB, text string) orb.MultiPolygon {
	t.Helper()
	var mp orb.MultiPolygon
	for part := range strings.SplitSeq(text, "|") {
		var polygon orb.Polygon
		for ring := range strings.SplitSeq(part, ";") {
			polygon = append(polygon, makeRing(t, ring))
		}
		mp = append(mp, polygon)
	}
	return mp
}

func TestCleanBoundary(t *testing.T) {
	const (
		square = "0 0, 4 0, 4 4, 0 4, 0 0"
		inner  = "1 1, 1 2, 2 2, 2 1, 1 1"
	)
	tests := []struct {
		name, in string
		want     string // text of the problems joined by " / "; empty: none
	}{
		{"square", square, ""},
		{"clockwise square", "0 0, 0 4, 4 4, 4 0, 0 0", ""},
		{"repeated positions in a row", "0 0, 4 0, 4 0, 4 4, 4 4, 4 4, 0 4, 0 0, 0 0", ""},
		{"repeated up to rounding", "0 0, 4 0, 4.000000000000001 0, 4 4, 0 4, 0 0", ""},
		{"not closed", "0 0, 4 0, 4 4, 0 4", "ring 1 is not closed"},
		{"empty ring", "", "ring 1 is empty"},
		{"three positions", "0 0, 4 0, 0 0", "ring 1 has 3 positions, want 4 or more"},
		{"two distinct positions", "0 0, 4 0, 4 0, 0 0", "ring 1 has less than three distinct positions"},
		{"all one position", "0 0, 0 0, 0 0, 0 0", "ring 1 has less than three distinct positions"},
		{"opposite points", "0 0, 180 0, 90 10, 0 0", "ring 1 has an edge between opposite points of the globe"},
		{"around the globe", "-180 -60, 180 -60, 180 60, -180 60, -180 -60", "ring 1 has less than three distinct positions"},

		//  3---2
		//   \ /
		//    X     in the order 0 2 3 1: S2 takes it for valid. On the
		//   / \    meridian 2 the arcs are at tan φ = tan 4° sin 2° / sin 4°
		//  0---1
		{"bow-tie", "0 0, 4 4, 0 4, 4 0, 0 0", "ring 1 crosses itself near 2.0000 2.0037"},
		//  6-5  4-3
		//  | |  | |
		//  | 7--+-+-8      a ring that runs through its own edge far along
		//  0------1,2
		{"self-crossing far apart", "0 0, 6 0, 6 4, 5 4, 5 1, 4 1, 4 4, 3 4, 3 2, 7 2, 7 5, 0 5, 0 0", "ring 1 crosses itself near 6.0000 2.0"},
		//      3
		//      |          the spike 2-3-2
		//  4---2
		//  |   |
		//  0---1
		{"spike", "0 0, 4 0, 4 4, 4 6, 4 4, 0 4, 0 0", "ring 1 touches itself near 4.0000 4.0000"},
		{"spike over the corner", "0 0, 4 0, 4 6, 4 4, 0 4, 0 0", "ring 1 touches itself near 4.0000 6.0000"},
		{"spike at the closing corner", "4 6, 4 4, 0 4, 0 0, 4 0, 4 6", "ring 1 touches itself near 4.0000 6.0000"},
		{"spike over the closing corner", "4 6, 4 0, 0 0, 0 4, 4 4, 4 6", "ring 1 touches itself near 4.0000 6.0000"},
		{"the same, other way round", "4 6, 4 0, 8 0, 8 4, 4 4, 4 6", "ring 1 touches itself near 4.0000 4.0000"},
		{"a line there and back", "0 0, 0 2, 0 4, 0 0", "ring 1 touches itself near"},
		//  two triangles joined in one corner
		{"corner met twice", "0 0, 2 2, 4 0, 4 4, 2 2, 0 4, 0 0", "ring 1 touches itself near 2.0000 2.0000"},
		//  corner 3 on the edge 0-1, which runs up the meridian
		{"corner on an edge", "0 0, 0 6, -4 6, 0 3, -4 0, 0 0", "ring 1 touches itself near 0.0000 3.0000"},
		{"one edge twice", "0 0, 4 0, 4 4, 6 4, 6 6, 4 4, 4 0, 2 -2, 0 0", "ring 1 touches itself near"},

		{"hole", square + ";" + inner, ""},
		{"hole the other way round", square + "; 1 1, 2 1, 2 2, 1 2, 1 1", ""},
		{"hole touches the exterior in a corner of both", square + "; 0 0, 1 2, 2 1, 0 0", ""},
		{"hole touches an edge", square + "; 0 2, 1 1, 1 3, 0 2", ""},
		{"hole with an edge on an edge", square + "; 0 1, 1 1, 1 3, 0 3, 0 1", ""},
		{"hole through a corner", square + "; 2 2, 6 6, 2 6, 2 2", "ring 1 and ring 2 cross near 2.0000 4.0024"},
		{"hole over an edge", square + "; 2 1, 6 1, 6 2, 2 2, 2 1", "ring 1 and ring 2 cross near 4.0000 2.0"},
		{"hole outside", square + "; 5 5, 6 5, 6 6, 5 6, 5 5", "ring 2, a hole, is not inside its polygon"},
		{"hole outside at an edge", square + "; 4 0, 4 4, 6 2, 4 0", "ring 2, a hole, is not inside its polygon"},
		{"hole is the exterior", square + ";" + square, "ring 2 is the same as ring 1"},
		{"hole around the exterior", inner + ";" + square, "ring 2, a hole, is not inside its polygon"},
		{"hole in a hole", square + "; 1 1, 3 1, 3 3, 1 3, 1 1; 1.5 1.5, 2 1.5, 2 2, 1.5 1.5", "ring 3, a hole, is inside ring 2, another hole"},
		{"holes share an edge", square + "; 1 1, 2 1, 2 2, 1 2, 1 1; 2 1, 3 1, 3 2, 2 2, 2 1", ""},
		{"holes overlap", square + "; 1 1, 3 1, 3 2, 1 2, 1 1; 2 1.5, 2.5 1.5, 2.5 3, 2 3, 2 1.5", "ring 2 and ring 3 cross near"},

		{"two polygons", square + "| 5 5, 6 5, 6 6, 5 6, 5 5", ""},
		{"two polygons that share a corner", square + "| 4 4, 6 4, 6 6, 4 6, 4 4", ""},
		{"two polygons that share an edge", square + "| 4 0, 6 0, 6 4, 4 4, 4 0", ""},
		{"two polygons that share part of an edge", square + "| 4 1, 6 0, 6 4, 4 3, 4 1", ""},
		{"cut at the antimeridian", "178 65, 180 65, 180 70, 178 70, 178 65 | -180 65, -178 65, -178 70, -180 70, -180 67, -180 65", ""},
		{"polygon in a hole", square + "; 1 1, 3 1, 3 3, 1 3, 1 1 |" + "1.5 1.5, 2 1.5, 2 2, 1.5 1.5", ""},
		{"polygon fills a hole", square + ";" + inner + "|" + inner, ""},
		{"polygon in a polygon", square + "|" + inner, "polygon 2 ring 1 is inside polygon 1 ring 1, another polygon"},
		{"polygon in a polygon at an edge", square + "| 4 0, 4 4, 2 2, 4 0", "polygon 2 ring 1 is inside polygon 1 ring 1, another polygon"},
		{"the same polygon twice", square + "|" + square, "polygon 2 ring 1 is the same as polygon 1 ring 1"},
		{"polygons cross", square + "| 2 2, 6 2, 6 6, 2 6, 2 2", "polygon 1 ring 1 and polygon 2 ring 1 cross near"},
		//  +---------------+
		//  | +---------+ B |   B runs along the edges of A from 4 1 to 4 3
		//  +-+    A    +---+   and from 0 3 to 0 1, comes from inside and goes
		//    +---------+       outside, and no edge crosses another
		{"polygons cross along edges", "0 0, 4 0, 4 1, 4 3, 4 4, 0 4, 0 3, 0 1, 0 0 | 2 1, 4 1, 4 3, 6 3.5, 6 6, -2 6, -2 3, 0 3, 0 1, 2 1", "polygon 1 ring 1 and polygon 2 ring 1 cross near 4.0000 1.0000"},
		//  corners of B are on an edge of A, and B goes through there
		{"polygons cross at corners on an edge", square + "| 2 1, 4 1.5, 6 1, 6 3, 4 2.5, 2 3, 2 1", "polygon 1 ring 1 and polygon 2 ring 1 cross near 4.0000 1.5000"},
		{"the same, other way round", "2 1, 4 1.5, 6 1, 6 3, 4 2.5, 2 3, 2 1 |" + square, "polygon 1 ring 1 and polygon 2 ring 1 cross near 4.0000 1.5000"},
		{"polygons cross at corners of both", square + "| 2 2, 4 4, 6 -2, 4 0, 2 2", "polygon 1 ring 1 and polygon 2 ring 1 cross near 4.0000 0.0000"},
		{"all problems", "0 0, 4 4, 0 4, 4 0, 0 0; 1 1, 2 2, 3 3 | 8 8", "polygon 1 ring 2 is not closed / polygon 2 ring 1 has 1 positions, want 4 or more / polygon 1 ring 1 crosses itself near 2.0000 2.0037"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			clean, problems := cleanBoundary(makeBoundary(t, test.in))
			var texts []string
			for _, p := range problems {
				texts = append(texts, p.Error())
			}
			got := strings.Join(texts, " / ")
			if test.want == "" && got != "" || test.want != "" && !strings.HasPrefix(got, test.want) {
				t.Errorf("got %q, want %q", got, test.want)
			}
			if (clean == nil) != (got != "") {
				t.Errorf("polygons %v with problems %q", clean, got)
			}
		})
	}
}

// sign is the exact orientation of three points: the sign of their
// determinant, in rational arithmetic where floating point may not tell.
func sign(a, b, c s2.Point) int {
	if det := a.Dot(b.Cross(c.Vector)); math.Abs(det) > 1e-14 {
		return int(math.Copysign(1, det)) // far more than its rounding
	}
	rat := func(x float64) *big.Rat { return new(big.Rat).SetFloat64(x) }
	mul := func(x, y *big.Rat) *big.Rat { return new(big.Rat).Mul(x, y) }
	minor := func(x1, y2, y1, x2 float64) *big.Rat {
		return new(big.Rat).Sub(mul(rat(x1), rat(y2)), mul(rat(y1), rat(x2)))
	}
	det := mul(rat(a.X), minor(b.Y, c.Z, b.Z, c.Y))
	det.Add(det, mul(rat(a.Y), minor(b.Z, c.X, b.X, c.Z)))
	det.Add(det, mul(rat(a.Z), minor(b.X, c.Y, b.Y, c.X)))
	return det.Sign()
}

// slowOn is an independent test of whether p is on the arc from a to b: by
// the excess of the way over p over the direct way, or at the ends.
func slowOn(p, a, b s2.Point) bool {
	if p.Sub(a.Vector).Norm() <= touch || p.Sub(b.Vector).Norm() <= touch {
		return true
	}
	n := r3.Vector(a.Cross(b.Vector)).Normalize()
	if math.Abs(p.Dot(n)) > touch {
		return false
	}
	return a.Cross(p.Vector).Dot(n) > 0 && p.Cross(b.Vector).Dot(n) > 0
}

// slowMeetsItself looks at all pairs of edges of a ring of a few degrees.
func slowMeetsItself(ring []s2.Point) bool {
	n := len(ring)
	for i := range n {
		for j := i + 1; j < n; j++ {
			a, b := ring[i], ring[(i+1)%n]
			c, d := ring[j], ring[(j+1)%n]
			switch {
			case j == i+1:
				if slowOn(a, c, d) || slowOn(d, a, b) {
					return true
				}
			case i == 0 && j == n-1:
				if slowOn(b, c, d) || slowOn(c, a, b) {
					return true
				}
			default:
				if slowOn(a, c, d) || slowOn(b, c, d) || slowOn(c, a, b) || slowOn(d, a, b) {
					return true
				}
				if sign(a, b, c)*sign(a, b, d) < 0 && sign(c, d, a)*sign(c, d, b) < 0 {
					return true
				}
			}
		}
	}
	return false
}

// TestMeetsItself compares the check with one over all pairs of edges in
// rational arithmetic, on rings of few corners on a coarse grid (so that many
// touch), and on star-shaped rings with some corners swapped.
func TestMeetsItself(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	good, bad := 0, 0
	for trial := range 3000 {
		var ring orb.Ring
		if trial%2 == 0 {
			for range 3 + rng.IntN(5) {
				ring = append(ring, orb.Point{float64(rng.IntN(4)), float64(rng.IntN(4))})
			}
		} else {
			n := 4 + rng.IntN(40)
			for i := range n {
				sin, cos := math.Sincos(2 * math.Pi * float64(i) / float64(n))
				r := 1 + rng.Float64()
				ring = append(ring, orb.Point{179 + r*cos, r * sin})
				if ring[i][0] > 180 {
					ring[i][0] -= 360
				}
			}
			if rng.IntN(2) == 0 {
				i, j := rng.IntN(n), rng.IntN(n)
				ring[i], ring[j] = ring[j], ring[i]
			}
		}
		corners := cornersOf(ring)
		if len(corners) < 3 {
			continue
		}
		x := newArrangement([]sectorRing{{corners: corners}})
		want := slowMeetsItself(corners)
		if got := x.self[0] != nil; got != want {
			t.Fatalf("%v: got %v, want meeting %v", ring, x.self[0], want)
		}
		if want {
			bad++
		} else {
			good++
		}
	}
	if good < 500 || bad < 500 {
		t.Errorf("%d good and %d bad rings are too few of a kind", good, bad)
	}
}
