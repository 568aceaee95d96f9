package locate

import (
	"bufio"
	"compress/gzip"
	"context"
	"encoding/csv"
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
	return Problem{Model: PMedian, Costs: Costs{n, n, d}, P: p}
}

// readSCP reads an OR-Library set cover: rows, columns, column costs, then
// for each row its number of columns and the columns.
func readSCP(tb testing.TB, name string) Problem {
	next := readNumbers(tb, dataPath(tb, "scp", name+".txt.gz"))
	rows, columns := next(), next()
	p := Problem{
		Model:   SetCover,
		Costs:   Costs{rows, columns, make([]float64, rows*columns)},
		Opening: make([]float64, columns),
	}
	for j := range columns {
		p.Opening[j] = float64(next())
	}
	for k := range p.Costs.Values {
		p.Costs.Values[k] = math.Inf(1)
	}
	for i := range rows {
		for range next() {
			p.Costs.Values[i*columns+next()-1] = 0
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

func TestDataPmed(t *testing.T) {
	for _, name := range strings.Fields(envOr("HUBPLAN_PMED", "pmed1 pmed2 pmed3 pmed4 pmed5 pmed6 pmed8 pmed9 pmed10 pmed11 pmed12 pmed14 pmed15 pmed16 pmed17 pmed19 pmed20")) {
		t.Run(name, func(t *testing.T) {
			testData(t, readPmed(t, name), optimum(t, "pmed.csv", name, "pmedian_opt"))
		})
	}
}

func TestDataSetCover(t *testing.T) {
	for _, name := range strings.Fields(envOr("HUBPLAN_SCP", "scp41 scp42 scp44 scp45 scp46 scp47 scp48 scp410")) {
		t.Run(name, func(t *testing.T) {
			testData(t, readSCP(t, name), optimum(t, "scp.csv", name, "best_known"))
		})
	}
}

func envOr(k, d string) string {
	if v := os.Getenv(k); v != "" {
		return v
	}
	return d
}
