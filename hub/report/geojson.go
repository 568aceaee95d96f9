package report

import (
	"io"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/hubplan/hubplan/geo"
	"github.com/hubplan/hubplan/hub"
	"github.com/paulmach/orb"
)

// GeoJSON writes the plan as one RFC 7946 FeatureCollection whose features tell
// their layer by the property kind: "sector" (polygons of the held sectors with
// their scores), "route" (first and second route to each seat), "bridge" (roads
// whose loss isolates demand), "line", "site" (sites not open) and "hub".
// Properties are plain values, so that every layer opens as a table.
func GeoJSON(w io.Writer, p *hub.Plan, s *hub.Scenario) error {
	var features []geo.Feature
	add := func(kind, id string, g orb.Geometry, properties map[string]any) {
		properties["kind"] = kind
		features = append(features, geo.Feature{ID: kind + "/" + id, Properties: properties, Geometry: g})
	}
	for _, x := range p.Sectors {
		properties := map[string]any{
			"code": x.Code, "name": x.Name, "group": x.Group, "people": math.Round(x.People), "demand_t_day": x.Demand,
			"median_s": x.Time.Median.Duration().Seconds(), "p90_s": x.Time.P90.Duration().Seconds(), "max_s": x.Time.Max.Duration().Seconds(),
			"unreachable": x.Time.Unreachable, "worst": x.Time.Worst, "seat": x.Seat, "routes": x.Routes,
		}
		for k, share := range x.Coverage {
			properties["coverage_"+strconv.Itoa(k)] = share
		}
		add("sector", x.Code, s.Sectors[x.Sector].Boundary, properties)
	}
	for _, x := range p.Sectors {
		for i, r := range []*hub.Route{x.First, x.Second} {
			if r == nil {
				continue
			}
			rank := []string{"first", "second"}[i]
			add("route", x.Code+"/"+rank, geo.Rounded(r.Line, 5), map[string]any{
				"sector": x.Code, "seat": x.Seat, "rank": rank, "hub": r.Hub,
				"time_s": r.Time.Duration().Seconds(), "km": r.KM, "roads": strings.Join(r.Roads, ", "),
			})
		}
	}
	for _, b := range p.Redundancy.Bridges {
		add("bridge", b.Road+"/"+b.From+"/"+b.To, geo.Rounded(b.Line, 5), map[string]any{
			"road": b.Road, "from": b.From, "to": b.To, "isolated_t_day": b.Isolated, "share": b.Share, "demand": strings.Join(b.Demand, "; "),
		})
	}
	if len(s.Line) > 0 {
		add("line", "0", s.Line, map[string]any{"note": "illustrative"})
	}
	for i, u := range p.Sites {
		if !u.Open {
			add("site", u.ID, s.Sites[i].Point, map[string]any{"name": u.Name, "reason": u.Reason})
		}
	}
	for _, h := range p.Hubs {
		loss := p.N1[h.ID]
		add("hub", h.ID, orb.Point{h.Lon, h.Lat}, map[string]any{
			"name": h.Name, "zone": h.Zone.String(), "status": h.Status.String(), "load_t_day": h.Load,
			"throughput_t_day": h.Throughput, "storage_t": h.Storage, "stock_days": h.StockDays, "repair_bays": h.RepairBays,
			"serves": serves(h, len(h.Serves)), "coverage_after_loss": loss,
		})
	}
	return geo.WriteFeatures(w, slices.Values(features))
}
