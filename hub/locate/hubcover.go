package locate

import (
	"encoding/binary"
	"math"
	"slices"

	"github.com/hubplan/hubplan/hub/locate/internal/mip"
)

// within reports whether flow from i to j by hubs k and m costs no more than
// Radius.
func (b *web) within(i, k, m, j int) bool { return b.path(i, k, m, j) <= b.Radius }

// linearHubCover states HubCover (Campbell 1994). With multiple allocation w_k_m
// is 1 if both hubs are open, and t_i_j if the flow is covered that takes the
// same hubs as that from i to j; with Single the column z_i_k of allocation is 1
// if k is the hub of i.
func (w *work) linearHubCover() (l *linear, allocation [][]int, err error) {
	l = w.newLinear(func(j int) float64 {
		if w.Maximises() {
			return 0
		}
		return w.opening(j)
	})
	if w.Maximises() {
		if l.exact = 1; w.Hub.Flow != nil {
			l.exact = exact(w.Hub.Flow)
		}
	} else {
		l.exact = w.exactCosts()
	}
	if w.Hub.Single {
		allocation = l.allocate()
		l.coverSingle(w.web(), allocation)
		return l, allocation, nil
	}
	return l, nil, l.coverMultiple(w.web())
}

// coverMultiple covers pairs of nodes by any two open hubs.
func (l *linear) coverMultiple(b *web) error {
	both := map[[2]int]int{}
	two := func(k, m int) int { // the column that is 1 if both are open
		if k == m {
			return l.open[k]
		}
		key := [2]int{min(k, m), max(k, m)}
		column, seen := both[key]
		if !seen {
			column = l.column(0, 0, 1, "w", key[0], key[1])
			l.behind(column, l.open[key[0]], "a", key[0], key[1])
			l.behind(column, l.open[key[1]], "b", key[0], key[1])
			both[key] = column
		}
		return column
	}
	at := map[string]int{} // columns t by the ways of a pair
	for i := range b.n {
		for j := range b.n {
			flow := l.Hub.flow(b.n, i, j)
			if flow == 0 {
				continue
			}
			var ways [][2]int
			alone := make([]bool, b.n)
			for k := range b.n {
				if alone[k] = l.open[k] >= 0 && b.within(i, k, k, j); alone[k] {
					ways = append(ways, [2]int{k, k})
				}
			}
			for k := range b.n {
				for m := range k {
					if l.open[k] >= 0 && l.open[m] >= 0 && !alone[k] && !alone[m] && (b.within(i, k, m, j) || b.within(i, m, k, j)) {
						ways = append(ways, [2]int{m, k})
					}
				}
			}
			if len(ways) == 0 {
				if l.Maximises() {
					continue
				}
				return infeasiblef("no hubs take flow from node %d to node %d at a cost within %v", i, j, l.Radius)
			}
			var key []byte
			for _, way := range ways {
				key = binary.LittleEndian.AppendUint32(key, uint32(way[0]*b.n+way[1]))
			}
			if t, seen := at[string(key)]; seen {
				if l.Maximises() {
					l.Cost[t] -= flow
				}
				continue
			}
			var r row
			for _, way := range ways {
				r.add(two(way[0], way[1]), 1)
			}
			at[string(key)] = -1
			if !l.Maximises() {
				l.limit(1, noMore, r, "d", i, j)
				continue
			}
			t := l.column(-flow, 0, 1, "t", i, j)
			at[string(key)] = t
			r.add(t, -1)
			l.limit(0, noMore, r, "d", i, j)
		}
	}
	return nil
}

// coverSingle covers pairs of nodes by the hubs of both: where one has a hub, the
// other has one that goes with it.
func (l *linear) coverSingle(b *web, z [][]int) {
	for i := range b.n {
		for j := range i + 1 {
			out, back := l.Hub.flow(b.n, i, j), l.Hub.flow(b.n, j, i)
			if i == j {
				back = 0
			}
			if !l.Maximises() {
				if out > 0 || back > 0 {
					l.together(b, z, i, j, -1, "ft", func(k, m int) bool {
						return (out == 0 || b.within(i, k, m, j)) && (back == 0 || b.within(j, m, k, i))
					})
				}
				continue
			}
			if out > 0 {
				t := l.column(-out, 0, 1, "t", i, j)
				l.together(b, z, i, j, t, "ft", func(k, m int) bool { return b.within(i, k, m, j) })
			}
			if back > 0 {
				t := l.column(-back, 0, 1, "t", j, i)
				l.together(b, z, i, j, t, "gu", func(k, m int) bool { return b.within(j, m, k, i) })
			}
		}
	}
}

