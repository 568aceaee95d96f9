package main

import (
	"bufio"
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/hubplan/hubplan/geo"
	"github.com/hubplan/hubplan/geo/input"
	"github.com/hubplan/hubplan/route"
	"github.com/hubplan/hubplan/route/osm"
)

// open opens a file, unpacked if it is packed by gzip.
func open(name string) (io.ReadCloser, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	r, err := input.Unpack(f)
	if err != nil {
		f.Close()
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return struct {
		io.Reader
		io.Closer
	}{r, f}, nil
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
	rail                        bool
	join                        bool
	tolerance, links, gap       float64
	towns, report, names, nodes string
	with, terminals             string
}

func (o *reading) flags(f *flag.FlagSet) {
	f.BoolVar(&o.rail, "rail", false, "keep the railways of an OpenStreetMap extract, too")
	f.BoolVar(&o.join, "join", false, "join lines that do not meet yet")
	f.Float64Var(&o.tolerance, "join-tolerance", 2, "with -join, `metres` within which ends and lines are one place")
	f.Float64Var(&o.links, "join-reach", 500, "with -join, `metres` that links between parts may be long")
	f.Float64Var(&o.gap, "join-gap", 10, "with -join, `metres` that links may be long which spare ten times the way")
	f.StringVar(&o.towns, "join-towns", "", "with -join, `table` of towns within which roads join up: lon, lat, radius_km")
	f.StringVar(&o.report, "join-report", "", "with -join, write what was joined to this GeoJSON `file`")
	f.StringVar(&o.names, "names", "", "JSON `file` with the names that properties and classes have in the network's file")
	f.StringVar(&o.nodes, "nodes", "", "`table` of the nodes of a network of edges; without it, the file with nodes in place of edges in its name")
	f.StringVar(&o.with, "with", "", "combine with the networks of these `files`, separated by commas")
	f.StringVar(&o.terminals, "terminals", "", "`table` of terminals between networks: id, lon, lat, transfer_min, and perhaps name, capacity_t_day, limit_km")
}

// read reads a network, and those to combine it with.
func (o *reading) read(ctx context.Context, name string, b *bar) (*network, error) {
	if o.terminals != "" && o.with == "" {
		return nil, misuse("-terminals are between the network and those of -with")
	}
	m, err := o.readOne(ctx, name, b)
	if err != nil || o.with == "" {
		return m, err
	}
	var terminals []route.Terminal
	if o.terminals != "" {
		f, err := open(o.terminals)
		if err != nil {
			return nil, err
		}
		defer f.Close()
		if terminals, err = route.ReadTerminals(f, o.terminals); err != nil {
			return nil, err
		}
	}
	parts := []*route.Network{m.net}
	for other := range strings.SplitSeq(o.with, ",") {
		x, err := o.readOne(ctx, other, b)
		if err != nil {
			return nil, err
		}
		parts = append(parts, x.net)
		m.notes = append(m.notes, x.notes...)
	}
	net, c, err := route.Combine(ctx, parts, terminals)
	if err != nil {
		return nil, err
	}
	m.notes = append(m.notes, fmt.Sprintf("%d networks combined at %d terminals; %d are near fewer than two", len(parts), len(terminals)-len(c.Untied()), len(c.Untied())))
	return &network{net: net, notes: m.notes}, nil
}

// readOne reads a network of the format that its name tells: OpenStreetMap (.pbf,
// .osm), DIMACS (.gr, with positions in the .co beside it if there is one), GeoJSON
// (.geojson), a table (.csv), all plain or with .gz but for the first, or hubplan's own
// (.hubnet), which brings its order.
func (o *reading) readOne(ctx context.Context, name string, b *bar) (*network, error) {
	if strings.HasSuffix(name, ".pbf") || strings.HasSuffix(name, ".osm") {
		return o.readMap(ctx, name, b)
	}
	mapping, err := readMapping(o.names)
	if err != nil {
		return nil, err
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
	case strings.HasSuffix(base, ".geojson") && o.join:
		lines, err := mapping.ReadLinesGeoJSON(f, name)
		if err != nil {
			return nil, err
		}
		return o.joined(ctx, lines)
	case strings.HasSuffix(base, ".geojson"):
		m.net, err = mapping.ReadGeoJSON(f, name)
	case strings.HasSuffix(base, ".csv"):
		return o.readTable(ctx, f, name, mapping)
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

// readTable reads what the head of a table says that it is: roads as lists of places,
// with the places.csv beside it; edges between nodes; or lines, which are joined.
func (o *reading) readTable(ctx context.Context, f io.Reader, name string, mapping route.Mapping) (*network, error) {
	buffer := bufio.NewReaderSize(f, 1<<16)
	head, _ := buffer.Peek(1 << 12)
	line, _, _ := strings.Cut(string(head), "\n")
	columns := strings.Split(strings.TrimSpace(strings.TrimPrefix(line, "\ufeff")), ",")
	has := func(column string) bool {
		if other, ok := mapping.Names[column]; ok {
			column = other
		}
		return slices.Contains(columns, column)
	}
	m := &network{}
	switch {
	case has("places"):
		places, err := readPlaces(filepath.Join(filepath.Dir(name), "places.csv"))
		if err != nil {
			return nil, err
		}
		m.net, err = route.ReadRoads(buffer, name, places)
		return m, err
	case has("from") && has("to"):
		nodes := o.nodes
		if nodes == "" {
			nodes = filepath.Join(filepath.Dir(name), strings.ReplaceAll(filepath.Base(name), "edges", "nodes"))
		}
		if nodes == name {
			return nil, fmt.Errorf("%s: a table of edges needs one of nodes: name it with -nodes", name)
		}
		n, err := open(nodes)
		if err != nil {
			return nil, err
		}
		defer n.Close()
		m.net, err = mapping.ReadTable(n, nodes, buffer, name)
		return m, err
	}
	lines, err := mapping.ReadLinesTable(buffer, name)
	if err != nil {
		return nil, err
	}
	return o.joined(ctx, lines)
}

// joined joins lines.
func (o *reading) joined(ctx context.Context, lines []route.Edge) (*network, error) {
	options := route.JoinOptions{Tolerance: geo.Distance(o.tolerance), Reach: geo.Distance(o.links), Gap: geo.Distance(o.gap)}
	if o.towns != "" {
		f, err := open(o.towns)
		if err != nil {
			return nil, err
		}
		defer f.Close()
		var p input.Problems
		table := input.ReadTable(f, o.towns, &p, []string{"lon", "lat", "radius_km"}, "name")
		for row := range table.Rows() {
			options.Towns = append(options.Towns, route.Town{Point: row.Point(), Radius: geo.Distance(row.Number("radius_km", 0, 1000)) * geo.Kilometer})
		}
		if err := p.Err(); err != nil {
			return nil, err
		}
	}
	net, report, err := route.Join(ctx, lines, options)
	if err != nil {
		return nil, err
	}
	if o.report != "" {
		if err := create(o.report, report.WriteGeoJSON); err != nil {
			return nil, err
		}
	}
	notes := []string{fmt.Sprintf("%d lines joined to %d edges in %d parts, %.2f %% of the length in the first", len(lines), net.Edges(), len(report.Components), 100*report.Connected())}
	for _, k := range route.JointKinds() {
		if count, largest, sum := report.Count(k); count > 0 {
			notes = append(notes, fmt.Sprintf("%d × %v, at most %v, %v together", count, k, largest, sum))
		}
	}
	return &network{net: net, notes: notes}, nil
}

// readMapping reads the names that a network's file has for what it holds: the fields
// of [route.Mapping] in JSON.
func readMapping(name string) (m route.Mapping, err error) {
	if name == "" {
		return m, nil
	}
	f, err := open(name)
	if err != nil {
		return m, err
	}
	defer f.Close()
	var p input.Problems
	var file struct {
		Names  map[string]string            `json:"names"`
		Values map[string]map[string]string `json:"values"`
		Ignore []string                     `json:"ignore"`
		SlackM float64                      `json:"slack_m"`
	}
	input.JSON(f, name, &file, &p)
	return route.Mapping{Names: file.Names, Values: file.Values, Ignore: file.Ignore, Slack: geo.Distance(file.SlackM)}, p.Err()
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
