package osm

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

// crossroads is a map to try restrictions on. Ways are named by their nodes; 12 23 is
// one way that passes through 2, and 24 ends there. 51 is one-way towards 1. 16 61 is
// a loop. 25 is for people on foot.
//
//	6     4
//	()    |
//	1 --- 2 --- 3
//	|     :
//	5 ....'
func crossroads() *xmlMap {
	m := &xmlMap{}
	for i, p := range [][2]float64{{30, 50}, {30.01, 50}, {30.02, 50}, {30.01, 50.01}, {30, 49.99}, {30, 50.01}} {
		m.Nodes = append(m.Nodes, xmlNode{ID: int64(i + 1), Lon: p[0], Lat: p[1]})
	}
	road := []xmlTag{{"highway", "residential"}}
	m.Ways = []xmlWay{
		{123, []xmlRef{{1}, {2}, {3}}, road},
		{24, []xmlRef{{2}, {4}}, road},
		{51, []xmlRef{{5}, {1}}, append([]xmlTag{{"oneway", "yes"}}, road...)},
		{161, []xmlRef{{1}, {6}, {1}}, road},
		{25, []xmlRef{{2}, {5}}, []xmlTag{{"highway", "footway"}}},
	}
	return m
}

func TestRestrictions(t *testing.T) {
	// Members as "from 123", "via n2" for a node.
	for _, test := range []struct {
		name, tags, members, want string
	}{
		{"from a way that ends", "restriction=no_left_turn", "from 24 via n2 to 24", "no 2b 2"},
		{"through the node", "restriction=no_left_turn", "from 24 via n2 to 123", "ambiguous turn restriction"},
		{"from through the node", "restriction=only_straight_on", "from 123 via n2 to 24", "ambiguous turn restriction"},
		{"round on both sides", "restriction=no_u_turn", "from 123 via n2 to 123", "no 0 0b, no 1b 1"},
		{"round at the end", "restriction=no_u_turn", "from 123 via n3 to 123", "no 1 1b"},
		{"round at the end, only", "restriction=only_u_turn", "from 123 via n1 to 123", "no 0b 4, no 0b 4b"},
		{"a loop begins and ends there", "restriction=no_left_turn", "from 51 via n1 to 161", "ambiguous turn restriction"},
		{"only", "restriction=only_right_turn", "from 51 via n1 to 123", "no 3 4, no 3 4b"},
		{"of hgv", "restriction:hgv=only_right_turn", "from 51 via n1 to 123", "no 3 4 [goods], no 3 4b [goods]"},
		{"but hgv", "restriction=no_right_turn;except=hgv", "from 51 via n1 to 123", "no 3 0 [car]"},
		{"but cars", "restriction=no_right_turn;except=bicycle ; motorcar", "from 51 via n1 to 123", "no 3 0 [goods]"},
		{"of cars", "restriction:motorcar=no_right_turn", "from 51 via n1 to 123", "no 3 0 [car]"},
		{"of both kinds", "restriction:motorcar=no_right_turn;restriction:hgv=no_right_turn", "from 51 via n1 to 123", "no 3 0"},
		{"of motor vehicles", "restriction:motor_vehicle=no_right_turn", "from 51 via n1 to 123", "no 3 0"},
		{"but motor vehicles", "restriction=no_right_turn;except=motor_vehicle", "from 51 via n1 to 123", "turn restriction for other vehicles"},
		{"but both", "restriction=no_right_turn;except=motorcar;hgv", "from 51 via n1 to 123", "turn restriction for other vehicles"},
		{"of buses", "restriction:bus=no_right_turn", "from 51 via n1 to 123", "turn restriction for other vehicles"},
		{"at times", "restriction:conditional=no_right_turn @ (Mo-Fr)", "from 51 via n1 to 123", "turn restriction at times"},
		{"at times, as of old", "restriction=no_right_turn;hour_on=07:00", "from 51 via n1 to 123", "turn restriction at times"},
		{"unknown", "restriction=maybe", "from 51 via n1 to 123", "turn restriction without the members or the kind it needs"},
		{"no from", "restriction=no_right_turn", "via n1 to 123", "turn restriction without the members or the kind it needs"},
		{"two nodes", "restriction=no_right_turn", "from 51 via n1 via n2 to 123", "turn restriction without the members or the kind it needs"},
		{"node and way", "restriction=no_right_turn", "from 51 via n1 via 123 to 24", "turn restriction without the members or the kind it needs"},
		{"not a road", "restriction=no_right_turn", "from 123 via n2 to 25", "turn restriction off the network"},
		{"no such way", "restriction=no_right_turn", "from 123 via n2 to 99", "turn restriction off the network"},
		{"no such node", "restriction=no_right_turn", "from 51 via n99 to 123", "turn restriction off the network"},
		{"elsewhere", "restriction=no_right_turn", "from 51 via n3 to 123", "turn restriction whose members do not meet"},
		{"against one way", "restriction=no_right_turn", "from 123 via n1 to 51", "turn restriction of a turn that is impossible"},
		{"exits", "restriction=no_exit", "from 51 via n1 to 123 to 24", "no 3 0"},
		{"entries", "restriction=no_entry", "from 51 from 24 via n1 to 123", "no 3 0"},
		{"only to two", "restriction=only_straight_on", "from 24 via n2 to 123 to 24", "no 2b 0b, no 2b 1"}, // 123 is ambiguous, 24 is left

		{"over a way", "restriction=no_u_turn", "from 51 via 123 to 123", "no 3 0 1 1b, no 3 0 0b"},
		{"over a way that is not joined", "restriction=no_u_turn", "from 24 via 51 to 123", "turn restriction of a turn that is impossible"},
		{"over a loop", "restriction=no_u_turn", "from 51 via 161 to 123", "ambiguous turn restriction"},
		{"over a way apart", "restriction=no_u_turn", "from 51 via 24 to 123", "turn restriction whose members do not meet"},
	} {
		t.Run(test.name, func(t *testing.T) {
			m := crossroads()
			r := xmlRelation{ID: 7, Tags: []xmlTag{{"type", "restriction"}}}
			tags := test.tags
			if k, v, ok := strings.Cut(tags, ";except="); ok { // its value has semicolons
				tags = k
				r.Tags = append(r.Tags, xmlTag{"except", v})
			}
			for tag := range strings.SplitSeq(tags, ";") {
				k, v, _ := strings.Cut(tag, "=")
				r.Tags = append(r.Tags, xmlTag{k, v})
			}
			words := strings.Fields(test.members)
			for i := 0; i < len(words); i += 2 {
				member := xmlMember{Type: "way", Role: words[i]}
				ref, isNode := strings.CutPrefix(words[i+1], "n")
				if isNode {
					member.Type = "node"
				}
				fmt.Sscan(ref, &member.ID)
				r.Members = append(r.Members, member)
			}
			m.Relations = append(m.Relations, r)
			got := mustRead(t, m.pbf(form{}))
			var lines []string
			for line := range strings.Lines(text(got)) {
				if turn, ok := strings.CutPrefix(strings.TrimSpace(line), "no turn"); ok {
					lines = append(lines, "no"+turn)
				}
			}
			for _, l := range got.LeftOut {
				if l.Count != 1 || !slices.Equal(l.First, []int64{7}) {
					t.Errorf("left out %+v", l)
				}
				lines = append(lines, l.Reason.String())
			}
			if used := len(got.LeftOut) == 0; used != (got.Restrictions == 1) {
				t.Errorf("%d restrictions used", got.Restrictions)
			}
			if got := strings.Join(lines, ", "); got != test.want {
				t.Errorf("got %s, want %s", got, test.want)
			}
		})
	}
}

// A sign within a way, where nothing else branches off, makes a node there.
func TestRestrictionWithinWay(t *testing.T) {
	m := crossroads()
	m.Ways = m.Ways[:1]
	m.Relations = []xmlRelation{{1, []xmlMember{{"way", 123, "from"}, {"node", 2, "via"}, {"way", 123, "to"}}, []xmlTag{{"type", "restriction"}, {"restriction", "no_u_turn"}}}}
	got := mustRead(t, m.pbf(form{}))
	if got.Network.Edges() != 2 || len(got.Network.Turns()) != 2 {
		t.Errorf("got\n%s", text(got))
	}
}