// together has the hubs of two nodes be such that they may go together, always or
// where t is 1. letters are those of the rows for the one and the other.
func (l *linear) together(b *web, z [][]int, i, j, t int, letters string, may func(k, m int) bool) {
	side := func(i, j int, may func(k, m int) bool, letter string) {
		for k := range b.n {
			if z[i][k] < 0 {
				continue
			}
			var r row
			r.add(z[i][k], -1)
			count := 0
			for m := range b.n {
				if z[j][m] < 0 || !may(k, m) {
					continue
				}
				if count++; i != j {
					r.add(z[j][m], 1)
				} else if m == k {
					r.values[0]++
				}
			}
			least := 0.0
			if t >= 0 {
				r.add(t, -1)
				least = -1
			}
			if i == j && r.values[0] == 0 && t < 0 {
				continue
			}
			l.limit(least, noMore, r, letter, i, j, k)
		}
	}
	side(i, j, may, letters[:1])
	if i != j {
		side(j, i, func(m, k int) bool { return may(k, m) }, letters[1:])
	}
}

// covered is how much flow open hubs cover, and whether that is all; hub is the
// hub of each node, nil for any.
func (b *web) covered(open, hub []int) (sum float64, all bool) {
	all = true
	for i := range b.n {
		for j := range b.n {
			flow := b.Hub.flow(b.n, i, j)
			if flow == 0 {
				continue
			}
			in := false
			if hub != nil {
				in = b.within(i, hub[i], hub[j], j)
			} else {
				for _, k := range open {
					for _, m := range open {
						in = in || b.within(i, k, m, j)
					}
				}
			}
			if in {
				sum += flow
			} else {
				all = false
			}
		}
	}
	return sum, all
}

// judgeHubCover is judge for HubCover with multiple allocation.
func (w *work) judgeHubCover(open, hub []int) (value float64, ok bool) {
	sum, all := w.web().covered(open, hub)
	if w.Maximises() {
		return sum, true
	}
	return w.paidFor(open, nil), all
}

// hubCover solves HubCover with single allocation, whose solution is more than
// the open hubs.
func (w *work) hubCover() (*Solution, error) {
	l, z, err := w.linearHubCover()
	if err != nil {
		return nil, err
	}
	sign := 1.0
	if w.Maximises() {
		sign = -1
	}
	o := mip.Options{Stop: w.stop, Nodes: w.Nodes, Gap: w.Gap, Workers: w.Workers, Step: l.exact}
	if w.Progress != nil {
		o.Report = func(v, b float64, n int) {
			w.Progress(Progress{Objective: sign * v, Bound: sign * b, Gap: gap(v, b), Nodes: n})
		}
	}
	r := mip.Solve(&l.Problem, o)
	switch {
	case r.X == nil && math.IsInf(r.Bound, 1):
		return nil, infeasiblef("no hubs take all flow at a cost within %v", w.Radius)
	case r.X == nil && w.ctx.Err() != nil:
		return nil, w.ctx.Err()
	case r.X == nil:
		return nil, ErrNodeLimit
	}
	open, _ := l.opened(r.X)
	hub := make([]int, w.demands)
	for i := range hub {
		hub[i] = slices.IndexFunc(z[i], func(column int) bool { return column >= 0 && r.X[column] > 0.5 })
	}
	value, _ := w.judgeHubCover(open, hub)
	bound := sign * min(r.Bound, sign*value)
	if sign > 0 {
		bound = max(bound, 0)
	}
	s := w.outcomeOf(value, bound, r.Nodes, r.Complete)
	s.Open, s.Assign = open, hub
	return s, nil
}
