package route

import (
	"fmt"
	"math"
	"time"

	"github.com/hubplan/hubplan/geo"
	"github.com/hubplan/hubplan/geo/input"
)

// Mass is a mass in tonnes.
type Mass float64

// Tonne makes masses readable: 40 * route.Tonne.
const Tonne Mass = 1

// Attributes are what is known of an edge, in one direction, beyond its class. The
// zero value is an edge of which nothing is known: open to everybody and without
// limits. A limit of zero is none.
type Attributes struct {
	Surface  Surface
	MaxSpeed Speed // posted

	// Limits posted for one vehicle, its load and trailer included.
	MaxWeight   Mass
	MaxAxleLoad Mass
	MaxHeight   geo.Distance
	MaxWidth    geo.Distance
	MaxLength   geo.Distance
	NoHazmat    bool // closed to dangerous goods

	Cars  Permission // of private motor vehicles
	Goods Permission // of goods vehicles

	Bridge, Tunnel bool
	Layer          int8 // above others that it crosses, or below
	Toll           bool
	Border         bool // a border is crossed here, with a check
	Landing        bool // a ferry is boarded at the start of the edge

	Gauges      [2]uint16 // of rail in millimetres, two on dual-gauge track; 0: none known
	Electrified bool      // known to have a contact line or a live rail

	// Duration, if above zero, is the time that the whole edge takes, whatever its
	// length: a crossing by ferry, a transfer in a terminal.
	Duration time.Duration
	// Capacity is what passes in a day, in tonnes; it is carried for those who ask
	// and does not change times.
	Capacity Mass
}

// validate reports the first attribute that cannot be.
func (a *Attributes) validate() error {
	for _, x := range [...]struct {
		name  string
		value float64
	}{
		{"speed limit", float64(a.MaxSpeed)}, {"weight limit", float64(a.MaxWeight)}, {"axle load limit", float64(a.MaxAxleLoad)},
		{"height limit", float64(a.MaxHeight)}, {"width limit", float64(a.MaxWidth)}, {"length limit", float64(a.MaxLength)},
		{"duration", float64(a.Duration)}, {"capacity", float64(a.Capacity)},
	} {
		if !(x.value >= 0) || math.IsInf(x.value, 0) {
			return fmt.Errorf("%s %v is negative or not finite", x.name, x.value)
		}
	}
	switch {
	case int(a.Surface) >= surfaces:
		return fmt.Errorf("there is no %v", a.Surface)
	case int(a.Cars) >= permissions:
		return fmt.Errorf("there is no %v", a.Cars)
	case int(a.Goods) >= permissions:
		return fmt.Errorf("there is no %v", a.Goods)
	}
	return nil
}

// Surface is what an edge is paved with, coarsely.
type Surface uint8

// The surfaces.
const (
	UnknownSurface Surface = iota
	Paved                  // asphalt, concrete
	Stone                  // setts, cobbles
	Gravel                 // compacted, gravel
	Earth                  // ground, sand, grass: soft when wet

	surfaces = iota
)

var surfaceNames = [surfaces]string{"unknown", "paved", "stone", "gravel", "earth"}

// String returns the name of the surface, "unknown" to "earth".
func (s Surface) String() string { return nameOf("surface", surfaceNames[:], s) }

// MarshalText writes the name of the surface.
func (s Surface) MarshalText() ([]byte, error) { return marshalName("surface", surfaceNames[:], s) }

// UnmarshalText reads the name of a surface; errors wrap [input.ErrUnknown].
func (s *Surface) UnmarshalText(text []byte) (err error) {
	*s, err = parseName[Surface]("surface", surfaceNames[:], string(text))
	return err
}

// Permission is whether a kind of vehicle may use an edge.
type Permission uint8

// The permissions.
const (
	Open        Permission = iota
	Destination            // only who starts or ends there
	Private                // only with the owner's leave
	Closed

	permissions = iota
)

var permissionNames = [permissions]string{"open", "destination", "private", "closed"}

// String returns the name of the permission, "open" to "closed".
func (p Permission) String() string { return nameOf("permission", permissionNames[:], p) }

// MarshalText writes the name of the permission.
func (p Permission) MarshalText() ([]byte, error) {
	return marshalName("permission", permissionNames[:], p)
}

// UnmarshalText reads the name of a permission; errors wrap [input.ErrUnknown].
func (p *Permission) UnmarshalText(text []byte) (err error) {
	*p, err = parseName[Permission]("permission", permissionNames[:], string(text))
	return err
}

// nameOf is the name of a small number that stands for one of a list.
func nameOf[E ~uint8](kind string, names []string, e E) string {
	if int(e) < len(names) {
		return names[e]
	}
	return fmt.Sprintf("%s %d", kind, uint8(e))
}

func marshalName[E ~uint8](kind string, names []string, e E) ([]byte, error) {
	if int(e) >= len(names) {
		return nil, input.Errorf(input.ErrUnknown, "unknown %s %d", kind, uint8(e))
	}
	return []byte(names[e]), nil
}

func parseName[E ~uint8](kind string, names []string, name string) (E, error) {
	for e, n := range names {
		if n == name {
			return E(e), nil
		}
	}
	return 0, input.Errorf(input.ErrUnknown, "unknown %s %q", kind, name)
}
