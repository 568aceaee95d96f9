package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"

	"github.com/hubplan/hubplan/geo"
	"github.com/hubplan/hubplan/geo/input"
	"github.com/hubplan/hubplan/route"
	"github.com/paulmach/orb"
)

// task is a question: the network, the vehicle, what is closed, and how to answer.
type task struct {
	vehicle, avoid, close, out string
	save                       string
	night, json                bool
	limitKM                    float64
	reading                    reading
	bar                        *bar

	net     *route.Network
	profile route.Profile
	router  *route.Router
	notes   []string // what reading the network had to say
	names   map[string]int
}

func newTask(f *flag.FlagSet, stderr io.Writer) *task {
	t := &task{bar: newBar(stderr)}
	f.StringVar(&t.vehicle, "profile", "truck", "`vehicle`: truck, heavy truck, convoy, car, rail, several joined by +, or a JSON file")
	f.BoolVar(&t.night, "night", false, "travel by night")
	f.StringVar(&t.avoid, "avoid", "", "keep off the polygons of this GeoJSON `file`")
	f.StringVar(&t.close, "close", "", "close the roads of these `names`, separated by commas")
	f.Float64Var(&t.limitKM, "limit", 10, "take points at most so many `km` from the network")
	f.StringVar(&t.out, "o", "", "write the answer to this `file` too, as .geojson or .csv")
	f.StringVar(&t.save, "save", "", "save the network and what makes it fast to this `file`, a .hubnet")
	f.BoolVar(&t.json, "json", false, "print the answer as JSON")
	t.reading.flags(f)
	return t
}

// answer makes the network ready, asks, and writes the answer.
func (t *task) answer(ctx context.Context, args []string, ask answerer, stdout io.Writer) error {
	write, err := t.writer()
	if err != nil {
		return err
	}
	if err := t.open(ctx, args[0]); err != nil {
		return err
	}
	a, err := ask(ctx, t, args[1:])
	if err != nil {
		return err
	}
	t.bar.clear()
	if t.json {
		err = writeJSON(stdout, a.JSON)
	} else {
		_, err = io.WriteString(stdout, a.Text)
	}
	return errors.Join(err, write(a))
}

// writer returns what writes an answer to the file asked for, if any.
func (t *task) writer() (func(*answer) error, error) {
	var write func(io.Writer, *answer) error
	switch {
	case t.out == "":
		return func(*answer) error { return nil }, nil
	case strings.HasSuffix(t.out, ".geojson"):
		write = writeGeoJSON
	case strings.HasSuffix(t.out, ".csv"):
		write = writeCSV
	default:
		return nil, misuse("-o %s: neither .geojson nor .csv", t.out)
	}
	return func(a *answer) error {
		return create(t.out, func(w io.Writer) error { return write(w, a) })
	}, nil
}

// create writes a file.
func create(name string, write func(io.Writer) error) error {
	f, err := os.Create(name)
	if err != nil {
		return err
	}
	return errors.Join(write(f), f.Close())
}

// open reads the network and makes it ready for the vehicle.
func (t *task) open(ctx context.Context, name string) error {
	m, err := t.reading.read(ctx, name, t.bar)
	if err != nil {
		return err
	}
	t.net, t.notes = m.net, m.notes
	if t.profile, err = t.profileOf(m); err != nil {
		return err
	}
	h, err := route.NewHierarchy(ctx, t.net, route.HierarchyOptions{Order: m.order, Progress: t.bar.counter("order nodes")})
	if err != nil {
		return err
	}
	if t.save != "" {
		if err := create(t.save, h.Encode); err != nil {
			return err
		}
	}
	if t.router, err = h.Router(ctx, t.profile); err != nil {
		return err
	}
	var changes []route.Change
	if t.avoid != "" {
		area, err := readArea(t.avoid)
		if err != nil {
			return err
		}
		changes = append(changes, route.Change{Area: area})
	}
	if t.close != "" {
		edges, err := t.named(strings.Split(t.close, ","))
		if err != nil {
			return err
		}
		changes = append(changes, route.Change{Edges: edges})
	}
	if len(changes) > 0 {
		t.router, err = t.router.With(ctx, changes...)
	}
	return err
}

// profileOf is the vehicle asked for; a DIMACS graph has its own.
func (t *task) profileOf(m *network) (p route.Profile, err error) {
	switch {
	case m.profile != nil:
		return *m.profile, nil
	case strings.HasSuffix(t.vehicle, ".json"):
		f, err := os.Open(t.vehicle)
		if err != nil {
			return p, err
		}
		defer f.Close()
		p, err = route.ReadProfile(f, t.vehicle)
		if err != nil {
			return p, err
		}
	default:
		for i, name := range strings.Split(t.vehicle, "+") {
			next, err := route.Ready(strings.TrimSpace(name))
			if err != nil {
				return p, misuse("-profile: %v", err)
			}
			if i > 0 {
				next = p.With(next)
			}
			p = next
		}
	}
	if t.night {
		p = p.ByNight()
	}
	return p, nil
}

