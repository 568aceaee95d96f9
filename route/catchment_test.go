package route

import (
	"bytes"
	"context"
	"errors"
	"math"
	"math/rand/v2"
	"runtime"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"github.com/hubplan/hubplan/geo"
	"github.com/hubplan/hubplan/route/internal/areatest"
	"github.com/hubplan/hubplan/route/internal/contour"
	"github.com/paulmach/orb"
	"pgregory.net/rapid"
)

// walker leaves the road at 5 km/h.
var walker = Profile{
	Name:   "walker",
	Speed:  map[Class]Speed{Trunk: 60 * KilometerPerHour, Primary: 40 * KilometerPerHour, Track: 7 * KilometerPerHour, Ferry: 3 * KilometerPerHour},
	Access: 5 * KilometerPerHour,
}

// city is a network of n × n crooked streets some 300 m long, with gaps, one-way
// streets, bends and a fast road across.
func city(t testing.TB, n int, seed uint64) *Network {
	random := rand.New(rand.NewPCG(seed, 1))
	shift := func(by float64) float64 { return (random.Float64() - 0.5) * by }
	nodes := make([]Node, n*n)
	for v := range nodes {
		nodes[v].Point = orb.Point{30 + 0.004*float64(v%n) + shift(0.002), 50 + 0.0027*float64(v/n) + shift(0.0014)}
	}
	var edges []Edge
	join := func(a, b int, class Class) {
		e := Edge{From: a, To: b, Class: class, OneWay: random.IntN(5) == 0}
		if random.IntN(3) == 0 {
			p := geo.Interpolate(nodes[a].Point, nodes[b].Point, random.Float64())
			e.Line = orb.LineString{nodes[a].Point, {p[0] + shift(0.002), p[1] + shift(0.001)}, nodes[b].Point}
		}
		edges = append(edges, e)
	}
	for v := range nodes {
		class := Primary
		if v/n == n/2 {
			class = Trunk
		}
		if v%n < n-1 && random.IntN(6) > 0 {
			join(v, v+1, class)
		}
		if v/n < n-1 && random.IntN(6) > 0 {
			join(v+n, v, Primary)
		}
		if random.IntN(20) == 0 {
			join(v, random.IntN(len(nodes)), Track)
		}
	}
	net, err := NewNetwork(nodes, edges)
	if err != nil {
		t.Fatal(err)
	}
	return net
}

