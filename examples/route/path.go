package main

import (
	"context"
	"flag"
	"fmt"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/hubplan/hubplan/geo"
	"github.com/hubplan/hubplan/route"
)

// leg is a stretch of a way along one road.
type leg struct {
	Road    string  `json:"road"`
	Class   string  `json:"class"`
	KM      float64 `json:"km"`
	Seconds float64 `json:"seconds"`

	line   []route.Leg
	length geo.Distance
	time   time.Duration
}

// way is a way between two points.
type way struct {
	From    string  `json:"from"`
	To      string  `json:"to"`
	Seconds float64 `json:"seconds"`
	KM      float64 `json:"km"`
	AccessM float64 `json:"access_m"` // off the network at both ends
	Roads   []leg   `json:"roads"`

	path route.Path
}

func (t *task) way(from, to place, p route.Path) way {
	w := way{
		From: from.ID, To: to.ID, Seconds: p.Time.Seconds(), KM: round(p.Length.Kilometers(), 3),
		AccessM: round(float64(p.From.Access+p.To.Access), 1), path: p,
	}
	for _, l := range p.Legs {
		e := t.net.Edge(l.Edge)
		name := e.Name
		if name == "" {
			name = e.Ref
		}
		share := l.End - l.Start
		x := route.Forth(l.Edge)
		if share < 0 {
			share, x = -share, route.Back(l.Edge)
		}
		if last := len(w.Roads) - 1; last < 0 || w.Roads[last].Road != name || w.Roads[last].Class != e.Class.String() {
			w.Roads = append(w.Roads, leg{Road: name, Class: e.Class.String()})
		}
		r := &w.Roads[len(w.Roads)-1]
		r.line = append(r.line, l)
		r.length += geo.Distance(share) * e.Length
		if whole, ok := t.router.Time(x); ok {
			r.time += time.Duration(share * float64(whole))
		}
	}
	for i := range w.Roads {
		r := &w.Roads[i]
		r.KM, r.Seconds = round(r.length.Kilometers(), 3), round(r.time.Seconds(), 1)
	}
	return w
}

// text is the way for people.
func (w *way) text(b *strings.Builder) {
	fmt.Fprintf(b, "%s to %s: %s, %s\n", w.From, w.To, kilometers(w.path.Length), hours(w.path.Time))
	table := tabwriter.NewWriter(b, 0, 0, 2, ' ', tabwriter.AlignRight)
	for _, r := range w.Roads {
		name := r.Road
		if name == "" {
			name = "–"
		}
		fmt.Fprintf(table, "\t%s\t%s\t%s\t\n", kilometers(r.length), hours(r.time), name+" ("+r.Class+")")
	}
	table.Flush()
}

// features are the way for maps: a line for each road.
func (t *task) features(w *way, more map[string]any) []geo.Feature {
	var list []geo.Feature
	for i, r := range w.Roads {
		properties := map[string]any{"from": w.From, "to": w.To, "leg": i + 1, "road": r.Road, "class": r.Class, "km": r.KM, "seconds": r.Seconds}
		for k, v := range more {
			properties[k] = v
		}
		p := route.Path{From: w.path.From, To: w.path.To, Legs: r.line}
		line := p.Line(t.net)[1:]
		line = append(t.net.Stretch(r.line[0])[:1:1], line...)
		list = append(list, geo.Feature{Properties: properties, Geometry: geo.Rounded(line, 7)})
	}
	return list
}

func (w *way) rows(number int) [][]string {
	var rows [][]string
	for i, r := range w.Roads {
		rows = append(rows, []string{fmt.Sprint(number), w.From, w.To, fmt.Sprint(i + 1), r.Road, r.Class, fmt.Sprint(r.KM), fmt.Sprint(r.Seconds)})
	}
	return rows
}

var wayHead = []string{"route", "from", "to", "leg", "road", "class", "km", "seconds"}

