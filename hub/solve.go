package hub

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"

	"github.com/hubplan/hubplan/geo"
	"github.com/hubplan/hubplan/geo/input"
	"github.com/hubplan/hubplan/hub/locate"
	"github.com/hubplan/hubplan/route"
)

// ErrScenario is wrapped by the errors of a scenario that reads well and asks
// for what cannot be: more hubs than sites, a site off the network, no demand
// within reach. What the location model itself finds infeasible wraps
// [locate.ErrInfeasible].
var ErrScenario = errors.New("invalid scenario")

// Options tunes [Solve].
type Options struct {
	// Seed feeds whatever is random in the search for hubs. It may change which
	// of several equally good plans is found, and nothing else.
	Seed uint64
	// Progress, if set, is told how far each stage is, in calls that do not overlap.
	Progress func(Progress)
}

// Progress is how far a stage of [Solve] is.
type Progress struct {
	Stage       string // "times", "hubs", "scores"
	Done, Total int    // Total is 0 where it is not known
	// Objective and Bound are those of the location model so far, in its own
	// unit; 0 outside the stage "hubs".
	Objective, Bound float64
}

// Solve finds the best hubs of a scenario and scores them. The choice is proven
// optimal unless the context ends first: the plan then carries the best hubs so
// far and a valid bound. Demand out of reach is not an error: the plan lists it.
func Solve(ctx context.Context, s *Scenario, o Options) (*Plan, error) {
	q, err := prepare(ctx, s)
	if err != nil {
		return nil, err
	}
	progress := o.Progress
	if progress == nil {
		progress = func(Progress) {}
	}
	if err := q.measure(ctx, progress); err != nil {
		return nil, err
	}
	solution, err := q.locate(ctx, o.Seed, progress)
	if err != nil {
		return nil, err
	}
	progress(Progress{Stage: "scores", Total: 1})
	plan, err := q.score(solution)
	if err != nil {
		return nil, err
	}
	progress(Progress{Stage: "scores", Done: 1, Total: 1})
	return plan, nil
}

// quest is a scenario on its way to a plan.
type quest struct {
	*Scenario
	router *route.Router
	demand []DemandPoint
	stops  []route.Stop // per site; those that may not open are left empty
	use    []SiteUse    // per site
	open   []int        // sites that may open, the rows of times
	status []locate.Status
	// times from the sites that may open to all demand points; those off the
	// network are unreachable.
	times    *route.Matrix
	reached  []int // demand points that some site that may open reaches
	warnings []string
}

func prepare(ctx context.Context, s *Scenario) (*quest, error) {
	var p input.Problems
	s.Settings.validate(func(path string, err error) { p.Add(&input.Error{Field: path, Err: err}) })
	if p.Len() > 0 {
		return nil, fmt.Errorf("hub: %w: %w", ErrScenario, p.Err())
	}
	q := &quest{Scenario: s, use: make([]SiteUse, len(s.Sites)), stops: make([]route.Stop, len(s.Sites))}
	profile, err := s.Settings.Profile.Profile()
	if err != nil {
		return nil, err
	}
	if q.router, err = route.NewRouter(ctx, s.Roads, profile); err != nil {
		return nil, err
	}
	if err := q.siteStops(); err != nil {
		return nil, err
	}
	q.demand = Demand(s)
	limit := geo.Distance(s.Settings.Profile.DemandLimitKM) * geo.Kilometer
	for i := range q.demand {
		d := &q.demand[i]
		stop, err := q.router.Snap(d.Point, limit)
		if err != nil && !errors.Is(err, route.ErrOffNetwork) {
			return nil, err
		}
		d.Stop, d.OnNetwork = stop, err == nil
	}
	return q, nil
}

// Demand returns the demand points of a scenario, not yet tied to its network:
// the force's people in each held sector, times what a person needs a day, shared
// among the sector's places by population, or over its area if it has none.
func Demand(s *Scenario) []DemandPoint {
	sector := make(map[string]int, len(s.Sectors))
	for i := range s.Sectors {
		sector[s.Sectors[i].ID] = i
	}
	var points []DemandPoint
	total := float64(s.Settings.Force.People) * s.Settings.Demand.TonnesPersonDay()
	for _, held := range s.Settings.Force.Sectors {
		if held.Share == 0 {
			continue
		}
		i := sector[held.Code]
		for _, sample := range geo.Samples(&s.Sectors[i], s.Places) {
			points = append(points, DemandPoint{Sector: i, Name: sample.Name, Point: sample.Point, Load: total * held.Share * sample.Share})
		}
	}
	return points
}

