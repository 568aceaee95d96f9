package route

import (
	"context"
	"errors"
	"fmt"
	"math"
	"time"

	"github.com/hubplan/hubplan/geo"
	"github.com/hubplan/hubplan/route/internal/noding"
	"github.com/paulmach/orb"
)

// JoinOptions say how far [Join] goes to connect lines. The zero value is for
// lines drawn with care: what meets on the map is connected.
type JoinOptions struct {
	// Tolerance is how near to each other two ends, or an end and a line, are one
	// place. Zero stands for 2 m, less than lies between the tracks of a railway
	// or the carriageways of a road; the least is 1 cm.
	Tolerance geo.Distance
	// Reach is how long a link between parts of the network may be that do not
	// touch. Zero stands for 500 m; below zero there are no such links.
	Reach geo.Distance
	// Gap is how long a link may be between an end and a line of the same part that
	// is more than ten times farther away by road. Zero stands for 10 m; below zero
	// there are no such links. Extracts of main roads bear 100 m; where all streets
	// are there, many a blind alley ends that near to another.
	Gap geo.Distance
	// Towns are where roads of a wide network end at the edge, for the streets
	// between them are not on the map. Parts of the network that come into a town
	// and do not hang together there are linked with its middle.
	Towns []Town
	// NoCrossings is for lines that are complete as they are: where they cross
	// without a common point, they do not meet.
	NoCrossings bool
	// Link is the class of links between roads, itself one of a road; nil stands for
	// that of the lesser road of the two that they tie.
	Link *Class
	// Progress, if set, is called after each round of work with the number of
	// rounds so far and of places where lines were split in it. The number of
	// rounds is not known before; ten are many.
	Progress func(round, splits int)
}

// Town is a disc on the map.
type Town struct {
	Point  orb.Point
	Radius geo.Distance
}

// Join makes a network of lines that have none: ends that do not meet, roads that
// end on roads or short of them, roads that cross without a common point. Of each
// edge From and To are ignored and Line is required; the edges of the network are
// parts of these, in their order and along them, with the length and the duration
// of the whole shared out by geometry. The report says what was done and where.
//
//   - Ends within the tolerance of each other become one node. No end moves by
//     more than the tolerance, and no two nodes are left within it; so of a chain
//     of ends each near the next, not all become one.
//   - A line that passes within the tolerance of a node, more than the tolerance
//     away from its own ends, is split there and led through it.
//   - Lines that cross, or cross themselves, are split where they do, unless one is
//     a bridge, a tunnel or a ferry or their layers differ; bridges and tunnels meet
//     others at their ends. Lines with a common point inside meet there if they are
//     on one level. Where they run together they share its ends, and both stay.
//   - Parts that still do not hang together are linked, the nearest first, from an
//     open end of one to the nearest point of the other, as far as the reach goes.
//     An end is open if all that leaves it leaves to one side, as the last node of
//     two carriageways does. Then gaps are closed, and towns joined up. Links run
//     straight, open both ways, and are in the report; so there may be one across a
//     river where there is no bridge.
//   - A line within the tolerance of one point is dropped.
//
// Railways meet railways and other classes meet each other; [Combine] brings them
// together.
//
// The result does not depend on the order of lines but for its numbering, and
// joined again it stays as it is. The work is O(n log n) for n points as they are
// on maps. Errors wrap [ErrNetwork] and name the first line that is wrong; lines
// that cross more than 20 million times are an error. Join stops with the context's
// error when that ends.
func Join(ctx context.Context, lines []Edge, o JoinOptions) (*Network, *JoinReport, error) {
	options, err := o.noding()
	if err != nil {
		return nil, nil, err
	}
	in := make([]noding.Line, len(lines))
	for i := range lines {
		e := &lines[i]
		if err := checkLine(e); err != nil {
			return nil, nil, fmt.Errorf("route: %w: line %d %q: %v", ErrNetwork, i, e.Name, err)
		}
		in[i] = noding.Line{
			Points: e.Line,
			Level:  noding.Level{Bridge: e.Bridge, Tunnel: e.Tunnel, Ferry: e.Class == Ferry, Layer: e.Layer},
		}
		if e.Class == Railway {
			in[i].Group = 1
		}
	}
	r, err := noding.Join(ctx, in, options)
	if errors.Is(err, noding.ErrCrossings) {
		return nil, nil, fmt.Errorf("route: %w: %v", ErrNetwork, err)
	}
	if err != nil {
		return nil, nil, err
	}
	if len(r.Pieces) == 0 {
		return nil, nil, fmt.Errorf("route: %w: no line is longer than the tolerance", ErrNetwork)
	}
	nodes := make([]Node, len(r.Nodes))
	for i, p := range r.Nodes {
		nodes[i].Point = p
	}
	n, err := NewNetwork(nodes, edgesOf(lines, r, o.Link))
	if err != nil {
		return nil, nil, err
	}
	return n, newJoinReport(n, len(lines), r), nil
}

