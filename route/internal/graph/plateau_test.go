package graph

import (
	"context"
	"errors"
	"slices"
	"testing"
)

func alternatives(t fataler, g *Graph, weight []uint32, s, target uint32, k int, limits Limits) []Route {
	t.Helper()
	got, err := Alternatives(context.Background(), g, weight, Reverse(g, weight), s, target, k, limits)
	if err != nil {
		t.Fatalf("%v", err)
	}
	return got
}

// stretches reports whether every part of a path that costs less than limit is
// a shortest path.
func stretches(g *Graph, weight []uint32, arcs []uint32, limit float64) bool {
	for i, a := range arcs {
		dist := bellmanFord(g, weight, []Seed{{Node: g.Tail[a]}})
		cost := uint32(0)
		for _, b := range arcs[i:] {
			if cost = Add(cost, weight[b]); float64(cost) < limit && cost != dist[g.Head[b]] {
				return false
			}
		}
	}
	return true
}

func TestAlternativesKeepTheirConditions(t *testing.T) {
	several := 0
	everyWay(t, 5000, func(t fataler, pick func(n int) int) {
		s := pickSample(pick, 12, 30, true)
		from, to := uint32(pick(s.g.Nodes())), uint32(pick(s.g.Nodes()))
		k := 1 + pick(5)
		limits := Limits{1.25, 0.8, 0.25}
		if pick(2) == 1 {
			limits = Limits{1 + float64(pick(5))/4, float64(pick(5)) / 4, float64(pick(4)) / 8}
		}
		got := alternatives(t, s.g, s.weight, from, to, k, limits)
		best := bellmanFord(s.g, s.weight, []Seed{{Node: from}})[to]
		if best == Inf {
			if got != nil {
				t.Fatalf("%d is out of reach of %d and has paths %v", to, from, got)
			}
			return
		}
		if len(got) == 0 || len(got) > k || got[0].Cost != best {
			t.Fatalf("%d paths of %d, want the first to cost %d: %v", len(got), k, best, got)
		}
		used := make(map[uint32]bool)
		for i, r := range got {
			checkRoute(t, s.g, s.weight, r)
			shared, fresh := uint32(0), false
			for _, a := range r.Arcs {
				if used[s.g.Edge[a]] {
					shared += s.weight[a]
				} else {
					fresh = true
				}
			}
			for _, a := range r.Arcs {
				used[s.g.Edge[a]] = true
			}
			if i == 0 {
				continue
			}
			several++
			opt := float64(best)
			if r.Source != from || r.Target != to || !fresh || float64(r.Cost) > limits.Stretch*opt || float64(shared) > limits.Sharing*opt {
				t.Fatalf("path %v costs %d of %d and shares %d", r, r.Cost, best, shared)
			}
			if !stretches(s.g, s.weight, r.Arcs, limits.Plateau*opt) {
				t.Fatalf("a part of path %v below %v of %d is not a shortest path", r, limits.Plateau, best)
			}
		}
	})
	if several < 100 {
		t.Errorf("%d alternatives were tried, want 100", several)
	}
}

// Every node gives a path: by the tree from s to it and the tree to t from it.
// Where shortest paths are unique, the admissible path that ranks first among
// these is the first alternative.
func TestAlternativesEqualAllViaNodes(t *testing.T) {
	tried := 0
	everyWay(t, 20000, func(t fataler, pick func(n int) int) {
		s := pickSample(pick, 14, 24, false)
		// A power of two of its own for each edge makes all paths differ.
		for a, w := range s.weight {
			if w != Inf {
				s.weight[a] = min(w, 4)<<24 + 1<<s.g.Edge[a]
			}
		}
		from, to := uint32(pick(s.g.Nodes())), uint32(pick(s.g.Nodes()))
		limits := Limits{1 + float64(pick(9))/4, float64(1+pick(4)) / 4, float64(pick(4)) / 8}
		got := alternatives(t, s.g, s.weight, from, to, 2, limits)
		if len(got) == 0 {
			return
		}
		var there, home Tree
		back := Reverse(s.g, s.weight)
		there.Run(s.g, s.weight, []Seed{{Node: from}})
		home.Run(back.Graph, back.Weight, []Seed{{Node: to}})
		best := there.Dist[to]
		var want []uint32
		top := int64(-1 << 62)
		for v := range uint32(s.g.Nodes()) {
			cost := Add(there.Dist[v], home.Dist[v])
			if cost == Inf || float64(cost) > limits.Stretch*float64(best) {
				continue
			}
			arcs := there.PathTo(s.g, v)
			for _, b := range slices.Backward(home.PathTo(back.Graph, v)) {
				arcs = append(arcs, back.Origin[b])
			}
			// The plateau of v: the stretch around it that lies in both trees.
			at := make([]uint32, len(arcs)+1)
			at[0] = from
			for i, a := range arcs {
				at[i+1] = s.g.Head[a]
			}
			low := slices.Index(at, v)
			high := low
			for low > 0 && home.Dist[at[low-1]] == Add(s.weight[arcs[low-1]], home.Dist[at[low]]) {
				low--
			}
			for high < len(arcs) && there.Dist[at[high+1]] == Add(there.Dist[at[high]], s.weight[arcs[high]]) {
				high++
			}
			length := there.Dist[at[high]] - there.Dist[at[low]]
			shared, fresh := uint32(0), false
			for _, a := range arcs {
				if slices.ContainsFunc(got[0].Arcs, func(b uint32) bool { return s.g.Edge[a] == s.g.Edge[b] }) {
					shared += s.weight[a]
				} else {
					fresh = true
				}
			}
			if low == high || !fresh || float64(shared) > limits.Sharing*float64(best) || float64(length) < limits.Plateau*float64(best) || revisits(s.g, from, arcs) {
				continue
			}
			if rank := int64(length) - int64(cost); rank > top {
				top, want = rank, arcs
			}
		}
		if want == nil {
			if len(got) > 1 {
				t.Fatalf("alternative %v, want none", got[1])
			}
			return
		}
		tried++
		if len(got) < 2 || !slices.Equal(got[1].Arcs, want) {
			t.Fatalf("paths %v, want the second to be %v", got, want)
		}
	})
	if tried < 100 {
		t.Errorf("%d alternatives were tried, want 100", tried)
	}
}

