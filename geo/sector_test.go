package geo

import (
	"math"
	"math/rand/v2"
	"os"
	"slices"
	"sync"
	"testing"

	"github.com/golang/geo/s2"
	"github.com/paulmach/orb"
	"pgregory.net/rapid"
)

// globe is the area of the whole sphere.
const globe = 4 * math.Pi * Area(EarthRadius*EarthRadius)

// equalArea allows for rounding: a square metre, or 1e-9 of the area.
func equalArea(a, b Area) bool {
	return math.Abs(float64(a-b)) <= max(1, 1e-9*math.Abs(float64(b)))
}

func TestAreaOf(t *testing.T) {
	degree := float64(EarthRadius) * math.Pi / 180
	tests := []struct {
		name, in string
		want     Area
	}{
		{"none", "", 0},
		{"octant", "0 0, 90 0, 0 90, 0 0", globe / 8},
		{"octant clockwise", "0 0, 0 90, 90 0, 0 0", globe / 8},
		{"octant across the antimeridian", "135 0, -135 0, 0 90, 135 0", globe / 8},
		{"octant not closed", "0 0, 90 0, 0 90", globe / 8},
		{"octant with an octant for a hole", "0 0, 90 0, 0 90, 0 0; 0 0, 90 0, 0 90, 0 0", 0},
		{"two octants", "0 0, 90 0, 0 90, 0 0 | 0 0, 0 -90, 90 0, 0 0", globe / 4},
		{"a millionth of a degree wide", "0 0, 0.000001 0, 0.000001 0.000001, 0 0.000001, 0 0", Area(degree * degree * 1e-12)},
		{"too few corners", "0 0, 90 0, 0 0", 0},
		{"hole with too few corners", "0 0, 90 0, 0 90, 0 0; 1 1, 2 2, 1 1", globe / 8},
		{"exterior with too few corners", "0 0, 90 0, 0 0; 0 0, 90 0, 0 90, 0 0", 0},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got := AreaOf(makeBoundary(t, test.in))
			if !equalArea(got, test.want) {
				t.Errorf("got %v, want %v", float64(got), float64(test.want))
			}
		})
	}
}

// TestAreaIsAdditive cuts a star-shaped polygon along a diagonal through its
// middle: the parts sum to the whole, and a part as a hole leaves the other.
func TestAreaIsAdditive(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		ring, center := drawStar(t)
		n := len(ring) - 1
		k := rapid.IntRange(1, n-1).Draw(t, "cut")
		one := append(slices.Clone(ring[:k+1]), center, ring[0])
		two := append(orb.Ring{center}, ring[k:]...)
		two = append(two, center)
		whole := AreaOf(orb.MultiPolygon{{ring}})
		a, b := AreaOf(orb.MultiPolygon{{one}}), AreaOf(orb.MultiPolygon{{two}})
		if !equalArea(a+b, whole) {
			t.Errorf("%v + %v, want %v", a, b, whole)
		}
		if got := AreaOf(orb.MultiPolygon{{ring, one}}); !equalArea(got, b) {
			t.Errorf("whole less one part: %v, want %v", got, b)
		}
		if got := AreaOf(orb.MultiPolygon{{one}, {two}}); !equalArea(got, whole) {
			t.Errorf("both parts: %v, want %v", got, whole)
		}
		one.Reverse()
		if got := AreaOf(orb.MultiPolygon{{one}}); !equalArea(got, a) {
			t.Errorf("reversed: %v, want %v", got, a)
		}
	})
}

// drawStar draws a closed ring of corners in all directions around a centre,
// at up to 20 degrees from it.
func drawStar(t *rapid.T) (orb.Ring, orb.Point) {
	center := toS2(drawPoint(t, "center"))
	size := rapid.SampledFrom([]float64{1e-4, 0.1, 20}).Draw(t, "degrees")
	n := rapid.IntRange(3, 12).Draw(t, "corners")
	axis := center.Ortho()
	side := center.Cross(axis)
	var ring orb.Ring
	for i := range n {
		sin, cos := math.Sincos(2 * math.Pi * float64(i) / float64(n))
		r := size * math.Pi / 180 * rapid.Float64Range(0.3, 1).Draw(t, "radius")
		v := center.Add(axis.Mul(cos * math.Tan(r))).Add(side.Mul(sin * math.Tan(r)))
		ring = append(ring, fromS2(s2.Point{Vector: v.Normalize()}))
	}
	return append(ring, ring[0]), fromS2(center)
}

// ukraine reads the sectors of the example.
func ukraine(t testing.TB) []Sector {
	t.Helper()
	f, err := os.Open("../testdata/ukraine/sectors.geojson")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	sectors, err := ReadSectors(f, "sectors.geojson")
	if err != nil {
		t.Fatal(err)
	}
	return sectors
}

