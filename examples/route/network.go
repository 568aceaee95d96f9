package main

import (
	"bufio"
	"compress/gzip"
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/hubplan/hubplan/geo"
	"github.com/hubplan/hubplan/route"
	"github.com/hubplan/hubplan/route/osm"
)

// open opens a file, unpacked if its name ends in .gz.
func open(name string) (io.ReadCloser, error) {
	f, err := os.Open(name)
	if err != nil || !strings.HasSuffix(name, ".gz") {
		return f, err
	}
	z, err := gzip.NewReader(bufio.NewReader(f))
	if err != nil {
		f.Close()
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return struct {
		io.Reader
		io.Closer
	}{z, f}, nil
}

// network is a network as its file has it.
type network struct {
	net     *route.Network
	order   []uint32       // of its nodes, if the file has it
	profile *route.Profile // the only one that makes sense on it, if so
	notes   []string       // what was done to read it, for people
}

// reading is how networks are read.
type reading struct {
	rail bool
}

func (o *reading) flags(f *flag.FlagSet) {
	f.BoolVar(&o.rail, "rail", false, "keep the railways of an OpenStreetMap extract, too")
}

// read reads a network of the format that its name tells: OpenStreetMap (.pbf, .osm),
// DIMACS (.gr, with
// positions in the .co beside it if there is one), GeoJSON (.geojson), a table of
// roads (.csv, with the places.csv beside it), all plain or with .gz, or hubplan's
// own (.hubnet), which brings its order.
func (o *reading) read(ctx context.Context, name string, b *bar) (*network, error) {
	if strings.HasSuffix(name, ".pbf") || strings.HasSuffix(name, ".osm") {
		return o.readMap(ctx, name, b)
	}
	f, err := open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	base, packed := strings.CutSuffix(name, ".gz")
	m := &network{}
	switch {
	case strings.HasSuffix(base, ".gr"):
		var co io.Reader
		positions := strings.TrimSuffix(base, ".gr") + ".co"
		if packed {
			positions += ".gz"
		}
		if p, err := open(positions); err == nil {
			defer p.Close()
			co = p
		}
		p := route.DIMACS()
		m.profile = &p
		m.net, err = route.ReadDIMACS(f, co, name)
	case strings.HasSuffix(base, ".geojson"):
		m.net, err = route.ReadGeoJSON(f, name)
	case strings.HasSuffix(base, ".csv"):
		var places []geo.Place
		if places, err = readPlaces(filepath.Join(filepath.Dir(name), "places.csv")); err == nil {
			m.net, err = route.ReadRoads(f, name, places)
		}
	case strings.HasSuffix(base, ".hubnet"):
		var h *route.Hierarchy
		if h, err = route.Decode(ctx, f, name); err == nil {
			m.net, m.order = h.Network(), h.Order()
		}
	default:
		err = fmt.Errorf("%s: no network format of that name: .osm.pbf, .osm, .geojson, .csv, .gr or .hubnet", name)
	}
	if err != nil {
		return nil, err
	}
	return m, nil
}

// readMap reads an OpenStreetMap extract.
func (o *reading) readMap(ctx context.Context, name string, b *bar) (*network, error) {
	progress := b.counter("read KiB")
	m, err := osm.ReadFile(ctx, name, osm.Options{Rail: o.rail, Progress: func(done, total int64) { progress(int(done>>10), int(total>>10)) }})
	if err != nil {
		return nil, err
	}
	notes := []string{fmt.Sprintf("%s: %d nodes, %d ways, %d relations; %d ways and %d turn restrictions used",
		filepath.Base(name), m.Counts.Nodes, m.Counts.Ways, m.Counts.Relations, m.Ways, m.Restrictions)}
	for _, l := range m.LeftOut {
		notes = append(notes, fmt.Sprintf("left out: %d × %v, the first %d", l.Count, l.Reason, l.First[0]))
	}
	return &network{net: m.Network, notes: notes}, nil
}

func readPlaces(name string) ([]geo.Place, error) {
	f, err := open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return geo.ReadPlaces(f, name)
}

// everything is a vehicle that uses every road.
func everything() route.Profile {
	p := route.Profile{Name: "all roads", Access: 20 * route.KilometerPerHour, Speed: make(map[route.Class]route.Speed)}
	for c, kmh := range map[route.Class]route.Speed{
		route.Motorway: 90, route.Trunk: 70, route.Primary: 60, route.Secondary: 50, route.Tertiary: 40, route.Unclassified: 30,
		route.Residential: 25, route.Service: 15, route.Track: 10, route.Ferry: 20, route.Railway: 60,
	} {
		p.Speed[c] = kmh * route.KilometerPerHour
	}
	return p
}
