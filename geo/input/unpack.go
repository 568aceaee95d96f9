package input

import (
	"bufio"
	"compress/gzip"
	"io"
)

// Text packs to a tenth or a twentieth; a file made to exhaust the memory of its reader
// packs to a thousandth. What may be unpacked is in proportion to what was read, from
// an allowance on.
const (
	maxUnpacked  = 4 << 30 // more than any map of a country as text
	packingRatio = 200
	allowance    = 64 << 20
)

// Unpack returns the content of a file that may be packed with gzip (RFC 1952),
// which shows in its first bytes; others come as they are. It is an error that
// wraps [ErrRange], from Read, if a file unpacks to more than 4 GiB, or to more than
// 64 MiB and 200 times its own size. [ReadTable], [ReadFeatures] and [JSON] unpack
// what they read themselves.
func Unpack(r io.Reader) (io.Reader, error) { return unpack(r, maxUnpacked, allowance) }

func unpack(r io.Reader, limit, allowance int64) (io.Reader, error) {
	packed := &counter{r: r}
	b := bufio.NewReader(packed)
	// A file too short to be packed, or one that cannot be read, is left to
	// whoever reads it.
	if magic, _ := b.Peek(2); string(magic) != "\x1f\x8b" {
		return b, nil
	}
	z, err := gzip.NewReader(b)
	if err != nil {
		return nil, Errorf(ErrSyntax, "not a gzip file though it begins like one: %v", err)
	}
	return &unpacker{z: z, packed: packed, limit: limit, allowance: allowance}, nil
}

// counter counts what is read.
type counter struct {
	r    io.Reader
	read int64
}

func (c *counter) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	c.read += int64(n)
	return n, err
}

// unpacker reads a gzip file as far as the limits.
type unpacker struct {
	z                *gzip.Reader
	packed           *counter
	limit, allowance int64
	out              int64
}

func (u *unpacker) Read(p []byte) (int, error) {
	n, err := u.z.Read(p)
	u.out += int64(n)
	if most := min(u.limit, u.allowance+packingRatio*u.packed.read); u.out > most {
		return 0, Errorf(ErrRange, "the file unpacks to more than %d bytes", most)
	}
	if err == nil || err == io.EOF {
		return n, err
	}
	return n, Errorf(ErrSyntax, "damaged gzip file: %v", err)
}
