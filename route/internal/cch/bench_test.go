package cch

import (
	"context"
	"fmt"
	"math"
	"testing"
	"time"

	"github.com/hubplan/hubplan/route/internal/graph"
)

// The benchmarks run on road graphs whose nodes are numbered in hierarchy order.
// Beside the time of an average run they report the time for each operation in the
// fastest, and that in units of the fastest of some Dijkstra searches to all nodes
// of the same graph in the same run: a busy machine disturbs neither.

// onRoads runs a benchmark on each road graph.
func onRoads(b *testing.B, f func(b *testing.B, r *road)) {
	for _, name := range []string{"delaware-t", "porto-t", "moscow-t"} {
		b.Run(name, func(b *testing.B) { f(b, loadRoad(b, name+"/renumbered")) })
	}
}

// measure times op, of which a call does the work of so many operations.
func measure(b *testing.B, r *road, operations int, op func()) {
	b.Helper()
	yardstick := r.yardstick()
	op()
	fastest := time.Duration(math.MaxInt64)
	for b.Loop() {
		began := time.Now()
		op()
		fastest = min(fastest, time.Since(began))
	}
	each := float64(fastest) / float64(operations)
	b.ReportMetric(each, "ns/each")
	b.ReportMetric(each/float64(yardstick), "dijkstras")
}

// yardstick returns the time of one Dijkstra search.
func (r *road) yardstick() time.Duration {
	if r.dijkstra == 0 {
		var t graph.Tree
		for i := range 12 {
			began := time.Now()
			t.Run(r.graph, r.weight, []graph.Seed{{Node: r.rows[i]}})
			if took := time.Since(began); i < 2 || took < r.dijkstra {
				r.dijkstra = took
			}
		}
	}
	return r.dijkstra
}

// check ends a benchmark that failed.
func check(b *testing.B, err error) {
	if err != nil {
		b.Fatal(err)
	}
}

// ends returns the stops of the pairs.
func (r *road) ends(tb testing.TB) (from, to []Stop[uint32]) {
	var sources, targets []uint32
	for _, p := range r.pairs {
		sources, targets = append(sources, p[0]), append(targets, p[1])
	}
	return stops[uint32](tb, r.hierarchy, sources), stops[uint32](tb, r.hierarchy, targets)
}

// BenchmarkDijkstra is the yardstick itself.
func BenchmarkDijkstra(b *testing.B) {
	onRoads(b, func(b *testing.B, r *road) {
		var t graph.Tree
		i := 0
		measure(b, r, 1, func() {
			t.Run(r.graph, r.weight, []graph.Seed{{Node: r.rows[i%len(r.rows)]}})
			i++
		})
	})
}

func BenchmarkOrder(b *testing.B) {
	onRoads(b, func(b *testing.B, r *road) {
		measure(b, r, 1, func() {
			_, err := Order(context.Background(), r.graph, OrderOptions{X: r.x, Y: r.y, Workers: 1})
			check(b, err)
		})
		b.ReportMetric(float64(r.hierarchy.Arcs()), "arcs")
	})
}

func BenchmarkHierarchy(b *testing.B) {
	onRoads(b, func(b *testing.B, r *road) {
		measure(b, r, 1, func() {
			_, err := NewHierarchy(context.Background(), r.graph, r.order)
			check(b, err)
		})
	})
}

func BenchmarkCustomize(b *testing.B) {
	onRoads(b, func(b *testing.B, r *road) {
		measure(b, r, 1, func() {
			_, err := Customize(context.Background(), r.hierarchy, r.weight, 1)
			check(b, err)
		})
	})
}

// BenchmarkDistance asks for all pairs in turn.
func BenchmarkDistance(b *testing.B) {
	onRoads(b, func(b *testing.B, r *road) {
		from, to := r.ends(b)
		q := r.metric.NewQuery()
		measure(b, r, len(from), func() {
			for i, s := range from {
				q.Distance(s, to[i])
			}
		})
	})
}

// BenchmarkPath asks for all pairs in turn on a metric that remembers how the
// arcs on their ways unpack, BenchmarkFirstPath on one that does not.
func BenchmarkPath(b *testing.B) {
	onRoads(b, func(b *testing.B, r *road) { benchmarkPaths(b, r, r.metric) })
}

