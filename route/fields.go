package route

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/hubplan/hubplan/geo"
	"github.com/hubplan/hubplan/geo/input"
)

// field is a property of an edge, or a column of a table, with its unit in its
// name. Each but oneway stands for both directions, unless the same name with
// "_back" states the other.
type field struct {
	name string
	read func(a *Attributes, v value) error
	// write returns text, a number or a truth value.
	write func(a *Attributes) any
}

// attributeFields are the names of attributes in files; see [ReadGeoJSON].
var attributeFields = []field{
	{"surface",
		func(a *Attributes, v value) error { return v.name(&a.Surface) },
		func(a *Attributes) any { return a.Surface.String() }},
	limitField("max_speed_kmh", func(a *Attributes) *Speed { return &a.MaxSpeed }, KilometerPerHour),
	limitField("max_weight_t", func(a *Attributes) *Mass { return &a.MaxWeight }, Tonne),
	limitField("max_axle_load_t", func(a *Attributes) *Mass { return &a.MaxAxleLoad }, Tonne),
	limitField("max_height_m", func(a *Attributes) *geo.Distance { return &a.MaxHeight }, geo.Meter),
	limitField("max_width_m", func(a *Attributes) *geo.Distance { return &a.MaxWidth }, geo.Meter),
	limitField("max_length_m", func(a *Attributes) *geo.Distance { return &a.MaxLength }, geo.Meter),
	{"hazmat",
		func(a *Attributes, v value) error {
			open, err := v.truth()
			a.NoHazmat = err == nil && !open
			return err
		},
		func(a *Attributes) any { return !a.NoHazmat }},
	{"cars",
		func(a *Attributes, v value) error { return v.name(&a.Cars) },
		func(a *Attributes) any { return a.Cars.String() }},
	{"goods",
		func(a *Attributes, v value) error { return v.name(&a.Goods) },
		func(a *Attributes) any { return a.Goods.String() }},
	truthField("bridge", func(a *Attributes) *bool { return &a.Bridge }),
	truthField("tunnel", func(a *Attributes) *bool { return &a.Tunnel }),
	{"layer",
		func(a *Attributes, v value) error {
			x, err := v.whole(math.MinInt8, math.MaxInt8)
			a.Layer = int8(x)
			return err
		},
		func(a *Attributes) any { return float64(a.Layer) }},
	truthField("toll", func(a *Attributes) *bool { return &a.Toll }),
	truthField("border", func(a *Attributes) *bool { return &a.Border }),
	truthField("landing", func(a *Attributes) *bool { return &a.Landing }),
	{"gauge_mm",
		func(a *Attributes, v value) (err error) {
			a.Gauges, err = v.gauges()
			return err
		},
		func(a *Attributes) any {
			switch {
			case a.Gauges[1] != 0:
				return fmt.Sprintf("%d;%d", a.Gauges[0], a.Gauges[1])
			case a.Gauges[0] != 0:
				return fmt.Sprint(a.Gauges[0])
			}
			return ""
		}},
	truthField("electrified", func(a *Attributes) *bool { return &a.Electrified }),
	{"duration_min",
		func(a *Attributes, v value) error {
			x, err := v.number(0, maxDuration.Minutes())
			a.Duration = time.Duration(math.Round(x * float64(time.Minute)))
			return err
		},
		func(a *Attributes) any { return float64(a.Duration) / float64(time.Minute) }},
	limitField("capacity_t_day", func(a *Attributes) *Mass { return &a.Capacity }, Tonne),
}

// maxDuration and maxLimit bound what a file may state; beyond them it is a slip of
// the pen.
const (
	maxDuration = 30 * 24 * time.Hour
	maxLimit    = 1e6
)

// limitField is a field of a number from 0, which is no limit.
func limitField[T ~float64](name string, at func(a *Attributes) *T, unit T) field {
	return field{name,
		func(a *Attributes, v value) error {
			x, err := v.number(0, maxLimit)
			*at(a) = T(x) * unit
			return err
		},
		func(a *Attributes) any { return inUnits(float64(*at(a)), float64(unit)) }}
}

func truthField(name string, at func(a *Attributes) *bool) field {
	return field{name,
		func(a *Attributes, v value) (err error) {
			*at(a), err = v.truth()
			return err
		},
		func(a *Attributes) any { return *at(a) }}
}

// inUnits is the number that times the unit is x, to the last bit where there is
// one.
func inUnits(x, unit float64) float64 {
	q := x / unit
	for _, y := range [...]float64{q, math.Nextafter(q, 0), math.Nextafter(q, math.Inf(1))} {
		if y*unit == x {
			return y
		}
	}
	return q
}

// value is what a file has for a field: text, a number or a truth value of JSON,
// or plain text that may stand for any of them.
type value struct{ x any }

// plain is text of a table, or put in place of what a file has.
type plain string

func (v value) wrong(want string) error {
	switch x := v.x.(type) {
	case string:
		return input.Errorf(input.ErrFormat, "text where %s is wanted", want)
	case float64:
		return input.Errorf(input.ErrFormat, "a number where %s is wanted", want)
	case bool:
		return input.Errorf(input.ErrFormat, "%v where %s is wanted", x, want)
	case plain:
		return input.Errorf(input.ErrFormat, "%q where %s is wanted", string(x), want)
	}
	return input.Errorf(input.ErrFormat, "a list or an object where %s is wanted", want)
}

