package branch

import "math"

// Reduced returns for each site what multipliers prove of it: a lower bound on
// the value of every solution in which it is open, and of every one in which
// it is closed; -Inf where they prove nothing. The model must be fresh: one
// that has not been entered.
func Reduced(m Model, u []float64) (open, closed []float64) {
	w := newWorker(m, nil)
	open, closed = make([]float64, m.Sites()), make([]float64, m.Sites())
	for j := range open {
		open[j], closed[j] = math.Inf(-1), math.Inf(-1)
	}
	w.floor, w.limit = math.Inf(1), math.Inf(1)
	if w.settle() != undecided {
		return open, closed
	}
	copy(w.ascent.best, u)
	l := w.priceBest()
	dearest, cheapest := w.penalties()
	for i, j := range w.free {
		if i < w.take {
			closed[j] = w.exchange(l, cheapest, w.rho[j])
		} else {
			open[j] = w.exchange(l, w.rho[j], dearest)
		}
	}
	return open, closed
}
