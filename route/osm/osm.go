package osm

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"slices"

	"github.com/hubplan/hubplan/geo/input"
	"github.com/hubplan/hubplan/route"
)

// Options say how a map is read. The zero value reads roads and ferries and reports
// no progress.
type Options struct {
	// Rail keeps railways as well, as edges of class [route.Railway] between nodes of
	// their own: where a road crosses on the level the two share no node.
	Rail bool
	// Progress, if not nil, is called now and then with how much of the work is done,
	// in bytes of the file, which is read twice. The last call has done equal to total.
	Progress func(done, total int64)
}

// Map is a network, with an account of what it was made of.
type Map struct {
	Network *route.Network
	Counts  Counts // of all objects in the file
	// Ways and Restrictions are those that became edges and turns.
	Ways, Restrictions int
	// LeftOut has what was left out or not understood, by reason in the order of the
	// reasons. What the network is not about at all, such as buildings, is not in it.
	LeftOut []LeftOut
}

// LeftOut is what was left out for one reason.
type LeftOut struct {
	Reason Reason
	Count  int
	First  []int64 // ids of the first few, in the order of the file
}

// firstFew is how many ids [LeftOut] names.
const firstFew = 10

// Reason is why something was left out.
type Reason uint8

// The reasons, with what the ids are ids of.
const (
	// CutWay: a way of which the file lacks nodes, as extracts do at their border. The
	// stretches between the nodes that it has are in the network.
	CutWay Reason = iota + 1
	// ShortWay: a way of fewer than two different nodes.
	ShortWay
	// UnreadWay: a way with a limit of speed, weight or size that could not be read.
	// It is in the network without that limit.
	UnreadWay
	// UnreadNode: the same of a barrier.
	UnreadNode
	// OtherVehicles: a turn restriction for others than motor vehicles, or that
	// excepts them.
	OtherVehicles
	// ConditionalRestriction: a turn restriction for some hours only.
	ConditionalRestriction
	// MalformedRestriction: a turn restriction without the members it needs, or of an
	// unknown kind.
	MalformedRestriction
	// AbsentMember: a turn restriction of ways or of a node that are not in the network.
	AbsentMember
	// ApartMembers: a turn restriction whose members do not meet.
	ApartMembers
	// AgainstOneWay: a turn restriction of a turn that one-way roads make impossible.
	AgainstOneWay
	// AmbiguousRestriction: a turn restriction one of whose ways passes through the
	// place of the turn, so that it does not say which side is meant, or over a way that
	// ends where it begins.
	AmbiguousRestriction

	reasons = iota + 1
)

var reasonNames = [reasons]string{
	CutWay: "way cut where nodes are missing", ShortWay: "way of fewer than two nodes",
	UnreadWay: "way with a limit that cannot be read", UnreadNode: "barrier with a limit that cannot be read",
	OtherVehicles: "turn restriction for other vehicles", ConditionalRestriction: "turn restriction at times",
	MalformedRestriction: "turn restriction without the members or the kind it needs",
	AbsentMember:         "turn restriction off the network", ApartMembers: "turn restriction whose members do not meet",
	AgainstOneWay: "turn restriction of a turn that is impossible", AmbiguousRestriction: "ambiguous turn restriction",
}

// String returns the reason in words.
func (r Reason) String() string {
	if r > 0 && r < reasons {
		return reasonNames[r]
	}
	return fmt.Sprintf("reason %d", uint8(r))
}

// ReadFile reads a map from a file; see [Read].
func ReadFile(ctx context.Context, path string, o Options) (*Map, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil, err
	}
	return Read(ctx, f, info.Size(), path, o)
}

// Read reads a map of size bytes, PBF or XML, whichever its first bytes show. Errors
// in it are [input.Errors] that name the file and the block, with its place, or the
// line: a file that is cut or damaged, that needs a feature of the format which this
// package does not have, that has an object twice, a position out of range, or no
// road at all. If ctx ends, its error is returned within a tenth of a second, but for
// the time that [route.NewNetwork] takes at the end.
func Read(ctx context.Context, r io.ReaderAt, size int64, file string, o Options) (*Map, error) {
	m, err := read(ctx, r, size, o)
	if err != nil {
		return nil, atFile(ctx, file, err)
	}
	return m, nil
}

func read(ctx context.Context, r io.ReaderAt, size int64, o Options) (*Map, error) {
	s, err := open(ctx, r, size)
	if err != nil {
		return nil, err
	}
	a := assembly{rail: o.Rail, quota: quota(size)}
	progress := func(int64) {}
	if o.Progress != nil {
		progress = func(done int64) { o.Progress(done, 2*size) }
	}
	if err := a.collect(ctx, s, progress); err != nil {
		return nil, err
	}
	if err := a.place(ctx, s, func(done int64) { progress(size + done) }); err != nil {
		return nil, err
	}
	progress(2 * size)
	return a.network(ctx)
}

// Count returns how many nodes, ways and relations a map holds, at half the cost of
// reading it. Errors are those of [Read], but that a map without roads is none.
func Count(ctx context.Context, r io.ReaderAt, size int64, file string) (Counts, error) {
	var sum Counts
	s, err := open(ctx, r, size)
	if err == nil {
		err = s.ways(ctx, func() *harvest { return &harvest{limit: quota(size)} }, func(h *harvest, _ int64) error {
			sum.add(h.counts)
			return nil
		})
	}
	if err != nil {
		return Counts{}, atFile(ctx, file, err)
	}
	return sum, nil
}

func (c *Counts) add(d Counts) {
	c.Nodes += d.Nodes
	c.Ways += d.Ways
	c.Relations += d.Relations
}

// quota bounds the nodes that the ways of a file of a size may have together. A node
// of a way takes over a byte in real files, also compressed; but a file may be made of
// repetitions that compress a thousand times, to exhaust the memory of its reader.
func quota(size int64) int { return int(min(1<<21+8*size, 1<<31-1)) }

// open finds out what a file is.
func open(ctx context.Context, r io.ReaderAt, size int64) (source, error) {
	head := make([]byte, min(size, 64))
	if err := readFull(r, head, 0); err != nil {
		return nil, err
	}
	head = bytes.TrimPrefix(head, []byte("\ufeff"))
	switch text := bytes.TrimLeft(head, " \t\r\n"); {
	case len(text) > 0 && text[0] == '<':
		return &document{io.NewSectionReader(r, 0, size)}, nil
	case len(head) >= 4 && head[0] == 0:
		return openPBF(ctx, r, size)
	case len(head) >= 2 && slices.Contains([]string{"BZ", "\x1f\x8b", "PK", "\x28\xb5"}, string(head[:2])):
		return nil, input.Errorf(input.ErrFormat, "a compressed file; unpack it first")
	}
	return nil, input.Errorf(input.ErrFormat, "neither OpenStreetMap PBF nor XML")
}

// atFile gives an error its position in the file.
func atFile(ctx context.Context, file string, err error) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	var p input.Problems
	switch e := err.(type) {
	case *input.Errors:
		for _, one := range e.List {
			one.File = file
		}
		return e
	case *blockError:
		p.Add(&input.Error{File: file, Block: int(e.blob.number) + 1, Offset: e.blob.offset, Err: e.err})
	default:
		p.Add(&input.Error{File: file, Err: err})
	}
	return p.Err()
}
