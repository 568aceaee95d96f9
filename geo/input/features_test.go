package input

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/paulmach/orb"
	"pgregory.net/rapid"
)

// read reads a collection of the given features.
func read(p *Problems, features string) []Feature {
	return ReadFeatures(strings.NewReader(`{"type": "FeatureCollection", "features": [`+features+`]}`), "f", p)
}

// point is a feature at 1 2 with more members put in.
func point(members string) string {
	return `{"type": "Feature", "geometry": {"type": "Point", "coordinates": [1, 2]}` + members + `}`
}

func TestReadFeatures(t *testing.T) {
	const in = "\ufeff" + `{
  "name": "anything else is allowed", "bbox": [0, 0, 1, 1], "features": [
    {"geometry": {"coordinates": [-180, 90, 12.5], "type": "Point"}, "type": "Feature", "id": "a", "bbox": []},
    {"type": "Feature", "id": 17, "geometry": {"type": "LineString", "coordinates": [[1e0,2],[3,-4.5E-1]]}, "properties": null},
    {"type": "Feature", "geometry": {"type": "MultiLineString", "coordinates": [[[1,2],[3,4]],[]]}, "properties": {"id": "c", "code": "d"}},
    {"type": "Feature", "id": null, "geometry": {"type": "Polygon", "coordinates": [[[1,2],[3,4],[5,6],[1,2]],[]]}, "properties": {"code": 12345678}},
    {"type": "Feature", "id": "", "geometry": {"type": "Polygon", "coordinates": []}, "properties": {"id": true}},
    {"type": "Feature", "id": "\u0457", "geometry": {"type": "MultiPolygon", "coordinates": [[[[1,2]]],[]]}, "properties": {"x": {"y": [1, "]}", "\\\""]}}}
  ], "type": "FeatureCollection"}`
	var p Problems
	var got []string
	for _, f := range ReadFeatures(strings.NewReader(in), "f", &p) {
		got = append(got, fmt.Sprintf("%d %q %T%v %v %v", f.Ordinal, f.ID, f.Geometry, f.Geometry, f.Properties, f.OK()))
	}
	want := `1 "a" orb.Point[-180 90] map[] true
2 "17" orb.LineString[[1 2] [3 -0.45]] map[] true
3 "c" orb.MultiLineString[[[1 2] [3 4]] []] map[code:d id:c] true
4 "12345678" orb.Polygon[[[1 2] [3 4] [5 6] [1 2]] []] map[code:1.2345678e+07] true
5 "" orb.Polygon[] map[id:true] true
6 "ї" orb.MultiPolygon[[[[1 2]]] []] map[x:map[y:[1 ]} \"]]] true`
	if g := strings.Join(got, "\n"); g != want || p.Len() > 0 {
		t.Errorf("got\n%s\nwant\n%s\n%s", g, want, text(&p))
	}
	if got := read(&p, ""); len(got) != 0 || p.Len() != 0 {
		t.Errorf("an empty collection: %v, %s", got, text(&p))
	}
}

