package osm

import (
	"context"
	"math"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/hubplan/hubplan/route"
	"github.com/paulmach/orb"
)

// profile is the traveller as the engine has it.
func (v *traveller) profile() route.Profile {
	p := route.Profile{
		Name: "traveller", Speed: make(map[route.Class]route.Speed), Access: 1,
		Vehicle: v.kind, Private: v.private, Hazmat: v.hazmat,
		Weight: v.weight, AxleLoad: v.axle, Height: v.height, Width: v.width, Length: v.long,
	}
	for c, s := range v.speeds {
		p.Speed[c] = route.Speed(s)
	}
	if v.stop {
		p.Boarding, p.Border = 10*time.Minute, 10*time.Minute
	}
	return p
}

// engineRoute is the fastest route between two named nodes by the engine, as the
// names of the nodes on it, or "none".
func engineRoute(t testing.TB, n *route.Network, v traveller, from, to string) string {
	t.Helper()
	r, err := route.NewRouter(context.Background(), n, v.profile())
	if err != nil {
		t.Fatal(err)
	}
	stop := func(name string) route.Stop {
		for i := range n.Nodes() {
			if n.Node(i).Name == name {
				s, err := r.Hierarchy().At(i)
				if err != nil {
					t.Fatal(err)
				}
				return s
			}
		}
		t.Fatalf("there is no node %s", name)
		return route.Stop{}
	}
	p, err := r.Path(stop(from), stop(to))
	if err != nil {
		return "none"
	}
	names := []string{from}
	for _, l := range p.Legs {
		a, b := n.Ends(l.Edge)
		if l.End < l.Start {
			b = a
		}
		if name := n.Node(b).Name; name != "" && name != names[len(names)-1] {
			names = append(names, name)
		}
	}
	return strings.Join(names, " ")
}

// Only who starts or ends in a street may use one for destinations.
func TestRouteAroundDestinations(t *testing.T) {
	n := mustReadFixture(t, "private")
	exempt := with(truck(), func(v *traveller) { v.kind = route.ExemptVehicle })
	for _, c := range []struct {
		v        traveller
		from, to string
		want     string
	}{
		{truck(), "B", "E", "B N2 C N3 D E"},
		{car(), "B", "E", "B C N3 D E"},
		{truck(), "C", "E", "C D E"},
		{exempt, "B", "E", "B C D E"},
	} {
		if got := engineRoute(t, n, c.v, c.from, c.to); got != c.want {
			t.Errorf("%v from %s to %s goes %s, want %s", c.v.kind, c.from, c.to, got, c.want)
		}
	}
}

// The engine finds the times of the oracle between 1,000 random pairs of junctions, to
// the millisecond an edge that it rounds to. The oracle takes streets for
// destinations as open.
func TestEngineEqualsOracle(t *testing.T) {
	if testing.Short() {
		t.Skip("much of the same; -short was asked for")
	}
	for name, path := range map[string]func(testing.TB) string{
		"delaware": delaware,
		"malta":    func(t testing.TB) string { return dataFile(t, "malta") },
		"porto":    func(t testing.TB) string { return dataFile(t, "porto-portugal") },
	} {
		t.Run(name, func(t *testing.T) {
			file := path(t)
			m, err := ReadFile(context.Background(), file, Options{})
			if err != nil {
				t.Fatal(err)
			}
			n := withoutSigns(t, m.Network)
			r, err := route.NewRouter(context.Background(), n, oracleCar.profile())
			if err != nil {
				t.Fatal(err)
			}
			o := newOracle(decodePlain(t, file))
			vertex := make(map[orb.Point][]int64)
			for v := range o.number {
				vertex[o.at[v]] = append(vertex[o.at[v]], v)
			}
			nodes := make(map[orb.Point]int)
			for i := range n.Nodes() {
				nodes[n.Node(i).Point]++
			}
			random := rand.New(rand.NewPCG(3, 4))
			draw := func() (int, route.Stop) {
				for {
					i := random.IntN(n.Nodes())
					p := n.Node(i).Point
					if s, err := r.Hierarchy().At(i); err == nil && len(vertex[p]) == 1 && nodes[p] == 1 {
						return o.number[vertex[p][0]], s
					}
				}
			}
			const sources, pairs = 10, 1000
			reached := 0
			for range sources {
				v, from := draw()
				want := o.from(v)
				for range pairs / sources {
					w, to := draw()
					p, err := r.Path(from, to)
					ok := !math.IsInf(want[w], 1)
					if ok != (err == nil) {
						t.Fatalf("vertex %d to %d: error %v, want reached: %v", v, w, err, ok)
					}
					if !ok {
						continue
					}
					reached++
					if off := math.Abs(p.Time.Seconds() - want[w]); off > 0.001*float64(len(p.Legs)+1) {
						t.Fatalf("vertex %d to %d: %v, want %.4f s", v, w, p.Time, want[w])
					}
				}
			}
			if reached < pairs/2 {
				t.Errorf("only %d of %d pairs are reached", reached, pairs)
			}
		})
	}
}

// withoutSigns is the network with streets for destinations open and without speed
// limits.
func withoutSigns(t testing.TB, n *route.Network) *route.Network {
	t.Helper()
	open := func(a route.Attributes) route.Attributes {
		for _, p := range []*route.Permission{&a.Cars, &a.Goods} {
			if *p == route.Destination {
				*p = route.Open
			}
		}
		a.MaxSpeed = 0
		return a
	}
	nodes, edges := make([]route.Node, n.Nodes()), make([]route.Edge, n.Edges())
	for i := range nodes {
		nodes[i] = n.Node(i)
	}
	for i := range edges {
		e := n.Edge(i)
		e.Attributes = open(e.Attributes)
		if e.Back != nil {
			back := open(*e.Back)
			e.Back = &back
		}
		edges[i] = e
	}
	n, err := route.NewNetwork(nodes, edges, n.Turns()...)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func mustReadFixture(t testing.TB, name string) *route.Network {
	t.Helper()
	m, err := ReadFile(context.Background(), "testdata/"+name+".osm", Options{})
	if err != nil {
		t.Fatal(err)
	}
	return m.Network
}
