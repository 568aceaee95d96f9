package route

import (
	"fmt"
	"io"
	"math"

	"github.com/hubplan/hubplan/geo"
	"github.com/hubplan/hubplan/geo/input"
	"github.com/paulmach/orb"
)

// ReadGeoJSON reads a network from a GeoJSON FeatureCollection of LineString and
// MultiLineString features with the properties
//
//	class            a [Class]
//	name, ref        text
//	oneway           true is open in the direction of the line only
//	length_km        length of the feature, else the great-circle length of the line
//	length_m         the same in metres
//	from_node        id of the node at the start of the line, text or number
//	to_node          id of the node at its end
//	from_name        name of the node at the start, where it has an id
//	to_name          name of the node at the end
//
// and the [Attributes]
//
//	surface          a [Surface]: paved, stone, gravel, earth
//	max_speed_kmh    posted limits; 0 is none
//	max_weight_t
//	max_axle_load_t
//	max_height_m
//	max_width_m
//	max_length_m
//	hazmat           false is closed to dangerous goods
//	cars, goods      a [Permission]: open, destination, private, closed
//	bridge, tunnel   true or false
//	layer            whole number
//	toll, border     true or false
//	landing          true: a ferry is boarded at the start
//	gauge_mm         "1520", or "1520;1435" of dual gauge
//	electrified      true or false
//	duration_min     time for the whole, whatever its length
//	capacity_t_day
//
// Class must be there. Attributes hold for both directions, unless the same name
// with "_back", such as max_height_m_back, states the one against the line. Other
// properties are passed over.
//
// Lines join where their ends have the same id, which is the name of the node too
// if it is text and no other is given, or, without ids, the same coordinates to 7 decimals of a degree,
// about a centimetre; and nowhere else: a crossing without a common end is none.
// For lines that are not yet so see [Mapping.ReadLinesGeoJSON] and [Join].
// Errors are [input.Errors] with the position of each problem. The file may be
// packed with gzip.
func ReadGeoJSON(r io.Reader, file string) (*Network, error) { return Mapping{}.ReadGeoJSON(r, file) }

// ReadGeoJSON is the function of that name, for files with other names.
func (m Mapping) ReadGeoJSON(r io.Reader, file string) (*Network, error) {
	if err := m.check("from_node", "to_node"); err != nil {
		return nil, err
	}
	var p input.Problems
	b := builder{slack: max(m.Slack, joinTolerance), byID: make(map[any]int), byPoint: make(map[[2]int64]int)}
	features := input.ReadFeatures(r, file, &p)
	for i := range features {
		f := &features[i]
		edges := m.feature(f)
		from, to := f.Properties[m.file("from_node")], f.Properties[m.file("to_node")]
		for _, name := range [2]string{"from_node", "to_node"} {
			switch id := f.Properties[m.file(name)].(type) {
			case nil, string, float64:
			default:
				f.Fail(m.file(name), value{id}.wrong("text or a number"))
			}
		}
		fromName, toName := f.Optional("from_name"), f.Optional("to_name")
		switch {
		case !f.OK():
			continue
		case (from == nil) != (to == nil):
			f.Fail(m.file("from_node"), input.Errorf(input.ErrMissing, "%s and %s come together", m.file("from_node"), m.file("to_node")))
			continue
		case from != nil && len(edges) != 1:
			f.Fail("geometry", input.Errorf(input.ErrGeometry, "%d lines between two nodes", len(edges)))
			continue
		}
		for _, e := range edges {
			if from != nil {
				e.From, e.To = b.node(from, fromName, e.Line[0]), b.node(to, toName, e.Line[len(e.Line)-1])
			} else {
				e.From, e.To = b.at(e.Line[0]), b.at(e.Line[len(e.Line)-1])
			}
			if err := b.add(e); err != nil {
				f.Fail("geometry", err)
			}
		}
	}
	return finish(file, &p, b.nodes, b.edges)
}

// ReadLinesGeoJSON reads lines for [Join], with the properties of [ReadGeoJSON]
// but for from_node and to_node.
func (m Mapping) ReadLinesGeoJSON(r io.Reader, file string) ([]Edge, error) {
	if err := m.check(); err != nil {
		return nil, err
	}
	var p input.Problems
	features := input.ReadFeatures(r, file, &p)
	var lines []Edge
	for i := range features {
		lines = append(lines, m.feature(&features[i])...)
	}
	return finishLines(file, &p, lines)
}

// finishLines returns the lines of a file, or reports its problems.
func finishLines(file string, p *input.Problems, lines []Edge) ([]Edge, error) {
	if p.Len() == 0 && len(lines) == 0 {
		p.Add(&input.Error{File: file, Err: input.Errorf(input.ErrMissing, "no lines")})
	}
	if err := p.Err(); err != nil {
		return nil, err
	}
	return lines, nil
}

// builder collects the nodes and edges of a file.
type builder struct {
	slack   geo.Distance
	byID    map[any]int
	byPoint map[[2]int64]int
	nodes   []Node
	edges   []Edge
}

// at returns the node at a point.
func (b *builder) at(p orb.Point) int {
	key := [2]int64{int64(math.Round(p[0] * 1e7)), int64(math.Round(p[1] * 1e7))}
	v, ok := b.byPoint[key]
	if !ok {
		v = len(b.nodes)
		b.byPoint[key] = v
		b.nodes = append(b.nodes, Node{Point: p})
	}
	return v
}

// node returns the node of an id, which has a name and is at a point if it is new.
func (b *builder) node(id any, name string, p orb.Point) int {
	v, ok := b.byID[id]
	if !ok {
		v = len(b.nodes)
		b.byID[id] = v
		if text, ok := id.(string); ok && name == "" {
			name = text
		}
		b.nodes = append(b.nodes, Node{Name: name, Point: p})
	}
	return v
}

// add adds an edge whose line ends within the slack of its nodes.
func (b *builder) add(e Edge) error {
	for _, end := range [2]struct {
		node int
		at   *orb.Point
	}{{e.From, &e.Line[0]}, {e.To, &e.Line[len(e.Line)-1]}} {
		n := b.nodes[end.node]
		if d := geo.Between(n.Point, *end.at); d > b.slack {
			return input.Errorf(input.ErrGeometry, "the line ends %v from node %s at %s", d, nameOrNumber(n, end.node), position(n.Point))
		}
		*end.at = n.Point
	}
	b.edges = append(b.edges, e)
	return nil
}

func nameOrNumber(n Node, i int) string {
	if n.Name != "" {
		return fmt.Sprintf("%q", n.Name)
	}
	return fmt.Sprint(i)
}

func position(p orb.Point) string { return fmt.Sprintf("%.5f,%.5f", p.Lon(), p.Lat()) }
