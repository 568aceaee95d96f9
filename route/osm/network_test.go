package osm

import (
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/hubplan/hubplan/route"
)

// line is a map of nodes 1, 2, ... along a parallel, a hundredth of a degree apart, and
// ways given as "highway=primary 1 2 3".
func line(nodes int, ways ...string) *xmlMap {
	m := new(xmlMap)
	for i := range nodes {
		m.Nodes = append(m.Nodes, xmlNode{ID: int64(i + 1), Lat: 50, Lon: float64(3000+i) / 100})
	}
	for i, w := range ways {
		way := xmlWay{ID: int64(i + 1)}
		for _, word := range strings.Fields(w) {
			if k, v, ok := strings.Cut(word, "="); ok {
				way.Tags = append(way.Tags, xmlTag{k, v})
				continue
			}
			id, err := strconv.Atoi(word)
			if err != nil {
				panic(err)
			}
			way.Refs = append(way.Refs, xmlRef{int64(id)})
		}
		m.Ways = append(m.Ways, way)
	}
	return m
}

// edges writes the edges of a map as from-to/points pairs, nodes as they are numbered
// along the line from 1.
func edges(m *Map) string {
	var list []string
	for i := range m.Network.Edges() {
		e := m.Network.Edge(i)
		at := func(node int) string {
			return strconv.Itoa(int(m.Network.Node(node).Point.Lon()*100+0.5) - 2999)
		}
		list = append(list, at(e.From)+"-"+at(e.To)+"/"+strconv.Itoa(len(e.Line)))
	}
	return strings.Join(list, " ")
}

// Where ways are cut into edges.
func TestEdges(t *testing.T) {
	for _, test := range []struct {
		name   string
		ways   []string
		absent []int64
		want   string
	}{
		{"one way", []string{"highway=primary 1 2 3 4"}, nil, "1-4/4"},
		{"end to end", []string{"highway=primary 1 2", "highway=primary 2 3"}, nil, "1-2/2 2-3/2"},
		{"a junction", []string{"highway=primary 1 2 3", "highway=track 2 5"}, nil, "1-2/2 2-3/2 2-5/2"},
		{"crossing", []string{"highway=primary 1 2 3", "highway=track 4 2 5"}, nil, "1-2/2 2-3/2 4-2/2 2-5/2"},
		{"no junction with a path", []string{"highway=primary 1 2 3", "highway=path 2 5"}, nil, "1-3/3"},
		{"no junction with a railway", []string{"highway=primary 1 2 3", "railway=rail 4 2 5"}, nil, "1-3/3 4-5/3"},
		{"a ferry", []string{"highway=primary 1 2 3", "route=ferry 2 5"}, nil, "1-2/2 2-3/2 2-5/2"},
		{"a loop", []string{"highway=primary 1 2 3 1"}, nil, "1-1/4"},
		{"a lasso", []string{"highway=primary 1 2 3 4 2"}, nil, "1-2/2 2-2/4"},
		{"an eight", []string{"highway=primary 1 2 3 1 4 5 1"}, nil, "1-1/4 1-1/4"},
		{"there and back", []string{"highway=primary 1 2 3 2 1"}, nil, "1-2/2 2-2/3 2-1/2"},
		{"a node twice in a row", []string{"highway=primary 1 2 2 2 3"}, nil, "1-3/3"},
		{"turned round", []string{"highway=primary oneway=-1 1 2 3", "highway=track 2 5"}, nil, "3-2/2 2-1/2 2-5/2"},
		{"without its middle", []string{"highway=primary 1 2 3 4 5"}, []int64{3}, "1-2/2 4-5/2"},
		{"without its ends", []string{"highway=primary 1 2 3 4 5"}, []int64{1, 5}, "2-4/3"},
		{"without every other", []string{"highway=primary 1 2 3 4 5", "highway=track 4 5"}, []int64{1, 3}, "4-5/2 4-5/2"},
		{"cut at a junction", []string{"highway=primary 1 2 3", "highway=track 4 2 5"}, []int64{2}, "none"},
		{"in the order of the file", []string{"highway=primary 4 5", "highway=primary 1 2", "highway=primary 5 1"}, nil, "4-5/2 1-2/2 5-1/2"},
	} {
		doc := line(5, test.ways...)
		doc.Nodes = slices.DeleteFunc(doc.Nodes, func(n xmlNode) bool { return slices.Contains(test.absent, n.ID) })
		m, err := readBytes(doc.pbf(form{}), "x")
		got := "none"
		if err == nil {
			got = edges(m)
		}
		if got != test.want {
			t.Errorf("%s: got %s, want %s (error %v)", test.name, got, test.want, err)
		}
	}
}

