package route

import (
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"math"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/hubplan/hubplan/geo"
	"github.com/hubplan/hubplan/geo/input"
	"github.com/paulmach/orb"
	"pgregory.net/rapid"
)

func feature(properties string) string {
	return `{"type":"FeatureCollection","features":[{"type":"Feature","properties":{` + properties + `},"geometry":{"type":"LineString","coordinates":[[30,50],[31,50]]}}]}`
}

// Every attribute is read from GeoJSON and from a table, in both directions.
func TestReadAttributes(t *testing.T) {
	for _, c := range []struct {
		name, json string // JSON value, and as text without quotes
		want       Attributes
	}{
		{"surface", `"gravel"`, Attributes{Surface: Gravel}},
		{"max_speed_kmh", `90`, Attributes{MaxSpeed: 90 * KilometerPerHour}},
		{"max_weight_t", `7.5`, Attributes{MaxWeight: 7.5}},
		{"max_axle_load_t", `11.5`, Attributes{MaxAxleLoad: 11.5}},
		{"max_height_m", `3.8`, Attributes{MaxHeight: 3.8}},
		{"max_width_m", `2.5`, Attributes{MaxWidth: 2.5}},
		{"max_length_m", `12`, Attributes{MaxLength: 12}},
		{"hazmat", `false`, Attributes{NoHazmat: true}},
		{"hazmat", `true`, Attributes{}},
		{"cars", `"destination"`, Attributes{Cars: Destination}},
		{"goods", `"closed"`, Attributes{Goods: Closed}},
		{"bridge", `true`, Attributes{Bridge: true}},
		{"tunnel", `true`, Attributes{Tunnel: true}},
		{"layer", `-2`, Attributes{Layer: -2}},
		{"toll", `true`, Attributes{Toll: true}},
		{"border", `true`, Attributes{Border: true}},
		{"landing", `true`, Attributes{Landing: true}},
		{"gauge_mm", `"1520"`, Attributes{Gauges: [2]uint16{1520}}},
		{"gauge_mm", `1520`, Attributes{Gauges: [2]uint16{1520}}},
		{"gauge_mm", `"1520; 1435"`, Attributes{Gauges: [2]uint16{1520, 1435}}},
		{"electrified", `true`, Attributes{Electrified: true}},
		{"duration_min", `95.5`, Attributes{Duration: 95*time.Minute + 30*time.Second}},
		{"capacity_t_day", `12000`, Attributes{Capacity: 12000}},
	} {
		for _, back := range []bool{false, true} {
			name := c.name
			if back {
				name += "_back"
			}
			read := map[string]func() (*Network, error){
				"GeoJSON": func() (*Network, error) {
					return ReadGeoJSON(strings.NewReader(feature(`"class":"primary","`+name+`":`+c.json)), "f")
				},
				"table": func() (*Network, error) {
					text := strings.Trim(c.json, `"`)
					return Mapping{}.ReadTable(strings.NewReader("node,lon,lat\na,30,50\nb,31,50\n"), "n", strings.NewReader("from,to,class,"+name+"\na,b,primary,"+text+"\n"), "e")
				},
			}
			for _, kind := range []string{"GeoJSON", "table"} {
				n, err := read[kind]()
				if err != nil {
					t.Errorf("%s %s: %v", kind, name, err)
					continue
				}
				e := n.Edge(0)
				got, other := e.Attributes, e.Attributes
				if e.Back != nil {
					other = *e.Back
				}
				if back {
					got, other = other, got
				} else {
					other = Attributes{}
				}
				if got != c.want || other != (Attributes{}) {
					t.Errorf("%s %s %s: got %+v and %+v", kind, name, c.json, got, other)
				}
			}
		}
	}
}

