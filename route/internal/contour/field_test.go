package contour

import (
	"context"
	"errors"
	"math"
	"math/rand/v2"
	"runtime"
	"slices"
	"testing"

	"github.com/hubplan/hubplan/geo"
	"github.com/hubplan/hubplan/route/internal/areatest"
	"github.com/paulmach/orb"
	"pgregory.net/rapid"
)

// somewhere is the lower left corner of what tests draw.
var somewhere = Position{300000000, 500000000}

// drawPieces draws pieces in a square of so many units.
func drawPieces(t *rapid.T, size int) []Piece {
	coordinate := rapid.Custom(func(t *rapid.T) int32 { return int32(rapid.IntRange(0, size).Draw(t, "coordinate")) })
	pieces := make([]Piece, rapid.IntRange(1, 40).Draw(t, "pieces"))
	for i := range pieces {
		p := &pieces[i]
		p.A = Position{somewhere.X + coordinate.Draw(t, "x"), somewhere.Y + coordinate.Draw(t, "y")}
		p.B = p.A
		if rapid.IntRange(0, 4).Draw(t, "point") > 0 {
			p.B.X += coordinate.Draw(t, "dx") / 4
			p.B.Y -= coordinate.Draw(t, "dy") / 4
		}
		p.TA, p.TB = rapid.Float64Range(0, 1e5).Draw(t, "from"), rapid.Float64Range(0, 1e5).Draw(t, "to")
		p.Label = int32(rapid.IntRange(0, 3).Draw(t, "label"))
	}
	return pieces
}

// boxOf is the box of pieces.
func boxOf(pieces []Piece) Box {
	b := EmptyBox
	for _, p := range pieces {
		b.Add(p.A)
		b.Add(p.B)
	}
	return b
}

// along returns a place on a piece and the time there.
func (p *Piece) along(part float64) (x, y, ms float64) {
	return float64(p.A.X) + part*float64(int(p.B.X)-int(p.A.X)), float64(p.A.Y) + part*float64(int(p.B.Y)-int(p.A.Y)), p.TA + part*(p.TB-p.TA)
}

// The closed form is the least of many places on the piece, to what lies between
// them, and the distance is the least of theirs.
func TestArriveEqualsSampling(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := drawPieces(t, 100_000)[0]
		at := Position{somewhere.X + int32(rapid.IntRange(-50_000, 150_000).Draw(t, "x")), somewhere.Y + int32(rapid.IntRange(-50_000, 150_000).Draw(t, "y"))}
		sp := spread{rapid.SampledFrom([]float64{1, 10, 100, 1000}).Draw(t, "slowness"), rapid.Float64Range(1, 2000).Draw(t, "reach")}
		s := scale{rapid.Float64Range(0.001, 0.011).Draw(t, "scale"), metersPerUnit}
		const steps = 4000
		best, least := math.Inf(1), math.Inf(1)
		for k := range steps + 1 {
			x, y, ms := p.along(float64(k) / steps)
			d := math.Hypot((x-float64(at.X))*s.x, (y-float64(at.Y))*s.y)
			least = min(least, d)
			if d <= sp.reach {
				best = min(best, ms+sp.slowness*d)
			}
		}
		ax, ay, bx, by := p.relative(at, s)
		between := math.Hypot(bx-ax, by-ay) / steps
		// Places between samples are at most half a step from one; near the reach,
		// where a sample may be out and its neighbour in, a whole one.
		tolerance := between*sp.slowness + math.Abs(p.TB-p.TA)/steps + 1e-6
		if d := p.distance(at, s); d > least+1e-9 || d < least-between-1e-9 {
			t.Fatalf("distance %v, sampled %v", d, least)
		}
		switch got, ok := sp.arrive(&p, at, s); {
		case !ok && !math.IsInf(best, 1):
			t.Fatalf("not arrived at, sampled %v", best)
		case !ok:
		case math.IsInf(best, 1):
			if least > sp.reach+between {
				t.Fatalf("arrived at %v from a distance of %v", got, least)
			}
		case got > best+1e-6 || got < best-tolerance:
			t.Fatalf("arrived at %v, sampled %v", got, best)
		}
	})
}

