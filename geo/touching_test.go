package geo

import (
	"slices"
	"testing"

	"github.com/golang/geo/s2"
	"github.com/paulmach/orb"
	"pgregory.net/rapid"
)

// Touching equals a look at every segment against every edge of the border and at
// every point of the line.
func TestTouchingEqualsBruteForce(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		at := func() orb.Point {
			return orb.Point{rapid.Float64Range(30, 31).Draw(t, "lon"), rapid.Float64Range(50, 51).Draw(t, "lat")}
		}
		lines := make([]orb.LineString, rapid.IntRange(0, 12).Draw(t, "lines"))
		for i := range lines {
			for range rapid.IntRange(0, 4).Draw(t, "points") {
				lines[i] = append(lines[i], at())
			}
		}
		box := func(lo orb.Point, size float64) orb.Ring {
			return orb.Ring{lo, {lo[0] + size, lo[1]}, {lo[0] + size, lo[1] + size}, {lo[0], lo[1] + size}, lo}
		}
		low := at()
		area := orb.MultiPolygon{{box(low, 0.4)}, {box(orb.Point{32, 50}, 0.2)}}
		if rapid.Bool().Draw(t, "hole") {
			area[0] = append(area[0], box(orb.Point{low[0] + 0.1, low[1] + 0.1}, 0.2))
		}
		inside := Sector{Boundary: area}
		var want []int
		for i, line := range lines {
			touches := false
			for k, p := range line {
				touches = touches || inside.Contains(p)
				for _, polygon := range area {
					for _, ring := range polygon {
						for j := range len(ring) - 1 {
							c, d := toS2(ring[j]), toS2(ring[j+1])
							touches = touches || on(toS2(p), c, d)
							if k > 0 {
								a := toS2(line[k-1])
								touches = touches || s2.CrossingSign(a, toS2(p), c, d) == s2.Cross || on(c, a, toS2(p))
							}
						}
					}
				}
			}
			if touches {
				want = append(want, i)
			}
		}
		if got := NewLineIndex(lines).Touching(area); !slices.Equal(got, want) {
			t.Fatalf("lines %v, want %v", got, want)
		}
	})
}

func TestTouchingBorder(t *testing.T) {
	area := orb.MultiPolygon{{{{30, 50}, {31, 50}, {31, 51}, {30, 51}, {30, 50}}}}
	x := NewLineIndex([]orb.LineString{
		{{30.2, 50.5}, {30.4, 50.5}}, // inside
		{{29, 50.5}, {32, 50.5}},     // across
		{{29, 49}, {30, 50}},         // to a corner
		{{30, 50.2}, {29, 50.2}},     // from the border
		{{29, 52}, {32, 52}},         // outside
		{},
		{{30.5, 50.5}},
	})
	if got, want := x.Touching(area), []int{0, 1, 2, 3, 6}; !slices.Equal(got, want) {
		t.Errorf("lines %v, want %v", got, want)
	}
	if got := x.Touching(nil); got != nil {
		t.Errorf("no area: %v", got)
	}
}
