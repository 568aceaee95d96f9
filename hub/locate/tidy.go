package locate

import (
	"cmp"
	"slices"
)

// tidy brings a solution into its canonical form without making it worse:
// sites whose closing changes nothing are closed, those with the highest
// opening cost and then the highest index first, and where the number is
// given it is made up with the lowest indices. PCenter, in which most sites
// could move without a change, and FixedCharge with a number, where closing
// one and opening another need not pay, are left as they are. Once the search
// is to stop, the number is all that is looked at.
func (w *work) tidy(open []int) []int {
	open = slices.Clone(open)
	slices.Sort(open)
	if w.Model == PCenter || w.Model == FixedCharge && w.P > 0 {
		return open
	}
	for !w.stop() {
		drop := -1
		for k, v := range w.assign(open).worth() {
			if v > 0 || w.status(open[k]) == Required || w.status(open[k]) == Existing {
				continue
			}
			if drop < 0 || cmp.Compare(w.opening(open[k]), w.opening(open[drop])) >= 0 {
				drop = k
			}
		}
		if drop < 0 {
			break
		}
		open = slices.Delete(open, drop, drop+1)
	}
	if w.Model == PMedian || w.Model == MaximalCover && w.Budget == 0 {
		_, _, existing := w.candidates()
		for j := 0; len(open) < w.P+len(existing); j++ {
			if w.status(j) == Excluded {
				continue
			}
			if at, found := slices.BinarySearch(open, j); !found {
				open = slices.Insert(open, at, j)
			}
		}
	}
	return open
}
