package route

import (
	"context"
	"errors"
	"slices"
	"testing"

	"github.com/hubplan/hubplan/geo"
	"github.com/paulmach/orb"
	"pgregory.net/rapid"
)

// mainEdges is the definition of the main component by all-pairs reachability.
func mainEdges(r *Router) []bool {
	n := r.net
	part := func(oneWay bool) (main []bool, found bool) {
		reach := make([][]bool, n.Nodes())
		for v := range reach {
			reach[v] = make([]bool, n.Nodes())
			reach[v][v] = true
		}
		for e := range n.Edges() {
			forth, back := r.costs(e)
			from, to := n.Ends(e)
			open := min(forth, back) != Unreachable
			reach[from][to] = reach[from][to] || forth != Unreachable || !oneWay && open
			reach[to][from] = reach[to][from] || back != Unreachable || !oneWay && open
		}
		for k := range reach {
			for i := range reach {
				for j := range reach {
					reach[i][j] = reach[i][j] || reach[i][k] && reach[k][j]
				}
			}
		}
		most := 0
		for v := range reach { // from the lowest node on: ties go to it
			var edges []int
			for e := range n.Edges() {
				from, to := n.Ends(e)
				if r.usable(e) && reach[v][from] && reach[from][v] && reach[v][to] && reach[to][v] {
					edges = append(edges, e)
				}
			}
			if len(edges) > most {
				most = len(edges)
				main = make([]bool, n.Edges())
				for _, e := range edges {
					main[e] = true
				}
			}
		}
		return main, most > 0
	}
	main, found := part(true)
	if !found {
		main, _ = part(false)
	}
	return main
}

func TestSnapTakesTheNearestMainEdge(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := mustRouter(t, drawSigned(t), testTruck)
		main := mainEdges(r)
		for e, want := range main {
			if r.Main(e) != want {
				t.Fatalf("edge %d in the main component: %v, want %v", e, !want, want)
			}
		}
		p := orb.Point{rapid.Float64Range(29.99, 30.07).Draw(t, "lon"), rapid.Float64Range(49.99, 50.05).Draw(t, "lat")}
		limit := geo.Distance(rapid.Float64Range(0, 3000).Draw(t, "limit"))
		nearest, distance := -1, geo.Distance(0)
		for e, ok := range main {
			if d := geo.Project(p, r.net.lineOf(e)).Distance; ok && d <= limit && (nearest < 0 || d < distance-1e-3) {
				nearest, distance = e, d
			}
		}
		s, err := r.Snap(p, limit)
		switch {
		case nearest < 0 && !errors.Is(err, ErrOffNetwork):
			t.Fatalf("stop %+v, error %v, want ErrOffNetwork", s, err)
		case nearest >= 0 && (err != nil || s.Edge != nearest || s.Access != geo.Project(p, r.net.lineOf(nearest)).Distance):
			t.Fatalf("stop %+v (error %v), want on edge %d at %v", s, err, nearest, distance)
		}
	})
}

// Neither stops nor cells change when other points are added, left out, repeated or
// put in another order.
func TestAnswersDoNotDependOnOtherPoints(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := drawSigned(t)
		points := make([]orb.Point, rapid.IntRange(1, 8).Draw(t, "points"))
		for i := range points {
			points[i] = orb.Point{rapid.Float64Range(29.99, 30.07).Draw(t, "lon"), rapid.Float64Range(49.99, 50.05).Draw(t, "lat")}
		}
		ask := func(r *Router, choice []int) ([]Stop, *Matrix) {
			var stops []Stop
			for _, i := range choice {
				s, err := r.Snap(points[i], 100*geo.Kilometer)
				if err != nil {
					t.Fatal(err)
				}
				stops = append(stops, s)
			}
			m, err := r.Matrix(context.Background(), stops, stops, MatrixOptions{Lengths: true})
			if err != nil {
				t.Fatal(err)
			}
			return stops, m
		}
		r := mustRouter(t, n, testTruck)
		all := make([]int, len(points))
		for i := range all {
			all[i] = i
		}
		stops, m := ask(r, all)
		choice := rapid.SliceOfN(rapid.IntRange(0, len(points)-1), 1, 10).Draw(t, "choice")
		for _, router := range []*Router{r, mustRouter(t, n, testTruck)} {
			others, part := ask(router, choice)
			for a, i := range choice {
				if others[a] != stops[i] {
					t.Fatalf("point %d is at %+v, among others at %+v", i, stops[i], others[a])
				}
				for b, j := range choice {
					x, y := i*len(points)+j, a*len(choice)+b
					if m.Millis[x] != part.Millis[y] || m.Decimeters[x] != part.Decimeters[y] {
						t.Fatalf("from %d to %d takes %d (%d dm), among others %d (%d dm)", i, j, m.Millis[x], m.Decimeters[x], part.Millis[y], part.Decimeters[y])
					}
				}
			}
		}
	})
}

// A yard behind a closed gate does not catch what is meant for the road.
func TestSnapPassesOverParts(t *testing.T) {
	n, err := NewNetwork([]Node{
		{Point: orb.Point{30, 50}}, {Point: orb.Point{30.1, 50}}, {Point: orb.Point{30.05, 50.001}}, {Point: orb.Point{30.06, 50.001}},
	}, []Edge{{From: 0, To: 1}, {From: 2, To: 3}, {From: 0, To: 1, Attributes: Attributes{Goods: Closed}}, {From: 0, To: 1}})
	if err != nil {
		t.Fatal(err)
	}
	r := mustRouter(t, n, Truck())
	p := orb.Point{30.055, 50.0011}
	if s, err := r.Snap(p, geo.Kilometer); err != nil || s.Edge != 0 {
		t.Errorf("stop %+v (error %v), want on edge 0", s, err)
	}
	if s, err := r.SnapAmong(p, geo.Kilometer, nil); err != nil || s.Edge != 1 {
		t.Errorf("among all: stop %+v (error %v), want on edge 1", s, err)
	}
	with, err := r.With(context.Background(), Change{Edges: []int{0}})
	if err != nil {
		t.Fatal(err)
	}
	if s, err := with.Snap(p, geo.Kilometer); err != nil || s.Edge != 3 {
		t.Errorf("with the road closed: stop %+v (error %v), want on edge 3", s, err)
	}
	if !slices.Equal(r.main(), []bool{true, false, false, true}) {
		t.Errorf("main component %v", r.main())
	}
}
