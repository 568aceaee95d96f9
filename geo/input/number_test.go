package input

import (
	"errors"
	"math"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/paulmach/orb"
	"pgregory.net/rapid"
)

func TestNumber(t *testing.T) {
	good := map[string]float64{
		"0": 0, "-0": 0, "+5": 5, "007": 7, "1.5": 1.5, ".5": 0.5, "5.": 5, "1e3": 1000, "-1.25E-2": -0.0125,
		"1e-999": 0, // too small is zero
	}
	for text, want := range good {
		if got, err := number(text); got != want || err != nil {
			t.Errorf("%q: got %v, %v, want %v", text, got, err, want)
		}
	}
	bad := map[string]error{
		"": ErrFormat, "-": ErrFormat, ".": ErrFormat, "e5": ErrFormat, "1e": ErrFormat, "--1": ErrFormat, "1 000": ErrFormat,
		"1,5": ErrFormat, "0x1p3": ErrFormat, "1_0": ErrFormat, "٣": ErrFormat, "five": ErrFormat, "1t": ErrFormat,
		"nan": ErrRange, "NaN": ErrRange, "inf": ErrRange, "-Infinity": ErrRange, "1e309": ErrRange, "-1e999": ErrRange,
	}
	for text, want := range bad {
		if got, err := number(text); got != 0 || !errors.Is(err, want) {
			t.Errorf("%q: got %v, %v, want %v", text, got, err, want)
		}
	}
}

// TestNumberAgrees compares with strconv, of which number takes a part.
func TestNumberAgrees(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringOf(rapid.SampledFrom([]rune("0123456789+-.eE"))).Draw(t, "text")
		want, wantErr := strconv.ParseFloat(text, 64)
		got, err := number(text)
		if (err == nil) != (wantErr == nil) || err == nil && got != want {
			t.Errorf("%q: got %v, %v, want %v, %v", text, got, err, want, wantErr)
		}
	})
}

func TestFormatNumber(t *testing.T) {
	for x, want := range map[float64]string{
		0: "0", -5: "-5", 0.1: "0.1", 2952301: "2952301", 1e14: "100000000000000", 1e15: "1e+15", -1e300: "-1e+300",
		1e-6: "0.000001", 1e-7: "1e-07", math.Inf(1): "+Inf",
	} {
		if got := formatNumber(x); got != want {
			t.Errorf("%v: got %s, want %s", x, got, want)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		x := rapid.Float64().Draw(t, "x")
		if got, err := number(formatNumber(x)); err != nil || got != x {
			t.Errorf("%v comes back as %v, %v", x, got, err)
		}
	})
}

func TestWithin(t *testing.T) {
	inf := math.Inf(1)
	tests := []struct {
		x, lo, hi float64
		want      string
	}{
		{0, 0, 0, ""}, {5, 5, 6, ""}, {6, 5, 6, ""}, {-1e300, -inf, inf, ""},
		{-0.5, 0, 1, "-0.5 is negative"},
		{-0.5, 0.5, 1, "-0.5 is less than 0.5"},
		{-3, -2, 1, "-3 is less than -2"},
		{1.5, -1, 1, "1.5 is more than 1"},
		{3e9, 0, 2147483647, "3000000000 is more than 2147483647"},
	}
	for _, test := range tests {
		got := ""
		if err := within(test.x, formatNumber(test.x), test.lo, test.hi); err != nil {
			got = err.Error()
			if !errors.Is(err, ErrRange) {
				t.Errorf("%v is not out of range: %v", test.x, err)
			}
		}
		if got != test.want {
			t.Errorf("%v in %v to %v: got %q, want %q", test.x, test.lo, test.hi, got, test.want)
		}
	}
}

func TestCheckPoint(t *testing.T) {
	above := func(x float64) float64 { return math.Nextafter(x, 1000) }
	tests := []struct {
		p    orb.Point
		want string
	}{
		{orb.Point{0, 0}, ""}, {orb.Point{180, 90}, ""}, {orb.Point{-180, -90}, ""},
		{orb.Point{above(180), 0}, "longitude 180.00000000000003 out of range"},
		{orb.Point{-180.5, 95}, "longitude -180.5 out of range"},
		{orb.Point{0, -above(90)}, "latitude -90.00000000000001 out of range"},
		{orb.Point{math.NaN(), 0}, "longitude NaN out of range"},
		{orb.Point{0, math.Inf(-1)}, "latitude -Inf out of range"},
	}
	for _, test := range tests {
		got := ""
		if err := checkPoint(test.p); err != nil {
			got = err.Error()
		}
		if got != test.want {
			t.Errorf("%v: got %q, want %q", test.p, got, test.want)
		}
	}
}

func TestShorten(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.String().Draw(t, "text") + strings.Repeat("ї", rapid.IntRange(0, 50).Draw(t, "more"))
		got := shorten(text)
		if n := utf8.RuneCountInString(text); n <= 40 && got != text {
			t.Errorf("%q became %q", text, got)
		} else if n > 40 && (utf8.RuneCountInString(got) != 41 || !strings.HasPrefix(text, strings.TrimSuffix(got, "…"))) {
			t.Errorf("%q became %q", text, got)
		}
	})
}
