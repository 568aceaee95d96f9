package route

import (
	"cmp"
	"context"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

func TestNearestEqualsSorting(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := mustRouter(t, drawNetwork(t), testTruck)
		set := drawStops(t, r, rapid.IntRange(1, 6).Draw(t, "set"))
		k := rapid.IntRange(1, 4).Draw(t, "k")
		got, err := r.Nearest(context.Background(), set, k)
		if err != nil {
			t.Fatal(err)
		}
		times := make([][]uint32, len(set))
		for i, s := range set {
			if times[i], err = r.Dijkstra(s, nil); err != nil {
				t.Fatal(err)
			}
		}
		for v := range r.net.Nodes() {
			order := make([]int, len(set))
			for i := range order {
				order[i] = i
			}
			slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(times[a][v], times[b][v]) })
			for i := range k {
				stop, ms := int32(-1), uint32(Unreachable)
				if i < len(order) && times[order[i]][v] != Unreachable {
					stop, ms = int32(order[i]), times[order[i]][v]
				}
				if got.Stop[v*k+i] != stop || got.Millis[v*k+i] != ms {
					t.Fatalf("node %d: nearest %d is %d at %d, want %d at %d", v, i, got.Stop[v*k+i], got.Millis[v*k+i], stop, ms)
				}
			}
		}
	})
	r := mustRouter(t, square(t), testTruck)
	if _, err := r.Nearest(context.Background(), nil, 0); err == nil {
		t.Error("the nearest none: no error")
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := r.Nearest(ctx, []Stop{mustSnap(t, r, 30, 50)}, 1); err == nil {
		t.Error("cancelled: no error")
	}
}
