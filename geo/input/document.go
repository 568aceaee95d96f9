package input

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"iter"
	"slices"
	"unicode/utf8"
)

// document is a whole JSON file, known to be valid JSON in valid UTF-8.
//
// Syntax is left to encoding/json, which is strict: no comments, no NaN, no
// trailing commas, nothing after the value. What it lacks is positions of
// values. A [cursor] has them, and can be simple because it walks over text
// that is known to be good.
type document struct {
	file  string
	data  []byte
	lines []int // offsets at which the lines start, built when first needed
	p     *Problems
}

// readDocument reads a JSON file and checks its syntax with encoding/json.
// It returns nil after adding a problem if there is something wrong. Text that
// is not UTF-8, such as Windows-1251, is an error: encoding/json would put
// replacement characters into names.
func readDocument(r io.Reader, file string, p *Problems) *document {
	r, err := Unpack(r)
	var data []byte
	if err == nil {
		data, err = io.ReadAll(r)
	}
	if err != nil {
		p.Add(&Error{File: file, Err: err})
		return nil
	}
	d := &document{file: file, data: bytes.TrimPrefix(data, []byte(byteOrderMark)), p: p}
	if i := firstInvalidUTF8(d.data); i >= 0 {
		d.fail(i, "", Errorf(ErrSyntax, "invalid UTF-8"))
		return nil
	}
	if json.Valid(d.data) {
		return d
	}
	var raw json.RawMessage
	err = json.Unmarshal(d.data, &raw)
	at := len(d.data) // where a file that was cut off ends
	var se *json.SyntaxError
	if errors.As(err, &se) && se.Error() != "unexpected end of JSON input" {
		at = int(se.Offset) - 1 // Offset counts the offending byte
	}
	d.fail(at, "", Errorf(ErrSyntax, "%v", err))
	return nil
}

// firstInvalidUTF8 returns the offset of the first byte that is not part of
// valid UTF-8, or -1.
func firstInvalidUTF8(data []byte) int {
	if utf8.Valid(data) {
		return -1
	}
	// Decode until something fails; U+FFFD itself is valid and has 3 bytes.
	for i := 0; ; {
		c, n := utf8.DecodeRune(data[i:])
		if c == utf8.RuneError && n == 1 {
			return i
		}
		i += n
	}
}

// fail adds a problem at an offset of the file.
func (d *document) fail(at int, field string, err error) {
	line, column := d.position(at)
	d.p.Add(&Error{File: d.file, Line: line, Column: column, Field: field, Err: err})
}

// position converts an offset to line and column, both from 1. Lines end with
// a line feed; the offset may be that of the end of the file. The first call
// takes O(n), all others O(log n).
func (d *document) position(at int) (line, column int) {
	if d.lines == nil {
		d.lines = []int{0}
		for i, c := range d.data {
			if c == '\n' {
				d.lines = append(d.lines, i+1)
			}
		}
	}
	i, exact := slices.BinarySearch(d.lines, at)
	if !exact {
		i--
	}
	return i + 1, at - d.lines[i] + 1
}

// cursor walks over valid JSON. Each method leaves it just behind what it
// returned. Methods may only be called where the value is of their kind, which
// the first byte of a value tells: see [cursor.kind]. On text that is not
// valid JSON it may run beyond the end.
type cursor struct {
	data []byte
	at   int
}

// kind skips white space and returns the first byte of the value that comes:
// one of { [ " t f n - 0…9.
func (c *cursor) kind() byte {
	for {
		switch b := c.data[c.at]; b {
		case ' ', '\t', '\r', '\n':
			c.at++
		default:
			return b
		}
	}
}

// skip passes over the value that comes, however deep, and returns its bytes
// without the space around it.
func (c *cursor) skip() []byte {
	c.kind()
	start, depth := c.at, 0
	for {
		switch c.kind() {
		case '{', '[':
			depth++
			c.at++
		case '}', ']':
			depth--
			c.at++
		case ',', ':':
			c.at++
		case '"':
			c.at++
			for c.data[c.at] != '"' {
				// What is escaped may be a quotation mark; the digits of a
				// \u escape are passed as if they were text.
				if c.data[c.at] == '\\' {
					c.at++
				}
				c.at++
			}
			c.at++
		default:
			c.literal()
		}
		// Of a list or object this is so at its closing bracket only.
		if depth == 0 {
			return c.data[start:c.at]
		}
	}
}

// literal passes over a number, true, false or null and returns its bytes: all
// up to the next white space or punctuation.
func (c *cursor) literal() []byte {
	start := c.at
	for c.at < len(c.data) {
		switch c.data[c.at] {
		case ' ', '\t', '\r', '\n', ',', ':', ']', '}':
			return c.data[start:c.at]
		}
		c.at++
	}
	return c.data[start:]
}

// text returns the string that comes, escapes resolved.
func (c *cursor) text() string {
	raw := c.skip()
	if bytes.IndexByte(raw, '\\') < 0 {
		return string(raw[1 : len(raw)-1])
	}
	var s string
	// The document is valid, so a string decodes.
	_ = json.Unmarshal(raw, &s)
	return s
}

// member is a key of an object and the offset it stands at.
type member struct {
	key string
	at  int
}

// members returns the members of the object that comes, with the cursor at
// the member's value; a value the loop does not read is skipped. After a break
// the cursor is of no use.
func (c *cursor) members() iter.Seq[member] {
	return func(yield func(member) bool) {
		c.kind()
		c.at++ // {
		for c.kind() != '}' {
			if c.data[c.at] == ',' {
				c.at++
				c.kind()
			}
			m := member{at: c.at}
			m.key = c.text()
			c.kind()
			c.at++ // :
			c.kind()
			value := c.at
			if !yield(m) {
				return
			}
			if c.at == value {
				c.skip()
			}
		}
		c.at++ // }
	}
}

// elements returns the indices of the list that comes, with the cursor at the
// element; an element the loop does not read is skipped. After a break the
// cursor is of no use.
func (c *cursor) elements() iter.Seq[int] {
	return func(yield func(int) bool) {
		c.kind()
		c.at++ // [
		for i := 0; c.kind() != ']'; i++ {
			if c.data[c.at] == ',' {
				c.at++
				c.kind()
			}
			value := c.at
			if !yield(i) {
				return
			}
			if c.at == value {
				c.skip()
			}
		}
		c.at++ // ]
	}
}

// kindName names the kind of a JSON value by its first byte, with article.
func kindName(first byte) string {
	switch first {
	case '{':
		return "an object"
	case '[':
		return "a list"
	case '"':
		return "text"
	case 't':
		return "true"
	case 'f':
		return "false"
	case 'n':
		return "null"
	}
	return "a number"
}
