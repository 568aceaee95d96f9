package route_test

import (
	"context"
	"fmt"
	"log"
	"time"

	"github.com/hubplan/hubplan/geo"
	"github.com/hubplan/hubplan/route"
	"github.com/paulmach/orb"
)

// Two ways from A to C; what the loss of the short one costs.
func Example() {
	net, err := route.NewNetwork(
		[]route.Node{{Name: "A", Point: orb.Point{30, 50}}, {Name: "B", Point: orb.Point{30.2, 50.1}}, {Name: "C", Point: orb.Point{30.4, 50}}},
		[]route.Edge{
			{From: 0, To: 2, Class: route.Primary, Name: "H1", Length: 30 * geo.Kilometer},
			{From: 0, To: 1, Class: route.Trunk, Name: "M1", Length: 20 * geo.Kilometer},
			{From: 1, To: 2, Class: route.Trunk, Name: "M1", Length: 20 * geo.Kilometer},
		})
	if err != nil {
		log.Fatal(err)
	}
	ctx := context.Background()
	router, err := route.NewRouter(ctx, net, route.Profile{
		Name:   "truck",
		Speed:  map[route.Class]route.Speed{route.Trunk: 60 * route.KilometerPerHour, route.Primary: 50 * route.KilometerPerHour},
		Access: 20 * route.KilometerPerHour,
	})
	if err != nil {
		log.Fatal(err)
	}
	var stops [2]route.Stop
	for i, p := range []orb.Point{{30, 50}, {30.4, 50}} {
		if stops[i], err = router.Snap(p, geo.Kilometer); err != nil {
			log.Fatal(err)
		}
	}
	closed, err := router.With(ctx, route.Change{Edges: []int{0}})
	if err != nil {
		log.Fatal(err)
	}
	for _, r := range []*route.Router{router, closed} {
		path, err := r.Path(stops[0], stops[1])
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(path.Time, path.Length, path.Roads(net))
	}
	// Output:
	// 36m0s 30 km [H1]
	// 40m0s 40 km [M1]
}

// What two hubs on one road reach, and which of them reaches what first.
func ExampleRouter_Within() {
	net, err := route.NewNetwork(
		[]route.Node{{Point: orb.Point{30, 50}}, {Point: orb.Point{30.5, 50}}, {Point: orb.Point{31, 50}}},
		[]route.Edge{
			{From: 0, To: 1, Class: route.Trunk, Length: 40 * geo.Kilometer},
			{From: 1, To: 2, Class: route.Trunk, Length: 40 * geo.Kilometer},
		})
	if err != nil {
		log.Fatal(err)
	}
	ctx := context.Background()
	router, err := route.NewRouter(ctx, net, route.Profile{
		Name:   "truck",
		Speed:  map[route.Class]route.Speed{route.Trunk: 60 * route.KilometerPerHour},
		Access: 10 * route.KilometerPerHour,
	})
	if err != nil {
		log.Fatal(err)
	}
	hubs := []route.Stop{{Edge: 0, Fraction: 0}, {Edge: 1, Fraction: 0.25}}
	reached, err := router.Within(ctx, hubs, 30*time.Minute)
	if err != nil {
		log.Fatal(err)
	}
	for s := range reached.Shares(30 * time.Minute) {
		fmt.Printf("hub %d: edge %d from %.3f to %.3f, %v to %v\n", s.Stop, s.Edge, s.Start, s.End, s.AtStart, s.AtEnd)
	}
	catchment, err := reached.Catchment(ctx, route.CatchmentOptions{})
	if err != nil {
		log.Fatal(err)
	}
	bands, err := catchment.Bands(ctx, 15*time.Minute, 30*time.Minute)
	if err != nil {
		log.Fatal(err)
	}
	for _, b := range bands {
		fmt.Println("within", b.Limit, "polygons:", len(b.Area))
	}
	// Output:
	// hub 0: edge 0 from 0.000 to 0.625, 0s to 25m0s
	// hub 1: edge 0 from 0.625 to 1.000, 24m59.999s to 10m0s
	// hub 1: edge 1 from 0.000 to 1.000, 10m0s to 30m0s
	// within 15m0s polygons: 2
	// within 30m0s polygons: 1
}
