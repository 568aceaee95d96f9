package contour

import "math"

// vertex is a corner of a border. Below twice the points of the lattice it is the
// crossing of an edge: that from point v/2 to the right if v is even, to the one
// above if odd. The others are inside cells, three to a cell.
type vertex uint64

// segment is a part of a border, with one label on its left. Corner is a point of
// the lattice on that side, in the same part of the cell.
type segment struct {
	label    int32
	corner   int
	from, to vertex
}

// drawing is the borders of an area in the making.
type drawing struct {
	f      *Field
	limit  uint32
	parts  bool // labels count, else all there is has label 0
	walk   walk
	at     map[vertex]Position
	lines  []segment
	joined []int32 // links between the points of one part of an area: see find
}

// label returns the label of a point of the lattice, -1 outside of the area.
func (d *drawing) label(g int) int32 {
	switch {
	case d.f.value[g] > d.limit:
		return -1
	case !d.parts:
		return 0
	}
	return d.f.label[g]
}

// cell is a cell while borders are drawn in it. Corners are in the order in which
// they stand round it, against the clock from the lower left, and edge k runs from
// corner k to corner k+1.
type cell struct {
	number int // the lower left point
	corner [4]int
	label  [4]int32
	cross  [4]vertex
}

// draw draws the borders in the cell whose lower left point is g: round the parts
// of each label. They start and end at the crossings of edges whose ends have
// different labels. Where two parts meet at the border of the area, this gets a
// vertex, and where three or more meet in a cell, it has one in the middle: so no
// part comes to a vertex twice.
func (d *drawing) draw(g int) {
	nx := d.f.NX
	c := cell{number: g, corner: [4]int{g, g + 1, g + nx + 1, g + nx}}
	crossed, outside := 0, 0
	for k, v := range c.corner {
		c.label[k] = d.label(v)
		if c.label[k] < 0 {
			outside++
		}
	}
	if outside == 4 {
		return
	}
	for k := range 4 {
		if c.label[k] == c.label[next(k)] {
			if c.label[k] >= 0 {
				d.join(c.corner[k], c.corner[next(k)])
			}
			continue
		}
		crossed++
		c.cross[k] = [4]vertex{vertex(2 * g), vertex(2*g + 3), vertex(2 * (g + nx)), vertex(2*g + 1)}[k]
		d.place(c.cross[k])
	}
	switch crossed {
	case 0:
	case 2:
		// Between two arcs of corners; after the first crossing comes the second's.
		first := c.crossedFrom(0)
		second := c.crossedFrom(first + 1)
		d.border(&c, c.cross[second], c.cross[first], second, next(second))
	case 3:
		d.drawThree(&c, outside > 0)
	case 4:
		d.drawFour(&c, outside)
	}
}

func next(k int) int { return (k + 1) & 3 }

// crossedFrom returns the first edge with a crossing from edge k on.
func (c *cell) crossedFrom(k int) int {
	for c.label[k&3] == c.label[next(k)] {
		k++
	}
	return k & 3
}

// drawThree draws a cell with three labels, one of which has two corners.
func (d *drawing) drawThree(c *cell, outside bool) {
	if !outside {
		d.star(c)
		return
	}
	// The arc outside is between the crossings first and second.
	first := c.crossedFrom(0)
	for c.label[next(first)] >= 0 {
		first = c.crossedFrom(first + 1)
	}
	second := c.crossedFrom(first + 1)
	third := c.crossedFrom(second + 1)
	d.seam(c, c.outer(d, first, second, 0), third)
}

// drawFour draws a cell whose neighbouring corners all differ.
func (d *drawing) drawFour(c *cell, outside int) {
	even, odd := c.label[0] == c.label[2], c.label[1] == c.label[3]
	out := 0 // a corner outside, if there is one
	for out < 3 && c.label[out] >= 0 {
		out++
	}
	switch {
	case outside == 2:
		in := next(out)
		switch {
		case !d.connected(c):
			d.cut(c, in)
			d.cut(c, in+2)
			return
		case c.label[in] == c.label[(in+2)&3]:
			d.across(c, in)
			return
		}
		// Two labels meet across: on a line between both borders of the area.
		a := c.outer(d, (out+3)&3, out, 0)
		b := c.outer(d, next(out), (out+2)&3, 1)
		d.border(c, a, b, (out+3)&3, next(out))
	case outside == 1 && c.label[next(out)] != c.label[(out+3)&3]:
		y := c.outer(d, (out+3)&3, out, 0)
		d.border(c, c.cross[next(out)], y, next(out), (out+2)&3)
		d.border(c, c.cross[(out+2)&3], y, (out+2)&3, (out+3)&3)
	case outside == 1:
		d.across(c, next(out))
	case even && (!odd || c.label[0] < c.label[1]):
		d.across(c, 0)
	case odd:
		d.across(c, 1)
	default:
		d.star(c)
	}
}

// across joins corner k and the opposite one, and cuts the others off.
func (d *drawing) across(c *cell, k int) {
	d.join(c.corner[k&3], c.corner[(k+2)&3])
	d.cut(c, k+1)
	d.cut(c, k+3)
}

// cut draws the border that cuts off corner k.
func (d *drawing) cut(c *cell, k int) {
	k &= 3
	d.border(c, c.cross[k], c.cross[(k+3)&3], k, next(k))
}