// A ferry is boarded where roads are, in the direction in which one boards it.
func TestLanding(t *testing.T) {
	m := mustRead(t, line(4, "highway=primary 1 2", "route=ferry motor_vehicle=yes 2 3 4", "route=ferry motor_vehicle=yes 3 1").pbf(form{}))
	for i, want := range []string{"1-2 false false", "2-3 true false", "3-4 false false", "3-1 false true"} {
		e := m.Network.Edge(i)
		back := e.Attributes
		if e.Back != nil {
			back = *e.Back
		}
		ends, _, _ := strings.Cut(strings.Fields(edges(m))[i], "/")
		if got := ends + " " + strconv.FormatBool(e.Landing) + " " + strconv.FormatBool(back.Landing); got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
}

// A ferry that the map cuts has no share of its duration.
func TestCutFerry(t *testing.T) {
	doc := line(4, "route=ferry duration=30 motor_vehicle=yes 1 2 3 4", "highway=track 2 3")
	for _, cut := range []bool{false, true} {
		if cut {
			doc.Nodes = doc.Nodes[:3]
		}
		m := mustRead(t, doc.pbf(form{}))
		if d := m.Network.Edge(0).Duration; (d == 0) != cut {
			t.Errorf("cut %v: %v", cut, d)
		}
	}
}

// A barrier within a road, at its end, and on a crossing of roads; and one that a
// restriction holds across.
func TestBarriers(t *testing.T) {
	bollard := []xmlTag{{"barrier", "bollard"}, {"name", "B"}}
	for _, test := range []struct {
		name         string
		ways         []string
		nodes, edges int // of the network
		barrier      int // edges of barriers
	}{
		{"within", []string{"highway=primary 1 2 3"}, 4, 3, 1},
		{"between", []string{"highway=primary 1 2", "highway=track 2 3"}, 4, 3, 1},
		{"at the end", []string{"highway=primary 1 2"}, 2, 1, 0},
		{"on a crossing", []string{"highway=primary 1 2 3", "highway=track 4 2"}, 3 + 4, 3 + 3, 3},
		{"on a loop", []string{"highway=primary 2 3 4 2"}, 2, 2, 1},
		{"not on a road", []string{"highway=primary 1 3"}, 2, 1, 0},
		{"on a railway", []string{"railway=rail 1 2 3"}, 2, 1, 0},
	} {
		doc := line(4, test.ways...)
		doc.Nodes[1].Tags = bollard
		n := mustRead(t, doc.pbf(form{})).Network
		barriers := 0
		for i := range n.Edges() {
			e := n.Edge(i)
			if e.Cars == route.Closed {
				barriers++
				if e.Length != 0 || e.Name != "B" || n.Node(e.From).Point != n.Node(e.To).Point || e.From == e.To {
					t.Errorf("%s: barrier %+v", test.name, e)
				}
			}
		}
		if n.Nodes() != test.nodes || n.Edges() != test.edges || barriers != test.barrier {
			t.Errorf("%s: %d nodes, %d edges, %d of barriers; want %d, %d, %d", test.name, n.Nodes(), n.Edges(), barriers, test.nodes, test.edges, test.barrier)
		}
	}

	doc := line(3, "highway=primary 1 2", "highway=track 2 3")
	doc.Nodes[1].Tags = bollard
	doc.Relations = []xmlRelation{{1, []xmlMember{{"way", 1, "from"}, {"node", 2, "via"}, {"way", 2, "to"}}, []xmlTag{{"type", "restriction"}, {"restriction", "no_straight_on"}}}}
	var turns []string
	for _, turn := range mustRead(t, doc.pbf(form{})).Network.Turns() {
		var words []string
		for _, s := range turn.Path {
			words = append(words, strconv.Itoa(int(s)))
		}
		turns = append(turns, strings.Join(words, " "))
	}
	// Edge 2 is the barrier: steps 4 and 5. Turning round on it is forbidden as well.
	if want := []string{"4 5", "5 4", "0 4 2"}; !slices.Equal(turns, want) {
		t.Errorf("turns %q, want %q", turns, want)
	}
}

// What is left out is counted, and the first ten are named in the order of the file.
func TestLeftOut(t *testing.T) {
	doc := line(2, "highway=primary 1 2")
	for i := range 15 {
		doc.Ways = append(doc.Ways, xmlWay{int64(100 - i), []xmlRef{{1}}, []xmlTag{{"highway", "track"}}})
	}
	doc.Ways = append(doc.Ways, xmlWay{200, []xmlRef{{1}, {2}}, []xmlTag{{"highway", "track"}, {"maxweight", "heavy"}}})
	doc.Nodes[0].Tags = []xmlTag{{"barrier", "gate"}, {"maxheight", "tall"}}
	m := mustRead(t, doc.pbf(forms["blocks of three"]))
	if len(m.LeftOut) != 3 {
		t.Fatalf("left out %+v", m.LeftOut)
	}
	for i, want := range []LeftOut{
		{ShortWay, 15, []int64{100, 99, 98, 97, 96, 95, 94, 93, 92, 91}},
		{UnreadWay, 1, []int64{200}},
		{UnreadNode, 1, []int64{1}},
	} {
		if got := m.LeftOut[i]; got.Reason != want.Reason || got.Count != want.Count || !slices.Equal(got.First, want.First) {
			t.Errorf("got %+v, want %+v", got, want)
		}
	}
	if m.Ways != 2 {
		t.Errorf("%d ways used", m.Ways)
	}
}

func TestReasonText(t *testing.T) {
	seen := make(map[string]bool)
	for r := CutWay; r < reasons; r++ {
		if s := r.String(); s == "" || seen[s] {
			t.Errorf("reason %d is %q", r, s)
		} else {
			seen[s] = true
		}
	}
	if got := Reason(99).String(); got != "reason 99" {
		t.Errorf("got %q", got)
	}
}

// Limits of laws are within what there is, and rise from town to motorway.
func TestNationalLimits(t *testing.T) {
	order := []string{"living_street", "urban", "rural", "trunk", "expressway", "motorway"}
	for country, kinds := range limits {
		last := 0.0
		for _, kind := range order {
			x, ok := kinds[kind]
			if !ok || x == 0 {
				continue // not there, or without a limit
			}
			if x < last || x > 140 {
				t.Errorf("%s:%s is %v km/h after %v", country, kind, x, last)
			}
			last = x
		}
		if kinds["urban"] == 0 {
			t.Errorf("%s has no limit in towns", country)
		}
	}
}