func (v value) number(lo, hi float64) (float64, error) {
	switch x := v.x.(type) {
	case float64:
		// Written as JSON has it, so that errors quote it well.
		return input.Number(strconv.FormatFloat(x, 'g', -1, 64), lo, hi)
	case plain:
		return input.Number(string(x), lo, hi)
	}
	return 0, v.wrong("a number")
}

func (v value) whole(lo, hi float64) (int, error) {
	x, err := v.number(lo, hi)
	if err == nil && x != math.Trunc(x) {
		return 0, input.Errorf(input.ErrFormat, "%v is not a whole number", x)
	}
	return int(x), err
}

func (v value) truth() (bool, error) {
	switch x := v.x.(type) {
	case bool:
		return x, nil
	case plain:
		switch x {
		case "true", "1":
			return true, nil
		case "false", "0":
			return false, nil
		}
	}
	return false, input.Errorf(input.ErrFormat, "%v is neither true nor false", v.x)
}

func (v value) text() (string, error) {
	switch x := v.x.(type) {
	case string:
		return x, nil
	case plain:
		return string(x), nil
	}
	return "", v.wrong("text")
}

// name reads the name of one of a list.
func (v value) name(of interface{ UnmarshalText([]byte) error }) error {
	text, err := v.text()
	if err != nil {
		return err
	}
	return of.UnmarshalText([]byte(text))
}

// gauges reads one or two gauges, "1520" or "1520;1435", or a single number.
func (v value) gauges() (g [2]uint16, err error) {
	if x, ok := v.x.(float64); ok {
		v.x = plain(strconv.FormatFloat(x, 'g', -1, 64))
	}
	text, err := v.text()
	if err != nil {
		return g, err
	}
	if text == "" {
		return g, nil
	}
	parts := strings.Split(text, ";")
	if len(parts) > len(g) {
		return g, input.Errorf(input.ErrRange, "%d gauges, two at most", len(parts))
	}
	for i, part := range parts {
		mm, err := value{plain(strings.TrimSpace(part))}.whole(100, 4000)
		if err != nil {
			return [2]uint16{}, err
		}
		g[i] = uint16(mm)
	}
	return g, nil
}

// edgeNames are the names of all that a file may say of an edge.
var edgeNames = func() []string {
	names := []string{"class", "name", "ref", "oneway", "length_km", "length_m"}
	for _, f := range attributeFields {
		names = append(names, f.name, f.name+"_back")
	}
	return names
}()

// readEdge reads all of an edge but its nodes and its line. Get returns what the
// file has under a name, nil if nothing; fail reports what is wrong with it.
func readEdge(get func(name string) any, fail func(name string, err error)) Edge {
	var e Edge
	read := func(name string, into func(v value) error) {
		if x := get(name); x != nil {
			if err := into(value{x}); err != nil {
				fail(name, err)
			}
		}
	}
	if class := get("class"); class == nil || class == "" || class == plain("") {
		fail("class", input.Errorf(input.ErrMissing, "value missing"))
	} else if err := (value{class}).name(&e.Class); err != nil {
		fail("class", err)
	}
	read("name", func(v value) (err error) { e.Name, err = v.text(); return err })
	read("ref", func(v value) (err error) { e.Ref, err = v.text(); return err })
	read("oneway", func(v value) (err error) { e.OneWay, err = v.truth(); return err })
	read("length_km", func(v value) error {
		km, err := v.number(0, maxLengthKM)
		e.Length = geo.Distance(km) * geo.Kilometer
		return err
	})
	read("length_m", func(v value) error {
		m, err := v.number(0, maxLengthKM*1000)
		if e.Length > 0 {
			err = input.Errorf(input.ErrDuplicate, "length_km is given as well")
		}
		e.Length = geo.Distance(m)
		return err
	})
	for _, f := range attributeFields {
		read(f.name, func(v value) error { return f.read(&e.Attributes, v) })
	}
	back := e.Attributes
	for _, f := range attributeFields {
		read(f.name+"_back", func(v value) error { return f.read(&back, v) })
	}
	if back != e.Attributes {
		e.Back = &back
	}
	return e
}

// writeEdge gives what a file is to say of an edge, but of its nodes and its line,
// to put.
func writeEdge(e *Edge, put func(name string, x any)) {
	put("class", e.Class.String())
	if e.Name != "" {
		put("name", e.Name)
	}
	if e.Ref != "" {
		put("ref", e.Ref)
	}
	if e.OneWay {
		put("oneway", true)
	}
	if e.Length != geo.Length(e.Line) {
		put("length_km", inUnits(float64(e.Length), float64(geo.Kilometer)))
	}
	for _, f := range attributeFields {
		if x := f.write(&e.Attributes); x != f.write(new(Attributes)) {
			put(f.name, x)
		}
		if e.Back == nil {
			continue
		}
		if x := f.write(e.Back); x != f.write(&e.Attributes) {
			put(f.name+"_back", x)
		}
	}
}
