package osm

import (
	"encoding/binary"
	"errors"
)

// The wire format of protocol buffers, as far as the PBF format uses it.
// Source: https://protobuf.dev/programming-guides/encoding/

var (
	errShort   = errors.New("cut off within a field")
	errVarint  = errors.New("number of more than 64 bits")
	errWire    = errors.New("field of unknown wire type")
	errField   = errors.New("field number 0")
	errPairing = errors.New("lists that belong together differ in length")
)

// fields walks the fields of a message:
//
//	f := fields{rest: message}
//	for f.next() {
//		switch f.number {
//		case 1:
//			use(f.bytes)
//		}
//	}
//	return f.err
//
// A field of another wire type than expected leaves bytes nil or value 0, as if it
// were empty.
type fields struct {
	rest   []byte
	number int
	value  uint64 // of a varint
	bytes  []byte // of a string, a message or a packed list
	err    error
}

// next reports whether there is another field, and reads it.
func (f *fields) next() bool {
	if len(f.rest) == 0 || f.err != nil {
		return false
	}
	tag, ok := f.varint()
	if !ok {
		return false
	}
	f.number, f.value, f.bytes = int(tag>>3&(1<<29-1)), 0, nil
	if f.number == 0 {
		f.err = errField
		return false
	}
	switch tag & 7 {
	case 0:
		f.value, ok = f.varint()
		return ok
	case 1:
		return f.skip(8)
	case 2:
		n, ok := f.varint()
		if !ok {
			return false
		}
		if n > uint64(len(f.rest)) {
			f.err = errShort
			return false
		}
		f.bytes, f.rest = f.rest[:n:n], f.rest[n:] // clipped; see list
		return true
	case 5:
		return f.skip(4)
	}
	f.err = errWire
	return false
}

func (f *fields) skip(n int) bool {
	if len(f.rest) < n {
		f.err = errShort
		return false
	}
	f.rest = f.rest[n:]
	return true
}

func (f *fields) varint() (uint64, bool) {
	v := varints{rest: f.rest}
	x := v.next()
	f.rest, f.err = v.rest, v.err
	return x, v.err == nil
}

// list is a packed list of numbers. It comes in one piece as a rule, but a file may
// give it in several, or a number at a time.
type list []byte

// add puts what a field holds at the end of the list. The first piece stays a part of
// the message; next has left no room behind it, so that another piece makes a copy.
func (l *list) add(f *fields) {
	switch {
	case f.bytes == nil:
		*l = binary.AppendUvarint(*l, f.value)
	case *l == nil:
		*l = f.bytes
	default:
		*l = append(*l, f.bytes...)
	}
}

func (l list) numbers() varints { return varints{rest: l} }

// varints reads a packed list of numbers. After the first that is malformed all
// others are zero and err is set.
type varints struct {
	rest []byte
	err  error
}

func (v *varints) empty() bool { return len(v.rest) == 0 }

// next reads an unsigned number.
func (v *varints) next() uint64 {
	if len(v.rest) > 0 && v.rest[0] < 0x80 {
		x := uint64(v.rest[0])
		v.rest = v.rest[1:]
		return x
	}
	return v.long()
}

func (v *varints) long() uint64 {
	var x uint64
	for i, b := range v.rest {
		if i == 9 && b > 1 {
			v.fail(errVarint)
			return 0
		}
		x |= uint64(b&0x7f) << (7 * i)
		if b < 0x80 {
			v.rest = v.rest[i+1:]
			return x
		}
	}
	v.fail(errShort)
	return 0
}

func (v *varints) fail(err error) {
	v.rest = nil
	if v.err == nil {
		v.err = err
	}
}

// signed reads a number in zigzag form: 0, -1, 1, -2, ...
func (v *varints) signed() int64 {
	x := v.next()
	return int64(x>>1) ^ -int64(x&1)
}

// count is how many numbers are left, if none is malformed.
func (v *varints) count() int {
	n := 0
	for _, b := range v.rest {
		n += int(^b >> 7)
	}
	return n
}
