package route

import (
	"bytes"
	"context"
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/hubplan/hubplan/geo/input"
	"github.com/paulmach/orb"
	"pgregory.net/rapid"
)

func encoded(t interface{ Fatal(...any) }, h *Hierarchy) []byte {
	var b bytes.Buffer
	if err := h.Encode(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func mustHierarchy(t interface{ Fatal(...any) }, n *Network) *Hierarchy {
	h, err := NewHierarchy(context.Background(), n, HierarchyOptions{})
	if err != nil {
		t.Fatal(err)
	}
	return h
}

// comesBack is what is read of a hierarchy that was written.
func comesBack(t interface{ Fatal(...any) }, h *Hierarchy) *Hierarchy {
	data := encoded(t, h)
	back, err := Decode(context.Background(), bytes.NewReader(data), "x")
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(back.Order(), h.Order()) || !bytes.Equal(encoded(t, back), data) {
		t.Fatal("the file comes back changed")
	}
	return back
}

func TestFileComesBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		h := mustHierarchy(t, drawNetwork(t))
		back := comesBack(t, h)
		for e := range h.net.Edges() {
			a, b := h.net.Edge(e), back.net.Edge(e)
			if !slices.Equal(a.Line, b.Line) {
				t.Fatalf("line %v comes back as %v", a.Line, b.Line)
			}
			a.Line, b.Line = nil, nil
			if a.From != b.From || a.To != b.To || a.Length != b.Length || a.Class != b.Class || a.OneWay != b.OneWay || a.Name != b.Name || a.Ref != b.Ref {
				t.Fatalf("edge %+v comes back as %+v", a, b)
			}
		}
	})
}

func smallFile(t interface{ Fatal(...any) }) []byte {
	n, err := NewNetwork([]Node{{"A", orb.Point{30, 50}}, {"B", orb.Point{31, 50}}}, []Edge{
		{From: 0, To: 1, Class: Trunk, Name: "M1", Ref: "E1", Line: orb.LineString{{30, 50}, {30.5, 50.1}, {31, 50}}},
		{From: 1, To: 0, Class: Primary, OneWay: true, Length: 90_000},
	})
	if err != nil {
		t.Fatal(err)
	}
	return encoded(t, mustHierarchy(t, n))
}

// Every file that is cut or has one bit turned is refused.
func TestFileRefusesDamage(t *testing.T) {
	data := smallFile(t)
	for n := range len(data) {
		if _, err := Decode(context.Background(), bytes.NewReader(data[:n]), "x.hubnet"); err == nil || !strings.HasPrefix(err.Error(), "x.hubnet: ") {
			t.Errorf("cut at %d: error %v", n, err)
		}
	}
	for i := range data {
		for bit := range 8 {
			bad := slices.Clone(data)
			bad[i] ^= 1 << bit
			// Deflate has bits without meaning at its end; what comes through there is the same network.
			h, err := Decode(context.Background(), bytes.NewReader(bad), "x.hubnet")
			if err == nil && !bytes.Equal(encoded(t, h), data) {
				t.Errorf("bit %d of byte %d: no error", bit, i)
			}
		}
	}
	old := slices.Clone(data)
	old[len(fileMagic)] = 99
	if _, err := Decode(context.Background(), bytes.NewReader(old), "x"); !errors.Is(err, input.ErrFormat) {
		t.Errorf("version 99: error %v, want ErrFormat", err)
	}
	if _, err := Decode(context.Background(), strings.NewReader("road,class\n"), "x"); !errors.Is(err, input.ErrSyntax) {
		t.Errorf("a table: error %v, want ErrSyntax", err)
	}
}

func TestOrderMustFit(t *testing.T) {
	n := square(t)
	for _, order := range [][]uint32{{}, {0, 1, 2, 3}, {0, 1, 2, 3, 5}, {0, 1, 2, 3, 3}} {
		if _, err := NewHierarchy(context.Background(), n, HierarchyOptions{Order: order}); !errors.Is(err, ErrNetwork) {
			t.Errorf("order %v: error %v, want ErrNetwork", order, err)
		}
	}
}

func FuzzDecode(f *testing.F) {
	data := smallFile(f)
	f.Add(data)
	f.Add(data[:len(data)/2])
	f.Add([]byte(fileMagic + "\x01"))
	f.Fuzz(func(t *testing.T, data []byte) {
		h, err := Decode(context.Background(), bytes.NewReader(data), "x")
		if (h == nil) == (err == nil) {
			t.Fatalf("hierarchy %v with error %v", h, err)
		}
	})
}

const smallGraph = `c a triangle
p sp 3 4
a 1 2 10
a 2 3 20

a 3 1 0
a 1 3 2147483646
`

