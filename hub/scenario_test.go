package hub

import (
	"errors"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/hubplan/hubplan/geo/input"
	"github.com/hubplan/hubplan/hub/locate"
	"github.com/hubplan/hubplan/route"
)

// small is a scenario that fits on a page:
//
//	52 +-------+
//	   | North |        Norwich
//	51 +-------+-------+   |
//	   | South | East  |  Soham --- Eastry      Isle is far from any road,
//	50 +-------+-------+   |                    East has no places
//	   30      31      32 Sutton
func small() map[string]string {
	return map[string]string{
		"scenario.json": `{
  "name": "small",
  "files": {"sectors": "sectors.geojson", "places": "places.csv", "roads": "roads.csv", "sites": "sites.csv", "line": "line.geojson"},
  "profile": {"name": "truck", "speeds_kmh": {"trunk": 50, "primary": 40}, "access_kmh": 20, "site_limit_km": 10, "demand_limit_km": 100},
  "force": {"people": 10000, "sectors": [{"code": "N", "share": 0.5}, {"code": "S", "share": 0.3}, {"code": "E", "share": 0.2}]},
  "demand": {"items": [{"name": "food", "kg_per_person_day": 2.5}, {"name": "other", "kg_per_person_day": 5}]},
  "plan": {"objective": "p-median", "hubs": 2, "within_hours": 2, "coverage_depth": 2, "standoff_km": 20}
}`,
		"sectors.geojson": `{"type":"FeatureCollection","features":[
{"type":"Feature","properties":{"code":"N","name":"North","group":"north","population":100},"geometry":{"type":"Polygon","coordinates":[[[30,51],[31,51],[31,52],[30,52],[30,51]]]}},
{"type":"Feature","properties":{"code":"S","name":"South","group":"south","population":100},"geometry":{"type":"Polygon","coordinates":[[[30,50],[31,50],[31,51],[30,51],[30,50]]]}},
{"type":"Feature","properties":{"code":"E","name":"East","group":"east","population":100},"geometry":{"type":"Polygon","coordinates":[[[31,50],[32,50],[32,51],[31,51],[31,50]]]}},
{"type":"Feature","properties":{"code":"I","name":"Isle","group":"east","population":1},"geometry":{"type":"Polygon","coordinates":[[[40,50],[41,50],[41,51],[40,51],[40,50]]]}}
]}`,
		"places.csv": `id,name,lon,lat,population,sector
Norwich,Norwich,30.5,51.5,60,N
Soham,Soham,30.5,50.8,30,S
Sutton,Sutton,30.5,50.2,20,S
Eastry,Eastry,31.5,50.8,0,E
Isle,Isle,40.5,50.5,1,I
`,
		"roads.csv": `road,class,places
M1,trunk,Norwich;Soham;Sutton
H2,primary,Soham;Eastry
H3,primary,Eastry;Sutton
`,
		"sites.csv": `id,name,lon,lat,storage_t,throughput_t_day,repair_bays,opening_cost,zone,status
nor,Norwich,30.5,51.5,1000,20,4,10,in-country,candidate
soh,Soham,30.5,50.8,1000,100,4,20,in-country,candidate
sut,Sutton,30.5,50.2,1000,100,4,15,border,candidate
eas,Eastry,31.5,50.8,1000,100,4,10,in-country,candidate
`,
		"line.geojson": `{"type":"FeatureCollection","features":[{"type":"Feature","properties":{},"geometry":{"type":"LineString","coordinates":[[31.6,50],[31.6,51]]}}]}`,
	}
}

// edit replaces text in a file of the small scenario.
func edit(t tester, files map[string]string, name, old, new string) {
	t.Helper()
	if !strings.Contains(files[name], old) {
		t.Fatalf("%s has no %q", name, old)
	}
	files[name] = strings.Replace(files[name], old, new, 1)
}

func fileSystem(files map[string]string) fs.FS {
	m := make(fstest.MapFS)
	for name, text := range files {
		m[name] = &fstest.MapFile{Data: []byte(text)}
	}
	return m
}

