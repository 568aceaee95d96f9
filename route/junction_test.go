package route

import (
	"context"
	"math"
	"slices"
	"testing"
	"time"

	"github.com/paulmach/orb"
	"pgregory.net/rapid"
)

// drawSigned draws a small network with signs: costs that differ by direction,
// edges only for who starts or ends there, and forbidden turns of two to four
// edges, some for one kind of vehicle.
func drawSigned(t *rapid.T) *Network {
	nodes := make([]Node, rapid.IntRange(2, 6).Draw(t, "nodes"))
	for i := range nodes {
		nodes[i].Point = orb.Point{30 + 0.01*float64(i), 50 + 0.01*float64(i*i%5)}
	}
	sign := func(what string) (a Attributes) {
		a.Goods = rapid.SampledFrom([]Permission{Open, Open, Open, Destination, Closed}).Draw(t, what)
		a.Cars = rapid.SampledFrom([]Permission{Open, Open, Destination}).Draw(t, what)
		a.MaxSpeed = rapid.SampledFrom([]Speed{0, 5, 10}).Draw(t, what)
		return a
	}
	edges := make([]Edge, rapid.IntRange(1, 12).Draw(t, "edges"))
	for i := range edges {
		edges[i] = Edge{
			From:       rapid.IntRange(0, len(nodes)-1).Draw(t, "from"),
			To:         rapid.IntRange(0, len(nodes)-1).Draw(t, "to"),
			Class:      rapid.SampledFrom([]Class{Trunk, Primary}).Draw(t, "class"),
			OneWay:     rapid.IntRange(0, 3).Draw(t, "one way") == 0,
			Attributes: sign("signs"),
		}
		if rapid.Bool().Draw(t, "differs") {
			back := sign("signs back")
			edges[i].Back = &back
		}
	}
	edges[0].Attributes = Attributes{} // there is something to travel on
	n, err := NewNetwork(nodes, edges)
	if err != nil {
		t.Fatal(err)
	}
	var turns []Turn
	for range rapid.IntRange(0, 10).Draw(t, "turns") {
		var turn Turn
		if len(turns) > 0 && rapid.Bool().Draw(t, "goes on") { // turns that share parts of their ways
			earlier := rapid.SampledFrom(turns).Draw(t, "earlier").Path
			turn.Path = slices.Clone(earlier[rapid.IntRange(0, 1).Draw(t, "less") : len(earlier)-rapid.IntRange(0, 1).Draw(t, "end")])
		}
		for i := len(turn.Path); i < rapid.SampledFrom([]int{2, 2, 3, 4}).Draw(t, "long"); i++ {
			var next []Step
			for x := range Step(2 * n.Edges()) {
				if (!x.Backward() || !n.one[x.Edge()]) && (i == 0 || n.tail(x) == n.head(turn.Path[i-1])) {
					next = append(next, x)
				}
			}
			if len(next) == 0 {
				break
			}
			turn.Path = append(turn.Path, rapid.SampledFrom(next).Draw(t, "step"))
		}
		if len(turn.Path) < 2 {
			continue
		}
		if rapid.Bool().Draw(t, "for some") {
			turn.Vehicles = []Vehicle{rapid.SampledFrom([]Vehicle{GoodsVehicle, CarVehicle}).Draw(t, "vehicle")}
		}
		turns = append(turns, turn)
	}
	if n, err = NewNetwork(nodes, edges, turns...); err != nil {
		t.Fatal(err)
	}
	return n
}

// signed is an independent model of a router on a network with signs: a search
// over where one is, the last few steps of the way, and whether one is still
// leaving a zone, under way or arriving.
type signed struct {
	r    *Router
	best map[whereabouts]uint32
	todo []whereabouts
}

type whereabouts struct {
	node  uint32
	last  [3]Step // the latest at the end; none is ^0
	phase int     // 0 leaving, 1 under way, 2 arriving
}

const noStep = ^Step(0)

