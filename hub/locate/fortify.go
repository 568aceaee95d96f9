package locate

import (
	"math"
)

// fortification solves Fortification and CoverFortification by the implicit
// enumeration of Scaparra and Church 2008 (Computers & Operations Research 35):
// a better protection than any so far must protect one of the sites of the worst
// loss that is left. Sites passed over at a branch stay unprotected below the
// next, so that no set is met twice, and the worst loss of those alone is a
// bound on what is below.
func (w *work) fortification() (*Solution, error) {
	f := &fortify{work: w, state: make([]fate, w.sites), value: math.Inf(1), bound: math.Inf(1)}
	for j := range f.state {
		if !w.losable(j) {
			f.state[j] = kept
		}
	}
	if err := f.search(w.P); err != nil {
		return nil, err
	}
	if !f.found {
		if w.ctx.Err() != nil {
			return nil, w.ctx.Err()
		}
		return nil, ErrNodeLimit
	}
	return w.survivors(f.protected, &loss{
		lost: f.lost, value: f.value, bound: min(f.bound, f.value), proven: f.bound >= f.value, nodes: f.nodes,
	}), nil
}

// fate is what is decided about a site.
type fate int8

const (
	undecided fate = iota
	kept           // protected, or such that it cannot be lost
	exposed        // not protected
)

// fortify is a search for what to protect.
type fortify struct {
	*work
	state []fate

	protected, lost []int
	value           float64 // the worst loss with protected, to be minimised
	bound           float64 // the least bound of what was not searched
	found           bool
	nodes           int
}

// search tries all ways to protect up to left more sites.
func (f *fortify) search(left int) error {
	if f.stop() || f.Nodes > 0 && f.nodes >= f.Nodes {
		f.bound = min(f.bound, f.least())
		return nil
	}
	f.nodes++
	worst, err := f.interdict(func(j int) bool { return f.state[j] != kept }, f.Loss, false)
	if err != nil {
		return err
	}
	if !worst.proven { // something may cost more: no value of a protection
		f.bound = min(f.bound, f.least())
		return nil
	}
	if worst.value < f.value || !f.found {
		f.value, f.lost, f.found = worst.value, worst.lost, true
		f.protected = f.chosen()
		f.report(worst.value)
	}
	if left == 0 {
		return nil
	}
	var passed []int
	for _, j := range worst.lost {
		if f.state[j] != undecided {
			continue
		}
		// Below here the sites passed over are exposed: what they alone lose is
		// lost in any case.
		if len(passed) > 0 {
			certain, err := f.interdict(func(j int) bool { return f.state[j] == exposed }, f.Loss, false)
			if err != nil {
				return err
			}
			if certain.value >= f.value {
				break
			}
		}
		f.state[j] = kept
		if err := f.search(left - 1); err != nil {
			return err
		}
		f.state[j] = exposed
		passed = append(passed, j)
	}
	for _, j := range passed {
		f.state[j] = undecided
	}
	return nil
}

// least is a bound on every protection below: nothing is lost.
func (f *fortify) least() float64 { return f.harm(nil) }

// chosen lists the sites that are protected.
func (f *fortify) chosen() []int {
	list := []int{}
	for j, s := range f.state {
		if s == kept && f.losable(j) {
			list = append(list, j)
		}
	}
	return list
}

// report tells the caller of a better protection.
func (f *fortify) report(value float64) {
	if f.Progress == nil {
		return
	}
	sign := 1.0
	if f.Model == CoverFortification {
		sign = -1
	}
	bound := f.least()
	f.Progress(Progress{Objective: sign * value, Bound: sign * bound, Gap: gap(value, bound), Nodes: f.nodes})
}
