package route

import (
	"fmt"
	"slices"
	"strconv"
)

// Rule is what keeps a vehicle from an edge.
type Rule uint8

// The rules, in the order in which they are looked at.
const (
	ByClass Rule = iota // the profile has no speed for the class
	BySurface
	ByOneWay
	ByPermission // closed or private
	ByWeight
	ByAxleLoad
	ByHeight
	ByWidth
	ByLength
	ByHazmat
	ByToll
	ByGauge
	ByPower // not electrified

	rules = iota
)

var ruleNames = [rules]string{
	"class", "surface", "one-way", "permission", "weight", "axle load", "height", "width", "length", "hazmat", "toll", "gauge", "power",
}

// String returns the name of the rule, "class" to "power".
func (r Rule) String() string { return nameOf("rule", ruleNames[:], r) }

// MarshalText writes the name of the rule.
func (r Rule) MarshalText() ([]byte, error) { return marshalName("rule", ruleNames[:], r) }

// Forbidden is the error that says why a profile may not use an edge.
type Forbidden struct {
	Rule   Rule
	Reason string // "weight limit 7.5 t, the vehicle has 18 t"
}

// Error returns the reason.
func (f *Forbidden) Error() string { return f.Reason }

// permission is what the signs of an edge say to the profile's vehicle.
func (p *Profile) permission(a *Attributes) Permission {
	var s Permission
	switch p.Vehicle {
	case GoodsVehicle:
		s = a.Goods
	case CarVehicle:
		s = a.Cars
	}
	if s == Private && p.Private {
		return Open
	}
	return s
}

// forbids returns a *Forbidden if the profile may not use edges of a class and
// attributes, else nil.
func (p *Profile) forbids(c Class, a *Attributes) error {
	no := func(r Rule, format string, args ...any) error {
		return &Forbidden{r, fmt.Sprintf(format, args...)}
	}
	if _, ok := p.Speed[c]; !ok {
		return no(ByClass, "%s has no speed on %v", p.Name, c)
	}
	if s, ok := p.Surface[a.Surface]; ok && s == 0 {
		return no(BySurface, "%s does not use surface %v", p.Name, a.Surface)
	}
	if s := p.permission(a); s == Closed || s == Private {
		return no(ByPermission, "%v to %v vehicles", s, p.Vehicle)
	}
	for _, x := range [...]struct {
		rule       Rule
		limit, has float64
		unit       string
	}{
		{ByWeight, float64(a.MaxWeight), float64(p.Weight), "t"},
		{ByAxleLoad, float64(a.MaxAxleLoad), float64(p.AxleLoad), "t"},
		{ByHeight, float64(a.MaxHeight), float64(p.Height), "m"},
		{ByWidth, float64(a.MaxWidth), float64(p.Width), "m"},
		{ByLength, float64(a.MaxLength), float64(p.Length), "m"},
	} {
		if x.limit > 0 && x.has > x.limit {
			number := func(v float64) string { return strconv.FormatFloat(v, 'f', -1, 64) + " " + x.unit }
			return no(x.rule, "%v limit %s, the vehicle has %s", x.rule, number(x.limit), number(x.has))
		}
	}
	switch {
	case p.Hazmat && a.NoHazmat:
		return no(ByHazmat, "closed to dangerous goods")
	case p.NoTolls && a.Toll:
		return no(ByToll, "a toll is due")
	case c == Railway && len(p.Gauges) > 0 && a.Gauges[0] != 0 && !slices.ContainsFunc(p.Gauges, func(g int) bool {
		return g == int(a.Gauges[0]) || a.Gauges[1] != 0 && g == int(a.Gauges[1])
	}):
		return no(ByGauge, "track gauge %d mm, the train has %v", a.Gauges[0], p.Gauges)
	case c == Railway && p.Electric && !a.Electrified:
		return no(ByPower, "not known to be electrified")
	}
	return nil
}

// Forbids returns nil if the profile may travel an edge in the direction of a step,
// and otherwise a [*Forbidden] that says why not. An edge only for those who start
// or end there ([Destination]) is not forbidden.
func (p *Profile) Forbids(n *Network, s Step) error {
	e := s.Edge()
	if s.Backward() && n.one[e] {
		return &Forbidden{ByOneWay, "one-way against the direction"}
	}
	return p.forbids(n.class[e], n.attributes(s))
}

// attributes are those of an edge in the direction of a step.
func (n *Network) attributes(s Step) *Attributes {
	k := &n.kinds[n.kind[s.Edge()]]
	if s.Backward() {
		return &k.back
	}
	return &k.forth
}
