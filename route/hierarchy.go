package route

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"sync"

	"github.com/hubplan/hubplan/geo"
	"github.com/hubplan/hubplan/route/internal/cch"
	"github.com/hubplan/hubplan/route/internal/graph"
	"github.com/paulmach/orb"
)

// Hierarchy is a network made ready for fast search: a customizable contraction
// hierarchy on a nested-dissection order. It knows where roads meet and not how
// long they take, so one serves every profile. It is immutable and safe for
// concurrent use.
type Hierarchy struct {
	net   *Network
	graph *graph.Graph // of the network's nodes, and those that its junctions are split into
	split *junctions   // nil if none are
	arc   []uint32     // per step, its arc, the first of several, or graph.None
	step  []uint32     // per arc, its step, or graph.None
	// The edges at node v, ascending, are at[first[v]:first[v+1]]; a loop is there twice.
	first []uint32
	at    []uint32
	cch   *cch.Hierarchy
	order []uint32

	indexOnce sync.Once
	index     *geo.LineIndex
}

// HierarchyOptions tunes [NewHierarchy].
type HierarchyOptions struct {
	// Order is the order of the nodes, as [Hierarchy.Order] returns it for the
	// same network. Nil finds it anew, which is nearly all of the work.
	Order []uint32
	// Progress, if set, is told how many of the nodes have their place in the
	// order. Calls do not overlap.
	Progress func(done, total int)
}

// NewHierarchy orders the nodes of a network and builds its hierarchy, on all
// cores; the result does not depend on their number. It stops with the context's
// error when that ends. Errors wrap [ErrNetwork] for an order that is none of the network.
func NewHierarchy(ctx context.Context, net *Network, o HierarchyOptions) (*Hierarchy, error) {
	h := newHierarchy(net)
	if o.Order != nil {
		return h.build(ctx, slices.Clone(o.Order))
	}
	options := cch.OrderOptions{Progress: o.Progress}
	options.X, options.Y = h.positions()
	order, err := cch.Order(ctx, h.graph, options)
	if err != nil {
		return nil, err
	}
	return h.build(ctx, order)
}

// Order returns the nodes in the order of the hierarchy, the most local first; with
// numbers beyond those of the network it has the nodes that junctions are split into
// where a turn is forbidden. It is all that is worth keeping of a hierarchy;
// [Hierarchy.Encode] does.
func (h *Hierarchy) Order() []uint32 { return slices.Clone(h.order) }

func newHierarchy(net *Network) *Hierarchy {
	nodes, arcs, steps, split := expand(net)
	g, place := graph.New(nodes, arcs)
	h := &Hierarchy{
		net: net, graph: g, split: split, arc: make([]uint32, 2*net.Edges()), step: make([]uint32, len(arcs)),
		first: make([]uint32, net.Nodes()+1), at: make([]uint32, 2*net.Edges()),
	}
	for x := range h.arc {
		h.arc[x] = graph.None
	}
	for a, x := range steps {
		h.step[place[a]] = x
		if x != graph.None && h.arc[x] == graph.None {
			h.arc[x] = place[a]
		}
	}
	if split != nil {
		role := make([]uint8, len(arcs))
		for a, r := range split.role {
			role[place[a]] = r
		}
		split.role = role
		for _, gates := range split.steps {
			for i, a := range gates.arcs {
				gates.arcs[i] = place[a]
			}
		}
	}
	for e := range net.Edges() {
		h.first[net.from[e]+1]++
		h.first[net.to[e]+1]++
	}
	for v := range net.Nodes() {
		h.first[v+1] += h.first[v]
	}
	next := slices.Clone(h.first)
	for e := range net.one {
		for _, v := range [2]uint32{net.from[e], net.to[e]} {
			h.at[next[v]] = uint32(e)
			next[v]++
		}
	}
	return h
}

// arcs appends the arcs of a step.
func (h *Hierarchy) arcs(list []uint32, x Step) []uint32 {
	if h.split != nil {
		if g := h.split.steps[x]; g != nil {
			return append(list, g.arcs...)
		}
	}
	if a := h.arc[x]; a != graph.None {
		list = append(list, a)
	}
	return list
}

// edgesAt lists the edges at a node.
func (h *Hierarchy) edgesAt(v uint32) []uint32 { return h.at[h.first[v]:h.first[v+1]] }

func (h *Hierarchy) build(ctx context.Context, order []uint32) (_ *Hierarchy, err error) {
	h.order = order
	h.cch, err = cch.NewHierarchy(ctx, h.graph, order)
	switch {
	case errors.Is(err, cch.ErrOrder):
		return nil, fmt.Errorf("route: %w: %v", ErrNetwork, err)
	case err != nil:
		return nil, err
	}
	return h, nil
}

// Network returns the network of the hierarchy.
func (h *Hierarchy) Network() *Network { return h.net }

// lines returns the index of the lines of all edges, built when first needed:
// who asks only from node to node goes without it.
func (h *Hierarchy) lines() *geo.LineIndex {
	h.indexOnce.Do(func() {
		lines := make([]orb.LineString, h.net.Edges())
		for e := range lines {
			lines[e] = h.net.lineOf(e)
		}
		h.index = geo.NewLineIndex(lines)
	})
	return h.index
}

// positions projects the nodes to a plane of 32-bit integers in which distances
// are about right, which is all that the order needs. Without any extent there
// are none.
func (h *Hierarchy) positions() (x, y []int32) {
	n := h.net
	low, high := n.nodes[0].Point, n.nodes[0].Point
	for _, v := range n.nodes {
		for k := range 2 {
			low[k], high[k] = min(low[k], v.Point[k]), max(high[k], v.Point[k])
		}
	}
	if low == high {
		return nil, nil
	}
	squeeze := math.Cos((low.Lat() + high.Lat()) / 2 * math.Pi / 180)
	scale := 1e9 / max((high[0]-low[0])*squeeze, high[1]-low[1])
	nodes := h.graph.Nodes()
	x, y = make([]int32, len(n.nodes), nodes), make([]int32, len(n.nodes), nodes)
	for i, v := range n.nodes {
		x[i] = int32(math.Round((v.Point[0] - low[0]) * squeeze * scale))
		y[i] = int32(math.Round((v.Point[1] - low[1]) * scale))
	}
	if h.split != nil {
		for _, v := range h.split.origin {
			x, y = append(x, x[v]), append(y, y[v])
		}
	}
	return x, y
}