func TestContains(t *testing.T) {
	//  0 0 to 4 4 with a hole 1 1 to 3 3, in which is an island 1.5 to 2.5
	nested := makeBoundary(t, "0 0, 4 0, 4 4, 0 4, 0 0; 1 1, 1 3, 3 3, 3 1, 1 1 | 1.5 1.5, 2.5 1.5, 2.5 2.5, 1.5 2.5, 1.5 1.5")
	date := makeBoundary(t, "170 -10, -170 -10, -170 10, 170 10, 170 -10")
	pole := makeBoundary(t, "0 80, 90 80, 180 80, -90 80, 0 80")
	tests := []struct {
		name string
		in   orb.MultiPolygon
		p    orb.Point
		want bool
	}{
		{"inside", nested, orb.Point{0.5, 0.5}, true},
		{"in the hole", nested, orb.Point{1.2, 1.2}, false},
		{"on the island", nested, orb.Point{2, 2}, true},
		{"outside", nested, orb.Point{5, 2}, false},
		{"on the far side of the globe", nested, orb.Point{-178, -2}, false},
		{"a corner", nested, orb.Point{0, 0}, true},
		{"another corner", nested, orb.Point{4, 4}, true},
		{"a corner of the hole", nested, orb.Point{3, 1}, true},
		{"across the antimeridian", date, orb.Point{180, 0}, true},
		{"across the antimeridian, other name", date, orb.Point{-180, 0}, true},
		{"beyond it", date, orb.Point{-169, 0}, false},
		{"Greenwich", date, orb.Point{0, 0}, false},
		{"the pole", pole, orb.Point{0, 90}, true},
		{"near the pole", pole, orb.Point{-135, 84}, true},
		{"beyond the edge near the pole", pole, orb.Point{-135, 82}, false},
		{"the other pole", pole, orb.Point{0, -90}, false},
		{"no boundary", nil, orb.Point{0, 0}, false},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			s := Sector{Boundary: test.in}
			if got := s.Contains(test.p); got != test.want {
				t.Errorf("Contains: got %v, want %v", got, test.want)
			}
			if _, got := NewIndex([]Sector{{}, s}).Find(test.p); got != test.want {
				t.Errorf("Find: got %v, want %v", got, test.want)
			}
			for _, polygon := range test.in {
				for _, ring := range polygon {
					ring.Reverse()
				}
			}
			if got := s.Contains(test.p); got != test.want {
				t.Errorf("rings the other way: got %v, want %v", got, test.want)
			}
		})
	}
}

// slowFind is the definition of Index.Find.
func slowFind(sectors []Sector, p orb.Point) (int, bool) {
	for i := range sectors {
		if sectors[i].Contains(p) {
			return i, true
		}
	}
	return -1, false
}

// winding is an independent test of containment for rings within a few
// degrees: the sum of the directions in which a ring is seen from p.
func winding(mp orb.MultiPolygon, p orb.Point) bool {
	at := toS2(p)
	east := s2.Point{Vector: at.Ortho()}
	north := at.Cross(east.Vector)
	turns := 0.0
	for _, polygon := range mp {
		for _, ring := range polygon {
			for i := 1; i < len(ring); i++ {
				a, b := toS2(ring[i-1]), toS2(ring[i])
				d := math.Atan2(b.Dot(north), b.Dot(east.Vector)) - math.Atan2(a.Dot(north), a.Dot(east.Vector))
				turns += math.Remainder(d, 2*math.Pi)
			}
		}
	}
	return math.Abs(turns) > math.Pi
}

// TestFind compares the index with a look at every sector, and that with the
// winding numbers, on the sectors of Ukraine: the oblast of Kyiv has the city
// as a hole, the corners are shared by up to four sectors.
func TestFind(t *testing.T) {
	sectors := ukraine(t)
	overlapping := append(slices.Clone(sectors), Sector{ID: "all", Boundary: makeBoundary(t, "21 43, 42 43, 42 53, 21 53, 21 43")})
	for name, sectors := range map[string][]Sector{"tiling": sectors, "overlapping": overlapping} {
		x := NewIndex(sectors)
		rng := rand.New(rand.NewPCG(11, 12))
		var points []orb.Point
		for range 120 {
			points = append(points, orb.Point{21 + 20*rng.Float64(), 44 + 9*rng.Float64()})
		}
		for _, s := range sectors {
			ring := s.Boundary[0][0]
			for range 4 {
				i := rng.IntN(len(ring) - 1)
				points = append(points, ring[i], Interpolate(ring[i], ring[i+1], 0.5))
			}
		}
		for _, p := range points {
			want, wantOK := slowFind(sectors, p)
			got, ok := x.Find(p)
			if got != want && ok || ok != wantOK {
				t.Fatalf("%s: %v is in %d %v, want %d %v", name, p, got, ok, want, wantOK)
			}
		}
		for _, p := range points[:40] {
			for i := range sectors {
				if got, want := sectors[i].Contains(p), winding(sectors[i].Boundary, p); got != want {
					t.Fatalf("%s contains %v: got %v, want %v", sectors[i].ID, p, got, want)
				}
			}
		}
	}
}

