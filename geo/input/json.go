package input

import (
	"encoding"
	"encoding/json"
	"errors"
	"io"
	"reflect"
	"strconv"
)

// JSON decodes a JSON file into v, a pointer to a struct, strictly. These are
// problems, each with line, column and path of keys: a key that the struct at
// that place does not have (names match exactly, case included), a key that
// appears twice, a value of the wrong kind, null for what cannot be nil, a
// number the Go type cannot hold, anything after the value, and whatever an
// UnmarshalJSON or UnmarshalText method of a type rejects.
//
// Struct tags mean what they mean to encoding/json. What v holds before
// serves as default, as with encoding/json; v is set only if there are no
// problems.
func JSON(r io.Reader, file string, v any, p *Problems) {
	d := readDocument(r, file, p)
	if d == nil {
		return
	}
	before := p.Len()
	w := &walker{document: d, cursor: cursor{data: d.data}, structs: make(map[reflect.Type]map[string]reflect.StructField)}
	w.value(reflect.TypeOf(v).Elem(), "")
	if p.Len() > before {
		return
	}
	if err := json.Unmarshal(d.data, v); err != nil {
		// Only what the walk leaves to encoding/json: the string option.
		at, field := 0, ""
		var te *json.UnmarshalTypeError
		if errors.As(err, &te) {
			at, field = int(te.Offset), te.Field
		}
		d.fail(at, field, Errorf(ErrFormat, "%v", err))
	}
}

// walker checks a document against Go types before encoding/json decodes it,
// because encoding/json gives no positions and lets repeated keys, null for
// anything and letter case pass.
type walker struct {
	*document
	cursor
	structs map[reflect.Type]map[string]reflect.StructField
}

var (
	jsonUnmarshaler = reflect.TypeFor[json.Unmarshaler]()
	textUnmarshaler = reflect.TypeFor[encoding.TextUnmarshaler]()
)

// value checks the value that comes against a type; path is the keys that
// lead to it.
func (w *walker) value(t reflect.Type, path string) {
	first := w.kind()
	for t.Kind() == reflect.Pointer && !t.Implements(jsonUnmarshaler) && !t.Implements(textUnmarshaler) {
		if first == 'n' {
			w.skip()
			return
		}
		t = t.Elem()
	}
	if p := reflect.PointerTo(t); p.Implements(jsonUnmarshaler) || p.Implements(textUnmarshaler) {
		w.leaf(t, path)
		return
	}
	switch t.Kind() {
	case reflect.Struct:
		w.object(t, path)
	case reflect.Map:
		w.mapping(t, path)
	case reflect.Slice, reflect.Array:
		if t.Kind() == reflect.Slice && t.Elem().Kind() == reflect.Uint8 && first == '"' {
			w.leaf(t, path) // base64
			return
		}
		w.list(t, path)
	case reflect.Interface:
		w.untyped(path)
	default:
		w.leaf(t, path)
	}
}

// object checks the members of a struct.
func (w *walker) object(t reflect.Type, path string) {
	if first := w.kind(); first != '{' {
		w.mismatch(path, first, "an object")
		return
	}
	fields := w.fields(t)
	w.unique(path, func(m member) {
		f, ok := fields[m.key]
		switch {
		case !ok:
			key := join(path, m.key)
			w.fail(m.at, key, Errorf(ErrUnknownKey, "unknown key %q", key))
		case quoted(f):
			// encoding/json looks into the text when it decodes.
		default:
			w.value(f.Type, join(path, m.key))
		}
	})
}

// mapping checks keys and values of a map.
func (w *walker) mapping(t reflect.Type, path string) {
	switch first := w.kind(); first {
	case '{':
	case 'n':
		w.skip()
		return
	default:
		w.mismatch(path, first, "an object")
		return
	}
	w.unique(path, func(m member) {
		// A map of one key with no value shows whether the key will do.
		probe, _ := json.Marshal(map[string]any{m.key: nil})
		of := reflect.MapOf(t.Key(), reflect.TypeFor[any]())
		if err := json.Unmarshal(probe, reflect.New(of).Interface()); err != nil {
			w.fail(m.at, join(path, m.key), w.cause(err, []byte(strconv.Quote(m.key)), t.Key()))
			return
		}
		w.value(t.Elem(), join(path, m.key))
	})
}

