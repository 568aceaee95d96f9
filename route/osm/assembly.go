package osm

import (
	"context"
	"slices"

	"github.com/hubplan/hubplan/geo/input"
	"github.com/hubplan/hubplan/route"
	"github.com/paulmach/orb"
)

// assembly puts a network together from what the two readings of a file bring. What a
// country has by the million is held in columns of numbers: a node of a way takes 12
// bytes besides its position, a way 24.
type assembly struct {
	rail  bool
	quota int // of nodes and members that are left

	counts       Counts
	ways         []way
	refs         [][]int64 // node keys of the ways, part by part, until they are numbers
	count        int       // of them
	roads        interner[road]
	texts        interner[string]
	restrictions []restriction

	wanted wanted
	passed []uint32 // nodes of the ways, as numbers of wanted
	marks  []mark   // of each node
	points []orb.Point
	names  map[uint32]string
	gates  map[uint32]route.Attributes

	leftOut [reasons]LeftOut
}

// mark is what is known of a node.
type mark uint8

const (
	there    mark = 1 << iota // the file has it
	used                      // a way passes it
	junction                  // edges end there
	onRoad                    // a road passes it
)

func (a *assembly) leave(r Reason, id int64) {
	l := &a.leftOut[r]
	l.Reason = r
	l.Count++
	if len(l.First) < firstFew {
		l.First = append(l.First, id)
	}
}

// collect makes the first reading.
func (a *assembly) collect(ctx context.Context, s source, progress func(int64)) error {
	fresh := func() *harvest { return &harvest{rail: a.rail, limit: a.quota} }
	quota := a.quota
	err := s.ways(ctx, fresh, func(h *harvest, read int64) error {
		progress(read)
		a.counts.add(h.counts)
		if quota -= len(h.refs) + h.members; quota < 0 {
			return errCrowded
		}
		base := uint32(a.count)
		if len(h.refs) > 0 {
			a.refs = append(a.refs, h.refs)
			a.count += len(h.refs)
		}
		// The part's own numbers become those of all parts.
		roads := make([]uint32, len(h.roads.list))
		for i, r := range h.roads.list {
			roads[i] = a.roads.number(r)
		}
		texts := make([]uint32, len(h.texts.list))
		for i, t := range h.texts.list {
			texts[i] = a.texts.number(t)
		}
		for _, w := range h.ways {
			a.ways = append(a.ways, way{w.id, roads[w.road], texts[w.name], texts[w.ref], base + w.end})
		}
		a.restrictions = append(a.restrictions, h.restrictions...)
		for _, id := range h.unread {
			a.leave(UnreadWay, id)
		}
		for _, id := range h.short {
			a.leave(ShortWay, id)
		}
		return nil
	})
	if err != nil {
		return err
	}
	if err := once(ctx, "way", a.ways, func(w way) int64 { return w.id }); err != nil {
		return err
	}
	if err := once(ctx, "relation", a.restrictions, func(r restriction) int64 { return r.id }); err != nil {
		return err
	}
	return a.number(ctx)
}

// once reports an id that two objects have. Files that were put together from extracts
// that overlap may hold one twice; its edges would be there twice as well.
func once[T any](ctx context.Context, kind string, objects []T, id func(T) int64) error {
	ids := make([]int64, len(objects))
	for i, x := range objects {
		ids[i] = id(x)
	}
	if !slices.IsSorted(ids) { // most files have them in order
		if err := sortKeys(ctx, ids); err != nil {
			return err
		}
	}
	for i := 1; i < len(ids); i++ {
		if ids[i] == ids[i-1] {
			return input.Errorf(input.ErrDuplicate, "%s %d appears twice", kind, ids[i])
		}
	}
	return nil
}

// number numbers the nodes of the ways in the order of their keys, and marks the
// junctions: where a way ends, or passes that has been there before, or a turn
// restriction holds.
func (a *assembly) number(ctx context.Context) error {
	keys := slices.Concat(a.refs...)
	if err := sortKeys(ctx, keys); err != nil {
		return err
	}
	keys = slices.Clone(slices.Compact(keys)) // a fraction of them
	a.wanted = wanted{keys}
	a.passed = make([]uint32, 0, a.count)
	a.marks = make([]mark, len(keys))
	var part []int64
	for i, w := range a.ways {
		if i%stopEvery == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		if len(part) == 0 {
			part, a.refs = a.refs[0], a.refs[1:]
		}
		marks := used
		if a.roads.list[w.road].class < route.Ferry {
			marks |= onRoad
		}
		n := int(w.end) - len(a.passed)
		near := 0
		for j, k := range part[:n] {
			near = a.wanted.find(k, near)
			a.passed = append(a.passed, uint32(near))
			// The neighbours on a way have ids of the same day as a rule: they are
			// found near each other.
			if a.marks[near]&used != 0 || j == 0 || j == n-1 {
				a.marks[near] |= junction
			}
			a.marks[near] |= marks
		}
		part = part[n:]
	}
	for _, r := range a.restrictions {
		if at, ok := a.wanted.place(r.node); ok && len(r.via) == 0 {
			a.marks[at] |= junction
		}
	}
	return nil
}

// place makes the second reading.
func (a *assembly) place(ctx context.Context, s source, progress func(int64)) error {
	a.points = make([]orb.Point, len(a.marks))
	a.names = make(map[uint32]string)
	a.gates = make(map[uint32]route.Attributes)
	return s.points(ctx, &a.wanted, func(f *finds, read int64) error {
		progress(read)
		for _, n := range f.nodes {
			if a.marks[n.at]&there != 0 {
				return input.Errorf(input.ErrDuplicate, "node %d appears twice", a.wanted.keys[n.at]>>1)
			}
			a.marks[n.at] |= there
			a.points[n.at] = n.point
		}
		for _, g := range f.gates {
			a.gates[g.at] = g.attributes
			a.marks[g.at] |= junction
		}
		// Names of nodes within an edge have no place in the network.
		for _, n := range f.names {
			if a.marks[n.at]&junction != 0 {
				a.names[n.at] = n.text
			}
		}
		for _, id := range f.unread {
			a.leave(UnreadNode, id)
		}
		return nil
	})
}
