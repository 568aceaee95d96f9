package hub_test

import (
	"context"
	"fmt"
	"log"

	"github.com/hubplan/hubplan/hub"
	"github.com/hubplan/hubplan/testdata/ukraine"
)

// Plan the example scenario with nine hubs instead of eight, and look at what
// the loss of each hub leaves.
func Example() {
	scenario, err := hub.LoadFS(ukraine.Files, ukraine.Scenario) // hub.Load reads from disk
	if err != nil {
		log.Fatal(err)
	}
	scenario.Settings.Plan.Hubs = 9
	plan, err := hub.Solve(context.Background(), scenario, hub.Options{})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("%d hubs cover %.1f %% of demand within %v h; optimal: %v\n",
		len(plan.Hubs), 100*plan.Coverage[1], plan.WithinHours, plan.Optimal)
	for _, h := range plan.Hubs {
		fmt.Printf("%-14s %5.1f t/day, %.1f %% covered without it\n", h.Name, h.Load, 100*plan.N1[h.ID])
	}
	// Output:
	// 9 hubs cover 99.8 % of demand within 6 h; optimal: true
	// Chernihiv       51.0 t/day, 98.4 % covered without it
	// Kharkiv        113.6 t/day, 96.4 % covered without it
	// Kremenchuk     109.1 t/day, 99.8 % covered without it
	// Kropyvnytskyi   91.2 t/day, 98.7 % covered without it
	// Kyiv            85.5 t/day, 99.8 % covered without it
	// Lviv             0.0 t/day, 99.8 % covered without it
	// Sumy            49.6 t/day, 99.1 % covered without it
	// Vinnytsia        8.0 t/day, 99.8 % covered without it
	// Voznesensk      58.7 t/day, 99.4 % covered without it
}
