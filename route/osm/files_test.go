package osm

import (
	"bytes"
	"compress/bzip2"
	"context"
	"encoding/xml"
	"errors"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"testing"

	"github.com/hubplan/hubplan/geo/input"
)

// Counts of real files are those that osmium 1.15.0 prints (osmium fileinfo -e, "Number
// of nodes", "ways", "relations").
func TestCounts(t *testing.T) {
	for _, test := range []struct {
		name string
		want Counts
	}{
		{"delaware", Counts{723870, 73144, 1644}},
		{"malta", Counts{333684, 56021, 950}},
		{"porto-portugal", Counts{347944, 51458, 357}},
		{"liechtenstein", Counts{142832, 15247, 358}},
		{"monaco", Counts{180118, 27377, 212}},
		{"krems", Counts{15042, 2402, 73}},
		{"belarus-east", Counts{3090, 27, 0}},
		{"columbus-us", Counts{110560, 15503, 111}},
		{"columbus-us-dense", Counts{110560, 15503, 111}},
	} {
		t.Run(test.name, func(t *testing.T) {
			path := fileOf(t, test.name)
			data, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			got, err := Count(context.Background(), bytes.NewReader(data), int64(len(data)), path)
			if err != nil || got != test.want {
				t.Errorf("got %+v, error %v; want %+v", got, err, test.want)
			}
			m := mustRead(t, data)
			if m.Counts != test.want {
				t.Errorf("a reading counts %+v, want %+v", m.Counts, test.want)
			}
			t.Logf("%d nodes, %d edges, %d turns; %v", m.Network.Nodes(), m.Network.Edges(), len(m.Network.Turns()), m.LeftOut)
		})
	}
}

