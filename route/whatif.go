package route

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"math"
	"slices"

	"github.com/hubplan/hubplan/route/internal/cch"
	"github.com/hubplan/hubplan/route/internal/graph"
	"github.com/paulmach/orb"
)

// ErrChange is wrapped by every error about a change.
var ErrChange = errors.New("invalid change")

// Change is one difference of a what-if: edges that are closed or slower. It
// means the union of the edges that its fields name.
type Change struct {
	Edges   []int            // these
	Nodes   []int            // all edges that start or end at these nodes
	Area    orb.MultiPolygon // all edges with any part inside or on the border
	Classes []Class          // all edges of these classes
	// Speed is the factor by which they are faster or slower than for the
	// router: 0.5 takes twice the time. Zero closes them.
	Speed float64
}

// change is what a router with changes adds to its base.
type change struct {
	cost   map[uint32]uint32 // per step that differs
	whatIf *cch.WhatIf[uint32]
}

// With returns the router as it is with changes: a what-if. It is a router of its
// own, which shares all but the changes with r, so that thousands may stand side by
// side; r stays as it is. Changes add up, in their order and with those that r has.
//
// The time it takes, and the memory, are about in proportion to what the changes
// reach. A factor is applied to the time of an edge as it stands, rounded to the
// millisecond; a closed edge stays closed. Stops belong to the network and serve
// all routers on it. Errors wrap [ErrChange], or are the context's.
func (r *Router) With(ctx context.Context, changes ...Change) (*Router, error) {
	cost := make(map[uint32]uint32)
	if r.change != nil {
		cost = maps.Clone(r.change.cost)
	}
	for i, c := range changes {
		if !(c.Speed >= 0) || math.IsInf(c.Speed, 0) {
			return nil, fmt.Errorf("route: %w %d: speed factor %v", ErrChange, i, c.Speed)
		}
		edges, err := r.edgesOf(c)
		if err != nil {
			return nil, fmt.Errorf("route: %w %d: %v", ErrChange, i, err)
		}
		for _, e := range edges {
			for x := e << 1; x <= e<<1|1; x++ {
				now, ok := cost[x]
				if !ok {
					now = r.base.cost[x]
				}
				switch slow := math.Round(float64(now) / c.Speed); {
				case now == graph.Inf:
					continue
				case c.Speed == 0:
					now = graph.Inf
				case slow >= float64(graph.Inf):
					return nil, fmt.Errorf("route: %w %d: %s takes longer than the clock holds", ErrChange, i, r.net.Label(int(e)))
				default:
					now = uint32(slow)
				}
				cost[x] = now
			}
		}
	}
	w := r.base.workers.Get().(*cch.Worker[uint32])
	defer r.base.workers.Put(w)
	defer w.Undo()
	if r.change != nil {
		w.Apply(r.change.whatIf)
	}
	if err := w.Change(ctx, arcChanges(r, cost, func(_ Step, ms uint32) uint32 { return ms })); err != nil {
		return nil, err
	}
	with := *r
	with.change = &change{cost: cost, whatIf: w.Keep()}
	return &with, nil
}

// arcChanges spreads the new times of steps over their arcs, as weights.
func arcChanges[W cch.Weight](r *Router, cost map[uint32]uint32, weight func(x Step, ms uint32) W) []cch.Change[W] {
	changes := make([]cch.Change[W], 0, len(cost))
	var arcs []uint32
	for _, x := range slices.Sorted(maps.Keys(cost)) {
		w := weight(Step(x), cost[x])
		arcs = r.h.arcs(arcs[:0], Step(x))
		for _, a := range arcs {
			if r.h.split == nil || !r.barred(r.h.split.role[a], x) {
				changes = append(changes, cch.Change[W]{Arc: a, Weight: w})
			}
		}
	}
	return changes
}

// edgesOf lists the edges that a change names, ascending, each once.
func (r *Router) edgesOf(c Change) ([]uint32, error) {
	var edges []uint32
	for _, e := range c.Edges {
		if e < 0 || e >= r.net.Edges() {
			return nil, fmt.Errorf("there is no edge %d", e)
		}
		edges = append(edges, uint32(e))
	}
	for _, v := range c.Nodes {
		if v < 0 || v >= r.net.Nodes() {
			return nil, fmt.Errorf("there is no node %d", v)
		}
		edges = append(edges, r.h.edgesAt(uint32(v))...)
	}
	if len(c.Area) > 0 {
		for _, e := range r.h.lines().Touching(c.Area) {
			edges = append(edges, uint32(e))
		}
	}
	for _, class := range c.Classes {
		if int(class) >= classes {
			return nil, fmt.Errorf("there is no %v", class)
		}
		for e, x := range r.net.class {
			if x == class {
				edges = append(edges, uint32(e))
			}
		}
	}
	slices.Sort(edges)
	return slices.Compact(edges), nil
}
