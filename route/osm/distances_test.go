package osm

import (
	"context"
	"encoding/json"
	"math"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/hubplan/hubplan/route"
	"github.com/paulmach/orb"
)

// dataFile is a file of the folder with the data too big to commit.
func dataFile(t testing.TB, name string) string {
	t.Helper()
	dir := os.Getenv("HUBPLAN_DATA")
	if dir == "" {
		t.Skip("HUBPLAN_DATA is not set: the folder with the reference data")
	}
	return filepath.Join(dir, "osm", name+".osm.pbf")
}

// delaware is an extract that a published Go module has among its tests.
func delaware(t testing.TB) string {
	t.Helper()
	cmd := exec.Command("go", "mod", "download", "-json", "github.com/paulmach/osm@v0.8.0")
	cmd.Dir = t.TempDir()
	cmd.Env = append(os.Environ(), "GOFLAGS=-mod=mod")
	out, err := cmd.Output()
	if err != nil {
		t.Skipf("the module with the map of Delaware cannot be had: %v", err)
	}
	var module struct{ Dir string }
	if err := json.Unmarshal(out, &module); err != nil {
		t.Fatal(err)
	}
	return filepath.Join(module.Dir, "testdata", "delaware-latest.osm.pbf")
}

// oracleCar is the car of the oracle: limits are nothing to it.
var oracleCar = traveller{kind: route.CarVehicle, speeds: metresPerSecond}

// Times of a car between random junctions are those of the oracle, which decodes and
// searches another way.
func TestTimesEqualOracle(t *testing.T) {
	if testing.Short() {
		t.Skip("much of the same; -short was asked for")
	}
	for _, test := range []struct {
		name           string
		sources, pairs int
	}{{"delaware", 2, 450}, {"malta", 5, 210}, {"porto-portugal", 2, 200}, {"liechtenstein", 5, 100}, {"monaco", 5, 100}} {
		t.Run(test.name, func(t *testing.T) {
			var path string
			if test.name == "delaware" {
				path = delaware(t)
			} else {
				path = dataFile(t, test.name)
			}
			m, err := ReadFile(context.Background(), path, Options{})
			if err != nil {
				t.Fatal(err)
			}
			compareTimes(t, m.Network, newOracle(decodePlain(t, path)), test.sources, test.pairs)
		})
	}
}

// tolerance in seconds: sums of floats, and ferries in whole milliseconds an edge.
const tolerance = 0.01

func compareTimes(t *testing.T, n *route.Network, o *oracle, sources, pairs int) {
	t.Helper()
	// Vertices and nodes are matched by their position where one of each is there.
	vertices, nodes := make(map[orb.Point][]int64), make(map[orb.Point][]int)
	var ends []orb.Point
	for i := range n.Nodes() {
		p := n.Node(i).Point
		nodes[p] = append(nodes[p], i)
		ends = append(ends, p)
	}
	for v := range o.number {
		if p := o.at[v]; nodes[p] != nil {
			vertices[p] = append(vertices[p], v)
		}
	}
	random := rand.New(rand.NewPCG(1, 2))
	draw := func() (int, int) {
		for {
			p := ends[random.IntN(len(ends))]
			if len(vertices[p]) == 1 && len(nodes[p]) == 1 {
				return o.number[vertices[p][0]], nodes[p][0]
			}
		}
	}
	s := newSearcher(n, oracleCar)
	reached := 0
	for range sources {
		v, i := draw()
		want := o.from(v)
		got, _, _ := s.from(i)
		for range pairs / sources {
			w, j := draw()
			x := want[w]
			ok := !math.IsInf(x, 1)
			switch y := got[j]; {
			case ok != !math.IsInf(y, 1):
				t.Errorf("vertex %d to %d: reached %v, want %v", v, w, !ok, ok)
			case ok && math.Abs(x-y) > tolerance:
				t.Errorf("vertex %d to %d: %.4f s, want %.4f", v, w, y, x)
			case ok:
				reached++
			}
		}
	}
	t.Logf("%d of %d pairs reached", reached, pairs)
	if reached < pairs/4 {
		t.Errorf("only %d of %d pairs are reached", reached, pairs)
	}
}
