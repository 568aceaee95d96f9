package route

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/hubplan/hubplan/geo"
	"github.com/hubplan/hubplan/geo/input"
)

// ProfileSettings is a profile as files have it: what differs from a ready one. A
// field that is absent is as the base has it.
type ProfileSettings struct {
	// Base is the ready profile to begin with: "truck", "heavy truck", "convoy", "car"
	// or "rail". Empty stands for one without any speed.
	Base string `json:"base,omitempty"`
	Name string `json:"name,omitempty"`
	// SpeedsKMH is the speed in km/h on each class of edge, by the class's name, and
	// SurfacesKMH the highest on each surface; 0 closes.
	SpeedsKMH   map[string]float64 `json:"speeds_kmh,omitempty"`
	SurfacesKMH map[string]float64 `json:"surfaces_kmh,omitempty"`
	PostedShare *float64           `json:"posted_share,omitempty"` // see Profile.PostedShare
	TopKMH      *float64           `json:"top_kmh,omitempty"`
	AccessKMH   *float64           `json:"access_kmh,omitempty"` // straight-line speed off the network
	Night       *float64           `json:"night,omitempty"`      // factor of road speeds by night
	ByNight     bool               `json:"by_night,omitempty"`   // it travels by night

	Vehicle   *Vehicle `json:"vehicle,omitempty"`
	Private   *bool    `json:"private,omitempty"` // may use private roads
	WeightT   *float64 `json:"weight_t,omitempty"`
	AxleLoadT *float64 `json:"axle_load_t,omitempty"`
	HeightM   *float64 `json:"height_m,omitempty"`
	WidthM    *float64 `json:"width_m,omitempty"`
	LengthM   *float64 `json:"length_m,omitempty"`
	Hazmat    *bool    `json:"hazmat,omitempty"` // carries dangerous goods
	Tolls     *bool    `json:"tolls,omitempty"`  // false keeps off toll roads

	BoardingMin *float64 `json:"boarding_min,omitempty"` // of a ferry, in minutes
	BorderMin   *float64 `json:"border_min,omitempty"`   // wait at a border, in minutes

	GaugesMM []int `json:"gauges_mm,omitempty"`
	Electric *bool `json:"electric,omitempty"` // trains need a contact line
}

// Ready returns the ready profile of a name, or an error that wraps
// [input.ErrUnknown] and lists the names.
func Ready(name string) (Profile, error) {
	var names []string
	for _, f := range [...]func() Profile{Truck, HeavyTruck, Convoy, Car, Rail} {
		p := f()
		if p.Name == name {
			return p, nil
		}
		names = append(names, fmt.Sprintf("%q", p.Name))
	}
	return Profile{}, input.Errorf(input.ErrUnknown, "unknown profile %q, want %s", name, strings.Join(names, ", "))
}

// Profile returns the profile that the settings describe. Errors wrap [ErrProfile],
// or [input.ErrUnknown] for a name of a base, class or surface that is none.
func (s *ProfileSettings) Profile() (Profile, error) {
	p := Profile{Speed: make(map[Class]Speed)}
	if s.Base != "" {
		var err error
		if p, err = Ready(s.Base); err != nil {
			return Profile{}, err
		}
	}
	if s.Name != "" {
		p.Name = s.Name
	}
	for _, name := range slices.Sorted(maps.Keys(s.SpeedsKMH)) {
		class, err := ParseClass(name)
		if err != nil {
			return Profile{}, err
		}
		if p.Speed[class] = Speed(s.SpeedsKMH[name]) * KilometerPerHour; p.Speed[class] == 0 {
			delete(p.Speed, class)
		}
	}
	if p.Surface == nil && len(s.SurfacesKMH) > 0 {
		p.Surface = make(map[Surface]Speed)
	}
	for _, name := range slices.Sorted(maps.Keys(s.SurfacesKMH)) {
		surface, err := parseName[Surface]("surface", surfaceNames[:], name)
		if err != nil {
			return Profile{}, err
		}
		p.Surface[surface] = Speed(s.SurfacesKMH[name]) * KilometerPerHour
	}
	override(&p.PostedShare, s.PostedShare, 1)
	override(&p.Top, s.TopKMH, KilometerPerHour)
	override(&p.Access, s.AccessKMH, KilometerPerHour)
	override(&p.Night, s.Night, 1)
	override(&p.Weight, s.WeightT, Tonne)
	override(&p.AxleLoad, s.AxleLoadT, Tonne)
	override(&p.Height, s.HeightM, geo.Meter)
	override(&p.Width, s.WidthM, geo.Meter)
	override(&p.Length, s.LengthM, geo.Meter)
	for _, x := range [...]struct {
		field *time.Duration
		value *float64
	}{{&p.Boarding, s.BoardingMin}, {&p.Border, s.BorderMin}} {
		if x.value == nil {
			continue
		}
		if !(*x.value >= 0 && *x.value <= maxWait) {
			return Profile{}, fmt.Errorf("route: %w %q: a wait of %v min is not within 0 to %d", ErrProfile, p.Name, *x.value, maxWait)
		}
		*x.field = time.Duration(*x.value * float64(time.Minute))
	}
	if s.Vehicle != nil {
		p.Vehicle = *s.Vehicle
	}
	for _, x := range [...]struct{ field, value *bool }{{&p.Private, s.Private}, {&p.Hazmat, s.Hazmat}, {&p.Electric, s.Electric}} {
		if x.value != nil {
			*x.field = *x.value
		}
	}
	if s.Tolls != nil {
		p.NoTolls = !*s.Tolls
	}
	if s.GaugesMM != nil {
		p.Gauges = s.GaugesMM
	}
	if s.ByNight {
		p = p.ByNight()
	}
	return p, p.Validate()
}

// maxWait bounds waits in files, in minutes: ten days.
const maxWait = 10 * 24 * 60

// override sets a field to a value of a unit, if there is one.
func override[F ~float64](field *F, value *float64, unit F) {
	if value != nil {
		*field = F(*value) * unit
	}
}

// ReadProfile reads a profile from JSON, an object of [ProfileSettings]:
//
//	{"base": "truck", "name": "fuel truck", "hazmat": true, "height_m": 3.6, "speeds_kmh": {"track": 0}}
//
// Errors are [input.Errors] with line and column.
func ReadProfile(r io.Reader, file string) (Profile, error) {
	var problems input.Problems
	var s ProfileSettings
	keys := input.JSON(r, file, &s, &problems)
	if err := problems.Err(); err != nil {
		return Profile{}, err
	}
	p, err := s.Profile()
	if err != nil {
		keys.Fail("", err)
		return Profile{}, problems.Err()
	}
	return p, nil
}
