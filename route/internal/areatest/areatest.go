// Package areatest checks areas, for tests of what draws them. It works on whole
// multiples of 10⁻⁷ degrees, in whole numbers throughout, so that what it finds is
// no matter of rounding, and looks at geometry alone: it knows nothing of grids.
package areatest

import (
	"fmt"
	"math"
	"slices"

	"github.com/paulmach/orb"
)

// unit is the number of units in a degree.
const unit = 1e7

type point struct{ x, y int }

// toUnits rounds to units.
func toUnits(p orb.Point) point {
	return point{int(math.Round(p[0] * unit)), int(math.Round(p[1] * unit))}
}

// exact converts a corner of an area, which has to be a whole number of units.
func exact(p orb.Point) (point, error) {
	q := toUnits(p)
	if p != (orb.Point{float64(q.x) / unit, float64(q.y) / unit}) {
		return q, fmt.Errorf("corner %v is not a whole number of 1e-7 degrees", p)
	}
	return q, nil
}

// turn is the sign of the turn from a by b to c: 1 to the left. All points of a
// test are within some ten degrees, so that products fit.
func turn(a, b, c point) int {
	switch d := (b.x-a.x)*(c.y-a.y) - (b.y-a.y)*(c.x-a.x); {
	case d > 0:
		return 1
	case d < 0:
		return -1
	}
	return 0
}

// side is an edge of a ring.
type side struct {
	a, b        point
	ring, place int
}

// on reports whether p, which is on the line of s, is on s.
func (s *side) on(p point) bool {
	return min(s.a.x, s.b.x) <= p.x && p.x <= max(s.a.x, s.b.x) && min(s.a.y, s.b.y) <= p.y && p.y <= max(s.a.y, s.b.y)
}

// meet reports whether two sides have a point in common, and whether they cross: at
// a point that is an end of neither.
func meet(s, t *side) (meets, crosses bool) {
	a, b := turn(s.a, s.b, t.a), turn(s.a, s.b, t.b)
	c, d := turn(t.a, t.b, s.a), turn(t.a, t.b, s.b)
	if a*b < 0 && c*d < 0 {
		return true, true
	}
	return a == 0 && s.on(t.a) || b == 0 && s.on(t.b) || c == 0 && t.on(s.a) || d == 0 && t.on(s.b), false
}

// Area is an area taken apart.
type Area struct {
	rings   [][]point
	polygon []int  // per ring
	hole    []bool // per ring
	sides   []side
	size    int // of the buckets
	buckets map[point][]int32
	rows    map[int][]int32
}

// New takes an area apart. Errors are about single rings: open ones, those with
// fewer than three corners, corners between units.
func New(mp orb.MultiPolygon) (*Area, error) {
	a := &Area{buckets: make(map[point][]int32), rows: make(map[int][]int32)}
	for i, polygon := range mp {
		if len(polygon) == 0 {
			return nil, fmt.Errorf("polygon %d is empty", i)
		}
		for j, ring := range polygon {
			if len(ring) < 4 || ring[0] != ring[len(ring)-1] {
				return nil, fmt.Errorf("polygon %d ring %d is not closed or of %d positions", i, j, len(ring))
			}
			points := make([]point, len(ring)-1)
			for k := range points {
				var err error
				if points[k], err = exact(ring[k]); err != nil {
					return nil, fmt.Errorf("polygon %d ring %d: %w", i, j, err)
				}
			}
			for k, p := range points {
				q := points[(k+1)%len(points)]
				a.sides = append(a.sides, side{p, q, len(a.rings), k})
				a.size = max(a.size, q.x-p.x, p.x-q.x, q.y-p.y, p.y-q.y)
			}
			a.rings = append(a.rings, points)
			a.polygon = append(a.polygon, i)
			a.hole = append(a.hole, j > 0)
		}
	}
	a.size++
	for i := range a.sides {
		s := &a.sides[i]
		a.cells(s, func(c point) { a.buckets[c] = append(a.buckets[c], int32(i)) })
		for y := a.cell(min(s.a.y, s.b.y)); y <= a.cell(max(s.a.y, s.b.y)); y++ {
			a.rows[y] = append(a.rows[y], int32(i))
		}
	}
	return a, nil
}

func (a *Area) cell(x int) int { return int(math.Floor(float64(x) / float64(a.size))) }

// cells calls f for the buckets that the box of a side lies in.
func (a *Area) cells(s *side, f func(c point)) {
	for y := a.cell(min(s.a.y, s.b.y)); y <= a.cell(max(s.a.y, s.b.y)); y++ {
		for x := a.cell(min(s.a.x, s.b.x)); x <= a.cell(max(s.a.x, s.b.x)); x++ {
			f(point{x, y})
		}
	}
}

