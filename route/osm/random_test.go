package osm

import (
	"bytes"
	"context"
	"encoding/xml"
	"errors"
	"maps"
	"math"
	"slices"
	"testing"

	"github.com/hubplan/hubplan/geo/input"
	"github.com/paulmach/orb"
	"pgregory.net/rapid"
)

// drawMap draws a small map with all that can be in the way of a car: ways that cross,
// touch themselves and run over nodes that are absent, one-way roads, closed ones,
// barriers and turn restrictions of every kind, right and wrong.
func drawMap(t *rapid.T) *xmlMap {
	m := new(xmlMap)
	nodes := rapid.IntRange(4, 10).Draw(t, "nodes")
	for i := range nodes {
		if rapid.IntRange(0, 14).Draw(t, "absent") == 0 {
			continue
		}
		n := xmlNode{ID: int64(i + 1), Lat: float64(500000+100*(i%4)+i) / 1e4, Lon: float64(300000+100*(i/4)) / 1e4}
		switch rapid.IntRange(0, 11).Draw(t, "tagged") {
		case 0:
			n.Tags = drawTags(t, "barrier", "bollard", "gate", "border_control", "block", "lift_gate")
			n.Tags = append(n.Tags, drawTags(t, "access", "yes", "no", "private", "permissive", "")...)
		case 1:
			n.Tags = drawTags(t, "barrier", "gate", "kerb", "yes")
			n.Tags = append(n.Tags, drawTags(t, "locked", "yes", "no")...)
		}
		m.Nodes = append(m.Nodes, n)
	}
	for i := range rapid.IntRange(2, 9).Draw(t, "ways") {
		w := xmlWay{ID: int64(100 + i)}
		for range rapid.IntRange(1, 6).Draw(t, "length") {
			w.Refs = append(w.Refs, xmlRef{int64(rapid.IntRange(1, nodes).Draw(t, "ref"))})
		}
		switch rapid.IntRange(0, 9).Draw(t, "kind") {
		case 0:
			w.Tags = drawTags(t, "route", "ferry")
			w.Tags = append(w.Tags, drawTags(t, "duration", "", "30", "01:30")...)
			w.Tags = append(w.Tags, drawTags(t, "foot", "", "yes", "no")...)
			w.Tags = append(w.Tags, drawTags(t, "motor_vehicle", "", "yes")...)
		case 1:
			w.Tags = drawTags(t, "highway", "footway", "construction", "motorway", "motorway_link", "service")
		default:
			w.Tags = drawTags(t, "highway", "residential", "primary", "track")
			w.Tags = append(w.Tags, drawTags(t, "oneway", "", "", "", "", "", "yes", "-1", "no", "reversible")...)
			w.Tags = append(w.Tags, drawTags(t, "access", "", "", "", "", "", "", "no", "destination", "private;yes", "nonsense")...)
			w.Tags = append(w.Tags, drawTags(t, "motor_vehicle:forward", "", "", "", "", "", "", "", "no", "yes")...)
			w.Tags = append(w.Tags, drawTags(t, "motorcar:backward", "", "", "", "", "", "", "", "no", "yes")...)
			w.Tags = append(w.Tags, drawTags(t, "oneway:motorcar", "", "", "", "", "", "", "", "no", "yes")...)
			w.Tags = append(w.Tags, drawTags(t, "junction", "", "", "", "", "", "", "", "roundabout")...)
		}
		m.Ways = append(m.Ways, w)
	}
	for i := range rapid.IntRange(0, 6).Draw(t, "relations") {
		m.Relations = append(m.Relations, drawRestriction(t, m, int64(i+1)))
	}
	return m
}

