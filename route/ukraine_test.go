package route_test

import (
	"context"
	"math"
	"slices"
	"testing"

	"github.com/hubplan/hubplan/geo"
	"github.com/hubplan/hubplan/route"
	"github.com/hubplan/hubplan/testdata/ukraine"
	"github.com/paulmach/orb"
)

// capitals are the seats of the 24 oblasts, as places.csv names them.
var capitals = []string{
	"Cherkasy", "Chernihiv", "Chernivtsi", "Dnipro", "Donetsk", "Ivano-Frankivsk", "Kharkiv", "Kherson",
	"Khmelnytskyi", "Kropyvnytskyi", "Kyiv", "Luhansk", "Lutsk", "Lviv", "Mykolaiv", "Odesa",
	"Poltava", "Rivne", "Sumy", "Ternopil", "Uzhhorod", "Vinnytsia", "Zaporizhzhia", "Zhytomyr",
}

func ukrainePlaces(t testing.TB) []geo.Place {
	t.Helper()
	f, err := ukraine.Files.Open("places.csv")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	places, err := geo.ReadPlaces(f, "places.csv")
	if err != nil {
		t.Fatal(err)
	}
	return places
}

func ukraineRoads(t testing.TB, places []geo.Place) *route.Network {
	t.Helper()
	f, err := ukraine.Files.Open("roads.csv")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	n, err := route.ReadRoads(f, "roads.csv", places)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func nodesByName(n *route.Network) map[string]int {
	node := make(map[string]int)
	for v := range n.Nodes() {
		node[n.Node(v).Name] = v
	}
	return node
}

func TestUkraineRoadsAreOneNetwork(t *testing.T) {
	places := ukrainePlaces(t)
	roads := ukraineRoads(t, places)
	if _, parts := roads.Components(); parts != 1 {
		t.Errorf("the road network has %d parts, want 1", parts)
	}
	on := nodesByName(roads)
	for _, c := range capitals {
		if _, ok := on[c]; !ok {
			t.Errorf("%s is not on the road network", c)
		}
	}
	for _, p := range places {
		if _, ok := on[p.ID]; !ok && p.Population > 50_000 {
			t.Errorf("%s, %d people, is not on the road network", p.ID, p.Population)
		}
	}
	// Waypoints stand every 15 to 40 km. Farther apart there is no place of the
	// table near the line between them, but for three that the road passes by.
	bypassed := []string{"Volovets", "Hubynykha", "Kozachi Laheri"}
	for e := range roads.Edges() {
		x := roads.Edge(e)
		if geo.Length(x.Line) <= 40*geo.Kilometer {
			continue
		}
		for _, p := range places {
			on := geo.Project(p.Point, x.Line)
			middle := on.Fraction > 0.15 && on.Fraction < 0.85
			if middle && on.Distance < 4*geo.Kilometer && !slices.Contains(bypassed, p.ID) {
				t.Errorf("%s is %v long and passes %v from %s", roads.Label(e), geo.Length(x.Line), on.Distance, p.ID)
			}
		}
	}
}

// Distances by road in kilometres as they are commonly quoted, rounded, written
// down from general knowledge. The windings of the table were chosen with an eye
// to them, so this keeps the table from drifting; the map is the other check.
var quoted = map[[2]string]float64{
	{"Kyiv", "Odesa"}: 475, {"Kyiv", "Kharkiv"}: 480, {"Kyiv", "Lviv"}: 540, {"Kyiv", "Poltava"}: 343,
	{"Kyiv", "Uzhhorod"}: 806, {"Kyiv", "Sumy"}: 330, {"Kyiv", "Chernihiv"}: 149, {"Kyiv", "Cherkasy"}: 190,
	{"Kyiv", "Vinnytsia"}: 265, {"Kyiv", "Zhytomyr"}: 140, {"Kyiv", "Dnipro"}: 478, {"Kyiv", "Kropyvnytskyi"}: 303,
	{"Kyiv", "Mykolaiv"}: 480, {"Kyiv", "Kherson"}: 550, {"Kyiv", "Khmelnytskyi"}: 325, {"Kyiv", "Ternopil"}: 424,
	{"Kyiv", "Ivano-Frankivsk"}: 600, {"Kyiv", "Chernivtsi"}: 538, {"Kyiv", "Rivne"}: 328, {"Kyiv", "Lutsk"}: 400,
	{"Kharkiv", "Dnipro"}: 215, {"Kharkiv", "Donetsk"}: 300, {"Kharkiv", "Poltava"}: 143, {"Kharkiv", "Sumy"}: 185,
	{"Odesa", "Mykolaiv"}: 130, {"Mykolaiv", "Kherson"}: 66, {"Dnipro", "Zaporizhzhia"}: 83, {"Dnipro", "Poltava"}: 196,
	{"Lviv", "Ternopil"}: 127, {"Lviv", "Ivano-Frankivsk"}: 134, {"Lviv", "Uzhhorod"}: 260, {"Lviv", "Rivne"}: 210,
	{"Ternopil", "Khmelnytskyi"}: 112, {"Khmelnytskyi", "Vinnytsia"}: 120, {"Khmelnytskyi", "Chernivtsi"}: 186,
	{"Ternopil", "Chernivtsi"}: 172, {"Ivano-Frankivsk", "Chernivtsi"}: 136, {"Cherkasy", "Kropyvnytskyi"}: 125,
	{"Poltava", "Sumy"}: 173, {"Dnipro", "Donetsk"}: 252,
}

func TestUkraineRoadsEqualQuotedDistances(t *testing.T) {
	roads := ukraineRoads(t, ukrainePlaces(t))
	node := nodesByName(roads)
	for pair, want := range quoted {
		m := lengths(t, roads, []orb.Point{roads.Node(node[pair[0]]).Point, roads.Node(node[pair[1]]).Point})
		if got, _ := m.At(0, 1); math.Abs(got.Minutes()/want-1) > 0.1 {
			t.Errorf("%s–%s is %.0f km by the table, %.0f quoted", pair[0], pair[1], got.Minutes(), want)
		}
	}
}

// Going on from Kyiv to Odesa stays possible by other roads when the M05 is lost.
func TestUkraineRoadsHaveAlternatives(t *testing.T) {
	roads := ukraineRoads(t, ukrainePlaces(t))
	var left []route.Edge
	var nodes []route.Node
	for v := range roads.Nodes() {
		nodes = append(nodes, roads.Node(v))
	}
	for e := range roads.Edges() {
		if x := roads.Edge(e); x.Name != "M05" {
			left = append(left, x)
		}
	}
	without, err := route.NewNetwork(nodes, left)
	if err != nil {
		t.Fatal(err)
	}
	node := nodesByName(roads)
	ends := []orb.Point{nodes[node["Kyiv"]].Point, nodes[node["Odesa"]].Point}
	direct, _ := lengths(t, roads, ends).At(0, 1)
	detour, ok := lengths(t, without, ends).At(0, 1)
	if !ok || detour.Minutes() > 1.5*direct.Minutes() {
		t.Errorf("without the M05 Odesa is %.0f km from Kyiv, with it %.0f", detour.Minutes(), direct.Minutes())
	}
}

func TestUkraineRailIsOneNetwork(t *testing.T) {
	places := ukrainePlaces(t)
	f, err := ukraine.Files.Open("rail.csv")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rail, err := route.ReadRail(f, "rail.csv", places)
	if err != nil {
		t.Fatal(err)
	}
	if _, parts := rail.Components(); parts != 1 {
		t.Errorf("the rail network has %d parts, want 1", parts)
	}
}

// flat is a vehicle whose time on a road is its length: a kilometre a minute.
func flat() route.Profile {
	p := route.Profile{Name: "flat", Speed: map[route.Class]route.Speed{}, Access: 60 * route.KilometerPerHour}
	for c := route.Motorway; c <= route.Track; c++ {
		p.Speed[c] = 60 * route.KilometerPerHour
	}
	return p
}

// lengths returns the shortest road lengths between points at nodes, a minute
// standing for a kilometre.
func lengths(t testing.TB, n *route.Network, points []orb.Point) *route.Matrix {
	t.Helper()
	r, err := route.NewRouter(context.Background(), n, flat())
	if err != nil {
		t.Fatal(err)
	}
	stops := make([]route.Stop, len(points))
	for i, p := range points {
		if stops[i], err = r.SnapAmong(p, geo.Kilometer, nil); err != nil {
			t.Fatal(err)
		}
	}
	m, err := r.Matrix(context.Background(), stops, stops, route.MatrixOptions{})
	if err != nil {
		t.Fatal(err)
	}
	return m
}
