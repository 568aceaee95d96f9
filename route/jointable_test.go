package route

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/hubplan/hubplan/geo"
	"github.com/hubplan/hubplan/geo/input"
	"github.com/paulmach/orb"
)

// drawn is a line of points in metres, east and north in turn.
func drawn(xy ...float64) Edge {
	e := Edge{Class: Primary}
	for i := 0; i < len(xy); i += 2 {
		e.Line = append(e.Line, meters(xy[i], xy[i+1]))
	}
	return e
}

func (e Edge) with(change func(e *Edge)) Edge {
	change(&e)
	return e
}

func bridge(e *Edge) { e.Bridge = true }

func TestJoinTable(t *testing.T) {
	layer := func(e *Edge) { e.Layer = 1 }
	rail := func(e *Edge) { e.Class = Railway }
	ferry := func(e *Edge) { e.Class = Ferry }
	across := []Edge{drawn(0, 0, 200, 0), drawn(100, -100, 100, 100)}
	overlap := []Edge{drawn(0, 0, 200, 0), drawn(100, 0, 300, 0)}
	for _, c := range []struct {
		name                string
		lines               []Edge
		options             JoinOptions
		nodes, edges, parts int
		joints              string // kinds and distances
	}{
		// ────  ────
		{"ends within the tolerance", []Edge{drawn(0, 0, 100, 0), drawn(101.5, 0, 200, 0)}, JoinOptions{}, 3, 2, 1, "ends 1.5"},
		{"ends a little farther", []Edge{drawn(0, 0, 100, 0), drawn(102.5, 0, 200, 0)}, JoinOptions{}, 4, 3, 1, "link 2.5"},
		{"ends beyond the reach", []Edge{drawn(0, 0, 100, 0), drawn(200, 0, 300, 0)}, JoinOptions{Reach: 99}, 4, 2, 2, ""},
		{"no reach", []Edge{drawn(0, 0, 100, 0), drawn(110, 0, 300, 0)}, JoinOptions{Reach: -1}, 4, 2, 2, ""},
		// Of a chain with 1.5 m between, not all become one: no end moves far.
		{"chain", []Edge{drawn(0, 0, 0, 90), drawn(1.5, 0, 1.5, 90), drawn(3, 0, 3, 90), drawn(4.5, 0, 4.5, 90)}, JoinOptions{Reach: -1}, 4, 4, 2, "ends 1.5 ends 1.5"},
		//    │
		// ───┴───
		{"end on a line", []Edge{drawn(0, 0, 200, 0), drawn(100, 1, 100, 100)}, JoinOptions{}, 4, 3, 1, "end-on-line 1"},
		{"end on a point of a line", []Edge{drawn(0, 0, 100, 0, 200, 0), drawn(100, 0, 100, 100)}, JoinOptions{}, 4, 3, 1, ""},
		{"end short of a line", []Edge{drawn(0, 0, 200, 0), drawn(100, 30, 100, 100)}, JoinOptions{}, 5, 4, 1, "link 30"},
		{"end on the line itself", []Edge{drawn(0, 0, 200, 0, 200, 100, 100, 100, 100, 1)}, JoinOptions{}, 2, 2, 1, "end-on-line 1"},
		//    │
		// ───┼───
		//    │
		{"crossing", across, JoinOptions{}, 5, 4, 1, "crossing 0"},
		{"crossings left alone", across, JoinOptions{NoCrossings: true, Reach: -1}, 4, 2, 2, ""},
		{"bridge", []Edge{across[0], across[1].with(bridge)}, JoinOptions{Reach: -1}, 4, 2, 2, ""},
		{"two bridges", []Edge{across[0].with(bridge), across[1].with(bridge)}, JoinOptions{Reach: -1}, 4, 2, 2, ""},
		{"tunnel", []Edge{across[0].with(func(e *Edge) { e.Tunnel = true }), across[1]}, JoinOptions{Reach: -1}, 4, 2, 2, ""},
		{"layers", []Edge{across[0].with(layer), across[1]}, JoinOptions{Reach: -1}, 4, 2, 2, ""},
		{"one layer", []Edge{across[0].with(layer), across[1].with(layer)}, JoinOptions{}, 5, 4, 1, "crossing 0"},
		{"ferry", []Edge{across[0].with(ferry), across[1]}, JoinOptions{Reach: -1}, 4, 2, 2, ""},
		{"railway and road", []Edge{across[0].with(rail), across[1]}, JoinOptions{}, 4, 2, 2, ""},
		{"railways", []Edge{across[0].with(rail), across[1].with(rail)}, JoinOptions{}, 5, 4, 1, "crossing 0"},
		{"railway ends at a road", []Edge{drawn(0, 0, 200, 0), drawn(100, 0, 100, 100).with(rail)}, JoinOptions{}, 4, 2, 2, ""},
		{"bridge ends on a road", []Edge{drawn(0, 0, 200, 0), drawn(100, 0, 100, 100).with(bridge)}, JoinOptions{}, 4, 3, 1, "end-on-line 0"},
		{"road ends under a bridge", []Edge{drawn(0, 0, 200, 0).with(bridge), drawn(100, 0, 100, 100)}, JoinOptions{Reach: -1}, 4, 2, 2, ""},
		{"ferry lands", []Edge{drawn(0, 0, 200, 0), drawn(100, 0, 100, 100).with(ferry)}, JoinOptions{}, 4, 3, 1, "end-on-line 0"},
		// Three lines through one point, or nearly.
		{"star", []Edge{drawn(-100, 0, 100, 0), drawn(0, -100, 0, 100), drawn(-100, -99, 100, 101)}, JoinOptions{}, 7, 6, 1, "crossing 1"},
		{"loop of one line", []Edge{drawn(0, 0, 200, 0, 200, 100, 100, 100, 100, -100)}, JoinOptions{}, 3, 3, 1, "crossing 0"},
		{"eight by way of one point", []Edge{drawn(-100, 0, 0, 0, 100, 100, 100, -100, 0, 0, -100, 100)}, JoinOptions{}, 3, 3, 1, ""},
		{"common point inside", []Edge{drawn(0, 0, 100, 0, 200, 0), drawn(100, -100, 100, 0, 100, 100)}, JoinOptions{}, 5, 4, 1, ""},
		{"common point inside of a bridge", []Edge{drawn(0, 0, 100, 0, 200, 0), drawn(100, -100, 100, 0, 100, 100).with(bridge)}, JoinOptions{Reach: -1}, 4, 2, 2, ""},
		// Lines over each other share the ends of what they have in common.
		{"twice the same", []Edge{overlap[0], overlap[0]}, JoinOptions{}, 2, 2, 1, ""},
		{"overlap", overlap, JoinOptions{}, 4, 4, 1, "end-on-line 0 end-on-line 0"},
		{"common stretch", []Edge{drawn(0, 100, 100, 0, 200, 0, 300, 0, 400, 100), drawn(0, -100, 100, 0, 200, 0, 300, 0, 400, -100)}, JoinOptions{}, 6, 6, 1, ""},
		{"point", []Edge{drawn(0, 0, 200, 0), drawn(100, 0, 101, 0)}, JoinOptions{}, 2, 1, 1, "dropped 1"},
		// ┌────┐
		// │    ╵      the way round is 13 times as far, then 9 times
		// └─────
		{"gap", []Edge{drawn(0, 0, 200, 0), drawn(0, 0, 0, 300, 150, 300, 150, 50)}, JoinOptions{Gap: 100}, 4, 4, 1, "gap 50"},
		{"no gap", []Edge{drawn(0, 0, 200, 0), drawn(0, 0, 0, 100, 150, 100, 150, 50)}, JoinOptions{Gap: 100}, 3, 2, 1, ""},
		{"gap by little", []Edge{drawn(0, 0, 200, 0), drawn(0, 0, 0, 140, 150, 140, 150, 50)}, JoinOptions{Gap: 100}, 4, 4, 1, "gap 50"},
		{"gap too wide", []Edge{drawn(0, 0, 200, 0), drawn(0, 0, 0, 300, 150, 300, 150, 50)}, JoinOptions{Gap: 40}, 3, 2, 1, ""},
		{"gap with a road between", []Edge{
			drawn(300, 0, 0, 0, 0, 900, 150, 900, 150, 50), drawn(150, 70, 120, 70, 120, 30, 180, 30, 180, 100),
		}, JoinOptions{Gap: 60}, 4, 3, 1, "end-on-line 0"},
		// A link that crosses its own part starts there:
		//
		//	 │  ╷───┐
		//	 └──┼───┘
		//	    ╎
		//	────┴────
		{"link from inside", []Edge{drawn(-200, 0, 300, 0), drawn(100, 80, 100, 150, 200, 150, 200, 60, 50, 60, 50, 200)}, JoinOptions{Gap: -1}, 6, 5, 1, "link 60"},
		// Carriageways that end in one point, and a road that goes on.
		{"carriageways", []Edge{drawn(0, 10, 900, 10, 1000, 0), drawn(0, -10, 900, -10, 1000, 0), drawn(1200, 0, 2000, 0)}, JoinOptions{}, 5, 4, 1, "link 200"},
		// A road does not branch off where it only goes on, though that is nearer.
		{"from the end", []Edge{drawn(0, 0, 100, 0), drawn(100, 0, 200, 0), drawn(-100, 60, 100, 20, 300, 60)}, JoinOptions{Gap: -1}, 6, 5, 1, "link 39.2"},
		// The lower road is not led through the end of the upper one; so there is no
		// room for a node there, and the link goes to the end of the lower road.
		{"beside a node", []Edge{drawn(0, 0, 500, 0), drawn(100, 10, 100, 500).with(layer), drawn(100, -60, 100, -500)}, JoinOptions{Tolerance: 20, Reach: 120}, 6, 4, 2, "link 116.6"},
		{"beside a node, too far", []Edge{drawn(0, 0, 500, 0), drawn(100, 10, 100, 500).with(layer), drawn(100, -60, 100, -500)}, JoinOptions{Tolerance: 20, Reach: 110}, 6, 3, 3, ""},
		// Two roads that leave one node and cross beside it have met already, though
		// there is a node that is nearer to the crossing.
		{"crossing beside a node", []Edge{drawn(0, 0, 100, 0), drawn(0, 0, 1, 1, 2, -1, 100, -50), drawn(1.9, -0.95, -50, -90)}, JoinOptions{}, 5, 4, 1, "end-on-line 0.1"},
		// Of two ways to join, the shortest links: 30 and 40, not 60.
		{"shortest", []Edge{drawn(0, 0, 100, 0), drawn(130, 0, 200, 0), drawn(240, 0, 300, 0)}, JoinOptions{}, 6, 5, 1, "link 30 link 40"},
		{"a ring", []Edge{drawn(0, 0, 100, 0, 100, 100, 0, 100, 0, 0), drawn(-500, -250, -500, -150, 500, -150)}, JoinOptions{Gap: -1}, 4, 4, 1, "link 150"},
	} {
		t.Run(c.name, func(t *testing.T) {
			n, r := mustJoin(t, c.lines, c.options)
			var joints []string
			for _, j := range r.Joints {
				joints = append(joints, fmt.Sprintf("%v %v", j.Kind, math.Round(float64(j.Distance)*10)/10))
			}
			got := strings.Join(joints, " ")
			if n.Nodes() != c.nodes || n.Edges() != c.edges || len(r.Components) != c.parts || got != c.joints {
				t.Errorf("%d nodes, %d edges, %d parts, %q; want %d, %d, %d, %q", n.Nodes(), n.Edges(), len(r.Components), got, c.nodes, c.edges, c.parts, c.joints)
				for _, e := range edgesIn(n) {
					t.Logf("%d–%d %v", e.From, e.To, toMeters(e.Line))
				}
			}
		})
	}
}

