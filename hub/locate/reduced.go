package locate

import (
	"slices"

	"github.com/hubplan/hubplan/hub/locate/internal/branch"
)

// reduce completes Solution.Reduced from the multipliers a search ended with.
// The model is a fresh one of the same instance, whose k-th site is site(k).
// In the cover models it lacks sites that others make superfluous: those might
// take the place of one that closes, so that nothing is said of that.
func (w *work) reduce(s *Solution, fresh func() branch.Model, r branch.Result, site func(k int) int) *Solution {
	if r.Multipliers == nil || float64(w.demands)*float64(w.sites) > mostPairs || w.stop() {
		return s
	}
	opened, closed := branch.Reduced(fresh(), r.Multipliers)
	if w.stop() {
		return s // the model may be cut short
	}
	s.Reduced = make([]float64, w.sites)
	for k, proven := range opened {
		j := site(k)
		if slices.Contains(s.Open, j) {
			proven = closed[k]
			if w.covers() {
				continue
			}
		}
		s.Reduced[j] = max(0, proven-min(r.Bound, r.Value))
	}
	return s
}
