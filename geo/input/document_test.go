package input

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// drawValue draws what encoding/json decodes JSON to.
func drawValue(t *rapid.T, depth int) any {
	kinds := 7
	if depth == 0 {
		kinds = 5
	}
	switch rapid.IntRange(0, kinds-1).Draw(t, "kind") {
	case 0:
		return nil
	case 1:
		return rapid.Bool().Draw(t, "bool")
	case 2:
		return rapid.Float64().Draw(t, "number")
	case 3:
		return rapid.StringOf(rapid.SampledFrom([]rune(`a"\{}[],: їé😀`+"\n\t\x01"))).Draw(t, "text")
	case 4:
		return rapid.SampledFrom([]any{map[string]any{}, []any{}}).Draw(t, "empty")
	case 5:
		list := []any{}
		for range rapid.IntRange(1, 3).Draw(t, "elements") {
			list = append(list, drawValue(t, depth-1))
		}
		return list
	}
	object := map[string]any{}
	for range rapid.IntRange(1, 3).Draw(t, "members") {
		object[rapid.StringOf(rapid.SampledFrom([]rune(`ab"\ї{`))).Draw(t, "key")] = drawValue(t, depth-1)
	}
	return object
}

// drawText draws a value and its text, with space strewn in by encoding/json
// and, at its ends, by us.
func drawText(t *rapid.T) (any, []byte) {
	v := drawValue(t, 4)
	data, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	b.WriteString(rapid.SampledFrom([]string{"", " ", "\n\t\r "}).Draw(t, "before"))
	if rapid.Bool().Draw(t, "indented") {
		json.Indent(&b, data, "\r", " \t")
	} else {
		b.Write(data)
	}
	b.WriteString(rapid.SampledFrom([]string{"", " ", "\n\t\r "}).Draw(t, "after"))
	return v, b.Bytes()
}

// decode builds the value that comes with the cursor's methods alone.
func decode(t *rapid.T, c *cursor) any {
	switch k := c.kind(); k {
	case '{':
		object := map[string]any{}
		for m := range c.members() {
			if c.data[m.at] != '"' {
				t.Errorf("the key %q is at %q", m.key, c.data[m.at:])
			}
			object[m.key] = decode(t, c)
		}
		return object
	case '[':
		list := []any{}
		for i := range c.elements() {
			if i != len(list) {
				t.Errorf("element %d comes as %d", len(list), i)
			}
			list = append(list, decode(t, c))
		}
		return list
	case '"':
		return c.text()
	}
	var v any
	if err := json.Unmarshal(c.literal(), &v); err != nil {
		t.Error(err)
	}
	return v
}

// TestCursor decodes random documents and expects what encoding/json finds.
func TestCursor(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		_, data := drawText(t)
		var want any
		if err := json.Unmarshal(data, &want); err != nil {
			t.Fatal(err)
		}
		c := &cursor{data: data}
		if got := decode(t, c); !reflect.DeepEqual(got, want) {
			t.Errorf("%s\ngot  %v\nwant %v", data, got, want)
		}
		if rest := bytes.TrimSpace(data[c.at:]); len(rest) > 0 {
			t.Errorf("%s\nleft over: %s", data, rest)
		}
	})
}

// TestCursorSkips checks that values a loop does not read, or reads as a
// whole, are passed over exactly.
func TestCursorSkips(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		_, data := drawText(t)
		c := &cursor{data: data}
		if got, want := c.skip(), bytes.TrimSpace(data); !bytes.Equal(got, want) {
			t.Fatalf("skipped %q, want %q", got, want)
		}
		c = &cursor{data: data}
		switch c.kind() {
		case '{':
			var want map[string]json.RawMessage
			if err := json.Unmarshal(data, &want); err != nil {
				t.Fatal(err)
			}
			got := make(map[string]json.RawMessage)
			keys := 0
			for m := range c.members() {
				if keys++; keys%2 == 0 {
					got[m.key] = c.skip()
				} else {
					got[m.key] = want[m.key] // not read at all
				}
			}
			if keys != len(want) || !maps.EqualFunc(got, want, func(a, b json.RawMessage) bool { return bytes.Equal(a, b) }) {
				t.Errorf("%s\ngot  %q\nwant %q", data, got, want)
			}
		case '[':
			var want []json.RawMessage
			if err := json.Unmarshal(data, &want); err != nil {
				t.Fatal(err)
			}
			n := 0
			for i := range c.elements() {
				if n++; i%2 == 0 {
					if got := c.skip(); !bytes.Equal(got, want[i]) {
						t.Errorf("element %d is %q, want %q", i, got, want[i])
					}
				}
			}
			if n != len(want) {
				t.Errorf("%d elements, want %d", n, len(want))
			}
		}
	})
}

// TestPosition compares line and column of every byte with a count from the
// start.
func TestPosition(t *testing.T) {
	for _, text := range []string{"", "a", "\n", "a\nb", "\n\nab\r\n\nї\n"} {
		d := &document{data: []byte(text)}
		line, column := 1, 1
		for at := range len(text) + 1 {
			if l, c := d.position(at); l != line || c != column {
				t.Errorf("%q: byte %d is at %d:%d, want %d:%d", text, at, l, c, line, column)
			}
			column++
			if at < len(text) && text[at] == '\n' {
				line, column = line+1, 1
			}
		}
	}
}

func TestKindName(t *testing.T) {
	for text, want := range map[string]string{
		`{}`: "an object", `[]`: "a list", `""`: "text", `true`: "true", `false`: "false", `null`: "null",
		`0`: "a number", `-1`: "a number", `9e9`: "a number",
	} {
		if got := kindName(text[0]); got != want {
			t.Errorf("%s is %s, want %s", text, got, want)
		}
		var v any
		if err := json.Unmarshal([]byte(text), &v); err != nil {
			t.Fatal(err)
		}
		if got := valueName(v); v != nil && got != want {
			t.Errorf("the value of %s is %s, want %s", text, got, want)
		}
	}
}

// TestLargeFile reads a file of many features with many positions, the last of
// which is bad, and expects its number.
func TestLargeFile(t *testing.T) {
	const n = 2000
	line := `{"type": "Feature", "properties": {"class": "primary"}, "geometry": {"type": "LineString", "coordinates": [` +
		strings.Repeat("[30.123456, 50.654321],", 50) + `[%d, 50]]}}`
	features := strings.Repeat(fmt.Sprintf(line, 31)+",\n", n) + fmt.Sprintf(line, 181)
	var p Problems
	got := read(&p, features)
	if len(got) != n || text(&p) != fmt.Sprintf("f: feature %d: longitude 181 out of range", n+1) {
		t.Errorf("%d features; %s", len(got), text(&p))
	}
	ordinals := make([]int, n)
	for i := range got {
		ordinals[i] = got[i].Ordinal
	}
	if !slices.IsSorted(ordinals) || ordinals[n-1] != n {
		t.Errorf("the last of them is %d", ordinals[n-1])
	}
}
