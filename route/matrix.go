package route

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"slices"
	"time"

	"github.com/hubplan/hubplan/route/internal/cch"
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
	// Decimeters holds, if they were asked for, the lengths of the fastest ways in
	// the same layout, each edge rounded to the decimetre; of several fastest ways
	// the shortest counts. Zero where Millis is Unreachable.
	Decimeters []uint32
}

// At returns the time from row i to column j, and whether there is a way.
func (m *Matrix) At(i, j int) (time.Duration, bool) {
	ms := m.Millis[i*m.Columns+j]
	return duration(ms), ms != Unreachable
}

// MatrixOptions tunes [Router.Matrix].
type MatrixOptions struct {
	// Limit, if above zero, makes Unreachable of what takes longer.
	Limit time.Duration
	// Lengths asks for the lengths of the ways too.
	Lengths bool
	// Progress, if set, is told how many rows are done. Calls do not overlap.
	Progress func(done, total int)
}

// Matrix returns the times from every stop of from to every stop of to, access
// at both ends included: each cell equals the Time of [Router.Path] for its pair,
// to the millisecond, and does not depend on the other stops. A stop may occur
// several times. It runs on all cores and stops with the context's error when
// that ends.
func (r *Router) Matrix(ctx context.Context, from, to []Stop, o MatrixOptions) (*Matrix, error) {
	for _, stops := range [2][]Stop{from, to} {
		for _, s := range stops {
			if err := r.check(s); err != nil {
				return nil, err
			}
		}
	}
	if o.Lengths {
		return r.matrixWithLengths(ctx, from, to, o)
	}
	out, err := stopsOf(from, func(s Stop) (cch.Stop[uint32], error) { return r.ways(s, false) })
	if err != nil {
		return nil, err
	}
	in, err := stopsOf(to, func(s Stop) (cch.Stop[uint32], error) { return r.ways(s, true) })
	if err != nil {
		return nil, err
	}
	m := &Matrix{Rows: len(from), Columns: len(to)}
	err = r.use(func(metric *cch.Metric[uint32]) error {
		m.Millis, err = metric.Matrix(ctx, out, in, cch.MatrixOptions[uint32]{Progress: o.Progress, Limit: limit(o.Limit)})
		return err
	})
	if err != nil {
		return nil, err
	}
	onEdge(from, to, func(i, j int) {
		cell := &m.Millis[i*m.Columns+j]
		*cell = min(*cell, r.along(from[i], to[j]))
	})
	for i, s := range from {
		row := m.Millis[i*m.Columns : (i+1)*m.Columns]
		for j := range row {
			row[j] = graph.Add(graph.Add(row[j], s.access()), to[j].access())
			if o.Limit > 0 && duration(row[j]) > o.Limit {
				row[j] = Unreachable
			}
		}
	}
	return m, nil
}

func stopsOf[W cch.Weight](stops []Stop, ways func(Stop) (cch.Stop[W], error)) ([]cch.Stop[W], error) {
	list := make([]cch.Stop[W], len(stops))
	for i, s := range stops {
		var err error
		if list[i], err = ways(s); err != nil {
			return nil, fmt.Errorf("route: %w", err)
		}
	}
	return list, nil
}

// limit is a time limit in milliseconds, 0 for none.
func limit(d time.Duration) uint32 {
	return uint32(min(d.Milliseconds(), int64(graph.Inf)-1))
}

// onEdge calls f for the pairs of stops that are on one edge.
func onEdge(from, to []Stop, f func(i, j int)) {
	columns := make(map[int][]int)
	for j, s := range to {
		columns[s.Edge] = append(columns[s.Edge], j)
	}
	for i, s := range from {
		for _, j := range columns[s.Edge] {
			f(i, j)
		}
	}
}

// Block is some rows of a matrix.
type Block struct {
	Row int // the first
	*Matrix
}

// Blocks yields the matrix of from and to in blocks of rows, each of at most the
// given number of rows, for tables larger than memory. An error ends it.
func (r *Router) Blocks(ctx context.Context, from, to []Stop, rows int, o MatrixOptions) iter.Seq2[Block, error] {
	return func(yield func(Block, error) bool) {
		if rows < 1 {
			yield(Block{}, errors.New("route: blocks of no rows"))
			return
		}
		total, progress := len(from), o.Progress
		for row := 0; row < total; row += rows {
			if progress != nil {
				o.Progress = func(done, _ int) { progress(row+done, total) }
			}
			m, err := r.Matrix(ctx, from[row:min(row+rows, total)], to, o)
			if !yield(Block{row, m}, err) || err != nil {
				return
			}
		}
	}
}

// Cell is a cell of a matrix that a what-if changes.
type Cell struct {
	Row, Column   int
	Before, After uint32 // milliseconds, or Unreachable
}

// Diff lists the cells in which two matrices of the same stops differ, row by row.
func Diff(before, after *Matrix) ([]Cell, error) {
	if before.Rows != after.Rows || before.Columns != after.Columns {
		return nil, fmt.Errorf("route: matrices of %d × %d and %d × %d", before.Rows, before.Columns, after.Rows, after.Columns)
	}
	var cells []Cell
	for k, ms := range before.Millis {
		if ms != after.Millis[k] {
			cells = append(cells, Cell{k / before.Columns, k % before.Columns, ms, after.Millis[k]})
		}
	}
	return cells, nil
}

// Times returns the times from a stop to all nodes in milliseconds, access
// included, Unreachable where there is no way. They are written to times if it
// is large enough.
func (r *Router) Times(from Stop, times []uint32) ([]uint32, error) {
	if err := r.check(from); err != nil {
		return nil, err
	}
	out, err := r.ways(from, false)
	if err != nil {
		return nil, err
	}
	nodes := r.h.graph.Nodes()
	if cap(times) < nodes {
		times = make([]uint32, nodes)
	}
	times = times[:nodes]
	q := r.NewQuery()
	q.search.FromStop(out, graph.Inf, times)
	q.Close()
	times = r.h.gather(times)
	if access := from.access(); access > 0 {
		for v, ms := range times {
			times[v] = graph.Add(ms, access)
		}
	}
	return times, nil
}

// Dijkstra is [Router.Times] by Dijkstra's algorithm on the plain graph: the
// method to check the others with and to measure them by. Nodes have the numbers
// of the network.
func (r *Router) Dijkstra(from Stop, times []uint32) ([]uint32, error) {
	if err := r.check(from); err != nil {
		return nil, err
	}
	var seeds []graph.Seed
	ends, count := r.ends(from, false)
	for _, x := range ends[:count] {
		seeds = append(seeds, graph.Seed{Node: x.seed.Node, Dist: graph.Add(x.seed.Cost, from.access())})
	}
	weight := r.base.time.Weights()
	if r.change != nil {
		weight = slices.Clone(weight)
		for _, c := range r.change.whatIf.Changes() {
			weight[c.Arc] = c.Weight
		}
	}
	tree := r.base.trees.Get().(*graph.Tree)
	defer r.base.trees.Put(tree)
	tree.Run(r.h.graph, weight, seeds)
	return r.h.gather(append(times[:0], tree.Dist...)), nil
}

// gather turns values of the graph's nodes into those of the network's, in place: at
// a junction that is split they are those of where it is reached.
func (h *Hierarchy) gather(values []uint32) []uint32 {
	if h.split != nil {
		for v, at := range h.split.arrive {
			values[v] = values[at]
		}
	}
	return values[:h.net.Nodes()]
}
