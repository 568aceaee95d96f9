package format

import (
	"io"
	"os"
	"strings"
)

// Open opens a file, or a member of an archive, which is named by the path of
// the archive, a colon and the name of the member:
//
//	M.tar.gz:M/O/MO1
//
// Archives end in .tar, .tar.gz or .tgz. What comes out may still be packed by
// gzip, which the readers see for themselves.
func Open(path string) (io.ReadCloser, error) {
	archive, name, ok := cutMember(path)
	f, err := os.Open(archive)
	if err != nil {
		return nil, err
	}
	if !ok {
		return f, nil
	}
	r, err := findMember(f, archive, name)
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

// cutMember splits the name of an archive from that of its member; ok is false
// if path is that of a file. The colon behind the letter of a Windows drive is
// none of those it looks for.
func cutMember(path string) (archive, name string, ok bool) {
	for _, suffix := range []string{".tar.gz:", ".tgz:", ".tar:"} {
		if at := strings.Index(path, suffix); at >= 0 {
			at += len(suffix)
			return path[:at-1], path[at:], true
		}
	}
	return path, "", false
}
