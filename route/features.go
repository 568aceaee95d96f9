package route

import (
	"bufio"
	"encoding/json"
	"strconv"

	"github.com/paulmach/orb"
)

// featureWriter writes a GeoJSON FeatureCollection, a feature a line, with members
// always in the same order. A feature is begun with feature, goes on with its
// properties and ends with its geometry. Errors are those of the writer, which
// keeps the first for its Flush.
type featureWriter struct {
	w        *bufio.Writer
	decimals int // of coordinates, -1 for all that they have
	features int
	values   int // properties of the feature so far
	buffer   []byte
}

func (f *featureWriter) open() { f.w.WriteString(`{"type":"FeatureCollection","features":[`) }

func (f *featureWriter) close() { f.w.WriteString("\n]}\n") }

func (f *featureWriter) feature() {
	if f.features > 0 {
		f.w.WriteByte(',')
	}
	f.w.WriteString("\n" + `{"type":"Feature","properties":{`)
	f.features++
	f.values = 0
}

// key begins a property.
func (f *featureWriter) key(key string) {
	if f.values > 0 {
		f.w.WriteByte(',')
	}
	f.values++
	f.w.WriteByte('"')
	f.w.WriteString(key)
	f.w.WriteString(`":`)
}

func (f *featureWriter) text(key, value string) {
	f.key(key)
	text, _ := json.Marshal(value) // of text there is no error
	f.w.Write(text)
}

// number writes a property with so many decimals, -1 for all that it has.
func (f *featureWriter) number(key string, value float64, decimals int) {
	f.key(key)
	f.float(value, decimals)
}

func (f *featureWriter) truth(key string, value bool) {
	f.key(key)
	f.w.WriteString(strconv.FormatBool(value))
}

func (f *featureWriter) float(x float64, decimals int) {
	f.buffer = strconv.AppendFloat(f.buffer[:0], x, 'f', decimals, 64)
	f.w.Write(f.buffer)
}

func (f *featureWriter) position(p orb.Point) {
	f.w.WriteByte('[')
	f.float(p[0], f.decimals)
	f.w.WriteByte(',')
	f.float(p[1], f.decimals)
	f.w.WriteByte(']')
}

func (f *featureWriter) point(p orb.Point) {
	f.w.WriteString(`},"geometry":{"type":"Point","coordinates":`)
	f.position(p)
	f.w.WriteString("}}")
}

func (f *featureWriter) line(line orb.LineString) {
	f.w.WriteString(`},"geometry":{"type":"LineString","coordinates":[`)
	for i, p := range line {
		if i > 0 {
			f.w.WriteByte(',')
		}
		f.position(p)
	}
	f.w.WriteString("]}}")
}