// allowed reports whether a step may follow the last ones.
func (m *signed) allowed(last [3]Step, x Step) bool {
	way := append(slices.Clone(last[:]), x)
	for _, turn := range m.r.net.turns {
		if len(turn.Vehicles) == 0 && m.r.profile.Vehicle == ExemptVehicle || len(turn.Vehicles) > 0 && !slices.Contains(turn.Vehicles, m.r.profile.Vehicle) {
			continue
		}
		if slices.Equal(way[len(way)-len(turn.Path):], turn.Path) {
			return false
		}
	}
	return true
}

func (m *signed) reach(w whereabouts, ms uint32) {
	if old, ok := m.best[w]; !ok || ms < old {
		m.best[w] = ms
		m.todo = append(m.todo, w)
	}
}

// cost is that of a step from the definition, or false.
func (m *signed) cost(x Step) (uint32, bool) {
	e := m.r.net.Edge(x.Edge())
	a := e.Attributes
	if x.Backward() {
		if e.OneWay {
			return 0, false
		}
		if e.Back != nil {
			a = *e.Back
		}
	}
	if m.r.profile.Vehicle == GoodsVehicle && a.Goods == Closed {
		return 0, false
	}
	speed := m.r.profile.Speed[e.Class]
	if a.MaxSpeed > 0 {
		speed = min(speed, a.MaxSpeed)
	}
	return uint32(math.Round(float64(e.Length) / float64(speed) * 1000)), true
}

// local reports whether a step is only for who starts or ends there.
func (m *signed) local(x Step) bool {
	a := m.r.net.attributes(x)
	return m.r.profile.Vehicle == GoodsVehicle && a.Goods == Destination || m.r.profile.Vehicle == CarVehicle && a.Cars == Destination
}

// search finds the times to everywhere from a stop.
func (m *signed) search(from Stop) {
	m.best = make(map[whereabouts]uint32)
	none := [3]Step{noStep, noStep, noStep}
	access := uint32(from.AccessTime / time.Millisecond)
	for x := Forth(from.Edge); x <= Back(from.Edge); x++ {
		switch cost, ok := m.cost(x); {
		case from.Fraction == 0:
			m.reach(whereabouts{m.r.net.from[from.Edge], none, 0}, access)
		case from.Fraction == 1:
			m.reach(whereabouts{m.r.net.to[from.Edge], none, 0}, access)
		case ok:
			here := uint32(math.Round(from.Fraction * float64(cost)))
			if !x.Backward() {
				here = cost - here
			}
			m.reach(whereabouts{m.r.net.head(x), [3]Step{noStep, noStep, x}, 1 - pick(m.local(x))}, access+here)
		}
	}
	for len(m.todo) > 0 {
		w := m.todo[0]
		m.todo = m.todo[1:]
		for x := range Step(2 * m.r.net.Edges()) {
			cost, ok := m.cost(x)
			if !ok || m.r.net.tail(x) != w.node || !m.allowed(w.last, x) {
				continue
			}
			phase := w.phase
			switch {
			case m.local(x) && phase == 1:
				phase = 2
			case !m.local(x) && phase == 0:
				phase = 1
			case !m.local(x) && phase == 2:
				continue
			}
			m.reach(whereabouts{m.r.net.head(x), [3]Step{w.last[1], w.last[2], x}, phase}, m.best[w]+cost)
		}
	}
}

// at is the time to a stop after search.
func (m *signed) at(from, to Stop) uint32 {
	best := Unreachable
	for w, ms := range m.best {
		for x := Forth(to.Edge); x <= Back(to.Edge); x++ {
			switch cost, ok := m.cost(x); {
			case to.Fraction == 0 || to.Fraction == 1:
				v := m.r.net.from[to.Edge]
				if to.Fraction == 1 {
					v = m.r.net.to[to.Edge]
				}
				if w.node == v {
					best = min(best, ms)
				}
			case ok && m.r.net.tail(x) == w.node && m.allowed(w.last, x) && (m.local(x) || w.phase < 2):
				here := uint32(math.Round(to.Fraction * float64(cost)))
				if x.Backward() {
					here = cost - here
				}
				best = min(best, ms+here)
			}
		}
	}
	if from.Edge == to.Edge {
		x := Forth(from.Edge)
		if to.Fraction < from.Fraction {
			x = Back(from.Edge)
		}
		cost, ok := m.cost(x)
		between := uint32(math.Abs(math.Round(from.Fraction*float64(cost)) - math.Round(to.Fraction*float64(cost))))
		if ok || from.Fraction == to.Fraction {
			best = min(best, between+uint32(from.AccessTime/time.Millisecond))
		}
	}
	if best != Unreachable {
		best += uint32(to.AccessTime / time.Millisecond)
	}
	return best
}

