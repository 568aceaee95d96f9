package osm

import (
	"bytes"
	"compress/zlib"
	"context"
	"encoding/binary"
	"io"

	"github.com/hubplan/hubplan/geo/input"
)

// Limits of the format. Source: https://wiki.openstreetmap.org/wiki/PBF_Format
const (
	maxHeader = 64 << 10 // bytes of a BlobHeader
	maxBlob   = 32 << 20 // bytes of a Blob, also when inflated
)

// maxDeflate is how many times smaller than its content deflated data can be at most.
// Source: https://zlib.net/zlib_tech.html
const maxDeflate = 1032

// blob is where a block of a file stands.
type blob struct {
	offset int64 // of its header in the file
	data   int64 // of what follows the header
	size   int32 // of that, in bytes
	number int32 // from 0, among blocks of all types
	header bool  // the header of the file, not data
}

// index finds the blocks of a file by their headers, without reading what is in
// them. Blocks of unknown type are left out, as the format asks.
func index(ctx context.Context, r io.ReaderAt, size int64) ([]blob, error) {
	var blobs []blob
	buf := make([]byte, 128)
	for at, n := int64(0), 0; at < size; n++ {
		b := blob{offset: at, number: int32(n)}
		fail := func(kind error, format string, args ...any) ([]blob, error) {
			return nil, &blockError{b, input.Errorf(kind, format, args...)}
		}
		if n%1024 == 0 && ctx.Err() != nil {
			return nil, &blockError{b, ctx.Err()}
		}
		// One read gets the length and, as a rule, the whole header.
		head := buf[:min(int64(len(buf)), size-at)]
		if err := readFull(r, head, at); err != nil {
			return nil, &blockError{b, err}
		}
		if len(head) < 4 {
			return fail(input.ErrSyntax, "cut off")
		}
		length := int64(binary.BigEndian.Uint32(head))
		switch {
		case length > maxHeader:
			return fail(input.ErrRange, "header of %d bytes, the format allows %d", length, maxHeader)
		case at+4+length > size:
			return fail(input.ErrSyntax, "cut off in its header")
		case 4+length <= int64(len(head)):
			head = head[4 : 4+length]
		default:
			head = make([]byte, length)
			if err := readFull(r, head, at+4); err != nil {
				return nil, &blockError{b, err}
			}
		}
		var kind []byte
		length += 4
		b.data = at + length
		f := fields{rest: head}
		sized := false
		for f.next() {
			switch f.number {
			case 1:
				kind = f.bytes
			case 3:
				if f.value > maxBlob {
					return fail(input.ErrRange, "%d bytes, the format allows %d", f.value, maxBlob)
				}
				b.size, sized = int32(f.value), true
			}
		}
		// That the whole block is there is known before anything is read of it.
		switch end := b.data + int64(b.size); {
		case f.err != nil:
			return fail(input.ErrSyntax, "header: %v", f.err)
		case kind == nil || !sized:
			return fail(input.ErrSyntax, "header without a type or a size")
		case end > size:
			return fail(input.ErrSyntax, "cut off: %d bytes of %d", size-b.data, b.size)
		default:
			at = end
		}
		switch string(kind) {
		case "OSMHeader":
			b.header = true
			blobs = append(blobs, b)
		case "OSMData":
			blobs = append(blobs, b)
		}
	}
	return blobs, nil
}

func readFull(r io.ReaderAt, buf []byte, at int64) error {
	n, err := r.ReadAt(buf, at)
	if n == len(buf) {
		return nil
	}
	if err == nil || err == io.EOF {
		err = io.ErrUnexpectedEOF
	}
	return err
}

// blockError is what is wrong with a block of a file.
type blockError struct {
	blob blob
	err  error
}

func (e *blockError) Error() string { return e.err.Error() }
func (e *blockError) Unwrap() error { return e.err }

// inflater gets the content of blocks, one after the other, in buffers that it
// keeps. The content stays until the next.
type inflater struct {
	packed, raw []byte
	z           io.ReadCloser
	source      bytes.Reader
}

