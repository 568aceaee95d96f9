package format

import (
	"context"
	"io"
	"math"

	"github.com/hubplan/hubplan/geo/input"
	"github.com/hubplan/hubplan/hub/locate"
)

// maxNodes is the largest graph of which all distances are computed: they are
// 1e8 numbers.
const maxNodes = 10_000

// ReadPMed reads a p-median problem of OR-Library (Beasley 1985, European
// Journal of Operational Research 21, https://doi.org/10.1016/0377-2217(85)90040-2):
// the numbers of nodes and edges and P, then two nodes, counted from 1, and the
// length of each edge. Of an edge that is listed more than once the last
// length counts. Every node is a demand of weight 1 and a site; costs are the
// lengths of shortest paths, a Dense matrix. The graph must be connected and
// have at most 10,000 nodes.
func ReadPMed(ctx context.Context, r io.Reader, file string) (*Instance, error) {
	w := newWords(ctx, r, file)
	n := w.integer("nodes", 1, maxNodes)
	edges := w.integer("edges", 0, math.MaxInt)
	if w.ok() && edges < n-1 {
		w.fail("edges", input.Errorf(input.ErrRange, "%d edges cannot connect %d nodes", edges, n))
	}
	p := w.integer("P", 1, max(n, 1))
	g := graph{edges: make(map[[2]int32]float64)}
	for k := 0; k < edges && w.ok(); k++ {
		i, j := w.integer("node", 1, n), w.integer("node", 1, n)
		length := w.cost("length")
		if w.ok() {
			g.add(int32(i-1), int32(j-1), length)
		}
	}
	if err := w.finish(); err != nil {
		return nil, err
	}
	values, err := g.distances(ctx, file, n)
	if err != nil {
		return nil, err
	}
	return &Instance{Format: PMed, Stated: true, Problem: locate.Problem{
		Model: locate.PMedian, P: p, Costs: locate.Dense{Demands: n, Sites: n, Values: values},
	}}, nil
}

// graph is an undirected graph with lengths.
type graph struct {
	edges map[[2]int32]float64 // by the pair of nodes, the lower one first
	order [][2]int32           // the keys in the order of the file
}

// add sets the length of an edge.
func (g *graph) add(i, j int32, length float64) {
	key := [2]int32{min(i, j), max(i, j)}
	if _, known := g.edges[key]; !known {
		g.order = append(g.order, key)
	}
	g.edges[key] = length
}

// arc leads to a node at the end of an edge.
type arc struct {
	to     int32
	length float64
}

// distances computes the lengths of shortest paths between all of n nodes, row
// by row, by the algorithm of Dijkstra from every node: O(n m log n) for m
// edges. It is an error if there is no path between some.
func (g *graph) distances(ctx context.Context, file string, n int) ([]float64, error) {
	first := make([]int, n+1)
	for _, e := range g.order {
		first[e[0]+1]++
		first[e[1]+1]++
	}
	for v := range n {
		first[v+1] += first[v]
	}
	arcs, next := make([]arc, 2*len(g.order)), append([]int(nil), first...)
	for _, e := range g.order {
		length := g.edges[e]
		for side := range 2 {
			from := e[side]
			arcs[next[from]] = arc{e[1-side], length}
			next[from]++
		}
	}
	// A row first: only a connected graph is worth the memory of the matrix.
	row, h := make([]float64, n), new(heap)
	nearestFirst(first, arcs, 0, row, h)
	for v, d := range row {
		if math.IsInf(d, 1) {
			return nil, &input.Error{File: file, Err: input.Errorf(input.ErrMissing, "no path joins nodes 1 and %d", v+1)}
		}
	}
	values := make([]float64, n*n)
	copy(values, row)
	for v := 1; v < n; v++ {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		nearestFirst(first, arcs, v, values[v*n:][:n], h)
	}
	return values, nil
}

// nearestFirst sets to[v] to the distance of v from a node.
func nearestFirst(first []int, arcs []arc, from int, to []float64, h *heap) {
	for v := range to {
		to[v] = math.Inf(1)
	}
	to[from] = 0
	h.push(arc{int32(from), 0})
	for len(*h) > 0 {
		v := h.pop()
		if v.length > to[v.to] {
			continue // it was reached by a shorter path meanwhile
		}
		for _, a := range arcs[first[v.to]:first[v.to+1]] {
			if d := v.length + a.length; d < to[a.to] {
				to[a.to] = d
				h.push(arc{a.to, d})
			}
		}
	}
}

// heap is a binary heap of nodes, the shortest first. The standard one would
// box every entry.
type heap []arc

func (h *heap) push(a arc) {
	s := append(*h, a)
	k := len(s) - 1
	for k > 0 && a.length < s[(k-1)/2].length {
		s[k] = s[(k-1)/2]
		k = (k - 1) / 2
	}
	s[k] = a
	*h = s
}

func (h *heap) pop() arc {
	s := *h
	top, last := s[0], s[len(s)-1]
	s = s[:len(s)-1]
	*h = s
	k := 0
	for c := 1; c < len(s); c = 2*k + 1 {
		if c+1 < len(s) && s[c+1].length < s[c].length {
			c++
		}
		if last.length <= s[c].length {
			break
		}
		s[k] = s[c]
		k = c
	}
	if len(s) > 0 {
		s[k] = last
	}
	return top
}