// Within the bounds stated, distances in the plane of a point are those on the globe.
func TestScaleEqualsGreatCircle(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 1))
	for range 1000 {
		lat := random.Float64()*160 - 80
		l := Lattice{X: 0, Y: int(math.Round(lat * Degree)), DX: 1000, DY: 1000, NX: 2, NY: 2}
		bearing, d := random.Float64()*2*math.Pi, random.Float64()*10_000
		s := l.scale(0)
		to := Position{int32(d * math.Cos(bearing) / s.x), int32(l.Y) + int32(d*math.Sin(bearing)/s.y)}
		p := Piece{A: to, B: to}
		want := geo.Between(orb.Point{0, lat}, orb.Point{float64(to.X) / Degree, float64(to.Y) / Degree})
		share := max(1, math.Abs(math.Tan(lat*math.Pi/180))) * d / float64(geo.EarthRadius)
		if got := p.distance(l.at(0), s); math.Abs(got-float64(want)) > float64(want)*share+0.05 {
			t.Errorf("at latitude %v: %v m, on the globe %v", lat, got, float64(want))
		}
	}
}

func mustTree(t interface{ Fatal(...any) }, pieces []Piece) *tree {
	tree, err := newTree(context.Background(), pieces)
	if err != nil {
		t.Fatal(err)
	}
	return tree
}

func TestTreeEqualsEveryPiece(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		pieces := drawPieces(t, 1_000_000)
		for range rapid.IntRange(0, 3).Draw(t, "more") {
			pieces = append(pieces, drawPieces(t, 1_000_000)...)
		}
		tree := mustTree(t, pieces)
		sp := spread{rapid.SampledFrom([]float64{0.1, 1, 10, 100}).Draw(t, "slowness"), rapid.Float64Range(1, 20_000).Draw(t, "reach")}
		s := scale{0.007, metersPerUnit}
		var w walk
		for range 20 {
			at := Position{somewhere.X + int32(rapid.IntRange(-500_000, 1_500_000).Draw(t, "x")), somewhere.Y + int32(rapid.IntRange(-500_000, 1_500_000).Draw(t, "y"))}
			label := int32(rapid.IntRange(-1, 3).Draw(t, "of label"))
			want, by, gap := Inf, int32(-1), 30_000.0
			for i := range pieces {
				p := &pieces[i]
				gap = min(gap, p.distance(at, s))
				if label >= 0 && p.Label != label {
					continue
				}
				if ms, ok := sp.arrive(p, at, s); ok && earlier(whole(ms), p.Label, want, by) {
					want, by = whole(ms), p.Label
				}
			}
			if got, from := tree.arrive(&w, &sp, at, s, label); got != want || from != by {
				t.Fatalf("arrived at %v from %v, of all pieces %v from %v", got, from, want, by)
			}
			if got := tree.gap(&w, at, s, 30_000); got != gap {
				t.Fatalf("gap of %v, of all pieces %v", got, gap)
			}
		}
	})
	var w walk
	if ms, label := mustTree(t, nil).arrive(&w, &spread{1, 1}, somewhere, scale{1, 1}, -1); ms != Inf || label != -1 {
		t.Errorf("nothing is arrived at in %v from %v", ms, label)
	}
}