func mustCatchment(t interface{ Fatal(...any) }, x *Reached, o CatchmentOptions) *Catchment {
	c, err := x.Catchment(context.Background(), o)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func mustBands(t interface{ Fatal(...any) }, c *Catchment, limits ...time.Duration) []Band {
	bands, err := c.Bands(context.Background(), limits...)
	if err != nil {
		t.Fatal(err)
	}
	return bands
}

// checkBands checks the promises of a catchment: of its bands as polygons, of all
// nodes and of places on all stretches.
func checkBands(t interface {
	Helper()
	Fatalf(string, ...any)
	Fatal(...any)
}, x *Reached, o CatchmentOptions, limits ...time.Duration) {
	t.Helper()
	net := x.r.net
	c := mustCatchment(t, x, o)
	o = c.Options()
	far := o.Resolution + max(0, o.Reach)
	var before *areatest.Area
	for i, band := range mustBands(t, c, limits...) {
		limit := limits[i]
		if err := areatest.Check(band.Area); err != nil {
			t.Fatalf("%v: %v", limit, err)
		}
		area, err := areatest.New(band.Area)
		if err != nil {
			t.Fatal(err)
		}
		if before != nil {
			if err := area.Holds(before); err != nil {
				t.Fatalf("%v does not hold the band before: %v", limit, err)
			}
		}
		before = area
		for k, s := range x.from {
			if s.Access > 0 && area.Locate(s.Point) != areatest.Inside {
				t.Fatalf("%v: stop %d at %v is not inside", limit, k, s.Point)
			}
		}
		whole := make(map[int]bool) // edges reached on all of their length
		var rest []orb.LineString   // of the others
		for s := range x.Stretches(limit) {
			if s.Start == 0 && s.End == 1 {
				whole[s.Edge] = true
				if net.Edges() > 10_000 && s.Edge%8 != i {
					continue // its ends are checked as nodes
				}
			}
			line := net.Stretch(Leg{s.Edge, s.Start, s.End})
			if !whole[s.Edge] {
				rest = append(rest, line)
			}
			for k, p := range line {
				if area.Locate(p) != areatest.Inside {
					t.Fatalf("%v: %v of stretch %v is not inside", limit, p, s)
				}
				if k > 0 {
					if p := geo.Interpolate(line[k-1], p, 0.4); area.Locate(p) != areatest.Inside {
						t.Fatalf("%v: %v within stretch %v is not inside", limit, p, s)
					}
				}
			}
		}
		// How far a point is from all that is reached, and from the stops.
		distance := func(p orb.Point) geo.Distance {
			if _, ok := x.r.h.lines().Nearest(p, far, func(e int) bool { return whole[e] }); ok {
				return 0
			}
			near := geo.DistanceTo(p, rest)
			for _, s := range x.from {
				near = min(near, geo.Between(p, net.Stretch(Leg{s.Edge, s.Fraction, s.Fraction})[0]))
				if s.Access > 0 {
					near = min(near, geo.Project(p, orb.LineString{s.Point, s.Snapped}).Distance)
				}
			}
			return near
		}
		for v := range net.Nodes() {
			p := net.Node(v).Point
			_, at, ok := x.Node(v)
			switch in := area.Locate(p); {
			case ok && at <= limit && in != areatest.Inside && len(x.r.h.edgesAt(uint32(v))) > 0:
				t.Fatalf("%v: node %d, reached in %v, is not inside", limit, v, at)
			case (!ok || at > limit) && in != areatest.Outside:
				if d := distance(p); d > far {
					t.Fatalf("%v: node %d is inside, %v from what is reached", limit, v, d)
				}
			}
		}
	}
}

func TestCatchmentOfCity(t *testing.T) {
	if testing.Short() {
		t.Skip("much of the same; -short was asked for")
	}
	r := mustRouter(t, city(t, 24, 1), walker)
	random := rand.New(rand.NewPCG(8, 8))
	for i := range 40 {
		var from []Stop
		for range 1 + i%3 {
			s, err := r.Snap(orb.Point{30 + random.Float64()*0.1, 50 + random.Float64()*0.07}, 10*geo.Kilometer)
			if err != nil {
				t.Fatal(err)
			}
			from = append(from, s)
		}
		x := mustWithin(t, r, from, 12*time.Minute)
		o := CatchmentOptions{Resolution: geo.Distance(60 + random.IntN(200))}
		switch i % 4 {
		case 0:
			o.Reach = -1
		case 1:
			o.Reach = o.Resolution
		case 2:
			o.Reach = 20 // less than the grid
		}
		checkBands(t, x, o, 0, 2*time.Minute, 5*time.Minute, 8*time.Minute, 12*time.Minute)
	}
}

// On a real network, four bands from 200 places: of which the strict half, without
// anything off the roads, holds no node farther than the resolution.
func TestCatchmentOfPorto(t *testing.T) {
	net := dataNetwork(t, "porto-t")
	h := mustHierarchy(t, net)
	profile := DIMACS()
	profile.Access = 5 * KilometerPerHour
	r, err := h.Router(context.Background(), profile)
	if err != nil {
		t.Fatal(err)
	}
	random := rand.New(rand.NewPCG(2, 0))
	for i := range 200 {
		s, err := h.At(random.IntN(net.Nodes()))
		if err != nil {
			t.Fatal(err)
		}
		x := mustWithin(t, r, []Stop{s}, 20*time.Minute)
		o := CatchmentOptions{Resolution: 300}
		if i%2 == 0 {
			o.Reach = -1
		}
		checkBands(t, x, o, 5*time.Minute, 10*time.Minute, 15*time.Minute, 20*time.Minute)
	}
}

func TestCatchmentOfRandomNetworks(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := mustRouter(t, drawNetwork(t), walker)
		x := mustWithin(t, r, drawOrigins(t, r), time.Hour)
		o := CatchmentOptions{
			Resolution: geo.Distance(rapid.IntRange(900, 5000).Draw(t, "resolution")),
			Reach:      geo.Distance(rapid.IntRange(-1, 3000).Draw(t, "reach")),
		}
		checkBands(t, x, o, 0, time.Minute, 20*time.Minute, time.Hour)
	})
}