// Check reports what is wrong with an area: a ring that meets itself or another,
// at a corner even; one that runs the wrong way round; a hole that is not directly
// inside its exterior, an exterior that is directly inside another.
func Check(mp orb.MultiPolygon) error {
	a, err := New(mp)
	if err != nil {
		return err
	}
	if err := a.apart(); err != nil {
		return err
	}
	for i, ring := range a.rings {
		if against := area2(ring) > 0; against == a.hole[i] {
			return fmt.Errorf("ring %d (hole %v) runs the wrong way round", i, a.hole[i])
		}
	}
	around := make([][]int, len(a.rings))
	for i, ring := range a.rings {
		around[i] = a.around(ring[0], i)
	}
	for i := range a.rings {
		parent := -1
		for _, r := range around[i] {
			if parent < 0 || len(around[r]) > len(around[parent]) {
				parent = r
			}
		}
		switch {
		case a.hole[i] && (parent < 0 || a.hole[parent] || a.polygon[parent] != a.polygon[i]):
			return fmt.Errorf("ring %d, a hole of polygon %d, is directly inside ring %d", i, a.polygon[i], parent)
		case !a.hole[i] && parent >= 0 && !a.hole[parent]:
			return fmt.Errorf("ring %d, an exterior, is directly inside ring %d, another", i, parent)
		}
	}
	return nil
}

// apart reports a pair of sides that meet other than one following the other.
func (a *Area) apart() error {
	for _, bucket := range a.buckets {
		for i, x := range bucket {
			for _, y := range bucket[:i] {
				s, t := &a.sides[x], &a.sides[y]
				meets, _ := meet(s, t)
				if !meets {
					continue
				}
				n := len(a.rings[s.ring])
				if s.ring == t.ring {
					if (t.place+1)%n == s.place {
						s, t = t, s
					}
					// t follows s: they may meet where it does, and not run back.
					if (s.place+1)%n == t.place && !(turn(s.a, s.b, t.b) == 0 && (s.on(t.b) || t.on(s.a))) {
						continue
					}
				}
				return fmt.Errorf("ring %d side %d %v–%v meets ring %d side %d %v–%v", s.ring, s.place, s.a, s.b, t.ring, t.place, t.a, t.b)
			}
		}
	}
	return nil
}

// area2 is twice the area of a ring, positive against the clock.
func area2(ring []point) int {
	sum := 0
	for k, p := range ring {
		q := ring[(k+1)%len(ring)]
		o := ring[0]
		sum += (p.x-o.x)*(q.y-o.y) - (p.y-o.y)*(q.x-o.x)
	}
	return sum
}

// toLeft calls f for the sides that a ray from a point to the left crosses, and
// returns whether the point is on a side.
func (a *Area) toLeft(p point, f func(s *side)) (on bool) {
	for _, i := range a.rows[a.cell(p.y)] {
		s := &a.sides[i]
		if min(s.a.y, s.b.y) > p.y || max(s.a.y, s.b.y) < p.y || min(s.a.x, s.b.x) > p.x {
			continue
		}
		t := turn(s.a, s.b, p)
		if t == 0 && s.on(p) {
			on = true
		}
		// Upwards with the point to the right, or downwards with it to the left.
		if up, down := s.a.y <= p.y && p.y < s.b.y, s.b.y <= p.y && p.y < s.a.y; up && t < 0 || down && t > 0 {
			f(s)
		}
	}
	return on
}

// around returns the rings around a point, but one.
func (a *Area) around(p point, but int) (rings []int) {
	crossed := make(map[int]bool)
	a.toLeft(p, func(s *side) {
		if s.ring != but {
			crossed[s.ring] = !crossed[s.ring]
		}
	})
	for r, odd := range crossed {
		if odd {
			rings = append(rings, r)
		}
	}
	slices.Sort(rings)
	return rings
}

// Place tells where a point is.
type Place int

// The places.
const (
	Outside Place = iota - 1
	Border
	Inside
)

// Locate returns where a point is, rounded to units.
func (a *Area) Locate(p orb.Point) Place {
	return a.locate(toUnits(p))
}

func (a *Area) locate(p point) Place {
	inside := false
	switch on := a.toLeft(p, func(*side) { inside = !inside }); {
	case on:
		return Border
	case inside:
		return Inside
	}
	return Outside
}

// Holds reports why one area is not the whole of another or a part of it: borders
// that cross, or a corner outside. Common borders are allowed.
func (a *Area) Holds(b *Area) error {
	for i := range b.sides {
		s := &b.sides[i]
		var err error
		a.cells(s, func(c point) {
			for _, k := range a.buckets[c] {
				if _, crosses := meet(s, &a.sides[k]); crosses {
					err = fmt.Errorf("side %v–%v crosses %v–%v", s.a, s.b, a.sides[k].a, a.sides[k].b)
				}
			}
		})
		if err != nil {
			return err
		}
		if a.locate(s.a) == Outside {
			return fmt.Errorf("corner %v is outside", s.a)
		}
	}
	return nil
}
