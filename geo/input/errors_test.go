package input

import (
	"errors"
	"fmt"
	"io/fs"
	"strings"
	"testing"
)

func TestErrorText(t *testing.T) {
	negative := Errorf(ErrRange, "-5 is negative")
	tests := []struct {
		e    Error
		want string
	}{
		{Error{File: "roads.geojson", Feature: 17, ID: "M06", Err: Errorf(ErrRange, "longitude 230.1 out of range")},
			`roads.geojson: feature 17 "M06": longitude 230.1 out of range`},
		{Error{File: "scenario.json", Line: 12, Column: 5, Field: "forse", Err: Errorf(ErrUnknownKey, "unknown key %q", "forse")},
			`scenario.json:12:5: unknown key "forse"`},
		{Error{File: "sites.csv", Line: 14, Field: "storage_t", Err: negative}, `sites.csv:14: storage_t: -5 is negative`},
		{Error{File: "s.csv", Line: 14, ID: "Kyiv", Field: "storage_t", Err: negative}, `s.csv:14: "Kyiv": storage_t: -5 is negative`},
		{Error{File: "f.geojson", Feature: 3, Field: "population", Err: negative}, `f.geojson: feature 3: population: -5 is negative`},
		{Error{File: "x.pbf", Block: 3, Offset: 10242, ID: "way 5", Err: negative}, `x.pbf: block 3 at byte 10242: "way 5": -5 is negative`},
		{Error{File: "x.pbf", Block: 1, Err: negative}, `x.pbf: block 1 at byte 0: -5 is negative`},
		{Error{File: "f", Column: 7, Err: negative}, `f: -5 is negative`},
		{Error{Field: "x", Err: negative}, `x: -5 is negative`},
		{Error{File: "f", Err: fmt.Errorf("%w: f", fs.ErrNotExist)}, `f: file does not exist: f`},
		{Error{File: "f"}, `f`},
	}
	for _, test := range tests {
		if got := test.e.Error(); got != test.want {
			t.Errorf("got %q, want %q", got, test.want)
		}
	}
}

func TestProblems(t *testing.T) {
	var p Problems
	if p.Err() != nil || p.Len() != 0 {
		t.Errorf("the zero value has %d problems: %v", p.Len(), p.Err())
	}
	for i := range MaxProblems + 3 {
		p.Add(&Error{File: "f", Line: i + 1, Err: Errorf(ErrRange, "bad")})
	}
	err := p.Err()
	var list *Errors
	if !errors.As(err, &list) || len(list.List) != MaxProblems || list.More != 3 || p.Len() != MaxProblems+3 {
		t.Fatalf("got %#v", err)
	}
	lines := strings.Split(err.Error(), "\n")
	if len(lines) != MaxProblems+1 || lines[0] != "f:1: bad" || lines[MaxProblems] != "... and 3 more" {
		t.Errorf("got %q", lines)
	}
	var first *Error
	if !errors.As(err, &first) || first.Line != 1 {
		t.Errorf("first problem is %v", first)
	}
	if !errors.Is(err, ErrRange) || errors.Is(err, ErrSyntax) {
		t.Error("the kind of problem is lost")
	}
	list.List[0] = nil
	if !errors.As(p.Err(), &list) || list.List[0] == nil {
		t.Error("a change to an error changes the problems")
	}
}
