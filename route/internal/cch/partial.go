package cch

import (
	"math/bits"
	"slices"
)

// spread computes the pending arcs anew, lowest first, and whatever depends on
// what changed, and reports whether that was done within the given work. If it
// was not, the arcs of the view are left half done and none is pending.
func (w *Worker[W]) spread(work int) bool {
	h, m := w.base.h, &w.view
	for {
		a, ok := w.pending.pop()
		if !ok {
			return true
		}
		if work < 0 {
			w.pending.clear()
			return false
		}
		x, y := h.upTail[a], h.upHead[a]
		up, down := m.own(a)
		// Arcs from below to both ends of a: both lists ascend by their tail,
		// and only the subtree of x is common to them.
		i, end := h.downFirst[x], h.downFirst[x+1]
		j, last := h.downFirst[y], h.downFirst[y+1]
		work -= int(end - i)
		if i < end {
			at, _ := slices.BinarySearch(h.downTail[j:last], h.downTail[i])
			j += uint32(at)
		}
		for i < end && j < last {
			s, t := h.downTail[i], h.downTail[j]
			if s == t {
				b, c := h.downArc[i], h.downArc[j]
				up = min(up, m.down[b]+m.up[c])
				down = min(down, m.down[c]+m.up[b])
			}
			if s <= t {
				i++
			}
			if t <= s {
				j++
				work--
			}
		}
		oldUp, oldDown := m.up[a], m.down[a]
		if up == oldUp && down == oldDown {
			continue
		}
		m.up[a], m.down[a] = up, down
		if !w.whole {
			w.touch(a)
		}
		work -= w.alert(a, oldUp, oldDown)
	}
}

// alert makes every arc pending that may change because arc a did: those between
// the head of a and the other higher neighbours of its tail, if their weight went
// through the tail or may do so now. It returns the number of these neighbours.
func (w *Worker[W]) alert(a uint32, oldUp, oldDown W) int {
	h, m := w.base.h, &w.view
	up, down := m.up[a], m.down[a]
	x, y := h.upTail[a], h.upHead[a]
	// Neighbours z below y: from z to y through x. What x has between the two, z
	// has too, and few others.
	first, last := h.upFirst[x], h.upFirst[x+1]
	for b := first; b < a; b++ {
		c := h.upFirst[h.upHead[b]] + (a - b - 1)
		for h.upHead[c] != y {
			c++
		}
		if concerns(m.up[c], m.down[b]+oldUp, m.down[b]+up) ||
			concerns(m.down[c], oldDown+m.up[b], down+m.up[b]) {
			w.pending.push(c)
		}
	}
	// Neighbours z above y: all of them are above y in its own list too.
	c := h.upFirst[y]
	for b := a + 1; b < last; b++ {
		for z := h.upHead[b]; h.upHead[c] != z; {
			c++
		}
		if concerns(m.up[c], oldDown+m.up[b], down+m.up[b]) ||
			concerns(m.down[c], m.down[b]+oldUp, m.down[b]+up) {
			w.pending.push(c)
		}
	}
	return int(last - first)
}

// concerns reports whether an arc may change when the cost of a way that it may
// stand for does.
func concerns[W Weight](weight, old, now W) bool {
	return now < weight || old == weight && now != old
}

// pending is a set of arcs from which the lowest is taken first: a tree of bits
// of three levels, each word of which stands for one bit of the next.
type pending struct {
	level [3][]uint64
}

func newPending(arcs int) *pending {
	p := &pending{}
	for i := range p.level {
		arcs = (arcs + 63) / 64
		p.level[i] = make([]uint64, arcs)
	}
	return p
}

func (p *pending) push(a uint32) {
	for i := range p.level {
		word := a / 64
		p.level[i][word] |= 1 << (a % 64)
		a = word
	}
}

// pop takes out the lowest arc and reports whether there was one.
func (p *pending) pop() (uint32, bool) {
	top := 0
	for top < len(p.level[2]) && p.level[2][top] == 0 {
		top++
	}
	if top == len(p.level[2]) {
		return 0, false
	}
	a := uint32(top)
	for i := 2; i >= 0; i-- {
		a = a*64 + uint32(bits.TrailingZeros64(p.level[i][a]))
	}
	word := a
	for i := range p.level {
		p.level[i][word/64] &^= 1 << (word % 64)
		if word /= 64; p.level[i][word] != 0 {
			break
		}
	}
	return a, true
}

func (p *pending) clear() {
	for i := range p.level {
		fill(p.level[i], 0)
	}
}
