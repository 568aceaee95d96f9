package cch

import (
	"bufio"
	"compress/gzip"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/hubplan/hubplan/route/internal/graph"
)

// road is a road graph of the routing data with the questions asked of it.
type road struct {
	graph    *graph.Graph
	weight   []uint32
	x, y     []int32
	pairs    [][2]uint32
	rows     []uint32
	columns  []uint32
	closures [][2]uint32
	sums     map[string]uint64

	order     []uint32
	hierarchy *Hierarchy
	metric    *Metric[uint32]

	dijkstra time.Duration // of one search, see yardstick
}

var roads struct {
	sync.Mutex
	loaded map[string]*road
}

// loadRoad returns a graph of the routing data, read and prepared once a run: as
// in the file, or as renumbered does it if the name ends in "/renumbered".
func loadRoad(tb testing.TB, name string) *road {
	tb.Helper()
	dir := os.Getenv("HUBPLAN_DATA")
	if dir == "" {
		tb.Skip("HUBPLAN_DATA is not set: no road graphs")
	}
	roads.Lock()
	defer roads.Unlock()
	if r := roads.loaded[name]; r != nil {
		return r
	}
	if roads.loaded == nil {
		roads.loaded = make(map[string]*road)
	}
	file := strings.TrimSuffix(name, "/renumbered")
	r := roads.loaded[file]
	if r == nil {
		var err error
		if r, err = readRoad(filepath.Join(dir, "routing", file)); err != nil {
			tb.Fatal(err)
		}
		if err := r.prepare(); err != nil {
			tb.Fatal(err)
		}
		roads.loaded[file] = r
	}
	if file != name {
		var err error
		if r, err = r.renumbered(); err != nil {
			tb.Fatal(err)
		}
		roads.loaded[name] = r
	}
	return r
}

