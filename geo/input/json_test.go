package input

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// scenario has a field of every kind the decoder knows.
type scenario struct {
	Schema  string  `json:"$schema"`
	Name    string  `json:"name"`
	Hubs    int     `json:"hubs"`
	Small   int8    `json:"small"`
	Count   uint    `json:"count"`
	Share   float64 `json:"share"`
	Half    float32 `json:"half"`
	On      bool    `json:"on"`
	Profile struct {
		Speeds map[string]float64 `json:"speeds_kmh"`
	} `json:"profile"`
	Sites   []site          `json:"sites"`
	Start   *site           `json:"start"`
	Pair    [2]int          `json:"pair"`
	Any     any             `json:"any"`
	Raw     json.RawMessage `json:"raw"`
	Day     hours           `json:"day"`
	Class   class           `json:"class"`
	Classes map[class]int   `json:"classes"`
	Years   map[int]string  `json:"years"`
	Bytes   []byte          `json:"bytes"`
	Quoted  int             `json:"quoted,string"`
	Plain   int
	Skipped int `json:"-"`
	common
	*extra
	Named common `json:"named"`
}

type site struct {
	ID  string  `json:"id"`
	Lon float64 `json:"lon"`
}

type common struct {
	Note string `json:"note"`
	Name int    `json:"name"` // hidden by scenario.Name
}

type extra struct {
	More int `json:"more"`
}

// hours decodes itself from "8h".
type hours float64

func (h *hours) UnmarshalJSON(data []byte) error {
	s, err := strconv.Unquote(string(data))
	if err != nil {
		return errors.New("no text")
	}
	x, err := strconv.ParseFloat(strings.TrimSuffix(s, "h"), 64)
	if x < 0 {
		return Errorf(ErrRange, "%s is negative", s)
	}
	*h = hours(x)
	return err
}

// class decodes itself from a name.
type class int

func (c *class) UnmarshalText(text []byte) error {
	i := slices.Index([]string{"primary", "secondary"}, string(text))
	if i < 0 {
		return Errorf(ErrUnknown, "unknown class %q", text)
	}
	*c = class(i + 1)
	return nil
}

func TestJSON(t *testing.T) {
	const in = "\ufeff" + `{"$schema": "s.json", "name": "a\"b", "hubs": 5, "small": -128, "count": 7, "share": 1e-3, "half": 0.5, "on": true,
		"profile": {"speeds_kmh": {"motorway": 90, "": 1}}, "sites": [{"id": "x", "lon": 30}, {}], "start": {"lon": 1}, "pair": [1, 2],
		"any": [null, {"a": {}}], "raw": {"k": [1]}, "day": "8h", "class": "secondary", "classes": {"primary": 3}, "years": {"2026": "y"},
		"bytes": "aGk=", "quoted": "12", "Plain": 1, "note": "n", "named": {"note": "m", "name": 4}}`
	got := scenario{Hubs: 1, Skipped: 9}
	var p Problems
	JSON(strings.NewReader(in), "s", &got, &p)
	if p.Len() > 0 {
		t.Fatal(p.Err())
	}
	want := scenario{Skipped: 9}
	if err := json.Unmarshal([]byte(strings.TrimPrefix(in, "\ufeff")), &want); err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v, want %+v", got, want)
	}
	if got.Day != 8 || got.Class != 2 || got.Classes[1] != 3 {
		t.Errorf("types that decode themselves: %v %v %v", got.Day, got.Class, got.Classes)
	}
}

// TestJSONDefaults checks that a file says only what differs, and that null
// stands for nothing where there can be nothing.
func TestJSONDefaults(t *testing.T) {
	got := scenario{Name: "default", Hubs: 3, Start: &site{ID: "x"}}
	var p Problems
	JSON(strings.NewReader(`{"hubs": 4, "start": null, "sites": null, "any": null, "raw": null, "profile": {"speeds_kmh": null}}`), "s", &got, &p)
	if p.Len() > 0 || got.Name != "default" || got.Hubs != 4 || got.Start != nil {
		t.Errorf("got %+v; %s", got, text(&p))
	}
}

