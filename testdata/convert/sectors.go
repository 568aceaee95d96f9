package main

import (
	"bytes"
	"fmt"
	"strconv"
)

// sector is a region with its boundary: polygons of rings, the exterior ring
// first and counter-clockwise, holes clockwise.
type sector struct {
	region
	polygons [][][]point
}

// makeSectors assembles and checks the rings of every region.
func makeSectors(t *topology) ([]sector, error) {
	byName := make(map[string]object, len(t.objects))
	for _, o := range t.objects {
		byName[o.name] = o
	}
	if len(t.objects) != len(regions) || len(byName) != len(regions) {
		return nil, fmt.Errorf("%d objects with %d names, want %d", len(t.objects), len(byName), len(regions))
	}
	var sectors []sector
	for _, r := range regions {
		o, ok := byName[r.source]
		if !ok {
			return nil, fmt.Errorf("no object named %q", r.source)
		}
		s := sector{region: r}
		for _, rings := range o.polygons {
			var polygon [][]point
			for i, arcs := range rings {
				ring, err := t.join(arcs)
				if err == nil {
					err = checkRing(ring)
				}
				if err != nil {
					return nil, fmt.Errorf("%s: %w", r.source, err)
				}
				orient(ring, i == 0)
				polygon = append(polygon, ring)
			}
			s.polygons = append(s.polygons, polygon)
		}
		sectors = append(sectors, s)
	}
	return sectors, nil
}

// contains reports whether p is inside a polygon of the sector and not in a hole.
func (s *sector) contains(p point) bool {
	for _, polygon := range s.polygons {
		in := inside(p, polygon[0])
		for _, hole := range polygon[1:] {
			in = in && !inside(p, hole)
		}
		if in {
			return true
		}
	}
	return false
}

// writeSectors writes a GeoJSON FeatureCollection with one feature per line.
func writeSectors(w *bytes.Buffer, sectors []sector) {
	w.WriteString("{\"type\":\"FeatureCollection\",\"features\":[\n")
	for i, s := range sectors {
		fmt.Fprintf(w, `{"type":"Feature","id":%q,"properties":{"code":%q,"name":%q,"group":%q,"population":%d},"geometry":{`,
			s.code, s.code, s.name, s.group, s.population)
		if len(s.polygons) == 1 {
			w.WriteString(`"type":"Polygon","coordinates":`)
			writePolygon(w, s.polygons[0])
		} else {
			w.WriteString(`"type":"MultiPolygon","coordinates":`)
			writeList(w, s.polygons, writePolygon)
		}
		w.WriteString("}}")
		if i < len(sectors)-1 {
			w.WriteByte(',')
		}
		w.WriteByte('\n')
	}
	w.WriteString("]}\n")
}

func writePolygon(w *bytes.Buffer, rings [][]point) { writeList(w, rings, writePositions) }

func writePositions(w *bytes.Buffer, line []point) {
	writeList(w, line, func(w *bytes.Buffer, p point) {
		fmt.Fprintf(w, "[%s,%s]", degrees(p[0]), degrees(p[1]))
	})
}

// writeList writes a JSON array of items.
func writeList[T any](w *bytes.Buffer, items []T, write func(*bytes.Buffer, T)) {
	w.WriteByte('[')
	for i, item := range items {
		if i > 0 {
			w.WriteByte(',')
		}
		write(w, item)
	}
	w.WriteByte(']')
}

// degrees formats a coordinate that is rounded already, without trailing zeros.
func degrees(x float64) string { return strconv.FormatFloat(x, 'f', -1, 64) }
