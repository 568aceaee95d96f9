package report

import (
	"fmt"
	"html"
	"math"
	"strconv"
	"strings"

	"github.com/hubplan/hubplan/geo"
	"github.com/paulmach/orb"
	"github.com/paulmach/orb/simplify"
)

// mapWidth is the width of a map in SVG units; text is sized to be readable when
// the map is as wide as a phone held sideways.
const mapWidth = 1000.0

// margin is the free space round a map in SVG units.
const margin = 14.0

// canvas draws in the units of an SVG picture: Mercator's projection, scaled to
// mapWidth, with y downwards.
type canvas struct {
	strings.Builder
	scale, left, top float64
	height           float64 // of the map, without what is drawn below it
}

// newCanvas fits a map of the bound to the width. A bound without extent gets some.
func newCanvas(b orb.Bound) *canvas {
	b = b.Pad(max(0.01, 0.01*(b.Max[0]-b.Min[0])))
	c := &canvas{}
	left, bottom := mercator(orb.Point{b.Min[0], max(b.Min[1], -mercatorLimit)})
	right, top := mercator(orb.Point{b.Max[0], min(b.Max[1], mercatorLimit)})
	c.left, c.top = left, top
	c.scale = (mapWidth - 2*margin) / (right - left)
	c.height = (top-bottom)*c.scale + 2*margin
	return c
}

// mercatorLimit is the latitude, in degrees, beyond which Mercator's projection
// of a bound is more height than map.
const mercatorLimit = 85

// mercator projects a point to radians.
func mercator(p orb.Point) (x, y float64) {
	lat := max(-mercatorLimit, min(mercatorLimit, p.Lat())) * math.Pi / 180
	return p.Lon() * math.Pi / 180, math.Log(math.Tan(math.Pi/4 + lat/2))
}

func (c *canvas) at(p orb.Point) orb.Point {
	x, y := mercator(p)
	return orb.Point{margin + (x-c.left)*c.scale, margin + (c.top-y)*c.scale}
}

// printf adds to the picture. Text from a scenario goes through esc first.
func (c *canvas) printf(format string, args ...any) { fmt.Fprintf(c, format, args...) }

func esc(s string) string { return html.EscapeString(s) }

// tolerance is how far, in SVG units, a drawn line may be from the true one.
const tolerance = 0.3

// d is the path data of a line, simplified.
func (c *canvas) d(line orb.LineString) string {
	out := make(orb.LineString, len(line))
	for i, p := range line {
		out[i] = c.at(p)
	}
	out = simplify.DouglasPeucker(tolerance).LineString(out)
	var b strings.Builder
	for i, p := range out {
		b.WriteByte("ML"[min(i, 1)])
		b.WriteString(number(p[0]))
		b.WriteByte(' ')
		b.WriteString(number(p[1]))
	}
	return b.String()
}

// area is the path data of polygons.
func (c *canvas) area(m orb.MultiPolygon) string {
	var b strings.Builder
	for _, polygon := range m {
		for _, ring := range polygon {
			b.WriteString(c.d(orb.LineString(ring)))
			b.WriteByte('Z')
		}
	}
	return b.String()
}

// number is a coordinate with at most one decimal.
func number(x float64) string { return strconv.FormatFloat(math.Round(x*10)/10, 'f', -1, 64) }

// scaleBar draws a bar of a round length near a quarter of the map's width, true
// at the map's middle latitude.
func (c *canvas) scaleBar(b orb.Bound, x, y float64) {
	middle := b.Center()
	half := b.Max[0] - middle[0]
	if half <= 0 {
		return
	}
	east := orb.Point{middle[0] + min(half, 1), middle[1]}
	perUnit := float64(geo.Between(middle, east)) / (c.at(east)[0] - c.at(middle)[0])
	length := roundDown(perUnit * mapWidth / 4)
	width := length / perUnit
	c.printf(`<path class="scale" d="M%s %sv6h%sv-6"/>`, number(x), number(y), number(width))
	c.printf(`<text class="small" x="%s" y="%s">%s</text>`+"\n", number(x+width+6), number(y+8), esc(geo.Distance(length).String()))
}

// roundDown is the largest 1, 2 or 5 times a power of ten that is at most x.
func roundDown(x float64) float64 {
	power := math.Pow(10, math.Floor(math.Log10(x)))
	switch {
	case x >= 5*power:
		return 5 * power
	case x >= 2*power:
		return 2 * power
	}
	return power
}

// box is a rectangle on the canvas.
type box struct{ x, y, w, h float64 }

func (a box) overlap(b box) float64 {
	w := min(a.x+a.w, b.x+b.w) - max(a.x, b.x)
	h := min(a.y+a.h, b.y+b.h) - max(a.y, b.y)
	if w <= 0 || h <= 0 {
		return 0
	}
	return w * h
}

// labels places texts beside points where they cover least of what is there.
type labels struct{ taken []box }

// charWidth and charHeight approximate the size of text in units of its font size.
const (
	charWidth  = 0.56
	charHeight = 1.1
)

// place finds a spot for a text round a point with a clear radius, takes it and
// returns its anchor point on the base line, start-aligned.
func (l *labels) place(at orb.Point, radius float64, text string, size, height float64) (x, y float64) {
	w, h := charWidth*size*float64(len([]rune(text))), charHeight*size
	gap := radius + 3
	spots := []box{
		{at[0] + gap, at[1] - h/2, w, h},
		{at[0] - gap - w, at[1] - h/2, w, h},
		{at[0] - w/2, at[1] - gap - h, w, h},
		{at[0] - w/2, at[1] + gap, w, h},
		{at[0] + gap*0.7, at[1] - gap*0.7 - h, w, h},
		{at[0] + gap*0.7, at[1] + gap*0.7, w, h},
		{at[0] - gap*0.7 - w, at[1] - gap*0.7 - h, w, h},
		{at[0] - gap*0.7 - w, at[1] + gap*0.7, w, h},
	}
	if radius == 0 { // the text of an area stands on its point
		spots = append([]box{{at[0] - w/2, at[1] - h/2, w, h}}, spots[2:4]...)
	}
	best, least := spots[0], math.Inf(1)
	for _, s := range spots {
		// Leaving the map is worse than covering something on it.
		cost := 10 * (w*h - s.overlap(box{0, 0, mapWidth, height}))
		for _, t := range l.taken {
			cost += s.overlap(t)
		}
		if cost < least-1e-9 {
			best, least = s, cost
		}
	}
	l.taken = append(l.taken, best)
	return best.x, best.y + size*0.9
}