// The parts of the stops do not overlap, make up the whole, and hold the nodes and
// places on roads all around which is theirs.
func TestPartsOfCity(t *testing.T) {
	net := city(t, 24, 2)
	r := mustRouter(t, net, walker)
	random := rand.New(rand.NewPCG(4, 4))
	for i := range 12 {
		var from []Stop
		for range 1 + random.IntN(8) {
			from = append(from, Stop{Edge: random.IntN(net.Edges()), Fraction: random.Float64()})
		}
		from = append(from, from[0]) // which leaves nothing to the last
		x := mustWithin(t, r, from, 15*time.Minute)
		o := CatchmentOptions{Resolution: 120, Reach: 150}
		if i%2 == 0 {
			o.Reach = -1
		}
		c := mustCatchment(t, x, o)
		for _, limit := range []time.Duration{0, 4 * time.Minute, 15 * time.Minute} {
			bands := mustBands(t, c, limit)
			parts, err := c.Parts(context.Background(), limit)
			if err != nil {
				t.Fatal(err)
			}
			if err := areatest.CheckParts(parts, bands[0].Area); err != nil {
				t.Fatalf("%d stops within %v: %v", len(from), limit, err)
			}
			if len(parts) != len(from) || len(parts[len(from)-1]) > 0 {
				t.Fatalf("%d parts for %d stops, the last of %d polygons", len(parts), len(from), len(parts[len(from)-1]))
			}
			areas := make([]*areatest.Area, len(parts))
			for k, part := range parts {
				if areas[k], err = areatest.New(part); err != nil {
					t.Fatal(err)
				}
			}
			// Lines of what belongs to others than each stop.
			others := make([]orb.MultiLineString, len(from))
			for s := range x.Shares(limit) {
				for k := range others {
					if k != s.Stop {
						others[k] = append(others[k], net.Stretch(Leg{s.Edge, s.Start, s.End}))
					}
				}
			}
			checked := 0
			for v := range net.Nodes() {
				stop, at, ok := x.Node(v)
				if !ok || at > limit {
					continue
				}
				p := net.Node(v).Point
				if areas[stop].Locate(p) != areatest.Inside && geo.DistanceTo(p, others[stop]) > c.Options().Resolution+max(0, o.Reach) {
					t.Fatalf("node %d is not in the part of stop %d, and far from all others", v, stop)
				}
				checked++
			}
			if limit > 10*time.Minute && checked < net.Nodes()/2 {
				t.Errorf("only %d nodes are reached", checked)
			}
		}
	}
}

