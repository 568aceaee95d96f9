package route

import (
	"cmp"
	"io"
	"math"
	"slices"

	"github.com/hubplan/hubplan/geo"
	"github.com/hubplan/hubplan/route/internal/noding"
	"github.com/paulmach/orb"
)

// JointKind is why [Join] made lines meet.
type JointKind uint8

// The kinds of joints.
const (
	EndsJoint     JointKind = iota // ends of lines near each other
	OnLineJoint                    // a node, mostly an end, near the inside of a line
	CrossingJoint                  // lines that cross
	LinkJoint                      // parts of the network that did not touch
	GapJoint                       // an end and a line that were connected, but far around
	StreetJoint                    // a part of the network in a town and its middle
	DroppedJoint                   // none: a line within the tolerance of one point

	jointKinds = iota
)

var jointNames = [jointKinds]string{"ends", "end-on-line", "crossing", "link", "gap", "street", "dropped"}

// String returns the name of the kind, "ends" to "dropped".
func (k JointKind) String() string { return nameOf("joint", jointNames[:], k) }

// Joint is something that [Join] did at a place.
type Joint struct {
	Kind  JointKind
	Point orb.Point
	// Distance is how far lines were moved to meet there, at most. Of a link it is
	// the length, and so of a line that was dropped.
	Distance geo.Distance
	Lines    []int          // that meet there or that a link ties, in ascending order
	Link     orb.LineString // of a link, from Point on
}

// Component is a part of a network that hangs together.
type Component struct {
	Nodes, Edges int
	Length       geo.Distance // of the edges
	Links        geo.Distance // of those that are invented
	Point        orb.Point    // of its first node
}

// JoinReport is what [Join] did.
type JoinReport struct {
	// Joints are in the order of their kinds, then of the lines. Lines that already
	// had a point in common there are not listed.
	Joints []Joint
	Exact  int // nodes where lines had a point in common
	// Source is the line that each edge of the network is a part of, -1 for links.
	Source     []int
	Components []Component // the longest first
	// Unsettled is how many places were left where lines should have been split,
	// because they pass each other within the tolerance all over. A smaller
	// tolerance helps.
	Unsettled int
}

func newJoinReport(n *Network, lines int, r *noding.Result) *JoinReport {
	j := &JoinReport{Source: make([]int, len(r.Pieces)), Unsettled: r.Left}
	line := make(map[int]orb.LineString) // of links
	for i, p := range r.Pieces {
		j.Source[i] = p.Line
		if p.Line >= lines {
			j.Source[i] = -1
			line[p.Line] = append(line[p.Line], p.Points...)
		}
	}
	for _, x := range r.Joints {
		if x.Exact {
			j.Exact++
			continue
		}
		joint := Joint{Kind: JointKind(x.Kind), Point: x.At, Distance: x.Distance, Lines: x.Lines}
		if k := joint.Kind; k == LinkJoint || k == GapJoint || k == StreetJoint {
			joint.Link = slices.Compact(line[x.Link()])
		}
		for len(joint.Lines) > 0 && joint.Lines[len(joint.Lines)-1] >= lines {
			joint.Lines = joint.Lines[:len(joint.Lines)-1]
		}
		j.Joints = append(j.Joints, joint)
	}
	j.Components = components(n, j.Source)
	return j
}

// components describes the parts of a network.
func components(n *Network, source []int) []Component {
	part, count := n.Components()
	all := make([]Component, count)
	for v := len(part) - 1; v >= 0; v-- {
		all[part[v]].Nodes++
		all[part[v]].Point = n.nodes[v].Point
	}
	for e, from := range n.from {
		c := &all[part[from]]
		c.Edges++
		c.Length += n.length[e]
		if source[e] < 0 {
			c.Links += n.length[e]
		}
	}
	slices.SortStableFunc(all, func(a, b Component) int { return cmp.Compare(b.Length, a.Length) })
	return all
}

// Count returns how many joints of a kind there are, the largest of their
// distances and the sum.
func (r *JoinReport) Count(kind JointKind) (count int, largest, sum geo.Distance) {
	for _, j := range r.Joints {
		if j.Kind == kind {
			count++
			largest = max(largest, j.Distance)
			sum += j.Distance
		}
	}
	return count, largest, sum
}

// Connected returns the share of the network's length that is in its longest part.
func (r *JoinReport) Connected() float64 {
	var sum geo.Distance
	for _, c := range r.Components {
		sum += c.Length
	}
	if sum == 0 {
		return 0
	}
	return float64(r.Components[0].Length / sum)
}

// WriteGeoJSON writes the report as a GeoJSON FeatureCollection, to be laid over
// the lines in a geographic information system. Each joint is a feature, of links
// a LineString, else a Point, with the properties
//
//	kind        "ends", "end-on-line", "crossing", "link", "gap", "street" or "dropped"
//	distance_m  its Distance, to a centimetre
//	lines       the numbers of its lines, from 0
//
// and each component a Point of the kind "component", the longest first, with
//
//	length_km, links_km, edges, nodes
//
// Coordinates have 7 decimals, about a centimetre.
func (r *JoinReport) WriteGeoJSON(w io.Writer) error {
	return geo.WriteFeatures(w, func(yield func(geo.Feature) bool) {
		for _, j := range r.Joints {
			lines := j.Lines
			if lines == nil {
				lines = []int{} // not null
			}
			f := geo.Feature{
				Properties: map[string]any{"kind": j.Kind.String(), "distance_m": math.Round(float64(j.Distance)*100) / 100, "lines": lines},
				Geometry:   geo.Rounded(orb.LineString{j.Point}, 7)[0],
			}
			if j.Link != nil {
				f.Geometry = geo.Rounded(j.Link, 7)
			}
			if !yield(f) {
				return
			}
		}
		for _, c := range r.Components {
			km := func(d geo.Distance) float64 { return math.Round(float64(d)) / 1000 }
			if !yield(geo.Feature{
				Properties: map[string]any{"kind": "component", "length_km": km(c.Length), "links_km": km(c.Links), "edges": c.Edges, "nodes": c.Nodes},
				Geometry:   geo.Rounded(orb.LineString{c.Point}, 7)[0],
			}) {
				return
			}
		}
	})
}

// JointKinds lists the kinds of joints.
func JointKinds() []JointKind {
	kinds := make([]JointKind, jointKinds)
	for k := range kinds {
		kinds[k] = JointKind(k)
	}
	return kinds
}
