package geo

import (
	"math"
	"math/rand/v2"
	"sync"
	"testing"

	"github.com/golang/geo/r3"
	"github.com/golang/geo/s2"
	"github.com/paulmach/orb"
	"pgregory.net/rapid"
)

// slowNearest is the definition of LineIndex.Nearest.
func slowNearest(lines []orb.LineString, p orb.Point, limit Distance, accept func(int) bool) (Projection, bool) {
	least := Distance(math.Inf(1))
	all := make([]Projection, len(lines))
	takes := func(i int) bool {
		return len(lines[i]) > 0 && all[i].Distance <= limit && (accept == nil || accept(i))
	}
	for i, line := range lines {
		all[i] = Project(p, line)
		all[i].Line = i
		if takes(i) {
			least = min(least, all[i].Distance)
		}
	}
	for i, q := range all {
		if takes(i) && q.Distance <= least+tie {
			return q, true
		}
	}
	return Projection{Distance: Distance(math.Inf(1))}, false
}

// compareNearest asks the index and the definition, with limits at the very
// distance of the answer and just below it too, and with filters.
func compareNearest(t interface{ Fatalf(string, ...any) }, lines []orb.LineString, x *LineIndex, p orb.Point, limit Distance) {
	filters := map[string]func(int) bool{
		"all":  nil,
		"even": func(i int) bool { return i%2 == 0 },
		"few":  func(i int) bool { return i%7 == 3 },
		"none": func(int) bool { return false },
	}
	for name, accept := range filters {
		limits := []Distance{limit, Distance(math.Inf(1))}
		if q, ok := slowNearest(lines, p, limits[1], accept); ok {
			d := q.Distance
			limits = append(limits, d, Distance(math.Nextafter(float64(d), -1)), d-tie/2, d+tie)
		}
		for _, limit := range limits {
			want, wantOK := slowNearest(lines, p, limit, accept)
			got, ok := x.Nearest(p, limit, accept)
			if got != want || ok != wantOK {
				t.Fatalf("%d lines, near %v within %v, filter %s:\n got %+v %v\nwant %+v %v",
					len(lines), p, float64(limit), name, got, ok, want, wantOK)
			}
		}
	}
}

func TestLineIndexTable(t *testing.T) {
	lines := []orb.LineString{
		0:  {{30, 50}, {31, 50}},
		1:  {{30, 50}, {31, 50}},                     // the same line
		2:  {{31, 50}, {30, 50}},                     // the other way
		3:  {},                                       // empty
		4:  {{25, 48}},                               // a point
		5:  {{25, 48}, {25, 48}},                     // without length
		6:  {{179, -20}, {-179, -20}},                // across the antimeridian
		7:  {{180, -21}, {180, -25}},                 // along it
		8:  {{-180, -21}, {-180, -25}},               // the same under its other name
		9:  {{0, 85}, {180, 85}},                     // over the pole
		10: {{10, -90}, {10, -80}},                   // from the pole
		11: {{-90, 90}, {-90, 70}},                   //
		12: {{-120, 10}, {-30, 20}, {20, -10}},       // long segments
		13: {{-60, -40}, {119, 39}},                  // almost half round the globe
		14: {{30, 50.0000000045}, {31, 50}},          // 0.5 mm from line 0 at its start
		15: {{40, 40}, {40, 41}, {41, 41}, {40, 40}}, // closed
	}
	x := NewLineIndex(lines)
	points := []orb.Point{
		{30.5, 50.1}, {30, 50}, {29, 50}, {25, 48}, {25.01, 48}, {180, -20.5}, {-180, -20.5}, {179.9, -22}, {-179.9, -22},
		{0, 90}, {123, 90}, {0, -90}, {45, 89}, {-135, 89}, {90, -85}, {-75, 16}, {30, 0}, {-150, 0}, {0, 0}, {120, -50}, {40.5, 40.6},
	}
	for _, p := range points {
		for _, limit := range []Distance{0, 100 * Meter, 50 * Kilometer, 5000 * Kilometer, -1, Distance(math.NaN()), 30000 * Kilometer} {
			compareNearest(t, lines, x, p, limit)
		}
	}
	for _, none := range [][]orb.LineString{nil, {{}}, {{}, nil}} {
		compareNearest(t, none, NewLineIndex(none), orb.Point{1, 2}, 5*Kilometer)
	}
}

