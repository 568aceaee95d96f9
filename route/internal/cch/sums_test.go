package cch

import (
	"fmt"
	"testing"
)

// The sums come with the road graphs; every program that answers the same
// questions gives them.

func TestSums(t *testing.T) {
	for _, name := range []string{"delaware-t", "porto-t", "moscow-t", "moscow-t/renumbered"} {
		t.Run(name, func(t *testing.T) {
			r := loadRoad(t, name)
			h := r.hierarchy
			check := func(name string, got uint64) {
				t.Helper()
				if want, ok := r.sums[name]; !ok || got != want {
					t.Errorf("%s: %d, want %d", name, got, want)
				}
			}
			q := r.metric.NewQuery()
			check("sum_p2p", r.sumOfPairs(t, q, len(r.pairs)))

			for _, p := range r.pairs[:1000] {
				r.checkPath(t, q, p[0], p[1])
			}

			var sum uint64
			dist := make([]uint32, h.Nodes())
			for _, s := range stops[uint32](t, h, r.rows[:10]) {
				q.FromStop(s, Inf[uint32](), dist)
				for _, d := range dist {
					sum += uint64(d)
				}
			}
			check("sum_one_to_all_10", sum)

			cells, err := r.metric.Matrix(t.Context(), stops[uint32](t, h, r.rows), stops[uint32](t, h, r.columns), MatrixOptions[uint32]{})
			if err != nil {
				t.Fatal(err)
			}
			sum = 0
			for _, d := range cells {
				sum += uint64(d)
			}
			check("sum_matrix", sum)

			open := r.sumOfPairs(t, q, 1000)
			w := r.metric.NewWorker()
			closed := w.Metric().NewQuery()
			for _, k := range []int{1, 10, 100, 1000} {
				if err := w.Change(t.Context(), r.closing(k)); err != nil {
					t.Fatal(err)
				}
				check(fmt.Sprintf("sum_p2p1000_closed_%d", k), r.sumOfPairs(t, closed, 1000))
				w.Undo()
				if got := r.sumOfPairs(t, closed, 1000); got != open {
					t.Errorf("sum of 1000 pairs after undoing %d closures: %d, was %d", k, got, open)
				}
			}
		})
	}
}

// sumOfPairs returns the sum of the distances of the first pairs.
func (r *road) sumOfPairs(t *testing.T, q *Query[uint32], pairs int) uint64 {
	t.Helper()
	var sum uint64
	for _, p := range r.pairs[:pairs] {
		ends := stops[uint32](t, r.hierarchy, p[:])
		sum += uint64(q.Distance(ends[0], ends[1]))
	}
	return sum
}

// closing returns the changes that make the first closures.
func (r *road) closing(k int) []Change[uint32] {
	var changes []Change[uint32]
	for _, c := range r.closures[:k] {
		changes = append(changes, Change[uint32]{r.arcOf(c[0], c[1]), Inf[uint32]()})
	}
	return changes
}

// checkPath checks that a path leads where it should over arcs that add up.
func (r *road) checkPath(t *testing.T, q *Query[uint32], from, to uint32) {
	t.Helper()
	ends := stops[uint32](t, r.hierarchy, []uint32{from, to})
	p, ok := q.Path(ends[0], ends[1], nil)
	at, cost := p.From, uint32(0)
	for _, a := range p.Arcs {
		if r.graph.Tail[a] != at {
			t.Fatalf("%d to %d: arc %d leaves %d, not %d", from, to, a, r.graph.Tail[a], at)
		}
		at = r.graph.Head[a]
		cost += r.weight[a]
	}
	if !ok || p.From != from || at != to || p.To != to || p.Cost != cost || cost != q.Distance(ends[0], ends[1]) {
		t.Fatalf("%d to %d: path from %d to %d of cost %d, arcs cost %d and end at %d",
			from, to, p.From, p.To, p.Cost, cost, at)
	}
}
