package hub

import (
	"context"
	"fmt"
	"maps"
	"math"
	"slices"

	"github.com/hubplan/hubplan/geo"
	"github.com/hubplan/hubplan/hub/locate"
)

// Stated is the choice of hubs of a scenario as mathematics, for whatever else
// package locate can ask of it than the plan of the scenario.
type Stated struct {
	// Problem has a demand for each of Demand and a site for each of Site. Costs
	// are milliseconds of travel, weights tonnes a day, opening costs thousands
	// of euros; model, number and radius are those of the scenario's plan.
	locate.Problem

	Demand []DemandPoint // those that some site that may open reaches
	Site   []int         // indices into Scenario.Sites of those that may open

	scenario *Scenario
}

// State states the choice of hubs of a scenario. The errors are those of Solve.
func State(ctx context.Context, s *Scenario) (*Stated, error) {
	q, err := prepare(ctx, s)
	if err != nil {
		return nil, err
	}
	if err := q.measure(ctx, func(Progress) {}); err != nil {
		return nil, err
	}
	p, err := q.state()
	if err != nil {
		return nil, err
	}
	stated := &Stated{Problem: p, Site: q.open, scenario: s}
	for _, i := range q.reached {
		stated.Demand = append(stated.Demand, q.demand[i])
	}
	return stated, nil
}

// Confine lets a site serve only the demands within its region: regions maps
// the ID of a site to polygons. Sites without an entry serve everywhere. It is an
// error that wraps ErrScenario if an ID is not that of a site that may open.
func (s *Stated) Confine(regions map[string]geo.Sector) error {
	n, m := s.Costs.Size()
	costs := locate.Dense{Demands: n, Sites: m, Values: make([]float64, n*m)}
	for k := range costs.Values {
		costs.Values[k] = s.Costs.At(k/m, k%m)
	}
	known := 0
	for j, at := range s.Site {
		region, ok := regions[s.scenario.Sites[at].ID]
		if !ok {
			continue
		}
		known++
		for i, d := range s.Demand {
			if !region.Contains(d.Point) {
				costs.Values[i*m+j] = math.Inf(1)
			}
		}
	}
	if known < len(regions) {
		for _, id := range slices.Sorted(maps.Keys(regions)) {
			if !slices.ContainsFunc(s.Site, func(at int) bool { return s.scenario.Sites[at].ID == id }) {
				return fmt.Errorf("hub: %w: a region for %s, which is no site that may open", ErrScenario, id)
			}
		}
	}
	s.Costs = costs
	return nil
}

// Between is the great-circle distances between the sites in metres, for a
// separation (see locate.Rules).
func (s *Stated) Between() locate.Points {
	points := make([][2]float64, len(s.Site))
	for k, at := range s.Site {
		points[k] = s.scenario.Sites[at].Point
	}
	return locate.Points{Demands: points, Sites: points, Metric: locate.GreatCircle}
}