// Cells are touched where a piece passes, at the earliest time in them, and nowhere
// else.
func TestTouchEqualsSampling(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		l := Lattice{X: int(somewhere.X) - 4000, Y: int(somewhere.Y) - 30_000, DX: 1000, DY: 900, NX: 140, NY: 150}
		p := drawPieces(t, 100_000)[0]
		if rapid.Bool().Draw(t, "on the lattice") {
			p.A.X, p.A.Y = p.A.X/1000*1000, (p.A.Y-somewhere.Y)/900*900+somewhere.Y
			p.B.X = p.A.X + (p.B.X-p.A.X)/1000*1000
		}
		touched, by := make([]uint32, l.Points()), make([]int32, l.Points())
		for c := range touched {
			touched[c], by[c] = Inf, -1
		}
		if err := l.touch(&p, touched, by); err != nil {
			t.Fatal(err)
		}
		const steps = 20_000
		step := math.Abs(p.TB-p.TA) / steps
		sampled := make(map[int]float64)
		for k := range steps + 1 {
			x, y, ms := p.along(float64(k) / steps)
			u, v := (x-float64(l.X))/float64(l.DX), (y-float64(l.Y))/float64(l.DY)
			c := int(v)*l.NX + int(u)
			if _, ok := sampled[c]; !ok || ms < sampled[c] {
				sampled[c] = ms
			}
			// Half a millisecond rounds down: see whole.
			inner := math.Abs(u-math.Round(u)) > 1e-9 && math.Abs(v-math.Round(v)) > 1e-9
			if inner && float64(touched[c]) > ms+0.5 {
				t.Fatalf("cell %d is touched at %v, and at %v at the latest", c, touched[c], ms)
			}
		}
		for c, ms := range touched {
			if ms == Inf {
				continue
			}
			if by[c] != p.Label {
				t.Fatalf("cell %d is touched by %d", c, by[c])
			}
			// What only grazes a cell may fall between samples, but is near to one.
			near := math.Inf(1)
			for _, d := range [9]int{0, 1, -1, l.NX, -l.NX, l.NX + 1, l.NX - 1, 1 - l.NX, -l.NX - 1} {
				if at, ok := sampled[c+d]; ok {
					near = min(near, math.Abs(at-float64(ms)))
				}
			}
			if at, ok := sampled[c]; ok && at < float64(ms)+100*step {
				near = min(near, math.Abs(at-float64(ms)))
			}
			crossing := math.Abs(p.TB-p.TA) * 1.5 / max(1, math.Hypot(float64(p.B.X-p.A.X)/1000, float64(p.B.Y-p.A.Y)/900))
			if near > crossing+1 {
				t.Fatalf("cell %d is touched at %v, %v from any place near by", c, ms, near)
			}
		}
	})
	l := Lattice{X: 0, Y: 0, DX: 1000, DY: 1000, NX: 10, NY: 10}
	for _, p := range []Piece{{A: Position{999, 5000}, B: Position{999, 5000}}, {A: Position{5000, 8000}, B: Position{5000, 8000}}} {
		if err := l.touch(&p, make([]uint32, 100), make([]int32, 100)); err == nil {
			t.Errorf("a piece at %v at the margin: no error", p.A)
		}
	}
}

