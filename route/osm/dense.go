package osm

import (
	"context"

	"github.com/hubplan/hubplan/geo/input"
)

// openDense reads the frame of dense nodes: ids, positions and tags in lists.
func openDense(message []byte) (ids, lats, lons, tags varints, err error) {
	var lists [4]list
	f := fields{rest: message}
	for f.next() {
		switch f.number {
		case 1:
			lists[0].add(&f)
		case 8:
			lists[1].add(&f)
		case 9:
			lists[2].add(&f)
		case 10:
			lists[3].add(&f)
		}
	}
	if f.err != nil {
		err = input.Errorf(input.ErrSyntax, "dense nodes: %v", f.err)
	}
	return lists[0].numbers(), lists[1].numbers(), lists[2].numbers(), lists[3].numbers(), err
}

// countDense returns how many nodes there are. Their ids are counted, not read: the
// first reading has no use for them.
func countDense(message []byte) (int, error) {
	ids, _, _, _, err := openDense(message)
	return ids.count(), err
}

// nodes collects those nodes of the block that are wanted.
func (b *block) nodes(ctx context.Context, want *wanted, found *finds) error {
	return b.objects(ctx, func(kind int, message []byte) error {
		switch kind {
		case plainNode:
			return b.plain(message, want, found)
		case denseNodes:
			return b.dense(ctx, message, want, found)
		}
		return nil
	})
}

// plain collects a node that stands by itself, as writers without dense nodes put it.
func (b *block) plain(message []byte, want *wanted, found *finds) error {
	o, err := openObject("node", message)
	if err != nil {
		return err
	}
	if !found.has(want, o.id) {
		return nil
	}
	found.tags.clear()
	if err := b.tags(&o, &found.tags); err != nil {
		return wrap("node", o.id, err)
	}
	p, err := b.point(o.lat, o.lon)
	if err != nil {
		return wrap("node", o.id, err)
	}
	found.add(p)
	return nil
}

// dense collects from dense nodes. Ids and positions are differences to the node
// before, which therefore are added up even of nodes that nobody wants; the tags of a
// node end with a zero.
func (b *block) dense(ctx context.Context, message []byte, want *wanted, found *finds) error {
	ids, lats, lons, tags, err := openDense(message)
	if err != nil {
		return err
	}
	var id, lat, lon int64
	for n := 1; !ids.empty(); n++ {
		if n%(1<<20) == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		if lats.empty() || lons.empty() {
			break // and is noticed below
		}
		id, lat, lon = id+ids.signed(), lat+lats.signed(), lon+lons.signed()
		if !found.has(want, id) {
			// Tags of other nodes are stepped over; a block without any has no list.
			if !tags.empty() {
				for tags.next() != 0 {
					tags.next()
				}
			}
			continue
		}
		found.tags.clear()
		for !tags.empty() {
			key := tags.next()
			if key == 0 {
				break
			}
			k, err := b.text(key)
			if err != nil {
				return wrap("node", id, err)
			}
			v, err := b.text(tags.next())
			if err != nil {
				return wrap("node", id, err)
			}
			found.tags.set(k, v)
		}
		p, err := b.point(lat, lon)
		if err != nil {
			return wrap("node", id, err)
		}
		found.add(p)
	}
	// A list that is malformed is empty afterwards, so that the loop above ends in any
	// case and what was wrong is said here.
	for _, v := range [...]varints{ids, lats, lons, tags} {
		if v.err != nil {
			return input.Errorf(input.ErrSyntax, "dense nodes: %v", v.err)
		}
	}
	if !ids.empty() || !lats.empty() || !lons.empty() || !tags.empty() {
		return input.Errorf(input.ErrSyntax, "dense nodes: %v", errPairing)
	}
	return nil
}
