package cch

import (
	"slices"
	"sync/atomic"
)

// A step of a path being unpacked is an arc of the hierarchy passed in one
// direction, arc<<1 | 1 if it leads down, or with the bit plain an arc of the
// graph.
const plain = 1 << 31

// unpack replaces steps, in order, by the arcs of the graph that they stand for.
// It works in rounds, each of which halves all steps that are not plain, so that
// the look-ups of a round need not wait for each other. It returns the arcs and
// the memory of the other rounds, whose contents mean nothing.
func (m *Metric[W]) unpack(steps, buffer []uint32) (arcs, other []uint32) {
	middles := m.middleTable()
	for i, step := range steps {
		steps[i] = m.resolve(step)
	}
	for open := true; open; {
		open = false
		buffer = slices.Grow(buffer[:0], 2*len(steps))[:2*len(steps)]
		n := 0
		for _, step := range steps {
			if step&plain != 0 {
				buffer[n] = step
				n++
				continue
			}
			open = true
			var halves uint64
			if middles == nil {
				halves = m.halves(step)
			} else if halves = atomic.LoadUint64(&middles[step]); halves == 0 {
				halves = m.halves(step)
				atomic.StoreUint64(&middles[step], halves)
			}
			buffer[n], buffer[n+1] = uint32(halves), uint32(halves>>32)
			n += 2
		}
		steps, buffer = buffer[:n], steps
	}
	for i := range steps {
		steps[i] &^= plain
	}
	return steps, buffer
}

// middleTable returns the two steps that each step so far unpacked stands for,
// second<<32 | first, 0 where not yet known. It is made for the first path and
// takes 16 bytes an arc. The metric of a worker has none.
func (m *Metric[W]) middleTable() []uint64 {
	if m.changing {
		return nil
	}
	m.unpacked.Do(func() { m.middles = make([]uint64, 2*len(m.up)) })
	return m.middles
}

// halves returns the two steps that a step stands for, the second in the high
// half: by way of the lowest node of all that give it its weight.
func (m *Metric[W]) halves(step uint32) uint64 {
	h := m.h
	a, down := step>>1, step&1 == 1
	weight, toX, toY := m.up[a], m.down, m.up
	if down {
		weight, toX, toY = m.down[a], m.up, m.down
	}
	x, y := h.upTail[a], h.upHead[a]
	for i := h.downFirst[x]; i < h.downFirst[x+1]; i++ {
		b := h.downArc[i]
		if toX[b] > weight {
			continue
		}
		last := h.upFirst[h.downTail[i]+1]
		for c := b + 1; c < last && h.upHead[c] <= y; c++ {
			if h.upHead[c] != y || toX[b]+toY[c] != weight {
				continue
			}
			first, second := b<<1|1, c<<1
			if down {
				first, second = c<<1|1, b<<1
			}
			return uint64(m.resolve(second))<<32 | uint64(m.resolve(first))
		}
	}
	panic("cch: an arc has a weight that nothing gives it")
}

// resolve returns the lowest arc of the graph under an arc of the hierarchy that
// has its weight, or the step itself if there is none.
func (m *Metric[W]) resolve(step uint32) uint32 {
	a := step >> 1
	weight := m.up[a]
	if step&1 == 1 {
		weight = m.down[a]
	}
	for _, in := range m.h.in[m.h.inFirst[a]:m.h.inFirst[a+1]] {
		if in&1 == step&1 && m.weight[in>>1] == weight {
			return in>>1 | plain
		}
	}
	return step
}
