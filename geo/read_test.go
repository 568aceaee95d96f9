package geo

import (
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/hubplan/hubplan/geo/input"
	"github.com/paulmach/orb"
)

// collection wraps features in a FeatureCollection.
func collection(features ...string) string {
	return `{"type": "FeatureCollection", "features": [` + strings.Join(features, ",\n") + `]}`
}

// feature writes a feature with id and properties as they stand.
func feature(id, properties, kind, coordinates string) string {
	return fmt.Sprintf(`{"type": "Feature", "id": %s, "properties": %s, "geometry": {"type": %q, "coordinates": %s}}`,
		id, properties, kind, coordinates)
}

const (
	unit     = `[[[0,0],[1,0],[1,1],[0,1],[0,0]]]`
	someone  = `{"name": "A", "population": 7}`
	badLines = 25
)

func TestReadSectors(t *testing.T) {
	got, err := ReadSectors(strings.NewReader(collection(
		feature(`"UA-1"`, `{"name": "One", "group": "west", "population": 5}`, "Polygon",
			`[[[0,0,120],[0,4],[4,4],[4,4],[4,0],[0,0]], [[1,1],[2,1],[2,2],[1,2],[1,1]]]`),
		feature(`7`, `{"name": "Two", "population": 0, "note": "more"}`, "MultiPolygon", `[`+unit+`, [[[5,5],[6,5],[6,6],[5,5]]]]`),
		feature(`"ignored"`, `{"code": "UA-3", "name": "Three", "population": 2e6}`, "Polygon", unit),
	)), "s.geojson")
	if err != nil {
		t.Fatal(err)
	}
	square := orb.Ring{{0, 0}, {1, 0}, {1, 1}, {0, 1}, {0, 0}}
	want := []Sector{
		{"UA-1", "One", "west", 5, orb.MultiPolygon{{
			{{0, 0}, {4, 0}, {4, 4}, {0, 4}, {0, 0}},
			{{1, 1}, {1, 2}, {2, 2}, {2, 1}, {1, 1}},
		}}},
		{"7", "Two", "", 0, orb.MultiPolygon{{square}, {{{5, 5}, {6, 5}, {6, 6}, {5, 5}}}}},
		{"UA-3", "Three", "", 2_000_000, orb.MultiPolygon{{square}}},
	}
	if g, w := fmt.Sprint(got), fmt.Sprint(want); g != w {
		t.Errorf("got\n%s\nwant\n%s", g, w)
	}
}

func TestReadSectorsErrors(t *testing.T) {
	tests := []struct {
		name, in, want string
		kind           error
	}{
		{"unclosed", collection(feature(`"A"`, someone, "Polygon", `[[[0,0],[1,0],[1,1],[0,1]]]`)),
			`s.geojson: feature 1 "A": ring 1 is not closed`, input.ErrGeometry},
		{"bow-tie", collection(feature(`"A"`, someone, "Polygon", `[[[0,0],[1,1],[0,1],[1,0],[0,0]]]`)),
			`s.geojson: feature 1 "A": ring 1 crosses itself near 0.5000 0.5001`, input.ErrGeometry},
		{"latitude", collection(feature(`"A"`, someone, "Polygon", `[[[0,0],[1,230],[1,1],[0,0]]]`)),
			`s.geojson: feature 1 "A": latitude 230 out of range`, input.ErrRange},
		{"empty polygon", collection(feature(`"A"`, someone, "Polygon", `[]`)),
			`s.geojson: feature 1 "A": has no rings`, input.ErrGeometry},
		{"empty multi-polygon", collection(feature(`"A"`, someone, "MultiPolygon", `[]`)),
			`s.geojson: feature 1 "A": no polygon`, input.ErrGeometry},
		{"empty ring", collection(feature(`"A"`, someone, "MultiPolygon", `[`+unit+`, [[]]]`)),
			`s.geojson: feature 1 "A": polygon 2 ring 1 is empty`, input.ErrGeometry},
		{"duplicate", collection(
			feature(`"A"`, someone, "Polygon", unit), feature(`"B"`, someone, "Polygon", unit), feature(`"A"`, someone, "Polygon", unit)),
			`s.geojson: feature 3 "A": id "A" is that of feature 1 already`, input.ErrDuplicate},
		{"no id", collection(feature(`null`, someone, "Polygon", unit)),
			`s.geojson: feature 1: code: property missing`, input.ErrMissing},
		{"no name", collection(feature(`"A"`, `{"population": 1}`, "Polygon", unit)),
			`s.geojson: feature 1 "A": name: property missing`, input.ErrMissing},
		{"population", collection(feature(`"A"`, `{"name": "A", "population": -5}`, "Polygon", unit)),
			`s.geojson: feature 1 "A": population: -5 is negative`, input.ErrRange},
		{"half a person", collection(feature(`"A"`, `{"name": "A", "population": 1.5}`, "Polygon", unit)),
			`s.geojson: feature 1 "A": population: 1.5 is not a whole number`, input.ErrFormat},
		{"more people than can be", collection(feature(`"A"`, `{"name": "A", "population": 1e10}`, "Polygon", unit)),
			`s.geojson: feature 1 "A": population: 10000000000 is more than 2147483647`, input.ErrRange},
		{"geometry type", collection(feature(`"A"`, someone, "LineString", `[[0,0],[1,1]]`)),
			`s.geojson: feature 1 "A": LineString where Polygon or MultiPolygon is wanted`, input.ErrGeometry},
		{"null geometry", collection(`{"type": "Feature", "id": "A", "properties": ` + someone + `, "geometry": null}`),
			`s.geojson: feature 1 "A": geometry missing`, input.ErrMissing},
		{"no sectors", collection(), `s.geojson: no sectors`, input.ErrMissing},
		{"NaN", "{\"type\": \"FeatureCollection\",\n \"features\": [NaN]}",
			`s.geojson:2:15: invalid character 'N' looking for beginning of value`, input.ErrSyntax},
		{"cut in half", collection(feature(`"A"`, someone, "Polygon", unit))[:99],
			`s.geojson:1:100: unexpected end of JSON input`, input.ErrSyntax},
		{"not a collection", unit, `s.geojson:1:1: a list where a FeatureCollection is wanted`, input.ErrFormat},
		{"all problems", collection(
			feature(`"A"`, `{}`, "Polygon", `[[[0,0],[1,1],[0,1],[1,0],[0,0]]]`), feature(`"A"`, someone, "Point", `[0,0]`)),
			"s.geojson: feature 1 \"A\": name: property missing\n" +
				"s.geojson: feature 1 \"A\": population: property missing\n" +
				"s.geojson: feature 1 \"A\": ring 1 crosses itself near 0.5000 0.5001\n" +
				"s.geojson: feature 2 \"A\": id \"A\" is that of feature 1 already\n" +
				"s.geojson: feature 2 \"A\": Point where Polygon or MultiPolygon is wanted", input.ErrDuplicate},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got, err := ReadSectors(strings.NewReader(test.in), "s.geojson")
			checkFailure(t, got == nil, err, test.want, test.kind)
		})
	}
}

