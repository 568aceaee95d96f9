package geo

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/golang/geo/s2"
)

// ringCrossing is a place where two rings cross.
type ringCrossing struct {
	first, second int
	at            s2.Point
}

// crossings returns the pairs of rings that cross, in order. Rings that meet
// themselves are left out: they have been reported, and what is on their left
// is not clear.
func (x *arrangement) crossings() []ringCrossing {
	var list []ringCrossing
	for pair, r := range x.meets {
		if r.crosses() && x.self[pair[0]] == nil && x.self[pair[1]] == nil {
			list = append(list, ringCrossing{pair[0], pair[1], r.at})
		}
	}
	slices.SortFunc(list, func(a, b ringCrossing) int {
		return cmp.Or(cmp.Compare(a.first, b.first), cmp.Compare(a.second, b.second))
	})
	return list
}

// enclosing returns for each ring the rings that enclose it. Rings must not
// cross; rings that are equal enclose each other. It takes O(n log n) for n
// corners: countries with ten thousand islands are not rare.
func (x *arrangement) enclosing() []map[int]bool {
	index := s2.NewShapeIndex()
	number := make(map[s2.Shape]int, len(x.rings))
	for i, ring := range x.rings {
		loop := s2.LoopFromPoints(ring.corners)
		number[loop] = i
		index.Add(loop)
	}
	query := s2.NewContainsPointQuery(index, s2.VertexModelSemiOpen)
	by := make([]map[int]bool, len(x.rings))
	for i, ring := range x.rings {
		by[i] = make(map[int]bool)
		for _, shape := range query.ContainingShapes(ring.corners[0]) {
			if j := number[shape]; j != i {
				by[i][j] = true
			}
		}
	}
	// Where rings meet, their first corners may be shared and prove nothing,
	// but how they meet does.
	for pair, r := range x.meets {
		set := func(inner, outer int, enclosed bool) {
			delete(by[inner], outer)
			if enclosed {
				by[inner][outer] = true
			}
		}
		equal := !r.contains && !r.contained && !r.disjoint
		set(pair[1], pair[0], r.contains || equal)
		set(pair[0], pair[1], r.contained || equal)
	}
	return by
}

// nesting returns what is wrong with the way the rings of a sector lie in
// each other, given by [arrangement.enclosing]: a hole must be inside its exterior and not inside another hole
// of the polygon, and a polygon may be inside another only within a hole,
// which it may fill.
func nesting(rings []sectorRing, by []map[int]bool) []error {
	exterior := make(map[int]int)
	holes := make(map[int][]int)
	for i, r := range rings {
		if r.hole {
			holes[r.polygon] = append(holes[r.polygon], i)
		} else {
			exterior[r.polygon] = i
		}
	}
	var problems []error
	for i, r := range rings {
		outer := make([]int, 0, len(by[i]))
		for j := range by[i] {
			outer = append(outer, j)
		}
		slices.Sort(outer)
		k := slices.IndexFunc(outer, func(j int) bool {
			o := rings[j]
			return j < i && by[j][i] && (o.hole == r.hole || o.polygon == r.polygon)
		})
		if k >= 0 {
			problems = append(problems, fmt.Errorf("%s is the same as %s", r.label, rings[outer[k]].label))
			continue
		}
		if r.hole && !by[i][exterior[r.polygon]] {
			problems = append(problems, fmt.Errorf("%s, a hole, is not inside its polygon", r.label))
			continue
		}
		for _, j := range outer {
			o := rings[j]
			within := func(hole int) bool { return by[i][hole] }
			switch {
			case by[j][i]:
				// Reported with the later of the two.
			case r.hole && o.hole && r.polygon == o.polygon:
				problems = append(problems, fmt.Errorf("%s, a hole, is inside %s, another hole", r.label, o.label))
			case !r.hole && !o.hole && !slices.ContainsFunc(holes[o.polygon], within):
				problems = append(problems, fmt.Errorf("%s is inside %s, another polygon", r.label, o.label))
			}
		}
	}
	return problems
}
