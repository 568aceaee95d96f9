package cover

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

// check compares what the walk keeps up to date with its definition.
func (w *Walk) check(t *testing.T) {
	t.Helper()
	open := make([]bool, w.in.Sites)
	for k, j := range w.open {
		if open[j] || w.at[j] != int32(k) {
			t.Fatalf("site %d is at %d, open are %v", j, w.at[j], w.open)
		}
		open[j] = true
	}
	bare := 0
	for i, row := range w.in.Rows {
		var times, owner int32
		for _, j := range row {
			if open[j] {
				times++
				owner ^= j
			}
		}
		if w.times[i] != times || w.owner[i] != owner {
			t.Fatalf("row %d is covered %d times by %d, want %d by %d", i, w.times[i], w.owner[i], times, owner)
		}
		want := alone{0, int32(w.in.Sites)}
		if times == 1 {
			want = alone{w.weight[i], owner}
		}
		if w.alone[i] != want {
			t.Fatalf("row %d is noted as %v, want %v", i, w.alone[i], want)
		}
		if times == 0 {
			bare++
			if w.bare[w.place[i]] != int32(i) {
				t.Fatalf("row %d is bare and not in its place in %v", i, w.bare)
			}
		}
	}
	if bare != len(w.bare) {
		t.Fatalf("%d rows are bare, listed are %v", bare, w.bare)
	}
	for j := range open {
		var worth int64
		for _, i := range w.columns[j] {
			if w.times[i] == 0 || open[j] && w.times[i] == 1 {
				worth += w.weight[i]
			}
		}
		if w.worth[j] != worth {
			t.Fatalf("site %d is worth %d, want %d", j, w.worth[j], worth)
		}
	}
}

// TestWalk: a walk of small steps keeps its books, finds the optimum and never
// calls something a cover that is none or costs too much.
func TestWalk(t *testing.T) {
	rng := rand.New(rand.NewPCG(6, 6))
	for k := range 500 {
		in := random(rng)
		want := brute(in)
		w := NewWalk(in, nil, uint64(k))
		w.check(t)
		best := math.Inf(1)
		for range 300 {
			open, v := w.Run(best, 1+rng.IntN(3), never)
			w.check(t)
			if open == nil {
				continue
			}
			if v >= best || v != in.Value(open) || !slices.IsSorted(open) {
				t.Fatalf("round %d: %v claimed at %v below %v, value %v", k, open, v, best, in.Value(open))
			}
			best = v
		}
		if best != want {
			t.Fatalf("round %d: %v, optimum %v, of %+v", k, best, want, in)
		}
	}
}

// TestWalkStart: from a cover given, a walk that may not get worse ends there.
func TestWalkStart(t *testing.T) {
	in := &Instance{Sites: 3, Rows: [][]int32{{0, 1}, {1, 2}}, Opening: []float64{1, 1, 1}}
	w := NewWalk(in, []int{1, 1}, 0)
	if open, v := w.Run(2, 1, never); !slices.Equal(open, []int{1}) || v != 1 {
		t.Errorf("%v of cost %v, want the start", open, v)
	}
	if open, _ := w.Run(1, 1000, never); open != nil {
		t.Errorf("%v costs less than the optimum", open)
	}
	if open, _ := w.Run(9, 1000, func() bool { return true }); open != nil {
		t.Errorf("%v after the stop", open)
	}
}

// TestSwap: exchanges find a cover by as few sites as there can be, and none by
// fewer.
func TestSwap(t *testing.T) {
	rng := rand.New(rand.NewPCG(7, 7))
	for k := range 500 {
		in := unit(rng)
		least := int(brute(in))
		for sites := max(0, least-1); sites <= in.Sites; sites++ {
			var start []int
			for j := range in.Sites {
				if rng.IntN(2) == 0 {
					start = append(start, j)
				}
			}
			w := NewWalk(in, start, uint64(k))
			open := w.Swap(sites, 2000, never)
			w.check(t)
			if open == nil && sites > 0 && w.Steps() != 2000 {
				t.Fatalf("round %d: %v after %d steps of 2000", k, open, w.Steps())
			}
			if (open != nil) != (sites >= least) {
				t.Fatalf("round %d: %v by %d sites, %d needed, of %+v", k, open, sites, least, in)
			}
			if open != nil && (len(open) > sites || math.IsInf(in.Value(open), 1)) {
				t.Fatalf("round %d: %v is no cover by %d sites", k, open, sites)
			}
		}
	}
}