func TestNewLattice(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		x, y := rapid.IntRange(-1700000000, 1700000000).Draw(t, "x"), rapid.IntRange(-800000000, 800000000).Draw(t, "y")
		box := Box{int32(x), int32(y), int32(x + rapid.IntRange(0, 5_000_000).Draw(t, "width")), int32(y + rapid.IntRange(0, 5_000_000).Draw(t, "height"))}
		spacing := geo.Distance(rapid.Float64Range(10, 5000).Draw(t, "spacing"))
		reach := geo.Distance(rapid.Float64Range(0, 20_000).Draw(t, "reach"))
		l, err := NewLattice(box, spacing, reach, 1<<40)
		if err != nil {
			t.Fatal(err)
		}
		// The margin is free at any latitude of the lattice, and cells are no wider than asked.
		for _, j := range []int{0, l.NY / 2, l.NY - 1} {
			s := l.scale(j * l.NX)
			if w := float64(l.DX) * s.x; w > float64(spacing)*1.0001 || w < float64(spacing)*0.9*s.x/metersPerUnit {
				t.Fatalf("cells %v m wide, want %v at most", w, spacing)
			}
			if inBox := int(box.MinY) <= l.Y+j*l.DY && l.Y+j*l.DY <= int(box.MaxY); !inBox {
				continue
			}
			left, right := float64(int(box.MinX)-l.X)*s.x, float64(l.X+(l.NX-1)*l.DX-int(box.MaxX))*s.x
			if least := float64(reach) + 1.9*float64(l.DX)*s.x; left < least || right < least {
				t.Fatalf("margins %v and %v m, want %v", left, right, least)
			}
		}
		low, high := float64(int(box.MinY)-l.Y)*metersPerUnit, float64(l.Y+(l.NY-1)*l.DY-int(box.MaxY))*metersPerUnit
		if least := float64(reach) + 1.9*float64(spacing); low < least || high < least {
			t.Fatalf("margins %v and %v m, want %v", low, high, least)
		}
		if math.Abs(float64(l.DY)*metersPerUnit-float64(spacing)) > 0.02 {
			t.Fatalf("cells %v m high, want %v", float64(l.DY)*metersPerUnit, spacing)
		}
	})
	for _, c := range []struct {
		box  Box
		want error
	}{
		{Box{0, 849900000, 0, 849900000}, ErrPlace},
		{Box{0, -849900000, 0, -849900000}, ErrPlace},
		{Box{1799900000, 0, 1799900000, 0}, ErrPlace},
		{Box{-1799900000, 0, -1799900000, 0}, ErrPlace},
		{Box{0, 0, 1000000000, 1000000}, ErrFine},
		{Box{0, 0, 1000000, 700000000}, ErrFine},
	} {
		if _, err := NewLattice(c.box, 100, 1000, 100_000); !errors.Is(err, c.want) {
			t.Errorf("%v: error %v, want %v", c.box, err, c.want)
		}
	}
}

func newField(t interface{ Fatal(...any) }, pieces []Piece, spacing geo.Distance, o Options) *Field {
	l, err := NewLattice(boxOf(pieces), spacing, o.Reach, 1<<20)
	if err != nil {
		t.Fatal(err)
	}
	f, err := NewField(context.Background(), l, pieces, o)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// The values of a field are those of its pieces one by one, ties included.
func TestFieldEqualsEveryPiece(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		pieces := drawPieces(t, 100_000)
		for i := range pieces {
			pieces[i].TA = math.Round(pieces[i].TA / 5e4)
			pieces[i].TB = pieces[i].TA
		}
		o := Options{Slowness: 0.01, Reach: 300}
		f := newField(t, pieces, 100, o)
		want := make([]uint32, f.Points())
		label := make([]int32, f.Points())
		for g := range want {
			want[g], label[g] = Inf, -1
		}
		improve := func(g int, ms uint32, by int32) {
			if earlier(ms, by, want[g], label[g]) {
				want[g], label[g] = ms, by
			}
		}
		for i := range pieces {
			p := &pieces[i]
			cells, by := make([]uint32, f.Points()), make([]int32, f.Points())
			for c := range cells {
				cells[c] = Inf
			}
			if err := f.touch(p, cells, by); err != nil {
				t.Fatal(err)
			}
			for g := range want {
				if ms, ok := f.spread.arrive(p, f.at(g), f.scale(g)); ok {
					improve(g, whole(ms), p.Label)
				}
				if cells[g] != Inf {
					for _, corner := range [4]int{g, g + 1, g + f.NX, g + f.NX + 1} {
						improve(corner, cells[g], p.Label)
					}
				}
			}
		}
		for g := range want {
			if f.value[g] != want[g] || f.label[g] != label[g] {
				t.Fatalf("point %d has value %d of %d, want %d of %d", g, f.value[g], f.label[g], want[g], label[g])
			}
		}
	})
}

