package geo

import (
	"io"
	"math"

	"github.com/hubplan/hubplan/geo/input"
	"github.com/paulmach/orb"
)

// ReadSectors reads sectors from GeoJSON: Polygon and MultiPolygon features
// with the properties code (or the feature's id), name, group (optional) and
// population (a whole number, not negative). File is the name errors carry.
//
// Every ring must be closed, have four positions or more and neither cross
// nor touch itself; the rings of a sector must not cross each other; holes
// must lie inside their polygon and polygons apart. Positions repeated in a
// row are dropped. Rings may run either way and are turned so that exteriors
// run counter-clockwise and holes clockwise. Ids are unique, and there is at
// least one sector.
//
// The error is an [*input.Errors]; with it there are no sectors.
func ReadSectors(r io.Reader, file string) ([]Sector, error) {
	var p input.Problems
	features := input.ReadFeatures(r, file, &p)
	if len(features) == 0 && p.Len() == 0 {
		p.Add(&input.Error{File: file, Err: input.Errorf(input.ErrMissing, "no sectors")})
	}
	sectors := make([]Sector, 0, len(features))
	seen := make(map[string]int) // feature that has an id
	for i := range features {
		f := &features[i]
		s := Sector{
			ID:    f.Optional("code"),
			Name:  f.Text("name"),
			Group: f.Optional("group"),
		}
		if s.ID == "" {
			s.ID = f.ID
		}
		if people := f.Number("population", 0, math.MaxInt32); people == math.Trunc(people) {
			s.Population = int(people)
		} else {
			f.Fail("population", input.Errorf(input.ErrFormat, "%v is not a whole number", people))
		}
		if s.ID == "" {
			f.Fail("code", input.Errorf(input.ErrMissing, "property missing"))
		} else if first, ok := seen[s.ID]; ok {
			f.Fail("", input.Errorf(input.ErrDuplicate, "id %q is that of feature %d already", s.ID, first))
		} else {
			seen[s.ID] = f.Ordinal
		}
		var boundary orb.MultiPolygon
		switch g := f.Geometry.(type) {
		case orb.Polygon:
			boundary = orb.MultiPolygon{g}
		case orb.MultiPolygon:
			boundary = g
		default:
			f.Fail("", input.Errorf(input.ErrGeometry, "%s where Polygon or MultiPolygon is wanted", g.GeoJSONType()))
			continue
		}
		clean, problems := cleanBoundary(boundary)
		for _, err := range problems {
			f.Fail("", err)
		}
		s.Boundary = clean
		sectors = append(sectors, s)
	}
	if err := p.Err(); err != nil {
		return nil, err
	}
	return sectors, nil
}

// Place is a town or village, or any other point where people are. Roads and
// sites refer to places by ID, samples of demand are taken from them.
type Place struct {
	ID         string // unique; what other tables refer to
	Name       string
	Point      orb.Point
	Population int
	Sector     string // ID of the sector it belongs to; may be empty
}

// ReadPlaces reads places from a CSV table with the columns id, name, lon,
// lat, population and sector, of which only sector may be empty. Population is
// a whole number, not negative; ids are unique.
//
// The error is an [*input.Errors]; with it there are no places.
func ReadPlaces(r io.Reader, file string) ([]Place, error) {
	var p input.Problems
	t := input.ReadTable(r, file, &p, []string{"id", "name", "lon", "lat", "population", "sector"})
	var places []Place
	seen := make(map[string]int) // line that has an id
	for row := range t.Rows() {
		place := Place{
			ID:         row.Text("id"),
			Name:       row.Text("name"),
			Point:      row.Point(),
			Population: row.Integer("population", 0, math.MaxInt32),
			Sector:     row.Optional("sector"),
		}
		if line, ok := seen[place.ID]; ok && place.ID != "" {
			row.Fail("id", input.Errorf(input.ErrDuplicate, "%q is the id of line %d already", place.ID, line))
		} else {
			seen[place.ID] = row.Line()
		}
		places = append(places, place)
	}
	if err := p.Err(); err != nil {
		return nil, err
	}
	return places, nil
}

// ReadLines reads the lines of a GeoJSON file, which has LineString and
// MultiLineString features, each line with at least two distinct points. There
// is at least one line.
//
// The error is an [*input.Errors]; with it there are no lines.
func ReadLines(r io.Reader, file string) (orb.MultiLineString, error) {
	var p input.Problems
	features := input.ReadFeatures(r, file, &p)
	var all orb.MultiLineString
	for i := range features {
		f := &features[i]
		var lines orb.MultiLineString
		switch g := f.Geometry.(type) {
		case orb.LineString:
			lines = orb.MultiLineString{g}
		case orb.MultiLineString:
			lines = g
		default:
			f.Fail("", input.Errorf(input.ErrGeometry, "%s where LineString or MultiLineString is wanted", g.GeoJSONType()))
			continue
		}
		if len(lines) == 0 {
			f.Fail("", input.Errorf(input.ErrGeometry, "no line"))
		}
		for j, line := range lines {
			if err := checkLine(line); err != nil {
				f.Fail("", input.Errorf(input.ErrGeometry, "line %d %v", j+1, err))
			}
		}
		all = append(all, lines...)
	}
	if len(all) == 0 && p.Len() == 0 {
		p.Add(&input.Error{File: file, Err: input.Errorf(input.ErrMissing, "no lines")})
	}
	if err := p.Err(); err != nil {
		return nil, err
	}
	return all, nil
}
