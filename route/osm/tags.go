package osm

import (
	"bytes"
)

// key is a tag key that is read. A way is looked at for some fifty keys and has ten
// tags; so each tag is sorted into its place once, and the rules read places.
type key uint8

const (
	// What a way is.
	keyHighway key = iota
	keyRailway
	keyRoute
	keyArea
	keyName
	keyRef
	// In which direction it is travelled.
	keyJunction
	keyOneway
	keyOnewayVehicle
	keyOnewayMotorVehicle
	keyOnewayMotorcar
	keyOnewayGoods
	keyOnewayHGV
	// Who may travel it.
	keyAccess
	keyVehicle
	keyMotorVehicle
	keyMotorcar
	keyGoods
	keyHGV
	keyFoot
	keyBicycle
	// Limits.
	keyMaxSpeed
	keyMaxSpeedType
	keySourceMaxSpeed
	keyZoneMaxSpeed
	keyMaxWeight
	keyMaxWeightHGV
	keyMaxWeightRating
	keyMaxWeightRatingHGV
	keyMaxAxleLoad
	keyMaxHeight
	keyMaxHeightPhysical
	keyMaxWidth
	keyMaxWidthPhysical
	keyMaxLength
	keyHazmat
	// What else is known of it.
	keyToll
	keyTollHGV
	keyBridge
	keyTunnel
	keyLayer
	keySurface
	keyTrackType
	keyGauge
	keyElectrified
	keyDuration
	// Barriers, which are nodes.
	keyBarrier
	keyLocked
	keyBollard
	// Turn restrictions, which are relations.
	keyType
	keyRestriction
	keyRestrictionHGV
	keyRestrictionGoods
	keyRestrictionMotorcar
	keyRestrictionMotorVehicle
	keyRestrictionConditional
	keyDayOn
	keyHourOn
	keyExcept

	keys
)

// keyNames has the text of each key.
var keyNames = [keys]string{
	keyHighway: "highway", keyRailway: "railway", keyRoute: "route", keyArea: "area", keyName: "name", keyRef: "ref",
	keyJunction: "junction", keyOneway: "oneway", keyOnewayVehicle: "oneway:vehicle", keyOnewayMotorVehicle: "oneway:motor_vehicle",
	keyOnewayMotorcar: "oneway:motorcar", keyOnewayGoods: "oneway:goods", keyOnewayHGV: "oneway:hgv",
	keyAccess: "access", keyVehicle: "vehicle", keyMotorVehicle: "motor_vehicle", keyMotorcar: "motorcar", keyGoods: "goods", keyHGV: "hgv",
	keyFoot: "foot", keyBicycle: "bicycle",
	keyMaxSpeed: "maxspeed", keyMaxSpeedType: "maxspeed:type", keySourceMaxSpeed: "source:maxspeed", keyZoneMaxSpeed: "zone:maxspeed",
	keyMaxWeight: "maxweight", keyMaxWeightHGV: "maxweight:hgv", keyMaxWeightRating: "maxweightrating", keyMaxWeightRatingHGV: "maxweightrating:hgv",
	keyMaxAxleLoad: "maxaxleload", keyMaxHeight: "maxheight", keyMaxHeightPhysical: "maxheight:physical",
	keyMaxWidth: "maxwidth", keyMaxWidthPhysical: "maxwidth:physical", keyMaxLength: "maxlength",
	keyHazmat: "hazmat", keyToll: "toll", keyTollHGV: "toll:hgv", keyBridge: "bridge", keyTunnel: "tunnel", keyLayer: "layer",
	keySurface: "surface", keyTrackType: "tracktype", keyGauge: "gauge", keyElectrified: "electrified", keyDuration: "duration",
	keyBarrier: "barrier", keyLocked: "locked", keyBollard: "bollard",
	keyType: "type", keyRestriction: "restriction", keyRestrictionHGV: "restriction:hgv", keyRestrictionGoods: "restriction:goods",
	keyRestrictionMotorcar: "restriction:motorcar", keyRestrictionMotorVehicle: "restriction:motor_vehicle",
	keyRestrictionConditional: "restriction:conditional", keyDayOn: "day_on", keyHourOn: "hour_on", keyExcept: "except",
}

var keyOf = func() map[string]key {
	m := make(map[string]key, keys)
	for k, name := range keyNames {
		m[name] = key(k)
	}
	return m
}()

// direction is that of travel along a way as it is drawn.
type direction uint8

const (
	either direction = iota
	forward
	backward
)

// tags holds the tags of an object that are read, those with the suffix :forward or
// :backward apart. Other tags, among them all with :conditional, are not kept.
type tags struct {
	values   [3][keys]string
	n        int
	directed bool // whether some are of one direction
}

// clear makes room for the tags of the next object. Most nodes have none.
func (t *tags) clear() {
	if t.n > 0 {
		*t = tags{}
	}
}

// set adds a tag. Every key may have a direction, though few are found with one: which
// ones, the rules that read them decide.
func (t *tags) set(k, v []byte) {
	dir := either
	if base, ok := bytes.CutSuffix(k, []byte(":forward")); ok {
		k, dir = base, forward
	} else if base, ok := bytes.CutSuffix(k, []byte(":backward")); ok {
		k, dir = base, backward
	}
	i, ok := keyOf[string(k)]
	if !ok {
		return
	}
	t.values[dir][i] = string(bytes.TrimSpace(v))
	t.n++
	t.directed = t.directed || dir != either
}

// get returns the value that holds in a direction: that of the direction if it is
// given, else the general one.
func (t *tags) get(k key, dir direction) string {
	if v := t.values[dir][k]; v != "" {
		return v
	}
	return t.values[either][k]
}

// any returns the value that does not depend on the direction.
func (t *tags) any(k key) string { return t.values[either][k] }

// is reports whether a value is given and does not say no.
func (t *tags) is(k key) bool {
	v := t.any(k)
	return v != "" && v != "no" && v != "0" && v != "false"
}

// isWayKey reports whether a way that has the key may be of the network.
func isWayKey(k []byte) bool {
	switch string(k) {
	case "highway", "railway", "route":
		return true
	}
	return false
}