func TestReadAttributeProblems(t *testing.T) {
	for _, c := range []struct {
		json, message string
		kind          error
	}{
		{`"surface":"mud"`, `feature 1: surface: unknown surface "mud"`, input.ErrUnknown},
		{`"surface":3`, "surface: a number where text is wanted", input.ErrFormat},
		{`"max_weight_t":"7.5"`, "max_weight_t: text where a number is wanted", input.ErrFormat},
		{`"max_weight_t":-1`, "max_weight_t: -1 is negative", input.ErrRange},
		{`"max_weight_t_back":1e9`, "max_weight_t_back: ", input.ErrRange},
		{`"bridge":"true"`, "bridge: true is neither true nor false", input.ErrFormat},
		{`"bridge":1`, "bridge: 1 is neither true nor false", input.ErrFormat},
		{`"layer":1.5`, "layer: 1.5 is not a whole number", input.ErrFormat},
		{`"layer":200`, "layer: 200 is more than 127", input.ErrRange},
		{`"gauge_mm":"1520;1435;1000"`, "gauge_mm: 3 gauges", input.ErrRange},
		{`"gauge_mm":"broad"`, `gauge_mm: "broad" is not a number`, input.ErrFormat},
		{`"gauge_mm":20000`, "gauge_mm: 20000 is more than 4000", input.ErrRange},
		{`"goods":"no"`, `goods: unknown permission "no"`, input.ErrUnknown},
		{`"duration_min":[3]`, "duration_min: a list or an object where a number is wanted", input.ErrFormat},
		{`"name":7`, "name: a number where text is wanted", input.ErrFormat},
		{`"oneway":"yes"`, "oneway: yes is neither true nor false", input.ErrFormat},
		{`"length_km":1,"length_m":1000`, "length_m: length_km is given as well", input.ErrDuplicate},
		{`"from_node":1`, "from_node: from_node and to_node come together", input.ErrMissing},
		{`"from_node":1,"to_node":true`, "to_node: true where text or a number is wanted", input.ErrFormat},
	} {
		n, err := ReadGeoJSON(strings.NewReader(feature(`"class":"primary",`+c.json)), "f")
		if n != nil || err == nil || !errors.Is(err, c.kind) || !strings.Contains(err.Error(), c.message) {
			t.Errorf("%s: error %v, want %q of kind %v", c.json, err, c.message, c.kind)
		}
	}
}

// Nodes by id: lines of one id join though they do not touch, and lines that touch
// do not join; but an end has to be at its node.
func TestReadGeoJSONNodes(t *testing.T) {
	line := func(from, to, coordinates string) string {
		return `{"type":"Feature","properties":{"class":"primary","from_node":` + from + `,"to_node":` + to + `,"from_name":"A"},"geometry":{"type":"LineString","coordinates":[` + coordinates + `]}}`
	}
	read := func(m Mapping, lines ...string) (*Network, error) {
		return m.ReadGeoJSON(strings.NewReader(`{"type":"FeatureCollection","features":[`+strings.Join(lines, ",")+`]}`), "f")
	}
	n, err := read(Mapping{}, line(`"x"`, `1`, `[30,50],[31,50]`), line(`2`, `1`, `[31,50],[31,50]`), line(`"y"`, `"x"`, `[30,49],[30.000005,50]`))
	if err != nil {
		t.Fatal(err)
	}
	var ends [][2]int
	for i := range n.Edges() {
		from, to := n.Ends(i)
		ends = append(ends, [2]int{from, to})
	}
	if want := [][2]int{{0, 1}, {2, 1}, {3, 0}}; !slices.Equal(ends, want) {
		t.Errorf("edges between nodes %v, want %v", ends, want)
	}
	if n.Node(0).Name != "A" || n.Node(1).Name != "" {
		t.Errorf("names %q and %q", n.Node(0).Name, n.Node(1).Name)
	}
	far := []string{line(`1`, `2`, `[30,50],[31,50]`), line(`2`, `3`, `[31.0001,50],[32,50]`)}
	if _, err := read(Mapping{}, far...); !errors.Is(err, input.ErrGeometry) || !strings.Contains(err.Error(), "feature 2: geometry: the line ends 7 m from node 1 at 31.00000,50.00000") {
		t.Errorf("a line away from its node: %v", err)
	}
	n, err = read(Mapping{Slack: 10}, far...)
	if err != nil || n.Edge(1).Line[0] != (orb.Point{31, 50}) {
		t.Errorf("a line within the slack of its node: %v", err)
	}
}

