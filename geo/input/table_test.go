package input

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/paulmach/orb"
	"pgregory.net/rapid"
)

// text returns the problems as one text.
func text(p *Problems) string {
	if err := p.Err(); err != nil {
		return err.Error()
	}
	return ""
}

func TestHeader(t *testing.T) {
	tests := []struct {
		name, in, want string
		kind           error
	}{
		{"required only", "a,b\n", "", nil},
		{"other order and optional", "c,b,a\n", "", nil},
		{"space and byte order mark", "\ufeff a , b\n", "", nil},
		{"no line end", "a,b", "", nil},
		{"empty", "", "t.csv:1: header line missing: the file is empty", ErrMissing},
		{"blank lines only", "\n\n", "t.csv:1: header line missing: the file is empty", ErrMissing},
		{"missing", "a,c\n", "t.csv:1: b: column missing", ErrMissing},
		{"unknown", "a,b,prize\n", `t.csv:1:5: unknown column "prize"`, ErrUnknownKey},
		{"letter case", "a,b,C\n", `t.csv:1:5: unknown column "C"`, ErrUnknownKey},
		{"without name", "a,b,\n", `t.csv:1:5: unknown column ""`, ErrUnknownKey},
		{"twice", "a,b,a\n", "t.csv:1:5: a: column appears twice", ErrDuplicate},
		{"malformed", "a,\"b\n", `t.csv:1:6: extraneous or missing " in quoted-field`, ErrSyntax},
		{"all", "x,a,a\n", "t.csv:1:1: unknown column \"x\"\nt.csv:1:5: a: column appears twice\nt.csv:1: b: column missing", ErrMissing},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			var p Problems
			ReadTable(strings.NewReader(test.in), "t.csv", &p, []string{"a", "b"}, "c")
			if got := text(&p); got != test.want {
				t.Errorf("got\n%s\nwant\n%s", got, test.want)
			}
			if !errors.Is(p.Err(), test.kind) {
				t.Errorf("the error is not %q", test.kind)
			}
		})
	}
}

// TestRowsOfBadHeader checks that a bad header is the only problem reported:
// rows under it would all be wrong.
func TestRowsOfBadHeader(t *testing.T) {
	for _, header := range []string{"a,c", "a,b,prize", "a,b,a", "a,\"b\"c"} {
		var p Problems
		for range ReadTable(strings.NewReader(header+"\n1,2,3\n1,2\n"), "t.csv", &p, []string{"a", "b"}, "c").Rows() {
			t.Errorf("%q: a row", header)
		}
		if p.Len() != 1 {
			t.Errorf("%q: %v", header, p.Err())
		}
	}
}

func TestRows(t *testing.T) {
	const in = "id,x,n,note\n" +
		"a, 1.5 ,3,\"two\nlines\"\n" +
		"\n" +
		"b,-2e3,-7,\n"
	var p Problems
	table := ReadTable(strings.NewReader(in), "t.csv", &p, []string{"id", "x", "n"}, "note", "absent")
	if !table.Has("note") || table.Has("absent") || table.Has("other") {
		t.Error("Has is wrong about the columns")
	}
	var got []string
	for r := range table.Rows() {
		got = append(got, fmt.Sprintf("%d %s %v %d %q %q %v", r.Line(), r.Text("id"),
			r.Number("x", math.Inf(-1), math.Inf(1)), r.Integer("n", -7, 3), r.Optional("note"), r.Optional("absent"), r.OK()))
	}
	want := []string{`2 a 1.5 3 "two\nlines" "" true`, `5 b -2000 -7 "" "" true`}
	if !slices.Equal(got, want) || p.Len() > 0 {
		t.Errorf("got %q, want %q; %s", got, want, text(&p))
	}
	for range table.Rows() {
		t.Error("rows a second time")
	}
}

// TestRowsStop checks that a loop can be left and taken up again.
func TestRowsStop(t *testing.T) {
	var p Problems
	table := ReadTable(strings.NewReader("a\n1\n2\n3\n"), "t.csv", &p, []string{"a"})
	var got []string
	for range 2 {
		for r := range table.Rows() {
			got = append(got, r.Text("a"))
			break
		}
	}
	if !slices.Equal(got, []string{"1", "2"}) {
		t.Errorf("got %q", got)
	}
}

