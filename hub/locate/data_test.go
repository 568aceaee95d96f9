package locate

import (
	"bufio"
	"compress/gzip"
	"context"
	"encoding/csv"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// dataPath returns the path of a benchmark file below $HUBPLAN_DATA/location.
func dataPath(tb testing.TB, elem ...string) string {
	root := os.Getenv("HUBPLAN_DATA")
	if root == "" {
		tb.Skip("HUBPLAN_DATA is not set: it names the folder with location/pmed and location/scp of OR-Library")
	}
	return filepath.Join(append([]string{root, "location"}, elem...)...)
}

// readNumbers reads a file of whitespace-separated numbers, gzipped or not.
func readNumbers(tb testing.TB, path string) func() int {
	f, err := os.Open(path)
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { f.Close() })
	var r io.Reader = f
	if strings.HasSuffix(path, ".gz") {
		z, err := gzip.NewReader(f)
		if err != nil {
			tb.Fatal(err)
		}
		r = z
	}
	s := bufio.NewScanner(r)
	s.Split(bufio.ScanWords)
	return func() int {
		if !s.Scan() {
			tb.Fatalf("%s: too short", path)
		}
		n, err := strconv.Atoi(s.Text())
		if err != nil {
			tb.Fatalf("%s: %v", path, err)
		}
		return n
	}
}

// optimum looks up a column of a table of known optima.
func optimum(tb testing.TB, table, instance, column string) float64 {
	f, err := os.Open(dataPath(tb, "optima", table))
	if err != nil {
		tb.Fatal(err)
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		tb.Fatal(err)
	}
	for k, name := range rows[0] {
		if name != column {
			continue
		}
		for _, row := range rows[1:] {
			if row[0] == instance {
				v, err := strconv.ParseFloat(row[k], 64)
				if err != nil {
					tb.Fatal(err)
				}
				return v
			}
		}
	}
	tb.Fatalf("%s: no %s of %s", table, column, instance)
	return 0
}

// readPmed reads an OR-Library p-median graph: "n edges p", then "i j cost",
// of which the last for a pair counts. The costs are the shortest paths.
func readPmed(tb testing.TB, name string) Problem {
	next := readNumbers(tb, dataPath(tb, "pmed", name+".txt"))
	n, edges, p := next(), next(), next()
	d := make([]float64, n*n)
	for k := range d {
		d[k] = math.Inf(1)
	}
	for i := range n {
		d[i*n+i] = 0
	}
	for range edges {
		i, j, c := next()-1, next()-1, float64(next())
		d[i*n+j], d[j*n+i] = c, c
	}
	for k := range n {
		for i := range n {
			for j := range n {
				d[i*n+j] = min(d[i*n+j], d[i*n+k]+d[k*n+j])
			}
		}
	}
	return Problem{Model: PMedian, Costs: &Dense{n, n, d}, P: p}
}

// readSCP reads an OR-Library set cover: rows, columns, column costs, then
// for each row its number of columns and the columns.
func readSCP(tb testing.TB, name string) Problem {
	next := readNumbers(tb, dataPath(tb, "scp", name+".txt.gz"))
	rows, columns := next(), next()
	p := Problem{
		Model:   SetCover,
		Costs:   &Dense{rows, columns, make([]float64, rows*columns)},
		Opening: make([]float64, columns),
	}
	for j := range columns {
		p.Opening[j] = float64(next())
	}
	for k := range dense(p).Values {
		dense(p).Values[k] = math.Inf(1)
	}
	for i := range rows {
		for range next() {
			dense(p).Values[i*columns+next()-1] = 0
		}
	}
	return p
}

func testData(t *testing.T, p Problem, want float64) {
	t.Helper()
	s, err := Solve(context.Background(), p, Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("objective %v, bound %v, %d nodes", s.Objective, s.Bound, s.Nodes)
	if !s.Optimal || s.Objective != want || s.Bound != want {
		t.Errorf("objective %v, bound %v, %v; want %v proven", s.Objective, s.Bound, s.Status, want)
	}
}

// TestDataPmed proves the published optima of all graphs up to 400 nodes that
// the folder holds.
func TestDataPmed(t *testing.T) {
	for _, name := range []string{
		"pmed1", "pmed2", "pmed3", "pmed4", "pmed5", "pmed6", "pmed8", "pmed9", "pmed10",
		"pmed11", "pmed12", "pmed14", "pmed15", "pmed16", "pmed17", "pmed19", "pmed20",
	} {
		t.Run(name, func(t *testing.T) {
			testData(t, readPmed(t, name), optimum(t, "pmed.csv", name, "pmedian_opt"))
		})
	}
}

func TestDataSetCover(t *testing.T) {
	for _, name := range []string{
		"scp41", "scp42", "scp44", "scp45", "scp46", "scp47", "scp48", "scp410", "scp51", "scp61",
	} {
		t.Run(name, func(t *testing.T) {
			testData(t, readSCP(t, name), optimum(t, "scp.csv", name, "best_known"))
		})
	}
}

// TestDataMaximalCover covers the demands of São José dos Campos from their
// own places. The table gives the optimum where it is proven there, else an
// interval that holds it.
func TestDataMaximalCover(t *testing.T) {
	f, err := os.Open(dataPath(t, "optima", "mclp_sjc_computed.csv"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range rows[1:] {
		p := readSJC(t, strings.TrimSuffix(row[0], ".txt"))
		p.P, _ = strconv.Atoi(row[1])
		p.Radius, _ = strconv.ParseFloat(row[2], 64)
		low, _ := strconv.ParseFloat(row[3], 64)
		high, _ := strconv.ParseFloat(row[4], 64)
		if row[5] == "PROVEN" {
			high = low
		}
		t.Run(fmt.Sprintf("%s/p=%d/r=%v", row[0], p.P, p.Radius), func(t *testing.T) {
			s, err := Solve(context.Background(), p, Options{})
			if err != nil {
				t.Fatal(err)
			}
			t.Logf("objective %v, bound %v, %d nodes", s.Objective, s.Bound, s.Nodes)
			if !s.Optimal || s.Bound != s.Objective || s.Objective < low || s.Objective > high {
				t.Errorf("objective %v, bound %v, %v; want between %v and %v", s.Objective, s.Bound, s.Status, low, high)
			}
		})
	}
}

// readSJC reads a number of points with their coordinates, and the demand of
// each from a file of its own.
func readSJC(tb testing.TB, name string) Problem {
	next := readNumbers(tb, dataPath(tb, "mclp", name+".txt"))
	demand := readNumbers(tb, dataPath(tb, "mclp", "demand-"+name+".dat"))
	n := next()
	x, y := make([]float64, n), make([]float64, n)
	p := Problem{Model: MaximalCover, Costs: &Dense{n, n, make([]float64, n*n)}, Weight: make([]float64, n)}
	for i := range n {
		x[i], y[i], p.Weight[i] = float64(next()), float64(next()), float64(demand())
	}
	for i := range n {
		for j := range n {
			dense(p).Values[i*n+j] = math.Hypot(x[i]-x[j], y[i]-y[j])
		}
	}
	return p
}
