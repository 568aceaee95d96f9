package route

import (
	"bytes"
	"errors"
	"io"
	"math"
	"strings"
	"testing"

	"github.com/hubplan/hubplan/geo"
	"github.com/hubplan/hubplan/geo/input"
	"github.com/paulmach/orb"
)

var testPlaces = []geo.Place{
	{ID: "Alpha", Point: orb.Point{30, 50}},
	{ID: "Bravo", Point: orb.Point{30.5, 50}},
	{ID: "Charlie", Point: orb.Point{31, 50}},
}

func TestReadRoads(t *testing.T) {
	n, err := ReadRoads(strings.NewReader(`road,e_road,class,length_km,places
M1,E40,trunk,,Alpha;Bravo; Charlie
H2,,primary,120,Charlie;Alpha
`), "roads.csv", testPlaces)
	if err != nil {
		t.Fatal(err)
	}
	if n.Nodes() != 3 || n.Edges() != 3 {
		t.Fatalf("%d nodes and %d edges, want 3 and 3", n.Nodes(), n.Edges())
	}
	if e := n.Edge(0); e.Name != "M1" || e.Ref != "E40" || e.Class != Trunk || math.Abs(e.Length.Kilometers()-35.74) > 0.01 {
		t.Errorf("first edge %+v, want the great circle of 35.74 km", e)
	}
	if e := n.Edge(2); e.Name != "H2" || e.Length != 120*geo.Kilometer {
		t.Errorf("last edge %+v, want the stated 120 km", e)
	}
	if got, want := n.Label(1), "M1 Bravo–Charlie"; got != want {
		t.Errorf("label %q, want %q", got, want)
	}
}

func TestReadRoadsSharesLength(t *testing.T) {
	n, err := ReadRoads(strings.NewReader("road,class,length_km,places\nM1,trunk,100,Alpha;Bravo;Charlie\n"), "roads.csv", testPlaces)
	if err != nil {
		t.Fatal(err)
	}
	if a, b := n.Edge(0).Length, n.Edge(1).Length; math.Abs(float64(a+b-100*geo.Kilometer)) > 1e-6 || math.Abs(float64(a-b)) > 1e-3 {
		t.Errorf("lengths %v and %v, want 50 km each", a, b)
	}
}

func TestReadRoadsWinding(t *testing.T) {
	n, err := ReadRoads(strings.NewReader("road,class,winding,places\nM1,trunk,1.25,Alpha;Bravo\nM2,trunk,,Bravo;Charlie\n"), "roads.csv", testPlaces)
	if err != nil {
		t.Fatal(err)
	}
	for e, want := range []float64{1.25, 1} {
		if x := n.Edge(e); math.Abs(float64(x.Length/geo.Length(x.Line))-want) > 1e-9 {
			t.Errorf("%s is %v long, %v times its line", n.Label(e), x.Length, x.Length/geo.Length(x.Line))
		}
	}
	for _, bad := range []string{"0.9", "11", "NaN", "x"} {
		if _, err := ReadRoads(strings.NewReader("road,class,winding,places\nM1,trunk,"+bad+",Alpha;Bravo\n"), "roads.csv", testPlaces); err == nil || !strings.Contains(err.Error(), "roads.csv:2: winding") {
			t.Errorf("winding %s: error %v", bad, err)
		}
	}
	if _, err := ReadRoads(strings.NewReader("road,class,winding,length_km,places\nM1,trunk,1.1,50,Alpha;Bravo\n"), "roads.csv", testPlaces); !errors.Is(err, input.ErrDuplicate) {
		t.Errorf("winding and length: error %v", err)
	}
}

func TestReadRail(t *testing.T) {
	n, err := ReadRail(strings.NewReader("line,gauge_mm,places\nAlpha–Bravo,1520,Alpha;Bravo\n"), "rail.csv", testPlaces)
	if err != nil {
		t.Fatal(err)
	}
	if e := n.Edge(0); e.Class != Railway || e.Gauges[0] != 1520 || e.Name != "Alpha–Bravo" || e.Ref != "1520 mm" {
		t.Errorf("edge %+v", e)
	}
}

