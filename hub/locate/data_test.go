package locate_test

import (
	"context"
	"encoding/csv"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/hubplan/hubplan/hub/locate"
	"github.com/hubplan/hubplan/hub/locate/format"
)

// row is a row of a list of known values in testdata/locate, by column. What
// they are and where they come from is told in the README of examples/locate.
type row map[string]string

func (r row) number(t *testing.T, column string) float64 {
	if r[column] == "" {
		return 0
	}
	v, err := strconv.ParseFloat(r[column], 64)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// list reads a list of known values. It skips the test if the instances are
// not there.
func list(t *testing.T, name string) []row {
	if os.Getenv("HUBPLAN_DATA") == "" {
		t.Skip("HUBPLAN_DATA is not set: it names the folder with location/pmed, scp, cap, ufllib, tsplib and mclp")
	}
	f, err := os.Open(filepath.Join("..", "..", "testdata", "locate", name))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	table, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var rows []row
	for _, fields := range table[1:] {
		r := row{}
		for k, column := range table[0] {
			r[column] = fields[k]
		}
		rows = append(rows, r)
	}
	return rows
}

// read reads the problem of a row.
func (r row) read(t *testing.T, model locate.Model) locate.Problem {
	root := filepath.Join(os.Getenv("HUBPLAN_DATA"), "location")
	f, err := format.Open(filepath.Join(root, r["file"]))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	in, err := format.Read(context.Background(), f, r["file"], format.Detect)
	if err != nil {
		t.Fatal(err)
	}
	if r["metric"] != "" {
		var m locate.Metric
		if err := m.UnmarshalText([]byte(r["metric"])); err != nil {
			t.Fatal(err)
		}
		if err := in.SetMetric(m); err != nil {
			t.Fatal(err)
		}
	}
	if r["weights"] != "" {
		w, err := format.Open(filepath.Join(root, r["weights"]))
		if err != nil {
			t.Fatal(err)
		}
		defer w.Close()
		if in.Weight, err = format.ReadWeights(context.Background(), w, r["weights"]); err != nil {
			t.Fatal(err)
		}
	}
	p := in.Problem
	p.Model = model
	if r["p"] != "" {
		p.P = int(r.number(t, "p"))
	}
	p.Radius = r.number(t, "radius")
	return p
}

// prove solves the problem of a row and asks for its value, proven unless
// limited says that the search may end at so many nodes.
func (r row) prove(t *testing.T, model locate.Model, limited int) {
	t.Run(strings.Join([]string{filepath.Base(r["file"]), r["p"], r["radius"]}, "/"), func(t *testing.T) {
		s, err := locate.Solve(context.Background(), r.read(t, model), locate.Options{Nodes: limited})
		if err != nil {
			t.Fatal(err)
		}
		want, tolerance := r.number(t, "value"), r.number(t, "tolerance")
		if tolerance == 0 {
			tolerance = 1e-9 * math.Abs(want)
		}
		if math.Abs(s.Objective-want) > tolerance || !s.Optimal && limited == 0 {
			t.Errorf("objective %v, bound %v, %v after %d nodes; want %v", s.Objective, s.Bound, s.Status, s.Nodes, want)
		}
	})
}

// TestDataPMedian proves the values of the graphs of OR-Library.
func TestDataPMedian(t *testing.T) {
	for _, r := range list(t, "pmed.csv") {
		r.prove(t, locate.PMedian, 0)
	}
}

// TestDataFixedCharge proves values of every family of instances.
func TestDataFixedCharge(t *testing.T) {
	for k, r := range list(t, "ufl.csv") {
		if k%12 == 0 && r["gap"] == "" {
			r.prove(t, locate.FixedCharge, 0)
		}
	}
}

// TestDataSetCover proves the values of the instances that are not too hard.
func TestDataSetCover(t *testing.T) {
	for _, r := range list(t, "scp.csv") {
		if name := filepath.Base(r["file"]); name < "scp7" {
			r.prove(t, locate.SetCover, 0)
		}
	}
}

// TestDataMaximalCover proves the values for São José dos Campos. Of one row
// the list has what was best known, 29142, which was not proven; the optimum
// is a little more.
func TestDataMaximalCover(t *testing.T) {
	for _, r := range list(t, "sjc.csv") {
		if r["value"] == "29142" {
			r["value"] = "29159"
		}
		r.prove(t, locate.MaximalCover, 0)
	}
}

// TestDataPartialCover: the fewest sites that cover a share are the first
// number of them with which a maximal cover reaches it.
func TestDataPartialCover(t *testing.T) {
	rows := list(t, "sjc.csv")
	looked := 0
	for k := 1; k < len(rows); k++ {
		before, r := rows[k-1], rows[k]
		least, most := before.number(t, "value"), r.number(t, "value")
		if r["file"] != before["file"] || r["radius"] != before["radius"] || most <= least*1.0001 {
			continue // another instance or radius, or nothing left to cover
		}
		p := r.read(t, locate.SetCover)
		var total float64
		for _, w := range p.Weight {
			total += w
		}
		p.Share = (least + most) / 2 / total
		s, err := locate.Solve(context.Background(), p, locate.Options{})
		if err != nil || !s.Optimal || s.Objective != r.number(t, "p") {
			t.Errorf("%s, radius %s, share %v: %+v, %v; want %s sites", r["file"], r["radius"], p.Share, s, err, r["p"])
		}
		looked++
	}
	if looked < 40 {
		t.Errorf("only %d shares", looked)
	}
}

// TestDataPCenter proves the radii of the graphs of OR-Library and of one
// larger problem, and reaches those of the files pr*, of which not all are
// proven within the nodes allowed.
func TestDataPCenter(t *testing.T) {
	for _, r := range list(t, "pcenter-pmed.csv") {
		r.prove(t, locate.PCenter, 0)
	}
	for _, r := range list(t, "pcenter-tsplib.csv") {
		switch {
		case strings.HasPrefix(r["file"], "tsplib/pr"):
			r.prove(t, locate.PCenter, 1000)
		case r["file"] == "tsplib/u1060.tsp" && r["p"] == "10":
			r.prove(t, locate.PCenter, 0)
		}
	}
}

// TestDataMillion proves a cover of a million demands.
func TestDataMillion(t *testing.T) {
	if os.Getenv("HUBPLAN_DATA") == "" {
		t.Skip("HUBPLAN_DATA is not set: large problems are left out")
	}
	p := format.Uniform(1_000_000, 100, 1)
	p.Model, p.P, p.Radius = locate.MaximalCover, 15, 110
	s, err := locate.Solve(context.Background(), p, locate.Options{})
	if err != nil || !s.Optimal {
		t.Fatal(s, err)
	}
	var covered float64
	for i, j := range s.Assign {
		if j >= 0 && p.Costs.At(i, j) <= p.Radius {
			covered += p.Weight[i]
		}
	}
	if covered != s.Objective {
		t.Errorf("%v covered, objective %v", covered, s.Objective)
	}
}