func TestFindConcurrently(t *testing.T) {
	sectors := ukraine(t)
	x := NewIndex(sectors)
	var group sync.WaitGroup
	for worker := range 4 {
		group.Go(func() {
			for i := worker; i < len(sectors); i += 2 {
				if got, ok := x.Find(sectors[i].LabelPoint()); !ok || got != i {
					t.Errorf("label of %s is in %d %v", sectors[i].ID, got, ok)
				}
			}
		})
	}
	group.Wait()
}

// TestKyiv pins the case the data is known for.
func TestKyiv(t *testing.T) {
	sectors := ukraine(t)
	x := NewIndex(sectors)
	for code, p := range map[string]orb.Point{
		"UA-30": {30.5234, 50.4501}, // the city of Kyiv, a hole of the oblast
		"UA-32": {30.1103, 49.7968}, // Bila Tserkva, in the oblast
		"UA-46": {24.0297, 49.8397}, // Lviv
		"UA-51": {30.7233, 46.4825}, // Odesa
	} {
		i, ok := x.Find(p)
		if !ok || sectors[i].ID != code {
			t.Errorf("%v is in %d %v, want %s", p, i, ok, code)
		}
	}
}

func TestLabelPoint(t *testing.T) {
	shapes := map[string]orb.MultiPolygon{
		"square":       makeBoundary(t, "0 0, 4 0, 4 4, 0 4, 0 0"),
		"horseshoe":    makeBoundary(t, "0 0, 6 0, 6 1, 1 1, 1 5, 6 5, 6 6, 0 6, 0 0"),
		"with hole":    makeBoundary(t, "0 0, 4 0, 4 4, 0 4, 0 0; 1 1, 1 3.5, 3 3.5, 3 1, 1 1"),
		"two":          makeBoundary(t, "0 0, 1 0, 1 1, 0 1, 0 0 | 3 3, 5 3, 5 5, 3 5, 3 3"),
		"antimeridian": makeBoundary(t, "179 -1, -179 -1, -179 1, 179 1, 179 -1"),
		"pole":         makeBoundary(t, "0 85, 120 85, -120 85, 0 85"),
		"octant":       makeBoundary(t, "0 0, 90 0, 0 90, 0 0"),
		"small":        makeBoundary(t, "30 50, 30.0005 50, 30.0005 50.0005, 30 50"),
	}
	for name, mp := range shapes {
		s := Sector{Boundary: mp}
		depth := func(p orb.Point) Distance {
			if !s.Contains(p) {
				return -1
			}
			best := Distance(math.Inf(1))
			for _, polygon := range mp {
				for _, ring := range polygon {
					best = min(best, Project(p, orb.LineString(ring)).Distance)
				}
			}
			return best
		}
		got := depth(s.LabelPoint())
		// No point of a fine grid over the bounds of the shape, widened for
		// the poles, is more than 1 % deeper.
		bound := mp.Bound()
		for i := range 41 {
			for j := range 41 {
				p := orb.Point{
					bound.Min[0] + (bound.Max[0]-bound.Min[0])*float64(i)/40,
					bound.Min[1] + (bound.Max[1]-bound.Min[1])*float64(j)/40,
				}
				if d := depth(p); d > 1.0101*got {
					t.Fatalf("%s: %v is %v deep, the label %v only %v", name, p, d, s.LabelPoint(), got)
				}
			}
		}
		if got <= 0 {
			t.Errorf("%s: label %v is outside", name, s.LabelPoint())
		}
	}
	var none Sector
	if got := none.LabelPoint(); got != (orb.Point{}) {
		t.Errorf("label of nothing is %v", got)
	}
}

