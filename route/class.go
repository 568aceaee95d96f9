package route

import (
	"fmt"

	"github.com/hubplan/hubplan/geo/input"
)

// Class is the kind of an edge. The road classes are those of OpenStreetMap's
// highway key, from the widest to the narrowest.
type Class uint8

// The classes of edges.
const (
	Motorway Class = iota
	Trunk
	Primary
	Secondary
	Tertiary
	Unclassified
	Residential
	Service
	Track
	Ferry
	Rail

	classes = iota
)

var classNames = [classes]string{
	"motorway", "trunk", "primary", "secondary", "tertiary",
	"unclassified", "residential", "service", "track", "ferry", "rail",
}

// String returns the name of the class, "motorway" to "rail".
func (c Class) String() string {
	if int(c) < len(classNames) {
		return classNames[c]
	}
	return fmt.Sprintf("class %d", c)
}

// ParseClass returns the class of a name, or an error that wraps [input.ErrUnknown].
func ParseClass(name string) (Class, error) {
	for c, n := range classNames {
		if n == name {
			return Class(c), nil
		}
	}
	return 0, input.Errorf(input.ErrUnknown, "unknown class %q", name)
}

// MarshalText writes the name of the class.
func (c Class) MarshalText() ([]byte, error) {
	if int(c) >= len(classNames) {
		return nil, input.Errorf(input.ErrUnknown, "unknown class %d", c)
	}
	return []byte(classNames[c]), nil
}

// UnmarshalText reads the name of a class.
func (c *Class) UnmarshalText(text []byte) (err error) {
	*c, err = ParseClass(string(text))
	return err
}
