package locate

import (
	"encoding/binary"
	"math"
	"slices"

	"github.com/hubplan/hubplan/hub/locate/internal/near"
)

// spot is demands that the same sites cover and that ask for the same: one row
// of a cover model.
type spot struct {
	sites  []int32 // ascending, without those that are never open
	weight float64
	first  int // the first of its demands
	need   int // Fold
}

// spots merges the demands with weight by the sites within a radius.
func (w *work) spots(radius float64) []spot {
	var list []spot
	at := map[string]int{}
	var pairs []near.Pair
	var key []byte
	for i := range w.demands {
		if w.weight(i) == 0 {
			continue
		}
		pairs = w.source.Within(i, radius, pairs[:0])
		var sites []int32
		for _, p := range pairs {
			if w.status(int(p.Site)) != Excluded {
				sites = append(sites, p.Site)
			}
		}
		slices.Sort(sites)
		key = binary.AppendUvarint(key[:0], uint64(w.fold(i)))
		for _, j := range sites {
			key = binary.LittleEndian.AppendUint32(key, uint32(j))
		}
		k, seen := at[string(key)]
		if !seen {
			k = len(list)
			at[string(key)] = k
			list = append(list, spot{sites: sites, first: i, need: w.fold(i)})
		}
		list[k].weight += w.weight(i)
	}
	return list
}

// fold is how many open sites a demand needs.
func (p *Problem) fold(i int) int {
	if p.Fold == nil {
		return 1
	}
	return p.Fold[i]
}

// covering adds to a row the sites of a spot.
func (l *linear) covering(s spot, r *row) {
	for _, j := range s.sites {
		r.add(l.open[j], 1)
	}
}

// reachable is how many units the sites of a spot may have at most.
func (l *linear) reachable(s spot) int {
	var sum float64
	for _, j := range s.sites {
		sum += l.Upper[l.open[j]]
	}
	return int(sum)
}

// linearCover states the models that count covering sites.
func (w *work) linearCover() (*linear, error) {
	l := w.newLinear(w.paid)
	if w.Weight == nil {
		l.exact = 1
	} else {
		l.exact = exact(w.Weight)
	}
	var err error
	switch {
	case w.Capacity != nil:
		err = l.coverWithin()
	case w.Model == SetCover:
		l.exact, err = w.exactCosts(), l.setCover()
	case w.Model == BackupCover:
		err = l.backup()
	case w.Model == DoubleStandard:
		err = l.doubleStandard()
	case w.Model == CooperativeCover:
		l.cooperative()
	case w.Failure != nil:
		l.exact = 0
		l.expected()
	case w.Fade > 0:
		l.exact = 0
		l.gradual()
	default:
		l.folded()
	}
	return l, err
}

// coverWithin states SetCover and MaximalCover with capacities: demands are
// covered by what open sites serve within the radius.
func (l *linear) coverWithin() error {
	if err := l.serve(l.scene()); err != nil {
		return err
	}
	if l.Model == MaximalCover {
		if !l.Capacity.Single {
			l.exact = 0
		}
		return nil
	}
	l.exact = l.exactCosts()
	if l.asked() == 1 {
		return nil
	}
	var share row
	var total float64
	for i := range l.demands {
		total += l.weight(i)
	}
	for _, p := range l.parts[0] {
		share.add(p.column, l.weight(p.demand))
	}
	l.limit(l.Share*total*(1-1e-12), noMore, share, "share")
	return nil
}

// exactCosts is the grain of what opening and closing costs.
func (w *work) exactCosts() float64 {
	var costs []float64
	for j := range w.sites {
		costs = append(costs, w.opening(j))
		if w.closable(j) {
			costs = append(costs, w.Rules.Closing[j])
		}
		if w.Capacity != nil && w.Capacity.Sizes != nil {
			for _, z := range w.Capacity.Sizes[j] {
				costs = append(costs, z.Cost)
			}
		}
	}
	return exact(costs)
}

// setCover covers every demand as often as it needs, or so much of the weight.
func (l *linear) setCover() error {
	partial := l.Share > 0 && l.Share < 1
	var share row
	var total, given float64
	for n, s := range l.spots(l.Radius) {
		total += s.weight
		if s.need == 0 {
			given += s.weight
			continue
		}
		var r row
		l.covering(s, &r)
		if !partial {
			if able := l.reachable(s); able < s.need {
				return infeasiblef("demand %d needs %d open sites within radius %v, of which only %d may be opened", s.first, s.need, l.Radius, able)
			}
			l.limit(float64(s.need), noMore, r, "d", n)
			continue
		}
		z := l.counted(0, s, "z", n)
		r.add(z, -float64(s.need))
		l.limit(0, noMore, r, "d", n)
		share.add(z, s.weight)
	}
	if partial {
		l.limit(l.Share*total*(1-1e-12)-given, noMore, share, "share")
	}
	return nil
}

// counted is a column that is 1 if a spot has what it needs. It need not be
// integer where one site is enough.
func (l *linear) counted(cost float64, s spot, letter string, n int) int {
	upper := 1.0
	if l.reachable(s) < s.need {
		upper = 0
	}
	if s.need <= 1 {
		return l.column(cost, 0, upper, letter, n)
	}
	return l.whole(cost, 0, upper, letter, n)
}

