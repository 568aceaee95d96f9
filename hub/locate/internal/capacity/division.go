package capacity

import (
	"cmp"
	"math"
	"slices"

	"github.com/hubplan/hubplan/hub/locate/internal/branch"
	"github.com/hubplan/hubplan/hub/locate/internal/transport"
)

// Division is how demands divide among given sites at least cost.
type Division struct {
	finder
	value worth
	rest  *transport.Solver
}

// NewDivision divides the demands of an instance among open sites, which must
// be a solution.
func NewDivision(in *Instance, open []int) *Division {
	d := &Division{finder: newFinder(newLayout(in), func() bool { return false })}
	d.now = transport.New(d.net)
	for _, j := range open {
		d.set(d.now, j, true)
	}
	d.value, _ = d.solve(d.now)
	return d
}

// Part is the part of a demand that a site serves.
type Part struct {
	Demand, Site int
	Part         float64
}

// Parts lists what serves what, by demand, then by site.
func (d *Division) Parts() []Part {
	served := make([]float64, d.demands())
	var list []Part
	for i, k := range d.place {
		if k < 0 {
			list = append(list, Part{i, d.nearestOpen(i), 1})
			served[i] = 1
		}
	}
	for f := range d.now.Flows() {
		e := d.pairOf[f.Pair]
		i := int(d.To[e])
		served[i] += f.Amount
		list = append(list, Part{i, int(d.siteOf[e]), f.Amount})
	}
	slices.SortFunc(list, func(a, b Part) int {
		return cmp.Or(a.Demand-b.Demand, a.Site-b.Site, cmp.Compare(a.Part, b.Part))
	})
	merged := list[:0]
	for _, p := range list {
		p.Part /= served[p.Demand]
		if k := len(merged) - 1; k >= 0 && merged[k].Demand == p.Demand && merged[k].Site == p.Site {
			merged[k].Part += p.Part // of a minimum, and beyond it
		} else {
			merged = append(merged, p)
		}
	}
	return merged
}

// nearestOpen is the open site of least cost for a demand.
func (d *Division) nearestOpen(i int) int {
	site, least := -1, math.Inf(1)
	for _, e := range d.pairsOf(i) {
		if j := int(d.siteOf[e]); d.now.Open(j) && d.Cost[e] < least {
			site, least = j, d.Cost[e]
		}
	}
	return site
}

// Price is what a little more capacity at an open site saves, for each unit.
func (d *Division) Price(j int) float64 { return max(0, d.now.Worth(j)) }

// Without is how much more it costs to serve the demands if a site closes, with
// nothing for the site; +Inf if that cannot be. ok is false if the search stops.
func (d *Division) Without(j int, stop func() bool) (more float64, ok bool) {
	if d.rest == nil {
		d.rest = transport.New(d.net)
	}
	d.finder.stop = stop
	d.rest.Copy(d.now)
	d.set(d.rest, j, false)
	w, ok := d.solve(d.rest)
	if !ok || w.short > d.slack() {
		return math.Inf(1), ok
	}
	return w.value + d.Opening[j] - d.value.value, true
}

// Short is how much of the demands cannot be served with all sites open that
// may be, if demands divide. ok is false if the search stops.
func Short(in *Instance, stop func() bool) (short float64, ok bool) {
	l := newLayout(in)
	l.net.Must = 0
	t := transport.New(l.net)
	for j, s := range in.Fixed {
		t.Set(j, s != branch.Out)
		if k := l.mustAt[j]; k >= 0 {
			t.Set(int(k), s != branch.Out)
		}
	}
	if !t.Solve(stop) {
		return 0, false
	}
	if _, short = t.Value(); short <= Leeway*l.total {
		short = 0
	}
	return short, true
}
