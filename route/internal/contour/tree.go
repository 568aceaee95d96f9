package contour

import (
	"context"
	"math"
)

// tree finds the pieces that matter to a point: a packed tree of boxes over the
// pieces in Morton order, each with the lowest time in it.
type tree struct {
	pieces []Piece
	levels [][]node // the leaves first, fanout pieces each, then fanout nodes each
}

type node struct {
	box   Box
	least float64
}

const fanout = 8

// newTree orders the pieces, or stops with the context's error.
func newTree(ctx context.Context, pieces []Piece) (*tree, error) {
	bound := EmptyBox
	for i := range pieces {
		bound.Add(pieces[i].A)
		bound.Add(pieces[i].B)
	}
	// Codes of 16 bits a coordinate, the numbers of the pieces below them.
	order := make([]uint64, len(pieces))
	size := max(1, (float64(bound.MaxX)-float64(bound.MinX))/65535, (float64(bound.MaxY)-float64(bound.MinY))/65535)
	for i, p := range pieces {
		x := (float64(p.A.X)/2 + float64(p.B.X)/2 - float64(bound.MinX)) / size
		y := (float64(p.A.Y)/2 + float64(p.B.Y)/2 - float64(bound.MinY)) / size
		order[i] = (interleave(uint16(x))|interleave(uint16(y))<<1)<<32 | uint64(i)
	}
	order, err := sortUpper(ctx, order)
	if err != nil {
		return nil, err
	}
	t := &tree{pieces: make([]Piece, len(pieces))}
	for i, o := range order {
		t.pieces[i] = pieces[uint32(o)]
	}
	var leaves []node
	for lo := 0; lo < len(t.pieces); lo += fanout {
		if lo%(1<<16) == 0 && ctx.Err() != nil {
			return nil, ctx.Err()
		}
		n := node{EmptyBox, math.Inf(1)}
		for _, p := range t.pieces[lo:min(lo+fanout, len(t.pieces))] {
			n.box.Add(p.A)
			n.box.Add(p.B)
			n.least = min(n.least, p.least())
		}
		leaves = append(leaves, n)
	}
	for level := leaves; len(level) > 0; {
		t.levels = append(t.levels, level)
		if len(level) == 1 {
			break
		}
		var up []node
		for lo := 0; lo < len(level); lo += fanout {
			n := node{EmptyBox, math.Inf(1)}
			for _, c := range level[lo:min(lo+fanout, len(level))] {
				n.box.Add(Position{c.box.MinX, c.box.MinY})
				n.box.Add(Position{c.box.MaxX, c.box.MaxY})
				n.least = min(n.least, c.least)
			}
			up = append(up, n)
		}
		level = up
	}
	return t, ctx.Err()
}

// sortUpper sorts by the upper 32 bits, byte by byte, keeping the order of equal
// ones.
func sortUpper(ctx context.Context, list []uint64) ([]uint64, error) {
	other := make([]uint64, len(list))
	for shift := 32; shift < 64; shift += 8 {
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		var first [257]int
		for _, x := range list {
			first[x>>shift&255+1]++
		}
		for b := range 256 {
			first[b+1] += first[b]
		}
		for _, x := range list {
			b := x >> shift & 255
			other[first[b]] = x
			first[b]++
		}
		list, other = other, list
	}
	return list, nil
}

// interleave spreads 16 bits over every second of 32.
func interleave(x uint16) uint64 {
	v := uint64(x)
	v = (v | v<<8) & 0x00ff00ff
	v = (v | v<<4) & 0x0f0f0f0f
	v = (v | v<<2) & 0x33333333
	return (v | v<<1) & 0x55555555
}

// distance returns how far a point is from the box.
func (b *Box) distance(at Position, s scale) float64 {
	dx := float64(max(int(b.MinX)-int(at.X), int(at.X)-int(b.MaxX), 0)) * s.x
	dy := float64(max(int(b.MinY)-int(at.Y), int(at.Y)-int(b.MaxY), 0)) * s.y
	return math.Sqrt(dx*dx + dy*dy)
}

// visit is a node of the tree to be looked at, and a bound of what is in it.
type visit struct {
	bound       float64
	level, node int32
}

// walk is the memory of a search. Nodes on the stack are looked at from the last,
// and the children of a node are pushed with the lowest bound last.
type walk struct {
	stack []visit
	last  int // the piece found before, likely the one for the next point
}

// search looks at the pieces of nodes whose bound, which is no more than what
// rating gives for any piece of theirs, is at most what rating last returned: the
// bound of what is still of interest.
func (t *tree) search(w *walk, most float64, bound func(n *node) float64, rating func(piece int) float64) {
	if len(t.levels) == 0 {
		return
	}
	top := len(t.levels) - 1
	w.stack = append(w.stack[:0], visit{bound(&t.levels[top][0]), int32(top), 0})
	for len(w.stack) > 0 {
		v := w.stack[len(w.stack)-1]
		w.stack = w.stack[:len(w.stack)-1]
		if v.bound > most {
			continue
		}
		lo := int(v.node) * fanout
		if v.level == 0 {
			for i := lo; i < min(lo+fanout, len(t.pieces)); i++ {
				most = rating(i)
			}
			continue
		}
		down := t.levels[v.level-1]
		first := len(w.stack)
		for i := lo; i < min(lo+fanout, len(down)); i++ {
			c := visit{bound(&down[i]), v.level - 1, int32(i)}
			if c.bound > most {
				continue
			}
			w.stack = append(w.stack, c)
			for k := len(w.stack) - 1; k > first && w.stack[k-1].bound < w.stack[k].bound; k-- {
				w.stack[k-1], w.stack[k] = w.stack[k], w.stack[k-1]
			}
		}
	}
}

// arrive returns the least time at which a point is arrived at from a piece of a
// label, or of any if the label is negative; and its label, of equal times the
// lowest. Not farther than reach: [Inf] otherwise.
func (t *tree) arrive(w *walk, sp *spread, at Position, s scale, label int32) (uint32, int32) {
	best, from := Inf, int32(math.MaxInt32)
	// Times are rounded before they are compared, so bounds leave one more.
	rating := func(i int) float64 {
		p := &t.pieces[i]
		if (label < 0 || p.Label == label) && p.least()+sp.slowness*p.apart(at, s) < float64(best)+1 {
			if ms, ok := sp.arrive(p, at, s); ok {
				if at := whole(ms); at < best || at == best && p.Label < from {
					best, from = at, p.Label
					w.last = i
				}
			}
		}
		return float64(best) + 1
	}
	bound := func(n *node) float64 {
		d := n.box.distance(at, s)
		if d > sp.reach {
			return math.Inf(1)
		}
		return n.least + sp.slowness*d
	}
	most := float64(Inf)
	if w.last < len(t.pieces) {
		most = rating(w.last)
	}
	t.search(w, most, bound, rating)
	if best == Inf {
		return Inf, -1
	}
	return best, from
}

// gap returns the distance of a point to the nearest piece, at most that given.
func (t *tree) gap(w *walk, at Position, s scale, most float64) float64 {
	rating := func(i int) float64 {
		most = min(most, t.pieces[i].distance(at, s))
		return most
	}
	t.search(w, most, func(n *node) float64 { return n.box.distance(at, s) }, rating)
	return most
}
