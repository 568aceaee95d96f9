package report

import (
	"bytes"
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/hubplan/hubplan/hub"
)

// topLosses is how many of the worst losses the summary names.
const topLosses = 3

// Text writes a summary of the plan on one screen: hubs with what they carry and
// whom they serve, coverage, times, redundancy, the worst losses each with its
// witness, and the objective with its bound.
func Text(w io.Writer, p *hub.Plan) error {
	var b bytes.Buffer
	fmt.Fprintf(&b, "%s\n%s people in %s, %.0f t/day; %s, standard %s, standoff %g km\n\n",
		p.Scenario, thousands(p.People), plural(len(p.Sectors), "sector"), p.Demand, plural(len(p.Hubs), "hub"), hours(p.WithinHours), p.StandoffKM)

	t := tabwriter.NewWriter(&b, 0, 0, 2, ' ', 0)
	fmt.Fprintln(t, "HUB\tLOAD\tOF ISSUE\tSTOCK\tSERVES (t/day)")
	for _, h := range p.Hubs {
		issue, stock := "–", "–"
		if h.Throughput > 0 {
			issue = percent(h.Load / h.Throughput)
		}
		if h.Load > 0 {
			stock = fmt.Sprintf("%.0f days", h.StockDays)
		}
		fmt.Fprintf(t, "%s\t%.0f t/day\t%s\t%s\t%s\n", h.Name, h.Load, issue, stock, serves(h, 4))
	}
	if err := t.Flush(); err != nil {
		return err
	}
	b.WriteByte('\n')

	t = tabwriter.NewWriter(&b, 0, 0, 2, ' ', 0)
	var covered []string
	for _, k := range depths(p.Coverage) {
		covered = append(covered, fmt.Sprintf("%s of demand has %s", percent(p.Coverage[k]), within(k, p.WithinHours)))
	}
	fmt.Fprintf(t, "Coverage\t%s\n", strings.Join(covered, ", "))
	fmt.Fprintf(t, "Time\tmedian %s, p90 %s, worst %s (%s); %s unreachable\n",
		clock(p.Time.Median), clock(p.Time.P90), clock(p.Time.Max), cmp.Or(p.Time.Worst, "–"), percent(p.Time.Unreachable))
	r := p.Redundancy
	fmt.Fprintf(t, "Two routes\t%d of %s, %s of demand%s\n", r.SectorsWithTwoRoutes, plural(len(p.Sectors), "sector"), percent(r.DemandWithTwoRoutes), fewer(r))
	for i, l := range worstHubs(p) {
		fmt.Fprintf(t, "%s\t%s\n", first(i, "Worst hub losses"), l)
	}
	for i, bridge := range r.Bridges[:min(topLosses, len(r.Bridges))] {
		fmt.Fprintf(t, "%s\t%s %s–%s: isolates %.1f t/day, %s (%s)\n", first(i, "Worst road losses"),
			bridge.Road, bridge.From, bridge.To, bridge.Isolated, percent(bridge.Share), some(bridge.Demand, 2))
	}
	fmt.Fprintf(t, "Objective\t%.3f %s (%s), bound %.3f: %s\n", p.Objective, p.Unit, objectiveName(p.Model), p.Bound, proof(p))
	for _, u := range p.Warnings {
		fmt.Fprintf(t, "Warning\t%s\n", u)
	}
	if len(p.Unserved) > 0 {
		var names []string
		for _, u := range p.Unserved {
			names = append(names, fmt.Sprintf("%s (%s)", u.Name, u.Reason))
		}
		fmt.Fprintf(t, "Unserved\t%s\n", some(names, topLosses))
	}
	if err := t.Flush(); err != nil {
		return err
	}
	_, err := w.Write(b.Bytes())
	return err
}

// first is the title on the first of several lines.
func first(i int, title string) string {
	if i == 0 {
		return title
	}
	return ""
}

// serves lists the sectors of a hub with their loads.
func serves(h hub.Hub, most int) string {
	var parts []string
	for _, s := range h.Serves {
		parts = append(parts, fmt.Sprintf("%s %.0f", s.Name, s.Load))
	}
	if len(parts) == 0 {
		return "nobody"
	}
	return strings.ReplaceAll(some(parts, most), ";", ",")
}

func fewer(r hub.Redundancy) string {
	if len(r.SectorsWithFewer) == 0 {
		return ""
	}
	return "; not " + strings.Join(r.SectorsWithFewer, ", ")
}

// worstHubs describes the losses of hubs that cost the most coverage, then time.
func worstHubs(p *hub.Plan) []string {
	losses := slices.Clone(p.Losses)
	slices.SortStableFunc(losses, func(a, b hub.HubLoss) int {
		return cmp.Or(cmp.Compare(a.Coverage[1], b.Coverage[1]), cmp.Compare(b.Time.Unreachable, a.Time.Unreachable), cmp.Compare(b.Time.Mean, a.Time.Mean))
	})
	var lines []string
	for _, l := range losses[:min(topLosses, len(losses))] {
		line := fmt.Sprintf("%s: %s within %s, mean %s to %s", name(p, l.Hub),
			change(p.Coverage[1], l.Coverage[1]), hours(p.WithinHours), clock(p.Time.Mean), clock(l.Time.Mean))
		if l.Time.Unreachable > p.Time.Unreachable {
			line += fmt.Sprintf(", %s unreachable", percent(l.Time.Unreachable))
		}
		if l.Hit != "" {
			line += fmt.Sprintf(" (hits %s)", l.Hit)
		}
		lines = append(lines, line)
	}
	return lines
}

func change(before, after float64) string {
	if percent(before) == percent(after) {
		return "still " + percent(after)
	}
	return percent(before) + " to " + percent(after)
}

// name is the name of a hub by its id.
func name(p *hub.Plan, id string) string {
	for _, h := range p.Hubs {
		if h.ID == id {
			return h.Name
		}
	}
	return id
}
