package osm

import (
	"strconv"
	"strings"

	"github.com/hubplan/hubplan/route"
)

// road is what the tags of a way say of all its edges.
type road struct {
	class    route.Class
	oneWay   bool
	reversed bool // the one way is against the drawn direction
	forth    route.Attributes
	back     route.Attributes // as forth on a one-way road
}

// roadClasses are the values of highway that vehicles with two axles drive on.
// Source: https://wiki.openstreetmap.org/wiki/Key:highway
var roadClasses = map[string]route.Class{
	"motorway": route.Motorway, "motorway_link": route.Motorway,
	"trunk": route.Trunk, "trunk_link": route.Trunk,
	"primary": route.Primary, "primary_link": route.Primary,
	"secondary": route.Secondary, "secondary_link": route.Secondary,
	"tertiary": route.Tertiary, "tertiary_link": route.Tertiary,
	"unclassified": route.Unclassified, "road": route.Unclassified,
	"residential": route.Residential, "living_street": route.Residential,
	"service": route.Service,
	"track":   route.Track,
}

// class returns the class of a way, and whether it is of the network at all.
func (t *tags) class(rail bool) (route.Class, bool) {
	if c, ok := roadClasses[t.any(keyHighway)]; ok {
		return c, t.any(keyArea) != "yes"
	}
	switch t.any(keyRoute) {
	case "ferry", "shuttle_train":
		return route.Ferry, t.any(keyArea) != "yes"
	}
	switch t.any(keyRailway) {
	case "rail", "narrow_gauge":
		return route.Railway, rail
	}
	return 0, false
}

// road reads the tags of a way. unread reports whether it states a limit that could
// not be read.
func (t *tags) road(class route.Class) (r road, unread bool) {
	r.class = class
	r.forth, unread = t.attributes(class, forward)
	r.back = r.forth
	if t.directed {
		var more bool
		r.back, more = t.attributes(class, backward)
		unread = unread || more
	}
	// On a railway signals decide, and a usual direction closes no other.
	if class == route.Railway {
		return r, unread
	}
	implied := bothWays // where no tag says anything
	switch t.any(keyJunction) {
	case "roundabout", "circular":
		implied = forwardOnly
	}
	if class == route.Motorway {
		implied = forwardOnly
	}
	// One way for both kinds of vehicles is one way for all, signs or no signs: nobody
	// expects who comes against it.
	cars, goods := t.flow(implied, carFlow[:]), t.flow(implied, goodsFlow[:])
	switch {
	case cars == forwardOnly && goods == forwardOnly:
		r.oneWay, r.back = true, r.forth
	case cars == backwardOnly && goods == backwardOnly:
		// What was said of travel back is said of the way as it will be drawn.
		r.oneWay, r.reversed, r.forth = true, true, r.back
	default:
		cars.close(&r.forth.Cars, &r.back.Cars)
		goods.close(&r.forth.Goods, &r.back.Goods)
	}
	return r, unread
}

// flow is the directions in which a kind of vehicle may travel a way.
type flow uint8

const (
	bothWays flow = iota
	forwardOnly
	backwardOnly
	neitherWay // open now one way, now the other
)

// The keys that say so, the most specific first.
// Source: https://wiki.openstreetmap.org/wiki/Key:oneway
var (
	carFlow   = [...]key{keyOnewayMotorcar, keyOnewayMotorVehicle, keyOnewayVehicle, keyOneway}
	goodsFlow = [...]key{keyOnewayHGV, keyOnewayGoods, keyOnewayMotorVehicle, keyOnewayVehicle, keyOneway}
)

func (t *tags) flow(implied flow, keys []key) flow {
	for _, k := range keys {
		switch t.any(k) {
		case "yes", "true", "1":
			return forwardOnly
		case "-1", "reverse":
			return backwardOnly
		case "no", "false", "0", "alternating":
			return bothWays
		case "reversible":
			return neitherWay
		}
	}
	return implied
}