// A line that is led through a node loses the points near it, which would make it
// turn back; one that runs through it as it is keeps them.
func TestJoinKinks(t *testing.T) {
	line := drawn(0, 0, 99, 0.5, 100.5, -0.5, 101, 0.5, 200, 0)
	shape := func(n *Network) string {
		var shapes []string
		for i := range 2 {
			for _, p := range toMeters(n.Edge(i).Line) {
				shapes = append(shapes, fmt.Sprintf("%.1f,%.1f", p[0], p[1]))
			}
			shapes = append(shapes, "|")
		}
		return strings.Join(shapes, " ")
	}
	n, _ := mustJoin(t, []Edge{line, drawn(100, 1, 100, 100)}, JoinOptions{})
	if got, want := shape(n), "0.0,0.0 100.0,1.0 | 100.0,1.0 200.0,0.0 |"; got != want {
		t.Errorf("led through a node\n%s\nwant\n%s", got, want)
	}
	n, _ = mustJoin(t, []Edge{line, drawn(100.5, -0.5, 100, -100)}, JoinOptions{})
	if got, want := shape(n), "0.0,0.0 99.0,0.5 100.5,-0.5 | 100.5,-0.5 101.0,0.5 200.0,0.0 |"; got != want {
		t.Errorf("through a node as it is\n%s\nwant\n%s", got, want)
	}
	// The ends: one that moves takes the points near it along.
	n, _ = mustJoin(t, []Edge{drawn(0, 0, 1, 0.5, 100, 0), drawn(0.5, 0, 0, -100), drawn(0.5, 0, -100, 0)}, JoinOptions{})
	if got, want := shape(n), "0.5,0.0 100.0,0.0 | 0.5,0.0 0.0,-100.0 |"; got != want {
		t.Errorf("from a node\n%s\nwant\n%s", got, want)
	}
}

