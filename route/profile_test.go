package route

import (
	"bytes"
	"errors"
	"math"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/hubplan/hubplan/geo"
	"github.com/hubplan/hubplan/geo/input"
	"github.com/paulmach/orb"
)

// edgeOf is a network of one edge, one kilometre long.
func edgeOf(t *testing.T, class Class, a Attributes) *Network {
	t.Helper()
	n, err := NewNetwork([]Node{{Point: orb.Point{30, 50}}, {Point: orb.Point{30.01, 50}}},
		[]Edge{{From: 0, To: 1, Class: class, Length: geo.Kilometer, Attributes: a}})
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func TestForbids(t *testing.T) {
	truck := HeavyTruck() // 40 t, 11.5 t an axle, 4 m high, 2.55 m wide, 16.5 m long
	with := func(change func(*Profile)) Profile {
		p := HeavyTruck()
		change(&p)
		return p
	}
	wide := Rail()
	wide.Gauges = []int{1520}
	electric := Rail()
	electric.Electric = true
	for name, c := range map[string]struct {
		profile Profile
		class   Class
		a       Attributes
		rule    Rule
		open    bool
	}{
		"plain":                  {truck, Primary, Attributes{}, 0, true},
		"no speed":               {truck, Railway, Attributes{}, ByClass, false},
		"surface slow":           {truck, Primary, Attributes{Surface: Earth}, 0, true},
		"surface closed":         {with(func(p *Profile) { p.Surface[Earth] = 0 }), Primary, Attributes{Surface: Earth}, BySurface, false},
		"goods closed":           {truck, Primary, Attributes{Goods: Closed}, ByPermission, false},
		"goods private":          {truck, Primary, Attributes{Goods: Private}, ByPermission, false},
		"goods private, leave":   {with(func(p *Profile) { p.Private = true }), Primary, Attributes{Goods: Private}, 0, true},
		"goods destination":      {truck, Primary, Attributes{Goods: Destination}, 0, true},
		"cars closed":            {truck, Primary, Attributes{Cars: Closed}, 0, true},
		"car where goods closed": {Car(), Primary, Attributes{Goods: Closed}, 0, true},
		"car where closed":       {Car(), Primary, Attributes{Cars: Closed}, ByPermission, false},
		"convoy where closed":    {Convoy(), Primary, Attributes{Cars: Closed, Goods: Closed}, 0, true},
		"convoy where too heavy": {Convoy(), Primary, Attributes{MaxWeight: 39}, ByWeight, false},
		"weight at the limit":    {truck, Primary, Attributes{MaxWeight: 40}, 0, true},
		"weight":                 {truck, Primary, Attributes{MaxWeight: 7.5}, ByWeight, false},
		"axle load":              {truck, Primary, Attributes{MaxAxleLoad: 10}, ByAxleLoad, false},
		"height":                 {truck, Primary, Attributes{MaxHeight: 3.9}, ByHeight, false},
		"width":                  {truck, Primary, Attributes{MaxWidth: 2.5}, ByWidth, false},
		"length":                 {truck, Primary, Attributes{MaxLength: 12}, ByLength, false},
		"empty truck":            {truck, Primary, Attributes{NoHazmat: true}, 0, true},
		"hazmat":                 {with(func(p *Profile) { p.Hazmat = true }), Primary, Attributes{NoHazmat: true}, ByHazmat, false},
		"toll":                   {truck, Primary, Attributes{Toll: true}, 0, true},
		"toll avoided":           {with(func(p *Profile) { p.NoTolls = true }), Primary, Attributes{Toll: true}, ByToll, false},
		"any gauge":              {Rail(), Railway, Attributes{Gauges: [2]uint16{1435}}, 0, true},
		"gauge":                  {wide, Railway, Attributes{Gauges: [2]uint16{1435}}, ByGauge, false},
		"dual gauge":             {wide, Railway, Attributes{Gauges: [2]uint16{1435, 1520}}, 0, true},
		"gauge not known":        {wide, Railway, Attributes{}, 0, true},
		"no wire":                {electric, Railway, Attributes{}, ByPower, false},
		"wire":                   {electric, Railway, Attributes{Electrified: true}, 0, true},
		"train on a bad road":    {Rail(), Railway, Attributes{Goods: Closed}, 0, true},
	} {
		err := c.profile.Forbids(edgeOf(t, c.class, c.a), Forth(0))
		var forbidden *Forbidden
		switch {
		case (err == nil) != c.open:
			t.Errorf("%s: %v, want open: %v", name, err, c.open)
		case err != nil && (!errors.As(err, &forbidden) || forbidden.Rule != c.rule):
			t.Errorf("%s: %v, want by %v", name, err, c.rule)
		}
	}
	if err := truck.Forbids(edgeOf(t, Primary, Attributes{MaxWeight: 7.5}), Forth(0)); err.Error() != "weight limit 7.5 t, the vehicle has 40 t" {
		t.Errorf("the reason reads %q", err)
	}
	n, err := NewNetwork([]Node{{Point: orb.Point{30, 50}}, {Point: orb.Point{30.01, 50}}}, []Edge{{From: 0, To: 1, OneWay: true, Back: &Attributes{Goods: Closed}}})
	if err != nil {
		t.Fatal(err)
	}
	var forbidden *Forbidden
	if err := truck.Forbids(n, Back(0)); !errors.As(err, &forbidden) || forbidden.Rule != ByOneWay {
		t.Errorf("against a one-way edge: %v", err)
	}
}

// What a kilometre takes.
func TestPace(t *testing.T) {
	kmh := func(v float64) time.Duration { return time.Duration(math.Round(3600e3/v)) * time.Millisecond }
	truck, car, convoy := Truck(), Car(), Convoy()
	for name, c := range map[string]struct {
		profile Profile
		class   Class
		a       Attributes
		want    time.Duration
	}{
		"class":                   {truck, Primary, Attributes{}, kmh(55)},
		"limit below":             {truck, Primary, Attributes{MaxSpeed: 30 * KilometerPerHour}, kmh(30)},
		"limit above":             {truck, Primary, Attributes{MaxSpeed: 90 * KilometerPerHour}, kmh(55)},
		"share of a posted limit": {car, Primary, Attributes{MaxSpeed: 100 * KilometerPerHour}, kmh(90)},
		"surface":                 {truck, Primary, Attributes{Surface: Earth}, kmh(15)},
		"surface no matter":       {truck, Track, Attributes{Surface: Earth}, kmh(7)},
		"top speed":               {func() Profile { p := Truck(); p.Top = 10 * KilometerPerHour; return p }(), Primary, Attributes{}, kmh(10)},
		"ferry of known time":     {truck, Ferry, Attributes{Duration: 20 * time.Minute}, 20 * time.Minute},
		"ferry boarded":           {truck, Ferry, Attributes{Landing: true}, 30*time.Minute + kmh(20)},
		"limit of a ferry":        {truck, Ferry, Attributes{MaxSpeed: 1}, kmh(20)},
		"border":                  {truck, Primary, Attributes{Border: true}, 2*time.Hour + kmh(55)},
		"convoy on two lanes":     {convoy, Secondary, Attributes{}, kmh(40)},
		"convoy blacked out":      {convoy.ByNight(), Secondary, Attributes{}, kmh(8)},
		"convoy on a ferry":       {convoy.ByNight(), Ferry, Attributes{}, kmh(20)},
		"no night factor":         {Rail().ByNight(), Railway, Attributes{}, kmh(40)},
		"car by night":            {car.ByNight(), Primary, Attributes{MaxSpeed: 100 * KilometerPerHour}, kmh(81)},
		"truck and train, rail":   {truck.With(Rail()), Railway, Attributes{}, kmh(40)},
		"truck and fast train":    {truck.With(Profile{Speed: speeds(map[Class]float64{Railway: 120})}), Railway, Attributes{}, kmh(120)},
		"truck and train, road":   {truck.With(Rail()), Primary, Attributes{}, kmh(55)},
		"terminal":                {truck.With(Rail()), Transfer, Attributes{Duration: 3 * time.Hour}, 3 * time.Hour},
	} {
		r := mustRouter(t, edgeOf(t, c.class, c.a), c.profile)
		if forth, back := r.costs(0); duration(forth) != c.want || back != forth {
			t.Errorf("%s: %v and %v, want %v", name, duration(forth), duration(back), c.want)
		}
	}
	if truck.Speed[Railway] != 0 {
		t.Error("With changes the profile it is called on")
	}
	if convoy.Speed[Secondary] != 40*KilometerPerHour {
		t.Error("ByNight changes the profile it is called on")
	}
}

func TestReadyProfilesHold(t *testing.T) {
	for _, name := range []string{"truck", "heavy truck", "convoy", "car", "rail"} {
		p, err := Ready(name)
		if err != nil || p.Name != name || p.Validate() != nil {
			t.Errorf("%s: %q, %v, %v", name, p.Name, err, p.Validate())
		}
	}
	if _, err := Ready("tank"); !errors.Is(err, input.ErrUnknown) || !strings.Contains(err.Error(), `"heavy truck"`) {
		t.Errorf("error %v, want ErrUnknown and the names", err)
	}
}

func TestReadProfile(t *testing.T) {
	p, err := ReadProfile(strings.NewReader(`{
		"base": "truck", "name": "fuel truck", "speeds_kmh": {"track": 0, "primary": 36}, "surfaces_kmh": {"earth": 0},
		"posted_share": 0.5, "top_kmh": 72, "access_kmh": 18, "night": 0.25, "vehicle": "exempt", "private": true,
		"weight_t": 26, "axle_load_t": 9, "height_m": 3.6, "width_m": 2.5, "length_m": 9, "hazmat": true, "tolls": false,
		"boarding_min": 10, "border_min": 0, "gauges_mm": [1520], "electric": true}`), "x.json")
	if err != nil {
		t.Fatal(err)
	}
	want := Truck()
	want.Name = "fuel truck"
	delete(want.Speed, Track)
	want.Speed[Primary] = 10
	want.Surface[Earth] = 0
	want.PostedShare, want.Top, want.Access, want.Night = 0.5, 20, 5, 0.25
	want.Vehicle, want.Private = ExemptVehicle, true
	want.Weight, want.AxleLoad, want.Height, want.Width, want.Length = 26, 9, 3.6, 2.5, 9
	want.Hazmat, want.NoTolls, want.Electric = true, true, true
	want.Boarding, want.Border = 10*time.Minute, 0
	want.Gauges = []int{1520}
	// Every field is overridden here; a new one is to be added.
	v, base := reflect.ValueOf(want), reflect.ValueOf(Truck())
	for i := range v.NumField() {
		if reflect.DeepEqual(v.Field(i).Interface(), base.Field(i).Interface()) {
			t.Errorf("field %s is not overridden", v.Type().Field(i).Name)
		}
	}
	for _, speeds := range []*Speed{&p.Top, &p.Access} {
		*speeds = Speed(math.Round(float64(*speeds)*1e9) / 1e9)
	}
	p.Speed[Primary] = Speed(math.Round(float64(p.Speed[Primary])*1e9) / 1e9)
	if !reflect.DeepEqual(p, want) {
		t.Errorf("got %+v\nwant %+v", p, want)
	}
	if p, err = ReadProfile(strings.NewReader(`{"base": "convoy", "by_night": true}`), "x.json"); err != nil || math.Abs(p.Speed[Primary].KilometersPerHour()-8) > 1e-9 {
		t.Errorf("by night %v, error %v", p.Speed[Primary], err)
	}
}

func TestReadProfileProblems(t *testing.T) {
	for name, c := range map[string]struct {
		text string
		want error
	}{
		"no JSON":         {`{`, input.ErrSyntax},
		"unknown key":     {`{"speed": 3}`, input.ErrUnknownKey},
		"no speed":        {`{"name": "x", "access_kmh": 5}`, ErrProfile},
		"no base":         {`{"base": "tank"}`, input.ErrUnknown},
		"no class":        {`{"base": "truck", "speeds_kmh": {"path": 3}}`, input.ErrUnknown},
		"no surface":      {`{"base": "truck", "surfaces_kmh": {"mud": 3}}`, input.ErrUnknown},
		"no vehicle":      {`{"base": "truck", "vehicle": "tank"}`, input.ErrUnknown},
		"negative speed":  {`{"base": "truck", "speeds_kmh": {"track": -1}}`, ErrProfile},
		"negative weight": {`{"base": "truck", "weight_t": -1}`, ErrProfile},
		"negative wait":   {`{"base": "truck", "border_min": -1}`, ErrProfile},
		"endless wait":    {`{"base": "truck", "border_min": 1e9}`, ErrProfile},
		"no access":       {`{"base": "truck", "access_kmh": 0}`, ErrProfile},
	} {
		if _, err := ReadProfile(strings.NewReader(c.text), "x.json"); !errors.Is(err, c.want) || !strings.HasPrefix(err.Error(), "x.json:") {
			t.Errorf("%s: error %v, want %v", name, err, c.want)
		}
	}
}

func FuzzReadProfile(f *testing.F) {
	f.Add([]byte(`{"base": "truck", "speeds_kmh": {"track": 0}, "surfaces_kmh": {"earth": 3}, "border_min": 1e3, "gauges_mm": [1520], "by_night": true}`))
	f.Add([]byte(`{"name": "x", "speeds_kmh": {"rail": 1e300}, "access_kmh": 1}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		p, err := ReadProfile(bytes.NewReader(data), "x")
		if err == nil {
			err = p.Validate()
		} else if !reflect.DeepEqual(p, Profile{}) {
			t.Fatalf("profile %+v with error %v", p, err)
		} else {
			return
		}
		if err != nil {
			t.Fatalf("read and not valid: %v", err)
		}
	})
}