func TestFileProblems(t *testing.T) {
	tests := []struct {
		name, in, want string
		kind           error
	}{
		{"empty", "", "f:1:1: unexpected end of JSON input", ErrSyntax},
		{"space", " \n ", "f:2:2: unexpected end of JSON input", ErrSyntax},
		{"cut in half", "{\n\"type\": \"FeatureCollection\",\n\"features\": [{\"ty", "f:3:18: unexpected end of JSON input", ErrSyntax},
		{"NaN", "{\"features\":\n [[NaN, 1]]}", "f:2:4: invalid character 'N' looking for beginning of value", ErrSyntax},
		{"minus infinity", `[-Infinity]`, "f:1:3: invalid character 'I' in numeric literal", ErrSyntax},
		{"after ї", `{"ї": x}`, "f:1:8: invalid character 'x' looking for beginning of value", ErrSyntax},
		{"trailing data", "{}\r\n{}", "f:2:1: invalid character '{' after top-level value", ErrSyntax},
		{"not UTF-8", "{\"name\":\n\"ї\xcf\xf0\"}", "f:2:4: invalid UTF-8", ErrSyntax},
		{"nested too deeply", strings.Repeat("[", 20000), "f:1:10001: invalid character '[' exceeded max depth", ErrSyntax},
		{"list", " []", "f:1:2: a list where a FeatureCollection is wanted", ErrFormat},
		{"null", "null", "f:1:1: null where a FeatureCollection is wanted", ErrFormat},
		{"feature", `{"type": "Feature", "features": []}`, `f:1:10: type is "Feature", want "FeatureCollection"`, ErrFormat},
		{"type is no text", `{"type": 7, "features": []}`, `f:1:10: type is 7, want "FeatureCollection"`, ErrFormat},
		{"nothing", `{}`, "f:1:1: type missing, want \"FeatureCollection\"\nf:1:1: features missing", ErrMissing},
		{"features is no list", `{"type": "FeatureCollection", "features": {}}`, "f:1:43: features: an object where a list is wanted", ErrFormat},
		{"features null", `{"type": "FeatureCollection", "features": null}`, "f:1:43: features: null where a list is wanted", ErrFormat},
		{"features twice", `{"type": "FeatureCollection", "features": [], "features": []}`, "f:1:47: features: key appears twice", ErrDuplicate},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			var p Problems
			if got := ReadFeatures(strings.NewReader(test.in), "f", &p); got != nil {
				t.Errorf("got features %v", got)
			}
			if got := text(&p); got != test.want {
				t.Errorf("got %q, want %q", got, test.want)
			}
			if !errors.Is(p.Err(), test.kind) {
				t.Errorf("the error is not %q", test.kind)
			}
		})
	}
}

func TestFeatureProblems(t *testing.T) {
	tests := []struct {
		name, in, want string
		kind           error
	}{
		{"not an object", `7`, "feature 2: a number where a Feature is wanted", ErrFormat},
		{"type", `{"type": "Point", "geometry": {"type": "Point", "coordinates": [1, 2]}}`, `feature 2: type is "Point", want "Feature"`, ErrFormat},
		{"nothing", `{"id": "x"}`, "feature 2 \"x\": type missing, want \"Feature\"\nf: feature 2 \"x\": geometry missing", ErrMissing},
		{"geometry null", `{"type": "Feature", "geometry": null, "properties": {"code": "x"}}`, `feature 2 "x": geometry missing`, ErrMissing},
		{"id of a wrong kind", point(`, "id": [1]`), "feature 2: id: a list where text or a number is wanted", ErrFormat},
		{"id twice", point(`, "id": "x", "id": "y"`), `feature 2 "x": id: key appears twice`, ErrDuplicate},
		{"properties of a wrong kind", point(`, "properties": []`), "feature 2: properties are a list, want an object", ErrFormat},
		{"property twice", point(`, "properties": {"id": "x", "a": 1, "a": 2}`), `feature 2 "x": a: key appears twice`, ErrDuplicate},
		{"property too large", point(`, "id": "x", "properties": {"a": 1e999}`),
			`feature 2 "x": properties: json: cannot unmarshal number 1e999 into Go value of type float64`, ErrRange},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			var p Problems
			got := read(&p, point("")+","+test.in+","+point(""))
			if len(got) != 2 || got[1].Ordinal != 3 {
				t.Errorf("the features around it are %v", got)
			}
			if got := text(&p); got != "f: "+test.want {
				t.Errorf("got %q, want %q", got, test.want)
			}
			if !errors.Is(p.Err(), test.kind) {
				t.Errorf("the error is not %q", test.kind)
			}
		})
	}
}

