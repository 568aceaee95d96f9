package osm

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"encoding/xml"
	"math"
	"os"
	"testing"
)

// xmlMap is a small map, for tests to write. It is read by its own path, through
// xml.Unmarshal, and encoded as PBF.
type xmlMap struct {
	XMLName   xml.Name      `xml:"osm"`
	Nodes     []xmlNode     `xml:"node"`
	Ways      []xmlWay      `xml:"way"`
	Relations []xmlRelation `xml:"relation"`
}

type xmlNode struct {
	ID   int64    `xml:"id,attr"`
	Lat  float64  `xml:"lat,attr"`
	Lon  float64  `xml:"lon,attr"`
	Tags []xmlTag `xml:"tag"`
}

type xmlWay struct {
	ID   int64    `xml:"id,attr"`
	Refs []xmlRef `xml:"nd"`
	Tags []xmlTag `xml:"tag"`
}

type xmlRef struct {
	ID int64 `xml:"ref,attr"`
}

type xmlRelation struct {
	ID      int64       `xml:"id,attr"`
	Members []xmlMember `xml:"member"`
	Tags    []xmlTag    `xml:"tag"`
}

type xmlMember struct {
	Type string `xml:"type,attr"`
	ID   int64  `xml:"ref,attr"`
	Role string `xml:"role,attr"`
}

type xmlTag struct {
	K string `xml:"k,attr"`
	V string `xml:"v,attr"`
}