func TestMapping(t *testing.T) {
	m := Mapping{
		Names: map[string]string{"class": "type", "length_km": "km", "electrified": "wire"},
		Values: map[string]map[string]string{
			"class":       {"Major Highway": "trunk", "7": "rail", "*": "secondary"},
			"electrified": {"contact_line": "true", "no": "false", "maybe": ""},
		},
	}
	for _, c := range []struct {
		json, message string
		class         Class
		electrified   bool
	}{
		{`"type":"Major Highway","km":100`, "", Trunk, false},
		{`"type":"Unknown","wire":"contact_line"`, "", Secondary, true},
		{`"type":7,"wire":"no"`, "", Railway, false},
		{`"type":null,"wire":null`, "", Secondary, false},
		{`"wire":"maybe"`, "", Secondary, false},
		{`"class":"motorway"`, "", Secondary, false},
		{`"wire":true`, "", Secondary, true},
		{`"wire":"rail"`, "f: feature 1: wire: rail is neither true nor false", 0, false},
		{`"wire":[1]`, "f: feature 1: wire: [1] is neither true nor false", 0, false},
		{`"km":"far"`, "f: feature 1: km: text where a number is wanted", 0, false},
	} {
		lines, err := m.ReadLinesGeoJSON(strings.NewReader(feature(c.json)), "f")
		if c.message != "" {
			if err == nil || err.Error() != c.message {
				t.Errorf("%s: error %v, want %s", c.json, err, c.message)
			}
			continue
		}
		if err != nil || lines[0].Class != c.class || lines[0].Electrified != c.electrified {
			t.Errorf("%s: %+v, %v", c.json, lines, err)
		}
	}
	for _, m := range []Mapping{{Names: map[string]string{"clas": "type"}}, {Values: map[string]map[string]string{"from": nil}}} {
		if _, err := m.ReadLinesGeoJSON(strings.NewReader(feature("")), "f"); err == nil || !strings.Contains(err.Error(), "there is no property") {
			t.Errorf("%v: error %v", m, err)
		}
	}
}

