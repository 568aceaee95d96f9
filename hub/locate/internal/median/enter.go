package median

import "github.com/hubplan/hubplan/hub/locate/internal/branch"

// Enter finds the pairs of the node: those of sites that are not Out and that
// cost less than the nearest site that is In. A best multiplier lies between
// the cheapest cost left to the demand, below which raising it is free, and
// the cost of the nearest site that is In, above which raising it gains
// nothing; the same holds above the dearest cost if the demand can use every
// site left.
func (m *Model) Enter(state []branch.State, lo, hi []float64) bool {
	left := 0
	for j, f := range m.in.Fixed {
		switch {
		case f == branch.Free:
		case state[j] != branch.Free && state[j] != f:
			return false
		default:
			state[j] = f
		}
		if state[j] != branch.Out {
			left++
		}
	}
	if !m.forked {
		m.lists.extend(m.short, m.search.stop)
	}
	possible := true
	for b := range m.view {
		if !m.enterBlock(b, state, left, lo, hi) {
			possible = false
		}
	}
	m.hi = hi
	return possible
}

// enterBlock does so for the demands of one block. The root drops for good
// what does not matter; forks copy what does, unless there is too much of it.
func (m *Model) enterBlock(b int, state []branch.State, left int, lo, hi []float64) bool {
	from, to := m.lists.span(b)
	list := &m.lists.blocks[b]
	out := list
	keep := !m.forked
	if m.forked && m.size <= copySize {
		out, keep = &m.view[b], true
		out.first = append(out.first[:0], list.first...)
		out.site, out.cost = out.site[:0], out.cost[:0]
		if cap(out.site) < len(list.site) {
			out.site, out.cost = make([]int32, 0, len(list.site)), make([]float64, 0, len(list.site))
		}
	}
	at := int32(0) // pairs kept
	possible := true
	for k := from; k < to; k++ {
		first, last := list.first[k-from], list.first[k-from+1]
		least, most, dearest := -1.0, m.cap[k], 0.0
		seen, closed := 0, false
		if keep && m.forked {
			out.first[k-from] = at
		}
		start := at
		for e := first; e < last; e++ {
			j, c := list.site[e], list.cost[e]
			if c >= most {
				break
			}
			st := state[j]
			if st == branch.Out {
				continue
			}
			if least < 0 {
				least = c
			}
			if st == branch.In {
				most, closed = c, true
				break
			}
			seen++
			dearest = c
			if keep {
				if m.forked {
					out.site, out.cost = append(out.site, j), append(out.cost, c)
				} else {
					out.site[at], out.cost[at] = j, c
				}
				at++
			}
		}
		if keep && !m.forked {
			list.first[k-from] = start
			if closed {
				m.cap[k] = most
			}
		}
		full := m.lists.full(k) || most < m.lists.ceiling && most <= m.lists.reach[k]
		switch {
		case least < 0 && most < m.lists.ceiling:
			least = most
		case least < 0 && full:
			possible = false
			least = most
		case least < 0:
			least = m.lists.reach[k]
		case full && seen == left && !closed:
			most = dearest
		}
		if !full {
			most = min(most, m.lists.reach[k])
		}
		lo[k], hi[k] = min(least, most), most
	}
	if keep {
		out.first[to-from] = at
		if !m.forked {
			list.site, list.cost = list.site[:at], list.cost[:at]
		}
	}
	return possible
}
