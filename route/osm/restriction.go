package osm

import (
	"strings"

	"github.com/hubplan/hubplan/route"
)

// memberType is the kind of object that is a member of a relation, as PBF counts them.
type memberType uint8

const (
	nodeMember memberType = iota
	wayMember
	otherMember
)

// member is a member of a relation.
type member struct {
	id   int64
	kind memberType
	role string
}

// restriction is a turn restriction as it is drawn.
// Source: https://wiki.openstreetmap.org/wiki/Relation:restriction
type restriction struct {
	id      int64
	only    bool // mandatory
	bound   bound
	from    []int64 // ways
	via     []int64 // ways, in order
	node    int64   // instead of them
	to      []int64 // ways
	ignored Reason  // why it is not used, if that is known already
}

// bound is the set of vehicles that a restriction binds. Those of [route.Vehicle] that
// no sign of a road binds are never in it.
type bound uint8

const (
	goodsBound bound = 1 << iota
	carsBound
)

// vehicles are those of a [route.Turn].
func (b bound) vehicles() []route.Vehicle {
	switch b {
	case goodsBound:
		return []route.Vehicle{route.GoodsVehicle}
	case carsBound:
		return []route.Vehicle{route.CarVehicle}
	}
	return nil
}

// restricts reports whether the tags are those of a turn restriction.
func (t *tags) restricts() bool { return t.any(keyType) == "restriction" }

// newRestriction reads a turn restriction.
func newRestriction(id int64, t *tags, members []member) restriction {
	r := restriction{id: id}
	nodes := 0
	for _, m := range members {
		switch {
		case m.role == "from" && m.kind == wayMember:
			r.from = append(r.from, m.id)
		case m.role == "to" && m.kind == wayMember:
			r.to = append(r.to, m.id)
		case m.role == "via" && m.kind == wayMember:
			r.via = append(r.via, m.id)
		case m.role == "via" && m.kind == nodeMember:
			r.node = m.id
			nodes++
		}
	}
	r.only, r.bound, r.ignored = t.restriction()
	if whole := len(r.from) > 0 && len(r.to) > 0 && nodes <= 1 && (nodes == 1) != (len(r.via) > 0); !whole && r.ignored == 0 {
		r.ignored = MalformedRestriction
	}
	return r
}

// restriction returns whether a restriction is mandatory and whom it binds, or why it
// is not used. What is said of goods vehicles or of cars alone counts where nothing is
// said of all.
func (t *tags) restriction() (only bool, b bound, ignored Reason) {
	first := func(keys ...key) string {
		for _, k := range keys {
			if v := t.any(k); v != "" {
				return v
			}
		}
		return ""
	}
	kind := first(keyRestriction, keyRestrictionMotorVehicle)
	goods, cars := first(keyRestrictionHGV, keyRestrictionGoods), t.any(keyRestrictionMotorcar)
	switch {
	case kind != "" || goods != "" && goods == cars:
		kind, b = first(keyRestriction, keyRestrictionMotorVehicle, keyRestrictionMotorcar), goodsBound|carsBound
	case goods != "":
		kind, b = goods, goodsBound
	case cars != "":
		kind, b = cars, carsBound
	case t.any(keyRestrictionConditional) != "":
		return false, 0, ConditionalRestriction
	default:
		return false, 0, OtherVehicles
	}
	if t.any(keyDayOn) != "" || t.any(keyHourOn) != "" {
		return false, 0, ConditionalRestriction
	}
	only = strings.HasPrefix(kind, "only_")
	if !only && !strings.HasPrefix(kind, "no_") {
		return false, 0, MalformedRestriction
	}
	for v := range strings.SplitSeq(t.any(keyExcept), ";") {
		switch strings.TrimSpace(v) {
		case "hgv", "goods":
			b &^= goodsBound
		case "motorcar":
			b &^= carsBound
		case "motor_vehicle", "vehicle":
			b = 0
		}
	}
	if b == 0 {
		return false, 0, OtherVehicles
	}
	return only, b, 0
}
