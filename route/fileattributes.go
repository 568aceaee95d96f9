package route

import (
	"time"

	"github.com/hubplan/hubplan/geo"
)

// numbers are the attributes that are numbers, in the order of the file.
func (a *Attributes) numbers() [9]float64 {
	return [...]float64{
		float64(a.MaxSpeed), float64(a.MaxWeight), float64(a.MaxAxleLoad), float64(a.MaxHeight), float64(a.MaxWidth), float64(a.MaxLength),
		float64(a.Duration), float64(a.Capacity), float64(a.Layer),
	}
}

// flags are the attributes that hold or do not, in the order of the file.
func (a *Attributes) flags() [7]*bool {
	return [...]*bool{&a.NoHazmat, &a.Bridge, &a.Tunnel, &a.Toll, &a.Border, &a.Landing, &a.Electrified}
}

func (e *encoder) attributes(a *Attributes) {
	// Most attributes of most edges are zero: bits tell which numbers follow.
	set, numbers := 0, a.numbers()
	for i, x := range numbers {
		if x != 0 {
			set |= 1 << i
		}
	}
	flags := 0
	for i, f := range a.flags() {
		if *f {
			flags |= 1 << i
		}
	}
	for _, x := range [...]int{set, flags, int(a.Surface), int(a.Cars), int(a.Goods), int(a.Gauges[0]), int(a.Gauges[1])} {
		e.count(x)
	}
	for _, x := range numbers {
		if x != 0 {
			e.float(x)
		}
	}
}

func (d *decoder) kind() kind {
	k := kind{class: Class(d.count(uint64(classes)))}
	d.attributes(&k.forth)
	d.attributes(&k.back)
	return k
}

func (d *decoder) attributes(a *Attributes) {
	set := d.count(1 << len(a.numbers()))
	flags := d.count(1 << len(a.flags()))
	a.Surface, a.Cars, a.Goods = Surface(d.count(surfaces)), Permission(d.count(permissions)), Permission(d.count(permissions))
	a.Gauges = [2]uint16{uint16(d.count(1 << 16)), uint16(d.count(1 << 16))}
	for i, f := range a.flags() {
		*f = flags>>i&1 == 1
	}
	var x [9]float64
	for i := range x {
		if set>>i&1 == 1 {
			x[i] = d.float()
		}
	}
	a.MaxSpeed, a.MaxWeight, a.MaxAxleLoad = Speed(x[0]), Mass(x[1]), Mass(x[2])
	a.MaxHeight, a.MaxWidth, a.MaxLength = geo.Distance(x[3]), geo.Distance(x[4]), geo.Distance(x[5])
	a.Duration, a.Capacity, a.Layer = time.Duration(x[6]), Mass(x[7]), int8(x[8])
}