// Areas of one place, told by eye.
func TestCatchmentTable(t *testing.T) {
	ctx := context.Background()
	r := mustRouter(t, lane(t), walker)
	t.Run("nothing", func(t *testing.T) {
		c := mustCatchment(t, mustWithin(t, r, nil, time.Hour), CatchmentOptions{})
		if b := mustBands(t, c, time.Minute); len(b[0].Area) != 0 {
			t.Errorf("area %v", b[0].Area)
		}
		if parts, err := c.Parts(ctx, time.Minute); err != nil || len(parts) != 0 {
			t.Errorf("parts %v (error %v)", parts, err)
		}
	})
	t.Run("a stop off the network", func(t *testing.T) {
		// 5 km to the road at 5 km/h take an hour.
		p := orb.Point{30, 50 - float64(5*geo.Kilometer/geo.EarthRadius)*180/math.Pi}
		s, err := r.Snap(p, 6*geo.Kilometer)
		if err != nil {
			t.Fatal(err)
		}
		x := mustWithin(t, r, []Stop{s}, 2*time.Hour)
		c := mustCatchment(t, x, CatchmentOptions{Resolution: 100, Reach: -1})
		bands := mustBands(t, c, 0, 30*time.Minute, 2*time.Hour)
		for i, c := range []struct {
			at   orb.Point
			want [3]areatest.Place
		}{
			{p, [3]areatest.Place{areatest.Inside, areatest.Inside, areatest.Inside}},
			{geo.Interpolate(p, s.Snapped, 0.45), [3]areatest.Place{areatest.Outside, areatest.Inside, areatest.Inside}},
			{geo.Interpolate(p, s.Snapped, 0.55), [3]areatest.Place{areatest.Outside, areatest.Outside, areatest.Inside}},
			{s.Snapped, [3]areatest.Place{areatest.Outside, areatest.Outside, areatest.Inside}},
			{orb.Point{30.03, 50}, [3]areatest.Place{areatest.Outside, areatest.Outside, areatest.Inside}},
			{orb.Point{30.04, 50}, [3]areatest.Place{areatest.Outside, areatest.Outside, areatest.Outside}},
		} {
			for k, b := range bands {
				a, err := areatest.New(b.Area)
				if err != nil {
					t.Fatal(err)
				}
				if got := a.Locate(c.at); got != c.want[k] {
					t.Errorf("place %d within %v: %v, want %v", i, b.Limit, got, c.want[k])
				}
			}
		}
	})
	t.Run("a stop too far off", func(t *testing.T) {
		// Of the 200 km to the road, what is reached in the limit alone is drawn.
		p := orb.Point{30, 48.2}
		s, err := r.Snap(p, 300*geo.Kilometer)
		if err != nil {
			t.Fatal(err)
		}
		c := mustCatchment(t, mustWithin(t, r, []Stop{s}, 12*time.Minute), CatchmentOptions{})
		if got := c.Options().Resolution; got != 20 {
			t.Errorf("a kilometre of way has the resolution %v", got)
		}
		a, err := areatest.New(mustBands(t, c, 12*time.Minute)[0].Area)
		if err != nil {
			t.Fatal(err)
		}
		if a.Locate(p) != areatest.Inside || a.Locate(s.Snapped) != areatest.Outside {
			t.Error("the stop is outside, or the road inside")
		}
	})
	t.Run("a long edge", func(t *testing.T) {
		// Its great circle runs 2 km off the straight line in degrees.
		n, err := NewNetwork([]Node{{"", orb.Point{10, 60}}, {"", orb.Point{14, 60}}}, []Edge{{From: 0, To: 1, Class: Trunk}})
		if err != nil {
			t.Fatal(err)
		}
		checkBands(t, mustWithin(t, mustRouter(t, n, walker), []Stop{{}}, 5*time.Hour), CatchmentOptions{Resolution: 500, Reach: -1}, 2*time.Hour, 5*time.Hour)
	})
	t.Run("a stop cut off", func(t *testing.T) {
		closed, err := r.With(ctx, Change{Classes: []Class{Trunk}})
		if err != nil {
			t.Fatal(err)
		}
		for _, s := range []Stop{{Edge: 3, Fraction: 1}, {Edge: 3, Fraction: 0.3}} {
			x := mustWithin(t, closed, []Stop{s}, time.Hour)
			b := mustBands(t, mustCatchment(t, x, CatchmentOptions{Resolution: 50, Reach: 500}), 0, 3*time.Minute)
			at := geo.Interpolate(orb.Point{30.04, 50}, orb.Point{30.05, 50}, s.Fraction)
			for k, radius := range []geo.Distance{0, 250} { // as 3 minutes at 5 km/h are
				a, err := areatest.New(b[k].Area)
				if err != nil {
					t.Fatal(err)
				}
				for bearing := range 12 {
					sin, cos := math.Sincos(float64(bearing) * math.Pi / 6)
					place := func(d geo.Distance) orb.Point {
						angle := float64(d/geo.EarthRadius) * 180 / math.Pi
						return orb.Point{at[0] + angle*sin/math.Cos(50*math.Pi/180), at[1] + angle*cos}
					}
					if a.Locate(place(max(0, radius-5))) != areatest.Inside || a.Locate(place(radius+50)) != areatest.Outside {
						t.Errorf("bearing %d: the area does not end at %v to %v", bearing*30, radius, radius+50)
					}
				}
			}
		}
	})
	t.Run("a hole", func(t *testing.T) {
		// Round a lake: a square of roads 7 by 11 km.
		lake := mustRouter(t, square(t), walker)
		x := mustWithin(t, lake, []Stop{{Edge: 0, Fraction: 0.5}}, 2*time.Hour)
		b := mustBands(t, mustCatchment(t, x, CatchmentOptions{}), 2*time.Hour)
		if len(b[0].Area) != 1 || len(b[0].Area[0]) != 2 {
			t.Fatalf("area of %d polygons %v", len(b[0].Area), b[0].Area)
		}
		a, err := areatest.New(b[0].Area)
		if err != nil {
			t.Fatal(err)
		}
		if a.Locate(orb.Point{30.05, 50.05}) != areatest.Outside {
			t.Error("the middle is inside")
		}
	})
	t.Run("several stops", func(t *testing.T) {
		x := mustWithin(t, r, []Stop{{Edge: 0, Fraction: 0.5}, {Edge: 3, Fraction: 0.5}}, time.Minute)
		c := mustCatchment(t, x, CatchmentOptions{Resolution: 50, Reach: 100})
		if b := mustBands(t, c, time.Minute); len(b[0].Area) != 2 {
			t.Errorf("%d polygons, want 2", len(b[0].Area))
		}
		parts, err := c.Parts(ctx, time.Minute)
		if err != nil || len(parts) != 2 || len(parts[0]) != 1 || len(parts[1]) != 1 {
			t.Errorf("parts %v (error %v)", parts, err)
		}
	})
	t.Run("a limit beyond the clock", func(t *testing.T) {
		x := mustWithin(t, r, []Stop{{Edge: 0}}, math.MaxInt64)
		if b := mustBands(t, mustCatchment(t, x, CatchmentOptions{}), math.MaxInt64); len(b[0].Area) != 1 {
			t.Errorf("%d polygons, want 1", len(b[0].Area))
		}
	})
}

