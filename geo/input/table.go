package input

import (
	"bufio"
	"encoding/csv"
	"errors"
	"io"
	"iter"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/paulmach/orb"
)

// byteOrderMark is what some editors write at the start of a UTF-8 file.
const byteOrderMark = "\ufeff"

// Table is a CSV file with a header line, read row by row: fields separated by
// commas, quoted where they contain commas, quotation marks or line ends, in
// UTF-8, as RFC 4180 and encoding/csv have it. The rows of a large file never
// are in memory together.
type Table struct {
	file    string
	records *csv.Reader
	columns map[string]int // place of a column in a record
	fields  int            // number of columns in the header
	p       *Problems
	bad     bool // the header is bad: no rows
}

// ReadTable reads the header of a CSV file. The header must have every
// required column, may have the optional ones, in any order, and none else:
// missing, unknown and repeated columns are problems. Names match to the
// letter, but for space around them. File is the name that problems carry. The
// file may be packed: see [Unpack].
func ReadTable(r io.Reader, file string, p *Problems, required []string, optional ...string) *Table {
	plain, err := Unpack(r)
	if err != nil {
		p.Add(&Error{File: file, Err: err})
		return &Table{bad: true}
	}
	b := bufio.NewReader(plain)
	if mark, err := b.Peek(len(byteOrderMark)); err == nil && string(mark) == byteOrderMark {
		b.Discard(len(byteOrderMark))
	}
	t := &Table{file: file, records: csv.NewReader(b), columns: make(map[string]int), p: p}
	t.records.FieldsPerRecord = -1 // counted in Rows, against the header
	t.records.ReuseRecord = true
	// Whatever is added from here on is about the header.
	before := p.Len()
	header, err := t.records.Read()
	switch {
	case err == io.EOF:
		p.Add(&Error{File: file, Line: 1, Err: Errorf(ErrMissing, "header line missing: the file is empty")})
	case err != nil:
		t.malformed(err)
	default:
		t.header(header, required, optional)
	}
	t.bad = p.Len() > before
	return t
}

// header checks the names of the columns and notes their places. Of a column
// that appears twice the position of the second is reported.
func (t *Table) header(names, required, optional []string) {
	t.fields = len(names)
	for i, name := range names {
		name = strings.TrimSpace(name)
		line, column := t.records.FieldPos(i)
		fail := func(err error) {
			t.p.Add(&Error{File: t.file, Line: line, Column: column, Field: name, Err: err})
		}
		_, seen := t.columns[name]
		switch {
		case seen:
			fail(Errorf(ErrDuplicate, "column appears twice"))
		case !slices.Contains(required, name) && !slices.Contains(optional, name):
			fail(Errorf(ErrUnknownKey, "unknown column %s", quote(name)))
		}
		t.columns[name] = i
	}
	for _, name := range required {
		if !t.Has(name) {
			t.p.Add(&Error{File: t.file, Line: 1, Field: name, Err: Errorf(ErrMissing, "column missing")})
		}
	}
}

// Has reports whether the header has the column.
func (t *Table) Has(column string) bool {
	_, ok := t.columns[column]
	return ok
}

// Rows returns the rows of the table in order. The file is read as the loop
// goes on, so the rows can be had once. There are none if the header is bad.
// A record that is malformed, not UTF-8 or has not as many fields as the
// header is a problem and is skipped; so are blank lines, silently. The *Row
// is valid until the next one.
func (t *Table) Rows() iter.Seq[*Row] {
	return func(yield func(*Row) bool) {
		if t.bad {
			return
		}
		row := &Row{table: t}
		for {
			fields, err := t.records.Read()
			if err == io.EOF {
				return
			}
			if err != nil {
				if !t.malformed(err) {
					return
				}
				continue
			}
			// The row is in place even for a bad record, to report it by.
			row.line, _ = t.records.FieldPos(0)
			row.fields, row.failed = fields, false
			if len(fields) != t.fields {
				row.Fail("", Errorf(ErrSyntax, "%d fields, the header has %d", len(fields), t.fields))
				continue
			}
			if i := slices.IndexFunc(fields, invalidUTF8); i >= 0 {
				row.Fail("", Errorf(ErrFormat, "field %d is not UTF-8 text", i+1))
				continue
			}
			if !yield(row) {
				return
			}
		}
	}
}