// close closes the directions that are not open.
func (f flow) close(forth, back *route.Permission) {
	if f == backwardOnly || f == neitherWay {
		*forth = route.Closed
	}
	if f == forwardOnly || f == neitherWay {
		*back = route.Closed
	}
}

// attributes reads what the tags say of travel in one direction. Of railways it reads no
// access: the keys are those of vehicles on roads.
func (t *tags) attributes(class route.Class, dir direction) (a route.Attributes, unread bool) {
	unread = t.limits(&a, dir)
	a.Surface = t.surface()
	a.Bridge, a.Tunnel = t.is(keyBridge), t.is(keyTunnel)
	if text := t.any(keyLayer); text != "" {
		if layer, err := strconv.ParseInt(text, 10, 8); err == nil {
			a.Layer = int8(layer)
		}
	}
	var ok bool
	a.MaxSpeed, ok = t.maxSpeed(dir)
	unread = unread || !ok
	if class == route.Railway {
		a.Gauges = gauges(t.any(keyGauge))
		a.Electrified = t.is(keyElectrified)
		return a, unread
	}
	a.NoHazmat = t.get(keyHazmat, dir) == "no"
	a.Toll = t.is(keyToll) || t.is(keyTollHGV)
	cars, carsTagged := t.permission(carAccess[:], dir)
	goods, goodsTagged := t.permission(goodsAccess[:], dir)
	a.Cars, a.Goods = cars, goods
	if class == route.Ferry {
		a.Duration = crossing(t.any(keyDuration))
		// A ferry that states whom it takes and no motor vehicles among them.
		if t.is(keyFoot) || t.is(keyBicycle) {
			if !carsTagged {
				a.Cars = route.Closed
			}
			if !goodsTagged {
				a.Goods = route.Closed
			}
		}
	}
	return a, unread
}

// limits reads the limits of weight and size. unread reports whether one is given
// that could not be read.
func (t *tags) limits(a *route.Attributes, dir direction) (unread bool) {
	// Several tags may limit the same thing, a rating on the sign and what the bridge
	// bears; a vehicle is bound by each, so the least counts.
	masses := func(limit *route.Mass, keys ...key) {
		for _, k := range keys {
			if v := t.get(k, dir); v != "" {
				x, ok := least(v, mass)
				unread = unread || !ok
				if x > 0 && (*limit == 0 || x < *limit) {
					*limit = x
				}
			}
		}
	}
	masses(&a.MaxWeight, keyMaxWeight, keyMaxWeightHGV, keyMaxWeightRating, keyMaxWeightRatingHGV)
	masses(&a.MaxAxleLoad, keyMaxAxleLoad)
	for _, k := range [...]key{keyMaxHeight, keyMaxHeightPhysical, keyMaxWidth, keyMaxWidthPhysical, keyMaxLength} {
		v := t.get(k, dir)
		if v == "" {
			continue
		}
		x, ok := least(v, span)
		unread = unread || !ok
		limit := &a.MaxHeight
		switch k {
		case keyMaxWidth, keyMaxWidthPhysical:
			limit = &a.MaxWidth
		case keyMaxLength:
			limit = &a.MaxLength
		}
		if x > 0 && (*limit == 0 || x < *limit) {
			*limit = x
		}
	}
	return unread
}

// maxSpeed reads the posted speed, or the kind of limit where no number is given. ok is
// false if what is posted could not be read, also where the kind stands in for it.
func (t *tags) maxSpeed(dir direction) (limit route.Speed, ok bool) {
	v := t.get(keyMaxSpeed, dir)
	if v != "" {
		if x, ok := least(v, speed); x > 0 || ok {
			return x, ok
		}
	}
	for _, k := range [...]key{keyMaxSpeedType, keySourceMaxSpeed, keyZoneMaxSpeed} {
		if x, ok := speed(t.get(k, dir)); ok && x > 0 {
			return x, v == ""
		}
	}
	return 0, v == ""
}

