package geo

import (
	"errors"
	"math"
	"strings"
	"testing"

	"github.com/hubplan/hubplan/geo/input"
	"github.com/paulmach/orb"
)

// checkError checks the promises every reader makes about its error.
func checkError(t *testing.T, none bool, err error) {
	t.Helper()
	if err == nil {
		return
	}
	if !none {
		t.Error("data returned along with an error")
	}
	var list *input.Errors
	if !errors.As(err, &list) || len(list.List) == 0 || len(list.List) > input.MaxProblems {
		t.Fatalf("the error is %#v", err)
	}
	for _, p := range list.List {
		if p.File != "f" || p.Err == nil || errors.Unwrap(p.Err) == nil {
			t.Errorf("problem %#v", p)
		}
	}
}

// onGlobe reports whether p is a position.
func onGlobe(p orb.Point) bool { return math.Abs(p[0]) <= 180 && math.Abs(p[1]) <= 90 }

func FuzzReadSectors(f *testing.F) {
	f.Add(collection(feature(`"A"`, someone, "Polygon", unit)))
	f.Add(collection(feature(`"A"`, someone, "Polygon", `[[[0,0],[1,1],[0,1],[1,0],[0,0]]]`)))
	f.Add(collection(feature(`"A"`, someone, "MultiPolygon", `[[[[0,0],[9,0],[9,9],[0,9],[0,0]],[[1,1],[1,2],[2,2],[1,1]]],[[[9,0],[12,0],[12,9],[9,9],[9,0]]]]`)))
	f.Add(collection(feature(`7`, someone, "Polygon", `[[[179,-1],[-179,-1],[-179,1],[179,1],[179,-1]]]`)))
	f.Add(collection(feature(`7`, someone, "Polygon", `[[[0,80],[120,80],[-120,80],[0,80]]]`)))
	f.Add(collection(feature(`7`, someone, "Polygon", `[[[-180,-90],[180,-90],[180,90],[-180,90],[-180,-90]]]`)))
	f.Add(collection(`{"type":"Feature","geometry":null}`)[:50])
	f.Fuzz(func(t *testing.T, text string) {
		sectors, err := ReadSectors(strings.NewReader(text), "f")
		checkError(t, sectors == nil, err)
		if err != nil {
			return
		}
		if len(sectors) == 0 {
			t.Fatal("neither sectors nor an error")
		}
		x := NewIndex(sectors)
		for i := range sectors {
			s := &sectors[i]
			if s.ID == "" || s.Population < 0 {
				t.Errorf("sector %+v", s)
			}
			if a := s.Area(); !(a >= 0) || a > globe {
				t.Errorf("area %v", a)
			}
			label := s.LabelPoint()
			if label != (orb.Point{}) && !s.Contains(label) {
				t.Errorf("label %v is outside", label)
			}
			for _, sample := range Samples(s, nil) {
				if !onGlobe(sample.Point) || !(sample.Share > 0) || sample.Share > 1+1e-9 {
					t.Errorf("sample %+v", sample)
				}
			}
			for _, p := range []orb.Point{label, s.Boundary[0][0][0]} {
				want, wantOK := slowFind(sectors, p)
				if got, ok := x.Find(p); ok != wantOK || got != want {
					t.Errorf("%v is in %d %v, want %d %v", p, got, ok, want, wantOK)
				}
			}
		}
	})
}

func FuzzReadPlaces(f *testing.F) {
	f.Add("id,name,lon,lat,population,sector\nKyiv,Kyiv,30.5,50.4,2952301,UA-30\n")
	f.Add("\ufeffid,name,lon,lat,population,sector\r\n\"a\"\"b\",\"c\nd\",-180,90,0,\r\n")
	f.Add("id,name,lon,lat,population,sector\na,A,1e3,NaN,-1,X\na,A\n\"")
	f.Add("id,id")
	f.Fuzz(func(t *testing.T, text string) {
		places, err := ReadPlaces(strings.NewReader(text), "f")
		checkError(t, places == nil, err)
		seen := make(map[string]bool)
		for _, p := range places {
			if p.ID == "" || seen[p.ID] || p.Name == "" || p.Population < 0 || !onGlobe(p.Point) {
				t.Errorf("place %+v", p)
			}
			seen[p.ID] = true
		}
	})
}

func FuzzReadLines(f *testing.F) {
	f.Add(collection(feature(`"M06"`, `{}`, "LineString", `[[30,50],[31,51]]`)))
	f.Add(collection(feature(`"M06"`, `{}`, "MultiLineString", `[[[30,50],[31,51]],[[180,0],[-180,0],[0,90]]]`)))
	f.Add(collection(feature(`"M06"`, `{}`, "LineString", `[[0,0],[180,0]]`)))
	f.Fuzz(func(t *testing.T, text string) {
		lines, err := ReadLines(strings.NewReader(text), "f")
		checkError(t, lines == nil, err)
		if err != nil {
			return
		}
		if len(lines) == 0 {
			t.Fatal("neither lines nor an error")
		}
		x := NewLineIndex(lines)
		for i, line := range lines {
			if len(line) < 2 || Length(line) <= 0 {
				t.Errorf("line %v", line)
			}
			if q, ok := x.Nearest(line[0], 0, nil); !ok || q.Line > i {
				t.Errorf("the start of line %d is near line %d %v", i, q.Line, ok)
			}
		}
	})
}
