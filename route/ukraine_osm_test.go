package route_test

import (
	"encoding/csv"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/hubplan/hubplan/geo"
	"github.com/hubplan/hubplan/route"
	"github.com/paulmach/orb"
)

// The reference is a graph of OpenStreetMap's international and national roads
// that an automatic cleaning connected. It is wrong where the cleaning lost a
// junction or bridged a gap elsewhere, and it has no regional roads. Each gap
// is a stretch of our table that it lacks, with the evidence.
var gaps = map[string]struct {
	from, to string // places on the stretch
	reason   string
}{
	"H16":  {"Cherkasy", "Kamianka", "the H16 leaves Cherkasy for Smila and meets the H01; the reference has no way south out of Cherkasy and goes round by Kremenchuk"},
	"H16w": {"Tsvitkove", "Bahacheve", "the H16 is broken at Shpola"},
	"H03":  {"Dunaivtsi (UA-68)", "Makiv", "the H03 is broken between Dunaivtsi and Kamianets-Podilskyi"},
	"H10":  {"Zabolotiv", "Luzhany", "the H10 is broken at Sniatyn"},
	"H11":  {"Bashtanka", "Mykolaiv", "the H11 ends before Mykolaiv"},
	"H23":  {"Tomakivka", "Zaporizhzhia", "the H23 ends at Tomakivka"},
	"H24":  {"Blahovishchenske", "Holovanivsk", "the H24 does not meet the M05"},
	"H31":  {"Tsarychanka", "Partyzanske", "the H31 is broken at Petrykivka"},
	"H12":  {"Kotelva", "Oposhnia", "the H12 is broken between Okhtyrka and Dykanka"},
	"P46":  {"Solonytsivka", "Bohodukhiv", "the P46 from Kharkiv to Okhtyrka is a regional road"},
	"P61":  {"Bilopillia", "Sumy", "the P61 from Baturyn to Sumy is a regional road"},
	"P67":  {"Ichnia", "Pryluky", "the P67 from Chernihiv to Pyriatyn is a regional road"},
}

// wrongReference lists the pairs of capitals whose length in the reference is
// wrong, each with the gap that our shortest route crosses and the reference has
// to go round. The test checks both claims.
var wrongReference = map[[2]string]string{
	{"Cherkasy", "Kropyvnytskyi"}:     "H16",
	{"Cherkasy", "Kherson"}:           "H16",
	{"Cherkasy", "Mykolaiv"}:          "H16",
	{"Cherkasy", "Odesa"}:             "H16",
	{"Cherkasy", "Vinnytsia"}:         "H16w",
	{"Chernivtsi", "Khmelnytskyi"}:    "H03",
	{"Chernivtsi", "Vinnytsia"}:       "H03",
	{"Chernivtsi", "Zhytomyr"}:        "H03",
	{"Cherkasy", "Chernivtsi"}:        "H03",
	{"Chernivtsi", "Kyiv"}:            "H03",
	{"Chernihiv", "Chernivtsi"}:       "H03",
	{"Chernivtsi", "Ivano-Frankivsk"}: "H10",
	{"Chernivtsi", "Mykolaiv"}:        "H24",
	{"Chernivtsi", "Kherson"}:         "H24",
	{"Dnipro", "Mykolaiv"}:            "H11",
	{"Dnipro", "Odesa"}:               "H11",
	{"Mykolaiv", "Zaporizhzhia"}:      "H23",
	{"Kropyvnytskyi", "Zaporizhzhia"}: "H23",
	{"Odesa", "Zaporizhzhia"}:         "H23",
	{"Dnipro", "Poltava"}:             "H31",
	{"Poltava", "Zaporizhzhia"}:       "H31",
	{"Dnipro", "Sumy"}:                "H12",
	{"Sumy", "Zaporizhzhia"}:          "H12",
	{"Kharkiv", "Sumy"}:               "P46",
	{"Donetsk", "Sumy"}:               "P46",
	{"Luhansk", "Sumy"}:               "P46",
	{"Chernihiv", "Sumy"}:             "P61",
	{"Chernihiv", "Poltava"}:          "P67",
	{"Chernihiv", "Kharkiv"}:          "P61",
	{"Chernihiv", "Dnipro"}:           "P67",
	{"Chernihiv", "Zaporizhzhia"}:     "P67",
}

// dataFolder is where the data too big to commit is.
func dataFolder(t testing.TB) string {
	t.Helper()
	dir := os.Getenv("HUBPLAN_DATA")
	if dir == "" {
		t.Skip("HUBPLAN_DATA is not set: the folder with the reference data")
	}
	return dir
}

