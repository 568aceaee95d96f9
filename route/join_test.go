package route

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/hubplan/hubplan/geo"
	"github.com/paulmach/orb"
	"pgregory.net/rapid"
)

// meters is a point so many metres east and north of a place in Ukraine.
func meters(east, north float64) orb.Point {
	const degree = math.Pi / 180 * float64(geo.EarthRadius)
	return orb.Point{30 + east/degree/math.Cos(50*math.Pi/180), 50 + north/degree}
}

// drawLines draws lines in a square of a side in metres, with points on a lattice
// or anywhere.
func drawLines(t *rapid.T, side int) []Edge {
	count := rapid.IntRange(1, 10).Draw(t, "lines")
	lattice := rapid.SampledFrom([]float64{1, 7, 50}).Draw(t, "lattice")
	lines := make([]Edge, count)
	for i := range lines {
		e := &lines[i]
		for range rapid.IntRange(2, 5).Draw(t, "points") {
			at := func(name string) float64 {
				return math.Round(rapid.Float64Range(0, float64(side)).Draw(t, name)/lattice) * lattice
			}
			e.Line = append(e.Line, meters(at("east"), at("north")))
		}
		switch rapid.IntRange(0, 9).Draw(t, "kind") {
		case 0:
			e.Class, e.Bridge, e.Layer = Primary, true, 1
		case 1:
			e.Class = Ferry
		case 2:
			e.Class = Railway
		case 3:
			e.Layer = -1
		}
		e.OneWay = rapid.Bool().Draw(t, "oneway")
	}
	return lines
}

func drawJoinOptions(t *rapid.T) JoinOptions {
	return JoinOptions{
		Tolerance:   geo.Distance(rapid.SampledFrom([]float64{0, 0.5, 5, 20}).Draw(t, "tolerance")),
		Reach:       geo.Distance(rapid.SampledFrom([]float64{-1, 0, 60, 200}).Draw(t, "reach")),
		Gap:         geo.Distance(rapid.SampledFrom([]float64{-1, 0, 30, 100}).Draw(t, "gap")),
		NoCrossings: rapid.IntRange(0, 4).Draw(t, "crossings") == 0,
	}
}

func mustJoin(t rapid.TB, lines []Edge, o JoinOptions) (*Network, *JoinReport) {
	n, r, err := Join(context.Background(), lines, o)
	if err != nil {
		t.Fatal(err)
	}
	return n, r
}

// joinDrawn joins lines that were drawn at random, which may all be too short; that is
// the only error there may be.
func joinDrawn(t *rapid.T, lines []Edge, o JoinOptions) (*Network, *JoinReport) {
	n, r, err := Join(context.Background(), lines, o)
	if err != nil {
		if !strings.HasSuffix(err.Error(), "no line is longer than the tolerance") {
			t.Fatal(err)
		}
		t.Skip(err)
	}
	return n, r
}

// railNodes tells the nodes of railways from others.
func railNodes(n *Network) []bool {
	rail := make([]bool, n.Nodes())
	for e := range n.Edges() {
		from, to := n.Ends(e)
		rail[from], rail[to] = n.Edge(e).Class == Railway, n.Edge(e).Class == Railway
	}
	return rail
}

// checkApart checks that no two nodes of one kind of road are within the tolerance.
func checkApart(t rapid.TB, n *Network, tolerance geo.Distance) {
	rail := railNodes(n)
	for v := range n.Nodes() {
		for w := range v {
			if d := geo.Between(n.Node(v).Point, n.Node(w).Point); rail[v] == rail[w] && d <= tolerance {
				t.Fatalf("nodes %d and %d are %v m apart", v, w, float64(d))
			}
		}
	}
}

func edgesIn(n *Network) []Edge {
	edges := make([]Edge, n.Edges())
	for i := range edges {
		edges[i] = n.Edge(i)
	}
	return edges
}

