package cch

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"sync"
)

// ErrWeights is wrapped by the error of weights that do not fit their graph.
var ErrWeights = errors.New("bad weights")

// Metric is a hierarchy with the weights of its arcs. It is immutable and safe
// for concurrent use, except for the metric of a [Worker], which is the worker's.
type Metric[W Weight] struct {
	h      *Hierarchy
	weight []W // per arc of the graph
	up     []W // per arc, from its tail to its head through lower nodes
	down   []W // per arc, from its head to its tail

	changing bool // the metric of a worker
	unpacked sync.Once
	middles  []uint64 // see middleTable
}

// Hierarchy returns the topology of m.
func (m *Metric[W]) Hierarchy() *Hierarchy { return m.h }

// Weights returns the weights of the arcs of the graph. The slice must not be
// changed.
func (m *Metric[W]) Weights() []W { return m.weight }

// Customize computes the metric of the given weights, one for each arc of the
// graph of h; those of Inf and above close their arcs. It keeps the slice, which
// must not be changed afterwards. It takes time in proportion to the triangles
// of the hierarchy, on workers goroutines, GOMAXPROCS if 0, on whose number the
// metric does not depend.
//
// Errors wrap [ErrWeights], or are those of ctx.
func Customize[W Weight](ctx context.Context, h *Hierarchy, weight []W, workers int) (*Metric[W], error) {
	if len(weight) != h.graph.Arcs() {
		return nil, fmt.Errorf("cch: %w: %d weights for %d arcs", ErrWeights, len(weight), h.graph.Arcs())
	}
	m := &Metric[W]{h: h, weight: weight, up: make([]W, h.Arcs()), down: make([]W, h.Arcs())}
	if workers <= 0 {
		workers = runtime.GOMAXPROCS(0)
	}
	if err := m.customize(ctx, workers); err != nil {
		return nil, err
	}
	return m, nil
}
