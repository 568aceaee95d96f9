package route

import (
	"context"
	"errors"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/hubplan/hubplan/geo"
	"github.com/hubplan/hubplan/geo/input"
	"github.com/paulmach/orb"
	"pgregory.net/rapid"
)

// intermodal is a vehicle that may change.
func intermodal() Profile {
	p := testTruck
	p.Speed = map[Class]Speed{Transfer: 1}
	for c, s := range testTruck.Speed {
		p.Speed[c] = s
	}
	return p
}

// On random networks with random terminals, times are those of Floyd and Warshall's
// algorithm on a model in which every terminal is a vertex on the nearest edge of each
// part.
func TestCombineEqualsFloydWarshall(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		parts := make([]*Network, rapid.IntRange(1, 3).Draw(t, "parts"))
		for i := range parts {
			parts[i] = drawNetwork(t)
		}
		terminals := make([]Terminal, rapid.IntRange(0, 4).Draw(t, "terminals"))
		for i := range terminals {
			terminals[i] = Terminal{
				Point: orb.Point{rapid.Float64Range(29.9, 30.4).Draw(t, "lon"), rapid.Float64Range(49.9, 50.4).Draw(t, "lat")},
				Time:  time.Duration(rapid.IntRange(1, 7200).Draw(t, "time")) * time.Second,
				Limit: geo.Distance(rapid.SampledFrom([]float64{0, 5000, 50_000}).Draw(t, "limit")),
			}
		}
		c, err := Combine(parts, terminals)
		if err != nil {
			t.Fatal(err)
		}
		r := mustRouter(t, c.Network, intermodal())

		// The model: vertices are the nodes, then a vertex per terminal and part.
		count := 0
		var first []int
		for i, n := range parts {
			if first = append(first, count); c.Node[i] < count {
				t.Fatalf("part %d begins at node %d", i, c.Node[i])
			}
			count += n.Nodes()
		}
		vertex := func(terminal, part int) int { return count + terminal*len(parts) + part }
		vertices := count + len(terminals)*len(parts)
		dist := make([][]float64, vertices)
		for i := range dist {
			dist[i] = slices.Repeat([]float64{math.Inf(1)}, vertices)
			dist[i][i] = 0
		}
		near := make([][]bool, len(terminals))
		for i := range near {
			near[i] = make([]bool, len(parts))
		}
		for p, n := range parts {
			on := make(map[int][]tie)
			for i, terminal := range terminals {
				limit := terminal.Limit
				if limit == 0 {
					limit = geo.Kilometer
				}
				best := geo.Projection{Distance: geo.Distance(math.Inf(1))}
				edge := -1
				for e := range n.Edges() {
					x := geo.Project(terminal.Point, n.lineOf(e))
					if n.class[e] != Ferry && x.Distance <= limit && x.Distance < best.Distance-1e-3 {
						best, edge = x, e
					}
				}
				if edge < 0 {
					continue
				}
				near[i][p] = true
				whole := geo.Length(n.lineOf(edge))
				end := -1 // less than a metre from an end it is there
				from, to := n.Ends(edge)
				switch {
				case best.Along <= 1:
					end = first[p] + from
				case best.Along >= whole-1:
					end = first[p] + to
				}
				if x := vertex(i, p); end >= 0 {
					dist[x][end], dist[end][x] = 0, 0
					continue
				}
				on[edge] = append(on[edge], tie{terminal: i, fraction: float64(best.Along / whole)})
			}
			for e := range n.Edges() {
				edge := n.Edge(e)
				chain := on[e]
				slices.SortFunc(chain, func(a, b tie) int { return int(math.Copysign(1, a.fraction-b.fraction)) })
				speed, open := testTruck.Speed[edge.Class]
				at, done := first[p]+edge.From, 0.0
				join := func(v int, f float64) {
					if open {
						w := (f - done) * float64(edge.Length) / float64(speed)
						dist[at][v] = min(dist[at][v], w)
						if !edge.OneWay {
							dist[v][at] = min(dist[v][at], w)
						}
					}
					at, done = v, f
				}
				for _, x := range chain {
					join(vertex(x.terminal, p), x.fraction)
				}
				join(first[p]+edge.To, 1)
			}
		}
		for i, terminal := range terminals {
			for a := range parts {
				for b := range parts {
					if a != b && near[i][a] && near[i][b] {
						dist[vertex(i, a)][vertex(i, b)] = terminal.Time.Seconds()
					}
				}
			}
			apart := !slices.Contains(near[i], true) || strings.Count(fmtBools(near[i]), "1") < 2
			if apart != slices.Contains(c.Apart, i) {
				t.Fatalf("terminal %d near %v, apart: %v", i, near[i], c.Apart)
			}
		}
		for k := range dist {
			for i := range dist {
				for j := range dist {
					dist[i][j] = min(dist[i][j], dist[i][k]+dist[k][j])
				}
			}
		}
		slack := 0.001 * float64(c.Network.Edges()) // rounding
		for p, n := range parts {
			for v := range n.Nodes() {
				s, err := r.Hierarchy().At(c.Node[p] + v)
				if err != nil {
					continue
				}
				times, err := r.Times(s, nil)
				if err != nil {
					t.Fatal(err)
				}
				for q, m := range parts {
					for w := range m.Nodes() {
						ms, want := times[c.Node[q]+w], dist[first[p]+v][first[q]+w]
						if (ms == Unreachable) != math.IsInf(want, 1) || ms != Unreachable && math.Abs(float64(ms)/1000-want) > slack {
							t.Fatalf("node %d of part %d to node %d of part %d takes %d ms, want %v s", v, p, w, q, ms, want)
						}
					}
				}
			}
		}
	})
}

