package osm

import (
	"context"
	"math"

	"github.com/hubplan/hubplan/geo/input"
	"github.com/paulmach/orb"
)

// block is a PrimitiveBlock: strings, and groups of objects that refer to them. It is
// used for one block after the other and keeps its memory.
type block struct {
	content []byte
	strings []byte
	spans   [][2]uint32 // of each string in strings

	granularity        int64 // of coordinates, in nanodegrees
	latOffset, lonZero int64
}

// maxStrings bounds the strings of a block, of which there are some ten thousand, so
// that their table stays small in a block made of nothing else.
const maxStrings = 1 << 21

// open reads the frame of a block.
func (b *block) open(content []byte) error {
	*b = block{content: content, spans: b.spans[:0], granularity: 100}
	f := fields{rest: content}
	for f.next() {
		switch f.number {
		case 1:
			b.strings = f.bytes
		case 17:
			b.granularity = int64(int32(f.value))
		case 19:
			b.latOffset = int64(f.value)
		case 20:
			b.lonZero = int64(f.value)
		}
	}
	if f.err != nil {
		return input.Errorf(input.ErrSyntax, "%v", f.err)
	}
	if b.granularity <= 0 {
		return input.Errorf(input.ErrRange, "granularity %d", b.granularity)
	}
	// The table has places instead of strings: most are never looked at.
	f = fields{rest: b.strings}
	for f.next() {
		if f.number != 1 {
			continue
		}
		if len(b.spans) == maxStrings {
			return input.Errorf(input.ErrRange, "more than %d strings", maxStrings)
		}
		end := len(b.strings) - len(f.rest) // the text ends where the rest begins
		b.spans = append(b.spans, [2]uint32{uint32(end - len(f.bytes)), uint32(end)})
	}
	if f.err != nil {
		return input.Errorf(input.ErrSyntax, "strings: %v", f.err)
	}
	return nil
}

// text returns a string of the block, which stays until the next is opened.
func (b *block) text(i uint64) ([]byte, error) {
	if i >= uint64(len(b.spans)) {
		return nil, input.Errorf(input.ErrRange, "there is no string %d of %d", i, len(b.spans))
	}
	return b.strings[b.spans[i][0]:b.spans[i][1]], nil
}

// point is a position in degrees. Nanodegrees are whole numbers well within what a
// float64 holds exactly, so that the quotient is the float64 nearest to the decimal
// that a mapper sees.
func (b *block) point(lat, lon int64) (orb.Point, error) {
	p := orb.Point{
		(float64(b.lonZero) + float64(b.granularity)*float64(lon)) / 1e9,
		(float64(b.latOffset) + float64(b.granularity)*float64(lat)) / 1e9,
	}
	return p, checkPoint(p)
}

func checkPoint(p orb.Point) error {
	if !(math.Abs(p.Lon()) <= 180) {
		return input.Errorf(input.ErrRange, "longitude %v out of range", p.Lon())
	}
	if !(math.Abs(p.Lat()) <= 90) {
		return input.Errorf(input.ErrRange, "latitude %v out of range", p.Lat())
	}
	return nil
}

// maxID bounds the ids of objects; a bit or two beside them is used.
const maxID = 1 << 60

func checkID(kind string, id int64) error {
	if id <= -maxID || id >= maxID {
		return input.Errorf(input.ErrRange, "%s id %d out of range", kind, id)
	}
	return nil
}

// stopEvery is after how many objects a long loop looks whether it is to go on: a way
// takes a microsecond or two.
const stopEvery = 1 << 14

// object is a way, a relation or a plain node taken apart.
type object struct {
	id         int64
	keys, vals list
	refs       list  // nodes of a way, members of a relation, by differences
	roles      list  // of members
	types      list  // of members
	lat, lon   int64 // of a node
}

// openObject reads the frame of an object: where its lists are, not what is in them,
// since most ways are buildings and need no more. Way and relation ids are plain
// numbers, those of nodes in zigzag form.
func openObject(kind string, message []byte) (o object, err error) {
	f := fields{rest: message}
	for f.next() {
		switch {
		case f.number == 1:
			o.id = int64(f.value)
			if kind == "node" {
				o.id = unzigzag(f.value)
			}
		case f.number == 2:
			o.keys.add(&f)
		case f.number == 3:
			o.vals.add(&f)
		case f.number == 8 && kind == "way", f.number == 9 && kind == "relation":
			o.refs.add(&f)
		case f.number == 8 && kind == "relation":
			o.roles.add(&f)
		case f.number == 10 && kind == "relation":
			o.types.add(&f)
		case f.number == 8:
			o.lat = unzigzag(f.value)
		case f.number == 9:
			o.lon = unzigzag(f.value)
		}
	}
	if f.err != nil {
		return o, input.Errorf(input.ErrSyntax, "%s %d: %v", kind, o.id, f.err)
	}
	return o, checkID(kind, o.id)
}

