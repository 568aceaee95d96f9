package spread

import (
	"math"
	"math/bits"
	"slices"
	"testing"

	"github.com/hubplan/hubplan/hub/locate/internal/branch"
	"pgregory.net/rapid"
)

func TestRunEqualsEnumeration(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 9).Draw(t, "sites")
		in := &Instance{Sites: n, Pick: rapid.IntRange(1, n).Draw(t, "pick"), Worth: make([]float64, n), Distance: make([]float64, n*n)}
		for j := range n {
			in.Worth[j] = float64(rapid.IntRange(0, 9).Draw(t, "worth"))
			for k := range j {
				d := rapid.Float64Range(0, 9).Draw(t, "distance")
				in.Distance[j*n+k], in.Distance[k*n+j] = d, d
			}
		}
		most, sum := math.Inf(-1), 0.0
		for set := range uint(1) << n {
			if bits.OnesCount(set) != in.Pick {
				continue
			}
			var v float64
			for j := range n {
				for k := range n {
					switch {
					case set>>j&1 == 0 || set>>k&1 == 0:
					case j == k:
						v += in.Worth[j]
					case j < k:
						v += in.at(j, k)
					}
				}
			}
			most = max(most, v)
		}
		for j, d := range in.Distance {
			sum += d + in.Worth[j%n]
		}
		m := NewModel(in, func() bool { return false })
		r := branch.Run(m, branch.Options{Stop: func() bool { return false }, Bound: -sum - 1})
		if !r.Complete || math.Abs(r.Value+most) > 1e-9*(1+most) || r.Bound > r.Value {
			t.Fatalf("%+v, want %v", r, -most)
		}
		first := make([]int, in.Pick)
		for k := range first {
			first[k] = k
		}
		if open := m.Improve(first); len(open) != in.Pick || m.Value(open) > m.Value(first)+1e-9*most || m.Value(open) < -most*(1+1e-9)-1e-9 {
			t.Fatalf("%v improved to %v", first, open)
		}
	})
}

func TestLargest(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		value := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) float64 { return float64(rapid.IntRange(0, 5).Draw(t, "value")) }), 0, 40).Draw(t, "values")
		list := make([]int32, len(value))
		for k := range list {
			list[k] = int32(k)
		}
		want := slices.Clone(list)
		slices.SortStableFunc(want, func(a, b int32) int { return int(value[b] - value[a]) })
		count := rapid.IntRange(0, len(list)).Draw(t, "count")
		largest(list, value, count)
		got := list[:count]
		slices.Sort(got)
		want = want[:count]
		slices.Sort(want)
		if !slices.Equal(got, want) {
			t.Fatalf("%v, want %v of %v", got, want, value)
		}
	})
}
