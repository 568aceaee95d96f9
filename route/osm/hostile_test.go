package osm

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/hubplan/hubplan/geo/input"
)

// smallMap has a bit of everything.
func smallMap() *xmlMap {
	m := crossroads()
	m.Nodes[4].Tags = []xmlTag{{"name", "five"}, {"barrier", "bollard"}}
	m.Relations = []xmlRelation{{1, []xmlMember{{"way", 51, "from"}, {"node", 1, "via"}, {"way", 123, "to"}}, []xmlTag{{"type", "restriction"}, {"restriction", "no_left_turn"}}}}
	return m
}

// blocks are the offsets at which the blocks of a file begin, and its end.
func blocks(data []byte) (at []int) {
	for begin := 0; begin < len(data); {
		at = append(at, begin)
		head := begin + 4 + int(binary.BigEndian.Uint32(data[begin:]))
		size := 0
		for _, f := range parse(data[begin+4 : head]) {
			if f.number == 3 {
				size = int(f.value)
			}
		}
		begin = head + size
	}
	return append(at, len(data))
}

// A file that is cut within a block is refused, with the place of the block. Cut
// between blocks it is a file, though perhaps without roads.
func TestCutAnywhere(t *testing.T) {
	for _, f := range []form{{}, {raw: true, plain: true}, {mixed: true}} {
		data := smallMap().pbf(f)
		at := blocks(data)
		for n := 1; n < len(data); n++ {
			m, err := readBytes(data[:n], "x.pbf")
			i, between := slices.BinarySearch(at, n)
			switch {
			case between && err != nil && !strings.HasSuffix(err.Error(), ": no roads"):
				t.Errorf("cut at %d, between blocks: %v", n, err)
			case !between && (err == nil || m != nil):
				t.Errorf("cut at %d: no error", n)
			case !between && n >= 4:
				if want := fmt.Sprintf("x.pbf: block %d at byte %d: ", i, at[i-1]); !strings.HasPrefix(err.Error(), want) || !errors.Is(err, input.ErrSyntax) {
					t.Errorf("cut at %d: error %q, want %q...", n, err, want)
				}
			}
		}
	}
	data := smallMap().xml(t)
	for n := range len(data) {
		if m, err := readBytes(data[:n], "x.osm"); err == nil || m != nil || !strings.HasPrefix(err.Error(), "x.osm") {
			t.Errorf("XML cut at %d: %v", n, err)
		}
	}
}

// A file with one bit turned is refused or is a network; compressed ones are refused,
// save for the bits that mean nothing.
func TestBitFlips(t *testing.T) {
	if testing.Short() {
		t.Skip("much of the same; -short was asked for")
	}
	for name, f := range map[string]form{"zlib": {}, "raw": {raw: true}, "plain": {raw: true, plain: true}} {
		data := smallMap().pbf(f)
		read := 0
		for i := range data {
			for bit := range 8 {
				if name == "zlib" && bit != i%8 {
					continue // all are caught by one checksum
				}
				bad := slices.Clone(data)
				bad[i] ^= 1 << bit
				m, err := readBytes(bad, "x.pbf")
				if (m == nil) == (err == nil) {
					t.Fatalf("byte %d bit %d: network %v, error %v", i, bit, m, err)
				}
				if err != nil && !strings.HasPrefix(err.Error(), "x.pbf: ") {
					t.Errorf("byte %d bit %d: error %q", i, bit, err)
				}
				if m != nil {
					read++
				}
			}
		}
		t.Logf("%s: %d of %d are read", name, read, 8*len(data))
	}
}

// allocated returns how many bytes f allocates.
func allocated(f func()) int64 {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	f()
	runtime.ReadMemStats(&after)
	return int64(after.TotalAlloc - before.TotalAlloc)
}

// repeat returns a message whose packed list or fields are a piece many times over.
func repeat(piece []byte, n int) []byte { return bytes.Repeat(piece, n) }

// roadOf is a way of any nodes, with the strings of roadStrings.
func roadOf(id uint64, refs []byte) message {
	return message{}.varint(1, id).list(2, []uint64{1}).list(3, []uint64{2}).bytes(8, refs)
}

func roadStrings() message {
	return message{}.bytes(1, nil).bytes(1, []byte("highway")).bytes(1, []byte("primary"))
}

func dataBlock(table, group message) []byte {
	return frame("OSMData", message{}.bytes(1, table).bytes(2, group), false)
}