// The border between two stops of one road is where they take the same time, and
// that of the area where the time or the reach is used up.
func TestCatchmentBordersAreInPlace(t *testing.T) {
	n, err := NewNetwork([]Node{{"", orb.Point{30, 50}}, {"", orb.Point{30.2, 50}}}, []Edge{{From: 0, To: 1, Class: Trunk}})
	if err != nil {
		t.Fatal(err)
	}
	r := mustRouter(t, n, walker)
	// Degrees a metre at latitude 50.
	lat := 180 / math.Pi / float64(geo.EarthRadius)
	lon := lat / math.Cos(50*math.Pi/180)
	// The border moves by an eighth of a cell each time.
	for k := range 8 {
		second := 0.7 + 0.004*float64(k)
		meet := 30 + 0.2*(0.1+second)/2
		x := mustWithin(t, r, []Stop{{Edge: 0, Fraction: 0.1}, {Edge: 0, Fraction: second}}, time.Hour)
		c := mustCatchment(t, x, CatchmentOptions{Resolution: 500, Reach: 600})
		cell := 500 / gridParts
		parts, err := c.Parts(context.Background(), time.Hour)
		if err != nil {
			t.Fatal(err)
		}
		var areas [2]*areatest.Area
		for i, part := range parts {
			if areas[i], err = areatest.New(part); err != nil {
				t.Fatal(err)
			}
		}
		for i, side := range []float64{-1, 1} {
			if p := (orb.Point{meet + side*cell/4*lon, 50}); areas[i].Locate(p) != areatest.Inside {
				t.Errorf("stops at 0.1 and %v: %v is not in part %d", second, p, i)
			}
		}
		b := mustBands(t, c, time.Hour)[0].Area.Bound()
		want := orb.Bound{Min: orb.Point{30 - 600*lon, 50 - 600*lat}, Max: orb.Point{30.2 + 600*lon, 50 + 600*lat}}
		for i, scale := range [2]float64{lon, lat} {
			// The great circle between the ends runs up to 10 m north of the parallel.
			if math.Abs(b.Min[i]-want.Min[i]) > 25*scale || math.Abs(b.Max[i]-want.Max[i]) > 25*scale {
				t.Errorf("the area is within %v, want %v", b, want)
			}
		}
	}
}

