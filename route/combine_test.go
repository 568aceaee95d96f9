package route

import (
	"context"
	"errors"
	"math"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/hubplan/hubplan/geo"
	"github.com/hubplan/hubplan/geo/input"
	"github.com/paulmach/orb"
	"pgregory.net/rapid"
)

func mustNetwork(t rapid.TB, nodes []Node, edges []Edge, turns ...Turn) *Network {
	n, err := NewNetwork(nodes, edges, turns...)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// straight is a network of one road west to east, so many metres north.
func straight(t *testing.T, class Class, north float64) *Network {
	e := Edge{From: 0, To: 1, Class: class, Name: class.String()}
	e.Line = orb.LineString{meters(0, north), meters(400, north), meters(1000, north)}
	return mustNetwork(t, []Node{{Point: meters(0, north)}, {Point: meters(1000, north)}}, []Edge{e})
}

// A road, a railway north of it, and a terminal between:
//
//	0 ────────── x ────── 1   rail
//	             t
//	0 ────────── x ────── 1   road
func TestCombine(t *testing.T) {
	road, rail := straight(t, Primary, 0), straight(t, Railway, 200)
	terminals := []Terminal{
		{ID: "north", Point: meters(500, 1500), Time: time.Hour},
		{ID: "t", Name: "Yard", Point: meters(600, 50), Time: 30 * time.Minute, Capacity: 5000, Limit: 300},
		{ID: "end", Point: meters(1000.5, 100), Time: time.Hour},
		{ID: "short", Point: meters(300, 50), Time: time.Hour, Limit: 100},
	}
	n, c, err := Combine(context.Background(), []*Network{road, rail}, terminals)
	if err != nil {
		t.Fatal(err)
	}
	if got, want := c.Untied(), []int{0, 3}; !slices.Equal(got, want) {
		t.Errorf("untied %v, want %v", got, want)
	}
	if !slices.Equal(c.Nodes, []int{0, 2}) || !slices.Equal(c.Edges, []int{0, 1}) {
		t.Errorf("parts begin at nodes %v and edges %v", c.Nodes, c.Edges)
	}
	yard, end := c.Ties[1], c.Ties[2]
	if !slices.Equal(yard.Parts, []int{0, 1}) || math.Abs(float64(yard.Distance[0]-50)) > 0.01 || math.Abs(float64(yard.Distance[1]-150)) > 0.01 {
		t.Errorf("tie %+v", yard)
	}
	if !slices.Equal(end.Nodes, []int{1, 3}) {
		t.Errorf("the terminal at the end is tied at %v", end.Nodes)
	}
	// The road is cut at the terminals t and short, though short ties nothing.
	if n.Nodes() != 7 || n.Edges() != 7 || !slices.Equal(c.Source, []int{0, 1, 0, 0, 1, -1, -1}) {
		t.Errorf("%d nodes, %d edges of %v", n.Nodes(), n.Edges(), c.Source)
	}
	transfer := n.Edge(5)
	if transfer.Class != Transfer || transfer.Name != "Yard" || transfer.Duration != 30*time.Minute || transfer.Capacity != 5000 || transfer.OneWay {
		t.Errorf("transfer %+v", transfer)
	}
	if math.Abs(float64(transfer.Length-200)) > 0.01 {
		t.Errorf("the transfer is %v long", transfer.Length)
	}
	speed := map[Class]Speed{Primary: 10, Railway: 20, Transfer: 1}
	r, err := NewRouter(context.Background(), n, Profile{Name: "any", Speed: speed, Access: 1})
	if err != nil {
		t.Fatal(err)
	}
	from, _ := r.h.At(c.Nodes[0])
	to, _ := r.h.At(c.Nodes[1] + 1)
	p, err := r.Path(from, to)
	if err != nil {
		t.Fatal(err)
	}
	if got := p.Length; math.Abs(float64(got-1200)) > 0.1 {
		t.Errorf("by road and rail %v, want 1.2 km", got)
	}
}

// Terminals at one place share a node, and one at a point of a line takes its place.
func TestCombineAtOnePlace(t *testing.T) {
	var terminals []Terminal
	for _, p := range []orb.Point{meters(400, 0), meters(400.3, 60), meters(401.5, 60), meters(0.5, -50)} {
		terminals = append(terminals, Terminal{Point: p, Time: time.Hour})
	}
	n, c, err := Combine(context.Background(), []*Network{straight(t, Primary, 0), straight(t, Railway, 5000)}, terminals)
	if err != nil {
		t.Fatal(err)
	}
	if got, want := []int{c.Ties[0].Nodes[0], c.Ties[1].Nodes[0], c.Ties[2].Nodes[0], c.Ties[3].Nodes[0]}, []int{4, 4, 5, 0}; !slices.Equal(got, want) {
		t.Errorf("tied at %v, want %v", got, want)
	}
	for _, e := range edgesIn(n) {
		if e.Class == Primary && len(e.Line) != 2 {
			t.Errorf("a part by %v", toMeters(e.Line))
		}
	}
}

// A turn over an edge that is split is the same turn: of the edge it comes from the
// last part counts, of the one it goes to the first, between all.
func TestCombineSplitsTurns(t *testing.T) {
	nodes := []Node{{Point: meters(0, 0)}, {Point: meters(1000, 0)}, {Point: meters(1000, 1000)}, {Point: meters(0, 1000)}}
	edges := []Edge{{From: 0, To: 1, Class: Primary}, {From: 2, To: 1, Class: Primary}, {From: 2, To: 3, Class: Primary}}
	road := mustNetwork(t, nodes, edges, Turn{Path: []Step{Forth(0), Back(1), Forth(2)}, Vehicles: []Vehicle{CarVehicle}})
	far := mustNetwork(t, []Node{{Point: orb.Point{10, 10}}, {Point: orb.Point{11, 10}}}, []Edge{{From: 0, To: 1, Class: Primary}})
	var terminals []Terminal
	for _, p := range []orb.Point{meters(300, 0), meters(600, 0), meters(1000, 300), meters(1000, 600), meters(500, 1000)} {
		terminals = append(terminals, Terminal{Point: p, Time: time.Hour, Limit: 10})
	}
	// The other network comes first, so that all numbers are moved.
	n, c, err := Combine(context.Background(), []*Network{far, road}, terminals)
	if err != nil {
		t.Fatal(err)
	}
	at := func(east, north float64) int {
		for v := range n.Nodes() {
			if geo.Between(n.Node(v).Point, meters(east, north)) < 1 {
				return v
			}
		}
		t.Fatalf("no node at %v, %v", east, north)
		return -1
	}
	turns := n.Turns()
	if len(turns) != 1 || !slices.Equal(turns[0].Vehicles, []Vehicle{CarVehicle}) {
		t.Fatalf("turns %+v", turns)
	}
	want := []int{at(600, 0), at(1000, 0), at(1000, 300), at(1000, 600), at(1000, 1000), at(500, 1000)}
	got := []int{int(n.tail(turns[0].Path[0]))}
	for _, s := range turns[0].Path {
		got = append(got, int(n.head(s)))
	}
	if !slices.Equal(got, want) {
		t.Errorf("the turn runs by nodes %v, want %v", got, want)
	}
	if len(c.Untied()) != len(terminals) {
		t.Errorf("untied %v", c.Untied())
	}
}

func TestCombineErrors(t *testing.T) {
	road := straight(t, Primary, 0)
	for _, c := range []struct {
		name      string
		parts     []*Network
		terminals []Terminal
	}{
		{"nothing", nil, nil},
		{"time", []*Network{road}, []Terminal{{Time: -1}}},
		{"place", []*Network{road}, []Terminal{{Point: orb.Point{30, 91}}}},
		{"limit", []*Network{road}, []Terminal{{Limit: -1}}},
		{"no limit", []*Network{road}, []Terminal{{Limit: geo.Distance(math.NaN())}}},
		{"capacity", []*Network{road}, []Terminal{{Capacity: Mass(math.Inf(1))}}},
	} {
		if n, _, err := Combine(context.Background(), c.parts, c.terminals); n != nil || !errors.Is(err, ErrNetwork) {
			t.Errorf("%s: error %v", c.name, err)
		}
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, _, err := Combine(ctx, []*Network{road}, make([]Terminal, 1)); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
}

// Terminals change nothing within a network: not its lengths, times or what is
// said of it; and each is tied to the nearest edge.
func TestCombineKeepsNetworks(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var parts []*Network
		for range rapid.IntRange(1, 3).Draw(t, "parts") {
			lines := drawLines(t, 1000)
			for i := range lines {
				e := &lines[i]
				e.Class, e.Landing, e.Border = Primary, rapid.Bool().Draw(t, "landing"), rapid.Bool().Draw(t, "border")
				e.Duration = time.Duration(rapid.Int64Range(0, 1e12).Draw(t, "duration"))
			}
			n, _ := joinDrawn(t, lines, JoinOptions{})
			parts = append(parts, n)
		}
		var terminals []Terminal
		for range rapid.IntRange(0, 6).Draw(t, "terminals") {
			at := meters(rapid.Float64Range(0, 1000).Draw(t, "east"), rapid.Float64Range(0, 1000).Draw(t, "north"))
			terminals = append(terminals, Terminal{Point: at, Time: time.Minute, Limit: geo.Distance(rapid.IntRange(1, 300).Draw(t, "limit"))})
		}
		n, c, err := Combine(context.Background(), parts, terminals)
		if err != nil {
			t.Fatal(err)
		}
		for i, tie := range c.Ties {
			var want []int
			for p, part := range parts {
				least := geo.Distance(math.Inf(1))
				for e := range part.Edges() {
					x := part.Edge(e)
					if x.Bridge {
						least = min(least, geo.Between(x.Line[0], terminals[i].Point), geo.Between(x.Line[len(x.Line)-1], terminals[i].Point))
					} else {
						least = min(least, geo.Project(terminals[i].Point, x.Line).Distance)
					}
				}
				if least <= terminals[i].Limit {
					if k := len(want); k < len(tie.Distance) && math.Abs(float64(tie.Distance[k]-least)) > 2e-3 {
						t.Fatalf("terminal %d is %v from network %d, want %v", i, tie.Distance[k], p, least)
					}
					want = append(want, p)
				}
			}
			if !slices.Equal(tie.Parts, want) {
				t.Fatalf("terminal %d is tied to %v, want %v", i, tie.Parts, want)
			}
			for k, v := range tie.Nodes {
				if d := geo.Between(n.Node(v).Point, terminals[i].Point); math.Abs(float64(d-tie.Distance[k])) > 1.1 {
					t.Fatalf("terminal %d is tied at %v, %v away", i, d, tie.Distance[k])
				}
			}
		}
		// Walked from its From to its To node, the parts of an edge are the edge.
		for p, part := range parts {
			for e := range part.Edges() {
				whole, sum := part.Edge(e), Edge{}
				at, last := c.Nodes[p]+whole.From, -1
				line := orb.LineString{n.Node(at).Point}
				for i, s := range c.Source {
					if s != c.Edges[p]+e {
						continue
					}
					x := n.Edge(i)
					if x.From != at {
						t.Fatalf("part %d of edge %d begins at node %d, want %d", i, e, x.From, at)
					}
					at, last = x.To, i
					line = append(line, x.Line[1:]...)
					sum.Length += x.Length
					sum.Duration += x.Duration
					if x.Landing && len(line) > len(x.Line) {
						t.Fatalf("a ferry is boarded in the middle of edge %d", e)
					}
					if x.Border {
						if sum.Border {
							t.Fatalf("edge %d crosses the border twice", e)
						}
						sum.Border = true
					}
					sum.Landing = sum.Landing || x.Landing
				}
				if last < 0 || at != c.Nodes[p]+whole.To || sum.Duration != whole.Duration || sum.Landing != whole.Landing || sum.Border != whole.Border ||
					math.Abs(float64(sum.Length-whole.Length)) > 1e-6 || math.Abs(float64(geo.Length(line)-geo.Length(whole.Line))) > 1e-3 {
					t.Fatalf("edge %+v became %+v by %v", whole, sum, line)
				}
			}
		}
	})
}

func TestReadTerminals(t *testing.T) {
	got, err := ReadTerminals(strings.NewReader("id,name,lon,lat,transfer_min,capacity_t_day,limit_km\nA,Alpha,30,50,90,1200,2.5\nB,,31,50,0.5,,\n"), "t.csv")
	want := []Terminal{
		{ID: "A", Name: "Alpha", Point: orb.Point{30, 50}, Time: 90 * time.Minute, Capacity: 1200, Limit: 2500},
		{ID: "B", Point: orb.Point{31, 50}, Time: 30 * time.Second},
	}
	if err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v, %v", got, err)
	}
	_, err = ReadTerminals(strings.NewReader("id,lon,lat,transfer_min\nA,30,50,-1\nA,30,95,x\n,30,50,1\nB,30,50,0\n"), "t.csv")
	if n := len(strings.Split(err.Error(), "\n")); n != 6 || !errors.Is(err, input.ErrDuplicate) || !strings.Contains(err.Error(), "t.csv:2: transfer_min: -1 is negative") {
		t.Errorf("error %v", err)
	}
}
