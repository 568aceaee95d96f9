package hub

import (
	"time"

	"github.com/hubplan/hubplan/geo"
	"github.com/hubplan/hubplan/hub/locate"
	"github.com/hubplan/hubplan/route"
	"github.com/paulmach/orb"
)

// Plan is the answer to a scenario: the hubs, the proof of their choice and
// the scores. Its JSON form is what programs read; times in it are in seconds,
// lengths in kilometres, loads in tonnes a day, shares from 0 to 1.
type Plan struct {
	Scenario string       `json:"scenario"`
	Model    locate.Model `json:"model"`
	// Objective is in Unit: tonne-hours a day for p-median, tonnes a day covered for
	// maximal-cover, thousands of euros for set-cover.
	Objective float64 `json:"objective"`
	// Bound is proven: no choice of hubs has a better objective.
	Bound   float64 `json:"bound"`
	Gap     float64 `json:"gap"`
	Optimal bool    `json:"optimal"`
	Unit    string  `json:"unit"`
	// Nodes is how many branch-and-bound nodes the proof took.
	Nodes int `json:"nodes"`

	People      int     `json:"people"`
	Demand      float64 `json:"demand_t_day"`
	WithinHours float64 `json:"within_hours"`
	StandoffKM  float64 `json:"standoff_km"`

	Hubs []Hub `json:"hubs"`
	// Coverage is, for each depth k, the share of demand with at least k hubs
	// within the time standard.
	Coverage map[int]float64 `json:"coverage"`
	Time     Times           `json:"time"`
	// Redundancy is about the loss of roads.
	Redundancy Redundancy `json:"redundancy"`
	// N1 is the share of demand with a hub within the time standard after the
	// loss of each hub, by its id; Losses has the details.
	N1      map[string]float64 `json:"n1"`
	Losses  []HubLoss          `json:"hub_losses"`
	Sectors []SectorScore      `json:"sectors"`
	// Sites says what became of every site, in the order of the site file.
	Sites []SiteUse `json:"sites"`
	// Unserved is the demand that no hub reaches, with the reason.
	Unserved []Unserved `json:"unserved"`
	// Warnings are for the planner: what the plan had to accept.
	Warnings []string `json:"warnings"`
}

// Hub is an open site.
type Hub struct {
	ID     string  `json:"id"`
	Name   string  `json:"name"`
	Lon    float64 `json:"lon"`
	Lat    float64 `json:"lat"`
	Zone   Zone    `json:"zone"`
	Status Status  `json:"status"`
	// Load is the demand nearest to the hub, in tonnes a day.
	Load       float64 `json:"load"`
	Throughput float64 `json:"throughput_t_day"`
	Storage    float64 `json:"storage_t"`
	// StockDays is how many days of its load the hub can store; 0 without load.
	StockDays  float64 `json:"stock_days"`
	RepairBays int     `json:"repair_bays"`
	// Worth is how much the objective worsens without the hub, in the plan's
	// unit; negative one if the model then has no answer.
	Worth float64 `json:"worth"`
	// Serves lists the sectors it serves, the largest share of its load first.
	Serves []Served `json:"serves"`
	Site   int      `json:"-"` // in Scenario.Sites
}

// Served is what a hub brings to a sector, in tonnes a day.
type Served struct {
	Code string  `json:"code"`
	Name string  `json:"name"`
	Load float64 `json:"load"`
}

// Times is the distribution of the demand's times to its nearest hub. All but
// Unreachable speak of the demand within reach.
type Times struct {
	Mean   Seconds `json:"mean"`
	Median Seconds `json:"median"`
	P90    Seconds `json:"p90"`
	Max    Seconds `json:"max"`
	// Unreachable is the share of demand that no hub reaches.
	Unreachable float64 `json:"unreachable"`
	// Worst is the demand point behind Max, empty with none within reach.
	Worst string `json:"worst"`
}

// Seconds is a duration that JSON shows in seconds, to the millisecond.
type Seconds time.Duration