// The shortest road lengths between the regional capitals are those of a network
// made of OpenStreetMap's international and national roads.
func TestUkraineRoadsEqualOpenStreetMap(t *testing.T) {
	dir := filepath.Join(dataFolder(t), "ukraine")
	roads := ukraineRoads(t, ukrainePlaces(t))
	node := nodesByName(roads)
	at := func(name string) orb.Point {
		v, ok := node[name]
		if !ok {
			t.Fatalf("%s is not on the road network", name)
		}
		return roads.Node(v).Point
	}
	var points []orb.Point
	for _, c := range capitals {
		points = append(points, at(c))
	}
	// A capital is an area: it meets every reference road within 12 km. The ends
	// of a gap are small places: 6 km.
	want := lengths(t, referenceRoads(t, dir, points, 12*geo.Kilometer), points)
	got := lengths(t, roads, points)

	var ends []orb.Point
	gapAt := make(map[string]int)
	for name, g := range gaps {
		gapAt[name] = len(ends)
		ends = append(ends, at(g.from), at(g.to))
	}
	refGaps := lengths(t, referenceRoads(t, dir, ends, 6*geo.Kilometer), ends)
	ourGaps := lengths(t, roads, ends)
	toGaps := lengths(t, roads, append(points[:len(points):len(points)], ends...))
	for name, k := range gapAt {
		ours, _ := ourGaps.At(k, k+1)
		if reference, ok := refGaps.At(k, k+1); ok && reference.Minutes() < 1.4*ours.Minutes() {
			t.Errorf("%s is no gap: %.0f km, reference %.0f", name, ours.Minutes(), reference.Minutes())
		}
		if gaps[name].reason == "" {
			t.Errorf("gap %s has no reason", name)
		}
	}

	var pairs, near, wrong int
	var off []string
	for i, b := range capitals {
		for j, a := range capitals[:i] {
			ours, ok := got.At(j, i)
			if !ok {
				t.Fatalf("no road from %s to %s", a, b)
			}
			length, ok := want.At(j, i)
			if !ok {
				continue
			}
			if name, listed := wrongReference[[2]string{a, b}]; listed {
				wrong++
				k := gapAt[name]
				through := func(from, to int) float64 {
					x, _ := toGaps.At(j, from)
					y, _ := ourGaps.At(k, k+1)
					z, _ := toGaps.At(to, i)
					return (x + y + z).Minutes()
				}
				n := len(points) + k
				if detour := min(through(n, n+1), through(n+1, n)); detour > ours.Minutes()+0.01 {
					t.Errorf("the route %s–%s does not cross the gap %s", a, b, name)
				}
				if math.Abs(ours.Minutes()/length.Minutes()-1) <= 0.1 {
					t.Errorf("%s–%s is listed as wrong in the reference and is not: %.0f km, reference %.0f", a, b, ours.Minutes(), length.Minutes())
				}
				continue
			}
			pairs++
			if math.Abs(ours.Minutes()/length.Minutes()-1) <= 0.1 {
				near++
			} else {
				off = append(off, fmt.Sprintf("%s–%s %.0f km, reference %.0f", a, b, ours.Minutes(), length.Minutes()))
			}
		}
	}
	t.Logf("%d of %d pairs within 10 %%; %d pairs left out; not: %v", near, pairs, wrong, off)
	if wrong != len(wrongReference) {
		t.Errorf("%d of %d pairs listed as wrong were found", wrong, len(wrongReference))
	}
	if pairs+wrong != 276 || float64(near) < 0.9*float64(pairs) {
		t.Errorf("%d of %d pairs are within 10 %%, want 90 %%", near, pairs)
	}
}

// referenceRoads reads the reference graph, every vertex of its lines a node, and
// joins each point, as a node of its own, to all nodes within a distance. The
// joins are 1.3 times as long as the straight line, as the reference's own links
// to city centres are.
func referenceRoads(t testing.TB, dir string, points []orb.Point, within geo.Distance) *route.Network {
	t.Helper()
	rows := func(name string) [][]string {
		f, err := os.Open(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		all, err := csv.NewReader(f).ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		return all[1:]
	}
	number := func(s string) float64 {
		x, err := strconv.ParseFloat(s, 64)
		if err != nil {
			t.Fatal(err)
		}
		return x
	}
	var nodes []route.Node
	var edges []route.Edge
	at := make(map[orb.Point]int)
	node := func(p orb.Point) int {
		v, ok := at[p]
		if !ok {
			v = len(nodes)
			at[p] = v
			nodes = append(nodes, route.Node{Point: p})
		}
		return v
	}
	var ends []orb.Point
	for _, row := range rows("ua_osm_roads_nodes.csv") {
		ends = append(ends, orb.Point{number(row[1]), number(row[2])})
	}
	for _, row := range rows("ua_osm_roads_edges.csv") {
		from, to := ends[int(number(row[0]))], ends[int(number(row[1]))]
		line := orb.LineString{from}
		if row[3] == "international" || row[3] == "national" { // the others are straight joins
			for pair := range strings.FieldsSeq(row[4]) {
				lon, lat, _ := strings.Cut(pair, ",")
				line = append(line, orb.Point{number(lon), number(lat)})
			}
			if geo.Between(from, line[1]) > geo.Between(from, line[len(line)-1]) {
				line[1:].Reverse()
			}
		}
		line = append(line, to)
		km := geo.Distance(number(row[2])) * geo.Kilometer
		whole := geo.Length(line)
		for k := range len(line) - 1 {
			step := geo.Between(line[k], line[k+1])
			if step == 0 {
				step = 1e-9 // two nodes at one place
			}
			length := step
			if whole > 0 {
				length *= km / whole
			}
			edges = append(edges, route.Edge{From: node(line[k]), To: node(line[k+1]), Class: route.Trunk, Length: length})
		}
	}
	road := len(nodes)
	for _, p := range points {
		v := len(nodes)
		nodes = append(nodes, route.Node{Point: p})
		for u := range road {
			if d := geo.Between(p, nodes[u].Point); d <= within {
				edges = append(edges, route.Edge{From: v, To: u, Class: route.Trunk, Length: 1.3*d + 1e-9})
			}
		}
		// A point far from all roads still needs an edge to stand on.
		edges = append(edges, route.Edge{From: v, To: v, Class: route.Trunk, Length: 1e-9})
	}
	n, err := route.NewNetwork(nodes, edges)
	if err != nil {
		t.Fatal(err)
	}
	return n
}