func invalidUTF8(s string) bool { return !utf8.ValidString(s) }

// malformed records a failure of the CSV reader and reports whether reading
// can go on with the next record. It can after an error of syntax, which
// encoding/csv leaves behind; it cannot if the file itself fails to be read.
func (t *Table) malformed(err error) bool {
	var pe *csv.ParseError
	if errors.As(err, &pe) {
		t.p.Add(&Error{File: t.file, Line: pe.Line, Column: pe.Column, Err: Errorf(ErrSyntax, "%v", pe.Err)})
		return true
	}
	t.p.Add(&Error{File: t.file, Err: err})
	return false
}

// Row is one record of a [Table]. The methods that return values trim
// surrounding space, and add a problem and return zero when a value is not as
// it should be; [Row.OK] tells afterwards whether all was well. So a reader
// asks for all columns in turn, without a check after each, and the person who
// keeps the file sees all that is wrong with a row.
//
// A row is one line, but for quoted fields that contain line ends: problems
// carry the line the record starts on.
type Row struct {
	table  *Table
	line   int
	fields []string // as in the file, reused for the next record
	failed bool
}

// Line returns the line of the file the record starts on, from 1.
func (r *Row) Line() int { return r.line }

// OK reports whether the row has had no problem so far.
func (r *Row) OK() bool { return !r.failed }

// Fail adds a problem at this row and column.
func (r *Row) Fail(col string, err error) {
	r.failed = true
	r.table.p.Add(&Error{File: r.table.file, Line: r.line, Field: col, Err: err})
}

// Optional returns the text of a column, empty if the table lacks it.
func (r *Row) Optional(col string) string {
	i, ok := r.table.columns[col]
	if !ok {
		return ""
	}
	return strings.TrimSpace(r.fields[i])
}

// Text returns the text of a column; empty text is a problem, as is a column
// that the table lacks.
func (r *Row) Text(col string) string {
	text := r.Optional(col)
	if text == "" {
		r.Fail(col, Errorf(ErrMissing, "value missing"))
	}
	return text
}

// Number returns the number in a column, which must be finite and between lo
// and hi, both included. Either may be infinite. Numbers have a decimal point
// and may have an exponent. For a column that may be empty, look at
// [Row.Optional] first.
func (r *Row) Number(col string, lo, hi float64) float64 {
	text := r.Text(col)
	if text == "" {
		return 0
	}
	x, err := Number(text, lo, hi)
	if err != nil {
		r.Fail(col, err)
	}
	return x
}

// Integer returns the whole number in a column, which must be between lo and
// hi, both included. It has digits and a sign only: 5.0 is a problem.
func (r *Row) Integer(col string, lo, hi int) int {
	text := r.Text(col)
	if text == "" {
		return 0
	}
	// Atoi takes a sign and decimal digits, nothing else.
	n, err := strconv.Atoi(text)
	switch {
	case errors.Is(err, strconv.ErrRange):
		err = Errorf(ErrRange, "%s out of range", shorten(text))
	case err != nil:
		err = Errorf(ErrFormat, "%s is not a whole number", quote(text))
	case n < lo && lo == 0:
		err = Errorf(ErrRange, "%d is negative", n)
	case n < lo:
		err = Errorf(ErrRange, "%d is less than %d", n, lo)
	case n > hi:
		err = Errorf(ErrRange, "%d is more than %d", n, hi)
	default:
		return n
	}
	r.Fail(col, err)
	return 0
}

// Point returns the position in the columns lon and lat, in degrees of WGS 84:
// a longitude within ±180 and a latitude within ±90.
func (r *Row) Point() orb.Point {
	return orb.Point{r.degrees("lon", "longitude", 180), r.degrees("lat", "latitude", 90)}
}

// degrees returns the coordinate in a column, which messages call what.
func (r *Row) degrees(col, what string, limit float64) float64 {
	text := r.Text(col)
	if text == "" {
		return 0
	}
	x, err := number(text)
	if err == nil {
		err = checkDegrees(what, x, limit)
	}
	if err != nil {
		r.Fail(col, err)
		return 0
	}
	return x
}