func TestSamplesOfPlaces(t *testing.T) {
	places := []Place{
		{Name: "a", Sector: "X", Population: 300, Point: orb.Point{1, 1}},
		{Name: "b", Sector: "Y", Population: 500},
		{Name: "c", Sector: "X", Population: 0},
		{Name: "d", Sector: "X", Population: 100, Point: orb.Point{2, 2}},
	}
	want := []Sample{{orb.Point{1, 1}, "a", 0.75}, {orb.Point{2, 2}, "d", 0.25}}
	if got := Samples(&Sector{ID: "X"}, places); !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
	if got := Samples(&Sector{ID: "Z"}, places); len(got) != 0 {
		t.Errorf("no places, no area: got %v", got)
	}
}

func TestSamplesOfArea(t *testing.T) {
	sectors := ukraine(t)
	sectors = append(sectors,
		Sector{ID: "antimeridian", Boundary: makeBoundary(t, "179 -1, -179 -1, -179 1, 179 1, 179 -1")},
		Sector{ID: "pole", Boundary: makeBoundary(t, "0 85, 120 85, -120 85, 0 85")},
		Sector{ID: "octant", Boundary: makeBoundary(t, "0 0, 90 0, 0 90, 0 0")},
		Sector{ID: "strip", Boundary: makeBoundary(t, "20 50, 30 50.001, 30 50.002, 20 50.001, 20 50")},
		Sector{ID: "horseshoe", Boundary: makeBoundary(t, "0 0, 6 0, 6 1, 1 1, 1 5, 6 5, 6 6, 0 6, 0 0")},
		Sector{ID: "small", Boundary: makeBoundary(t, "30 50, 30.0005 50, 30.0005 50.0005, 30 50")},
	)
	for i := range sectors {
		s := &sectors[i]
		samples := Samples(s, nil)
		if n := len(samples); n < minCells || n >= 4*minCells {
			t.Errorf("%s: %d samples", s.ID, n)
		}
		sum := 0.0
		names := make(map[string]bool)
		for _, x := range samples {
			sum += x.Share
			names[x.Name] = true
			if !s.Contains(x.Point) {
				t.Errorf("%s: the point of %s is outside", s.ID, x.Name)
			}
			if x.Share <= 0 {
				t.Errorf("%s: share of %s is %v", s.ID, x.Name, x.Share)
			}
		}
		if math.Abs(sum-1) > 1e-12 {
			t.Errorf("%s: shares sum to %v", s.ID, sum)
		}
		if len(names) != len(samples) {
			t.Errorf("%s: names repeat", s.ID)
		}
	}
}

// TestPieces checks that cutting into cells loses no area at any level, and
// each piece against a count of random points.
func TestPieces(t *testing.T) {
	for _, s := range ukraine(t)[:6] {
		pieces := piecesOf(&s)
		for level := range 9 {
			var sum float64
			for _, p := range pieces {
				sum += p.area
				if p.cell.Level() != level {
					t.Fatalf("cell of level %d among those of level %d", p.cell.Level(), level)
				}
			}
			if got := Area(sum) * globe / (4 * math.Pi); math.Abs(float64(got/s.Area()-1)) > 1e-7 {
				t.Errorf("%s at level %d: %v, want %v", s.ID, level, float64(got), float64(s.Area()))
			}
			pieces = split(pieces)
		}
	}
}

// TestPieceArea checks the area of each piece, its part of the cell, by a
// fine grid of points, on a shape that cells cut into several parts.
func TestPieceArea(t *testing.T) {
	s := Sector{Boundary: makeBoundary(t, "0 0, 6 0, 6 1, 1 1, 1 2, 6 2, 6 3, 1 3, 1 5, 6 5, 6 6, 0 6, 0 0; 0.2 0.2, 0.2 5.8, 0.8 5.8, 0.8 0.2, 0.2 0.2")}
	x := NewIndex([]Sector{s})
	pieces := piecesOf(&s)
	for len(pieces) < minCells {
		pieces = split(pieces)
	}
	for _, p := range pieces {
		const n = 60
		hits := 0.0
		for i := range n * n {
			uv := p.cell.BoundUV()
			u := uv.X.Lo + uv.X.Length()*(float64(i%n)+0.5)/n
			v := uv.Y.Lo + uv.Y.Length()*(float64(i/n)+0.5)/n
			// The equator near Greenwich is on face 0, where u, v are y/x, z/x.
			at := s2.PointFromCoords(1, u, v)
			if _, ok := x.Find(fromS2(at)); ok {
				hits++
			}
		}
		if got, want := p.area/p.cell.ExactArea(), hits/(n*n); math.Abs(got-want) > 0.02 {
			t.Errorf("cell %v: piece has %.3f of it, want %.3f", p.cell.ID(), got, want)
		}
		c := fromS2(p.centroid())
		if !p.cell.ContainsPoint(toS2(c)) {
			t.Errorf("cell %v: centre of mass %v is outside", p.cell.ID(), c)
		}
	}
}
