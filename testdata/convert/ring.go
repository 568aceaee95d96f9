package main

import (
	"errors"
	"fmt"
	"math"
	"slices"
)

// A ring is a closed list of positions: the first is repeated as the last.

// signedArea returns twice the planar area of a ring in square degrees,
// positive if it runs counter-clockwise.
func signedArea(ring []point) float64 {
	var sum float64
	for i := 1; i < len(ring); i++ {
		sum += ring[i-1][0]*ring[i][1] - ring[i][0]*ring[i-1][1]
	}
	return sum
}

// orient turns the ring, in place, to run counter-clockwise or clockwise.
func orient(ring []point, counterClockwise bool) {
	if (signedArea(ring) > 0) != counterClockwise {
		slices.Reverse(ring)
	}
}

// checkRing reports why a ring is not simple: not closed, fewer than four
// positions, a position that occurs twice, or two edges that cross or touch.
// It compares all pairs of edges, which is fast enough for a few thousand.
func checkRing(ring []point) error {
	n := len(ring) - 1
	if n < 3 {
		return errors.New("ring has fewer than four positions")
	}
	if ring[0] != ring[n] {
		return errors.New("ring is not closed")
	}
	seen := make(map[point]bool, n)
	for _, p := range ring[:n] {
		if seen[p] {
			return fmt.Errorf("ring passes %v twice", p)
		}
		seen[p] = true
	}
	for i := range n {
		// A neighbour shares an end; it can only go wrong by turning straight back.
		a, b, c := ring[i], ring[i+1], ring[(i+2)%n]
		if turn(a, b, c) == 0 && (b[0]-a[0])*(c[0]-b[0])+(b[1]-a[1])*(c[1]-b[1]) < 0 {
			return fmt.Errorf("ring turns back on itself at %v", b)
		}
		for j := i + 2; j < n; j++ {
			if i == 0 && j == n-1 {
				continue
			}
			if meet(ring[i], ring[i+1], ring[j], ring[j+1]) {
				return fmt.Errorf("ring meets itself between %v and %v", ring[i], ring[i+1])
			}
		}
	}
	return nil
}

// turn is positive if a, b, c turn left, negative if right.
func turn(a, b, c point) float64 {
	return (b[0]-a[0])*(c[1]-a[1]) - (b[1]-a[1])*(c[0]-a[0])
}

// meet reports whether the closed segments ab and cd have a point in common.
func meet(a, b, c, d point) bool {
	for k := range 2 {
		if max(a[k], b[k]) < min(c[k], d[k]) || max(c[k], d[k]) < min(a[k], b[k]) {
			return false
		}
	}
	return turn(a, b, c)*turn(a, b, d) <= 0 && turn(c, d, a)*turn(c, d, b) <= 0
}

// inside reports whether p lies inside the ring, by the parity of the edges
// that a ray to the east crosses. The half-open comparison counts a vertex once.
func inside(p point, ring []point) bool {
	in := false
	for i := 1; i < len(ring); i++ {
		a, b := ring[i-1], ring[i]
		if (a[1] > p[1]) != (b[1] > p[1]) &&
			p[0] < a[0]+(p[1]-a[1])/(b[1]-a[1])*(b[0]-a[0]) {
			in = !in
		}
	}
	return in
}

// kilometres is the great-circle distance on the mean Earth radius.
func kilometres(a, b point) float64 {
	const radius, degree = 6371.0088, math.Pi / 180
	la, lb := a[1]*degree, b[1]*degree
	u, v := math.Sin((lb-la)/2), math.Sin((b[0]-a[0])*degree/2)
	return 2 * radius * math.Asin(math.Sqrt(u*u+math.Cos(la)*math.Cos(lb)*v*v))
}