// TestLineIndexTies pins the rule that a brute-force mirror with the same
// mistake would not: a lower line that is up to a millimetre farther wins.
func TestLineIndexTies(t *testing.T) {
	millimeter := 180 / math.Pi / float64(EarthRadius) / 1000 // in degrees
	for _, test := range []struct {
		apart float64 // millimetres that line 0 is farther than line 1
		want  int
	}{{0, 0}, {0.9, 0}, {1.1, 1}, {-5, 0}} {
		at := 1 + test.apart*millimeter
		x := NewLineIndex([]orb.LineString{{{0, at}, {10, at}}, {{0, 1}, {10, 1}}})
		if q, ok := x.Nearest(orb.Point{0, 0}, Distance(math.Inf(1)), nil); !ok || q.Line != test.want {
			t.Errorf("%v mm farther: got line %d, want %d", test.apart, q.Line, test.want)
		}
	}
}

// TestLineIndexTieChain has lines 0.9 mm apart: only the nearest counts for
// what is a tie, not one that ties with it.
func TestLineIndexTieChain(t *testing.T) {
	step := 0.9 * 180 / math.Pi / float64(EarthRadius) / 1000 // in degrees
	var lines []orb.LineString
	for i := range 5 {
		at := 1 + float64(4-i)*step
		lines = append(lines, orb.LineString{{0, at}, {10, at}})
	}
	compareNearest(t, lines, NewLineIndex(lines), orb.Point{0, 0}, 200*Kilometer)
	if q, _ := NewLineIndex(lines).Nearest(orb.Point{0, 0}, Distance(math.Inf(1)), nil); q.Line != 3 {
		t.Errorf("got line %d, want 3", q.Line)
	}
}

func TestLineIndexNearest(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		center := drawPoint(t, "center")
		spread := rapid.SampledFrom([]float64{1e-6, 1e-3, 1, 60}).Draw(t, "spread")
		offset := rapid.Float64Range(-spread, spread)
		around := func(label string) orb.Point {
			p := orb.Point{center[0] + offset.Draw(t, label+" east"), center[1] + offset.Draw(t, label+" north")}
			return orb.Point{math.Remainder(p[0], 360), max(-90, min(90, p[1]))}
		}
		var lines []orb.LineString
		for range rapid.IntRange(0, 20).Draw(t, "lines") {
			var line orb.LineString
			for range rapid.IntRange(0, 5).Draw(t, "points") {
				line = append(line, around("corner"))
			}
			lines = append(lines, line)
			if rapid.IntRange(0, 4).Draw(t, "twice") == 0 {
				lines = append(lines, line)
			}
		}
		limit := Distance(spread) * 111 * Kilometer * Distance(rapid.Float64Range(0, 2).Draw(t, "limit"))
		compareNearest(t, lines, NewLineIndex(lines), around("p"), limit)
	})
}

// TestLineIndexLarge compares on thousands of lines of mixed length, where the
// tree is deep, from several goroutines at once.
func TestLineIndexLarge(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 4))
	var lines []orb.LineString
	for range 1500 {
		p := orb.Point{20 + 20*rng.Float64(), 44 + 8*rng.Float64()}
		line := orb.LineString{p}
		length := math.Pow(10, -3+3*rng.Float64())
		for range 1 + rng.IntN(6) {
			p = orb.Point{p[0] + length*rng.NormFloat64(), p[1] + length*rng.NormFloat64()}
			line = append(line, p)
		}
		lines = append(lines, line)
	}
	x := NewLineIndex(lines)
	var group sync.WaitGroup
	for worker := range 4 {
		rng := rand.New(rand.NewPCG(5, uint64(worker)))
		group.Go(func() {
			for range 12 {
				p := orb.Point{18 + 24*rng.Float64(), 42 + 12*rng.Float64()}
				compareNearest(fatalAsError{t}, lines, x, p, Distance(rng.ExpFloat64())*10*Kilometer)
			}
		})
	}
	group.Wait()
}

