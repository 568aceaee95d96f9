package route

import (
	"bufio"
	"io"
)

// WriteGeoJSON writes the network as a GeoJSON FeatureCollection that
// [ReadGeoJSON] reads back: a LineString for each edge, in order, with the numbers
// of its nodes as from_node and to_node, their names as from_name and to_name, and
// what else is known as properties. What need not be said is left out. Lengths and
// limits come back to 15 digits, all else as it is.
//
// Turns and nodes without an edge have no place in it, and nodes are numbered anew
// in the order of the edges. What [Hierarchy.Encode] writes keeps all.
func (n *Network) WriteGeoJSON(w io.Writer) error {
	b := bufio.NewWriter(w)
	f := featureWriter{w: b, decimals: -1}
	f.open()
	for i := range n.Edges() {
		e := n.Edge(i)
		f.feature()
		f.number("from_node", float64(e.From), 0)
		f.number("to_node", float64(e.To), 0)
		if name := n.nodes[e.From].Name; name != "" {
			f.text("from_name", name)
		}
		if name := n.nodes[e.To].Name; name != "" {
			f.text("to_name", name)
		}
		writeEdge(&e, func(name string, x any) {
			switch x := x.(type) {
			case string:
				f.text(name, x)
			case float64:
				f.number(name, x, -1)
			case bool:
				f.truth(name, x)
			}
		})
		f.line(e.Line)
	}
	f.close()
	return b.Flush()
}