func TestRowProblems(t *testing.T) {
	number := func(lo, hi float64) func(*Row) {
		return func(r *Row) { r.Number("x", lo, hi) }
	}
	integer := func(lo, hi int) func(*Row) {
		return func(r *Row) { r.Integer("x", lo, hi) }
	}
	inf := math.Inf(1)
	tests := []struct {
		name, in string
		read     func(*Row)
		want     string
		kind     error
	}{
		{"empty text", " ", func(r *Row) { r.Text("x") }, "x: value missing", ErrMissing},
		{"empty number", "", number(0, 1), "x: value missing", ErrMissing},
		{"empty integer", "", integer(0, 1), "x: value missing", ErrMissing},
		{"absent column", "1", func(r *Row) { r.Text("other") }, "other: value missing", ErrMissing},
		{"least", "0", number(0, 1), "", nil},
		{"greatest", "1", number(0, 1), "", nil},
		{"negative", "-5", number(0, 1), "x: -5 is negative", ErrRange},
		{"too small", "0.5", number(1, 2), "x: 0.5 is less than 1", ErrRange},
		{"too large", "2.5", number(1, 2), "x: 2.5 is more than 2", ErrRange},
		{"text", "5 t", number(0, 9), `x: "5 t" is not a number`, ErrFormat},
		{"decimal comma", "5,5", number(0, 9), "", ErrSyntax},
		{"two points", "1.2.3", number(0, 9), `x: "1.2.3" is not a number`, ErrFormat},
		{"hexadecimal", "0x10", number(0, 99), `x: "0x10" is not a number`, ErrFormat},
		{"underscore", "1_000", number(0, 9999), `x: "1_000" is not a number`, ErrFormat},
		{"NaN", "NaN", number(-inf, inf), "x: NaN is not a finite number", ErrRange},
		{"infinite", "-Inf", number(-inf, inf), "x: -Inf is not a finite number", ErrRange},
		{"too large for a float", "1e999", number(-inf, inf), "x: 1e999 out of range", ErrRange},
		{"integer", "12", integer(0, 12), "", nil},
		{"integer too large", "13", integer(0, 12), "x: 13 is more than 12", ErrRange},
		{"integer too small", "3", integer(4, 12), "x: 3 is less than 4", ErrRange},
		{"integer negative", "-1", integer(0, 12), "x: -1 is negative", ErrRange},
		{"fraction", "1.5", integer(0, 12), `x: "1.5" is not a whole number`, ErrFormat},
		{"integer of 30 digits", "123456789012345678901234567890", integer(0, 12), "x: 123456789012345678901234567890 out of range", ErrRange},
		{"long text is cut", strings.Repeat("ї", 50), number(0, 1), `x: "` + strings.Repeat("ї", 40) + `…" is not a number`, ErrFormat},
		{"own finding", "1", func(r *Row) { r.Fail("x", Errorf(ErrUnknown, "unknown place")) }, "x: unknown place", ErrUnknown},
		{"not UTF-8", "\xff", func(r *Row) { r.Text("x") }, "field 1 is not UTF-8 text", ErrFormat},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			var p Problems
			table := ReadTable(strings.NewReader("x\n"+test.in+"\n"), "t.csv", &p, []string{"x"})
			if strings.TrimSpace(test.in) == "" {
				table = ReadTable(strings.NewReader("x\n\""+test.in+"\"\n"), "t.csv", &p, []string{"x"})
			}
			for r := range table.Rows() {
				test.read(r)
				if r.OK() != (test.want == "") {
					t.Errorf("OK is %v", r.OK())
				}
			}
			want := "t.csv:2: " + test.want
			if test.want == "" {
				want = ""
			}
			if test.kind == ErrSyntax {
				want = "t.csv:2: 2 fields, the header has 1"
			}
			if got := text(&p); got != want {
				t.Errorf("got %q, want %q", got, want)
			}
			if !errors.Is(p.Err(), test.kind) {
				t.Errorf("the error is not %q", test.kind)
			}
		})
	}
}