// star draws borders from all crossings to a vertex in the middle.
func (d *drawing) star(c *cell) {
	var x, y, n int
	for k := range 4 {
		if c.label[k] != c.label[next(k)] {
			p := d.at[c.cross[k]]
			x, y, n = x+int(p.X), y+int(p.Y), n+1
		}
	}
	// The mean of places on different edges is inside.
	middle := d.inside(c, 2, Position{int32(floorDiv(x, n)), int32(floorDiv(y, n))})
	for k := range 4 {
		if c.label[k] != c.label[next(k)] {
			d.border(c, c.cross[k], middle, k, next(k))
		}
	}
}

// seam draws the border from the crossing of edge k to a vertex of the border of
// the area.
func (d *drawing) seam(c *cell, y vertex, k int) { d.border(c, c.cross[k], y, k, next(k)) }

// outer draws the border of the area round the corners outside between the
// crossings of two edges, with a vertex in it where two labels meet, and returns
// that. It lies on the line between the crossings or, as it is a whole number of
// units, less than one outside of it, which leaves both parts convex.
func (c *cell) outer(d *drawing, first, second int, which vertex) vertex {
	p, q := d.at[c.cross[second]], d.at[c.cross[first]]
	x, y := int(p.X)+int(q.X), int(p.Y)+int(q.Y)
	var at Position
	for _, r := range [4][2]int{{0, 0}, {1, 0}, {0, 1}, {1, 1}} {
		at = Position{int32(floorDiv(x+r[0], 2)), int32(floorDiv(y+r[1], 2))}
		// From the second crossing to the first, what is outside is on the left.
		if turn(p, q, at) >= 0 {
			break
		}
	}
	middle := d.inside(c, which, at)
	d.border(c, c.cross[second], middle, second, next(second))
	d.border(c, middle, c.cross[first], next(first), first)
	return middle
}

// inside makes a vertex inside a cell.
func (d *drawing) inside(c *cell, which vertex, at Position) vertex {
	v := vertex(2*d.f.Points()) + vertex(3*c.number) + which
	d.at[v] = at
	return v
}

// border draws a segment between the parts of two corners of the cell, for both
// sides of it that are in the area.
func (d *drawing) border(c *cell, from, to vertex, left, right int) {
	if l := c.label[left]; l >= 0 {
		d.lines = append(d.lines, segment{l, c.corner[left], from, to})
	}
	if l := c.label[right]; l >= 0 {
		d.lines = append(d.lines, segment{l, c.corner[right], to, from})
	}
}

// turn is twice the area of a triangle, positive against the clock.
func turn(a, b, c Position) int {
	ax, ay := int(a.X), int(a.Y)
	return (int(b.X)-ax)*(int(c.Y)-ay) - (int(b.Y)-ay)*(int(c.X)-ax)
}

// connected reports whether an ambiguous cell is joined across: whether the mean
// of the times at its corners, off the lines, is within the limit.
func (d *drawing) connected(c *cell) bool {
	var sum uint64
	for _, g := range c.corner {
		if d.f.off[g] == Inf {
			return false
		}
		sum += uint64(d.f.off[g])
	}
	return sum <= 4*uint64(d.limit)
}

// place finds where an edge of the lattice is crossed.
func (d *drawing) place(v vertex) {
	if _, ok := d.at[v]; ok {
		return
	}
	f := d.f
	g := int(v / 2)
	h, step := g+1, f.DX
	if v%2 == 1 {
		h, step = g+f.NX, f.DY
	}
	part := 0.0 // of the edge, from g
	switch a, b := d.label(g), d.label(h); {
	case b < 0:
		part = d.leave(g, h)
	case a < 0:
		part = 1 - d.leave(h, g)
	default:
		part = d.meet(g, h, a, b)
	}
	least := int(math.Ceil(slack * float64(step)))
	along := min(max(int(math.Round(part*float64(step))), least), step-least)
	p := f.at(g)
	if v%2 == 0 {
		p.X += int32(along)
	} else {
		p.Y += int32(along)
	}
	d.at[v] = p
}

// leave is how far the area extends from a point in it towards one outside. It does
// not fall with the limit.
func (d *drawing) leave(in, out int) float64 {
	f := d.f
	left := float64(d.limit) - float64(f.off[in])
	switch {
	case left <= 0: // or Inf: the point is in as it is touched
		return 0
	case f.off[out] != Inf:
		return left / (float64(f.off[out]) - float64(f.off[in]))
	}
	// Beyond the reach. The distance ends it, or the time, which passes with it.
	s := f.scale(in)
	near := f.tree.gap(&d.walk, f.at(in), s, f.spread.reach)
	step := max(float64(f.DX)*s.x, float64(f.DY)*s.y)
	far := f.tree.gap(&d.walk, f.at(out), f.scale(out), f.spread.reach+step)
	if far <= near {
		return 0
	}
	return min(f.spread.reach-near, left/f.spread.slowness) / (far - near)
}

// meet is where on an edge two labels are there at once, off the lines, with the
// lead of the one over the other taken as linear, and the middle if one is too far.
// It looks a few cells farther than the reach, as what belongs to a label ends short
// of the border.
func (d *drawing) meet(g, h int, a, b int32) float64 {
	f := d.f
	sp := f.spread
	sp.reach += 3 * float64(f.DY) * metersPerUnit
	lead := func(point int, first, second int32) float64 {
		s := f.scale(point)
		x, _ := f.tree.arrive(&d.walk, &sp, f.at(point), s, first)
		y, _ := f.tree.arrive(&d.walk, &sp, f.at(point), s, second)
		if x == Inf || y == Inf {
			return math.Inf(1)
		}
		return max(0, float64(y)-float64(x))
	}
	atG, atH := lead(g, a, b), lead(h, b, a)
	if math.IsInf(atG, 1) || math.IsInf(atH, 1) || atG+atH == 0 {
		return 0.5
	}
	return atG / (atG + atH)
}
