package locate

import (
	"math"
	"slices"

	"github.com/hubplan/hubplan/hub/locate/internal/branch"
	"github.com/hubplan/hubplan/hub/locate/internal/pack"
	"github.com/hubplan/hubplan/hub/locate/internal/spread"
)

// disperses reports whether the distances between open sites are what counts.
func (p *Problem) disperses() bool { return p.Model == Dispersion || p.Model == DispersionSum }

// checkDispersion looks at the distances between sites.
func (p *Problem) checkDispersion(n, m int) error {
	if n != m {
		return problemf("distances between %d and %d sites", n, m)
	}
	if float64(m)*float64(m) > mostPairs {
		return problemf("distances between %d sites are more than %g", m, mostPairs)
	}
	if p.Weight != nil {
		return problemf("%v takes no weights", p.Model)
	}
	stay := p.P
	for j := range m {
		if p.status(j) == Existing {
			stay++
		}
		for k := range j {
			if p.status(j) == Excluded || p.status(k) == Excluded {
				continue
			}
			if d := p.between(j, k); math.IsInf(d, 1) || d > math.MaxFloat64/1e6/float64(m)/float64(m) {
				return problemf("distance %v between sites %d and %d is infinite or too large", d, k, j)
			}
		}
	}
	if p.P > 0 && stay < 2 {
		return problemf("a single open site has no distance to another")
	}
	return nil
}

// between is the distance between two sites, the smaller of the two ways.
func (p *Problem) between(j, k int) float64 { return min(p.Costs.At(j, k), p.Costs.At(k, j)) }

// judgeDispersion is judge for Dispersion and DispersionSum.
func (p *Problem) judgeDispersion(open []int) (value float64, ok bool) {
	least := math.Inf(1)
	for a, j := range open {
		for _, k := range open[:a] {
			d := p.between(j, k)
			least = min(least, d)
			value += d
		}
	}
	if p.Model == Dispersion {
		value = least
	}
	return value, len(open) >= 2
}

// apart is sites that are to be far from each other, as a matrix.
type apart struct {
	*work
	sites    []int // those that may be open: candidates first, then those that are
	free     int   // candidates
	take     int   // of which so many open
	distance []float64
}

// newApart reads the distances; nil if the search was stopped.
func (w *work) newApart() *apart {
	candidates, required, existing := w.candidates()
	a := &apart{work: w, sites: slices.Concat(candidates, required, existing), free: len(candidates), take: w.P - len(required)}
	n := len(a.sites)
	a.distance = make([]float64, n*n)
	for j, s := range a.sites {
		if w.stop() {
			return nil
		}
		for k, t := range a.sites[:j] {
			d := w.between(s, t)
			a.distance[j*n+k], a.distance[k*n+j] = d, d
		}
	}
	return a
}

// at is the distance between two places of the list.
func (a *apart) at(j, k int) float64 { return a.distance[j*len(a.sites)+k] }

// open turns candidates into open sites.
func (a *apart) open(chosen []int) []int {
	var open []int
	for _, k := range chosen {
		open = append(open, a.sites[k])
	}
	open = append(open, a.sites[a.free:]...)
	slices.Sort(open)
	return open
}

// start is the candidates of Options.Start, as many as may be opened, made up by
// the first ones where greedy finds no others.
func (a *apart) start() []int {
	var chosen []int
	for k, j := range a.sites[:a.free] {
		if slices.Contains(a.Start, j) && len(chosen) < a.take {
			chosen = append(chosen, k)
		}
	}
	return chosen
}

// greedy adds candidates to those chosen, each time the one farthest from what is
// open, by the nearest.
func (a *apart) greedy(chosen []int) []int {
	near := make([]float64, a.free)
	for k := range near {
		near[k] = math.Inf(1)
		for j := a.free; j < len(a.sites); j++ {
			near[k] = min(near[k], a.at(k, j))
		}
	}
	in := make([]bool, a.free)
	enter := func(j int) {
		in[j] = true
		for k := range near {
			near[k] = min(near[k], a.at(j, k))
		}
	}
	for _, j := range chosen {
		enter(j)
	}
	if len(chosen) == 0 && len(a.sites) == a.free && a.take > 0 {
		// The first is an end of the longest distance.
		far, best := -1.0, 0
		for j := range a.free {
			if a.stop() {
				break
			}
			for k := range j {
				if d := a.at(j, k); d > far {
					far, best = d, k
				}
			}
		}
		chosen = append(chosen, best)
		enter(best)
	}
	for len(chosen) < a.take {
		best := -1
		for k, d := range near {
			if !in[k] && (best < 0 || d > near[best]) {
				best = k
			}
		}
		chosen = append(chosen, best)
		enter(best)
	}
	return chosen
}

// least is the least distance between open sites.
func (a *apart) least(chosen []int) float64 {
	least := math.Inf(1)
	for j := a.free; j < len(a.sites); j++ {
		for k := a.free; k < j; k++ {
			least = min(least, a.at(j, k))
		}
		for _, k := range chosen {
			least = min(least, a.at(j, k))
		}
	}
	for c, j := range chosen {
		for _, k := range chosen[:c] {
			least = min(least, a.at(j, k))
		}
	}
	return least
}

// exchange moves one of the two nearest sites as long as that helps.
func (a *apart) exchange(chosen []int) float64 {
	value := a.least(chosen)
	for again := true; again; {
		again = false
		for c, j := range chosen {
			if a.stop() {
				return value
			}
			if a.nearest(chosen, c, j) > value {
				continue // is not one of the two
			}
			best, most := j, value
			for k := range a.free {
				if d := a.nearest(chosen, c, k); d > most && !slices.Contains(chosen, k) {
					best, most = k, d
				}
			}
			if chosen[c] = best; best == j {
				continue
			}
			if v := a.least(chosen); v > value {
				value, again = v, true
			}
		}
	}
	return value
}

