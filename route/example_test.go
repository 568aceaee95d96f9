package route_test

import (
	"context"
	"fmt"
	"log"

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
