package osm

import (
	"bytes"
	"context"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/hubplan/hubplan/route"
)

var update = flag.Bool("update", false, "rewrite the networks that the fixtures are read as")

// fixtures are the hand-drawn maps of testdata.
func fixtures(t testing.TB) []string {
	t.Helper()
	paths, err := filepath.Glob("testdata/*.osm")
	if err != nil || len(paths) == 0 {
		t.Fatalf("%d fixtures, error %v", len(paths), err)
	}
	return paths
}

// readBytes reads a map with railways.
func readBytes(data []byte, file string) (*Map, error) {
	return Read(context.Background(), bytes.NewReader(data), int64(len(data)), file, Options{Rail: true})
}

func mustRead(t testing.TB, data []byte) *Map {
	t.Helper()
	m, err := readBytes(data, "x")
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// The network of every fixture is the one that was found right by eye, which stands
// beside it, and the same from every form of PBF as from XML.
func TestFixtures(t *testing.T) {
	for _, path := range fixtures(t) {
		t.Run(filepath.Base(path), func(t *testing.T) {
			doc, data := readXMLMap(t, path)
			got := text(mustRead(t, data))
			golden := strings.TrimSuffix(path, ".osm") + ".txt"
			if *update {
				if err := os.WriteFile(golden, []byte(got), 0o666); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(golden)
			if err != nil {
				t.Fatal(err)
			}
			if got != string(want) {
				t.Errorf("got\n%s\nwant\n%s", got, want)
			}
			for name, f := range forms {
				if again := text(mustRead(t, doc.pbf(f))); again != got {
					t.Errorf("%s: got\n%s\nwant\n%s", name, again, got)
				}
			}
		})
	}
}

// text writes a map as lines that can be compared by eye: an edge a line, what is
// known of it against its direction after a slash.
func text(m *Map) string {
	var b strings.Builder
	n := m.Network
	fmt.Fprintf(&b, "%d nodes, %d ways, %d relations; %d ways and %d restrictions used\n",
		m.Counts.Nodes, m.Counts.Ways, m.Counts.Relations, m.Ways, m.Restrictions)
	for _, l := range m.LeftOut {
		fmt.Fprintf(&b, "%v: %d %v\n", l.Reason, l.Count, l.First)
	}
	for i := range n.Edges() {
		e := n.Edge(i)
		arrow := "--"
		if e.OneWay {
			arrow = "->"
		}
		fmt.Fprintf(&b, "%d: %s %s %s %v", i, nodeText(n, e.From), arrow, nodeText(n, e.To), e.Class)
		if e.Name != "" || e.Ref != "" {
			fmt.Fprintf(&b, " %q %q", e.Name, e.Ref)
		}
		fmt.Fprintf(&b, " %.1f m of %d points%s", float64(e.Length), len(e.Line), attributesText(e.Attributes))
		if e.Back != nil {
			fmt.Fprintf(&b, " /%s", attributesText(*e.Back))
		}
		b.WriteByte('\n')
	}
	for _, t := range n.Turns() {
		b.WriteString("no turn")
		for _, s := range t.Path {
			fmt.Fprintf(&b, " %d", s.Edge())
			if s.Backward() {
				b.WriteString("b")
			}
		}
		if len(t.Vehicles) > 0 {
			fmt.Fprintf(&b, " %v", t.Vehicles)
		}
		b.WriteByte('\n')
	}
	return b.String()
}

func nodeText(n *route.Network, i int) string {
	if name := n.Node(i).Name; name != "" {
		return fmt.Sprintf("%d(%s)", i, name)
	}
	return fmt.Sprintf("%d", i)
}

func attributesText(a route.Attributes) string {
	var zero route.Attributes
	var b strings.Builder
	add := func(differs bool, format string, args ...any) {
		if differs {
			fmt.Fprintf(&b, " "+format, args...)
		}
	}
	add(a.Surface != zero.Surface, "%v", a.Surface)
	add(a.MaxSpeed > 0, "%.1f km/h", a.MaxSpeed.KilometersPerHour())
	add(a.MaxWeight > 0, "weight %.3f", float64(a.MaxWeight))
	add(a.MaxAxleLoad > 0, "axle %.3f", float64(a.MaxAxleLoad))
	add(a.MaxHeight > 0, "height %.3f", float64(a.MaxHeight))
	add(a.MaxWidth > 0, "width %.3f", float64(a.MaxWidth))
	add(a.MaxLength > 0, "length %.3f", float64(a.MaxLength))
	add(a.NoHazmat, "no hazmat")
	add(a.Cars != 0, "cars %v", a.Cars)
	add(a.Goods != 0, "goods %v", a.Goods)
	add(a.Bridge, "bridge")
	add(a.Tunnel, "tunnel")
	add(a.Layer != 0, "layer %d", a.Layer)
	add(a.Toll, "toll")
	add(a.Border, "border")
	add(a.Landing, "landing")
	add(a.Gauges != zero.Gauges, "gauges %v", a.Gauges)
	add(a.Electrified, "electrified")
	add(a.Duration > 0, "%v", a.Duration)
	add(a.Capacity > 0, "capacity %v", float64(a.Capacity))
	return b.String()
}
