package locate

import (
	"math"
	"sync"

	"github.com/hubplan/hubplan/hub/locate/internal/near"
)

// assignment holds for each demand the two nearest of the open sites, and what
// follows from that.
type assignment struct {
	*work
	open          []int
	first, second []service
	objective     float64 // as the model defines it
}

// service is an open site, by its position in open (-1 none), and its cost.
type service struct {
	at   int32
	cost float64
}

var nobody = service{-1, math.Inf(1)}

// stretch is the number of demands whose part of the objective is summed up
// one after the other. It does not depend on the number of goroutines.
const stretch = 1 << 14

// assign finds the two nearest open sites of every demand, ties to the lower
// position. It works on all cores and does not stop: a solution needs it.
func (w *work) assign(open []int) *assignment {
	a := &assignment{work: w, open: open, first: make([]service, w.demands), second: make([]service, w.demands)}
	source := near.Among(w.source, open)
	parts := make([]float64, (w.demands+stretch-1)/stretch)
	workers := min(w.Workers, len(parts))
	var wg sync.WaitGroup
	for first := range workers {
		wg.Go(func() {
			var pairs []near.Pair
			for b := first; b < len(parts); b += workers {
				from, to := b*stretch, min((b+1)*stretch, w.demands)
				for i := from; i < to; i++ {
					a.first[i], a.second[i] = nobody, nobody
					pairs = source.Nearest(i, 2, pairs[:0])
					if len(pairs) > 0 {
						a.first[i] = service{pairs[0].Site, pairs[0].Cost}
					}
					if len(pairs) > 1 {
						a.second[i] = service{pairs[1].Site, pairs[1].Cost}
					}
				}
				parts[b] = a.part(from, to)
			}
		})
	}
	wg.Wait()
	if w.Model == SetCover || w.Model == FixedCharge {
		for _, j := range open {
			a.objective += w.opening(j)
		}
	}
	for _, v := range parts {
		if w.Model == PCenter {
			a.objective = max(a.objective, v)
		} else {
			a.objective += v
		}
	}
	return a
}

// part is what a stretch of demands has in the objective.
func (a *assignment) part(from, to int) float64 {
	var sum float64
	for i := from; i < to; i++ {
		s := a.first[i]
		switch w := a.weight(i); {
		case w == 0:
		case a.Model == PMedian || a.Model == FixedCharge:
			sum += w * s.cost
		case a.Model == PCenter:
			sum = max(sum, w*s.cost)
		case a.Model == MaximalCover:
			sum += w * a.served(s.cost)
		}
	}
	return sum
}

// worth computes Solution.Worth.
func (a *assignment) worth() []float64 {
	switch a.Model {
	case PCenter:
		return a.worthOfCenter()
	case SetCover:
		return a.worthOfCover()
	}
	worth := make([]float64, len(a.open))
	for i, s := range a.first {
		w := a.weight(i)
		if w == 0 || s.at < 0 {
			continue
		}
		if a.Model == MaximalCover {
			worth[s.at] += w*a.served(s.cost) - w*a.served(a.second[i].cost)
		} else {
			worth[s.at] += w*a.second[i].cost - w*s.cost
		}
	}
	if a.Model == FixedCharge {
		for k, j := range a.open {
			worth[k] -= a.opening(j)
		}
	}
	return worth
}

// worthOfCenter is by how much the largest cost grows: that of the demands
// that lose their site, if it exceeds what it is.
func (a *assignment) worthOfCenter() []float64 {
	worth := make([]float64, len(a.open))
	for i, s := range a.first {
		if w := a.weight(i); w > 0 && s.at >= 0 {
			worth[s.at] = max(worth[s.at], w*a.second[i].cost-a.objective)
		}
	}
	return worth
}

// worthOfCover is the opening cost saved, or +Inf if what is left covers too
// little.
func (a *assignment) worthOfCover() []float64 {
	var total, covered float64
	lost := make([]float64, len(a.open)) // weight that a site alone covers
	for i, s := range a.first {
		w := a.weight(i)
		total += w
		if w == 0 || a.served(s.cost) == 0 {
			continue
		}
		covered += w
		if a.served(a.second[i].cost) == 0 {
			lost[s.at] += w
		}
	}
	worth := make([]float64, len(a.open))
	for k, j := range a.open {
		worth[k] = -a.opening(j)
		if lost[k] > 0 && (a.whole() || covered-lost[k] < a.needed(total)) {
			worth[k] = math.Inf(1)
		}
	}
	return worth
}

// needed is the weight that a set cover must cover of a total, with leeway for
// the order of sums.
func (p *Problem) needed(total float64) float64 {
	if p.Share == 0 || p.Share == 1 {
		return total * (1 - 1e-12)
	}
	return p.Share * total * (1 - 1e-12)
}
