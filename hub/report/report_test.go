package report

import (
	"bytes"
	"context"
	"encoding/json"
	"encoding/xml"
	"errors"
	"io"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/hubplan/hubplan/geo/input"
	"github.com/hubplan/hubplan/hub"
	"github.com/hubplan/hubplan/testdata/ukraine"
	"github.com/paulmach/orb"
)

func solved(t testing.TB, change func(*hub.Scenario)) (*hub.Plan, *hub.Scenario) {
	t.Helper()
	s, err := hub.LoadFS(ukraine.Files, ukraine.Scenario)
	if err != nil {
		t.Fatal(err)
	}
	if change != nil {
		change(s)
	}
	p, err := hub.Solve(context.Background(), s, hub.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return p, s
}

func TestWords(t *testing.T) {
	for _, c := range []struct{ got, want string }{
		{percent(0), "0.0 %"}, {percent(1), "100.0 %"}, {percent(0.98765), "98.8 %"},
		{percent(0.99999), "99.9 %"}, {percent(0.00001), "<0.1 %"}, {percent(0.9995), "99.9 %"}, {percent(1.5), "150.0 %"},
		{clock(hub.Seconds(0)), "0 h 00"}, {clock(hub.Seconds(5*time.Hour + 7*time.Minute + 29*time.Second)), "5 h 07"},
		{clock(hub.Seconds(59*time.Minute + 31*time.Second)), "1 h 00"}, {clock(hub.Seconds(30 * time.Hour)), "30 h 00"},
		{thousands(0), "0"}, {thousands(999), "999"}, {thousands(75000), "75,000"}, {thousands(1234567), "1,234,567"},
		{plural(1, "hub"), "1 hub"}, {plural(2000, "hub"), "2,000 hubs"}, {hours(4.5), "4.5 h"}, {hours(6), "6 h"},
		{some([]string{"a", "b"}, 2), "a; b"}, {some([]string{"a", "b", "c"}, 2), "a; b and 1 more"},
		{number(1.04), "1"}, {number(-0.06), "-0.1"},
	} {
		if c.got != c.want {
			t.Errorf("%q, want %q", c.got, c.want)
		}
	}
	for x, want := range map[float64]float64{1: 1, 1.9: 1, 2: 2, 4.9: 2, 5: 5, 99: 50, 230: 200} {
		if got := roundDown(x); got != want {
			t.Errorf("roundDown(%v) = %v, want %v", x, got, want)
		}
	}
}

func TestTextSpeaksOfBadNews(t *testing.T) {
	p, _ := solved(t, nil)
	p.Warnings = []string{"The sky is falling."}
	p.Unserved = []hub.Unserved{{Name: "Isle", Reason: "no road within 80 km"}}
	p.Optimal, p.Gap = false, 0.0123
	p.Redundancy.SectorsWithFewer = []string{"UA-99"}
	p.Losses[0].Time.Unreachable = 0.25
	p.Losses[0].Coverage[1] = 0
	var b bytes.Buffer
	if err := Text(&b, p); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"The sky is falling.", "Isle (no road within 80 km)", "not proven: gap 1.2 %", "not UA-99", "25.0 % unreachable"} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("the summary does not say %q:\n%s", want, b.String())
		}
	}
}

func TestJSONComesBack(t *testing.T) {
	p, _ := solved(t, nil)
	var b bytes.Buffer
	if err := JSON(&b, p); err != nil {
		t.Fatal(err)
	}
	var back map[string]any
	if err := json.Unmarshal(b.Bytes(), &back); err != nil || len(back["hubs"].([]any)) != len(p.Hubs) {
		t.Errorf("error %v, hubs %v", err, back["hubs"])
	}
}

