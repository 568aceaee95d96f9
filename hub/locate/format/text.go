package format

import (
	"bufio"
	"io"
	"strconv"
)

// text writes the words of a model file. Errors wait in the buffer until
// flush.
type text struct {
	w *bufio.Writer
	b []byte
}

func newText(w io.Writer) *text { return &text{w: bufio.NewWriterSize(w, 1<<16)} }

func (t *text) string(s string) { t.w.WriteString(s) }

// name writes a letter and the indices that follow it: y_3_7.
func (t *text) name(letter string, indices ...int) {
	t.b = appendName(t.b[:0], letter, indices...)
	t.w.Write(t.b)
}

func appendName(b []byte, letter string, indices ...int) []byte {
	b = append(b, letter...)
	for _, k := range indices {
		b = strconv.AppendInt(append(b, '_'), int64(k), 10)
	}
	return b
}

// number writes a number so that reading it gives the same again.
func (t *text) number(v float64) {
	t.b = strconv.AppendFloat(t.b[:0], v, 'g', -1, 64)
	t.w.Write(t.b)
}

func (t *text) flush() error { return t.w.Flush() }
