package osm

import (
	"strconv"
	"strings"

	"github.com/hubplan/hubplan/route"
)

// national returns the speed limit that a country's law sets for a kind of road, as
// the value "UA:urban" names it, or for a zone, "DE:zone:30" and "AT:30". It is zero
// where the law sets none, and not ok where the pair is unknown.
func national(country, kind string) (route.Speed, bool) {
	if x, ok := zone(kind); ok {
		return x, true
	}
	if country == "UK" {
		country = "GB"
	}
	if country == "GB" {
		x, ok := british[kind]
		return route.Speed(x) * milePerHour, ok
	}
	x, ok := limits[country][kind]
	return route.Speed(x) * route.KilometerPerHour, ok
}

// zone reads the kinds "30", "zone30" and "zone:30".
func zone(kind string) (route.Speed, bool) {
	kind = strings.TrimPrefix(strings.TrimPrefix(kind, "zone"), ":")
	x, err := strconv.ParseUint(kind, 10, 8)
	return route.Speed(x) * route.KilometerPerHour, err == nil && x > 0
}

// limits has the limits for cars in km/h; 0 is none. Countries are those whose codes
// the maps of Europe's east and centre use, with some neighbours. The United States
// have no national limits.
//
// Source: https://wiki.openstreetmap.org/wiki/Default_speed_limits
var limits = map[string]map[string]float64{
	"AT": {"living_street": 7, "bicycle_road": 30, "urban": 50, "rural": 100, "trunk": 100, "motorway": 130},
	"BY": {"living_street": 20, "urban": 60, "rural": 90, "motorway": 110},
	"CH": {"living_street": 20, "urban": 50, "rural": 80, "trunk": 100, "motorway": 120},
	"CZ": {"living_street": 20, "urban": 50, "rural": 90, "trunk": 110, "motorway": 130},
	"DE": {"living_street": 7, "bicycle_road": 30, "urban": 50, "rural": 100, "motorway": 0},
	"FR": {"living_street": 20, "urban": 50, "rural": 80, "trunk": 110, "motorway": 130},
	"HU": {"living_street": 20, "urban": 50, "rural": 90, "trunk": 110, "motorway": 130},
	"IT": {"urban": 50, "rural": 90, "trunk": 110, "motorway": 130},
	"LI": {"living_street": 20, "urban": 50, "rural": 80},
	"MC": {"urban": 50},
	"MD": {"living_street": 20, "urban": 50, "rural": 90, "motorway": 110},
	"MT": {"urban": 50, "rural": 80},
	"PL": {"living_street": 20, "urban": 50, "rural": 90, "trunk": 100, "expressway": 120, "motorway": 140},
	"PT": {"living_street": 20, "urban": 50, "rural": 90, "trunk": 100, "motorway": 120},
	"RO": {"living_street": 20, "urban": 50, "rural": 90, "trunk": 100, "motorway": 130},
	"RU": {"living_street": 20, "urban": 60, "rural": 90, "motorway": 110},
	"SK": {"living_street": 20, "urban": 50, "rural": 90, "trunk": 90, "motorway": 130, "motorway_urban": 90},
	"UA": {"living_street": 20, "urban": 50, "rural": 90, "trunk": 110, "motorway": 130},
}

// british has the limits of the United Kingdom in mph.
//
// Source: https://www.gov.uk/speed-limits
var british = map[string]float64{"nsl_restricted": 30, "urban": 30, "nsl_single": 60, "rural": 60, "nsl_dual": 70, "motorway": 70}
