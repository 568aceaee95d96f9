package locate

import (
	"math"
	"sync"

	"github.com/hubplan/hubplan/hub/locate/internal/near"
)

// assignment holds for each demand the two nearest of the open sites.
type assignment struct {
	*work
	open          []int
	first, second []service
}

// service is an open site, by its position in open (-1 none), and its cost.
type service struct {
	at   int32
	cost float64
}

var nobody = service{-1, math.Inf(1)}

// assign finds the two nearest open sites of every demand, ties to the lower
// position.
func (w *work) assign(open []int) *assignment {
	a := &assignment{work: w, open: open, first: make([]service, w.demands), second: make([]service, w.demands)}
	source := near.Among(w.source, open)
	each := max(1<<12, (w.demands+w.Workers-1)/w.Workers)
	var wg sync.WaitGroup
	for from := 0; from < w.demands; from += each {
		wg.Go(func() {
			var pairs []near.Pair
			for i := from; i < min(from+each, w.demands); i++ {
				a.first[i], a.second[i] = nobody, nobody
				pairs = source.Nearest(i, 2, pairs[:0])
				if len(pairs) > 0 {
					a.first[i] = service{pairs[0].Site, pairs[0].Cost}
				}
				if len(pairs) > 1 {
					a.second[i] = service{pairs[1].Site, pairs[1].Cost}
				}
			}
		})
	}
	wg.Wait()
	return a
}

// objective is the value of the open sites as the model defines it.
func (a *assignment) objective() float64 {
	var sum float64
	if a.Model == SetCover || a.Model == FixedCharge {
		for _, j := range a.open {
			sum += a.opening(j)
		}
	}
	for i, s := range a.first {
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
	now := a.objective()
	worth := make([]float64, len(a.open))
	for i, s := range a.first {
		if w := a.weight(i); w > 0 && s.at >= 0 {
			worth[s.at] = max(worth[s.at], w*a.second[i].cost-now)
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
