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

// maxLengthSpeed is the speed, in metres per second, up to which the length of
// whatever fits the clock fits the lower half: at a decimetre a millisecond the
// longest way and a half is within 32 bits.
const maxLengthSpeed = 100

func pair(ms, decimeters uint32) uint64 { return uint64(ms)<<32 | uint64(decimeters) }

// decimeters is the length of an edge as pairs have it.
func (n *Network) decimeters(edge int) uint32 {
	return uint32(math.Round(float64(n.length[edge]) * 10))
}

// pairOf is the pair of a whole edge.
func (r *Router) pairOf(edge int, ms uint32) uint64 {
	if ms == graph.Inf {
		return cch.Inf[uint64]()
	}
	return pair(ms, r.net.decimeters(edge))
}

// pairs returns the metric of times and lengths, computed when first needed.
func (r *Router) pairs(ctx context.Context) (*cch.Metric[uint64], error) {
	for class := range Class(classes) {
		if speed := r.profile.Speed[class]; speed > maxLengthSpeed {
			return nil, fmt.Errorf("route: %w %q: %v km/h on %v is too fast for lengths", ErrProfile, r.profile.Name, speed.KilometersPerHour(), class)
		}
	}
	base := r.base
	base.lengthsOnce.Do(func() {
		cost := make([]uint64, len(base.cost))
		for e, ms := range base.cost {
			cost[e] = r.pairOf(e, ms)
		}
		// Not ctx: what others wait for must not end with the first of them.
		base.lengths, base.lengthsErr = cch.Customize(context.WithoutCancel(ctx), r.h.cch, weights(r.h, cost), 0)
	})
	if base.lengthsErr != nil || r.change == nil {
		return base.lengths, base.lengthsErr
	}
	w := base.lengths.NewWorker()
	if err := w.Change(ctx, arcChanges(r.h, r.change.cost, r.pairOf)); err != nil {
		return nil, err
	}
	return w.Metric(), nil
}

// waysWithLength is ways for pairs.
func (r *Router) waysWithLength(s Stop, arriving bool) (cch.Stop[uint64], error) {
	from := cch.Seed[uint64]{Node: r.net.from[s.Edge]}
	to := cch.Seed[uint64]{Node: r.net.to[s.Edge]}
	if cost := r.cost(s.Edge); cost == graph.Inf {
		from.Cost, to.Cost = cch.Inf[uint64](), cch.Inf[uint64]()
	} else {
		from.Cost = r.pairTo(s)
		to.Cost = r.pairOf(s.Edge, cost) - from.Cost
	}
	ends, count := open(r.net.one[s.Edge], s.Fraction, arriving, from, to)
	return cch.NewStop(r.h.cch, ends[:count]...)
}

// pairTo is the pair from the From end of a stop's edge to the stop.
func (r *Router) pairTo(s Stop) uint64 {
	return pair(offset(r.cost(s.Edge), s.Fraction), offset(r.net.decimeters(s.Edge), s.Fraction))
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
		if r.along(a, b) == graph.Inf {
			return
		}
		if a.Fraction > b.Fraction {
			a, b = b, a
		}
		var direct uint64
		if a.Fraction < b.Fraction {
			direct = r.pairTo(b) - r.pairTo(a)
		}
		cells[i*len(to)+j] = min(cells[i*len(to)+j], direct)
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
