package input

import (
	"encoding/json"
	"io"
	"strconv"

	"github.com/paulmach/orb"
)

// Feature is one feature of a GeoJSON file. The methods that return values
// add a problem and return zero when a property is not as it should be;
// [Feature.OK] tells afterwards whether all was well.
type Feature struct {
	Ordinal    int            // place in the file, from 1
	ID         string         // the feature's id, else its property id, else code, else empty
	Properties map[string]any // as encoding/json decodes them
	Geometry   orb.Geometry   // Point, LineString, MultiLineString, Polygon or MultiPolygon

	file   string
	p      *Problems // where Fail reports
	failed bool
}

// ReadFeatures reads a GeoJSON FeatureCollection (RFC 7946) strictly. Every
// feature must have a geometry of one of the five types that [Feature] names;
// every position must have at least two numbers, the first a longitude within
// ±180 and the second a latitude within ±90 degrees; further numbers (height)
// are dropped. Whether lines and rings make sense is left to the caller.
//
// Members the format does not define are allowed anywhere, as RFC 7946 says; a
// member that appears twice in a feature, its properties or its geometry is a
// problem, because programs differ in which one they take. Coordinates are
// always WGS 84: there is no other reference system in RFC 7946. The file may be
// packed: see [Unpack].
//
// What is not JSON is reported with line and column and yields nothing.
// Features with problems are reported and left out; of the positions of one
// feature only the first bad one is reported.
func ReadFeatures(r io.Reader, file string, p *Problems) []Feature {
	d := readDocument(r, file, p)
	if d == nil {
		return nil
	}
	c := &cursor{data: d.data}
	if k := c.kind(); k != '{' {
		d.fail(c.at, "", Errorf(ErrFormat, "%s where a FeatureCollection is wanted", kindName(k)))
		return nil
	}
	// Members come in any order, often with the type last: first see that it
	// is a FeatureCollection, then read the features.
	start, typed, list := c.at, false, -1
	before := p.Len()
	for m := range c.members() {
		switch m.key {
		case "type":
			typed = true
			at := c.at
			if raw := string(c.skip()); raw != `"FeatureCollection"` {
				d.fail(at, "", Errorf(ErrFormat, "type is %s, want \"FeatureCollection\"", shorten(raw)))
			}
		case "features":
			switch k := c.kind(); {
			case list >= 0:
				d.fail(m.at, "features", Errorf(ErrDuplicate, "key appears twice"))
			case k != '[':
				d.fail(c.at, "features", Errorf(ErrFormat, "%s where a list is wanted", kindName(k)))
			}
			list = c.at
		}
	}
	if !typed {
		d.fail(start, "", Errorf(ErrMissing, "type missing, want \"FeatureCollection\""))
	}
	if list < 0 {
		d.fail(start, "", Errorf(ErrMissing, "features missing"))
	}
	if p.Len() > before {
		return nil
	}
	var features []Feature
	c.at = list
	for i := range c.elements() {
		f := Feature{Ordinal: i + 1, file: file, p: p}
		f.read(c)
		if f.OK() {
			features = append(features, f)
		}
	}
	return features
}

// read decodes the feature that comes and reports what is wrong with it. What
// is found is reported at the end, when the id is known: members come in any
// order, and an id may be among the properties.
func (f *Feature) read(c *cursor) {
	if k := c.kind(); k != '{' {
		f.Fail("", Errorf(ErrFormat, "%s where a Feature is wanted", kindName(k)))
		return
	}
	// A finding is a problem that has no id yet.
	type finding struct {
		field string
		err   error
	}
	var found []finding
	fail := func(field string, err error) {
		if err != nil {
			found = append(found, finding{field, err})
		}
	}
	// Which members were there, for those that must be.
	var typed, shaped bool
	seen := make(map[string]bool)
	for m := range c.members() {
		if seen[m.key] {
			fail(m.key, Errorf(ErrDuplicate, "key appears twice"))
			continue
		}
		seen[m.key] = true
		switch m.key {
		case "type":
			typed = true
			if raw := string(c.skip()); raw != `"Feature"` {
				fail("", Errorf(ErrFormat, "type is %s, want \"Feature\"", shorten(raw)))
			}
		case "id":
			id, err := c.id()
			f.ID = id
			fail("id", err)
		case "properties":
			fail("", f.readProperties(c, fail))
		case "geometry":
			shaped = c.kind() != 'n'
			if shaped {
				g, err := c.geometry()
				f.Geometry = g
				fail("", err)
			}
		}
	}
	if !typed {
		fail("", Errorf(ErrMissing, "type missing, want \"Feature\""))
	}
	if !shaped {
		fail("", Errorf(ErrMissing, "geometry missing"))
	}
	// Many programs write ids as properties only.
	for _, key := range []string{"id", "code"} {
		if f.ID != "" {
			break
		}
		switch v := f.Properties[key].(type) {
		case string:
			f.ID = v
		case float64:
			f.ID = formatNumber(v)
		}
	}
	for _, x := range found {
		f.Fail(x.field, x.err)
	}
}

