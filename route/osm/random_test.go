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
	nodes := rapid.IntRange(4, 14).Draw(t, "nodes")
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
			w.Tags = append(w.Tags, drawTags(t, "oneway", "", "", "", "yes", "-1", "no", "reversible")...)
			w.Tags = append(w.Tags, drawTags(t, "access", "", "", "", "", "no", "destination", "private;yes", "nonsense")...)
			w.Tags = append(w.Tags, drawTags(t, "motor_vehicle:forward", "", "", "", "", "no", "yes")...)
			w.Tags = append(w.Tags, drawTags(t, "motorcar:backward", "", "", "", "", "no", "yes")...)
			w.Tags = append(w.Tags, drawTags(t, "oneway:motorcar", "", "", "", "", "no", "yes")...)
			w.Tags = append(w.Tags, drawTags(t, "junction", "", "", "", "", "roundabout")...)
		}
		m.Ways = append(m.Ways, w)
	}
	way := func(label string) int64 {
		return int64(100 + rapid.IntRange(0, len(m.Ways)).Draw(t, label)) // the last is none
	}
	for i := range rapid.IntRange(0, 6).Draw(t, "relations") {
		r := xmlRelation{ID: int64(i + 1), Tags: []xmlTag{{"type", "restriction"}}}
		r.Tags = append(r.Tags, drawTags(t, "restriction", "no_left_turn", "no_u_turn", "only_straight_on", "no_exit", "nonsense")...)
		r.Tags = append(r.Tags, drawTags(t, "except", "", "", "", "bus;motorcar", "hgv")...)
		from := way("from")
		r.Members = append(r.Members, xmlMember{"way", from, "from"})
		if rapid.Bool().Draw(t, "node via") {
			v := int64(rapid.IntRange(1, nodes).Draw(t, "via"))
			if k := int(from - 100); k < len(m.Ways) { // as a rule an end of the way
				v = m.Ways[k].Refs[len(m.Ways[k].Refs)-1].ID
			}
			r.Members = append(r.Members, xmlMember{"node", v, "via"})
		} else {
			for range rapid.IntRange(1, 2).Draw(t, "vias") {
				r.Members = append(r.Members, xmlMember{"way", way("via"), "via"})
			}
		}
		for range rapid.IntRange(1, 2).Draw(t, "tos") {
			r.Members = append(r.Members, xmlMember{"way", way("to"), "to"})
		}
		m.Relations = append(m.Relations, r)
	}
	return m
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
			for q, at := range nodes {
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
