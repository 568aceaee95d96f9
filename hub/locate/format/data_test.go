package format

import (
	"context"
	"math"
	"os"
	"path/filepath"
	"testing"
)

// dataPath returns the path of a benchmark file below $HUBPLAN_DATA/location.
func dataPath(tb testing.TB, elem ...string) string {
	root := os.Getenv("HUBPLAN_DATA")
	if root == "" {
		tb.Skip("HUBPLAN_DATA is not set: it names the folder with location/pmed, location/tsplib and others")
	}
	return filepath.Join(append([]string{root, "location"}, elem...)...)
}

// readFile reads a file or member of an archive.
func readFile(tb testing.TB, path string) *Instance {
	tb.Helper()
	f, err := Open(path)
	if err != nil {
		tb.Fatal(err)
	}
	defer f.Close()
	in, err := Read(context.Background(), f, path, Detect)
	if err != nil {
		tb.Fatal(err)
	}
	return in
}

// TestDataFormats reads every file of the folders and looks at what it was
// taken for.
func TestDataFormats(t *testing.T) {
	for _, c := range []struct {
		pattern string
		format  Format
		least   int
	}{
		{"pmed/pmed[1-9]*.txt", PMed, 30},
		{"scp/scp*.txt.gz", SCP, 40},
		{"cap/cap[1-9a-c][0-9.]*", Warehouse, 37},
		{"tsplib/*", TSPLIB, 50},
		{"mclp/SJC???.txt", SJC, 5},
		{"mclp/*.txt.gz", TSPLIB, 2},
		{"mclp/GRID*", Grid, 1},
		{"reliability/data*.tsv", Cities, 5},
	} {
		files, err := filepath.Glob(dataPath(t, c.pattern))
		if err != nil || len(files) < c.least {
			t.Errorf("%s: %d files, %v", c.pattern, len(files), err)
		}
		for _, path := range files {
			in := readFile(t, path)
			if in.Format != c.format {
				t.Errorf("%s is read as %v", path, in.Format)
			}
			if n, m := in.Costs.Size(); n == 0 || m == 0 {
				t.Errorf("%s: %d demands, %d sites", path, n, m)
			}
		}
	}
}

// TestDataCities opens Sacramento, Austin, Harrisburg, Lansing, Montgomery and
// Des Moines, which a local search in another language found best, with a cost
// that it computed from the file for itself.
func TestDataCities(t *testing.T) {
	in := readFile(t, dataPath(t, "reliability", "data49UFLP.tsv"))
	var sum float64
	open := []int{0, 2, 4, 7, 21, 29}
	for _, j := range open {
		sum += in.Opening[j]
	}
	for i, w := range in.Weight {
		least := inf
		for _, j := range open {
			least = min(least, in.Costs.At(i, j))
		}
		sum += w * least
	}
	if math.Abs(sum-857_137.79) > 0.01 {
		t.Errorf("the cost is %v", sum)
	}
}
