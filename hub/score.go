package hub

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"time"

	"github.com/hubplan/hubplan/coverage"
	"github.com/hubplan/hubplan/hub/locate"
	"github.com/hubplan/hubplan/route"
)

// MarshalJSON writes seconds with up to three decimals.
func (s Seconds) MarshalJSON() ([]byte, error) {
	return json.Marshal(float64(time.Duration(s).Milliseconds()) / 1000)
}

// Duration is the time as Go has it.
func (s Seconds) Duration() time.Duration { return time.Duration(s) }

// tonneHours converts tonnes times milliseconds.
const tonneHours = 1.0 / 3_600_000

// score turns a choice of hubs into a plan.
func (q *quest) score(solution *locate.Solution) (*Plan, error) {
	settings := &q.Settings
	plan := &Plan{
		Scenario:    settings.Name,
		Model:       settings.Plan.Objective,
		Objective:   solution.Objective,
		Bound:       solution.Bound,
		Gap:         solution.Gap,
		Optimal:     solution.Optimal,
		Nodes:       solution.Nodes,
		People:      settings.Force.People,
		WithinHours: settings.Plan.WithinHours,
		StandoffKM:  settings.Plan.StandoffKM,
		Unit:        "t/day",
		N1:          make(map[string]float64),
		Sites:       q.use,
		Unserved:    []Unserved{},
		Warnings:    q.warnings,
	}
	scale := 1.0
	switch settings.Plan.Objective {
	case locate.PMedian:
		plan.Unit, scale = "t·h/day", tonneHours
	case locate.SetCover:
		plan.Unit = "thousand EUR"
	}
	plan.Objective *= scale
	plan.Bound *= scale

	hubs := make([]int, len(solution.Open)) // sites
	times := &route.Matrix{Rows: len(hubs), Columns: len(q.demand)}
	var stops []route.Stop
	for h, row := range solution.Open {
		i := q.open[row]
		hubs[h] = i
		stops = append(stops, q.stops[i])
		times.Millis = append(times.Millis, q.times.Millis[row*times.Columns:(row+1)*times.Columns]...)
		s := q.Sites[i]
		q.use[i].Open = true
		worth := solution.Worth[h] * scale
		if math.IsInf(worth, 0) {
			worth = -1
		}
		plan.Hubs = append(plan.Hubs, Hub{
			ID: s.ID, Name: s.Name, Lon: s.Point.Lon(), Lat: s.Point.Lat(), Zone: s.Zone, Status: s.Status,
			Throughput: s.Throughput, Storage: s.Storage, RepairBays: s.RepairBays, Worth: worth,
			Serves: []Served{}, Site: i,
		})
	}
	weight := make([]float64, len(q.demand))
	for i, d := range q.demand {
		weight[i] = d.Load
		plan.Demand += d.Load
	}
	access, err := coverage.NewAccess(weight, times)
	if err != nil {
		return nil, err
	}
	if err := q.scoreService(plan, access); err != nil {
		return nil, err
	}
	return plan, q.scoreRoads(plan, access, stops, weight)
}

// scoreService fills in what travel times say.
func (q *quest) scoreService(plan *Plan, access *coverage.Access) error {
	within, depth := q.Settings.Plan.Within(), q.Settings.Plan.CoverageDepth
	share, err := access.Cover(within, depth)
	if err != nil {
		return err
	}
	plan.Coverage = byDepth(share)
	plan.Time = q.distribution(access.Times(), nil)
	q.loads(plan, access.Nearest())
	losses, err := access.LoseEach(within, depth)
	if err != nil {
		return err
	}
	for h, l := range losses {
		id := plan.Hubs[h].ID
		plan.N1[id] = l.Cover[0]
		loss := HubLoss{Hub: id, Coverage: byDepth(l.Cover), Time: q.distribution(l.Times, nil)}
		if l.Hit >= 0 {
			loss.Hit = q.demandName(l.Hit)
		}
		plan.Losses = append(plan.Losses, loss)
	}
	return nil
}

// loads gives each hub the demand that it is nearest to.
func (q *quest) loads(plan *Plan, nearest []coverage.Nearest) {
	serves := make([]map[int]float64, len(plan.Hubs))
	for i, n := range nearest {
		d := &q.demand[i]
		if n.Hub < 0 {
			reason := "no open hub reaches it"
			if !d.OnNetwork {
				reason = fmt.Sprintf("no road of the main network within %v km", q.Settings.Profile.DemandLimitKM)
			} else if !slices.Contains(q.reached, i) {
				reason = "no site that may open reaches it"
			}
			plan.Unserved = append(plan.Unserved, Unserved{Sector: q.Sectors[d.Sector].ID, Name: d.Name, Load: d.Load, Reason: reason})
			continue
		}
		if serves[n.Hub] == nil {
			serves[n.Hub] = make(map[int]float64)
		}
		serves[n.Hub][d.Sector] += d.Load
		plan.Hubs[n.Hub].Load += d.Load
	}
	for h := range plan.Hubs {
		hub := &plan.Hubs[h]
		for sector, load := range serves[h] {
			hub.Serves = append(hub.Serves, Served{Code: q.Sectors[sector].ID, Name: q.Sectors[sector].Name, Load: load})
		}
		slices.SortFunc(hub.Serves, func(a, b Served) int {
			return cmp.Or(cmp.Compare(b.Load, a.Load), cmp.Compare(a.Code, b.Code))
		})
		if hub.Load > 0 {
			hub.StockDays = hub.Storage / hub.Load
		}
		if hub.Load > hub.Throughput {
			plan.Warnings = append(plan.Warnings, fmt.Sprintf("%s is nearest to %.0f t/day and can issue %.0f.", hub.Name, hub.Load, hub.Throughput))
		}
	}
}

