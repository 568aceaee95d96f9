package route

import (
	"context"
	"fmt"
	"runtime"
	"sync"
	"sync/atomic"

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
// fastest, access included. It makes one pass over the network for each stop, on
// all cores, and stops with the context's error when that ends.
func (r *Router) Nearest(ctx context.Context, set []Stop, k int) (*Nearest, error) {
	if k < 1 {
		return nil, fmt.Errorf("route: the nearest %d", k)
	}
	for _, s := range set {
		if err := r.check(s); err != nil {
			return nil, err
		}
	}
	nodes := r.net.Nodes()
	best := &Nearest{K: k, Stop: make([]int32, nodes*k), Millis: make([]uint32, nodes*k)}
	for i := range best.Stop {
		best.Stop[i], best.Millis[i] = -1, graph.Inf
	}
	// The passes run side by side; each batch is then taken in by blocks of nodes,
	// in the order of the stops.
	batch := make([][]uint32, runtime.GOMAXPROCS(0))
	for first := 0; first < len(set); first += len(batch) {
		some := set[first:min(first+len(batch), len(set))]
		errs := make([]error, len(some))
		var passes sync.WaitGroup
		for i, s := range some {
			passes.Go(func() { batch[i], errs[i] = r.Times(s, batch[i]) })
		}
		passes.Wait()
		for _, err := range errs {
			if err != nil {
				return nil, err
			}
		}
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		const block = 1 << 14
		var next atomic.Int64
		for range len(batch) {
			passes.Go(func() {
				for {
					lo := int(next.Add(block)) - block
					if lo >= nodes {
						return
					}
					for i := range some {
						best.take(batch[i], first+i, lo, min(lo+block, nodes))
					}
				}
			})
		}
		passes.Wait()
	}
	return best, nil
}

// take puts a stop into the lists of nodes lo to hi-1.
func (n *Nearest) take(times []uint32, stop, lo, hi int) {
	for v := lo; v < hi; v++ {
		stops, millis := n.Stop[v*n.K:(v+1)*n.K], n.Millis[v*n.K:(v+1)*n.K]
		ms := times[v]
		i := n.K
		for ; i > 0 && ms < millis[i-1]; i-- {
			if i < n.K {
				stops[i], millis[i] = stops[i-1], millis[i-1]
			}
		}
		if i < n.K {
			stops[i], millis[i] = int32(stop), ms
		}
	}
}
