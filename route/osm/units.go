package osm

import (
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/hubplan/hubplan/geo"
	"github.com/hubplan/hubplan/route"
)

// Units of tags. Sources: https://wiki.openstreetmap.org/wiki/Map_features/Units;
// the international foot and pound are exact by the agreement of 1959.
const (
	milePerHour = 1.609344 * route.KilometerPerHour
	knot        = 1.852 * route.KilometerPerHour
	walking     = 7 * route.KilometerPerHour // the usual reading of "walk"

	foot  = 0.3048 * geo.Meter
	inch  = foot / 12
	pound = 0.00045359237 * route.Tonne
)

// What a tag may state at most; beyond it, it is a slip of the pen, of which it is safer
// to say that it could not be read than to let everything pass.
const (
	maxSpeed = 500 * route.KilometerPerHour
	maxMass  = 1000 * route.Tonne
	maxSpan  = 1000 * geo.Meter
)

// least reads a value that may be a list and returns the least of its parts, zero if
// they say that there is no limit. ok reports whether all could be read.
func least[T ~float64](value string, read func(string) (T, bool)) (limit T, ok bool) {
	ok = true
	for part := range strings.SplitSeq(value, ";") {
		x, good := read(strings.TrimSpace(part))
		ok = ok && good
		if x > 0 && (limit == 0 || x < limit) {
			limit = x
		}
	}
	return limit, ok
}

// quantity splits a number and its unit, "7.5 t". A decimal comma is read as a
// point: it is not meant otherwise.
func quantity(s string) (x float64, unit string, ok bool) {
	// Neither signs nor exponents: no sign by a road has them.
	end := strings.IndexFunc(s, func(r rune) bool { return (r < '0' || r > '9') && r != '.' && r != ',' })
	if end < 0 {
		end = len(s)
	}
	x, err := strconv.ParseFloat(strings.Replace(s[:end], ",", ".", 1), 64)
	return x, strings.TrimSpace(s[end:]), err == nil
}

// speed reads a speed limit: a number in km/h or with a unit, or the name of a limit
// that the law sets. No limit is zero, as is one that signals show.
func speed(s string) (route.Speed, bool) {
	switch s {
	case "none", "signals", "variable", "implicit", "unposted", "no", "sign", "markings":
		return 0, true
	case "walk":
		return walking, true
	}
	if country, kind, ok := strings.Cut(s, ":"); ok {
		return national(country, kind)
	}
	x, unit, ok := quantity(s)
	v := route.Speed(x)
	switch unit {
	case "", "km/h", "kmh", "kph", "kmph":
		v *= route.KilometerPerHour
	case "mph":
		v *= milePerHour
	case "knots", "knot", "kn":
		v *= knot
	default:
		return 0, false
	}
	if !ok || !(v > 0 && v <= maxSpeed) {
		return 0, false
	}
	return v, true
}

// mass reads a limit of weight in tonnes or with a unit; "st" is the short ton of
// American signs, "lt" the long ton. What just says "tons" is taken for the least of
// them, the short one.
func mass(s string) (route.Mass, bool) {
	if unlimited(s) {
		return 0, true
	}
	x, unit, ok := quantity(s)
	m := route.Mass(x)
	switch unit {
	case "", "t", "tonne", "tonnes", "mt":
	case "kg":
		m /= 1000
	case "st", "ton", "tons":
		m *= 2000 * pound
	case "lt":
		m *= 2240 * pound
	case "lb", "lbs":
		m *= pound
	case "cwt":
		m *= 112 * pound
	default:
		return 0, false
	}
	if !ok || !(m > 0 && m <= maxMass) {
		return 0, false
	}
	return m, true
}

// span reads a limit of height, width or length in metres or with a unit, or in feet
// and inches as 12'6".
func span(s string) (geo.Distance, bool) {
	if unlimited(s) {
		return 0, true
	}
	x, unit, ok := quantity(s)
	d := geo.Distance(x)
	switch unit {
	case "", "m":
	case "cm":
		d /= 100
	case "in", "inches", `"`:
		d *= inch
	default:
		rest, isFeet := cutFeet(unit)
		if !isFeet {
			return 0, false
		}
		d *= foot
		if rest != "" {
			inches, unit, good := quantity(rest)
			if !good || inches >= 12 || unit != "" && unit != `"` && unit != "in" && unit != "''" && unit != "″" {
				return 0, false
			}
			d += geo.Distance(inches) * inch
		}
	}
	if !ok || !(d > 0 && d <= maxSpan) {
		return 0, false
	}
	return d, true
}

// cutFeet cuts the sign of feet from the front.
func cutFeet(s string) (rest string, ok bool) {
	for _, sign := range [...]string{"feet", "ft", "'", "′", "’"} {
		if rest, ok := strings.CutPrefix(s, sign); ok {
			return strings.TrimSpace(rest), true
		}
	}
	return "", false
}

// unlimited reports whether a value says that no limit is posted.
func unlimited(s string) bool {
	switch s {
	case "none", "default", "below_default", "unsigned", "no", "no_sign", "no_indications", "unlimited", "unknown":
		return true
	}
	return false
}

var (
	clock   = regexp.MustCompile(`^(\d{1,3}):([0-5]\d)(?::([0-5]\d))?$`)
	iso8601 = regexp.MustCompile(`^P(?:(\d{1,2})D)?(?:T(?:(\d{1,3})H)?(?:(\d{1,4})M)?(?:(\d{1,5})S)?)?$`)
)

// crossing reads the duration of a ferry: minutes, hours and minutes as 1:30, or
// PT1H30M. It is zero if it cannot be read.
func crossing(s string) time.Duration {
	of := func(parts []string, units ...time.Duration) (sum time.Duration) {
		for i, part := range parts {
			n, _ := strconv.Atoi(part) // absent is 0
			sum += time.Duration(n) * units[i]
		}
		return sum
	}
	if m := clock.FindStringSubmatch(s); m != nil {
		return of(m[1:], time.Hour, time.Minute, time.Second)
	}
	if m := iso8601.FindStringSubmatch(s); m != nil {
		return of(m[1:], 24*time.Hour, time.Hour, time.Minute, time.Second)
	}
	if n, err := strconv.ParseUint(s, 10, 16); err == nil {
		return time.Duration(n) * time.Minute
	}
	return 0
}
