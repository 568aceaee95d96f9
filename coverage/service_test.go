package coverage

import (
	"errors"
	"math"
	"slices"
	"testing"
	"time"

	"github.com/hubplan/hubplan/route"
	"pgregory.net/rapid"
)

// matrix turns hours, one row a demand point, into times from hubs; a negative
// number stands for out of reach.
func matrix(hours [][]float64) *route.Matrix {
	m := &route.Matrix{Rows: len(hours[0]), Columns: len(hours)}
	for h := range m.Rows {
		for i := range hours {
			ms := uint32(route.Unreachable)
			if hours[i][h] >= 0 {
				ms = uint32(math.Round(hours[i][h] * 3_600_000))
			}
			m.Millis = append(m.Millis, ms)
		}
	}
	return m
}

func hoursOf(h float64) time.Duration { return time.Duration(h * float64(time.Hour)) }

// micro is a hand-checked instance: five demand points, hubs A, B and C.
func micro(t testing.TB, hubs ...int) *Access {
	t.Helper()
	full := [][]float64{{1, 4, 6}, {2, 2, 5}, {4, 1, 3}, {6, 4, 1}, {9, 6, 4}}
	if hubs == nil {
		hubs = []int{0, 1, 2}
	}
	some := make([][]float64, len(full))
	for i, row := range full {
		for _, h := range hubs {
			some[i] = append(some[i], row[h])
		}
	}
	a, err := NewAccess([]float64{10, 20, 30, 20, 20}, matrix(some))
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func near(a, b float64) bool { return math.Abs(a-b) < 1e-9 }

func nearAll(a, b []float64) bool { return slices.EqualFunc(a, b, near) }

func TestCoverMicro(t *testing.T) {
	for _, c := range []struct {
		name string
		hubs []int
		time float64
		want []float64
	}{
		{"all three", nil, 3, []float64{0.80, 0.50, 0.00}},
		{"A and C, no backup", []int{0, 2}, 3, []float64{0.80, 0.00}},
		{"B and C", []int{1, 2}, 3, []float64{0.70, 0.30}},
		{"A and B", []int{0, 1}, 3, []float64{0.60, 0.20}},
		{"closed threshold", nil, 4, []float64{1.00, 0.80, 0.30}},
		{"just below it", nil, 3.9999, []float64{0.80, 0.50, 0.00}},
	} {
		got, err := micro(t, c.hubs...).Cover(hoursOf(c.time), len(c.want))
		if err != nil || !nearAll(got, c.want) {
			t.Errorf("%s: cover %v (error %v), want %v", c.name, got, err, c.want)
		}
	}
}

func TestTimesMicro(t *testing.T) {
	got := micro(t).Times()
	want := Times{Mean: hoursOf(1.8), Median: hoursOf(1), P90: hoursOf(4), Max: hoursOf(4), Worst: 4}
	if got != want {
		t.Errorf("times %+v, want %+v", got, want)
	}
}

func TestLoseEachMicro(t *testing.T) {
	losses, err := micro(t).LoseEach(hoursOf(3), 2)
	if err != nil {
		t.Fatal(err)
	}
	// Total weighted times without A, B, C are 210, 240 and 280, and 180 with all.
	for h, want := range []struct {
		cover []float64
		mean  float64
		hit   int
	}{
		{[]float64{0.70, 0.30}, 2.1, 0}, // D1 10×3 more
		{[]float64{0.80, 0.00}, 2.4, 2}, // D3 30×2 more
		{[]float64{0.60, 0.20}, 2.8, 3}, // D4 20×3 more, D5 20×2
	} {
		l := losses[h]
		if l.Hub != h || !nearAll(l.Cover, want.cover) || l.Times.Mean != hoursOf(want.mean) || l.Hit != want.hit {
			t.Errorf("loss of hub %d: %+v, want cover %v, mean %v h, hit %d", h, l, want.cover, want.mean, want.hit)
		}
	}
}

func TestUnreachableStandsApart(t *testing.T) {
	a, err := NewAccess([]float64{30, 10, 0}, matrix([][]float64{{1, 2}, {-1, -1}, {50, 50}}))
	if err != nil {
		t.Fatal(err)
	}
	got := a.Times()
	want := Times{Mean: hoursOf(1), Median: hoursOf(1), P90: hoursOf(1), Max: hoursOf(1), Worst: 0, Unreachable: 0.25}
	if got != want {
		t.Errorf("times %+v, want %+v", got, want)
	}
	if n := a.Nearest()[1]; n.Hub != -1 || n.Second != -1 {
		t.Errorf("nearest hubs of a point out of reach: %+v", n)
	}
	cover, err := a.Cover(hoursOf(100), 1)
	if err != nil || !nearAll(cover, []float64{0.75}) {
		t.Errorf("cover %v (error %v), want 0.75", cover, err)
	}
	one, err := NewAccess([]float64{1}, matrix([][]float64{{2}}))
	if err != nil {
		t.Fatal(err)
	}
	losses, err := one.LoseEach(hoursOf(1), 1)
	if err != nil {
		t.Fatal(err)
	}
	if l := losses[0]; l.Times != (Times{Worst: -1, Unreachable: 1}) || l.Cover[0] != 0 || l.Hit != 0 {
		t.Errorf("loss of the only hub: %+v", l)
	}
}

func drawAccess(t *rapid.T) ([]float64, [][]float64, *Access) {
	hubs := rapid.IntRange(1, 5).Draw(t, "hubs")
	weight := make([]float64, rapid.IntRange(1, 8).Draw(t, "demand"))
	hours := make([][]float64, len(weight))
	for i := range weight {
		weight[i] = float64(rapid.IntRange(0, 4).Draw(t, "weight"))
		for range hubs {
			hours[i] = append(hours[i], float64(rapid.IntRange(-1, 5).Draw(t, "hours")))
		}
	}
	weight[0]++
	a, err := NewAccess(weight, matrix(hours))
	if err != nil {
		t.Fatal(err)
	}
	return weight, hours, a
}

// The naive mirror follows the definitions point by point.
func TestServiceEqualsDefinitions(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		weight, hours, a := drawAccess(t)
		within := float64(rapid.IntRange(1, 5).Draw(t, "within"))
		var total, reached, sum, worst float64
		for _, w := range weight {
			total += w
		}
		cover := make([]float64, 3)
		var nearest []float64
		for i, row := range hours {
			count, best := 0, math.Inf(1)
			for _, h := range row {
				if h >= 0 && h <= within {
					count++
				}
				if h >= 0 {
					best = min(best, h)
				}
			}
			for k := range cover {
				if count > k {
					cover[k] += weight[i] / total
				}
			}
			nearest = append(nearest, best)
			if !math.IsInf(best, 1) && weight[i] > 0 {
				reached += weight[i]
				sum += weight[i] * best
				worst = max(worst, best)
			}
		}
		got, err := a.Cover(hoursOf(within), len(cover))
		if err != nil || !nearAll(got, cover) {
			t.Fatalf("cover %v (error %v), want %v", got, err, cover)
		}
		times := a.Times()
		if !near(times.Unreachable, 1-reached/total) {
			t.Fatalf("unreachable %v, want %v", times.Unreachable, 1-reached/total)
		}
		if reached == 0 {
			return
		}
		quantile := func(q float64) float64 {
			for x := 0.0; ; x++ { // times are whole hours
				var served float64
				for i := range nearest {
					if nearest[i] <= x {
						served += weight[i]
					}
				}
				if served >= q*reached-1e-9 {
					return x
				}
			}
		}
		if times.Median != hoursOf(quantile(0.5)) || times.P90 != hoursOf(quantile(0.9)) || times.Max != hoursOf(worst) {
			t.Fatalf("times %+v, want median %v, p90 %v, max %v", times, quantile(0.5), quantile(0.9), worst)
		}
		if d := times.Mean - hoursOf(sum/reached); d.Abs() > time.Millisecond {
			t.Fatalf("mean %v, want %v", times.Mean, hoursOf(sum/reached))
		}
		if w := times.Worst; weight[w] == 0 || nearest[w] != worst {
			t.Fatalf("worst is point %d at %v h with weight %v, want one at %v h", w, nearest[w], weight[w], worst)
		}
	})
}

