package hub

import (
	"fmt"
	"io"

	"github.com/hubplan/hubplan/geo/input"
	"github.com/paulmach/orb"
)

// Site is a place where a hub is or could be.
type Site struct {
	ID    string
	Name  string
	Point orb.Point
	// Storage is how much it can hold, in tonnes.
	Storage float64
	// Throughput is how much it can issue, in tonnes a day.
	Throughput float64
	RepairBays int
	// OpeningCost is in thousands of euros.
	OpeningCost float64
	Zone        Zone
	Status      Status
}

// Zone says on whose soil a site is.
type Zone uint8

// The zones.
const (
	InCountry Zone = iota
	Border         // in the zone along the border from which supplies come
)

// Status says what may become of a site.
type Status uint8

// The statuses.
const (
	Candidate Status = iota // may open
	Required                // must open
	Existing                // is open and stays open
	Excluded                // may not open
)

var (
	zoneNames   = []string{"in-country", "border"}
	statusNames = []string{"candidate", "required", "existing", "excluded"}
)

// String returns "in-country" or "border".
func (z Zone) String() string { return nameOf(zoneNames, int(z)) }

// MarshalText writes the name of the zone.
func (z Zone) MarshalText() ([]byte, error) { return []byte(z.String()), nil }

// UnmarshalText reads the name of a zone.
func (z *Zone) UnmarshalText(text []byte) error {
	i, err := parseName(zoneNames, "zone", string(text))
	*z = Zone(i)
	return err
}

// String returns "candidate", "required", "existing" or "excluded".
func (s Status) String() string { return nameOf(statusNames, int(s)) }

// MarshalText writes the name of the status.
func (s Status) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// UnmarshalText reads the name of a status.
func (s *Status) UnmarshalText(text []byte) error {
	i, err := parseName(statusNames, "status", string(text))
	*s = Status(i)
	return err
}

func nameOf(names []string, i int) string {
	if i < len(names) {
		return names[i]
	}
	return fmt.Sprintf("value %d", i)
}

func parseName(names []string, kind, name string) (int, error) {
	for i, n := range names {
		if n == name {
			return i, nil
		}
	}
	return 0, input.Errorf(input.ErrUnknown, "unknown %s %q", kind, name)
}

// Limits of what a site may state; beyond them it is a slip of the pen.
const (
	maxTonnes = 1e9
	maxBays   = 100_000
	maxCost   = 1e12
)

// ReadSites reads candidate sites from CSV with the columns id, name, lon, lat,
// storage_t (tonnes), throughput_t_day (tonnes a day), repair_bays, opening_cost
// (thousands of euros), zone and status. Errors are [input.Errors] with the line
// and column of each problem: a value that is negative or not a number, a
// coordinate out of range, an id given twice, no site at all.
func ReadSites(r io.Reader, file string) ([]Site, error) {
	var p input.Problems
	t := input.ReadTable(r, file, &p, []string{
		"id", "name", "lon", "lat", "storage_t", "throughput_t_day", "repair_bays", "opening_cost", "zone", "status",
	})
	var sites []Site
	line := make(map[string]int)
	for row := range t.Rows() {
		s := Site{
			ID:          row.Text("id"),
			Name:        row.Text("name"),
			Point:       row.Point(),
			Storage:     row.Number("storage_t", 0, maxTonnes),
			Throughput:  row.Number("throughput_t_day", 0, maxTonnes),
			RepairBays:  row.Integer("repair_bays", 0, maxBays),
			OpeningCost: row.Number("opening_cost", 0, maxCost),
		}
		if text := row.Text("zone"); text != "" {
			if err := s.Zone.UnmarshalText([]byte(text)); err != nil {
				row.Fail("zone", err)
			}
		}
		if text := row.Text("status"); text != "" {
			if err := s.Status.UnmarshalText([]byte(text)); err != nil {
				row.Fail("status", err)
			}
		}
		if before, ok := line[s.ID]; ok && s.ID != "" {
			row.Fail("id", input.Errorf(input.ErrDuplicate, "%q is also on line %d", s.ID, before))
		} else {
			line[s.ID] = row.Line()
		}
		sites = append(sites, s)
	}
	if p.Len() == 0 && len(sites) == 0 {
		p.Add(&input.Error{File: file, Err: input.Errorf(input.ErrMissing, "no sites")})
	}
	if err := p.Err(); err != nil {
		return nil, err
	}
	return sites, nil
}