func TestJSONProblems(t *testing.T) {
	tests := []struct {
		name, in, want string
		kind           error
	}{
		{"empty", "", "s:1:1: unexpected end of JSON input", ErrSyntax},
		{"comma too many", "{\"hubs\": 1,\n}", "s:2:1: invalid character '}' looking for beginning of object key string", ErrSyntax},
		{"trailing data", "{}\n {}", "s:2:2: invalid character '{' after top-level value", ErrSyntax},
		{"comment", "{\n// none\n}", "s:2:1: invalid character '/' looking for beginning of object key string", ErrSyntax},
		{"list", `[]`, "s:1:1: a list where an object is wanted", ErrFormat},
		{"null", `null`, "s:1:1: null where an object is wanted", ErrFormat},
		{"unknown key", "{\n  \"forse\": {}}", `s:2:3: unknown key "forse"`, ErrUnknownKey},
		{"unknown key after ї", `{"name": "ї", "forse": 1}`, `s:1:16: unknown key "forse"`, ErrUnknownKey},
		{"unknown key within", `{"sites": [{}, {"id": "", "lat": 1}]}`, `s:1:27: unknown key "sites[1].lat"`, ErrUnknownKey},
		{"unknown key behind a pointer", `{"start": {"lat": 1}}`, `s:1:12: unknown key "start.lat"`, ErrUnknownKey},
		{"letter case", `{"Name": ""}`, `s:1:2: unknown key "Name"`, ErrUnknownKey},
		{"skipped field", `{"-": 1, "Skipped": 1}`, "s:1:2: unknown key \"-\"\ns:1:10: unknown key \"Skipped\"", ErrUnknownKey},
		{"embedded struct by name", `{"common": {}}`, `s:1:2: unknown key "common"`, ErrUnknownKey},
		{"twice", "{\"hubs\": 1,\n \"hubs\": 1}", "s:2:2: hubs: key appears twice, first at 1:2", ErrDuplicate},
		{"twice by another spelling", `{"hubs": 1, "h\u0075bs": 1}`, "s:1:13: hubs: key appears twice, first at 1:2", ErrDuplicate},
		{"twice in a map", `{"profile": {"speeds_kmh": {"a": 1, "a": 2}}}`, "s:1:37: profile.speeds_kmh.a: key appears twice, first at 1:29", ErrDuplicate},
		{"twice in anything", `{"any": [{"a": 1, "a": 2}]}`, "s:1:19: any[0].a: key appears twice, first at 1:11", ErrDuplicate},
		{"text for a number", `{"hubs": "5"}`, "s:1:10: hubs: text where a whole number is wanted", ErrFormat},
		{"text for a share", `{"share": "5"}`, "s:1:11: share: text where a number is wanted", ErrFormat},
		{"fraction", `{"hubs": 1.5}`, "s:1:10: hubs: 1.5 is not a whole number", ErrFormat},
		{"exponent", `{"hubs": 1e2}`, "s:1:10: hubs: 1e2 is not a whole number", ErrFormat},
		{"too large", `{"small": 300}`, "s:1:11: small: 300 out of range", ErrRange},
		{"too large for any", `{"hubs": 1234567890123456789012}`, "s:1:10: hubs: 1234567890123456789012 out of range", ErrRange},
		{"negative", `{"count": -1}`, "s:1:11: count: -1 out of range", ErrRange},
		{"too large for a float", `{"share": 1e999}`, "s:1:11: share: 1e999 out of range", ErrRange},
		{"too large for half", `{"half": 1e99}`, "s:1:10: half: 1e99 out of range", ErrRange},
		{"too large in anything", `{"any": 1e999}`, "s:1:9: any: 1e999 out of range", ErrRange},
		{"number for text", `{"name": 5}`, "s:1:10: name: a number where text is wanted", ErrFormat},
		{"number for a switch", `{"on": 1}`, "s:1:8: on: a number where true or false is wanted", ErrFormat},
		{"null for a number", `{"hubs": null}`, "s:1:10: hubs: null where a whole number is wanted", ErrFormat},
		{"null for a struct", `{"profile": null}`, "s:1:13: profile: null where an object is wanted", ErrFormat},
		{"null for an array", `{"pair": null}`, "s:1:10: pair: null where a list is wanted", ErrFormat},
		{"list for an object", `{"profile": []}`, "s:1:13: profile: a list where an object is wanted", ErrFormat},
		{"list for a map", `{"profile": {"speeds_kmh": [1]}}`, "s:1:28: profile.speeds_kmh: a list where an object is wanted", ErrFormat},
		{"object for a list", `{"sites": {}}`, "s:1:11: sites: an object where a list is wanted", ErrFormat},
		{"array too short", `{"pair": [1]}`, "s:1:10: pair: list of 1, want 2", ErrFormat},
		{"array too long", `{"pair": [1, 2, 3]}`, "s:1:10: pair: list of 3, want 2", ErrFormat},
		{"deep", `{"profile": {"speeds_kmh": {"motorway": "fast"}}}`, "s:1:41: profile.speeds_kmh.motorway: text where a number is wanted", ErrFormat},
		{"own decoder", `{"day": "-8h"}`, "s:1:9: day: -8h is negative", ErrRange},
		{"own decoder, plain error", `{"day": 8}`, "s:1:9: day: no text", ErrFormat},
		{"own text decoder", `{"class": "motorway"}`, `s:1:11: class: unknown class "motorway"`, ErrUnknown},
		{"own text decoder, number", `{"class": 1}`, "s:1:11: class: a number where text is wanted", ErrFormat},
		{"own text decoder, null", `{"class": null}`, "s:1:11: class: null where text is wanted", ErrFormat},
		{"key that decodes itself", `{"classes": {"primary": 1, "motorway": 2}}`, `s:1:28: classes.motorway: unknown class "motorway"`, ErrUnknown},
		{"key that is a number", `{"years": {"MMXXVI": ""}}`, "s:1:12: years.MMXXVI: text where a whole number is wanted", ErrFormat},
		{"base 64", `{"bytes": "?"}`, "s:1:11: bytes: illegal base64 data at input byte 0", ErrFormat},
		{"all", "{\"name\": 1,\n \"sites\": [{\"id\": 2}, 3],\n \"x\": [1, 2]}",
			"s:1:10: name: a number where text is wanted\ns:2:19: sites[0].id: a number where text is wanted\n" +
				"s:2:23: sites[1]: a number where an object is wanted\ns:3:2: unknown key \"x\"", ErrUnknownKey},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			var p Problems
			got := scenario{Hubs: 3}
			JSON(strings.NewReader(test.in), "s", &got, &p)
			if got := text(&p); got != test.want {
				t.Errorf("got  %s\nwant %s", got, test.want)
			}
			if !errors.Is(p.Err(), test.kind) {
				t.Errorf("the error is not %q", test.kind)
			}
			if !reflect.DeepEqual(got, scenario{Hubs: 3}) {
				t.Errorf("the value is %+v", got)
			}
		})
	}
}

