package input

import (
	"encoding/json"
	"errors"
	"math"
	"reflect"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/paulmach/orb"
)

// checkProblems checks what every problem must have: the file's name, a cause
// of this package, and a position within the text.
func checkProblems(t *testing.T, p *Problems, text string) {
	t.Helper()
	err := p.Err()
	if err == nil {
		return
	}
	var list *Errors
	if !errors.As(err, &list) || len(list.List)+list.More != p.Len() {
		t.Fatalf("%d problems became %#v", p.Len(), err)
	}
	lines := strings.Split(strings.TrimPrefix(text, byteOrderMark), "\n")
	for _, e := range list.List {
		if e.File != "f" || !isKnown(e.Err) || e.Line < 0 || e.Column < 0 {
			t.Errorf("problem %#v", e)
		}
		// At the end encoding/csv counts a line end that may not be there.
		if e.Line > len(lines) || e.Line > 0 && e.Column > len(lines[e.Line-1])+2 {
			t.Errorf("%v is beyond the file", e)
		}
	}
}

func FuzzReadTable(f *testing.F) {
	f.Add("id,x,n\na,1.5,3\n")
	f.Add("\ufeffn,x,id,note\r\n3,-1e3,\"a\nb\",\"\"\"\"\r\n\r\n1\n")
	f.Add("id,x,n,lon,lat\na,NaN,0x1,181,-90\n\"")
	f.Add("id,id,,\xff\n\xff")
	f.Fuzz(func(t *testing.T, text string) {
		var p Problems
		table := ReadTable(strings.NewReader(text), "f", &p, []string{"id", "x", "n"}, "note", "lon", "lat")
		header := p.Len()
		line := 0
		for r := range table.Rows() {
			before := p.Len()
			id, x, n := r.Text("id"), r.Number("x", -1, 1), r.Integer("n", 0, 9)
			at := r.Point()
			if r.OK() != (p.Len() == before) {
				t.Errorf("OK is %v with %d problems", r.OK(), p.Len()-before)
			}
			if r.OK() && (id == "" || strings.TrimSpace(id) != id || !utf8.ValidString(id)) {
				t.Errorf("id %q", id)
			}
			if !(math.Abs(x) <= 1) || n < 0 || n > 9 || !(math.Abs(at[0]) <= 180) || !(math.Abs(at[1]) <= 90) {
				t.Errorf("values %v %v %v", x, n, at)
			}
			if header > 0 || r.Line() <= line {
				t.Errorf("row on line %d after line %d", r.Line(), line)
			}
			line = r.Line()
		}
		checkProblems(t, &p, text)
	})
}

func FuzzReadFeatures(f *testing.F) {
	f.Add(`{"type":"FeatureCollection","features":[` + point(`,"id":7`) + `]}`)
	f.Add(`{"features":[{"type":"Feature","properties":{"code":"x","a":[{}]},"geometry":{"coordinates":[[[1,2],[3,4.5e1,9]],[]],"type":"Polygon"}}],"type":"FeatureCollection"}`)
	f.Add("{\"type\":\"FeatureCollection\",\n\"features\":[{\"type\":\"Feature\",\"geometry\":{\"type\":\"MultiPolygon\",\"coordinates\":[[[[1,2],[181,4]]]]}}, null]}")
	f.Add(`{"type":"FeatureCollection","features":[{"a\"":"\\\"]}"`)
	f.Fuzz(func(t *testing.T, text string) {
		var p Problems
		features := ReadFeatures(strings.NewReader(text), "f", &p)
		checkProblems(t, &p, text)
		plain := strings.TrimPrefix(text, byteOrderMark)
		if ok := json.Valid([]byte(plain)) && utf8.ValidString(plain); ok == errors.Is(p.Err(), ErrSyntax) {
			t.Errorf("valid JSON: %v, but %v", ok, p.Err())
		}
		for i := range features {
			f := &features[i]
			if !f.OK() || f.Ordinal < 1 || f.Geometry == nil {
				t.Fatalf("feature %+v", f)
			}
			if orb.Equal(f.Geometry, orb.Point{}) {
				continue
			}
			// Bounds are of all positions; those of empty shapes are not.
			if b := f.Geometry.Bound(); !b.IsEmpty() && (b.Min[0] < -180 || b.Max[0] > 180 || b.Min[1] < -90 || b.Max[1] > 90) {
				t.Errorf("feature %+v", f)
			}
		}
	})
}

func FuzzJSON(f *testing.F) {
	f.Add(`{"name": "x", "hubs": 5, "profile": {"speeds_kmh": {"motorway": 90}}, "sites": [{"id": "a", "lon": 1e1}]}`)
	f.Add(`{"$schema": "", "start": null, "pair": [1,2], "any": [{"a":1,"a":2}], "day": "8h", "class": "primary", "classes": {"secondary": 1}}`)
	f.Add("{\"quoted\": \"1\", \"bytes\": \"aGk=\",\n \"years\": {\"7\": \"\"}, \"raw\": [null], \"half\": -0.5, \"small\": 300}")
	f.Add(`{"NAME": 1, "name": null, "n\u0061me": 2}`)
	f.Fuzz(func(t *testing.T, text string) {
		var p Problems
		var got, want scenario
		JSON(strings.NewReader(text), "f", &got, &p)
		checkProblems(t, &p, text)
		if p.Len() > 0 {
			if !reflect.DeepEqual(got, want) {
				t.Errorf("with problems the value is %+v", got)
			}
			return
		}
		// What is accepted is what encoding/json makes of it, strictly.
		d := json.NewDecoder(strings.NewReader(strings.TrimPrefix(text, byteOrderMark)))
		d.DisallowUnknownFields()
		if err := d.Decode(&want); err != nil {
			t.Fatalf("accepted, but %v", err)
		}
		if !reflect.DeepEqual(got, want) {
			t.Errorf("got %+v, want %+v", got, want)
		}
	})
}
