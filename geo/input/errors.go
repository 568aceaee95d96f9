package input

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// What can be wrong with a file. Each [Error] of this package wraps one of
// these, except where reading itself failed (Err is then the reader's error).
var (
	// ErrSyntax: not CSV or JSON at all.
	ErrSyntax = errors.New("syntax error")
	// ErrMissing: a required value, column or part of the file is absent.
	ErrMissing = errors.New("missing")
	// ErrRange: a number is not finite or outside its range.
	ErrRange = errors.New("out of range")
	// ErrDuplicate: an id, key or column was seen before.
	ErrDuplicate = errors.New("duplicate")
	// ErrUnknown: the value names something that is not defined.
	ErrUnknown = errors.New("unknown")
	// ErrUnknownKey: a key or column the format does not have.
	ErrUnknownKey = errors.New("unknown key")
	// ErrGeometry: a ring, line or polygon is not valid.
	ErrGeometry = errors.New("invalid geometry")
	// ErrFormat: a value is of the wrong kind, such as text for a number.
	ErrFormat = errors.New("wrong format")
)

// Errorf returns an error that reads as the formatted text and wraps kind,
// one of the errors above, without repeating the text of kind:
//
//	input.Errorf(input.ErrRange, "%v is negative", x)
func Errorf(kind error, format string, args ...any) error {
	return &cause{text: fmt.Sprintf(format, args...), kind: kind}
}

// cause is a message of its own with a sentinel behind it.
type cause struct {
	text string
	kind error
}

func (c *cause) Error() string { return c.text }
func (c *cause) Unwrap() error { return c.kind }

// Error is one problem of a file with its position. Parts that do not apply
// are zero and are left out of the message.
type Error struct {
	File    string // the name the reader was given
	Line    int    // line, from 1
	Column  int    // byte in the line, from 1
	Feature int    // GeoJSON feature, from 1
	Block   int    // of a binary file, from 1
	Offset  int64  // byte at which that block begins, from 0
	ID      string // id of the feature, place, site … if it is known
	Field   string // column, property or path of keys ("profile.speeds_kmh.motorway")
	Err     error  // what is wrong
}

// Error returns position and cause on one line. The field is left out for an
// unknown key, whose message quotes it.
func (e *Error) Error() string {
	var b strings.Builder
	b.WriteString(e.File)
	if e.Line > 0 {
		fmt.Fprintf(&b, ":%d", e.Line)
		if e.Column > 0 {
			fmt.Fprintf(&b, ":%d", e.Column)
		}
	}
	part := func(text string) {
		if b.Len() > 0 {
			b.WriteString(": ")
		}
		b.WriteString(text)
	}
	if e.Block > 0 {
		part(fmt.Sprintf("block %d at byte %d", e.Block, e.Offset))
	}
	switch {
	case e.Feature > 0 && e.ID != "":
		part(fmt.Sprintf("feature %d %q", e.Feature, e.ID))
	case e.Feature > 0:
		part(fmt.Sprintf("feature %d", e.Feature))
	case e.ID != "":
		part(strconv.Quote(e.ID))
	}
	if e.Field != "" && !errors.Is(e.Err, ErrUnknownKey) {
		part(e.Field)
	}
	if e.Err != nil {
		part(e.Err.Error())
	}
	return b.String()
}

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Err }

// Errors is all that is wrong with a file, in the order of the file as far as
// it was read in order.
type Errors struct {
	List []*Error // at most MaxProblems
	More int      // how many problems were found beyond the list
}

// Error returns one line for each problem.
func (e *Errors) Error() string {
	lines := make([]string, 0, len(e.List)+1)
	for _, p := range e.List {
		lines = append(lines, p.Error())
	}
	if e.More > 0 {
		lines = append(lines, fmt.Sprintf("... and %d more", e.More))
	}
	return strings.Join(lines, "\n")
}

// Unwrap returns the problems of the list, for errors.Is and errors.As.
func (e *Errors) Unwrap() []error {
	list := make([]error, len(e.List))
	for i, p := range e.List {
		list[i] = p
	}
	return list
}

// MaxProblems is how many problems [Problems] keeps; it counts the rest.
const MaxProblems = 20

// Problems collects what is wrong with one file or with several files that
// belong together. The zero value is ready to use. It is not safe for
// concurrent use. A reader has this form:
//
//	var p input.Problems
//	table := input.ReadTable(r, file, &p, []string{"id", "lon", "lat"})
//	for row := range table.Rows() {
//		sites = append(sites, Site{ID: row.Text("id"), Point: row.Point()})
//	}
//	if err := p.Err(); err != nil {
//		return nil, err
//	}
//	return sites, nil
type Problems struct {
	list []*Error
	n    int
}

// Add records a problem. Problems beyond MaxProblems are counted and forgotten.
func (p *Problems) Add(e *Error) {
	p.n++
	if len(p.list) < MaxProblems {
		p.list = append(p.list, e)
	}
}

// Len returns the number of problems added, including those beyond
// MaxProblems.
func (p *Problems) Len() int { return p.n }

// Err returns nil if there are no problems, else an [*Errors] with them.
func (p *Problems) Err() error {
	if p.n == 0 {
		return nil
	}
	return &Errors{List: slices.Clone(p.list), More: p.n - len(p.list)}
}