func TestLoseEachEqualsRecomputation(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		weight, hours, a := drawAccess(t)
		if len(hours[0]) == 1 {
			return
		}
		losses, err := a.LoseEach(hoursOf(3), 2)
		if err != nil {
			t.Fatal(err)
		}
		for h, l := range losses {
			var left [][]float64
			for _, row := range hours {
				left = append(left, slices.Delete(slices.Clone(row), h, h+1))
			}
			b, err := NewAccess(weight, matrix(left))
			if err != nil {
				t.Fatal(err)
			}
			cover, err := b.Cover(hoursOf(3), 2)
			if err != nil {
				t.Fatal(err)
			}
			if !nearAll(l.Cover, cover) || l.Times != b.Times() {
				t.Fatalf("loss of hub %d: cover %v, times %+v; recomputed %v, %+v", h, l.Cover, l.Times, cover, b.Times())
			}
			before, after := a.Nearest(), b.Nearest()
			var worst float64
			isolated := 0.0
			for i := range weight {
				switch {
				case before[i].Hub >= 0 && after[i].Hub < 0:
					isolated = max(isolated, weight[i])
				case before[i].Hub >= 0:
					worst = max(worst, weight[i]*(after[i].Time-before[i].Time).Hours())
				}
			}
			switch {
			case isolated > 0:
				if l.Hit < 0 || after[l.Hit].Hub >= 0 || weight[l.Hit] != isolated {
					t.Fatalf("loss of hub %d isolates weight %v, hit is %d", h, isolated, l.Hit)
				}
			case worst > 0:
				if l.Hit < 0 || !near(weight[l.Hit]*(after[l.Hit].Time-before[l.Hit].Time).Hours(), worst) {
					t.Fatalf("loss of hub %d adds %v, hit is %d", h, worst, l.Hit)
				}
			case l.Hit >= 0:
				t.Fatalf("loss of hub %d changes nothing, hit is %d", h, l.Hit)
			}
		}
	})
}

