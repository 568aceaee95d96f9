package osm

import (
	"context"
	"io"
	"runtime"
	"sync"

	"github.com/hubplan/hubplan/geo/input"
)

// pbf is a file in the PBF format.
type pbf struct {
	r     io.ReaderAt
	blobs []blob
	nodes []blob // those with nodes, known after the first reading
}

// openPBF finds the blocks of a file.
func openPBF(ctx context.Context, r io.ReaderAt, size int64) (*pbf, error) {
	blobs, err := index(ctx, r, size)
	if err != nil {
		return nil, err
	}
	if len(blobs) == 0 || !blobs[0].header {
		return nil, &blockError{blob{}, input.Errorf(input.ErrSyntax, "the file does not begin with a header")}
	}
	return &pbf{r: r, blobs: blobs}, nil
}

// worker has what one goroutine reads blocks with, kept from block to block.
type worker struct {
	inflater
	block block
}

// ways is the first reading; see [source].
func (p *pbf) ways(ctx context.Context, fresh func() *harvest, take func(*harvest, int64) error) error {
	return inOrder(ctx, p.blobs, func(w *worker, b blob) (*harvest, error) {
		content, err := w.content(ctx, p.r, b)
		if err != nil {
			return nil, err
		}
		h := fresh()
		if b.header {
			return h, checkFeatures(content)
		}
		if err := w.block.open(content); err != nil {
			return nil, err
		}
		return h, w.block.ways(ctx, h)
	}, func(b blob, h *harvest) error {
		if h.counts.Nodes > 0 {
			p.nodes = append(p.nodes, b)
		}
		return take(h, b.data+int64(b.size))
	})
}

// points is the second reading; see [source].
func (p *pbf) points(ctx context.Context, want *wanted, take func(*finds, int64) error) error {
	// Blocks without nodes need not be unpacked again.
	return inOrder(ctx, p.nodes, func(w *worker, b blob) (*finds, error) {
		content, err := w.content(ctx, p.r, b)
		if err != nil {
			return nil, err
		}
		if err := w.block.open(content); err != nil {
			return nil, err
		}
		var f finds
		return &f, w.block.nodes(ctx, want, &f)
	}, func(b blob, f *finds) error {
		return take(f, b.data+int64(b.size))
	})
}

// inOrder reads blocks in parallel, a goroutine per core, and takes what comes of them
// in their order. The error is that of the first block that has one, whatever the
// number of cores.
func inOrder[T any](ctx context.Context, blobs []blob, read func(*worker, blob) (T, error), take func(blob, T) error) error {
	type result struct {
		value T
		err   error
	}
	type job struct {
		blob blob
		done chan result
	}
	ctx, cancel := context.WithCancel(ctx)
	// Whatever the order in which blocks become ready, they are queued in theirs. Every
	// block before one that fails has been given to a worker before it and is awaited,
	// so the first that fails is always the same.
	workers := runtime.GOMAXPROCS(0)
	jobs := make(chan job)
	queue := make(chan job, 2*workers) // bounds what waits to be taken
	var wg sync.WaitGroup
	defer wg.Wait()
	defer cancel()
	for range workers {
		wg.Go(func() {
			var w worker
			for j := range jobs {
				value, err := read(&w, j.blob)
				j.done <- result{value, err}
			}
		})
	}
	wg.Go(func() {
		defer close(jobs)
		defer close(queue)
		for _, b := range blobs {
			j := job{b, make(chan result, 1)}
			select {
			case queue <- j:
			case <-ctx.Done():
				return
			}
			jobs <- j // a worker is always about to be free
		}
	})
	// The queue has the blocks in order; each brings its result when it is ready.
	for j := range queue {
		r := <-j.done
		if r.err == nil {
			r.err = take(j.blob, r.value)
		}
		if r.err != nil {
			return &blockError{j.blob, r.err}
		}
	}
	return ctx.Err()
}