func TestReadDIMACS(t *testing.T) {
	n, err := ReadDIMACS(strings.NewReader(smallGraph), strings.NewReader("p aux sp co 3\nv 1 300000000 500000000\nv 3 310000000 500000000\nv 2 305000000 500000000\n"), "x.gr")
	if err != nil {
		t.Fatal(err)
	}
	if n.Nodes() != 3 || n.Edges() != 4 || n.Node(1).Point != (orb.Point{30.5, 50}) {
		t.Errorf("%d nodes, %d edges, node 2 at %v", n.Nodes(), n.Edges(), n.Node(1).Point)
	}
	r := mustRouter(t, n, DIMACS())
	for e, want := range []uint32{10, 20, 0, 2147483646} {
		if forth, back := r.costs(e); forth != want || back != Unreachable {
			t.Errorf("weights %d and %d, want %d and none", forth, back, want)
		}
	}
	s, err := r.Hierarchy().At(0)
	if err != nil {
		t.Fatal(err)
	}
	if times, err := r.Times(s, nil); err != nil || !slices.Equal(times, []uint32{0, 10, 30}) {
		t.Errorf("times %v (error %v)", times, err)
	}
}

func TestReadDIMACSProblems(t *testing.T) {
	for _, c := range []struct{ name, gr, co, message string }{
		{"negative weight", "p sp 2 1\na 1 2 -1\n", "", "x.gr:2: weight -1 is not within 0 to 2147483646"},
		{"weight that overflows", "p sp 2 1\na 1 2 2147483647\n", "", "x.gr:2: weight"},
		{"weight beyond 64 bits", "p sp 2 1\na 1 2 99999999999999999999\n", "", "x.gr:2: weight"},
		{"weight that is no number", "p sp 2 1\na 1 2 NaN\n", "", `x.gr:2: weight "NaN" is not a whole number`},
		{"unknown node", "p sp 2 1\na 1 3 1\n", "", "x.gr:2: head 3"},
		{"node zero", "p sp 2 1\na 0 1 1\n", "", "x.gr:2: tail 0"},
		{"too few arcs", "p sp 2 2\na 1 2 1\n", "", "x.gr: 1 arcs of 2"},
		{"too many arcs", "p sp 2 1\na 1 2 1\na 2 1 1\n", "", "x.gr:3: more than the 1 arcs"},
		{"no header", "a 1 2 1\n", "", "x.gr:1"},
		{"empty", "", "", "no line p"},
		{"empty network", "p sp 0 0\n", "", "x.gr:1: node count 0"},
		{"no arcs", "p sp 2 0\n", "", "no edges"},
		{"two headers", "p sp 2 1\np sp 2 1\n", "", "x.gr:2"},
		{"huge header", "p sp 999999999999 1\n", "", "x.gr:1: node count"},
		{"short line", "p sp 2 1\na 1 2\n", "", "x.gr:2"},
		{"position of no node", "p sp 2 1\na 1 2 1\n", "v 3 0 0\n", "x.gr (positions):1: node 3"},
		{"position twice", "p sp 2 1\na 1 2 1\n", "v 1 0 0\nv 1 0 0\n", "x.gr (positions):2: node 1 has a position"},
		{"position missing", "p sp 2 1\na 1 2 1\n", "v 1 0 0\n", "positions of 1 nodes of 2"},
		{"position off the globe", "p sp 2 1\na 1 2 1\n", "v 1 0 910000000\n", "x.gr (positions):1: y"},
		{"position in words", "p sp 2 1\na 1 2 1\n", "w 1 0 0\n", "is no position"},
	} {
		var co *strings.Reader
		var n *Network
		var err error
		if co = strings.NewReader(c.co); c.co == "" {
			n, err = ReadDIMACS(strings.NewReader(c.gr), nil, "x.gr")
		} else {
			n, err = ReadDIMACS(strings.NewReader(c.gr), co, "x.gr")
		}
		if n != nil || err == nil || !strings.Contains(err.Error(), c.message) {
			t.Errorf("%s: error %v, want %q", c.name, err, c.message)
		}
	}
}

func FuzzReadDIMACS(f *testing.F) {
	f.Add([]byte(smallGraph), []byte("v 1 0 0\nv 2 1 1\nv 3 2 2\n"))
	f.Add([]byte("p sp 2 1\na 1 2 -1\n"), []byte(""))
	f.Fuzz(func(t *testing.T, gr, co []byte) {
		n, err := ReadDIMACS(bytes.NewReader(gr), bytes.NewReader(co), "x")
		whole(t, n, err)
	})
}
