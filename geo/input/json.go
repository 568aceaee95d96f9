package input

import (
	"encoding"
	"encoding/json"
	"errors"
	"io"
	"reflect"
	"strconv"
	"strings"
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
// problems. The keys tell where the values stand, for problems that only the
// caller can find.
func JSON(r io.Reader, file string, v any, p *Problems) *Keys {
	d := readDocument(r, file, p)
	if d == nil {
		return &Keys{document: &document{file: file, p: p}}
	}
	before := p.Len()
	w := &walker{document: d, cursor: cursor{data: d.data}, places: make(map[string]int), structs: make(map[reflect.Type]map[string]reflect.StructField)}
	w.value(reflect.TypeOf(v).Elem(), "")
	keys := &Keys{document: d, places: w.places}
	if p.Len() > before {
		return keys
	}
	if err := json.Unmarshal(d.data, v); err != nil {
		// Not the fault of the file, but of a type that nothing can be decoded
		// into, such as an interface with methods.
		d.fail(0, "", Errorf(ErrFormat, "%v", err))
	}
	return keys
}

// Keys is where the values of a JSON file stand.
type Keys struct {
	document *document
	places   map[string]int // offsets by path of keys
}

// Fail adds a problem at the value that a path of keys leads to, such as
// "sites[3].lon". If the file has no such value, the problem stands at the
// nearest object or list round the place where it would be.
func (k *Keys) Fail(path string, err error) {
	at, ok := k.places[path]
	for around := path; !ok && around != ""; at, ok = k.places[around] {
		around = around[:max(0, strings.LastIndexAny(around, ".["))]
	}
	if !ok {
		k.document.p.Add(&Error{File: k.document.file, Field: path, Err: err})
		return
	}
	k.document.fail(at, path, err)
}

// walker checks a document against Go types before encoding/json decodes it,
// because encoding/json gives no positions, stops at the first problem, and
// lets repeated keys, null for anything and the wrong letter case pass.
//
// It goes down the text and the types together. Where a type decodes itself or
// is a plain value, it is a leaf: the text of the value is given to
// encoding/json alone, and an error becomes one of the value's position.
// Whatever passes here, encoding/json accepts.
type walker struct {
	*document
	cursor
	places  map[string]int // offset of each value passed, by path
	structs map[reflect.Type]map[string]reflect.StructField
}

// decodesJSON reports whether a variable of the type has UnmarshalJSON.
func decodesJSON(t reflect.Type) bool {
	return reflect.PointerTo(t).Implements(reflect.TypeFor[json.Unmarshaler]())
}

// decodesText reports whether a variable of the type has UnmarshalText.
func decodesText(t reflect.Type) bool {
	return reflect.PointerTo(t).Implements(reflect.TypeFor[encoding.TextUnmarshaler]())
}

// value checks the value that comes against a type; path is the keys that
// lead to it, as in "sites[3].lon".
func (w *walker) value(t reflect.Type, path string) {
	first := w.kind()
	w.places[path] = w.at
	for t.Kind() == reflect.Pointer {
		if first == 'n' {
			w.skip() // a nil pointer, whatever methods it has
			return
		}
		t = t.Elem()
	}
	if decodesJSON(t) || decodesText(t) {
		w.leaf(t, path)
		return
	}

	// What is left has no say in how it is decoded.
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

// object checks the members of a struct. None is required: what the file
// leaves out keeps its default, and what must be there is for the caller to
// say.
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
			w.quoted(f.Type, join(path, m.key))
		default:
			w.value(f.Type, join(path, m.key))
		}
	})
}

// mapping checks keys and values of a map, whose keys may be text, whole
// numbers or of a type that decodes itself from text.
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
		// encoding/json has no function that decodes a key alone. A map of one
		// key with no value shows whether the key will do.
		probe, _ := json.Marshal(map[string]any{m.key: nil})
		of := reflect.MapOf(t.Key(), reflect.TypeFor[any]())
		if err := json.Unmarshal(probe, reflect.New(of).Interface()); err != nil {
			w.fail(m.at, join(path, m.key), w.cause(err, []byte(strconv.Quote(m.key)), t.Key()))
			return
		}
		w.value(t.Elem(), join(path, m.key))
	})
}

// list checks the elements of a slice or array. An array takes exactly as many
// as it has; encoding/json would fill up with zeros or drop the rest.
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
// that appear again, with the place of the first. Keys are compared after
// their escapes are resolved.
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
	// encoding/json leaves a value alone if the file says null. Only a type
	// with its own UnmarshalJSON can have a meaning for it.
	if err == nil && first == 'n' && !decodesJSON(t) {
		err = Errorf(ErrFormat, "null where %s is wanted", typeName(t))
	}
	if err != nil {
		w.fail(at, path, w.cause(err, raw, t))
	}
}

// quoted checks a value that is written within text, as the string option of
// a struct tag asks for.
func (w *walker) quoted(t reflect.Type, path string) {
	first := w.kind()
	w.places[path] = w.at
	for t.Kind() == reflect.Pointer {
		if first == 'n' {
			w.skip()
			return
		}
		t = t.Elem()
	}
	if first != '"' {
		w.mismatch(path, first, typeName(t)+" in quotation marks")
		return
	}
	at := w.at
	text := w.text()
	err := json.Unmarshal([]byte(text), reflect.New(t).Interface())
	if err != nil || text == "null" {
		w.fail(at, path, Errorf(ErrFormat, "%s where %s in quotation marks is wanted", quote(text), typeName(t)))
	}
}

// mismatch reports and skips a value of the wrong kind.
func (w *walker) mismatch(path string, first byte, want string) {
	w.fail(w.at, path, Errorf(ErrFormat, "%s where %s is wanted", kindName(first), want))
	w.skip()
}

// cause puts an error of encoding/json about a value of type t, whose text is
// raw, into words for the person who keeps the file. Errors of types that
// decode themselves stay as they are if they say what kind of problem they
// are, and are of the wrong format if not.
func (w *walker) cause(err error, raw []byte, t reflect.Type) error {
	var te *json.UnmarshalTypeError
	switch {
	case isKnown(err):
		return err
	case decodesJSON(t) || !errors.As(err, &te):
		return Errorf(ErrFormat, "%v", err)
	}
	wanted := typeName(t)
	if kindName(raw[0]) != "a number" || wanted != wholeNumber && wanted != anyNumber {
		return Errorf(ErrFormat, "%s where %s is wanted", kindName(raw[0]), wanted)
	}
	// A number for a number: it has a fraction, or is too large.
	_, bad := strconv.ParseInt(string(raw), 10, 64)
	if wanted == wholeNumber && errors.Is(bad, strconv.ErrSyntax) {
		return Errorf(ErrFormat, "%s is not a whole number", shorten(string(raw)))
	}
	return Errorf(ErrRange, "%s out of range", shorten(string(raw)))
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

// What types take, in words.
const (
	trueOrFalse = "true or false"
	wholeNumber = "a whole number"
	anyNumber   = "a number"
)

// typeName names what JSON value a leaf type takes, with article.
func typeName(t reflect.Type) string {
	if decodesText(t) {
		return "text"
	}
	switch t.Kind() {
	case reflect.Bool:
		return trueOrFalse
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
