package geo

import (
	"math"
	"slices"

	"github.com/golang/geo/r3"
	"github.com/golang/geo/s2"
)

// fan is the number of children of a node of a boxTree.
const fan = 8

// box is an axis-parallel box in space, its faces included.
type box struct{ lo, hi r3.Vector }

// boxTree finds great-circle segments near a point or near each other. It is
// a packed R-tree over the boxes of the segments in space: on the unit sphere
// in three dimensions neither the poles nor the antimeridian are special, and
// the straight distance to a box bounds the distance to what is in it.
//
// The segments are sorted by the S2 cell of their middle, which follows a
// Hilbert curve, so that neighbours share nodes. A query visits O(log n) nodes
// and those near its answer, however long or short the segments are.
//
// Source: I. Kamel, C. Faloutsos, On Packing R-trees, CIKM 1993.
//
// The tree has no pointers: the children of node i of a level are the nodes
// i·fan to i·fan+fan-1 of the level below. It does not change once built.
type boxTree struct {
	order  []uint32 // segments in the order of the leaves
	levels [][]box  // boxes of nodes: of single segments first, of the root last
}

// newBoxTree builds the tree of n segments in O(n log n). Equal cells are
// ordered by segment, so the tree depends on its input alone.
func newBoxTree(n int, segment func(i int) (a, b s2.Point)) *boxTree {
	t := &boxTree{order: make([]uint32, n)}
	cells := make([]s2.CellID, n)
	for i := range n {
		t.order[i] = uint32(i)
		a, b := segment(i)
		middle := a.Add(b.Vector)
		if middle == (r3.Vector{}) {
			// Opposite points: any cell will do, the box is what counts.
			middle = a.Vector
		}
		cells[i] = s2.CellFromPoint(s2.Point{Vector: middle.Normalize()}).ID()
	}
	slices.SortFunc(t.order, func(i, j uint32) int {
		switch {
		case cells[i] < cells[j]:
			return -1
		case cells[i] > cells[j]:
			return 1
		}
		return int(i) - int(j)
	})
	level := make([]box, n)
	for i, s := range t.order {
		level[i] = boxOf(segment(int(s)))
	}
	for t.levels = [][]box{level}; len(level) > 1; t.levels = append(t.levels, level) {
		up := make([]box, (len(level)+fan-1)/fan)
		for i := range up {
			up[i] = level[i*fan]
			for _, b := range level[i*fan : min((i+1)*fan, len(level))] {
				up[i].add(b)
			}
		}
		level = up
	}
	return t
}

// boxOf returns a box that holds the great-circle segment from a to b, with
// room for rounding: the box of its ends, widened by how far the arc rises
// above its chord.
func boxOf(a, b s2.Point) box {
	x := box{a.Vector, a.Vector}
	x.add(box{b.Vector, b.Vector})
	// An arc of angle t rises 1-cos(t/2) = 1-√(1-c²/4) above its chord c. The
	// form below keeps its digits for short chords. The constant is some 25 nm
	// on the ground, more than the error of a point or of a projection on it.
	q := a.Sub(b.Vector).Norm2() / 4
	rise := q/(1+math.Sqrt(max(0, 1-q))) + 4e-15
	r := r3.Vector{X: rise, Y: rise, Z: rise}
	return box{x.lo.Sub(r), x.hi.Add(r)}
}

// add widens x to hold y.
func (x *box) add(y box) {
	x.lo = r3.Vector{X: min(x.lo.X, y.lo.X), Y: min(x.lo.Y, y.lo.Y), Z: min(x.lo.Z, y.lo.Z)}
	x.hi = r3.Vector{X: max(x.hi.X, y.hi.X), Y: max(x.hi.Y, y.hi.Y), Z: max(x.hi.Z, y.hi.Z)}
}

// distance2 returns the square of the straight distance of p to the box.
func (x *box) distance2(p s2.Point) float64 {
	dx := max(x.lo.X-p.X, 0, p.X-x.hi.X)
	dy := max(x.lo.Y-p.Y, 0, p.Y-x.hi.Y)
	dz := max(x.lo.Z-p.Z, 0, p.Z-x.hi.Z)
	return dx*dx + dy*dy + dz*dz
}

// meets reports whether two boxes have a point in common.
func (x *box) meets(y *box) bool {
	return x.lo.X <= y.hi.X && y.lo.X <= x.hi.X &&
		x.lo.Y <= y.hi.Y && y.lo.Y <= x.hi.Y &&
		x.lo.Z <= y.hi.Z && y.lo.Z <= x.hi.Z
}

// near calls visit with segments whose boxes may be within reach of p, nearer
// nodes first. Reach is a squared straight distance; visit returns the reach
// from there on, which a nearest-neighbour search shrinks with each find. All
// segments within the final reach have been visited then, and some others.
func (t *boxTree) near(p s2.Point, reach float64, visit func(segment int) float64) {
	if len(t.order) == 0 {
		return
	}
	var search func(level, i int)
	search = func(level, i int) {
		if level == 0 {
			reach = visit(int(t.order[i]))
			return
		}
		below := t.levels[level-1]
		type child struct {
			i int
			d float64
		}
		var children [fan]child
		n := 0
		for j := i * fan; j < min((i+1)*fan, len(below)); j++ {
			if d := below[j].distance2(p); d <= reach {
				// Insertion sort: there are eight at most.
				k := n
				for ; k > 0 && children[k-1].d > d; k-- {
					children[k] = children[k-1]
				}
				children[k] = child{j, d}
				n++
			}
		}
		for _, c := range children[:n] {
			// The reach may have shrunk since the child was noted.
			if c.d <= reach {
				search(level-1, c.i)
			}
		}
	}
	root := len(t.levels) - 1
	if t.levels[root][0].distance2(p) <= reach {
		search(root, 0)
	}
}

// meeting calls visit with the segments whose boxes meet b, each once.
func (t *boxTree) meeting(b box, visit func(segment int)) {
	var search func(level, i int)
	search = func(level, i int) {
		if !t.levels[level][i].meets(&b) {
			return
		}
		if level == 0 {
			visit(int(t.order[i]))
			return
		}
		for j := i * fan; j < min((i+1)*fan, len(t.levels[level-1])); j++ {
			search(level-1, j)
		}
	}
	if len(t.order) > 0 {
		search(len(t.levels)-1, 0)
	}
}
