package osm

import (
	"math"
	"strings"
	"testing"
	"time"

	"github.com/hubplan/hubplan/geo"
	"github.com/hubplan/hubplan/route"
	"github.com/paulmach/orb"
)

// near reports whether two numbers are equal but for rounding.
func near(a, b float64) bool { return math.Abs(a-b) <= 1e-9*max(1, math.Abs(b)) }

func TestSpeed(t *testing.T) {
	for value, want := range map[string]float64{ // km/h; -1: cannot be read
		"50": 50, "50 km/h": 50, "30 mph": 48.28032, "30mph": 48.28032, "10 knots": 18.52, "walk": 7, "none": 0,
		"signals": 0, "UA:urban": 50, "UA:rural": 90, "UA:motorway": 130, "BY:urban": 60, "PL:expressway": 120, "RO:trunk": 100,
		"MD:rural": 90, "HU:trunk": 110, "SK:motorway_urban": 90, "DE:motorway": 0, "DE:living_street": 7, "AT:rural": 100,
		"MT:rural": 80, "PT:motorway": 120, "LI:rural": 80, "MC:urban": 50, "FR:rural": 80, "IT:motorway": 130, "RU:rural": 90,
		"GB:nsl_single": 96.56064, "UK:nsl_dual": 112.65408, "DE:zone:30": 30, "DE:zone30": 30, "AT:30": 30, "12.5": 12.5,
		"50;30": 30, "80; none": 80, "0": -1, "-50": -1, "fast": -1, "50 furlongs": -1, "1e9": -1, "XX:urban": -1, "UA:moon": -1,
		"1000": -1, "": -1, "DE:zone": -1, "DE:zone:0": -1, ":": -1,
	} {
		got, ok := least(value, speed)
		if want < 0 {
			if ok || got != 0 {
				t.Errorf("%q is read as %v", value, got.KilometersPerHour())
			}
		} else if !ok || !near(got.KilometersPerHour(), want) {
			t.Errorf("%q: %v km/h, %v; want %v", value, got.KilometersPerHour(), ok, want)
		}
	}
	// A part of a list that cannot be read does not hide the others.
	if got, ok := least("fast;60", speed); ok || !near(got.KilometersPerHour(), 60) {
		t.Errorf("got %v, %v", got, ok)
	}
}

func TestMass(t *testing.T) {
	for value, want := range map[string]float64{ // tonnes
		"7.5": 7.5, "7.5 t": 7.5, "7.5t": 7.5, "7,5": 7.5, "38000 kg": 38, "3 st": 2.72155422, "3 tons": 2.72155422, "3 tonnes": 3, "12000 lbs": 5.44310844,
		"10 lt": 10.16046909, "none": 0, "unsigned": 0, "default": 0, "20;12": 12, "0": -1, "heavy": -1, "5 stone": -1, "-3": -1, "NaN": -1, "1e5": -1, "5000": -1,
	} {
		got, ok := least(value, mass)
		if want < 0 {
			if ok || got != 0 {
				t.Errorf("%q is read as %v t", value, got)
			}
		} else if !ok || math.Abs(float64(got)-want) > 1e-8 {
			t.Errorf("%q: %v t, %v; want %v", value, float64(got), ok, want)
		}
	}
}

func TestSpan(t *testing.T) {
	for value, want := range map[string]float64{ // metres
		"3.8": 3.8, "3.8 m": 3.8, "380 cm": 3.8, "12'6\"": 3.81, "12'": 3.6576, "12 ft": 3.6576, "12 ft 6 in": 3.81, "12' 6\"": 3.81, "12'6''": 3.81,
		"150 in": 3.81, "default": 0, "below_default": 0, "none": 0, "no_sign": 0, "3,5": 3.5, "4;3.5": 3.5,
		"12'13\"": -1, "12'x": -1, "tall": -1, "0": -1, "3.5 yards": -1, "12'6 cm": -1, "2000": -1,
	} {
		got, ok := least(value, span)
		if want < 0 {
			if ok || got != 0 {
				t.Errorf("%q is read as %v m", value, float64(got))
			}
		} else if !ok || !near(float64(got), want) {
			t.Errorf("%q: %v m, %v; want %v", value, float64(got), ok, want)
		}
	}
}

