package format

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"math"
	"slices"

	"github.com/hubplan/hubplan/geo/input"
	"github.com/hubplan/hubplan/hub/locate"
)

// Format is a file format. See the package documentation for what each holds.
type Format uint8

const (
	Detect    Format = iota // find out from the content
	PMed                    // OR-Library p-median
	SCP                     // OR-Library set cover
	Warehouse               // OR-Library warehouse location
	UflLib                  // UflLib, simple layout or that of Warehouse
	TSPLIB                  // TSPLIB coordinates
	SJC                     // number of points, coordinates
	Grid                    // sites with costs, customers with demands
	Cities                  // Snyder and Daskin's tables of cities
	Points                  // CSV of places
	Matrix                  // CSV of costs
	Pairs                   // CSV of possible pairs
	Holmberg                // single-source location: capacities, demands, costs by site
	Diaz                    // single-source location of Díaz and Fernández
	TBED                    // TBED1 of Avella and Boccia, costs of a unit
)

var formatNames = [...]string{"detect", "pmed", "scp", "cap", "ufllib", "tsplib", "sjc", "grid", "cities", "points", "matrix", "pairs", "holmberg", "diaz-fernandez", "tbed1"}

// String returns the name of the format, such as "pmed".
func (f Format) String() string {
	if int(f) < len(formatNames) {
		return formatNames[f]
	}
	return fmt.Sprintf("Format(%d)", uint8(f))
}

// MarshalText writes the name of the format.
func (f Format) MarshalText() ([]byte, error) {
	if int(f) >= len(formatNames) {
		return nil, fmt.Errorf("format: there is no %v", f)
	}
	return []byte(formatNames[f]), nil
}

// UnmarshalText reads the name of a format, as String returns it.
func (f *Format) UnmarshalText(text []byte) error {
	for i, name := range formatNames {
		if name == string(text) {
			*f = Format(i)
			return nil
		}
	}
	return fmt.Errorf("format: there is no format %q", text)
}

// Instance is a location problem as a file states it. What the file does not
// say is zero: mostly P, Radius and Budget.
type Instance struct {
	locate.Problem

	// Stated reports whether the format is that of one model, which is in
	// Model. Other files serve any.
	Stated bool

	// Format is that of the file.
	Format Format

	// DemandNames and SiteNames are the names in a table that has them; nil
	// where demands and sites are numbered.
	DemandNames, SiteNames []string

	// Failable and Emergency are what tables of Cities say of failures: which
	// sites may fail, and what it costs to leave a unit of demand unserved.
	Failable  []bool
	Emergency float64

	// Limits are the capacities of a file that may be taken with or without
	// them, +Inf where it leaves a limit to be set; see [Instance.Limit].
	Limits *locate.Capacity

	globe bool // the coordinates are degrees of longitude and latitude
}

// SetMetric replaces the metric by which costs are computed from coordinates.
// It is an error if the file states costs instead, or if the metric is one for
// the globe and the coordinates are not: GreatCircle asks for degrees, which
// tables and some files of TYPE : MCLP have, and Geographical for what TSPLIB
// means by GEO.
func (in *Instance) SetMetric(m locate.Metric) error {
	points, ok := in.Costs.(locate.Points)
	switch {
	case !ok:
		return fmt.Errorf("format: metric %v for a file of format %v, which states costs", m, in.Format)
	case m == points.Metric:
		return nil
	case in.Format != Points && m == locate.Geographical, in.Format != Points && m == locate.GreatCircle && !in.globe:
		return fmt.Errorf("format: metric %v for coordinates of metric %v", m, points.Metric)
	}
	points.Metric = m
	in.Costs = points
	return nil
}

// Limit puts the capacities of the file into the problem; single asks for every
// demand to be served by one site. A limit above 0 takes the place of those the
// file leaves to be set, or of all. It is an error if the file has none, or if
// one is to be set and limit is 0.
func (in *Instance) Limit(limit float64, single bool) error {
	if in.Limits == nil {
		return fmt.Errorf("format: a file of format %v has no capacities", in.Format)
	}
	c := *in.Limits
	c.Limit, c.Single = slices.Clone(c.Limit), single
	for j, q := range c.Limit {
		if limit > 0 {
			c.Limit[j] = limit
		} else if math.IsInf(q, 1) {
			return fmt.Errorf("format: the file leaves the capacity of site %d to be set", j)
		}
	}
	in.Capacity = &c
	return nil
}

// reader reads one format. The file is its name in errors.
type reader = func(ctx context.Context, r io.Reader, file string) (*Instance, error)

func (f Format) reader() reader {
	switch f {
	case PMed:
		return ReadPMed
	case SCP:
		return ReadSCP
	case Warehouse:
		return ReadWarehouse
	case UflLib:
		return ReadUflLib
	case TSPLIB:
		return ReadTSPLIB
	case SJC:
		return ReadSJC
	case Grid:
		return ReadGrid
	case Cities:
		return ReadCities
	case Points:
		return ReadPoints
	case Matrix:
		return ReadMatrix
	case Pairs:
		return ReadPairs
	case Holmberg:
		return ReadHolmberg
	case Diaz:
		return ReadDiaz
	case TBED:
		return ReadTBED
	}
	return nil
}

// Read reads a file of the given format, or of one that shows in its first two
// lines if f is Detect; file is the name that errors carry. A file whose format
// cannot be told is an error that wraps input.ErrFormat. If ctx ends, Read
// returns its error.
//
// Some things the first lines do not tell: a set cover of two columns looks
// like a warehouse problem, and so do Holmberg's files, while Diaz and TBED look
// like a set cover. These have to be called by their names.
func Read(ctx context.Context, r io.Reader, file string, f Format) (*Instance, error) {
	plain, err := input.Unpack(r)
	if err != nil {
		return nil, &input.Error{File: file, Err: err}
	}
	b := bufio.NewReaderSize(plain, lookahead)
	if f == Detect {
		// Peek reports an error of the file as well as that it is short. The
		// reader will meet the first again.
		start, _ := b.Peek(lookahead)
		if f = detect(start); f == Detect {
			return nil, &input.Error{File: file, Line: 1, Err: input.Errorf(input.ErrFormat, "no known format begins like this")}
		}
	}
	read := f.reader()
	if read == nil {
		return nil, &input.Error{File: file, Err: input.Errorf(input.ErrUnknown, "there is no %v", f)}
	}
	return read(ctx, b, file)
}