// Turns, zones and directions: every kind of answer equals the model's.
func TestSignsEqualSearchOverWays(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := testTruck
		p.Vehicle = rapid.SampledFrom([]Vehicle{GoodsVehicle, CarVehicle, ExemptVehicle}).Draw(t, "vehicle")
		r := mustRouter(t, drawSigned(t), p)
		n := r.net
		var stops []Stop
		for range rapid.IntRange(1, 5).Draw(t, "stops") {
			e := rapid.IntRange(0, n.Edges()-1).Draw(t, "edge")
			f := rapid.SampledFrom([]float64{0, 0.25, 0.5, 0.7, 1}).Draw(t, "fraction")
			stops = append(stops, Stop{Edge: e, Fraction: f, AccessTime: time.Duration(rapid.IntRange(0, 3).Draw(t, "access")) * time.Second})
		}
		matrix, err := r.Matrix(context.Background(), stops, stops, MatrixOptions{})
		if err != nil {
			t.Fatal(err)
		}
		withLengths, err := r.Matrix(context.Background(), stops, stops, MatrixOptions{Lengths: true})
		if err != nil || !slices.Equal(withLengths.Millis, matrix.Millis) {
			t.Fatalf("times %v, with lengths %v (error %v)", matrix.Millis, withLengths, err)
		}
		nearest, err := r.Nearest(context.Background(), stops, 1)
		if err != nil {
			t.Fatal(err)
		}
		least := slices.Repeat([]uint32{Unreachable}, n.Nodes())
		m := &signed{r: r}
		for i, from := range stops {
			m.search(from)
			times, err := r.Times(from, nil)
			if err != nil {
				t.Fatal(err)
			}
			plain, err := r.Dijkstra(from, nil)
			if err != nil {
				t.Fatal(err)
			}
			for v := range n.Nodes() {
				want := Unreachable
				for w, ms := range m.best {
					if w.node == uint32(v) {
						want = min(want, ms)
					}
				}
				if times[v] != want || plain[v] != want {
					t.Fatalf("node %d from stop %d: time %d, Dijkstra %d, want %d", v, i, times[v], plain[v], want)
				}
				least[v] = min(least[v], want)
			}
			for j, to := range stops {
				want := m.at(from, to)
				if got := matrix.Millis[i*len(stops)+j]; got != want {
					t.Fatalf("stop %d to stop %d takes %d, want %d", i, j, got, want)
				}
				path, err := r.Path(from, to)
				if (err == nil) != (want != Unreachable) {
					t.Fatalf("path error %v, time %d", err, want)
				}
				if err == nil {
					m.follow(t, &path, want)
				}
			}
		}
		if !slices.Equal(nearest.Millis, least) {
			t.Fatalf("nearest %v, want %v", nearest.Millis, least)
		}
	})
}