// drawRestriction draws a turn restriction, as a rule of ways that meet.
func drawRestriction(t *rapid.T, m *xmlMap, id int64) xmlRelation {
	r := xmlRelation{ID: id, Tags: []xmlTag{{"type", "restriction"}}}
	r.Tags = append(r.Tags, drawTags(t, "restriction", "no_left_turn", "no_u_turn", "no_right_turn", "only_straight_on", "only_left_turn", "nonsense")...)
	r.Tags = append(r.Tags, drawTags(t, "except", "", "", "", "", "bus;motorcar", "hgv")...)
	// at draws a way that passes a node, or any.
	at := func(label string, node int64) int64 {
		var ways []int64
		for _, w := range m.Ways {
			if slices.Contains(w.Refs, xmlRef{node}) {
				ways = append(ways, w.ID)
			}
		}
		if len(ways) == 0 || rapid.IntRange(0, 19).Draw(t, "stray") == 0 {
			ways = []int64{100, 101, 102, 99}
		}
		return rapid.SampledFrom(ways).Draw(t, label)
	}
	var first, last int64
	if rapid.Bool().Draw(t, "node via") {
		first = rapid.SampledFrom(rapid.SampledFrom(m.Ways).Draw(t, "way").Refs).Draw(t, "via").ID
		last = first
		r.Members = append(r.Members, xmlMember{"node", first, "via"})
	} else {
		w := rapid.SampledFrom(m.Ways).Draw(t, "via way")
		first, last = w.Refs[0].ID, w.Refs[len(w.Refs)-1].ID
		if rapid.Bool().Draw(t, "backwards") {
			first, last = last, first
		}
		r.Members = append(r.Members, xmlMember{"way", w.ID, "via"})
		if rapid.Bool().Draw(t, "two") {
			id := at("second via", last)
			r.Members = append(r.Members, xmlMember{"way", id, "via"})
			for _, w := range m.Ways {
				if n := len(w.Refs); w.ID == id && w.Refs[n-1].ID == last {
					last = w.Refs[0].ID
				} else if w.ID == id {
					last = w.Refs[n-1].ID
				}
			}
		}
	}
	r.Members = append(r.Members, xmlMember{"way", at("from", first), "from"})
	for range rapid.IntRange(1, 2).Draw(t, "tos") {
		r.Members = append(r.Members, xmlMember{"way", at("to", last), "to"})
	}
	return r
}

func drawTags(t *rapid.T, k string, values ...string) []xmlTag {
	if v := rapid.SampledFrom(values).Draw(t, k); v != "" {
		return []xmlTag{{k, v}}
	}
	return nil
}

// Times between all junctions of a random map are those of the oracle.
func TestRandomMapEqualsOracle(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		doc := drawMap(t)
		data := doc.pbf(forms["dense"])
		m, err := Read(context.Background(), bytes.NewReader(data), int64(len(data)), "x", Options{})
		if errors.Is(err, input.ErrMissing) {
			return // no road at all
		}
		if err != nil {
			t.Fatal(err)
		}
		o := newOracle(doc)
		vertex := make(map[orb.Point]int64)
		for v := range o.number {
			vertex[o.at[v]] = v
		}
		nodes := make(map[orb.Point][]int)
		for i := range m.Network.Nodes() {
			p := m.Network.Node(i).Point
			nodes[p] = append(nodes[p], i)
		}
		s := newSearcher(m.Network, oracleCar)
		for i := range m.Network.Nodes() {
			p := m.Network.Node(i).Point
			v, open := vertex[p] // absent if the car may use no edge there
			if !open || len(nodes[p]) > 1 {
				continue // a barrier, whose sides the oracle does not tell apart
			}
			want := o.from(o.number[v])
			got, _, _ := s.from(i)
			for j := range m.Network.Nodes() {
				q := m.Network.Node(j).Point
				at := nodes[q]
				x := math.Inf(1)
				if w, ok := vertex[q]; ok {
					x = want[o.number[w]]
				}
				y := math.Inf(1)
				for _, j := range at {
					y = min(y, got[j])
				}
				// The middle of a barrier is behind it, and no vertex of the oracle.
				if !(math.Abs(x-y) <= tolerance) && !(math.IsInf(x, 1) && math.IsInf(y, 1)) {
					t.Fatalf("%v to %v: %v s, want %v\n%s", p, q, y, x, text(m))
				}
			}
		}
	})
}

// A map is the same network in every form, and the same whatever the number of cores.
func TestRandomMapSameInAllForms(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		doc := drawMap(t)
		form := forms[rapid.SampledFrom(slices.Sorted(maps.Keys(forms))).Draw(t, "form")]
		data := doc.pbf(form)
		m, err := readBytes(data, "x")
		document, err2 := xml.Marshal(doc)
		if err2 != nil {
			t.Fatal(err2)
		}
		again, err2 := readBytes(document, "x")
		if (err == nil) != (err2 == nil) {
			t.Fatalf("error %v of PBF, %v of XML", err, err2)
		}
		if err == nil && text(m) != text(again) {
			t.Fatalf("got\n%s\nfrom XML\n%s", text(m), text(again))
		}
	})
}
