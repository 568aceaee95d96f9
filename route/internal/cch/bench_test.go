package cch

import (
	"context"
	"testing"

	"github.com/hubplan/hubplan/route/internal/graph"
)

var roadNames = []string{"delaware-t", "porto-t", "moscow-t"}

// onRoads runs a benchmark on each road graph.
func onRoads(b *testing.B, f func(b *testing.B, r *road)) {
	for _, name := range roadNames {
		b.Run(name, func(b *testing.B) { f(b, loadRoad(b, name)) })
	}
}

// BenchmarkDijkstra is the yardstick: one search to all nodes of the graph, its
// nodes numbered in hierarchy order.
func BenchmarkDijkstra(b *testing.B) {
	onRoads(b, func(b *testing.B, r *road) {
		g, weight := r.renumbered()
		var t graph.Tree
		t.Run(g, weight, []graph.Seed{{Node: 0}})
		i := 0
		for b.Loop() {
			t.Run(g, weight, []graph.Seed{{Node: r.hierarchy.rank[r.rows[i%10]]}})
			i++
		}
	})
}

// BenchmarkDijkstraAsRead searches with the nodes as numbered in the file.
func BenchmarkDijkstraAsRead(b *testing.B) {
	onRoads(b, func(b *testing.B, r *road) {
		var t graph.Tree
		i := 0
		for b.Loop() {
			t.Run(r.graph, r.weight, []graph.Seed{{Node: r.rows[i%10]}})
			i++
		}
	})
}

func BenchmarkOrder(b *testing.B) {
	onRoads(b, func(b *testing.B, r *road) {
		for b.Loop() {
			if _, err := Order(context.Background(), r.graph, OrderOptions{X: r.x, Y: r.y, Workers: 1}); err != nil {
				b.Fatal(err)
			}
		}
		b.ReportMetric(float64(r.hierarchy.Arcs()), "arcs")
	})
}

func BenchmarkHierarchy(b *testing.B) {
	onRoads(b, func(b *testing.B, r *road) {
		for b.Loop() {
			if _, err := NewHierarchy(context.Background(), r.graph, r.order); err != nil {
				b.Fatal(err)
			}
		}
	})
}

func BenchmarkCustomize(b *testing.B) {
	onRoads(b, func(b *testing.B, r *road) {
		for b.Loop() {
			if _, err := Customize(context.Background(), r.hierarchy, r.weight, 1); err != nil {
				b.Fatal(err)
			}
		}
	})
}

func BenchmarkDistance(b *testing.B) {
	onRoads(b, func(b *testing.B, r *road) {
		var from, to []uint32
		for _, p := range r.pairs {
			from, to = append(from, p[0]), append(to, p[1])
		}
		s, t := stops[uint32](b, r.hierarchy, from), stops[uint32](b, r.hierarchy, to)
		q := r.metric.NewQuery()
		i := 0
		for b.Loop() {
			q.Distance(s[i%len(s)], t[i%len(s)])
			i++
		}
	})
}

func BenchmarkOneToAll(b *testing.B) {
	onRoads(b, func(b *testing.B, r *road) {
		s := stops[uint32](b, r.hierarchy, r.rows)
		q := r.metric.NewQuery()
		dist := make([]uint32, r.graph.Nodes())
		i := 0
		for b.Loop() {
			q.FromStop(s[i%len(s)], Inf[uint32](), dist)
			i++
		}
	})
}
