package hubs

import (
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// drawAllocation draws a small problem in which some nodes have a hub.
func drawAllocation(t *rapid.T) *Allocation {
	a := &Allocation{Nodes: rapid.IntRange(1, 6).Draw(t, "nodes"), Hubs: rapid.IntRange(1, 3).Draw(t, "hubs")}
	number := rapid.Custom(func(t *rapid.T) float64 {
		if rapid.Bool().Draw(t, "whole") {
			return float64(rapid.IntRange(0, 9).Draw(t, "number"))
		}
		return rapid.Float64Range(0, 9).Draw(t, "number")
	})
	list := func(n int) []float64 { return rapid.SliceOfN(number, n, n).Draw(t, "list") }
	a.Own, a.Flow, a.Between = list(a.Nodes*a.Hubs), list(a.Nodes*a.Nodes), list(a.Hubs*a.Hubs)
	for range a.Nodes {
		a.Hub = append(a.Hub, rapid.IntRange(-2, a.Hubs-1).Draw(t, "hub"))
	}
	for i, k := range a.Hub {
		a.Hub[i] = max(k, -1)
	}
	return a
}

// costOf is the cost of an allocation by the definition.
func costOf(a *Allocation, hub []int) (sum float64) {
	for i, k := range hub {
		sum += a.Own[i*a.Hubs+k]
		for j, m := range hub {
			if i != j {
				sum += a.Flow[i*a.Nodes+j] * a.Between[k*a.Hubs+m]
			}
		}
	}
	return sum
}

func TestAllocationEqualsEnumeration(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a := drawAllocation(t)
		given := slices.Clone(a.Hub)
		best := math.Inf(1)
		hub := make([]int, a.Nodes)
		var try func(i int)
		try = func(i int) {
			if i == a.Nodes {
				best = min(best, costOf(a, hub))
				return
			}
			for k := range a.Hubs {
				if given[i] < 0 || given[i] == k {
					hub[i] = k
					try(i + 1)
				}
			}
		}
		try(0)
		quick := a.quick()
		if !a.Solve(func() bool { return false }) {
			t.Fatal("not proven")
		}
		slack := 1e-9 * (1 + best)
		if v := costOf(a, a.Hub); math.Abs(v-best) > slack || math.Abs(a.Value-best) > slack || quick < best-slack {
			t.Fatalf("%v costs %v, said to be %v, quickly %v; best %v", a.Hub, v, a.Value, quick, best)
		}
		for i, k := range given {
			if k >= 0 && a.Hub[i] != k {
				t.Fatalf("node %d has hub %d, not %d", i, a.Hub[i], k)
			}
		}
	})
}
