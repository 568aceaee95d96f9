package route

import (
	"context"
	"fmt"
	"math"

	"github.com/hubplan/hubplan/route/internal/cch"
	"github.com/hubplan/hubplan/route/internal/graph"
)

// A pair is a time in milliseconds in the upper half of a word and a length in
// decimetres in the lower: the least pair is the shortest of the fastest ways,
// and pairs add up as long as neither half runs over.

func pair(ms, decimeters uint32) uint64 { return uint64(ms)<<32 | uint64(decimeters) }

// decimeters is the length of an edge as pairs have it.
func (n *Network) decimeters(edge int) uint32 {
	return uint32(math.Round(float64(n.length[edge]) * 10))
}

// pairOf is the pair of a whole step.
func (r *Router) pairOf(x Step, ms uint32) uint64 {
	if ms == graph.Inf {
		return cch.Inf[uint64]()
	}
	return pair(ms, r.net.decimeters(x.Edge()))
}

// pairs returns the metric of times and lengths, computed when first needed.
func (r *Router) pairs(ctx context.Context) (*cch.Metric[uint64], error) {
	base := r.base
	base.lengthsOnce.Do(func() {
		cost := make([]uint64, len(base.cost))
		for x, ms := range base.cost {
			// At a decimetre a millisecond, 360 km/h, the length of whatever fits the
			// clock, and half of it again, is within 32 bits.
			if e := Step(x).Edge(); ms != graph.Inf && r.net.decimeters(e) > ms+1 {
				base.lengthsErr = fmt.Errorf("route: %w %q: %s is too fast for lengths", ErrProfile, r.profile.Name, r.net.Label(e))
				return
			}
			cost[x] = r.pairOf(Step(x), ms)
		}
		// Not ctx: what others wait for must not end with the first of them.
		base.lengths, base.lengthsErr = cch.Customize(context.WithoutCancel(ctx), r.h.cch, weights(r, cost), 0)
	})
	if base.lengthsErr != nil || r.change == nil {
		return base.lengths, base.lengthsErr
	}
	w := base.lengths.NewWorker()
	if err := w.Change(ctx, arcChanges(r, r.change.cost, r.pairOf)); err != nil {
		return nil, err
	}
	return w.Metric(), nil
}

// waysWithLength is ways for pairs.
func (r *Router) waysWithLength(s Stop, arriving bool) (cch.Stop[uint64], error) {
	length := r.net.decimeters(s.Edge)
	here := offset(length, s.Fraction)
	ends, count := endsOf(r, s, arriving, func(x Step) (before, after uint64) {
		a, b := r.parts(x, s.Fraction)
		switch {
		case a == graph.Inf:
			return cch.Inf[uint64](), cch.Inf[uint64]()
		case x.Backward():
			return pair(a, length-here), pair(b, here)
		}
		return pair(a, here), pair(b, length-here)
	})
	return stopAt(r.h, ends, count, 0)
}

// matrixWithLengths is Matrix with lengths.
func (r *Router) matrixWithLengths(ctx context.Context, from, to []Stop, o MatrixOptions) (*Matrix, error) {
	metric, err := r.pairs(ctx)
	if err != nil {
		return nil, err
	}
	out, err := stopsOf(from, func(s Stop) (cch.Stop[uint64], error) { return r.waysWithLength(s, false) })
	if err != nil {
		return nil, err
	}
	in, err := stopsOf(to, func(s Stop) (cch.Stop[uint64], error) { return r.waysWithLength(s, true) })
	if err != nil {
		return nil, err
	}
	cells, err := metric.Matrix(ctx, out, in, cch.MatrixOptions[uint64]{Progress: o.Progress})
	if err != nil {
		return nil, err
	}
	onEdge(from, to, func(i, j int) {
		a, b := from[i], to[j]
		ms := r.along(a, b)
		if ms == graph.Inf {
			return
		}
		length := r.net.decimeters(a.Edge)
		between := max(offset(length, a.Fraction), offset(length, b.Fraction)) - min(offset(length, a.Fraction), offset(length, b.Fraction))
		cells[i*len(to)+j] = min(cells[i*len(to)+j], pair(ms, between))
	})
	m := &Matrix{Rows: len(from), Columns: len(to), Millis: make([]uint32, len(cells)), Decimeters: make([]uint32, len(cells))}
	for i, a := range from {
		for j, b := range to {
			k := i*len(to) + j
			ms := graph.Add(graph.Add(uint32(min(cells[k]>>32, uint64(graph.Inf))), a.access()), b.access())
			if ms == graph.Inf || o.Limit > 0 && duration(ms) > o.Limit {
				m.Millis[k] = Unreachable
				continue
			}
			m.Millis[k] = ms
			m.Decimeters[k] = uint32(cells[k]) + uint32(math.Round(float64(a.Access+b.Access)*10))
		}
	}
	return m, nil
}
