package main

import (
	"context"
	"flag"
	"fmt"
	"strings"
	"time"

	"github.com/hubplan/hubplan/geo"
	"github.com/hubplan/hubplan/route"
	"github.com/paulmach/orb"
)

// cell is a pair of a matrix.
type cell struct {
	From    string   `json:"from"`
	To      string   `json:"to"`
	Seconds *float64 `json:"seconds"` // null where there is no way
	KM      *float64 `json:"km"`
}

func matrixCommand(f *flag.FlagSet) answerer {
	from := f.String("from", "", "`table` of points to start at: id, lon, lat")
	to := f.String("to", "", "`table` of points to end at; the same without it")
	within := f.Duration("within", 0, "leave out pairs that take longer than this `time`")
	return func(ctx context.Context, t *task, args []string) (*answer, error) {
		if *from == "" || len(args) > 0 {
			return nil, misuse("a matrix is between the points of -from and -to")
		}
		if *to == "" {
			*to = *from
		}
		var places [2][]place
		var stops [2][]route.Stop
		for i, name := range []string{*from, *to} {
			var err error
			if places[i], err = readPoints(name); err != nil {
				return nil, err
			}
			if stops[i], err = t.snapAll(places[i]); err != nil {
				return nil, err
			}
		}
		m, err := t.router.Matrix(ctx, stops[0], stops[1], route.MatrixOptions{Lengths: true, Limit: *within, Progress: t.bar.counter("rows")})
		if err != nil {
			return nil, err
		}
		a := &answer{Table: [][]string{{"from", "to", "seconds", "km"}}}
		var all struct {
			Profile string `json:"profile"`
			Pairs   []cell `json:"pairs"`
		}
		all.Profile = t.profile.Name
		for i, p := range places[0] {
			for j, q := range places[1] {
				c := cell{From: p.ID, To: q.ID}
				row := []string{c.From, c.To, "", ""}
				d, ok := m.At(i, j)
				if *within > 0 && !ok {
					continue
				}
				if ok {
					seconds, km := d.Seconds(), float64(m.Decimeters[i*m.Columns+j])/1e4
					c.Seconds, c.KM = &seconds, &km
					row[2], row[3] = fmt.Sprint(seconds), fmt.Sprint(km)
					a.Features = append(a.Features, geo.Feature{
						Properties: map[string]any{"from": c.From, "to": c.To, "seconds": seconds, "km": km},
						Geometry:   orb.LineString{p.Point, q.Point},
					})
				}
				all.Pairs = append(all.Pairs, c)
				a.Table = append(a.Table, row)
			}
		}
		var b strings.Builder
		if err := writeCSV(&b, a); err != nil {
			return nil, err
		}
		a.Text, a.JSON = b.String(), all
		return a, nil
	}
}

// snapped is where a point meets the network.
type snapped struct {
	ID       string  `json:"id"`
	Lon      float64 `json:"lon"`
	Lat      float64 `json:"lat"`
	Edge     int     `json:"edge"`
	Fraction float64 `json:"fraction"` // of the edge's length, from its From node
	Road     string  `json:"road"`
	AccessM  float64 `json:"access_m"`
	Seconds  float64 `json:"access_seconds"`
	Problem  string  `json:"problem,omitempty"`
}

func snapCommand(f *flag.FlagSet) answerer {
	points := f.String("points", "", "`table` of points: id, lon, lat")
	return func(ctx context.Context, t *task, args []string) (*answer, error) {
		places, err := t.places(args, *points)
		if err != nil {
			return nil, err
		}
		if len(places) == 0 {
			return nil, misuse("no points: name some, or a table with -points")
		}
		a := &answer{Table: [][]string{{"id", "lon", "lat", "edge", "fraction", "road", "access_m", "access_seconds", "problem"}}}
		all := []snapped{}
		progress := t.bar.counter("points")
		for i, p := range places {
			if err := ctx.Err(); err != nil {
				return nil, err
			}
			x := snapped{ID: p.ID, Lon: p.Point.Lon(), Lat: p.Point.Lat(), Edge: -1}
			if s, err := t.router.Snap(p.Point, t.limit()); err != nil {
				x.Problem = strings.TrimPrefix(err.Error(), "route: ")
				a.Table = append(a.Table, []string{x.ID, fmt.Sprint(x.Lon), fmt.Sprint(x.Lat), "", "", "", "", "", x.Problem})
			} else {
				x.Lon, x.Lat, x.Edge, x.Fraction, x.Road = s.Snapped.Lon(), s.Snapped.Lat(), s.Edge, s.Fraction, t.net.Label(s.Edge)
				x.AccessM, x.Seconds = round(float64(s.Access), 1), s.AccessTime.Round(time.Millisecond).Seconds()
				a.Table = append(a.Table, []string{
					x.ID, number(x.Lon, 7), number(x.Lat, 7), fmt.Sprint(x.Edge), fmt.Sprint(x.Fraction), x.Road, fmt.Sprint(x.AccessM), fmt.Sprint(x.Seconds), "",
				})
				a.Features = append(a.Features, geo.Feature{
					Properties: map[string]any{"id": x.ID, "edge": x.Edge, "fraction": x.Fraction, "road": x.Road, "access_m": x.AccessM, "access_seconds": x.Seconds},
					Geometry:   geo.Rounded(orb.LineString{p.Point, s.Snapped}, 7),
				})
			}
			all = append(all, x)
			progress(i+1, len(places))
		}
		var b strings.Builder
		if err := writeCSV(&b, a); err != nil {
			return nil, err
		}
		a.Text, a.JSON = b.String(), all
		return a, nil
	}
}