func TestReadRoadsProblems(t *testing.T) {
	for _, c := range []struct {
		name, rows string
		kind       error
		message    string
	}{
		{"unknown place", "M1,trunk,,Alpha;Delta", input.ErrUnknown, `roads.csv:2: places: unknown place "Delta"`},
		{"unknown class", "M1,lane,,Alpha;Bravo", input.ErrUnknown, `unknown class "lane"`},
		{"one place", "M1,trunk,,Alpha", input.ErrMissing, "a road needs two places"},
		{"no places", "M1,trunk,,", input.ErrMissing, "places"},
		{"empty place", "M1,trunk,,Alpha;;Bravo", input.ErrUnknown, `unknown place ""`},
		{"same place", "M1,trunk,,Alpha;Alpha", input.ErrDuplicate, `"Alpha" twice in a row`},
		{"shared stretch", "M1,trunk,,Alpha;Bravo\nH1,trunk,,Charlie;Bravo;Alpha", input.ErrDuplicate, "roads.csv:3: places: Bravo–Alpha is also on line 2"},
		{"length not a number", "M1,trunk,NaN,Alpha;Bravo", nil, "length_km"},
		{"negative length", "M1,trunk,-3,Alpha;Bravo", input.ErrRange, "length_km"},
		{"length too short", "M1,trunk,30,Alpha;Bravo", input.ErrRange, "30.0 km is shorter than the 35.7 km"},
		{"no rows", "", input.ErrMissing, "no edges"},
		{"no name", ",trunk,,Alpha;Bravo", input.ErrMissing, "road"},
		{"ragged", "M1,trunk", nil, "roads.csv:2"},
	} {
		n, err := ReadRoads(strings.NewReader("road,class,length_km,places\n"+c.rows+"\n"), "roads.csv", testPlaces)
		if n != nil || err == nil {
			t.Errorf("%s: network %v, error %v", c.name, n, err)
			continue
		}
		var list *input.Errors
		if !errors.As(err, &list) {
			t.Errorf("%s: error %T is not a list of problems", c.name, err)
		}
		if c.kind != nil && !errors.Is(err, c.kind) || !strings.Contains(err.Error(), c.message) {
			t.Errorf("%s: error %q, want %q of kind %v", c.name, err, c.message, c.kind)
		}
	}
}

func TestReadRoadsReportsAllProblems(t *testing.T) {
	_, err := ReadRoads(strings.NewReader("road,class,places\nM1,lane,Alpha;Bravo\nM2,trunk,Alpha;Delta\nM3,trunk,Echo;Bravo\n"), "roads.csv", testPlaces)
	var list *input.Errors
	if !errors.As(err, &list) || len(list.List) != 3 {
		t.Errorf("error %v, want three problems", err)
	}
}

const testLines = `{"type":"FeatureCollection","features":[
{"type":"Feature","properties":{"class":"trunk","name":"M1","ref":"E40","oneway":true},"geometry":{"type":"LineString","coordinates":[[30,50],[30.2,50.1],[30.5,50]]}},
{"type":"Feature","properties":{"class":"primary","length_km":100},"geometry":{"type":"MultiLineString","coordinates":[[[30.5,50],[31,50]],[[31,50],[31.5,50]]]}}
]}`

