package report

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/hubplan/hubplan/hub"
	"github.com/hubplan/hubplan/hub/locate"
)

// percent shows a share with one decimal, "97.3 %". A share short of whole never
// reads 100.0, and one above nothing never reads 0.0.
func percent(share float64) string {
	switch {
	case share < 1 && share >= 0.9995:
		return "99.9 %"
	case share > 0 && share < 0.0005:
		return "<0.1 %"
	}
	return fmt.Sprintf("%.1f %%", 100*share)
}

// clock shows a time in hours and minutes, rounded to the minute: "5 h 07".
func clock(s hub.Seconds) string {
	d := s.Duration().Round(time.Minute)
	return fmt.Sprintf("%d h %02d", int(d.Hours()), int(d.Minutes())%60)
}

// thousands groups the digits of a count, "75,000".
func thousands(n int) string {
	s := strconv.Itoa(n)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

// some joins names, and counts those beyond the first few.
func some(names []string, most int) string {
	if len(names) <= most {
		return strings.Join(names, "; ")
	}
	return fmt.Sprintf("%s and %d more", strings.Join(names[:most], "; "), len(names)-most)
}

// proof says what is known about the choice of hubs.
func proof(p *hub.Plan) string {
	if p.Optimal {
		return fmt.Sprintf("proven optimal in %s", plural(p.Nodes, "node"))
	}
	return fmt.Sprintf("not proven: gap %s after %s", percent(p.Gap), plural(p.Nodes, "node"))
}

func plural(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%s %ss", thousands(n), noun)
}

// objectiveName says what the objective measures.
func objectiveName(m locate.Model) string {
	switch m {
	case locate.MaximalCover:
		return "demand within the standard"
	case locate.SetCover:
		return "opening cost"
	}
	return "demand-weighted time"
}

// hours shows a number of hours, "6 h" or "4.5 h".
func hours(h float64) string { return strconv.FormatFloat(h, 'f', -1, 64) + " h" }

// depths lists the depths of a coverage in order.
func depths(coverage map[int]float64) []int {
	list := make([]int, 0, len(coverage))
	for k := 1; k <= len(coverage); k++ {
		list = append(list, k)
	}
	return list
}

// within names a depth of coverage, "2 hubs within 6 h".
func within(k int, h float64) string {
	return fmt.Sprintf("%s within %s", plural(k, "hub"), hours(h))
}

// way describes a route to a seat, "2 h 34 from Kharkiv by M03".
func way(p *hub.Plan, r *hub.Route) string {
	text := fmt.Sprintf("%s from %s", clock(r.Time), name(p, r.Hub))
	switch {
	case r.InPlace:
		return "hub in place"
	case len(r.Roads) > 0:
		text += " by " + strings.Join(r.Roads, ", ")
	}
	return text
}