// A real map in XML has the counts that osmium prints, and is the network that it is
// from PBF.
func TestAndorraInXML(t *testing.T) {
	if os.Getenv("HUBPLAN_DATA") == "" {
		t.Skip("HUBPLAN_DATA is not set: tests on big data")
	}
	f, err := os.Open(filepath.Join(filepath.Dir(delaware(t)), "andorra-latest.osm.bz2"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	data, err := io.ReadAll(bzip2.NewReader(f))
	if err != nil {
		t.Fatal(err)
	}
	m := mustRead(t, data)
	if want := (Counts{203265, 9080, 233}); m.Counts != want {
		t.Errorf("got %+v, want %+v", m.Counts, want)
	}
	doc := new(xmlMap)
	if err := xml.Unmarshal(data, doc); err != nil {
		t.Fatal(err)
	}
	if text(mustRead(t, doc.pbf(form{perBlock: 8000}))) != text(m) {
		t.Error("the network from PBF is another")
	}
}

func fileOf(t testing.TB, name string) string {
	t.Helper()
	if name == "delaware" {
		return delaware(t)
	}
	return dataFile(t, name)
}

// The same map with plain and with dense nodes, in other blocks, is the same network.
func TestPlainNodesAreDenseNodes(t *testing.T) {
	var texts [2]string
	for i, name := range []string{"columbus-us", "columbus-us-dense"} {
		data, err := os.ReadFile(dataFile(t, name))
		if err != nil {
			t.Fatal(err)
		}
		texts[i] = text(mustRead(t, data))
	}
	if texts[0] != texts[1] {
		t.Error("the networks differ")
	}
}

// The network does not depend on the number of cores.
func TestSameOnOneCore(t *testing.T) {
	data, err := os.ReadFile(dataFile(t, "liechtenstein"))
	if err != nil {
		t.Fatal(err)
	}
	want := text(mustRead(t, data))
	for _, cores := range []int{1, 2, 5} {
		old := runtime.GOMAXPROCS(cores)
		got := text(mustRead(t, data))
		runtime.GOMAXPROCS(old)
		if got != want {
			t.Errorf("on %d cores the network is another", cores)
		}
	}
}

func TestProgress(t *testing.T) {
	doc, data := readXMLMap(t, "testdata/limits.osm")
	for name, data := range map[string][]byte{"XML": data, "PBF": doc.pbf(forms["blocks of one"])} {
		var last, calls int64
		size := int64(len(data))
		_, err := Read(context.Background(), bytes.NewReader(data), size, "x", Options{Progress: func(done, total int64) {
			if done < last || total != 2*size {
				t.Errorf("%s: %d of %d after %d", name, done, total, last)
			}
			last = done
			calls++
		}})
		if err != nil || last != 2*size || calls < 3 {
			t.Errorf("%s: %d calls, the last with %d of %d; error %v", name, calls, last, 2*size, err)
		}
	}
}

// Whoever gives up gets the error of the context, from every phase of the work.
func TestGivingUp(t *testing.T) {
	doc, data := readXMLMap(t, "testdata/turns.osm")
	for name, data := range map[string][]byte{"XML": data, "PBF": doc.pbf(forms["blocks of one"])} {
		for after := range int64(2) {
			ctx, cancel := context.WithCancel(context.Background())
			size := int64(len(data))
			m, err := Read(ctx, bytes.NewReader(data), size, "x", Options{Progress: func(done, total int64) {
				if done > after*size {
					cancel()
				}
			}})
			if m != nil || !errors.Is(err, context.Canceled) {
				t.Errorf("%s: network %v, error %v", name, m, err)
			}
			cancel()
		}
	}
}

func TestReadFile(t *testing.T) {
	m, err := ReadFile(context.Background(), "testdata/limits.osm", Options{})
	if err != nil || m.Network.Edges() != 12 {
		t.Errorf("got %v, error %v", m, err)
	}
	if _, err := ReadFile(context.Background(), "testdata/nothing", Options{}); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("error %v", err)
	}
}

func TestRailIsKeptOnDemand(t *testing.T) {
	doc := &xmlMap{
		Nodes: []xmlNode{{1, 50, 30, nil}, {2, 50, 30.01, []xmlTag{{"railway", "level_crossing"}, {"name", "X"}}}, {3, 50, 30.02, nil}, {4, 50.01, 30.01, nil}},
		Ways: []xmlWay{
			{10, []xmlRef{{1}, {2}, {3}}, []xmlTag{{"highway", "primary"}}},
			{11, []xmlRef{{4}, {2}}, []xmlTag{{"railway", "rail"}}},
		},
	}
	data := doc.pbf(form{})
	m := mustRead(t, data)
	// The road passes the level crossing without a junction, the railway ends there.
	if n := m.Network; n.Nodes() != 4 || n.Edges() != 2 || n.Node(3).Name != "X" || len(n.Edge(0).Line) != 3 {
		t.Errorf("got\n%s", text(m))
	}
	m, err := Read(context.Background(), bytes.NewReader(data), int64(len(data)), "x", Options{})
	if err != nil || m.Network.Edges() != 1 {
		t.Errorf("without railways: %v, error %v", m, err)
	}
}

// What the editor keeps of deleted objects is no part of the map.
func TestDeletedObjects(t *testing.T) {
	const doc = `<osm version='0.6'>
  <node id='-1' lat='50' lon='30'/>
  <node id='-2' lat='50' lon='30.01'/>
  <node id='-3' action='delete' lat='50' lon='30.02'/>
  <node id='4' visible='false'/>
  <bounds minlat='0'/>
  <way id='-10' action='modify'><nd ref='-1'/><nd ref='-2'/><nd ref='-3'/><tag k='highway' v='primary'/></way>
  <way id='-11' action='delete'><nd ref='-1'/><nd ref='-2'/><tag k='highway' v='primary'/></way>
</osm>`
	m := mustRead(t, []byte("\ufeff\n"+doc))
	if m.Counts != (Counts{2, 1, 0}) || m.Network.Edges() != 1 || len(m.LeftOut) != 1 || m.LeftOut[0].Reason != CutWay || m.LeftOut[0].First[0] != -10 {
		t.Errorf("got\n%s", text(m))
	}
}

func TestNoRoads(t *testing.T) {
	for name, data := range map[string][]byte{
		"XML": []byte("<osm><node id='1' lat='1' lon='1'/></osm>"),
		"PBF": (&xmlMap{Nodes: []xmlNode{{1, 50, 30, nil}}}).pbf(form{}),
		// Roads none of whose stretches has both its nodes.
		"cut": (&xmlMap{Nodes: []xmlNode{{1, 50, 30, nil}}, Ways: []xmlWay{{1, []xmlRef{{1}, {2}}, []xmlTag{{"highway", "primary"}}}}}).pbf(form{}),
	} {
		_, err := readBytes(data, "x.osm")
		if !errors.Is(err, input.ErrMissing) || err.Error() != "x.osm: no roads" {
			t.Errorf("%s: error %v", name, err)
		}
	}
}