func TestReadTable(t *testing.T) {
	const nodes = "node,lon,lat,name,extra\na,30,50,Alpha,\nb,31,50,,\nc,31,51,,\n"
	read := func(m Mapping, nodes, edges string) (*Network, error) {
		return m.ReadTable(strings.NewReader(nodes), "nodes.csv", strings.NewReader(edges), "edges.csv")
	}
	m := Mapping{Names: map[string]string{"class": "highway", "length_m": "metres"}, Ignore: []string{"extra"}}
	n, err := read(m, nodes, "from,to,metres,highway,oneway,line\na,b,80000,trunk,1,\nb,c,,primary,0,\"LINESTRING (31 50, 31.1 50.5, 31 51)\"\nc,a,,track,,31 51 30.2 50.5 30 50\n")
	if err != nil {
		t.Fatal(err)
	}
	if e := n.Edge(0); e.Length != 80*geo.Kilometer || e.Class != Trunk || !e.OneWay || len(e.Line) != 2 {
		t.Errorf("first edge %+v", e)
	}
	if e := n.Edge(1); e.OneWay || len(e.Line) != 3 || e.Line[1] != (orb.Point{31.1, 50.5}) || n.Node(0).Name != "Alpha" {
		t.Errorf("second edge %+v", e)
	}
	if e := n.Edge(2); e.Class != Track || len(e.Line) != 3 || e.Line[1] != (orb.Point{30.2, 50.5}) {
		t.Errorf("third edge %+v", e)
	}
	const header = "from,to,highway,line\n"
	for _, c := range []struct {
		name, nodes, edges, message string
		kind                        error
	}{
		{"unknown node", nodes, header + "a,d,trunk,\n", `edges.csv:2: to: unknown node "d"`, input.ErrUnknown},
		{"no node", nodes, header + ",b,trunk,\n", "edges.csv:2: from: value missing", input.ErrMissing},
		{"no class", nodes, header + "a,b,,\n", "edges.csv:2: highway: value missing", input.ErrMissing},
		{"no class at all", nodes, "from,to\na,b\n", "edges.csv:1: highway: column missing", input.ErrMissing},
		{"unknown column", nodes, "from,to,highway,lenght_km\na,b,trunk,1\n", `unknown column "lenght_km"`, input.ErrUnknownKey},
		{"node twice", nodes + "a,30,50,,\n", header + "a,b,trunk,\n", `nodes.csv:5: node: node "a" appears twice`, input.ErrDuplicate},
		{"bad nodes only", "node,lon,lat,name,extra\na,30,95,,\n", header + "a,b,trunk,\n", "nodes.csv:2: lat: latitude 95 out of range", input.ErrRange},
		{"line elsewhere", nodes, header + "a,b,trunk,30 50 31 50.1\n", "edges.csv:2: line: the line ends 11.1 km from node 1", input.ErrGeometry},
		{"half a point", nodes, header + "a,b,trunk,30 50 31\n", "a longitude without a latitude", input.ErrFormat},
		{"one point", nodes, header + "a,b,trunk,30 50\n", "a line of 1 points", input.ErrGeometry},
		{"latitude", nodes, header + "a,b,trunk,30 50 31 95\n", "latitude 95 out of range", input.ErrRange},
		{"not a line", nodes, header + "a,b,trunk,POINT (3 4)\n", `"POINT" is not a number`, input.ErrFormat},
		{"no parentheses", nodes, header + "a,b,trunk,LINESTRING 30 50 31 50\n", "in parentheses", input.ErrFormat},
		{"no edges", nodes, header, "edges.csv: no edges", input.ErrMissing},
	} {
		n, err := read(m, c.nodes, c.edges)
		if n != nil || err == nil || !errors.Is(err, c.kind) || !strings.Contains(err.Error(), c.message) {
			t.Errorf("%s: error %v, want %q", c.name, err, c.message)
		}
		if c.name == "bad nodes only" && strings.Contains(err.Error(), "unknown node") {
			t.Errorf("%s: reported twice: %v", c.name, err)
		}
	}
	lines, err := Mapping{}.ReadLinesTable(strings.NewReader("class,name,line,bridge\nferry,F,30 50 31 50,\ntrunk,,\"30,50;31,50\",true\n"), "lines.csv")
	if err != nil || len(lines) != 2 || lines[0].Class != Ferry || !lines[1].Bridge || !slices.Equal(lines[0].Line, lines[1].Line) {
		t.Errorf("lines %+v, %v", lines, err)
	}
	if _, err := (Mapping{}).ReadLinesTable(strings.NewReader("class,line\ntrunk,\n"), "lines.csv"); !errors.Is(err, input.ErrMissing) {
		t.Errorf("no line: %v", err)
	}
}

// drawAttributes draws attributes that a file can hold.
func drawAttributes(t *rapid.T) Attributes {
	number := func(name string) float64 {
		return float64(rapid.IntRange(0, 400).Draw(t, name)) / 4
	}
	truth := func(name string) bool { return rapid.Bool().Draw(t, name) }
	a := Attributes{
		Surface: Surface(rapid.IntRange(0, surfaces-1).Draw(t, "surface")), MaxSpeed: Speed(number("speed")) * KilometerPerHour,
		MaxWeight: Mass(number("weight")), MaxAxleLoad: Mass(number("axle")),
		MaxHeight: geo.Distance(number("height")), MaxWidth: geo.Distance(number("width")), MaxLength: geo.Distance(number("length")),
		NoHazmat: truth("hazmat"), Cars: Permission(rapid.IntRange(0, permissions-1).Draw(t, "cars")), Goods: Permission(rapid.IntRange(0, permissions-1).Draw(t, "goods")),
		Bridge: truth("bridge"), Tunnel: truth("tunnel"), Layer: rapid.Int8().Draw(t, "layer"), Toll: truth("toll"), Border: truth("border"), Landing: truth("landing"),
		Electrified: truth("electrified"), Duration: time.Duration(rapid.Int64Range(0, int64(maxDuration)).Draw(t, "duration")), Capacity: Mass(number("capacity")),
	}
	for i := range rapid.IntRange(0, 2).Draw(t, "gauges") {
		a.Gauges[i] = uint16(rapid.IntRange(100, 4000).Draw(t, "gauge"))
	}
	return a
}