func TestGeometryProblems(t *testing.T) {
	tests := []struct {
		name, in, want string
		kind           error
	}{
		{"no object", `[1, 2]`, "geometry is a list, want an object", ErrFormat},
		{"no type", `{"coordinates": [1, 2]}`, "geometry type missing", ErrMissing},
		{"type of a wrong kind", `{"type": ["Point"], "coordinates": [1, 2]}`, "geometry type missing", ErrMissing},
		{"MultiPoint", `{"type": "MultiPoint", "coordinates": [[1, 2]]}`, `geometry type "MultiPoint" is not supported`, ErrGeometry},
		{"collection", `{"type": "GeometryCollection", "geometries": []}`, `geometry type "GeometryCollection" is not supported`, ErrGeometry},
		{"no coordinates", `{"type": "Point"}`, "coordinates missing", ErrMissing},
		{"coordinates twice", `{"type": "Point", "coordinates": [1, 2], "coordinates": [3, 4]}`, `key "coordinates" of the geometry appears twice`, ErrDuplicate},
		{"coordinates null", `{"type": "Point", "coordinates": null}`, "null where a position is wanted", ErrFormat},
		{"one number", `{"type": "Point", "coordinates": [1]}`, "position of 1 numbers, want 2", ErrFormat},
		{"no number", `{"type": "LineString", "coordinates": [[]]}`, "position of 0 numbers, want 2", ErrFormat},
		{"text", `{"type": "Point", "coordinates": ["1", 2]}`, "text where a coordinate is wanted", ErrFormat},
		{"height is text", `{"type": "Point", "coordinates": [1, 2, "3"]}`, "text where a coordinate is wanted", ErrFormat},
		{"null in a position", `{"type": "Point", "coordinates": [1, null]}`, "null where a coordinate is wanted", ErrFormat},
		{"too flat", `{"type": "LineString", "coordinates": [1, 2]}`, "a number where a position is wanted", ErrFormat},
		{"too flat for rings", `{"type": "Polygon", "coordinates": [[1, 2]]}`, "a number where a position is wanted", ErrFormat},
		{"flat polygons", `{"type": "MultiPolygon", "coordinates": [7]}`, "a number where a list of coordinates is wanted", ErrFormat},
		{"too deep", `{"type": "Point", "coordinates": [[1, 2]]}`, "a list where a coordinate is wanted", ErrFormat},
		{"longitude", `{"type": "LineString", "coordinates": [[1, 2], [230.1, 5], [1, 99]]}`, "longitude 230.1 out of range", ErrRange},
		{"latitude", `{"type": "Polygon", "coordinates": [[[1, 2]], [[5, 230]]]}`, "latitude 230 out of range", ErrRange},
		{"metres", `{"type": "Point", "coordinates": [3397412.91, 6523819.4]}`, "longitude 3397412.91 out of range", ErrRange},
		{"too large for a float", `{"type": "Point", "coordinates": [1, 1e999]}`, "latitude 1e999 out of range", ErrRange},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			var p Problems
			got := read(&p, `{"type": "Feature", "geometry": `+test.in+`, "id": "x"},`+point(""))
			if len(got) != 1 {
				t.Errorf("got %v", got)
			}
			if got, want := text(&p), `f: feature 1 "x": `+test.want; got != want {
				t.Errorf("got %q, want %q", got, want)
			}
			if !errors.Is(p.Err(), test.kind) {
				t.Errorf("the error is not %q", test.kind)
			}
		})
	}
}

func TestFeatureValues(t *testing.T) {
	const properties = `, "properties": {"text": "a", "empty": "", "null": null, "n": -2.5, "yes": true, "list": [], "object": {}}`
	inf := math.Inf(1)
	tests := []struct {
		name string
		read func(f *Feature) any
		want any
		err  string
		kind error
	}{
		{"text", func(f *Feature) any { return f.Text("text") }, "a", "", nil},
		{"text empty", func(f *Feature) any { return f.Text("empty") }, "", "empty: value missing", ErrMissing},
		{"text null", func(f *Feature) any { return f.Text("null") }, "", "null: property missing", ErrMissing},
		{"text absent", func(f *Feature) any { return f.Text("no") }, "", "no: property missing", ErrMissing},
		{"text a number", func(f *Feature) any { return f.Text("n") }, "", "n: a number where text is wanted", ErrFormat},
		{"optional", func(f *Feature) any { return f.Optional("text") }, "a", "", nil},
		{"optional empty", func(f *Feature) any { return f.Optional("empty") }, "", "", nil},
		{"optional null", func(f *Feature) any { return f.Optional("null") }, "", "", nil},
		{"optional absent", func(f *Feature) any { return f.Optional("no") }, "", "", nil},
		{"optional a list", func(f *Feature) any { return f.Optional("list") }, "", "list: a list where text is wanted", ErrFormat},
		{"number", func(f *Feature) any { return f.Number("n", -2.5, -2.5) }, -2.5, "", nil},
		{"any number", func(f *Feature) any { return f.Number("n", -inf, inf) }, -2.5, "", nil},
		{"number negative", func(f *Feature) any { return f.Number("n", 0, 1) }, 0.0, "n: -2.5 is negative", ErrRange},
		{"number too small", func(f *Feature) any { return f.Number("n", 2, 3) }, 0.0, "n: -2.5 is less than 2", ErrRange},
		{"number too large", func(f *Feature) any { return f.Number("n", -4, -3) }, 0.0, "n: -2.5 is more than -3", ErrRange},
		{"number absent", func(f *Feature) any { return f.Number("no", 0, 1) }, 0.0, "no: property missing", ErrMissing},
		{"number text", func(f *Feature) any { return f.Number("text", 0, 1) }, 0.0, "text: text where a number is wanted", ErrFormat},
		{"number true", func(f *Feature) any { return f.Number("yes", 0, 1) }, 0.0, "yes: true where a number is wanted", ErrFormat},
		{"number an object", func(f *Feature) any { return f.Number("object", 0, 1) }, 0.0, "object: an object where a number is wanted", ErrFormat},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			var p Problems
			f := &read(&p, point(`, "id": "x"`+properties))[0]
			if got := test.read(f); got != test.want {
				t.Errorf("got %v, want %v", got, test.want)
			}
			want := ""
			if test.err != "" {
				want = `f: feature 1 "x": ` + test.err
			}
			if got := text(&p); got != want || f.OK() != (want == "") {
				t.Errorf("got %q, OK %v, want %q", got, f.OK(), want)
			}
			if !errors.Is(p.Err(), test.kind) {
				t.Errorf("the error is not %q", test.kind)
			}
		})
	}
}

