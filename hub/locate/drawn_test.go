package locate

import (
	"math"
	"math/bits"
	"math/rand/v2"
	"slices"
	"testing"
)

// drawn is a problem small enough to enumerate, with its costs as a matrix.
type drawn struct {
	Problem
	cost [][]float64 // demand, site
}

// draw draws a problem with every special case: ties, duplicate points,
// impossible pairs, zero weights, sites of every status, as many sites to open
// as there are, and costs as a matrix, as lists or as points.
func draw(rng *rand.Rand, model Model) drawn {
	n, m := 1+rng.IntN(12), 1+rng.IntN(8)
	d := drawn{Problem: Problem{Model: model}, cost: make([][]float64, n)}
	points := Points{Metric: Metric(rng.IntN(int(Maximum) + 1))}
	at := func() [2]float64 { return [2]float64{float64(rng.IntN(6)), float64(rng.IntN(6))} }
	for range m {
		points.Sites = append(points.Sites, at())
	}
	kind, integer := rng.IntN(3), rng.IntN(2) == 0
	impossible := []float64{0, 0.1, 0.4}[rng.IntN(3)]
	dense := Dense{Demands: n, Sites: m}
	sparse := Sparse{Sites: m, First: []int{0}}
	for i := range n {
		points.Demands = append(points.Demands, at())
		d.cost[i] = make([]float64, m)
		for j := range m {
			c := 6 * rng.Float64()
			switch {
			case kind == 2:
				c = points.At(i, j)
			case rng.Float64() < impossible:
				c = math.Inf(1)
			case integer:
				c = math.Floor(c)
			}
			d.cost[i][j] = c
			dense.Values = append(dense.Values, c)
			if !math.IsInf(c, 1) || rng.IntN(3) == 0 {
				sparse.Site = append(sparse.Site, int32(j))
				sparse.Cost = append(sparse.Cost, c)
			}
		}
		sparse.First = append(sparse.First, len(sparse.Site))
	}
	d.Costs = []Costs{&dense, &sparse, &points}[kind]

	if rng.IntN(4) > 0 {
		for range n {
			w := float64(rng.IntN(4))
			if !integer && w > 0 {
				w = 3 * rng.Float64()
			}
			d.Weight = append(d.Weight, w)
		}
	}
	if rng.IntN(3) > 0 {
		for range m {
			f := float64(rng.IntN(5))
			if !integer && f > 0 {
				f = rng.Float64() * 4
			}
			d.Opening = append(d.Opening, f)
		}
	}
	allowed := m
	if rng.IntN(2) == 0 {
		d.Site = make([]Status, m)
		for j := range d.Site {
			if v := Status(rng.IntN(8)); v <= Excluded && (v < Existing || allowed > 1) {
				d.Site[j] = v
				if v >= Existing {
					allowed--
				}
			}
		}
	}
	d.P = 1 + rng.IntN(allowed)
	d.Radius = float64(rng.IntN(5))
	if rng.IntN(12) == 0 {
		d.Radius = math.Inf(1)
	}
	return d
}

// judge is the objective of a set of open sites by its definition, as a bit
// set; ok is false if the set is no solution. It shares no code with Solve.
func (d drawn) judge(set uint) (value float64, ok bool) {
	chosen, paid := 0, 0.0
	for j := range d.cost[0] {
		open := set>>j&1 == 1
		st := Candidate
		if d.Site != nil {
			st = d.Site[j]
		}
		if (st == Required || st == Existing) && !open || st == Excluded && open {
			return 0, false
		}
		if open && st != Existing {
			chosen++
			if d.Opening == nil {
				paid++
			} else {
				paid += d.Opening[j]
			}
		}
	}
	switch {
	case d.Model == SetCover || d.Model == FixedCharge && d.P == 0:
	case d.Model == MaximalCover && d.Budget > 0:
		if paid > d.Budget+1e-9 || d.P > 0 && chosen > d.P {
			return 0, false
		}
	case chosen != d.P:
		return 0, false
	}
	return d.value(set, paid)
}

// value is judge without a look at statuses and numbers.
func (d drawn) value(set uint, paid float64) (value float64, ok bool) {
	var sum, most, covered, total float64
	for i, row := range d.cost {
		w := 1.0
		if d.Weight != nil {
			w = d.Weight[i]
		}
		if w == 0 {
			continue
		}
		least := math.Inf(1)
		for j, c := range row {
			if set>>j&1 == 1 {
				least = min(least, c)
			}
		}
		total += w
		sum += w * least
		most = max(most, w*least)
		switch {
		case math.IsInf(least, 1):
		case least <= d.Radius:
			covered += w
		case d.Model == MaximalCover && least < d.Fade:
			covered += w * (d.Fade - least) / (d.Fade - d.Radius)
		}
	}
	switch d.Model {
	case PMedian:
		return sum, !math.IsInf(sum, 1)
	case FixedCharge:
		return sum + paid, !math.IsInf(sum, 1)
	case PCenter:
		return most, !math.IsInf(most, 1)
	case MaximalCover:
		return covered, true
	}
	share := d.Share
	if share == 0 {
		share = 1
	}
	return paid, covered >= share*total-1e-9
}

// best enumerates all sets of sites.
func (d drawn) best() (best float64, ok bool) {
	for set := range uint(1) << len(d.cost[0]) {
		if v, fits := d.judge(set); fits && (!ok || d.Model == MaximalCover && v > best || d.Model != MaximalCover && v < best) {
			best, ok = v, true
		}
	}
	return best, ok
}

// setOf is a list of sites as a bit set.
func setOf(sites []int) (set uint) {
	for _, j := range sites {
		set |= 1 << j
	}
	return set
}

// checkDrawn verifies a solution against the definition and the optimum.
func checkDrawn(t *testing.T, d drawn, s *Solution, best float64) {
	t.Helper()
	if !slices.IsSorted(s.Open) || bits.OnesCount(setOf(s.Open)) != len(s.Open) {
		t.Fatalf("Open %v is not strictly ascending", s.Open)
	}
	v, ok := d.judge(setOf(s.Open))
	if !ok || !alike(v, s.Objective) {
		t.Fatalf("Open %v is worth %v (%v), objective %v\n%+v", s.Open, v, ok, s.Objective, d)
	}
	if crosses(d.Model, s.Bound, best) || s.Optimal && !alike(s.Objective, best) {
		t.Fatalf("objective %v, bound %v, %v; brute force %v\n%+v", s.Objective, s.Bound, s.Status, best, d)
	}
	if s.Optimal != (s.Status == Optimal) || s.Optimal && s.Gap > 1e-9 {
		t.Fatalf("Optimal %v, Status %v, Gap %v", s.Optimal, s.Status, s.Gap)
	}
}
