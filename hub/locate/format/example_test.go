package format_test

import (
	"context"
	"fmt"
	"os"
	"strings"

	"github.com/hubplan/hubplan/hub/locate"
	"github.com/hubplan/hubplan/hub/locate/format"
)

func Example() {
	const table = `demand,weight,harbour,junction
north,3,5,2
south,1,1,4
`
	in, err := format.Read(context.Background(), strings.NewReader(table), "costs.csv", format.Detect)
	if err != nil {
		fmt.Println(err)
		return
	}
	in.Model, in.P = locate.PMedian, 1
	s, err := locate.Solve(context.Background(), in.Problem, locate.Options{})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(in.Format, "table: open", in.SiteNames[s.Open[0]], "at", s.Objective)
	// Output: matrix table: open junction at 10
}

// Any problem can be handed to another solver.
func ExampleWriteLP() {
	err := format.WriteLP(os.Stdout, locate.Problem{
		Model:   locate.FixedCharge,
		Costs:   locate.Dense{Demands: 2, Sites: 2, Values: []float64{5, 2, 1, 4}},
		Weight:  []float64{3, 1},
		Opening: []float64{10, 20},
		Site:    []locate.Status{locate.Candidate, locate.Existing},
	})
	if err != nil {
		fmt.Println(err)
	}
	// Output:
	// \ fixed-charge, 2 demands, 2 sites: x_j site open, y_i_j service, z_i cover, z largest cost
	// Minimize
	//  obj: 10 x_0 + 15 y_0_0 + 6 y_0_1 + y_1_0 + 4 y_1_1
	// Subject To
	//  d_0: y_0_0 + y_0_1 = 1
	//  l_0_0: x_0 - y_0_0 >= 0
	//  l_0_1: x_1 - y_0_1 >= 0
	//  d_1: y_1_0 + y_1_1 = 1
	//  l_1_0: x_0 - y_1_0 >= 0
	//  l_1_1: x_1 - y_1_1 >= 0
	// Bounds
	//  x_1 = 1
	// Binary
	//  x_0
	// End
}