// readArea reads the polygons of a file.
func readArea(name string) (orb.MultiPolygon, error) {
	f, err := open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	var p input.Problems
	var area orb.MultiPolygon
	for _, x := range input.ReadFeatures(f, name, &p) {
		switch g := x.Geometry.(type) {
		case orb.Polygon:
			area = append(area, g)
		case orb.MultiPolygon:
			area = append(area, g...)
		default:
			x.Fail("geometry", input.Errorf(input.ErrGeometry, "an area to avoid is a polygon, not a %s", g.GeoJSONType()))
		}
	}
	return area, p.Err()
}

// named lists the edges of roads.
func (t *task) named(roads []string) ([]int, error) {
	found := make(map[string]bool)
	for i := range roads {
		roads[i] = strings.TrimSpace(roads[i])
		found[roads[i]] = false
	}
	var edges []int
	for e := range t.net.Edges() {
		x := t.net.Edge(e)
		for _, name := range []string{x.Name, x.Ref} {
			if _, ok := found[name]; ok && name != "" {
				found[name] = true
				edges = append(edges, e)
				break
			}
		}
	}
	for _, name := range roads {
		if !found[name] {
			return nil, fmt.Errorf("no road is called %q", name)
		}
	}
	return edges, nil
}

func (t *task) limit() geo.Distance { return geo.Distance(t.limitKM) * geo.Kilometer }

// place is a point asked about, and what it is called.
type place struct {
	ID    string
	Point orb.Point
}

// place reads a point from the command line.
func (t *task) place(text string) (place, error) {
	if lon, lat, ok := strings.Cut(text, ","); ok {
		x, err := strconv.ParseFloat(strings.TrimSpace(lon), 64)
		y, err2 := strconv.ParseFloat(strings.TrimSpace(lat), 64)
		if err == nil && err2 == nil {
			return place{text, orb.Point{x, y}}, nil
		}
	}
	if t.names == nil {
		t.names = make(map[string]int)
		for v := range t.net.Nodes() {
			if name := t.net.Node(v).Name; name != "" {
				t.names[name] = v
			}
		}
	}
	if v, ok := t.names[text]; ok {
		return place{text, t.net.Node(v).Point}, nil
	}
	return place{}, misuse("%q is neither LON,LAT nor the name of a node", text)
}

// places reads the points of the command line, and those of a table if one is named.
func (t *task) places(texts []string, table string) ([]place, error) {
	list := make([]place, len(texts))
	for i, text := range texts {
		var err error
		if list[i], err = t.place(text); err != nil {
			return nil, err
		}
	}
	if table == "" {
		return list, nil
	}
	more, err := readPoints(table)
	return append(list, more...), err
}

// ends reads the points of the command line and ties them to the network.
func (t *task) ends(texts []string) ([]place, []route.Stop, error) {
	places, err := t.places(texts, "")
	if err != nil {
		return nil, nil, err
	}
	stops, err := t.snapAll(places)
	return places, stops, err
}

// readPoints reads a table of points: lon and lat, and whatever of the other columns
// of tables of places there is; what they are called is in id, else in name, else
// their line.
func readPoints(name string) ([]place, error) {
	f, err := open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	var p input.Problems
	var list []place
	table := input.ReadTable(f, name, &p, []string{"lon", "lat"}, "id", "name", "population", "sector", "weight")
	for row := range table.Rows() {
		x := place{row.Optional("id"), row.Point()}
		if x.ID == "" {
			x.ID = row.Optional("name")
		}
		if x.ID == "" {
			x.ID = fmt.Sprintf("line %d", row.Line())
		}
		list = append(list, x)
	}
	if err := p.Err(); err != nil {
		return nil, err
	}
	if len(list) == 0 {
		return nil, fmt.Errorf("%s: no points", name)
	}
	return list, nil
}

// snap ties a place to the network; the error names it.
func (t *task) snap(p place) (route.Stop, error) {
	s, err := t.router.Snap(p.Point, t.limit())
	if err != nil {
		return s, fmt.Errorf("%s: %w", p.ID, err)
	}
	return s, nil
}

func (t *task) snapAll(places []place) ([]route.Stop, error) {
	stops := make([]route.Stop, len(places))
	var errs []error
	for i, p := range places {
		var err error
		if stops[i], err = t.snap(p); err != nil && len(errs) < input.MaxProblems {
			errs = append(errs, err)
		}
	}
	return stops, errors.Join(errs...)
}