// checkFailure checks what a reader returned for a bad file.
func checkFailure(t *testing.T, none bool, err error, want string, kind error) {
	t.Helper()
	if !none {
		t.Error("data returned along with an error")
	}
	if err == nil {
		t.Fatalf("no error, want %q", want)
	}
	if err.Error() != want {
		t.Errorf("got  %q\nwant %q", err, want)
	}
	if !errors.Is(err, kind) {
		t.Errorf("the error is not %q", kind)
	}
	var list *input.Errors
	if !errors.As(err, &list) {
		t.Errorf("the error is a %T", err)
	}
}

func TestReadPlaces(t *testing.T) {
	got, err := ReadPlaces(strings.NewReader("\ufeffname,id,lat,lon,population,sector\n\"Kyiv, city\",Kyiv,50.45,30.52,2952301,UA-30\nB, b ,-90,180,0,\n"), "p.csv")
	want := []Place{
		{"Kyiv", "Kyiv, city", orb.Point{30.52, 50.45}, 2952301, "UA-30"},
		{"b", "B", orb.Point{180, -90}, 0, ""},
	}
	if err != nil || !slices.Equal(got, want) {
		t.Errorf("got %v, %v, want %v", got, err, want)
	}
	got, err = ReadPlaces(strings.NewReader("name,id,lat,lon,population,sector\n"), "p.csv")
	if err != nil || len(got) != 0 {
		t.Errorf("no places: got %v, %v", got, err)
	}
}

func TestReadPlacesErrors(t *testing.T) {
	const header = "id,name,lon,lat,population,sector\n"
	tests := []struct {
		name, in, want string
		kind           error
	}{
		{"empty", "", "p.csv:1: header line missing: the file is empty", input.ErrMissing},
		{"column missing", "id,name,lon,lat,population\n", "p.csv:1: sector: column missing", input.ErrMissing},
		{"unknown column", "id,name,lon,lat,population,sector,people\n", `p.csv:1:35: unknown column "people"`, input.ErrUnknownKey},
		{"latitude", header + "a,A,30,230,5,X\n", "p.csv:2: lat: latitude 230 out of range", input.ErrRange},
		{"duplicate", header + "a,A,1,2,5,X\nb,B,1,2,5,X\na,C,1,2,5,X\n", `p.csv:4: id: "a" is the id of line 2 already`, input.ErrDuplicate},
		{"population", header + "a,A,1,2,-5,X\n", "p.csv:2: population: -5 is negative", input.ErrRange},
		{"two without id", header + ",A,1,2,5,X\n,B,1,2,5,X\n", "p.csv:2: id: value missing\np.csv:3: id: value missing", input.ErrMissing},
		{"all problems", header + ",,x,NaN,,\n\na,A\n",
			"p.csv:2: id: value missing\np.csv:2: name: value missing\np.csv:2: lon: \"x\" is not a number\n" +
				"p.csv:2: lat: NaN is not a finite number\np.csv:2: population: value missing\np.csv:4: 2 fields, the header has 6", input.ErrSyntax},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got, err := ReadPlaces(strings.NewReader(test.in), "p.csv")
			checkFailure(t, got == nil, err, test.want, test.kind)
		})
	}
}

