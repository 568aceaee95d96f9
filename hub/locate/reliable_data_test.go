package locate_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/hubplan/hubplan/hub/locate"
	"github.com/hubplan/hubplan/hub/locate/format"
)

// The cities of Snyder and Daskin are proven for every probability of failure,
// and what failures cost rises with it. No values are published with these data:
// the test of package format holds those of 49 cities against another solver.
func TestDataReliable(t *testing.T) {
	root := os.Getenv("HUBPLAN_DATA")
	if root == "" {
		t.Skip("HUBPLAN_DATA is not set: it names the folder with location/reliability")
	}
	for _, name := range []string{"data49UFLP.tsv", "data50EucUFLP.tsv", "data88UFLP.tsv", "data100EucUFLP.tsv"} {
		before := 0.0
		for _, q := range []float64{0, 0.01, 0.05, 0.1} {
			t.Run(fmt.Sprint(name, "/", q), func(t *testing.T) {
				f, err := format.Open(filepath.Join(root, "location", "reliability", name))
				if err != nil {
					t.Fatal(err)
				}
				defer f.Close()
				in, err := format.Read(context.Background(), f, name, format.Detect)
				if err != nil {
					t.Fatal(err)
				}
				p := in.Problem
				p.Penalty = in.Emergency
				for _, may := range in.Failable {
					p.Failure = append(p.Failure, 0)
					if may {
						p.Failure[len(p.Failure)-1] = q
					}
				}
				s, err := locate.Solve(context.Background(), p, locate.Options{})
				if err != nil || !s.Optimal {
					t.Fatal(s, err)
				}
				if s.Objective <= before {
					t.Fatalf("%v after %v", s.Objective, before)
				}
				before = s.Objective
			})
		}
	}
}
