package report

import (
	"cmp"
	"fmt"
	"io"
	"math"
	"slices"
	"strings"

	"github.com/hubplan/hubplan/hub"
	"github.com/hubplan/hubplan/route"
	"github.com/paulmach/orb"
)

// SVG writes the map of the plan as a picture of its own: sectors coloured by the
// time within which nine tenths of their demand is served, roads, rail, hubs sized
// by their load, the first and second route to each seat, the roads whose loss
// isolates demand, a legend and a scale bar.
func SVG(w io.Writer, p *hub.Plan, s *hub.Scenario) error {
	_, err := io.WriteString(w, drawMap(p, s))
	return err
}

// shades are the fills of held sectors, from the best service to the worst: four
// steps up to the time standard, and one beyond it.
var shades = [...]string{"#31a354", "#74c476", "#bae4b3", "#edf8e9", "#f4a582"}

// Other colours of the map.
const (
	notHeld     = "#f0efec"
	unreachable = "#d6604d"
)

// shade is the step of a sector's service.
func shade(s *hub.SectorScore, withinHours float64) int {
	steps := len(shades) - 1
	step := int(math.Ceil(s.Time.P90.Duration().Hours()/withinHours*float64(steps))) - 1
	return max(0, min(step, steps))
}

const mapStyle = `text{font-family:system-ui,-apple-system,"Segoe UI",Roboto,Arial,sans-serif;fill:#222}
.label{font-size:15px;font-weight:600;paint-order:stroke;stroke:#fff;stroke-width:3px;stroke-linejoin:round}
.area{font-size:13px;fill:#444;paint-order:stroke;stroke:#fff;stroke-width:2px;stroke-opacity:.7;stroke-linejoin:round}
.small{font-size:13px}
path,line{fill:none;stroke-linejoin:round;stroke-linecap:round}
.sector{stroke:#8a8a85;stroke-width:.8}
.road{stroke:#a39a8c;stroke-width:1}
.motorway{stroke:#8c8272;stroke-width:1.8}
.rail{stroke:#777;stroke-width:.8;stroke-dasharray:1 3}
.second{stroke:#e08214;stroke-width:2.4;stroke-dasharray:7 5}
.first{stroke:#2166ac;stroke-width:2.4}
.bridge{stroke:#b2182b;stroke-width:5}
.line{stroke:#762a83;stroke-width:3;stroke-dasharray:2 6}
.scale{stroke:#222;stroke-width:1.4}
.hub{fill:#08306b;stroke:#fff;stroke-width:2}
.site{fill:#fff;stroke:#555;stroke-width:1.2}
.shut{fill:none;stroke:#999;stroke-width:1.2}
`

// bounds of everything drawn.
func bounds(s *hub.Scenario) orb.Bound {
	b := s.Sectors[0].Boundary.Bound()
	for _, x := range s.Sectors {
		b = b.Union(x.Boundary.Bound())
	}
	for _, x := range s.Sites {
		b = b.Extend(x.Point)
	}
	return b
}

func drawMap(p *hub.Plan, s *hub.Scenario) string {
	b := bounds(s)
	c := newCanvas(b)
	c.sectors(p, s)
	c.network(s)
	c.routes(p)
	for _, line := range s.Line {
		c.printf(`<path class="line" d="%s"/>`+"\n", c.d(line))
	}
	c.places(p, s)
	bottom := c.legend(p, s, b)
	var out strings.Builder
	fmt.Fprintf(&out, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %s %s" role="img" aria-label="%s"><title>%s</title>`+"\n<style>%s</style>\n",
		number(mapWidth), number(bottom), esc("Map of the plan: "+p.Scenario), esc(p.Scenario), mapStyle)
	fmt.Fprintf(&out, `<rect width="%s" height="%s" fill="#fff"/>`+"\n", number(mapWidth), number(bottom))
	out.WriteString(c.String())
	out.WriteString("</svg>\n")
	return out.String()
}

func (c *canvas) sectors(p *hub.Plan, s *hub.Scenario) {
	held := make(map[int]*hub.SectorScore)
	for i := range p.Sectors {
		held[p.Sectors[i].Sector] = &p.Sectors[i]
	}
	for i := range s.Sectors {
		fill, title := notHeld, s.Sectors[i].Name+": not held"
		if x := held[i]; x != nil {
			fill = shades[shade(x, p.WithinHours)]
			title = fmt.Sprintf("%s: %.1f t/day, nine tenths within %s", x.Name, x.Demand, clock(x.Time.P90))
			if x.Time.Unreachable == 1 {
				fill, title = unreachable, x.Name+": unreachable"
			}
		}
		c.printf(`<path class="sector" style="fill:%s;fill-rule:evenodd" d="%s"><title>%s</title></path>`+"\n", fill, c.area(s.Sectors[i].Boundary), esc(title))
	}
}

// network draws rail below roads, each class in one path.
func (c *canvas) network(s *hub.Scenario) {
	draw := func(n *route.Network, class string, want func(route.Class) bool) {
		var d strings.Builder
		for i := range n.Edges() {
			if e := n.Edge(i); want(e.Class) {
				d.WriteString(c.d(e.Line))
			}
		}
		if d.Len() > 0 {
			c.printf(`<path class="%s" d="%s"/>`+"\n", class, d.String())
		}
	}
	if s.Rail != nil {
		draw(s.Rail, "rail", func(route.Class) bool { return true })
	}
	draw(s.Roads, "road", func(x route.Class) bool { return x != route.Motorway })
	draw(s.Roads, "motorway", func(x route.Class) bool { return x == route.Motorway })
}