// The keys of access, the most specific first.
// Source: https://wiki.openstreetmap.org/wiki/Key:access
var (
	carAccess   = [...]key{keyMotorcar, keyMotorVehicle, keyVehicle, keyAccess}
	goodsAccess = [...]key{keyHGV, keyGoods, keyMotorVehicle, keyVehicle, keyAccess}
)

// permissions are the values of access. Others are as if they were absent.
var permissions = map[string]route.Permission{
	"yes": route.Open, "designated": route.Open, "permissive": route.Open, "official": route.Open,
	"public": route.Open, "discouraged": route.Open, "variable": route.Open, "true": route.Open, "1": route.Open,
	"destination": route.Destination, "delivery": route.Destination, "customers": route.Destination,
	"private": route.Private, "permit": route.Private, "residents": route.Private, "employees": route.Private,
	"no": route.Closed, "false": route.Closed, "0": route.Closed, "agricultural": route.Closed, "forestry": route.Closed,
	"bus": route.Closed, "psv": route.Closed, "emergency": route.Closed, "military": route.Closed,
	"school": route.Closed, "restricted": route.Closed, "unload": route.Closed, "use_sidepath": route.Closed,
}

// permission reads access by the most specific key that is given. Of a list of
// values the most open counts.
func (t *tags) permission(keys []key, dir direction) (p route.Permission, tagged bool) {
	for _, k := range keys {
		for v := range strings.SplitSeq(t.get(k, dir), ";") {
			if q, ok := permissions[strings.TrimSpace(v)]; ok && (!tagged || q < p) {
				p, tagged = q, true
			}
		}
		if tagged {
			return p, true
		}
	}
	return route.Open, false
}

// surfaces are the values of surface, by what a loaded lorry makes of them: what bears
// it in all weathers is not Earth, what shakes it apart is not Paved.
// Source: https://wiki.openstreetmap.org/wiki/Key:surface
var surfaces = map[string]route.Surface{
	"paved": route.Paved, "asphalt": route.Paved, "chipseal": route.Paved, "concrete": route.Paved,
	"concrete:plates": route.Paved, "concrete:lanes": route.Paved, "metal": route.Paved, "metal_grid": route.Paved,
	"wood": route.Paved, "paving_stones": route.Paved, "paving_stones:lanes": route.Paved, "bricks": route.Paved, "brick": route.Paved,
	"sett": route.Stone, "cobblestone": route.Stone, "unhewn_cobblestone": route.Stone, "cobblestone:flattened": route.Stone,
	"grass_paver": route.Gravel, "compacted": route.Gravel, "fine_gravel": route.Gravel, "gravel": route.Gravel,
	"pebblestone": route.Gravel, "rock": route.Gravel, "stone": route.Gravel, "unpaved": route.Gravel, "shells": route.Gravel,
	"ground": route.Earth, "dirt": route.Earth, "earth": route.Earth, "grass": route.Earth, "mud": route.Earth,
	"sand": route.Earth, "clay": route.Earth, "woodchips": route.Earth, "ice": route.Earth, "snow": route.Earth, "salt": route.Earth,
}

// trackTypes stand in where no surface is given.
// Source: https://wiki.openstreetmap.org/wiki/Key:tracktype
var trackTypes = map[string]route.Surface{
	"grade1": route.Paved, "grade2": route.Gravel, "grade3": route.Gravel, "grade4": route.Earth, "grade5": route.Earth,
}

func (t *tags) surface() route.Surface {
	if s, ok := surfaces[t.any(keySurface)]; ok {
		return s
	}
	return trackTypes[t.any(keyTrackType)]
}

// gauges reads the gauges of a track in millimetres, the first two if there are more.
// Names such as "narrow" tell nothing that a train could be measured by.
func gauges(value string) (g [2]uint16) {
	n := 0
	for part := range strings.SplitSeq(value, ";") {
		mm, err := strconv.ParseUint(strings.TrimSpace(part), 10, 16)
		if err == nil && mm >= 300 && mm <= 3000 && n < len(g) {
			g[n] = uint16(mm)
			n++
		}
	}
	return g
}
