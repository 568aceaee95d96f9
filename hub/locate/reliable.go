package locate

import (
	"encoding/binary"
	"math"
	"slices"

	"github.com/hubplan/hubplan/hub/locate/internal/branch"
	"github.com/hubplan/hubplan/hub/locate/internal/convex"
	"github.com/hubplan/hubplan/hub/locate/internal/near"
)

// reliable solves PMedian, FixedCharge and MaximalCover with Failure.
//
// What a demand pays is the sum, over its sites in the order of their cost, of
// how much more the next one costs times the probability that all sites up to
// here are closed or out of service: that is the expected cost of Snyder and
// Daskin 2005 (Transportation Science 39), for probabilities equal or not, in a
// form that needs no levels of assignment. In MaximalCover it pays its weight
// with the probability that no site within Radius works.
func (w *work) reliable() (*Solution, error) {
	candidates, required, existing := w.candidates()
	always := slices.Concat(required, existing)
	r := &chances{work: w, position: make([]int32, w.sites)}
	for j := range r.position {
		r.position[j] = never
	}
	for _, j := range always {
		r.position[j] = given
	}
	for k, j := range candidates {
		r.position[j] = int32(k)
	}
	r.collect()
	var paid float64
	in := &convex.Instance{Sites: len(candidates), Opening: make([]float64, len(candidates)), Open: -1}
	if w.Model == FixedCharge {
		for _, j := range required {
			paid += w.opening(j)
		}
		for k, j := range candidates {
			in.Opening[k] = w.opening(j)
		}
	}
	if w.P > 0 {
		in.Open = w.P - len(required)
	}
	in.Rows = r.list
	fixed := make([]bool, w.sites)
	for _, j := range always {
		fixed[j] = true
	}
	in.Value = r.value(candidates, fixed, in.Opening)

	result := branch.Result{Complete: true}
	if len(candidates) > 0 && in.Open != 0 {
		m := convex.NewModel(in, w.stop)
		start := m.Greedy()
		result = branch.Run(m, branch.Options{
			Stop: w.stop, Nodes: w.Nodes, Workers: w.Workers, Gap: w.Gap, Offset: paid + r.base,
			Start: w.better(m, start, candidates), Report: w.report(func(v float64) float64 { return r.objective(paid + r.base + v) }),
		})
	}
	open := slices.Clone(always)
	for _, k := range result.Open {
		open = append(open, candidates[k])
	}
	slices.Sort(open)
	value, _ := w.judge(open, nil)
	bound := r.objective(paid + r.base + result.Bound)
	switch {
	case result.Complete && result.Bound >= result.Value:
		bound = value
	case w.Maximises():
		bound = max(bound, value)
	default:
		bound = min(bound, value)
	}
	return w.complete(open, nil, value, bound, result.Nodes, result.Complete && w.Gap == 0), nil
}

// better is the start of the search, or that of the options if it is better.
func (w *work) better(m *convex.Model, start, candidates []int) []int {
	if len(w.Start) == 0 {
		return start
	}
	var known []int
	for k, j := range candidates {
		if slices.Contains(w.Start, j) && (m.Count() < 0 || len(known) < m.Count()) {
			known = append(known, k)
		}
	}
	for k := 0; m.Count() >= 0 && len(known) < m.Count(); k++ {
		if !slices.Contains(known, k) {
			known = append(known, k)
		}
	}
	slices.Sort(known)
	if m.Value(known) < m.Value(start) {
		return known
	}
	return start
}

// chances are what demands may pay, those of the same sites merged.
type chances struct {
	*work
	position []int32 // of a site among the candidates, never or given
	list     []convex.Row
	at       map[string]int // row of each set of sites
	same     []float64      // probability of failure of the sites of each row, NaN if it differs
	base     float64        // is paid in any case
	total    float64        // weight
}

// objective turns what is paid into the objective.
func (r *chances) objective(paid float64) float64 {
	if r.Model == MaximalCover {
		return r.total - paid
	}
	return paid
}

// collect makes the rows: of what is expected, and with Nominal of what is paid
// if nothing fails.
func (r *chances) collect() {
	for i := range r.demands {
		r.total += r.weight(i)
	}
	if r.Nominal > 0 {
		r.pass(r.Nominal, nothingFails)
	}
	if r.Nominal < 1 {
		r.pass(1-r.Nominal, r.failure)
	}
}

// nothingFails is the probability of failure where nothing fails.
func nothingFails(int) float64 { return 0 }

// pass adds the rows of a part of the objective in which sites fail with
// probability q.
func (r *chances) pass(part float64, q func(j int) float64) {
	first := len(r.list)
	r.at = map[string]int{}
	var pairs []near.Pair
	for i := range r.demands {
		weight := part * r.weight(i)
		if weight == 0 {
			continue
		}
		pairs = r.serving(i, q, pairs[:0])
		if r.Model == MaximalCover {
			r.add(weight, pairs, q)
			continue
		}
		// The cheapest is paid in any case, what comes after it by chance.
		cheapest := r.Penalty
		if len(pairs) > 0 {
			cheapest = pairs[0].Cost
		}
		r.base += weight * cheapest
		for k := range pairs {
			next := r.Penalty
			if k+1 < len(pairs) {
				next = pairs[k+1].Cost
			}
			r.add(weight*(next-pairs[k].Cost), pairs[:k+1], q)
		}
	}
	for k := range r.list[first:] {
		r.shape(&r.list[first+k], q)
	}
}

