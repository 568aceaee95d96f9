// Package ascent bounds uncapacitated fixed charge problems from below by the
// dual ascent and dual adjustment of Erlenkotter 1978 ("A dual-based procedure
// for uncapacitated facility location", Operations Research 26,
// doi:10.1287/opre.26.6.992), known as DUALOC. It needs no more than sorted
// lists of the sites near each demand.
//
// With c_ij the cost of serving demand i from site j and f_j that of opening
// it, numbers v_i with
//
//	sum_i max(0, v_i - c_ij) <= f_j for every site j
//
// are a solution of the condensed dual of the linear relaxation, and sum_i v_i
// is a lower bound on the cost of every solution.
package ascent

import (
	"math"

	"github.com/hubplan/hubplan/hub/locate/internal/near"
)

// Instance is a fixed charge problem as sorted lists.
type Instance struct {
	// First has one entry for each demand and one more: the sites of demand i
	// are Pairs[First[i]:First[i+1]], at least one, in the order of
	// near.Compare, with the whole cost of serving it, at least 0 and finite.
	First []int
	Pairs []near.Pair

	// Opening is the cost of opening each site, at least 0.
	Opening []float64

	// Limit is for each demand a cost that no site missing in its list is
	// below; its v stays at or below it. Nil means that what is not listed
	// cannot serve.
	Limit []float64
}

// Result is a solution of the dual and one of the problem.
type Result struct {
	// Dual is v, one for each demand. It is feasible as it stands: the sum for
	// each site, taken in the order of the demands in float64, is no more than
	// its opening cost.
	Dual []float64

	// Bound is the sum of Dual in order: no solution costs less, but for the
	// rounding of these sums.
	Bound float64

	// Open lists sites, ascending, of which the list of every demand holds at
	// least one: a solution that meets the conditions of complementary
	// slackness as far as the method got, less the sites that are not worth
	// their opening cost. Cost is what it costs with every demand served from
	// its nearest. If Cost equals Bound both are optimal.
	Open []int
	Cost float64
}

// passes bounds the number of times that the dual adjustment goes through the
// demands; it ends earlier if a pass raises the bound by less than a millionth.
const passes = 50

// Run bounds the problem. Once stop reports true it returns what it has, which
// is feasible at any time.
func Run(in *Instance, stop func() bool) Result {
	d := newDual(in, stop)
	all := make([]int32, len(d.v))
	for i := range all {
		all[i] = int32(i)
	}
	d.ascend(all)
	best, least := d.primal()
	open := best
	for range passes {
		before := d.value()
		if least <= before*(1+1e-12) || stop() {
			break
		}
		d.adjust(open)
		var cost float64
		if open, cost = d.primal(); cost < least {
			best, least = open, cost
		}
		if d.value()-before <= 1e-6*before {
			break
		}
	}
	best, least = d.drop(best)
	if o, cost := d.drop(open); cost < least {
		best, least = o, cost
	}
	d.repair()
	return Result{Dual: d.v, Bound: d.value(), Open: best, Cost: least}
}

// dual is a solution of the dual in the making.
type dual struct {
	*Instance
	stop  func() bool
	v     []float64
	slack []float64 // f_j - sum_i max(0, v_i - c_ij)
	reach []int32   // how many pairs of each demand cost at most v_i

	// The pairs of site j are column[start[j]:start[j+1]].
	start  []int
	column []pair

	isOpen []bool  // scratch of primal
	near   []int32 // scratch of exchange
	seen   []bool
}

// pair is a demand that lists a site, and where in its list.
type pair struct{ demand, at int32 }

// newDual begins with every v_i at the least cost of demand i, which is
// feasible without any opening cost.
func newDual(in *Instance, stop func() bool) *dual {
	n, m := len(in.First)-1, len(in.Opening)
	d := &dual{
		Instance: in, stop: stop, v: make([]float64, n), slack: append([]float64(nil), in.Opening...),
		reach: make([]int32, n), start: make([]int, m+1), column: make([]pair, len(in.Pairs)),
		isOpen: make([]bool, m), seen: make([]bool, n),
	}
	for _, p := range in.Pairs {
		d.start[p.Site+1]++
	}
	for j := range m {
		d.start[j+1] += d.start[j]
	}
	next := append([]int(nil), d.start...)
	for i := range n {
		for at, p := range d.row(i) {
			d.column[next[p.Site]] = pair{int32(i), int32(at)}
			next[p.Site]++
		}
		d.v[i] = d.row(i)[0].Cost
		d.extend(i)
	}
	return d
}

func (d *dual) row(i int) []near.Pair { return d.Pairs[d.First[i]:d.First[i+1]] }

func (d *dual) limit(i int) float64 {
	if d.Limit == nil {
		return math.Inf(1)
	}
	return d.Limit[i]
}

// extend takes the pairs that v_i has come up to into its reach.
func (d *dual) extend(i int) {
	row := d.row(i)
	for int(d.reach[i]) < len(row) && row[d.reach[i]].Cost <= d.v[i] {
		d.reach[i]++
	}
}

// value is the sum of v in order.
func (d *dual) value() float64 {
	var sum float64
	for _, v := range d.v {
		sum += v
	}
	return sum
}

// raise raises v_i to the cost of the next site of its list, or as far as the
// slacks of the sites within reach allow. It reports false if that is not at
// all.
func (d *dual) raise(i int) bool {
	row, reach := d.row(i), int(d.reach[i])
	next := d.limit(i)
	if reach < len(row) {
		next = min(next, row[reach].Cost)
	}
	step := next - d.v[i]
	blocked := false
	for _, p := range row[:reach] {
		if s := d.slack[p.Site]; s < step {
			step, blocked = s, true
		}
	}
	if !(step > 0) {
		return false
	}
	for _, p := range row[:reach] {
		d.slack[p.Site] = max(0, d.slack[p.Site]-step)
	}
	if blocked {
		d.v[i] += step
	} else {
		d.v[i] = next
	}
	d.extend(i)
	return true
}

// ascend raises the v of the demands given, one level at a time each, until
// none can be raised. The list is used up.
func (d *dual) ascend(demands []int32) {
	for len(demands) > 0 && !d.stop() {
		left := demands[:0]
		for n, i := range demands {
			if n%4096 == 4095 && d.stop() {
				return
			}
			// Once blocked a demand stays so: slacks only shrink here.
			if d.raise(int(i)) {
				left = append(left, i)
			}
		}
		demands = left
	}
}
