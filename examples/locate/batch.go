package main

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/hubplan/hubplan/geo/input"
	"github.com/hubplan/hubplan/hub/locate"
)

// item is a row of a batch: a problem, and what is expected of it.
type item struct {
	file      string
	settings  settings
	value     float64 // NaN if nothing is expected
	tolerance float64
}

// outcome is a row of a batch as JSON: the fields of its answer and these.
type outcome struct {
	File string `json:"file"`
	*result
	Radius float64  `json:"radius,omitempty"`
	Value  *float64 `json:"value,omitempty"`
	Met    string   `json:"met,omitempty"` // yes, better or no
	Error  string   `json:"error,omitempty"`
}

// runBatch solves the rows of a table in turn. A row that fails is told and
// the next one begins; an error is returned in the end.
func runBatch(ctx context.Context, base settings, list, root string, asJSON bool, line *line, stdout io.Writer) error {
	if base.mps != "" || base.lp != "" {
		return misusef("-write-mps and -write-lp are columns of a batch, or all rows would write one file")
	}
	if base.root = root; root == "" {
		base.root = filepath.Dir(list)
	}
	f, err := os.Open(list)
	if err != nil {
		return err
	}
	defer f.Close()
	items, err := readBatch(f, list, base)
	if err != nil {
		return err
	}
	t := newTotals(stdout, items, asJSON)
	for _, it := range items {
		if ctx.Err() != nil {
			break
		}
		a, err := it.settings.solve(ctx, it.file, line)
		line.clear()
		if err := t.add(it, a, err); err != nil {
			return err
		}
	}
	if err := t.end(); err != nil {
		return err
	}
	switch left := len(items) - len(t.rows); {
	case t.failed > 0:
		return fmt.Errorf("%d of %d rows failed", t.failed, len(items))
	case left > 0:
		return fmt.Errorf("interrupted with %d of %d rows left", left, len(items))
	}
	return nil
}

// readBatch reads the table of a batch.
func readBatch(r io.Reader, list string, base settings) ([]item, error) {
	var p input.Problems
	flags, row := flag.NewFlagSet("", flag.ContinueOnError), base
	row.declare(flags)
	columns := []string{"value", "tolerance"}
	flags.VisitAll(func(f *flag.Flag) { columns = append(columns, f.Name) })
	table := input.ReadTable(r, list, &p, []string{"file"}, columns...)
	var items []item
	for row := range table.Rows() {
		it := item{file: row.Text("file"), settings: base, value: math.NaN()}
		flags := flag.NewFlagSet("", flag.ContinueOnError)
		it.settings.declare(flags)
		for _, column := range columns[2:] {
			text := row.Optional(column)
			if text == "" {
				continue
			}
			if err := flags.Set(column, text); err != nil {
				row.Fail(column, input.Errorf(input.ErrFormat, "%v", err))
			}
		}
		it.settings.note(flags)
		if row.Optional("value") != "" {
			it.value = row.Number("value", -math.MaxFloat64, math.MaxFloat64)
			it.tolerance = 1e-9 * math.Abs(it.value)
		}
		if row.Optional("tolerance") != "" {
			it.tolerance = row.Number("tolerance", 0, math.MaxFloat64)
		}
		items = append(items, it)
	}
	if p.Len() == 0 && len(items) == 0 {
		p.Add(&input.Error{File: list, Err: input.Errorf(input.ErrMissing, "no rows in the table")})
	}
	return items, p.Err()
}

// met says whether an objective is the expected value: yes, better or no, and
// nothing if none is expected.
func (it *item) met(problem *locate.Problem, objective float64) string {
	off := objective - it.value
	if problem.Maximises() {
		off = -off
	}
	switch {
	case math.IsNaN(it.value):
		return ""
	case math.Abs(off) <= it.tolerance:
		return "yes"
	case off < 0:
		return "better"
	}
	return "no"
}

// totals prints the rows of a batch as they come, and sums them up.
type totals struct {
	w       io.Writer
	asJSON  bool
	width   int // of the column file
	rows    []outcome
	optimal int
	failed  int
	met     map[string]int
}

func newTotals(w io.Writer, items []item, asJSON bool) *totals {
	t := &totals{w: w, asJSON: asJSON, width: len("file"), met: make(map[string]int), rows: []outcome{}}
	for _, it := range items {
		t.width = max(t.width, len(it.file))
	}
	return t
}

// layout is that of a line: file, model, p, radius, objective, bound, gap,
// status, value, met, seconds.
const layout = "%-*s  %-13s  %6s  %10s  %16s  %16s  %10s  %-11s  %16s  %-6s  %9s\n"

func (t *totals) add(it item, a *answer, err error) error {
	o := outcome{File: it.file, Value: finite(it.value)}
	if err != nil {
		o.Error = strings.TrimPrefix(err.Error(), "locate: ")
		t.failed++
	} else {
		o.result, o.Radius, o.Met = a.result(), a.Radius, it.met(&a.Problem, a.solution.Objective)
		if t.met[o.Met]++; o.Optimal {
			t.optimal++
		}
	}
	if math.IsInf(o.Radius, 1) {
		o.Radius = 0
	}
	t.rows = append(t.rows, o)
	if t.asJSON {
		return nil
	}
	if len(t.rows) == 1 {
		t.line("file", "model", "p", "radius", "objective", "bound", "gap", "status", "value", "met", "CPU s")
	}
	if err != nil {
		_, err = fmt.Fprintf(t.w, "%-*s  failed: %s\n", t.width, it.file, strings.ReplaceAll(o.Error, "\n", "; "))
		return err
	}
	s := a.solution
	p, radius, value := "", "", ""
	if o.P > 0 {
		p = strconv.Itoa(o.P)
	}
	if covers(a.Model) {
		radius = plain(a.Radius)
	}
	if o.Value != nil {
		value = plain(it.value)
	}
	return t.line(it.file, a.model(), p, radius, plain(s.Objective), plain(s.Bound), percent(s.Gap), s.Status.String(), value, o.Met, fmt.Sprintf("%.2f", o.CPU))
}

func (t *totals) line(file string, rest ...any) error {
	_, err := fmt.Fprintf(t.w, layout, append([]any{t.width, file}, rest...)...)
	return err
}

// end prints the sum, or everything as JSON.
func (t *totals) end() error {
	if t.asJSON {
		return json.NewEncoder(t.w).Encode(t.rows)
	}
	cpu, peak := usage()
	_, err := fmt.Fprintf(t.w, "\n%d rows: %d optimal, %d failed; expected values: %d met, %d bettered, %d missed; %.1f CPU s, %.0f MiB at most\n",
		len(t.rows), t.optimal, t.failed, t.met["yes"], t.met["better"], t.met["no"], cpu.Seconds(), peak)
	return err
}
