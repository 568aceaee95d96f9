package route_test

import (
	"context"
	"math"
	"os"
	"path/filepath"
	"testing"

	"github.com/hubplan/hubplan/geo"
	"github.com/hubplan/hubplan/geo/input"
	"github.com/hubplan/hubplan/route"
	"github.com/paulmach/orb"
)

// ukraineLines are the pieces of international and national roads of Ukraine in
// OpenStreetMap, as they are in its database: they have common points, and yet
// 22,159 ends in a network without the streets of towns.
var ukraineLines = route.Mapping{Values: map[string]map[string]string{"class": {"international": "trunk", "national": "primary"}}}

// naturalEarth are roads that are drawn, not surveyed: they cross without common
// points and end near each other.
var naturalEarth = route.Mapping{
	Names: map[string]string{"class": "type", "length_km": "km"},
	Values: map[string]map[string]string{"class": {
		"Major Highway": "trunk", "Secondary Highway": "primary", "Ferry Route": "ferry", "*": "secondary",
	}},
}

func open(t testing.TB, name string) *os.File {
	t.Helper()
	f, err := os.Open(filepath.Join(dataFolder(t), name))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.Close() })
	return f
}

func readLines(t testing.TB, m route.Mapping, name string) []route.Edge {
	t.Helper()
	lines, err := m.ReadLinesGeoJSON(open(t, name), name)
	if err != nil {
		t.Fatal(err)
	}
	return lines
}

func join(t testing.TB, lines []route.Edge, o route.JoinOptions) (*route.Network, *route.JoinReport) {
	t.Helper()
	n, r, err := route.Join(context.Background(), lines, o)
	if err != nil {
		t.Fatal(err)
	}
	if r.Unsettled > 0 {
		t.Errorf("%d places unsettled", r.Unsettled)
	}
	for _, k := range []route.JointKind{route.EndsJoint, route.OnLineJoint, route.CrossingJoint, route.LinkJoint, route.GapJoint, route.StreetJoint, route.DroppedJoint} {
		if count, largest, sum := r.Count(k); count > 0 {
			t.Logf("%-11v %5d, at most %v, %v together", k, count, largest, sum)
		}
	}
	t.Logf("%d lines to %d nodes and %d edges in %d parts, %.2f %% of the length in the first", len(lines), n.Nodes(), n.Edges(), len(r.Components), 100*r.Connected())
	return n, r
}

// ukraineTowns are the regional capitals with what may be taken for their streets.
func ukraineTowns(t testing.TB) []route.Town {
	t.Helper()
	var p input.Problems
	var towns []route.Town
	const name = "ukraine/geonames_ua_cities1000.csv"
	table := input.ReadTable(open(t, name), name, &p, []string{"lon", "lat", "feature_code"},
		"geonameid", "name", "asciiname", "country", "admin1_code", "admin1_name", "population", "modified")
	for row := range table.Rows() {
		if code := row.Text("feature_code"); code == "PPLC" || code == "PPLA" {
			towns = append(towns, route.Town{Point: row.Point(), Radius: 15 * geo.Kilometer})
		}
	}
	if err := p.Err(); err != nil {
		t.Fatal(err)
	}
	return towns
}

