package cch

import (
	"context"
	"runtime"
	"sync"
	"sync/atomic"
)

// MatrixOptions are the choices of [Metric.Matrix]. The zero value computes all
// cells on all cores.
type MatrixOptions[W Weight] struct {
	// Limit is the cost above which a cell is Inf, 0 for no limit.
	Limit W
	// Workers is the number of goroutines, GOMAXPROCS if 0.
	Workers int
	// Progress, if not nil, is told how many of all rows are done. Calls do
	// not overlap, but rows may not be done in their order.
	Progress func(done, total int)
}

// Matrix returns the least costs from each stop of from to each of to, row by
// row: the cost from i to j is entry i*len(to)+j. A cell is what
// [Query.Distance] returns for its stops, whatever else is in the matrix.
//
// Each stop is climbed from once, and the cells of neighbouring stops are met
// together, where few of their common ancestors can matter; a matrix of few rows
// or few columns and very many of the others is swept instead. Cancelling ctx
// stops it with the context's error.
func (m *Metric[W]) Matrix(ctx context.Context, from, to []Stop[W], o MatrixOptions[W]) ([]W, error) {
	t := &matrix[W]{m: m, from: from, to: to, options: o, cells: make([]W, len(from)*len(to))}
	if t.options.Limit == 0 {
		t.options.Limit = Inf[W]()
	}
	if t.options.Workers <= 0 {
		t.options.Workers = runtime.GOMAXPROCS(0)
	}
	rows, columns := len(from), len(to)
	if rows == 0 || columns == 0 {
		return t.cells, ctx.Err()
	}
	h := m.h
	all := h.Nodes() + h.Arcs()
	switch climbs := (rows+columns)*h.climbing + rows*columns*8; {
	case rows <= columns && rows*all < climbs:
		t.each(ctx, rows, t.sweepRow)
	case columns < rows && columns*all < climbs:
		t.each(ctx, columns, t.sweepColumn)
	default:
		t.meet(ctx)
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	return t.cells, nil
}

// matrix is one call to Matrix.
type matrix[W Weight] struct {
	m        *Metric[W]
	from, to []Stop[W]
	options  MatrixOptions[W]
	cells    []W

	mu   sync.Mutex
	done int // rows
}

// rowsDone reports that so many more rows are done.
func (t *matrix[W]) rowsDone(rows int) {
	if t.options.Progress == nil {
		return
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	t.done += rows
	t.options.Progress(t.done, len(t.from))
}

// inTurn calls work in every goroutine with a function that hands out the
// numbers below n, each once and ascending, and ends with false when there are
// no more or ctx is cancelled.
func inTurn(ctx context.Context, workers, n int, work func(next func() (int, bool))) {
	var given atomic.Int64
	next := func() (int, bool) {
		i := int(given.Add(1)) - 1
		return i, i < n && ctx.Err() == nil
	}
	if workers = min(workers, n); workers <= 1 {
		work(next)
		return
	}
	var wait sync.WaitGroup
	for range workers {
		wait.Go(func() { work(next) })
	}
	wait.Wait()
}

// each runs sweep for the numbers below n.
func (t *matrix[W]) each(ctx context.Context, n int, sweep func(q *Query[W], dist []W, i int)) {
	inTurn(ctx, t.options.Workers, n, func(next func() (int, bool)) {
		q := t.m.NewQuery()
		dist := make([]W, t.m.h.Nodes())
		for i, ok := next(); ok; i, ok = next() {
			sweep(q, dist, i)
		}
	})
}

func (t *matrix[W]) sweepRow(q *Query[W], dist []W, i int) {
	q.FromStop(t.from[i], t.options.Limit, dist)
	row := t.cells[i*len(t.to):][:len(t.to)]
	for j, s := range t.to {
		row[j] = t.pick(s, dist)
	}
	t.rowsDone(1)
}

func (t *matrix[W]) sweepColumn(q *Query[W], dist []W, j int) {
	q.ToStop(t.to[j], t.options.Limit, dist)
	for i, s := range t.from {
		t.cells[i*len(t.to)+j] = t.pick(s, dist)
	}
	if j == len(t.to)-1 {
		t.rowsDone(len(t.from))
	}
}

// pick returns the least cost over the seeds of a stop, given those at nodes.
func (t *matrix[W]) pick(s Stop[W], dist []W) W {
	best := Inf[W]()
	for _, seed := range s.seeds[:s.count] {
		best = min(best, seed.Cost+dist[t.m.h.node[seed.Node]])
	}
	if best > t.options.Limit {
		return Inf[W]()
	}
	return best
}
