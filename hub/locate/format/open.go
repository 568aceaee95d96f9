package format

import (
	"archive/tar"
	"errors"
	"io"
	"io/fs"
	"os"
	"strings"

	"github.com/hubplan/hubplan/geo/input"
)

// Open opens a file, or a member of an archive, which is named by the path of
// the archive, a colon and the name of the member:
//
//	M.tar.gz:M/O/MO1
//
// Archives end in .tar, .tar.gz or .tgz. What comes out may still be packed by
// gzip, which the readers see for themselves.
func Open(path string) (io.ReadCloser, error) {
	archive, member, ok := cutMember(path)
	if !ok {
		return os.Open(path)
	}
	f, err := os.Open(archive)
	if err != nil {
		return nil, err
	}
	r, err := openMember(f, archive, member)
	if err != nil {
		f.Close()
		return nil, err
	}
	return memberFile{r, f}, nil
}

// memberFile reads a member and closes its archive.
type memberFile struct {
	io.Reader
	io.Closer
}

// cutMember splits the name of an archive from that of its member. The colon
// behind the letter of a Windows drive is none of those it looks for.
func cutMember(path string) (archive, member string, ok bool) {
	for _, suffix := range []string{".tar.gz:", ".tgz:", ".tar:"} {
		if at := strings.Index(path, suffix); at >= 0 {
			at += len(suffix)
			return path[:at-1], path[at:], true
		}
	}
	return path, "", false
}

// openMember goes to a member of an archive.
func openMember(f io.Reader, archive, member string) (io.Reader, error) {
	plain, err := input.Unpack(f)
	if err != nil {
		return nil, &input.Error{File: archive, Err: err}
	}
	t := tar.NewReader(plain)
	for {
		h, err := t.Next()
		switch {
		case err == io.EOF:
			return nil, &fs.PathError{Op: "open", Path: archive + ":" + member, Err: fs.ErrNotExist}
		case errors.Is(err, input.ErrRange) || errors.Is(err, input.ErrSyntax):
			return nil, &input.Error{File: archive, Err: err}
		case err != nil:
			return nil, &input.Error{File: archive, Err: input.Errorf(input.ErrSyntax, "damaged archive: %v", err)}
		case h.Typeflag == tar.TypeReg && strings.TrimPrefix(h.Name, "./") == member:
			return t, nil
		}
	}
}
