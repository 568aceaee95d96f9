package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"testing"
)

// program runs the program as a shell would.
func program(t *testing.T, args ...string) (code int, stdout, stderr string) {
	t.Helper()
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(0)) // bench sets it
	var out, problems bytes.Buffer
	code = run(context.Background(), args, &out, &problems)
	return code, out.String(), problems.String()
}

func write(t *testing.T, dir, name, text string) string {
	t.Helper()
	name = filepath.Join(dir, name)
	if err := os.WriteFile(name, []byte(text), 0o666); err != nil {
		t.Fatal(err)
	}
	return name
}

// ring is a DIMACS graph of n nodes in a circle, open both ways, each arc of weight 10.
func ring(t *testing.T, dir string, n int) string {
	var gr, co strings.Builder
	fmt.Fprintf(&gr, "p sp %d %d\n", n, 2*n)
	for v := range n {
		fmt.Fprintf(&gr, "a %d %d 10\na %d %d 10\n", v+1, (v+1)%n+1, (v+1)%n+1, v+1)
		fmt.Fprintf(&co, "v %d %d %d\n", v+1, 1000*v, v*v%77)
	}
	write(t, dir, "ring.co", co.String())
	return write(t, dir, "ring.gr", gr.String())
}

func TestBenchSums(t *testing.T) {
	dir := t.TempDir()
	network := ring(t, dir, 20)
	pairs := write(t, dir, "pairs", "1 2\n1 11\n5 5\n")
	rows := write(t, dir, "rows", strings.Repeat("1\n", 10))
	columns := write(t, dir, "columns", "2\n3\n")
	closures := write(t, dir, "closures", "1 2\n")
	saved := filepath.Join(dir, "ring.hubnet")
	code, stdout, stderr := program(t, "bench", "-json", "-pairs", pairs, "-rows", rows, "-columns", columns, "-closures", closures, "-save", saved, "-scenarios", "2", network)
	if code != 0 {
		t.Fatal(stderr)
	}
	var m map[string]any
	if err := json.Unmarshal([]byte(stdout), &m); err != nil {
		t.Fatal(err)
	}
	for key, want := range map[string]float64{
		"nodes": 20, "edges": 40,
		"sum_p2p":              10 + 100 + 0,
		"sum_matrix":           10 * (10 + 20),
		"sum_one_to_all_10":    10 * 10 * (2*(1+2+3+4+5+6+7+8+9) + 10),
		"sum_p2p1000_closed_1": 190 + 100 + 0,
	} {
		if m[key] != want {
			t.Errorf("%s is %v, want %v", key, m[key], want)
		}
	}
	seconds, _ := m["cpu_seconds"].(map[string]any)
	for _, key := range []string{"read", "order", "build", "customize", "Dijkstra one to all", "one to all", "distance", "path", "close 1", "save"} {
		if _, ok := seconds[key]; !ok {
			t.Errorf("no time for %s in %v", key, seconds)
		}
	}
	if code, stdout, stderr = program(t, "bench", saved); code != 0 || !strings.Contains(stdout, "20 nodes, 40 edges") || strings.Contains(stdout, "\norder") {
		t.Errorf("saved network: status %d, %s%s", code, stdout, stderr)
	}
}

func TestBenchCountry(t *testing.T) {
	code, stdout, stderr := program(t, "bench", "-country", "3000", "-large")
	if code != 0 || !strings.Contains(stdout, "matrix 10000 × 10000") {
		t.Fatalf("status %d, %s%s", code, stdout, stderr)
	}
	a, err := makeCountry(3000)
	if err != nil {
		t.Fatal(err)
	}
	b, err := makeCountry(3000)
	if err != nil || a.Nodes() != b.Nodes() || a.Edges() != b.Edges() || a.Nodes() < 1500 || a.Nodes() > 3000 {
		t.Errorf("countries of %d and %d nodes (error %v)", a.Nodes(), b.Nodes(), err)
	}
}

func TestBenchReadsGeoJSON(t *testing.T) {
	name := write(t, t.TempDir(), "roads.geojson", `{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"class":"trunk"},"geometry":{"type":"LineString","coordinates":[[30,50],[31,50]]}}]}`)
	if code, stdout, stderr := program(t, "bench", name); code != 0 || !strings.Contains(stdout, "2 nodes, 1 edges") {
		t.Errorf("status %d, %s%s", code, stdout, stderr)
	}
}

