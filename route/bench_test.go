package route

import (
	"testing"
	"time"

	"gonum.org/v1/gonum/graph"
	"gonum.org/v1/gonum/graph/path"
	"gonum.org/v1/gonum/graph/simple"
)

// BenchmarkDijkstra is one search of the whole network, ours and gonum's on the
// same arrays.
func BenchmarkDijkstra(b *testing.B) {
	n := dataNetwork(b, "moscow-t")
	h := mustHierarchy(b, n)
	r, err := h.Router(b.Context(), DIMACS())
	if err != nil {
		b.Fatal(err)
	}
	s, err := h.At(0)
	if err != nil {
		b.Fatal(err)
	}
	b.Run("ours", func(b *testing.B) {
		var times []uint32
		for b.Loop() {
			if times, err = r.Dijkstra(s, times); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("gonum", func(b *testing.B) {
		g := csr{h, r}
		for b.Loop() {
			path.DijkstraFrom(simple.Node(0), g)
		}
	})
}

// csr shows the arrays of a router to gonum.
type csr struct {
	h *Hierarchy
	r *Router
}

func (g csr) arcs(u int64) (lo, hi uint32) { return g.h.graph.First[u], g.h.graph.First[u+1] }

func (g csr) From(u int64) graph.Nodes {
	lo, hi := g.arcs(u)
	return &heads{g: g, at: lo, end: hi}
}

func (g csr) Edge(u, v int64) graph.Edge {
	if _, ok := g.Weight(u, v); !ok {
		return nil
	}
	return simple.Edge{F: simple.Node(u), T: simple.Node(v)}
}

// Weight makes it a graph with weights to gonum.
func (g csr) Weight(u, v int64) (float64, bool) {
	lo, hi := g.arcs(u)
	for a := lo; a < hi; a++ {
		if int64(g.h.graph.Head[a]) == v {
			return float64(g.r.base.time.Weights()[a]), true
		}
	}
	return 0, u == v
}

// heads walks over the heads of arcs.
type heads struct {
	g       csr
	at, end uint32
	node    graph.Node
}

func (h *heads) Len() int { return int(h.end - h.at) }
func (h *heads) Reset()   {}
func (h *heads) Next() bool {
	if h.at == h.end {
		return false
	}
	h.node = simple.Node(h.g.h.graph.Head[h.at])
	h.at++
	return true
}
func (h *heads) Node() graph.Node { return h.node }

// BenchmarkCatchment is the areas of an hour's drive in a city, part by part.
func BenchmarkCatchment(b *testing.B) {
	n := dataNetwork(b, "porto-t")
	profile := DIMACS()
	profile.Access = 5 * KilometerPerHour
	r, err := mustHierarchy(b, n).Router(b.Context(), profile)
	if err != nil {
		b.Fatal(err)
	}
	from := []Stop{{Edge: 1000}, {Edge: 50_000}, {Edge: 100_000}}
	x := mustWithin(b, r, from, time.Hour)
	c := mustCatchment(b, x, CatchmentOptions{Resolution: 200})
	b.Run("within", func(b *testing.B) {
		for b.Loop() {
			for range mustWithin(b, r, from, time.Hour).Shares(time.Hour) {
			}
		}
	})
	b.Run("catchment", func(b *testing.B) {
		for b.Loop() {
			mustCatchment(b, x, CatchmentOptions{Resolution: 200})
		}
		b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(c.field.Points()), "ns/point")
	})
	b.Run("band", func(b *testing.B) {
		for b.Loop() {
			mustBands(b, c, 20*time.Minute)
		}
	})
	b.Run("parts", func(b *testing.B) {
		for b.Loop() {
			if _, err := c.Parts(b.Context(), 20*time.Minute); err != nil {
				b.Fatal(err)
			}
		}
	})
}