func TestHostileFiles(t *testing.T) {
	if testing.Short() {
		t.Skip("much of the same; -short was asked for")
	}
	head := header("OsmSchema-V0.6", "DenseNodes")
	second := fmt.Sprintf("x: block 2 at byte %d: ", len(head))
	bomb := frame("OSMData", make([]byte, maxBlob), false)
	zeros := parse(bomb[4+int(binary.BigEndian.Uint32(bomb)):]) // raw_size, zlib_data
	blob := func(size uint64, z []byte) []byte {
		return frameBlob("OSMData", message{}.varint(2, size).bytes(3, z))
	}
	three := func(refs []byte) []byte { return dataBlock(roadStrings(), message{}.bytes(3, roadOf(5, refs))) }
	nodes := func(nodes ...xmlNode) []byte { return (&xmlMap{Nodes: nodes}).pbf(form{})[len(head):] }
	road := three(message{}.list(8, []uint64{2, 2})[2:])
	for _, test := range []struct {
		name string
		data []byte
		want string
		kind error
	}{
		{"nothing", nil, "x: neither OpenStreetMap PBF nor XML", input.ErrFormat},
		{"a byte", []byte{0}, "x: neither OpenStreetMap PBF nor XML", input.ErrFormat},
		{"text", []byte("hello, world"), "x: neither OpenStreetMap PBF nor XML", input.ErrFormat},
		{"bzip2", []byte("BZh91AY&SY"), "x: a compressed file; unpack it first", input.ErrFormat},
		{"header of 16 MB", []byte{0, 255, 255, 255, 1, 2, 3}, "x: block 1 at byte 0: header of 16777215 bytes, the format allows 65536", input.ErrRange},
		{"header of 2 GB", append(slices.Clone(head), 127, 255, 255, 255, 0), second + "header of 2147483647 bytes, the format allows 65536", input.ErrRange},
		{"header without a size", append(slices.Clone(head), 0, 0, 0, 3, 10, 1, 'x'), second + "header without a type or a size", input.ErrSyntax},
		{"block of 1 GB", append(slices.Clone(head), append([]byte{0, 0, 0, 15}, message{}.bytes(1, []byte("OSMData")).varint(3, 1<<30)...)...), second + "1073741824 bytes, the format allows 33554432", input.ErrRange},
		{"block of negative size", append(slices.Clone(head), append([]byte{0, 0, 0, 20}, message{}.bytes(1, []byte("OSMData")).varint(3, 1<<64-1)...)...), second + "18446744073709551615 bytes, the format allows 33554432", input.ErrRange},
		{"no header", road, "x: block 1 at byte 0: the file does not begin with a header", input.ErrSyntax},
		{"history", header("OsmSchema-V0.6", "HistoricalInformation"), "x: block 1 at byte 0: a file with the history of objects; only the present state can be read", input.ErrUnknown},
		{"unknown feature", header("OsmSchema-V0.7"), `x: block 1 at byte 0: needs the feature "OsmSchema-V0.7", which is not supported`, input.ErrUnknown},
		{"LZ4", append(slices.Clone(head), frameBlob("OSMData", message{}.varint(2, 5).bytes(6, []byte("12345")))...), second + "compressed by LZ4, which is not supported; zlib is", input.ErrUnknown},
		{"empty blob", append(slices.Clone(head), frameBlob("OSMData", nil)...), second + "no content", input.ErrMissing},
		{"no zlib", append(slices.Clone(head), blob(3, []byte("abc"))...), second + "zlib: invalid header", input.ErrSyntax},

		{"32 MiB of zeros", append(slices.Clone(head), bomb...), second + "field number 0", input.ErrSyntax},
		{"size of 4 GB", append(slices.Clone(head), blob(1<<32, zeros[1].bytes)...), second + "content of 4294967296 bytes, the format allows 33554432", input.ErrRange},
		{"size that cannot be", append(slices.Clone(head), blob(maxBlob, zeros[1].bytes[:1000])...), second + "content of 33554432 bytes cannot be in 1000", input.ErrRange},
		{"more than the size", append(slices.Clone(head), blob(1000, zeros[1].bytes)...), second + "content is not of the 1000 bytes stated", input.ErrSyntax},
		{"less than the size", append(slices.Clone(head), blob(4000, frameZlib(3000))...), second + "content is not of the 4000 bytes stated", input.ErrSyntax},

		{"20 million nodes of a way", append(slices.Clone(head), three(repeat([]byte{2}, 20<<20))...), second + "way 5: more nodes of ways than a file of this size holds", input.ErrRange},
		{"10 million empty strings", append(slices.Clone(head), dataBlock(repeat([]byte{10, 0}, 10<<20), nil)...), second + "more than 2097152 strings", input.ErrRange},
		{"10 million empty ways", append(slices.Clone(head), dataBlock(roadStrings(), repeat([]byte{26, 0}, 10<<20))...), "x: no roads", input.ErrMissing},
		{"10 million empty nodes", append(slices.Clone(head), dataBlock(nil, repeat([]byte{10, 0}, 10<<20))...), "x: no roads", input.ErrMissing},
		{"10 million members", append(slices.Clone(head), dataBlock(message{}.bytes(1, nil).bytes(1, []byte("type")).bytes(1, []byte("restriction")),
			message{}.bytes(4, message{}.varint(1, 7).list(2, []uint64{1}).list(3, []uint64{2}).bytes(8, repeat([]byte{1}, 5<<20)).bytes(9, repeat([]byte{2}, 5<<20)).bytes(10, repeat([]byte{1}, 5<<20))))...),
			second + "relation 7: a restriction of 5242880 members", input.ErrRange},

		{"string out of range", append(slices.Clone(head), dataBlock(roadStrings(), message{}.bytes(3, message{}.varint(1, 5).list(2, []uint64{1}).list(3, []uint64{99}).list(8, []uint64{2, 2})))...), second + "way 5: there is no string 99 of 3", input.ErrRange},
		{"key out of range", append(slices.Clone(head), dataBlock(roadStrings(), message{}.bytes(3, message{}.varint(1, 5).list(2, []uint64{1 << 63}).list(3, []uint64{0})))...), second + "way 5: there is no string 9223372036854775808 of 3", input.ErrRange},
		{"keys without values", append(slices.Clone(head), dataBlock(roadStrings(), message{}.bytes(3, message{}.varint(1, 5).list(2, []uint64{1, 1}).list(3, []uint64{2})))...), second + "way 5: tags: lists that belong together differ in length", input.ErrSyntax},
		{"node far out", append(slices.Clone(head), three(binary.AppendUvarint(nil, 1<<63))...), second + "way 5: node id 4611686018427387904 out of range", input.ErrRange},
		{"malformed nodes", append(slices.Clone(head), three([]byte{2, 0x82})...), second + "way 5: nodes: cut off within a field", input.ErrSyntax},
		{"number of 70 bits", append(slices.Clone(head), three(append(repeat([]byte{0xff}, 9), 0x7f))...), second + "way 5: nodes: number of more than 64 bits", input.ErrSyntax},
		{"way id out of range", append(slices.Clone(head), dataBlock(roadStrings(), message{}.bytes(3, roadOf(1<<62, []byte{2, 2})))...), second + "way id 4611686018427387904 out of range", input.ErrRange},
		{"unknown wire type", append(slices.Clone(head), frame("OSMData", []byte{15, 0}, true)...), second + "field of unknown wire type", input.ErrSyntax},
		{"granularity 0", append(slices.Clone(head), frame("OSMData", message{}.varint(17, 0), true)...), second + "granularity 0", input.ErrRange},
		{"dense nodes without positions", slices.Concat(head, road, dataBlock(nil, message{}.bytes(2, message{}.list(1, []uint64{2, 2})))), fmt.Sprintf("x: block 3 at byte %d: dense nodes: lists that belong together differ in length", len(head)+len(road)), input.ErrSyntax},
		{"dense nodes with half a tag", slices.Concat(head, road, dataBlock(roadStrings(), message{}.bytes(2, message{}.list(1, []uint64{2}).list(8, []uint64{0}).list(9, []uint64{0}).list(10, []uint64{1})))), fmt.Sprintf("x: block 3 at byte %d: dense nodes: cut off within a field", len(head)+len(road)), input.ErrSyntax},
		{"position out of range", slices.Concat(head, road, nodes(xmlNode{ID: 2, Lat: 90.5})), fmt.Sprintf("x: block 3 at byte %d: node 2: latitude 90.5 out of range", len(head)+len(road)), input.ErrRange},

		{"node twice", slices.Concat(head, road, nodes(xmlNode{ID: 1}), nodes(xmlNode{ID: 1})), fmt.Sprintf("x: block 4 at byte %d: node 1 appears twice", len(head)+len(road)+len(nodes(xmlNode{ID: 1}))), input.ErrDuplicate},
		{"way twice", slices.Concat(head, road, nodes(xmlNode{ID: 1}, xmlNode{ID: 2}), road), "x: way 5 appears twice", input.ErrDuplicate},
	} {
		t.Run(test.name, func(t *testing.T) {
			var m *Map
			var err error
			bytes := allocated(func() { m, err = readBytes(test.data, "x") })
			if m != nil || err == nil {
				t.Fatalf("network %v, error %v", m, err)
			}
			if err.Error() != test.want || !errors.Is(err, test.kind) {
				t.Errorf("got  %v\nwant %s", err, test.want)
			}
			// A buffer of 32 MiB for every core, and lists that double as they grow.
			if limit := int64(runtime.GOMAXPROCS(0))*maxBlob + 128<<20; bytes > limit {
				t.Errorf("%d MB allocated for a file of %d bytes", bytes>>20, len(test.data))
			}
		})
	}
}

