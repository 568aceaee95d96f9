package locate_test

import (
	"context"
	"fmt"

	"github.com/hubplan/hubplan/hub/locate"
)

// Five places need 10 to 30 tonnes a day; three depots may serve them, at the
// given hours of driving.
var (
	tonnes = []float64{10, 20, 30, 20, 20}
	hours  = &locate.Dense{Demands: 5, Sites: 3, Values: []float64{
		1, 4, 6,
		2, 2, 5,
		4, 1, 3,
		6, 4, 1,
		9, 6, 4,
	}}
)

func Example() {
	s, err := locate.Solve(context.Background(), locate.Problem{
		Model:  locate.PMedian,
		Costs:  hours,
		Weight: tonnes,
		P:      2,
	}, locate.Options{})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println("open", s.Open, "serving", s.Assign)
	fmt.Println("tonne-hours", s.Objective, "bound", s.Bound, s.Status)
	fmt.Println("added by closing one", s.Worth)
	// Output:
	// open [1 2] serving [1 1 1 2 2]
	// tonne-hours 210 bound 210 optimal
	// added by closing one [140 100]
}

func ExampleSolve_maximalCover() {
	s, err := locate.Solve(context.Background(), locate.Problem{
		Model:  locate.MaximalCover,
		Costs:  hours,
		Weight: tonnes,
		P:      2,
		Radius: 3,
	}, locate.Options{})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println("open", s.Open, "within 3 hours", s.Objective, "tonnes")
	fmt.Println("assigned", s.Assign)
	// Output:
	// open [0 2] within 3 hours 80 tonnes
	// assigned [0 0 2 2 -1]
}
