package cch

import (
	"errors"
	"fmt"
)

// ErrStop is wrapped by the error of a stop that cannot be.
var ErrStop = errors.New("bad stop")

// Seed is a way into the graph or out of it: a node and the cost between the
// stop and the node.
type Seed[W Weight] struct {
	Node uint32
	Cost W
}

// Stop is a place where ways begin or end. At a beginning the costs of its seeds
// are those from the stop to the nodes, at an end those from the nodes to the
// stop. A stop belongs to a hierarchy and serves all its metrics.
type Stop[W Weight] struct {
	// By rank, ascending, on one way to a root. An array, since a query makes two
	// stops and should not leave memory behind.
	seeds [maxSeeds]Seed[W]
	count int
}

// maxSeeds is how many seeds a stop may have: a place inside a road has two.
const maxSeeds = 2

// At returns the stop at a node of h.
func At[W Weight](h *Hierarchy, node uint32) (Stop[W], error) {
	return NewStop(h, Seed[W]{Node: node})
}

// NewStop returns the stop with one or two seeds. Two must lie on one way to a
// root of the hierarchy, as the two ends of an arc always do, which is what a
// place inside a road needs. Errors wrap [ErrStop].
func NewStop[W Weight](h *Hierarchy, seeds ...Seed[W]) (Stop[W], error) {
	s := Stop[W]{count: len(seeds)}
	if len(seeds) == 0 || len(seeds) > maxSeeds {
		return s, fmt.Errorf("cch: %w: %d seeds", ErrStop, len(seeds))
	}
	for i, seed := range seeds {
		if seed.Node >= uint32(h.Nodes()) {
			return s, fmt.Errorf("cch: %w: node %d of %d", ErrStop, seed.Node, h.Nodes())
		}
		s.seeds[i] = Seed[W]{h.rank[seed.Node], min(seed.Cost, Inf[W]())}
	}
	if low, high := &s.seeds[0], &s.seeds[1]; s.count == 2 {
		if low.Node > high.Node {
			*low, *high = *high, *low
		}
		if !h.above(high.Node, low.Node) {
			return s, fmt.Errorf("cch: %w: nodes %d and %d are not on one way to a root",
				ErrStop, h.node[low.Node], h.node[high.Node])
		}
	}
	return s, nil
}

// low returns the lowest rank of the stop, where climbs from it begin.
func (s *Stop[W]) low() uint32 { return s.seeds[0].Node }

// above reports whether x is an ancestor of y or y itself.
func (h *Hierarchy) above(x, y uint32) bool { return h.least[x] <= y && y <= x }
