package main

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
)

// inner are the regions on the far side of the example line, named as in the
// TopoJSON file; skipped is the one whose border with them is not part of it.
var inner = []string{"Luhans'k", "Donets'k", "Zaporizhzhya", "Kherson"}

const skipped = "Crimea"

// monitoringLine returns the common boundary of the inner regions with the
// rest of the country, from its north-eastern end to the sea. The arcs are
// those used by one inner and one other region; detached pieces (a spit in
// the estuary) are left out by taking the longest chain.
func monitoringLine(t *topology) ([]point, error) {
	// For every arc the objects on its two sides.
	sides := make([][]string, len(t.arcs))
	for _, o := range t.objects {
		for _, polygon := range o.polygons {
			for _, ring := range polygon {
				for _, n := range ring {
					sides[max(n, ^n)] = append(sides[max(n, ^n)], o.name)
				}
			}
		}
	}
	var border [][]point
	for i, names := range sides {
		if len(names) == 2 && !slices.Contains(names, skipped) &&
			slices.Contains(inner, names[0]) != slices.Contains(inner, names[1]) {
			border = append(border, t.arcs[i])
		}
	}
	longest := slices.MaxFunc(append(chains(border), nil), func(a, b []point) int { return len(a) - len(b) })
	if len(longest) < 2 {
		return nil, errors.New("the regions of the example line have no common boundary")
	}
	if longest[0][1] < longest[len(longest)-1][1] {
		slices.Reverse(longest)
	}
	return longest, nil
}

// chains joins arcs that share an end point into lines, in a fixed order. At
// most two of the arcs may meet at a point.
func chains(arcs [][]point) [][]point {
	var lines [][]point
	used := make([]bool, len(arcs))
	for i := range arcs {
		if used[i] {
			continue
		}
		used[i] = true
		line := slices.Clone(arcs[i])
		// Grow at the tail until nothing fits, then turn round and do the same.
		for range 2 {
			for grown := true; grown; {
				grown = false
				tail := line[len(line)-1]
				for j, a := range arcs {
					if used[j] || a[0] != tail && a[len(a)-1] != tail {
						continue
					}
					next := slices.Clone(a)
					if next[0] != tail {
						slices.Reverse(next)
					}
					line = append(line, next[1:]...)
					used[j], grown = true, true
					break
				}
			}
			slices.Reverse(line)
		}
		lines = append(lines, line)
	}
	return lines
}

const lineNote = "Follows the boundaries of first-level regions only because that is public geometry. " +
	"It shows no actual, proposed or claimed line of any kind and stands for nothing more than a line in an example."

// writeLine writes a GeoJSON FeatureCollection with the line as its only feature.
func writeLine(w *bytes.Buffer, line []point) {
	w.WriteString("{\"type\":\"FeatureCollection\",\"features\":[\n")
	fmt.Fprintf(w, `{"type":"Feature","id":"line","properties":{"name":"Illustrative monitoring line","note":%q},`, lineNote)
	w.WriteString(`"geometry":{"type":"LineString","coordinates":`)
	writePositions(w, line)
	w.WriteString("}}\n]}\n")
}