func fmtBools(list []bool) string {
	var b strings.Builder
	for _, x := range list {
		b.WriteByte("01"[pick(x)])
	}
	return b.String()
}

// A road and a railway beside it with a station between; turns and attributes go with
// the pieces.
func TestCombine(t *testing.T) {
	road, err := NewNetwork([]Node{{"A", orb.Point{30, 50}}, {"B", orb.Point{30.1, 50}}, {"C", orb.Point{30.2, 50}}}, []Edge{
		{From: 0, To: 1, Class: Trunk, Length: 10 * geo.Kilometer},
		{From: 1, To: 2, Class: Trunk, Length: 10 * geo.Kilometer, Attributes: Attributes{Duration: time.Hour, MaxWeight: 20}},
		{From: 1, To: 2, Class: Motorway, Line: orb.LineString{{30.1, 50}, {30.15, 50.004}, {30.2, 50}}},
	}, Turn{Path: []Step{Forth(0), Forth(1)}}, Turn{Path: []Step{Back(1), Forth(2)}})
	if err != nil {
		t.Fatal(err)
	}
	rail, err := NewNetwork([]Node{{"R", orb.Point{30.1, 50.005}}, {"S", orb.Point{30.3, 50.005}}}, []Edge{{From: 0, To: 1, Class: Railway}})
	if err != nil {
		t.Fatal(err)
	}
	c, err := Combine([]*Network{road, rail}, []Terminal{
		{Name: "yard", Point: orb.Point{30.15, 50.004}, Time: 2 * time.Hour, Capacity: 800},
		{Name: "far", Point: orb.Point{31, 51}, Time: time.Hour},
		{Name: "road only", Point: orb.Point{30, 50}, Time: time.Hour},
	})
	if err != nil {
		t.Fatal(err)
	}
	n := c.Network
	if n.Nodes() != 7 || n.Edges() != 3+1+1+1+1 || !slices.Equal(c.Node, []int{0, 4}) || !slices.Equal(c.Apart, []int{1, 2}) || len(c.Ties) != 2 {
		t.Fatalf("%d nodes, %d edges, %+v", n.Nodes(), n.Edges(), c)
	}
	if x := c.Ties[0]; x.Part != 0 || n.Node(x.Node).Name != "yard" || math.Abs(float64(x.Distance)-444) > 2 {
		t.Errorf("tie %+v", x)
	}
	first, second, transfer := n.Edge(1), n.Edge(2), n.Edge(6)
	if math.Abs(float64(first.Length)-5000) > 10 || first.Length+second.Length != 10*geo.Kilometer || first.Duration+second.Duration != time.Hour || second.MaxWeight != 20 {
		t.Errorf("pieces %+v and %+v", first, second)
	}
	if transfer.Class != Transfer || transfer.Duration != 2*time.Hour || transfer.Capacity != 800 || transfer.Name != "yard" {
		t.Errorf("transfer %+v", transfer)
	}
	want := [][]Step{{Forth(0), Forth(1)}, {Back(1), Forth(3)}}
	for i, turn := range n.Turns() {
		if !slices.Equal(turn.Path, want[i]) {
			t.Errorf("turn %v, want %v", turn.Path, want[i])
		}
	}
	// A turn by way of the edge that is split passes all its pieces.
	if got := piecesOf([]Step{Forth(0), Back(1), Forth(2)}, []int{0, 1, 3, 4}, 10); !slices.Equal(got, []Step{Forth(10), Back(12), Back(11), Forth(13)}) {
		t.Errorf("pieces %v", got)
	}
}

