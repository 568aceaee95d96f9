package route

import (
	"io"
	"slices"

	"github.com/hubplan/hubplan/geo/input"
	"github.com/paulmach/orb"
)

// ReadTable reads a network from two CSV tables: one of nodes with the columns
//
//	node       id
//	lon, lat   degrees of WGS 84
//	name       optional
//
// and one of edges with the columns
//
//	from, to   ids of nodes
//	class      a [Class]
//	line       optional: LINESTRING (30.5 50.4, 30.6 50.5), or longitudes and
//	           latitudes in turn; else the edge is straight
//
// and, all optional, those that [ReadGeoJSON] calls properties, with true and
// false, or 1 and 0, for what is so or not. Empty stands for absent. Unknown
// columns are errors, as are ids given twice or not at all. Errors are
// [input.Errors] with the position of each problem. The files may be packed with
// gzip.
func (m Mapping) ReadTable(nodes io.Reader, nodesFile string, edges io.Reader, edgesFile string) (*Network, error) {
	if err := m.check("node", "from", "to", "line"); err != nil {
		return nil, err
	}
	var p input.Problems
	b := builder{slack: max(m.Slack, joinTolerance)}
	number := m.readNodes(nodes, nodesFile, &p, &b)
	bad := p.Len() > 0 // nodes, so that edges may miss theirs
	t, columns := m.table(edges, edgesFile, &p, "from", "to")
	for row := range t.Rows() {
		e := m.row(row, columns)
		end := func(name string) int {
			id := row.Text(m.file(name))
			v, ok := number[id]
			if !ok && id != "" && !bad {
				row.Fail(m.file(name), input.Errorf(input.ErrUnknown, "unknown node %q", id))
			}
			return v
		}
		e.From, e.To = end("from"), end("to")
		if text := row.Optional(m.file("line")); text != "" {
			line, err := parseLine(text)
			if err != nil {
				row.Fail(m.file("line"), err)
			}
			e.Line = line
		}
		if bad || !row.OK() {
			continue
		}
		if e.Line == nil {
			e.Line = orb.LineString{b.nodes[e.From].Point, b.nodes[e.To].Point}
		}
		if err := b.add(e); err != nil {
			row.Fail(m.file("line"), err)
		}
	}
	return finish(edgesFile, &p, b.nodes, b.edges)
}

// readNodes reads the table of nodes and returns their numbers.
func (m *Mapping) readNodes(r io.Reader, file string, p *input.Problems, b *builder) map[string]int {
	number := make(map[string]int)
	t := input.ReadTable(r, file, p, []string{m.file("node"), "lon", "lat"}, append([]string{"name"}, m.Ignore...)...)
	for row := range t.Rows() {
		id, at := row.Text(m.file("node")), row.Point()
		if _, twice := number[id]; twice {
			row.Fail(m.file("node"), input.Errorf(input.ErrDuplicate, "node %q appears twice", id))
		}
		if id != "" {
			number[id] = len(b.nodes)
		}
		b.nodes = append(b.nodes, Node{Name: row.Optional("name"), Point: at})
	}
	return number
}

// ReadLinesTable reads lines for [Join] from a table of edges as
// [Mapping.ReadTable] does, without from and to, and with line required.
func (m Mapping) ReadLinesTable(r io.Reader, file string) ([]Edge, error) {
	if err := m.check("line"); err != nil {
		return nil, err
	}
	var p input.Problems
	t, columns := m.table(r, file, &p, "line")
	var lines []Edge
	for row := range t.Rows() {
		e := m.row(row, columns)
		if text := row.Text(m.file("line")); text != "" {
			line, err := parseLine(text)
			if err != nil {
				row.Fail(m.file("line"), err)
			}
			e.Line = line
		}
		lines = append(lines, e)
	}
	return finishLines(file, &p, lines)
}

// table begins to read a table of edges and returns the names in the file of those
// columns that it has.
func (m *Mapping) table(r io.Reader, file string, p *input.Problems, required ...string) (*input.Table, map[string]string) {
	if _, ok := m.Values["class"]["*"]; !ok {
		required = append(required, "class")
	}
	optional := slices.Clone(m.Ignore)
	for i, name := range required {
		required[i] = m.file(name)
	}
	for _, name := range append([]string{"line"}, edgeNames...) {
		optional = append(optional, m.file(name))
	}
	t := input.ReadTable(r, file, p, required, optional...)
	columns := make(map[string]string)
	for _, name := range edgeNames {
		if column := m.file(name); t.Has(column) {
			columns[name] = column
		}
	}
	return t, columns
}
