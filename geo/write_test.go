package geo

import (
	"errors"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/hubplan/hubplan/geo/input"
	"github.com/paulmach/orb"
)

func TestWriteFeatures(t *testing.T) {
	var b strings.Builder
	err := WriteFeatures(&b, slices.Values([]Feature{
		{ID: "a", Properties: map[string]any{"name": "A <b>", "km": 1.5}, Geometry: Rounded(orb.LineString{{30.123456, 50}, {31, 50.00001}}, 5)},
		{Geometry: orb.MultiPolygon{{{{1, 2}, {3, 2}, {3, 4}, {1, 2}}}}},
		{Geometry: orb.MultiPolygon(nil)},
	}))
	if err != nil {
		t.Fatal(err)
	}
	want := `{"type":"FeatureCollection","features":[
{"type":"Feature","id":"a","properties":{"km":1.5,"name":"A \u003cb\u003e"},"geometry":{"type":"LineString","coordinates":[[30.12346,50],[31,50.00001]]}},
{"type":"Feature","properties":null,"geometry":{"type":"MultiPolygon","coordinates":[[[[1,2],[3,2],[3,4],[1,2]]]]}},
{"type":"Feature","properties":null,"geometry":{"type":"MultiPolygon","coordinates":[]}}
]}
`
	if b.String() != want {
		t.Errorf("wrote\n%s\nwant\n%s", b.String(), want)
	}
	var p input.Problems
	if back := input.ReadFeatures(strings.NewReader(b.String()), "x", &p); len(back) != 3 || p.Err() != nil {
		t.Errorf("%d features come back, error %v", len(back), p.Err())
	}
	b.Reset()
	if err := WriteFeatures(&b, slices.Values([]Feature{})); err != nil || b.String() != "{\"type\":\"FeatureCollection\",\"features\":[\n]}\n" {
		t.Errorf("none: %q, error %v", b.String(), err)
	}
	if err := WriteFeatures(&b, slices.Values([]Feature{{Properties: map[string]any{"x": math.NaN()}}})); err == nil {
		t.Error("NaN: no error")
	}
	broken := errors.New("full")
	if err := WriteFeatures(failing{broken}, slices.Values([]Feature{{}})); !errors.Is(err, broken) {
		t.Errorf("error %v, want the writer's", err)
	}
}

type failing struct{ err error }

func (f failing) Write([]byte) (int, error) { return 0, f.err }
