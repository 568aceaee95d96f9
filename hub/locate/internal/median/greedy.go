package median

import (
	"math"
	"slices"
)

// Greedy extends a set of open sites to in.Open of them, each time by the
// site that lowers the cost most, ties to the lowest index. The set must
// reach every demand unless it is empty and every pair is possible. Once stop
// reports true it fills up with the lowest indices.
func (in *Instance) Greedy(start []int, stop func() bool) []int {
	open := slices.Clone(start)
	isOpen := make([]bool, in.Sites)
	near := make([]float64, in.Demands)
	for i := range near {
		near[i] = math.Inf(1)
		for _, j := range open {
			near[i] = min(near[i], in.Cost[i*in.Sites+j])
		}
	}
	for _, j := range open {
		isOpen[j] = true
	}
	total := make([]float64, in.Sites)
	for len(open) < in.Open {
		best := -1
		if stop() {
			best = slices.Index(isOpen, false)
		} else {
			clear(total)
			for i, d := range near {
				for j, c := range in.Cost[i*in.Sites:][:in.Sites] {
					total[j] += min(c, d)
				}
			}
			for j, t := range total {
				if !isOpen[j] && (best < 0 || t < total[best]) {
					best = j
				}
			}
		}
		open = append(open, best)
		isOpen[best] = true
		for i, d := range near {
			near[i] = min(d, in.Cost[i*in.Sites+best])
		}
	}
	slices.Sort(open)
	return open
}
