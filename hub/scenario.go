package hub

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"

	"github.com/hubplan/hubplan/geo"
	"github.com/hubplan/hubplan/geo/input"
	"github.com/hubplan/hubplan/route"
	"github.com/paulmach/orb"
)

// Scenario is a scenario file and all that it names, read and checked.
type Scenario struct {
	Settings Settings
	Sectors  []geo.Sector
	Places   []geo.Place
	Roads    *route.Network
	Rail     *route.Network // nil if there is none
	Sites    []Site
	Line     orb.MultiLineString // nil if there is none
}

// Load reads a scenario file and the files it names, relative to its folder.
// Every problem of a file is reported with its position, as [input.Errors]; a
// file that does not exist wraps [fs.ErrNotExist].
func Load(name string) (*Scenario, error) {
	dir := filepath.Dir(name)
	return load(filepath.Base(name), func(name string) (io.ReadCloser, string, error) {
		full := filepath.Join(dir, filepath.FromSlash(name))
		f, err := os.Open(full)
		return f, full, err
	})
}

// LoadFS is [Load] from a file system, such as one embedded in the program.
func LoadFS(fsys fs.FS, name string) (*Scenario, error) {
	dir := path.Dir(name)
	return load(path.Base(name), func(name string) (io.ReadCloser, string, error) {
		full := path.Join(dir, name)
		f, err := fsys.Open(full)
		return f, full, err
	})
}

// opener opens a file by its name relative to the scenario and returns the name
// to use in messages.
type opener func(name string) (io.ReadCloser, string, error)

func load(name string, open opener) (*Scenario, error) {
	s := new(Scenario)
	var p input.Problems // of the scenario file
	keys, err := read(name, open, func(r io.Reader, file string) (*input.Keys, error) {
		keys := input.JSON(r, file, &s.Settings, &p)
		if p.Len() == 0 {
			s.Settings.validate(keys.Fail)
		}
		return keys, p.Err()
	})
	if err != nil {
		return nil, err
	}
	// The files do not depend on each other until they are joined, so one pass
	// reports the problems of them all.
	var problems []error
	files := s.Settings.Files
	s.Sectors = collect(&problems, files.Sectors, open, geo.ReadSectors)
	s.Sites = collect(&problems, files.Sites, open, ReadSites)
	if files.Line != "" {
		s.Line = collect(&problems, files.Line, open, geo.ReadLines)
	}
	places := len(problems)
	s.Places = collect(&problems, files.Places, open, geo.ReadPlaces)
	if len(problems) == places { // roads refer to places
		readRoads := func(r io.Reader, file string) (*route.Network, error) {
			if ext := strings.ToLower(path.Ext(file)); ext == ".geojson" || ext == ".json" {
				return route.ReadGeoJSON(r, file)
			}
			return route.ReadRoads(r, file, s.Places)
		}
		s.Roads = collect(&problems, files.Roads, open, readRoads)
		if files.Rail != "" {
			s.Rail = collect(&problems, files.Rail, open, func(r io.Reader, file string) (*route.Network, error) {
				return route.ReadRail(r, file, s.Places)
			})
		}
	}
	if len(problems) == 0 {
		if s.check(keys); p.Len() > 0 {
			problems = append(problems, p.Err())
		}
	}
	if len(problems) > 0 {
		return nil, errors.Join(problems...)
	}
	return s, nil
}

// collect reads one file, keeping its error with the others.
func collect[T any](problems *[]error, name string, open opener, parse func(io.Reader, string) (T, error)) T {
	v, err := read(name, open, parse)
	if err != nil {
		*problems = append(*problems, err)
	}
	return v
}

func read[T any](name string, open opener, parse func(io.Reader, string) (T, error)) (T, error) {
	var none T
	if path.IsAbs(name) || filepath.IsAbs(name) {
		return none, fmt.Errorf("hub: file name %q is not relative", name)
	}
	f, full, err := open(name)
	if err != nil {
		return none, fmt.Errorf("hub: %w", err)
	}
	defer f.Close()
	return parse(f, full)
}

// check reports where the sectors that the scenario file holds and those that
// places name are not in the sector file.
func (s *Scenario) check(keys *input.Keys) {
	sector := make(map[string]bool, len(s.Sectors))
	for _, x := range s.Sectors {
		sector[x.ID] = true
	}
	for i, h := range s.Settings.Force.Sectors {
		if !sector[h.Code] {
			keys.Fail(fmt.Sprintf("force.sectors[%d].code", i), input.Errorf(input.ErrUnknown, "no sector %q in %s", h.Code, s.Settings.Files.Sectors))
		}
	}
	unknown := make(map[string]bool)
	for _, x := range s.Places {
		if x.Sector != "" && !sector[x.Sector] && !unknown[x.Sector] {
			unknown[x.Sector] = true
			keys.Fail("files.places", input.Errorf(input.ErrUnknown, "place %q is in sector %q, which is not in %s", x.ID, x.Sector, s.Settings.Files.Sectors))
		}
	}
}