// One matrix answers for road and rail together.
func TestMatrixOverRoadAndRail(t *testing.T) {
	road := square(t)
	rail, err := NewNetwork([]Node{{"X", orb.Point{30.001, 50.001}}, {"Y", orb.Point{31, 50.001}}}, []Edge{{From: 0, To: 1, Class: Railway}})
	if err != nil {
		t.Fatal(err)
	}
	island, err := NewNetwork([]Node{{"P", orb.Point{31, 50}}, {"Q", orb.Point{31.1, 50}}}, []Edge{{From: 0, To: 1, Class: Primary}})
	if err != nil {
		t.Fatal(err)
	}
	c, err := Combine([]*Network{road, rail, island}, []Terminal{
		{Name: "west", Point: orb.Point{30.001, 50.001}, Time: time.Hour, Limit: 500},
		{Name: "east", Point: orb.Point{31, 50.001}, Time: 2 * time.Hour, Limit: 500},
	})
	if err != nil {
		t.Fatal(err)
	}
	train := mustRouter(t, c.Network, Truck().With(Rail()))
	var stops []Stop
	for _, p := range []orb.Point{{30.1, 50.1}, {31.1, 50}} {
		s, err := train.Snap(p, geo.Kilometer)
		if err != nil {
			t.Fatal(err)
		}
		stops = append(stops, s)
	}
	m, err := train.Matrix(context.Background(), stops, stops, MatrixOptions{})
	if err != nil {
		t.Fatal(err)
	}
	hours := 1 + 2 + (geo.Between(orb.Point{30.001, 50.001}, orb.Point{31, 50.001})).Kilometers()/40
	if d, ok := m.At(0, 1); !ok || d.Hours() < hours || d.Hours() > hours+0.6 {
		t.Errorf("by rail %v, want a little more than %v h", d, hours)
	}
	if m.Millis[1] != m.Millis[2] {
		t.Errorf("there %d, back %d", m.Millis[1], m.Millis[2])
	}
	truck := mustRouter(t, c.Network, Truck())
	if m, err = truck.Matrix(context.Background(), stops, stops, MatrixOptions{}); err != nil || m.Millis[1] != Unreachable {
		t.Errorf("a truck alone: %v (error %v), want unreachable", m.Millis[1], err)
	}
}

func TestCombineRefuses(t *testing.T) {
	n := square(t)
	good := Terminal{Point: orb.Point{30, 50}, Time: time.Hour}
	for name, change := range map[string]func(*Terminal){
		"no time":           func(t *Terminal) { t.Time = 0 },
		"nowhere":           func(t *Terminal) { t.Point = orb.Point{300, 50} },
		"negative limit":    func(t *Terminal) { t.Limit = -1 },
		"endless limit":     func(t *Terminal) { t.Limit = geo.Distance(math.Inf(1)) },
		"negative capacity": func(t *Terminal) { t.Capacity = -1 },
	} {
		bad := good
		change(&bad)
		if _, err := Combine([]*Network{n}, []Terminal{good, bad}); !errors.Is(err, ErrTerminal) || !strings.Contains(err.Error(), "terminal 1") {
			t.Errorf("%s: error %v, want ErrTerminal and its number", name, err)
		}
	}
	if _, err := Combine(nil, nil); !errors.Is(err, ErrNetwork) {
		t.Errorf("no parts: error %v, want ErrNetwork", err)
	}
}

func TestReadTerminals(t *testing.T) {
	list, err := ReadTerminals(strings.NewReader("name,lon,lat,transfer_min,capacity_t_day,limit_km\nyard,30,50,90,800,\nramp,31,50,15.5,,2\n"), "t.csv")
	want := []Terminal{
		{Name: "yard", Point: orb.Point{30, 50}, Time: 90 * time.Minute, Capacity: 800},
		{Name: "ramp", Point: orb.Point{31, 50}, Time: 930 * time.Second, Limit: 2 * geo.Kilometer},
	}
	if err != nil || !slices.Equal(list, want) {
		t.Errorf("%+v, error %v", list, err)
	}
	for text, kind := range map[string]error{
		"name,lon,lat\n":                           input.ErrMissing,
		"name,lon,lat,transfer_min\nx,30,50,0\n":   input.ErrRange,
		"name,lon,lat,transfer_min\nx,30,50,1e9\n": input.ErrRange,
		"name,lon,lat,transfer_min\nx,30,500,9\n":  input.ErrRange,
		"name,lon,lat,transfer_min\n,30,50,9\n":    input.ErrMissing,
	} {
		if _, err := ReadTerminals(strings.NewReader(text), "t.csv"); !errors.Is(err, kind) || !strings.HasPrefix(err.Error(), "t.csv:") {
			t.Errorf("%q: error %v, want %v", text, err, kind)
		}
	}
}
