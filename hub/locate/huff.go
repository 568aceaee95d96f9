package locate

import (
	"math"
	"slices"

	"github.com/hubplan/hubplan/hub/locate/internal/branch"
	"github.com/hubplan/hubplan/hub/locate/internal/convex"
)

// Attraction says how demands divide themselves among sites, in the Huff model:
// each site offers a utility, and draws the share of the weight that its utility
// has in the sum of all.
type Attraction struct {
	// Site is how attractive each site is at no distance, at least 0; nil means
	// 1 each.
	Site []float64

	// Decay, above 0, says how utility falls with cost: it is Site / cost^Decay,
	// or with Exponential Site * exp(-Decay*cost). By the first a site at cost 0
	// is infinitely useful: once open it draws the whole demand, alone or with
	// others of the kind. A utility above 1e100 counts as infinite, one below
	// 1e-100 as none.
	Decay       float64
	Exponential bool

	// Rival is the utility, for each demand, of what others offer, which may
	// include staying at home: at least 0; nil means none. A demand without
	// rivals goes to open sites altogether, if any is of use to it.
	Rival []float64
}

// Limits of utilities that are neither none nor infinite.
const (
	leastUtility = 1e-100
	mostUtility  = 1e100
)

// utility is that of a site for a demand.
func (a *Attraction) utility(site int, cost float64) float64 {
	u := 1.0
	if a.Site != nil {
		u = a.Site[site]
	}
	if u == 0 || math.IsInf(cost, 1) {
		return 0
	}
	if a.Exponential {
		u *= math.Exp(-a.Decay * cost)
	} else {
		u /= math.Pow(cost, a.Decay)
	}
	switch {
	case u < leastUtility:
		return 0
	case u > mostUtility:
		return math.Inf(1)
	}
	return u
}

// rival is the utility of what others offer a demand.
func (a *Attraction) rival(i int) float64 {
	if a.Rival == nil {
		return 0
	}
	return a.Rival[i]
}

// share is what part of a demand a sum of utilities draws.
func share(sum, rival float64) float64 {
	switch {
	case sum == 0:
		return 0
	case math.IsInf(sum, 1):
		return 1
	}
	return sum / (sum + rival)
}

// check looks at n demands and m sites.
func (a *Attraction) check(n, m int) error {
	if a == nil {
		return problemf("%v without an attraction", Huff)
	}
	if !(a.Decay > 0) || math.IsInf(a.Decay, 1) {
		return problemf("decay %v is not finite and above 0", a.Decay)
	}
	if a.Site != nil && len(a.Site) != m {
		return problemf("attractions of %d sites, of which there are %d", len(a.Site), m)
	}
	if a.Rival != nil && len(a.Rival) != n {
		return problemf("rivals of %d demands, of which there are %d", len(a.Rival), n)
	}
	for j, v := range a.Site {
		if v != 0 && !(v >= leastUtility && v <= mostUtility) {
			return problemf("attraction %v of site %d is neither 0 nor between %g and %g", v, j, leastUtility, mostUtility)
		}
	}
	for i, v := range a.Rival {
		if v != 0 && !(v >= leastUtility && v <= mostUtility) {
			return problemf("rival utility %v of demand %d is neither 0 nor between %g and %g", v, i, leastUtility, mostUtility)
		}
	}
	return nil
}

// judgeHuff is judge for Huff.
func (w *work) judgeHuff(open []int) (value float64, ok bool) {
	for i := range w.demands {
		var sum float64
		for _, j := range open {
			sum += w.Attraction.utility(j, w.Costs.At(i, j))
		}
		value += w.weight(i) * share(sum, w.Attraction.rival(i))
	}
	return value, true
}

// attend says which open site is the most useful to each demand, ties to the
// lowest, and how much weight each draws.
func (w *work) attend(open []int) (assign []int, attendance []float64) {
	assign, attendance = make([]int, w.demands), make([]float64, len(open))
	utility := make([]float64, len(open))
	for i := range assign {
		assign[i] = -1
		var sum, most float64
		infinite := 0
		for k, j := range open {
			u := w.Attraction.utility(j, w.source.Cost(i, j))
			if u > most {
				assign[i], most = j, u
			}
			if math.IsInf(u, 1) {
				infinite++
			}
			utility[k] = u
			sum += u
		}
		part := w.weight(i) * share(sum, w.Attraction.rival(i))
		for k, u := range utility {
			switch {
			case math.IsInf(u, 1):
				attendance[k] += part / float64(infinite)
			case infinite == 0 && u > 0:
				attendance[k] += part * (u / sum)
			}
		}
	}
	return assign, attendance
}

// market is what demands lose to rivals, as a function of the candidates open.
type market struct {
	*work
	candidates []int
	given      []float64   // utility of what is open in any case, of each demand
	utility    [][]float64 // of each candidate, of each demand
	total      float64     // weight
}