func TestOnly(t *testing.T) {
	a, err := micro(t).Only([]int{1, 4})
	if err != nil {
		t.Fatal(err)
	}
	cover, err := a.Cover(hoursOf(3), 2)
	if err != nil || !nearAll(cover, []float64{0.5, 0.5}) {
		t.Errorf("cover %v (error %v), want 0.5 and 0.5", cover, err)
	}
	if _, err := micro(t).Only([]int{5}); !errors.Is(err, ErrAccess) {
		t.Errorf("error %v, want ErrAccess", err)
	}
	if _, err := micro(t).Only(nil); !errors.Is(err, ErrAccess) {
		t.Errorf("error %v, want ErrAccess", err)
	}
}

func TestRefusesBadInput(t *testing.T) {
	two := matrix([][]float64{{1, 2}, {3, 4}})
	for name, c := range map[string]struct {
		weight []float64
		times  *route.Matrix
	}{
		"no hubs":             {nil, &route.Matrix{}},
		"too few weights":     {[]float64{1}, two},
		"broken matrix":       {[]float64{1, 1}, &route.Matrix{Rows: 2, Columns: 2}},
		"weight not a number": {[]float64{1, math.NaN()}, two},
		"negative weight":     {[]float64{1, -1}, two},
		"endless weight":      {[]float64{1, math.Inf(1)}, two},
		"weights all zero":    {[]float64{0, 0}, two},
		"sum too large":       {[]float64{1e308, 1e308}, two},
	} {
		if _, err := NewAccess(c.weight, c.times); !errors.Is(err, ErrAccess) {
			t.Errorf("%s: error %v, want ErrAccess", name, err)
		}
	}
	a := micro(t)
	for _, c := range []struct {
		within time.Duration
		depth  int
	}{{0, 1}, {-time.Hour, 1}, {time.Hour, 0}} {
		if _, err := a.Cover(c.within, c.depth); !errors.Is(err, ErrAccess) {
			t.Errorf("cover within %v to depth %d: error %v, want ErrAccess", c.within, c.depth, err)
		}
		if _, err := a.LoseEach(c.within, c.depth); !errors.Is(err, ErrAccess) {
			t.Errorf("losses within %v to depth %d: error %v, want ErrAccess", c.within, c.depth, err)
		}
	}
}