// What WriteGeoJSON writes ReadGeoJSON reads, with nodes at one place kept apart.
func TestGeoJSONRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		at := func() orb.Point {
			return orb.Point{rapid.Float64Range(-180, 180).Draw(t, "lon"), rapid.Float64Range(-90, 90).Draw(t, "lat")}
		}
		text := rapid.StringMatching(`[a-zа-я "\\\n<0-9]{0,6}`)
		var nodes []Node
		for range rapid.IntRange(2, 5).Draw(t, "nodes") {
			nodes = append(nodes, Node{Name: text.Draw(t, "node"), Point: at()})
			if rapid.Bool().Draw(t, "same place") {
				nodes = append(nodes, Node{Point: nodes[len(nodes)-1].Point})
			}
		}
		var edges []Edge
		for i := range rapid.IntRange(1, 8).Draw(t, "edges") {
			e := Edge{
				From: rapid.IntRange(0, len(nodes)-1).Draw(t, "from"), To: rapid.IntRange(0, len(nodes)-1).Draw(t, "to"),
				Class: Class(rapid.IntRange(0, classes-1).Draw(t, "class")), OneWay: rapid.Bool().Draw(t, "oneway"),
				Name: text.Draw(t, "name"), Ref: text.Draw(t, "ref"),
				Attributes: drawAttributes(t),
			}
			if rapid.Bool().Draw(t, "back") {
				back := drawAttributes(t)
				e.Back = &back
			}
			if rapid.Bool().Draw(t, "stated") {
				e.Length = geo.Distance(rapid.Float64Range(0.001, 1e6).Draw(t, "length"))
			}
			if rapid.Bool().Draw(t, "winding") {
				e.Line = orb.LineString{nodes[e.From].Point, at(), nodes[e.To].Point}
			}
			// Numbered in the order of the edges, as they are read.
			if i == 0 {
				e.From, e.To = 0, min(1, len(nodes)-1)
				e.Line = nil
			}
			edges = append(edges, e)
		}
		n := mustNetwork(t, nodes, edges)
		var b bytes.Buffer
		if err := n.WriteGeoJSON(&b); err != nil {
			t.Fatal(err)
		}
		m, err := ReadGeoJSON(&b, "f")
		if err != nil {
			t.Fatal(err)
		}
		if m.Edges() != n.Edges() {
			t.Fatalf("%d edges, want %d", m.Edges(), n.Edges())
		}
		to := make(map[int]int) // nodes
		for i := range n.Edges() {
			want, got := n.Edge(i), m.Edge(i)
			for _, pair := range [2][2]int{{want.From, got.From}, {want.To, got.To}} {
				if v, ok := to[pair[0]]; ok && v != pair[1] {
					t.Fatalf("node %d became %d and %d", pair[0], v, pair[1])
				}
				to[pair[0]] = pair[1]
				if n.Node(pair[0]) != m.Node(pair[1]) {
					t.Fatalf("node %+v became %+v", n.Node(pair[0]), m.Node(pair[1]))
				}
			}
			if math.Abs(float64(want.Length-got.Length)) > 1e-15*float64(want.Length) {
				t.Fatalf("length %v became %v", float64(want.Length), float64(got.Length))
			}
			got.From, got.To, got.Length = want.From, want.To, want.Length
			if !reflect.DeepEqual(got, want) {
				t.Fatalf("edge\n%+v became\n%+v", want, got)
			}
		}
		if len(to) != m.Nodes() {
			t.Fatalf("%d nodes, want %d", m.Nodes(), len(to))
		}
	})
}

