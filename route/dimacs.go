package route

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"math"
	"strconv"

	"github.com/hubplan/hubplan/geo"
	"github.com/hubplan/hubplan/geo/input"
	"github.com/paulmach/orb"
)

// dimacsSpeed makes a metre of length a millisecond of time.
const dimacsSpeed Speed = 1000

// DIMACS is the profile of networks that [ReadDIMACS] reads: the time on an edge
// is the weight that the file states, in milliseconds.
func DIMACS() Profile {
	return Profile{Name: "weights", Speed: map[Class]Speed{Unclassified: dimacsSpeed}, Access: dimacsSpeed}
}

// ReadDIMACS reads a graph of the ninth DIMACS implementation challenge: arcs
// from gr ("p sp nodes arcs", "a tail head weight", nodes counted from 1) and
// positions from co ("v node x y"), which may be nil. Every arc is an edge of its
// own, open one way, whose Length in metres is the arc's weight: under the profile
// [DIMACS] it takes that many milliseconds. Positions are read as 10⁻⁷ degrees;
// without them all nodes are at one point.
//
// Errors are [input.Errors] with the line of each problem: a weight that is
// negative or does not fit 31 bits, a node that does not exist, a count that
// differs from what the file announces.
func ReadDIMACS(gr, co io.Reader, file string) (*Network, error) {
	var p input.Problems
	d := &dimacs{p: &p, file: file}
	d.lines(gr, d.arc)
	if p.Len() == 0 && !d.announced {
		d.fail(input.ErrMissing, "no line p")
	}
	if d.line = 0; p.Len() == 0 && len(d.list) != d.arcs {
		d.fail(input.ErrMissing, "%d arcs of %d", len(d.list), d.arcs)
	}
	if co != nil && p.Len() == 0 {
		d.file = file + " (positions)"
		d.placed = make([]bool, len(d.nodes))
		d.lines(co, d.position)
		if d.line = 0; p.Len() == 0 && d.positions != len(d.nodes) {
			d.fail(input.ErrMissing, "positions of %d nodes of %d", d.positions, len(d.nodes))
		}
	}
	return collect(file, &p, d.nodes, d.edges, len(d.list))
}

// arc is a line of the file.
type arc struct{ tail, head, weight uint32 }

func (d *dimacs) edges(yield func(Edge) bool) {
	for _, a := range d.list {
		// A length of zero would stand for the distance of the nodes.
		length := max(geo.Distance(a.weight), 1e-9)
		if !yield(Edge{From: int(a.tail), To: int(a.head), Class: Unclassified, OneWay: true, Length: length}) {
			return
		}
	}
}

// dimacs is a file being read.
type dimacs struct {
	p         *input.Problems
	file      string
	line      int
	announced bool
	arcs      int
	nodes     []Node
	list      []arc
	placed    []bool
	positions int
}

func (d *dimacs) fail(kind error, format string, args ...any) {
	d.p.Add(&input.Error{File: d.file, Line: d.line, Err: input.Errorf(kind, format, args...)})
}

// maxDIMACS bounds the nodes and arcs that a file may announce, 28 bits, so that
// a damaged line does not ask for all memory.
const maxDIMACS = 1 << 28

// lines calls f with the fields of every line but comments and empty ones.
func (d *dimacs) lines(r io.Reader, f func(fields [][]byte)) {
	scanner := bufio.NewScanner(r)
	scanner.Buffer(make([]byte, 1<<16), 1<<20)
	var fields [][]byte
	for d.line = 1; scanner.Scan(); d.line++ {
		fields = fields[:0]
		for field := range bytes.FieldsSeq(scanner.Bytes()) {
			fields = append(fields, field)
		}
		if len(fields) > 0 && string(fields[0]) != "c" {
			f(fields)
		}
		if d.p.Len() >= input.MaxProblems {
			return
		}
	}
	if err := scanner.Err(); err != nil {
		kind := err
		if errors.Is(err, bufio.ErrTooLong) {
			kind = input.ErrSyntax
		}
		d.fail(kind, "%v", err)
	}
}

// number reads a whole number within bounds, or reports it.
func (d *dimacs) number(what string, field []byte, lo, hi int64) (int64, bool) {
	x, err := strconv.ParseInt(string(field), 10, 64)
	switch {
	case err != nil && errors.Is(err, strconv.ErrSyntax):
		d.fail(input.ErrFormat, "%s %q is not a whole number", what, field)
		return 0, false
	case err != nil || x < lo || x > hi:
		d.fail(input.ErrRange, "%s %s is not within %d to %d", what, field, lo, hi)
		return 0, false
	}
	return x, true
}

func (d *dimacs) arc(fields [][]byte) {
	switch kind := string(fields[0]); {
	case kind == "p" && len(fields) == 4 && string(fields[1]) == "sp" && !d.announced:
		nodes, ok := d.number("node count", fields[2], 1, maxDIMACS)
		arcs, ok2 := d.number("arc count", fields[3], 0, maxDIMACS)
		if ok && ok2 {
			d.announced, d.arcs, d.nodes = true, int(arcs), make([]Node, nodes)
		}
	case kind == "a" && len(fields) == 4 && d.announced:
		tail, ok := d.number("tail", fields[1], 1, int64(len(d.nodes)))
		head, ok2 := d.number("head", fields[2], 1, int64(len(d.nodes)))
		weight, ok3 := d.number("weight", fields[3], 0, math.MaxInt32-1)
		if !ok || !ok2 || !ok3 {
			return
		}
		if len(d.list) == d.arcs {
			d.fail(input.ErrRange, "more than the %d arcs announced", d.arcs)
			return
		}
		d.list = append(d.list, arc{uint32(tail) - 1, uint32(head) - 1, uint32(weight)})
	default:
		d.fail(input.ErrSyntax, "line %q is no arc", bytes.Join(fields, []byte(" ")))
	}
}

func (d *dimacs) position(fields [][]byte) {
	if string(fields[0]) == "p" {
		return
	}
	if string(fields[0]) != "v" || len(fields) != 4 {
		d.fail(input.ErrSyntax, "line %q is no position", bytes.Join(fields, []byte(" ")))
		return
	}
	node, ok := d.number("node", fields[1], 1, int64(len(d.nodes)))
	x, ok2 := d.number("x", fields[2], -180e7, 180e7)
	y, ok3 := d.number("y", fields[3], -90e7, 90e7)
	if !ok || !ok2 || !ok3 {
		return
	}
	if d.placed[node-1] {
		d.fail(input.ErrDuplicate, "node %d has a position already", node)
		return
	}
	d.placed[node-1] = true
	d.positions++
	d.nodes[node-1].Point = orb.Point{float64(x) / 1e7, float64(y) / 1e7}
}