func TestCatchmentRefuses(t *testing.T) {
	ctx := context.Background()
	r := mustRouter(t, lane(t), walker)
	x := mustWithin(t, r, []Stop{{Edge: 0}}, time.Hour)
	for name, o := range map[string]CatchmentOptions{
		"resolution negative":  {Resolution: -1},
		"resolution too fine":  {Resolution: 9},
		"resolution no number": {Resolution: geo.Distance(math.NaN())},
		"reach too far":        {Reach: 101 * geo.Kilometer},
		"reach no number":      {Reach: geo.Distance(math.NaN())},
		"too many points":      {Resolution: 10, Reach: 100 * geo.Kilometer},
	} {
		if _, err := x.Catchment(ctx, o); !errors.Is(err, ErrCatchment) {
			t.Errorf("%s: error %v, want ErrCatchment", name, err)
		}
	}
	c := mustCatchment(t, x, CatchmentOptions{})
	for _, limit := range []time.Duration{-1, time.Hour + time.Millisecond} {
		if _, err := c.Bands(ctx, limit); !errors.Is(err, ErrCatchment) {
			t.Errorf("bands of %v: error %v, want ErrCatchment", limit, err)
		}
		if _, err := c.Parts(ctx, limit); !errors.Is(err, ErrCatchment) {
			t.Errorf("parts of %v: error %v, want ErrCatchment", limit, err)
		}
	}
	cancelled, cancel := context.WithCancel(ctx)
	cancel()
	if _, err := x.Catchment(cancelled, CatchmentOptions{}); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: error %v", err)
	}
	if _, err := c.Bands(cancelled, time.Hour); !errors.Is(err, context.Canceled) {
		t.Errorf("bands cancelled: error %v", err)
	}
	if _, err := c.Parts(cancelled, time.Hour); !errors.Is(err, context.Canceled) {
		t.Errorf("parts cancelled: error %v", err)
	}
	for name, line := range map[string]orb.LineString{
		"across the antimeridian": {{179.99, 0}, {-179.9887, 0}},
		"at the antimeridian":     {{179.98, 0}, {179.99999, 0}},
		"at a pole":               {{10, 84.9999}, {10.1, 84.9999}},
		"over the other pole":     {{10, -89.9}, {-170, -89.9}},
	} {
		n, err := NewNetwork([]Node{{"", line[0]}, {"", line[1]}}, []Edge{{From: 0, To: 1, Class: Trunk}})
		if err != nil {
			t.Fatal(err)
		}
		x := mustWithin(t, mustRouter(t, n, walker), []Stop{{}}, time.Hour)
		for _, o := range []CatchmentOptions{{}, {Resolution: 20, Reach: -1}} {
			if _, err := x.Catchment(ctx, o); !errors.Is(err, ErrCatchment) || !errors.Is(err, contour.ErrPlace) {
				t.Errorf("%s: error %v, want ErrCatchment for the place", name, err)
			}
		}
	}
}

// fuse is a context that ends when it is asked for the n-th time.
type fuse struct {
	context.Context
	left atomic.Int64
}

