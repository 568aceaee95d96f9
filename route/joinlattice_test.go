package route

import (
	"math"
	"testing"

	"github.com/hubplan/hubplan/geo"
	"github.com/paulmach/orb"
	"pgregory.net/rapid"
)

// latticeLine is a line on a lattice of 100 m on the equator, where great circles
// are straight to a micrometre and everything can be computed in whole numbers.
type latticeLine struct {
	points [][2]int
	bridge bool
	layer  int8
}

func (l latticeLine) edge() Edge {
	const step = 100 / (math.Pi / 180 * float64(geo.EarthRadius))
	e := Edge{}
	e.Bridge, e.Layer = l.bridge, l.layer
	for _, p := range l.points {
		e.Line = append(e.Line, orb.Point{float64(p[0]) * step, float64(p[1]) * step})
	}
	return e
}

func drawLattice(t *rapid.T) []latticeLine {
	lines := make([]latticeLine, rapid.IntRange(1, 8).Draw(t, "lines"))
	for i := range lines {
		l := &lines[i]
		for range rapid.IntRange(2, 4).Draw(t, "points") {
			p := [2]int{rapid.IntRange(0, 5).Draw(t, "x"), rapid.IntRange(0, 5).Draw(t, "y")}
			if k := len(l.points); k > 0 && l.points[k-1] == p {
				p[0] = (p[0] + 1) % 6
			}
			l.points = append(l.points, p)
		}
		l.bridge = rapid.IntRange(0, 3).Draw(t, "bridge") == 0
		l.layer = int8(rapid.IntRange(0, 5).Draw(t, "layer") / 5)
	}
	return lines
}

// side is on which side of the line from a to b a point is.
func side(a, b, p [2]int) int {
	x := (b[0]-a[0])*(p[1]-a[1]) - (b[1]-a[1])*(p[0]-a[0])
	switch {
	case x > 0:
		return 1
	case x < 0:
		return -1
	}
	return 0
}

// onSegment reports whether a point is on a segment, ends included.
func onSegment(p, a, b [2]int) bool {
	return side(a, b, p) == 0 && min(a[0], b[0]) <= p[0] && p[0] <= max(a[0], b[0]) && min(a[1], b[1]) <= p[1] && p[1] <= max(a[1], b[1])
}

// fraction is a point with a common denominator.
type fraction struct{ x, y, d int }

func atWhole(p [2]int) fraction { return fraction{p[0], p[1], 1} }

func (f fraction) reduced() fraction {
	gcd := func(a, b int) int {
		for b != 0 {
			a, b = b, a%b
		}
		return max(a, -a)
	}
	g := gcd(gcd(f.x, f.y), f.d)
	if f.d < 0 {
		g = -g
	}
	return fraction{f.x / g, f.y / g, f.d / g}
}

// ties reports whether the inside of m is led through a node where l ends.
func (l latticeLine) ties(m latticeLine) bool {
	return l.bridge == m.bridge && l.layer == m.layer || !m.bridge && (l.bridge || l.layer == m.layer)
}

// passes reports whether a line has a point.
func (l latticeLine) passes(f fraction) bool {
	for k := 1; k < len(l.points); k++ {
		a, b := l.points[k-1], l.points[k]
		if onSegment([2]int{f.x, f.y}, [2]int{a[0] * f.d, a[1] * f.d}, [2]int{b[0] * f.d, b[1] * f.d}) {
			return true
		}
	}
	return false
}

