package main

import (
	"encoding/csv"
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"
)

// roads is a square of roads with a road of weak bridges across:
//
//	C ---- D
//	|  \   |
//	A ---- B ---- E
func roads(t *testing.T, dir string) string {
	return write(t, dir, "roads.geojson", `{"type":"FeatureCollection","features":[
{"type":"Feature","properties":{"class":"trunk","name":"M1"},"geometry":{"type":"LineString","coordinates":[[30,50],[30.1,50]]}},
{"type":"Feature","properties":{"class":"primary","name":"H1"},"geometry":{"type":"LineString","coordinates":[[30.1,50],[30.1,50.1]]}},
{"type":"Feature","properties":{"class":"primary","name":"H2"},"geometry":{"type":"LineString","coordinates":[[30,50],[30,50.1]]}},
{"type":"Feature","properties":{"class":"primary","name":"H2"},"geometry":{"type":"LineString","coordinates":[[30,50.1],[30.1,50.1]]}},
{"type":"Feature","properties":{"class":"track","name":"forest"},"geometry":{"type":"LineString","coordinates":[[30,50.1],[30.1,50]]}},
{"type":"Feature","properties":{"class":"trunk","name":"M1"},"geometry":{"type":"LineString","coordinates":[[30.1,50],[30.2,50]]}}
]}`)
}

func mustRun(t *testing.T, args ...string) string {
	t.Helper()
	code, stdout, stderr := program(t, args...)
	if code != 0 {
		t.Fatalf("%v: status %d: %s", args, code, stderr)
	}
	return stdout
}

func TestPath(t *testing.T) {
	dir := t.TempDir()
	network := roads(t, dir)
	type answer struct {
		Profile string
		Seconds float64
		KM      float64 `json:"km"`
		Ways    []way
	}
	ask := func(args ...string) (a answer) {
		t.Helper()
		if err := json.Unmarshal([]byte(mustRun(t, append([]string{"path", "-json"}, args...)...)), &a); err != nil {
			t.Fatal(err)
		}
		return a
	}
	names := func(a answer) (list []string) {
		for _, w := range a.Ways {
			for _, r := range w.Roads {
				list = append(list, r.Road)
			}
		}
		return list
	}
	if a := ask(network, "30,50", "30.2,50"); !slices.Equal(names(a), []string{"M1"}) || a.KM < 14.2 || a.KM > 14.4 || a.Profile != "truck" {
		t.Errorf("along the trunk road: %+v", a)
	}
	if a := ask("-close", "M1", "-limit", "20", network, "30,50", "30.1,50.1"); !slices.Equal(names(a), []string{"H2"}) {
		t.Errorf("with M1 closed: %+v", a)
	}
	avoid := write(t, dir, "avoid.geojson", `{"type":"FeatureCollection","features":[{"type":"Feature","properties":{},"geometry":{"type":"Polygon","coordinates":[[[30.04,49.99],[30.06,49.99],[30.06,50.01],[30.04,50.01],[30.04,49.99]]]}}]}`)
	if a := ask("-avoid", avoid, network, "30,50", "30.1,50"); slices.Contains(names(a), "M1") || len(names(a)) == 0 {
		t.Errorf("with the middle of M1 avoided: %+v", a)
	}
	if a := ask(network, "30,50", "30.1,50.1", "30.2,50"); len(a.Ways) != 2 || a.Seconds != a.Ways[0].Seconds+a.Ways[1].Seconds {
		t.Errorf("by way of D: %+v", a)
	}
	saved := filepath.Join(dir, "roads.hubnet")
	if a, b := ask("-save", saved, network, "30,50", "30.2,50"), ask(saved, "30,50", "30.2,50"); !reflect.DeepEqual(a, b) {
		t.Errorf("%+v, from the saved network %+v", a, b)
	}
	day, night := ask(network, "30,50", "30.2,50"), ask("-night", network, "30,50", "30.2,50")
	if night.Seconds < 1.2*day.Seconds || night.Profile != "truck by night" {
		t.Errorf("%v s by day, %v by night", day.Seconds, night.Seconds)
	}
	slow := write(t, dir, "slow.json", `{"base": "truck", "name": "slow", "top_kmh": 10}`)
	if a := ask("-profile", slow, network, "30,50", "30.2,50"); a.Seconds < 5000 || a.Profile != "slow" {
		t.Errorf("slowly: %+v", a)
	}
	text := mustRun(t, "path", "-o", filepath.Join(dir, "p.geojson"), network, "30,50", "30.2,50")
	if !strings.Contains(text, "30,50 to 30.2,50: 14.3 km, 13 min 12 s\n") || !strings.Contains(text, "M1 (trunk)") {
		t.Errorf("text\n%s", text)
	}
	var map_ struct {
		Features []struct {
			Properties map[string]any
			Geometry   struct{ Coordinates [][2]float64 }
		}
	}
	read(t, filepath.Join(dir, "p.geojson"), &map_)
	if len(map_.Features) != 1 || !slices.Equal(map_.Features[0].Geometry.Coordinates, [][2]float64{{30, 50}, {30.1, 50}, {30.2, 50}}) {
		t.Errorf("GeoJSON %+v", map_)
	}
}

