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
func (w *work) tidy(open []int) *assignment {
	open = slices.Sorted(slices.Values(open))
	if w.Model == PCenter || w.Model == FixedCharge && w.P > 0 {
		return w.assign(open)
	}
	if w.stop() {
		return w.assign(w.makeUp(open))
	}
	a := w.assign(open)
	for {
		drop := -1
		for k, v := range a.worth() {
			if v > 0 || w.status(open[k]) == Required || w.status(open[k]) == Existing {
				continue
			}
			if drop < 0 || cmp.Compare(w.opening(open[k]), w.opening(open[drop])) >= 0 {
				drop = k
			}
		}
		if drop < 0 || w.stop() {
			break
		}
		a = w.assign(slices.Delete(open, drop, drop+1))
		open = a.open
	}
	if full := w.makeUp(slices.Clone(open)); len(full) > len(open) {
		return w.assign(full)
	}
	return a
}

// makeUp adds the sites of lowest index to the open ones where their number is
// given and not reached.
func (w *work) makeUp(open []int) []int {
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
