package format

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"errors"
	"io"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/hubplan/hubplan/geo/input"
)

// archiveOf makes an archive of files with the standard library.
func archiveOf(tb testing.TB, files map[string]string) []byte {
	var b bytes.Buffer
	w := tar.NewWriter(&b)
	for _, name := range slices.Sorted(maps.Keys(files)) {
		h := &tar.Header{Name: name, Mode: 0o644, Size: int64(len(files[name])), Typeflag: tar.TypeReg}
		if strings.HasSuffix(name, "/") {
			h.Typeflag = tar.TypeDir
		}
		if err := w.WriteHeader(h); err != nil {
			tb.Fatal(err)
		}
		if _, err := io.WriteString(w, files[name]); err != nil {
			tb.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		tb.Fatal(err)
	}
	return b.Bytes()
}

func TestOpen(t *testing.T) {
	long := strings.Repeat("folder/", 14) + "a-name-beyond-the-first-hundred-bytes"
	files := map[string]string{"a": "one", "d/": "", "d/b.txt": strings.Repeat("two ", 1000), "./e": "five", long: "long", "z": ""}
	plain := archiveOf(t, files)
	var packed bytes.Buffer
	z := gzip.NewWriter(&packed)
	z.Write(plain)
	z.Close()
	dir := t.TempDir()
	for name, data := range map[string][]byte{"x.tar": plain, "x.tgz": packed.Bytes(), "x.tar.gz": packed.Bytes()} {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, data, 0o666); err != nil {
			t.Fatal(err)
		}
		for member, want := range files {
			f, err := Open(path + ":" + strings.TrimPrefix(member, "./"))
			if strings.HasSuffix(member, "/") {
				if !errors.Is(err, fs.ErrNotExist) {
					t.Errorf("%s:%s: %v", name, member, err)
				}
				continue
			}
			if err != nil {
				t.Errorf("%s:%s: %v", name, member, err)
				continue
			}
			got, err := io.ReadAll(f)
			if err != nil || string(got) != want || f.Close() != nil {
				t.Errorf("%s:%s: %q, %v", name, member, got, err)
			}
		}
		if _, err := Open(path + ":nothing"); !errors.Is(err, fs.ErrNotExist) || !strings.Contains(err.Error(), name+":nothing") {
			t.Errorf("%s: %v", name, err)
		}
		f, err := Open(path)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := io.ReadAll(f); err != nil || !bytes.Equal(got, data) {
			t.Errorf("%s itself: %v", name, err)
		}
		f.Close()
	}
	for _, path := range []string{"none.txt", "none.tar.gz:a"} {
		if f, err := Open(filepath.Join(dir, path)); f != nil || !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("%s: %v, %v", path, f, err)
		}
	}
}

// An archive that is cut off or damaged is an error, not an empty file.
func TestDamagedArchive(t *testing.T) {
	whole := archiveOf(t, map[string]string{"a": strings.Repeat("x", 700), "b": strings.Repeat("y", 700)})
	read := func(data []byte, name string) (string, error) {
		r, err := findMember(bytes.NewReader(data), "f", name)
		if err != nil {
			return "", err
		}
		content, err := io.ReadAll(r)
		return string(content), err
	}
	if got, err := read(whole, "b"); err != nil || got != strings.Repeat("y", 700) {
		t.Fatalf("%q, %v", got, err)
	}
	for end := 1; end < 3*block+block+700; end += 37 {
		if end%block == 0 || end == 3*block {
			continue // the end of the archive as far as anybody can tell
		}
		if _, err := read(whole[:end], "b"); !errors.Is(err, input.ErrSyntax) {
			t.Errorf("cut at %d: %v", end, err)
		}
	}
	for _, at := range []int{0, 124, 150, 200} { // name, size, checksum, anything
		data := bytes.Clone(whole)
		data[at] ^= 1
		if _, err := read(data, "b"); !errors.Is(err, input.ErrSyntax) {
			t.Errorf("byte %d changed: %v", at, err)
		}
	}
	if _, err := read([]byte("\x1f\x8b\x08 nothing packed"), "b"); !errors.Is(err, input.ErrSyntax) {
		t.Error(err)
	}
}
