package main

import (
	"context"
	"flag"
	"fmt"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/hubplan/hubplan/geo"
	"github.com/hubplan/hubplan/route"
)

// reached is what is reached within a limit, from all points or from one.
type reached struct {
	LimitSeconds float64 `json:"limit_seconds"`
	Origin       string  `json:"origin,omitempty"`
	KM           float64 `json:"km"` // of edges
	AreaKM2      float64 `json:"area_km2"`
}

func withinCommand(f *flag.FlagSet) answerer {
	from := f.String("from", "", "`table` of points to start at: id, lon, lat")
	text := f.String("limits", "1h,2h,4h", "the `times`, separated by commas")
	edges := f.Bool("edges", false, "write the stretches of edges that are reached, too")
	resolution := f.Float64("resolution", 0, "how closely areas follow what is reached, in `metres`; 0 chooses")
	reach := f.Float64("reach", 1000, "how far off the network places are reached, in `metres`")
	return func(ctx context.Context, t *task, args []string) (*answer, error) {
		limits, err := durations(*text)
		if err != nil {
			return nil, err
		}
		places, err := t.places(args, *from)
		if err != nil {
			return nil, err
		}
		if len(places) == 0 {
			return nil, misuse("nowhere to start: name points, or a table with -from")
		}
		stops, err := t.snapAll(places)
		if err != nil {
			return nil, err
		}
		widest := limits[len(limits)-1]
		x, err := t.router.Within(ctx, stops, widest)
		if err != nil {
			return nil, err
		}
		c, err := x.Catchment(ctx, route.CatchmentOptions{Resolution: geo.Distance(*resolution), Reach: geo.Distance(*reach)})
		if err != nil {
			return nil, err
		}
		bands, err := c.Bands(ctx, limits...)
		if err != nil {
			return nil, err
		}
		parts, err := c.Parts(ctx, widest)
		if err != nil {
			return nil, err
		}

		var all []reached
		a := &answer{Table: [][]string{{"limit_seconds", "origin", "km", "area_km2"}}}
		add := func(r reached) {
			all = append(all, r)
			a.Table = append(a.Table, []string{fmt.Sprint(r.LimitSeconds), r.Origin, fmt.Sprint(r.KM), fmt.Sprint(r.AreaKM2)})
		}
		// The widest first: who draws them in order has all in sight.
		for _, b := range slices.Backward(bands) {
			r := reached{LimitSeconds: b.Limit.Seconds(), AreaKM2: round(geo.AreaOf(b.Area).SquareKilometers(), 3)}
			var length geo.Distance
			for s := range x.Stretches(b.Limit) {
				length += t.length(s)
			}
			r.KM = round(length.Kilometers(), 3)
			a.Features = append(a.Features, geo.Feature{
				Properties: map[string]any{"kind": "band", "limit_seconds": r.LimitSeconds, "km": r.KM, "area_km2": r.AreaKM2}, Geometry: b.Area,
			})
			add(r)
		}
		lengths := make([]geo.Distance, len(stops))
		for s := range x.Shares(widest) {
			lengths[s.Stop] += t.length(s.Stretch)
			if *edges {
				a.Features = append(a.Features, geo.Feature{
					Properties: map[string]any{
						"kind": "stretch", "origin": places[s.Stop].ID, "edge": s.Edge, "start": s.Start, "end": s.End,
						"start_seconds": s.AtStart.Seconds(), "end_seconds": s.AtEnd.Seconds(),
					},
					Geometry: geo.Rounded(t.net.Stretch(route.Leg{Edge: s.Edge, Start: s.Start, End: s.End}), 7),
				})
			}
		}
		for i, part := range parts {
			r := reached{
				LimitSeconds: widest.Seconds(), Origin: places[i].ID, KM: round(lengths[i].Kilometers(), 3), AreaKM2: round(geo.AreaOf(part).SquareKilometers(), 3),
			}
			a.Features = append(a.Features, geo.Feature{
				Properties: map[string]any{"kind": "part", "limit_seconds": r.LimitSeconds, "origin": r.Origin, "km": r.KM, "area_km2": r.AreaKM2}, Geometry: part,
			})
			add(r)
		}
		var b strings.Builder
		table := tabwriter.NewWriter(&b, 0, 0, 2, ' ', 0)
		for _, r := range all {
			what := "all"
			if r.Origin != "" {
				what = "nearest " + r.Origin
			}
			fmt.Fprintf(table, "%s\t%s\t%.1f km\t%.1f km²\n", hours(time.Duration(r.LimitSeconds*float64(time.Second))), what, r.KM, r.AreaKM2)
		}
		table.Flush()
		a.Text, a.JSON = b.String(), all
		return a, nil
	}
}

// length is that of what is reached of an edge.
func (t *task) length(s route.Stretch) geo.Distance {
	return geo.Distance(s.End-s.Start) * t.net.Edge(s.Edge).Length
}

// durations reads times separated by commas, in ascending order.
func durations(text string) ([]time.Duration, error) {
	var list []time.Duration
	for part := range strings.SplitSeq(text, ",") {
		d, err := time.ParseDuration(strings.TrimSpace(part))
		if err != nil || d < 0 {
			return nil, misuse("%q is no time such as 1h30m", part)
		}
		list = append(list, d)
	}
	slices.Sort(list)
	return slices.Compact(list), nil
}
