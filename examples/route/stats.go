package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/hubplan/hubplan/geo"
	"github.com/hubplan/hubplan/route"
	"github.com/paulmach/orb"
)

// share is a part of a network.
type share struct {
	What  string  `json:"what"`
	Edges int     `json:"edges"`
	KM    float64 `json:"km"`

	length geo.Distance
}

func (s *share) add(d geo.Distance) {
	s.Edges++
	s.length += d
	s.KM = round(s.length.Kilometers(), 3)
}

// statistics are what a network is made of.
type statistics struct {
	Profile   string   `json:"profile"`
	Nodes     int      `json:"nodes"`
	Edges     int      `json:"edges"`
	KM        float64  `json:"km"`
	OneWay    int      `json:"one_way"`
	Turns     int      `json:"forbidden_turns"`
	Parts     int      `json:"components"`
	Largest   share    `json:"largest_component"`
	Classes   []share  `json:"classes"`
	Usable    share    `json:"usable"`
	Main      share    `json:"main_component"` // of what is usable
	Forbidden []share  `json:"forbidden"`
	Notes     []string `json:"notes,omitempty"`
}

func statsCommand(f *flag.FlagSet) answerer {
	return func(_ context.Context, t *task, args []string) (*answer, error) {
		if len(args) > 0 {
			return nil, misuse("stats are of one network, without %q", args[0])
		}
		n := t.net
		s := statistics{Profile: t.profile.Name, Nodes: n.Nodes(), Edges: n.Edges(), Turns: len(n.Turns()), Notes: t.notes}
		part, _ := n.Components()
		parts := n.Parts()
		s.Parts = len(parts)
		largest := slices.MaxFunc(parts, func(a, b route.Part) int { return a.Nodes - b.Nodes })
		s.Largest = share{Edges: largest.Edges, KM: round(largest.Length.Kilometers(), 3)}
		classes := make(map[route.Class]*share)
		rules := make(map[route.Rule]*share)
		var whole geo.Distance
		a := &answer{}
		for e := range n.Edges() {
			x := n.Edge(e)
			whole += x.Length
			if x.OneWay {
				s.OneWay++
			}
			if classes[x.Class] == nil {
				classes[x.Class] = &share{What: x.Class.String()}
			}
			classes[x.Class].add(x.Length)
			err := t.profile.Forbids(n, route.Forth(e))
			var why *route.Forbidden
			properties := map[string]any{"edge": e, "class": x.Class.String(), "name": x.Name, "component": part[x.From], "main": t.router.Main(e), "forbidden": ""}
			if errors.As(err, &why) && t.profile.Forbids(n, route.Back(e)) != nil {
				if rules[why.Rule] == nil {
					rules[why.Rule] = &share{What: why.Rule.String()}
				}
				rules[why.Rule].add(x.Length)
				properties["forbidden"] = why.Reason
			} else {
				s.Usable.add(x.Length)
				if t.router.Main(e) {
					s.Main.add(x.Length)
				}
			}
			if t.out != "" {
				a.Features = append(a.Features, geo.Feature{ID: fmt.Sprint(e), Properties: properties, Geometry: geo.Rounded(orb.LineString(x.Line), 7)})
			}
		}
		s.KM = round(whole.Kilometers(), 3)
		for c := route.Class(0); int(c) < 256 && len(s.Classes) < len(classes); c++ {
			if x := classes[c]; x != nil {
				s.Classes = append(s.Classes, *x)
			}
		}
		for r := route.Rule(0); len(s.Forbidden) < len(rules); r++ {
			if x := rules[r]; x != nil {
				s.Forbidden = append(s.Forbidden, *x)
			}
		}
		a.Text, a.JSON, a.Table = s.text(), s, s.table()
		return a, nil
	}
}

func (s *statistics) table() [][]string {
	rows := [][]string{{"part", "what", "edges", "km"}}
	add := func(part string, x share) {
		rows = append(rows, []string{part, x.What, fmt.Sprint(x.Edges), fmt.Sprint(x.KM)})
	}
	add("all", share{Edges: s.Edges, KM: s.KM})
	add("largest component", s.Largest)
	for _, x := range s.Classes {
		add("class", x)
	}
	add("usable", s.Usable)
	add("main component", s.Main)
	for _, x := range s.Forbidden {
		add("forbidden", x)
	}
	return rows
}

func (s *statistics) text() string {
	var b strings.Builder
	for _, note := range s.Notes {
		fmt.Fprintln(&b, note)
	}
	fmt.Fprintf(&b, "%d nodes, %d edges (%d one-way), %d forbidden turns, %.0f km\n", s.Nodes, s.Edges, s.OneWay, s.Turns, s.KM)
	percent := func(x share) string { return fmt.Sprintf("%.1f %%", 100*x.KM/max(s.KM, 1e-9)) }
	table := tabwriter.NewWriter(&b, 0, 0, 2, ' ', 0)
	row := func(what string, x share) {
		fmt.Fprintf(table, "%s\t%.0f km\t%s\t%d edges\n", what, x.KM, percent(x), x.Edges)
	}
	row(fmt.Sprintf("largest of %d components", s.Parts), s.Largest)
	for _, x := range s.Classes {
		row(x.What, x)
	}
	row("usable by "+s.Profile, s.Usable)
	row("main component of that", s.Main)
	for _, x := range s.Forbidden {
		row("forbidden by "+x.What, x)
	}
	table.Flush()
	return b.String()
}