func TestReadLines(t *testing.T) {
	got, err := ReadLines(strings.NewReader(collection(
		feature(`1`, `{}`, "LineString", `[[0,0],[1,1]]`),
		feature(`2`, `null`, "MultiLineString", `[[[2,2],[2,2],[3,3]],[[4,4],[5,5]]]`),
	)), "l.geojson")
	want := orb.MultiLineString{{{0, 0}, {1, 1}}, {{2, 2}, {2, 2}, {3, 3}}, {{4, 4}, {5, 5}}}
	if err != nil || !got.Equal(want) {
		t.Errorf("got %v, %v, want %v", got, err, want)
	}
}

func TestReadLinesErrors(t *testing.T) {
	tests := []struct {
		name, in, want string
		kind           error
	}{
		{"no features", collection(), "l.geojson: no lines", input.ErrMissing},
		{"no line", collection(feature(`"M06"`, `{}`, "MultiLineString", `[]`)),
			`l.geojson: feature 1 "M06": no line`, input.ErrGeometry},
		{"one point", collection(feature(`"M06"`, `{}`, "LineString", `[[180,0],[-180,0]]`)),
			`l.geojson: feature 1 "M06": line 1 has less than two distinct points`, input.ErrGeometry},
		{"empty", collection(feature(`"M06"`, `{}`, "MultiLineString", `[[[0,0],[1,1]],[]]`)),
			`l.geojson: feature 1 "M06": line 2 has less than two distinct points`, input.ErrGeometry},
		{"opposite", collection(feature(`"M06"`, `{}`, "LineString", `[[0,0],[10,0],[-170,0]]`)),
			`l.geojson: feature 1 "M06": line 1 has a segment between opposite points of the globe`, input.ErrGeometry},
		{"longitude", collection(feature(`"M06"`, `{}`, "LineString", `[[0,0],[230.1,0]]`)),
			`l.geojson: feature 1 "M06": longitude 230.1 out of range`, input.ErrRange},
		{"polygon", collection(feature(`"M06"`, `{}`, "Polygon", unit)),
			`l.geojson: feature 1 "M06": Polygon where LineString or MultiLineString is wanted`, input.ErrGeometry},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got, err := ReadLines(strings.NewReader(test.in), "l.geojson")
			checkFailure(t, got == nil, err, test.want, test.kind)
		})
	}
}

// TestTooManyProblems checks that a file that is wrong throughout gives a
// list of bearable length.
func TestTooManyProblems(t *testing.T) {
	var features []string
	for range badLines {
		features = append(features, feature(`"M06"`, `{}`, "LineString", `[[0,0],[0,91]]`))
	}
	_, err := ReadLines(strings.NewReader(collection(features...)), "l.geojson")
	var list *input.Errors
	if !errors.As(err, &list) || len(list.List) != input.MaxProblems || list.More != badLines-input.MaxProblems {
		t.Errorf("got %v", err)
	}
	if list.List[19].Feature != 20 {
		t.Errorf("the last problem listed is of feature %d", list.List[19].Feature)
	}
}

// TestUkraine reads the data of the example and checks it as a whole.
func TestUkraine(t *testing.T) {
	sectors := ukraine(t)
	f, err := os.Open("../testdata/ukraine/places.csv")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	places, err := ReadPlaces(f, "places.csv")
	if err != nil {
		t.Fatal(err)
	}
	l, err := os.Open("../testdata/ukraine/line.geojson")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	if lines, err := ReadLines(l, "line.geojson"); err != nil || len(lines) == 0 {
		t.Errorf("%d lines, %v", len(lines), err)
	}
	var area Area
	for i := range sectors {
		area += sectors[i].Area()
	}
	// 603 628 km² by the State Statistics Service of Ukraine; the boundaries
	// are simplified and the sphere is not the ellipsoid.
	if km2 := area.SquareKilometers(); km2 < 585_000 || km2 > 615_000 {
		t.Errorf("Ukraine has %v", area)
	}
	x := NewIndex(sectors)
	wrong := 0
	for _, p := range places {
		if i, ok := x.Find(p.Point); !ok || sectors[i].ID != p.Sector {
			wrong++
		}
	}
	// Coastal towns fall outside the simplified coast, and towns at a sector's
	// edge beyond it.
	if wrong*20 > len(places) {
		t.Errorf("%d of %d places are not in their sector", wrong, len(places))
	}
}