// What GeoJSON writes, the strict reader of the library takes, ring directions
// included, and every layer is there.
func TestGeoJSONIsValid(t *testing.T) {
	p, s := solved(t, nil)
	var b bytes.Buffer
	if err := GeoJSON(&b, p, s); err != nil {
		t.Fatal(err)
	}
	var problems input.Problems
	features := input.ReadFeatures(&b, "plan.geojson", &problems)
	if err := problems.Err(); err != nil {
		t.Fatal(err)
	}
	count := make(map[string]int)
	seen := make(map[string]bool)
	for _, f := range features {
		kind := f.Properties["kind"].(string)
		count[kind]++
		if f.ID == "" || seen[f.ID] {
			t.Errorf("feature id %q is empty or not unique", f.ID)
		}
		seen[f.ID] = true
		for key, value := range f.Properties {
			switch value.(type) {
			case string, float64, bool, json.Number:
			default:
				t.Errorf("%s: property %s is %T, no plain value", f.ID, key, value)
			}
		}
		if m, ok := f.Geometry.(orb.MultiPolygon); ok {
			for _, polygon := range m {
				for i, ring := range polygon {
					if want := []orb.Orientation{orb.CCW, orb.CW}[min(i, 1)]; ring.Orientation() != want {
						t.Errorf("%s: ring %d turns the wrong way", f.ID, i)
					}
				}
			}
		}
	}
	routes := 0
	for _, x := range p.Sectors {
		for _, r := range []*hub.Route{x.First, x.Second} {
			if r != nil {
				routes++
			}
		}
	}
	for kind, want := range map[string]int{
		"sector": len(p.Sectors), "hub": len(p.Hubs), "site": len(s.Sites) - len(p.Hubs),
		"bridge": len(p.Redundancy.Bridges), "route": routes, "line": 1,
	} {
		if count[kind] != want || want == 0 {
			t.Errorf("%d features of kind %s, want %d", count[kind], kind, want)
		}
	}
}

// wellFormed reads XML to its end and returns how often each element occurs.
func wellFormed(t *testing.T, text string) map[string]int {
	t.Helper()
	count := make(map[string]int)
	d := xml.NewDecoder(strings.NewReader(text))
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return count
		}
		if err != nil {
			t.Fatal(err)
		}
		if e, ok := token.(xml.StartElement); ok {
			count[e.Name.Local]++
		}
	}
}

func TestSVGIsWellFormed(t *testing.T) {
	p, s := solved(t, nil)
	var b bytes.Buffer
	if err := SVG(&b, p, s); err != nil {
		t.Fatal(err)
	}
	count := wellFormed(t, b.String())
	if count["circle"] < len(s.Sites) || count["path"] < len(s.Sectors) {
		t.Errorf("%d circles and %d paths for %d sites and %d sectors", count["circle"], count["path"], len(s.Sites), len(s.Sectors))
	}
	if regexp.MustCompile(`NaN|Inf|%!`).MatchString(b.String()) {
		t.Error("the map has a broken number")
	}
	for _, h := range p.Hubs {
		if !strings.Contains(b.String(), ">"+h.Name+"</text>") {
			t.Errorf("%s has no label", h.Name)
		}
	}
}

func TestHTMLStandsAlone(t *testing.T) {
	p, s := solved(t, nil)
	var b bytes.Buffer
	if err := HTML(&b, p, s); err != nil {
		t.Fatal(err)
	}
	page := b.String()
	for _, outside := range []string{"src=", "href=", "url(", "@import", "<script", "<link"} {
		if strings.Contains(page, outside) {
			t.Errorf("the page has %q", outside)
		}
	}
	if broken := regexp.MustCompile(`NaN|%!|&lt;nil|ZgotmplZ|<no value>`).FindString(page); broken != "" {
		t.Errorf("the page has %q", broken)
	}
	for _, want := range []string{`name="viewport"`, "@media print", "<svg", "Loss of a hub", "Loss of a road", "Assumptions", "proven optimal"} {
		if !strings.Contains(page, want) {
			t.Errorf("the page has no %q", want)
		}
	}
	for _, x := range p.Sectors {
		if !strings.Contains(page, "<td>"+x.Name+"</td>") {
			t.Errorf("%s is in no table", x.Name)
		}
	}
}