// huff solves Huff: what a demand loses to its rivals falls with the sum of
// utilities by a convex function, of which tangents are a lower bound (Benati and
// Hansen 2002, European Journal of Operational Research 143, use the same
// concavity).
func (w *work) huff() (*Solution, error) {
	candidates, required, existing := w.candidates()
	always := slices.Concat(required, existing)
	m := &market{work: w, candidates: candidates, given: make([]float64, w.demands), utility: make([][]float64, len(candidates))}
	for i := range w.demands {
		m.total += w.weight(i)
	}
	read := func(j int, to []float64) bool {
		for i := range to {
			to[i] += w.Attraction.utility(j, w.source.Cost(i, j))
		}
		return !w.stop()
	}
	for _, j := range always {
		if !read(j, m.given) {
			return nil, w.ctx.Err()
		}
	}
	for k, j := range candidates {
		m.utility[k] = make([]float64, w.demands)
		if !read(j, m.utility[k]) {
			return nil, w.ctx.Err()
		}
	}
	in := &convex.Instance{
		Sites: len(candidates), Opening: make([]float64, len(candidates)), Open: w.P - len(required), Value: m.value,
	}
	result := branch.Result{Complete: true}
	if len(candidates) > 0 && in.Open > 0 {
		in.Rows = m.rows()
		model := convex.NewModel(in, w.stop)
		start := model.Greedy()
		result = branch.Run(model, branch.Options{
			Stop: w.stop, Nodes: w.Nodes, Workers: w.Workers, Gap: w.Gap, Bound: -m.total * (1 + 1e-12),
			Start: w.better(model, start, candidates), Report: w.report(func(v float64) float64 { return -v }),
		})
	}
	open := slices.Clone(always)
	for _, k := range result.Open {
		open = append(open, candidates[k])
	}
	slices.Sort(open)
	value, _ := w.judge(open, nil)
	bound := max(value, min(m.total, -result.Bound))
	if result.Complete && result.Bound >= result.Value {
		bound = value
	}
	s := w.complete(open, nil, value, bound, result.Nodes, result.Complete && w.Gap == 0)
	s.Assign, s.Attendance = w.attend(open)
	return s, nil
}

// value is what open candidates draw, with the sign turned.
func (m *market) value(open []bool) float64 {
	sum := slices.Clone(m.given)
	for k, o := range open {
		if !o {
			continue
		}
		for i, u := range m.utility[k] {
			sum[i] += u
		}
	}
	var value float64
	for i, u := range sum {
		value -= m.weight(i) * share(u, m.Attraction.rival(i))
	}
	return value
}

// rows are what demands lose, and one that takes the weight off, so that values
// are what is drawn with the sign turned.
func (m *market) rows() []convex.Row {
	// Sums of so many terms may be off by this.
	rounding := 8 * 0x1p-53 * float64(m.demands+m.sites+2)
	rows := []convex.Row{{
		Weight: m.total, Site: []int32{0}, Count: []float64{1},
		Curve: &convex.Curve{At: []float64{0}, Value: []float64{-1 - rounding}},
	}}
	var lost float64 // in any case
	for i := range m.demands {
		row, fixed := m.row(i)
		lost += m.weight(i) * fixed
		if row.Weight = m.weight(i); row.Weight > 0 && row.Curve != nil {
			rows = append(rows, row)
		}
	}
	if m.total > 0 {
		rows[0].Curve.Value[0] += lost / m.total
	}
	return rows
}

// row is what a demand loses, or the part of it that is lost whatever opens.
func (m *market) row(i int) (row convex.Row, fixed float64) {
	rival, given := m.Attraction.rival(i), m.given[i]
	if given > 0 && (rival == 0 || math.IsInf(given, 1)) {
		return row, 0
	}
	least, sum, unit := math.Inf(1), 0.0, 0.0
	infinite := false
	for k := range m.candidates {
		u := m.utility[k][i]
		if u == 0 {
			continue
		}
		row.Site, row.Count = append(row.Site, int32(k)), append(row.Count, u)
		if math.IsInf(u, 1) {
			infinite = true
			continue
		}
		least, sum, unit = min(least, u), sum+u, max(unit, u)
	}
	if len(row.Site) == 0 {
		return row, 1 - share(given, rival)
	}
	if rival == 0 || sum == 0 { // any one draws it all
		for k := range row.Count {
			row.Count[k] = 1
		}
		row.Curve = &convex.Curve{At: []float64{0, 1}, Value: []float64{rest(rival, rival+given), 0}}
		return row, 0
	}
	curve := tangents(rival, rival+given, least, sum)
	if infinite {
		// The last tangent comes down to 0 where an infinite utility is taken
		// to be.
		unit = rival + given + 2*sum
		curve.At, curve.Value = append(curve.At, unit), append(curve.Value, 0)
	}
	for k, u := range row.Count {
		row.Count[k] = min(u, unit) / unit
	}
	for k := range curve.At {
		curve.At[k] /= unit
	}
	row.Curve = curve
	return row, 0
}

// rest is the part that rivals keep of a sum of utilities.
func rest(rival, sum float64) float64 {
	if sum == 0 {
		return 1
	}
	return rival / sum
}

// mostTangents is about how many lines stand for what one demand loses.
const mostTangents = 48

// tangents is the curve rival / (all + v) from below, for v from 0 to most: the
// line through 0 and least, between which there is no v, and tangents from there
// on.
func tangents(rival, all, least, most float64) *convex.Curve {
	ratio := max(1.05, math.Pow((all+most)/(all+least), 1./mostTangents))
	c := &convex.Curve{At: []float64{0}, Value: []float64{rival / all}}
	add := func(v, value float64) {
		if v > c.At[len(c.At)-1]*(1+1e-12) {
			c.At, c.Value = append(c.At, v), append(c.Value, min(max(0, value), c.Value[len(c.Value)-1]))
		}
	}
	add(least, rival/(all+least))
	for a := all + least; a < all+most; {
		b := min(a*ratio, all+most)
		// The tangents at a and b meet at the harmonic mean.
		v := 2 * a * b / (a + b)
		add(v-all, rival/a*(2-v/a))
		a = b
	}
	add(most, rival/(all+most))
	return c
}
