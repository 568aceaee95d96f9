package osm

import (
	"github.com/hubplan/hubplan/geo/input"
	"github.com/hubplan/hubplan/route"
)

// A file is read twice. The first reading harvests the ways of the network and the
// turn restrictions from each block; the second finds the nodes that those ways pass.
// Both readings work block by block and in parallel; what they get from a block is
// put together in the order of the file.

// Counts are the numbers of objects in a file.
type Counts struct {
	Nodes, Ways, Relations int
}

// interner numbers values by their first appearance. A country has millions of ways
// and some thousand different roads, as their tags say, so that a way is a few numbers.
type interner[T comparable] struct {
	list []T
	at   map[T]uint32
}

func (in *interner[T]) number(x T) uint32 {
	i, ok := in.at[x]
	if !ok {
		if in.at == nil {
			in.at = make(map[T]uint32)
		}
		i = uint32(len(in.list))
		in.at[x] = i
		in.list = append(in.list, x)
	}
	return i
}

// way is a way of the network.
type way struct {
	id        int64
	road      uint32 // into roads
	name, ref uint32 // into texts
	end       uint32 // of its nodes in refs
}

// harvest is what the first reading gets from a block. Node keys stand for nodes: the
// id times two, and one more on railways, which share no nodes with roads even where
// they cross on the level: nobody can go on from the one to the other there, and a
// network would hang together at places where it does not.
type harvest struct {
	rail  bool // whether railways are wanted
	limit int  // how many nodes and members there may be

	counts       Counts
	ways         []way
	refs         []int64 // node keys of the ways
	roads        interner[road]
	texts        interner[string]
	restrictions []restriction
	members      int
	unread       []int64 // ways with a limit that could not be read
	short        []int64 // ways of fewer than two nodes

	tags  tags // of the present object
	begun int  // where the nodes of the present way begin
	bit   int64
}

var errCrowded = input.Errorf(input.ErrRange, "more nodes of ways than a file of this size holds")

// begin begins a way with the present tags, unless it is none of the network.
func (h *harvest) begin(id int64) bool {
	class, ok := h.tags.class(h.rail)
	if !ok {
		return false
	}
	road, unread := h.tags.road(class)
	if unread {
		h.unread = append(h.unread, id)
	}
	h.bit = 0
	if class == route.Railway {
		h.bit = 1
	}
	if h.refs == nil {
		h.refs = make([]int64, 0, 1<<14)
	}
	h.begun = len(h.refs)
	h.ways = append(h.ways, way{
		id: id, road: h.roads.number(road),
		name: h.texts.number(h.tags.any(keyName)), ref: h.texts.number(h.tags.any(keyRef)),
	})
	return true
}

// node adds a node to the way. A node twice in a row is one.
func (h *harvest) node(id int64) error {
	if err := checkID("node", id); err != nil {
		return err
	}
	if h.limit--; h.limit < 0 {
		return errCrowded
	}
	k := id<<1 | h.bit
	if n := len(h.refs); n == h.begun || h.refs[n-1] != k {
		h.refs = append(h.refs, k)
	}
	return nil
}

// end ends the way.
func (h *harvest) end() {
	w := &h.ways[len(h.ways)-1]
	if len(h.refs)-h.begun < 2 {
		h.short = append(h.short, w.id)
		h.refs = h.refs[:h.begun]
		h.ways = h.ways[:len(h.ways)-1]
		return
	}
	w.end = uint32(len(h.refs))
}

// restrict adds a turn restriction with the present tags.
func (h *harvest) restrict(id int64, members []member) error {
	h.members += len(members)
	if h.limit -= len(members); h.limit < 0 {
		return errCrowded
	}
	h.restrictions = append(h.restrictions, newRestriction(id, &h.tags, members))
	return nil
}