// A network joined again is the same network, to the last bit.
func TestJoinIsIdempotent(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		lines, o := drawLines(t, rapid.SampledFrom([]int{40, 300, 1000}).Draw(t, "side")), drawJoinOptions(t)
		n, r := joinDrawn(t, lines, o)
		if r.Unsettled > 0 {
			t.Fatalf("%d places unsettled", r.Unsettled)
		}
		again, r := mustJoin(t, edgesIn(n), o)
		if len(r.Joints) > 0 {
			for _, e := range edgesIn(n) {
				t.Logf("%d-%d %v layer %d %v", e.From, e.To, e.Class, e.Layer, toMeters(e.Line))
			}
			for _, e := range edgesIn(again) {
				t.Logf("again %d-%d %v layer %d %v", e.From, e.To, e.Class, e.Layer, toMeters(e.Line))
			}
			for _, e := range lines {
				t.Logf("line %v layer %d %v", e.Class, e.Layer, toMeters(e.Line))
			}
			t.Fatalf("joined again: %+v", r.Joints)
		}
		if !reflect.DeepEqual(edgesIn(n), edgesIn(again)) {
			t.Fatalf("joined again is not the same: %v and %v", edgesIn(n), edgesIn(again))
		}
	})
}

// The order of the lines changes nothing but the numbers.
func TestJoinIgnoresOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		lines, o := drawLines(t, rapid.SampledFrom([]int{40, 300, 1000}).Draw(t, "side")), drawJoinOptions(t)
		for i := range lines {
			lines[i].Name = fmt.Sprint(i)
		}
		n, _ := joinDrawn(t, lines, o)
		mixed := slices.Clone(lines)
		rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 0)).Shuffle(len(mixed), func(i, j int) { mixed[i], mixed[j] = mixed[j], mixed[i] })
		m, _ := mustJoin(t, mixed, o)
		if a, b := described(n), described(m); !slices.Equal(a, b) {
			t.Fatalf("in another order\n%v\nwant\n%v", b, a)
		}
	})
}

// described is the edges of a network without the numbers of its nodes.
func described(n *Network) []string {
	var all []string
	for _, e := range edgesIn(n) {
		e.From, e.To = 0, 0
		all = append(all, fmt.Sprintf("%+v", e))
	}
	slices.Sort(all)
	return all
}

func toMeters(line orb.LineString) (out [][2]float64) {
	const degree = math.Pi / 180 * float64(geo.EarthRadius)
	for _, p := range line {
		out = append(out, [2]float64{math.Round(1e6*(p[0]-30)*degree*math.Cos(50*math.Pi/180)) / 1e6, math.Round(1e6*(p[1]-50)*degree) / 1e6})
	}
	return out
}

