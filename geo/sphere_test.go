package geo

import (
	"math"
	"testing"

	"github.com/paulmach/orb"
	"pgregory.net/rapid"
)

// drawPoint draws a point anywhere on the globe, often a special one.
func drawPoint(t *rapid.T, label string) orb.Point {
	special := []orb.Point{{0, 0}, {180, 0}, {-180, 0}, {0, 90}, {0, -90}, {180, 60}, {-180, 60}, {30.5, 50.45}}
	if rapid.IntRange(0, 5).Draw(t, label+" kind") == 0 {
		return rapid.SampledFrom(special).Draw(t, label)
	}
	return orb.Point{
		rapid.Float64Range(-180, 180).Draw(t, label+" lon"),
		rapid.Float64Range(-90, 90).Draw(t, label+" lat"),
	}
}

// near reports whether two distances are equal to a micrometre, or to 1e-12
// of their size.
func near(a, b Distance) bool {
	return math.Abs(float64(a-b)) <= max(1e-6, 1e-12*math.Abs(float64(a)))
}

func TestBetween(t *testing.T) {
	quarter := Distance(math.Pi / 2 * float64(EarthRadius))
	degree := quarter / 90
	tests := []struct {
		name string
		a, b orb.Point
		want Distance
	}{
		{"same", orb.Point{30, 50}, orb.Point{30, 50}, 0},
		{"quarter of the equator", orb.Point{0, 0}, orb.Point{90, 0}, quarter},
		{"pole to equator", orb.Point{12, 90}, orb.Point{77, 0}, quarter},
		{"pole to pole", orb.Point{12, 90}, orb.Point{77, -90}, 2 * quarter},
		{"a pole by two names", orb.Point{12, 90}, orb.Point{77, 90}, 0},
		{"the antimeridian by two names", orb.Point{180, 60}, orb.Point{-180, 60}, 0},
		{"across the antimeridian", orb.Point{179, 0}, orb.Point{-179, 0}, 2 * degree},
		{"a degree of a meridian", orb.Point{30, 50}, orb.Point{30, 51}, degree},
		// sin(1°/2)·cos 60° is the sine of half the angle: haversine formula.
		{"a degree of the 60th parallel", orb.Point{30, 60}, orb.Point{31, 60},
			2 * Distance(math.Asin(math.Sin(math.Pi/360)/2)) * EarthRadius},
		{"a millimetre", orb.Point{30, 0}, orb.Point{30 + 1e-3/float64(degree), 0}, 1e-3},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			for _, got := range []Distance{Between(test.a, test.b), Between(test.b, test.a)} {
				if !near(got, test.want) {
					t.Errorf("got %v, want %v", float64(got), float64(test.want))
				}
			}
		})
	}
}

// TestToS2 checks that all names of a point give the same bits, on which the
// rings of shapes cut at the antimeridian depend.
func TestToS2(t *testing.T) {
	for _, names := range [][]orb.Point{
		{{180, 65}, {-180, 65}},
		{{0, 90}, {30, 90}, {180, 90}, {-180, 90}},
		{{0, -90}, {-77, -90}, {-180, -90}},
	} {
		for _, p := range names[1:] {
			if toS2(p) != toS2(names[0]) {
				t.Errorf("%v is not %v", p, names[0])
			}
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		p := drawPoint(t, "p")
		q := fromS2(toS2(p))
		if d := Between(p, q); d > 1e-6 {
			t.Errorf("%v comes back as %v, %v away", p, q, d)
		}
	})
}

func TestLength(t *testing.T) {
	degree := float64(EarthRadius) * math.Pi / 180
	tests := []struct {
		line orb.LineString
		want float64
	}{
		{nil, 0},
		{orb.LineString{{1, 2}}, 0},
		{orb.LineString{{0, 0}, {0, 1}}, degree},
		{orb.LineString{{0, 0}, {0, 1}, {0, 1}, {0, -1}}, 3 * degree},
		{orb.LineString{{179, 0}, {-179, 0}, {-178, 0}}, 3 * degree},
	}
	for _, test := range tests {
		if got := Length(test.line); !near(got, Distance(test.want)) {
			t.Errorf("Length(%v) = %v, want %v", test.line, float64(got), test.want)
		}
	}
}

func TestInterpolate(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b := drawPoint(t, "a"), drawPoint(t, "b")
		f := rapid.Float64Range(0, 1).Draw(t, "f")
		whole := Between(a, b)
		if whole > 20000*Kilometer {
			t.Skip("opposite points: any way will do")
		}
		m := Interpolate(a, b, f)
		if d := Between(a, m); math.Abs(float64(d-whole*Distance(f))) > 1e-5 {
			t.Errorf("%v of the way is at %v of %v", f, d, whole)
		}
		if d := Between(a, m) + Between(m, b) - whole; d > 1e-5 {
			t.Errorf("the point is %v off the way", d)
		}
		if d := Between(m, Interpolate(b, a, 1-f)); d > 1e-3 {
			t.Errorf("the way back gives a point %v off", d)
		}
		if m[0] < -180 || m[0] > 180 || m[1] < -90 || m[1] > 90 {
			t.Errorf("%v is out of range", m)
		}
		if Interpolate(a, b, 0) != a || Interpolate(a, b, 1) != b {
			t.Error("the ends are not the points themselves")
		}
	})
}

func TestUnits(t *testing.T) {
	distances := map[Distance]string{
		0:                         "0 m",
		-0.2:                      "0 m",
		512 * Meter:               "512 m",
		999.4 * Meter:             "999 m",
		999.6 * Meter:             "1 km",
		2.44 * Kilometer:          "2.4 km",
		30 * Kilometer:            "30 km",
		99.96 * Kilometer:         "100 km",
		123.4 * Kilometer:         "123 km",
		-2 * Kilometer:            "-2 km",
		Distance(math.Inf(1)):     "+Inf m",
		2 * math.Pi * EarthRadius: "40030 km",
		1234567 * Kilometer:       "1234567 km",
	}
	for d, want := range distances {
		if got := d.String(); got != want {
			t.Errorf("%v m: got %q, want %q", float64(d), got, want)
		}
	}
	areas := map[Area]string{
		0:                      "0 m²",
		12_345:                 "12345 m²",
		99_999.7:               "0.1 km²",
		2.44 * SquareKilometer: "2.4 km²",
		603_628e6:              "603628 km²",
		Area(math.NaN()):       "NaN m²",
	}
	for a, want := range areas {
		if got := a.String(); got != want {
			t.Errorf("%v m²: got %q, want %q", float64(a), got, want)
		}
	}
	if got := (1500 * Meter).Kilometers(); got != 1.5 {
		t.Errorf("1500 m are %v km", got)
	}
	if got := (1500 * SquareMeter).SquareKilometers(); got != 0.0015 {
		t.Errorf("1500 m² are %v km²", got)
	}
}

// TestChord checks the search radius against the definition: the straight
// distance of two points.
func TestChord(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b := toS2(drawPoint(t, "a")), toS2(drawPoint(t, "b"))
		want := a.Sub(b.Vector).Norm2()
		if got := chord2(between(a, b)); math.Abs(got-want) > 1e-15+1e-14*want {
			t.Errorf("got %v, want %v", got, want)
		}
	})
	if got := chord2(Distance(math.Inf(1))); got != 4 {
		t.Errorf("unlimited reach is %v, want 4", got)
	}
}
