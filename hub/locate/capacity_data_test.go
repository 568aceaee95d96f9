package locate_test

import (
	"context"
	"math"
	"os"
	"path/filepath"
	"testing"

	"github.com/hubplan/hubplan/hub/locate"
	"github.com/hubplan/hubplan/hub/locate/format"
)

// readLimited reads the problem of a row with its capacities.
func (r row) readLimited(t *testing.T) locate.Problem {
	f, err := format.Open(filepath.Join(os.Getenv("HUBPLAN_DATA"), "location", r["file"]))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	kind := format.Detect
	if r["format"] != "" {
		if err := kind.UnmarshalText([]byte(r["format"])); err != nil {
			t.Fatal(err)
		}
	}
	in, err := format.Read(context.Background(), f, r["file"], kind)
	if err != nil {
		t.Fatal(err)
	}
	if err := in.Limit(r.number(t, "capacity"), r["model"] == "single-source"); err != nil {
		t.Fatal(err)
	}
	return in.Problem
}

// testLimited solves the rows of a list that take is true of, to the values
// published.
func testLimited(t *testing.T, name string, o locate.Options, take func(k int, r row) bool) {
	for k, r := range list(t, name) {
		if !take(k, r) {
			continue
		}
		p := r.readLimited(t)
		s, err := locate.Solve(context.Background(), p, o)
		if err != nil {
			t.Errorf("%s: %v", r["file"], err)
			continue
		}
		if o.Gap > 0 {
			if s.Gap > o.Gap {
				t.Errorf("%s: gap %v", r["file"], s.Gap)
			}
			continue
		}
		if want := r.number(t, "value"); !s.Optimal || math.Abs(s.Objective-want) > max(r.number(t, "tolerance"), 1e-9*want) {
			t.Errorf("%s: objective %v, bound %v, %v; want %v", r["file"], s.Objective, s.Bound, s.Status, want)
		}
	}
}

// The selections are what takes a few seconds; examples/locate solves the whole
// lists.

func TestDataCapacitated(t *testing.T) {
	testLimited(t, "cap-multi.csv", locate.Options{}, func(k int, r row) bool { return r["capacity"] == "" })
}

func TestDataHolmberg(t *testing.T) {
	testLimited(t, "holmberg.csv", locate.Options{}, func(k int, r row) bool { return k < 24 || k >= 36 && k < 55 })
}

func TestDataDiazFernandez(t *testing.T) {
	easy := map[int]bool{33: true, 34: true, 36: true, 37: true, 40: true, 41: true, 44: true, 49: true, 53: true, 55: true, 56: true}
	testLimited(t, "diaz-fernandez.csv", locate.Options{}, func(k int, r row) bool { return k < 6 || easy[k] })
}

func TestDataTBED1(t *testing.T) {
	testLimited(t, "tbed1.csv", locate.Options{Gap: 0.005}, func(k int, r row) bool { return k >= 2 })
}
