package main

import (
	"cmp"
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"
	"text/tabwriter"
	"time"

	"github.com/hubplan/hubplan/hub/locate"
	"github.com/hubplan/hubplan/hub/locate/format"
)

// answer is a problem with its solution.
type answer struct {
	*format.Instance
	solution *locate.Solution
	cpu      time.Duration // of the solver
	name     string        // what the model was called by, if that is not its name
}

// result is an answer as JSON. Numbers that JSON has no word for, such as the
// bound of a search that knows none yet, are null.
type result struct {
	Model     string   `json:"model"`
	N         int      `json:"n"` // demands
	M         int      `json:"m"` // sites
	P         int      `json:"p"` // 0 where any number may open
	Objective *float64 `json:"objective"`
	Bound     *float64 `json:"bound"`
	Gap       *float64 `json:"gap"`
	Status    string   `json:"status"`
	Optimal   bool     `json:"optimal"`
	Open      []int    `json:"open"` // numbered from 0
	Units     []int    `json:"units,omitempty"`
	Lost      []int    `json:"lost,omitempty"`
	Protected []int    `json:"protected,omitempty"`
	CPU       float64  `json:"cpu_seconds"`
}

func (a *answer) result() *result {
	s := a.solution
	n, m := a.Costs.Size()
	r := &result{
		Model: a.model(), N: n, M: m, P: a.P,
		Objective: finite(s.Objective), Bound: finite(s.Bound), Gap: finite(s.Gap),
		Status: s.Status.String(), Optimal: s.Optimal, Open: s.Open, Units: s.Units, Lost: s.Lost, Protected: s.Protected, CPU: a.cpu.Seconds(),
	}
	if r.Open == nil {
		r.Open = []int{}
	}
	if a.Model == locate.SetCover {
		r.P = 0
	}
	return r
}

// model is what the model is called.
func (a *answer) model() string { return cmp.Or(a.name, a.Model.String()) }

// finite is nil for what JSON cannot say.
func finite(v float64) *float64 {
	if math.IsInf(v, 0) || math.IsNaN(v) {
		return nil
	}
	return &v
}

// shown is how many open sites a summary lists.
const shown = 30

// print prints a summary.
func (a *answer) print(w io.Writer) error {
	s := a.solution
	n, m := a.Costs.Size()
	fmt.Fprintf(w, "%s: %d demands, %d sites", a.model(), n, m)
	if a.P > 0 && a.Model != locate.SetCover {
		fmt.Fprintf(w, ", p %d", a.P)
	}
	fmt.Fprint(w, "\n\n")
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintf(t, "status\t%v\n", s.Status)
	fmt.Fprintf(t, "objective\t%s\n", plain(s.Objective))
	fmt.Fprintf(t, "bound\t%s\n", plain(s.Bound))
	fmt.Fprintf(t, "gap\t%s\n", percent(s.Gap))
	if second := s.Median; second != nil {
		fmt.Fprintf(t, "median\t%s (bound %s, gap %s)\n", plain(second.Objective), plain(second.Bound), percent(second.Gap))
	}
	fmt.Fprintf(t, "nodes\t%d\n", s.Nodes)
	fmt.Fprintf(t, "CPU\t%.2f s\n", a.cpu.Seconds())
	if s.Swap != nil {
		fmt.Fprintf(t, "best swap\t%s for %s, worse by %s\n", a.site(s.Swap.In), a.site(s.Swap.Out), plain(s.Swap.Change))
	}
	if err := t.Flush(); err != nil {
		return err
	}
	a.list(w, "lost", s.Lost)
	a.list(w, "protected", s.Protected)
	if s.Worth == nil { // of sites with capacities it is not always known
		fmt.Fprintf(w, "\n%d open\n", len(s.Open))
		return nil
	}
	fmt.Fprintf(w, "\n%d open, with what each is worth", len(s.Open))
	order := make([]int, len(s.Open))
	for k := range order {
		order[k] = k
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(s.Worth[b], s.Worth[a]) })
	if len(order) > shown {
		fmt.Fprintf(w, "; the first %d", shown)
		order = order[:shown]
	}
	fmt.Fprintln(w, ":")
	for _, k := range order {
		units := ""
		if s.Units != nil {
			units = fmt.Sprintf("\t%d units", s.Units[k])
		}
		fmt.Fprintf(t, "  %s\t%s%s\n", a.site(s.Open[k]), worth(s.Worth[k]), units)
	}
	return t.Flush()
}

// list prints sites under a heading, if there are any.
func (a *answer) list(w io.Writer, heading string, sites []int) {
	if len(sites) == 0 {
		return
	}
	fmt.Fprintf(w, "\n%d %s:", len(sites), heading)
	for _, j := range sites {
		fmt.Fprintf(w, " %s", a.site(j))
	}
	fmt.Fprintln(w)
}

// site is what a site is called.
func (a *answer) site(j int) string {
	if a.SiteNames != nil {
		return a.SiteNames[j]
	}
	return strconv.Itoa(j)
}

// worth writes what a site is worth.
func worth(v float64) string {
	if math.IsInf(v, 1) {
		return "indispensable"
	}
	return plain(v)
}

// plain writes a number with up to twelve digits, without exponent unless it
// is huge or tiny.
func plain(v float64) string {
	text := strconv.FormatFloat(v, 'g', 12, 64)
	if a := math.Abs(v); !(a >= 1e-6 && a < 1e15) {
		return text
	}
	short, _ := strconv.ParseFloat(text, 64)
	return strconv.FormatFloat(short, 'f', -1, 64)
}

// percent writes a relative gap.
func percent(gap float64) string { return strconv.FormatFloat(100*gap, 'f', 4, 64) + " %" }