func BenchmarkFirstPath(b *testing.B) {
	onRoads(b, func(b *testing.B, r *road) { benchmarkPaths(b, r, r.metric.NewWorker().Metric()) })
}

func benchmarkPaths(b *testing.B, r *road, m *Metric[uint32]) {
	from, to := r.ends(b)
	q := m.NewQuery()
	var buffer []uint32
	arcs := 0
	measure(b, r, len(from), func() {
		arcs = 0
		for i, s := range from {
			p, _ := q.Path(s, to[i], buffer)
			buffer = p.Arcs
			arcs += len(buffer)
		}
	})
	b.ReportMetric(float64(arcs)/float64(len(from)), "arcs")
}

func BenchmarkOneToAll(b *testing.B) {
	onRoads(b, func(b *testing.B, r *road) {
		rows := stops[uint32](b, r.hierarchy, r.rows[:100])
		q := r.metric.NewQuery()
		dist := make([]uint32, r.graph.Nodes())
		measure(b, r, len(rows), func() {
			for _, s := range rows {
				q.FromStop(s, Inf[uint32](), dist)
			}
		})
	})
}

func BenchmarkNearest(b *testing.B) {
	onRoads(b, func(b *testing.B, r *road) {
		set := stops[uint32](b, r.hierarchy, r.rows[:300])
		measure(b, r, 1, func() {
			_, err := r.metric.NearestFrom(context.Background(), set, 3, Inf[uint32]())
			check(b, err)
		})
	})
}

// BenchmarkMatrix100 and the others fill square matrices on one core.
func BenchmarkMatrix100(b *testing.B) {
	onRoads(b, func(b *testing.B, r *road) { benchmarkMatrix(b, r, r.rows[:100], r.columns[:100]) })
}

func BenchmarkMatrix1000(b *testing.B) {
	onRoads(b, func(b *testing.B, r *road) { benchmarkMatrix(b, r, r.rows, r.columns) })
}

func BenchmarkMatrix10000(b *testing.B) {
	onRoads(b, func(b *testing.B, r *road) {
		var from, to []uint32
		for _, p := range r.pairs {
			from, to = append(from, p[0]), append(to, p[1])
		}
		benchmarkMatrix(b, r, from, to)
	})
}

func benchmarkMatrix(b *testing.B, r *road, rows, columns []uint32) {
	from, to := stops[uint32](b, r.hierarchy, rows), stops[uint32](b, r.hierarchy, columns)
	measure(b, r, 1, func() {
		_, err := r.metric.Matrix(context.Background(), from, to, MatrixOptions[uint32]{Workers: 1})
		check(b, err)
	})
}

// BenchmarkClose closes arcs, each time from the open network: 10 means a
// different ten of the thousand closures each time.
func BenchmarkClose(b *testing.B) {
	for _, k := range []int{1, 10, 100, 1000} {
		b.Run(fmt.Sprint(k), func(b *testing.B) {
			onRoads(b, func(b *testing.B, r *road) {
				changes := r.closing(1000)
				w := r.metric.NewWorker()
				measure(b, r, 1000/k, func() {
					for i := 0; i < len(changes); i += k {
						check(b, w.Change(context.Background(), changes[i:i+k]))
						w.Undo()
					}
				})
			})
		})
	}
}

// BenchmarkUndo takes closures on that are known, and back.
func BenchmarkUndo(b *testing.B) {
	for _, k := range []int{1, 10, 100} {
		b.Run(fmt.Sprint(k), func(b *testing.B) {
			onRoads(b, func(b *testing.B, r *road) {
				changes := r.closing(1000)
				w := r.metric.NewWorker()
				var cases []*WhatIf[uint32]
				for i := 0; i < len(changes); i += k {
					check(b, w.Change(context.Background(), changes[i:i+k]))
					cases = append(cases, w.Keep())
					w.Undo()
				}
				measure(b, r, len(cases), func() {
					for _, f := range cases {
						w.Apply(f)
						w.Undo()
					}
				})
			})
		})
	}
}