// fatalAsError lets other goroutines than the test's report failures.
type fatalAsError struct{ *testing.T }

func (t fatalAsError) Fatalf(format string, args ...any) { t.Errorf(format, args...) }

// TestBoxOf checks that the box of an arc holds the whole arc.
func TestBoxOf(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b := toS2(drawPoint(t, "a")), toS2(drawPoint(t, "b"))
		if a.Angle(b.Vector) > 3.1 {
			t.Skip("opposite points: the arc is not determined")
		}
		x := boxOf(a, b)
		for k := range 101 {
			if d := x.distance2(s2.Interpolate(float64(k)/100, a, b)); d > 0 {
				t.Fatalf("the point at %d %% is %v outside", k, math.Sqrt(d))
			}
		}
	})
}

func TestBoxMeets(t *testing.T) {
	at := func(x, y, z float64) r3.Vector { return r3.Vector{X: x, Y: y, Z: z} }
	unit := box{at(0, 0, 0), at(1, 1, 1)}
	tests := []struct {
		shift r3.Vector
		want  bool
	}{
		{at(0, 0, 0), true}, {at(1, 1, 1), true}, {at(-1, 1, -1), true}, {at(0.5, 0, -0.5), true},
		{at(1.1, 0, 0), false}, {at(-1.1, 0, 0), false},
		{at(0, 1.1, 0), false}, {at(0, -1.1, 0), false},
		{at(0, 0, 1.1), false}, {at(0, 0, -1.1), false},
	}
	for _, test := range tests {
		x := box{unit.lo.Add(test.shift), unit.hi.Add(test.shift)}
		if got := x.meets(&unit); got != test.want {
			t.Errorf("shifted by %v: got %v", test.shift, got)
		}
	}
}

// TestBoxTreeMeeting compares the search for boxes that meet with a look at
// all of them.
func TestBoxTreeMeeting(t *testing.T) {
	rng := rand.New(rand.NewPCG(7, 8))
	point := func() s2.Point { return toS2(orb.Point{10 * rng.Float64(), 10 * rng.Float64()}) }
	for _, n := range []int{0, 1, 7, 8, 9, 64, 65, 500} {
		from, to := make([]s2.Point, n), make([]s2.Point, n)
		for i := range n {
			from[i] = point()
			to[i] = s2.Interpolate(0.2*rng.Float64(), from[i], point())
		}
		tree := newBoxTree(n, func(i int) (s2.Point, s2.Point) { return from[i], to[i] })
		for range 20 {
			b := boxOf(point(), point())
			got := make(map[int]int)
			tree.meeting(b, func(i int) { got[i]++ })
			for i := range n {
				want := 0
				if x := boxOf(from[i], to[i]); x.meets(&b) {
					want = 1
				}
				if got[i] != want {
					t.Fatalf("%d segments: segment %d visited %d times, want %d", n, i, got[i], want)
				}
			}
		}
	}
}

func BenchmarkLineIndexNearest(b *testing.B) {
	rng := rand.New(rand.NewPCG(9, 10))
	lines := make([]orb.LineString, 200_000)
	for i := range lines {
		p := orb.Point{22 + 18*rng.Float64(), 45 + 7*rng.Float64()}
		for range 4 {
			lines[i] = append(lines[i], p)
			p = orb.Point{p[0] + 0.002*rng.NormFloat64(), p[1] + 0.002*rng.NormFloat64()}
		}
	}
	x := NewLineIndex(lines)
	for b.Loop() {
		x.Nearest(orb.Point{22 + 18*rng.Float64(), 45 + 7*rng.Float64()}, 30*Kilometer, nil)
	}
}
