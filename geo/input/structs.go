package input

import (
	"reflect"
	"strings"
)

// fields returns the fields of a struct by JSON name as encoding/json finds
// them: of the fields of one name, the one least deeply embedded counts, then
// the one whose name is from a tag; if several are left, none does.
func (w *walker) fields(t reflect.Type) map[string]reflect.StructField {
	if fields, ok := w.structs[t]; ok {
		return fields
	}
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
				if inner := embedded(f); inner != nil && name == "" {
					if !visited[inner] {
						visited[inner] = true
						next = append(next, inner)
					}
					continue
				}
				if !f.IsExported() {
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

// embedded returns the struct type whose fields f promotes, or nil.
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

// quoted reports whether the tag of f asks for the value within a string.
func quoted(f reflect.StructField) bool {
	_, options, _ := strings.Cut(f.Tag.Get("json"), ",")
	for option := range strings.SplitSeq(options, ",") {
		if option == "string" {
			return true
		}
	}
	return false
}