// failing is a writer that is full after so many bytes.
type failing int

func (f *failing) Write(p []byte) (int, error) {
	if len(p) > int(*f) {
		return 0, errors.New("disk full")
	}
	*f -= failing(len(p))
	return len(p), nil
}

func TestWriteGeoJSONFails(t *testing.T) {
	n := straight(t, Primary, 0)
	full := failing(20)
	if err := n.WriteGeoJSON(&full); err == nil || err.Error() != "disk full" {
		t.Errorf("error %v", err)
	}
}

func TestReadGeoJSONUnpacks(t *testing.T) {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	io.WriteString(z, feature(`"class":"trunk"`))
	z.Close()
	if n, err := ReadGeoJSON(&b, "f"); err != nil || n.Edges() != 1 {
		t.Errorf("packed: %v", err)
	}
}

func FuzzReadLinesGeoJSON(f *testing.F) {
	f.Add([]byte(feature(`"class":"Road","length_km":1e300,"gauge_mm":"1520;1435","layer":-1`)))
	f.Add([]byte(feature(`"class":null,"max_weight_t_back":1,"hazmat":false`)))
	f.Add([]byte(testLines))
	f.Fuzz(func(t *testing.T, data []byte) {
		for _, m := range []Mapping{{}, {Values: map[string]map[string]string{"class": {"Road": "trunk", "*": "track"}}}} {
			lines, err := m.ReadLinesGeoJSON(bytes.NewReader(data), "f")
			if (len(lines) == 0) == (err == nil) {
				t.Fatalf("%d lines with error %v", len(lines), err)
			}
			for _, e := range lines {
				if err := checkLine(&e); err != nil {
					t.Fatalf("line %+v: %v", e, err)
				}
			}
		}
	})
}

func FuzzReadTableNetwork(f *testing.F) {
	f.Add([]byte("node,lon,lat\na,30,50\nb,31,50\n"), []byte("from,to,class,length_km,line,oneway,layer_back\na,b,trunk,100,LINESTRING(30 50,31 50),1,-3\n"))
	f.Add([]byte("node,lon,lat,name\na,30,50,\"x\ny\"\n"), []byte("from,to,class\na,a,rail\n"))
	f.Fuzz(func(t *testing.T, nodes, edges []byte) {
		n, err := Mapping{}.ReadTable(bytes.NewReader(nodes), "n", bytes.NewReader(edges), "e")
		whole(t, n, err)
		if n == nil {
			return
		}
		var b bytes.Buffer
		if err := n.WriteGeoJSON(&b); err != nil {
			t.Fatal(err)
		}
		if _, err := ReadGeoJSON(&b, "f"); err != nil {
			t.Fatalf("written and not read: %v", err)
		}
	})
}

func FuzzReadTerminals(f *testing.F) {
	f.Add([]byte("id,lon,lat,transfer_min,limit_km\nA,30,50,1e3,0.5\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		terminals, err := ReadTerminals(bytes.NewReader(data), "t")
		if err != nil && terminals != nil {
			t.Fatal("terminals with an error")
		}
		for i := range terminals {
			if err := terminals[i].check(); err != nil {
				t.Fatal(fmt.Errorf("terminal %+v: %w", terminals[i], err))
			}
		}
	})
}

func FuzzReadLinesTable(f *testing.F) {
	f.Add([]byte("class,line,length_km\ntrunk,\"LINESTRING (30 50, 31 50)\",80\n"))
	f.Add([]byte("class,line\nrail,30 50;31 50\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		lines, err := Mapping{}.ReadLinesTable(bytes.NewReader(data), "f")
		if (len(lines) == 0) == (err == nil) {
			t.Fatalf("%d lines with error %v", len(lines), err)
		}
		for _, e := range lines {
			if err := checkLine(&e); err != nil {
				t.Fatalf("line %+v: %v", e, err)
			}
		}
	})
}
