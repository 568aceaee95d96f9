package osm

import (
	"context"
	"errors"
	"runtime"
	"sync/atomic"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// Blocks are taken in order, whichever is ready first, until the first that fails.
func TestInOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(0, 40).Draw(t, "blocks")
		fails := rapid.IntRange(0, 60).Draw(t, "fails")
		takeFails := rapid.IntRange(0, 60).Draw(t, "take fails")
		cores := rapid.IntRange(1, 4).Draw(t, "cores")
		defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(cores))
		blobs := make([]blob, n)
		for i := range blobs {
			blobs[i].number = int32(i)
		}
		broken := errors.New("broken")
		next := 0
		err := inOrder(context.Background(), blobs, func(_ *worker, b blob) (int, error) {
			for range int(b.number*7) % 5 {
				runtime.Gosched()
			}
			if int(b.number) >= fails {
				return 0, broken
			}
			return int(b.number) * 3, nil
		}, func(b blob, x int) error {
			if int(b.number) != next || x != 3*next {
				t.Fatalf("block %d with %d, want block %d", b.number, x, next)
			}
			if next == takeFails {
				return broken
			}
			next++
			return nil
		})
		want := min(n, fails, takeFails)
		if next != want {
			t.Fatalf("%d blocks taken, want %d", next, want)
		}
		var at *blockError
		if failed := want < n; failed != (err != nil) || failed && (!errors.As(err, &at) || !errors.Is(err, broken) || int(at.blob.number) != want) {
			t.Fatalf("error %v, want one of block %d", err, want)
		}
	})
}

// No more blocks are read ahead than wait to be taken, and no goroutine is left.
func TestInOrderIsBounded(t *testing.T) {
	before := runtime.NumGoroutine()
	blobs := make([]blob, 500)
	var read, taken atomic.Int64
	workers := int64(runtime.GOMAXPROCS(0))
	err := inOrder(context.Background(), blobs, func(*worker, blob) (int, error) {
		if ahead := read.Add(1) - taken.Load(); ahead > 4*workers+2 {
			t.Errorf("%d blocks ahead", ahead)
		}
		return 0, nil
	}, func(blob, int) error {
		taken.Add(1)
		return nil
	})
	if err != nil || taken.Load() != 500 {
		t.Errorf("%d taken, error %v", taken.Load(), err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	err = inOrder(ctx, blobs, func(*worker, blob) (int, error) { return 0, nil }, func(blob, int) error {
		cancel()
		return nil
	})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("error %v", err)
	}
	for range 100 {
		if runtime.NumGoroutine() <= before {
			return
		}
		time.Sleep(time.Millisecond)
	}
	t.Errorf("%d goroutines, %d before", runtime.NumGoroutine(), before)
}
