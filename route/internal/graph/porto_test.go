package graph

import (
	"bufio"
	"compress/gzip"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// porto is the car network of Porto, of which every arc is an edge of its own,
// and the first pairs of nodes of its list.
func porto(t testing.TB, count int) (g *Graph, weight []uint32, pairs [][2]uint32) {
	t.Helper()
	root := os.Getenv("HUBPLAN_DATA")
	if root == "" {
		t.Skip("HUBPLAN_DATA is not set: it names the folder with routing/porto-t.gr.gz and routing/porto-t.pairs.txt")
	}
	open := func(name string) *os.File {
		f, err := os.Open(filepath.Join(root, "routing", name))
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { f.Close() })
		return f
	}
	unzipped, err := gzip.NewReader(open("porto-t.gr.gz"))
	if err != nil {
		t.Fatal(err)
	}
	var nodes int
	var arcs []Arc
	var each []uint32
	lines := bufio.NewScanner(unzipped)
	for lines.Scan() {
		line := lines.Text()
		var tail, head, w uint32
		switch {
		case strings.HasPrefix(line, "p"):
			_, err = fmt.Sscanf(line, "p sp %d", &nodes)
		case strings.HasPrefix(line, "a"):
			_, err = fmt.Sscanf(line, "a %d %d %d", &tail, &head, &w)
			arcs = append(arcs, Arc{tail - 1, head - 1, uint32(len(arcs))})
			each = append(each, w)
		}
		if err != nil {
			t.Fatalf("%q: %v", line, err)
		}
	}
	if err := lines.Err(); err != nil {
		t.Fatal(err)
	}
	g, order := New(nodes, arcs)
	weight = make([]uint32, len(arcs))
	for i, at := range order {
		weight[at] = each[i]
	}
	list := bufio.NewReader(open("porto-t.pairs.txt"))
	for range count {
		var from, to uint32
		if _, err := fmt.Fscan(list, &from, &to); err != nil {
			t.Fatal(err)
		}
		pairs = append(pairs, [2]uint32{from - 1, to - 1})
	}
	return g, weight, pairs
}

// The totals over the first 100 pairs are those of an independent program, which
// runs successive shortest paths on the same arcs.
func TestDisjointPathsInPorto(t *testing.T) {
	g, weight, pairs := porto(t, 100)
	var total [3]uint64
	var with [3]int
	for _, p := range pairs {
		for k := 1; k <= 3; k++ {
			got, err := DisjointPaths(context.Background(), g, weight, Disjoint{Paths: k, Sources: p[:1], Targets: p[1:]})
			if err != nil {
				t.Fatal(err)
			}
			if len(got.Routes) < k {
				break
			}
			with[k-1]++
			for _, r := range got.Routes {
				total[k-1] += uint64(r.Cost)
			}
		}
	}
	if want := [3]int{100, 47, 7}; with != want {
		t.Errorf("pairs with 1, 2 and 3 paths: %v, want %v", with, want)
	}
	if want := [3]uint64{139743895, 156520659, 45989720}; total != want {
		t.Errorf("totals of 1, 2 and 3 paths: %v, want %v", total, want)
	}
}

// The second shortest path is the shortest of those that a closure of one arc of
// the shortest leaves.
func TestShortestPathsInPorto(t *testing.T) {
	g, weight, pairs := porto(t, 1)
	back := Reverse(g, weight)
	var tree Tree
	for _, p := range pairs {
		tree.Run(back.Graph, back.Weight, []Seed{{Node: p[1]}})
		got, err := ShortestPaths(context.Background(), g, weight, tree.Dist, p[0], p[1], 10)
		if err != nil {
			t.Fatal(err)
		}
		if len(got) != 10 {
			t.Fatalf("%d paths, want 10", len(got))
		}
		for i, r := range got {
			checkRoute(t, g, weight, r)
			if i > 0 && r.Cost < got[i-1].Cost {
				t.Errorf("path %d costs %d after one of %d", i, r.Cost, got[i-1].Cost)
			}
		}
		second := Inf
		for _, a := range got[0].Arcs {
			open := weight[a]
			weight[a] = Inf
			tree.Run(g, weight, []Seed{{Node: p[0]}})
			second = min(second, tree.Dist[p[1]])
			weight[a] = open
		}
		if got[1].Cost != second {
			t.Errorf("the second path costs %d, want %d", got[1].Cost, second)
		}
	}
}

func BenchmarkPorto(b *testing.B) {
	g, weight, pairs := porto(b, 20)
	back := Reverse(g, weight)
	ctx := context.Background()
	for name, run := range map[string]func(s, t uint32) error{
		"disjoint": func(s, t uint32) error {
			_, err := DisjointPaths(ctx, g, weight, Disjoint{Paths: 3, Sources: []uint32{s}, Targets: []uint32{t}, Share: true})
			return err
		},
		"apart": func(s, t uint32) error {
			_, err := DisjointPaths(ctx, g, weight, Disjoint{Paths: 3, Sources: []uint32{s}, Targets: []uint32{t}, Share: true, Apart: g.Nodes()})
			return err
		},
		"alternatives": func(s, t uint32) error {
			_, err := Alternatives(ctx, g, weight, back, s, t, 3, Limits{1.25, 0.8, 0.25})
			return err
		},
		"shortest": func(s, t uint32) error {
			var tree Tree
			tree.Run(back.Graph, back.Weight, []Seed{{Node: t}})
			_, err := ShortestPaths(ctx, g, weight, tree.Dist, s, t, 10)
			return err
		},
	} {
		b.Run(name, func(b *testing.B) {
			for i := 0; b.Loop(); i++ {
				if err := run(pairs[i%len(pairs)][0], pairs[i%len(pairs)][1]); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
