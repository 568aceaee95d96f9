package osm

import (
	"github.com/hubplan/hubplan/route"
	"github.com/paulmach/orb"
)

// wanted are the keys of the nodes that the ways pass, in order.
type wanted struct {
	keys []int64
}

// find returns the place of a key, or where it would be. It looks first from near
// on, since most files have their nodes in order.
func (w *wanted) find(k int64, near int) int {
	// All before lo are less than k, all from hi on are not.
	lo, hi := 0, len(w.keys)
	if near = min(near, hi); near > 0 && w.keys[near-1] >= k {
		hi = near - 1
	} else {
		step := 1
		for lo = near; lo+step <= hi && w.keys[lo+step-1] < k; step *= 2 {
			lo += step
		}
		hi = min(lo+step-1, hi)
	}
	for lo < hi {
		if mid := int(uint(lo+hi) / 2); w.keys[mid] < k {
			lo = mid + 1
		} else {
			hi = mid
		}
	}
	return lo
}

// place returns the place of a node on a road.
func (w *wanted) place(id int64) (uint32, bool) {
	if id <= -maxID || id >= maxID {
		return 0, false
	}
	at := w.find(id<<1, 0)
	return uint32(at), at < len(w.keys) && w.keys[at] == id<<1
}

// finds is what the second reading gets from a block.
type finds struct {
	nodes  []find
	gates  []gate
	names  []name
	unread []int64 // nodes with a limit that could not be read

	tags       tags // of the present node
	id         int64
	near       int
	road, rail bool // whether roads and railways pass the present node
}

// find is a node that is wanted.
type find struct {
	at    uint32 // into wanted
	point orb.Point
}

// gate is a barrier on a road.
type gate struct {
	at         uint32
	attributes route.Attributes
}

// name is the name of a node.
type name struct {
	at   uint32
	text string
}

// has reports whether a node is wanted, and makes it the present one. The search goes
// on from the last node: in a file that is in order it takes no steps for nodes that
// nobody wants.
func (f *finds) has(w *wanted, id int64) bool {
	if id <= -maxID || id >= maxID {
		return false
	}
	at := w.find(id<<1, f.near)
	f.near, f.id = at, id
	f.road = at < len(w.keys) && w.keys[at] == id<<1
	if f.road {
		at++
	}
	f.rail = at < len(w.keys) && w.keys[at] == id<<1|1
	return f.road || f.rail
}

// add adds the present node with its tags.
func (f *finds) add(p orb.Point) {
	at := uint32(f.near)
	text := f.tags.any(keyName)
	if f.nodes == nil {
		f.nodes = make([]find, 0, 2048) // of the 8000 nodes that a block has as a rule
	}
	if f.road {
		f.nodes = append(f.nodes, find{at, p})
		if text != "" {
			f.names = append(f.names, name{at, text})
		}
		a, ok, unread := f.tags.barrier()
		if ok {
			f.gates = append(f.gates, gate{at, a})
		}
		if unread {
			f.unread = append(f.unread, f.id)
		}
		at++
	}
	if f.rail {
		f.nodes = append(f.nodes, find{at, p})
		if text != "" {
			f.names = append(f.names, name{at, text})
		}
	}
}
