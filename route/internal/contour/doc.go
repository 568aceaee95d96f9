// Package contour draws the areas within reach of lines that are reached at known
// times: polygons of all places within a time, and of the places nearest to each
// of several labels.
//
// Everything stands on one lattice of points, whole numbers of 10⁻⁷ degrees apart,
// and one field on it, so that areas of a longer time hold those of a shorter one.
// A [Field] knows two things of a point of the lattice. It is touched at the
// earliest time at which anything in the four cells around it is reached. And it is
// arrived at off the lines at the least, over all places of all lines not farther
// than some reach, of the time there and the time from there in a straight line.
// The point belongs to the area of a limit if either is within it. As the four
// corners of a cell through which a line passes are touched, the cell is in the
// area as a whole, and so is all that is reached.
//
// Borders are found by marching squares. Where an edge of the lattice leaves the
// area, the border crosses it where the time off the lines, taken as linear, comes
// to the limit, or the distance to the nearest line to the reach, though not nearer
// to a point than a part of the edge. Crossings are whole numbers of 10⁻⁷ degrees,
// too, and lie exactly on the edge. So all that follows holds without rounding:
// there is one crossing on an edge at most, parts of a border meet at crossings
// alone, rings are simple and apart, and as crossings move outwards with the limit,
// areas are nested.
//
// Ambiguous cells, of which two opposite corners are in the area, are joined across
// if the mean of their corners is within the limit.
//
// Source of marching squares: C. Maple, "Geometric design and space planning using
// the marching squares and marching cube algorithms", GMAG 2003,
// doi:10.1109/GMAG.2003.1219671.
package contour

// Inf is the time of what is not reached.
const Inf = ^uint32(0)