// tags reads the tags of an object, whose keys and values are two lists of the same
// length.
func (b *block) tags(o *object, t *tags) error {
	keys, vals := o.keys.numbers(), o.vals.numbers()
	for !keys.empty() && !vals.empty() {
		k, err := b.text(keys.next())
		if err != nil {
			return err
		}
		v, err := b.text(vals.next())
		if err != nil {
			return err
		}
		t.set(k, v)
	}
	if keys.err == nil {
		keys.err = vals.err
	}
	if keys.err == nil && keys.empty() != vals.empty() {
		keys.err = errPairing
	}
	if keys.err != nil {
		return input.Errorf(input.ErrSyntax, "tags: %v", keys.err)
	}
	return nil
}

// objects calls visit with the kind of every object of the block (the number of its
// field in a PrimitiveGroup) and its message.
func (b *block) objects(ctx context.Context, visit func(kind int, message []byte) error) error {
	n := 0
	groups := fields{rest: b.content}
	for groups.next() {
		if groups.number != 2 {
			continue
		}
		f := fields{rest: groups.bytes}
		for f.next() {
			if n++; n%stopEvery == 0 && ctx.Err() != nil {
				return ctx.Err()
			}
			if err := visit(f.number, f.bytes); err != nil {
				return err
			}
		}
		if f.err != nil {
			return input.Errorf(input.ErrSyntax, "%v", f.err)
		}
	}
	return nil
}

// The kinds of objects in a PrimitiveGroup.
const (
	plainNode  = 1
	denseNodes = 2
	wayObject  = 3
	relation   = 4
)

// ways collects the ways and restrictions of the block, and counts all it holds. Blocks
// hold objects of one kind as a rule, but nothing says that they must.
func (b *block) ways(ctx context.Context, h *harvest) error {
	return b.objects(ctx, func(kind int, message []byte) error {
		switch kind {
		case plainNode:
			h.counts.Nodes++
		case denseNodes:
			n, err := countDense(message)
			h.counts.Nodes += n
			return err
		case wayObject:
			h.counts.Ways++
			return b.way(message, h)
		case relation:
			h.counts.Relations++
			return b.relation(message, h)
		}
		return nil
	})
}

// way collects a way if it is a road, a ferry or a railway.
func (b *block) way(message []byte, h *harvest) error {
	o, err := openObject("way", message)
	if err != nil {
		return err
	}
	// A look at the keys alone decides on nine ways of ten.
	wanted := false
	for keys := o.keys.numbers(); !keys.empty(); {
		k, err := b.text(keys.next())
		if err != nil {
			return input.Errorf(input.ErrRange, "way %d: %v", o.id, err)
		}
		wanted = wanted || isWayKey(k)
	}
	if !wanted {
		return nil
	}
	h.tags.clear()
	if err := b.tags(&o, &h.tags); err != nil {
		return wrap("way", o.id, err)
	}
	if !h.begin(o.id) {
		return nil
	}
	refs := o.refs.numbers()
	for id := int64(0); !refs.empty(); {
		id += refs.signed()
		if err := h.node(id); err != nil {
			return wrap("way", o.id, err)
		}
	}
	if refs.err != nil {
		return input.Errorf(input.ErrSyntax, "way %d: nodes: %v", o.id, refs.err)
	}
	h.end()
	return nil
}

// maxMembers bounds the members of a restriction; editors refuse that many in any
// relation.
const maxMembers = 32000

// relation collects a relation if it is a turn restriction. Members are three lists: ids
// by differences, roles as strings of the block, and types.
func (b *block) relation(message []byte, h *harvest) error {
	o, err := openObject("relation", message)
	if err != nil {
		return err
	}
	h.tags.clear()
	if err := b.tags(&o, &h.tags); err != nil {
		return wrap("relation", o.id, err)
	}
	if !h.tags.restricts() {
		return nil
	}
	refs, roles, types := o.refs.numbers(), o.roles.numbers(), o.types.numbers()
	if n := refs.count(); n > maxMembers {
		return input.Errorf(input.ErrRange, "relation %d: a restriction of %d members", o.id, n)
	}
	var members []member
	for id := int64(0); !refs.empty() && !roles.empty() && !types.empty(); {
		id += refs.signed()
		role, err := b.text(roles.next())
		if err != nil {
			return wrap("relation", o.id, err)
		}
		members = append(members, member{id, memberType(types.next()), string(role)})
	}
	for _, v := range [...]varints{refs, roles, types} {
		if v.err != nil || !v.empty() {
			return input.Errorf(input.ErrSyntax, "relation %d: members: %v", o.id, errPairing)
		}
	}
	return h.restrict(o.id, members)
}

// wrap puts the object in front of an error.
func wrap(kind string, id int64, err error) error {
	return input.Errorf(err, "%s %d: %v", kind, id, err)
}

func unzigzag(x uint64) int64 { return int64(x>>1) ^ -int64(x&1) }