// Three ways with ends in common: 10, 12 and 13, of which the last is too long
// at 1.25 times 10. The second and the third have plateaus of 6 and 5.
//
//	        ,--4-- x --4--.
//	s --1-- a -2-y1-6-y2-2- b --1-- t
//	        `--3-z1-5-z2-3-'
func TestAlternativesExample(t *testing.T) {
	const s, a, b, tt, x, y1, y2, z1, z2 = 0, 1, 2, 3, 4, 5, 6, 7, 8
	g, weight := roads(9, road{s, a, 1}, road{b, tt, 1}, road{a, x, 4}, road{x, b, 4},
		road{a, y1, 2}, road{y1, y2, 6}, road{y2, b, 2}, road{a, z1, 3}, road{z1, z2, 5}, road{z2, b, 3})
	for _, c := range []struct {
		limits Limits
		want   []uint32
	}{
		{Limits{1.25, 0.8, 0.25}, []uint32{10, 12}},
		{Limits{1.3, 0.8, 0.25}, []uint32{10, 12, 13}},
		{Limits{1.3, 0.2, 0.25}, []uint32{10, 12, 13}}, // 1+1 of 10 is shared
		{Limits{1.3, 0.19, 0.25}, []uint32{10}},
		{Limits{1.3, 0.8, 0.5}, []uint32{10, 12, 13}},
		{Limits{1.3, 0.8, 0.6}, []uint32{10, 12}},
		{Limits{1.3, 0.8, 0.61}, []uint32{10}},
	} {
		var costs []uint32
		for _, r := range alternatives(t, g, weight, s, tt, 5, c.limits) {
			costs = append(costs, r.Cost)
		}
		if !slices.Equal(costs, c.want) {
			t.Errorf("limits %v: costs %v, want %v", c.limits, costs, c.want)
		}
	}
}

// What counts as shared is what is on any path chosen before: the third way has
// nothing in common with the first and 30 of 40 with the second.
//
//	s --20-- x --20-- t
//	s --30-- p --12-- q --5-- t
//	         p --1-- r1 --12-- r2 --6-- t
func TestAlternativesShareWithAllBefore(t *testing.T) {
	const s, x, tt, p, q, r1, r2 = 0, 1, 2, 3, 4, 5, 6
	g, weight := roads(7, road{s, x, 20}, road{x, tt, 20}, road{s, p, 30}, road{p, q, 12}, road{q, tt, 5},
		road{p, r1, 1}, road{r1, r2, 12}, road{r2, tt, 6})
	for sharing, want := range map[float64]int{0.75: 3, 0.74: 2} {
		if got := alternatives(t, g, weight, s, tt, 5, Limits{1.25, sharing, 0.25}); len(got) != want {
			t.Errorf("with sharing %v: %v, want %d", sharing, got, want)
		}
	}
}

// The other way is 0-2-3-1 and costs one less than Inf, or Inf.
func TestAlternativesBeyondRange(t *testing.T) {
	for over, want := range []int{2, 1} {
		g, _ := New(4, []Arc{{0, 1, 0}, {0, 2, 1}, {2, 3, 2}, {3, 1, 3}})
		weight := []uint32{1 << 30, 5, Inf - 11 + uint32(over), 5}
		if got := alternatives(t, g, weight, 0, 1, 5, Limits{3, 1, 0.25}); len(got) != want {
			t.Errorf("%d beyond the range: %v, want %d", over, got, want)
		}
	}
}

func TestAlternativesStopWithContext(t *testing.T) {
	g, weight := chain(4)
	for patience := range 2 {
		_, err := Alternatives(&patient{context.Background(), patience}, g, weight, Reverse(g, weight), 0, 3, 2, Limits{1.25, 0.8, 0.25})
		if !errors.Is(err, context.Canceled) {
			t.Errorf("error %v after %d questions, want context.Canceled", err, patience)
		}
	}
}
