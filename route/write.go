package route

import (
	"io"

	"github.com/hubplan/hubplan/geo"
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
	return geo.WriteFeatures(w, func(yield func(geo.Feature) bool) {
		for i := range n.Edges() {
			e := n.Edge(i)
			properties := map[string]any{"from_node": e.From, "to_node": e.To}
			for key, v := range map[string]int{"from_name": e.From, "to_name": e.To} {
				if name := n.nodes[v].Name; name != "" {
					properties[key] = name
				}
			}
			writeEdge(&e, func(name string, x any) { properties[name] = x })
			if !yield(geo.Feature{Properties: properties, Geometry: e.Line}) {
				return
			}
		}
	})
}
