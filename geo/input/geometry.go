package input

import (
	"strconv"

	"github.com/paulmach/orb"
)

// geometry decodes the GeoJSON geometry that comes. The cursor is behind it
// afterwards whether or not there is an error.
//
// The coordinates are decoded here and not by the decoders of orb, which take
// positions of one number or of none for points of the Gulf of Guinea.
func (c *cursor) geometry() (orb.Geometry, error) {
	if k := c.kind(); k != '{' {
		c.skip()
		return nil, Errorf(ErrFormat, "geometry is %s, want an object", kindName(k))
	}
	// The coordinates may come before the type that says how deep they are.
	kind, coordinates := "", -1
	var twice error
	seen := make(map[string]bool)
	for m := range c.members() {
		if seen[m.key] {
			twice = Errorf(ErrDuplicate, "key %s of the geometry appears twice", quote(m.key))
		}
		seen[m.key] = true
		switch {
		case m.key == "type" && c.kind() == '"':
			kind = c.text()
		case m.key == "coordinates":
			coordinates = c.at
		}
	}
	if twice != nil {
		return nil, twice
	}
	if kind == "" {
		return nil, Errorf(ErrMissing, "geometry type missing")
	}
	read, ok := geometryReaders[kind]
	if !ok {
		return nil, Errorf(ErrGeometry, "geometry type %s is not supported", quote(kind))
	}
	if coordinates < 0 {
		return nil, Errorf(ErrMissing, "coordinates missing")
	}
	// A cursor of its own, which an error may leave anywhere.
	return read(&cursor{data: c.data, at: coordinates})
}

// geometryReaders has a decoder of coordinates for each geometry type.
// GeometryCollection has no use here, and a MultiPoint is better given as
// features that have names.
var geometryReaders = map[string]func(*cursor) (orb.Geometry, error){
	"Point": func(c *cursor) (orb.Geometry, error) {
		return geometryOf(c.point())
	},
	"LineString": func(c *cursor) (orb.Geometry, error) {
		return geometryOf(c.line())
	},
	"MultiLineString": func(c *cursor) (orb.Geometry, error) {
		lines, err := listOf(c, c.line)
		return geometryOf(orb.MultiLineString(lines), err)
	},
	"Polygon": func(c *cursor) (orb.Geometry, error) {
		return geometryOf(c.polygon())
	},
	"MultiPolygon": func(c *cursor) (orb.Geometry, error) {
		polygons, err := listOf(c, c.polygon)
		return geometryOf(orb.MultiPolygon(polygons), err)
	},
}

// geometryOf turns a decoded shape into the interface, nil if it failed. (A nil
// slice in the interface would not be nil.)
func geometryOf[G orb.Geometry](g G, err error) (orb.Geometry, error) {
	if err != nil {
		return nil, err
	}
	return g, nil
}

// line decodes a list of positions, which may be empty.
func (c *cursor) line() (orb.LineString, error) {
	points, err := listOf(c, c.point)
	return points, err
}

// polygon decodes a list of rings, each a list of positions. That rings are
// closed is for the caller to check.
func (c *cursor) polygon() (orb.Polygon, error) {
	rings, err := listOf(c, func() (orb.Ring, error) {
		line, err := c.line()
		return orb.Ring(line), err
	})
	return rings, err
}

// listOf decodes a list of coordinates with read. It stops at the first error
// and leaves the cursor there: one bad position is enough to reject a feature,
// and the rest of a file in metres would be bad in the same way.
func listOf[T any](c *cursor, read func() (T, error)) ([]T, error) {
	if k := c.kind(); k != '[' {
		return nil, Errorf(ErrFormat, "%s where a list of coordinates is wanted", kindName(k))
	}
	var list []T
	for range c.elements() {
		x, err := read()
		if err != nil {
			return nil, err
		}
		list = append(list, x)
	}
	return list, nil
}

// point decodes a position: [longitude, latitude] in degrees, perhaps height
// and more. Only the first two numbers are kept, but all must be numbers.
func (c *cursor) point() (orb.Point, error) {
	var p orb.Point
	if k := c.kind(); k != '[' {
		return p, Errorf(ErrFormat, "%s where a position is wanted", kindName(k))
	}
	c.at++
	n := 0
	for ; c.kind() != ']'; n++ {
		if c.data[c.at] == ',' {
			c.at++
		}
		switch k := c.kind(); k {
		case '{', '[', '"', 't', 'f', 'n':
			return p, Errorf(ErrFormat, "%s where a coordinate is wanted", kindName(k))
		}
		// What is left is a number in the form of JSON, which strconv takes
		// as it is; the only error there can be is one of range.
		raw := c.literal()
		if n >= len(p) {
			continue
		}
		x, err := strconv.ParseFloat(string(raw), 64)
		if err != nil {
			what := [...]string{"longitude", "latitude"}[n]
			return p, Errorf(ErrRange, "%s %s out of range", what, shorten(string(raw)))
		}
		p[n] = x
	}
	c.at++
	if n < 2 {
		return p, Errorf(ErrFormat, "position of %d numbers, want 2", n)
	}
	return p, checkPoint(p)
}
