package osm

import (
	"runtime"
	"testing"
)

// checkRead reads a map and checks what holds of every one: it is refused or a
// network, whatever is in it, in bounded memory, and a second reading says the same.
func checkRead(t *testing.T, data []byte) {
	var m *Map
	var err error
	bytes := allocated(func() { m, err = readBytes(data, "x") })
	// Other work of the fuzzer is counted as well.
	if limit := int64(runtime.GOMAXPROCS(0))*2*maxBlob + 1<<30; bytes > limit {
		t.Errorf("%d MB allocated for a file of %d bytes", bytes>>20, len(data))
	}
	if (m == nil) == (err == nil) {
		t.Fatalf("network %v, error %v", m, err)
	}
	again, err2 := readBytes(data, "x")
	if err != nil {
		if err2 == nil || err2.Error() != err.Error() {
			t.Errorf("error %v, then %v", err, err2)
		}
		return
	}
	if m.Network.Edges() < 10_000 && text(again) != text(m) {
		t.Errorf("got\n%s\nthen\n%s", text(m), text(again))
	}
}

func FuzzPBF(f *testing.F) {
	for _, path := range fixtures(f) {
		doc, _ := readXMLMap(f, path)
		for _, form := range []form{{}, {raw: true, plain: true}, {raw: true, mixed: true, granularity: 1}} {
			f.Add(doc.pbf(form))
		}
	}
	f.Add(smallMap().pbf(form{raw: true}))
	f.Fuzz(func(t *testing.T, data []byte) {
		if len(data) > 0 && data[0] == 0 {
			checkRead(t, data)
		}
	})
}

// FuzzPBFBlock puts bytes into a block, where nothing checks them beforehand.
func FuzzPBFBlock(f *testing.F) {
	for _, path := range fixtures(f) {
		doc, _ := readXMLMap(f, path)
		e := newEncoder(form{granularity: 100})
		for _, w := range doc.Ways {
			e.way(w)
		}
		for _, r := range doc.Relations {
			e.relation(r)
		}
		e.dense(doc.Nodes)
		f.Add(e.block())
		e = newEncoder(form{granularity: 100})
		for _, n := range doc.Nodes {
			e.plain(n)
		}
		f.Add(e.block())
	}
	head := header("OsmSchema-V0.6", "DenseNodes")
	f.Fuzz(func(t *testing.T, content []byte) {
		checkRead(t, append(head[:len(head):len(head)], frame("OSMData", content, true)...))
	})
}

func FuzzXML(f *testing.F) {
	for _, path := range fixtures(f) {
		_, data := readXMLMap(f, path)
		f.Add(data)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		if len(data) > 0 && data[0] == '<' {
			checkRead(t, data)
		}
	})
}