func mustLoad(t tester, files map[string]string) *Scenario {
	t.Helper()
	s, err := LoadFS(fileSystem(files), "scenario.json")
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestLoad(t *testing.T) {
	s := mustLoad(t, small())
	if len(s.Sectors) != 4 || len(s.Places) != 5 || s.Roads.Edges() != 4 || len(s.Sites) != 4 || len(s.Line) != 1 || s.Rail != nil {
		t.Errorf("read %d sectors, %d places, %d roads, %d sites, %d lines", len(s.Sectors), len(s.Places), s.Roads.Edges(), len(s.Sites), len(s.Line))
	}
	if got := s.Settings.Demand.TonnesPersonDay(); got != 0.0075 {
		t.Errorf("a person needs %v t/day, want 0.0075", got)
	}
	if s.Sites[2].Zone != Border || s.Sites[0].Status != Candidate {
		t.Errorf("sites %+v", s.Sites)
	}
}

func TestLoadFromDiskIsRelative(t *testing.T) {
	dir := t.TempDir()
	for name, text := range small() {
		sub := filepath.Join(dir, "data")
		if name == "scenario.json" {
			text = strings.NewReplacer(`"sectors.`, `"../data/sectors.`, `"places.`, `"../data/places.`, `"roads.`, `"../data/roads.`,
				`"sites.`, `"../data/sites.`, `"line.`, `"../data/line.`).Replace(text)
			sub = filepath.Join(dir, "scenario")
		}
		if err := os.MkdirAll(sub, 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(sub, name), []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := Load(filepath.Join(dir, "scenario", "scenario.json")); err != nil {
		t.Error(err)
	}
}

func TestLoadGeoJSONRoads(t *testing.T) {
	files := small()
	edit(t, files, "scenario.json", "roads.csv", "roads.geojson")
	files["roads.geojson"] = `{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"class":"trunk"},"geometry":{"type":"LineString","coordinates":[[30.5,51.5],[30.5,50.2],[31.5,50.8]]}}]}`
	if s := mustLoad(t, files); s.Roads.Edges() != 1 {
		t.Errorf("%d edges, want 1", s.Roads.Edges())
	}
}

func TestLoadRefuses(t *testing.T) {
	for _, c := range []struct {
		name, file, old, new string
		kind                 error
		message              string
	}{
		{"unknown key", "scenario.json", `"name": "small"`, `"nmae": "small"`, input.ErrUnknownKey, `scenario.json:2:3: unknown key "nmae"`},
		{"unknown key inside", "scenario.json", `"hubs": 2`, `"hubs": 2, "colour": "red"`, input.ErrUnknownKey, `scenario.json:7:48: unknown key "plan.colour"`},
		{"key twice", "scenario.json", `"hubs": 2`, `"hubs": 2, "hubs": 3`, input.ErrDuplicate, "scenario.json:7:48"},
		{"text for a number", "scenario.json", `"hubs": 2`, `"hubs": "two"`, input.ErrFormat, "scenario.json:7:"},
		{"half a hub", "scenario.json", `"hubs": 2`, `"hubs": 2.5`, input.ErrFormat, "plan.hubs"},
		{"cut off", "scenario.json", `"standoff_km": 20}`, ``, input.ErrSyntax, "scenario.json:"},
		{"no hubs", "scenario.json", `"hubs": 2`, `"hubs": 0`, input.ErrRange, "scenario.json:7:45: plan.hubs: 0"},
		{"negative hubs", "scenario.json", `"hubs": 2`, `"hubs": -1`, input.ErrRange, "plan.hubs: -1"},
		{"unknown objective", "scenario.json", `p-median`, `best`, nil, `"best"`},
		{"unknown zone", "scenario.json", `"hubs": 2`, `"hubs": 2, "zones": ["moon"]`, input.ErrUnknown, `"moon"`},
		{"zone twice", "scenario.json", `"hubs": 2`, `"hubs": 2, "zones": ["border", "border"]`, input.ErrDuplicate, "plan.zones[1]"},
		{"no time", "scenario.json", `"within_hours": 2`, `"within_hours": 0`, input.ErrRange, "plan.within_hours"},
		{"too much time", "scenario.json", `"within_hours": 2`, `"within_hours": 1000`, input.ErrRange, "plan.within_hours"},
		{"no depth", "scenario.json", `"coverage_depth": 2`, `"coverage_depth": 0`, input.ErrRange, "plan.coverage_depth"},
		{"negative standoff", "scenario.json", `"standoff_km": 20`, `"standoff_km": -1`, input.ErrRange, "plan.standoff_km"},
		{"shares short", "scenario.json", `"share": 0.5`, `"share": 0.4`, input.ErrRange, "force.sectors: shares sum to 0.899"},
		{"share negative", "scenario.json", `"share": 0.5`, `"share": -0.5`, input.ErrRange, "force.sectors[0].share"},
		{"sector twice", "scenario.json", `{"code": "S"`, `{"code": "N"`, input.ErrDuplicate, "force.sectors[1].code"},
		{"sector unknown", "scenario.json", `{"code": "S"`, `{"code": "X"`, input.ErrUnknown, `scenario.json:5:80: force.sectors[1].code: no sector "X"`},
		{"nobody", "scenario.json", `"people": 10000`, `"people": 0`, input.ErrRange, "force.people"},
		{"no need", "scenario.json", `[{"name": "food", "kg_per_person_day": 2.5}, {"name": "other", "kg_per_person_day": 5}]`, `[]`, input.ErrMissing, "demand.items"},
		{"negative need", "scenario.json", `2.5`, `-2.5`, input.ErrRange, "demand.items[0]"},
		{"no speeds", "scenario.json", `{"trunk": 50, "primary": 40}`, `{}`, route.ErrProfile, "profile"},
		{"negative speed", "scenario.json", `"trunk": 50`, `"trunk": -50`, route.ErrProfile, "profile"},
		{"unknown class", "scenario.json", `"trunk": 50`, `"lane": 50`, input.ErrUnknown, `"lane"`},
		{"missing file", "scenario.json", `sites.csv`, `nowhere.csv`, fs.ErrNotExist, "nowhere.csv"},
		{"absolute file", "scenario.json", `sites.csv`, `/sites.csv`, nil, "not relative"},
		{"no file", "scenario.json", `"sites.csv"`, `""`, input.ErrMissing, "files.sites"},
		{"sectors cut in half", "sectors.geojson", `"geometry":{"type":"Polygon","coordinates":[[[31,50],[32,50]`, ``, input.ErrSyntax, "sectors.geojson:"},
		{"latitude 230", "sectors.geojson", `[30,52]`, `[30,230]`, input.ErrRange, `sectors.geojson: feature 1 "N": `},
		{"unclosed ring", "sectors.geojson", `,[30,51]]]}},`, `]]}},`, input.ErrGeometry, `sectors.geojson: feature 1 "N": `},
		{"self-crossing ring", "sectors.geojson", `[[30,51],[31,51],[31,52],[30,52],[30,51]]`, `[[30,51],[31,52],[31,51],[30,52],[30,51]]`, input.ErrGeometry, `sectors.geojson: feature 1 "N": `},
		{"empty sector", "sectors.geojson", `[[[30,51],[31,51],[31,52],[30,52],[30,51]]]`, `[]`, input.ErrGeometry, `sectors.geojson: feature 1 "N": `},
		{"coordinate not a number", "sectors.geojson", `[30,52]`, `[NaN,52]`, input.ErrSyntax, "sectors.geojson:2:"},
		{"sector id twice", "sectors.geojson", `"code":"S"`, `"code":"N"`, input.ErrDuplicate, "feature 2"},
		{"road to nowhere", "roads.csv", "Soham;Sutton", "Soham;Atlantis", input.ErrUnknown, `roads.csv:2: places: unknown place "Atlantis"`},
		{"road class", "roads.csv", "primary", "NaN", input.ErrUnknown, `roads.csv:3: class: unknown class "NaN"`},
		{"negative capacity", "sites.csv", "51.5,1000", "51.5,-1000", input.ErrRange, "sites.csv:2: storage_t: "},
		{"cost not a number", "sites.csv", "4,10,in-country", "4,NaN,in-country", nil, "sites.csv:2: opening_cost: "},
		{"site latitude", "sites.csv", "30.5,51.5", "30.5,230", input.ErrRange, "sites.csv:2: lat"},
		{"site id twice", "sites.csv", "soh,Soham", "nor,Soham", input.ErrDuplicate, `sites.csv:3: id: "nor" is also on line 2`},
		{"site status", "sites.csv", "candidate", "open", input.ErrUnknown, `sites.csv:2: status: unknown status "open"`},
		{"site zone", "sites.csv", "border", "moon", input.ErrUnknown, `sites.csv:4: zone: unknown zone "moon"`},
		{"ragged sites", "sites.csv", ",in-country,candidate", "", nil, "sites.csv:2"},
		{"place weight not a number", "places.csv", "51.5,60", "51.5,NaN", nil, "places.csv:2: population"},
		{"place in no sector", "places.csv", "30,S", "30,X", input.ErrUnknown, `files.places: place "Soham" is in sector "X", which is not in sectors.geojson`},
		{"line of one point", "line.geojson", "[31.6,50],[31.6,51]", "[31.6,50]", input.ErrGeometry, "line.geojson: feature 1"},
	} {
		files := small()
		edit(t, files, c.file, c.old, c.new)
		s, err := LoadFS(fileSystem(files), "scenario.json")
		if s != nil || err == nil {
			t.Errorf("%s: no error", c.name)
			continue
		}
		if c.kind != nil && !errors.Is(err, c.kind) || !strings.Contains(err.Error(), c.message) {
			t.Errorf("%s: error %q, want %q of kind %v", c.name, err, c.message, c.kind)
		}
	}
	if _, err := LoadFS(fileSystem(nil), "scenario.json"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("no scenario file: error %v", err)
	}
}

func TestLoadReportsAllFiles(t *testing.T) {
	files := small()
	edit(t, files, "sites.csv", "border", "moon")
	edit(t, files, "roads.csv", "primary", "lane")
	edit(t, files, "sectors.geojson", `[30,52]`, `[30,230]`)
	_, err := LoadFS(fileSystem(files), "scenario.json")
	for _, want := range []string{"sites.csv:4", "roads.csv:3", "sectors.geojson: feature 1"} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v does not speak of %s", err, want)
		}
	}
}

func TestNames(t *testing.T) {
	for _, z := range []Zone{InCountry, Border} {
		text, err := z.MarshalText()
		var back Zone
		if err != nil || back.UnmarshalText(text) != nil || back != z {
			t.Errorf("zone %v comes back as %v", z, back)
		}
	}
	for _, s := range []Status{Candidate, Required, Existing, Excluded} {
		text, err := s.MarshalText()
		var back Status
		if err != nil || back.UnmarshalText(text) != nil || back != s {
			t.Errorf("status %v comes back as %v", s, back)
		}
	}
	for _, m := range []locate.Model{locate.PMedian, locate.MaximalCover, locate.SetCover} {
		text, err := m.MarshalText()
		var back locate.Model
		if err != nil || back.UnmarshalText(text) != nil || back != m {
			t.Errorf("model %v comes back as %v", m, back)
		}
	}
}

func FuzzLoadScenario(f *testing.F) {
	files := small()
	f.Add([]byte(files["scenario.json"]))
	f.Add([]byte(`{"name":"x","files":{"sectors":"sectors.geojson"}}`))
	f.Add([]byte(`{"plan":{"hubs":1e999}}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		with := maps.Clone(files)
		with["scenario.json"] = string(data)
		s, err := LoadFS(fileSystem(with), "scenario.json")
		if (s == nil) == (err == nil) {
			t.Fatalf("scenario %v with error %v", s, err)
		}
	})
}

func FuzzReadSites(f *testing.F) {
	f.Add(small()["sites.csv"])
	f.Add("id,name\n")
	f.Fuzz(func(t *testing.T, text string) {
		sites, err := ReadSites(strings.NewReader(text), "sites.csv")
		if (len(sites) == 0) == (err == nil) {
			t.Fatalf("%d sites with error %v", len(sites), err)
		}
	})
}
