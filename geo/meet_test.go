package geo

import (
	"math"
	"reflect"
	"testing"

	"github.com/golang/geo/s2"
	"github.com/paulmach/orb"
	"pgregory.net/rapid"
)

// drawMeeting draws lines that meet a lot: on a coarse lattice somewhere, at a pole
// or across the antimeridian, or close together.
func drawMeeting(t *rapid.T) []orb.LineString {
	corner := rapid.SampledFrom([]orb.Point{{30, 50}, {178, -20}, {-180, 86}, {0, -90}}).Draw(t, "corner")
	step := rapid.SampledFrom([]float64{1e-5, 0.01, 1}).Draw(t, "step")
	lines := make([]orb.LineString, rapid.IntRange(0, 8).Draw(t, "lines"))
	for i := range lines {
		for range rapid.IntRange(0, 5).Draw(t, "points") {
			lon := corner[0] + step*float64(rapid.IntRange(0, 4).Draw(t, "lon"))
			if lon > 180 {
				lon -= 360
			}
			lines[i] = append(lines[i], orb.Point{lon, corner[1] + step*float64(rapid.IntRange(0, 4).Draw(t, "lat"))})
		}
	}
	return lines
}

// segments calls visit with each segment of lines; the only one of a line of one
// point is that point.
func segments(lines []orb.LineString, visit func(line, segment int, a, b orb.Point)) {
	for i, line := range lines {
		if len(line) == 1 {
			visit(i, 0, line[0], line[0])
		}
		for k := 1; k < len(line); k++ {
			visit(i, k-1, line[k-1], line[k])
		}
	}
}

func TestNear(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		lines := drawMeeting(t)
		x := NewLineIndex(lines)
		at := orb.Point{rapid.Float64Range(-180, 180).Draw(t, "lon"), rapid.Float64Range(-90, 90).Draw(t, "lat")}
		limit := Distance(rapid.SampledFrom([]float64{-1, 0, 1, 1e4, 1e7, math.Inf(1), math.NaN()}).Draw(t, "limit"))
		if i := rapid.IntRange(-1, len(lines)-1).Draw(t, "line"); i >= 0 && len(lines[i]) > 0 {
			at = lines[i][0]
		}
		var want, got []Projection
		segments(lines, func(line, segment int, a, b orb.Point) {
			if q := Project(at, orb.LineString{a, b}); q.Distance <= limit {
				q.Line, q.Segment, q.Along = line, segment, 0
				want = append(want, q)
			}
		})
		x.Near(at, limit, func(q Projection) { got = append(got, q) })
		if !reflect.DeepEqual(got, want) {
			t.Fatalf("near %v within %v:\n got %+v\nwant %+v", at, float64(limit), got, want)
		}
	})
}

func TestCrossedBy(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		lines := drawMeeting(t)
		x := NewLineIndex(lines)
		found := make(map[[4]int]orb.Point) // lines and segments
		segments(lines, func(line, segment int, a, b orb.Point) {
			var want, got [][2]int
			segments(lines, func(l, s int, c, d orb.Point) {
				if s2.CrossingSign(toS2(a), toS2(b), toS2(c), toS2(d)) == s2.Cross {
					want = append(want, [2]int{l, s})
				}
			})
			var reversed []Crossing
			x.CrossedBy(b, a, func(c Crossing) { reversed = append(reversed, c) })
			x.CrossedBy(a, b, func(c Crossing) {
				if len(got) >= len(reversed) || reversed[len(got)] != c {
					t.Fatalf("%+v by %v–%v but not by %v–%v", c, a, b, b, a)
				}
				got = append(got, [2]int{c.Line, c.Segment})
				found[[4]int{line, segment, c.Line, c.Segment}] = c.Point
				for _, l := range []orb.LineString{{a, b}, lines[c.Line][c.Segment : c.Segment+2]} {
					if d := Project(c.Point, l).Distance; d > 1e-6 {
						t.Fatalf("%+v is %v m from %v", c, float64(d), l)
					}
				}
			})
			if !reflect.DeepEqual(got, want) {
				t.Fatalf("%v–%v crosses %v, want %v", a, b, got, want)
			}
		})
		for k, p := range found {
			if q, ok := found[[4]int{k[2], k[3], k[0], k[1]}]; !ok || p != q {
				t.Fatalf("segments %v cross at %v, and the other way round at %v", k, p, q)
			}
		}
	})
}
