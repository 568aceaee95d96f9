package route

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/hubplan/hubplan/geo"
	"github.com/hubplan/hubplan/geo/input"
	"github.com/paulmach/orb"
)

// Mapping says under which names a file made by others has what [ReadGeoJSON] and
// [Mapping.ReadTable] have names for. The zero value is for files with those names.
//
// Roads of Natural Earth, for instance, are read with
//
//	route.Mapping{
//		Names: map[string]string{"class": "type", "length_km": "km"},
//		Values: map[string]map[string]string{"class": {
//			"Major Highway": "trunk", "Secondary Highway": "primary",
//			"Ferry Route": "ferry", "*": "secondary",
//		}},
//	}
//
// Shapefiles and other formats are made GeoJSON with the tools of GDAL first:
//
//	ogr2ogr -f GeoJSON -t_srs EPSG:4326 roads.geojson roads.shp
type Mapping struct {
	// Names has the name in the file of each property or column that is not called
	// there as here.
	Names map[string]string
	// Values has for properties what their values in the file stand for, as it
	// would be written in a table; empty text stands for nothing. "*" stands for all
	// values that are not listed, and for none; without it they stay as they are.
	Values map[string]map[string]string
	// Ignore lists columns of tables that are passed over. Properties of GeoJSON
	// that have no meaning here are passed over anyway.
	Ignore []string
	// Slack is how far from its node a line may begin or end, in a file whose nodes
	// and lines are rounded differently; it is led to the node. Zero is 1 m.
	Slack geo.Distance
}

// file returns the name in the file.
func (m *Mapping) file(name string) string {
	if other, ok := m.Names[name]; ok {
		return other
	}
	return name
}

// check reports names that have no meaning here, which must be slips of the pen.
func (m *Mapping) check(names ...string) error {
	for _, given := range [2][]string{slices.Sorted(maps.Keys(m.Names)), slices.Sorted(maps.Keys(m.Values))} {
		for _, name := range given {
			if !slices.Contains(names, name) && !slices.Contains(edgeNames, name) {
				return fmt.Errorf("route: mapping: there is no property %q", name)
			}
		}
	}
	return nil
}

// value returns what a value of the file stands for, nil for nothing.
func (m *Mapping) value(name string, x any) any {
	values, ok := m.Values[name]
	if !ok {
		return x
	}
	if text, ok := asText(x); ok {
		if y, ok := values[text]; ok {
			return unlessEmpty(y)
		}
	}
	if y, ok := values["*"]; ok {
		return unlessEmpty(y)
	}
	return x
}

func unlessEmpty(text string) any {
	if text == "" {
		return nil
	}
	return plain(text)
}

// asText is a value as it would be written in a table.
func asText(x any) (string, bool) {
	switch x := x.(type) {
	case string:
		return x, true
	case plain:
		return string(x), true
	case float64:
		return strconv.FormatFloat(x, 'f', -1, 64), true
	case bool:
		return strconv.FormatBool(x), true
	}
	return "", false
}

// feature reads the edges that a feature is, without nodes: one for each of its
// lines, which share its length.
func (m *Mapping) feature(f *input.Feature) []Edge {
	e := readEdge(func(name string) any {
		return m.value(name, f.Properties[m.file(name)])
	}, func(name string, err error) { f.Fail(m.file(name), err) })
	var lines orb.MultiLineString
	switch g := f.Geometry.(type) {
	case orb.LineString:
		lines = orb.MultiLineString{g}
	case orb.MultiLineString:
		lines = g
	default:
		f.Fail("geometry", input.Errorf(input.ErrGeometry, "a road is a line, not a %s", f.Geometry.GeoJSONType()))
	}
	var sum geo.Distance
	for _, line := range lines {
		if len(line) < 2 {
			f.Fail("geometry", input.Errorf(input.ErrGeometry, "a line of %d points", len(line)))
		}
		sum += geo.Length(line)
	}
	var edges []Edge
	for _, line := range lines {
		part := e
		part.Line = line
		if len(lines) > 1 {
			part.Length = 0
			if sum > 0 {
				part.Length = e.Length * (geo.Length(line) / sum)
			}
		}
		edges = append(edges, part)
	}
	return edges
}

// row reads the edge that a row of a table is, without nodes and line. Columns are
// the names of those that the table has.
func (m *Mapping) row(row *input.Row, columns map[string]string) Edge {
	return readEdge(func(name string) any {
		var x any
		if column, ok := columns[name]; ok {
			x = unlessEmpty(row.Optional(column))
		}
		return m.value(name, x)
	}, func(name string, err error) { row.Fail(m.file(name), err) })
}

// parseLine reads a line as text: LINESTRING (30.5 50.4, 30.6 50.5) as in
// well-known text, or longitudes and latitudes in turn with spaces, commas or
// semicolons between them.
func parseLine(text string) (orb.LineString, error) {
	if inner, ok := strings.CutPrefix(strings.ToUpper(text), "LINESTRING"); ok {
		inner, open := strings.CutPrefix(strings.TrimSpace(inner), "(")
		inner, closed := strings.CutSuffix(inner, ")")
		if !open || !closed {
			return nil, input.Errorf(input.ErrFormat, "a LINESTRING is in parentheses")
		}
		text = inner
	}
	var line orb.LineString
	i := 0
	var p orb.Point
	for part := range strings.FieldsFuncSeq(text, func(c rune) bool { return c == ' ' || c == ',' || c == ';' || c == '\t' || c == '\n' || c == '\r' }) {
		x, err := input.Number(part, -180, 180)
		if err != nil {
			return nil, err
		}
		if p[i%2] = x; i%2 == 1 {
			if err := checkPoint(p); err != nil {
				return nil, input.Errorf(input.ErrRange, "%v", err)
			}
			line = append(line, p)
		}
		i++
	}
	if i%2 == 1 {
		return nil, input.Errorf(input.ErrFormat, "a longitude without a latitude at the end of the line")
	}
	if len(line) < 2 {
		return nil, input.Errorf(input.ErrGeometry, "a line of %d points", len(line))
	}
	return line, nil
}