func TestBenchReadsTables(t *testing.T) {
	if code, stdout, stderr := program(t, "bench", filepath.Join("..", "..", "testdata", "ukraine", "roads.csv")); code != 0 || !strings.Contains(stdout, "one to all") {
		t.Errorf("status %d, %s%s", code, stdout, stderr)
	}
	alone := write(t, t.TempDir(), "roads.csv", "road,class,places\nM1,trunk,A;B\n")
	if code, _, stderr := program(t, "bench", alone); code != 1 || !strings.Contains(stderr, "places.csv") {
		t.Errorf("a table without places: status %d, %s", code, stderr)
	}
}

func TestBadInput(t *testing.T) {
	dir := t.TempDir()
	network := ring(t, dir, 5)
	for _, c := range []struct {
		name    string
		code    int
		message string
		args    []string
	}{
		{"no command", 2, "Usage", nil},
		{"unknown command", 2, `no command "fly"`, []string{"fly"}},
		{"no network", 2, "Usage", []string{"bench"}},
		{"rows without columns", 2, "Usage", []string{"bench", "-rows", "x", network}},
		{"unknown flag", 2, "-fast", []string{"bench", "-fast", network}},
		{"missing file", 1, "nowhere.gr", []string{"bench", filepath.Join(dir, "nowhere.gr")}},
		{"unknown format", 1, "no network format", []string{"bench", write(t, dir, "roads.txt", "x")}},
		{"damaged graph", 1, "bad.gr:2: weight -1", []string{"bench", write(t, dir, "bad.gr", "p sp 2 1\na 1 2 -1\n")}},
		{"not packed", 1, "x.gr.gz: ", []string{"bench", write(t, dir, "x.gr.gz", "p sp 2 1\n")}},
		{"pair of three", 1, "three:1: 3 numbers, want 2", []string{"bench", "-pairs", write(t, dir, "three", "1 2 3\n"), network}},
		{"unknown node", 1, `far:1: "9" is no node of 5`, []string{"bench", "-pairs", write(t, dir, "far", "1 9\n"), network}},
		{"empty pairs", 1, "none: no nodes", []string{"bench", "-pairs", write(t, dir, "none", "\n"), network}},
		{"no such edge", 1, "no edge from node 1 to node 3", []string{"bench", "-closures", write(t, dir, "closed", "1 3\n"), network}},
	} {
		code, stdout, stderr := program(t, c.args...)
		if code != c.code || stdout != "" || !strings.Contains(stderr, c.message) {
			t.Errorf("%s: status %d, standard output %q, standard error %q, want %d and %q", c.name, code, stdout, stderr, c.code, c.message)
		}
	}
	if code, _, stderr := program(t, "help"); code != 0 || !strings.Contains(stderr, "Usage") {
		t.Errorf("help: status %d, %q", code, stderr)
	}
	if code, _, _ := program(t, "bench", "-h"); code != 0 {
		t.Errorf("bench -h: status %d", code)
	}
}

// Every program that reads these graphs must give these sums.
func TestPublishedSums(t *testing.T) {
	data := os.Getenv("HUBPLAN_DATA")
	if data == "" {
		t.Skip("HUBPLAN_DATA is not set: the folder with the graphs")
	}
	for _, graph := range []string{"porto-t", "delaware-t", "moscow-t"} {
		base := filepath.Join(data, "routing", graph)
		code, stdout, stderr := program(t, "bench", "-json", "-cores", "2", "-pairs", base+".pairs.txt",
			"-rows", base+".rows.txt", "-columns", base+".columns.txt", "-closures", base+".closures.txt", base+".gr.gz")
		if code != 0 {
			t.Fatal(stderr)
		}
		d := json.NewDecoder(strings.NewReader(stdout))
		d.UseNumber()
		var got map[string]any
		if err := d.Decode(&got); err != nil {
			t.Fatal(err)
		}
		want, err := os.ReadFile(base + ".sums.tsv")
		if err != nil {
			t.Fatal(err)
		}
		lines := strings.Fields(string(want))
		if len(lines) != 14 {
			t.Fatalf("%s: %d sums", graph, len(lines)/2)
		}
		for i := 0; i < len(lines); i += 2 {
			if _, err := strconv.ParseUint(lines[i+1], 10, 64); err != nil || fmt.Sprint(got[lines[i]]) != lines[i+1] {
				t.Errorf("%s: %s is %v, want %s", graph, lines[i], got[lines[i]], lines[i+1])
			}
		}
	}
}