// The roads of Ukraine do not hang together with links of 2 km: in Sumy, Kyiv and
// other towns they end farther apart, for there are streets between. With the
// towns they do, and are as long as they are.
func TestJoinUkraine(t *testing.T) {
	lines := readLines(t, ukraineLines, "ukraine/ua_osm_roads_raw.geojson")
	o := route.JoinOptions{Reach: 2 * geo.Kilometer}
	t.Run("without towns", func(t *testing.T) {
		n, r := join(t, lines, o)
		// What is missing at 97 % cannot be had: the second part, 5 % of the length,
		// is nowhere within the reach of another.
		if got := r.Connected(); got < 0.92 {
			t.Errorf("%.4f of the length in one part", got)
		}
		second := r.Components[1].Length
		if second < 0.05*r.Components[0].Length {
			t.Errorf("the second part has %v", second)
		}
		part, _ := n.Components()
		index, own := make([]orb.LineString, n.Edges()), make([]int, n.Edges())
		km := make(map[int]geo.Distance)
		for i := range index {
			e := n.Edge(i)
			index[i], own[i] = e.Line, part[e.From]
			km[own[i]] += e.Length
		}
		x := geo.NewLineIndex(index)
		for i, line := range index {
			if km[own[i]] != second {
				continue
			}
			for _, p := range line {
				if q, ok := x.Nearest(p, 2*geo.Kilometer, func(j int) bool { return own[j] != own[i] }); ok {
					t.Fatalf("the second part is %v from another at %v", q.Distance, p)
				}
			}
		}
	})
	t.Run("with towns", func(t *testing.T) {
		o.Towns = ukraineTowns(t)
		n, r := join(t, lines, o)
		if got := r.Connected(); got < 0.97 {
			t.Errorf("%.4f of the length in one part, want 0.97", got)
		}
		for _, k := range []route.JointKind{route.LinkJoint, route.GapJoint} {
			if _, largest, _ := r.Count(k); largest > 2*geo.Kilometer {
				t.Errorf("%v of %v", k, largest)
			}
		}
		checkDistances(t, n)
		if len(r.Source) != n.Edges() {
			t.Errorf("%d sources of %d edges", len(r.Source), n.Edges())
		}
	})
}

// checkDistances compares lengths of roads from Kyiv with those that are known.
func checkDistances(t *testing.T, n *route.Network) {
	speed := map[route.Class]route.Speed{}
	for c := route.Motorway; c < route.Ferry; c++ {
		speed[c] = 60 * route.KilometerPerHour
	}
	router, err := route.NewRouter(context.Background(), n, route.Profile{Name: "shortest", Speed: speed, Access: 60 * route.KilometerPerHour})
	if err != nil {
		t.Fatal(err)
	}
	stop := func(p orb.Point) route.Stop {
		s, err := router.Snap(p, 15*geo.Kilometer)
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	kyiv := stop(orb.Point{30.5238, 50.45466})
	for _, c := range []struct {
		name string
		at   orb.Point
		km   float64
	}{
		{"Odesa", orb.Point{30.73262, 46.47747}, 475},
		{"Kharkiv", orb.Point{36.25272, 49.98081}, 480},
		{"Lviv", orb.Point{24.02324, 49.83826}, 540},
		{"Poltava", orb.Point{34.55367, 49.59373}, 343},
		{"Uzhhorod", orb.Point{22.29474, 48.61667}, 806},
		{"Sumy", orb.Point{34.80006, 50.9216}, 330},
	} {
		path, err := router.Path(kyiv, stop(c.at))
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		off := path.Length.Kilometers()/c.km - 1
		t.Logf("Kyiv–%s %.0f km, known %.0f km, %+.1f %%", c.name, path.Length.Kilometers(), c.km, 100*off)
		if math.Abs(off) > 0.04 {
			t.Errorf("Kyiv–%s is %.0f km, known %.0f km", c.name, path.Length.Kilometers(), c.km)
		}
	}
}

func TestJoinNaturalEarth(t *testing.T) {
	lines := readLines(t, naturalEarth, "ukraine/ne_10m_roads.geojson")
	_, r := join(t, lines, route.JoinOptions{Reach: 2 * geo.Kilometer})
	if got := r.Connected(); got < 0.9 {
		t.Errorf("%.4f of the length in one part, want 0.9", got)
	}
	if _, largest, _ := r.Count(route.LinkJoint); largest > 2*geo.Kilometer {
		t.Errorf("a link of %v", largest)
	}
}

func BenchmarkJoinUkraine(b *testing.B) {
	lines := readLines(b, ukraineLines, "ukraine/ua_osm_roads_raw.geojson")
	for b.Loop() {
		if _, _, err := route.Join(context.Background(), lines, route.JoinOptions{Reach: 2 * geo.Kilometer}); err != nil {
			b.Fatal(err)
		}
	}
}
