package input

import (
	"errors"
	"math"
	"strconv"

	"github.com/paulmach/orb"
)

// Number returns the number that text stands for, as [Row.Number] does for a column.
func Number(text string, lo, hi float64) (float64, error) {
	x, err := number(text)
	if err == nil {
		err = within(x, text, lo, hi)
	}
	if err != nil {
		return 0, err
	}
	return x, nil
}

// number parses a decimal number with a point, such as 1200, -0.5 or 1.2e6.
// Hexadecimal numbers and underscores, which strconv takes, are no numbers
// here, nor is anything with a comma: whether 1,200 is large or small depends
// on who wrote it. Infinities and NaN are out of range.
func number(text string) (float64, error) {
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case '0' <= c && c <= '9', c == '+', c == '-', c == '.', c == 'e', c == 'E':
		default:
			if x, err := strconv.ParseFloat(text, 64); err == nil && (math.IsNaN(x) || math.IsInf(x, 0)) {
				return 0, Errorf(ErrRange, "%s is not a finite number", text)
			}
			return 0, Errorf(ErrFormat, "%s is not a number", quote(text))
		}
	}
	x, err := strconv.ParseFloat(text, 64)
	if errors.Is(err, strconv.ErrRange) {
		return 0, Errorf(ErrRange, "%s out of range", text)
	}
	if err != nil {
		return 0, Errorf(ErrFormat, "%s is not a number", quote(text))
	}
	return x, nil
}

// within reports what is wrong with x, which text stands for, if it is not
// between lo and hi.
func within(x float64, text string, lo, hi float64) error {
	switch {
	case x < lo && lo == 0:
		return Errorf(ErrRange, "%s is negative", text)
	case x < lo:
		return Errorf(ErrRange, "%s is less than %s", text, formatNumber(lo))
	case x > hi:
		return Errorf(ErrRange, "%s is more than %s", text, formatNumber(hi))
	}
	return nil
}

// checkPoint reports what is wrong with a position in degrees. Positions given
// as latitude, longitude are not found out by this where both are below 90.
func checkPoint(p orb.Point) error {
	if err := checkDegrees("longitude", p[0], 180); err != nil {
		return err
	}
	return checkDegrees("latitude", p[1], 90)
}

// checkDegrees reports a coordinate that is more than limit from zero.
func checkDegrees(what string, x, limit float64) error {
	if math.Abs(x) <= limit {
		return nil
	}
	return Errorf(ErrRange, "%s %s out of range", what, formatNumber(x))
}

// formatNumber writes a number as people do: no exponent unless it is huge or
// tiny.
func formatNumber(x float64) string {
	if a := math.Abs(x); a == 0 || a >= 1e-6 && a < 1e15 {
		return strconv.FormatFloat(x, 'f', -1, 64)
	}
	return strconv.FormatFloat(x, 'g', -1, 64)
}

// quote quotes text from a file for a message and shortens it.
func quote(text string) string { return strconv.Quote(shorten(text)) }

// shorten cuts text after 40 characters, so that a message stays one line
// whatever is in the file.
func shorten(text string) string {
	n := 0
	for i := range text {
		if n == 40 {
			return text[:i] + "…"
		}
		n++
	}
	return text
}