// serving lists the sites that can serve or cover a demand, nearest first.
func (r *chances) serving(i int, q func(j int) float64, to []near.Pair) []near.Pair {
	limit := r.Penalty
	if r.Model == MaximalCover {
		limit = r.Radius
	}
	to = r.source.Within(i, limit, to)
	slices.SortFunc(to, near.Compare)
	return slices.DeleteFunc(to, func(p near.Pair) bool {
		return r.position[p.Site] == never || q(int(p.Site)) == 1 || r.Model != MaximalCover && p.Cost >= limit
	})
}

// add adds what is paid if none of the sites works.
func (r *chances) add(weight float64, pairs []near.Pair, q func(j int) float64) {
	var sites []int32
	for _, p := range pairs {
		if k := r.position[p.Site]; k >= 0 {
			sites = append(sites, k)
		} else {
			weight *= q(int(p.Site))
		}
	}
	if weight == 0 {
		return
	}
	if len(sites) == 0 {
		r.base += weight
		return
	}
	slices.Sort(sites)
	var key []byte
	for _, j := range sites {
		key = binary.LittleEndian.AppendUint32(key, uint32(j))
	}
	k, seen := r.at[string(key)]
	if !seen {
		k = len(r.list)
		r.at[string(key)] = k
		r.list = append(r.list, convex.Row{Site: sites})
	}
	r.list[k].Weight += weight
}

// shape gives a row its curve, and notes the probability if it is the same for
// all its sites.
func (r *chances) shape(row *convex.Row, of func(j int) float64) {
	q := make([]float64, len(row.Site))
	equal := true
	k := 0
	for j, at := range r.position {
		if at >= 0 && k < len(row.Site) && row.Site[k] == at {
			q[k] = of(j)
			equal = equal && q[k] == q[0]
			k++
		}
	}
	if !equal {
		row.Curve, row.Count = convex.Products(q)
		r.same = append(r.same, math.NaN())
		return
	}
	r.same = append(r.same, q[0])
	row.Curve = convex.Powers(q[0], len(q))
	row.Count = make([]float64, len(q))
	for k := range row.Count {
		row.Count[k] = 1
	}
}

// value returns the exact value of open candidates, less what is paid in any
// case.
func (r *chances) value(candidates []int, fixed []bool, opening []float64) func(open []bool) float64 {
	type demand struct {
		weight            float64
		expected, nominal []near.Pair
	}
	var demands []demand
	for i := range r.demands {
		if w := r.weight(i); w > 0 {
			d := demand{weight: w, expected: r.serving(i, r.failure, nil)}
			if r.Nominal > 0 {
				d.nominal = r.serving(i, nothingFails, nil)
			}
			demands = append(demands, d)
		}
	}
	return func(open []bool) float64 {
		is := slices.Clone(fixed) // nodes are evaluated side by side
		sum := -r.base
		for k, o := range open {
			is[candidates[k]] = o
			if o {
				sum += opening[k]
			}
		}
		for _, d := range demands {
			if r.Nominal > 0 {
				cost := r.Penalty
				for _, p := range d.nominal {
					if is[p.Site] {
						cost = p.Cost
						break
					}
				}
				sum += d.weight * r.Nominal * cost
			}
			chance := d.weight * (1 - r.Nominal)
			for _, p := range d.expected {
				if !is[p.Site] {
					continue
				}
				q := r.failure(int(p.Site))
				if r.Model != MaximalCover {
					sum += chance * (1 - q) * p.Cost
				}
				if chance *= q; chance < 1e-20*d.weight {
					break
				}
			}
			if r.Model == MaximalCover {
				sum += chance
			} else {
				sum += chance * r.Penalty
			}
		}
		return sum
	}
}

// judgeExpected is the expected cost of service by sites that may fail.
func (w *work) judgeExpected(open []int) float64 {
	source := near.Among(w.source, open)
	var sum float64
	var pairs []near.Pair
	for i := range w.demands {
		weight := w.weight(i)
		if weight == 0 {
			continue
		}
		chance := 1 - w.Nominal
		pairs = source.Nearest(i, len(open), pairs[:0])
		nominal := w.Penalty
		if len(pairs) > 0 {
			nominal = min(nominal, pairs[0].Cost)
		}
		sum += weight * w.Nominal * nominal
		for _, p := range pairs {
			if p.Cost >= w.Penalty {
				break
			}
			q := w.failure(open[p.Site])
			sum += weight * chance * (1 - q) * p.Cost
			chance *= q
		}
		sum += weight * chance * w.Penalty
	}
	if w.Model == FixedCharge {
		sum += w.paidFor(open, nil)
	}
	return sum
}
