package input

import (
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
)

// pack returns text packed, in as many members as there are texts.
func pack(texts ...string) []byte {
	var b bytes.Buffer
	for _, text := range texts {
		z := gzip.NewWriter(&b)
		io.WriteString(z, text)
		z.Close()
	}
	return b.Bytes()
}

func TestUnpack(t *testing.T) {
	const text = "id,lon,lat\nA,30,50\n"
	whole := pack(text)
	for _, c := range []struct {
		name string
		in   []byte
		want string
		kind error
	}{
		{"plain", []byte(text), text, nil},
		{"empty", nil, "", nil},
		{"one byte", []byte{0x1f}, "\x1f", nil},
		{"packed", whole, text, nil},
		{"packed in parts", pack("id,lon,", "lat\nA,30,50\n"), text, nil},
		{"nothing packed", pack(""), "", nil},
		{"cut off", whole[:len(whole)-9], "", ErrSyntax},
		{"cut off in its header", whole[:5], "", ErrSyntax},
		{"damaged", bytes.Replace(whole, whole[len(whole)-6:], []byte("xxxxxx"), 1), "", ErrSyntax},
		{"as much as may be", pack(strings.Repeat("x", 1000)), strings.Repeat("x", 1000), nil},
		{"too much", pack(strings.Repeat("x", 1001)), "", ErrRange},
	} {
		r, err := unpack(bytes.NewReader(c.in), 1000, 1000)
		var got []byte
		if err == nil {
			got, err = io.ReadAll(r)
		}
		if !errors.Is(err, c.kind) {
			t.Errorf("%s: error %v, want %v", c.name, err, c.kind)
		}
		if err == nil && string(got) != c.want {
			t.Errorf("%s: got %q, want %q", c.name, got, c.want)
		}
	}
}

// A file that is made to unpack to a thousand times its size does not get far.
func TestUnpackStopsBombs(t *testing.T) {
	bomb := pack(strings.Repeat("0", 10<<20))
	r, err := unpack(bytes.NewReader(bomb), 1<<30, 1<<20)
	if err != nil {
		t.Fatal(err)
	}
	n, err := io.Copy(io.Discard, r)
	if most := int64(1<<20 + packingRatio*len(bomb)); !errors.Is(err, ErrRange) || n > most {
		t.Errorf("%d bytes of %d, error %v, want at most %d and ErrRange", n, 10<<20, err, most)
	}
	if r, err = unpack(bytes.NewReader(bomb), 1<<30, 10<<20); err == nil {
		n, err = io.Copy(io.Discard, r)
	}
	if err != nil || n != 10<<20 {
		t.Errorf("within the allowance: %d bytes, error %v", n, err)
	}
}

// All three readers take packed files, and report those that cannot be unpacked.
func TestReadersUnpack(t *testing.T) {
	const features = `{"type":"FeatureCollection","features":[{"type":"Feature","properties":{},"geometry":{"type":"Point","coordinates":[30,50]}}]}`
	for name, read := range map[string]func(r io.Reader, p *Problems) string{
		"table": func(r io.Reader, p *Problems) (got string) {
			for row := range ReadTable(r, "f", p, []string{"lon", "lat"}).Rows() {
				got += fmt.Sprint(row.Point())
			}
			return got
		},
		"features": func(r io.Reader, p *Problems) (got string) {
			for _, f := range ReadFeatures(r, "f", p) {
				got += fmt.Sprint(f.Geometry)
			}
			return got
		},
	} {
		text := features
		if name == "table" {
			text = "lon,lat\n30,50\n"
		}
		packed := pack(text)
		var p Problems
		if got := read(bytes.NewReader(packed), &p); got != "[30 50]" || p.Len() > 0 {
			t.Errorf("%s: got %q, %v", name, got, p.Err())
		}
		for _, n := range []int{4, len(packed) - 4} {
			var p Problems
			if read(bytes.NewReader(packed[:n]), &p); !errors.Is(p.Err(), ErrSyntax) || !strings.HasPrefix(p.Err().Error(), "f: ") {
				t.Errorf("%s cut off at %d: %v", name, n, p.Err())
			}
		}
	}
	var p Problems
	var v struct{ A int }
	if JSON(bytes.NewReader(pack(`{"A":3}`)), "f", &v, &p); v.A != 3 || p.Len() > 0 {
		t.Errorf("JSON: got %v, %v", v, p.Err())
	}
}