// What an edge has as a whole is on one of its parts, or shared out.
func TestJoinSharesAttributes(t *testing.T) {
	back := Attributes{Landing: true, MaxWeight: 5, Duration: time.Hour}
	line := drawn(0, 0, 100, 0, 400, 0, 1000, 0).with(func(e *Edge) {
		e.Length, e.OneWay, e.Name, e.Ref = 2000, true, "M1", "E1"
		e.Attributes = Attributes{Landing: true, Border: true, Toll: true, MaxWeight: 10, Duration: time.Minute, Capacity: 7}
		e.Back = &back
	})
	n, _ := mustJoin(t, []Edge{line, drawn(100, 0, 100, 100), drawn(400, 0, 400, 100)}, JoinOptions{})
	for i, want := range []struct {
		length       geo.Distance
		there, back  time.Duration
		landing      [2]bool
		border, last bool
	}{
		{length: 200, there: 6 * time.Second, back: 6 * time.Minute, landing: [2]bool{true, false}},
		{length: 600, there: 18 * time.Second, back: 18 * time.Minute},
		{length: 1200, there: 36 * time.Second, back: 36 * time.Minute, landing: [2]bool{false, true}, border: true},
	} {
		e := n.Edge(i)
		near := func(a, b time.Duration) bool { return (a - b).Abs() < time.Millisecond }
		if math.Abs(float64(e.Length-want.length)) > 0.01 || !near(e.Duration, want.there) || !near(e.Back.Duration, want.back) {
			t.Errorf("part %d: length %v, %v and %v", i, e.Length, e.Duration, e.Back.Duration)
		}
		if e.Landing != want.landing[0] || e.Back.Landing != want.landing[1] || e.Border != want.border || e.Back.Border {
			t.Errorf("part %d: landing %v and %v, border %v and %v", i, e.Landing, e.Back.Landing, e.Border, e.Back.Border)
		}
		if !e.OneWay || e.Name != "M1" || e.Ref != "E1" || !e.Toll || e.MaxWeight != 10 || e.Back.MaxWeight != 5 || e.Capacity != 7 {
			t.Errorf("part %d: %+v", i, e)
		}
	}
}