func TestReadGeoJSON(t *testing.T) {
	n, err := ReadGeoJSON(strings.NewReader(testLines), "roads.geojson")
	if err != nil {
		t.Fatal(err)
	}
	if n.Nodes() != 4 || n.Edges() != 3 {
		t.Fatalf("%d nodes and %d edges, want 4 and 3", n.Nodes(), n.Edges())
	}
	if e := n.Edge(0); !e.OneWay || e.Name != "M1" || e.Ref != "E40" || len(e.Line) != 3 {
		t.Errorf("first edge %+v", e)
	}
	if a, b := n.Edge(1), n.Edge(2); math.Abs(float64(a.Length+b.Length-100*geo.Kilometer)) > 1e-6 || a.To != b.From {
		t.Errorf("second and third edge %+v and %+v", a, b)
	}
	if got := n.Label(1); got != "edge 1" {
		t.Errorf("label %q", got)
	}
}

func TestReadGeoJSONProblems(t *testing.T) {
	feature := func(properties, geometry string) string {
		return `{"type":"FeatureCollection","features":[{"type":"Feature","properties":` + properties + `,"geometry":` + geometry + `}]}`
	}
	const line = `{"type":"LineString","coordinates":[[30,50],[31,50]]}`
	for _, c := range []struct{ name, text, message string }{
		{"cut in half", testLines[:len(testLines)/2], "roads.geojson:"},
		{"latitude", feature(`{"class":"trunk"}`, `{"type":"LineString","coordinates":[[30,230],[31,50]]}`), "latitude 230 out of range"},
		{"weight not a number", feature(`{"class":"trunk","length_km":NaN}`, line), "roads.geojson:1:"},
		{"negative length", feature(`{"class":"trunk","length_km":-1}`, line), "length_km"},
		{"class", feature(`{"class":"lane"}`, line), `feature 1: class: unknown class "lane"`},
		{"no class", feature(`{}`, line), "class"},
		{"one way", feature(`{"class":"trunk","oneway":"maybe"}`, line), "neither true nor false"},
		{"polygon", feature(`{"class":"trunk"}`, `{"type":"Polygon","coordinates":[[[30,50],[31,50],[31,51],[30,50]]]}`), "a road is a line"},
		{"one point", feature(`{"class":"trunk"}`, `{"type":"LineString","coordinates":[[30,50]]}`), "feature 1"},
		{"empty", `{"type":"FeatureCollection","features":[]}`, "no edges"},
	} {
		n, err := ReadGeoJSON(strings.NewReader(c.text), "roads.geojson")
		if n != nil || err == nil || !strings.Contains(err.Error(), c.message) {
			t.Errorf("%s: network %v, error %v, want %q", c.name, n != nil, err, c.message)
		}
	}
}

// whole checks what every reader promises: a network or an error, never both or neither.
func whole(t *testing.T, n *Network, err error) {
	if (n == nil) == (err == nil) {
		t.Fatalf("network %v with error %v", n, err)
	}
	if n != nil && n.Edges() == 0 {
		t.Fatal("a network without edges")
	}
}

func fuzzTable(f *testing.F, seeds []string, read func(r io.Reader, file string, places []geo.Place) (*Network, error)) {
	for _, s := range seeds {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		n, err := read(bytes.NewReader(data), "table.csv", testPlaces)
		whole(t, n, err)
	})
}

func FuzzReadRoads(f *testing.F) {
	fuzzTable(f, []string{
		"road,e_road,class,length_km,places\nM1,E40,trunk,,Alpha;Bravo;Charlie\n",
		"road,class,places\n\"M1\",lane,Alpha;;Alpha\n", "road\n", "",
	}, ReadRoads)
}

func FuzzReadRail(f *testing.F) {
	fuzzTable(f, []string{"line,gauge_mm,places\nx,1520,Alpha;Bravo\n", "line,gauge_mm,places\nx,-1,Alpha\n"}, ReadRail)
}

func FuzzReadGeoJSON(f *testing.F) {
	f.Add([]byte(testLines))
	f.Add([]byte(testLines[:100]))
	f.Add([]byte(`{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"class":"rail","length_km":1e300},"geometry":{"type":"MultiLineString","coordinates":[[],[[1,2]]]}}]}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		n, err := ReadGeoJSON(bytes.NewReader(data), "roads.geojson")
		whole(t, n, err)
	})
}
