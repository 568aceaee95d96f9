package geo

import (
	"math"
	"strconv"
)

// Distance is a length on the ground in metres. Write constants as
// 30 * geo.Kilometer.
type Distance float64

// Units of distance.
const (
	Meter     Distance = 1
	Kilometer          = 1000 * Meter
)

// EarthRadius is the mean radius R1 of the GRS 80 ellipsoid, the radius of
// the sphere all distances and areas are measured on.
//
// Source: H. Moritz, Geodetic Reference System 1980, J. Geodesy 74 (2000).
const EarthRadius = 6371008.8 * Meter

// Kilometers returns the distance in kilometres.
func (d Distance) Kilometers() float64 { return float64(d / Kilometer) }

// String returns the distance for people: whole metres below a kilometre,
// then kilometres, to a tenth below 100 km.
func (d Distance) String() string {
	abs := math.Abs(float64(d))
	switch {
	case math.IsInf(abs, 0) || math.IsNaN(abs):
		return strconv.FormatFloat(float64(d), 'g', -1, 64) + " m"
	case math.Round(abs) < 1000:
		return plain(float64(d), 1) + " m"
	case abs < 99_950:
		return plain(d.Kilometers(), 10) + " km"
	}
	return plain(d.Kilometers(), 1) + " km"
}

// plain rounds x to multiples of 1/parts and writes it without an exponent.
func plain(x, parts float64) string {
	x = math.Round(x*parts) / parts
	if x == 0 {
		x = 0 // not -0
	}
	return strconv.FormatFloat(x, 'f', -1, 64)
}

// Area is an area on the ground in square metres.
type Area float64

// Units of area.
const (
	SquareMeter     Area = 1
	SquareKilometer      = 1e6 * SquareMeter
)

// SquareKilometers returns the area in square kilometres.
func (a Area) SquareKilometers() float64 { return float64(a / SquareKilometer) }

// String returns the area for people in square kilometres, to a tenth below
// 100 km², or in whole square metres if it is less than a tenth of one.
func (a Area) String() string {
	abs := math.Abs(float64(a))
	switch {
	case math.IsInf(abs, 0) || math.IsNaN(abs):
		return strconv.FormatFloat(float64(a), 'g', -1, 64) + " m²"
	case math.Round(abs) < 100_000:
		return plain(float64(a), 1) + " m²"
	case abs < 99.95e6:
		return plain(a.SquareKilometers(), 10) + " km²"
	}
	return plain(a.SquareKilometers(), 1) + " km²"
}
