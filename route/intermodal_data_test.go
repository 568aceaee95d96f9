package route_test

import (
	"context"
	"testing"
	"time"

	"github.com/hubplan/hubplan/geo"
	"github.com/hubplan/hubplan/geo/input"
	"github.com/hubplan/hubplan/route"
	"github.com/paulmach/orb"
)

// ukraineRail are the edges of the railway of Ukraine between the stations and
// junctions that are their ids.
var ukraineRail = route.Mapping{
	Names: map[string]string{"length_km": "km", "from_node": "from", "to_node": "to", "class": "type", "gauge_mm": "gauge"},
	Values: map[string]map[string]string{
		"class":       {"*": "rail"},
		"electrified": {"contact_line": "true", "rail": "true", "*": ""},
	},
	Slack: geo.Kilometer,
}

// Roads and railway of Ukraine in one graph, joined at stations: one matrix in which
// freight changes where it pays.
func TestRoadAndRailOfUkraine(t *testing.T) {
	roads, _ := join(t, readLines(t, ukraineLines, "ukraine/ua_osm_roads_raw.geojson"), route.JoinOptions{Reach: 2 * geo.Kilometer, Towns: ukraineTowns(t)})
	rail, err := ukraineRail.ReadGeoJSON(open(t, "ukraine/uz_rail_edges.geojson"), "uz_rail_edges.geojson")
	if err != nil {
		t.Fatal(err)
	}
	c, err := route.Combine([]*route.Network{roads, rail}, stations(t))
	if err != nil {
		t.Fatal(err)
	}
	tied := len(c.Ties) / 2
	t.Logf("%d nodes and %d edges; %d stations tied, %d apart", c.Network.Nodes(), c.Network.Edges(), tied, len(c.Apart))
	if tied < 100 || c.Network.Edges() < roads.Edges()+rail.Edges()+tied {
		t.Errorf("only %d stations are tied, %d edges", tied, c.Network.Edges())
	}
	// The railway alone is in parts, a quarter of its length not in the largest: the roads
	// tie them together.
	share := func(n *route.Network, p route.Profile) float64 {
		r, err := route.NewRouter(context.Background(), n, p)
		if err != nil {
			t.Fatal(err)
		}
		var all, main geo.Distance
		for e := range n.Edges() {
			if x := n.Edge(e); x.Class == route.Railway {
				all += x.Length
				if r.Main(e) {
					main += x.Length
				}
			}
		}
		return float64(main / all)
	}
	before, after := share(rail, route.Rail()), share(c.Network, route.Truck().With(route.Rail()))
	t.Logf("%.1f %% of the railway hangs together, with roads %.1f %%", 100*before, 100*after)
	if before > 0.8 || after < 0.95 {
		t.Errorf("%.3f of the railway hangs together, with roads %.3f", before, after)
	}
	matrix := func(p route.Profile) *route.Matrix {
		r, err := route.NewRouter(context.Background(), c.Network, p)
		if err != nil {
			t.Fatal(err)
		}
		var stops []route.Stop
		for _, at := range []orb.Point{{30.5238, 50.45466}, {30.73262, 46.47747}, {36.25272, 49.98081}, {24.02324, 49.83826}, {22.29474, 48.61667}} {
			// On a road, whatever else is nearer.
			s, err := r.SnapAmong(at, 15*geo.Kilometer, func(e int) bool { return r.Main(e) && c.Network.Edge(e).Class < route.Ferry })
			if err != nil {
				t.Fatal(err)
			}
			stops = append(stops, s)
		}
		m, err := r.Matrix(context.Background(), stops, stops, route.MatrixOptions{})
		if err != nil {
			t.Fatal(err)
		}
		return m
	}
	// A slow truck and a fast train, so that both are of use.
	truck, train := route.Truck(), route.Rail()
	truck.Top = 30 * route.KilometerPerHour
	train.Speed[route.Railway] = 60 * route.KilometerPerHour
	alone, both := matrix(truck), matrix(truck.With(train))
	faster := 0
	for k, ms := range both.Millis {
		if ms == route.Unreachable || ms > alone.Millis[k] {
			t.Errorf("cell %d: %d with the railway, %d without", k, ms, alone.Millis[k])
		}
		if ms < alone.Millis[k] {
			faster++
		}
	}
	t.Logf("%d of %d pairs are faster by rail", faster, len(both.Millis))
	if faster == 0 {
		t.Error("no pair is faster by rail")
	}
}

// stations are the railway stations of Ukraine as terminals of an hour.
func stations(t testing.TB) []route.Terminal {
	t.Helper()
	var p input.Problems
	var list []route.Terminal
	const name = "ukraine/uz_stations.csv"
	table := input.ReadTable(open(t, name), name, &p, []string{"station_id", "lon", "lat", "type"}, "name_uk", "name_en", "osm_type", "osm_id", "component")
	for row := range table.Rows() {
		if row.Text("type") == "station" {
			list = append(list, route.Terminal{Name: row.Text("station_id"), Point: row.Point(), Time: time.Hour, Limit: 3 * geo.Kilometer})
		}
	}
	if err := p.Err(); err != nil {
		t.Fatal(err)
	}
	return list
}
