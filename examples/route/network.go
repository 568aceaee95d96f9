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
type reading struct{}

func (o *reading) flags(*flag.FlagSet) {}

// read reads a network of the format that its name tells: DIMACS (.gr, with
// positions in the .co beside it if there is one), GeoJSON (.geojson), a table of
// roads (.csv, with the places.csv beside it), all plain or with .gz, or hubplan's
// own (.hubnet), which brings its order.
func (o *reading) read(ctx context.Context, name string, _ *bar) (*network, error) {
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
		err = fmt.Errorf("%s: no network format of that name: .gr, .geojson, .csv or .hubnet", name)
	}
	if err != nil {
		return nil, err
	}
	return m, nil
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