// The areas of random pieces hold all of the pieces that is within the limit and
// nothing that is too far, are valid, nested and divided as they should be.
func TestAreasOfPieces(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		pieces := drawPieces(t, 200_000)
		const spacing = 50 // about a fortieth of the extent
		o := Options{
			Slowness: rapid.SampledFrom([]float64{0.01, 10, 100}).Draw(t, "slowness"),
			Reach:    rapid.SampledFrom([]geo.Distance{0, 20, 100, 300}).Draw(t, "reach"),
		}
		f := newField(t, pieces, spacing, o)
		var before *areatest.Area
		for _, limit := range []uint32{0, 20_000, 50_000, 100_000} {
			area, err := f.Area(context.Background(), limit)
			if err != nil {
				t.Fatal(err)
			}
			parts, err := f.Parts(context.Background(), limit, 4)
			if err != nil {
				t.Fatal(err)
			}
			if err := areatest.CheckParts(parts, area); err != nil {
				t.Fatalf("limit %d: %v", limit, err)
			}
			a, err := areatest.New(area)
			if err != nil {
				t.Fatal(err)
			}
			if before != nil {
				if err := a.Holds(before); err != nil {
					t.Fatalf("limit %d and the one before: %v", limit, err)
				}
			}
			before = a
			for _, p := range pieces {
				for k := range 21 {
					x, y, ms := p.along(float64(k) / 20)
					if ms <= float64(limit) && a.Locate(orb.Point{x / Degree, y / Degree}) != areatest.Inside {
						t.Fatalf("limit %d: %v,%v is reached at %v and not inside", limit, x, y, ms)
					}
				}
			}
			for range 20 {
				at := Position{somewhere.X + int32(rapid.IntRange(-60_000, 260_000).Draw(t, "x")), somewhere.Y + int32(rapid.IntRange(-60_000, 260_000).Draw(t, "y"))}
				s := scale{metersPerUnit * cosine(int(at.Y)), metersPerUnit}
				near, label := math.Inf(1), make(map[int32]bool)
				for _, p := range pieces {
					for k := range 201 {
						x, y, ms := p.along(float64(k) / 200)
						d := math.Hypot((x-float64(at.X))*s.x, (y-float64(at.Y))*s.y)
						if ms <= float64(limit)+0.5 { // in whole milliseconds
							near = min(near, d)
							if d <= float64(o.Reach)+2.2*spacing {
								label[p.Label] = true
							}
						}
					}
				}
				point := orb.Point{float64(at.X) / Degree, float64(at.Y) / Degree}
				in := a.Locate(point) != areatest.Outside
				if in && near > float64(o.Reach)+2.2*spacing {
					t.Fatalf("limit %d: %v is inside, %v m from anything reached", limit, at, near)
				}
				// Who has all around has the place.
				if in && len(label) == 1 {
					for l, part := range parts {
						whose, err := areatest.New(part)
						if err != nil {
							t.Fatal(err)
						}
						if whose.Locate(point) == areatest.Inside && !label[int32(l)] {
							t.Fatalf("limit %d: %v belongs to %d, all around to %v", limit, at, l, label)
						}
					}
				}
			}
		}
	})
}

func TestFieldSameOnAnyNumberOfCores(t *testing.T) {
	random := rand.New(rand.NewPCG(5, 5))
	pieces := make([]Piece, 3000)
	for i := range pieces {
		a := Position{somewhere.X + int32(random.IntN(500_000)), somewhere.Y + int32(random.IntN(500_000))}
		pieces[i] = Piece{A: a, B: Position{a.X + int32(random.IntN(2000)), a.Y}, TA: float64(random.IntN(1000)), TB: float64(random.IntN(1000)), Label: int32(random.IntN(5))}
	}
	o := Options{Slowness: 1, Reach: 200}
	want := newField(t, pieces, 30, o)
	for _, procs := range []int{1, 3} {
		defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(procs))
		if got := newField(t, pieces, 30, o); !slices.Equal(got.off, want.off) || !slices.Equal(got.value, want.value) || !slices.Equal(got.label, want.label) {
			t.Errorf("the field differs on %d cores", procs)
		}
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := NewField(ctx, want.Lattice, pieces, o); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled field: error %v", err)
	}
	if _, err := want.Area(ctx, 10); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled area: error %v", err)
	}
}