// readRoad reads the files whose names begin with path.
func readRoad(path string) (*road, error) {
	r := &road{sums: make(map[string]uint64)}
	var nodes int
	var arcs []graph.Arc
	var weights []uint32
	err := lines(path+".gr.gz", func(line string) error {
		var a graph.Arc
		var w uint32
		switch {
		case strings.HasPrefix(line, "p "):
			_, err := fmt.Sscanf(line, "p sp %d", &nodes)
			return err
		case strings.HasPrefix(line, "a "):
			if err := numbers(line[2:], &a.Tail, &a.Head, &w); err != nil {
				return err
			}
			a.Tail--
			a.Head--
			arcs, weights = append(arcs, a), append(weights, w)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	var order []uint32
	r.graph, order = graph.New(nodes, arcs)
	r.weight = make([]uint32, len(arcs))
	for i, at := range order {
		r.weight[at] = weights[i]
	}
	r.x, r.y = make([]int32, nodes), make([]int32, nodes)
	if err := lines(path+".co.gz", func(line string) error {
		if !strings.HasPrefix(line, "v ") {
			return nil
		}
		var v, x, y int32
		if err := numbers(line[2:], &v, &x, &y); err != nil {
			return err
		}
		r.x[v-1], r.y[v-1] = x, y
		return nil
	}); err != nil {
		return nil, err
	}
	couples := func(file string, to *[][2]uint32) error {
		return lines(path+file, func(line string) error {
			var s, t uint32
			err := numbers(line, &s, &t)
			*to = append(*to, [2]uint32{s - 1, t - 1})
			return err
		})
	}
	singles := func(file string, to *[]uint32) error {
		return lines(path+file, func(line string) error {
			var v uint32
			err := numbers(line, &v)
			*to = append(*to, v-1)
			return err
		})
	}
	for _, err := range []error{
		couples(".pairs.txt", &r.pairs),
		couples(".closures.txt", &r.closures),
		singles(".rows.txt", &r.rows),
		singles(".columns.txt", &r.columns),
		lines(path+".sums.tsv", func(line string) error {
			var name string
			var sum uint64
			_, err := fmt.Sscan(line, &name, &sum)
			r.sums[name] = sum
			return err
		}),
	} {
		if err != nil {
			return nil, err
		}
	}
	return r, nil
}

// lines calls f for each line of a file, which is unpacked if it is named .gz.
func lines(path string, f func(string) error) error {
	file, err := os.Open(path)
	if err != nil {
		return err
	}
	defer file.Close()
	scan := bufio.NewScanner(file)
	if strings.HasSuffix(path, ".gz") {
		z, err := gzip.NewReader(file)
		if err != nil {
			return err
		}
		scan = bufio.NewScanner(z)
	}
	for scan.Scan() {
		if err := f(scan.Text()); err != nil {
			return fmt.Errorf("%s: %q: %w", path, scan.Text(), err)
		}
	}
	return scan.Err()
}

// numbers reads whole numbers parted by single spaces.
func numbers[T ~int32 | ~uint32](line string, to ...*T) error {
	for _, v := range to {
		word, rest, _ := strings.Cut(line, " ")
		if word == "" {
			return fmt.Errorf("too few numbers")
		}
		var sign, value T = 1, 0
		for i, c := range []byte(word) {
			if c == '-' && i == 0 {
				sign = -sign
				continue
			}
			if c < '0' || c > '9' {
				return fmt.Errorf("no number: %q", word)
			}
			value = value*10 + T(c-'0')
		}
		*v = sign * value
		line = rest
	}
	return nil
}

// arcOf returns the arc of the graph from one node to another.
func (r *road) arcOf(tail, head uint32) uint32 {
	for a := r.graph.First[tail]; a < r.graph.First[tail+1]; a++ {
		if r.graph.Head[a] == head {
			return a
		}
	}
	return graph.None
}

// stops returns the stops at nodes.
func stops[W Weight](tb testing.TB, h *Hierarchy, nodes []uint32) []Stop[W] {
	tb.Helper()
	list := make([]Stop[W], len(nodes))
	for i, v := range nodes {
		var err error
		if list[i], err = At[W](h, v); err != nil {
			tb.Fatal(err)
		}
	}
	return list
}

// prepare orders, builds and customizes.
func (r *road) prepare() (err error) {
	ctx := context.Background()
	if r.order == nil {
		if r.order, err = Order(ctx, r.graph, OrderOptions{X: r.x, Y: r.y}); err != nil {
			return err
		}
	}
	if r.hierarchy, err = NewHierarchy(ctx, r.graph, r.order); err != nil {
		return err
	}
	r.metric, err = Customize(ctx, r.hierarchy, r.weight, 0)
	return err
}

// renumbered returns the road with its nodes numbered in hierarchy order, the
// layout in which searches and sweeps are fastest.
func (r *road) renumbered() (*road, error) {
	rank := r.hierarchy.rank
	arcs := make([]graph.Arc, r.graph.Arcs())
	for a := range arcs {
		arcs[a] = graph.Arc{Tail: rank[r.graph.Tail[a]], Head: rank[r.graph.Head[a]]}
	}
	s := &road{sums: r.sums}
	var at []uint32
	s.graph, at = graph.New(r.graph.Nodes(), arcs)
	s.weight = make([]uint32, len(arcs))
	for a := range arcs {
		s.weight[at[a]] = r.weight[a]
	}
	s.x, s.y = make([]int32, len(rank)), make([]int32, len(rank))
	s.order = make([]uint32, len(rank))
	for v, x := range rank {
		s.x[x], s.y[x] = r.x[v], r.y[v]
		s.order[x] = x
	}
	nodes := func(list []uint32) (mapped []uint32) {
		for _, v := range list {
			mapped = append(mapped, rank[v])
		}
		return mapped
	}
	couples := func(list [][2]uint32) (mapped [][2]uint32) {
		for _, p := range list {
			mapped = append(mapped, [2]uint32{rank[p[0]], rank[p[1]]})
		}
		return mapped
	}
	s.pairs, s.closures = couples(r.pairs), couples(r.closures)
	s.rows, s.columns = nodes(r.rows), nodes(r.columns)
	return s, s.prepare()
}