func TestCrossing(t *testing.T) {
	for value, want := range map[string]time.Duration{
		"45": 45 * time.Minute, "00:45": 45 * time.Minute, "1:30": 90 * time.Minute, "26:00": 26 * time.Hour, "00:00:30": 30 * time.Second,
		"PT45M": 45 * time.Minute, "PT1H30M": 90 * time.Minute, "P1DT2H": 26 * time.Hour, "PT90S": 90 * time.Second,
		"": 0, "soon": 0, "1:75": 0, "-5": 0, "99999": 0, "P1Y": 0, "45 min": 0, "P": 0,
	} {
		if got := crossing(value); got != want {
			t.Errorf("%q: %v, want %v", value, got, want)
		}
	}
}

// tagged reads tags from "k=v k=v", with ~ for a space in a value.
func tagged(s string) *tags {
	t := new(tags)
	for _, part := range strings.Fields(s) {
		k, v, _ := strings.Cut(part, "=")
		t.set([]byte(k), []byte(strings.ReplaceAll(v, "~", " ")))
	}
	return t
}

func TestClass(t *testing.T) {
	for s, want := range map[string]route.Class{
		"highway=motorway": route.Motorway, "highway=motorway_link": route.Motorway, "highway=trunk_link": route.Trunk, "highway=primary": route.Primary,
		"highway=secondary_link": route.Secondary, "highway=tertiary": route.Tertiary, "highway=unclassified": route.Unclassified, "highway=road": route.Unclassified,
		"highway=residential": route.Residential, "highway=living_street": route.Residential, "highway=service": route.Service, "highway=track": route.Track,
		"route=ferry": route.Ferry, "route=shuttle_train": route.Ferry, "railway=rail": route.Railway, "railway=narrow_gauge": route.Railway,
		"railway=rail highway=service": route.Service, "highway=footway route=ferry": route.Ferry,
	} {
		if got, ok := tagged(s).class(true); !ok || got != want {
			t.Errorf("%s: %v, %v; want %v", s, got, ok, want)
		}
	}
	for _, s := range []string{"highway=footway", "highway=path", "highway=cycleway", "highway=steps", "highway=pedestrian", "highway=construction",
		"highway=proposed", "highway=service area=yes", "route=bus", "railway=abandoned", "railway=tram", "railway=subway", "railway=construction",
		"route=ferry area=yes", "building=yes", ""} {
		if got, ok := tagged(s).class(true); ok {
			t.Errorf("%s: %v, want none", s, got)
		}
	}
	if _, ok := tagged("railway=rail").class(false); ok {
		t.Error("a railway that is not asked for")
	}
}