func TestRowPoint(t *testing.T) {
	const in = "lon,lat\n30.5,50.4\n-180,90\n230,50\n50,230\n181,-91\nx,50\n,\nNaN,0\n24,49\n"
	var p Problems
	var got []orb.Point
	for r := range ReadTable(strings.NewReader(in), "t.csv", &p, []string{"lon", "lat"}).Rows() {
		if at := r.Point(); r.OK() {
			got = append(got, at)
		}
	}
	if want := []orb.Point{{30.5, 50.4}, {-180, 90}, {24, 49}}; !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
	want := `t.csv:4: lon: longitude 230 out of range
t.csv:5: lat: latitude 230 out of range
t.csv:6: lon: longitude 181 out of range
t.csv:6: lat: latitude -91 out of range
t.csv:7: lon: "x" is not a number
t.csv:8: lon: value missing
t.csv:8: lat: value missing
t.csv:9: lon: NaN is not a finite number`
	if got := text(&p); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

// TestBadRecords checks that one bad record does not hide the next, and that
// it yields no row.
func TestBadRecords(t *testing.T) {
	const in = "a,b\n1\n1,2\n1,2,3\n1,2\"\n3,4\n\"5\n"
	var p Problems
	var got []string
	for r := range ReadTable(strings.NewReader(in), "t.csv", &p, []string{"a", "b"}).Rows() {
		got = append(got, fmt.Sprint(r.Line(), r.Text("a"), r.Text("b")))
	}
	if want := []string{"312", "634"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	want := `t.csv:2: 1 fields, the header has 2
t.csv:4: 3 fields, the header has 2
t.csv:5:4: bare " in non-quoted-field
t.csv:7:4: extraneous or missing " in quoted-field`
	if got := text(&p); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

// TestReadFails checks that a failing reader is reported as it is, once.
func TestReadFails(t *testing.T) {
	broken := errors.New("disk on fire")
	for _, in := range []string{"", "a,b\n", "a,b\n1,2\n"} {
		var p Problems
		r := io.MultiReader(strings.NewReader(in), iotest.ErrReader(broken))
		for range ReadTable(r, "t.csv", &p, []string{"a", "b"}).Rows() {
		}
		if !errors.Is(p.Err(), broken) || text(&p) != "t.csv: disk on fire" {
			t.Errorf("after %q: %v", in, p.Err())
		}
	}
	for name, read := range map[string]func(r io.Reader, p *Problems){
		"features": func(r io.Reader, p *Problems) { ReadFeatures(r, "f", p) },
		"JSON":     func(r io.Reader, p *Problems) { JSON(r, "f", new(struct{}), p) },
	} {
		var p Problems
		read(iotest.ErrReader(broken), &p)
		if !errors.Is(p.Err(), broken) || text(&p) != "f: disk on fire" {
			t.Errorf("%s: %v", name, p.Err())
		}
	}
}

// TestTableRoundTrip writes random tables and reads them back.
func TestTableRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		columns := rapid.SliceOfNDistinct(rapid.StringMatching(`[a-z]{1,6}`), 1, 5, rapid.ID).Draw(t, "columns")
		cell := rapid.StringMatching(`[a-zа-я0-9 ,"\n;'.]{0,8}`)
		want := rapid.SliceOfN(rapid.SliceOfN(cell, len(columns), len(columns)), 0, 6).Draw(t, "rows")
		var b strings.Builder
		w := csv.NewWriter(&b)
		w.Write(columns)
		for _, row := range want {
			if len(row) == 1 && row[0] == "" {
				row[0] = "x" // a blank line is no row
			}
			w.Write(row)
		}
		w.Flush()
		var p Problems
		i := 0
		for r := range ReadTable(strings.NewReader(b.String()), "t.csv", &p, columns).Rows() {
			for j, c := range columns {
				if got, want := r.Optional(c), strings.TrimSpace(want[i][j]); got != want {
					t.Fatalf("row %d column %s: got %q, want %q", i, c, got, want)
				}
			}
			i++
		}
		if i != len(want) || p.Len() > 0 {
			t.Errorf("%d of %d rows; %v", i, len(want), p.Err())
		}
	})
}
