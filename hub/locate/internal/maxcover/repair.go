package maxcover

import (
	"cmp"
	"math"
	"math/rand/v2"
	"slices"
)

// repair is the local search for the least cost that covers the need.
type repair struct {
	cover
	stop func() bool
	at   []int // scratch: the open sites
}

func newRepair(in *Instance, columns [][]int32, stop func() bool) repair {
	return repair{cover: newCover(in, columns), stop: stop}
}

// complete opens sites until the need is covered: the one that costs least
// for what it adds of the weight still missing, ties to the lowest index. It
// reports false if no site adds anything more.
func (r *repair) complete() bool {
	for r.covered < r.in.Need {
		stopped := r.stop() // then any site that adds something will do
		best, least := -1, math.Inf(1)
		for j, g := range r.gain {
			if r.isOpen[j] || g <= 0 {
				continue
			}
			if v := r.in.Cost[j] / min(g, r.in.Need-r.covered); best < 0 || v < least {
				best, least = j, v
			}
			if stopped {
				break
			}
		}
		if best < 0 {
			return false
		}
		r.open(best)
	}
	return true
}

// prune closes sites that are not needed, the dearest first, ties to the
// highest index.
func (r *repair) prune() {
	r.at = r.sites(r.at[:0])
	slices.SortFunc(r.at, func(a, b int) int {
		return cmp.Or(cmp.Compare(r.in.Cost[b], r.in.Cost[a]), cmp.Compare(b, a))
	})
	for _, j := range r.at {
		if r.covered-r.gain[j] >= r.in.Need {
			r.close(j)
		}
	}
}

// swaps exchanges each open site for the cheapest that covers enough in its
// place, while that saves cost; of equals the one that covers most is worth
// having where it lets another close.
func (r *repair) swaps() {
	for better := true; better; {
		better = false
		r.at = r.sites(r.at[:0])
		for _, k := range r.at {
			if r.stop() {
				return
			}
			if !r.isOpen[k] {
				continue
			}
			r.close(k)
			best := k
			for j, g := range r.gain {
				if r.isOpen[j] || j == k || r.covered+g < r.in.Need {
					continue
				}
				if c := r.in.Cost[j]; c < r.in.Cost[best] || c == r.in.Cost[best] && g > r.gain[best] {
					best = j
				}
			}
			cheaper := r.in.Cost[best] < r.in.Cost[k]
			more := r.gain[best] > r.gain[k]*(1+1e-9)
			if !cheaper && !more {
				best = k
			}
			r.open(best)
			better = better || best != k
		}
		if better {
			r.prune()
		}
	}
}

// From is the solution that follows from a set of sites, nil if none does.
func (r *repair) From(open []int) ([]int, float64) {
	r.reset(open)
	if !r.complete() {
		return nil, math.Inf(1)
	}
	r.prune()
	r.swaps()
	at := r.sites(nil)
	return at, r.in.Value(at)
}

// Greedy is a solution from scratch, nil if there is none.
func (r *repair) Greedy() ([]int, float64) { return r.From(nil) }

// Shake improves a solution by rounds in which some sites close and the need
// is covered anew, always from the best solution so far.
func (r *repair) Shake(start []int, rounds int, rng *rand.Rand) ([]int, float64) {
	best, value := start, r.in.Value(start)
	var left []int
	for range rounds {
		if r.stop() || len(best) == 0 {
			break
		}
		left = append(left[:0], best...)
		for range 1 + len(best)/4 {
			if len(left) > 0 {
				at := rng.IntN(len(left))
				left = slices.Delete(left, at, at+1)
			}
		}
		if j := rng.IntN(r.in.Sites); !slices.Contains(left, j) {
			left = append(left, j)
		}
		if open, v := r.From(left); v < value {
			best, value = open, v
		}
	}
	return best, value
}
