package locate

import (
	"cmp"
	"math"
	"slices"
)

// tidy brings a solution into its canonical form without making it worse:
// sites whose closing changes nothing are closed, those with the highest
// opening cost and then the highest index first, and in the models that open
// exactly P sites the number is made up with the lowest indices.
func (p *Problem) tidy(open []int) []int {
	open = slices.Clone(open)
	slices.Sort(open)
	for {
		drop := -1
		for k, w := range p.worth(open) {
			if w > 0 || p.status(open[k]) == Required {
				continue
			}
			if drop < 0 || cmp.Compare(p.opening(open[k]), p.opening(open[drop])) >= 0 {
				drop = k
			}
		}
		if drop < 0 {
			break
		}
		open = slices.Delete(open, drop, drop+1)
	}
	if p.Model != SetCover {
		for j := 0; len(open) < p.P; j++ {
			if p.status(j) == Excluded {
				continue
			}
			if at, found := slices.BinarySearch(open, j); !found {
				open = slices.Insert(open, at, j)
			}
		}
	}
	return open
}

// worth computes Solution.Worth.
func (p *Problem) worth(open []int) []float64 {
	worth := make([]float64, len(open))
	for i := range p.Costs.Demands {
		w := p.weight(i)
		first, second := p.nearest(i, open)
		if w == 0 || first < 0 {
			continue
		}
		switch {
		case p.Model == PMedian && second >= 0:
			worth[first] += w*p.Costs.At(i, open[second]) - w*p.Costs.At(i, open[first])
		case p.Model == MaximalCover && second < 0:
			worth[first] += w
		case second < 0:
			worth[first] = math.Inf(1)
		}
	}
	if p.Model == SetCover {
		for k, j := range open {
			if worth[k] == 0 {
				worth[k] = -p.opening(j)
			}
		}
	}
	return worth
}
