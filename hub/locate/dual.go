package locate

import (
	"math"
	"slices"

	"github.com/hubplan/hubplan/hub/locate/internal/ascent"
	"github.com/hubplan/hubplan/hub/locate/internal/branch"
	"github.com/hubplan/hubplan/hub/locate/internal/median"
	"github.com/hubplan/hubplan/hub/locate/internal/near"
)

// What a dual ascent looks at: so many sites near each demand, and no more
// pairs of demand and site than these.
const (
	ascentSites = 64
	ascentPairs = 1e7
)

// dual is a start for a fixed charge problem with any number of sites: sites
// that serve every demand, ascending, and a bound within some percent of the
// optimum, by dual ascent and adjustment. So there is a proof of some worth
// long before the first steps of the volume algorithm come near it; to start
// these from the multipliers found does not help. It returns no sites if the
// number is given or the problem too large.
//
// Sites that are open for good are free there: whatever they cost is paid.
func (w *work) dual(in *median.Instance) (open []int, bound float64) {
	if in.Open >= 0 || float64(len(in.Demand))*float64(w.sites) > ascentPairs {
		return nil, 0
	}
	var paid float64
	p := &ascent.Instance{First: []int{0}, Opening: slices.Clone(in.Opening)}
	for j, f := range in.Fixed {
		if f == branch.In {
			paid += in.Opening[j]
			p.Opening[j] = 0
		}
	}
	for k, i := range in.Demand {
		if k%1024 == 1023 && w.stop() {
			return nil, 0
		}
		limit := w.nearby(in, int(i), p)
		p.First = append(p.First, len(p.Pairs))
		p.Limit = append(p.Limit, limit)
	}
	r := ascent.Run(p, w.stop)
	open = append(r.Open, in.Given()...)
	slices.Sort(open)
	// The sums of the dual, which are of no more than all demands, are rounded.
	return slices.Compact(open), (paid + r.Bound) * (1 - 1e-12 - 4*0x1p-53*float64(len(in.Demand)))
}

// nearby lists the allowed sites near a demand, at least one, at their
// weighted costs, and returns a cost that no other is below.
func (w *work) nearby(in *median.Instance, i int, p *ascent.Instance) (limit float64) {
	weight := w.weight(i)
	from := len(p.Pairs)
	for look := ascentSites; ; look *= 2 {
		p.Pairs = in.Source.Nearest(i, look, p.Pairs)
		limit = math.Inf(1) // all are listed
		if list := p.Pairs[from:]; len(list) == look {
			limit = weight * list[look-1].Cost
		}
		kept := slices.DeleteFunc(p.Pairs[from:], func(pair near.Pair) bool { return in.Fixed[pair.Site] == branch.Out })
		p.Pairs = p.Pairs[:from+len(kept)]
		if len(kept) > 0 {
			break
		}
	}
	for e := range p.Pairs[from:] {
		p.Pairs[from+e].Cost *= weight
	}
	return limit
}
