package route

import (
	"slices"
	"testing"

	"github.com/hubplan/hubplan/geo"
	"github.com/paulmach/orb"
	"pgregory.net/rapid"
)

// The parts of a drawing: a triangle with a turn forbidden, a single node, and a road
// between two nodes with one as well.
func TestLargest(t *testing.T) {
	nodes := []Node{{"X", orb.Point{31, 50}}, {"P", orb.Point{32, 50}}, {"Q", orb.Point{32, 51}},
		{"A", orb.Point{30, 50}}, {"B", orb.Point{30, 51}}, {"C", orb.Point{30, 52}}}
	n, err := NewNetwork(nodes, []Edge{
		{From: 1, To: 2, Class: Trunk, Length: 5},
		{From: 3, To: 4, Class: Primary, Name: "AB", Length: 7},
		{From: 5, To: 4, Class: Primary, Name: "CB", Length: 8, Attributes: Attributes{Toll: true}, Back: &Attributes{Border: true}},
		{From: 5, To: 3, Class: Track, OneWay: true, Line: orb.LineString{{30, 52}, {29, 51}, {30, 50}}},
	}, Turn{Path: []Step{Forth(0), Back(0)}}, Turn{Path: []Step{Forth(1), Back(2), Forth(3)}, Vehicles: []Vehicle{CarVehicle}})
	if err != nil {
		t.Fatal(err)
	}
	parts := n.Parts()
	around := geo.Length(orb.LineString{{30, 52}, {29, 51}, {30, 50}})
	if want := []Part{{1, 0, 0}, {2, 1, 5}, {3, 3, 15 + around}}; !slices.Equal(parts, want) {
		t.Errorf("parts %v, want %v", parts, want)
	}
	largest := n.Largest()
	if largest.Nodes() != 3 || largest.Edges() != 3 || largest.Node(0).Name != "A" {
		t.Fatalf("%d nodes, %d edges", largest.Nodes(), largest.Edges())
	}
	for i := range 3 {
		got, want := largest.Edge(i), n.Edge(i+1)
		if !slices.Equal(got.Line, want.Line) || got.Name != want.Name || got.OneWay != want.OneWay || got.Length != want.Length ||
			got.Attributes != want.Attributes || (got.Back == nil) != (want.Back == nil) || got.From != want.From-3 || got.To != want.To-3 {
			t.Errorf("edge %+v, want %+v", got, want)
		}
	}
	turns := largest.Turns()
	if len(turns) != 1 || !slices.Equal(turns[0].Path, []Step{Forth(0), Back(1), Forth(2)}) || !slices.Equal(turns[0].Vehicles, []Vehicle{CarVehicle}) {
		t.Errorf("turns %v", turns)
	}
	if largest.Largest() != largest {
		t.Error("a network in one part is copied")
	}
}

// Parts add up to the network, and the largest is one part of the size that is stated.
func TestPartsAddUp(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := drawNetwork(t)
		var sum Part
		most, parts := 0, n.Parts()
		for i, p := range parts {
			sum.Nodes += p.Nodes
			sum.Edges += p.Edges
			if p.Nodes > parts[most].Nodes {
				most = i
			}
		}
		if sum.Nodes != n.Nodes() || sum.Edges != n.Edges() {
			t.Fatalf("%+v in sum", sum)
		}
		largest := n.Largest()
		got := largest.Parts()
		if len(got) != 1 || got[0].Nodes != parts[most].Nodes || got[0].Edges != parts[most].Edges {
			t.Fatalf("the largest of %v is %v", parts, got)
		}
		// It is the first of those, so it begins with that part's first node.
		at, _ := n.Components()
		if first := slices.Index(at, most); largest.Node(0) != n.Node(first) {
			t.Fatalf("it begins with %v, want %v", largest.Node(0), n.Node(first))
		}
	})
}
