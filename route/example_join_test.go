package route_test

import (
	"context"
	"fmt"
	"log"
	"strings"

	"github.com/hubplan/hubplan/route"
)

// Two roads that cross without a common point, and one that ends 30 m short of them.
func ExampleJoin() {
	const drawn = `class,line
highway,"30 50, 30.02 50"
highway,"30.01 49.99, 30.01 50.01"
street,"30.015 50.00027, 30.015 50.01"
`
	lines, err := route.Mapping{
		Values: map[string]map[string]string{"class": {"highway": "primary", "*": "residential"}},
	}.ReadLinesTable(strings.NewReader(drawn), "drawn.csv")
	if err != nil {
		log.Fatal(err)
	}
	network, report, err := route.Join(context.Background(), lines, route.JoinOptions{})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("%d nodes, %d edges, %.0f %% connected\n", network.Nodes(), network.Edges(), 100*report.Connected())
	for _, j := range report.Joints {
		fmt.Println(j.Kind, j.Lines, j.Distance)
	}
	// Output:
	// 8 nodes, 7 edges, 100 % connected
	// crossing [0 1] 0 m
	// link [0 2] 30 m
}
