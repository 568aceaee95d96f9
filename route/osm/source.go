package osm

import "context"

// source is a file that is read twice.
type source interface {
	// ways is the first reading: it calls take in the order of the file with what each
	// part of it holds, gathered into what fresh returns, and how many bytes are read.
	ways(ctx context.Context, fresh func() *harvest, take func(h *harvest, read int64) error) error
	// points is the second reading, of the nodes that are wanted.
	points(ctx context.Context, want *wanted, take func(f *finds, read int64) error) error
}
