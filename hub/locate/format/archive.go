package format

import (
	"bytes"
	"errors"
	"io"
	"io/fs"
	"strconv"
	"strings"

	"github.com/hubplan/hubplan/geo/input"
)

// block is the size of the units of a tape archive.
const block = 512

// findMember goes through an archive to a regular file of a name, and returns
// its content. It reads the ustar format (POSIX.1-1988), in which a name has
// up to 255 bytes; of the extensions for longer ones it reads what is not
// extended. The standard archive/tar is not used because it depends on cgo,
// through os/user.
func findMember(r io.Reader, archive, name string) (io.Reader, error) {
	fail := func(err error) error { return &input.Error{File: archive, Err: err} }
	plain, err := input.Unpack(r)
	if err != nil {
		return nil, fail(err)
	}
	var header [block]byte
	for {
		_, err := io.ReadFull(plain, header[:])
		if err == io.EOF || err == nil && header == [block]byte{} {
			return nil, &fs.PathError{Op: "open", Path: archive + ":" + name, Err: fs.ErrNotExist}
		}
		if err == io.ErrUnexpectedEOF {
			err = input.Errorf(input.ErrSyntax, "the archive is cut off")
		}
		if err != nil {
			return nil, fail(err)
		}
		size, err := memberSize(&header)
		if err != nil {
			return nil, fail(err)
		}
		if kind := header[156]; (kind == '0' || kind == 0) && memberName(&header) == name {
			return &member{r: plain, left: size}, nil
		}
		padded := (size + block - 1) / block * block
		if n, err := io.CopyN(io.Discard, plain, padded); err == io.EOF {
			return nil, fail(input.Errorf(input.ErrSyntax, "the archive is cut off %d bytes before the end of %s", padded-n, strconv.Quote(memberName(&header))))
		} else if err != nil {
			return nil, fail(err)
		}
	}
}

// memberSize returns the size of the member that a header announces, if the
// checksum is right.
func memberSize(h *[block]byte) (int64, error) {
	sum := 8 * int64(' ') // the checksum itself counts as blanks
	for k, c := range h {
		if k < 148 || k >= 156 {
			sum += int64(c)
		}
	}
	checksum, err := octal(h[148:156])
	size, sizeErr := octal(h[124:136])
	if err = errors.Join(err, sizeErr); err != nil || checksum != sum {
		return 0, input.Errorf(input.ErrSyntax, "not a tape archive, or a damaged one")
	}
	return size, nil
}

// octal reads a number of a header: octal digits between blanks and zeros.
func octal(field []byte) (int64, error) {
	n, err := strconv.ParseUint(string(bytes.Trim(field, " \x00")), 8, 40)
	return int64(n), err
}

// memberName returns the name in a header.
func memberName(h *[block]byte) string {
	text := func(field []byte) string {
		s, _, _ := strings.Cut(string(field), "\x00")
		return s
	}
	name := text(h[:100])
	if prefix := text(h[345:500]); prefix != "" && string(h[257:262]) == "ustar" && h[262] == 0 {
		name = prefix + "/" + name
	}
	return strings.TrimPrefix(name, "./")
}

// member reads the content of a member.
type member struct {
	r    io.Reader
	left int64
}

func (m *member) Read(b []byte) (int, error) {
	if m.left == 0 {
		return 0, io.EOF
	}
	n, err := m.r.Read(b[:min(int64(len(b)), m.left)])
	if m.left -= int64(n); err == io.EOF && m.left > 0 {
		err = input.Errorf(input.ErrSyntax, "the archive is cut off")
	}
	return n, err
}
