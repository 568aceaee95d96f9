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

// Profile is a kind of traveller: what it may use, and how fast.
type Profile struct {
	Name string
	// Speed is the travel speed on each class, halts included. A class that is
	// absent is closed to the profile.
	Speed map[Class]Speed
	// Access is the speed off the network, in a straight line between a point and
	// the nearest edge. It stands for the local roads that the network leaves out.
	Access Speed
}

// Validate reports what is wrong with the profile: no class at all, or a speed
// that is not positive and finite. Errors wrap [ErrProfile].
func (p *Profile) Validate() error {
	if len(p.Speed) == 0 {
		return fmt.Errorf("route: %w %q: no class has a speed", ErrProfile, p.Name)
	}
	for c := range Class(classes) {
		if s, ok := p.Speed[c]; ok && !(s > 0 && !math.IsInf(float64(s), 0)) {
			return fmt.Errorf("route: %w %q: speed %v km/h on %v", ErrProfile, p.Name, s.KilometersPerHour(), c)
		}
	}
	for _, c := range slices.Sorted(maps.Keys(p.Speed)) {
		if int(c) >= classes {
			return fmt.Errorf("route: %w %q: there is no %v", ErrProfile, p.Name, c)
		}
	}
	if !(p.Access > 0) || math.IsInf(float64(p.Access), 0) {
		return fmt.Errorf("route: %w %q: access speed %v km/h", ErrProfile, p.Name, p.Access.KilometersPerHour())
	}
	return nil
}

// millis returns the travel time in whole milliseconds, rounded to nearest, or
// graph.Inf where it does not fit.
func millis(d geo.Distance, s Speed) uint32 {
	ms := math.Round(float64(d) / float64(s) * 1000)
	if !(ms < float64(graph.Inf)) {
		return graph.Inf
	}
	return uint32(ms)
}

// duration is the exact time.Duration of a finite number of milliseconds.
func duration(ms uint32) time.Duration { return time.Duration(ms) * time.Millisecond }
