package route

import (
	"errors"
	"fmt"
	"maps"
	"math"
	"slices"
	"time"

	"github.com/hubplan/hubplan/geo"
	"github.com/hubplan/hubplan/route/internal/graph"
)

// ErrProfile is wrapped by every error about a profile.
var ErrProfile = errors.New("invalid profile")

// Speed is a speed in metres per second.
type Speed float64

// KilometerPerHour makes speeds readable: 50 * route.KilometerPerHour.
const KilometerPerHour Speed = 1 / 3.6

// KilometersPerHour returns the speed in km/h.
func (s Speed) KilometersPerHour() float64 { return float64(s) * 3.6 }

// Profile is who travels: what it may use, and how fast. [Truck], [HeavyTruck],
// [Convoy], [Car] and [Rail] are ready to use and to change; [ReadProfile] reads
// one from a file. The zero value of every field but Speed and Access asks nothing
// of an edge.
type Profile struct {
	Name string
	// Speed is the travel speed on each class, halts included. A class that is
	// absent is closed to the profile.
	Speed map[Class]Speed
	// Surface is the highest speed on a surface; zero closes it, and one that is
	// absent makes no difference.
	Surface map[Surface]Speed
	// PostedShare is the share of a posted speed limit that is driven in place of
	// the class's speed. With zero the class's speed stands, up to the limit.
	PostedShare float64
	// Top is the vehicle's own highest speed on roads, zero for none.
	Top Speed
	// Night is the factor of road speeds in [Profile.ByNight].
	Night float64
	// Access is the speed off the network, in a straight line between a point and
	// the nearest edge. It stands for the local roads that the network leaves out.
	Access Speed

	// Vehicle is whose traffic signs bind, and Private whether it has the leave of
	// owners of private roads.
	Vehicle Vehicle
	Private bool
	// What the vehicle measures with its load and trailer, against the limits of
	// edges; zero passes every limit.
	Weight   Mass
	AxleLoad Mass
	Height   geo.Distance
	Width    geo.Distance
	Length   geo.Distance
	Hazmat   bool // it carries dangerous goods
	NoTolls  bool // it avoids tolls at any price

	Boarding time.Duration // of a ferry, waiting included
	Border   time.Duration // wait at a border

	Gauges   []int // of its trains in millimetres; none: any
	Electric bool  // its trains need a contact line
}

// Validate reports what is wrong with the profile: no class at all, or a number
// that is negative or not finite. Errors wrap [ErrProfile].
func (p *Profile) Validate() error {
	fail := func(format string, args ...any) error {
		return fmt.Errorf("route: %w %q: "+format, append([]any{ErrProfile, p.Name}, args...)...)
	}
	finite := func(x float64) bool { return x >= 0 && !math.IsInf(x, 0) }
	if len(p.Speed) == 0 {
		return fail("no class has a speed")
	}
	for _, c := range slices.Sorted(maps.Keys(p.Speed)) {
		if int(c) >= classes {
			return fail("there is no %v", c)
		}
		if s := p.Speed[c]; !(s > 0 && finite(float64(s))) {
			return fail("speed %v km/h on %v", s.KilometersPerHour(), c)
		}
	}
	for _, x := range slices.Sorted(maps.Keys(p.Surface)) {
		if int(x) >= surfaces {
			return fail("there is no %v", x)
		}
		if s := p.Surface[x]; !finite(float64(s)) {
			return fail("speed %v km/h on %v", s.KilometersPerHour(), x)
		}
	}
	if !(p.Access > 0 && finite(float64(p.Access))) {
		return fail("access speed %v km/h", p.Access.KilometersPerHour())
	}
	for _, x := range [...]struct {
		name  string
		value float64
	}{
		{"posted share", p.PostedShare}, {"top speed", float64(p.Top)}, {"night factor", p.Night},
		{"weight", float64(p.Weight)}, {"axle load", float64(p.AxleLoad)},
		{"height", float64(p.Height)}, {"width", float64(p.Width)}, {"length", float64(p.Length)},
		{"boarding time", p.Boarding.Seconds()}, {"border time", p.Border.Seconds()},
	} {
		if !finite(x.value) {
			return fail("%s %v", x.name, x.value)
		}
	}
	if int(p.Vehicle) >= vehicles {
		return fail("there is no %v", p.Vehicle)
	}
	return nil
}

// ByNight returns the profile after dark, or blacked out: speeds on roads times
// Night. It is p itself where Night is zero.
func (p Profile) ByNight() Profile {
	if p.Night == 0 {
		return p
	}
	p.Name += " by night"
	p.Speed = maps.Clone(p.Speed)
	for c := range p.Speed {
		if c <= Track {
			p.Speed[c] *= Speed(p.Night)
		}
	}
	p.PostedShare *= p.Night
	p.Night = 0
	return p
}

// With returns p with the classes of another profile that p has none for, and what
// that one asks of rail: the profile of freight that changes between a truck and a
// train, say, on a network of both ([Combine]).
func (p Profile) With(other Profile) Profile {
	p.Name += " and " + other.Name
	p.Speed = maps.Clone(p.Speed)
	for c, s := range other.Speed {
		if _, ok := p.Speed[c]; !ok {
			p.Speed[c] = s
		}
	}
	if p.Gauges == nil {
		p.Gauges = other.Gauges
	}
	p.Electric = p.Electric || other.Electric
	p.Boarding = max(p.Boarding, other.Boarding)
	return p
}

// A pace is how a profile travels edges of one kind.
type pace struct {
	open        bool
	destination bool    // only for those who start or end there
	speed       Speed   // zero where the whole edge takes a fixed time
	fixed       float64 // milliseconds on each edge besides
}

// pace returns how the profile travels an edge of a class and attributes.
func (p *Profile) pace(c Class, a *Attributes) pace {
	if p.forbids(c, a) != nil {
		return pace{}
	}
	t := pace{open: true, speed: p.Speed[c], destination: p.permission(a) == Destination}
	if a.MaxSpeed > 0 && c <= Track {
		if p.PostedShare > 0 {
			t.speed = a.MaxSpeed * Speed(p.PostedShare)
		}
		t.speed = min(t.speed, a.MaxSpeed)
	}
	if s, ok := p.Surface[a.Surface]; ok && c <= Track {
		t.speed = min(t.speed, s)
	}
	if p.Top > 0 && c <= Track {
		t.speed = min(t.speed, p.Top)
	}
	fixed := a.Duration
	if a.Duration > 0 {
		t.speed = 0
	}
	if a.Landing {
		fixed += p.Boarding
	}
	if a.Border {
		fixed += p.Border
	}
	t.fixed = float64(fixed) / float64(time.Millisecond)
	return t
}

// millis is the time for a length in whole milliseconds, or graph.Inf.
func (t *pace) millis(d geo.Distance) uint32 {
	switch {
	case !t.open:
		return graph.Inf
	case t.speed == 0:
		return roundMillis(t.fixed)
	}
	return roundMillis(float64(d)/float64(t.speed)*1000 + t.fixed)
}

// millis returns the travel time in whole milliseconds, rounded to nearest, or
// graph.Inf where it does not fit.
func millis(d geo.Distance, s Speed) uint32 { return roundMillis(float64(d) / float64(s) * 1000) }

func roundMillis(ms float64) uint32 {
	if ms = math.Round(ms); !(ms < float64(graph.Inf)) {
		return graph.Inf
	}
	return uint32(ms)
}

// duration is the exact time.Duration of a finite number of milliseconds.
func duration(ms uint32) time.Duration { return time.Duration(ms) * time.Millisecond }
