package format

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"context"
	"encoding/csv"
	"io"
	"math"
	"os"
	"strconv"
	"strings"
	"testing"
)

// table reads a table of the folder of published values, by row and column.
func table(tb testing.TB, name string) []map[string]string {
	f, err := os.Open(dataPath(tb, "optima", name))
	if err != nil {
		tb.Fatal(err)
	}
	defer f.Close()
	records, err := csv.NewReader(f).ReadAll()
	if err != nil {
		tb.Fatal(err)
	}
	var rows []map[string]string
	for _, record := range records[1:] {
		row := make(map[string]string)
		for k, name := range records[0] {
			row[name] = record[k]
		}
		rows = append(rows, row)
	}
	return rows
}

// assigned is the objective of a solution in the manner of UflLib: the site of
// each customer from 0, then the value.
func assigned(t *testing.T, in *Instance, solution string) float64 {
	t.Helper()
	words := strings.Fields(solution)
	n, m := in.Costs.Size()
	if len(words) < n {
		t.Fatalf("%d words in the solution of %d customers", len(words), n)
	}
	var sum float64
	open := make([]bool, m)
	for i := range n {
		j, err := strconv.Atoi(words[i])
		if err != nil || j < 0 || j >= m {
			t.Fatalf("customer %d at site %s", i, words[i])
		}
		if !open[j] {
			open[j] = true
			sum += in.Opening[j]
		}
		sum += in.Costs.At(i, j)
	}
	return sum
}

// Published solutions have their published values in what is read: sites and
// customers are where they belong, and a cost is for all of a demand.
func TestDataWarehouseSolutions(t *testing.T) {
	done := make(map[string]bool)
	for _, row := range table(t, "cap.csv") {
		name := row["file"]
		want, err := strconv.ParseFloat(row["uncapacitated_opt"], 64)
		if err != nil || done[name] {
			continue // a file of one table row more for each capacity
		}
		done[name] = true
		solution, err := os.ReadFile(dataPath(t, "cap", "uncap_solutions", name+".opt"))
		if err != nil {
			t.Fatal(err)
		}
		path := dataPath(t, "cap", name+".txt")
		if _, err := os.Stat(path); err != nil {
			path += ".gz"
		}
		if got := assigned(t, readFile(t, path), string(solution)); math.Abs(got-want) > 0.01 {
			t.Errorf("%s: the solution has %v, published is %v", name, got, want)
		}
	}
	if len(done) < 20 {
		t.Errorf("%d files had solutions", len(done))
	}
}

func TestDataUflLibSolutions(t *testing.T) {
	members := make(map[string]map[string][]byte)
	done := 0
	for k, row := range table(t, "ufllib.csv") {
		archive, member := row["archive"], row["member"]
		if k%5 != 0 {
			continue
		}
		if members[archive] == nil {
			members[archive] = untar(t, dataPath(t, "ufllib", archive+".tar.gz"))
		}
		solution := members[archive][member+".opt"]
		if solution == nil {
			solution = members[archive][member+".bub"]
		}
		in, err := Read(context.Background(), bytes.NewReader(members[archive][member]), member, Detect)
		if err != nil {
			t.Fatal(err)
		}
		want, err := strconv.ParseFloat(row["ufllib_value"], 64)
		if err != nil {
			t.Fatal(err)
		}
		if got := assigned(t, in, string(solution)); math.Abs(got-want) > 1e-5*want {
			t.Errorf("%s: the solution has %v, published is %v", member, got, want)
		}
		done++
	}
	if done < 60 {
		t.Errorf("%d solutions", done)
	}
}

// untar returns the members of an archive by name.
func untar(t *testing.T, path string) map[string][]byte {
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	members := make(map[string][]byte)
	for r := tar.NewReader(z); ; {
		h, err := r.Next()
		if err == io.EOF {
			return members
		}
		if err != nil {
			t.Fatal(err)
		}
		if members[h.Name], err = io.ReadAll(r); err != nil {
			t.Fatal(err)
		}
	}
}
