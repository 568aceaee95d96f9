package geo_test

import (
	"fmt"
	"log"
	"strings"

	"github.com/hubplan/hubplan/geo"
	"github.com/paulmach/orb"
)

// Two sectors, the second of which is a hole in the first, as a capital is in
// the region around it; a road; and a file with a mistake in it.
func Example() {
	const file = `{"type": "FeatureCollection", "features": [
		{"type": "Feature", "id": "R", "properties": {"name": "Region", "population": 1795000},
		 "geometry": {"type": "Polygon", "coordinates": [
			[[30, 50], [31, 50], [31, 51], [30, 51], [30, 50]],
			[[30.4, 50.4], [30.6, 50.4], [30.6, 50.6], [30.4, 50.6], [30.4, 50.4]]]}},
		{"type": "Feature", "id": "C", "properties": {"name": "Capital", "population": 2952000},
		 "geometry": {"type": "Polygon", "coordinates": [
			[[30.4, 50.4], [30.6, 50.4], [30.6, 50.6], [30.4, 50.6], [30.4, 50.4]]]}}]}`
	sectors, err := geo.ReadSectors(strings.NewReader(file), "sectors.geojson")
	if err != nil {
		log.Fatal(err)
	}
	center := orb.Point{30.5, 50.5}
	if i, ok := geo.NewIndex(sectors).Find(center); ok {
		fmt.Println(sectors[i].Name, sectors[i].Area())
	}

	roads := geo.NewLineIndex([]orb.LineString{{{30, 50}, {31, 50}}, {{30.7, 50}, {30.7, 51}}})
	if at, ok := roads.Nearest(center, 30*geo.Kilometer, nil); ok {
		fmt.Println("road", at.Line, "is", at.Distance, "away,", at.Along, "along")
	}

	_, err = geo.ReadSectors(strings.NewReader(strings.ReplaceAll(file, "[31, 51]", "[31, 151]")), "sectors.geojson")
	fmt.Println(err)
	// Output:
	// Capital 315 km²
	// road 1 is 14.1 km away, 55.6 km along
	// sectors.geojson: feature 1 "R": latitude 151 out of range
}
