package coverage

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"github.com/hubplan/hubplan/route"
)

// Cover returns the shares of demand with at least 1, 2, … depth hubs within
// the time, closed: element k-1 is COV_k(T), the sum of the weights of demand
// points with at least k hubs at time T or less over the sum of all weights.
// Errors wrap [ErrAccess]: a depth below 1, a time of zero or less.
func (a *Access) Cover(within time.Duration, depth int) ([]float64, error) {
	if err := checkStandard(within, depth); err != nil {
		return nil, err
	}
	return a.cover(within, depth, -1), nil
}

func checkStandard(within time.Duration, depth int) error {
	if depth < 1 {
		return fmt.Errorf("coverage: %w: depth %d", ErrAccess, depth)
	}
	if within <= 0 {
		return fmt.Errorf("coverage: %w: time standard %v", ErrAccess, within)
	}
	return nil
}

// cover is Cover with one hub lost.
func (a *Access) cover(within time.Duration, depth, without int) []float64 {
	exactly := make([]float64, depth+1) // weight with exactly that many hubs, the last or more
	for i, w := range a.weight {
		count := 0
		for h, ms := range a.row(i) {
			if h != without && ms != route.Unreachable && time.Duration(ms)*time.Millisecond <= within {
				count++
			}
		}
		exactly[min(count, depth)] += w
	}
	share := make([]float64, depth)
	var more, fewer float64
	for k := depth; k > 0; k-- {
		more += exactly[k]
		share[k-1] = more / a.total
	}
	// Sums in another order differ in their last digits; all is all nevertheless.
	for k := 0; k < depth && fewer == 0; k++ {
		if fewer += exactly[k]; fewer == 0 {
			share[k] = 1
		}
	}
	return share
}

// Times is the distribution of the demand's times to its nearest hub. All but
// Unreachable speak of the demand within reach; with none, they are zero and
// Worst is -1.
type Times struct {
	Mean   time.Duration // weighted
	Median time.Duration // weighted, see [Access.Times]
	P90    time.Duration // weighted
	Max    time.Duration
	// Worst is the demand point behind Max; of several the one with the most weight.
	Worst int
	// Unreachable is the share of weight out of reach of every hub.
	Unreachable float64
}

// Times returns the distribution of times to the nearest hub. A quantile q is
// the smallest time within which at least the share q of the weight within
// reach is served. Points of weight zero do not count.
func (a *Access) Times() Times { return a.times(-1) }

// times is Times with one hub lost.
func (a *Access) times(without int) Times {
	type served struct {
		time   time.Duration
		demand int
	}
	var all []served
	var reached, sum float64
	for i, w := range a.weight {
		if n := nearestOf(a.row(i), without); n.Hub >= 0 && w > 0 {
			all = append(all, served{n.Time, i})
			reached += w
			sum += w * n.Time.Seconds()
		}
	}
	t := Times{Worst: -1}
	if len(all) == 0 {
		t.Unreachable = 1
		return t
	}
	t.Unreachable = max(0, 1-reached/a.total)
	slices.SortFunc(all, func(x, y served) int {
		return cmp.Or(cmp.Compare(x.time, y.time), cmp.Compare(a.weight[x.demand], a.weight[y.demand]), cmp.Compare(y.demand, x.demand))
	})
	quantile := func(q float64) time.Duration {
		// Sums of floats fall short of exact shares by their rounding.
		need := q * reached * (1 - 1e-12)
		var sum float64
		for _, s := range all {
			if sum += a.weight[s.demand]; sum >= need {
				return s.time
			}
		}
		return all[len(all)-1].time
	}
	last := all[len(all)-1]
	t.Mean = time.Duration(sum / reached * float64(time.Second)).Round(time.Millisecond)
	t.Median, t.P90 = quantile(0.5), quantile(0.9)
	t.Max, t.Worst = last.time, last.demand
	return t
}

// Loss is what is left when a hub is lost and its demand goes to the others.
type Loss struct {
	Hub   int
	Cover []float64 // as [Access.Cover]
	Times Times
	// Hit is the demand point whose service suffers most: the one with the
	// greatest weight out of reach now, or else with the greatest growth of weight
	// times time; -1 if the loss changes nothing.
	Hit int
}

// LoseEach returns the exact effect of the loss of each hub alone (N-1), in the
// order of hubs. Errors as [Access.Cover]. It costs O(demand × hubs²).
func (a *Access) LoseEach(within time.Duration, depth int) ([]Loss, error) {
	if err := checkStandard(within, depth); err != nil {
		return nil, err
	}
	losses := make([]Loss, a.hubs)
	for h := range losses {
		losses[h] = Loss{Hub: h, Cover: a.cover(within, depth, h), Times: a.times(h), Hit: a.hit(h)}
	}
	return losses, nil
}

func (a *Access) hit(lost int) int {
	worst, isolated, growth := -1, 0.0, 0.0
	for i, w := range a.weight {
		n := nearestOf(a.row(i), -1)
		if n.Hub != lost || w == 0 {
			continue
		}
		if n.Second < 0 {
			if w > isolated {
				worst, isolated = i, w
			}
			continue
		}
		if g := w * (n.SecondTime - n.Time).Seconds(); isolated == 0 && g > growth {
			worst, growth = i, g
		}
	}
	return worst
}
