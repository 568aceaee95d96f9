package locate

import (
	"fmt"
	"math"

	"github.com/hubplan/hubplan/hub/locate/internal/near"
)

// Costs says what it costs to serve a demand from a site, for each unit of
// the demand's weight: a time, a distance or money, in the caller's unit. It
// is a matrix (Dense), lists of the pairs that are possible (Sparse), or
// coordinates (Points); solutions do not depend on which, where the costs are
// the same.
type Costs interface {
	// Size returns the numbers of demands and sites.
	Size() (demands, sites int)

	// At returns the cost of serving demand i from site j, +Inf if the site
	// cannot serve it.
	At(i, j int) float64

	// check reports what is wrong with the costs, lengths first.
	check() error

	// source is what engines read the costs from.
	source() near.Source

	// most returns what is at least the largest finite cost of each demand.
	most() func(i int) float64

	// grain is a step of which every finite cost is an exact multiple, 0 if
	// there is none.
	grain() float64
}

// Dense is a matrix of costs. It suits up to some 1e8 pairs.
type Dense struct {
	Demands, Sites int

	// Values holds the cost of serving demand i from site j at
	// Values[i*Sites+j]: at least 0, or +Inf if the site cannot serve it.
	Values []float64
}

// Size returns the numbers of demands and sites.
func (c Dense) Size() (demands, sites int) { return c.Demands, c.Sites }

// At returns the cost of serving demand i from site j.
func (c Dense) At(i, j int) float64 { return c.Values[i*c.Sites+j] }

func (c Dense) source() near.Source {
	return &near.Dense{Demands: c.Demands, Sites: c.Sites, Values: c.Values}
}

func (c Dense) most() func(i int) float64 {
	return func(i int) float64 { return mostOf(c.Values[i*c.Sites:][:c.Sites]) }
}

func (c Dense) grain() float64 { return grain(c.Values) }

func (c Dense) check() error {
	switch {
	case c.Demands <= 0:
		return problemf("%d demands", c.Demands)
	case c.Sites <= 0:
		return problemf("%d sites", c.Sites)
	case len(c.Values)/c.Sites != c.Demands || len(c.Values)%c.Sites != 0:
		return problemf("%d costs for %d demands and %d sites", len(c.Values), c.Demands, c.Sites)
	}
	for k, v := range c.Values {
		if !(v >= 0) {
			return problemf("cost %v of demand %d from site %d is not at least 0", v, k/c.Sites, k%c.Sites)
		}
	}
	return nil
}

// Sparse lists the pairs that are possible, demand by demand (compressed
// sparse rows). Any other pair costs +Inf.
type Sparse struct {
	Sites int

	// First has one entry for each demand and one more: the pairs of demand i
	// are those at First[i] up to, but not including, First[i+1].
	First []int

	// Site and Cost hold each pair's site, ascending within a demand, and what
	// it costs: at least 0, +Inf if it is impossible after all.
	Site []int32
	Cost []float64
}

// Size returns the numbers of demands and sites.
func (c Sparse) Size() (demands, sites int) { return len(c.First) - 1, c.Sites }

// At returns the cost of serving demand i from site j, in time logarithmic in
// the number of the demand's pairs.
func (c Sparse) At(i, j int) float64 { return c.source().Cost(i, j) }

func (c Sparse) source() near.Source {
	return &near.Sparse{Sites: c.Sites, First: c.First, Site: c.Site, Costs: c.Cost}
}

func (c Sparse) most() func(i int) float64 {
	return func(i int) float64 { return mostOf(c.Cost[c.First[i]:c.First[i+1]]) }
}

func (c Sparse) grain() float64 { return grain(c.Cost) }

func (c Sparse) check() error {
	n := len(c.First) - 1
	switch {
	case n <= 0:
		return problemf("%d demands", max(n, 0))
	case c.Sites <= 0 || c.Sites > math.MaxInt32:
		return problemf("%d sites", c.Sites)
	case len(c.Site) != len(c.Cost):
		return problemf("%d sites of pairs for %d costs", len(c.Site), len(c.Cost))
	case c.First[0] != 0 || c.First[n] != len(c.Site):
		return problemf("pairs %d to %d are listed, there are %d", c.First[0], c.First[n], len(c.Site))
	}
	for i := range n {
		lo, hi := c.First[i], c.First[i+1]
		if lo < 0 || hi < lo || hi > len(c.Site) {
			return problemf("pairs of demand %d are listed from %d to %d", i, lo, hi)
		}
		for k := lo; k < hi; k++ {
			switch j := c.Site[k]; {
			case j < 0 || int(j) >= c.Sites:
				return problemf("demand %d lists site %d of %d", i, j, c.Sites)
			case k > lo && j <= c.Site[k-1]:
				return problemf("demand %d lists site %d after site %d", i, j, c.Site[k-1])
			case !(c.Cost[k] >= 0):
				return problemf("cost %v of demand %d from site %d is not at least 0", c.Cost[k], i, j)
			}
		}
	}
	return nil
}

// Points are demands and sites in the plane or on the globe, with the metric
// that makes costs of them. No matrix is ever made.
type Points struct {
	// Demands and Sites hold x and y, or what Metric says.
	Demands, Sites [][2]float64

	Metric Metric
}