// TestExchange: the gain of the exchange found is that of enumerating all.
func TestExchange(t *testing.T) {
	rng := rand.New(rand.NewPCG(8, 8))
	tried := 0
	for k := range 2000 {
		in := unit(rng)
		w := NewWalk(in, []int{rng.IntN(in.Sites), rng.IntN(in.Sites)}, uint64(k))
		if len(w.bare) == 0 {
			continue
		}
		tried++
		weights := make([]int64, len(in.Rows))
		for i := range weights {
			weights[i] = rng.Int64N(5)
		}
		w.Weigh(weights)
		w.check(t)
		row := w.bare[rng.IntN(len(w.bare))]
		uncovered := func() (sum int64) {
			for _, i := range w.bare {
				sum += w.weight[i]
			}
			return sum
		}
		before, want := uncovered(), int64(math.MinInt64)
		for _, j := range in.Rows[row] {
			for _, f := range slices.Clone(w.open) {
				w.remove(f)
				w.add(j)
				want = max(want, before-uncovered())
				w.remove(j)
				w.add(f)
			}
		}
		in1, out, gain := w.exchange(row, -1, -1, make([]int64, in.Sites+1))
		w.remove(out)
		w.add(in1)
		if gain != want || before-uncovered() != want {
			t.Fatalf("round %d: %d for %d gains %d, says %d; the best %d, of %+v", k, in1, out, before-uncovered(), gain, want, in)
		}
	}
	if tried < 500 {
		t.Errorf("only %d rounds left a row bare", tried)
	}
}

// TestReduceLarge: on instances with many sites and rows left the reductions
// leave nothing that the definition would drop.
func TestReduceLarge(t *testing.T) {
	for seed := range uint64(4) {
		in := square(seed, 120, 0.2)
		r := Reduce(in, never)
		if len(r.Rows) == 0 {
			continue
		}
		columns := r.columns()
		for j, a := range columns {
			for k, b := range columns {
				if j != k && subset(a, b) {
					t.Fatalf("seed %d: site %d is dominated by %d", seed, j, k)
				}
			}
		}
		for i, a := range r.Rows {
			if len(a) < 2 {
				t.Fatalf("seed %d: row %d has %d sites", seed, i, len(a))
			}
			for k, b := range r.Rows {
				if i != k && subset(a, b) {
					t.Fatalf("seed %d: row %d is implied by %d", seed, k, i)
				}
			}
		}
		// The same, by the search itself: as many sites as without.
		for k := range 40 {
			whole, rest := Decide(in, k, 0, never), Decide(&r.Instance, k-len(r.Forced), 0, never)
			if !whole.Done || !rest.Done || (whole.Open == nil) != (rest.Open == nil) {
				t.Fatalf("seed %d, %d sites: %+v, reduced %+v", seed, k, whole, rest)
			}
			if whole.Open != nil {
				break
			}
		}
	}
}

func BenchmarkWalk(b *testing.B) {
	in := square(1, 1000, 0.12)
	for b.Loop() {
		NewWalk(in, nil, 0).Run(25, 2000, never)
	}
}

func BenchmarkSwap(b *testing.B) {
	in := square(1, 1000, 0.12)
	for b.Loop() {
		NewWalk(in, nil, 0).Swap(25, 200, never)
	}
}

// TestWeigh: weights given to a walk change the worth of its sites as if they
// had grown on the way.
func TestWeigh(t *testing.T) {
	rng := rand.New(rand.NewPCG(11, 11))
	for k := range 1000 {
		in := unit(rng)
		var open []int
		for j := range in.Sites {
			if rng.IntN(3) == 0 {
				open = append(open, j)
			}
		}
		w := NewWalk(in, open, 1)
		weights := make([]int64, len(in.Rows))
		for i := range weights {
			weights[i] = rng.Int64N(9)
		}
		for range 2 { // the second time nothing changes
			w.Weigh(weights)
			for i, v := range w.Weights() {
				if v != max(1, weights[i]) {
					t.Fatalf("round %d: row %d weighs %d, not %d", k, i, v, weights[i])
				}
			}
			for j := range in.Sites {
				var want int64
				isOpen := slices.Contains(w.Open(), j)
				for i, row := range in.Rows {
					others := 0
					for _, o := range row {
						if int(o) != j && slices.Contains(open, int(o)) {
							others++
						}
					}
					if slices.Contains(row, int32(j)) && others == 0 {
						want += max(1, weights[i])
					}
				}
				if w.worth[j] != want {
					t.Fatalf("round %d: site %d, open %v, is worth %d, want %d", k, j, isOpen, w.worth[j], want)
				}
			}
		}
	}
}