func read(t *testing.T, name string, v any) {
	t.Helper()
	text, err := os.ReadFile(name)
	if err == nil {
		err = json.Unmarshal(text, v)
	}
	if err != nil {
		t.Fatal(err)
	}
}

func TestMatrixAndSnap(t *testing.T) {
	dir := t.TempDir()
	network := roads(t, dir)
	points := write(t, dir, "points.csv", "id,lon,lat\na,30,50\nb,30.2,50\nc,30.05,50.1001\n")
	rows, err := csv.NewReader(strings.NewReader(mustRun(t, "matrix", "-from", points, network))).ReadAll()
	if err != nil || len(rows) != 10 || !slices.Equal(rows[0], []string{"from", "to", "seconds", "km"}) || rows[1][2] != "0" {
		t.Fatalf("rows %v, error %v", rows, err)
	}
	if rows, _ = csv.NewReader(strings.NewReader(mustRun(t, "matrix", "-from", points, "-within", "12m", network))).ReadAll(); len(rows) >= 10 {
		t.Errorf("within 12 minutes: %v", rows)
	}
	var m struct{ Pairs []cell }
	if err := json.Unmarshal([]byte(mustRun(t, "matrix", "-json", "-from", points, "-to", points, network)), &m); err != nil || len(m.Pairs) != 9 || *m.Pairs[1].KM < 14 {
		t.Errorf("pairs %+v, error %v", m.Pairs, err)
	}
	rows, err = csv.NewReader(strings.NewReader(mustRun(t, "snap", "-points", points, "-o", filepath.Join(dir, "s.csv"), network, "10,10"))).ReadAll()
	if err != nil || len(rows) != 5 || !strings.Contains(rows[1][8], "off the network") || rows[4][5] != "H2" || rows[4][3] != "3" {
		t.Errorf("rows %v, error %v", rows, err)
	}
	if text, err := os.ReadFile(filepath.Join(dir, "s.csv")); err != nil || strings.Count(string(text), "\n") != 5 {
		t.Errorf("file %q, error %v", text, err)
	}
}

func TestDisjointAndStats(t *testing.T) {
	dir := t.TempDir()
	network := roads(t, dir)
	var d struct {
		Disjoint int
		Ways     []way
		Shared   []struct{ Road string }
	}
	if err := json.Unmarshal([]byte(mustRun(t, "disjoint", "-json", network, "30,50", "30.2,50")), &d); err != nil || d.Disjoint != 1 || len(d.Ways) != 2 || len(d.Shared) != 1 || d.Shared[0].Road != "M1" {
		t.Errorf("%+v, error %v", d, err)
	}
	if text := mustRun(t, "disjoint", "-k", "3", network, "30,50", "30.1,50.1"); !strings.HasPrefix(text, "2 of 3 routes have nothing in common\n1. ") {
		t.Errorf("text\n%s", text)
	}
	var s statistics
	if err := json.Unmarshal([]byte(mustRun(t, "stats", "-profile", "heavy truck", "-json", network)), &s); err != nil {
		t.Fatal(err)
	}
	if s.Nodes != 5 || s.Edges != 6 || s.Parts != 1 || s.Usable.Edges != 5 || s.Main.Edges != 5 || len(s.Forbidden) != 1 || s.Forbidden[0].What != "class" || len(s.Classes) != 3 {
		t.Errorf("%+v", s)
	}
	file := filepath.Join(dir, "s.geojson")
	if text := mustRun(t, "stats", "-profile", "heavy truck", "-o", file, network); !strings.Contains(text, "forbidden by class") {
		t.Errorf("text\n%s", text)
	}
	if text, err := os.ReadFile(file); err != nil || !strings.Contains(string(text), "heavy truck has no speed on track") {
		t.Errorf("error %v, file\n%s", err, text)
	}
}

