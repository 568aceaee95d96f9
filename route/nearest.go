package route

import (
	"context"
	"fmt"

	"github.com/hubplan/hubplan/route/internal/cch"
	"github.com/hubplan/hubplan/route/internal/graph"
)

// Nearest is the nearest stops of a set for every node of a network.
type Nearest struct {
	K int
	// Stop holds the stops in the order of their times, K a node: the i-th nearest
	// of node v is at v*K+i, -1 where fewer reach it. Of equal times the stop with
	// the lower number comes first.
	Stop []int32
	// Millis holds their times to the node in the same layout.
	Millis []uint32
}

// Nearest finds for every node the k stops of a set from which it is reached the
// fastest, access included, in one pass over the network whatever the size of the
// set. It stops with the context's error when that ends.
func (r *Router) Nearest(ctx context.Context, set []Stop, k int) (*Nearest, error) {
	near, err := r.nearest(ctx, set, k)
	if err != nil {
		return nil, err
	}
	best := &Nearest{K: k, Stop: make([]int32, r.net.Nodes()*k), Millis: make([]uint32, r.net.Nodes()*k)}
	for v := range r.net.Nodes() {
		at := int(r.h.split.reach(uint32(v))) * k
		for i, x := range near[at : at+k] {
			best.Stop[v*k+i], best.Millis[v*k+i] = int32(x.Stop), x.Cost
			if x.Cost == graph.Inf {
				best.Stop[v*k+i] = -1
			}
		}
	}
	return best, nil
}

// nearest is Nearest for the nodes of the graph, split junctions and all.
func (r *Router) nearest(ctx context.Context, set []Stop, k int) (near []cch.Near[uint32], err error) {
	if k < 1 {
		return nil, fmt.Errorf("route: the nearest %d", k)
	}
	from := make([]cch.Stop[uint32], len(set))
	for i, s := range set {
		if err := r.check(s); err != nil {
			return nil, err
		}
		ends, count := r.ends(s, false)
		if from[i], err = stopAt(r.h, ends, count, s.access()); err != nil {
			return nil, err
		}
	}
	err = r.use(func(m *cch.Metric[uint32]) error {
		near, err = m.NearestFrom(ctx, from, k, graph.Inf)
		return err
	})
	return near, err
}
