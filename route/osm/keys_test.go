package osm

import (
	"context"
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

func TestSortKeys(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		keys := rapid.SliceOf(rapid.OneOf(rapid.Int64(), rapid.Int64Range(0, 1<<14), rapid.SampledFrom([]int64{math.MinInt64, -1, 0, math.MaxInt64}))).Draw(t, "keys")
		want := slices.Sorted(slices.Values(keys))
		if err := sortKeys(context.Background(), keys); err != nil || !slices.Equal(keys, want) {
			t.Fatalf("got %v, error %v; want %v", keys, err, want)
		}
	})
}

// A key is found from wherever the search begins.
func TestFind(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w := wanted{slices.Compact(slices.Sorted(slices.Values(rapid.SliceOf(rapid.Int64Range(0, 60)).Draw(t, "keys"))))}
		k := rapid.Int64Range(-1, 61).Draw(t, "key")
		want, _ := slices.BinarySearch(w.keys, k)
		for near := range len(w.keys) + 3 {
			if got := w.find(k, near); got != want {
				t.Fatalf("%d in %v from %d: %d, want %d", k, w.keys, near, got, want)
			}
		}
	})
}
