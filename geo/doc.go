// Package geo answers one question: what is where on the globe?
//
// It measures distances and areas, finds the nearest of many lines
// ([LineIndex]) and the sector a point lies in ([Index]), and reads the three
// kinds of place the library knows: sectors ([ReadSectors]), places
// ([ReadPlaces]) and lines ([ReadLines]). Readers are strict: what they return
// is valid, or they return an error that lists what is wrong and where.
//
// Coordinates are orb geometries in degrees of WGS 84, orb.Point{lon, lat}.
// Distances and areas are those of the sphere with the Earth's mean radius
// ([EarthRadius]); distances differ from those on the ellipsoid by at most
// 0.6 %, areas by at most 0.9 %. The segments of lines and the edges of
// polygons are great circles, so the antimeridian and the poles need no
// special care. All work on the sphere is done with S2 cells and predicates.
//
// Sources: the S2 geometry library (s2geometry.io, github.com/golang/geo);
// RFC 7946 for what a polygon is.
package geo
