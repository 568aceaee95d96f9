package route

import (
	"context"
	"runtime"
	"sync"
	"sync/atomic"
	"time"

	"github.com/hubplan/hubplan/route/internal/graph"
)

// Unreachable is the value in a [Matrix] of a pair without a way.
const Unreachable = graph.Inf

// Matrix holds the times from rows to columns.
type Matrix struct {
	Rows, Columns int
	// Millis holds the times row by row, in milliseconds: row i, column j is at
	// i*Columns+j. Unreachable marks a pair without a way.
	Millis []uint32
}

// At returns the time from row i to column j, and whether there is a way.
func (m *Matrix) At(i, j int) (time.Duration, bool) {
	ms := m.Millis[i*m.Columns+j]
	return duration(ms), ms != Unreachable
}

// MatrixOptions tunes [Router.Matrix].
type MatrixOptions struct {
	// Progress, if set, is called after each row with the rows done so far, from
	// several goroutines and not always in order.
	Progress func(done, total int)
}

// Matrix returns the times from every stop of from to every stop of to, access
// at both ends included: each cell equals the Time of [Router.Path] for its pair
// and does not depend on the other stops. It runs one search a row, on all
// cores, so the shorter list makes the better rows when all edges are open both ways.
// It stops with the context's error when that ends.
func (r *Router) Matrix(ctx context.Context, from, to []Stop, o MatrixOptions) (*Matrix, error) {
	for _, stops := range [2][]Stop{from, to} {
		for _, s := range stops {
			if err := r.check(s); err != nil {
				return nil, err
			}
		}
	}
	m := &Matrix{Rows: len(from), Columns: len(to), Millis: make([]uint32, len(from)*len(to))}
	var next, done atomic.Int64
	var workers sync.WaitGroup
	for range min(runtime.GOMAXPROCS(0), len(from)) {
		workers.Go(func() {
			var tree graph.Tree
			for ctx.Err() == nil {
				i := int(next.Add(1)) - 1
				if i >= len(from) {
					return
				}
				tree.Run(r.graph, r.weight, r.leave(from[i]))
				row := m.Millis[i*len(to) : (i+1)*len(to)]
				for j := range to {
					ms, _ := r.best(tree.Dist, from[i], to[j])
					row[j] = graph.Add(graph.Add(ms, from[i].access()), to[j].access())
				}
				if n := int(done.Add(1)); o.Progress != nil {
					o.Progress(n, len(from))
				}
			}
		})
	}
	workers.Wait()
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	return m, nil
}
