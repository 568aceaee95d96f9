package geo

import (
	"math"
	"testing"

	"github.com/paulmach/orb"
	"pgregory.net/rapid"
)

func TestProject(t *testing.T) {
	degree := Distance(math.Pi/180) * EarthRadius
	//       p1        p2
	//        |          \
	//  0-----+-----1     \
	//              |      \
	//              2------3
	line := orb.LineString{{0, 0}, {2, 0}, {2, -1}, {4, -1}}
	tests := []struct {
		name string
		p    orb.Point
		line orb.LineString
		want Projection
	}{
		{"within a segment", orb.Point{1, 1}, line,
			Projection{Segment: 0, Fraction: 0.5, Along: degree, Point: orb.Point{1, 0}, Distance: degree}},
		{"before the start", orb.Point{-1, 0}, line,
			Projection{Segment: 0, Fraction: 0, Along: 0, Point: orb.Point{0, 0}, Distance: degree}},
		{"a corner belongs to the lower segment", orb.Point{3, 1}, line,
			Projection{Segment: 0, Fraction: 1, Along: 2 * degree, Point: orb.Point{2, 0}, Distance: Between(orb.Point{3, 1}, orb.Point{2, 0})}},
		{"beyond the end", orb.Point{5, -1}, line,
			Projection{Segment: 2, Fraction: 1, Along: Length(line), Point: orb.Point{4, -1}, Distance: Between(orb.Point{5, -1}, orb.Point{4, -1})}},
		{"on the line", orb.Point{2, -0.25}, line,
			Projection{Segment: 1, Fraction: 0.25, Along: 2.25 * degree, Point: orb.Point{2, -0.25}, Distance: 0}},
		{"across the antimeridian", orb.Point{-179.5, 1}, orb.LineString{{179, 0}, {-179, 0}},
			Projection{Segment: 0, Fraction: 0.75, Along: 1.5 * degree, Point: orb.Point{-179.5, 0}, Distance: degree}},
		{"the pole", orb.Point{0, 90}, orb.LineString{{0, 80}, {180, 80}},
			Projection{Segment: 0, Fraction: 0.5, Along: 10 * degree, Point: orb.Point{0, 90}, Distance: 0}},
		{"the pole of the segment", orb.Point{0, 90}, orb.LineString{{0, 0}, {90, 0}},
			Projection{Segment: 0, Fraction: 0, Along: 0, Point: orb.Point{0, 0}, Distance: 90 * degree}},
		{"next to the pole of the segment", orb.Point{45, 89.9999}, orb.LineString{{0, 0}, {90, 0}},
			Projection{Segment: 0, Fraction: 0.5, Along: 45 * degree, Point: orb.Point{45, 0}, Distance: 89.9999 * degree}},
		{"behind the globe", orb.Point{-135, 0}, orb.LineString{{0, 1}, {90, 1}},
			Projection{Segment: 0, Fraction: 0, Along: 0, Point: orb.Point{0, 1}, Distance: Between(orb.Point{-135, 0}, orb.Point{0, 1})}},
		{"a segment without length", orb.Point{1, 0}, orb.LineString{{0, 0}, {0, 0}},
			Projection{Segment: 0, Fraction: 0, Along: 0, Point: orb.Point{0, 0}, Distance: degree}},
		{"one point", orb.Point{1, 0}, orb.LineString{{0, 0}}, Projection{Point: orb.Point{0, 0}, Distance: degree}},
		{"no points", orb.Point{1, 0}, nil, Projection{Distance: Distance(math.Inf(1))}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got := Project(test.p, test.line)
			if got.Segment != test.want.Segment ||
				math.Abs(got.Fraction-test.want.Fraction) > 1e-9 ||
				!near(got.Along, test.want.Along) ||
				Between(got.Point, test.want.Point) > 1e-6 ||
				got.Distance != test.want.Distance && !near(got.Distance, test.want.Distance) {
				t.Errorf("got %+v, want %+v", got, test.want)
			}
		})
	}
}

// TestProjectIsNearest samples lines densely: no sample is nearer than the
// projection, and the parts of a projection agree with each other.
func TestProjectIsNearest(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		line := orb.LineString{drawPoint(t, "start")}
		for range rapid.IntRange(1, 4).Draw(t, "segments") {
			last, next := line[len(line)-1], drawPoint(t, "next")
			if Between(last, next) > 19000*Kilometer {
				t.Skip("opposite points: the segment is not determined")
			}
			line = append(line, next)
		}
		p := drawPoint(t, "p")
		q := Project(p, line)
		for i := range len(line) - 1 {
			for k := range 101 {
				x := Interpolate(line[i], line[i+1], float64(k)/100)
				if d := Between(p, x); d < q.Distance-1e-4 {
					t.Fatalf("%v of segment %d is at %v, the projection at %v", float64(k)/100, i, d, q.Distance)
				}
			}
		}
		for _, corner := range line {
			if d := Project(corner, line).Distance; d != 0 {
				t.Errorf("corner %v is %v off the line", corner, float64(d))
			}
		}
		if d := Between(p, q.Point) - q.Distance; math.Abs(float64(d)) > 1e-5 {
			t.Errorf("point and distance differ by %v", d)
		}
		x := Interpolate(line[q.Segment], line[q.Segment+1], q.Fraction)
		if d := Between(x, q.Point); d > 1e-2 {
			t.Errorf("point and fraction are %v apart", d)
		}
		along := Length(line[:q.Segment+1]) + Between(line[q.Segment], q.Point)
		if d := math.Abs(float64(along - q.Along)); d > 1e-5 {
			t.Errorf("along is %v, want %v", q.Along, along)
		}
	})
}

func TestDistanceTo(t *testing.T) {
	degree := Distance(math.Pi/180) * EarthRadius
	lines := orb.MultiLineString{{{0, 3}, {5, 3}}, {}, {{0, 1}, {5, 1}}}
	if got := DistanceTo(orb.Point{0, 0}, lines); !near(got, degree) {
		t.Errorf("got %v, want %v", got, degree)
	}
	for _, none := range []orb.MultiLineString{nil, {{}}} {
		if got := DistanceTo(orb.Point{0, 0}, none); !math.IsInf(float64(got), 1) {
			t.Errorf("no line: got %v", got)
		}
	}
}
