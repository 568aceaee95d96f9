package route

import (
	"compress/gzip"
	"context"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"testing"
)

// dataFile opens a packed file of the routing data.
func dataFile(t testing.TB, name string) io.Reader {
	t.Helper()
	dir := os.Getenv("HUBPLAN_DATA")
	if dir == "" {
		t.Skip("HUBPLAN_DATA is not set: the folder with the graphs")
	}
	f, err := os.Open(filepath.Join(dir, "routing", name))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.Close() })
	z, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	return z
}

// dataNetwork reads a network of the routing data.
func dataNetwork(t testing.TB, name string) *Network {
	t.Helper()
	n, err := ReadDIMACS(dataFile(t, name+".gr.gz"), dataFile(t, name+".co.gz"), name)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// On real networks, and after 1, 10, 100 and 1,000 closed edges, every kind of
// answer for 1,000 random pairs is that of Dijkstra's algorithm, and paths add up.
func TestGraphsEqualDijkstra(t *testing.T) {
	for _, name := range []string{"porto-t", "delaware-t", "moscow-t"} {
		net := dataNetwork(t, name)
		h := mustHierarchy(t, net)
		base, err := h.Router(context.Background(), DIMACS())
		if err != nil {
			t.Fatal(err)
		}
		random := rand.New(rand.NewPCG(1, 2))
		pick := func(count int) (nodes []int, stops []Stop) {
			for range count {
				v := random.IntN(net.Nodes())
				s, err := h.At(v)
				if err != nil {
					t.Fatal(err)
				}
				nodes, stops = append(nodes, v), append(stops, s)
			}
			return nodes, stops
		}
		_, from := pick(10)
		to, ends := pick(100)
		before, err := base.Matrix(context.Background(), from, ends, MatrixOptions{})
		if err != nil {
			t.Fatal(err)
		}
		for _, k := range []int{0, 1, 10, 100, 1000} {
			var closed []int
			for range k {
				closed = append(closed, random.IntN(net.Edges()))
			}
			r, err := base.With(context.Background(), Change{Edges: closed})
			if err != nil {
				t.Fatal(err)
			}
			m, err := r.Matrix(context.Background(), from, ends, MatrixOptions{})
			if err != nil {
				t.Fatal(err)
			}
			q := r.NewQuery()
			for i, s := range from {
				want, err := r.Dijkstra(s, nil)
				if err != nil {
					t.Fatal(err)
				}
				if all, err := r.Times(s, nil); err != nil || !slices.Equal(all, want) {
					t.Fatalf("%s, %d closed: times from stop %d differ (error %v)", name, k, i, err)
				}
				for j, v := range to {
					ms := want[v]
					if m.Millis[i*len(to)+j] != ms {
						t.Fatalf("%s, %d closed: cell %d,%d is %d, want %d", name, k, i, j, m.Millis[i*len(to)+j], ms)
					}
					got, ok, err := q.Time(s, ends[j])
					if err != nil || ok != (ms != Unreachable) || ok && got != duration(ms) {
						t.Fatalf("%s, %d closed: time %v %v (error %v), want %d", name, k, got, ok, err, ms)
					}
					if !ok {
						continue
					}
					p, err := q.Path(s, ends[j])
					if err != nil {
						t.Fatal(err)
					}
					var sum uint32
					at, _ := net.Ends(s.Edge)
					if s.Fraction == 1 {
						_, at = net.Ends(s.Edge)
					}
					for _, l := range p.Legs {
						tail, head := net.Ends(l.Edge)
						if tail != at || slices.Contains(closed, l.Edge) {
							t.Fatalf("%s, %d closed: the path goes from node %d by edge %d, %d to %d", name, k, at, l.Edge, tail, head)
						}
						at = head
						sum += r.cost(step(l.Edge, l.Start, l.End))
					}
					if at != v || sum != ms || p.Time != duration(ms) {
						t.Fatalf("%s, %d closed: path to node %d in %d ms, says %v, want node %d in %d", name, k, at, sum, p.Time, v, ms)
					}
				}
			}
			q.Close()
		}
		if again, err := base.Matrix(context.Background(), from, ends, MatrixOptions{}); err != nil || !slices.Equal(again.Millis, before.Millis) {
			t.Errorf("%s: the router changed by its what-ifs (error %v)", name, err)
		}
	}
}