// nearest is the distance of a candidate from the nearest open site, without the
// one chosen at c.
func (a *apart) nearest(chosen []int, c, k int) float64 {
	least := math.Inf(1)
	for h, j := range chosen {
		if h != c {
			least = min(least, a.at(j, k))
		}
	}
	for j := a.free; j < len(a.sites); j++ {
		least = min(least, a.at(j, k))
	}
	return least
}

// dispersion solves Dispersion by a search over the distances: sites at least d
// apart are a clique of the pairs that are, which is found or refuted (Sayah and
// Irnich 2017, European Journal of Operational Research 256, test the same by
// integer programs).
func (w *work) dispersion() (*Solution, error) {
	a := w.newApart()
	if a == nil {
		return nil, w.ctx.Err()
	}
	best := a.greedy(a.start())
	value := a.exchange(best)
	search := pack.Search{Stop: w.stop, Limit: w.Nodes}
	// The distances that are better, but not refuted.
	top := min(a.least(nil), a.most()) // of what is open in any case
	var open []float64
	read := true
	for j := range a.sites {
		if read = read && !w.stop(); !read {
			break
		}
		for k := range j {
			if d := a.at(j, k); d > value && d <= top {
				open = append(open, d)
			}
		}
	}
	bound := top
	for read && len(open) > 0 {
		bound = slices.Max(open)
		if w.Progress != nil {
			w.Progress(Progress{Objective: value, Bound: bound, Gap: gap(value, bound), Nodes: search.Nodes})
		}
		if w.Gap > 0 && bound-value <= w.Gap*value {
			break
		}
		d := middle(open)
		var able []int // candidates that are far enough from what is open in any case
		for k := range a.free {
			if a.nearest(nil, -1, k) >= d {
				able = append(able, k)
			}
		}
		found, proven := search.Find(len(able), a.take, func(j, k int) bool { return a.at(able[j], able[k]) >= d })
		if !proven {
			break
		}
		if found == nil {
			open = slices.DeleteFunc(open, func(v float64) bool { return v >= d })
			continue
		}
		for k, j := range found {
			found[k] = able[j]
		}
		best, value = found, a.exchange(found)
		open = slices.DeleteFunc(open, func(v float64) bool { return v <= value })
	}
	proven := read && len(open) == 0
	if proven {
		bound = value
	}
	return w.complete(a.open(best), nil, value, bound, search.Nodes, proven), nil
}

// most is the largest distance.
func (a *apart) most() float64 { return slices.Max(a.distance) }

// middle is a value near the median of a list.
func middle(list []float64) float64 {
	var sample []float64
	for k := 0; k < len(list); k += len(list)/1000 + 1 {
		sample = append(sample, list[k])
	}
	slices.Sort(sample)
	return sample[len(sample)/2]
}

// dispersionSum solves DispersionSum.
func (w *work) dispersionSum() (*Solution, error) {
	a := w.newApart()
	if a == nil {
		return nil, w.ctx.Err()
	}
	n := a.free
	in := &spread.Instance{Sites: n, Pick: a.take, Worth: make([]float64, n), Distance: make([]float64, n*n)}
	for j := range n {
		for k := range a.sites {
			if k < n {
				in.Distance[j*n+k] = a.at(j, k)
			} else {
				in.Worth[j] += a.at(j, k)
			}
		}
	}
	given, _ := w.judge(a.open(nil), nil) // between what is open in any case
	result := branch.Result{Complete: true}
	if n > 0 && in.Pick > 0 {
		m := spread.NewModel(in, w.stop)
		all := make([]int, n) // open together come to no less than any of them
		for j := range all {
			all[j] = j
		}
		o := branch.Options{
			Stop: w.stop, Nodes: w.Nodes, Workers: w.Workers, Gap: w.Gap, Offset: -given,
			Bound: m.Value(all) * (1 + 1e-12),
			Start: m.Improve(a.greedy(a.start())), Report: w.report(func(v float64) float64 { return given - v }),
		}
		if float64(len(a.sites)*len(a.sites))*a.most() < 0x1p52 {
			o.Grain = grain(a.distance)
		}
		result = branch.Run(m, o)
	}
	open := a.open(result.Open)
	value, _ := w.judge(open, nil)
	bound := max(value, given-result.Bound)
	if result.Complete && result.Bound >= result.Value {
		bound = value
	}
	return w.complete(open, nil, value, bound, result.Nodes, result.Complete && w.Gap == 0), nil
}

// linearDispersion states both models: z is the least distance, which a pair of
// open sites keeps down to theirs, or z_j_k is 1 if both sites are open.
func (w *work) linearDispersion() (*linear, error) {
	l := w.newLinear(func(int) float64 { return 0 })
	var most float64
	for j := range w.sites {
		for k := range j {
			if l.open[j] >= 0 && l.open[k] >= 0 {
				most = max(most, w.between(k, j))
			}
		}
	}
	least := -1
	if w.Model == Dispersion {
		least = l.column(-1, 0, most, "z")
	}
	for j := range w.sites {
		for k := range j {
			if l.open[j] < 0 || l.open[k] < 0 {
				continue
			}
			d := w.between(k, j)
			if w.Model == DispersionSum {
				z := l.column(-d, 0, 1, "z", k, j)
				l.behind(z, l.open[k], "a", k, j)
				l.behind(z, l.open[j], "b", k, j)
				continue
			}
			var r row
			r.add(least, 1)
			r.add(l.open[j], most-d)
			r.add(l.open[k], most-d)
			l.limit(noLess, d+2*(most-d), r, "d", k, j)
		}
	}
	return l, nil
}