// drawShape draws a geometry of one of the five types.
func drawShape(t *rapid.T) orb.Geometry {
	point := func() orb.Point {
		return orb.Point{rapid.Float64Range(-180, 180).Draw(t, "lon"), rapid.Float64Range(-90, 90).Draw(t, "lat")}
	}
	n := func() int { return rapid.IntRange(0, 3).Draw(t, "n") }
	line := func() orb.LineString {
		line := make(orb.LineString, n())
		for i := range line {
			line[i] = point()
		}
		return line
	}
	polygon := func() orb.Polygon {
		polygon := make(orb.Polygon, n())
		for i := range polygon {
			polygon[i] = orb.Ring(line())
		}
		return polygon
	}
	switch rapid.IntRange(0, 4).Draw(t, "type") {
	case 0:
		return point()
	case 1:
		return line()
	case 2:
		lines := make(orb.MultiLineString, n())
		for i := range lines {
			lines[i] = line()
		}
		return lines
	case 3:
		return polygon()
	}
	polygons := make(orb.MultiPolygon, n())
	for i := range polygons {
		polygons[i] = polygon()
	}
	return polygons
}

// TestFeaturesRoundTrip reads back what encoding/json writes.
func TestFeaturesRoundTrip(t *testing.T) {
	type geometry struct {
		Type        string       `json:"type"`
		Coordinates orb.Geometry `json:"coordinates"`
	}
	type feature struct {
		Geometry   geometry          `json:"geometry"`
		ID         string            `json:"id"`
		Type       string            `json:"type"`
		Properties map[string]string `json:"properties"`
	}
	rapid.Check(t, func(t *rapid.T) {
		want := []feature{}
		for range rapid.IntRange(0, 4).Draw(t, "features") {
			g := drawShape(t)
			want = append(want, feature{geometry{g.GeoJSONType(), g}, rapid.StringN(1, 8, -1).Draw(t, "id"), "Feature",
				map[string]string{"name": rapid.String().Draw(t, "name")}})
		}
		data, err := json.MarshalIndent(map[string]any{"type": "FeatureCollection", "features": want}, "", "\t")
		if err != nil {
			t.Fatal(err)
		}
		var p Problems
		got := ReadFeatures(strings.NewReader(string(data)), "f", &p)
		if len(got) != len(want) || p.Len() > 0 {
			t.Fatalf("%d features, want %d: %v", len(got), len(want), p.Err())
		}
		for i, f := range got {
			w := want[i]
			if f.ID != w.ID || f.Properties["name"] != w.Properties["name"] || !orb.Equal(f.Geometry, w.Geometry.Coordinates) {
				t.Errorf("got %v, want %v", f, w)
			}
		}
	})
}
