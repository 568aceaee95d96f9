package maxcover

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

func TestCollector(t *testing.T) {
	var c Collector
	row := []int32{1, 300}
	c.Add(row, 2)
	c.Add([]int32{1}, 3)
	row[1] = 301
	c.Add(row, 5)
	c.Add([]int32{1, 300}, 7)
	c.Add(nil, 1)
	want := [][]int32{{1, 300}, {1}, {1, 301}, {}}
	if !slices.EqualFunc(c.Rows, want, slices.Equal[[]int32]) || !slices.Equal(c.Weight, []float64{9, 3, 5, 1}) {
		t.Errorf("rows %v, weights %v", c.Rows, c.Weight)
	}
}

// TestCollectorNested: the prefixes of 7, 2, 5 of which the second is worth
// nothing by itself.
func TestCollectorNested(t *testing.T) {
	var c Collector
	c.Add([]int32{2, 5, 7}, 10)
	c.AddNested([]int32{7, 2, 5}, []float64{1, 0, 4})
	c.AddNested([]int32{5, 7, 2}, []float64{0, 3, 8})
	c.AddNested([]int32{7}, []float64{2})
	want := [][]int32{{2, 5, 7}, {7}, {5, 7}}
	if !slices.EqualFunc(c.Rows, want, slices.Equal[[]int32]) || !slices.Equal(c.Weight, []float64{22, 3, 3}) {
		t.Errorf("rows %v, weights %v", c.Rows, c.Weight)
	}
}

// TestCollectorMirror: rows and weights are those of a map of printed sets,
// told in one go or in parts, and numbered as they first come up.
func TestCollectorMirror(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		sites := rapid.IntRange(1, 9).Draw(t, "sites")
		var whole, merged, part Collector
		mirror, order := map[string]float64{}, []string{}
		tell := func(set []int32, w float64) {
			name := fmt.Sprint(set)
			if _, ok := mirror[name]; !ok {
				order = append(order, name)
			}
			mirror[name] += w
		}
		for range rapid.IntRange(0, 60).Draw(t, "demands") {
			list := rapid.SliceOfNDistinct(rapid.Int32Range(0, int32(sites-1)), 1, sites, rapid.ID[int32]).Draw(t, "list")
			if rapid.Bool().Draw(t, "nested") {
				drops := rapid.SliceOfN(rapid.Map(rapid.IntRange(0, 3), func(v int) float64 { return float64(v) }), len(list), len(list)).Draw(t, "drops")
				whole.AddNested(list, drops)
				part.AddNested(list, drops)
				for k, d := range drops {
					if set := slices.Clone(list[:k+1]); d > 0 {
						slices.Sort(set)
						tell(set, d)
					}
				}
			} else {
				slices.Sort(list)
				whole.Add(list, 1)
				part.Add(list, 1)
				tell(list, 1)
			}
			if rapid.IntRange(0, 9).Draw(t, "cut") == 0 {
				merged.Merge(&part)
				part = Collector{}
			}
		}
		merged.Merge(&part)
		for _, c := range []*Collector{&whole, &merged} {
			if len(c.Rows) != len(order) {
				t.Fatalf("%d rows, want %d", len(c.Rows), len(order))
			}
			for i, row := range c.Rows {
				if fmt.Sprint(row) != order[i] || c.Weight[i] != mirror[order[i]] {
					t.Fatalf("row %d is %v of weight %v, want %v of %v", i, row, c.Weight[i], order[i], mirror[order[i]])
				}
			}
		}
	})
}

// TestCollectorHash: sets that share a hash stay apart. Their hashes are made
// equal by hand.
func TestCollectorHash(t *testing.T) {
	var c Collector
	sets := [][]int32{{1}, {2}, {1, 2}, {1, 3}, {3}}
	for range 2 {
		for _, set := range sets {
			c.add(77, set, 1, false)
		}
	}
	if !slices.EqualFunc(c.Rows, sets, slices.Equal[[]int32]) || slices.Max(c.Weight) != 2 || slices.Min(c.Weight) != 2 {
		t.Errorf("rows %v, weights %v", c.Rows, c.Weight)
	}
	c.rank = []int32{0, 1, 3, 2} // sites 1, 3, 2, of which the first two
	c.add(77, []int32{1, 3}, 1, true)
	c.rank = []int32{0, 2, 3, 1} // sites 3, 1, 2
	c.add(77, []int32{3, 1}, 1, true)
	c.rank = []int32{0, 3, 1, 2} // sites 2, 3, 1
	c.add(77, []int32{2, 3}, 1, true)
	if len(c.Rows) != 6 || c.Weight[3] != 4 || !slices.Equal(c.Rows[5], []int32{2, 3}) {
		t.Errorf("rows %v, weights %v", c.Rows, c.Weight)
	}
}

// TestCollectorDiscs: discs cut the plane into at most m(m-1)+2 cells, however
// many points are dropped on it.
func TestCollectorDiscs(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 5))
	const m = 12
	var at [m][2]float64
	for j := range at {
		at[j] = [2]float64{rng.Float64(), rng.Float64()}
	}
	var c Collector
	var row []int32
	for range 50_000 {
		x, y := rng.Float64(), rng.Float64()
		row = row[:0]
		for j, p := range at {
			if dx, dy := x-p[0], y-p[1]; dx*dx+dy*dy <= 0.09 {
				row = append(row, int32(j))
			}
		}
		c.Add(row, 1)
	}
	if len(c.Rows) > m*(m-1)+2 || len(c.Rows) < m {
		t.Errorf("%d cells", len(c.Rows))
	}
	rows := slices.Clone(c.Rows)
	slices.SortFunc(rows, func(a, b []int32) int { return cmp.Or(cmp.Compare(len(a), len(b)), slices.Compare(a, b)) })
	if len(slices.CompactFunc(rows, slices.Equal[[]int32])) != len(c.Rows) {
		t.Error("a row comes twice")
	}
}
