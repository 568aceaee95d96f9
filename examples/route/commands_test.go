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
