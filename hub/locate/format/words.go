package format

import (
	"bufio"
	"context"
	"errors"
	"io"
	"math"
	"strconv"
	"strings"

	"github.com/hubplan/hubplan/geo/input"
)

// words reads a file word by word and knows the place of each. The first
// error stays: what is asked for afterwards is zero, so that a reader asks for
// numbers in turn and looks at ok where it loops.
type words struct {
	ctx  context.Context
	r    *bufio.Reader
	file string

	word         []byte // the last one read
	line, column int    // where it begins
	nowLine      int    // where the next byte stands
	nowColumn    int
	count        int
	held         bool // the last word is to be read again
	err          error
}

// longest is the length from which on a word cannot be one of any format.
const longest = 256

// newWords begins to read a file, packed or not.
func newWords(ctx context.Context, r io.Reader, file string) *words {
	w := &words{ctx: ctx, file: file, nowLine: 1, nowColumn: 1}
	plain, err := input.Unpack(r)
	if err != nil {
		w.err = &input.Error{File: file, Err: err}
		return w
	}
	w.r = bufio.NewReaderSize(plain, lookahead)
	return w
}

// ok reports whether there has been no error.
func (w *words) ok() bool { return w.err == nil }

// fail records an error at the last word, unless there is one already.
func (w *words) fail(field string, err error) {
	if w.err == nil {
		w.err = &input.Error{File: w.file, Line: w.line, Column: w.column, Field: field, Err: err}
	}
}

// next reads a word and reports whether there is one: not at the end of the
// file, nor after an error.
func (w *words) next() bool {
	if w.err != nil {
		return false
	}
	if w.held {
		w.held = false
		return true
	}
	if w.count++; w.count%4096 == 0 && w.ctx.Err() != nil {
		w.err = w.ctx.Err()
		return false
	}
	w.word = w.word[:0]
	for {
		c, err := w.r.ReadByte()
		if err == io.EOF {
			if len(w.word) == 0 {
				w.line, w.column = w.nowLine, w.nowColumn
			}
			return len(w.word) > 0
		}
		if err != nil {
			w.line, w.column = w.nowLine, w.nowColumn
			w.fail("", err)
			return false
		}
		blank := c == ' ' || c == '\t' || c == '\n' || c == '\r'
		if blank && len(w.word) > 0 {
			w.r.UnreadByte()
			return true
		}
		if !blank {
			if len(w.word) == 0 {
				w.line, w.column = w.nowLine, w.nowColumn
			}
			if w.word = append(w.word, c); len(w.word) > longest {
				w.fail("", input.Errorf(input.ErrFormat, "%s is too long for a word", quote(w.word)))
				return false
			}
		}
		w.nowColumn++
		if c == '\n' {
			w.nowLine, w.nowColumn = w.nowLine+1, 1
		}
	}
}

// is reads the next word if it is the given one, and reports whether it is.
func (w *words) is(word string) bool {
	if !w.next() {
		return false
	}
	w.held = string(w.word) != word
	return !w.held
}

// rest returns what stands behind the last word on its line, without the space
// around it, and passes over it.
func (w *words) rest() string {
	var text []byte
	for w.err == nil {
		c, err := w.r.ReadByte()
		if err == io.EOF {
			break
		}
		if err != nil {
			w.fail("", err)
			break
		}
		w.nowColumn++
		if c == '\n' {
			w.nowLine, w.nowColumn = w.nowLine+1, 1
			break
		}
		// Long comments are cut off, not kept.
		if len(text) < 1024 {
			text = append(text, c)
		}
	}
	return strings.TrimSpace(string(text))
}

// wanted reads a word that must be there.
func (w *words) wanted(field string) bool {
	if w.next() {
		return true
	}
	w.fail(field, input.Errorf(input.ErrMissing, "the file ends where a number is wanted"))
	return false
}

// number reads a number, which must be finite and between lo and hi.
func (w *words) number(field string, lo, hi float64) float64 {
	if !w.wanted(field) {
		return 0
	}
	if n, ok := digits(w.word); ok && float64(n) >= lo && float64(n) <= hi {
		return float64(n)
	}
	x, err := input.Number(string(w.word), lo, hi)
	if err != nil {
		w.fail(field, err)
	}
	return x
}

// cost reads a cost: finite and at least 0.
func (w *words) cost(field string) float64 { return w.number(field, 0, math.MaxFloat64) }

// coordinate reads a number of the size that locate.Points takes.
func (w *words) coordinate(field string) float64 { return w.number(field, -1e15, 1e15) }

// integer reads a whole number between lo and hi.
func (w *words) integer(field string, lo, hi int) int {
	if !w.wanted(field) {
		return 0
	}
	n, ok := digits(w.word)
	if !ok {
		var err error
		n, err = strconv.Atoi(string(w.word))
		if errors.Is(err, strconv.ErrRange) {
			w.fail(field, input.Errorf(input.ErrRange, "%s out of range", quote(w.word)))
			return 0
		}
		if err != nil {
			w.fail(field, input.Errorf(input.ErrFormat, "%s is not a whole number", quote(w.word)))
			return 0
		}
	}
	switch {
	case n < lo && lo == 0:
		w.fail(field, input.Errorf(input.ErrRange, "%d is negative", n))
	case n < lo:
		w.fail(field, input.Errorf(input.ErrRange, "%d is less than %d", n, lo))
	case n > hi:
		w.fail(field, input.Errorf(input.ErrRange, "%d is more than %d", n, hi))
	default:
		return n
	}
	return 0
}

// finish reports what went wrong, or that there is more in the file than
// there should be.
func (w *words) finish() error {
	if w.next() {
		w.fail("", input.Errorf(input.ErrSyntax, "%s after the end of the data", quote(w.word)))
	}
	return w.err
}

// digits returns the number that up to 15 digits stand for.
func digits(word []byte) (n int, ok bool) {
	if len(word) == 0 || len(word) > 15 {
		return 0, false
	}
	for _, c := range word {
		if c < '0' || c > '9' {
			return 0, false
		}
		n = 10*n + int(c-'0')
	}
	return n, true
}

// quote quotes a word for a message, shortened.
func quote(word []byte) string {
	const most = 40
	if len(word) > most {
		return strconv.Quote(string(word[:most]) + "…")
	}
	return strconv.Quote(string(word))
}
