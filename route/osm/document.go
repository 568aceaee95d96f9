package osm

import (
	"context"
	"encoding/xml"
	"errors"
	"io"
	"strconv"

	"github.com/hubplan/hubplan/geo/input"
	"github.com/paulmach/orb"
)

// document is a map in XML, as editors keep it. It is read in one goroutine, twice as a
// PBF file is: such maps are small, and one way of putting networks together is enough.
// Source: https://wiki.openstreetmap.org/wiki/OSM_XML
type document struct {
	r *io.SectionReader
}

// element is an object of the map being read.
type element struct {
	kind     string
	id       int64
	lat, lon string
	line     int
	gone     bool // deleted in an editor, or in the past
	tags     tags
	refs     []int64
	members  []member
}

// maxBatch is how many objects are put together before they are taken.
const maxBatch = 1 << 14

// ways is the first reading; see [source].
func (d *document) ways(ctx context.Context, fresh func() *harvest, take func(*harvest, int64) error) error {
	h := fresh()
	return d.scan(ctx, func(e *element) error {
		switch e.kind {
		case "node":
			h.counts.Nodes++
		case "way":
			h.counts.Ways++
			return d.way(e, h)
		case "relation":
			h.counts.Relations++
			if e.tags.restricts() {
				h.tags = e.tags
				return h.restrict(e.id, e.members)
			}
		}
		return nil
	}, func(read int64) error {
		err := take(h, read)
		h = fresh()
		return err
	})
}

func (d *document) way(e *element, h *harvest) error {
	h.tags = e.tags
	if !h.begin(e.id) {
		return nil
	}
	for _, id := range e.refs {
		if err := h.node(id); err != nil {
			return err
		}
	}
	h.end()
	return nil
}

// points is the second reading; see [source].
func (d *document) points(ctx context.Context, want *wanted, take func(*finds, int64) error) error {
	f := new(finds)
	return d.scan(ctx, func(e *element) error {
		if e.kind != "node" || !f.has(want, e.id) {
			return nil
		}
		var p orb.Point
		for i, text := range [...]string{e.lon, e.lat} {
			x, err := strconv.ParseFloat(text, 64)
			switch {
			case text == "":
				return input.Errorf(input.ErrMissing, "position missing")
			case err != nil && !errors.Is(err, strconv.ErrRange):
				return input.Errorf(input.ErrFormat, "position %q is not a number", text)
			}
			p[i] = x
		}
		if err := checkPoint(p); err != nil {
			return err
		}
		f.tags = e.tags
		f.add(p)
		return nil
	}, func(read int64) error {
		err := take(f, read)
		f = new(finds)
		return err
	})
}

// scan calls visit with every object, and flush after some of them and at the end.
// What visit finds wrong is a problem at the object's line, and so is what is wrong
// with the XML.
func (d *document) scan(ctx context.Context, visit func(*element) error, flush func(read int64) error) error {
	if _, err := d.r.Seek(0, io.SeekStart); err != nil {
		return err
	}
	var p input.Problems
	x := xml.NewDecoder(d.r)
	var e element // the same for all objects, so that its lists need not grow again
	depth, objects := 0, 0
	for n := 1; ; n++ {
		if n%1024 == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		token, err := x.Token()
		// Elsewhere than after the document its end is an error of syntax.
		if err == io.EOF && depth == 0 {
			break
		}
		line, column := x.InputPos()
		fail := func(err error) { p.Add(&input.Error{Line: line, Column: column, Err: err}) }
		if err != nil {
			if s := (*xml.SyntaxError)(nil); errors.As(err, &s) {
				err = input.Errorf(input.ErrSyntax, "%s", s.Msg)
			}
			fail(err)
			return p.Err()
		}
		switch token := token.(type) {
		case xml.StartElement:
			depth++
			var err error
			switch name := token.Name.Local; {
			case depth == 1 && name != "osm":
				fail(input.Errorf(input.ErrFormat, "a document of %q, not of osm", name))
				return p.Err()
			case depth == 2:
				e.line = line
				err = e.open(token)
			case depth == 3:
				err = e.part(token)
			}
			if err != nil {
				fail(err)
			}
		case xml.EndElement:
			// An object is complete at its end: its tags, which decide what its nodes
			// are good for, come after them.
			depth--
			if depth != 1 || e.gone || e.kind == "" {
				continue
			}
			if err := visit(&e); err != nil {
				p.Add(&input.Error{Line: e.line, ID: e.kind + " " + strconv.FormatInt(e.id, 10), Err: err})
			}
			if objects++; objects%maxBatch == 0 {
				if err := flush(x.InputOffset()); err != nil {
					return err
				}
			}
		}
		// Whoever mends the file wants to see all that is wrong, within reason.
		if p.Len() >= input.MaxProblems {
			return p.Err()
		}
	}
	if x.InputOffset() == 0 {
		return input.Errorf(input.ErrMissing, "empty")
	}
	if err := p.Err(); err != nil {
		return err
	}
	return flush(x.InputOffset())
}

// open begins an object. Editors mark what they delete and keep it in the file, to tell
// the server of it; servers mark what is not visible any more.
func (e *element) open(start xml.StartElement) error {
	// Without a kind the object and what is in it are passed over.
	e.kind, e.id, e.lat, e.lon, e.gone = "", 0, "", "", false
	e.refs, e.members = e.refs[:0], nil
	e.tags.clear()
	switch start.Name.Local {
	case "node", "way", "relation":
	default:
		return nil
	}
	var id string
	for _, a := range start.Attr {
		switch a.Name.Local {
		case "id":
			id = a.Value
		case "lat":
			e.lat = a.Value
		case "lon":
			e.lon = a.Value
		case "action":
			e.gone = e.gone || a.Value == "delete"
		case "visible":
			e.gone = e.gone || a.Value == "false"
		}
	}
	var err error
	if e.id, err = number("id", id); err != nil {
		return err
	}
	e.kind = start.Name.Local
	return checkID(e.kind, e.id)
}

// part adds a tag, a node or a member to the object. Attributes of other names are those
// of other kinds of parts, or not known: the format grows by new ones.
func (e *element) part(start xml.StartElement) error {
	if e.kind == "" {
		return nil
	}
	var k, v, ref, kind, role string
	for _, a := range start.Attr {
		switch a.Name.Local {
		case "k":
			k = a.Value
		case "v":
			v = a.Value
		case "ref":
			ref = a.Value
		case "type":
			kind = a.Value
		case "role":
			role = a.Value
		}
	}
	switch start.Name.Local {
	case "tag":
		e.tags.set([]byte(k), []byte(v))
	case "nd":
		id, err := number("ref", ref)
		if err != nil {
			return err
		}
		e.refs = append(e.refs, id)
	case "member":
		id, err := number("ref", ref)
		if err != nil {
			return err
		}
		m := member{id: id, role: role, kind: otherMember}
		switch kind {
		case "node":
			m.kind = nodeMember
		case "way":
			m.kind = wayMember
		}
		e.members = append(e.members, m)
	}
	return nil
}

// number reads an id.
func number(name, text string) (int64, error) {
	id, err := strconv.ParseInt(text, 10, 64)
	switch {
	case text == "":
		return 0, input.Errorf(input.ErrMissing, "%s missing", name)
	case errors.Is(err, strconv.ErrRange):
		return 0, input.Errorf(input.ErrRange, "%s %s out of range", name, text)
	case err != nil:
		return 0, input.Errorf(input.ErrFormat, "%s %q is not a whole number", name, text)
	}
	return id, nil
}
