package contour

import (
	"cmp"
	"context"
	"slices"

	"github.com/paulmach/orb"
)

// Area returns all places within a limit in milliseconds: polygons whose exteriors
// run against the clock and whose holes with it. No two of their rings meet, nor
// does one meet itself. It stops with the context's error when that ends.
func (f *Field) Area(ctx context.Context, limit uint32) (orb.MultiPolygon, error) {
	parts, err := f.draw(ctx, limit, 1, false)
	if err != nil {
		return nil, err
	}
	return parts[0], nil
}

// Parts returns the places within a limit by the label that they belong to, for
// the given number of labels. Rings are as those of Area; parts that meet have all
// vertices of the border between them in common. Together they are Area, but for a
// unit of length where two of them meet on its border.
func (f *Field) Parts(ctx context.Context, limit uint32, labels int) ([]orb.MultiPolygon, error) {
	return f.draw(ctx, limit, labels, true)
}

func (f *Field) draw(ctx context.Context, limit uint32, labels int, parts bool) ([]orb.MultiPolygon, error) {
	d := &drawing{f: f, limit: limit, parts: parts, at: make(map[vertex]Position), joined: make([]int32, f.Points())}
	for g := range d.joined {
		d.joined[g] = int32(g)
	}
	for j := range f.NY - 1 {
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		for i := range f.NX - 1 {
			d.draw(j*f.NX + i)
		}
	}
	return d.polygons(labels), ctx.Err()
}

// find returns the point that stands for all points of the lattice joined to g.
func (d *drawing) find(g int) int {
	for int(d.joined[g]) != g {
		d.joined[g] = d.joined[d.joined[g]]
		g = int(d.joined[g])
	}
	return g
}

func (d *drawing) join(a, b int) {
	a, b = d.find(a), d.find(b)
	d.joined[max(a, b)] = int32(min(a, b))
}

// polygons puts the segments together. Every vertex of a label has one segment in
// and one out. The rings round points that are joined are those of one polygon, and
// one of them, that against the clock, is its exterior.
func (d *drawing) polygons(labels int) []orb.MultiPolygon {
	lines := d.lines
	slices.SortFunc(lines, func(a, b segment) int {
		return cmp.Or(cmp.Compare(a.label, b.label), cmp.Compare(a.from, b.from))
	})
	parts := make([]orb.MultiPolygon, labels)
	polygon := make(map[int]int) // by the point that stands for it, in its part
	done := make([]bool, len(lines))
	for i, first := range lines {
		if done[i] {
			continue
		}
		var ring []Position
		for k := i; !done[k]; {
			done[k] = true
			ring = append(ring, d.at[lines[k].from])
			to := segment{label: first.label, from: lines[k].to}
			k, _ = slices.BinarySearchFunc(lines, to, func(a, b segment) int {
				return cmp.Or(cmp.Compare(a.label, b.label), cmp.Compare(a.from, b.from))
			})
		}
		part := &parts[first.label]
		root := d.find(first.corner)
		at, ok := polygon[root]
		if !ok {
			at = len(*part)
			polygon[root] = at
			*part = append(*part, orb.Polygon{nil})
		}
		if closed := degrees(ring); againstClock(ring) {
			(*part)[at][0] = closed
		} else {
			(*part)[at] = append((*part)[at], closed)
		}
	}
	return parts
}

// againstClock reports whether a simple ring runs against the clock, by how it turns
// at its leftmost and there lowest vertex.
func againstClock(ring []Position) bool {
	low := 0
	for i, p := range ring {
		if q := ring[low]; p.X < q.X || p.X == q.X && p.Y < q.Y {
			low = i
		}
	}
	n := len(ring)
	return turn(ring[(low+n-1)%n], ring[low], ring[(low+1)%n]) > 0
}

// degrees closes a ring, in degrees.
func degrees(ring []Position) orb.Ring {
	closed := make(orb.Ring, len(ring)+1)
	for i, p := range ring {
		closed[i] = orb.Point{float64(p.X) / Degree, float64(p.Y) / Degree}
	}
	closed[len(ring)] = closed[0]
	return closed
}