func TestWithin(t *testing.T) {
	dir := t.TempDir()
	network := roads(t, dir)
	points := write(t, dir, "points.csv", "name,lon,lat\nwest,30,50\neast,30.2,50\n")
	file := filepath.Join(dir, "w.geojson")
	var all []reached
	if err := json.Unmarshal([]byte(mustRun(t, "within", "-json", "-limits", "8m,4m", "-edges", "-from", points, "-o", file, network)), &all); err != nil {
		t.Fatal(err)
	}
	if len(all) != 4 || all[0].LimitSeconds != 480 || all[1].LimitSeconds != 240 || all[2].Origin != "west" || all[3].Origin != "east" {
		t.Fatalf("%+v", all)
	}
	if all[0].KM <= all[1].KM || all[0].AreaKM2 <= all[1].AreaKM2 || math.Abs(all[2].KM+all[3].KM-all[0].KM) > 0.01 || math.Abs(all[2].AreaKM2+all[3].AreaKM2-all[0].AreaKM2) > 0.01 {
		t.Errorf("%+v", all)
	}
	// A trunk road at 65 km/h is reached for 4.3 km in 4 minutes from each of two ends, a
	// primary one at 55 km/h for 3.7 km, a track at 7 km/h not at all.
	if want := 2*65/15.0 + 55/15.0; math.Abs(all[1].KM-want) > 0.01 {
		t.Errorf("%v km in 4 minutes, want %v", all[1].KM, want)
	}
	var drawn struct {
		Features []struct{ Properties struct{ Kind string } }
	}
	read(t, file, &drawn)
	kinds := make(map[string]int)
	for _, f := range drawn.Features {
		kinds[f.Properties.Kind]++
	}
	if kinds["band"] != 2 || kinds["part"] != 2 || kinds["stretch"] < 4 {
		t.Errorf("features %v", kinds)
	}
	if text := mustRun(t, "within", network, "30,50"); strings.Count(text, "\n") != 4 {
		t.Errorf("text\n%s", text)
	}
}

func TestStatus(t *testing.T) {
	dir := t.TempDir()
	network := roads(t, dir)
	bad := write(t, dir, "bad.json", `{"base": "tank"}`)
	cut := write(t, dir, "cut.geojson", `{"type":"FeatureCollection","features":[{"type":"Feature","properties":{},"geometry":{"type":"MultiPolygon","coordinates":[[[[30.04,49.99],[30.06,49.99],[30.06,50.01],[30.04,50.01],[30.04,49.99]]]]}}]}`)
	line := write(t, dir, "line.geojson", `{"type":"FeatureCollection","features":[{"type":"Feature","properties":{},"geometry":{"type":"Point","coordinates":[30,50]}}]}`)
	for _, c := range []struct {
		code int
		want string // in stderr
		args []string
	}{
		{0, "lists a command's flags", []string{"help"}},
		{0, "-profile", []string{"path", "-h"}},
		{2, "no command", []string{"fly"}},
		{2, "Usage", []string{"path"}},
		{2, "two points or more", []string{"path", network, "30,50"}},
		{2, "neither LON,LAT nor the name", []string{"path", network, "30,50", "Kyiv"}},
		{2, "neither .geojson nor .csv", []string{"path", "-o", "x.txt", network, "30,50", "30.1,50"}},
		{2, "unknown profile", []string{"stats", "-profile", "tank", network}},
		{2, "without", []string{"stats", network, "more"}},
		{2, "between two points", []string{"disjoint", network, "30,50"}},
		{2, "0 ways", []string{"disjoint", "-k", "0", network, "30,50", "30.1,50"}},
		{2, "-from and -to", []string{"matrix", network}},
		{2, "those of -with", []string{"stats", "-terminals", bad, network}},
		{2, "nowhere to start", []string{"within", network}},
		{2, "no time", []string{"within", "-limits", "1h,soon", network, "30,50"}},
		{1, "resolution", []string{"within", "-resolution", "1", network, "30,50"}},
		{2, "no points", []string{"snap", network}},
		{1, "no such file", []string{"stats", filepath.Join(dir, "none.geojson")}},
		{1, "no network format", []string{"stats", bad}},
		{1, "unknown profile", []string{"stats", "-profile", bad, network}},
		{1, "off the network", []string{"path", network, "30,50", "40,50"}},
		{1, "no road is called", []string{"path", "-close", "M1,M9", network, "30,50", "30.1,50"}},
		{1, "not a Point", []string{"path", "-avoid", line, network, "30,50", "30.1,50"}},
		{1, "unreachable", []string{"path", "-close", "H1,forest", "-avoid", cut, network, "30,50", "30.2,50"}},
	} {
		code, stdout, stderr := program(t, c.args...)
		if code != c.code || !strings.Contains(stderr, c.want) || stdout != "" {
			t.Errorf("%v: status %d, stdout %q, stderr %q; want status %d and %q", c.args, code, stdout, stderr, c.code, c.want)
		}
	}
}

