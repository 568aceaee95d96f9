package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/hubplan/hubplan/hub"
	"github.com/hubplan/hubplan/hub/locate"
	"github.com/hubplan/hubplan/hub/locate/format"
)

// goals reads a list of goals.
func goals(text string) ([]locate.Goal, error) {
	var list []locate.Goal
	for name := range strings.SplitSeq(text, ",") {
		var g locate.Goal
		if err := g.UnmarshalText([]byte(strings.TrimSpace(name))); err != nil {
			return nil, misusef("-pareto: there is no goal %q", name)
		}
		list = append(list, g)
	}
	return list, nil
}

// front is a front as JSON.
type front struct {
	Goals    []string     `json:"goals"`
	Points   []frontPoint `json:"points"`
	Complete bool         `json:"complete"`
	Knee     int          `json:"knee"` // -1 if there is none
	CPU      float64      `json:"cpu_seconds"`
}

type frontPoint struct {
	Values    []float64 `json:"values"`
	Open      []int     `json:"open"`
	Certified bool      `json:"certified"`
}

// runPareto finds the front of several goals and prints it.
func runPareto(ctx context.Context, s settings, list, file string, asJSON bool, line *line, stdout io.Writer) error {
	wanted, err := goals(list)
	if err != nil {
		return err
	}
	line.stage("reading " + file)
	in, err := s.read(ctx, file)
	if err != nil {
		return err
	}
	in.Stated = true // no model is asked for
	if err := s.complete(ctx, in); err != nil {
		return err
	}
	line.stage("searching the front of " + file)
	if s.time > 0 {
		var stop context.CancelFunc
		ctx, stop = context.WithTimeout(ctx, s.time)
		defer stop()
	}
	options := s.options
	options.Progress = func(p locate.Progress) {
		line.stage(fmt.Sprintf("%v points found, %v boxes left", p.Objective, p.Bound))
	}
	begin := cpuTime()
	f, err := locate.Pareto(ctx, in.Problem, wanted, options)
	line.clear()
	if err != nil {
		return err
	}
	cpu := cpuTime() - begin
	if asJSON {
		out := front{Complete: f.Complete, Knee: f.Knee, CPU: cpu.Seconds()}
		for _, g := range f.Goals {
			out.Goals = append(out.Goals, g.String())
		}
		for _, p := range f.Points {
			out.Points = append(out.Points, frontPoint{p.Values, p.Open, p.Certified})
		}
		return json.NewEncoder(stdout).Encode(out)
	}
	return printFront(stdout, in, f, cpu)
}

// printFront prints a front as a table.
func printFront(w io.Writer, in *format.Instance, f *locate.Front, cpu time.Duration) error {
	complete, certified := "there is no other", 0
	if !f.Complete {
		complete = "there may be others"
	}
	for _, p := range f.Points {
		if p.Certified {
			certified++
		}
	}
	fmt.Fprintf(w, "%d points, %d certified; %s (%.2f s CPU)\n\n", len(f.Points), certified, complete, cpu.Seconds())
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	for _, g := range f.Goals {
		fmt.Fprintf(t, "%v\t", g)
	}
	fmt.Fprintln(t, "\topen")
	a := answer{Instance: in}
	for k, p := range f.Points {
		for _, v := range p.Values {
			fmt.Fprintf(t, "%s\t", plain(v))
		}
		mark := ""
		if k == f.Knee {
			mark = "knee"
		}
		var open []string
		for _, j := range p.Open {
			open = append(open, a.site(j))
		}
		fmt.Fprintf(t, "%s\t%s\n", mark, strings.Join(open, ", "))
	}
	return t.Flush()
}

// readScenario reads a scenario of package hub as a location problem: costs are
// hours of travel, weights tonnes a day.
func readScenario(ctx context.Context, file string) (*format.Instance, error) {
	s, err := hub.Load(file)
	if err != nil {
		return nil, err
	}
	stated, err := hub.State(ctx, s)
	if err != nil {
		return nil, err
	}
	const hour = float64(time.Hour / time.Millisecond)
	in := &format.Instance{Problem: stated.Problem, Stated: true, Format: format.Matrix}
	in.Radius /= hour
	n, m := in.Costs.Size()
	costs := locate.Dense{Demands: n, Sites: m, Values: make([]float64, n*m)}
	for k := range costs.Values {
		costs.Values[k] = in.Costs.At(k/m, k%m) / hour
	}
	in.Costs = costs
	for _, d := range stated.Demand {
		in.DemandNames = append(in.DemandNames, d.Name)
	}
	for _, j := range stated.Site {
		in.SiteNames = append(in.SiteNames, s.Sites[j].Name)
	}
	return in, nil
}