// shadowed decodes itself by way of another type, as such types do.
type shadowed struct{ A int }

func (s *shadowed) UnmarshalJSON(data []byte) error {
	var x struct{ A int }
	err := json.Unmarshal(data, &x)
	s.A = x.A
	return err
}

// TestJSONOdd has the corners of encoding/json that scenario leaves out.
func TestJSONOdd(t *testing.T) {
	type odd struct {
		Quoted  int       `json:"quoted,string"`
		Share   *float64  `json:"share,string"`
		Name    string    `json:"name,string"`
		List    []int     `json:"list"`
		Deep    ***hours  `json:"deep"`
		Own     *hours    `json:"own"`
		Text    *class    `json:"text"`
		Through *shadowed `json:"through"`
		Reader  error     `json:"reader"`
	}
	tests := []struct{ in, want string }{
		{`{"quoted": "12", "share": "1.5", "name": "\"x\"", "list": [1]}`, ""},
		{`{"share": null, "deep": null, "own": null, "text": null, "through": null, "reader": null}`, ""},
		{`{"deep": "8h", "own": "8h", "text": "primary", "through": {"A": 1}}`, ""},
		{`{"quoted": 12}`, "s:1:12: quoted: a number where a whole number in quotation marks is wanted"},
		{`{"quoted": "x"}`, `s:1:12: quoted: "x" where a whole number in quotation marks is wanted`},
		{`{"quoted": "null"}`, `s:1:12: quoted: "null" where a whole number in quotation marks is wanted`},
		{`{"quoted": null}`, "s:1:12: quoted: null where a whole number in quotation marks is wanted"},
		{`{"name": "x"}`, `s:1:10: name: "x" where text in quotation marks is wanted`},
		{`{"deep": "-1h"}`, "s:1:10: deep: -1h is negative"},
		{`{"text": "x"}`, `s:1:10: text: unknown class "x"`},
		{`{"through": {"A": "x"}}`, "s:1:13: through: json: cannot unmarshal string into Go struct field .A of type int"},
		{`{"reader": {}}`, "s:1:1: json: cannot unmarshal object into Go struct field odd.reader of type error"},
	}
	for _, test := range tests {
		var p Problems
		got := odd{Quoted: 3}
		JSON(strings.NewReader(test.in), "s", &got, &p)
		if got := text(&p); got != test.want {
			t.Errorf("%s\ngot  %s\nwant %s", test.in, got, test.want)
		}
		var want odd
		want.Quoted = 3
		if test.want == "" {
			if err := json.Unmarshal([]byte(test.in), &want); err != nil {
				t.Fatal(err)
			}
		}
		if !reflect.DeepEqual(got, want) {
			t.Errorf("%s\ngot  %+v\nwant %+v", test.in, got, want)
		}
	}
}