// list checks the elements of a slice or array.
func (w *walker) list(t reflect.Type, path string) {
	first := w.kind()
	if first == 'n' && t.Kind() == reflect.Slice {
		w.skip()
		return
	}
	if first != '[' {
		w.mismatch(path, first, "a list")
		return
	}
	start, n := w.at, 0
	for i := range w.elements() {
		w.value(t.Elem(), path+"["+strconv.Itoa(i)+"]")
		n++
	}
	if t.Kind() == reflect.Array && n != t.Len() {
		w.fail(start, path, Errorf(ErrFormat, "list of %d, want %d", n, t.Len()))
	}
}

// untyped checks a value of unknown type for repeated keys and for numbers
// that no float64 holds.
func (w *walker) untyped(path string) {
	switch w.kind() {
	case '{':
		w.unique(path, func(m member) { w.untyped(join(path, m.key)) })
	case '[':
		for i := range w.elements() {
			w.untyped(path + "[" + strconv.Itoa(i) + "]")
		}
	case '"', 't', 'f', 'n':
		w.skip()
	default:
		at := w.at
		raw := string(w.literal())
		if _, err := strconv.ParseFloat(raw, 64); err != nil {
			w.fail(at, path, Errorf(ErrRange, "%s out of range", shorten(raw)))
		}
	}
}

// unique calls f for each member of the object that comes and reports keys
// that appear again.
func (w *walker) unique(path string, f func(m member)) {
	seen := make(map[string]int)
	for m := range w.members() {
		if at, ok := seen[m.key]; ok {
			line, column := w.position(at)
			w.fail(m.at, join(path, m.key), Errorf(ErrDuplicate, "key appears twice, first at %d:%d", line, column))
			continue
		}
		seen[m.key] = m.at
		f(m)
	}
}

// leaf decodes the value that comes on its own and reports what is wrong.
func (w *walker) leaf(t reflect.Type, path string) {
	first := w.kind()
	at := w.at
	raw := w.skip()
	p := reflect.New(t)
	err := json.Unmarshal(raw, p.Interface())
	if err == nil && first == 'n' && !p.Type().Implements(jsonUnmarshaler) {
		err = Errorf(ErrFormat, "null where %s is wanted", typeName(t))
	}
	if err != nil {
		w.fail(at, path, w.cause(err, raw, t))
	}
}

// mismatch reports and skips a value of the wrong kind.
func (w *walker) mismatch(path string, first byte, want string) {
	w.fail(w.at, path, Errorf(ErrFormat, "%s where %s is wanted", kindName(first), want))
	w.skip()
}

// cause puts an error of encoding/json about a value of type t into our
// words. Errors of unmarshalling methods stay as they are if they say what
// kind of problem they are, and are of the wrong format if not.
func (w *walker) cause(err error, raw []byte, t reflect.Type) error {
	var te *json.UnmarshalTypeError
	switch {
	case errors.As(err, &te):
		wanted := typeName(t)
		if kindName(raw[0]) != "a number" || wanted != wholeNumber && wanted != anyNumber {
			return Errorf(ErrFormat, "%s where %s is wanted", kindName(raw[0]), wanted)
		}
		_, bad := strconv.ParseInt(string(raw), 10, 64)
		if wanted == wholeNumber && errors.Is(bad, strconv.ErrSyntax) {
			return Errorf(ErrFormat, "%s is not a whole number", shorten(string(raw)))
		}
		return Errorf(ErrRange, "%s out of range", shorten(string(raw)))
	case isKnown(err):
		return err
	}
	return Errorf(ErrFormat, "%v", err)
}

// isKnown reports whether err wraps one of this package's errors.
func isKnown(err error) bool {
	for _, kind := range []error{ErrSyntax, ErrMissing, ErrRange, ErrDuplicate, ErrUnknown, ErrUnknownKey, ErrGeometry, ErrFormat} {
		if errors.Is(err, kind) {
			return true
		}
	}
	return false
}

// What a number type takes, in words.
const (
	wholeNumber = "a whole number"
	anyNumber   = "a number"
)

// typeName names what JSON value a leaf type takes, with article.
func typeName(t reflect.Type) string {
	if reflect.PointerTo(t).Implements(textUnmarshaler) {
		return "text"
	}
	switch t.Kind() {
	case reflect.Bool:
		return "true or false"
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64,
		reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64, reflect.Uintptr:
		return wholeNumber
	case reflect.Float32, reflect.Float64:
		return anyNumber
	}
	return "text"
}

// join adds a key to a path.
func join(path, key string) string {
	if path == "" {
		return key
	}
	return path + "." + key
}