// Size returns the numbers of demands and sites.
func (c Points) Size() (demands, sites int) { return len(c.Demands), len(c.Sites) }

// At returns the cost of serving demand i from site j.
func (c Points) At(i, j int) float64 { return c.Metric.Cost(c.Demands[i], c.Sites[j]) }

func (c Points) source() near.Source {
	return near.NewPoints(c.Demands, c.Sites, near.Metric(c.Metric))
}

// most is what lies between the corners of all points, or the poles.
func (c Points) most() func(int) float64 {
	lo, hi := [2]float64{math.Inf(1), math.Inf(1)}, [2]float64{math.Inf(-1), math.Inf(-1)}
	for _, list := range [][][2]float64{c.Demands, c.Sites} {
		for _, p := range list {
			for k, v := range p {
				lo[k], hi[k] = min(lo[k], v), max(hi[k], v)
			}
		}
	}
	most := c.Metric.Cost(lo, hi) + 1
	if c.Metric >= Geographical {
		most = c.Metric.Cost([2]float64{-90, 0}, [2]float64{90, 0}) + 1
	}
	return func(int) float64 { return most }
}

func (c Points) grain() float64 {
	switch c.Metric {
	case FloorEuclidean, RoundEuclidean, CeilEuclidean, PseudoEuclidean, Geographical:
		return 1
	}
	return 0
}

func (c Points) check() error {
	switch {
	case len(c.Demands) == 0:
		return problemf("0 demands")
	case len(c.Sites) == 0 || len(c.Sites) > math.MaxInt32:
		return problemf("%d sites", len(c.Sites))
	case !near.Metric(c.Metric).Known():
		return problemf("unknown metric %d", uint8(c.Metric))
	}
	for _, list := range []struct {
		of     string
		points [][2]float64
	}{{"demand", c.Demands}, {"site", c.Sites}} {
		for k, p := range list.points {
			for _, v := range p {
				if !(math.Abs(v) <= 1e15) {
					return problemf("coordinate %v of %s %d is not between -1e15 and 1e15", v, list.of, k)
				}
			}
			lon, lat := p[0], p[1]
			if c.Metric == Geographical {
				lon, lat = lat, lon
			}
			if c.Metric >= Geographical && !(math.Abs(lat) <= 90 && math.Abs(lon) <= 360) {
				return problemf("%s %d at %v is not on the globe", list.of, k, p)
			}
		}
	}
	return nil
}

// mostOf is the largest finite value, 0 if there is none.
func mostOf(values []float64) float64 {
	most := 0.0
	for _, v := range values {
		if v < math.Inf(1) {
			most = max(most, v)
		}
	}
	return most
}

// grain returns the greatest common divisor of the finite values if they are
// integers below 2^52, else 0.
func grain(values []float64) float64 {
	g := uint64(0)
	for _, v := range values {
		if math.IsInf(v, 1) {
			continue
		}
		n := uint64(v)
		if v > 0x1p52 || v != float64(n) {
			return 0
		}
		if g != 1 && (g == 0 || n%g != 0) {
			g = uint64(gcd(v, float64(g)))
		}
	}
	return float64(g)
}

// gcd is the greatest common divisor of two integers, of which either may be 0.
func gcd(a, b float64) float64 {
	for b != 0 {
		a, b = b, math.Mod(a, b)
	}
	return a
}

// Metric turns coordinates into costs. Those with a rounding and
// PseudoEuclidean and Geographical are the distances of TSPLIB (Reinelt 1991,
// ORSA Journal on Computing 3).
type Metric uint8

const (
	Euclidean       Metric = iota // the straight line
	FloorEuclidean                // rounded down, as the p-median literature does
	RoundEuclidean                // rounded to the nearest integer (EUC_2D)
	CeilEuclidean                 // rounded up (CEIL_2D)
	Manhattan                     // |dx| + |dy|
	Maximum                       // the larger of |dx| and |dy|
	PseudoEuclidean               // ATT
	Geographical                  // GEO: kilometres between latitude and longitude as degrees.minutes
	GreatCircle                   // metres between longitude and latitude in degrees, Earth's mean radius 6 371 008.8 m
)

var metricNames = [...]string{"euclidean", "floor", "round", "ceil", "manhattan", "maximum", "att", "geo", "great-circle"}

// Cost returns the cost between two points.
func (m Metric) Cost(a, b [2]float64) float64 { return near.Metric(m).Cost(a, b) }

// String returns the name of the metric, such as "floor".
func (m Metric) String() string {
	if int(m) < len(metricNames) {
		return metricNames[m]
	}
	return fmt.Sprintf("Metric(%d)", uint8(m))
}

// MarshalText writes the name of the metric.
func (m Metric) MarshalText() ([]byte, error) {
	if int(m) >= len(metricNames) {
		return nil, fmt.Errorf("locate: there is no %v", m)
	}
	return []byte(metricNames[m]), nil
}

// UnmarshalText reads the name of a metric: "euclidean", "floor", "round",
// "ceil", "manhattan", "maximum", "att", "geo" or "great-circle".
func (m *Metric) UnmarshalText(text []byte) error {
	for i, name := range metricNames {
		if name == string(text) {
			*m = Metric(i)
			return nil
		}
	}
	return fmt.Errorf("locate: there is no metric %q", text)
}
