package hub

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"time"

	"github.com/hubplan/hubplan/geo"
	"github.com/hubplan/hubplan/geo/input"
	"github.com/hubplan/hubplan/hub/locate"
	"github.com/hubplan/hubplan/route"
)

// Settings is the scenario file: everything a planner edits, apart from the data
// files it names. Its JSON Schema is testdata/ukraine/scenario.schema.json.
// Fields named Note and Source are for people: they say what an assumption rests on.
type Settings struct {
	Schema  string          `json:"$schema,omitempty"`
	Name    string          `json:"name"`
	Note    string          `json:"note,omitempty"`
	Files   Files           `json:"files"`
	Profile ProfileSettings `json:"profile"`
	Force   Force           `json:"force"`
	Demand  DemandSettings  `json:"demand"`
	Plan    PlanSettings    `json:"plan"`
}

// Files names the data files, relative to the scenario file.
type Files struct {
	Sectors string `json:"sectors"`        // GeoJSON polygons, see geo.ReadSectors
	Places  string `json:"places"`         // CSV, see geo.ReadPlaces
	Roads   string `json:"roads"`          // CSV, see route.ReadRoads; or GeoJSON, see route.ReadGeoJSON
	Rail    string `json:"rail,omitempty"` // CSV, see route.ReadRail; drawn on maps
	Sites   string `json:"sites"`          // CSV, see ReadSites
	Line    string `json:"line,omitempty"` // GeoJSON lines, see geo.ReadLines
}

// ProfileSettings is the vehicle, and how far from the network it goes.
type ProfileSettings struct {
	route.ProfileSettings
	// SiteLimitKM is how far from the network a site may lie, in km.
	SiteLimitKM float64 `json:"site_limit_km"`
	// DemandLimitKM is how far from the network demand may lie, in km; what lies
	// farther counts as unreachable.
	DemandLimitKM float64 `json:"demand_limit_km"`
	Source        string  `json:"source,omitempty"`
	Note          string  `json:"note,omitempty"`
}

// Force is who is to be supplied, and where.
type Force struct {
	People  int    `json:"people"`
	Sectors []Held `json:"sectors"` // the sectors held; shares sum to 1
	Source  string `json:"source,omitempty"`
	Note    string `json:"note,omitempty"`
}

// Held is a sector and the share of the force in it.
type Held struct {
	Code  string  `json:"code"`
	Share float64 `json:"share"`
	Note  string  `json:"note,omitempty"`
}

// DemandSettings is what a person needs.
type DemandSettings struct {
	Items []Item `json:"items"`
	Note  string `json:"note,omitempty"`
}

// Item is one planning factor.
type Item struct {
	Name              string  `json:"name"`
	KilogramPersonDay float64 `json:"kg_per_person_day"`
	Source            string  `json:"source,omitempty"`
	Note              string  `json:"note,omitempty"`
}

// PlanSettings is what is asked of the plan.
type PlanSettings struct {
	// Objective is the location model: "p-median" for the least demand-weighted
	// time, "maximal-cover" for the most demand within the time standard,
	// "set-cover" for the least opening cost that serves all demand within it.
	Objective locate.Model `json:"objective"`
	// Hubs is the number of hubs to open, those required included; set-cover
	// chooses its own.
	Hubs int `json:"hubs"`
	// Zones lists the zones whose sites may open; empty stands for all.
	Zones []Zone `json:"zones,omitempty"`
	// WithinHours is the time standard in hours, closed.
	WithinHours float64 `json:"within_hours"`
	// CoverageDepth is up to how many hubs within the standard are counted.
	CoverageDepth int `json:"coverage_depth"`
	// StandoffKM keeps sites at least this far from the line, in km; required and
	// existing sites stay, and the plan says so.
	StandoffKM float64 `json:"standoff_km"`
	Note       string  `json:"note,omitempty"`
}

// Within is the time standard.
func (p *PlanSettings) Within() time.Duration {
	return time.Duration(math.Round(p.WithinHours * float64(time.Hour)))
}

