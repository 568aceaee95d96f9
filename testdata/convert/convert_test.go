package main

import (
	"slices"
	"strings"
	"testing"
)

// Two squares side by side with a common edge, and a hole in the left one
// that is a region of its own:
//
//	+-----+-----+
//	| +-+ |     |
//	| +-+ |     |
//	+-----+-----+
const squares = `{"type":"Topology","transform":{"scale":[0.5,0.5],"translate":[10,50]},
"objects":{"x":{"type":"GeometryCollection","geometries":[
 {"type":"Polygon","properties":{"name":"left"},"arcs":[[0,1],[3]]},
 {"type":"MultiPolygon","properties":{"name":"right"},"arcs":[[[-1,2]]]},
 {"type":"Polygon","properties":{"name":"inside"},"arcs":[[-4]]}]}},
"arcs":[[[6,0],[0,6]],[[6,6],[-6,0],[0,-6],[6,0]],[[6,0],[6,0],[0,6],[-6,0]],[[2,2],[2,0],[0,0],[0,2],[-2,0],[0,-2]]]}`

func TestTopologyRings(t *testing.T) {
	topo, err := decodeTopology([]byte(squares))
	if err != nil {
		t.Fatal(err)
	}
	want := map[string][][]point{
		"left":   {{{13, 50}, {13, 53}, {10, 53}, {10, 50}, {13, 50}}, {{11, 51}, {12, 51}, {12, 52}, {11, 52}, {11, 51}}},
		"right":  {{{13, 53}, {13, 50}, {16, 50}, {16, 53}, {13, 53}}},
		"inside": {{{11, 51}, {11, 52}, {12, 52}, {12, 51}, {11, 51}}},
	}
	for _, o := range topo.objects {
		for i, arcs := range o.polygons[0] {
			ring, err := topo.join(arcs)
			if err != nil {
				t.Fatalf("%s: %v", o.name, err)
			}
			if !slices.Equal(ring, want[o.name][i]) {
				t.Errorf("%s ring %d: got %v, want %v", o.name, i, ring, want[o.name][i])
			}
			if err := checkRing(ring); err != nil {
				t.Errorf("%s ring %d: %v", o.name, i, err)
			}
			for _, ccw := range []bool{true, false} {
				orient(ring, ccw)
				if got := signedArea(ring) > 0; got != ccw {
					t.Errorf("%s ring %d: counter-clockwise %v, want %v", o.name, i, got, ccw)
				}
			}
		}
	}
	if _, err := topo.join([]int{0, 2}); err == nil {
		t.Error("arcs that do not meet were joined")
	}
	if _, err := topo.join([]int{7}); err == nil {
		t.Error("an arc that does not exist was joined")
	}
}

func TestCheckRing(t *testing.T) {
	tests := []struct {
		name string
		ring []point
		want string
	}{
		{"square", []point{{0, 0}, {1, 0}, {1, 1}, {0, 1}, {0, 0}}, ""},
		{"open", []point{{0, 0}, {1, 0}, {1, 1}, {0, 1}}, "not closed"},
		{"too short", []point{{0, 0}, {1, 0}, {0, 0}}, "fewer than four"},
		{"bow-tie", []point{{0, 0}, {1, 1}, {1, 0}, {0, 1}, {0, 0}}, "meets itself"},
		{"vertex on an edge", []point{{0, 0}, {4, 0}, {4, 2}, {2, 0}, {0, 2}, {0, 0}}, "meets itself"},
		{"vertex twice", []point{{0, 0}, {2, 0}, {1, 1}, {2, 2}, {0, 2}, {1, 1}, {0, 0}}, "twice"},
		{"spike", []point{{0, 0}, {4, 0}, {2, 0}, {2, 2}, {0, 0}}, "turns back"},
	}
	for _, test := range tests {
		err := checkRing(test.ring)
		if test.want == "" && err != nil || test.want != "" && (err == nil || !strings.Contains(err.Error(), test.want)) {
			t.Errorf("%s: got %v, want %q", test.name, err, test.want)
		}
	}
}

func TestContainsLeavesOutHoles(t *testing.T) {
	s := sector{polygons: [][][]point{{
		{{0, 0}, {4, 0}, {4, 4}, {0, 4}, {0, 0}},
		{{1, 1}, {1, 3}, {3, 3}, {3, 1}, {1, 1}},
	}}}
	for p, want := range map[point]bool{{0.5, 0.5}: true, {2, 2}: false, {5, 2}: false, {3.5, 2}: true} {
		if got := s.contains(p); got != want {
			t.Errorf("contains(%v) = %v, want %v", p, got, want)
		}
	}
}

func TestChains(t *testing.T) {
	// The first arc is in the middle of a chain of three; the last stands alone.
	got := chains([][]point{{{2, 0}, {3, 0}}, {{5, 0}, {3, 0}}, {{2, 0}, {1, 0}, {0, 0}}, {{9, 9}, {8, 9}}})
	want := [][]point{{{0, 0}, {1, 0}, {2, 0}, {3, 0}, {5, 0}}, {{9, 9}, {8, 9}}}
	if !slices.EqualFunc(got, want, slices.Equal) {
		t.Errorf("got %v, want %v", got, want)
	}
}

func TestPresentName(t *testing.T) {
	tests := []struct {
		name, admin1, alternates, want string
	}{
		{"Kyiv", "12", "", "Kyiv"},
		{"Kryvyi Rih", "04", "", "Kryvyi Rih"},
		{"Mykolayiv", "16", "", "Mykolaiv"},
		{"Makiyivka", "05", "", "Makiivka"},
		{"Oleksandriya", "10", "", "Oleksandriia"},
		{"Slov'yans'k", "05", "", "Sloviansk"},
		{"Bila Tserkva", "13", "", "Bila Tserkva"},
		{"Novyy Svit", "05", "", "Novyi Svit"},
		{"Yasynuvata", "05", "", "Yasynuvata"},
		{"Dzhankoy", "11", "Джанкой,Dzhankoj", "Dzhankoi"},
		{"Sadovoye", "11", "Садовое,Садове", "Sadove"},
		{"Vilino", "11", "Вилино,Віліне", "Viline"},
		{"Sadovoye", "04", "Садовое,Садове", "Sadovoie"}, // alternates count in Crimea only
	}
	for _, test := range tests {
		if got := presentName(0, test.name, test.admin1, strings.Split(test.alternates, ",")); got != test.want {
			t.Errorf("%s: got %s, want %s", test.name, got, test.want)
		}
	}
	if got, _ := romanise("Згурівка"); got != "Zghurivka" {
		t.Errorf("got %s, want Zghurivka", got)
	}
}

func TestIDs(t *testing.T) {
	places := []place{
		{geonameID: 4, name: "A", population: 5, sector: "UA-05"},
		{geonameID: 3, name: "A", population: 9, sector: "UA-07"},
		{geonameID: 2, name: "A", population: 5, sector: "UA-05"},
		{geonameID: 1, name: "B", sector: "UA-05"},
	}
	assignIDs(places)
	want := map[int]string{3: "A", 2: "A (UA-05)", 4: "A (UA-05) 2", 1: "B"}
	for _, p := range places {
		if p.id != want[p.geonameID] {
			t.Errorf("place %d: got %s, want %s", p.geonameID, p.id, want[p.geonameID])
		}
	}
}
