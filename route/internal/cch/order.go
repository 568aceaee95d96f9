package cch

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"slices"
	"sync"

	"github.com/hubplan/hubplan/route/internal/graph"
)

// ErrOrder is wrapped by the error of an order or of positions that do not fit
// their graph.
var ErrOrder = errors.New("bad order")

// OrderOptions are the choices of [Order]. The zero value orders by topology
// alone on all cores.
type OrderOptions struct {
	// X and Y are the positions of the nodes in any unit, one entry a node.
	// Only their order along four directions counts. If both are nil, hop
	// distances stand in for them, which costs more time and some quality.
	X, Y []int32
	// Workers is the number of goroutines, GOMAXPROCS if 0. The order does
	// not depend on it.
	Workers int
	// Progress, if not nil, is told how many of all nodes have their place.
	// Calls do not overlap.
	Progress func(done, total int)
}

// Order returns the nodes of g in an order of elimination that keeps the
// hierarchy small: first rounds of nodes with at most two neighbours, which
// takes the dead ends and chains off a road graph, then a nested dissection of
// what remains by inertial flow (Schild, Sommer, "On Balanced Separators in Road
// Networks", SEA 2015). It takes O(m log n) times the size of the cuts.
//
// The order depends on g, X and Y alone. Cancelling ctx stops it with the
// context's error.
func Order(ctx context.Context, g *graph.Graph, o OrderOptions) ([]uint32, error) {
	n := g.Nodes()
	located := o.X != nil || o.Y != nil
	if located && (len(o.X) != n || len(o.Y) != n) {
		return nil, fmt.Errorf("cch: %w: %d and %d positions for %d nodes", ErrOrder, len(o.X), len(o.Y), n)
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	adj := neighbours(g)
	order := make([]uint32, 0, n)
	order = adj.peel(order)

	d := &dissector{x: o.X, y: o.Y, total: n, done: len(order), progress: o.Progress}
	workers := o.Workers
	if workers <= 0 {
		workers = runtime.GOMAXPROCS(0)
	}
	d.idle = make(chan struct{}, workers-1)
	d.place(0)
	peeled := len(order)
	order = order[:n]
	d.components(ctx, adj.core(), nil, order[peeled:])
	d.busy.Wait()
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	return order, nil
}

// adjacency is a simple undirected graph whose lists can shrink: the neighbours
// of v are head[first[v]:first[v]+size[v]].
type adjacency struct {
	first []uint32
	size  []uint32
	head  []uint32
	gone  []bool // eliminated
}

// neighbours returns the undirected graph under g, without loops and repeated
// edges.
func neighbours(g *graph.Graph) *adjacency {
	n := g.Nodes()
	a := &adjacency{first: make([]uint32, n+1), size: make([]uint32, n), gone: make([]bool, n)}
	for i, t := range g.Tail {
		if h := g.Head[i]; h != t {
			a.first[t+1]++
			a.first[h+1]++
		}
	}
	for v := range n {
		a.first[v+1] += a.first[v]
	}
	a.head = make([]uint32, a.first[n])
	for i, t := range g.Tail {
		if h := g.Head[i]; h != t {
			a.head[a.first[t]+a.size[t]] = h
			a.size[t]++
			a.head[a.first[h]+a.size[h]] = t
			a.size[h]++
		}
	}
	for v := range uint32(n) {
		list := a.of(v)
		slices.Sort(list)
		a.size[v] = uint32(len(slices.Compact(list)))
	}
	return a
}

func (a *adjacency) of(v uint32) []uint32 { return a.head[a.first[v]:][:a.size[v]] }

// peel eliminates nodes of at most two neighbours until none is left and
// appends them to order. Each round takes an independent set, every second node
// of a chain or so, which keeps the tree over a chain as low as the logarithm
// of its length. Eliminating such a node never adds to a list: its two
// neighbours lose it and at most gain each other.
func (a *adjacency) peel(order []uint32) []uint32 {
	var now, next []uint32
	for v, size := range a.size {
		if size <= 2 {
			now = append(now, uint32(v))
		}
	}
	queued := make([]bool, len(a.size))
	for _, v := range now {
		queued[v] = true
	}
	held := make([]uint32, len(a.size)) // the last round that took a neighbour
	for round := uint32(1); len(now) > 0; round++ {
		next = next[:0]
		for _, v := range now {
			queued[v] = false
			if a.gone[v] {
				continue
			}
			if held[v] == round {
				next = append(next, v)
				queued[v] = true
				continue
			}
			a.gone[v] = true
			order = append(order, v)
			list := a.of(v)
			for i, u := range list {
				held[u] = round
				other := u
				if len(list) == 2 {
					other = list[1-i]
				}
				a.replace(u, v, other)
				if a.size[u] <= 2 && !queued[u] {
					next = append(next, u)
					queued[u] = true
				}
			}
		}
		now, next = next, now
		slices.Sort(now)
	}
	return order
}

// replace puts other for v into the list of u, or takes v out of it if other is
// there already or is u itself.
func (a *adjacency) replace(u, v, other uint32) {
	list := a.of(u)
	at := slices.Index(list, v)
	if other != u && !slices.Contains(list, other) {
		list[at] = other
		return
	}
	list[at] = list[len(list)-1]
	a.size[u]--
}

// core returns the graph of the nodes that are not eliminated.
func (a *adjacency) core() *part {
	p := &part{}
	local := make([]uint32, len(a.size))
	for v, gone := range a.gone {
		if !gone {
			local[v] = uint32(len(p.node))
			p.node = append(p.node, uint32(v))
		}
	}
	p.first = make([]uint32, 1, len(p.node)+1)
	for _, v := range p.node {
		for _, u := range a.of(v) {
			p.head = append(p.head, local[u])
		}
		p.first = append(p.first, uint32(len(p.head)))
	}
	p.edge = make([]uint32, len(p.head))
	for v := range p.node {
		slices.Sort(p.head[p.first[v]:p.first[v+1]])
	}
	// The lists ascend, so the lower neighbours of u meet u in the order in
	// which they stand in its list.
	next := slices.Clone(p.first)
	for v := range uint32(len(p.node)) {
		for i := p.first[v]; i < p.first[v+1]; i++ {
			if u := p.head[i]; u > v {
				p.edge[i], p.edge[next[u]] = uint32(p.edges), uint32(p.edges)
				next[u]++
				p.edges++
			}
		}
	}
	return p
}

// dissector carries what all parts of one dissection share. Parts write their
// nodes into ranges of the order of their own, so that it does not matter which
// goroutine takes which.
type dissector struct {
	x, y []int32
	idle chan struct{} // one slot for each goroutine that may be added
	busy sync.WaitGroup

	mu       sync.Mutex
	progress func(done, total int)
	done     int
	total    int
}

// place reports that so many more nodes have their place.
func (d *dissector) place(nodes int) {
	if d.progress == nil {
		return
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	d.done += nodes
	d.progress(d.done, d.total)
}
