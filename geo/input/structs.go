package input

import (
	"reflect"
	"slices"
	"strings"
)

// fields returns the fields of a struct by JSON name as encoding/json finds
// them, except that names must match to the letter: of the fields of one name, the one least deeply embedded counts, then
// the one whose name is from a tag; if several are left, none does.
//
// Written out here because encoding/json keeps its own list to itself, and
// without it keys could not be told apart before decoding. The lists of a
// document's types are kept.
func (w *walker) fields(t reflect.Type) map[string]reflect.StructField {
	if fields, ok := w.structs[t]; ok {
		return fields
	}
	// Go down level by level: first the fields of t itself, then those of the
	// structs it embeds, then those of the structs they embed.
	fields := make(map[string]reflect.StructField)
	done := make(map[string]bool) // names settled at a lesser depth
	visited := map[reflect.Type]bool{t: true}
	for level := []reflect.Type{t}; len(level) > 0; {
		var next []reflect.Type
		count := make(map[string]int) // fields of a name at this depth
		tagged := make(map[string]int)
		for _, s := range level {
			for i := range s.NumField() {
				f := s.Field(i)
				name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
				if f.Tag.Get("json") == "-" {
					continue
				}
				inner := embedded(f)
				// An embedded struct with a name of its own is a field like
				// any other. One that embeds itself must not go on for ever.
				if inner != nil && name == "" {
					if !visited[inner] {
						visited[inner] = true
						next = append(next, inner)
					}
					continue
				}
				// encoding/json reaches into embedded structs whose type is
				// not exported, but not into other fields.
				if !f.IsExported() && inner == nil {
					continue
				}
				isTagged := name != ""
				if !isTagged {
					name = f.Name
				}
				if done[name] {
					continue
				}
				count[name]++
				if isTagged {
					tagged[name]++
				}
				if isTagged || count[name] == 1 {
					fields[name] = f
				}
			}
		}
		// What is settled here hides the same name further down, even if
		// it is ambiguous and so no field at all.
		for name, n := range count {
			done[name] = true
			if n > 1 && tagged[name] != 1 {
				delete(fields, name)
			}
		}
		level = next
	}
	w.structs[t] = fields
	return fields
}

// embedded returns the struct type whose fields f promotes, or nil: f must be
// a struct, or a pointer to one, without a field name.
func embedded(f reflect.StructField) reflect.Type {
	if !f.Anonymous {
		return nil
	}
	t := f.Type
	if t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	if t.Kind() != reflect.Struct {
		return nil
	}
	return t
}

// quoted reports whether the tag of f asks for the value within text, and the
// type is one of those the option applies to: truth values, numbers and text.
func quoted(f reflect.StructField) bool {
	t := f.Type
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	if t.Kind() > reflect.Float64 && t.Kind() != reflect.String {
		return false
	}
	_, options, _ := strings.Cut(f.Tag.Get("json"), ",")
	return slices.Contains(strings.Split(options, ","), "string")
}
