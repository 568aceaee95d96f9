package osm

import (
	"github.com/hubplan/hubplan/geo"
	"github.com/hubplan/hubplan/route"
)

// obstacleWidth is the width limit of an obstacle that no vehicle with two tracks gets
// past. It binds also those whom no sign binds: who has the right of way everywhere
// still cannot drive through a block of concrete.
const obstacleWidth = 1 * geo.Meter

// passable are the barriers that let vehicles pass unless a tag says otherwise.
// Source: https://wiki.openstreetmap.org/wiki/Key:barrier
var passable = map[string]bool{
	"no": true, "entrance": true, "gate": true, "lift_gate": true, "swing_gate": true, "sliding_gate": true,
	"sliding_beam": true, "hampshire_gate": true, "bump_gate": true, "rope": true, "chain": true,
	"cattle_grid": true, "toll_booth": true, "border_control": true, "checkpoint": true, "sally_port": true,
	"height_restrictor": true, "kerb": true, "arch": true, "coupure": true, "flood_gate": true,
}

// barrier reads what the tags of a node say of passing it. ok is false where there is
// nothing to say: no barrier, or one that lets everybody pass.
func (t *tags) barrier() (a route.Attributes, ok, unread bool) {
	kind := t.any(keyBarrier)
	if kind == "" {
		return a, false, false
	}
	unread = t.limits(&a, either)
	a.NoHazmat = t.any(keyHazmat) == "no"
	a.Border = kind == "border_control"
	a.Toll = kind == "toll_booth"
	var standing route.Permission
	var obstacle bool
	// What the barrier is counts where tags do not say who may pass.
	switch {
	case t.any(keyBollard) == "rising" || t.any(keyBollard) == "removable" || t.is(keyLocked):
		standing = route.Private
	case !passable[kind]:
		standing, obstacle = route.Closed, true
	}
	var cars, goods bool // whether a tag says it of them
	a.Cars, cars = t.permission(carAccess[:], either)
	a.Goods, goods = t.permission(goodsAccess[:], either)
	if !cars {
		a.Cars = standing
	}
	if !goods {
		a.Goods = standing
	}
	// A sign to let somebody pass means that there is room.
	if obstacle && a.Cars >= route.Private && a.Goods >= route.Private && a.MaxWidth == 0 {
		a.MaxWidth = obstacleWidth
	}
	return a, a != route.Attributes{}, unread
}
