package main

import (
	"encoding/csv"
	"encoding/json"
	"io"
	"slices"
	"strconv"
	"time"

	"github.com/hubplan/hubplan/geo"
)

// answer is an answer in all its forms.
type answer struct {
	Text     string        // for people
	JSON     any           // for programs
	Features []geo.Feature // for maps
	Table    [][]string    // for tables, the head first
}

func writeJSON(w io.Writer, v any) error {
	e := json.NewEncoder(w)
	e.SetIndent("", "  ")
	e.SetEscapeHTML(false)
	return e.Encode(v)
}

func writeGeoJSON(w io.Writer, a *answer) error {
	return geo.WriteFeatures(w, slices.Values(a.Features))
}

func writeCSV(w io.Writer, a *answer) error {
	return csv.NewWriter(w).WriteAll(a.Table)
}

// number is a number with some decimals.
func number(x float64, decimals int) string { return strconv.FormatFloat(x, 'f', decimals, 64) }

// round is the number itself, rounded.
func round(x float64, decimals int) float64 {
	y, _ := strconv.ParseFloat(number(x, decimals), 64)
	return y
}

func kilometers(d geo.Distance) string { return number(d.Kilometers(), 1) + " km" }

// hours is a time to the minute, "3 h 05"; to the second below an hour.
func hours(d time.Duration) string {
	if d < time.Hour {
		s := d.Round(time.Second)
		return strconv.Itoa(int(s.Minutes())) + " min " + pad(int(s.Seconds())%60) + " s"
	}
	m := d.Round(time.Minute)
	return strconv.Itoa(int(m.Hours())) + " h " + pad(int(m.Minutes())%60)
}

func pad(x int) string {
	if x < 10 {
		return "0" + strconv.Itoa(x)
	}
	return strconv.Itoa(x)
}