// siteStops decides which sites may open and ties them to the network.
func (q *quest) siteStops() error {
	var p input.Problems
	limit := geo.Distance(q.Settings.Profile.SiteLimitKM) * geo.Kilometer
	standoff := q.Settings.Plan.Standoff()
	for i, s := range q.Sites {
		q.use[i] = SiteUse{ID: s.ID, Name: s.Name}
		fixed := s.Status == Required || s.Status == Existing
		distance := geo.DistanceTo(s.Point, q.Line)
		if len(q.Line) > 0 {
			km := kilometers(distance)
			q.use[i].LineKM = &km
		}
		var reason string
		switch zones := q.Settings.Plan.Zones; {
		case s.Status == Excluded:
			reason = "excluded"
		case len(zones) > 0 && !slices.Contains(zones, s.Zone):
			reason = fmt.Sprintf("in zone %v", s.Zone)
		case distance < standoff:
			reason = fmt.Sprintf("%v from the line, less than %v", distance, standoff)
		}
		if reason != "" && fixed {
			q.warnings = append(q.warnings, fmt.Sprintf("%s is %v and stays open although it is %s.", s.Name, s.Status, reason))
			reason = ""
		}
		if q.use[i].Reason = reason; reason != "" {
			continue
		}
		stop, err := q.router.Snap(s.Point, limit)
		if err != nil {
			p.Add(&input.Error{File: q.Settings.Files.Sites, ID: s.ID, Err: err})
			continue
		}
		q.stops[i] = stop
		q.open = append(q.open, i)
		status := locate.Candidate
		if fixed {
			status = locate.Required
		}
		q.status = append(q.status, status)
	}
	if err := p.Err(); err != nil {
		return fmt.Errorf("hub: %w: %w", ErrScenario, err)
	}
	plan := q.Settings.Plan
	if len(q.open) == 0 {
		return fmt.Errorf("hub: %w: none of the %d sites may open", ErrScenario, len(q.Sites))
	}
	if plan.Objective == locate.SetCover {
		return nil
	}
	if plan.Hubs > len(q.open) {
		return fmt.Errorf("hub: %w: plan.hubs: %d hubs, and only %d of the %d sites may open", ErrScenario, plan.Hubs, len(q.open), len(q.Sites))
	}
	return nil
}

// measure finds the times from every site that may open to every demand point.
func (q *quest) measure(ctx context.Context, progress func(Progress)) error {
	var from, to []route.Stop
	var at []int
	for _, i := range q.open {
		from = append(from, q.stops[i])
	}
	for i, d := range q.demand {
		if d.OnNetwork {
			to = append(to, d.Stop)
			at = append(at, i)
		}
	}
	progress(Progress{Stage: "times", Total: len(from)})
	m, err := q.router.Matrix(ctx, from, to, route.MatrixOptions{})
	if err != nil {
		return err
	}
	progress(Progress{Stage: "times", Done: len(from), Total: len(from)})
	q.times = &route.Matrix{Rows: len(from), Columns: len(q.demand), Millis: make([]uint32, len(from)*len(q.demand))}
	for k := range q.times.Millis {
		q.times.Millis[k] = route.Unreachable
	}
	reached := make([]bool, len(q.demand))
	for r := range from {
		for c, i := range at {
			ms := m.Millis[r*m.Columns+c]
			q.times.Millis[r*q.times.Columns+i] = ms
			if ms != route.Unreachable {
				reached[i] = true
			}
		}
	}
	for i, ok := range reached {
		if ok {
			q.reached = append(q.reached, i)
		}
	}
	if len(q.reached) == 0 {
		return fmt.Errorf("hub: %w: no site that may open reaches any demand", ErrScenario)
	}
	return nil
}

// state makes a location problem of the times. Costs are in milliseconds, so
// that they are exact.
func (q *quest) state() (locate.Problem, error) {
	plan := q.Settings.Plan
	costs := locate.Dense{
		Demands: len(q.reached),
		Sites:   len(q.open),
		Values:  make([]float64, len(q.reached)*len(q.open)),
	}
	p := locate.Problem{
		Model:  plan.Objective,
		P:      plan.Hubs,
		Site:   q.status,
		Radius: float64(plan.Within().Milliseconds()),
		Costs:  costs,
	}
	for k, i := range q.reached {
		p.Weight = append(p.Weight, q.demand[i].Load)
		covered := false
		for j := range q.open {
			cost := math.Inf(1)
			if ms := q.times.Millis[j*q.times.Columns+i]; ms != route.Unreachable {
				cost = float64(ms)
			}
			costs.Values[k*len(q.open)+j] = cost
			covered = covered || cost <= p.Radius
		}
		if plan.Objective == locate.SetCover && !covered {
			d := &q.demand[i]
			return p, fmt.Errorf("hub: %w: no site that may open is within %v of %s in %s", locate.ErrInfeasible, plan.Within(), d.Name, q.Sectors[d.Sector].Name)
		}
	}
	for _, i := range q.open {
		p.Opening = append(p.Opening, q.Sites[i].OpeningCost)
	}
	return p, nil
}

// locate chooses the hubs.
func (q *quest) locate(ctx context.Context, seed uint64, progress func(Progress)) (*locate.Solution, error) {
	p, err := q.state()
	if err != nil {
		return nil, err
	}
	solution, err := locate.Solve(ctx, p, locate.Options{Seed: seed, Progress: func(x locate.Progress) {
		progress(Progress{Stage: "hubs", Done: x.Nodes, Objective: x.Objective, Bound: x.Bound})
	}})
	if err != nil {
		return nil, fmt.Errorf("hub: %w", err)
	}
	return solution, nil
}