// scoreRoads fills in what the road network says, for the plan and its sectors.
func (q *quest) scoreRoads(plan *Plan, access *coverage.Access, hubs []route.Stop, weight []float64) error {
	var stops []route.Stop
	var loads []float64
	number := make([]int, len(q.demand)) // among stops, -1 off the network
	var demand []int
	for i, d := range q.demand {
		number[i] = -1
		if d.OnNetwork {
			number[i] = len(stops)
			stops = append(stops, d.Stop)
			loads = append(loads, weight[i])
			demand = append(demand, i)
		}
	}
	roads, err := coverage.NewRedundancy(q.router, hubs, stops, loads)
	if err != nil {
		return err
	}
	r := &plan.Redundancy
	r.SectorsWithFewer, r.Bridges = []string{}, []Bridge{}
	for k, routes := range roads.Routes {
		if routes > 1 {
			r.DemandWithTwoRoutes += loads[k]
		}
	}
	r.DemandWithTwoRoutes /= plan.Demand
	for _, b := range roads.Bridges {
		r.Bridges = append(r.Bridges, q.bridge(b, demand, plan.Demand))
	}
	for first := 0; first < len(q.demand); {
		last := first
		for last < len(q.demand) && q.demand[last].Sector == q.demand[first].Sector {
			last++
		}
		score, err := q.scoreSector(plan, access, roads, number, first, last)
		if err != nil {
			return err
		}
		if score.Routes > 1 {
			r.SectorsWithTwoRoutes++
		} else {
			r.SectorsWithFewer = append(r.SectorsWithFewer, score.Code)
		}
		plan.Sectors = append(plan.Sectors, score)
		first = last
	}
	return nil
}

func (q *quest) bridge(b coverage.Bridge, demand []int, total float64) Bridge {
	e := q.Roads.Edge(b.Edge)
	bridge := Bridge{
		Edge: b.Edge, Road: e.Name, From: q.Roads.Node(e.From).Name, To: q.Roads.Node(e.To).Name,
		Isolated: b.Isolated, Share: b.Isolated / total,
		Line: q.Roads.Stretch(route.Leg{Edge: b.Edge, Start: b.Piece.Start, End: b.Piece.End}),
	}
	points := make([]int, len(b.Demand))
	for k, i := range b.Demand {
		points[k] = demand[i]
	}
	slices.SortStableFunc(points, func(x, y int) int { return cmp.Compare(q.demand[y].Load, q.demand[x].Load) })
	for _, i := range points {
		bridge.Demand = append(bridge.Demand, q.demandName(i))
	}
	return bridge
}

// scoreSector scores the sector whose demand points are first to last-1.
func (q *quest) scoreSector(plan *Plan, access *coverage.Access, roads *coverage.Redundancy, number []int, first, last int) (SectorScore, error) {
	var points []int
	seat := first
	var load float64
	for i := first; i < last; i++ {
		points = append(points, i)
		load += q.demand[i].Load
		if q.demand[i].Load > q.demand[seat].Load {
			seat = i
		}
	}
	own, err := access.Only(points)
	if err != nil {
		return SectorScore{}, err
	}
	share, err := own.Cover(q.Settings.Plan.Within(), q.Settings.Plan.CoverageDepth)
	if err != nil {
		return SectorScore{}, err
	}
	sector := q.demand[first].Sector
	s := SectorScore{
		Code: q.Sectors[sector].ID, Name: q.Sectors[sector].Name, Group: q.Sectors[sector].Group,
		People: load / q.Settings.Demand.TonnesPersonDay(), Demand: load,
		Coverage: byDepth(share), Time: q.distribution(own.Times(), points),
		Seat: q.demand[seat].Name, Sector: sector,
	}
	if number[seat] < 0 {
		return s, nil
	}
	// The best hubs so far are scored even when the context has ended.
	pair, err := roads.Pair(context.Background(), number[seat])
	if err != nil {
		return SectorScore{}, err
	}
	s.Routes = pair.Count
	if pair.Count > 0 {
		s.First = q.route(plan, pair.Routes[0])
	}
	if pair.Count > 1 {
		s.Second = q.route(plan, pair.Routes[1])
	}
	return s, nil
}

func (q *quest) route(plan *Plan, p route.Path) *Route {
	r := &Route{InPlace: len(p.Legs) == 0, Time: Seconds(p.Time), KM: kilometers(p.Length), Roads: p.Roads(q.Roads), Line: p.Line(q.Roads)}
	for _, h := range plan.Hubs {
		if q.stops[h.Site] == p.From {
			r.Hub = h.ID
			break
		}
	}
	return r
}

// demandName names a demand point with its sector.
func (q *quest) demandName(i int) string {
	return q.demand[i].Name + ", " + q.Sectors[q.demand[i].Sector].Name
}

// distribution is the plan's form of a distribution over the demand points given, or all.
func (q *quest) distribution(t coverage.Times, points []int) Times {
	out := Times{Mean: Seconds(t.Mean), Median: Seconds(t.Median), P90: Seconds(t.P90), Max: Seconds(t.Max), Unreachable: t.Unreachable}
	if t.Worst >= 0 {
		worst := t.Worst
		if points != nil {
			worst = points[worst]
		}
		out.Worst = q.demandName(worst)
	}
	return out
}

func byDepth(share []float64) map[int]float64 {
	m := make(map[int]float64, len(share))
	for k, s := range share {
		m[k+1] = s
	}
	return m
}