// Links are of the class of the lesser road, or of the one asked for.
func TestJoinLinkClass(t *testing.T) {
	class := func(c Class) func(*Edge) { return func(e *Edge) { e.Class = c } }
	service := Service
	for _, c := range []struct {
		a, b Class
		link *Class
		want Class
	}{
		{Motorway, Tertiary, nil, Tertiary}, {Tertiary, Motorway, nil, Tertiary}, {Ferry, Track, nil, Track},
		{Ferry, Ferry, nil, Ferry}, {Transfer, Ferry, nil, Transfer}, {Railway, Railway, nil, Railway},
		{Trunk, Primary, &service, Service}, {Railway, Railway, &service, Railway},
	} {
		n, r := mustJoin(t, []Edge{drawn(0, 0, 100, 0).with(class(c.a)), drawn(130, 0, 200, 0).with(class(c.b))}, JoinOptions{Link: c.link})
		i := slices.Index(r.Source, -1)
		if i < 0 {
			t.Errorf("%v and %v: no link", c.a, c.b)
		} else if got := n.Edge(i).Class; got != c.want {
			t.Errorf("%v and %v: link %v, want %v", c.a, c.b, got, c.want)
		}
	}
}

// A town joins what comes into it and does not hang together there, even if it does
// far outside.
func TestJoinTowns(t *testing.T) {
	roads := []Edge{
		drawn(-3000, 0, -1000, 0), drawn(900, 0, 3000, 0), drawn(0, 1500, 0, 3000),
		drawn(-3000, 0, -3000, -9000, 3000, -9000, 3000, 0),
	}
	o := JoinOptions{Towns: []Town{{Point: meters(0, 0), Radius: 2000}}}
	n, r := mustJoin(t, roads, o)
	if count, largest, sum := r.Count(StreetJoint); count != 3 || math.Abs(float64(largest-1500)) > 1 || math.Abs(float64(sum-3400)) > 1 {
		t.Errorf("%d streets, at most %v, %v together", count, largest, sum)
	}
	if len(r.Components) != 1 || n.Edges() != 7 || math.Abs(float64(r.Components[0].Links-3400)) > 1 {
		t.Errorf("%d edges, parts %+v", n.Edges(), r.Components)
	}
	if _, r := mustJoin(t, edgesIn(n), o); len(r.Joints) > 0 {
		t.Errorf("joined again: %+v", r.Joints)
	}
	// Roads that meet outside do not hang together inside.
	_, r = mustJoin(t, []Edge{drawn(-3000, 0, -1000, 0), drawn(-3000, 0, -3000, 1500, -1000, 1500)}, o)
	if count, _, _ := r.Count(StreetJoint); count != 2 {
		t.Errorf("%d streets to roads that meet outside", count)
	}
	// One road through the town needs no streets.
	if _, r := mustJoin(t, []Edge{drawn(-3000, 10, 3000, 10)}, o); len(r.Joints) > 0 {
		t.Errorf("one road: %+v", r.Joints)
	}
	// The middle is on the road if that is near enough.
	if _, r := mustJoin(t, []Edge{drawn(-3000, 1, 3000, 1), drawn(0, 600, 0, 3000)}, JoinOptions{Towns: o.Towns, Reach: 10}); len(r.Joints) != 1 || math.Abs(float64(r.Joints[0].Distance-599)) > 1 {
		t.Errorf("a road through the middle: %+v", r.Joints)
	}
}

