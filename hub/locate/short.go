package locate

import (
	"fmt"
	"slices"

	"github.com/hubplan/hubplan/hub/locate/internal/capacity"
)

// whyShort says why there is no solution with capacities.
func (w *work) whyShort() error {
	if err := w.short(); err != nil {
		return err
	}
	return w.unfit()
}

// unfit says that there is no solution though there is capacity enough.
func (w *work) unfit() error {
	what := "no choice of sites can serve all demands"
	if w.Capacity.Single {
		what = "no choice of sites can serve all demands whole"
	}
	if w.Capacity.Closest {
		what += ", each from its nearest,"
	}
	if w.Capacity.Minimum != nil {
		what += " and each its minimum"
	}
	return infeasiblef("%s within the limits", what)
}

// short looks for capacity that is lacking, for the demands or a commodity, in
// a scenario; nil if there is enough of each alone.
func (w *work) short() error {
	if !w.all() {
		return nil
	}
	for s := range max(1, len(w.Scenarios)) {
		q := *w.sceneOf(s)
		c := q.Capacity
		where := ""
		if len(w.Scenarios) > 0 {
			where = fmt.Sprintf("in scenario %d ", s)
		}
		v := *w
		v.Problem, v.source = &q, q.Costs.source()
		q.Capacity = &Capacity{Demand: c.Demand}
		for j := range w.sites {
			q.Capacity.Limit = append(q.Capacity.Limit, c.largest(j))
		}
		if err := v.shortage(where); err != nil {
			return err
		}
		for k, g := range c.Commodities {
			q.Capacity = &Capacity{Demand: g.Demand, Limit: g.Limit}
			if err := v.shortage(fmt.Sprintf("%sof commodity %d ", where, k)); err != nil {
				return err
			}
		}
	}
	return nil
}

// shortage says how much capacity is lacking if demands divide, nil if none is.
func (w *work) shortage(where string) error {
	var limits []float64
	var total, room float64
	_, _, existing := w.candidates()
	for j := range w.sites {
		switch w.status(j) {
		case Existing:
			room += w.Capacity.Limit[j]
		case Candidate, Required:
			limits = append(limits, w.Capacity.Limit[j])
		}
	}
	slices.Sort(limits)
	slices.Reverse(limits)
	which := "the sites that may be opened"
	if w.Model != SetCover && w.P > 0 && len(limits) > w.P {
		limits = limits[:w.P]
		which = fmt.Sprintf("the %d largest sites that may be opened", w.P)
		if len(existing) > 0 {
			which += " and the existing ones"
		}
	}
	for _, q := range limits {
		room += q
	}
	for i := range w.demands {
		total += w.size(i)
	}
	if total == 0 {
		return nil
	}
	if room < total*(1-roundLimit) {
		return infeasiblef("%s%s can serve %v of %v: %v short", where, which, room, total, total-room)
	}
	in, _, err := w.limited()
	if err != nil {
		return nil
	}
	if short, ok := capacity.Short(in, w.stop); ok && short > 0 {
		return infeasiblef("%sthe sites that may be opened can serve %v of %v, since not every site can serve every demand: %v short", where, total-short, total, short)
	}
	return nil
}
