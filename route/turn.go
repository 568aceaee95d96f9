package route

import (
	"fmt"
)

// Turn is a turn that is not allowed: whoever has travelled the edges of Path but
// the last, one after the other, may not go on along the last. Two edges meet at a
// junction; more forbid a way of getting round it. Mandatory turns ("only straight
// on") are stated as the turns that they forbid.
type Turn struct {
	Path []Step
	// Vehicles that the turn is forbidden to; empty stands for all but [ExemptVehicle].
	Vehicles []Vehicle
}

// Vehicle is a kind of vehicle as traffic signs tell them apart.
type Vehicle uint8

// The kinds of vehicles.
const (
	GoodsVehicle  Vehicle = iota // of more than 3.5 t
	CarVehicle                   // private motor vehicles
	TrainVehicle                 // bound by no sign of a road
	ExemptVehicle                // bound by no access sign or turn, yet by limits of weight and size

	vehicles = iota
)

var vehicleNames = [vehicles]string{"goods", "car", "train", "exempt"}

// String returns the name of the vehicle, "goods" to "exempt".
func (v Vehicle) String() string { return nameOf("vehicle", vehicleNames[:], v) }

// MarshalText writes the name of the vehicle.
func (v Vehicle) MarshalText() ([]byte, error) { return marshalName("vehicle", vehicleNames[:], v) }

// UnmarshalText reads the name of a vehicle; errors wrap [input.ErrUnknown].
func (v *Vehicle) UnmarshalText(text []byte) (err error) {
	*v, err = parseName[Vehicle]("vehicle", vehicleNames[:], string(text))
	return err
}

// bound is the set of vehicles that turns forbid something to, a bit each.
type bound uint8

func (t *Turn) bound() bound {
	if len(t.Vehicles) == 0 {
		return 1<<GoodsVehicle | 1<<CarVehicle | 1<<TrainVehicle
	}
	var b bound
	for _, v := range t.Vehicles {
		b |= 1 << v
	}
	return b
}

// of reports whether a vehicle is bound.
func (b bound) of(v Vehicle) bool { return b>>v&1 == 1 }

// checkTurn reports what is wrong with a turn: fewer than two edges, edges that do
// not exist or do not follow each other, a direction against a one-way edge, or a
// vehicle that is none.
func (n *Network) checkTurn(t Turn) error {
	if len(t.Path) < 2 {
		return fmt.Errorf("a turn of %d edges", len(t.Path))
	}
	for i, s := range t.Path {
		switch e := s.Edge(); {
		case e >= n.Edges():
			return fmt.Errorf("there is no edge %d", e)
		case s.Backward() && n.one[e]:
			return fmt.Errorf("edge %d is one-way", e)
		case i > 0 && n.tail(s) != n.head(t.Path[i-1]):
			return fmt.Errorf("edge %d does not begin where edge %d ends", e, t.Path[i-1].Edge())
		}
	}
	for _, v := range t.Vehicles {
		if int(v) >= vehicles {
			return fmt.Errorf("there is no %v", v)
		}
	}
	return nil
}

// tail and head are the nodes at which a step begins and ends.
func (n *Network) tail(s Step) uint32 {
	if s.Backward() {
		return n.to[s.Edge()]
	}
	return n.from[s.Edge()]
}

func (n *Network) head(s Step) uint32 { return n.tail(s ^ 1) }