// frameZlib is n deflated zeros.
func frameZlib(n int) []byte {
	b := frame("x", make([]byte, n), false)
	return parse(b[4+int(binary.BigEndian.Uint32(b)):])[1].bytes
}

// What the format leaves open is read: unknown blocks and fields, lists in pieces, a
// number at a time, and numbers of odd wire types.
func TestOddFiles(t *testing.T) {
	head := append(header("OsmSchema-V0.6", "DenseNodes"), frame("OSMComment", []byte("hello"), true)...)
	way := message{}.varint(1, 5).varint(2, 1).varint(3, 2).varint(8, 2).varint(8, 2).bytes(8, []byte{2}).bytes(8, nil).varint(99, 7)
	way = append(way, 0x65, 1, 2, 3, 4, 0x69, 1, 2, 3, 4, 5, 6, 7, 8) // fixed fields of 4 and 8 bytes
	dense := message{}.varint(1, 2).bytes(1, []byte{2, 2}).bytes(8, []byte{0, 2, 2}).bytes(9, []byte{0}).varint(9, 2).varint(9, 2)
	block := dataBlock(roadStrings(), message{}.bytes(3, way).bytes(2, dense).bytes(5, []byte("changeset")))
	// The same block with an index of a thousand bytes in its header.
	n := 4 + int(binary.BigEndian.Uint32(block))
	long := message{}.bytes(1, []byte("OSMData")).bytes(2, make([]byte, 1000)).varint(3, uint64(len(block)-n))
	block = slices.Concat(binary.BigEndian.AppendUint32(nil, uint32(len(long))), long, block[n:])
	data := slices.Concat(head, block)
	m := mustRead(t, data)
	if m.Network.Edges() != 1 || len(m.Network.Edge(0).Line) != 3 || m.Counts != (Counts{3, 1, 0}) {
		t.Errorf("got\n%s", text(m))
	}
}

