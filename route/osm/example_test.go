package osm_test

import (
	"context"
	"fmt"
	"log"
	"strings"

	"github.com/hubplan/hubplan/route/osm"
)

// A map as an editor keeps it: a bridge with a weight limit and a road on from it.
func ExampleRead() {
	const drawing = `<osm version="0.6">
  <node id="1" lat="50.00" lon="30.00"><tag k="name" v="Left Bank"/></node>
  <node id="2" lat="50.00" lon="30.01"><tag k="name" v="Right Bank"/></node>
  <node id="3" lat="50.01" lon="30.02"/>
  <node id="4" lat="50.00" lon="30.03"><tag k="name" v="Town"/></node>
  <way id="10"><nd ref="1"/><nd ref="2"/>
    <tag k="highway" v="primary"/><tag k="name" v="Old Bridge"/><tag k="bridge" v="yes"/><tag k="maxweight" v="7.5"/></way>
  <way id="11"><nd ref="2"/><nd ref="3"/><nd ref="4"/>
    <tag k="highway" v="primary"/><tag k="maxspeed" v="UA:rural"/></way>
</osm>`
	m, err := osm.Read(context.Background(), strings.NewReader(drawing), int64(len(drawing)), "drawing.osm", osm.Options{})
	if err != nil {
		log.Fatal(err)
	}
	for i := range m.Network.Edges() {
		e := m.Network.Edge(i)
		fmt.Printf("%s: %v, %v, at most %v t, %.0f km/h\n", m.Network.Label(i), e.Class, e.Length, float64(e.MaxWeight), e.MaxSpeed.KilometersPerHour())
	}
	// Output:
	// Old Bridge Left Bank–Right Bank: primary, 715 m, at most 7.5 t, 0 km/h
	// Right Bank–Town: primary, 2.6 km, at most 0 t, 90 km/h
}
