package route

import (
	"fmt"
	"io"
	"iter"
	"slices"
	"strings"

	"github.com/hubplan/hubplan/geo"
	"github.com/hubplan/hubplan/geo/input"
)

// Bounds of what a file may state of one road; beyond them it is a slip of the pen.
const (
	maxLengthKM = 20_000
	maxWinding  = 10
)

// ReadRoads reads a table of roads, each an ordered list of places, from CSV
// with the columns
//
//	road       name or number, "M05"; becomes the edge's Name
//	class      a [Class]
//	places     ids of two or more places in driving order, separated by ";"
//	e_road     optional number in a wider system, "E95"; becomes the edge's Ref
//	winding    optional ratio, 1 or more, of the road's length to that of the
//	           great circles between its places
//	length_km  optional length of the whole row, instead of winding
//
// Each pair of neighbours on a row is an edge, open both ways, and each place
// named is a node. Edges are as long as the great circle between their places
// times the winding, or share the row's length_km in that proportion. One road
// may have several rows. A pair of places may be neighbours only once in a table: a stretch that
// two roads share stands under one of them.
//
// Errors are [input.Errors] with the line and column of each problem.
func ReadRoads(r io.Reader, file string, places []geo.Place) (*Network, error) {
	var p input.Problems
	t := input.ReadTable(r, file, &p, []string{"road", "class", "places"}, "e_road", "winding", "length_km")
	lines := newTracer(places)
	for row := range t.Rows() {
		e := Edge{Name: row.Text("road"), Ref: row.Optional("e_road")}
		class, err := ParseClass(row.Text("class"))
		if err != nil && row.OK() {
			row.Fail("class", err)
		}
		e.Class = class
		winding := 1.0
		if row.Optional("winding") != "" {
			winding = row.Number("winding", 1, maxWinding)
		}
		var length geo.Distance
		if row.Optional("length_km") != "" {
			length = geo.Distance(row.Number("length_km", 0, maxLengthKM)) * geo.Kilometer
			if winding > 1 {
				row.Fail("winding", input.Errorf(input.ErrDuplicate, "length_km is given as well"))
			}
		}
		lines.trace(row, e, winding, length)
	}
	return lines.network(file, &p)
}

// ReadRail reads a table of railway lines like [ReadRoads], from CSV with the columns
//
//	line      name, "Kyiv–Lviv"; becomes the edge's Name
//	gauge_mm  track gauge; becomes the edge's Ref, "1520 mm"
//	places    ids of two or more places in order, separated by ";"
//
// All edges are of class [Railway].
func ReadRail(r io.Reader, file string, places []geo.Place) (*Network, error) {
	var p input.Problems
	t := input.ReadTable(r, file, &p, []string{"line", "gauge_mm", "places"})
	lines := newTracer(places)
	for row := range t.Rows() {
		gauge := row.Integer("gauge_mm", 600, 2000)
		e := Edge{Name: row.Text("line"), Class: Railway, Ref: fmt.Sprintf("%d mm", gauge)}
		e.Gauges[0] = uint16(gauge)
		lines.trace(row, e, 1, 0)
	}
	return lines.network(file, &p)
}

// tracer turns lists of places into edges.
type tracer struct {
	places map[string]geo.Place
	node   map[string]int
	line   map[[2]int]int // line of the file on which two nodes were neighbours
	nodes  []Node
	edges  []Edge
}

func newTracer(places []geo.Place) *tracer {
	t := &tracer{places: make(map[string]geo.Place, len(places)), node: make(map[string]int), line: make(map[[2]int]int)}
	for _, p := range places {
		t.places[p.ID] = p
	}
	return t
}

// trace adds the edges of a row, all like e. A length above zero is that of the
// whole row.
func (t *tracer) trace(row *input.Row, e Edge, winding float64, length geo.Distance) {
	var nodes []int
	for id := range strings.SplitSeq(row.Text("places"), ";") {
		id = strings.TrimSpace(id)
		place, ok := t.places[id]
		if !ok {
			if id != "" || row.OK() {
				row.Fail("places", input.Errorf(input.ErrUnknown, "unknown place %q", id))
			}
			continue
		}
		v, ok := t.node[id]
		if !ok {
			v = len(t.nodes)
			t.node[id] = v
			t.nodes = append(t.nodes, Node{Name: place.ID, Point: place.Point})
		}
		nodes = append(nodes, v)
	}
	if !row.OK() {
		return
	}
	if len(nodes) < 2 {
		row.Fail("places", input.Errorf(input.ErrMissing, "a road needs two places"))
		return
	}
	var direct geo.Distance
	for i, v := range nodes[1:] {
		u := nodes[i]
		if u == v {
			row.Fail("places", input.Errorf(input.ErrDuplicate, "%q twice in a row", t.nodes[v].Name))
			continue
		}
		pair := [2]int{min(u, v), max(u, v)}
		if line, ok := t.line[pair]; ok {
			row.Fail("places", input.Errorf(input.ErrDuplicate, "%s–%s is also on line %d; a shared stretch stands under one road", t.nodes[u].Name, t.nodes[v].Name, line))
			continue
		}
		t.line[pair] = row.Line()
		direct += geo.Between(t.nodes[u].Point, t.nodes[v].Point)
	}
	if length > 0 && length < direct {
		row.Fail("length_km", input.Errorf(input.ErrRange, "%.1f km is shorter than the %.1f km between its places", length.Kilometers(), direct.Kilometers()))
	}
	if !row.OK() {
		return
	}
	for i, v := range nodes[1:] {
		e.From, e.To = nodes[i], v
		leg := geo.Between(t.nodes[e.From].Point, t.nodes[v].Point)
		if e.Length = leg * geo.Distance(winding); length > 0 {
			e.Length = length * (leg / direct)
		}
		t.edges = append(t.edges, e)
	}
}

func (t *tracer) network(file string, p *input.Problems) (*Network, error) {
	return finish(file, p, t.nodes, t.edges)
}

// finish builds the network of a file, or reports the file's problems.
func finish(file string, p *input.Problems, nodes []Node, edges []Edge) (*Network, error) {
	return collect(file, p, nodes, slices.Values(edges), len(edges))
}

// collect is finish for so many edges that come one by one.
func collect(file string, p *input.Problems, nodes []Node, edges iter.Seq[Edge], count int) (*Network, error) {
	if p.Len() == 0 && count == 0 {
		p.Add(&input.Error{File: file, Err: input.Errorf(input.ErrMissing, "no edges")})
	}
	if err := p.Err(); err != nil {
		return nil, err
	}
	n, err := CollectNetwork(nodes, edges, count)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	return n, nil
}