// A way of a million nodes is a way.
func TestLongWay(t *testing.T) {
	if testing.Short() {
		t.Skip("much of the same; -short was asked for")
	}
	const n = 1_000_000
	doc := &xmlMap{Ways: []xmlWay{{ID: 1, Tags: []xmlTag{{"highway", "track"}}}}}
	for i := range n {
		doc.Nodes = append(doc.Nodes, xmlNode{ID: int64(i + 1), Lat: float64(i) / 1e5, Lon: 30})
		doc.Ways[0].Refs = append(doc.Ways[0].Refs, xmlRef{int64(i + 1)})
	}
	m := mustRead(t, doc.pbf(form{}))
	if e := m.Network.Edge(0); m.Network.Edges() != 1 || len(e.Line) != n || e.Length < 1_111_000 || e.Length > 1_112_500 {
		t.Errorf("%d edges, the first %v long of %d points", m.Network.Edges(), e.Length, len(e.Line))
	}
}

// Restrictions made to be many times many are refused.
func TestManyRestrictions(t *testing.T) {
	doc := &xmlMap{Nodes: []xmlNode{{1, 50, 30, nil}, {2, 50, 31, nil}}}
	for i := range 3000 { // parallel ways
		doc.Ways = append(doc.Ways, xmlWay{int64(i + 1), []xmlRef{{1}, {2}}, []xmlTag{{"highway", "track"}}})
		doc.Relations = append(doc.Relations, xmlRelation{int64(i + 1), []xmlMember{{"way", int64(i + 1), "from"}, {"node", 2, "via"}, {"way", 1, "to"}},
			[]xmlTag{{"type", "restriction"}, {"restriction", "only_right_turn"}}})
	}
	var err error
	bytes := allocated(func() { _, err = readBytes(doc.pbf(form{}), "x") })
	if !errors.Is(err, input.ErrRange) || bytes > 600<<20 {
		t.Errorf("error %v, %d MB allocated", err, bytes>>20)
	}
}