// follow checks that a path is one that the signs allow and takes its time.
func (m *signed) follow(t *rapid.T, p *Path, total uint32) {
	ms := uint32((p.From.AccessTime + p.To.AccessTime) / time.Millisecond)
	last := [3]Step{noStep, noStep, noStep}
	phase := 0
	for i, l := range p.Legs {
		x := step(l.Edge, l.Start, l.End)
		cost, ok := m.cost(x)
		if !ok || !m.allowed(last, x) {
			t.Fatalf("the path %v may not take leg %d after %v", p.Legs, i, last)
		}
		switch {
		case i == 0 && l.Start != 0 && l.Start != 1:
			phase = 1 - pick(m.local(x))
		case m.local(x) && phase == 1:
			phase = 2
		case !m.local(x) && phase == 0:
			phase = 1
		case !m.local(x) && phase == 2:
			t.Fatalf("the path %v passes through a zone before leg %d", p.Legs, i)
		}
		ms += uint32(math.Abs(math.Round(l.End*float64(cost)) - math.Round(l.Start*float64(cost))))
		last = [3]Step{last[1], last[2], x}
	}
	if ms != total {
		t.Fatalf("the path %v takes %d, want %d", p.Legs, ms, total)
	}
}

// A what-if on a network with signs equals a router with the changes made.
func TestWhatIfWithSigns(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := drawSigned(t)
		r := mustRouter(t, n, testTruck)
		closed := rapid.SliceOfNDistinct(rapid.IntRange(0, n.Edges()-1), 0, 3, rapid.ID).Draw(t, "closed")
		with, err := r.With(context.Background(), Change{Edges: closed})
		if err != nil {
			t.Fatal(err)
		}
		for e := range n.Edges() {
			s := Stop{Edge: e, Fraction: 0.5}
			times, err := with.Times(s, nil)
			if err != nil {
				t.Fatal(err)
			}
			plain, err := with.Dijkstra(s, nil)
			if err != nil || !slices.Equal(times, plain) {
				t.Fatalf("times %v, Dijkstra %v (error %v)", times, plain, err)
			}
		}
		edges := make([]Edge, n.Edges())
		for e := range edges {
			edges[e] = n.Edge(e)
			if slices.Contains(closed, e) {
				edges[e].Class = Ferry // which the profile has no speed for
			}
		}
		changed, err := NewNetwork(n.nodes, edges, n.turns...)
		if err != nil {
			t.Fatal(err)
		}
		if r.h.net.Edges() == len(closed) {
			return
		}
		again, err := NewRouter(context.Background(), changed, testTruck)
		if err != nil {
			return // nothing is left to travel on
		}
		for v := range n.Nodes() {
			s, err := r.h.At(v)
			if err != nil {
				continue
			}
			a, err := with.Times(s, nil)
			if err != nil {
				t.Fatal(err)
			}
			b, err := again.Times(s, nil)
			if err != nil || !slices.Equal(a, b) {
				t.Fatalf("from node %d with edges %v closed: %v, on the network without them %v (error %v)", v, closed, a, b, err)
			}
		}
	})
}

func TestSignsInFiles(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		h := mustHierarchy(t, drawSigned(t))
		back := comesBack(t, h)
		for x := range Step(2 * h.net.Edges()) {
			if *h.net.attributes(x) != *back.net.attributes(x) {
				t.Fatalf("step %d comes back as %+v, was %+v", x, *back.net.attributes(x), *h.net.attributes(x))
			}
		}
		for i, turn := range h.net.turns {
			if !slices.Equal(turn.Path, back.net.turns[i].Path) || !slices.Equal(turn.Vehicles, back.net.turns[i].Vehicles) {
				t.Fatalf("turn %v comes back as %v", turn, back.net.turns[i])
			}
		}
	})
}