func TestBar(t *testing.T) {
	var b strings.Builder
	now := time.Unix(0, 0)
	x := newBar(&b)
	x.counter("rows")(1, 2)
	if b.Len() != 0 {
		t.Errorf("drew %q where there is no terminal", b.String())
	}
	x.w, x.now = &b, func() time.Time { return now }
	draw := x.counter("rows")
	draw(0, 40)
	now = now.Add(2 * time.Second)
	draw(10, 40)
	draw(11, 40) // too soon to draw again
	now = now.Add(6 * time.Second)
	draw(40, 40)
	x.clear()
	want := "\rrows [........................]   0 %" +
		"\rrows [######..................]  25 %  5/s, 6s left" +
		"\rrows [########################] 100 %  5/s, 0s left" +
		"\r" + strings.Repeat(" ", 51) + "\r"
	if b.String() != want {
		t.Errorf("drew %q, want %q", b.String(), want)
	}
	for rate, want := range map[float64]string{7: "7", 20_000: "20 k", 2_500_000: "2.5 M"} {
		if got := short(rate); got != want {
			t.Errorf("%v is %q, want %q", rate, got, want)
		}
	}
}

// Networks in other formats: lines that do not meet, tables of edges and of lines under
// other names, a map, and a railway joined at a terminal.
func TestOwnNetworks(t *testing.T) {
	dir := t.TempDir()
	stats := func(args ...string) (s statistics) {
		t.Helper()
		if err := json.Unmarshal([]byte(mustRun(t, append([]string{"stats", "-json"}, args...)...)), &s); err != nil {
			t.Fatal(err)
		}
		return s
	}
	gaps := write(t, dir, "gaps.geojson", `{"type":"FeatureCollection","features":[
{"type":"Feature","properties":{"kind":"big"},"geometry":{"type":"LineString","coordinates":[[30,50],[30.1,50]]}},
{"type":"Feature","properties":{"kind":"big"},"geometry":{"type":"LineString","coordinates":[[30.101,50],[30.2,50]]}},
{"type":"Feature","properties":{"kind":"small"},"geometry":{"type":"LineString","coordinates":[[30.05,49.9],[30.05,50.1]]}}
]}`)
	names := write(t, dir, "names.json", `{"names": {"class": "kind"}, "values": {"class": {"big": "trunk", "*": "track"}}}`)
	if s := stats("-names", names, gaps); s.Edges != 3 || s.Parts != 3 {
		t.Errorf("as they are: %+v", s)
	}
	report := filepath.Join(dir, "report.geojson")
	s := stats("-names", names, "-join", "-join-report", report, gaps)
	if s.Edges != 6 || s.Parts != 1 || len(s.Notes) < 3 || !strings.HasPrefix(s.Notes[0], "3 lines joined to 6 edges in 1 parts, 100.00 %") {
		t.Errorf("joined: %+v", s)
	}
	if text, err := os.ReadFile(report); err != nil || !strings.Contains(string(text), `"kind":"link"`) {
		t.Errorf("report %s, error %v", text, err)
	}
	if s := stats("-names", names, "-join", "-join-reach", "50", gaps); s.Parts != 2 {
		t.Errorf("with links of 50 m: %+v", s)
	}
	towns := write(t, dir, "towns.csv", "lon,lat,radius_km\n30.1,50,1\n")
	if s := stats("-names", names, "-join", "-join-reach", "50", "-join-towns", towns, gaps); s.Parts != 1 {
		t.Errorf("in a town: %+v", s)
	}

	lines := write(t, dir, "lines.csv", "class,line\ntrunk,\"LINESTRING (30 50, 30.1 50)\"\nprimary,\"30.1 50 30.1 50.1\"\n")
	if s := stats(lines); s.Edges != 2 || s.Parts != 1 {
		t.Errorf("lines: %+v", s)
	}
	write(t, dir, "my_nodes.csv", "node,lon,lat\na,30,50\nb,30.1,50\n")
	edges := write(t, dir, "my_edges.csv", "from,to,class\na,b,trunk\n")
	if s := stats(edges); s.Edges != 1 || s.Nodes != 2 {
		t.Errorf("edges: %+v", s)
	}
	table := write(t, dir, "table.csv", "from,to,class\na,b,trunk\n")
	if s := stats("-nodes", filepath.Join(dir, "my_nodes.csv"), table); s.Edges != 1 {
		t.Errorf("edges with -nodes: %+v", s)
	}
	places := write(t, dir, "places.csv", "id,name,lon,lat,population,sector\nA,A,30,50,1,X\nB,B,30.1,50,1,X\n")
	if s := stats(write(t, dir, "lists.csv", "road,class,places\nM1,trunk,A;B\n")); s.Edges != 1 || places == "" {
		t.Errorf("lists of places: %+v", s)
	}
	drawing := write(t, dir, "map.osm", `<osm version="0.6"><node id="1" lat="50" lon="30"/><node id="2" lat="50" lon="30.1"/>
<way id="1"><nd ref="1"/><nd ref="2"/><tag k="highway" v="primary"/></way>
<way id="2"><nd ref="1"/><nd ref="2"/><tag k="railway" v="rail"/></way><way id="3"><nd ref="1"/><nd ref="3"/><tag k="highway" v="primary"/></way></osm>`)
	if s := stats(drawing); s.Edges != 1 || len(s.Notes) != 2 || !strings.Contains(s.Notes[1], "the first 3") {
		t.Errorf("map: %+v", s)
	}
	if s := stats("-rail", drawing); s.Edges != 2 {
		t.Errorf("map with rail: %+v", s)
	}

	rail := write(t, dir, "rail.geojson", `{"type":"FeatureCollection","features":[
{"type":"Feature","properties":{"class":"rail"},"geometry":{"type":"LineString","coordinates":[[30.2,50.001],[31,50.001]]}}]}`)
	terminals := write(t, dir, "terminals.csv", "id,lon,lat,transfer_min\nyard,30.2,50,60\nnowhere,40,50,60\n")
	network := roads(t, dir)
	text := mustRun(t, "stats", "-profile", "truck+rail", "-with", rail, "-terminals", terminals, network)
	if !strings.HasPrefix(text, "2 networks combined at 1 terminals; 1 are near fewer than two\n") || !strings.Contains(text, "transfer") {
		t.Errorf("text\n%s", text)
	}
	text = mustRun(t, "path", "-profile", "truck+rail", "-with", rail, "-terminals", terminals, network, "30,50", "31,50.001")
	if !strings.Contains(text, "(rail)") || !strings.Contains(text, "1 h 00  yard (transfer)") {
		t.Errorf("text\n%s", text)
	}
	for _, c := range []struct {
		want string
		args []string
	}{
		{"needs one of nodes", []string{"stats", table}},
		{"no such file", []string{"stats", "-nodes", "none.csv", table}},
		{"no such file", []string{"stats", "-names", "none.json", gaps}},
		{"unknown key", []string{"stats", "-names", write(t, dir, "bad.json", `{"name": {}}`), gaps}},
		{"class", []string{"stats", "-join", gaps}},
		{"radius_km", []string{"stats", "-names", names, "-join", "-join-towns", write(t, dir, "bad.csv", "lon,lat\n"), gaps}},
		{"transfer_min", []string{"stats", "-with", rail, "-terminals", write(t, dir, "worse.csv", "id,lon,lat\n"), network}},
		{"neither OpenStreetMap PBF nor XML", []string{"stats", write(t, dir, "x.osm.pbf", "nothing")}},
	} {
		if code, _, stderr := program(t, c.args...); code != 1 || !strings.Contains(stderr, c.want) {
			t.Errorf("%v: status %d, stderr %q; want %q", c.args, code, stderr, c.want)
		}
	}
}
