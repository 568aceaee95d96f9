package locate

import (
	"bufio"
	"compress/gzip"
	"context"
	"encoding/csv"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"
	"testing"
)

// readTSPLIB reads the coordinates of a TSPLIB file, gzipped or not, and makes
// every point a demand and a site.
func readTSPLIB(tb testing.TB, name string, m Metric) Problem {
	path := dataPath(tb, "tsplib", name+".tsp")
	if _, err := os.Stat(path); err != nil {
		path += ".gz"
	}
	f, err := os.Open(path)
	if err != nil {
		tb.Fatal(err)
	}
	defer f.Close()
	var r io.Reader = f
	if strings.HasSuffix(path, ".gz") {
		if r, err = gzip.NewReader(f); err != nil {
			tb.Fatal(err)
		}
	}
	var at [][2]float64
	inside := false
	for s := bufio.NewScanner(r); s.Scan(); {
		fields := strings.Fields(s.Text())
		switch {
		case len(fields) > 0 && fields[0] == "NODE_COORD_SECTION":
			inside = true
		case inside && len(fields) == 3:
			x, _ := strconv.ParseFloat(fields[1], 64)
			y, _ := strconv.ParseFloat(fields[2], 64)
			at = append(at, [2]float64{x, y})
		case inside:
			inside = false
		}
	}
	return Problem{Model: PCenter, Costs: Points{Demands: at, Sites: at, Metric: m}}
}

// table reads a table of known optima.
func table(tb testing.TB, name string) [][]string {
	f, err := os.Open(dataPath(tb, "optima", name))
	if err != nil {
		tb.Fatal(err)
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		tb.Fatal(err)
	}
	return rows[1:]
}

// TestDataPCenter proves the published radii of graphs of OR-Library.
func TestDataPCenter(t *testing.T) {
	for _, row := range table(t, "pmed.csv") {
		n, _ := strconv.Atoi(row[1])
		if n > 400 {
			continue // the shortest paths take too long here
		}
		t.Run(row[0], func(t *testing.T) {
			p := readPmed(t, row[0])
			p.Model = PCenter
			want, _ := strconv.ParseFloat(row[6], 64)
			testData(t, p, want)
		})
	}
}

// TestDataPCenterTSPLIB reaches the best radii known of the smaller files, in
// the rounding of the table, and proves all but one, which takes too long here.
func TestDataPCenterTSPLIB(t *testing.T) {
	for _, row := range table(t, "pcenter_tsplib.csv") {
		if !strings.HasPrefix(row[0], "pr") {
			continue
		}
		t.Run(fmt.Sprintf("%s/p=%s", row[0], row[1]), func(t *testing.T) {
			p := readTSPLIB(t, row[0], Euclidean)
			p.P, _ = strconv.Atoi(row[1])
			s, err := Solve(context.Background(), p, Options{Nodes: 1000})
			if err != nil {
				t.Fatal(err)
			}
			t.Logf("objective %v, bound %v, %d nodes", s.Objective, s.Bound, s.Nodes)
			proven := s.Optimal || row[0] == "pr264" && row[1] == "40"
			if got := strconv.FormatFloat(s.Objective, 'f', 0, 64); !proven || got != row[2] {
				t.Errorf("objective %v, %v; want %s", s.Objective, s.Status, row[2])
			}
		})
	}
}
