package main

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/hubplan/hubplan/testdata/ukraine"
)

// command runs the program as a shell would.
func command(t *testing.T, args ...string) (code int, stdout, stderr string) {
	t.Helper()
	var out, problems bytes.Buffer
	code = run(context.Background(), args, &out, &problems)
	return code, out.String(), problems.String()
}

// copyScenario writes the example scenario to a folder, with text replaced in
// one of its files, or with its second half missing if old is "half", and
// returns the path of the scenario file.
func copyScenario(t *testing.T, file, old, new string) string {
	t.Helper()
	dir := t.TempDir()
	entries, err := ukraine.Files.ReadDir(".")
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		data, err := ukraine.Files.ReadFile(e.Name())
		if err != nil {
			t.Fatal(err)
		}
		if e.Name() == file && old == "half" {
			data = data[:len(data)/2]
		} else if e.Name() == file {
			if !bytes.Contains(data, []byte(old)) {
				t.Fatalf("%s has no %q", file, old)
			}
			data = bytes.Replace(data, []byte(old), []byte(new), 1)
		}
		if err := os.WriteFile(filepath.Join(dir, e.Name()), data, 0o666); err != nil {
			t.Fatal(err)
		}
	}
	return filepath.Join(dir, ukraine.Scenario)
}

func TestWritesPlan(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "deep", "out")
	code, stdout, stderr := command(t, "-o", dir)
	if code != 0 || stderr != "" {
		t.Fatalf("status %d, standard error %q", code, stderr)
	}
	for _, want := range []string{"proven optimal", "Coverage", "Two routes", "Worst hub losses", "Written: "} {
		if !strings.Contains(stdout, want) {
			t.Errorf("the summary has no %q:\n%s", want, stdout)
		}
	}
	for _, name := range []string{"plan.json", "plan.geojson", "plan.html", "plan.svg"} {
		if info, err := os.Stat(filepath.Join(dir, name)); err != nil || info.Size() < 1000 {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestJSONGoesToStandardOutputAlone(t *testing.T) {
	t.Chdir(t.TempDir())
	code, stdout, stderr := command(t, "-json")
	if code != 0 || stderr != "" {
		t.Fatalf("status %d, standard error %q", code, stderr)
	}
	d := json.NewDecoder(strings.NewReader(stdout))
	var plan struct {
		Optimal bool
		Hubs    []any
	}
	if err := d.Decode(&plan); err != nil || d.More() || !plan.Optimal || len(plan.Hubs) == 0 {
		t.Errorf("plan %+v, error %v", plan, err)
	}
	if entries, _ := os.ReadDir("."); len(entries) != 0 {
		t.Errorf("-json wrote %v", entries)
	}
}

func TestSameBytesEveryTime(t *testing.T) {
	read := func(procs int) map[string]string {
		defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(procs))
		dir := t.TempDir()
		if code, _, stderr := command(t, "-o", dir); code != 0 {
			t.Fatal(stderr)
		}
		files := make(map[string]string)
		entries, err := os.ReadDir(dir)
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range entries {
			data, err := os.ReadFile(filepath.Join(dir, e.Name()))
			if err != nil {
				t.Fatal(err)
			}
			files[e.Name()] = string(data)
		}
		return files
	}
	one, again, many := read(1), read(1), read(8)
	for name, data := range one {
		if again[name] != data || many[name] != data {
			t.Errorf("%s differs between runs", name)
		}
	}
}

func TestFlags(t *testing.T) {
	code, stdout, stderr := command(t, "-json", "-p", "4", "-within", "4h30m", "-seed", "7")
	if code != 0 {
		t.Fatal(stderr)
	}
	var plan struct {
		Within float64 `json:"within_hours"`
		Hubs   []any
	}
	if err := json.Unmarshal([]byte(stdout), &plan); err != nil || plan.Within != 4.5 || len(plan.Hubs) != 4 {
		t.Errorf("plan %+v, error %v", plan, err)
	}
	for _, args := range [][]string{{"-nonsense"}, {"-p", "two"}, {"a.json", "b.json"}} {
		if code, _, stderr := command(t, args...); code != 2 || stderr == "" {
			t.Errorf("%v: status %d, standard error %q", args, code, stderr)
		}
	}
	if code, _, stderr := command(t, "-h"); code != 0 || !strings.Contains(stderr, "Usage: plan") {
		t.Errorf("-h: status %d, standard error %q", code, stderr)
	}
}

// Whatever is wrong with a scenario ends with status 1, says where, prints no
// plan and leaves nothing behind.
func TestBadInputWritesNothing(t *testing.T) {
	for _, c := range []struct {
		name, file, old, new string
		args                 []string
		message              string
	}{
		{name: "missing file", file: "scenario.json", old: "sites.csv", new: "absent.csv", message: "absent.csv: no such file"},
		{name: "unknown scenario key", file: "scenario.json", old: `"note"`, new: `"nota"`, message: `scenario.json:4:3: unknown key "nota"`},
		{name: "GeoJSON cut in half", file: "sectors.geojson", old: "half", message: "sectors.geojson:"},
		{name: "latitude 230", file: "line.geojson", old: `"coordinates":[[`, new: `"coordinates":[[30,230],[`, message: "latitude 230 out of range"},
		{name: "unclosed ring", file: "sectors.geojson", old: `"coordinates":[[[`, new: `"coordinates":[[[30,50],[`, message: "is not closed"},
		{name: "self-crossing ring", file: "sectors.geojson", old: `"coordinates":[[[`, new: `"coordinates":[[[30,50],[31,51],[31,50],[30,51],[30,50]],[[`, message: "sectors.geojson: feature 1"},
		{name: "empty sector", file: "sectors.geojson", old: `"coordinates":[[[`, new: `"coordinates":[],"old":[[[`, message: "sectors.geojson: feature 1"},
		{name: "weight that is no number", file: "places.csv", old: ",1079,", new: ",NaN,", message: "places.csv:2: population: "},
		{name: "winding that is no number", file: "roads.csv", old: ",1.06,", new: ",NaN,", message: "roads.csv:2: winding: "},
		{name: "negative capacity", file: "sites.csv", old: ",8000,", new: ",-8000,", message: "sites.csv:2: storage_t: -8000 is negative"},
		{name: "duplicate id", file: "sites.csv", old: "\nCherkasy,", new: "\nBila Tserkva,", message: `sites.csv:3: id: "Bila Tserkva" is also on line 2`},
		{name: "site off the network", file: "sites.csv", old: ",30.11209,49.80939,", new: ",31.5,45.5,", message: `sites.csv: "Bila Tserkva": `},
		{name: "road to nowhere", file: "roads.csv", old: "Kyiv;", new: "Kitezh;", message: `roads.csv:2: places: unknown place "Kitezh"`},
		{name: "no hubs", file: "scenario.json", old: `"hubs": 8`, new: `"hubs": 0`, message: "plan.hubs: 0"},
		{name: "no hubs by flag", args: []string{"-p", "0"}, message: "plan.hubs: 0"},
		{name: "more hubs than sites", args: []string{"-p", "99"}, message: "plan.hubs: 99 hubs, and only"},
		{name: "no time", args: []string{"-within", "-1h"}, message: "plan.within_hours: -1"},
	} {
		out := filepath.Join(t.TempDir(), "out")
		args := append([]string{"-o", out}, c.args...)
		code, stdout, stderr := command(t, append(args, copyScenario(t, c.file, c.old, c.new))...)
		if code != 1 || stdout != "" || !strings.Contains(stderr, c.message) {
			t.Errorf("%s: status %d, standard output %q, standard error %q, want %q", c.name, code, stdout, stderr, c.message)
		}
		if _, err := os.Stat(out); !os.IsNotExist(err) {
			t.Errorf("%s: something was written", c.name)
		}
	}
	if code, _, stderr := command(t, "nowhere.json"); code != 1 || !strings.Contains(stderr, "nowhere.json") {
		t.Errorf("no scenario: status %d, standard error %q", code, stderr)
	}
}

func TestCannotWrite(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o666); err != nil {
		t.Fatal(err)
	}
	if code, _, stderr := command(t, "-o", filepath.Join(file, "out")); code != 1 || stderr == "" {
		t.Errorf("status %d, standard error %q", code, stderr)
	}
}
