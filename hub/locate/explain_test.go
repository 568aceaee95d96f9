package locate

import (
	"context"
	"math"
	"math/rand/v2"
	"reflect"
	"testing"
)

// drawAny draws a problem of any model with all that it may have.
func drawAny(rng *rand.Rand) drawn {
	switch model := Model(rng.IntN(5)); model {
	case MaximalCover:
		return drawCover(rng)
	case SetCover:
		if rng.IntN(2) == 0 {
			return drawPartial(rng)
		}
		return draw(rng, SetCover)
	case FixedCharge:
		d := draw(rng, FixedCharge)
		if rng.IntN(2) == 0 {
			d.P = 0
		}
		return d
	default:
		return draw(rng, model)
	}
}

// feasible picks some solution of a drawn problem; ok is false if it has none.
func (d drawn) feasible(rng *rand.Rand) (open []int, ok bool) {
	var sets []uint
	for set := range uint(1) << len(d.cost[0]) {
		if _, fits := d.judge(set); fits {
			sets = append(sets, set)
		}
	}
	if len(sets) == 0 {
		return nil, false
	}
	set := sets[rng.IntN(len(sets))]
	for j := range d.cost[0] {
		if set>>j&1 == 1 {
			open = append(open, j)
		}
	}
	return open, true
}

// paid is what a set of sites costs.
func (d drawn) paid(set uint) (paid float64) {
	for j := range d.cost[0] {
		if set>>j&1 == 1 {
			paid += d.opening(j)
		}
	}
	return paid
}

// TestSwap: of all exchanges, each valued from scratch, the one reported is
// the best; none is reported only if there is none.
func TestSwap(t *testing.T) {
	rng := rand.New(rand.NewPCG(31, 1))
	var with, without [5]int
	for k := range 7000 {
		d := drawAny(rng)
		open, ok := d.feasible(rng)
		if !ok {
			continue
		}
		set := setOf(open)
		now, _ := d.judge(set)
		change := func(out, in int) (float64, bool) {
			v, ok := d.judge(set&^(1<<out) | 1<<in)
			if d.Model == MaximalCover {
				return now - v, ok
			}
			return v - now, ok
		}
		best, any := math.Inf(1), false
		for _, out := range open {
			for in := range d.cost[0] {
				if set>>in&1 == 1 || d.status(out) != Candidate {
					continue
				}
				if v, ok := change(out, in); ok {
					best, any = min(best, v), true
				}
			}
		}
		p := d.Problem
		w := newWork(context.Background(), &p, Options{Workers: 1 + k%3})
		got := w.swap(w.assign(open))
		if !any {
			without[d.Model]++
			if got != nil {
				t.Fatalf("round %d: swap %+v of %v where none is feasible\n%+v", k, got, open, d)
			}
			continue
		}
		with[d.Model]++
		if got == nil {
			t.Fatalf("round %d: no swap of %v, the best changes %v\n%+v", k, open, best, d)
		}
		v, ok := change(got.Out, got.In)
		if !ok || !alike(v, got.Change) || !alike(got.Change, best) || set>>got.Out&1 == 0 || set>>got.In&1 == 1 {
			t.Fatalf("round %d: swap %+v of %v changes %v (%v), the best %v\n%+v", k, got, open, v, ok, best, d)
		}
	}
	for m := range with {
		if with[m] < 500 || without[m] < 50 {
			t.Errorf("%v: %d problems with a swap, %d without", Model(m), with[m], without[m])
		}
	}
}

// TestWorth: each site of a solution is worth what closing it costs.
func TestWorth(t *testing.T) {
	rng := rand.New(rand.NewPCG(32, 1))
	for k := range 4000 {
		d := drawAny(rng)
		open, ok := d.feasible(rng)
		if !ok {
			continue
		}
		set := setOf(open)
		now, _ := d.judge(set)
		p := d.Problem
		worth := newWork(context.Background(), &p, Options{}).assign(open).worth()
		for at, j := range open {
			rest := set &^ (1 << j)
			v, fits := d.value(rest, d.paid(rest))
			want := v - now
			if d.Model == MaximalCover {
				want = -want
			}
			if !fits {
				want = math.Inf(1)
			}
			if math.IsInf(want, 1) != math.IsInf(worth[at], 1) || fits && !alike(want, worth[at]) {
				t.Fatalf("round %d: site %d of %v is worth %v, want %v\n%+v", k, j, open, worth[at], want, d)
			}
		}
	}
}

// TestSwapTies: of equal exchanges the one of the lowest sites is told. Four
// sites serve two demands alike.
func TestSwapTies(t *testing.T) {
	for _, model := range []Model{PMedian, MaximalCover, SetCover, PCenter, FixedCharge} {
		p := Problem{
			Model: model, P: 2, Radius: 1, Share: 0.5,
			Costs: &Dense{Demands: 2, Sites: 4, Values: []float64{1, 1, 1, 1, 1, 1, 1, 1}},
		}
		w := newWork(context.Background(), &p, Options{})
		if s := w.swap(w.assign([]int{1, 3})); s == nil || *s != (Swap{Out: 1, In: 0}) {
			t.Errorf("%v: %+v, want site 1 for site 0", model, s)
		}
	}
}

// TestSwapWorkers: the same exchange whatever the number of goroutines.
func TestSwapWorkers(t *testing.T) {
	for _, model := range []Model{PMedian, MaximalCover, SetCover, PCenter, FixedCharge} {
		p := uniform(4, 3000, 60)
		p.Model, p.P, p.Radius, p.Share = model, 5, 140, 0
		if model == SetCover {
			p.Radius = 1500
		}
		var first *Swap
		for _, workers := range []int{1, 2, 5} {
			w := newWork(context.Background(), &p, Options{Workers: workers})
			s := w.swap(w.assign([]int{3, 9, 20, 31, 44}))
			if first == nil {
				first = s
			}
			if s == nil || !reflect.DeepEqual(s, first) {
				t.Errorf("%v: %+v with %d workers, %+v with one", model, s, workers, first)
			}
		}
	}
}

// TestSwapStopped: nothing is told where not all exchanges were looked at.
func TestSwapStopped(t *testing.T) {
	for _, model := range []Model{PMedian, PCenter} {
		p := uniform(5, 2000, 10)
		p.Model, p.P = model, 3
		told := false
		for polls := 0; polls < 60; polls++ {
			w := newWork(context.Background(), &p, Options{Workers: 1})
			a := w.assign([]int{3, 6, 9})
			full := w.swap(a)
			left := polls
			w.stop = func() bool { left--; return left < 0 }
			if s := w.swap(a); s != nil {
				told = true
				if !reflect.DeepEqual(s, full) {
					t.Fatalf("%v, %d polls: %+v, want %+v", model, polls, s, full)
				}
			} else if told {
				t.Fatalf("%v: a swap after less than %d polls, none then", model, polls)
			}
		}
		if !told {
			t.Errorf("%v: never a swap", model)
		}
	}
}