// Standoff is the least distance of a site from the line.
func (p *PlanSettings) Standoff() geo.Distance { return geo.Distance(p.StandoffKM) * geo.Kilometer }

// TonnesPersonDay is the demand of one person, in tonnes a day.
func (d *DemandSettings) TonnesPersonDay() float64 {
	var kg float64
	for _, i := range d.Items {
		kg += i.KilogramPersonDay
	}
	return kg / 1000
}

// maxPeople and the other limits bound what is taken for a slip of the pen.
const (
	maxPeople   = 10_000_000
	maxDepth    = 10
	maxHours    = 24 * 24 // what travel times can hold
	maxKM       = 20_000
	shareLeeway = 1e-6
)

// decimal is a number without an exponent.
func decimal(x float64) string { return strconv.FormatFloat(x, 'f', -1, 64) }

// validate reports what is wrong with the values of a scenario, each with the
// path of keys that leads to it.
func (s *Settings) validate(report func(path string, err error)) {
	fail := func(field string, sentinel error, format string, args ...any) {
		report(field, input.Errorf(sentinel, format, args...))
	}
	required := func(field, value string) {
		if value == "" {
			fail(field, input.ErrMissing, "it may not be empty")
		}
	}
	within := func(field string, x, lo, hi float64) {
		if !(x >= lo && x <= hi) {
			fail(field, input.ErrRange, "%s is not within %s to %s", decimal(x), decimal(lo), decimal(hi))
		}
	}
	required("name", s.Name)
	required("files.sectors", s.Files.Sectors)
	required("files.places", s.Files.Places)
	required("files.roads", s.Files.Roads)
	required("files.sites", s.Files.Sites)
	if _, err := s.Profile.Profile(); err != nil {
		report("profile", err)
	}
	within("profile.site_limit_km", s.Profile.SiteLimitKM, 0, maxKM)
	within("profile.demand_limit_km", s.Profile.DemandLimitKM, 0, maxKM)
	within("force.people", float64(s.Force.People), 1, maxPeople)
	var shares float64
	seen := make(map[string]bool)
	for i, h := range s.Force.Sectors {
		field := fmt.Sprintf("force.sectors[%d]", i)
		required(field+".code", h.Code)
		if seen[h.Code] {
			fail(field+".code", input.ErrDuplicate, "%q", h.Code)
		}
		seen[h.Code] = true
		within(field+".share", h.Share, 0, 1)
		shares += h.Share
	}
	if len(s.Force.Sectors) == 0 {
		fail("force.sectors", input.ErrMissing, "no sector is held")
	} else if math.Abs(shares-1) > shareLeeway {
		fail("force.sectors", input.ErrRange, "shares sum to %v, not 1", shares)
	}
	for i, item := range s.Demand.Items {
		field := fmt.Sprintf("demand.items[%d]", i)
		required(field+".name", item.Name)
		within(field+".kg_per_person_day", item.KilogramPersonDay, 0, 1000)
	}
	if !(s.Demand.TonnesPersonDay() > 0) {
		fail("demand.items", input.ErrMissing, "a person needs nothing")
	}
	if s.Plan.Objective != locate.SetCover || s.Plan.Hubs != 0 {
		within("plan.hubs", float64(s.Plan.Hubs), 1, maxPeople)
	}
	for i, z := range s.Plan.Zones {
		if slices.Contains(s.Plan.Zones[:i], z) {
			fail(fmt.Sprintf("plan.zones[%d]", i), input.ErrDuplicate, "%v", z)
		}
	}
	if !(s.Plan.WithinHours > 0 && s.Plan.WithinHours <= maxHours) {
		fail("plan.within_hours", input.ErrRange, "%v is not above 0 and at most %v", s.Plan.WithinHours, maxHours)
	}
	within("plan.coverage_depth", float64(s.Plan.CoverageDepth), 1, maxDepth)
	within("plan.standoff_km", s.Plan.StandoffKM, 0, maxKM)
}
