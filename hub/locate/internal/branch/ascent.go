package branch

import "math"

// effort is how long a node is worked on, in chunks of steps: at least and at
// most so many chunks, in between until each of the last few closed less than
// a share of what was missing to the cutoff.
type effort struct {
	least, most int
	patience    int
	share       float64
	step        float64 // first step factor
}

// The root is bounded with care, since all prices are first found there, from
// large steps; a node inherits multipliers that are nearly right.
var (
	rootEffort = effort{least: 12, most: 100, patience: 6, share: 0.02, step: 0.25}
	nodeEffort = effort{least: 2, most: 6, patience: 1, share: 0.2, step: 0.06}
)

// roundEvery is how often a node below the root looks for a solution.
const roundEvery = 4

// chunk is the number of steps between two looks at the progress made.
const chunk = 25

// ascent is the state of the volume algorithm (Barahona and Anbil 2000, "The
// volume algorithm: producing primal solutions with a subgradient method",
// Mathematical Programming 87): steps are taken from the best multipliers
// known along a running mean of the subgradients, and the same mean of the
// selections approximates a fractional primal solution, which tells what to
// branch on.
type ascent struct {
	best  []float64 // best multipliers of the node
	value float64   // the relaxation there
	u     []float64 // multipliers tried
	g     []float64 // their subgradient
	mean  []float64 // running mean of the subgradients
	x     []float64 // the same mean of the selections

	step  float64 // step factor
	alpha float64 // largest weight of a new subgradient in the mean
	red   int     // steps in a row without gain
	fresh bool    // no step taken yet
}

func newAscent(rows, sites int) ascent {
	return ascent{
		best: make([]float64, rows), u: make([]float64, rows),
		g: make([]float64, rows), mean: make([]float64, rows),
		x: make([]float64, sites),
	}
}

// begin starts an ascent from u.
func (a *ascent) begin(u []float64, step float64) {
	copy(a.best, u)
	a.step, a.alpha, a.red, a.fresh = step, 0.1, 0, true
}

// climb takes up to steps steps and raises s.bound. It reports false once the
// bound has reached the cutoff, all sites are decided or the search stops.
func (s *worker) climb(steps int) bool {
	a := &s.ascent
	for i := range a.best {
		a.best[i] = min(max(a.best[i], s.lo[i]), s.hi[i])
	}
	for range steps {
		if s.o.Stop() {
			s.stopped = true
			return false
		}
		s.propose()
		l := s.price(a.u)
		for j, c := range s.chosen {
			s.part[j] = 0
			if c {
				s.part[j] = 1
			}
		}
		if s.soften(l) {
			s.soft.SoftGradient(s.part, a.g)
		} else {
			s.m.Gradient(s.chosen, a.g)
		}
		s.average(l)
		if l > s.bound {
			s.bound = l
		}
		if s.bound >= s.cutoff() || !s.fix(l) {
			return false
		}
	}
	return true
}

// propose writes the next multipliers to try into a.u: from the best known
// along the mean subgradient, by a Polyak step towards the cutoff.
func (s *worker) propose() {
	a := &s.ascent
	if a.fresh {
		copy(a.u, a.best)
		return
	}
	var norm float64
	for i, g := range a.mean {
		if g > 0 && a.best[i] >= s.hi[i] || g < 0 && a.best[i] <= s.lo[i] {
			continue // the step would leave the interval
		}
		norm += g * g
	}
	target := s.limit
	if math.IsInf(target, 1) {
		target = s.bound + 0.1*math.Abs(s.bound) + 1
	}
	gap := max(1.05*(target-a.value), 1e-9*math.Abs(target))
	if norm == 0 {
		norm = 1
	}
	t := a.step * gap / norm
	for i, g := range a.mean {
		a.u[i] = min(max(a.best[i]+t*g, s.lo[i]), s.hi[i])
	}
}

// average takes the subgradient and selection just found into the running
// means, moves to u if it is the best yet, and adapts the step.
func (s *worker) average(l float64) {
	a := &s.ascent
	if a.fresh {
		a.fresh = false
		a.value = l
		copy(a.mean, a.g)
		copy(a.x, s.part)
		return
	}
	// The weight that makes the mean shortest, kept within its range.
	var gg, gm, mm float64
	for i, g := range a.g {
		m := a.mean[i]
		gg += g * g
		gm += g * m
		mm += m * m
	}
	w := a.alpha
	if d := gg - 2*gm + mm; d > 0 {
		w = min(max((mm-gm)/d, a.alpha/10), a.alpha)
	}
	if l > a.value {
		copy(a.best, a.u)
		a.value = l
		a.red = 0
		a.step = min(a.step*1.1, 2)
	} else {
		a.red++
		if a.red >= 10 {
			a.red = 0
			a.step = max(a.step*0.66, 1e-4)
			a.alpha = max(a.alpha*0.8, 0.005)
		}
	}
	for i, g := range a.g {
		a.mean[i] += w * (g - a.mean[i])
	}
	for j, v := range s.part {
		a.x[j] += w * (v - a.x[j])
	}
}
