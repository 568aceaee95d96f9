package route

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
	Railway
	Transfer // between modes, in a terminal

	classes = iota
)

var classNames = [classes]string{
	"motorway", "trunk", "primary", "secondary", "tertiary",
	"unclassified", "residential", "service", "track", "ferry", "rail", "transfer",
}

// String returns the name of the class, "motorway" to "transfer".
func (c Class) String() string { return nameOf("class", classNames[:], c) }

// ParseClass returns the class of a name, or an error that wraps [input.ErrUnknown].
func ParseClass(name string) (Class, error) { return parseName[Class]("class", classNames[:], name) }

// MarshalText writes the name of the class.
func (c Class) MarshalText() ([]byte, error) { return marshalName("class", classNames[:], c) }

// UnmarshalText reads the name of a class.
func (c *Class) UnmarshalText(text []byte) (err error) {
	*c, err = ParseClass(string(text))
	return err
}
