package geo

import (
	"bufio"
	"encoding/json"
	"io"
	"iter"
	"math"
	"reflect"

	"github.com/paulmach/orb"
)

// Feature is one feature to be written as GeoJSON.
type Feature struct {
	ID         string // left out if empty
	Properties map[string]any
	Geometry   orb.Geometry // nil for none
}

// WriteFeatures writes an RFC 7946 FeatureCollection with one feature a line. The
// order of properties is that of their names, so that the same features give the
// same bytes. Errors are those of the writer, and of values that JSON does not have,
// such as NaN.
func WriteFeatures(w io.Writer, features iter.Seq[Feature]) error {
	b := bufio.NewWriter(w)
	b.WriteString(`{"type":"FeatureCollection","features":[`)
	separator := "\n"
	for f := range features {
		o := jsonFeature{Type: "Feature", ID: f.ID, Properties: f.Properties}
		if f.Geometry != nil {
			// The types of orb are nested lists of positions already; its own GeoJSON
			// package would bring a database driver into every program.
			o.Geometry = &jsonGeometry{f.Geometry.GeoJSONType(), f.Geometry}
			if v := reflect.ValueOf(f.Geometry); v.Kind() == reflect.Slice && v.IsNil() {
				o.Geometry.Coordinates = []orb.Geometry{} // not null
			}
		}
		text, err := json.Marshal(o)
		if err != nil {
			return err
		}
		b.WriteString(separator)
		b.Write(text)
		separator = ",\n"
	}
	b.WriteString("\n]}\n")
	return b.Flush() // reports the first error of all writes
}

type jsonFeature struct {
	Type       string         `json:"type"`
	ID         string         `json:"id,omitempty"`
	Properties map[string]any `json:"properties"`
	Geometry   *jsonGeometry  `json:"geometry"`
}

type jsonGeometry struct {
	Type        string `json:"type"`
	Coordinates any    `json:"coordinates"`
}

// Rounded returns a line with its coordinates rounded to some decimals of a degree:
// 5 are about a metre, 7 a centimetre.
func Rounded(line orb.LineString, decimals int) orb.LineString {
	scale := math.Pow10(decimals)
	out := make(orb.LineString, len(line))
	for i, p := range line {
		out[i] = orb.Point{math.Round(p[0]*scale) / scale, math.Round(p[1]*scale) / scale}
	}
	return out
}