// noding checks the options and fills in what is zero.
func (o *JoinOptions) noding() (noding.Options, error) {
	n := noding.Options{Tolerance: o.Tolerance, Reach: o.Reach, Gap: o.Gap, Crossings: !o.NoCrossings, Progress: o.Progress}
	for _, d := range []struct {
		what  string
		value *geo.Distance
		zero  geo.Distance
	}{
		{"tolerance", &n.Tolerance, 2 * geo.Meter},
		{"reach", &n.Reach, 500 * geo.Meter},
		{"gap", &n.Gap, 10 * geo.Meter},
	} {
		if math.IsNaN(float64(*d.value)) || *d.value > 1000*geo.Kilometer {
			return n, fmt.Errorf("route: %s %v out of range", d.what, *d.value)
		}
		if *d.value == 0 {
			*d.value = d.zero
		}
		*d.value = max(*d.value, 0)
	}
	if n.Tolerance < 0.01*geo.Meter {
		return n, fmt.Errorf("route: tolerance %v m is below 1 cm", float64(o.Tolerance))
	}
	if o.Link != nil && *o.Link >= Ferry {
		return n, fmt.Errorf("route: %v is no class for links of roads", *o.Link)
	}
	for i, t := range o.Towns {
		if err := checkPoint(t.Point); err != nil {
			return n, fmt.Errorf("route: town %d: %v", i, err)
		}
		if !(t.Radius >= 0 && t.Radius <= 1000*geo.Kilometer) {
			return n, fmt.Errorf("route: town %d: radius %v out of range", i, t.Radius)
		}
		n.Towns = append(n.Towns, noding.Town(t))
	}
	return n, nil
}

// checkLine reports what is wrong with an edge but for its nodes.
func checkLine(e *Edge) error {
	if len(e.Line) < 2 {
		return fmt.Errorf("line of %d points", len(e.Line))
	}
	alone := Network{nodes: []Node{{Point: e.Line[0]}, {Point: e.Line[len(e.Line)-1]}}}
	x := *e
	x.From, x.To = 0, 1
	_, _, err := alone.check(&x)
	return err
}

// edgesOf makes the edges of pieces.
func edgesOf(lines []Edge, r *noding.Result, class *Class) []Edge {
	links := linksOf(lines, r, class)
	edges := make([]Edge, 0, len(r.Pieces))
	for pieces := r.Pieces; len(pieces) > 0; {
		k := 1
		for k < len(pieces) && pieces[k].Line == pieces[0].Line {
			k++
		}
		if i := pieces[0].Line; i < len(lines) {
			edges = appendParts(edges, &lines[i], pieces[:k])
		} else {
			edges = appendParts(edges, &links[i-len(lines)], pieces[:k])
		}
		pieces = pieces[k:]
	}
	return edges
}

// appendParts appends the edges that one is split into. What takes place once on
// the whole takes place once on them: a ferry is boarded at the first, or coming
// back at the last, and the border is on the longest.
func appendParts(edges []Edge, e *Edge, pieces []noding.Piece) []Edge {
	longest := 0
	for i, p := range pieces {
		if p.End-p.Start > pieces[longest].End-pieces[longest].Start {
			longest = i
		}
	}
	for i, p := range pieces {
		part := *e
		part.From, part.To, part.Line = p.From, p.To, p.Points
		part.Length = e.Length * geo.Distance(p.End-p.Start)
		there, back := e.Attributes, e.Attributes
		if e.Back != nil {
			back = *e.Back
		}
		for _, a := range [2]*Attributes{&there, &back} {
			// The ends are rounded, not the part, so that parts add up.
			at := func(share float64) time.Duration { return time.Duration(math.Round(share * float64(a.Duration))) }
			a.Duration = at(p.End) - at(p.Start)
			a.Border = a.Border && i == longest
		}
		there.Landing = there.Landing && i == 0
		back.Landing = back.Landing && i == len(pieces)-1
		part.Attributes, part.Back = there, nil
		if back != there {
			part.Back = &back
		}
		edges = append(edges, part)
	}
	return edges
}

// linksOf makes the edges that links are, whole, in their order.
func linksOf(lines []Edge, r *noding.Result, class *Class) []Edge {
	var links []Edge
	for _, j := range r.Joints {
		if j.Kind != noding.Link && j.Kind != noding.Gap && j.Kind != noding.Street {
			continue
		}
		for len(lines)+len(links) <= j.Link() {
			links = append(links, Edge{})
		}
	}
	joints := make([]*noding.Joint, len(links))
	for i := range r.Joints {
		if j := &r.Joints[i]; j.Kind == noding.Link || j.Kind == noding.Gap || j.Kind == noding.Street {
			joints[j.Link()-len(lines)] = j
		}
	}
	at := func(i int) *Edge {
		if i < len(lines) {
			return &lines[i]
		}
		return &links[i-len(lines)]
	}
	for i, j := range joints {
		// The lines that it ties: two, or one for both ends or for the street of a
		// town. They may be links made before.
		a, b := at(j.Lines[0]), at(j.Lines[len(j.Lines)-2])
		l := &links[i]
		l.Class = lesser(a.Class, b.Class)
		if a.Gauges == b.Gauges {
			l.Gauges = a.Gauges
		}
		l.Electrified = a.Electrified && b.Electrified
		if class != nil && l.Class < Ferry {
			l.Class = *class
		}
	}
	return links
}

// lesser is the class of a link between two lines: a road if one is.
func lesser(a, b Class) Class {
	a, b = min(a, b), max(a, b)
	switch {
	case b < Ferry || a == b:
		return b
	case a < Ferry:
		return a
	}
	return Transfer
}