// What tags say of the two directions of a road, as text() writes edges.
func TestRoad(t *testing.T) {
	for _, test := range []struct{ tags, want string }{
		{"highway=primary", "--"},
		{"highway=primary oneway=yes", "->"},
		{"highway=primary oneway=1", "->"},
		{"highway=primary oneway=true", "->"},
		{"highway=primary oneway=-1", "<-"},
		{"highway=primary oneway=reverse", "<-"},
		{"highway=primary oneway=no", "--"},
		{"highway=primary oneway=perhaps", "--"},
		{"highway=primary oneway=alternating", "--"},
		{"highway=primary oneway=reversible", "-- cars closed goods closed"},
		{"highway=motorway", "->"},
		{"highway=motorway_link", "->"},
		{"highway=motorway_link oneway=no", "--"},
		{"highway=motorway oneway=-1", "<-"},
		{"highway=trunk", "--"},
		{"highway=tertiary junction=roundabout", "->"},
		{"highway=tertiary junction=circular", "->"},
		{"highway=tertiary junction=roundabout oneway=no", "--"},
		{"highway=tertiary junction=jughandle", "--"},
		{"highway=primary oneway=yes oneway:motor_vehicle=no", "--"},
		{"highway=primary oneway:motor_vehicle=yes", "->"},
		{"highway=primary oneway:hgv=yes", "-- / goods closed"},
		{"highway=primary oneway=yes oneway:hgv=no", "-- / cars closed"},
		{"highway=primary oneway:hgv=-1", "-- goods closed /"},
		{"railway=rail oneway=yes", "--"},

		{"highway=primary access=no", "-- cars closed goods closed"},
		{"highway=primary access=no motor_vehicle=yes", "--"},
		{"highway=primary access=no motorcar=yes", "-- goods closed"},
		{"highway=primary motor_vehicle=private hgv=designated", "-- cars private"},
		{"highway=primary vehicle=destination", "-- cars destination goods destination"},
		{"highway=primary access=customers", "-- cars destination goods destination"},
		{"highway=primary access=permit", "-- cars private goods private"},
		{"highway=primary motor_vehicle=agricultural", "-- cars closed goods closed"},
		{"highway=primary motor_vehicle=agricultural;permissive", "--"},
		{"highway=primary motor_vehicle=odd access=private", "-- cars private goods private"},
		{"highway=primary hgv=no", "-- goods closed"},
		{"highway=primary goods=no", "-- goods closed"},
		{"highway=primary goods=no hgv=delivery", "-- goods destination"},
		{"highway=primary bicycle=no foot=no", "--"},
		{"highway=primary motor_vehicle:forward=no", "-- cars closed goods closed /"},
		{"highway=primary access=no motor_vehicle:backward=yes", "-- cars closed goods closed /"},
		{"highway=primary hgv:conditional=no~@~(22:00-06:00)", "--"},

		{"highway=primary maxspeed=60", "-- 60.0 km/h"},
		{"highway=primary maxspeed=60 maxspeed:hgv=50", "-- 60.0 km/h"},
		{"highway=primary maxspeed=60 maxspeed:backward=40", "-- 60.0 km/h / 40.0 km/h"},
		{"highway=primary oneway=-1 maxspeed:forward=60 maxspeed:backward=40", "<- 40.0 km/h"},
		{"highway=primary maxspeed:type=UA:urban", "-- 50.0 km/h"},
		{"highway=primary source:maxspeed=RO:rural", "-- 90.0 km/h"},
		{"highway=primary zone:maxspeed=DE:30", "-- 30.0 km/h"},
		{"highway=primary maxspeed=70 source:maxspeed=RO:rural", "-- 70.0 km/h"},
		{"highway=primary source:maxspeed=survey", "--"},
		{"highway=primary maxspeed=fast", "-- unread"},
		{"highway=primary maxspeed=fast maxspeed:type=UA:urban", "-- 50.0 km/h unread"},

		{"highway=primary maxweight=7.5 maxweightrating=12", "-- weight 7.500"},
		{"highway=primary maxweightrating:hgv=3.5 maxweight=20", "-- weight 3.500"},
		{"highway=primary maxweight=3.5 maxweight:forward=2", "-- weight 2.000 / weight 3.500"},
		{"highway=primary maxweight=lots", "-- unread"},
		{"highway=primary maxheight=default maxheight:physical=3.9", "-- height 3.900"},
		{"highway=primary maxheight=3.7 maxheight:physical=3.9 maxwidth=2.3 maxlength=12 maxaxleload=8", "-- axle 8.000 height 3.700 width 2.300 length 12.000"},
		{"highway=primary maxwidth:physical=2", "-- width 2.000"},
		{"highway=primary hazmat=no", "-- no hazmat"},
		{"highway=primary hazmat:water=no", "--"},
		{"highway=primary hazmat=designated", "--"},

		{"highway=primary bridge=viaduct layer=2", "-- bridge layer 2"},
		{"highway=primary bridge=no tunnel=building_passage layer=-1", "-- tunnel layer -1"},
		{"highway=primary layer=1000", "--"},
		{"highway=primary toll=yes", "-- toll"},
		{"highway=primary toll=no toll:hgv=yes", "-- toll"},
		{"highway=track tracktype=grade2", "-- gravel"},
		{"highway=track tracktype=grade1 surface=ground", "-- earth"},
		{"highway=track surface=sett", "-- stone"},
		{"highway=track surface=asphalt", "-- paved"},
		{"highway=track surface=unheard_of tracktype=grade5", "-- earth"},

		{"railway=rail gauge=1520;1435 electrified=contact_line maxspeed=120 access=no", "-- 120.0 km/h gauges [1520 1435] electrified"},
		{"railway=rail gauge=1000 electrified=no", "-- gauges [1000 0]"},
		{"railway=rail gauge=broad;1435;1520;1000", "-- gauges [1435 1520]"},
		{"route=ferry duration=1:00", "-- 1h0m0s"},
		{"route=ferry foot=yes", "-- cars closed goods closed"},
		{"route=ferry foot=yes motor_vehicle=yes", "--"},
		{"route=ferry foot=yes motorcar=yes", "-- goods closed"},
		{"route=ferry foot=no", "--"},
	} {
		tags := tagged(test.tags)
		class, ok := tags.class(true)
		if !ok {
			t.Errorf("%s: no road", test.tags)
			continue
		}
		r, unread := tags.road(class)
		got := "--"
		switch {
		case r.oneWay && r.reversed:
			got = "<-"
		case r.oneWay:
			got = "->"
		}
		got += attributesText(r.forth)
		if r.back != r.forth {
			got += " /" + attributesText(r.back)
		}
		if unread {
			got += " unread"
		}
		if got != test.want {
			t.Errorf("%s:\ngot  %s\nwant %s", test.tags, got, test.want)
		}
	}
}

