package osm

import (
	"os"
	"testing"

	"github.com/hubplan/hubplan/geo"
	"github.com/hubplan/hubplan/route"
)

// metresPerSecond is a speed for each class of road; a ferry without a duration makes 5.
var metresPerSecond = map[route.Class]float64{
	route.Motorway: 36, route.Trunk: 27, route.Primary: 22, route.Secondary: 19, route.Tertiary: 16,
	route.Unclassified: 14, route.Residential: 8, route.Service: 5, route.Track: 3, route.Ferry: 5,
}

func car() traveller {
	return traveller{kind: route.CarVehicle, weight: 1.5, axle: 0.8, height: 1.6, width: 1.8, long: 4.5, speeds: metresPerSecond, stop: true}
}

func truck() traveller {
	return traveller{kind: route.GoodsVehicle, weight: 7, axle: 4, height: 3, width: 2.5, long: 9, speeds: metresPerSecond, stop: true}
}

func with(v traveller, change func(*traveller)) traveller {
	change(&v)
	return v
}

// The routes that a person who looks at the drawing of a fixture expects.
func TestRoutes(t *testing.T) {
	heavy := with(truck(), func(v *traveller) { v.weight = 20 })
	high := with(truck(), func(v *traveller) { v.height = 4 })
	long := with(truck(), func(v *traveller) { v.long = 18.75 })
	axle := with(truck(), func(v *traveller) { v.weight, v.axle = 7.5, 8.5 })
	exempt := with(heavy, func(v *traveller) { v.kind = route.ExemptVehicle })
	owner := with(car(), func(v *traveller) { v.private = true })
	narrow := with(exempt, func(v *traveller) { v.width = 0.9 * geo.Meter })
	hazmat := with(truck(), func(v *traveller) { v.hazmat = true })
	for _, test := range []struct {
		fixture, who string
		v            traveller
		from, to     string
		want         string
	}{
		{"limits", "car", car(), "A", "E", "A B C D E"},
		{"limits", "truck", truck(), "A", "E", "A B C D E"},
		{"limits", "heavy", heavy, "A", "E", "A N1 B C D E"},
		{"limits", "high", high, "A", "E", "A B N2 C D E"},
		{"limits", "long", long, "E", "A", "E D N3 C B A"},
		{"limits", "axle", axle, "A", "E", "A B C D N4 E"},
		{"limits", "exempt", exempt, "A", "E", "A N1 B C D E"},

		{"hazmat", "truck", truck(), "A", "B", "A B"},
		{"hazmat", "truck with dangerous goods", hazmat, "A", "B", "A N B"},
		{"hazmat", "back", hazmat, "B", "A", "B N A"},

		{"turns", "no left turn", car(), "1W", "1N", "1W 1X 1E 1F 1N"},
		{"turns", "the other way", car(), "1N", "1W", "1N 1X 1W"},
		{"turns", "right turn", car(), "1W", "1S", "1W 1X 1S"},
		{"turns", "exempt", exempt, "1W", "1N", "1W 1X 1N"},
		{"turns", "only straight on", car(), "2W", "2N", "2W 2X 2E 2F 2N"},
		{"turns", "only straight on", truck(), "2W", "2S", "2W 2X 2E 2G 2S"},
		{"turns", "from elsewhere", car(), "2N", "2W", "2N 2X 2W"},
		{"turns", "except=hgv", truck(), "3W", "3N", "3W 3X 3N"},
		{"turns", "except=hgv", car(), "3W", "3N", "3W 3X 3E 3F 3N"},
		{"turns", "of hgv", truck(), "4W", "4N", "4W 4X 4E 4F 4N"},
		{"turns", "of hgv", car(), "4W", "4N", "4W 4X 4N"},

		{"viaway", "turning round", car(), "A1", "B2", "A1 P A2 B1 Q B2"},
		{"viaway", "into the gap", car(), "A1", "L", "A1 P M Q L"},
		{"viaway", "out of the gap", car(), "M", "B2", "M Q B2"},
		{"viaway", "exempt", exempt, "A1", "B2", "A1 P M Q B2"},
		{"viaway", "straight on", car(), "B", "G", "B C D E G"},
		{"viaway", "from elsewhere", car(), "C", "G", "C D G"},

		{"roundabout", "right", car(), "S", "E", "S rS rE E"},
		{"roundabout", "round", car(), "E", "S", "E rE rN rW rS S"},
		{"roundabout", "short cut", car(), "S", "W", "S W"},
		{"roundabout", "not against it", car(), "W", "S", "W rW rS S"},

		{"motorway", "out", car(), "A", "B", "A J1 K1 B"},
		{"motorway", "home", car(), "B", "A", "B K2 J2 A"},
		{"motorway", "over the link", car(), "A", "J2", "A J1 K1 K2 J2"},
		{"motorway", "back over the link", car(), "K2", "B", "K2 K1 B"},

		{"ferry", "by bridge", car(), "A", "B", "A C D B"},
		{"ferry", "to the island", car(), "A", "I", "A P M I"},
		{"ferry", "from the island", car(), "I", "B", "I M Q B"},

		{"private", "no leave", car(), "A", "B", "A N1 B"},
		{"private", "leave", owner, "A", "B", "A B"},
		{"private", "hgv=no", truck(), "B", "C", "B N2 C"},
		{"private", "hgv=no", car(), "B", "C", "B C"},
		{"private", "destination", truck(), "C", "D", "C D"},
		{"private", "one direction", car(), "D", "E", "D E"},
		{"private", "the other", car(), "E", "D", "none"},
		{"private", "exempt", exempt, "E", "A", "E D C B A"},

		{"barriers", "bollard", car(), "A", "B", "A N1 B"},
		{"barriers", "bollard on exempt", exempt, "A", "B", "A N1 B"},
		{"barriers", "bollard on narrow", narrow, "A", "B", "A B"},
		{"barriers", "open gate", car(), "B", "C", "B C"},
		{"barriers", "locked gate", car(), "C", "D", "C N3 D"},
		{"barriers", "locked gate with leave", owner, "C", "D", "C D"},
		{"barriers", "locked gate of exempt", exempt, "C", "D", "C D"},
		{"barriers", "blocks", car(), "D", "E", "D N4 E"},
		{"barriers", "blocked off", car(), "D", "F", "none"},
		{"barriers", "narrow", narrow, "D", "F", "D X F"},

		{"border", "straight", truck(), "A", "B", "A X B"},
		{"border", "left", car(), "A", "C", "A X B X C"},
		{"border", "left for truck", truck(), "A", "C", "A X B X C"},
		{"border", "left for exempt", exempt, "A", "C", "A X C"},
	} {
		t.Run(test.fixture+" "+test.who+" "+test.from+test.to, func(t *testing.T) {
			data, err := os.ReadFile("testdata/" + test.fixture + ".osm")
			if err != nil {
				t.Fatal(err)
			}
			n := mustRead(t, data).Network
			if got := engineRoute(t, n, test.v, test.from, test.to); got != test.want {
				t.Errorf("the engine goes %s, want %s", got, test.want)
			}
			s := newSearcher(n, test.v)
			if got := s.route(t, test.from, test.to); got != test.want {
				t.Errorf("got %s, want %s", got, test.want)
			}
		})
	}
}
