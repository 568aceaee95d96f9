package coverage_test

import (
	"fmt"
	"log"
	"time"

	"github.com/hubplan/hubplan/coverage"
	"github.com/hubplan/hubplan/route"
)

// Two hubs and three demand points: how well they are served, and what the loss
// of a hub leaves.
func Example() {
	hours := func(h ...uint32) (row []uint32) {
		for _, x := range h {
			row = append(row, x*3_600_000)
		}
		return row
	}
	times := &route.Matrix{Rows: 2, Columns: 3, Millis: append(hours(1, 2, 9), hours(5, 2, 3)...)}
	access, err := coverage.NewAccess([]float64{10, 20, 30}, times)
	if err != nil {
		log.Fatal(err)
	}
	cover, err := access.Cover(4*time.Hour, 2)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("one hub within 4 h: %.2f, two: %.2f; worst %v\n", cover[0], cover[1], access.Times().Max)
	losses, err := access.LoseEach(4*time.Hour, 1)
	if err != nil {
		log.Fatal(err)
	}
	for _, l := range losses {
		fmt.Printf("without hub %d: %.2f, point %d suffers most\n", l.Hub, l.Cover[0], l.Hit)
	}
	// Output:
	// one hub within 4 h: 1.00, two: 0.33; worst 3h0m0s
	// without hub 0: 0.83, point 0 suffers most
	// without hub 1: 0.50, point 2 suffers most
}
