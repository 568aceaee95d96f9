package input_test

import (
	"fmt"
	"math"
	"strings"

	"github.com/hubplan/hubplan/geo/input"
)

// A table and a settings file with mistakes: all are reported together.
func Example() {
	var p input.Problems

	const table = `id,lon,lat,storage_t
Lviv,24.03,49.84,1200
Dnipro,35.05,148.46,-5
`
	stored := 0.0
	for row := range input.ReadTable(strings.NewReader(table), "sites.csv", &p, []string{"id", "lon", "lat", "storage_t"}).Rows() {
		row.Text("id")
		row.Point()
		stored += row.Number("storage_t", 0, math.Inf(1))
	}

	var settings struct {
		Hubs    int `json:"hubs"`
		Profile struct {
			Speeds map[string]float64 `json:"speeds_kmh"`
		} `json:"profile"`
	}
	input.JSON(strings.NewReader(`{
  "hubs": 5,
  "profile": {"speeds_kmh": {"motorway": "fast"}},
  "forse": {}
}`), "scenario.json", &settings, &p)

	fmt.Println(stored, settings.Hubs)
	fmt.Println(p.Err())
	// Output:
	// 1200 0
	// sites.csv:3: lat: latitude 148.46 out of range
	// sites.csv:3: storage_t: -5 is negative
	// scenario.json:3:42: profile.speeds_kmh.motorway: text where a number is wanted
	// scenario.json:4:3: unknown key "forse"
}