// Redundancy is what the loss of roads can do.
type Redundancy struct {
	// SectorsWithTwoRoutes counts the held sectors whose seat (the demand point
	// with the most demand) has two edge-disjoint routes to the hubs.
	SectorsWithTwoRoutes int `json:"sectors_with_two_routes"`
	// SectorsWithFewer lists the codes of the others.
	SectorsWithFewer []string `json:"sectors_with_fewer"`
	// DemandWithTwoRoutes is the share of demand with two edge-disjoint routes.
	DemandWithTwoRoutes float64 `json:"demand_with_two_routes"`
	// Bridges are the road edges whose loss isolates demand, the worst first.
	Bridges []Bridge `json:"bridges"`
}

// Bridge is a road edge whose loss cuts demand off from every hub.
type Bridge struct {
	Edge int    `json:"edge"` // number in the road network
	Road string `json:"road"`
	From string `json:"from"`
	To   string `json:"to"`
	// Isolated is the demand cut off, in tonnes a day, and Share its share.
	Isolated float64 `json:"isolated"`
	Share    float64 `json:"share"`
	// Demand names the demand points cut off, the largest first.
	Demand []string `json:"demand"`
	// Line is the stretch, the worst piece of the edge.
	Line orb.LineString `json:"-"`
}

// HubLoss is what is left when a hub is lost.
type HubLoss struct {
	Hub      string          `json:"hub"`
	Coverage map[int]float64 `json:"coverage"`
	Time     Times           `json:"time"`
	// Hit names the demand point that suffers most, empty if none does.
	Hit string `json:"hit"`
}

// SectorScore is the service of a held sector.
type SectorScore struct {
	Code  string `json:"code"`
	Name  string `json:"name"`
	Group string `json:"group"`
	// People and Demand (tonnes a day) are what the force has in the sector.
	People   float64         `json:"people"`
	Demand   float64         `json:"demand_t_day"`
	Coverage map[int]float64 `json:"coverage"`
	Time     Times           `json:"time"`
	// Seat names the demand point with the most demand, which stands for the
	// sector where a single point has to.
	Seat string `json:"seat"`
	// Routes is how many edge-disjoint routes lead from the hubs to the seat:
	// 0, 1, or 2 for two and more.
	Routes int `json:"routes"`
	// First and Second are the two with the least total time; nil if there are fewer.
	First  *Route `json:"first"`
	Second *Route `json:"second"`
	Sector int    `json:"-"` // in Scenario.Sectors
}

// Route is a way from a hub to the seat of a sector.
type Route struct {
	Hub string `json:"hub"`
	// InPlace says that the hub stands where the seat meets the road network, so
	// that the route has no road in it.
	InPlace bool           `json:"in_place"`
	Time    Seconds        `json:"time"`
	KM      float64        `json:"km"`
	Roads   []string       `json:"roads"`
	Line    orb.LineString `json:"-"`
}

// SiteUse is what became of a site.
type SiteUse struct {
	ID   string `json:"id"`
	Name string `json:"name"`
	Open bool   `json:"open"`
	// Reason says why the site could not open; empty if it could.
	Reason string `json:"reason,omitempty"`
	// LineKM is its distance from the line, in km; absent if there is no line.
	LineKM *float64 `json:"line_km,omitempty"`
}

// Unserved is demand that no hub reaches.
type Unserved struct {
	Sector string  `json:"sector"`
	Name   string  `json:"name"`
	Load   float64 `json:"load"`
	Reason string  `json:"reason"`
}

// DemandPoint is a point that the plan supplies.
type DemandPoint struct {
	Sector int // in Scenario.Sectors
	Name   string
	Point  orb.Point
	// Load is in tonnes a day.
	Load float64
	// Stop ties the point to the road network if OnNetwork is true.
	Stop      route.Stop
	OnNetwork bool
}

// kilometers rounds a distance to whole metres for people and files.
func kilometers(d geo.Distance) float64 { return float64(int64(float64(d)+0.5)) / 1000 }