func pathCommand(*flag.FlagSet) answerer {
	return func(ctx context.Context, t *task, args []string) (*answer, error) {
		if len(args) < 2 {
			return nil, misuse("a path goes through two points or more, not %d", len(args))
		}
		places, stops, err := t.ends(args)
		if err != nil {
			return nil, err
		}
		a := &answer{Table: [][]string{wayHead}}
		var all struct {
			Profile string  `json:"profile"`
			Seconds float64 `json:"seconds"`
			KM      float64 `json:"km"`
			Ways    []way   `json:"ways"`
		}
		var b strings.Builder
		var length geo.Distance
		var total time.Duration
		for i, to := range stops[1:] {
			p, err := t.router.Path(stops[i], to)
			if err != nil {
				return nil, fmt.Errorf("%s to %s: %w", places[i].ID, places[i+1].ID, err)
			}
			w := t.way(places[i], places[i+1], p)
			all.Ways = append(all.Ways, w)
			length += p.Length
			total += p.Time
			w.text(&b)
			a.Features = append(a.Features, t.features(&w, map[string]any{"route": i + 1})...)
			a.Table = append(a.Table, w.rows(i+1)...)
		}
		if len(stops) > 2 {
			fmt.Fprintf(&b, "All: %s, %s\n", kilometers(length), hours(total))
		}
		all.Profile, all.Seconds, all.KM = t.profile.Name, total.Seconds(), round(length.Kilometers(), 3)
		a.Text, a.JSON = b.String(), all
		return a, nil
	}
}

func disjointCommand(f *flag.FlagSet) answerer {
	k := f.Int("k", 2, "find this `number` of routes")
	nodes := f.Bool("junctions", false, "keep them apart at junctions too")
	return func(ctx context.Context, t *task, args []string) (*answer, error) {
		if len(args) != 2 {
			return nil, misuse("routes go between two points, not %d", len(args))
		}
		places, stops, err := t.ends(args)
		if err != nil {
			return nil, err
		}
		o, err := t.router.Overlay(stops)
		if err != nil {
			return nil, err
		}
		ways, err := o.Ways(ctx, []int{0}, []int{1}, *k, route.WaysOptions{NodeDisjoint: *nodes})
		if err != nil {
			return nil, misuse("%v", err)
		}
		if len(ways.Routes) == 0 {
			return nil, fmt.Errorf("%s to %s: %w", places[0].ID, places[1].ID, route.ErrUnreachable)
		}
		type shared struct {
			Road string  `json:"road"`
			KM   float64 `json:"km"`
		}
		var all struct {
			Profile  string   `json:"profile"`
			Disjoint int      `json:"disjoint"`
			Ways     []way    `json:"ways"`
			Shared   []shared `json:"shared"`
		}
		all.Profile, all.Disjoint, all.Shared = t.profile.Name, ways.Count, []shared{}
		a := &answer{Table: [][]string{wayHead}}
		var b strings.Builder
		fmt.Fprintf(&b, "%d of %d routes have nothing in common\n", ways.Count, *k)
		for i, p := range ways.Routes {
			w := t.way(places[0], places[1], p)
			all.Ways = append(all.Ways, w)
			fmt.Fprintf(&b, "%d. ", i+1)
			w.text(&b)
			a.Features = append(a.Features, t.features(&w, map[string]any{"route": i + 1, "kind": "route"})...)
			a.Table = append(a.Table, w.rows(i+1)...)
		}
		for _, p := range ways.Shared {
			line := t.net.Stretch(route.Leg(p))
			s := shared{t.net.Label(p.Edge), round(geo.Length(line).Kilometers(), 3)}
			all.Shared = append(all.Shared, s)
			fmt.Fprintf(&b, "shared: %s, %s\n", s.Road, kilometers(geo.Length(line)))
			a.Features = append(a.Features, geo.Feature{Properties: map[string]any{"kind": "shared", "road": s.Road, "km": s.KM}, Geometry: geo.Rounded(line, 7)})
		}
		a.Text, a.JSON = b.String(), all
		return a, nil
	}
}