// Names come from files: none may end up as markup.
func TestNamesAreEscaped(t *testing.T) {
	const evil = `<script>alert("1")</script>&`
	p, s := solved(t, func(s *hub.Scenario) {
		s.Settings.Name = evil
		for i := range s.Sites {
			s.Sites[i].Name = evil
		}
		for i := range s.Sectors {
			s.Sectors[i].Name = evil
		}
		for i := range s.Places {
			s.Places[i].Name = evil
		}
	})
	var page, picture bytes.Buffer
	if err := HTML(&page, p, s); err != nil {
		t.Fatal(err)
	}
	if err := SVG(&picture, p, s); err != nil {
		t.Fatal(err)
	}
	wellFormed(t, picture.String())
	for name, text := range map[string]string{"page": page.String(), "picture": picture.String()} {
		if strings.Contains(text, "<script") {
			t.Errorf("the %s has a script", name)
		}
	}
}

// A plan without rail, line, weak roads and second routes has fewer layers and
// no broken ones.
func TestBareScenario(t *testing.T) {
	p, s := solved(t, func(s *hub.Scenario) {
		s.Rail, s.Line = nil, nil
		s.Settings.Plan.CoverageDepth = 1
	})
	p.Redundancy.Bridges = nil
	for i := range p.Sectors {
		p.Sectors[i].First, p.Sectors[i].Second = nil, nil
		p.Sectors[i].Time = hub.Times{Unreachable: 1}
	}
	for name, write := range map[string]func(io.Writer) error{
		"text":    func(w io.Writer) error { return Text(w, p) },
		"geojson": func(w io.Writer) error { return GeoJSON(w, p, s) },
		"html":    func(w io.Writer) error { return HTML(w, p, s) },
		"svg":     func(w io.Writer) error { return SVG(w, p, s) },
	} {
		var b bytes.Buffer
		if err := write(&b); err != nil || regexp.MustCompile(`NaN|%!`).Match(b.Bytes()) {
			t.Errorf("%s: error %v", name, err)
		}
		if name == "svg" {
			wellFormed(t, b.String())
			if strings.Contains(b.String(), "illustrative") || strings.Contains(b.String(), "railway") {
				t.Error("the legend names what is not there")
			}
		}
	}
}

// failing is a writer that takes a number of bytes and no more.
type failing int

var errFull = errors.New("full")

func (f *failing) Write(b []byte) (int, error) {
	if *f -= failing(len(b)); *f < 0 {
		return 0, errFull
	}
	return len(b), nil
}

func TestWritersReportErrors(t *testing.T) {
	p, s := solved(t, nil)
	for name, write := range map[string]func(io.Writer) error{
		"text":    func(w io.Writer) error { return Text(w, p) },
		"json":    func(w io.Writer) error { return JSON(w, p) },
		"geojson": func(w io.Writer) error { return GeoJSON(w, p, s) },
		"html":    func(w io.Writer) error { return HTML(w, p, s) },
		"svg":     func(w io.Writer) error { return SVG(w, p, s) },
	} {
		full := failing(100)
		if err := write(&full); !errors.Is(err, errFull) {
			t.Errorf("%s: error %v, want %v", name, err, errFull)
		}
	}
}

func TestLabelsAvoidEachOther(t *testing.T) {
	var l labels
	at := orb.Point{500, 300}
	for range 4 {
		l.place(at, 10, "Kropyvnytskyi", 15, 600)
	}
	for i, a := range l.taken {
		for _, b := range l.taken[:i] {
			if a.overlap(b) > 0 {
				t.Errorf("labels %v and %v overlap", a, b)
			}
		}
	}
	// At the right edge the label goes to the left.
	var edge labels
	if x, _ := edge.place(orb.Point{990, 300}, 10, "Kropyvnytskyi", 15, 600); x > 900 {
		t.Errorf("the label starts at %v and leaves the map", x)
	}
}
