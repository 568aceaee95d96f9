package format

import (
	"math"
	"math/rand/v2"

	"github.com/hubplan/hubplan/hub/locate"
)

// drawProblem draws a small problem with every field and special case: ties,
// impossible pairs, zero weights, all statuses, costs in all three forms.
func drawProblem(rng *rand.Rand, model locate.Model) locate.Problem {
	n, m := 1+rng.IntN(6), 1+rng.IntN(6)
	p := locate.Problem{Model: model, Radius: float64(rng.IntN(7))}
	points := locate.Points{Metric: locate.Metric(rng.IntN(6))}
	for range n {
		points.Demands = append(points.Demands, [2]float64{float64(rng.IntN(6)), float64(rng.IntN(6))})
	}
	for range m {
		points.Sites = append(points.Sites, [2]float64{float64(rng.IntN(6)), float64(rng.IntN(6))})
	}
	dense := locate.Dense{Demands: n, Sites: m}
	list := locate.Sparse{Sites: m, First: []int{0}}
	impossible := []float64{0, 0.1, 0.4}[rng.IntN(3)]
	for range n {
		for j := range m {
			cost := float64(rng.IntN(8))
			if rng.IntN(3) == 0 {
				cost = 8 * rng.Float64()
			}
			if rng.Float64() < impossible {
				dense.Values = append(dense.Values, math.Inf(1))
				continue
			}
			dense.Values = append(dense.Values, cost)
			list.Site = append(list.Site, int32(j))
			list.Cost = append(list.Cost, cost)
		}
		list.First = append(list.First, len(list.Site))
	}
	p.Costs = []locate.Costs{dense, &dense, list, &list, points, &points}[rng.IntN(6)]
	if rng.IntN(3) > 0 {
		for range n {
			p.Weight = append(p.Weight, []float64{0, 1, float64(rng.IntN(9)), 5 * rng.Float64()}[rng.IntN(4)])
		}
	}
	if rng.IntN(3) > 0 {
		for range m {
			p.Opening = append(p.Opening, []float64{0, float64(rng.IntN(9)), 9 * rng.Float64()}[rng.IntN(3)])
		}
	}
	if rng.IntN(2) == 0 {
		for range m {
			p.Site = append(p.Site, locate.Status(max(0, rng.IntN(8)-4)))
		}
	}
	if rng.IntN(2) == 0 || model == locate.PMedian || model == locate.PCenter {
		p.P = 1 + rng.IntN(m)
	}
	switch model {
	case locate.MaximalCover:
		if rng.IntN(2) == 0 || p.P == 0 {
			p.Budget = float64(1 + rng.IntN(12))
		}
		if rng.IntN(2) == 0 {
			p.Fade = p.Radius + 4*rng.Float64()
		}
	case locate.SetCover:
		p.Share = []float64{0, 0, 1, 0.5, rng.Float64()}[rng.IntN(5)]
	}
	if rng.IntN(20) == 0 {
		p.Radius, p.Fade = math.Inf(1), 0
	}
	return p
}

// bruteForce is the best objective over all sets of sites by the definition of
// the model; ok is false if no set is feasible.
func bruteForce(p locate.Problem) (best float64, ok bool) {
	_, m := p.Costs.Size()
	open := make([]bool, m)
	for set := range 1 << m {
		for j := range open {
			open[j] = set>>j&1 == 1
		}
		v, fits := valueOf(p, open)
		if fits && (!ok || v < best && p.Model != locate.MaximalCover || v > best && p.Model == locate.MaximalCover) {
			best, ok = v, true
		}
	}
	return best, ok
}

// valueOf is the objective of a set of open sites; ok is false if it is not
// allowed.
func valueOf(p locate.Problem, open []bool) (value float64, ok bool) {
	var paid, sum, largest, covered, total float64
	count := 0
	for j, o := range open {
		status := locate.Candidate
		if p.Site != nil {
			status = p.Site[j]
		}
		switch {
		case o == (status == locate.Excluded) && status != locate.Candidate:
			return 0, false // excluded and open, or required or existing and closed
		case !o || status == locate.Existing:
			continue
		}
		count++
		if p.Opening == nil {
			paid++
		} else {
			paid += p.Opening[j]
		}
	}
	n, _ := p.Costs.Size()
	for i := range n {
		w := 1.0
		if p.Weight != nil {
			w = p.Weight[i]
		}
		if w == 0 {
			continue
		}
		least := math.Inf(1)
		for j, o := range open {
			if o {
				least = min(least, p.Costs.At(i, j))
			}
		}
		total += w
		sum += w * least
		largest = max(largest, w*least)
		switch {
		case math.IsInf(least, 1):
		case least <= p.Radius:
			covered += w
		case least < p.Fade:
			covered += w * (p.Fade - least) / (p.Fade - p.Radius)
		}
	}
	exactly := p.P == 0 || count == p.P
	switch p.Model {
	case locate.PMedian:
		return sum, exactly && !math.IsInf(sum, 1)
	case locate.PCenter:
		return largest, exactly && !math.IsInf(largest, 1)
	case locate.FixedCharge:
		return sum + paid, exactly && !math.IsInf(sum, 1)
	case locate.MaximalCover:
		if p.Budget > 0 {
			return covered, paid <= p.Budget && (p.P == 0 || count <= p.P)
		}
		return covered, exactly
	}
	share := p.Share
	if share == 0 {
		share = 1
	}
	return paid, covered >= share*total*(1-1e-12)
}
