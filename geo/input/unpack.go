package input

import (
	"bufio"
	"compress/gzip"
	"io"
)

// maxUnpacked bounds what a packed file may hold: more than any map of a country
// as text, and less than what a few megabytes of nothing can be blown up to.
const maxUnpacked = 4 << 30

// Unpack returns the content of a file that may be packed with gzip (RFC 1952),
// which shows in its first bytes; others come as they are. It is an error that
// wraps [ErrRange], from Read, if a file unpacks to more than 4 GiB. [ReadTable],
// [ReadFeatures] and [JSON] unpack what they read themselves.
func Unpack(r io.Reader) (io.Reader, error) { return unpack(r, maxUnpacked) }

func unpack(r io.Reader, limit int64) (io.Reader, error) {
	b := bufio.NewReader(r)
	// A file too short to be packed, or one that cannot be read, is left to
	// whoever reads it.
	if magic, _ := b.Peek(2); string(magic) != "\x1f\x8b" {
		return b, nil
	}
	z, err := gzip.NewReader(b)
	if err != nil {
		return nil, Errorf(ErrSyntax, "not a gzip file though it begins like one: %v", err)
	}
	return &unpacker{z, limit, limit}, nil
}

// unpacker reads a gzip file as far as the limit.
type unpacker struct {
	z           *gzip.Reader
	limit, left int64
}

func (u *unpacker) Read(p []byte) (int, error) {
	n, err := u.z.Read(p[:min(int64(len(p)), u.left+1)])
	if u.left -= int64(n); u.left < 0 {
		return 0, Errorf(ErrRange, "the file unpacks to more than %d bytes", u.limit)
	}
	if err == nil || err == io.EOF {
		return n, err
	}
	return n, Errorf(ErrSyntax, "damaged gzip file: %v", err)
}
