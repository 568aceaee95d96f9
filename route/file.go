package route

import (
	"bufio"
	"compress/flate"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"hash"
	"hash/crc32"
	"io"
	"math"

	"github.com/hubplan/hubplan/geo"
	"github.com/hubplan/hubplan/geo/input"
	"github.com/paulmach/orb"
)

// The file of a network and its order: magic and version, then a deflated
// stream of whole numbers as unsigned varints and of floats as their 8 bytes,
// little-endian, then the CRC-32C of the stream before it was deflated.
const (
	fileMagic   = "hubplan network\n"
	fileVersion = 2
)

// Bounds of the counts in a file, and of the edges of a turn.
const (
	maxCount = 1 << 31
	maxPath  = 1 << 10
)

// Encode writes the network and the order of its nodes, from which [Decode]
// makes the same hierarchy in a fraction of the time that [NewHierarchy] takes.
// The same hierarchy gives the same bytes.
func (h *Hierarchy) Encode(w io.Writer) error {
	b := bufio.NewWriter(w)
	b.WriteString(fileMagic)
	b.WriteByte(fileVersion)
	packed, err := flate.NewWriter(b, flate.BestSpeed)
	if err != nil {
		return err
	}
	e := &encoder{w: bufio.NewWriterSize(packed, 1<<16), sum: crc32.New(castagnoli)}
	e.network(h.net)
	e.count(len(h.order))
	for _, v := range h.order {
		e.count(int(v))
	}
	sum := binary.LittleEndian.AppendUint32(nil, e.sum.Sum32())
	e.w.Write(sum)
	if err := errors.Join(e.w.Flush(), packed.Close()); err != nil {
		return err
	}
	return b.Flush()
}

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// encoder writes to a bufio.Writer, which keeps the first error.
type encoder struct {
	w    *bufio.Writer
	sum  hash.Hash32
	text [binary.MaxVarintLen64]byte
}

func (e *encoder) bytes(b []byte) {
	e.sum.Write(b)
	e.w.Write(b)
}

func (e *encoder) count(x int) { e.bytes(binary.AppendUvarint(e.text[:0], uint64(x))) }

func (e *encoder) float(x float64) {
	e.bytes(binary.LittleEndian.AppendUint64(e.text[:0], math.Float64bits(x)))
}

func (e *encoder) string(s string) {
	e.count(len(s))
	e.bytes([]byte(s))
}

func (e *encoder) point(p orb.Point) {
	e.float(p[0])
	e.float(p[1])
}

func (e *encoder) network(n *Network) {
	e.count(n.Nodes())
	e.count(n.Edges())
	e.count(len(n.text))
	for _, v := range n.nodes {
		e.string(v.Name)
		e.point(v.Point)
	}
	for _, s := range n.text {
		e.string(s)
	}
	e.count(len(n.kinds))
	for _, k := range n.kinds {
		e.count(int(k.class))
		e.attributes(&k.forth)
		e.attributes(&k.back)
	}
	for i := range n.Edges() {
		e.count(int(n.from[i]))
		e.count(int(n.to[i]))
		kind := int(n.kind[i]) << 1
		if n.one[i] {
			kind |= 1
		}
		e.count(kind)
		e.float(float64(n.length[i]))
		e.count(int(n.name[i]))
		e.count(int(n.ref[i]))
		between := n.points[n.line[i]:n.line[i+1]]
		e.count(len(between))
		for _, p := range between {
			e.point(p)
		}
	}
	e.count(len(n.turns))
	for _, t := range n.turns {
		e.count(len(t.Path))
		for _, x := range t.Path {
			e.count(int(x))
		}
		e.count(len(t.Vehicles))
		for _, v := range t.Vehicles {
			e.count(int(v))
		}
	}
}

// Decode reads what [Hierarchy.Encode] wrote. A file that is cut, damaged or of
// another version is refused: errors wrap [input.ErrSyntax] or, for a
// version, [input.ErrFormat]. It stops with the context's error when that ends.
func Decode(ctx context.Context, r io.Reader, file string) (*Hierarchy, error) {
	refuse := func(kind error, format string, args ...any) (*Hierarchy, error) {
		return nil, &input.Error{File: file, Err: input.Errorf(kind, format, args...)}
	}
	b := bufio.NewReader(r)
	head := make([]byte, len(fileMagic)+1)
	if _, err := io.ReadFull(b, head); err != nil || string(head[:len(fileMagic)]) != fileMagic {
		return refuse(input.ErrSyntax, "not a network file")
	}
	if v := head[len(fileMagic)]; v != fileVersion {
		return refuse(input.ErrFormat, "version %d of the network file, want %d", v, fileVersion)
	}
	d := &decoder{r: bufio.NewReaderSize(flate.NewReader(b), 1<<16), sum: crc32.New(castagnoli)}
	p, turns := d.network()
	length := d.count(maxCount)
	order := make([]uint32, 0, min(length, preallocate))
	for i := 0; i < length && d.err == nil; i++ {
		order = append(order, uint32(d.count(math.MaxUint32)))
	}
	want := d.sum.Sum32()
	var sum [4]byte
	if d.err == nil {
		_, d.err = io.ReadFull(d.r, sum[:])
	}
	if d.err == nil {
		d.err = atEnd(d.r, b)
	}
	switch {
	case d.err != nil:
		return refuse(input.ErrSyntax, "damaged network file: %v", d.err)
	case binary.LittleEndian.Uint32(sum[:]) != want:
		return refuse(input.ErrSyntax, "damaged network file: checksum %08x, want %08x", sum, want)
	}
	net, err := CollectNetwork(p.node, p.edges, len(p.edge), turns...)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	h, err := newHierarchy(net).build(ctx, order)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	return h, nil
}

