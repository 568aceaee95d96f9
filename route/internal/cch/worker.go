package cch

import (
	"context"
	"fmt"
)

// Change is a new weight of an arc of the graph; Inf closes it.
type Change[W Weight] struct {
	Arc    uint32
	Weight W
}

// Worker is a private copy of a metric to which changes are made and taken back.
// It costs the memory of a metric and serves one goroutine; any number of workers
// share their base. What a worker found is kept as a [WhatIf] of a few bytes for
// each arc that changed, which every worker of the base can take on.
type Worker[W Weight] struct {
	base *Metric[W]
	view Metric[W] // what queries see

	// The columns of the worker, equal to those of the base but for the arcs
	// of touched. The view shows them unless whole is set, where all arcs may
	// differ.
	up, down []W
	touched  []uint32
	marked   []bool // per arc, in touched
	whole    bool
	spare    [2][]W   // columns for a customization of all arcs, or nil
	inputs   []uint32 // arcs of the graph whose weights changed
	pending  *pending
}

// NewWorker returns a worker on m with no changes.
func (m *Metric[W]) NewWorker() *Worker[W] {
	w := &Worker[W]{
		base:    m,
		up:      append([]W(nil), m.up...),
		down:    append([]W(nil), m.down...),
		marked:  make([]bool, len(m.up)),
		pending: newPending(len(m.up)),
	}
	w.view = Metric[W]{h: m.h, weight: append([]W(nil), m.weight...), up: w.up, down: w.down, changing: true}
	return w
}

// Metric returns the metric with the present changes. It changes with them:
// queries may be kept, but must not run while the worker is at work.
func (w *Worker[W]) Metric() *Metric[W] { return &w.view }

// Change gives arcs of the graph new weights on top of the present changes; of
// several for one arc the last counts. The metric becomes the same, to the bit,
// as that of [Customize] for the new weights, in time about proportional to the
// arcs of the hierarchy that change, or by a whole customization where that is
// less work. Errors wrap [ErrWeights], or are those of ctx; after the latter no
// changes are left.
func (w *Worker[W]) Change(ctx context.Context, changes []Change[W]) error {
	h := w.base.h
	work := h.Arcs() + h.triangles
	if len(changes) > h.graph.Arcs()/256 {
		work = 0
	}
	return w.change(ctx, changes, work)
}

// change is Change, which spends so much work on the arcs that change before it
// computes all.
func (w *Worker[W]) change(ctx context.Context, changes []Change[W], work int) error {
	for i, c := range changes {
		if c.Arc >= uint32(len(w.view.weight)) {
			return fmt.Errorf("cch: %w: change %d: arc %d of %d", ErrWeights, i, c.Arc, len(w.view.weight))
		}
	}
	h := w.base.h
	for _, c := range changes {
		if w.view.weight[c.Arc] == c.Weight {
			continue
		}
		w.view.weight[c.Arc] = c.Weight
		w.inputs = append(w.inputs, c.Arc)
		x, y := h.rank[h.graph.Tail[c.Arc]], h.rank[h.graph.Head[c.Arc]]
		if x != y {
			w.pending.push(h.arc(min(x, y), max(x, y)))
		}
	}
	if w.whole && w.spare[0] == nil {
		// The view shows the columns of a what-if, which are not the worker's.
		w.spare[0] = append([]W(nil), w.view.up...)
		w.spare[1] = append([]W(nil), w.view.down...)
		w.view.up, w.view.down = w.spare[0], w.spare[1]
	}
	if work == 0 {
		w.pending.clear()
	} else if w.spread(work) {
		return nil
	}
	w.restore()
	if w.spare[0] == nil {
		w.spare[0], w.spare[1] = make([]W, h.Arcs()), make([]W, h.Arcs())
	}
	w.view.up, w.view.down, w.whole = w.spare[0], w.spare[1], true
	if err := w.view.customize(ctx, 1); err != nil {
		w.Undo()
		return err
	}
	return nil
}

// Undo takes all changes back, in time in proportion to the arcs that changed.
func (w *Worker[W]) Undo() {
	for _, a := range w.inputs {
		w.view.weight[a] = w.base.weight[a]
	}
	w.inputs = w.inputs[:0]
	w.restore()
	w.view.up, w.view.down, w.whole = w.up, w.down, false
}

// restore makes the worker's columns equal to those of the base.
func (w *Worker[W]) restore() {
	for _, a := range w.touched {
		w.up[a], w.down[a] = w.base.up[a], w.base.down[a]
		w.marked[a] = false
	}
	w.touched = w.touched[:0]
}

// WhatIf is a metric with changes, kept as what differs from its base. It is
// immutable: workers of the base take it on side by side.
type WhatIf[W Weight] struct {
	base    *Metric[W]
	changes []Change[W]

	arcs []uint32 // of the hierarchy, that differ
	up   []W      // of these arcs, or of all if whole
	down []W
	// whole is set where most arcs were computed anew.
	whole bool
}

// Changes returns the arcs of the graph with the weights that differ from the
// base. The slice must not be changed.
func (f *WhatIf[W]) Changes() []Change[W] { return f.changes }

// Keep returns the present changes.
func (w *Worker[W]) Keep() *WhatIf[W] {
	f := &WhatIf[W]{base: w.base, whole: w.whole}
	seen := make(map[uint32]bool, len(w.inputs))
	for _, a := range w.inputs {
		if weight := w.view.weight[a]; weight != w.base.weight[a] && !seen[a] {
			f.changes = append(f.changes, Change[W]{a, weight})
			seen[a] = true
		}
	}
	if w.whole {
		// The columns go to the what-if; the worker takes new ones when it
		// needs them.
		f.up, f.down = w.view.up, w.view.down
		w.spare[0], w.spare[1] = nil, nil
		return f
	}
	for _, a := range w.touched {
		if w.up[a] != w.base.up[a] || w.down[a] != w.base.down[a] {
			f.arcs = append(f.arcs, a)
			f.up = append(f.up, w.up[a])
			f.down = append(f.down, w.down[a])
		}
	}
	return f
}

// Apply takes the present changes back and those of f on, without computing
// anything anew. It panics if f is of another base.
func (w *Worker[W]) Apply(f *WhatIf[W]) {
	if f.base != w.base {
		panic("cch: what-if of another metric")
	}
	w.Undo()
	for _, c := range f.changes {
		w.view.weight[c.Arc] = c.Weight
		w.inputs = append(w.inputs, c.Arc)
	}
	if f.whole {
		w.spare[0], w.spare[1] = nil, nil
		w.view.up, w.view.down, w.whole = f.up, f.down, true
		return
	}
	for i, a := range f.arcs {
		w.up[a], w.down[a] = f.up[i], f.down[i]
		w.touch(a)
	}
}

// touch notes that an arc may differ from the base.
func (w *Worker[W]) touch(a uint32) {
	if !w.marked[a] {
		w.marked[a] = true
		w.touched = append(w.touched, a)
	}
}
