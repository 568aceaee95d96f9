package cch

import (
	"context"
	"errors"
	"math"
	"slices"
	"sync"
	"testing"

	"pgregory.net/rapid"
)

// sameMetric checks that a metric is, to the bit, what customizing its weights
// gives.
func sameMetric[W Weight](t interface{ Fatalf(string, ...any) }, got *Metric[W], weight []W) {
	want, err := Customize(context.Background(), got.h, slices.Clone(weight), 1)
	if err != nil {
		t.Fatalf("%v", err)
	}
	if !slices.Equal(got.weight, want.weight) {
		t.Fatalf("weights %v, want %v", got.weight, want.weight)
	}
	for a := range want.up {
		if got.up[a] != want.up[a] || got.down[a] != want.down[a] {
			t.Fatalf("arc %d: up %d, down %d, want %d and %d", a, got.up[a], got.down[a], want.up[a], want.down[a])
		}
	}
}

// Changes on top of each other, undone, kept and taken on by another worker always
// give the metric of a whole customization.
func TestWorkerIsCustomize(t *testing.T) {
	t.Run("one quantity", func(t *testing.T) { rapid.Check(t, func(t *rapid.T) { workerIsCustomize(t, single) }) })
	t.Run("two quantities", func(t *testing.T) { rapid.Check(t, func(t *rapid.T) { workerIsCustomize(t, double) }) })
}

func workerIsCustomize[W Weight](t *rapid.T, k kind[W]) {
	net := drawNetwork(t, k, 16)
	h := drawHierarchy(t, net.graph)
	original := slices.Clone(net.weight)
	m, err := Customize(context.Background(), h, net.weight, 1)
	if err != nil {
		t.Fatal(err)
	}
	w, other := m.NewWorker(), m.NewWorker()
	weight := slices.Clone(original)
	for range rapid.IntRange(1, 6).Draw(t, "steps") {
		switch rapid.IntRange(0, 4).Draw(t, "step") {
		case 0:
			w.Undo()
			copy(weight, original)
		case 1:
			kept := w.Keep()
			for _, c := range kept.Changes() {
				if original[c.Arc] == c.Weight || weight[c.Arc] != c.Weight {
					t.Fatalf("kept %v; weight was %d and is %d", c, original[c.Arc], weight[c.Arc])
				}
			}
			other.Apply(kept)
			sameMetric(t, other.Metric(), weight)
			if rapid.Bool().Draw(t, "swap") {
				w, other = other, w
			}
		default:
			var changes []Change[W]
			if len(weight) > 0 {
				for range rapid.IntRange(0, 4).Draw(t, "changes") {
					a := rapid.IntRange(0, len(weight)-1).Draw(t, "arc")
					weight[a] = k.weight(drawCost(t, true))
					changes = append(changes, Change[W]{uint32(a), weight[a]})
				}
			}
			work := rapid.SampledFrom([]int{0, 3, math.MaxInt}).Draw(t, "work")
			if err := w.change(context.Background(), changes, work); err != nil {
				t.Fatal(err)
			}
		}
		sameMetric(t, w.Metric(), weight)
	}
	w.Undo()
	sameMetric(t, w.Metric(), original)
	sameMetric(t, m, original)
}

// Paths on a changed metric take the same arcs as on one customized anew, though
// it remembers nothing of how arcs unpack.
func TestWorkerPaths(t *testing.T) {
	g, weight, x, y := town(20, 3)
	h, m := build(t, g, weight, x, y, 1)
	w := m.NewWorker()
	changed := slices.Clone(weight)
	var changes []Change[uint32]
	for a := 0; a < len(weight); a += 9 {
		changed[a] = weight[a] / 2
		changes = append(changes, Change[uint32]{uint32(a), changed[a]})
	}
	if err := w.Change(t.Context(), changes); err != nil {
		t.Fatal(err)
	}
	fresh, err := Customize(t.Context(), h, changed, 1)
	if err != nil {
		t.Fatal(err)
	}
	p, q := w.Metric().NewQuery(), fresh.NewQuery()
	for v := range uint32(g.Nodes() - 1) {
		ends := stops[uint32](t, h, []uint32{v, uint32(g.Nodes()) - 1 - v})
		got, ok := p.Path(ends[0], ends[1], nil)
		want, reached := q.Path(ends[0], ends[1], nil)
		again, _ := q.Path(ends[0], ends[1], nil)
		if ok != reached || !slices.Equal(got.Arcs, want.Arcs) || !slices.Equal(again.Arcs, want.Arcs) {
			t.Fatalf("from %d: %v, want %v, then %v", v, got, want, again)
		}
	}
}

// Workers of one base answer side by side, each for the what-if it took on.
func TestWorkersSideBySide(t *testing.T) {
	g, weight, x, y := town(20, 5)
	h, m := build(t, g, weight, x, y, 2)
	at := stops[uint32](t, h, []uint32{0, uint32(g.Nodes() / 3), uint32(g.Nodes() / 2)})
	var cases []*WhatIf[uint32]
	var want []uint32
	w := m.NewWorker()
	for i := range 20 {
		var changes []Change[uint32]
		for a := i; a < g.Arcs(); a += 40 - i {
			changes = append(changes, Change[uint32]{uint32(a), Inf[uint32]()})
		}
		w.Undo()
		// Every fourth is computed whole.
		work := math.MaxInt
		if i%4 == 0 {
			work = 0
		}
		if err := w.change(t.Context(), changes, work); err != nil {
			t.Fatal(err)
		}
		cases = append(cases, w.Keep())
		want = append(want, w.Metric().NewQuery().Distance(at[0], at[1]))
	}
	base := m.NewQuery().Distance(at[0], at[1])
	var wait sync.WaitGroup
	for range 4 {
		wait.Go(func() {
			w := m.NewWorker()
			q := w.Metric().NewQuery()
			paths := m.NewQuery() // of the base, which all remember together
			for i := range 3 * len(cases) {
				w.Apply(cases[i%len(cases)])
				if got := q.Distance(at[0], at[1]); got != want[i%len(cases)] {
					t.Errorf("what-if %d: %d, want %d", i%len(cases), got, want[i%len(cases)])
				}
				if p, _ := paths.Path(at[0], at[1], nil); p.Cost != base {
					t.Errorf("path of the base: %d, want %d", p.Cost, base)
				}
			}
		})
	}
	wait.Wait()
}

func TestWorkerRefuses(t *testing.T) {
	g, weight, x, y := town(8, 1)
	_, m := build(t, g, weight, x, y, 1)
	w := m.NewWorker()
	if err := w.Change(t.Context(), []Change[uint32]{{3, 1}, {uint32(g.Arcs()), 1}}); !errors.Is(err, ErrWeights) {
		t.Errorf("change of an arc that is not there: %v", err)
	}
	sameMetric(t, w.Metric(), weight)

	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := w.change(ctx, []Change[uint32]{{3, 1}}, 0); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled change: %v", err)
	}
	sameMetric(t, w.Metric(), weight)
}
