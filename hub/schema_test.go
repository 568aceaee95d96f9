package hub

import (
	"encoding"
	"encoding/json"
	"fmt"
	"io/fs"
	"maps"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/hubplan/hubplan/testdata/ukraine"
)

// The schema that editors use to complete and check a scenario must say what the
// Go types say: the same keys, the same required ones, the same kinds of values.
func TestSchemaFitsSettings(t *testing.T) {
	text, err := fs.ReadFile(ukraine.Files, "scenario.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	var schema map[string]any
	if err := json.Unmarshal(text, &schema); err != nil {
		t.Fatal(err)
	}
	for _, difference := range compareSchema(schema, reflect.TypeFor[Settings](), "scenario") {
		t.Error(difference)
	}
}

// compareSchema lists where a JSON Schema and a Go type differ.
func compareSchema(schema map[string]any, t reflect.Type, path string) (differences []string) {
	differ := func(format string, args ...any) {
		differences = append(differences, path+": "+fmt.Sprintf(format, args...))
	}
	kind := ""
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	switch {
	case t.Kind() == reflect.Bool:
		kind = "boolean"
	case reflect.PointerTo(t).Implements(reflect.TypeFor[encoding.TextUnmarshaler]()):
		kind = "string"
		values, _ := schema["enum"].([]any)
		if len(values) == 0 {
			differ("no enum for %v", t)
		}
		for i, v := range values {
			back := reflect.New(t)
			if err := back.Interface().(encoding.TextUnmarshaler).UnmarshalText([]byte(fmt.Sprint(v))); err != nil {
				differ("%v", err)
			} else if back.Elem().Uint() != uint64(i) {
				differ("%v is value %d of %v and %d of the enum", v, back.Elem().Uint(), t, i)
			}
		}
		if err := reflect.New(t).Interface().(encoding.TextUnmarshaler).UnmarshalText([]byte("no such name")); err == nil {
			differ("%v takes any name", t)
		}
	case t.Kind() == reflect.String:
		kind = "string"
	case t.Kind() == reflect.Int:
		kind = "integer"
	case t.Kind() == reflect.Float64:
		kind = "number"
	case t.Kind() == reflect.Slice:
		kind = "array"
		items, _ := schema["items"].(map[string]any)
		differences = append(differences, compareSchema(items, t.Elem(), path+"[]")...)
	case t.Kind() == reflect.Map:
		kind = "object"
		values, _ := schema["additionalProperties"].(map[string]any)
		differences = append(differences, compareSchema(values, t.Elem(), path+".*")...)
	case t.Kind() == reflect.Struct:
		kind = "object"
		if schema["additionalProperties"] != false {
			differ("unknown keys are allowed")
		}
		properties, _ := schema["properties"].(map[string]any)
		var names, required []string
		for _, field := range reflect.VisibleFields(t) {
			if field.Anonymous {
				continue // its own fields come too
			}
			name, options, _ := strings.Cut(field.Tag.Get("json"), ",")
			names = append(names, name)
			if options != "omitempty" {
				required = append(required, name)
			}
			property, _ := properties[name].(map[string]any)
			differences = append(differences, compareSchema(property, field.Type, path+"."+name)...)
		}
		if got := slices.Sorted(maps.Keys(properties)); !slices.Equal(got, slices.Sorted(slices.Values(names))) {
			differ("properties %v, fields %v", got, names)
		}
		if got := fmt.Sprint(schema["required"]); got != fmt.Sprint(required) {
			differ("required %v, fields without omitempty %v", got, required)
		}
	}
	if schema["type"] != kind {
		differ("type %v, want %q for %v", schema["type"], kind, t)
	}
	return differences
}

func TestCompareSchemaSeesDifferences(t *testing.T) {
	type inner struct {
		A int    `json:"a"`
		B string `json:"b,omitempty"`
	}
	const good = `{"type":"object","additionalProperties":false,"required":["a"],"properties":{"a":{"type":"integer"},"b":{"type":"string"}}}`
	for _, c := range []struct{ old, new string }{
		{"", ""},
		{`"additionalProperties":false,`, ``},
		{`["a"]`, `["a","b"]`},
		{`"integer"`, `"number"`},
		{`,"b":{"type":"string"}`, ``},
		{`"b":`, `"c":`},
	} {
		var schema map[string]any
		if err := json.Unmarshal([]byte(strings.Replace(good, c.old, c.new, 1)), &schema); err != nil {
			t.Fatal(err)
		}
		if got := compareSchema(schema, reflect.TypeFor[inner](), "x"); (len(got) == 0) != (c.old == c.new) {
			t.Errorf("with %q for %q: %v", c.new, c.old, got)
		}
	}
}
