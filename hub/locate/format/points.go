package format

import (
	"context"
	"io"
	"math"
	"slices"
	"strings"

	"github.com/hubplan/hubplan/geo/input"
	"github.com/hubplan/hubplan/hub/locate"
)

// ReadPoints reads a table of places: columns x and y, or lon and lat in
// degrees, and any of
//
//	name     what messages and reports call the place
//	weight   of the demand, at least 0; 1 if there is no such column
//	opening  cost of opening the site, at least 0; 1 if there is no such column
//	status   of the site: candidate, required, existing or excluded; empty
//	         means candidate
//	role     demand, site or both; empty means both
//
// A place that is no site has neither opening nor status, one that is no demand
// has no weight. Costs are Euclidean distances with x and y, and great-circle
// distances in metres with lon and lat; see [Instance.SetMetric].
func ReadPoints(ctx context.Context, r io.Reader, file string) (*Instance, error) {
	var p input.Problems
	table := input.ReadTable(r, file, &p, nil, "x", "y", "lon", "lat", "name", "weight", "opening", "status", "role")
	t := &places{table: table, lines: make(map[string]int)}
	t.globe = table.Has("lon") || table.Has("lat")
	if p.Len() == 0 {
		t.header(file, &p)
	}
	for row := range table.Rows() {
		if p.Len() > 0 && t.rows == 0 {
			break // the rows of a header that is wrong say nothing
		}
		if t.rows++; t.rows%1024 == 0 && ctx.Err() != nil {
			return nil, ctx.Err()
		}
		t.place(row)
	}
	if p.Len() == 0 && (len(t.demands) == 0 || len(t.sites) == 0) {
		p.Add(&input.Error{File: file, Err: input.Errorf(input.ErrMissing, "%d demands and %d sites in the table", len(t.demands), len(t.sites))})
	}
	if err := p.Err(); err != nil {
		return nil, err
	}
	in := &t.Instance
	metric := locate.Euclidean
	if t.globe {
		metric = locate.GreatCircle
	}
	in.Format = Points
	in.Costs = locate.Points{Demands: t.demands, Sites: t.sites, Metric: metric}
	return in, nil
}

// places collects the rows of a table of places.
type places struct {
	Instance
	table          *input.Table
	rows           int
	demands, sites [][2]float64
	lines          map[string]int // where each name was read
}

// header looks at which coordinates the table has.
func (t *places) header(file string, p *input.Problems) {
	axes := []string{"x", "y"}
	if t.globe {
		axes = []string{"lon", "lat"}
		if t.table.Has("x") || t.table.Has("y") {
			p.Add(&input.Error{File: file, Line: 1, Err: input.Errorf(input.ErrDuplicate, "columns x and y, or lon and lat, but not both")})
		}
	}
	for _, axis := range axes {
		if !t.table.Has(axis) {
			p.Add(&input.Error{File: file, Line: 1, Field: axis, Err: input.Errorf(input.ErrMissing, "column missing")})
		}
	}
}

// place reads a row.
func (t *places) place(row *input.Row) {
	var at [2]float64
	if t.globe {
		at = row.Point()
	} else {
		at = [2]float64{row.Number("x", -1e15, 1e15), row.Number("y", -1e15, 1e15)}
	}
	name := ""
	if t.table.Has("name") {
		name = row.Text("name")
		if line, seen := t.lines[name]; seen && name != "" {
			row.Fail("name", input.Errorf(input.ErrDuplicate, "%s is also on line %d", quote([]byte(name)), line))
		}
		t.lines[name] = row.Line()
	}
	role := row.Optional("role")
	if !slices.Contains([]string{"", "both", "demand", "site"}, role) {
		row.Fail("role", input.Errorf(input.ErrUnknown, "%s is not demand, site or both", quote([]byte(role))))
	}
	if role != "site" {
		t.demands = append(t.demands, at)
		if t.table.Has("name") {
			t.DemandNames = append(t.DemandNames, name)
		}
		if t.table.Has("weight") {
			t.Weight = append(t.Weight, row.Number("weight", 0, math.MaxFloat64))
		}
	} else if row.Optional("weight") != "" {
		row.Fail("weight", input.Errorf(input.ErrFormat, "the place is no demand, but has a weight"))
	}
	if role == "demand" {
		for _, column := range []string{"opening", "status"} {
			if row.Optional(column) != "" {
				row.Fail(column, input.Errorf(input.ErrFormat, "the place is no site, but has a value here"))
			}
		}
		return
	}
	t.sites = append(t.sites, at)
	if t.table.Has("name") {
		t.SiteNames = append(t.SiteNames, name)
	}
	if t.table.Has("opening") {
		t.Opening = append(t.Opening, row.Number("opening", 0, math.MaxFloat64))
	}
	if t.table.Has("status") {
		t.Site = append(t.Site, status(row))
	}
}

// status reads the status of a site.
func status(row *input.Row) locate.Status {
	text := row.Optional("status")
	if text == "" {
		return locate.Candidate
	}
	for s := locate.Candidate; s <= locate.Excluded; s++ {
		if text == s.String() {
			return s
		}
	}
	for _, s := range []locate.Status{locate.Required, locate.Existing} {
		if strings.Contains(text, s.String()) && strings.Contains(text, "excluded") {
			row.Fail("status", input.Errorf(input.ErrFormat, "a site cannot be both %v and excluded", s))
			return locate.Candidate
		}
	}
	row.Fail("status", input.Errorf(input.ErrUnknown, "%s is not candidate, required, existing or excluded", quote([]byte(text))))
	return locate.Candidate
}
