package route

import (
	"time"

	"github.com/hubplan/hubplan/geo"
)

// speeds is a table of speeds in km/h.
func speeds(kmh map[Class]float64) map[Class]Speed {
	m := make(map[Class]Speed, len(kmh))
	for c, v := range kmh {
		m[c] = Speed(v) * KilometerPerHour
	}
	return m
}

// unpaved are the highest speeds of heavy vehicles off the tarmac, an assumption.
func unpaved() map[Surface]Speed {
	return map[Surface]Speed{Stone: 40 * KilometerPerHour, Gravel: 30 * KilometerPerHour, Earth: 15 * KilometerPerHour}
}

// Truck is a loaded lorry of two axles and 18 t, the largest of its kind that
// Directive 96/53/EC lets pass everywhere: 10 t on an axle (11.5 t when driven), 12 m long, 2.55 m
// wide, 4 m high. Its speeds are average ones with halts, a planner's assumption;
// so are half an hour at a ferry and two hours at a border.
func Truck() Profile {
	return Profile{
		Name: "truck",
		Speed: speeds(map[Class]float64{
			Motorway: 75, Trunk: 65, Primary: 55, Secondary: 45, Tertiary: 35,
			Unclassified: 25, Residential: 20, Service: 10, Track: 7, Ferry: 20,
		}),
		Surface: unpaved(),
		Top:     80 * KilometerPerHour,
		Night:   0.8,
		Access:  15 * KilometerPerHour,
		Vehicle: GoodsVehicle,
		Weight:  18 * Tonne, AxleLoad: 11.5 * Tonne,
		Height: 4 * geo.Meter, Width: 2.55 * geo.Meter, Length: 12 * geo.Meter,
		Boarding: 30 * time.Minute, Border: 2 * time.Hour,
	}
}

// HeavyTruck is an articulated lorry of the largest size that Directive 96/53/EC
// lets pass everywhere: 40 t, 16.5 m. It is a little slower than [Truck] on lesser
// roads, keeps off tracks, and is like it in the rest.
func HeavyTruck() Profile {
	p := Truck()
	p.Name = "heavy truck"
	p.Speed = speeds(map[Class]float64{
		Motorway: 75, Trunk: 62, Primary: 50, Secondary: 40, Tertiary: 30,
		Unclassified: 20, Residential: 15, Service: 10, Ferry: 20,
	})
	p.Weight, p.Length = 40*Tonne, 16.5*geo.Meter
	return p
}

// Convoy is a military column of heavy lorries at the march rates of FM 11-43:
// 66 km/h on motorways, 40 km/h on roads of two lanes, 24 km/h in built-up areas,
// and 8 km/h blacked out, a fifth, which [Profile.ByNight] applies. Access signs and
// turn restrictions do not bind it; weight, height and width do.
func Convoy() Profile {
	p := HeavyTruck()
	p.Name = "convoy"
	p.Speed = speeds(map[Class]float64{
		Motorway: 66, Trunk: 40, Primary: 40, Secondary: 40, Tertiary: 40,
		Unclassified: 24, Residential: 24, Service: 8, Track: 8, Ferry: 20,
	})
	p.Top, p.Night = 66*KilometerPerHour, 8.0/40
	p.Vehicle, p.Private = ExemptVehicle, true
	p.Border = 30 * time.Minute
	return p
}

// Car is a passenger car, which drives nine tenths of what is posted. Where nothing
// is, its speeds are a planner's assumption, as are the waits.
func Car() Profile {
	return Profile{
		Name: "car",
		Speed: speeds(map[Class]float64{
			Motorway: 105, Trunk: 85, Primary: 65, Secondary: 55, Tertiary: 45,
			Unclassified: 35, Residential: 25, Service: 15, Track: 12, Ferry: 20,
		}),
		Surface:     map[Surface]Speed{Stone: 45 * KilometerPerHour, Gravel: 45 * KilometerPerHour, Earth: 25 * KilometerPerHour},
		PostedShare: 0.9,
		Night:       0.9,
		Access:      20 * KilometerPerHour,
		Vehicle:     CarVehicle,
		Height:      2 * geo.Meter, Width: 2 * geo.Meter, Length: 5 * geo.Meter,
		Weight: 2.5 * Tonne, AxleLoad: 1.5 * Tonne,
		Boarding: 20 * time.Minute, Border: time.Hour,
	}
}

// Rail is a freight train on any gauge, at an average of 40 km/h with its halts, an
// assumption. It changes to other modes in terminals, whose edges of class
// [Transfer] say how long that takes; [Profile.With] puts it together with a truck.
func Rail() Profile {
	return Profile{
		Name:    "rail",
		Speed:   speeds(map[Class]float64{Railway: 40, Transfer: 10}),
		Access:  15 * KilometerPerHour,
		Vehicle: TrainVehicle,
	}
}
