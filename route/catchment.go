package route

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/hubplan/hubplan/geo"
	"github.com/hubplan/hubplan/route/internal/contour"
	"github.com/paulmach/orb"
)

// ErrCatchment is wrapped by every error about a catchment or an area of it: a
// resolution too fine for its extent, a limit beyond that of what it was made of, or
// a place that it cannot cover, nearer than 5 degrees to a pole or on both sides of
// the antimeridian.
var ErrCatchment = errors.New("invalid catchment")

// CatchmentOptions tunes [Reached.Catchment].
type CatchmentOptions struct {
	// Resolution is how closely areas follow what is reached: see [Catchment]. The
	// grid is a little less than half of it wide. Zero stands for the first of 20 m,
	// 50 m, 100 m, 200 m and so on for which it has a million points at most; the
	// finest is 10 m, and as fine as 16 million points.
	Resolution geo.Distance
	// Reach is how far off the network places are reached, at the profile's speed of
	// access, at most 100 km. Zero stands for a kilometre, or the resolution where
	// that is more. Below zero nothing off the network counts as reached.
	Reach geo.Distance
}

// Bounds of a catchment.
const (
	finest      = 10 * geo.Meter
	farthest    = 100 * geo.Kilometer
	mostPoints  = 1 << 24
	usualPoints = 1 << 20
	// gridParts is how many widths of the grid are in its resolution. A point of an
	// area is within 0.71 widths of a point of the grid in it, and that is within 1.42
	// of what is reached, or within the reach and then 1.12; a little is for rounding.
	gridParts = 2.2
)

// Catchment is the time at every place around what stops reach, on the network and
// off it: the least, over all points of the network that are reached and not farther
// than the reach, of the time there and the time from there at the speed of access in
// a straight line. The straight ways from stops to the network count as reached,
// too, so that no area lacks its start. A catchment is immutable and safe for
// concurrent use.
//
// Areas are drawn of it for any limit up to its own. What holds for them:
//
//   - All points reached within the limit are inside: the whole of every stretch of
//     [Reached.Stretches], and the stops.
//   - Whatever is farther than Reach and Resolution together from all of these is
//     outside.
//   - The area of a limit holds that of every shorter one. They may have parts of
//     their borders in common, where it is the reach that ends them.
//   - Rings are closed and simple, and no two of an area meet. Exteriors run against
//     the clock, holes with it and inside of their exterior. Coordinates are whole
//     multiples of 10⁻⁷ degrees, for which all of this holds exactly, edges taken as
//     straight in degrees as in RFC 7946.
//
// Distances off the network are as in a plane at the place asked about, which for
// a reach of 10 km is off by 0.3 % up to latitude 75.
type Catchment struct {
	options CatchmentOptions
	limit   uint32
	stops   int
	field   *contour.Field // nil if nothing is reached
}

// Catchment finds the times at all places around what is reached, in one pass over
// a grid that covers it, on all cores; the result does not depend on their number. It
// takes O(p log p + n log p) time for p straight pieces of road and n points of the
// grid, as far as pieces next to a point decide, and keeps 40 bytes of a piece and
// 12 of a point. Errors wrap [ErrCatchment], or are the context's.
func (x *Reached) Catchment(ctx context.Context, o CatchmentOptions) (*Catchment, error) {
	if !(o.Resolution == 0 || o.Resolution >= finest) {
		return nil, fmt.Errorf("route: %w: resolution %v", ErrCatchment, o.Resolution)
	}
	if !(o.Reach <= farthest) {
		return nil, fmt.Errorf("route: %w: reach %v", ErrCatchment, o.Reach)
	}
	pieces, box, err := x.pieces(ctx)
	if err != nil {
		return nil, err
	}
	s := &Catchment{options: o, limit: x.limit, stops: len(x.from)}
	if len(pieces) == 0 {
		return s, nil
	}
	lattice, err := s.fit(box)
	if err != nil {
		return nil, fmt.Errorf("route: %w: resolution %v: %w", ErrCatchment, s.options.Resolution, err)
	}
	s.field, err = contour.NewField(ctx, lattice, pieces, contour.Options{
		Slowness: 1000 / float64(x.r.profile.Access),
		Reach:    s.options.Reach,
	})
	if err != nil {
		return nil, err
	}
	return s, nil
}

// fit fills in the options that are zero and returns the grid of the catchment.
func (s *Catchment) fit(box contour.Box) (contour.Lattice, error) {
	given := s.options
	lattice := func(resolution geo.Distance, most int) (contour.Lattice, error) {
		s.options.Resolution = resolution
		if given.Reach == 0 {
			s.options.Reach = max(geo.Kilometer, resolution)
		}
		return contour.NewLattice(box, resolution/gridParts, max(0, s.options.Reach), most)
	}
	if given.Resolution > 0 {
		return lattice(given.Resolution, mostPoints)
	}
	for step := 10 * geo.Meter; ; step *= 10 {
		for _, times := range [3]geo.Distance{2, 5, 10} {
			l, err := lattice(times*step, usualPoints)
			if !errors.Is(err, contour.ErrFine) {
				return l, err
			}
		}
	}
}

// Options returns the options of the catchment with those filled in that were zero,
// unless nothing is reached.
func (s *Catchment) Options() CatchmentOptions { return s.options }

// Band is the area within a limit.
type Band struct {
	Limit time.Duration
	Area  orb.MultiPolygon
}

// Bands returns the areas within limits, each the whole from the stops on, in the
// order of the limits. An area without anything reached in it is empty. Errors wrap
// [ErrCatchment] for a limit that is negative or above that of [Router.Within], or are
// the context's.
func (s *Catchment) Bands(ctx context.Context, limits ...time.Duration) ([]Band, error) {
	bands := make([]Band, len(limits))
	for i, limit := range limits {
		ms, err := s.within(limit)
		if err != nil {
			return nil, err
		}
		bands[i].Limit = limit
		if s.field == nil {
			continue
		}
		if bands[i].Area, err = s.field.Area(ctx, ms); err != nil {
			return nil, err
		}
	}
	return bands, nil
}

// Parts divides the area within a limit between the stops, by which of them a place
// is reached from the fastest, of equally fast ones that with the lowest number. The
// parts are in the order of the stops; one whose share is smaller than the
// resolution, or that shares its place with another, may be empty.
//
// Parts do not overlap: those that meet have the vertices of the border between
// them in common, to the bit. Together they are the area of [Catchment.Bands], but that
// the border of the area has a vertex more where two of them meet at it, which lies
// at most 10⁻⁷ degrees outside. Rings are as those of bands. A place all around
// which, within Reach and Resolution together, everything belongs to one stop is in
// the part of that stop; [Reached.Shares] has the exact places on the network where
// the nearest stop changes. Errors are those of [Catchment.Bands].
func (s *Catchment) Parts(ctx context.Context, limit time.Duration) ([]orb.MultiPolygon, error) {
	ms, err := s.within(limit)
	if err != nil {
		return nil, err
	}
	if s.field == nil {
		return make([]orb.MultiPolygon, s.stops), nil
	}
	return s.field.Parts(ctx, ms, s.stops)
}

// within is a limit in the clock of the catchment.
func (s *Catchment) within(limit time.Duration) (uint32, error) {
	ms := wholeMillis(limit)
	if limit < 0 || ms > s.limit {
		return 0, fmt.Errorf("route: %w: limit %v beyond %v", ErrCatchment, limit, duration(s.limit))
	}
	return ms, nil
}
