package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
)

// point is a position in degrees: longitude, latitude.
type point [2]float64

// topology is a decoded TopoJSON file: arcs in degrees, and for each named
// object its polygons as lists of rings, a ring being a list of arc numbers.
// An arc number n < 0 stands for arc ^n in reverse.
type topology struct {
	arcs    [][]point
	objects []object
}

type object struct {
	name     string
	polygons [][][]int
}

// decodeTopology reads a quantised TopoJSON topology of one collection of
// polygons and multipolygons (TopoJSON format specification, 2.1.2 and 2.1.4:
// positions of an arc are differences, and scale and translate turn them into
// degrees). Positions are rounded to 5 decimals here, once, so that shared
// borders stay shared; a repeated position is dropped.
func decodeTopology(raw []byte) (*topology, error) {
	var file struct {
		Objects map[string]struct {
			Geometries []struct {
				Type       string
				Properties struct{ Name string }
				Arcs       json.RawMessage
			}
		}
		Arcs      [][][2]int
		Transform *struct{ Scale, Translate [2]float64 }
	}
	if err := json.Unmarshal(raw, &file); err != nil {
		return nil, err
	}
	if file.Transform == nil || len(file.Objects) != 1 {
		return nil, errors.New("want a quantised topology with one object")
	}
	t := new(topology)
	for _, deltas := range file.Arcs {
		var arc []point
		var x, y int
		for _, d := range deltas {
			x, y = x+d[0], y+d[1]
			p := point{
				round5(float64(x)*file.Transform.Scale[0] + file.Transform.Translate[0]),
				round5(float64(y)*file.Transform.Scale[1] + file.Transform.Translate[1]),
			}
			if len(arc) == 0 || arc[len(arc)-1] != p {
				arc = append(arc, p)
			}
		}
		t.arcs = append(t.arcs, arc)
	}
	for _, collection := range file.Objects {
		for _, g := range collection.Geometries {
			o := object{name: g.Properties.Name}
			var err error
			switch g.Type {
			case "Polygon":
				o.polygons = make([][][]int, 1)
				err = json.Unmarshal(g.Arcs, &o.polygons[0])
			case "MultiPolygon":
				err = json.Unmarshal(g.Arcs, &o.polygons)
			default:
				err = fmt.Errorf("geometry type %q", g.Type)
			}
			if err != nil {
				return nil, fmt.Errorf("%s: %w", o.name, err)
			}
			t.objects = append(t.objects, o)
		}
	}
	return t, nil
}

// round5 rounds to 5 decimals, about one metre.
func round5(x float64) float64 { return math.Round(x*1e5) / 1e5 }

// arc returns arc n, reversed for a negative number.
func (t *topology) arc(n int) ([]point, error) {
	index := n
	if n < 0 {
		index = ^n
	}
	if index >= len(t.arcs) {
		return nil, fmt.Errorf("no arc %d", index)
	}
	if n >= 0 {
		return t.arcs[index], nil
	}
	a := t.arcs[index]
	reversed := make([]point, len(a))
	for i, p := range a {
		reversed[len(a)-1-i] = p
	}
	return reversed, nil
}

// join chains arcs end to end; each arc must begin where the last one ends.
func (t *topology) join(numbers []int) ([]point, error) {
	var line []point
	for _, n := range numbers {
		a, err := t.arc(n)
		if err != nil {
			return nil, err
		}
		if len(line) > 0 {
			if line[len(line)-1] != a[0] {
				return nil, fmt.Errorf("arc %d does not begin where the last one ends", n)
			}
			a = a[1:]
		}
		line = append(line, a...)
	}
	return line, nil
}
