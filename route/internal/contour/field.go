package contour

import (
	"context"
	"fmt"
	"runtime"
	"sync"
	"sync/atomic"

	"github.com/hubplan/hubplan/geo"
)

// Options tunes [NewField].
type Options struct {
	// Slowness is the time off the lines, in milliseconds a metre.
	Slowness float64
	// Reach is how far off the lines places are reached; with zero or less none is.
	Reach geo.Distance
}

// Field is the times on a lattice, of which areas are drawn. It is immutable and
// safe for concurrent use.
type Field struct {
	Lattice
	spread spread
	tree   *tree
	off    []uint32 // per point, when it is arrived at off the lines
	value  []uint32 // per point, the earlier of off and of when it is touched
	label  []int32  // per point, whose value it is, of equal ones the lowest; -1 of Inf
}

// NewField finds the times of all points of a lattice, on all cores; the result
// does not depend on their number. The lattice must cover the pieces and a margin,
// as [NewLattice] does. It stops with the
// context's error when that ends.
func NewField(ctx context.Context, l Lattice, pieces []Piece, o Options) (*Field, error) {
	f := &Field{
		Lattice: l, spread: spread{o.Slowness, max(0, float64(o.Reach))},
		off: make([]uint32, l.Points()), value: make([]uint32, l.Points()), label: make([]int32, l.Points()),
	}
	touched, by := make([]uint32, l.Points()), make([]int32, l.Points())
	for c := range touched {
		touched[c], by[c] = Inf, -1
	}
	for i := range pieces {
		if i%(1<<14) == 0 && ctx.Err() != nil {
			return nil, ctx.Err()
		}
		if err := l.touch(&pieces[i], touched, by); err != nil {
			return nil, err
		}
	}
	for g := range f.value {
		f.value[g], f.label[g] = Inf, -1
		for _, c := range [4]int{g - l.NX - 1, g - l.NX, g - 1, g} {
			if c >= 0 && earlier(touched[c], by[c], f.value[g], f.label[g]) {
				f.value[g], f.label[g] = touched[c], by[c]
			}
		}
	}
	var err error
	if f.tree, err = newTree(ctx, pieces); err != nil {
		return nil, err
	}
	if o.Reach <= 0 {
		for g := range f.off {
			f.off[g] = Inf
		}
		return f, ctx.Err()
	}
	f.rows(ctx, func(w *walk, g int, s scale) {
		ms, label := f.tree.arrive(w, &f.spread, l.at(g), s, -1)
		f.off[g] = ms
		if earlier(ms, label, f.value[g], f.label[g]) {
			f.value[g], f.label[g] = ms, label
		}
	})
	return f, ctx.Err()
}

// earlier reports whether the first of two labels is there before the second.
func earlier(ms uint32, label int32, than uint32, other int32) bool {
	return ms < than || ms == than && ms != Inf && label < other
}

// rows calls visit for every point, on all cores, until the context ends.
func (f *Field) rows(ctx context.Context, visit func(w *walk, g int, s scale)) {
	var next atomic.Int64
	var workers sync.WaitGroup
	for range min(runtime.GOMAXPROCS(0), f.NY) {
		workers.Go(func() {
			var w walk
			for ctx.Err() == nil {
				row := int(next.Add(1)) - 1
				if row >= f.NY {
					return
				}
				s := f.scale(row * f.NX)
				for g := row * f.NX; g < (row+1)*f.NX; g++ {
					visit(&w, g, s)
				}
			}
		})
	}
	workers.Wait()
}

// touch sets the cells that a piece passes to the earliest time at which it is in
// them. Cells have the number of their lower left point. A piece along an edge of
// the lattice or through a point may pass for being in any cell there: all of them
// have the edge or the point in common.
func (l *Lattice) touch(p *Piece, touched []uint32, by []int32) error {
	// In cells, from the corner of the lattice.
	au, av := float64(int(p.A.X)-l.X)/float64(l.DX), float64(int(p.A.Y)-l.Y)/float64(l.DY)
	bu, bv := float64(int(p.B.X)-l.X)/float64(l.DX), float64(int(p.B.Y)-l.Y)/float64(l.DY)
	du, dv := bu-au, bv-av
	if low, high := min(au, bu), max(au, bu); low < 1 || high >= float64(l.NX-2) {
		return fmt.Errorf("contour: a piece from column %v to %v of %d", au, bu, l.NX)
	}
	if low, high := min(av, bv), max(av, bv); low < 1 || high >= float64(l.NY-2) {
		return fmt.Errorf("contour: a piece from row %v to %v of %d", av, bv, l.NY)
	}
	for j := int(min(av, bv)); j <= int(max(av, bv)); j++ {
		lo, hi := within(av, dv, float64(j), 0, 1)
		if lo > hi {
			continue
		}
		u0, u1 := au+lo*du, au+hi*du
		for i := int(min(u0, u1)); i <= int(max(u0, u1)); i++ {
			from, to := within(au, du, float64(i), lo, hi)
			if from > to {
				continue
			}
			ms := whole(min(p.TA+from*(p.TB-p.TA), p.TA+to*(p.TB-p.TA)))
			if c := j*l.NX + i; earlier(ms, p.Label, touched[c], by[c]) {
				touched[c], by[c] = ms, p.Label
			}
		}
	}
	return nil
}

// within narrows the parameters lo to hi of a coordinate a + t*d to those at which
// it is between cell and cell+1.
func within(a, d, cell, lo, hi float64) (float64, float64) {
	if d == 0 {
		return lo, hi
	}
	enter, leave := (cell-a)/d, (cell+1-a)/d
	if d < 0 {
		enter, leave = leave, enter
	}
	return max(lo, enter), min(hi, leave)
}
