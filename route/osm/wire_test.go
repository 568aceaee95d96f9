package osm

import (
	"encoding/binary"
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// Numbers come back as they were written, by the library's own writer.
func TestVarints(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		want := rapid.SliceOf(rapid.OneOf(rapid.Uint64(), rapid.Uint64Range(0, 300), rapid.SampledFrom([]uint64{0, 127, 128, 1<<63 - 1, 1 << 63, math.MaxUint64}))).Draw(t, "numbers")
		var b []byte
		for _, x := range want {
			b = binary.AppendUvarint(b, x)
		}
		v := varints{rest: b}
		if n := v.count(); n != len(want) {
			t.Fatalf("%d numbers counted, want %d", n, len(want))
		}
		for _, x := range want {
			w := v
			if got := w.signed(); got != signed(x) {
				t.Fatalf("signed %d, want %d", got, signed(x))
			}
			if got := v.next(); got != x {
				t.Fatalf("got %d, want %d", got, x)
			}
		}
		if !v.empty() || v.err != nil {
			t.Fatalf("%d bytes left, error %v", len(v.rest), v.err)
		}
		// Cut within the last number, it is short; none after it is anything but 0.
		if len(b) > 0 && b[len(b)-1] < 0x80 && len(want) > 0 && want[len(want)-1] >= 128 {
			v = varints{rest: b[:len(b)-1]}
			for range want {
				v.next()
			}
			if v.err != errShort || v.next() != 0 || v.signed() != 0 {
				t.Fatalf("cut off: error %v", v.err)
			}
		}
	})
}

func TestVarintTooLong(t *testing.T) {
	for name, b := range map[string][]byte{
		"11 bytes": append(slices.Repeat([]byte{0x80}, 10), 1),
		"65 bits":  append(slices.Repeat([]byte{0xff}, 9), 2),
	} {
		v := varints{rest: b}
		if x := v.next(); x != 0 || v.err != errVarint {
			t.Errorf("%s: %d, error %v", name, x, v.err)
		}
	}
	v := varints{rest: append(slices.Repeat([]byte{0xff}, 9), 1)}
	if x := v.next(); x != math.MaxUint64 || v.err != nil {
		t.Errorf("the greatest number is read as %d, error %v", x, v.err)
	}
}

func TestFields(t *testing.T) {
	b := message{}.varint(1, 300).bytes(2, []byte("abc")).bytes(3, nil)
	b = append(b, 4<<3|1, 1, 2, 3, 4, 5, 6, 7, 8, 5<<3|5, 1, 2, 3, 4)
	b = b.varint(1<<29-1, 7)
	var got []int
	f := fields{rest: b}
	for f.next() {
		got = append(got, f.number)
		switch f.number {
		case 1:
			if f.value != 300 || f.bytes != nil {
				t.Errorf("field 1: %+v", f)
			}
		case 2:
			if string(f.bytes) != "abc" || f.value != 0 {
				t.Errorf("field 2: %+v", f)
			}
		case 3:
			if f.bytes == nil || len(f.bytes) != 0 {
				t.Errorf("field 3: %+v", f)
			}
		}
	}
	if want := []int{1, 2, 3, 4, 5, 1<<29 - 1}; f.err != nil || !slices.Equal(got, want) {
		t.Errorf("fields %v, error %v; want %v", got, f.err, want)
	}
	for name, test := range map[string]struct {
		b    []byte
		want error
	}{
		"tag":          {[]byte{0x80}, errShort},
		"number":       {[]byte{8, 0x80}, errShort},
		"length":       {[]byte{10, 0x80}, errShort},
		"text":         {[]byte{10, 3, 'a', 'b'}, errShort},
		"long text":    {append([]byte{10}, binary.AppendUvarint(nil, math.MaxUint64)...), errShort},
		"fixed 64":     {[]byte{9, 1, 2, 3, 4, 5, 6, 7}, errShort},
		"fixed 32":     {[]byte{13, 1, 2, 3}, errShort},
		"group":        {[]byte{11}, errWire},
		"wire type 7":  {[]byte{15}, errWire},
		"field number": {[]byte{0, 0}, errField},
	} {
		f := fields{rest: test.b}
		if f.next() || f.err != test.want || f.next() {
			t.Errorf("%s: error %v, want %v", name, f.err, test.want)
		}
	}
}

// A list is the same however it is cut into fields, and never writes into the message.
func TestListInPieces(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		want := rapid.SliceOf(rapid.Uint64Range(0, 1000)).Draw(t, "numbers")
		var b message
		for rest := want; len(rest) > 0; {
			if rapid.Bool().Draw(t, "single") {
				b, rest = b.varint(8, rest[0]), rest[1:]
				continue
			}
			n := rapid.IntRange(0, len(rest)).Draw(t, "piece")
			b, rest = b.list(8, rest[:n]), rest[n:]
		}
		before := slices.Clone(b)
		var l list
		f := fields{rest: b}
		for f.next() {
			l.add(&f)
		}
		var got []uint64
		v := l.numbers()
		for !v.empty() {
			got = append(got, v.next())
		}
		if f.err != nil || v.err != nil || !slices.Equal(got, want) || !slices.Equal(before, b) {
			t.Fatalf("got %v, errors %v %v; want %v", got, f.err, v.err, want)
		}
	})
}