// What Join promises of every line and every link.
func TestJoinKeepsWithinBounds(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		lines, o := drawLines(t, rapid.SampledFrom([]int{40, 300, 1000}).Draw(t, "side")), drawJoinOptions(t)
		for i := range lines {
			if rapid.Bool().Draw(t, "stated") {
				lines[i].Length = geo.Distance(rapid.Float64Range(1, 1000).Draw(t, "length"))
			}
			lines[i].Duration = time.Duration(rapid.Int64Range(0, 1e12).Draw(t, "duration"))
		}
		n, r := joinDrawn(t, lines, o)
		limits, _ := o.noding()
		const rounding = 1e-3
		checkApart(t, n, limits.Tolerance)
		rail := railNodes(n)
		// The parts of each line follow each other from its one end to the other,
		// but for what was dropped.
		dropped := make(map[int]bool)
		for _, j := range r.Joints {
			if j.Kind == DroppedJoint {
				dropped[j.Lines[0]] = true
			}
			if j.Kind == EndsJoint && j.Distance > limits.Tolerance || j.Kind == OnLineJoint && j.Distance > limits.Tolerance || j.Kind == CrossingJoint && j.Distance > 2*limits.Tolerance {
				t.Fatalf("%v moved lines by %v", j.Kind, j.Distance)
			}
			if j.Kind == LinkJoint && j.Distance > limits.Reach || j.Kind == GapJoint && j.Distance > limits.Gap {
				t.Fatalf("%v of %v", j.Kind, j.Distance)
			}
		}
		for i, line := range lines {
			var length geo.Distance
			var duration time.Duration
			last, first := -1, -1
			for e, source := range r.Source {
				if source != i {
					continue
				}
				edge := n.Edge(e)
				if first < 0 {
					first = edge.From
				} else if edge.From != last && !dropped[i] {
					t.Fatalf("parts of line %d do not follow each other", i)
				}
				last = edge.To
				length += edge.Length
				duration += edge.Duration
				if edge.OneWay != line.OneWay || edge.Class != line.Class || edge.Bridge != line.Bridge || edge.Layer != line.Layer {
					t.Fatalf("a part of %+v is %+v", line, edge)
				}
			}
			if dropped[i] {
				continue
			}
			if d := geo.Between(n.Node(first).Point, line.Line[0]); d > limits.Tolerance+rounding {
				t.Fatalf("line %d starts %v m away", i, float64(d))
			}
			if d := geo.Between(n.Node(last).Point, line.Line[len(line.Line)-1]); d > limits.Tolerance+rounding {
				t.Fatalf("line %d ends %v m away", i, float64(d))
			}
			if line.Length > 0 && math.Abs(float64(length-line.Length)) > 1e-9*float64(line.Length) {
				t.Fatalf("parts of line %d are %v m long together, of %v", i, float64(length), float64(line.Length))
			}
			if duration != line.Duration {
				t.Fatalf("parts of line %d take %v together, of %v", i, duration, line.Duration)
			}
		}
		// What still dangles is out of the reach of other parts. A bridge may be above
		// them, and places near nodes may be a little off.
		part, _ := n.Components()
		degree := make([]int, n.Nodes())
		for e := range n.Edges() {
			from, to := n.Ends(e)
			degree[from]++
			degree[to]++
			if x := n.Edge(e); x.Bridge || x.Class == Ferry || x.Layer != 0 {
				return
			}
		}
		for e := range n.Edges() {
			for v := range n.Nodes() {
				from, _ := n.Ends(e)
				if x := n.Edge(e); degree[v] == 1 && part[from] != part[v] && rail[from] == rail[v] {
					if d := geo.Project(n.Node(v).Point, x.Line).Distance; d < limits.Reach-4*limits.Tolerance {
						t.Fatalf("node %d dangles %v from edge %d", v, d, e)
					}
				}
			}
		}
	})
}

// FuzzJoin joins whatever lines the bytes are, anywhere on the globe: it comes to
// an end, and no two nodes are within the tolerance.
func FuzzJoin(f *testing.F) {
	f.Add([]byte{0, 2, 0, 0, 0, 0, 4, 0, 0, 0, 2, 2, 0, 255, 2, 0, 1, 0})
	f.Add([]byte{37, 3, 0, 0, 0, 0, 255, 127, 0, 0, 1, 128, 0, 64, 2, 9, 9, 9, 9, 9, 9, 9, 10})
	f.Fuzz(func(t *testing.T, data []byte) {
		if len(data) == 0 || len(data) > 200 {
			t.Skip()
		}
		what, data := int(data[0]), data[1:]
		o := JoinOptions{
			Tolerance: []geo.Distance{0, 0.01, 50, 100 * geo.Kilometer}[what%4],
			Reach:     []geo.Distance{-1, 0, 1000 * geo.Kilometer}[what/4%3],
		}
		// All of the globe, or a little of it: at a pole, at the antimeridian, at home.
		scale := []float64{180.0 / (1 << 15), 1e-6}[what/12%2]
		corner := []orb.Point{{0, 0}, {180, 90}, {-180, 0}, {30, 50}}[what/24%4]
		var lines []Edge
		for len(data) > 0 {
			e := Edge{Class: []Class{Primary, Ferry, Railway, Primary}[data[0]%4]}
			e.Bridge = data[0]%4 == 3
			points := int(data[0] / 4 % 8)
			for data = data[1:]; points > 0 && len(data) >= 4; points-- {
				lon := corner[0] + scale*float64(int16(uint16(data[0])|uint16(data[1])<<8))
				lat := corner[1] + scale*float64(int16(uint16(data[2])|uint16(data[3])<<8))
				e.Line = append(e.Line, orb.Point{math.Remainder(lon, 360), max(-90, min(90, lat))})
				data = data[4:]
			}
			if len(e.Line) > 1 {
				lines = append(lines, e)
			}
		}
		n, _, err := Join(context.Background(), lines, o)
		if err != nil {
			return
		}
		limits, _ := o.noding()
		checkApart(t, n, limits.Tolerance)
	})
}
