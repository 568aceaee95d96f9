package locate

import (
	"math"
	"slices"

	"github.com/hubplan/hubplan/hub/locate/internal/cover"
)

// rows collects which of the given sites cover the demands with weight within
// radius, by position in sites, demands with the same sites merged. Demands
// covered by a required site are summed up in covered and left out. The first
// demand without any site is returned as lost, -1 if there is none.
func (w *work) rows(sites []int, radius float64) (c *cover.Collector, covered float64, lost int) {
	c, lost = new(cover.Collector), -1
	var given []int
	for j, s := range w.Site {
		if s == Required || s == Existing {
			given = append(given, j)
		}
	}
	within := func(i, j int) bool {
		v := w.Costs.At(i, j)
		return v <= radius && !math.IsInf(v, 1)
	}
	row := make([]int32, 0, len(sites))
	for i := range w.demands {
		weight := w.weight(i)
		if weight == 0 {
			continue
		}
		if slices.ContainsFunc(given, func(j int) bool { return within(i, j) }) {
			covered += weight
			continue
		}
		row = row[:0]
		for k, j := range sites {
			if within(i, j) {
				row = append(row, int32(k))
			}
		}
		if len(row) > 0 {
			c.Add(row, weight)
		} else if lost < 0 {
			lost = i
		}
	}
	return c, covered, lost
}