// id returns the id that comes: text, or a number as it is written. Null is
// taken for no id.
func (c *cursor) id() (string, error) {
	switch k := c.kind(); k {
	case '"':
		return c.text(), nil
	case 'n':
		return "", nil
	case '{', '[', 't', 'f':
		return "", Errorf(ErrFormat, "%s where text or a number is wanted", kindName(k))
	}
	return string(c.literal()), nil
}

// readProperties decodes the object that comes. Repeated keys go to fail:
// encoding/json would take the last without a word.
func (f *Feature) readProperties(c *cursor, fail func(string, error)) error {
	switch k := c.kind(); k {
	case 'n':
		return nil
	case '{':
	default:
		return Errorf(ErrFormat, "properties are %s, want an object", kindName(k))
	}
	start := c.at
	seen := make(map[string]bool)
	for m := range c.members() {
		if seen[m.key] {
			fail(m.key, Errorf(ErrDuplicate, "key appears twice"))
		}
		seen[m.key] = true
	}
	if err := json.Unmarshal(c.data[start:c.at], &f.Properties); err != nil {
		// The syntax is valid, so a number must be too large for a float64.
		f.Properties = nil
		return Errorf(ErrRange, "properties: %v", err)
	}
	return nil
}

// OK reports whether the feature has had no problem so far.
func (f *Feature) OK() bool { return !f.failed }

// Fail adds a problem with this feature, under its number and id. Field names
// the property it is about, or is empty.
func (f *Feature) Fail(field string, err error) {
	f.failed = true
	f.p.Add(&Error{File: f.file, Feature: f.Ordinal, ID: f.ID, Field: field, Err: err})
}

// Text returns a property that must be there as text that is not empty. A
// number is not text: in a code such as 07 the zero would be lost.
func (f *Feature) Text(key string) string {
	switch v := f.Properties[key].(type) {
	case nil:
		f.Fail(key, Errorf(ErrMissing, "property missing"))
	case string:
		if v != "" {
			return v
		}
		f.Fail(key, Errorf(ErrMissing, "value missing"))
	default:
		f.Fail(key, Errorf(ErrFormat, "%s where text is wanted", valueName(v)))
	}
	return ""
}

// Optional returns a property that is text, or empty if it is absent or null.
func (f *Feature) Optional(key string) string {
	switch v := f.Properties[key].(type) {
	case nil:
	case string:
		return v
	default:
		f.Fail(key, Errorf(ErrFormat, "%s where text is wanted", valueName(v)))
	}
	return ""
}

// Number returns a property that must be there as a number between lo and hi,
// both included. Either may be infinite. Text is no number, even if it reads
// as one.
func (f *Feature) Number(key string, lo, hi float64) float64 {
	switch v := f.Properties[key].(type) {
	case nil:
		f.Fail(key, Errorf(ErrMissing, "property missing"))
	case float64:
		err := within(v, formatNumber(v), lo, hi)
		if err == nil {
			return v
		}
		f.Fail(key, err)
	default:
		f.Fail(key, Errorf(ErrFormat, "%s where a number is wanted", valueName(v)))
	}
	return 0
}

// valueName names the kind of a value decoded by encoding/json, as [kindName]
// does for text.
func valueName(v any) string {
	switch v := v.(type) {
	case bool:
		return strconv.FormatBool(v)
	case string:
		return "text"
	case float64:
		return "a number"
	case []any:
		return "a list"
	}
	return "an object"
}