var compressions = map[int]string{4: "LZMA", 5: "bzip2", 6: "LZ4", 7: "Zstandard"}

// content reads a block. The size that the block states for its content is what memory
// is taken for, so it must be within the limit of the format, no more than its bytes
// can hold at all, and right.
func (in *inflater) content(ctx context.Context, r io.ReaderAt, b blob) ([]byte, error) {
	in.packed = grow(in.packed, int(b.size))
	if err := readFull(r, in.packed, b.data); err != nil {
		return nil, err
	}
	var raw, deflated []byte
	var size uint64
	f := fields{rest: in.packed}
	for f.next() {
		switch f.number {
		case 1:
			raw = f.bytes
		case 2:
			size = f.value
		case 3:
			deflated = f.bytes
		case 4, 5, 6, 7:
			return nil, input.Errorf(input.ErrUnknown, "compressed by %s, which is not supported; zlib is", compressions[f.number])
		}
	}
	switch {
	case f.err != nil:
		return nil, input.Errorf(input.ErrSyntax, "%v", f.err)
	case raw != nil:
		return raw, nil
	case deflated == nil:
		return nil, input.Errorf(input.ErrMissing, "no content")
	case size > maxBlob:
		return nil, input.Errorf(input.ErrRange, "content of %d bytes, the format allows %d", size, maxBlob)
	case size > maxDeflate*uint64(len(deflated)):
		return nil, input.Errorf(input.ErrRange, "content of %d bytes cannot be in %d", size, len(deflated))
	}
	return in.inflate(ctx, deflated, int(size))
}

// inflate unpacks deflated data, whose size must be as stated.
func (in *inflater) inflate(ctx context.Context, deflated []byte, size int) ([]byte, error) {
	in.source.Reset(deflated)
	var err error
	if in.z == nil {
		in.z, err = zlib.NewReader(&in.source)
	} else {
		err = in.z.(zlib.Resetter).Reset(&in.source, nil)
	}
	if err != nil {
		return nil, input.Errorf(input.ErrSyntax, "%v", err)
	}
	in.raw = grow(in.raw, size)
	const step = 4 << 20 // takes less than a tenth of a second
	for at := 0; at < size; at += step {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		switch _, err := io.ReadFull(in.z, in.raw[at:min(at+step, size)]); {
		case err == io.ErrUnexpectedEOF || err == io.EOF:
			return nil, input.Errorf(input.ErrSyntax, "content is not of the %d bytes stated", size)
		case err != nil:
			return nil, input.Errorf(input.ErrSyntax, "%v", err)
		}
	}
	// The checksum is verified at the end of the data, which has not been seen yet.
	var one [1]byte
	switch n, err := io.ReadFull(in.z, one[:]); {
	case n > 0:
		return nil, input.Errorf(input.ErrSyntax, "content is not of the %d bytes stated", size)
	case err != io.EOF:
		return nil, input.Errorf(input.ErrSyntax, "%v", err)
	}
	return in.raw, nil
}

// grow returns a buffer of n bytes, the same if it is large enough.
func grow(buf []byte, n int) []byte {
	if cap(buf) < n {
		return make([]byte, n)
	}
	return buf[:n]
}

// checkFeatures reports what a file needs that this reader does not have. content is
// that of a HeaderBlock. Features that are optional, such as the order of the objects,
// are hints that this reader does without.
func checkFeatures(content []byte) error {
	f := fields{rest: content}
	for f.next() {
		if f.number != 4 {
			continue
		}
		switch feature := string(f.bytes); feature {
		case "OsmSchema-V0.6", "DenseNodes":
		case "HistoricalInformation":
			return input.Errorf(input.ErrUnknown, "a file with the history of objects; only the present state can be read")
		default:
			return input.Errorf(input.ErrUnknown, "needs the feature %q, which is not supported", feature)
		}
	}
	if f.err != nil {
		return input.Errorf(input.ErrSyntax, "%v", f.err)
	}
	return nil
}