// latticeNodes is what Join is for, pair by pair: the lines that meet at each
// node. It does not know what to make of a line that touches another with an inner
// point of its own, or runs along it, since rounding decides that, and then reports
// false.
func latticeNodes(lines []latticeLine) (nodes map[fraction]map[int]bool, ok bool) {
	nodes = make(map[fraction]map[int]bool)
	meet := func(at fraction, i, j int) {
		at = at.reduced()
		if nodes[at] == nil {
			nodes[at] = make(map[int]bool)
		}
		nodes[at][i], nodes[at][j] = true, true
	}
	for i, l := range lines {
		meet(atWhole(l.points[0]), i, i)
		meet(atWhole(l.points[len(l.points)-1]), i, i)
		for j := i; j < len(lines); j++ {
			m := lines[j]
			for k := 1; k < len(l.points); k++ {
				first := 1
				if i == j {
					first = k + 1
				}
				for q := first; q < len(m.points); q++ {
					a, b, c, d := l.points[k-1], l.points[k], m.points[q-1], m.points[q]
					// Segments that follow each other have b in common.
					follow := i == j && q == k+1
					if side(a, b, c) == 0 && side(a, b, d) == 0 {
						if follow && !onSegment(d, a, b) && !onSegment(a, c, d) {
							continue
						}
						if onSegment(a, c, d) || onSegment(b, c, d) || onSegment(c, a, b) {
							return nil, false
						}
					}
					if follow {
						continue
					}
					for _, x := range [...]struct {
						p        [2]int
						inner    bool
						from, to [2]int
					}{
						{a, k > 1, c, d}, {b, k < len(l.points)-1, c, d},
						{c, q > 1, a, b}, {d, q < len(m.points)-1, a, b},
					} {
						if x.inner && onSegment(x.p, x.from, x.to) {
							return nil, false
						}
					}
					crosses := side(a, b, c)*side(a, b, d) < 0 && side(c, d, a)*side(c, d, b) < 0
					if crosses && !l.bridge && !m.bridge && l.layer == m.layer {
						// a + (b-a)·n/e, by Cramer's rule.
						e := (b[0]-a[0])*(d[1]-c[1]) - (b[1]-a[1])*(d[0]-c[0])
						n := (c[0]-a[0])*(d[1]-c[1]) - (c[1]-a[1])*(d[0]-c[0])
						meet(fraction{a[0]*e + (b[0]-a[0])*n, a[1]*e + (b[1]-a[1])*n, e}, i, j)
					}
				}
			}
		}
	}
	// Nodes draw in what passes them, and that may draw in more.
	for at, here := range nodes {
		for before := 0; before < len(here); {
			before = len(here)
			for j, m := range lines {
				for i := range here {
					if m.passes(at) && lines[i].ties(m) {
						here[j] = true
					}
				}
			}
		}
	}
	return nodes, true
}

// On a lattice the network has the nodes and the parts that whole numbers give.
func TestJoinEqualsLattice(t *testing.T) {
	checked := 0
	rapid.Check(t, func(t *rapid.T) {
		lines := drawLattice(t)
		nodes, ok := latticeNodes(lines)
		if !ok {
			t.Skip("rounding decides")
		}
		checked++
		edges := make([]Edge, len(lines))
		for i, l := range lines {
			edges[i] = l.edge()
		}
		n, r := mustJoin(t, edges, JoinOptions{Tolerance: 0.01, Reach: -1, Gap: -1})
		if n.Nodes() != len(nodes) {
			t.Fatalf("%d nodes, want %d: %v", n.Nodes(), len(nodes), nodes)
		}
		part := make([]int, len(lines))
		for i := range part {
			part[i] = i
		}
		find := func(i int) int {
			for part[i] != i {
				i = part[i]
			}
			return i
		}
		for f, here := range nodes {
			for i := range here {
				for j := range here {
					part[find(i)] = find(j)
				}
			}
			const step = 100 / (math.Pi / 180 * float64(geo.EarthRadius))
			p := orb.Point{float64(f.x) / float64(f.d) * step, float64(f.y) / float64(f.d) * step}
			found := false
			for v := range n.Nodes() {
				found = found || geo.Between(p, n.Node(v).Point) < 0.001
			}
			if !found {
				t.Fatalf("no node at %v", f)
			}
		}
		of, _ := n.Components()
		for e := range n.Edges() {
			for f := range n.Edges() {
				a, b := n.Edge(e).From, n.Edge(f).From
				if got, want := of[a] == of[b], find(r.Source[e]) == find(r.Source[f]); got != want {
					t.Fatalf("lines %d and %d hang together: %v, want %v", r.Source[e], r.Source[f], got, want)
				}
			}
		}
	})
	t.Logf("%d networks", checked)
	if checked == 0 {
		t.Error("nothing was checked")
	}
}