// TestFields compares the names found with those encoding/json writes.
func TestFields(t *testing.T) {
	type (
		A struct{ X, Y, Z int }
		B struct{ Y, Z int }
		C struct {
			Z string `json:"Y"`
			W int    `json:",omitempty"`
		}
		Loop struct {
			*Loop
			V int
		}
		inner struct{ U, V int }
	)
	values := []any{
		struct{ A }{},
		struct {
			A
			B
		}{}, // Y and Z are ambiguous
		struct {
			A
			B
			C
		}{}, // Y of C is from a tag
		struct {
			A
			Z string
		}{}, // Z of A is hidden
		struct {
			*A
			T B
		}{A: &A{}},
		struct {
			B `json:"b"`
			Y int
		}{},
		struct {
			inner
			u int
		}{},
		Loop{},
		struct {
			A int `json:"a,omitempty"`
			B int `json:"-"`
		}{A: 1},
	}
	for _, v := range values {
		data, err := json.Marshal(v)
		if err != nil {
			t.Fatal(err)
		}
		var keys map[string]any
		if err := json.Unmarshal(data, &keys); err != nil {
			t.Fatal(err)
		}
		w := &walker{structs: make(map[reflect.Type]map[string]reflect.StructField)}
		got := slices.Sorted(maps.Keys(w.fields(reflect.TypeOf(v))))
		got = slices.DeleteFunc(got, func(name string) bool { return name == "W" }) // omitted: empty
		if want := slices.Sorted(maps.Keys(keys)); !slices.Equal(got, want) {
			t.Errorf("%T: got %q, want %q", v, got, want)
		}
		for name, value := range keys {
			_, text := value.(string)
			if f := w.fields(reflect.TypeOf(v))[name]; (f.Type.Kind() == reflect.String) != text {
				t.Errorf("%T: %s is of type %v, written as %v", v, name, f.Type, value)
			}
		}
	}
}

// TestUnknownKeyPosition puts an unknown key somewhere into a random document
// and expects its line and column back.
func TestUnknownKeyPosition(t *testing.T) {
	type node struct {
		Name  string           `json:"name"`
		Below []*node          `json:"below"`
		By    map[string]*node `json:"by"`
	}
	rapid.Check(t, func(t *rapid.T) {
		space := rapid.SampledFrom([]string{"", " ", "\n", "\t", "\r\n", " \n\n  "})
		gap := func() string { return space.Draw(t, "space") }
		var b strings.Builder
		var want []string
		var write func(path string, depth int)
		write = func(path string, depth int) {
			b.WriteString(gap() + "{")
			sep := ""
			key := func(k string) string {
				b.WriteString(sep + gap())
				line := strings.Count(b.String(), "\n") + 1
				column := b.Len() - strings.LastIndexByte(b.String(), '\n')
				sep = ","
				b.WriteString(strconv.Quote(k) + gap() + ":" + gap())
				return fmt.Sprintf("s:%d:%d: ", line, column)
			}
			unknown := func() {
				if rapid.IntRange(0, 3).Draw(t, "unknown") == 0 {
					at := key("wrong")
					b.WriteString(`{"any": [1, "}"]}`)
					want = append(want, at+`unknown key "`+join(path, "wrong")+`"`)
				}
			}
			key("name")
			b.WriteString(rapid.SampledFrom([]string{`""`, `"ї\n"`, `"{\"wrong\": 1}"`, `"\\"`}).Draw(t, "name") + gap())
			if rapid.Bool().Draw(t, "early") {
				unknown()
			}
			if depth > 0 {
				key("below")
				b.WriteString("[" + gap())
				for i := range rapid.IntRange(0, 2).Draw(t, "below") {
					if i > 0 {
						b.WriteString("," + gap())
					}
					write(fmt.Sprintf("%s[%d]", join(path, "below"), i), depth-1)
				}
				b.WriteString("]")
				key("by")
				b.WriteString("{" + gap() + `"k"` + gap() + ":")
				write(join(join(path, "by"), "k"), depth-1)
				b.WriteString("}")
			}
			b.WriteString(gap() + "}")
		}
		write("", rapid.IntRange(0, 3).Draw(t, "depth"))
		var p Problems
		JSON(strings.NewReader(b.String()), "s", new(node), &p)
		if len(want) > MaxProblems {
			want = append(want[:MaxProblems], fmt.Sprintf("... and %d more", len(want)-MaxProblems))
		}
		if got := text(&p); got != strings.Join(want, "\n") {
			t.Errorf("%s\ngot\n%s\nwant\n%s", b.String(), got, strings.Join(want, "\n"))
		}
	})
}

