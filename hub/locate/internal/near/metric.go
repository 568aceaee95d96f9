package near

import "math"

// Metric turns two points into a cost.
type Metric uint8

// The metrics, in the order of the public ones.
const (
	Euclidean Metric = iota
	FloorEuclidean
	RoundEuclidean
	CeilEuclidean
	Manhattan
	Maximum
	PseudoEuclidean
	Geographical
	GreatCircle
	metrics
)

// Known reports whether there is such a metric.
func (m Metric) Known() bool { return m < metrics }

// earth is the mean radius in metres, tsplibEarth the radius in kilometres
// and tsplibPi the number that TSPLIB computes GEO distances with.
const (
	earth       = 6_371_008.8
	tsplibEarth = 6378.388
	tsplibPi    = 3.141592
)

// Cost returns the cost between two points. Sums of squares are not scaled
// (math.Hypot), so that distances between integers that are integers come out
// exactly and are not rounded down by one.
func (m Metric) Cost(a, b [2]float64) float64 {
	dx, dy := a[0]-b[0], a[1]-b[1]
	switch m {
	case FloorEuclidean:
		return math.Floor(math.Sqrt(dx*dx + dy*dy))
	case RoundEuclidean:
		return math.Floor(math.Sqrt(dx*dx+dy*dy) + 0.5)
	case CeilEuclidean:
		return math.Ceil(math.Sqrt(dx*dx + dy*dy))
	case Manhattan:
		return math.Abs(dx) + math.Abs(dy)
	case Maximum:
		return max(math.Abs(dx), math.Abs(dy))
	case PseudoEuclidean:
		r := math.Sqrt((dx*dx + dy*dy) / 10)
		t := math.Floor(r + 0.5)
		if t < r {
			t++
		}
		return t
	case Geographical:
		if a == b {
			return 0
		}
		lat1, lon1 := tsplibRadians(a[0]), tsplibRadians(a[1])
		lat2, lon2 := tsplibRadians(b[0]), tsplibRadians(b[1])
		q1, q2, q3 := math.Cos(lon1-lon2), math.Cos(lat1-lat2), math.Cos(lat1+lat2)
		return math.Floor(tsplibEarth*math.Acos(max(-1, min(1, 0.5*((1+q1)*q2-(1-q1)*q3)))) + 1)
	case GreatCircle:
		lat1, lat2 := a[1]*(math.Pi/180), b[1]*(math.Pi/180)
		s, c := math.Sin((lat1-lat2)/2), math.Sin(dx*(math.Pi/180)/2)
		h := s*s + math.Cos(lat1)*math.Cos(lat2)*c*c
		return 2 * earth * math.Asin(math.Sqrt(min(1, h)))
	default:
		return math.Sqrt(dx*dx + dy*dy)
	}
}

// tsplibRadians reads DDD.MM, degrees and minutes.
func tsplibRadians(v float64) float64 {
	deg := math.Trunc(v)
	return tsplibPi * (deg + 5*(v-deg)/3) / 180
}

// embed gives a point the coordinates by which the tree sorts it: its own, or
// on the unit sphere.
func (m Metric) embed(p [2]float64) [3]float64 {
	var lat, lon float64
	switch m {
	case Geographical:
		lat, lon = tsplibRadians(p[0]), tsplibRadians(p[1])
	case GreatCircle:
		lat, lon = p[1]*(math.Pi/180), p[0]*(math.Pi/180)
	default:
		return [3]float64{p[0], p[1], 0}
	}
	return [3]float64{math.Cos(lat) * math.Cos(lon), math.Cos(lat) * math.Sin(lon), math.Sin(lat)}
}

// lower is a bound on the cost between two points whose embedded coordinates
// differ by at least d along each axis: no more than Cost says, with leeway
// for its rounding.
func (m Metric) lower(d [3]float64) float64 {
	const less = 1 - 1e-12
	switch m {
	case Manhattan:
		return (d[0] + d[1]) * less
	case Maximum:
		return max(d[0], d[1]) * less
	}
	l := math.Sqrt(d[0]*d[0]+d[1]*d[1]+d[2]*d[2]) * less
	switch m {
	case FloorEuclidean:
		return math.Floor(l)
	case RoundEuclidean:
		return math.Floor(l + 0.5)
	case CeilEuclidean:
		return math.Ceil(l)
	case PseudoEuclidean:
		return math.Ceil(l / math.Sqrt(10) * less)
	case Geographical: // two formulas for one angle, which differ by 1e-8
		return math.Floor(tsplibEarth * max(0, 2*math.Asin(min(1, l/2))-1e-7))
	case GreatCircle:
		return earth * max(0, 2*math.Asin(min(1, l/2))*less-1e-13)
	default:
		return l
	}
}

// straight reports whether the cost is a function of the straight line.
func (m Metric) straight() bool {
	switch m {
	case Euclidean, FloorEuclidean, RoundEuclidean, CeilEuclidean, PseudoEuclidean:
		return true
	}
	return false
}

// radius is at least the length of any straight line that costs at most r.
func (m Metric) radius(r float64) float64 {
	switch m {
	case Euclidean:
	case PseudoEuclidean:
		r = (r + 1) * math.Sqrt(10)
	default:
		r++
	}
	return r * (1 + 1e-12)
}