// folded is maximal cover in which a demand counts once it has as many open
// sites as it needs (ReVelle and Hogan 1989 with Reliable).
func (l *linear) folded() {
	for n, s := range l.spots(l.Radius) {
		z := l.counted(-s.weight, s, "z", n)
		var r row
		l.covering(s, &r)
		r.add(z, -float64(s.need))
		l.limit(0, noMore, r, "d", n)
	}
}

// gradual is maximal cover in which a demand counts by its nearest open site.
func (l *linear) gradual() {
	var pairs []near.Pair
	for i := range l.demands {
		if l.weight(i) == 0 {
			continue
		}
		var once row
		pairs = l.source.Within(i, l.Fade, pairs[:0])
		slices.SortFunc(pairs, func(a, b near.Pair) int { return int(a.Site - b.Site) })
		for _, p := range pairs {
			j := int(p.Site)
			v := l.served(p.Cost)
			if l.open[j] < 0 || v == 0 {
				continue
			}
			y := l.column(-l.weight(i)*v, 0, 1, "y", i, j)
			once.add(y, 1)
			l.behind(y, l.open[j], "l", i, j)
		}
		l.limit(noLess, 1, once, "d", i)
	}
}

// behind keeps a column at 0 unless another is above.
func (l *linear) behind(y, x int, letter string, indices ...int) {
	var r row
	r.add(x, 1)
	r.add(y, -1)
	l.limit(0, noMore, r, letter, indices...)
}

// backup is BACOP1 and BACOP2 of Hogan and ReVelle 1986 (Management Science 32).
func (l *linear) backup() error {
	l.exact *= 0
	if l.Primary == 0 {
		if l.exact = 1; l.Weight != nil {
			l.exact = exact(l.Weight)
		}
	}
	for n, s := range l.spots(l.Radius) {
		var r row
		l.covering(s, &r)
		upper := 1.0
		if l.reachable(s) < 2 {
			upper = 0
		}
		if l.Primary == 0 {
			if len(s.sites) == 0 {
				return infeasiblef("demand %d has no site within radius %v that may be opened", s.first, l.Radius)
			}
			r.add(l.column(-s.weight, 0, upper, "u", n), -1)
			l.limit(1, noMore, r, "d", n)
			continue
		}
		y := l.column(-l.Primary*s.weight, 0, 1, "z", n)
		// Half of both must not pass for one where the second is worth more.
		u := l.column
		if l.Primary < 0.5 {
			u = l.whole
		}
		second := u(-(1-l.Primary)*s.weight, 0, upper, "u", n)
		l.behind(second, y, "b", n)
		r.add(y, -1)
		r.add(second, -1)
		l.limit(0, noMore, r, "d", n)
	}
	return nil
}

// doubleStandard is the model of Gendreau, Laporte and Semet 1997 (Location
// Science 5).
func (l *linear) doubleStandard() error {
	for n, s := range l.spots(l.Outer) {
		if len(s.sites) == 0 {
			return infeasiblef("demand %d has no site within the outer radius %v that may be opened", s.first, l.Outer)
		}
		var r row
		l.covering(s, &r)
		l.limit(1, noMore, r, "o", n)
	}
	var share row
	var total float64
	for n, s := range l.spots(l.Radius) {
		total += s.weight
		if len(s.sites) == 0 {
			continue
		}
		y := l.column(0, 0, 1, "z", n)
		share.add(y, s.weight)
		var r row
		l.covering(s, &r)
		r.add(y, -1)
		if l.reachable(s) >= 2 {
			u := l.whole(-s.weight, 0, 1, "u", n)
			l.behind(u, y, "b", n)
			r.add(u, -1)
		}
		l.limit(0, noMore, r, "d", n)
	}
	l.limit(l.asked()*total*(1-1e-12), noMore, share, "share")
	return nil
}

// cooperative is the model of Berman, Drezner and Krass 2010 (Computers &
// Operations Research 37): signals add up.
func (l *linear) cooperative() {
	for i := range l.demands {
		if l.weight(i) == 0 {
			continue
		}
		var r row
		var most float64
		for j := range l.sites {
			if l.open[j] < 0 {
				continue
			}
			if v := min(l.signal(l.source.Cost(i, j)), l.Threshold); v > 0 {
				r.add(l.open[j], v)
				most += v * l.Upper[l.open[j]]
			}
		}
		// The leeway of a sum that comes out at the threshold.
		upper := 0.0
		if most >= l.Threshold*(1-1e-12) {
			upper = 1
		}
		r.add(l.whole(-l.weight(i), 0, upper, "z", i), -l.Threshold*(1-1e-12))
		l.limit(0, noMore, r, "d", i)
	}
}

// signal is what a site contributes at a cost: 1 up to Radius, falling in a
// straight line to 0 at Fade.
func (p *Problem) signal(cost float64) float64 {
	switch {
	case math.IsInf(cost, 1):
		return 0
	case cost <= p.Radius:
		return 1
	case cost < p.Fade:
		return (p.Fade - cost) / (p.Fade - p.Radius)
	}
	return 0
}