// TestJSONAgrees writes random scenarios with encoding/json, reads them back,
// and checks that a scenario with one value of another kind put in is refused
// if encoding/json refuses it.
func TestJSONAgrees(t *testing.T) {
	type plan struct {
		Name   string           `json:"name"`
		Hubs   uint8            `json:"hubs"`
		Share  float32          `json:"share"`
		On     bool             `json:"on"`
		Sites  []site           `json:"sites"`
		Start  *site            `json:"start,omitempty"`
		By     map[string][]int `json:"by"`
		Pair   [2]bool          `json:"pair"`
		Any    any              `json:"any"`
		common `json:"inner"`
	}
	rapid.Check(t, func(t *rapid.T) {
		var want plan
		want.Name = rapid.String().Draw(t, "name")
		want.Hubs = rapid.Byte().Draw(t, "hubs")
		want.Share = rapid.Float32().Draw(t, "share")
		want.Sites = rapid.SliceOfN(rapid.Custom(func(t *rapid.T) site {
			return site{rapid.String().Draw(t, "id"), rapid.Float64().Draw(t, "lon")}
		}), 1, 3).Draw(t, "sites")
		want.By = rapid.MapOfN(rapid.String(), rapid.SliceOfN(rapid.Int(), 1, 3), 1, 3).Draw(t, "by")
		want.Any = drawValue(t, 2)
		data, err := json.Marshal(want)
		if err != nil {
			t.Fatal(err)
		}
		// The value of each name must be as encoding/json reads it back.
		if err := json.Unmarshal(data, &want); err != nil {
			t.Fatal(err)
		}
		var got plan
		var p Problems
		JSON(strings.NewReader(string(data)), "s", &got, &p)
		if p.Len() > 0 || !reflect.DeepEqual(got, want) {
			t.Fatalf("%s\ngot  %+v\nwant %+v\n%s", data, got, want, text(&p))
		}

		var members map[string]any
		if err := json.Unmarshal(data, &members); err != nil {
			t.Fatal(err)
		}
		key := rapid.SampledFrom(slices.Sorted(maps.Keys(members))).Draw(t, "key")
		members[key] = drawValue(t, 2)
		if data, err = json.Marshal(members); err != nil {
			t.Fatal(err)
		}
		refused := json.Unmarshal(data, new(plan)) != nil
		got, p = plan{}, Problems{}
		JSON(strings.NewReader(string(data)), "s", &got, &p)
		if refused && p.Len() == 0 {
			t.Errorf("%s\naccepted", data)
		}
		if p.Len() > 0 && !reflect.DeepEqual(got, plan{}) {
			t.Errorf("%s\nrefused, but the value is %+v", data, got)
		}
	})
}

func TestKeysFail(t *testing.T) {
	var v struct {
		Name  string `json:"name"`
		Sites []struct {
			Lon float64 `json:"lon"`
		} `json:"sites"`
	}
	var p Problems
	keys := JSON(strings.NewReader("{\n  \"name\": \"x\",\n  \"sites\": [{\"lon\": 1},\n    {}]\n}"), "s.json", &v, &p)
	for _, c := range []struct{ path, want string }{
		{"name", "s.json:2:11: name: bad"},
		{"sites[0].lon", "s.json:3:21: sites[0].lon: bad"},
		{"sites[1].lon", "s.json:4:5: sites[1].lon: bad"},
		{"sites[7].lon", "s.json:3:12: sites[7].lon: bad"},
		{"other.key", "s.json:1:1: other.key: bad"},
		{"", "s.json:1:1: bad"},
	} {
		before := p.Len()
		keys.Fail(c.path, Errorf(ErrRange, "bad"))
		if p.Len() != before+1 || p.Err().(*Errors).List[before].Error() != c.want {
			t.Errorf("%q: %v, want %q last", c.path, p.Err(), c.want)
		}
	}
	var q Problems
	JSON(strings.NewReader("{"), "s.json", &v, &q).Fail("name", Errorf(ErrRange, "bad"))
	if q.Len() != 2 || q.Err().(*Errors).List[1].Error() != "s.json: name: bad" {
		t.Errorf("a file that is no JSON: %v", q.Err())
	}
}
