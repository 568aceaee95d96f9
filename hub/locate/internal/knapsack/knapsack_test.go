package knapsack

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

// draw draws items with ties, without size, of sizes near each other or not.
func draw(rng *rand.Rand, n int) (items []Item, capacity float64) {
	kind := rng.IntN(4)
	var total float64
	for k := range n {
		it := Item{Profit: float64(1 + rng.IntN(9)), Size: float64(rng.IntN(8)), At: int32(k)}
		switch kind {
		case 1:
			it.Profit = rng.Float64() + 1e-3
		case 2: // profit nearly the size
			it.Size = float64(20 + rng.IntN(30))
			it.Profit = it.Size + float64(rng.IntN(3))
		case 3:
			it.Size, it.Profit = 10*rng.Float64(), 10*rng.Float64()+1e-3
		}
		total += it.Size
		items = append(items, it)
	}
	capacity = math.Floor(total * rng.Float64() * 1.1)
	return slices.DeleteFunc(items, func(it Item) bool { return it.Size > capacity }), capacity
}

func brute(items []Item, capacity float64) (best float64) {
	for set := range 1 << len(items) {
		var size, profit float64
		for k, it := range items {
			if set>>k&1 == 1 {
				size += it.Size
				profit += it.Profit
			}
		}
		if size <= capacity {
			best = max(best, profit)
		}
	}
	return best
}

// sorted checks that items is a permutation of what was drawn.
func sorted(items []Item) []Item {
	return slices.SortedFunc(slices.Values(items), func(a, b Item) int { return int(a.At - b.At) })
}

func TestPack(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	var s Solver
	for k := range 3000 {
		items, capacity := draw(rng, 1+rng.IntN(12))
		before := slices.Clone(items)
		want := brute(items, capacity)
		p := s.Pack(items, capacity)
		count, value, bound, price := p.Count, p.Value, p.Bound, p.Price
		if !slices.Equal(sorted(items), before) {
			t.Fatalf("round %d: %v became %v", k, before, items)
		}
		var size, profit float64
		for _, it := range items[:count] {
			size += it.Size
			profit += it.Profit
		}
		if size > capacity+1e-9 || math.Abs(profit-value) > 1e-9 || math.Abs(value-want) > 1e-9 || bound < want || p.Divisible < want*(1-1e-12) || bound > want*(1+1e-10)+1e-300 || !(price >= 0) {
			t.Fatalf("round %d: size %v of %v, profit %v, value %v, bound %v, price %v; want %v\n%v", k, size, capacity, profit, value, bound, price, want, before)
		}
	}
}

func TestSplit(t *testing.T) {
	rng := rand.New(rand.NewPCG(2, 2))
	for k := range 3000 {
		items, capacity := draw(rng, 1+rng.IntN(40))
		before := slices.Clone(items)
		slices.SortFunc(before, func(a, b Item) int {
			if a.before(&b) {
				return -1
			}
			return 1
		})
		want, left, price := 0.0, capacity, 0.0
		for _, it := range before {
			if it.Size > left {
				want += it.Profit * left / it.Size
				price = it.Profit / it.Size
				break
			}
			left -= it.Size
			want += it.Profit
		}
		full, part, value, got := Split(items, capacity)
		var profit, size float64
		for _, it := range items[:full] {
			profit += it.Profit
			size += it.Size
		}
		if full < len(items) {
			profit += part * items[full].Profit
			size += part * items[full].Size
		}
		if math.Abs(value-want) > 1e-9 || math.Abs(profit-value) > 1e-9 || size > capacity+1e-9 || math.Abs(price-got) > 1e-9 || part < 0 || part >= 1 {
			t.Fatalf("round %d: value %v, profit %v, price %v; want %v, %v", k, value, profit, got, want, price)
		}
	}
}

// TestHard: a knapsack that takes too many steps has a packing and a bound.
func TestHard(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 3))
	var s Solver
	cut := 0
	for range 20 {
		var items []Item
		for k := range 60 {
			size := float64(2 * (1e6 + rng.IntN(1e6)))
			items = append(items, Item{size + 7, size, int32(k)})
		}
		const capacity = 45e6 + 1
		p := s.Pack(items, capacity)
		count, value, bound := p.Count, p.Value, p.Bound
		var size, profit float64
		for _, it := range items[:count] {
			size += it.Size
			profit += it.Profit
		}
		if size > capacity || profit != value || bound < value {
			t.Fatalf("size %v, profit %v, value %v, bound %v", size, profit, value, bound)
		}
		if s.steps > mostSteps {
			cut++
		}
	}
	if cut == 0 {
		t.Error("none took too many steps")
	}
}

func BenchmarkPack(b *testing.B) {
	rng := rand.New(rand.NewPCG(4, 4))
	var items []Item
	for k := range 100 {
		items = append(items, Item{1 + 50*rng.Float64(), float64(5 + rng.IntN(30)), int32(k)})
	}
	work := slices.Clone(items)
	var s Solver
	for b.Loop() {
		copy(work, items)
		s.Pack(work, 300)
	}
}

func BenchmarkSplit(b *testing.B) {
	rng := rand.New(rand.NewPCG(4, 4))
	var items []Item
	for k := range 100 {
		items = append(items, Item{1 + 50*rng.Float64(), float64(5 + rng.IntN(30)), int32(k)})
	}
	work := slices.Clone(items)
	for b.Loop() {
		copy(work, items)
		Split(work, 300)
	}
}