// routes draws second routes below first ones and the weak edges on top.
func (c *canvas) routes(p *hub.Plan) {
	draw := func(class string, of func(*hub.SectorScore) *hub.Route) {
		for i := range p.Sectors {
			x := &p.Sectors[i]
			if r := of(x); r != nil && !r.InPlace {
				c.printf(`<path class="%s" d="%s"><title>%s</title></path>`+"\n", class, c.d(r.Line),
					esc(fmt.Sprintf("%s route to %s: %s, %.0f km", class, x.Seat, way(p, r), r.KM)))
			}
		}
	}
	draw("second", func(x *hub.SectorScore) *hub.Route { return x.Second })
	draw("first", func(x *hub.SectorScore) *hub.Route { return x.First })
	for _, b := range p.Redundancy.Bridges {
		c.printf(`<path class="bridge" d="%s"><title>%s</title></path>`+"\n", c.d(b.Line),
			esc(fmt.Sprintf("%s %s–%s: its loss isolates %.1f t/day, %s", b.Road, b.From, b.To, b.Isolated, some(b.Demand, 3))))
	}
}

// hubRadius sizes a hub's disc, by area, to its load.
func hubRadius(load, most float64) float64 {
	if most <= 0 {
		return 8
	}
	return 6 + 10*math.Sqrt(load/most)
}

// places draws sites and hubs and writes the names: hubs first, since their names
// matter more, then sectors where there is room.
func (c *canvas) places(p *hub.Plan, s *hub.Scenario) {
	var l labels
	for i, u := range p.Sites {
		if u.Open {
			continue
		}
		at, class := c.at(s.Sites[i].Point), "site"
		if u.Reason != "" {
			class = "shut"
		}
		c.printf(`<circle class="%s" cx="%s" cy="%s" r="3.5"><title>%s</title></circle>`+"\n", class, number(at[0]), number(at[1]), esc(u.Name+" "+u.Reason))
	}
	var most float64
	for _, h := range p.Hubs {
		most = max(most, h.Load)
	}
	order := slices.Clone(p.Hubs)
	slices.SortStableFunc(order, func(a, b hub.Hub) int { return cmp.Compare(b.Load, a.Load) })
	for _, h := range order {
		at, r := c.at(orb.Point{h.Lon, h.Lat}), hubRadius(h.Load, most)
		l.taken = append(l.taken, box{at[0] - r, at[1] - r, 2 * r, 2 * r})
		c.printf(`<circle class="hub" cx="%s" cy="%s" r="%s"><title>%s</title></circle>`+"\n", number(at[0]), number(at[1]), number(r),
			esc(fmt.Sprintf("%s: %.0f t/day to %s", h.Name, h.Load, serves(h, 4))))
	}
	var names strings.Builder
	for _, h := range order {
		x, y := l.place(c.at(orb.Point{h.Lon, h.Lat}), hubRadius(h.Load, most), h.Name, 15, c.height)
		fmt.Fprintf(&names, `<text class="label" x="%s" y="%s">%s</text>`+"\n", number(x), number(y), esc(h.Name))
	}
	for _, x := range p.Sectors {
		at := c.at(s.Sectors[x.Sector].LabelPoint())
		lx, ly := l.place(at, 0, x.Name, 13, c.height)
		c.printf(`<text class="area" x="%s" y="%s">%s</text>`+"\n", number(lx), number(ly), esc(x.Name))
	}
	c.WriteString(names.String())
}

// legend draws what the signs mean below the map and returns where it ends.
func (c *canvas) legend(p *hub.Plan, s *hub.Scenario, b orb.Bound) float64 {
	type entry struct{ sign, text string }
	swatch := func(fill string) string {
		return fmt.Sprintf(`<rect width="26" height="13" y="-11" fill="%s" stroke="#8a8a85" stroke-width=".8"/>`, fill)
	}
	stroke := func(class string) string { return fmt.Sprintf(`<path class="%s" d="M0 -4.5h26"/>`, class) }
	disc := func(class string, r float64) string {
		return fmt.Sprintf(`<circle class="%s" cx="13" cy="-4.5" r="%s"/>`, class, number(r))
	}
	service := []entry{}
	steps := len(shades) - 1
	for i := range steps {
		service = append(service, entry{swatch(shades[i]), "90 % within " + hours(p.WithinHours*float64(i+1)/float64(steps))})
	}
	service = append(service,
		entry{swatch(shades[steps]), "later than " + hours(p.WithinHours)},
		entry{swatch(unreachable), "unreachable"},
		entry{swatch(notHeld), "not held"})
	ways := []entry{
		{stroke("first"), "first route to a seat"},
		{stroke("second"), "second, disjoint route"},
		{stroke("bridge"), "road whose loss isolates demand"},
		{stroke("motorway"), "motorway"},
		{stroke("road"), "other trunk road"},
	}
	if s.Rail != nil {
		ways = append(ways, entry{stroke("rail"), "railway"})
	}
	points := []entry{
		{disc("hub", 8), "hub, by load"},
		{disc("site", 3.5), "site that could open"},
		{disc("shut", 3.5), "site that may not"},
	}
	if len(s.Line) > 0 {
		points = append(points, entry{stroke("line"), "line (illustrative)"})
	}
	const rowHeight = 21
	bottom := c.height
	for k, column := range [][]entry{service, ways, points} {
		x := []float64{margin, 330, 680}[k]
		y := c.height + 8
		for _, e := range column {
			y += rowHeight
			c.printf(`<g transform="translate(%s %s)">%s<text class="small" x="34">%s</text></g>`+"\n", number(x), number(y), e.sign, esc(e.text))
		}
		if k == 2 {
			c.scaleBar(b, x, y+14)
			y += rowHeight + 8
		}
		bottom = max(bottom, y)
	}
	return bottom + margin
}
