package geo

import (
	"container/heap"
	"math"

	"github.com/golang/geo/s2"
	"github.com/paulmach/orb"
)

// LabelPoint returns a point well inside the sector, where its name can be
// written: one whose distance to the boundary is at most 1 %, or a few
// centimetres, less than the largest there is. For a sector without area it
// is the zero point.
//
// Source: V. Agafonkin, polylabel (2016), a best-first search over squares,
// here over S2 cells.
func (s *Sector) LabelPoint() orb.Point {
	b := newBoundary(s)
	if len(b.from) == 0 {
		return orb.Point{}
	}
	// The deepest cell found so far against the potential of what is left:
	// the search ends when no cell can hold a point that is much deeper.
	queue := &labelCells{}
	for face := range 6 {
		heap.Push(queue, b.labelCell(s2.CellFromCellID(s2.CellIDFromFace(face))))
	}
	best := labelCell{depth: 0}
	for queue.Len() > 0 {
		c := heap.Pop(queue).(labelCell)
		if c.potential <= best.depth*1.01 {
			break
		}
		if c.depth > best.depth {
			best = c
		}
		children, _ := c.cell.Children()
		for _, child := range children {
			if x := b.labelCell(child); !child.IsLeaf() && x.potential > best.depth*1.01 {
				heap.Push(queue, x)
			}
		}
	}
	if best.depth == 0 {
		return orb.Point{}
	}
	return fromS2(best.cell.Center())
}

// boundary is what LabelPoint asks about a sector.
type boundary struct {
	index    *Index
	tree     *boxTree
	from, to []s2.Point // the edges
}

func newBoundary(s *Sector) *boundary {
	b := &boundary{index: NewIndex([]Sector{*s})}
	for _, polygon := range loopsOf(s.Boundary) {
		for _, loop := range polygon {
			for i := range loop.NumVertices() {
				b.from = append(b.from, loop.Vertex(i))
				b.to = append(b.to, loop.Vertex(i+1))
			}
		}
	}
	b.tree = newBoxTree(len(b.from), func(i int) (s2.Point, s2.Point) { return b.from[i], b.to[i] })
	return b
}

// distance returns the distance of p to the boundary.
func (b *boundary) distance(p s2.Point) Distance {
	best := Distance(math.Inf(1))
	b.tree.near(p, 4, func(i int) float64 {
		_, d := nearest(p, b.from[i], b.to[i])
		best = min(best, d)
		return chord2(best)
	})
	return best
}

// labelCell is a cell whose centre is depth inside the boundary (negative:
// outside) and in which no point is deeper than potential: the depth of a
// point changes by no more than the way to it.
type labelCell struct {
	cell             s2.Cell
	depth, potential Distance
}

func (b *boundary) labelCell(cell s2.Cell) labelCell {
	center := cell.Center()
	c := labelCell{cell: cell, depth: b.distance(center)}
	if _, inside := b.index.Find(fromS2(center)); !inside {
		c.depth = -c.depth
	}
	c.potential = c.depth + Distance(cell.CapBound().Radius())*EarthRadius
	return c
}

// labelCells is a heap with the greatest potential on top.
type labelCells []labelCell

func (q labelCells) Len() int      { return len(q) }
func (q labelCells) Swap(i, j int) { q[i], q[j] = q[j], q[i] }
func (q labelCells) Less(i, j int) bool {
	if q[i].potential != q[j].potential {
		return q[i].potential > q[j].potential
	}
	return q[i].cell.ID() < q[j].cell.ID()
}
func (q *labelCells) Push(x any) { *q = append(*q, x.(labelCell)) }
func (q *labelCells) Pop() any {
	old := *q
	x := old[len(old)-1]
	*q = old[:len(old)-1]
	return x
}