func TestBarrier(t *testing.T) {
	for _, test := range []struct{ tags, want string }{
		{"", "nothing"},
		{"access=no", "nothing"},
		{"highway=crossing maxheight=3", "nothing"},
		{"barrier=gate", "nothing"},
		{"barrier=lift_gate", "nothing"},
		{"barrier=swing_gate access=private", " cars private goods private"},
		{"barrier=gate locked=yes", " cars private goods private"},
		{"barrier=gate locked=yes motor_vehicle=yes", "nothing"},
		{"barrier=gate hgv=no", " goods closed"},
		{"barrier=bollard", " width 1.000 cars closed goods closed"},
		{"barrier=bollard bollard=rising", " cars private goods private"},
		{"barrier=bollard bollard=removable access=no", " cars closed goods closed"},
		{"barrier=bollard motor_vehicle=no bicycle=yes", " width 1.000 cars closed goods closed"},
		{"barrier=bollard motor_vehicle=permissive", "nothing"},
		{"barrier=bollard motorcar=yes", " goods closed"},
		{"barrier=block maxwidth=2", " width 2.000 cars closed goods closed"},
		{"barrier=jersey_barrier", " width 1.000 cars closed goods closed"},
		{"barrier=cycle_barrier", " width 1.000 cars closed goods closed"},
		{"barrier=unheard_of", " width 1.000 cars closed goods closed"},
		{"barrier=kerb", "nothing"},
		{"barrier=cattle_grid", "nothing"},
		{"barrier=toll_booth", " toll"},
		{"barrier=border_control", " border"},
		{"barrier=border_control hazmat=no maxweight=40", " weight 40.000 no hazmat border"},
		{"barrier=height_restrictor maxheight=2.1", " height 2.100"},
		{"barrier=height_restrictor maxheight=low", "nothing unread"},
	} {
		a, ok, unread := tagged(test.tags).barrier()
		got := attributesText(a)
		if !ok {
			got = "nothing"
		}
		if unread {
			got += " unread"
		}
		if got != test.want {
			t.Errorf("%s: got%s, want%s", test.tags, got, test.want)
		}
	}
}

func TestTagsClear(t *testing.T) {
	got := tagged("highway=primary maxspeed:forward=50")
	got.clear()
	if *got != (tags{}) {
		t.Error("tags of one object are left for the next")
	}
}

// The point of a block is the float64 nearest to the decimal, at the least and the
// greatest coordinate as well.
func TestPoint(t *testing.T) {
	b := block{granularity: 100}
	for _, test := range []struct {
		lat, lon int64
		want     orb.Point
		ok       bool
	}{
		{501234567, 301234567, orb.Point{30.1234567, 50.1234567}, true},
		{-900000000, 1800000000, orb.Point{180, -90}, true},
		{900000001, 0, orb.Point{0, 90.0000001}, false},
		{0, -1800000001, orb.Point{-180.0000001, 0}, false},
		{math.MaxInt64, math.MinInt64, orb.Point{}, false},
	} {
		got, err := b.point(test.lat, test.lon)
		if (err == nil) != test.ok || test.ok && got != test.want {
			t.Errorf("%d %d: %v, %v; want %v", test.lat, test.lon, got, err, test.want)
		}
	}
}

func TestShareAddsUp(t *testing.T) {
	p := new(plan)
	edges := make([]route.Edge, 7)
	for i := range edges {
		edges[i].Line = orb.LineString{{30, 50}, {30 + float64(i*i+1)/1000, 50}}
		edges[i].Duration = 10 * time.Minute
	}
	p.share(edges, true)
	var sum time.Duration
	var length geo.Distance
	for _, e := range edges {
		sum += e.Duration
		length += e.Length
	}
	if sum != 10*time.Minute {
		t.Errorf("parts of %v in sum", sum)
	}
	for i, e := range edges {
		if want := 600 * float64(e.Length/length); math.Abs(e.Duration.Seconds()-want) > 0.001 || e.Duration%time.Millisecond != 0 {
			t.Errorf("edge %d: %v, want %v s", i, e.Duration, want)
		}
	}
}