func (m *xmlMap) xml(t testing.TB) []byte {
	t.Helper()
	data, err := xml.Marshal(m)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func readXMLMap(t testing.TB, path string) (*xmlMap, []byte) {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	m := new(xmlMap)
	if err := xml.Unmarshal(data, m); err != nil {
		t.Fatalf("%s: %v", path, err)
	}
	return m, data
}

// form is a way of writing PBF: all that the format leaves open.
type form struct {
	plain       bool // nodes, not dense
	raw         bool // not compressed
	mixed       bool // all objects in one block, the relations and ways first
	perBlock    int  // objects; 0: all of a kind in one
	granularity int64
	offset      int64 // of coordinates, in nanodegrees
}

var forms = map[string]form{
	"dense": {}, "plain": {plain: true}, "raw": {raw: true}, "mixed": {mixed: true}, "blocks of one": {perBlock: 1},
	"blocks of three": {perBlock: 3, plain: true, raw: true},
	"fine":            {granularity: 1, offset: 12_000_000_000},
	"offset":          {granularity: 50, offset: -7_000_000},
}

// message is a protocol buffer message in the making.
type message []byte

func (m message) varint(field int, x uint64) message {
	return binary.AppendUvarint(binary.AppendUvarint(m, uint64(field)<<3), x)
}

func (m message) bytes(field int, b []byte) message {
	m = binary.AppendUvarint(binary.AppendUvarint(m, uint64(field)<<3|2), uint64(len(b)))
	return append(m, b...)
}

func (m message) list(field int, list []uint64) message {
	var b []byte
	for _, x := range list {
		b = binary.AppendUvarint(b, x)
	}
	return m.bytes(field, b)
}

func zigzag(x int64) uint64 { return uint64(x<<1 ^ x>>63) }

// deltas are the differences of numbers in zigzag form.
func deltas(list []int64) []uint64 {
	out := make([]uint64, len(list))
	var last int64
	for i, x := range list {
		out[i] = zigzag(x - last)
		last = x
	}
	return out
}

// frame puts a block into its blob and header.
func frame(kind string, content []byte, raw bool) []byte {
	var b message
	if raw {
		b = b.bytes(1, content)
	} else {
		var z bytes.Buffer
		w := zlib.NewWriter(&z)
		w.Write(content)
		w.Close()
		b = b.varint(2, uint64(len(content))).bytes(3, z.Bytes())
	}
	return frameBlob(kind, b)
}

func frameBlob(kind string, blob []byte) []byte {
	head := message{}.bytes(1, []byte(kind)).varint(3, uint64(len(blob)))
	return append(append(binary.BigEndian.AppendUint32(nil, uint32(len(head))), head...), blob...)
}

func header(features ...string) []byte {
	var m message
	for _, f := range features {
		m = m.bytes(4, []byte(f))
	}
	return frame("OSMHeader", m.bytes(16, []byte("test")), false)
}

// pbf encodes the map.
func (m *xmlMap) pbf(f form) []byte {
	if f.granularity == 0 {
		f.granularity = 100
	}
	out := header("OsmSchema-V0.6", "DenseNodes")
	b := newEncoder(f)
	flush := func() {
		if len(b.groups) > 0 {
			out = append(out, frame("OSMData", b.block(), f.raw)...)
			b = newEncoder(f)
		}
	}
	n := 0
	next := func() {
		if n++; f.perBlock > 0 && n%f.perBlock == 0 {
			flush()
		}
	}
	relations := func() {
		for _, r := range m.Relations {
			b.relation(r)
			next()
		}
	}
	ways := func() {
		for _, w := range m.Ways {
			b.way(w)
			next()
		}
	}
	if f.mixed {
		relations()
		ways()
	}
	if f.plain {
		for _, n := range m.Nodes {
			b.plain(n)
			next()
		}
	} else {
		each := max(1, len(m.Nodes))
		if f.perBlock > 0 {
			each = f.perBlock
		}
		for at := 0; at < len(m.Nodes); at += each {
			b.dense(m.Nodes[at:min(at+each, len(m.Nodes))])
			if f.perBlock > 0 {
				flush()
			}
		}
	}
	if !f.mixed {
		flush()
		ways()
		flush()
		relations()
	}
	flush()
	return out
}

type encoder struct {
	form
	strings map[string]uint64
	table   message
	groups  message
}

func newEncoder(f form) *encoder {
	e := &encoder{form: f, strings: make(map[string]uint64)}
	e.text("") // string 0 delimits the tags of dense nodes
	return e
}

func (e *encoder) text(s string) uint64 {
	i, ok := e.strings[s]
	if !ok {
		i = uint64(len(e.strings))
		e.strings[s] = i
		e.table = e.table.bytes(1, []byte(s))
	}
	return i
}

func (e *encoder) tags(tags []xmlTag) (keys, vals []uint64) {
	for _, t := range tags {
		keys, vals = append(keys, e.text(t.K)), append(vals, e.text(t.V))
	}
	return keys, vals
}

func (e *encoder) coordinate(degrees float64) int64 {
	return (int64(math.Round(degrees*1e9)) - e.offset) / e.granularity
}

func (e *encoder) group(field int, object message) {
	e.groups = e.groups.bytes(2, message{}.bytes(field, object))
}

func (e *encoder) plain(n xmlNode) {
	keys, vals := e.tags(n.Tags)
	e.group(1, message{}.varint(1, zigzag(n.ID)).list(2, keys).list(3, vals).
		varint(8, zigzag(e.coordinate(n.Lat))).varint(9, zigzag(e.coordinate(n.Lon))))
}

func (e *encoder) dense(nodes []xmlNode) {
	var ids, lats, lons []int64
	var tags []uint64
	tagged := false
	for _, n := range nodes {
		ids, lats, lons = append(ids, n.ID), append(lats, e.coordinate(n.Lat)), append(lons, e.coordinate(n.Lon))
		for _, t := range n.Tags {
			tags, tagged = append(tags, e.text(t.K), e.text(t.V)), true
		}
		tags = append(tags, 0)
	}
	m := message{}.list(1, deltas(ids)).list(8, deltas(lats)).list(9, deltas(lons))
	if tagged {
		m = m.list(10, tags)
	}
	e.group(2, m)
}

func (e *encoder) way(w xmlWay) {
	keys, vals := e.tags(w.Tags)
	var refs []int64
	for _, r := range w.Refs {
		refs = append(refs, r.ID)
	}
	e.group(3, message{}.varint(1, uint64(w.ID)).list(2, keys).list(3, vals).list(8, deltas(refs)))
}

func (e *encoder) relation(r xmlRelation) {
	keys, vals := e.tags(r.Tags)
	var ids []int64
	var roles, types []uint64
	for _, m := range r.Members {
		ids, roles = append(ids, m.ID), append(roles, e.text(m.Role))
		types = append(types, map[string]uint64{"node": 0, "way": 1, "relation": 2}[m.Type])
	}
	e.group(4, message{}.varint(1, uint64(r.ID)).list(2, keys).list(3, vals).list(8, roles).list(9, deltas(ids)).list(10, types))
}

func (e *encoder) block() []byte {
	m := message{}.bytes(1, e.table)
	m = append(m, e.groups...)
	if e.granularity != 100 {
		m = m.varint(17, uint64(e.granularity))
	}
	if e.offset != 0 {
		m = m.varint(19, uint64(e.offset)).varint(20, uint64(e.offset))
	}
	return m
}