func TestHostileXML(t *testing.T) {
	const road = "<way id='5'><nd ref='1'/><nd ref='2'/><tag k='highway' v='primary'/></way>"
	for _, test := range []struct{ name, data, want string }{
		{"other document", "<gpx></gpx>", `x:1:6: a document of "gpx", not of osm`},
		{"no end", "<osm>", "x:1:6: unexpected EOF"},
		{"no id", "<osm>\n<node lat='1' lon='1'/></osm>", "x:2:24: id missing"},
		{"id", "<osm><way id='1.5'/></osm>", `x:1:21: id "1.5" is not a whole number`},
		{"long id", "<osm><way id='99999999999999999999'/></osm>", "x:1:38: id 99999999999999999999 out of range"},
		{"id out of range", "<osm><way id='2000000000000000000'/></osm>", "x:1:37: way id 2000000000000000000 out of range"},
		{"no ref", "<osm><way id='1'><nd/></way></osm>", "x:1:23: ref missing"},
		{"bad member", "<osm><relation id='1'><member ref='one'/></relation></osm>", `x:1:42: ref "one" is not a whole number`},
		{"no position", "<osm>\n<node id='1'/><node id='2' lat='1'/>" + road + "</osm>", "x:2: \"node 1\": position missing\nx:2: \"node 2\": position missing"},
		{"position", "<osm><node id='1' lat='1' lon='east'/>" + road + "</osm>", `x:1: "node 1": position "east" is not a number`},
		{"off the globe", "<osm><node id='1' lat='1' lon='181'/><node id='2' lat='NaN' lon='0'/>" + road + "</osm>", "x:1: \"node 1\": longitude 181 out of range\nx:1: \"node 2\": latitude NaN out of range"},
		{"node twice", "<osm><node id='1' lat='1' lon='1'/><node id='1' lat='1' lon='1'/>" + road + "</osm>", "x: node 1 appears twice"},
		{"way twice", "<osm>" + road + road + "</osm>", "x: way 5 appears twice"},
		{"entity", "<!DOCTYPE x [<!ENTITY a 'aaa'>]><osm><node id='&a;'/></osm>", "x:1:51: invalid character entity &a;"},
		{"encoding", "<?xml version='1.0' encoding='windows-1251'?><osm></osm>", `x:1:46: xml: encoding "windows-1251" declared but Decoder.CharsetReader is nil`},
	} {
		_, err := readBytes([]byte(test.data), "x")
		if err == nil || err.Error() != test.want {
			t.Errorf("%s: got\n%v\nwant\n%s", test.name, err, test.want)
		}
	}
	many := "<osm>" + strings.Repeat("<way id='x'/>", 100) + "</osm>"
	_, err := readBytes([]byte(many), "x")
	var list *input.Errors
	if !errors.As(err, &list) || len(list.List) != input.MaxProblems {
		t.Errorf("error %v", err)
	}
}

// A reader that fails is reported as it is.
func TestReaderFails(t *testing.T) {
	broken := errors.New("disk on fire")
	data := smallMap().pbf(form{})
	for _, at := range []int64{0, 40, int64(len(data)) - 10} {
		r := failing{bytes.NewReader(data), at, broken}
		if _, err := Read(t.Context(), r, int64(len(data)), "x", Options{}); !errors.Is(err, broken) {
			t.Errorf("after %d bytes: %v", at, err)
		}
	}
	// A file shorter than stated.
	if _, err := Read(t.Context(), bytes.NewReader(data), int64(len(data))+100, "x", Options{}); !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("too short: %v", err)
	}
}

type failing struct {
	r   io.ReaderAt
	at  int64
	err error
}

func (f failing) ReadAt(p []byte, off int64) (int, error) {
	if off+int64(len(p)) > f.at {
		return 0, f.err
	}
	return f.r.ReadAt(p, off)
}
