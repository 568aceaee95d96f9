package format

import (
	"bufio"
	"context"
	"encoding/csv"
	"errors"
	"io"
	"math"
	"slices"
	"strings"

	"github.com/hubplan/hubplan/geo/input"
	"github.com/hubplan/hubplan/hub/locate"
)

// ReadMatrix reads a table of costs. The header is demand, then perhaps
// weight, then the names of the sites; each row has the name of a demand, its
// weight if there is such a column, and the cost of serving it from each site:
// at least 0, or inf or nothing at all if the site cannot serve it.
func ReadMatrix(ctx context.Context, r io.Reader, file string) (*Instance, error) {
	t := &matrix{file: file, lines: make(map[string]int)}
	plain, err := input.Unpack(r)
	if err != nil {
		return nil, &input.Error{File: file, Err: err}
	}
	b := bufio.NewReader(plain)
	if mark, err := b.Peek(3); err == nil && string(mark) == "\ufeff" {
		b.Discard(3)
	}
	t.Reader = csv.NewReader(b)
	t.FieldsPerRecord, t.ReuseRecord = -1, true
	for line := 0; ; line++ {
		if line%256 == 0 && ctx.Err() != nil {
			return nil, ctx.Err()
		}
		record, err := t.Read()
		if err == io.EOF {
			break
		}
		if err != nil {
			if !t.malformed(err) || line == 0 {
				break
			}
			continue
		}
		if line > 0 {
			t.row(record)
		} else if t.header(record); t.problems.Len() > 0 {
			break
		}
	}
	if t.problems.Len() == 0 && len(t.DemandNames) == 0 {
		t.problems.Add(&input.Error{File: file, Err: input.Errorf(input.ErrMissing, "no rows of costs in the table")})
	}
	if err := t.problems.Err(); err != nil {
		return nil, err
	}
	in := &t.Instance
	in.Format = Matrix
	in.Costs = locate.Dense{Demands: len(in.DemandNames), Sites: len(in.SiteNames), Values: t.values}
	return in, nil
}

// matrix collects the rows of a table of costs.
type matrix struct {
	Instance
	*csv.Reader
	file     string
	problems input.Problems
	lead     int // columns before those of the sites
	values   []float64
	lines    map[string]int // where each demand was read
}

// fail adds a problem at a field of the record just read.
func (t *matrix) fail(field int, name string, err error) {
	line, column := t.FieldPos(field)
	t.problems.Add(&input.Error{File: t.file, Line: line, Column: column, Field: name, Err: err})
}

// malformed adds an error of the CSV reader and reports whether reading can
// go on.
func (t *matrix) malformed(err error) bool {
	problem := &input.Error{File: t.file, Err: err}
	var syntax *csv.ParseError
	if errors.As(err, &syntax) {
		problem.Line, problem.Column, problem.Err = syntax.Line, syntax.Column, input.Errorf(input.ErrSyntax, "%v", syntax.Err)
	}
	t.problems.Add(problem)
	return syntax != nil
}

// header reads the names of the sites.
func (t *matrix) header(record []string) {
	if strings.TrimSpace(record[0]) != "demand" {
		t.fail(0, "", input.Errorf(input.ErrMissing, "the first column is not demand"))
		return
	}
	t.lead = 1
	if len(record) > 1 && strings.TrimSpace(record[1]) == "weight" {
		t.lead = 2
	}
	seen := make(map[string]bool)
	for k, name := range record[t.lead:] {
		name = strings.TrimSpace(name)
		switch {
		case name == "":
			t.fail(t.lead+k, "", input.Errorf(input.ErrMissing, "site without a name"))
		case seen[name]:
			t.fail(t.lead+k, name, input.Errorf(input.ErrDuplicate, "column appears twice"))
		}
		seen[name] = true
		t.SiteNames = append(t.SiteNames, strings.Clone(name))
	}
	if len(t.SiteNames) == 0 {
		t.fail(0, "", input.Errorf(input.ErrMissing, "no columns of sites"))
	}
}

// row reads a demand.
func (t *matrix) row(record []string) {
	if len(record) != t.lead+len(t.SiteNames) {
		t.fail(0, "", input.Errorf(input.ErrSyntax, "%d fields, the header has %d", len(record), t.lead+len(t.SiteNames)))
		return
	}
	name := strings.Clone(strings.TrimSpace(record[0]))
	line, _ := t.FieldPos(0)
	switch at, seen := t.lines[name]; {
	case name == "":
		t.fail(0, "demand", input.Errorf(input.ErrMissing, "value missing"))
	case seen:
		t.fail(0, "demand", input.Errorf(input.ErrDuplicate, "%s is also on line %d", quote([]byte(name)), at))
	}
	t.lines[name] = line
	t.DemandNames = append(t.DemandNames, name)
	if t.lead == 2 {
		t.Weight = append(t.Weight, t.cell(1, "weight", record[1]))
	}
	for k, text := range record[t.lead:] {
		text = strings.TrimSpace(text)
		if slices.Contains([]string{"", "inf", "Inf", "+Inf"}, text) {
			t.values = append(t.values, math.Inf(1))
			continue
		}
		t.values = append(t.values, t.cell(t.lead+k, t.SiteNames[k], text))
	}
}

// cell reads a number of at least 0.
func (t *matrix) cell(field int, name, text string) float64 {
	x, err := input.Number(strings.TrimSpace(text), 0, math.MaxFloat64)
	if err != nil {
		t.fail(field, name, err)
	}
	return x
}