// atEnd reports whether nothing is left in the stream and in the file behind it.
func atEnd(readers ...io.ByteReader) error {
	for _, r := range readers {
		switch _, err := r.ReadByte(); {
		case err == nil:
			return errors.New("data after the end")
		case !errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF):
			return err
		}
	}
	return nil
}

// preallocate bounds what is allocated on the word of a count alone.
const preallocate = 1 << 16

// decoder reads until the first error and returns zeros after it.
type decoder struct {
	r   *bufio.Reader
	sum hash.Hash32
	err error
	buf [8]byte
}

var errCount = errors.New("count out of range")

// ReadByte lets binary.ReadUvarint read through the checksum.
func (d *decoder) ReadByte() (byte, error) {
	b, err := d.r.ReadByte()
	if err == nil {
		d.buf[0] = b
		d.sum.Write(d.buf[:1])
	}
	return b, err
}

func (d *decoder) count(below uint64) int {
	if d.err != nil {
		return 0
	}
	x, err := binary.ReadUvarint(d)
	if err == nil && x >= below {
		err = errCount
	}
	if err != nil {
		d.err = unexpected(err)
		return 0
	}
	return int(x)
}

// unexpected turns an end of file inside the stream into what it is.
func unexpected(err error) error {
	if errors.Is(err, io.EOF) {
		return io.ErrUnexpectedEOF
	}
	return err
}

func (d *decoder) float() float64 {
	if d.err == nil {
		if _, err := io.ReadFull(d.r, d.buf[:]); err != nil {
			d.err = unexpected(err)
			return 0
		}
		d.sum.Write(d.buf[:])
		return math.Float64frombits(binary.LittleEndian.Uint64(d.buf[:]))
	}
	return 0
}

func (d *decoder) string() string {
	n := d.count(maxCount)
	var text []byte
	for len(text) < n && d.err == nil {
		part := make([]byte, min(n-len(text), preallocate))
		if _, err := io.ReadFull(d.r, part); err != nil {
			d.err = unexpected(err)
			return ""
		}
		d.sum.Write(part)
		text = append(text, part...)
	}
	return string(text)
}

func (d *decoder) point() orb.Point {
	x := d.float()
	return orb.Point{x, d.float()}
}

// packed is the edges of a file, until they are a network's.
type packed struct {
	node   []Node
	text   []string
	kind   []kind
	edge   []packedEdge
	points []orb.Point
}

type packedEdge struct {
	from, to, like, name, ref uint32
	length                    float64
	points                    uint32 // where the points of its line, without its ends, begin
}

func (p *packed) edges(yield func(Edge) bool) {
	for i, x := range p.edge {
		end := uint32(len(p.points))
		if i+1 < len(p.edge) {
			end = p.edge[i+1].points
		}
		e := Edge{From: int(x.from), To: int(x.to), OneWay: x.like&1 == 1, Length: geo.Distance(x.length), Name: p.text[x.name], Ref: p.text[x.ref]}
		e.like(&p.kind[x.like>>1])
		if between := p.points[x.points:end]; len(between) > 0 {
			e.Line = append(e.Line, p.node[e.From].Point)
			e.Line = append(e.Line, between...)
			e.Line = append(e.Line, p.node[e.To].Point)
		}
		if !yield(e) {
			return
		}
	}
}

func (d *decoder) network() (p *packed, turns []Turn) {
	p = &packed{}
	nodes, edges, texts := d.count(maxCount), d.count(maxCount), d.count(maxCount)
	p.node = make([]Node, 0, min(nodes, preallocate))
	for i := 0; i < nodes && d.err == nil; i++ {
		name := d.string()
		p.node = append(p.node, Node{Name: name, Point: d.point()})
	}
	p.text = make([]string, 0, min(texts, preallocate))
	for i := 0; i < texts && d.err == nil; i++ {
		p.text = append(p.text, d.string())
	}
	kinds := d.count(maxCount)
	for i := 0; i < kinds && d.err == nil; i++ {
		p.kind = append(p.kind, d.kind())
	}
	p.edge = make([]packedEdge, 0, min(edges, preallocate))
	for i := 0; i < edges && d.err == nil; i++ {
		p.edge = append(p.edge, packedEdge{
			from: uint32(d.count(uint64(nodes))), to: uint32(d.count(uint64(nodes))), like: uint32(d.count(2 * uint64(kinds))),
			length: d.float(), name: uint32(d.count(uint64(texts))), ref: uint32(d.count(uint64(texts))), points: uint32(len(p.points)),
		})
		for k := d.count(maxCount); k > 0 && d.err == nil; k-- {
			p.points = append(p.points, d.point())
		}
	}
	count := d.count(maxCount)
	for i := 0; i < count && d.err == nil; i++ {
		var t Turn
		for range d.count(maxPath) {
			t.Path = append(t.Path, Step(d.count(2*uint64(edges))))
		}
		for range d.count(uint64(vehicles) + 1) {
			t.Vehicles = append(t.Vehicles, Vehicle(d.count(uint64(vehicles))))
		}
		turns = append(turns, t)
	}
	return p, turns
}
