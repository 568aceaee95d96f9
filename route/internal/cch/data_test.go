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

	"github.com/hubplan/hubplan/route/internal/graph"
)

// road is a road graph of the routing data with the questions asked of it.
type road struct {
	name     string
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
}

var roads struct {
	sync.Mutex
	loaded map[string]*road
}

// loadRoad returns a graph of the routing data, read and prepared once a run.
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
	r, err := readRoad(filepath.Join(dir, "routing", name))
	if err != nil {
		tb.Fatal(err)
	}
	r.name = name
	ctx := context.Background()
	if r.order, err = Order(ctx, r.graph, OrderOptions{X: r.x, Y: r.y}); err != nil {
		tb.Fatal(err)
	}
	if r.hierarchy, err = NewHierarchy(ctx, r.graph, r.order); err != nil {
		tb.Fatal(err)
	}
	if r.metric, err = Customize(ctx, r.hierarchy, r.weight, 0); err != nil {
		tb.Fatal(err)
	}
	if roads.loaded == nil {
		roads.loaded = make(map[string]*road)
	}
	roads.loaded[name] = r
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

// renumbered returns the graph with its nodes numbered in hierarchy order and its
// weights, the layout in which a search is fastest.
func (r *road) renumbered() (*graph.Graph, []uint32) {
	arcs := make([]graph.Arc, r.graph.Arcs())
	for a := range arcs {
		arcs[a] = graph.Arc{Tail: r.hierarchy.rank[r.graph.Tail[a]], Head: r.hierarchy.rank[r.graph.Head[a]]}
	}
	g, order := graph.New(r.graph.Nodes(), arcs)
	weight := make([]uint32, len(arcs))
	for a, at := range order {
		weight[at] = r.weight[a]
	}
	return g, weight
}
