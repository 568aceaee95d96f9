package mip

import (
	"math"
	"reflect"
	"testing"

	"pgregory.net/rapid"
)

// draw draws a small program with integer columns, and perhaps one that is not.
func draw(t *rapid.T) *Problem {
	p := &Problem{}
	n := rapid.IntRange(1, 7).Draw(t, "columns")
	for range n {
		lo := float64(rapid.IntRange(-1, 1).Draw(t, "lower"))
		p.AddInteger(float64(rapid.IntRange(-5, 5).Draw(t, "cost")), lo, lo+float64(rapid.IntRange(0, 2).Draw(t, "width")))
	}
	for range rapid.IntRange(0, 6).Draw(t, "rows") {
		var columns []int32
		var values []float64
		for j := range n {
			columns = append(columns, int32(j))
			values = append(values, float64(rapid.IntRange(-4, 6).Draw(t, "entry")))
		}
		least := float64(rapid.IntRange(-6, 8).Draw(t, "least"))
		most := least + float64(rapid.IntRange(0, 5).Draw(t, "span"))
		if rapid.Bool().Draw(t, "open") {
			most = math.Inf(1)
		}
		p.AddRow(least, most, columns, values)
	}
	return p
}

// enumerate tries every point.
func enumerate(p *Problem) float64 {
	x := make([]float64, p.Columns())
	best := math.Inf(1)
	var try func(j int)
	try = func(j int) {
		if j == len(x) {
			for r := range p.Rows() {
				var sum float64
				for k := p.First[r]; k < p.First[r+1]; k++ {
					sum += p.Value[k] * x[p.Column[k]]
				}
				if sum < p.Least[r] || sum > p.Most[r] {
					return
				}
			}
			var v float64
			for j := range x {
				v += p.Cost[j] * x[j]
			}
			best = min(best, v)
			return
		}
		for x[j] = p.Lower[j]; x[j] <= p.Upper[j]; x[j]++ {
			try(j + 1)
		}
	}
	try(0)
	return best
}

func TestSolveEqualsEnumeration(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := draw(t)
		want := enumerate(p)
		o := Options{Workers: 1, Step: float64(rapid.IntRange(0, 1).Draw(t, "step"))}
		r := Solve(p, o)
		if !r.Complete || r.Value != want || r.Bound > want {
			t.Fatalf("%+v, want %v", r, want)
		}
		if !math.IsInf(want, 1) && math.Abs(r.Bound-want) > 1e-8*(1+math.Abs(want)) {
			t.Fatalf("bound %v of %v", r.Bound, want)
		}
		o.Nodes = rapid.IntRange(1, 3).Draw(t, "nodes")
		if r := Solve(p, o); r.Value < want || r.Bound > want || r.Complete && r.Value != want {
			t.Fatalf("with %d nodes: %+v, want %v", o.Nodes, r, want)
		}
		o.Nodes = 0
		left := rapid.IntRange(0, 30).Draw(t, "polls")
		o.Stop = func() bool { left--; return left < 0 }
		if r := Solve(p, o); r.Value < want || r.Bound > want || r.Complete && r.Value != want {
			t.Fatalf("stopped: %+v, want %v", r, want)
		}
	})
}

func TestWorkers(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := draw(t)
		one, many := Solve(p, Options{Workers: 1}), Solve(p, Options{Workers: 5})
		if !reflect.DeepEqual(one, many) {
			t.Fatalf("%+v by one worker, %+v by five", one, many)
		}
	})
}

// TestKnapsacks solves programs of a few dozen columns, against a dynamic
// program.
func TestKnapsacks(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := &Problem{}
		n := rapid.IntRange(5, 40).Draw(t, "columns")
		columns, sizes := make([]int32, n), make([]float64, n)
		room := rapid.IntRange(10, 300).Draw(t, "room")
		best := make([]float64, room+1)
		for j := range n {
			size, worth := rapid.IntRange(1, 60).Draw(t, "size"), float64(rapid.IntRange(1, 60).Draw(t, "worth"))
			columns[j], sizes[j] = int32(p.AddInteger(-worth, 0, 1)), float64(size)
			for r := room; r >= size; r-- {
				best[r] = max(best[r], best[r-size]+worth)
			}
		}
		p.AddRow(math.Inf(-1), float64(room), columns, sizes)
		r := Solve(p, Options{Workers: 2})
		if !r.Complete || r.Value != -best[room] || r.Bound > r.Value {
			t.Fatalf("%+v, want %v", r, -best[room])
		}
	})
}
