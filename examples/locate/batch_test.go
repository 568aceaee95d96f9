package main

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/hubplan/hubplan/hub/locate/format"
)

// A row that fails is told, and the others are solved all the same.
func TestBatch(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, "pmed.txt", graph)
	write(t, dir, "scp.txt", cover)
	list := write(t, dir, "list.csv", "file,p,value,tolerance,model,radius\n"+
		"pmed.txt,,11,,,\n"+ // met
		"pmed.txt,1,21.5,0.4,,\n"+ // 10 + 0 + 1 + 11: missed
		"pmed.txt,1,21.5,0.5,,\n"+ // met
		"pmed.txt,3,2,,,\n"+ // 1: bettered
		"pmed.txt,1,1,,maximal-cover,10\n"+ // 3: bettered
		"pmed.txt,1,4,,maximal-cover,10\n"+ // 3: missed
		"absent.txt,1,,,,\n"+ // fails
		"pmed.txt,9,,,,\n"+ // fails
		"scp.txt,,,,,\n") // nothing expected
	code, stdout, stderr := program(t, "-batch", list)
	if code != 1 || stderr != "locate: 2 of 9 rows failed\n" {
		t.Errorf("status %d, standard error %q", code, stderr)
	}
	lines := strings.Split(strings.TrimSpace(stdout), "\n")
	if len(lines) != 12 || !regexp.MustCompile(`^9 rows: 7 optimal, 2 failed; expected values: 2 met, 2 bettered, 2 missed; [0-9.]+ CPU s, [0-9]+ MiB at most$`).MatchString(lines[11]) {
		t.Fatalf("the table is\n%s", stdout)
	}
	for k, want := range []string{" met ", " yes ", " no ", " yes ", " better ", " better ", " no ", "absent.txt  failed: ", "failed: bad problem: P is 9", " set-cover "} {
		if !strings.Contains(lines[k], want) {
			t.Errorf("line %d has no %q: %s", k, want, lines[k])
		}
	}
	if at := strings.Index(lines[0], "met"); strings.Index(lines[1], "yes") != at || strings.Index(lines[4], "better") != at {
		t.Errorf("the columns are not aligned:\n%s", stdout)
	}

	code, stdout, _ = program(t, "-json", "-batch", list)
	var rows []struct {
		File, Model, Status, Met, Error string
		Objective, Value                float64
		Open                            []int
	}
	if err := json.Unmarshal([]byte(stdout), &rows); err != nil || code != 1 || len(rows) != 9 {
		t.Fatalf("status %d, %v: %s", code, err, stdout)
	}
	if r := rows[3]; r.File != "pmed.txt" || r.Model != "p-median" || r.Status != "optimal" || r.Met != "better" || r.Objective != 1 || r.Value != 2 || len(r.Open) != 3 {
		t.Errorf("row 3 is %+v", r)
	}
	if r := rows[6]; !strings.Contains(r.Error, "absent.txt") || r.Status != "" {
		t.Errorf("row 6 is %+v", r)
	}
}

// Flags hold for all rows that say nothing else, and files are looked for in
// the root.
func TestBatchDefaults(t *testing.T) {
	dir, other := t.TempDir(), t.TempDir()
	write(t, dir, "pmed.txt", graph)
	list := write(t, other, "list.csv", "file,p\npmed.txt,\npmed.txt,3\nuniform:30,\n")
	code, stdout, stderr := program(t, "-json", "-p", "4", "-root", dir, "-model", "p-median", "-batch", list)
	var rows []struct{ P, N int }
	if err := json.Unmarshal([]byte(stdout), &rows); err != nil || code != 0 || len(rows) != 3 || rows[0].P != 4 || rows[1].P != 3 || rows[2].P != 4 || rows[2].N != 30 {
		t.Errorf("status %d, %s%s", code, stdout, stderr)
	}
}

// A batch that is interrupted ends with what is done.
func TestBatchInterrupted(t *testing.T) {
	dir := t.TempDir()
	list := write(t, dir, "list.csv", "file\n"+write(t, dir, "pmed.txt", graph)+"\n")
	ctx, stop := context.WithCancel(context.Background())
	stop()
	var out, problems bytes.Buffer
	if code := run(ctx, []string{"-batch", list}, &out, &problems); code != 1 || !strings.Contains(problems.String(), "interrupted with 1 of 1 rows left") {
		t.Errorf("status %d, %q", code, problems.String())
	}
}

// The lists of published values can be read, and with the data beside them so
// can the files they name.
func TestLists(t *testing.T) {
	lists, err := filepath.Glob("../../testdata/locate/*.csv")
	if err != nil || len(lists) < 10 {
		t.Fatalf("%d lists, %v", len(lists), err)
	}
	data := os.Getenv("HUBPLAN_DATA")
	if data == "" {
		t.Log("HUBPLAN_DATA is not set: the files of the lists are not read")
	}
	seen := make(map[string]bool)
	for _, list := range lists {
		if filepath.Base(list) == "towns.csv" {
			continue
		}
		f, err := os.Open(list)
		if err != nil {
			t.Fatal(err)
		}
		items, err := readBatch(f, list, settings{})
		f.Close()
		if err != nil {
			t.Error(err)
		}
		for k, it := range items {
			// Of the many members of archives a part will do.
			if data == "" || seen[it.file] || strings.Contains(it.file, ":") && k%20 != 0 {
				continue
			}
			seen[it.file] = true
			s := it.settings
			s.root = filepath.Join(data, "location")
			in, err := s.read(context.Background(), it.file)
			if err == nil {
				err = s.complete(context.Background(), in)
			}
			if err == nil {
				err = in.Check()
			}
			if err != nil {
				t.Errorf("%s: %s: %v", list, it.file, err)
			} else if in.Format == format.Detect {
				t.Errorf("%s: %s has no format", list, it.file)
			}
		}
	}
}