// A turn that begins with another: who may not turn into the second road, and who may
// not go on from it into the third, are kept apart.
func TestTurnsWithin(t *testing.T) {
	nodes := make([]Node, 4)
	for i := range nodes {
		nodes[i].Point = orb.Point{30 + 0.01*float64(i), 50}
	}
	n, err := NewNetwork(nodes, []Edge{{From: 0, To: 1, OneWay: true}, {From: 1, To: 2, OneWay: true}, {From: 2, To: 3, OneWay: true}},
		Turn{Path: []Step{Forth(0), Forth(1)}, Vehicles: []Vehicle{CarVehicle}},
		Turn{Path: []Step{Forth(0), Forth(1), Forth(2)}, Vehicles: []Vehicle{GoodsVehicle}},
		Turn{Path: []Step{Forth(1), Forth(2)}, Vehicles: []Vehicle{ExemptVehicle}},
	)
	if err != nil {
		t.Fatal(err)
	}
	h := mustHierarchy(t, n)
	for _, c := range []struct {
		vehicle Vehicle
		reached int // the last node that it gets to
	}{{CarVehicle, 1}, {GoodsVehicle, 2}, {ExemptVehicle, 2}, {TrainVehicle, 3}} {
		p := Profile{Name: "test", Speed: map[Class]Speed{Motorway: 10}, Access: 1, Vehicle: c.vehicle}
		r, err := h.Router(context.Background(), p)
		if err != nil {
			t.Fatal(err)
		}
		times, err := r.Times(Stop{Edge: 0, Fraction: 0.5}, nil)
		if err != nil {
			t.Fatal(err)
		}
		for v, ms := range times {
			if got := ms != Unreachable; got != (v > 0 && v <= c.reached) {
				t.Errorf("%v: node %d reached: %v", c.vehicle, v, got)
			}
		}
	}
}

// An overlay takes turns as allowed and zones as open: its fastest way is that on
// the network without these signs.
func TestOverlayWithoutSigns(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := drawSigned(t)
		r := mustRouter(t, n, testTruck)
		edges := make([]Edge, n.Edges())
		open := func(a *Attributes) {
			if a.Goods == Destination {
				a.Goods = Open
			}
		}
		for e := range edges {
			edges[e] = n.Edge(e)
			open(&edges[e].Attributes)
			if edges[e].Back != nil {
				open(edges[e].Back)
			}
		}
		plain, err := NewNetwork(n.nodes, edges)
		if err != nil {
			t.Fatal(err)
		}
		without := mustRouter(t, plain, testTruck)
		stops := make([]Stop, 2)
		for i := range stops {
			stops[i].Edge = rapid.IntRange(0, n.Edges()-1).Draw(t, "edge")
			stops[i].Fraction = rapid.SampledFrom([]float64{0, 0.25, 0.5, 1}).Draw(t, "fraction")
		}
		o, err := r.Overlay(stops)
		if err != nil {
			t.Fatal(err)
		}
		ways, err := o.Ways(context.Background(), []int{0}, []int{1}, 1, WaysOptions{})
		if err != nil {
			t.Fatal(err)
		}
		want, err := without.Path(stops[0], stops[1])
		if (err == nil) != (len(ways.Routes) == 1) || err == nil && ways.Routes[0].Time != want.Time {
			t.Fatalf("ways %v, want %v (error %v)", ways.Routes, want, err)
		}
	})
}

// What is reached within a limit has the times of paths, signs and all.
func TestWithinWithSigns(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := mustRouter(t, drawSigned(t), testTruck)
		draw := func() Stop {
			return Stop{
				Edge:       rapid.IntRange(0, r.net.Edges()-1).Draw(t, "edge"),
				Fraction:   rapid.SampledFrom([]float64{0, 0.25, 0.5, 0.7, 1}).Draw(t, "fraction"),
				AccessTime: time.Duration(rapid.IntRange(0, 3).Draw(t, "access")) * time.Second,
			}
		}
		var from []Stop
		for range rapid.IntRange(1, 3).Draw(t, "stops") {
			from = append(from, draw())
		}
		x := mustWithin(t, r, from, time.Duration(rapid.IntRange(0, 3600).Draw(t, "limit"))*time.Second)
		for range 5 {
			to := draw()
			to.AccessTime = 0
			stop, best := -1, time.Duration(math.MaxInt64)
			for i, s := range from {
				if p, err := r.Path(s, to); err == nil && p.Time < best && p.Time <= x.Limit() {
					stop, best = i, p.Time
				}
			}
			got, ms, ok := x.At(to.Edge, to.Fraction)
			if ok != (stop >= 0) || ok && (got != stop || ms != best) {
				t.Fatalf("%+v is reached: %v, from stop %d in %v, want from %d in %v", to, ok, got, ms, stop, best)
			}
		}
	})
}
