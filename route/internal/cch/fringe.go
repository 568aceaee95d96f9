package cch

// layers parts the ranks of a hierarchy in two. The fringe is what has one or two
// higher neighbours, as has everything below it: the dead ends and chains of a
// road graph, most of its nodes. The core is the rest, and all ancestors of a
// core node are core. Loops over the fringe need no inner loop, whose end a
// processor cannot foresee.
type layers struct {
	core   []uint32 // ranks, ascending
	fringe []uint32 // ranks, ascending

	// third is, per entry of fringe, the arc between the two higher neighbours
	// or, where there is one, the arc to it: its weight is not above that of
	// going there and back and there again.
	third []uint32

	// below has, per entry of core, the arcs from lower core nodes that have
	// further arcs up, by ascending tail, and beyond the ends of these.
	belowFirst []uint32
	below      []uint32
	beyond     []uint32
}

// split finds the layers of a hierarchy that has its arcs.
func (h *Hierarchy) split() {
	n := len(h.parent)
	inCore := make([]bool, n)
	fringe := 0
	for x, p := range h.parent {
		degree := h.upFirst[x+1] - h.upFirst[x]
		if degree == 0 || degree > 2 {
			inCore[x] = true
		}
		if !inCore[x] {
			fringe++
		} else if p != none {
			inCore[p] = true
		}
	}
	l := &h.layers
	l.fringe, l.third = make([]uint32, 0, fringe), make([]uint32, 0, fringe)
	l.core = make([]uint32, 0, n-fringe)
	l.belowFirst = make([]uint32, 1, n-fringe+1)
	for x := range uint32(n) {
		if inCore[x] {
			l.core = append(l.core, x)
			for i := h.downFirst[x]; i < h.downFirst[x+1]; i++ {
				a, s := h.downArc[i], h.downTail[i]
				if end := h.upFirst[s+1]; inCore[s] && a+1 < end {
					l.below = append(l.below, a)
					l.beyond = append(l.beyond, end)
				}
			}
			l.belowFirst = append(l.belowFirst, uint32(len(l.below)))
			continue
		}
		l.fringe = append(l.fringe, x)
		a := h.upFirst[x]
		if a+2 == h.upFirst[x+1] {
			a = h.arc(h.upHead[a], h.upHead[a+1])
		}
		l.third = append(l.third, a)
	}
}
