package main

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// program runs the program as a shell would.
func program(t *testing.T, args ...string) (code int, stdout, stderr string) {
	t.Helper()
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

const (
	towns = "../../testdata/locate/towns.csv"
	graph = "4 3 2\n1 2 10\n2 3 1\n3 4 10\n" // a path of four nodes
	cover = "3 3\n2 3 4\n1\n1\n2\n1 2\n2\n2 3\n"
)

func TestSummary(t *testing.T) {
	code, stdout, stderr := program(t, "-model", "p-median", "-p", "5", towns)
	if code != 0 || stderr != "" {
		t.Fatalf("status %d, standard error %q", code, stderr)
	}
	for _, want := range []string{"p-median: 47 demands, 47 sites, p 5", "status     optimal", "gap        0.0000 %", "5 open", "\n  Kyiv "} {
		if !strings.Contains(stdout, want) {
			t.Errorf("the summary has no %q:\n%s", want, stdout)
		}
	}
}

// The model and p of a file hold unless flags say otherwise.
func TestJSON(t *testing.T) {
	dir := t.TempDir()
	pmed, scp := write(t, dir, "pmed.txt", graph), write(t, dir, "scp.txt", cover)
	for _, c := range []struct {
		args []string
		want map[string]any
	}{
		// From nodes 2 and 4: 10 + 0 + 1 + 0.
		{[]string{pmed}, map[string]any{"model": "p-median", "n": 4., "m": 4., "p": 2., "objective": 11.}},
		{[]string{"-p", "4", pmed}, map[string]any{"p": 4., "objective": 0., "open": []any{0., 1., 2., 3.}}},
		{[]string{"-model", "maximal-cover", "-p", "1", "-radius", "1", pmed}, map[string]any{"model": "maximal-cover", "objective": 2.}},
		{[]string{"-model", "set-cover", "-radius", "10", pmed}, map[string]any{"model": "set-cover", "p": 0., "objective": 2.}},
		{[]string{scp}, map[string]any{"model": "set-cover", "n": 3., "m": 3., "objective": 5., "open": []any{0., 1.}}},
	} {
		code, stdout, stderr := program(t, append([]string{"-json"}, c.args...)...)
		if code != 0 || stderr != "" {
			t.Fatalf("%v: status %d, standard error %q", c.args, code, stderr)
		}
		d := json.NewDecoder(strings.NewReader(stdout))
		var got map[string]any
		if err := d.Decode(&got); err != nil || d.More() {
			t.Fatalf("%v: %v in %s", c.args, err, stdout)
		}
		c.want["status"], c.want["optimal"], c.want["gap"], c.want["bound"] = "optimal", true, 0., c.want["objective"]
		for key, want := range c.want {
			a, _ := json.Marshal(got[key])
			b, _ := json.Marshal(want)
			if !bytes.Equal(a, b) {
				t.Errorf("%v: %s is %s, want %s", c.args, key, a, b)
			}
		}
		var keys []string
		for key := range got {
			keys = append(keys, key)
		}
		slices.Sort(keys)
		if all := "bound cpu_seconds gap m model n objective open optimal p status"; strings.Join(keys, " ") != all {
			t.Errorf("%v: the keys are %v", c.args, keys)
		}
	}
}

func TestWeightsAndMetric(t *testing.T) {
	dir := t.TempDir()
	points := write(t, dir, "points.csv", "x,y\n0,0\n3,4.5\n")
	weights := write(t, dir, "weights", "7\n1\n")
	code, stdout, stderr := program(t, "-model", "p-median", "-p", "1", "-weights", weights, "-metric", "manhattan", "-json", points)
	if code != 0 || !strings.Contains(stdout, `"objective":7.5,`) || !strings.Contains(stdout, `"open":[0]`) {
		t.Errorf("status %d, %s%s", code, stdout, stderr)
	}
	// Weights are read relative to the folder of a batch as well.
	list := write(t, dir, "list.csv", "file,model,p,weights,metric,value\npoints.csv,p-median,1,weights,ceil,6\n")
	if code, stdout, stderr = program(t, "-batch", list); code != 0 || !strings.Contains(stdout, "1 met") {
		t.Errorf("status %d, %s%s", code, stdout, stderr)
	}
}

func TestWritesModels(t *testing.T) {
	dir := t.TempDir()
	mps, lp := filepath.Join(dir, "m.mps"), filepath.Join(dir, "m.lp")
	code, stdout, stderr := program(t, "-write-mps", mps, "-write-lp", lp, "-json", write(t, dir, "pmed.txt", graph))
	if code != 0 || !strings.Contains(stdout, `"objective":11,`) {
		t.Fatalf("status %d, %s%s", code, stdout, stderr)
	}
	for path, want := range map[string]string{mps: "ENDATA\n", lp: "End\n"} {
		data, err := os.ReadFile(path)
		if err != nil || !strings.HasSuffix(string(data), want) {
			t.Errorf("%s: %v, %q", path, err, data)
		}
	}
	// A problem that cannot be written leaves no file behind.
	none := filepath.Join(dir, "none.mps")
	far := write(t, dir, "far.csv", "demand,S,T\nA,1,2\nB,inf,inf\n")
	for _, args := range [][]string{{"-p", "99", towns}, {"-p", "1", far}} {
		code, _, stderr := program(t, append([]string{"-model", "p-median", "-write-mps", none}, args...)...)
		if _, err := os.Stat(none); code != 1 || stderr == "" || !os.IsNotExist(err) {
			t.Errorf("%v: status %d, %q, %v", args, code, stderr, err)
		}
	}
}

// Neither the processors nor the workers have a say in what is printed and
// written.
func TestSameBytes(t *testing.T) {
	dir := t.TempDir()
	seconds := regexp.MustCompile(`"cpu_seconds":[^}]*`)
	var first string
	for k, procs := range []int{1, 1, 8} {
		before := runtime.GOMAXPROCS(procs)
		mps := filepath.Join(dir, "m.mps")
		code, stdout, stderr := program(t, "-model", "p-median", "-p", "7", "-json", "-write-mps", mps, "-workers", strconv.Itoa(procs), towns)
		runtime.GOMAXPROCS(before)
		model, err := os.ReadFile(mps)
		if code != 0 || err != nil {
			t.Fatal(stderr, err)
		}
		all := seconds.ReplaceAllString(stdout, "") + string(model)
		if k == 0 {
			first = all
		} else if all != first {
			t.Errorf("run %d differs", k)
		}
	}
}

// A search that is cut off tells what it has.
func TestInterrupted(t *testing.T) {
	code, stdout, stderr := program(t, "-model", "p-median", "-p", "40", "-time", "300ms", "-json", "uniform:4000")
	var got struct {
		Status           string
		Objective, Bound float64
		Open             []int
	}
	if err := json.Unmarshal([]byte(stdout), &got); err != nil || code != 0 || len(got.Open) != 40 || got.Bound > got.Objective {
		t.Errorf("status %d, %v: %s%s", code, err, stdout, stderr)
	}
}

func TestProgress(t *testing.T) {
	code, _, stderr := program(t, "-progress", "-json", "-model", "p-median", "-p", "5", towns)
	if code != 0 || !strings.Contains(stderr, "towns.csv: objective ") || !strings.Contains(stderr, " nodes, ") {
		t.Errorf("status %d, %q", code, stderr)
	}
}

func TestUniform(t *testing.T) {
	args := []string{"-model", "maximal-cover", "-p", "3", "-radius", "150", "-json", "uniform:2000x20"}
	_, one, _ := program(t, args...)
	code, two, stderr := program(t, append([]string{"-seed", "5"}, args...)...)
	if code != 0 || !strings.Contains(one, `"n":2000,"m":20,"p":3`) || strings.Split(one, `"cpu`)[0] == strings.Split(two, `"cpu`)[0] {
		t.Errorf("status %d\n%s%s%s", code, one, two, stderr)
	}
}

// What is wrong with the command line is status 2, with a file or a problem
// status 1; nothing goes to standard output.
func TestErrors(t *testing.T) {
	dir := t.TempDir()
	pmed := write(t, dir, "pmed.txt", graph)
	file := func(name, text string) string { return write(t, dir, name, text) }
	points := file("points.csv", "x,y\n0,0\n3,4\n50,50\n")
	median := func(p, name, text string) []string {
		return []string{"-model", "p-median", "-p", p, file(name, text)}
	}
	for _, c := range []struct {
		args []string
		code int
		says string
	}{
		{nil, 2, "Usage: locate"},
		{[]string{"-h"}, 0, "Usage: locate"},
		{[]string{"-nonsense", pmed}, 2, "nonsense"},
		{[]string{"-p", "two", pmed}, 2, "two"},
		{[]string{"-model", "median", pmed}, 2, `there is no model "median"`},
		{[]string{"-metric", "beeline", pmed}, 2, `there is no metric "beeline"`},
		{[]string{"-format", "xls", pmed}, 2, `there is no format "xls"`},
		{[]string{pmed, pmed}, 2, "Usage"},
		{[]string{points}, 2, "-model is needed"},
		{[]string{"-model", "set-cover", points}, 2, "set-cover needs -radius"},
		{[]string{"uniform:0"}, 2, "uniform:0 is not"},
		{[]string{"uniform:5xy"}, 2, "uniform:5xy is not"},
		{[]string{"-batch", pmed, pmed}, 2, "not both"},
		{[]string{"-batch", pmed, "-write-mps", "x"}, 2, "columns of a batch"},

		{[]string{filepath.Join(dir, "absent.txt")}, 1, "absent.txt"},
		{[]string{"-metric", "floor", pmed}, 1, "states costs"},
		{[]string{"-p", "0", pmed}, 1, "P is 0"},
		{[]string{"-p", "5", pmed}, 1, "P is 5, but only 4 of 4"},
		{[]string{"-model", "set-cover", "-radius", "NaN", pmed}, 1, "radius NaN"},
		{[]string{"-model", "set-cover", "-radius", "-1", pmed}, 1, "radius -1"},
		{[]string{"-gap", "-1", pmed}, 1, "gap -1"},
		{[]string{"-weights", file("w", "1 2 3"), pmed}, 1, "3 weights for 4 demands"},
		{[]string{"-weights", file("w2", "1 2 3 -4"), pmed}, 1, "w2:1:7: weight: -4 is negative"},
		{[]string{file("cut.txt", graph[:12])}, 1, "cut.txt:2:7: node: the file ends"},
		{[]string{file("row.txt", "2 3\n1 1 1\n1 1\n0\n")}, 1, "demand 1 has no site"},
		{[]string{"-model", "set-cover", "-radius", "1", "-format", "matrix", file("m.csv", "demand,S\nA,0\nB,2\n")}, 1, `(demand 1 is "B")`},
		{median("1", "inf.csv", "demand,S,T\nA,inf,inf\n"), 1, `(demand 0 is "A")`},
		{median("1", "both.csv", "x,y,status\n0,0,required excluded\n"), 1, "both.csv:2: status: a site cannot be both required and excluded"},
		{median("1", "nan.csv", "demand,S\nA,NaN\n"), 1, "nan.csv:2:3: S: NaN is not a finite number"},
		{median("1", "negative.csv", "x,y,weight\n0,0,-3\n"), 1, "negative.csv:2: weight: -3 is negative"},
		{median("1", "excluded.csv", "x,y,status\n0,0,excluded\n"), 1, "P is 1, but only 0 of 1"},
		{median("1", "required.csv", "x,y,status\n0,0,required\n1,1,required\n"), 1, "2 sites are required, P is 1"},
		{median("1", "odd.bin", "\x00\x01\x02"), 1, "no known format"},
		{[]string{"-write-mps", filepath.Join(dir, "no", "such", "folder"), pmed}, 1, "folder"},
		{[]string{"-batch", filepath.Join(dir, "none.csv")}, 1, "none.csv"},
		{[]string{"-batch", file("l1.csv", "file,q\na,1\n")}, 1, `l1.csv:1:6: unknown column "q"`},
		{[]string{"-batch", file("l2.csv", "file,p\na,x\n")}, 1, "l2.csv:2: p:"},
		{[]string{"-batch", file("l3.csv", "file\n")}, 1, "no rows"},
	} {
		code, stdout, stderr := program(t, c.args...)
		if code != c.code || stdout != "" || !strings.Contains(stderr, c.says) {
			t.Errorf("%v: status %d, standard output %q, standard error %q; want %d, %q", c.args, code, stdout, stderr, c.code, c.says)
		}
	}
}

func TestPareto(t *testing.T) {
	var out, errs bytes.Buffer
	if code := run(context.Background(), []string{"-pareto", "build-cost,worst-cost,covered", "../../testdata/ukraine/scenario.json"}, &out, &errs); code != 0 {
		t.Fatal(code, errs.String())
	}
	if text := out.String(); !strings.Contains(text, "certified; there is no other") || !strings.Contains(text, "knee") {
		t.Fatal(text)
	}
	out.Reset()
	if code := run(context.Background(), []string{"-json", "-pareto", "build-cost, service-cost", "-p", "2", "uniform:20x6"}, &out, &errs); code != 0 {
		t.Fatal(code, errs.String())
	}
	var f front
	if err := json.Unmarshal(out.Bytes(), &f); err != nil || !f.Complete || len(f.Points) == 0 || f.Goals[1] != "service-cost" {
		t.Fatalf("%v %+v", err, f)
	}
	for _, bad := range []string{"build-cost", "build-cost,cheap", "covered,covered"} {
		if code := run(context.Background(), []string{"-pareto", bad, "-p", "2", "uniform:20x6"}, &out, &errs); code == 0 {
			t.Fatalf("%s is taken", bad)
		}
	}
}

// Models that are another one with a field set, and what they ask for.
func TestSpecialModels(t *testing.T) {
	for _, args := range [][]string{
		{"-model", "expected-cover", "-failure", "0.2", "-p", "3", "-radius", "200", "uniform:40x12"},
		{"-model", "robust-cover", "-loss", "1", "-p", "3", "-radius", "200", "uniform:40x12"},
		{"-model", "reliable-median", "-failure", "0.1", "-penalty", "900", "-p", "3", "uniform:40x12"},
		{"-model", "fortification", "-loss", "2", "-penalty", "900", "-p", "2", "uniform:40x12"},
		{"-model", "backup-cover", "-primary", "0.6", "-p", "4", "-radius", "300", "-units", "2", "uniform:40x12"},
		{"-model", "dispersion", "-p", "5", "uniform:40"},
		{"-model", "dispersion-sum", "-p", "4", "uniform:20"},
		{"-model", "hub-median", "-p", "3", "-discount", "0.5", "uniform:12"},
		{"-model", "hub-median", "-p", "3", "-single", "uniform:8"},
		{"-model", "hub-cover", "-radius", "1500", "uniform:10"},
		{"-model", "huff", "-p", "3", "-rival", "0.01", "uniform:30x10"},
		{"-model", "set-cover", "-fold", "2", "-radius", "500", "uniform:40x12"},
	} {
		var out, errs bytes.Buffer
		if code := run(context.Background(), args, &out, &errs); code != 0 || !strings.Contains(out.String(), "optimal") {
			t.Errorf("%v: %d\n%s%s", args, code, out.String(), errs.String())
		}
	}
	var out, errs bytes.Buffer
	if code := run(context.Background(), []string{"-model", "reliable-median", "-p", "3", "uniform:40x12"}, &out, &errs); code != 2 || !strings.Contains(errs.String(), "-failure") {
		t.Errorf("%d %s", code, errs.String())
	}
}

// The curve from the cheapest sites to the safest falls in one and rises in the
// other.
func TestTradeOff(t *testing.T) {
	var out, errs bytes.Buffer
	args := []string{"-json", "-trade-off", "8", "-failure", "0.1", "-penalty", "2000", "uniform:30x12"}
	if code := run(context.Background(), args, &out, &errs); code != 0 {
		t.Fatal(code, errs.String())
	}
	var curve []exchange
	if err := json.Unmarshal(out.Bytes(), &curve); err != nil || len(curve) != 8 {
		t.Fatal(err, curve)
	}
	for k, e := range curve {
		if !e.Optimal || k > 0 && (e.Total < curve[k-1].Total-1e-6 || e.Expected > curve[k-1].Expected+1e-6) {
			t.Fatalf("%d: %+v", k, curve)
		}
	}
	if code := run(context.Background(), []string{"-trade-off", "3", "uniform:30x12"}, &out, &errs); code != 2 {
		t.Fatal("without -failure:", code)
	}
}
