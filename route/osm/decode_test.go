package osm

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"io"
	"os"
	"testing"
)

// decodePlain decodes a PBF file, the simplest way there is.
func decodePlain(t testing.TB, path string) *xmlMap {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	m := new(xmlMap)
	for len(data) > 0 {
		head := 4 + int(binary.BigEndian.Uint32(data))
		size, kind := 0, ""
		for _, f := range parse(data[4:head]) {
			switch f.number {
			case 1:
				kind = string(f.bytes)
			case 3:
				size = int(f.value)
			}
		}
		blob := parse(data[head : head+size])
		data = data[head+size:]
		var content []byte
		for _, f := range blob {
			switch f.number {
			case 1:
				content = f.bytes
			case 3:
				z, err := zlib.NewReader(bytes.NewReader(f.bytes))
				if err != nil {
					t.Fatal(err)
				}
				if content, err = io.ReadAll(z); err != nil {
					t.Fatal(err)
				}
			}
		}
		if kind == "OSMData" {
			m.block(content)
		}
	}
	return m
}

type field struct {
	number int
	value  uint64
	bytes  []byte
}

// parse takes a message apart. It panics on one that is malformed.
func parse(b []byte) (all []field) {
	for len(b) > 0 {
		tag, n := binary.Uvarint(b)
		x, k := binary.Uvarint(b[n:])
		b = b[n+k:]
		f := field{number: int(tag >> 3), value: x}
		if tag&7 == 2 {
			f.bytes, b = b[:x], b[x:]
		}
		all = append(all, f)
	}
	return all
}

func unpack(b []byte) (all []uint64) {
	for len(b) > 0 {
		x, n := binary.Uvarint(b)
		all, b = append(all, x), b[n:]
	}
	return all
}

func signed(x uint64) int64 { return int64(x>>1) ^ -int64(x&1) }

func sums(list []uint64) []int64 {
	out := make([]int64, len(list))
	var sum int64
	for i, x := range list {
		sum += signed(x)
		out[i] = sum
	}
	return out
}

func (m *xmlMap) block(content []byte) {
	var texts []string
	granularity, lat0, lon0 := int64(100), int64(0), int64(0)
	fields := parse(content)
	for _, f := range fields {
		switch f.number {
		case 1:
			for _, s := range parse(f.bytes) {
				texts = append(texts, string(s.bytes))
			}
		case 17:
			granularity = int64(f.value)
		case 19:
			lat0 = int64(f.value)
		case 20:
			lon0 = int64(f.value)
		}
	}
	degrees := func(zero, x int64) float64 { return float64(zero+granularity*x) / 1e9 }
	tags := func(keys, vals []uint64) (tags []xmlTag) {
		for i, k := range keys {
			tags = append(tags, xmlTag{texts[k], texts[vals[i]]})
		}
		return tags
	}
	for _, g := range fields {
		if g.number != 2 {
			continue
		}
		for _, o := range parse(g.bytes) {
			var lists [17][]uint64
			var values [17]uint64
			for _, f := range parse(o.bytes) {
				values[f.number] = f.value
				if f.bytes != nil {
					lists[f.number] = unpack(f.bytes)
				}
			}
			switch o.number {
			case 1:
				m.Nodes = append(m.Nodes, xmlNode{signed(values[1]), degrees(lat0, signed(values[8])), degrees(lon0, signed(values[9])), tags(lists[2], lists[3])})
			case 2:
				lats, lons, kv := sums(lists[8]), sums(lists[9]), lists[10]
				for i, id := range sums(lists[1]) {
					n := xmlNode{ID: id, Lat: degrees(lat0, lats[i]), Lon: degrees(lon0, lons[i])}
					for ; len(kv) > 0 && kv[0] != 0; kv = kv[2:] {
						n.Tags = append(n.Tags, xmlTag{texts[kv[0]], texts[kv[1]]})
					}
					kv = kv[min(1, len(kv)):]
					m.Nodes = append(m.Nodes, n)
				}
			case 3:
				w := xmlWay{ID: int64(values[1]), Tags: tags(lists[2], lists[3])}
				for _, id := range sums(lists[8]) {
					w.Refs = append(w.Refs, xmlRef{id})
				}
				m.Ways = append(m.Ways, w)
			case 4:
				r := xmlRelation{ID: int64(values[1]), Tags: tags(lists[2], lists[3])}
				for i, id := range sums(lists[9]) {
					r.Members = append(r.Members, xmlMember{[]string{"node", "way", "relation"}[lists[10][i]], id, texts[lists[8][i]]})
				}
				m.Relations = append(m.Relations, r)
			}
		}
	}
}

func tagMap(tags []xmlTag) map[string]string {
	m := make(map[string]string)
	for _, t := range tags {
		m[t.K] = t.V
	}
	return m
}