func (f *fuse) Err() error {
	if f.left.Add(-1) < 0 {
		return context.Canceled
	}
	return nil
}

// Wherever the context ends, there is its error, and no half of a result.
func TestCatchmentStopsWithContext(t *testing.T) {
	r := mustRouter(t, city(t, 12, 1), walker)
	x := mustWithin(t, r, []Stop{{Edge: 0}, {Edge: 100}}, 10*time.Minute)
	o := CatchmentOptions{Resolution: 100}
	full := mustCatchment(t, x, o)
	want := mustBands(t, full, 10*time.Minute)
	for asked := 0; ; asked += 1 + asked/4 {
		ctx := &fuse{Context: context.Background()}
		ctx.left.Store(int64(asked))
		c, err := x.Catchment(ctx, o)
		var bands []Band
		if err == nil {
			bands, err = c.Bands(ctx, 10*time.Minute)
		}
		if err == nil {
			if !orb.Equal(bands[0].Area, want[0].Area) {
				t.Fatal("another area")
			}
			if rows := full.field.NY; asked < 2*rows {
				t.Errorf("asked %d times in two passes of %d rows", asked, rows)
			}
			return
		}
		if !errors.Is(err, context.Canceled) || bands != nil {
			t.Fatalf("asked %d times: error %v, bands %v", asked, err, bands)
		}
	}
}

// The default resolution follows the extent, up to that of the globe.
func TestCatchmentDefaults(t *testing.T) {
	for _, c := range []struct {
		degrees float64
		want    CatchmentOptions
	}{
		{0.01, CatchmentOptions{20, geo.Kilometer}},
		{1, CatchmentOptions{500, geo.Kilometer}},
		{100, CatchmentOptions{50 * geo.Kilometer, 50 * geo.Kilometer}},
	} {
		n, err := NewNetwork([]Node{{"", orb.Point{0, -c.degrees / 2}}, {"", orb.Point{c.degrees, c.degrees / 2}}}, []Edge{{From: 0, To: 1, Class: Trunk}})
		if err != nil {
			t.Fatal(err)
		}
		x := mustWithin(t, mustRouter(t, n, walker), []Stop{{}}, 1000*time.Hour)
		got := mustCatchment(t, x, CatchmentOptions{})
		if got.Options() != c.want {
			t.Errorf("%v degrees: options %v, want %v", c.degrees, got.Options(), c.want)
		}
		if n := got.field.Points(); n > usualPoints || n < usualPoints/30 && c.want.Resolution > 20 {
			t.Errorf("%v degrees: %d points", c.degrees, n)
		}
	}
}

// collected is what a program would write of a city.
func collected(t testing.TB, r *Router) []byte {
	t.Helper()
	x := mustWithin(t, r, []Stop{{Edge: 5, Fraction: 0.25}, {Edge: 500}}, 10*time.Minute)
	c := mustCatchment(t, x, CatchmentOptions{Resolution: 200})
	parts, err := c.Parts(context.Background(), 10*time.Minute)
	if err != nil {
		t.Fatal(err)
	}
	var features []geo.Feature
	for _, band := range mustBands(t, c, 5*time.Minute, 10*time.Minute) {
		features = append(features, geo.Feature{Geometry: band.Area})
	}
	for _, part := range parts {
		features = append(features, geo.Feature{Geometry: part})
	}
	for s := range x.Shares(10 * time.Minute) {
		features = append(features, geo.Feature{Properties: map[string]any{"share": s}, Geometry: r.net.Stretch(Leg{s.Edge, s.Start, s.End})})
	}
	var b bytes.Buffer
	if err := geo.WriteFeatures(&b, slices.Values(features)); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestCatchmentSameOnAnyNumberOfCores(t *testing.T) {
	r := mustRouter(t, city(t, 24, 3), walker)
	want := collected(t, r)
	for _, procs := range []int{1, 3} {
		defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(procs))
		if got := collected(t, r); !bytes.Equal(got, want) {
			t.Errorf("the bytes differ on %d cores", procs)
		}
	}
}