// Dozens of lines over and beside each other come to an end, with no more nodes
// than have room.
func TestJoinBundles(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	var same, beside []Edge
	for range 40 {
		same = append(same, drawn(0, 0, 300, 1, 1000, 0))
		e := Edge{}
		for x := 0.0; x <= 1000; x += 50 {
			e.Line = append(e.Line, meters(x+4*r.Float64(), 4*r.Float64()))
		}
		beside = append(beside, e)
	}
	n, _ := mustJoin(t, same, JoinOptions{})
	if n.Nodes() != 2 || n.Edges() != 40 {
		t.Errorf("40 times one line: %d nodes and %d edges", n.Nodes(), n.Edges())
	}
	n, report := mustJoin(t, beside, JoinOptions{})
	// Nodes are 2 m apart, in a strip of 1000 m by 8 m.
	if n.Nodes() > 1000*8/3 || report.Unsettled > 0 || len(report.Components) != 1 {
		t.Errorf("40 lines in a bundle: %d nodes, %d parts, %d unsettled", n.Nodes(), len(report.Components), report.Unsettled)
	}
}

func TestJoinErrors(t *testing.T) {
	good := drawn(0, 0, 100, 0)
	for _, c := range []struct {
		name    string
		line    Edge
		options JoinOptions
		network bool
		message string
	}{
		{"no line", Edge{Name: "M1"}, JoinOptions{}, true, `line 1 "M1": line of 0 points`},
		{"one point", drawn(0, 0), JoinOptions{}, true, "line of 1 points"},
		{"longitude", Edge{Line: orb.LineString{{30, 50}, {230, 50}}}, JoinOptions{}, true, "longitude 230 out of range"},
		{"not a number", Edge{Line: orb.LineString{{30, math.NaN()}, {30, 50}}}, JoinOptions{}, true, "latitude NaN out of range"},
		{"class", good.with(func(e *Edge) { e.Class = 99 }), JoinOptions{}, true, "there is no class 99"},
		{"length", good.with(func(e *Edge) { e.Length = -1 }), JoinOptions{}, true, "length -1 m"},
		{"weight", good.with(func(e *Edge) { e.MaxWeight = -1 }), JoinOptions{}, true, "weight limit -1"},
		{"tolerance", good, JoinOptions{Tolerance: 0.001}, false, "below 1 cm"},
		{"negative tolerance", good, JoinOptions{Tolerance: -1}, false, "below 1 cm"},
		{"reach", good, JoinOptions{Reach: geo.Distance(math.NaN())}, false, "reach NaN m out of range"},
		{"gap", good, JoinOptions{Gap: geo.Distance(math.Inf(1))}, false, "gap +Inf m out of range"},
		{"link", good, JoinOptions{Link: new(Class)}, false, ""},
		{"link by rail", good, JoinOptions{Link: func() *Class { c := Railway; return &c }()}, false, "rail is no class for links"},
		{"town", good, JoinOptions{Towns: []Town{{Point: orb.Point{0, 91}}}}, false, "town 0: latitude 91"},
		{"radius", good, JoinOptions{Towns: []Town{{Radius: -1}}}, false, "town 0: radius -1 m"},
	} {
		n, r, err := Join(context.Background(), []Edge{good, c.line}, c.options)
		if c.message == "" {
			if err != nil {
				t.Errorf("%s: %v", c.name, err)
			}
			continue
		}
		if n != nil || r != nil || err == nil || errors.Is(err, ErrNetwork) != c.network || !strings.Contains(err.Error(), c.message) {
			t.Errorf("%s: error %v, want %q", c.name, err, c.message)
		}
	}
	for name, lines := range map[string][]Edge{"nothing": nil, "points": {drawn(0, 0, 1, 0), drawn(5, 5, 5, 5)}} {
		if n, _, err := Join(context.Background(), lines, JoinOptions{}); n != nil || !errors.Is(err, ErrNetwork) {
			t.Errorf("%s: %v", name, err)
		}
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, _, err := Join(ctx, []Edge{good}, JoinOptions{}); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
	// Cancelled in the middle, by its own progress.
	ctx, cancel = context.WithCancel(context.Background())
	defer cancel()
	rounds := 0
	_, _, err := Join(ctx, []Edge{drawn(0, 0, 200, 0), drawn(100, -100, 100, 100)}, JoinOptions{Progress: func(round, splits int) {
		if rounds++; round != rounds || splits != 2 {
			t.Errorf("round %d with %d splits", round, splits)
		}
		cancel()
	}})
	if !errors.Is(err, context.Canceled) || rounds != 1 {
		t.Errorf("cancelled after a round: %v, %d rounds", err, rounds)
	}
}

// Lines as a program hands them over are not changed.
func TestJoinLeavesLines(t *testing.T) {
	lines := []Edge{drawn(0, 0, 100, 0), drawn(101, 0, 200, 0), drawn(50, -50, 50, 50)}
	before := fmt.Sprintf("%+v", lines)
	mustJoin(t, lines, JoinOptions{})
	if after := fmt.Sprintf("%+v", lines); after != before {
		t.Errorf("lines became %s", after)
	}
}

func TestJoinReportGeoJSON(t *testing.T) {
	lines := []Edge{drawn(0, 0, 200, 0), drawn(100, -100, 100, 100), drawn(201, 0, 300, 0), drawn(330, 0, 400, 0), drawn(2000, 0, 3000, 0)}
	_, r := mustJoin(t, lines, JoinOptions{})
	var b bytes.Buffer
	if err := r.WriteGeoJSON(&b); err != nil {
		t.Fatal(err)
	}
	const want = `{"type":"FeatureCollection","features":[
{"type":"Feature","properties":{"distance_m":1,"kind":"ends","lines":[0,2]},"geometry":{"type":"Point","coordinates":[30.0027982,50]}},
{"type":"Feature","properties":{"distance_m":0,"kind":"crossing","lines":[0,1]},"geometry":{"type":"Point","coordinates":[30.0013991,50]}},
{"type":"Feature","properties":{"distance_m":30,"kind":"link","lines":[2,3]},"geometry":{"type":"LineString","coordinates":[[30.0041973,50],[30.004617,50]]}},
{"type":"Feature","properties":{"edges":1,"kind":"component","length_km":1,"links_km":0,"nodes":2},"geometry":{"type":"Point","coordinates":[30.0279819,50]}},
{"type":"Feature","properties":{"edges":7,"kind":"component","length_km":0.6,"links_km":0.03,"nodes":8},"geometry":{"type":"Point","coordinates":[30,50]}}
]}
`
	if got := b.String(); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	var p input.Problems
	if got := input.ReadFeatures(&b, "f", &p); len(got) != 5 || p.Len() > 0 {
		t.Errorf("%d features, %v", len(got), p.Err())
	}
	full := failing(100)
	if err := r.WriteGeoJSON(&full); err == nil {
		t.Error("a full disk went unseen")
	}
}
