package mip

import (
	"math"
	"slices"

	"github.com/hubplan/hubplan/hub/locate/internal/simplex"
)

const (
	reliable  = 4  // observations after which a pseudocost is believed
	tried     = 8  // columns tried by strong branching at a node
	trySteps  = 40 // exchanges of a trial
	leastGain = 1e-6
)

// choice is what trials say about a node.
type choice int

const (
	branches choice = iota
	smaller         // a side of a branch is empty: to be solved again
	empty           // both sides are
)

// choose picks the column to branch on.
func (w *worker) choose(fractional []int, cutoff float64, a *answer) (column int, c choice) {
	type candidate struct {
		column int
		score  float64
		known  bool
	}
	mean := w.means()
	list := make([]candidate, len(fractional))
	for k, j := range fractional {
		down, up := w.estimate(j, mean)
		p := &w.past[j]
		list[k] = candidate{j, max(down, leastGain) * max(up, leastGain), min(p.count[0], p.count[1]) >= reliable}
	}
	slices.SortStableFunc(list, func(a, b candidate) int {
		switch {
		case a.score > b.score:
			return -1
		case a.score < b.score:
			return 1
		}
		return 0
	})
	best, score := list[0].column, math.Inf(-1)
	var basis []int8
	var values []float64
	for k, c := range list {
		if k >= tried {
			break
		}
		if c.known || w.stopped() {
			if c.score > score {
				best, score = c.column, c.score
			}
			continue
		}
		if basis == nil {
			basis = w.solver.Basis()
			values = make([]float64, len(fractional))
			for i, j := range fractional {
				values[i] = w.solver.X(j)
			}
		}
		x := values[slices.Index(fractional, c.column)]
		down, up := w.try(c.column, x, basis, cutoff, a)
		if down >= cutoff || up >= cutoff {
			w.solver.SetBasis(basis)
			ok := true
			if down >= cutoff {
				ok = w.domain.set(c.column, math.Floor(x)+1, w.domain.upper[c.column])
			}
			if up >= cutoff {
				ok = w.domain.set(c.column, w.domain.lower[c.column], math.Floor(x)) && ok
			}
			if !ok {
				a.bound = max(a.bound, min(down, up))
				return 0, empty
			}
			return 0, smaller
		}
		if s := max(down-a.bound, leastGain) * max(up-a.bound, leastGain); s > score {
			best, score = c.column, s
		}
	}
	if basis != nil { // the point at hand is that of a trial
		w.solver.SetBasis(basis)
		w.solver.Run(math.Inf(1), 0, w.Stop)
		if fraction(w.solver.X(best)) <= integral {
			for _, j := range fractional { // another of the best points, as it happens
				if fraction(w.solver.X(j)) > integral {
					return j, branches
				}
			}
		}
	}
	return best, branches
}

// try bounds the two sides of a branch by a few exchanges.
func (w *worker) try(column int, x float64, basis []int8, cutoff float64, a *answer) (down, up float64) {
	var bounds [2]float64
	lower, upper := w.domain.lower[column], w.domain.upper[column]
	for side := range bounds {
		w.solver.SetBasis(basis)
		moved := x - math.Floor(x)
		if side == 0 {
			w.solver.SetBounds(column, lower, math.Floor(x))
		} else {
			w.solver.SetBounds(column, math.Floor(x)+1, upper)
			moved = 1 - moved
		}
		status := w.solver.Run(cutoff, trySteps, w.Stop)
		bounds[side] = max(a.bound, w.solver.Bound())
		if status == simplex.Infeasible {
			bounds[side] = math.Inf(1)
		} else {
			a.gains = append(a.gains, gain{column, side == 1, bounds[side] - a.bound, moved})
		}
		w.solver.SetBounds(column, lower, upper)
	}
	return bounds[0], bounds[1]
}

// means are the pseudocosts of columns about which nothing is known.
func (s *search) means() (mean [2]float64) {
	var count [2]int
	for _, j := range s.integers {
		for side := range 2 {
			if p := &s.past[j]; p.count[side] > 0 {
				mean[side] += p.sum[side] / float64(p.count[side])
				count[side]++
			}
		}
	}
	for side := range mean {
		if count[side] > 0 {
			mean[side] /= float64(count[side])
		} else {
			mean[side] = 1
		}
	}
	return mean
}

// estimate is what the two sides of a branch may gain.
func (w *worker) estimate(column int, mean [2]float64) (down, up float64) {
	x := w.solver.X(column)
	p := &w.past[column]
	cost := mean
	for side := range cost {
		if p.count[side] > 0 {
			cost[side] = p.sum[side] / float64(p.count[side])
		}
	}
	return cost[0] * (x - math.Floor(x)), cost[1] * (math.Ceil(x) - x)
}
