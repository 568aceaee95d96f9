package areatest

import (
	"fmt"

	"github.com/paulmach/orb"
)

// CheckParts reports why areas are not the parts of a whole, without overlap and
// with nothing left over, but that the border of the whole may have a vertex more on
// each of its sides, less than a unit outside of it.
//
// What is tested is enough. Each part is an area on its own, so that its sides go
// round every place once or not at all. Sides that one part has forth and another
// back cancel. If those that are left are the sides of the whole, the parts go round
// a place as often, together, as the whole does: once inside, and never outside.
func CheckParts(parts []orb.MultiPolygon, whole orb.MultiPolygon) error {
	if err := Check(whole); err != nil {
		return fmt.Errorf("whole: %w", err)
	}
	type line struct{ a, b point }
	lines := make(map[line]int)
	for i, part := range parts {
		if err := Check(part); err != nil {
			return fmt.Errorf("part %d: %w", i, err)
		}
		a, _ := New(part)
		for _, s := range a.sides {
			if other, twice := lines[line{s.a, s.b}]; twice {
				return fmt.Errorf("parts %d and %d both have the side %v–%v", other, i, s.a, s.b)
			}
			lines[line{s.a, s.b}] = i
		}
	}
	next := make(map[point]point)
	for l := range lines {
		if _, both := lines[line{l.b, l.a}]; both {
			continue
		}
		if other, twice := next[l.a]; twice {
			return fmt.Errorf("from %v the border goes on to %v and %v", l.a, other, l.b)
		}
		next[l.a] = l.b
	}
	a, _ := New(whole)
	for _, s := range a.sides {
		at, ok := next[s.a]
		delete(next, s.a)
		if ok && at != s.b {
			// By a vertex on the line or to the right of it, where the outside is.
			far := at
			at, ok = next[far]
			delete(next, far)
			if turn(s.a, s.b, far) > 0 || !near(s.a, s.b, far) {
				return fmt.Errorf("side %v–%v goes by %v", s.a, s.b, far)
			}
		}
		if !ok || at != s.b {
			return fmt.Errorf("side %v–%v is not in the parts", s.a, s.b)
		}
	}
	if len(next) > 0 {
		return fmt.Errorf("%d sides of the parts are not in the whole", len(next))
	}
	return nil
}

// near reports whether p is less than a unit from the line through a and b, along
// the axes.
func near(a, b, p point) bool {
	dx, dy := b.x-a.x, b.y-a.y
	off := dx*(p.y-a.y) - dy*(p.x-a.x)
	return max(off, -off) < max(dx, -dx)+max(dy, -dy)
}
