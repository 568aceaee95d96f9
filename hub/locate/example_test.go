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

func ExampleSolve_pCenter() {
	s, err := locate.Solve(context.Background(), locate.Problem{
		Model:  locate.PCenter,
		Costs:  hours,
		P:      2,
		Median: true,
	}, locate.Options{})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println("open", s.Open, "nobody farther than", s.Objective, "hours")
	fmt.Println("hours in all", s.Median.Objective)
	// Output:
	// open [0 2] nobody farther than 4 hours
	// hours in all 11
}

func ExampleSolve_setCover() {
	s, err := locate.Solve(context.Background(), locate.Problem{
		Model:   locate.SetCover,
		Costs:   hours,
		Radius:  4,
		Opening: []float64{7, 5, 4}, // rent of each depot
	}, locate.Options{})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println("open", s.Open, "for a rent of", s.Objective)
	// Output:
	// open [1 2] for a rent of 9
}

func ExampleSolve_fixedCharge() {
	s, err := locate.Solve(context.Background(), locate.Problem{
		Model:   locate.FixedCharge,
		Costs:   hours,
		Weight:  tonnes,
		Opening: []float64{70, 50, 90}, // in tonne-hours
	}, locate.Options{})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println("open", s.Open, "at", s.Objective, s.Status)
	fmt.Println("best exchange", *s.Swap)
	// Output:
	// open [1 2] at 350 optimal
	// best exchange {1 0 50}
}

// Costs need no matrix: coordinates and a metric will do, or lists of the
// pairs that are possible.
func ExamplePoints() {
	at := [][2]float64{{0, 0}, {3, 4}, {6, 8}, {9, 12}}
	s, err := locate.Solve(context.Background(), locate.Problem{
		Model: locate.PMedian,
		Costs: locate.Points{Demands: at, Sites: at, Metric: locate.Euclidean},
		P:     1,
		Site:  []locate.Status{locate.Candidate, locate.Candidate, locate.Excluded, locate.Candidate},
	}, locate.Options{})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println("open", s.Open, "at a distance of", s.Objective, "in all")
	// Output:
	// open [1] at a distance of 20 in all
}
