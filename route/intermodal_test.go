package route

import (
	"context"
	"math"
	"slices"
	"testing"
	"time"

	"github.com/hubplan/hubplan/geo"
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
		n, c, err := Combine(context.Background(), parts, terminals)
		if err != nil {
			t.Fatal(err)
		}
		r := mustRouter(t, n, intermodal())

		// The model: vertices are the nodes, then a vertex per terminal and part.
		count := 0
		var first []int
		for i, n := range parts {
			if first = append(first, count); c.Nodes[i] < count {
				t.Fatalf("part %d begins at node %d", i, c.Nodes[i])
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
		type beside struct {
			terminal int
			fraction float64
		}
		for p, n := range parts {
			on := make(map[int][]beside)
			for i, terminal := range terminals {
				limit := terminal.Limit
				if limit == 0 {
					limit = geo.Kilometer
				}
				best := geo.Projection{Distance: geo.Distance(math.Inf(1))}
				edge := -1
				for e := range n.Edges() {
					line := n.lineOf(e)
					x := geo.Project(terminal.Point, line)
					if n.class[e] == Ferry { // at its ends only
						a, b := geo.Between(terminal.Point, line[0]), geo.Between(terminal.Point, line[1])
						if x = (geo.Projection{Distance: a}); b < a-1e-3 {
							x = geo.Projection{Distance: b, Along: geo.Length(line)}
						}
					}
					if x.Distance <= limit && x.Distance < best.Distance-1e-3 {
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
				on[edge] = append(on[edge], beside{i, float64(best.Along / whole)})
			}
			for e := range n.Edges() {
				edge := n.Edge(e)
				chain := on[e]
				slices.SortFunc(chain, func(a, b beside) int { return int(math.Copysign(1, a.fraction-b.fraction)) })
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
			count := 0
			for _, x := range near[i] {
				count += pick(x)
			}
			if (count < 2) != slices.Contains(c.Untied(), i) {
				t.Fatalf("terminal %d near %v, untied: %v", i, near[i], c.Untied())
			}
		}
		for k := range dist {
			for i := range dist {
				for j := range dist {
					dist[i][j] = min(dist[i][j], dist[i][k]+dist[k][j])
				}
			}
		}
		slack := 0.001 * float64(n.Edges()) // rounding
		for p, n := range parts {
			for v := range n.Nodes() {
				s, err := r.Hierarchy().At(c.Nodes[p] + v)
				if err != nil {
					continue
				}
				times, err := r.Times(s, nil)
				if err != nil {
					t.Fatal(err)
				}
				for q, m := range parts {
					for w := range m.Nodes() {
						ms, want := times[c.Nodes[q]+w], dist[first[p]+v][first[q]+w]
						if (ms == Unreachable) != math.IsInf(want, 1) || ms != Unreachable && math.Abs(float64(ms)/1000-want) > slack {
							t.Fatalf("node %d of part %d to node %d of part %d takes %d ms, want %v s", v, p, w, q, ms, want)
						}
					}
				}
			}
		}
	})
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
	n, _, err := Combine(context.Background(), []*Network{road, rail, island}, []Terminal{
		{Name: "west", Point: orb.Point{30.001, 50.001}, Time: time.Hour, Limit: 500},
		{Name: "east", Point: orb.Point{31, 50.001}, Time: 2 * time.Hour, Limit: 500},
	})
	if err != nil {
		t.Fatal(err)
	}
	train := mustRouter(t, n, Truck().With(Rail()))
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
	truck := mustRouter(t, n, Truck())
	if m, err = truck.Matrix(context.Background(), stops, stops, MatrixOptions{}); err != nil || m.Millis[1] != Unreachable {
		t.Errorf("a truck alone: %v (error %v), want unreachable", m.Millis[1], err)
	}
}
