package areatest

import (
	"strings"
	"testing"

	"github.com/paulmach/orb"
)

// area reads polygons from words: rings of corners "x,y" of one digit each, in
// units of 1000; a ring in parentheses is a hole of the polygon before.
func area(rings ...string) (mp orb.MultiPolygon) {
	for _, text := range rings {
		hole := strings.HasPrefix(text, "(")
		var ring orb.Ring
		for _, corner := range strings.Fields(strings.Trim(text, "()")) {
			ring = append(ring, orb.Point{float64(corner[0]-'0') * 1000 / unit, float64(corner[1]-'0') * 1000 / unit})
		}
		ring = append(ring, ring[0])
		if hole {
			mp[len(mp)-1] = append(mp[len(mp)-1], ring)
		} else {
			mp = append(mp, orb.Polygon{ring})
		}
	}
	return mp
}

func TestCheck(t *testing.T) {
	for _, c := range []struct {
		name  string
		rings []string
		bad   string // in the error; empty for none
	}{
		{"nothing", nil, ""},
		{"square", []string{"00 40 44 04"}, ""},
		{"with the clock", []string{"00 04 44 40"}, "wrong way"},
		{"bow-tie", []string{"00 44 40 04"}, "meets"},
		{"spike", []string{"00 40 44 46 44 04"}, "meets"},
		{"two corners", []string{"00 40"}, "not closed or of"},
		{"back and forth", []string{"00 40 80 40"}, "meets"},
		{"hole", []string{"00 40 44 04", "(11 13 33 31)"}, ""},
		{"hole against the clock", []string{"00 40 44 04", "(11 31 33 13)"}, "wrong way"},
		{"hole at a corner", []string{"00 40 44 04", "(00 13 33 31)"}, "meets"},
		{"hole along a side", []string{"00 40 44 04", "(10 13 33 30)"}, "meets"},
		{"hole outside", []string{"00 40 44 04", "(51 53 73 71)"}, "hole"},
		{"hole in a hole", []string{"00 80 88 08", "(11 17 77 71)", "(22 24 44 42)"}, "hole"},
		{"island in a hole", []string{"00 80 88 08", "(11 17 77 71)", "22 42 44 24"}, ""},
		{"island in an exterior", []string{"00 80 88 08", "22 42 44 24"}, "exterior"},
		{"hole of another", []string{"00 80 88 08", "(11 17 77 71)", "22 62 66 26", "22 42 44 24"}, "meets"},
		{"apart", []string{"00 10 11 01", "20 30 31 21"}, ""},
		{"meeting at a corner", []string{"00 20 22 02", "22 42 44 24"}, "meets"},
		{"meeting along a side", []string{"00 20 22 02", "20 40 42 22"}, "meets"},
		{"overlapping", []string{"00 30 33 03", "11 51 55 15"}, "meets"},
	} {
		err := Check(area(c.rings...))
		if (err == nil) != (c.bad == "") || err != nil && !strings.Contains(err.Error(), c.bad) {
			t.Errorf("%s: error %v, want %q", c.name, err, c.bad)
		}
	}
	if err := Check(orb.MultiPolygon{{{{0, 0}, {1e-8, 0}, {1, 1}, {0, 0}}}}); err == nil {
		t.Error("a corner between units: no error")
	}
	if err := Check(orb.MultiPolygon{{}}); err == nil {
		t.Error("a polygon without rings: no error")
	}
}

func TestLocateAndHolds(t *testing.T) {
	a, err := New(area("00 80 88 08", "(22 26 66 62)", "33 53 55 35"))
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		x, y float64
		want Place
	}{
		{1, 1, Inside}, {2.5, 4, Outside}, {4, 4, Inside}, {9, 4, Outside}, {8, 4, Border}, {2, 2, Border}, {4, 3, Border},
		{-1, 0, Outside}, {9, 0, Outside}, {0, 0, Border}, {4, 8, Border}, {4, 9, Outside}, {1, 2, Inside}, {7, 6, Inside},
	} {
		if got := a.Locate(orb.Point{c.x * 1000 / unit, c.y * 1000 / unit}); got != c.want {
			t.Errorf("%v,%v is at %v, want %v", c.x, c.y, got, c.want)
		}
	}
	for _, c := range []struct {
		rings []string
		ok    bool
	}{
		{[]string{"00 20 22 02"}, true},
		{[]string{"33 53 55 35"}, true},
		{[]string{"00 90 99 09"}, false},
		{[]string{"24 45 46"}, false},
		{[]string{"11 71 45"}, false},
	} {
		b, err := New(area(c.rings...))
		if err != nil {
			t.Fatal(err)
		}
		if err := a.Holds(b); (err == nil) != c.ok {
			t.Errorf("%v: error %v, want none %v", c.rings, err, c.ok)
		}
	}
}

func TestCheckParts(t *testing.T) {
	whole := area("00 40 44 04")
	for _, c := range []struct {
		name  string
		parts []orb.MultiPolygon
		ok    bool
	}{
		{"itself", []orb.MultiPolygon{whole}, true},
		{"itself and nothing", []orb.MultiPolygon{nil, whole}, true},
		{"cut at corners", []orb.MultiPolygon{area("00 40 44"), area("00 44 04")}, true},
		{"cut at new vertices", []orb.MultiPolygon{area("00 20 24 04"), area("20 40 44 24")}, true},
		{"an island", []orb.MultiPolygon{area("00 40 44 04", "(11 13 33 31)"), area("11 31 33 13")}, true},
		{"a hole left", []orb.MultiPolygon{area("00 40 44 04", "(11 13 33 31)")}, false},
		{"an island over all", []orb.MultiPolygon{whole, area("11 31 33 13")}, false},
		{"a gap", []orb.MultiPolygon{area("00 10 14 04"), area("20 40 44 24")}, false},
		{"an overlap", []orb.MultiPolygon{area("00 30 34 04"), area("20 40 44 24")}, false},
		{"twice", []orb.MultiPolygon{whole, whole}, false},
		{"a vertex far out", []orb.MultiPolygon{area("00 40 64 44 04"), nil}, false},
		{"nothing", nil, false},
	} {
		if err := CheckParts(c.parts, whole); (err == nil) != c.ok {
			t.Errorf("%s: error %v, want none %v", c.name, err, c.ok)
		}
	}
}
