package contour

import (
	"context"
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/hubplan/hubplan/route/internal/areatest"
	"github.com/paulmach/orb"
	"pgregory.net/rapid"
)

// made is a field with times and labels as given, of points without pieces.
func made(nx, ny int, point func(i, j int) (off, touched uint32, label int32)) *Field {
	f := &Field{
		Lattice: Lattice{X: 0, Y: 0, DX: 1000, DY: 1100, NX: nx + 2, NY: ny + 2},
		spread:  spread{1, 50}, tree: new(tree),
	}
	f.off, f.value, f.label = make([]uint32, f.Points()), make([]uint32, f.Points()), make([]int32, f.Points())
	for g := range f.off {
		f.off[g], f.value[g], f.label[g] = Inf, Inf, -1
		if i, j := g%f.NX-1, g/f.NX-1; i >= 0 && i < nx && j >= 0 && j < ny {
			off, touched, label := point(i, j)
			f.off[g], f.value[g] = off, min(off, touched)
			if f.value[g] != Inf {
				f.label[g] = label
			}
		}
	}
	return f
}

// checkMade checks the areas of a field for several limits: as to their own validity
// and to each other, and that points are where they should be.
func checkMade(f *Field, labels int, limits ...uint32) error {
	var before *areatest.Area
	for _, limit := range limits {
		area, err := f.Area(context.Background(), limit)
		if err != nil {
			return err
		}
		parts, err := f.Parts(context.Background(), limit, labels)
		if err != nil {
			return err
		}
		if err := areatest.CheckParts(parts, area); err != nil {
			return fmt.Errorf("limit %d: %w", limit, err)
		}
		a, err := areatest.New(area)
		if err != nil {
			return err
		}
		if before != nil {
			if err := a.Holds(before); err != nil {
				return fmt.Errorf("limit %d and the one before: %w", limit, err)
			}
		}
		before = a
		pieces := make([]*areatest.Area, labels)
		for l := range pieces {
			if pieces[l], err = areatest.New(parts[l]); err != nil {
				return err
			}
		}
		for g := range f.value {
			p := f.at(g)
			at := orb.Point{float64(p.X) / Degree, float64(p.Y) / Degree}
			want := areatest.Outside
			if f.value[g] <= limit {
				want = areatest.Inside
			}
			if got := a.Locate(at); got != want {
				return fmt.Errorf("limit %d: point %d of value %d is at %v", limit, g, f.value[g], got)
			}
			for l, part := range pieces {
				want := areatest.Outside
				if f.value[g] <= limit && f.label[g] == int32(l) {
					want = areatest.Inside
				}
				if got := part.Locate(at); got != want {
					return fmt.Errorf("limit %d: point %d of label %d is at %v of part %d", limit, g, f.label[g], got, l)
				}
			}
		}
	}
	return nil
}

// Whatever the times and labels of the points, areas are valid and nested, and parts
// make up the whole.
func TestDrawAnyField(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		time := rapid.SampledFrom([]uint32{0, 5, 10, 11, 15, 20, 29, 30, 40, Inf, Inf})
		label := rapid.Int32Range(0, 3)
		f := made(rapid.IntRange(1, 7).Draw(t, "columns"), rapid.IntRange(1, 7).Draw(t, "rows"), func(i, j int) (uint32, uint32, int32) {
			return time.Draw(t, "off"), time.Draw(t, "touched"), label.Draw(t, "label")
		})
		if err := checkMade(f, 4, 0, 10, 20, 30, 1000); err != nil {
			t.Fatal(err)
		}
	})
}

// All cells there are: every choice of four corners of four labels or outside.
func TestDrawEveryCell(t *testing.T) {
	for code := range 5 * 5 * 5 * 5 {
		for _, off := range []uint32{0, 10, 19, Inf} {
			f := made(2, 2, func(i, j int) (uint32, uint32, int32) {
				label := int32(code/[]int{1, 5, 25, 125}[2*j+i]%5) - 1
				if label < 0 {
					return 21, Inf, 0 // not much outside: cells with off low are joined across
				}
				return off, 5, label
			})
			if err := checkMade(f, 4, 10, 20); err != nil {
				t.Fatalf("cell %d: %v", code, err)
			}
		}
	}
}

// Large fields of noise have polygons in holes of polygons.
func TestDrawNoise(t *testing.T) {
	random := rand.New(rand.NewPCG(2, 7))
	f := made(90, 90, func(i, j int) (uint32, uint32, int32) {
		return uint32(random.IntN(30)), uint32(random.IntN(30)), int32(random.IntN(3))
	})
	if err := checkMade(f, 3, 1, 3, 9, 15, 25); err != nil {
		t.Fatal(err)
	}
}

// A corner that is arrived at in half of the limit gets its share of an edge, and an
// ambiguous cell is joined across by the mean.
func TestDrawInterpolates(t *testing.T) {
	f := made(1, 1, func(i, j int) (uint32, uint32, int32) { return 10, Inf, 0 })
	for g := range f.off {
		if f.off[g] == Inf {
			f.off[g], f.value[g] = 30, 30
		}
	}
	area, err := f.Area(context.Background(), 15)
	if err != nil {
		t.Fatal(err)
	}
	// The point is at 1000,1100; a quarter of the way to its neighbours is 250,275.
	want := orb.MultiPolygon{{{{0.00010, 0.0000825}, {0.000125, 0.00011}, {0.0001, 0.0001375}, {0.000075, 0.00011}, {0.0001, 0.0000825}}}}
	if !orb.Equal(area, want) {
		t.Errorf("area %v, want %v", area, want)
	}
	for _, c := range []struct {
		off      uint32
		polygons int
	}{{40, 2}, {39, 1}} {
		f := made(2, 2, func(i, j int) (uint32, uint32, int32) {
			if i == j {
				return 1, Inf, 0
			}
			return c.off, Inf, 0
		})
		// The corners 1, 1 and off have the mean (2+2*off)/4, to be within 20.
		area, err := f.Area(context.Background(), 20)
		if err != nil || len(area) != c.polygons {
			t.Errorf("corners arrived at in %d: %d polygons (error %v), want %d", c.off, len(area), err, c.polygons)
		}
	}
}

// A point that is in the area as it is touched gets no more of its edges than has
// to be, whatever is beyond.
func TestDrawTouchedAlone(t *testing.T) {
	for _, beyond := range []uint32{30, 50, Inf} {
		f := made(2, 1, func(i, j int) (uint32, uint32, int32) {
			if i == 0 {
				return 40, 5, 0
			}
			return beyond, Inf, 0
		})
		area, err := f.Area(context.Background(), 20)
		if err != nil || len(area) != 1 {
			t.Fatalf("area %v (error %v)", area, err)
		}
		b := area.Bound()
		if want := (orb.Bound{Min: orb.Point{968 / Degree, 1065 / Degree}, Max: orb.Point{1032 / Degree, 1135 / Degree}}); b != want {
			t.Errorf("beyond it %d: within %v, want %v", beyond, b, want)
		}
	}
}

// Where two labels meet across, the lower is joined.
func TestDrawJoinsLowerLabel(t *testing.T) {
	for _, first := range []int{0, 1} {
		f := made(2, 2, func(i, j int) (uint32, uint32, int32) { return 0, 0, int32((i + j + first) % 2) })
		parts, err := f.Parts(context.Background(), 10, 2)
		if err != nil || len(parts[0]) != 1 || len(parts[1]) != 2 {
			t.Errorf("%d and %d polygons (error %v), want 1 and 2", len(parts[0]), len(parts[1]), err)
		}
	}
}
